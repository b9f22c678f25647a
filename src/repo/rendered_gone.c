/*
 * rendered_gone.c - folders of rendered/ whose overlay is gone: a tool that applies what
 * is there would go on applying it.
 *
 * No overlay says any more that such a folder is ours, so each file must: it holds one
 * object, and is named as we name that object. Other files there are the customer's.
 */
#include <string.h>

#include "project.h"
#include "sg/path.h"
#include "sg/yaml.h"

static const char *text_at(const struct sg_node *map, const char *key) {
    const char *text = sg_is_map(map) ? sg_text(sg_map_gets(map, key)) : NULL;
    return text == NULL ? "" : text;
}

/* The name that rendered_name gives the object; false where this is none. */
static bool name_of(const struct sg_node *root, struct sg_buf *out) {
    const char *version = text_at(root, "apiVersion"), *slash = strchr(version, '/');
    const char *kind = text_at(root, "kind");
    const struct sg_node *metadata =
        sg_is_map(root) ? sg_map_gets(root, "metadata") : NULL;
    const char *name = metadata == NULL ? "" : text_at(metadata, "name");
    if (version[0] == '\0' || kind[0] == '\0' || name[0] == '\0') {
        return false;
    }
    sg_auto_cstr group =
        sg_xstrndup(version, slash == NULL ? 0 : (size_t)(slash - version));
    rendered_name(group, kind, text_at(metadata, "namespace"), name, out);
    return true;
}

static int is_rendered(const struct sg_repo *repo, const struct sg_fs *disk,
                       const char *path, bool *ours, struct sg_err *err) {
    *ours = false;
    if (!rendered_is_name(sg_path_base(path))) {
        return 0; /* most files of others need not be read */
    }
    sg_auto_buf text = SG_BUF_INIT, name = SG_BUF_INIT;
    if (sg_fs_read(disk, path, &text, err) != 0) {
        return -1;
    }
    sg_auto_docs docs;
    sg_docs_init(&docs, repo->atoms);
    sg_auto_yaml_docs roots = {0};
    const struct sg_yaml_opts opts = {.repeat = SG_REPEAT_ERROR};
    struct sg_err ignored = {0};
    *ours = sg_yaml_read(&docs, path, text.ptr, text.len, &opts, &roots, &ignored) == 0 &&
            roots.roots.len == 1 && name_of(roots.roots.items[0], &name) &&
            strcmp(sg_buf_cstr(&name), sg_path_base(path)) == 0;
    return 0;
}

static void names_of(const struct sg_repo_overlays *overlays, struct sg_strmap *out) {
    for (size_t i = 0; i < overlays->items.len; i++) {
        const char *name = overlays->items.items[i].name;
        sg_strmap_put(out, name, strlen(name), overlays->items.items[i].name);
    }
}

int rendered_stage_gone(const struct sg_repo *repo, const struct sg_fs *disk,
                        const struct sg_repo_overlays *overlays, struct stage *stage,
                        struct sg_err *err) {
    const char *root = repo->config.rendered;
    sg_auto_fs_list files = {0};
    enum sg_fs_type type = SG_FS_NONE;
    if (root == NULL) {
        return 0;
    }
    if (sg_fs_stat(disk, root, &type, NULL, err) != 0 ||
        (type == SG_FS_DIR && sg_fs_walk(disk, root, &files, err) != 0)) {
        return -1;
    }
    sg_auto_strmap names = {0};
    names_of(overlays, &names);
    for (size_t i = 0; i < files.entries.len; i++) {
        const struct sg_fs_entry *file = &files.entries.items[i];
        sg_auto_buf folder = SG_BUF_INIT, path = SG_BUF_INIT;
        sg_path_dir(file->name, &folder);
        if (file->type != SG_FS_FILE || file->link || folder.len == 0 ||
            sg_strmap_has(&names, sg_buf_cstr(&folder), folder.len)) {
            continue;
        }
        bool ours;
        repo_path(root, file->name, &path);
        if (is_rendered(repo, disk, sg_buf_cstr(&path), &ours, err) != 0) {
            return -1;
        }
        if (ours) {
            stage_remove(stage, sg_buf_cstr(&path));
        }
    }
    return 0;
}
