/*
 * overlays.c - the customer's overlays: folders that the config's globs name and that
 * hold a kustomization which is no component.
 */
#include <string.h>

#include "project.h"
#include "sg/path.h"
#include "sg/sort.h"
#include "sg/yaml.h"

void sg_repo_overlays_release(struct sg_repo_overlays *overlays) {
    for (size_t i = 0; i < overlays->items.len; i++) {
        free(overlays->items.items[i].name);
        free(overlays->items.items[i].dir);
    }
    sg_vec_release(&overlays->items);
}

/* The kustomization of a folder; `path` gets its path. False: there is none. */
static int find_kustomization(const struct sg_fs *fs, const char *dir,
                              struct sg_buf *path, bool *found, struct sg_err *err) {
    static const char *const names[] = {"kustomization.yaml", "kustomization.yml",
                                        "Kustomization"};
    *found = false;
    for (size_t i = 0; i < SG_ARRAY_LEN(names) && !*found; i++) {
        enum sg_fs_type type;
        sg_buf_clear(path);
        sg_buf_addf(path, "%s%s%s", dir, dir[0] == '\0' ? "" : "/", names[i]);
        if (sg_fs_stat(fs, sg_buf_cstr(path), &type, NULL, err) != 0) {
            return -1;
        }
        *found = type == SG_FS_FILE;
    }
    return 0;
}

/* A component says so in its kind. A file that does not parse is an overlay: rendering it
 * will say what is wrong. */
static int is_component(const struct sg_repo *repo, const struct sg_fs *fs,
                        const char *path, bool *component, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    *component = false;
    if (sg_fs_read(fs, path, &text, err) != 0) {
        return -1;
    }
    /* reading YAML only where the word is in it: most kustomizations have no kind */
    if (strstr(sg_buf_cstr(&text), "Component") == NULL) {
        return 0;
    }
    sg_auto_docs docs;
    sg_docs_init(&docs, repo->atoms);
    sg_auto_yaml_docs roots = {0};
    const struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .yaml11 = true};
    struct sg_err ignored = {0};
    if (sg_yaml_read(&docs, path, text.ptr, text.len, &opts, &roots, &ignored) == 0 &&
        roots.roots.len > 0) {
        const char *kind = sg_text(sg_map_get(roots.roots.items[0], SG_ATOM(kind)));
        *component = kind != NULL && strcmp(kind, "Component") == 0;
    }
    return 0;
}

struct search {
    const struct sg_repo *repo;
    const struct sg_fs *fs;
    const char *glob;
    size_t depth; /* parts of the glob; SIZE_MAX where it has a "**" */
    struct sg_repo_overlays *out;
};

static int add_overlay(const struct search *search, const char *dir, struct sg_err *err) {
    sg_auto_buf path = SG_BUF_INIT;
    bool found, component;
    if (find_kustomization(search->fs, dir, &path, &found, err) != 0) {
        return -1;
    }
    if (!found) {
        return 0;
    }
    if (is_component(search->repo, search->fs, sg_buf_cstr(&path), &component, err) !=
        0) {
        return -1;
    }
    const char *name =
        component ? NULL : sg_config_overlay_name(&search->repo->config, dir);
    if (name != NULL && !sg_repo_vendored(search->repo, dir)) {
        sg_vec_push(&search->out->items,
                    (struct sg_repo_overlay){sg_xstrdup(name), sg_xstrdup(dir)});
    }
    return 0;
}

static size_t parts_of(const char *path) {
    size_t parts = path[0] == '\0' ? 0 : 1;
    for (; *path != '\0'; path++) {
        parts += *path == '/';
    }
    return parts;
}

static int search_dir(const struct search *search, const char *dir, struct sg_err *err) {
    if (sg_path_glob(search->glob, dir) && add_overlay(search, dir, err) != 0) {
        return -1;
    }
    if (parts_of(dir) >= search->depth) {
        return 0;
    }
    sg_auto_fs_list list = {0};
    if (sg_fs_readdir(search->fs, dir, &list, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        if (entry->type != SG_FS_DIR || entry->link || entry->name[0] == '.') {
            continue;
        }
        sg_auto_buf path = SG_BUF_INIT;
        sg_buf_addf(&path, "%s%s%s", dir, dir[0] == '\0' ? "" : "/", entry->name);
        if (search_dir(search, sg_buf_cstr(&path), err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int search_glob(const struct sg_repo *repo, const struct sg_fs *fs,
                       const char *glob, struct sg_repo_overlays *out,
                       struct sg_err *err) {
    struct search search = {repo, fs, glob, parts_of(glob), out};
    if (strstr(glob, "**") != NULL) {
        search.depth = SIZE_MAX;
    }
    /* start at the folder before the first wildcard */
    size_t literal = strcspn(glob, "*?[");
    sg_auto_buf start = SG_BUF_INIT;
    sg_auto_buf prefix = SG_BUF_INIT;
    sg_buf_add(&prefix, glob, literal);
    if (glob[literal] == '\0') {
        sg_buf_adds(&start, glob);
    } else {
        sg_path_dir(sg_buf_cstr(&prefix), &start);
    }
    enum sg_fs_type type;
    if (sg_fs_stat(fs, sg_buf_cstr(&start), &type, NULL, err) != 0) {
        return -1;
    }
    return type == SG_FS_DIR ? search_dir(&search, sg_buf_cstr(&start), err) : 0;
}

static bool by_name(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_repo_overlay *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order < 0 : strcmp(x->dir, y->dir) < 0;
}

/* Two globs may name one folder; two folders of one name cannot be told apart. */
static int settle(struct sg_repo_overlays *out, struct sg_err *err) {
    sg_sort(out->items.items, out->items.len, sizeof(*out->items.items), by_name, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < out->items.len; i++) {
        struct sg_repo_overlay *here = &out->items.items[i];
        struct sg_repo_overlay *last = kept > 0 ? &out->items.items[kept - 1] : NULL;
        if (last != NULL && strcmp(last->dir, here->dir) == 0) {
            free(here->name);
            free(here->dir);
            continue;
        }
        if (last != NULL && strcmp(last->name, here->name) == 0) {
            sg_fail(err, SG_E_INPUT, "%s and %s are both overlay '%s'", last->dir,
                    here->dir, here->name);
            sg_err_hint(err, "rename one folder, or make `overlays` in " SG_REPO_CONFIG
                             " more exact");
            /* what is behind `i` stays owned by the list */
            memmove(&out->items.items[kept], here, (out->items.len - i) * sizeof(*here));
            out->items.len = kept + out->items.len - i;
            return -1;
        }
        out->items.items[kept++] = *here;
    }
    out->items.len = kept;
    return 0;
}

/* What is in rendered/ is ours to remove: no overlay's files may be there. */
static int refuse_rendered(const struct sg_repo *repo, const struct sg_repo_overlays *out,
                           struct sg_err *err) {
    const struct sg_config *config = &repo->config;
    for (size_t i = 0; config->rendered != NULL && i < out->items.len; i++) {
        const char *dir = out->items.items[i].dir;
        if (!sg_path_within(dir, config->rendered)) {
            continue;
        }
        sg_fail_at(
            err, SG_E_INPUT, config->rendered_at,
            "found \"%s\" as the folder of rendered manifests, which holds overlay "
            "%s",
            config->rendered, dir);
        return sg_err_hint(err, "give rendered manifests a folder of their own");
    }
    return 0;
}

int sg_repo_list_overlays(const struct sg_repo *repo, const struct sg_fs *fs,
                          struct sg_repo_overlays *out, struct sg_err *err) {
    const struct sg_config_texts *globs = &repo->config.overlays;
    for (size_t i = 0; i < globs->items.len; i++) {
        if (search_glob(repo, fs, globs->items.items[i].text, out, err) != 0) {
            return -1;
        }
    }
    return settle(out, err) != 0 ? -1 : refuse_rendered(repo, out, err);
}
