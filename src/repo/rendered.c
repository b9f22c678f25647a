/*
 * rendered.c - rendered/<overlay>/: what the overlay renders to, one object a file, for
 * tools that apply plain manifests.
 */
#include <string.h>

#include "project.h"
#include "sg/yaml.h"

/* --- names ------------------------------------------------------------------------ */

/*
 * Parts are joined by '_', which the encoding leaves out of them: "deployment.apps",
 * "prod", "web". Lower case first, so that kinds read well; upper case in names (RBAC
 * allows any) is encoded, for file systems that ignore case.
 */
static void encode(const char *text, bool lower, struct sg_buf *out) {
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (lower && c >= 'A' && c <= 'Z') {
            c = (unsigned char)(c - 'A' + 'a');
        }
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (plain) {
            sg_buf_addc(out, (char)c);
        } else {
            sg_buf_addf(out, "%%%02X", c);
        }
    }
}

enum { NAME_CUT = 200 }; /* bytes of a name without ".yaml" */

/* The rest of a long one is told apart by a hash of the whole. */
static void shorten(struct sg_buf *name) {
    enum { HASH = 16 };
    if (name->len <= NAME_CUT) {
        return;
    }
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(name->ptr, name->len, hex);
    name->len = NAME_CUT - HASH - 1;
    name->ptr[name->len] = '\0';
    sg_buf_addf(name, "-%.*s", HASH, hex);
}

void rendered_name(const char *group, const char *kind, const char *namespace,
                   const char *name, struct sg_buf *out) {
    sg_auto_buf text = SG_BUF_INIT;
    encode(kind, true, &text);
    if (group[0] != '\0') {
        sg_buf_addc(&text, '.');
        encode(group, true, &text);
    }
    if (namespace[0] != '\0') {
        sg_buf_addc(&text, '_');
        encode(namespace, false, &text);
    }
    sg_buf_addc(&text, '_');
    encode(name, false, &text);
    shorten(&text);
    sg_buf_add(out, text.ptr, text.len);
    sg_buf_adds(out, ".yaml");
}

/* --- files ------------------------------------------------------------------------ */

static bool has_secret_data(const struct sg_node *node) {
    return sg_map_get(node, SG_ATOM(data)) != NULL ||
           sg_map_get(node, SG_ATOM(stringData)) != NULL;
}

/* What to do with a Secret; `write` says whether its file is written. */
static int secret_rule(const struct sg_repo *repo, const struct sg_resid *id,
                       const struct sg_node *node, bool *write, struct sg_err *err) {
    *write = true;
    if (id->group->len > 0 || strcmp(id->kind->text, "Secret") != 0 ||
        !has_secret_data(node)) {
        return 0;
    }
    switch (repo->config.rendered_secrets) {
    case SG_SECRETS_WRITE:
        return 0;
    case SG_SECRETS_OMIT:
        *write = false;
        return 0;
    case SG_SECRETS_REFUSE:
        break;
    }
    sg_fail(err, SG_E_INPUT, "%s/ would hold the values of Secret %s in plain text",
            repo->config.rendered, id->name->text);
    return sg_err_hint(err, "set `renderedSecrets` in " SG_CONFIG_FILE
                            " to omit, or to write if that folder is safe");
}

static int stage_object(const struct sg_repo *repo, const char *dir,
                        const struct sg_render *render, const struct sg_resource *res,
                        struct sg_strmap *names, struct stage *stage,
                        struct sg_err *err) {
    struct sg_resid id = sg_resource_id(render, res);
    bool write;
    if (secret_rule(repo, &id, res->node, &write, err) != 0) {
        return -1;
    }
    if (!write) {
        return 0;
    }
    sg_auto_buf name = SG_BUF_INIT, path = SG_BUF_INIT, text = SG_BUF_INIT;
    rendered_name(id.group->text, id.kind->text, id.namespace->text, id.name->text,
                  &name);
    if (sg_strmap_has(names, sg_buf_cstr(&name), name.len)) {
        return sg_fail(err, SG_E_INPUT, "two objects would be rendered to %s/%s", dir,
                       sg_buf_cstr(&name));
    }
    sg_strmap_put(names, sg_buf_cstr(&name), name.len, stage);
    if (sg_yaml_write(&render->docs, res->node, &text, err) != 0) {
        return -1;
    }
    repo_path(dir, sg_buf_cstr(&name), &path);
    stage_put_text(stage, sg_buf_cstr(&path), sg_buf_cstr(&text), text.len);
    return 0;
}

/* No user's kustomization.yaml or argocd.yaml has the
 * '_' of them all (a kind so long that it was cut before it has our whole length). */
bool rendered_is_name(const char *name) {
    size_t len = strlen(name), stem = len < 5 ? 0 : len - 5;
    return stem > 0 && strcmp(name + stem, ".yaml") == 0 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_%ABCDEF") == len &&
           (strchr(name, '_') != NULL || stem == NAME_CUT);
}

/* Files of objects that are gone. Folders below are other overlays' ("eu", "eu/prod"). */
static int stage_stale(const struct sg_fs *disk, const char *dir, struct stage *stage,
                       struct sg_err *err) {
    enum sg_fs_type type;
    if (sg_fs_stat(disk, dir, &type, NULL, err) != 0) {
        return -1;
    }
    if (type != SG_FS_DIR) {
        return 0;
    }
    sg_auto_fs_list list = {0};
    if (sg_fs_readdir(disk, dir, &list, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        if (entry->type != SG_FS_FILE || !rendered_is_name(entry->name)) {
            continue;
        }
        sg_auto_buf path = SG_BUF_INIT;
        repo_path(dir, entry->name, &path);
        stage_remove(stage, sg_buf_cstr(&path));
    }
    return 0;
}

int rendered_stage(const struct sg_repo *repo, const struct sg_fs *disk,
                   const char *overlay, const struct sg_render *render,
                   struct stage *stage, struct sg_err *err) {
    if (repo->config.rendered == NULL || render == NULL || render->opaque) {
        return 0;
    }
    sg_auto_buf dir = SG_BUF_INIT;
    repo_path(repo->config.rendered, overlay, &dir);
    if (stage_stale(disk, sg_buf_cstr(&dir), stage, err) != 0) {
        return -1;
    }
    sg_auto_strmap names = {0};
    for (size_t i = 0; i < render->items.len; i++) {
        if (stage_object(repo, sg_buf_cstr(&dir), render, render->items.items[i], &names,
                         stage, err) != 0) {
            return sg_err_wrap(err, "overlay %s", overlay);
        }
    }
    return 0;
}
