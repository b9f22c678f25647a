/* load.c - reading files within a kustomization's root; see load.h. */
#include "load.h"

#include "sg/path.h"
#include "sg/remote_url.h"

#include <string.h>
#include <strings.h>

bool sg_loader_is_web(const char *path) {
    return strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0;
}

const char *sg_loader_shown(struct sg_kustomize *k, const struct sg_loader *from,
                            const char *path) {
    if (sg_loader_is_web(path)) {
        return sg_k_strdup(k, path);
    }
    return sg_k_printf(k, "%s%s", from->fs->shown != NULL ? from->fs->shown : "",
                       path[0] != '\0' ? path : ".");
}

enum sg_remote_form sg_loader_remote(const char *path) {
    struct sg_remote_url url = {0};
    enum sg_remote_form form = !sg_remote_url_parse(path, &url)        ? SG_REMOTE_NONE
                               : url.marked || !sg_loader_is_web(path) ? SG_REMOTE_REPO
                                                                       : SG_REMOTE_MAYBE;
    sg_remote_url_release(&url);
    return form;
}

static int refuse_absolute(struct sg_kustomize *k, uint32_t loc, struct sg_err *err) {
    (void)sg_k_fail(k, err, loc,
                    "found an absolute path, expected one that is relative to "
                    "the kustomization's folder");
    return sg_err_hint(err, "an absolute path holds on one machine only");
}

/* Canonical path and type of `path` seen from the root. */
static int resolve(struct sg_kustomize *k, const struct sg_loader *from, const char *path,
                   uint32_t loc, enum sg_fs_type *type, struct sg_buf *real,
                   struct sg_err *err) {
    sg_auto_buf joined = SG_BUF_INIT;
    if (path[0] == '\0') {
        return sg_k_fail(k, err, loc, "an empty path; expected a file or a folder");
    }
    bool absolute = path[0] == '/';
    if (absolute && !from->fs->whole) {
        return refuse_absolute(k, loc, err);
    }
    if (sg_fs_join(from->fs, absolute ? "" : from->root, path + strspn(path, "/"),
                   &joined, err) != 0 ||
        sg_fs_stat(from->fs, sg_buf_cstr(&joined), type, real, err) != 0) {
        return sg_err_locate(err, sg_docs_pos(k->set, loc));
    }
    if (*type == SG_FS_NONE) {
        sg_buf_clear(real);
        sg_buf_adds(real, sg_buf_cstr(&joined));
    }
    return 0;
}

int sg_loader_type(struct sg_kustomize *k, const struct sg_loader *from, const char *path,
                   uint32_t loc, enum sg_fs_type *type, struct sg_err *err) {
    *type = SG_FS_NONE;
    if (sg_loader_is_web(path) || sg_loader_remote(path) != SG_REMOTE_NONE) {
        return 0;
    }
    sg_auto_buf real = SG_BUF_INIT;
    return resolve(k, from, path, loc, type, &real, err);
}

static struct sg_loader *loader_new(struct sg_kustomize *k, const struct sg_fs *fs,
                                    const char *root, const struct sg_loader *parent) {
    struct sg_loader *loader = sg_arena_alloc(&k->set->arena, sizeof(*loader));
    loader->fs = fs;
    loader->root = sg_k_strdup(k, root);
    loader->parent = parent;
    loader->depth = parent != NULL ? parent->depth + 1 : 0;
    loader->repo = parent != NULL ? parent->repo : "";
    loader->ref = parent != NULL ? parent->ref : "";
    return loader;
}

struct sg_loader *sg_loader_first(struct sg_kustomize *k, struct sg_err *err) {
    sg_auto_buf real = SG_BUF_INIT;
    enum sg_fs_type type;
    const struct sg_fs *fs = k->opts->fs;
    if (sg_fs_stat(fs, k->opts->dir, &type, &real, err) != 0) {
        return NULL;
    }
    if (type != SG_FS_DIR) {
        (void)sg_fail(err, type == SG_FS_NONE ? SG_E_NOTFOUND : SG_E_INPUT, "%s%s is %s",
                      fs->shown != NULL ? fs->shown : "", k->opts->dir,
                      type == SG_FS_NONE ? "not there" : "no folder");
        (void)sg_err_hint(err, "name the folder that holds the kustomization.yaml");
        return NULL;
    }
    return loader_new(k, fs, sg_buf_cstr(&real), NULL);
}

/* kustomize refuses a folder that contains one that is being read, equal ones included.
 */
static int refuse_cycle(struct sg_kustomize *k, const struct sg_loader *from,
                        const char *root, uint32_t loc, struct sg_err *err) {
    const struct sg_loader *hit = from;
    while (hit != NULL && !(hit->fs == from->fs && sg_path_within(hit->root, root))) {
        hit = hit->parent;
    }
    if (hit == NULL) {
        return 0;
    }
    /* from the folder that closes the circle down to the one that names it */
    sg_auto_buf chain = SG_BUF_INIT;
    const struct sg_loader *path[64];
    size_t depth = 0;
    for (const struct sg_loader *at = from; at != NULL && depth < SG_ARRAY_LEN(path);
         at = at->parent) {
        path[depth++] = at;
        if (at == hit) {
            break;
        }
    }
    while (depth > 0) {
        sg_buf_addf(&chain, "%s -> ", sg_loader_shown(k, from, path[--depth]->root));
    }
    sg_buf_adds(&chain, sg_loader_shown(k, from, root));
    if (strcmp(hit->root, root) == 0) {
        (void)sg_k_fail(k, err, loc, "a cycle of bases: %s", sg_buf_cstr(&chain));
    } else {
        (void)sg_k_fail(k, err, loc, "%s contains a folder that leads to it: %s",
                        sg_loader_shown(k, from, root), sg_buf_cstr(&chain));
    }
    return sg_err_hint(
        err, "remove the entry, or move what it needs into a folder of its own");
}

static struct sg_loader *enter_remote(struct sg_kustomize *k,
                                      const struct sg_loader *from,
                                      const struct sg_remote_url *url, uint32_t loc,
                                      struct sg_err *err) {
    if (k->opts->remote == NULL) {
        (void)sg_k_fail(k, err, loc, "%s is a remote base, and none can be fetched here",
                        url->repo);
        (void)sg_err_hint(err, "vendor it into the repository, or run without --offline");
        return NULL;
    }
    struct sg_fs *fs = k->opts->remote->open(k->opts->remote->ctx, url->repo,
                                             url->ref[0] != '\0' ? url->ref : NULL, err);
    if (fs == NULL) {
        (void)sg_err_locate(err, sg_docs_pos(k->set, loc));
        return NULL;
    }
    sg_vec_push(&k->mounts, fs);
    enum sg_fs_type type;
    sg_auto_buf real = SG_BUF_INIT;
    if (sg_fs_stat(fs, url->path, &type, &real, err) != 0) {
        return NULL;
    }
    if (type != SG_FS_DIR) {
        (void)sg_k_fail(k, err, loc, "%s has no folder %s", url->repo, url->path);
        return NULL;
    }
    for (const struct sg_loader *at = from; at != NULL; at = at->parent) {
        if (strcmp(at->repo, url->repo) == 0 && strcmp(at->ref, url->ref) == 0 &&
            sg_path_within(at->root, sg_buf_cstr(&real))) {
            (void)sg_k_fail(k, err, loc,
                            "a cycle of remote bases: %s//%s leads to itself", url->repo,
                            url->path);
            return NULL;
        }
    }
    struct sg_loader *loader = loader_new(k, fs, sg_buf_cstr(&real), from);
    loader->repo = sg_k_strdup(k, url->repo);
    loader->ref = sg_k_strdup(k, url->ref);
    return loader;
}

static int refuse_many(struct sg_kustomize *k, const struct sg_loader *from, uint32_t loc,
                       struct sg_err *err) {
    struct sg_pos at = sg_docs_pos(k->set, loc);
    if (from->depth >= SG_LOADER_MAX_DEPTH) {
        (void)sg_fail_at(err, SG_E_LIMIT, at, "found bases more than %d deep",
                         SG_LOADER_MAX_DEPTH);
        return sg_err_hint(err, "list the folders beside each other");
    }
    if (k->folders++ >= SG_LOADER_MAX_FOLDERS) {
        (void)sg_fail_at(err, SG_E_LIMIT, at,
                         "the kustomizations lead to more than %d folders",
                         SG_LOADER_MAX_FOLDERS);
        return sg_err_hint(err, "a folder is read again for each one that lists it: list "
                                "it once");
    }
    return 0;
}

struct sg_loader *sg_loader_enter(struct sg_kustomize *k, const struct sg_loader *from,
                                  const char *path, uint32_t loc, struct sg_err *err) {
    struct sg_remote_url url = {0};
    if (refuse_many(k, from, loc, err) != 0) {
        return NULL;
    }
    if (sg_remote_url_parse(path, &url)) {
        struct sg_loader *loader = enter_remote(k, from, &url, loc, err);
        sg_remote_url_release(&url);
        return loader;
    }
    enum sg_fs_type type = SG_FS_NONE;
    sg_auto_buf real = SG_BUF_INIT;
    if (path[0] == '/') { /* a file may be, a folder not */
        (void)refuse_absolute(k, loc, err);
        return NULL;
    }
    if (resolve(k, from, path, loc, &type, &real, err) != 0) {
        return NULL;
    }
    if (type != SG_FS_DIR) {
        (void)sg_fail_at(err, type == SG_FS_NONE ? SG_E_NOTFOUND : SG_E_INPUT,
                         sg_docs_pos(k->set, loc),
                         type == SG_FS_NONE ? "%s does not exist" : "%s is no folder",
                         sg_loader_shown(k, from, sg_buf_cstr(&real)));
        return NULL;
    }
    if (refuse_cycle(k, from, sg_buf_cstr(&real), loc, err) != 0) {
        return NULL;
    }
    return loader_new(k, from->fs, sg_buf_cstr(&real), from);
}

static int read_web(struct sg_kustomize *k, const char *url, uint32_t loc,
                    struct sg_buf *out, const char **full, struct sg_err *err) {
    const struct sg_remote *remote = k->opts->remote;
    if (remote == NULL || remote->get == NULL) {
        (void)sg_k_fail(k, err, loc,
                        "%s is a file of the web, and none can be fetched "
                        "here",
                        url);
        return sg_err_hint(err, "download it into the repository and name the file");
    }
    if (full != NULL) {
        *full = sg_k_strdup(k, url);
    }
    return remote->get(remote->ctx, url, out, err) == 0
               ? 0
               : sg_err_locate(err, sg_docs_pos(k->set, loc));
}

int sg_loader_read(struct sg_kustomize *k, const struct sg_loader *from, const char *path,
                   uint32_t loc, struct sg_buf *out, const char **full,
                   struct sg_err *err) {
    if (sg_loader_is_web(path)) {
        return read_web(k, path, loc, out, full, err);
    }
    enum sg_fs_type type = SG_FS_NONE;
    sg_auto_buf real = SG_BUF_INIT;
    if (resolve(k, from, path, loc, &type, &real, err) != 0) {
        return -1;
    }
    const char *shown = sg_loader_shown(k, from, sg_buf_cstr(&real));
    if (type != SG_FS_FILE) {
        return sg_fail_at(err, type == SG_FS_NONE ? SG_E_NOTFOUND : SG_E_INPUT,
                          sg_docs_pos(k->set, loc),
                          type == SG_FS_NONE ? "%s does not exist"
                                             : "%s is a folder; expected a file",
                          shown);
    }
    if (!k->opts->no_load_restriction &&
        !sg_path_within(sg_buf_cstr(&real), from->root)) {
        (void)sg_k_fail(k, err, loc,
                        "%s is not in or below %s, the kustomization's folder", shown,
                        sg_loader_shown(k, from, from->root));
        return sg_err_hint(err, "move it there, or list its folder as a resource with a "
                                "kustomization.yaml of its own");
    }
    if (full != NULL) {
        *full = sg_k_strdup(k, sg_buf_cstr(&real));
    }
    if (sg_fs_read(from->fs, sg_buf_cstr(&real), out, err) != 0) {
        return sg_err_locate(err, sg_docs_pos(k->set, loc));
    }
    return 0;
}
