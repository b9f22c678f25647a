/* config_write.c - a new sgupgrade.yaml, with what its reader may want to set next. */
#include "reader.h"

#include "sg/config.h"

#include <string.h>

static void put_paths(const struct sg_config_fresh *fresh, struct sg_buf *out) {
    static const struct sg_config_path base = {.from = "base", .to = "base"};
    const struct sg_config_path *paths = fresh->path_count ? fresh->paths : &base;
    size_t count = fresh->path_count ? fresh->path_count : 1;
    sg_buf_adds(out, "  # what is copied from there and never edited here\n"
                     "  paths:\n");
    for (size_t i = 0; i < count; i++) {
        sg_buf_adds(out, "    - ");
        const char *from = *paths[i].from ? paths[i].from : ".";
        if (strcmp(from, paths[i].to) == 0) {
            config_put_scalar(out, from);
        } else {
            sg_buf_adds(out, "{from: ");
            config_put_scalar(out, from);
            sg_buf_adds(out, ", to: ");
            config_put_scalar(out, paths[i].to);
            sg_buf_addc(out, '}');
        }
        sg_buf_addc(out, '\n');
    }
}

static void put_config(const struct sg_config_fresh *fresh, struct sg_buf *out) {
    const char *tag = fresh->tag ? fresh->tag : "v{version}";
    sg_buf_adds(out,
                "# What this project follows, and how. `sgupgrade status` reads it.\n"
                "apiVersion: " SG_CONFIG_VERSION "\n"
                "kind: Upgrade\n"
                "upstream:\n"
                "  # any git URL, or a path\n"
                "  url: ");
    config_put_quoted(out, fresh->url, strlen(fresh->url));
    sg_buf_addc(out, '\n');
    put_paths(fresh, out);
    sg_buf_adds(out, "  # how a version names its tag\n"
                     "  tag: ");
    config_put_quoted(out, tag, strlen(tag));
    sg_buf_adds(out,
                "\n"
                "  # releases never to take, for example [3.20.0]\n"
                "  skip: []\n"
                "\n"
                "# the folders that hold your kustomizations\n"
                "overlays:\n"
                "  - overlays/*\n"
                "\n"
                "# what the cluster may jump at once: minor, major or none (no limit)\n"
                "path:\n"
                "  step: minor\n"
                "\n"
                "# the cluster's version, to be told of APIs it no longer serves\n"
                "# kubernetes: \"1.29\"\n"
                "\n"
                "# write what each overlay renders to, one object a file, for GitOps\n"
                "# rendered: rendered\n"
                "\n"
                "# findings that were agreed to\n"
                "accept: []\n");
}

static int check_text(const char *what, const char *text, struct sg_err *err) {
    if (config_is_utf8(text, strlen(text))) {
        return 0;
    }
    sg_fail(err, SG_E_INPUT, "the %s is not valid UTF-8", what);
    return sg_err_hint(err, "a YAML file cannot hold it: name it in plain text");
}

int sg_config_write(const struct sg_config_fresh *fresh, const char *name,
                    struct sg_buf *out, struct sg_err *err) {
    if (check_text("upstream URL", fresh->url, err) ||
        (fresh->tag && check_text("tag pattern", fresh->tag, err))) {
        return -1;
    }
    for (size_t i = 0; i < fresh->path_count; i++) {
        if (check_text("path", fresh->paths[i].from, err) ||
            check_text("path", fresh->paths[i].to, err)) {
            return -1;
        }
    }
    sg_auto_buf text = SG_BUF_INIT;
    put_config(fresh, &text);
    sg_auto_config read;
    if (sg_config_read(&read, name, text.ptr, text.len, err)) {
        return -1;
    }
    sg_buf_add(out, text.ptr, text.len);
    return 0;
}
