#include "objects.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "sg/sha256.h"
#include "sg/yaml.h"

#define NAME_MAX_BYTES 200

static void add_part(struct sg_buf *out, const char *text) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)tolower((unsigned char)*text);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-') {
            sg_buf_addc(out, (char)c);
        } else {
            sg_buf_addf(out, "%%%02x", c);
        }
    }
}

void sg_object_file(struct sg_resid id, bool with_namespace, struct sg_buf *out) {
    sg_auto_buf name = SG_BUF_INIT;
    if (with_namespace && id.namespace->len) {
        add_part(&name, id.namespace->text);
        sg_buf_addc(&name, '_');
    }
    if (id.group->len) {
        add_part(&name, id.group->text);
        sg_buf_addc(&name, '_');
    }
    add_part(&name, id.version->text);
    sg_buf_addc(&name, '_');
    add_part(&name, id.kind->text);
    sg_buf_addc(&name, '_');
    add_part(&name, id.name->text);
    if (name.len > NAME_MAX_BYTES) { /* file systems stop at 255 */
        char hex[65];
        sg_sha256_hex(name.ptr, name.len, hex);
        sg_buf_add(out, name.ptr, NAME_MAX_BYTES);
        sg_buf_addf(out, "-%.10s", hex);
    } else {
        sg_buf_add(out, name.ptr, name.len);
    }
    sg_buf_adds(out, ".yaml");
}

/* The names without a namespace that more than one object would get. */
static void count_names(const struct sg_render *render, struct sg_strmap *seen,
                        struct sg_strmap *twice) {
    for (size_t i = 0; i < render->items.len; i++) {
        sg_auto_buf name = SG_BUF_INIT;
        sg_object_file(sg_resource_id(render, render->items.items[i]), false, &name);
        if (sg_strmap_has(seen, name.ptr, name.len)) {
            sg_strmap_put(twice, name.ptr, name.len, twice);
        } else {
            sg_strmap_put(seen, name.ptr, name.len, seen);
        }
    }
}

static int write_object(const struct sg_render *render, size_t index, const char *folder,
                        const struct sg_strmap *twice, struct sg_err *err) {
    const struct sg_resource *resource = render->items.items[index];
    struct sg_resid id = sg_resource_id(render, resource);
    sg_auto_buf name = SG_BUF_INIT, path = SG_BUF_INIT, text = SG_BUF_INIT;
    sg_object_file(id, false, &name);
    bool clash = sg_strmap_has(twice, name.ptr, name.len);
    sg_buf_addf(&path, "%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/");
    sg_object_file(id, clash, &path);
    if (sg_yaml_write(&render->docs, resource->node, &text, err) < 0) {
        return -1;
    }
    return sg_cli_write_file(sg_buf_cstr(&path), &text, err);
}

int sg_objects_write(const struct sg_render *render, const char *folder,
                     struct sg_err *err) {
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return sg_fail_sys(err, errno, "cannot make the folder '%s'", folder);
    }
    sg_auto_strmap seen = {0}, twice = {0};
    count_names(render, &seen, &twice);
    for (size_t i = 0; i < render->items.len; i++) {
        if (write_object(render, i, folder, &twice, err) < 0) {
            return -1;
        }
    }
    return 0;
}
