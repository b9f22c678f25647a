/*
 * objects.c - from a commit id and a path to a tree or a blob.
 */
#include "git.h"

#include "sg/path.h"

#include <string.h>

int upstream_need(const struct sg_upstream *up, struct sg_err *err) {
    if (!sg_upstream_empty(up)) {
        return 0;
    }
    sg_fail(err, SG_E_NOTFOUND, "nothing of %s is in the cache yet", up->shown);
    return sg_err_hint(err, up->offline
                                ? "run `sgupgrade fetch` where there is a network, "
                                  "or `sgupgrade fetch --bundle FILE`"
                                : "run `sgupgrade fetch`");
}

/* Not there is one thing, not readable another. */
static int fail_lookup(struct sg_err *err, const struct sg_upstream *up, int rc,
                       const char *id) {
    if (rc != GIT_ENOTFOUND) {
        return upstream_fail_object(err, up, rc, "cannot read commit %.12s of %s", id,
                                    up->shown);
    }
    sg_fail(err, SG_E_NOTFOUND, "%s %s no commit %.12s", up->shown,
            up->local ? "has" : "in the cache has", id);
    return sg_err_hint(err, up->local ? "check that upstream.url is the repository the "
                                        "lock was made from"
                                      : "run `sgupgrade fetch`");
}

int upstream_root(const struct sg_upstream *up, const char *id, git_tree **out,
                  struct sg_err *err) {
    git_oid oid;
    if (strlen(id) != SG_GIT_HEX || git_oid_fromstr(&oid, id) < 0) {
        return sg_fail(err, SG_E_INPUT, "\"%.60s\" is no commit id (40 hex digits)", id);
    }
    if (upstream_need(up, err)) {
        return -1;
    }
    git_object *object = NULL;
    int rc = git_object_lookup(&object, up->repo, &oid, GIT_OBJECT_ANY);
    if (rc < 0) {
        return fail_lookup(err, up, rc, id);
    }
    git_object *tree = NULL;
    rc = git_object_peel(&tree, object, GIT_OBJECT_TREE);
    if (rc < 0) {
        upstream_fail_object(err, up, rc, "cannot read the tree of %.12s of %s", id,
                             up->shown);
    }
    git_object_free(object);
    *out = (git_tree *)tree;
    return rc < 0 ? -1 : 0;
}

/* "it has base, overlays, …": what a mistyped path can be compared with. */
static int fail_no_folder(struct sg_err *err, const struct sg_upstream *up,
                          const char *id, const char *path, const git_tree *root) {
    sg_fail(err, SG_E_NOTFOUND, "%s has no folder \"%.100s\" at %.12s", up->shown, path,
            id);
    sg_auto_buf names = SG_BUF_INIT;
    size_t count = git_tree_entrycount(root);
    for (size_t i = 0; i < count && names.len < 120; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(root, i);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
            sg_buf_addf(&names, "%s%s", names.len ? ", " : "",
                        git_tree_entry_name(entry));
        }
    }
    return sg_err_hint(err, "folders at its root: %.150s%s",
                       names.len ? sg_buf_cstr(&names) : "none",
                       up->other ? "" : "; see upstream.paths");
}

static int enter(const struct sg_upstream *up, const char *id, const char *path,
                 git_tree *root, git_tree **out, struct sg_err *err) {
    git_tree_entry *entry = NULL;
    int rc = git_tree_entry_bypath(&entry, root, path);
    if (rc == GIT_ENOTFOUND) {
        return fail_no_folder(err, up, id, path, root);
    }
    if (rc < 0) {
        return upstream_fail_object(err, up, rc, "cannot read folder %s of %s at %.12s",
                                    path, up->shown, id);
    }
    if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
        sg_fail(err, SG_E_INPUT, "\"%.100s\" of %s at %.12s is not a folder", path,
                up->shown, id);
        sg_err_hint(err, "name the folder it is in");
        rc = -1;
    } else {
        rc = git_tree_lookup(out, up->repo, git_tree_entry_id(entry));
        if (rc < 0) {
            upstream_fail_object(err, up, rc, "cannot read folder %s of %s at %.12s",
                                 path, up->shown, id);
        }
    }
    git_tree_entry_free(entry);
    return rc < 0 ? -1 : 0;
}

int upstream_folder(const struct sg_upstream *up, const char *id, const char *path,
                    git_tree **out, struct sg_err *err) {
    sg_auto_buf clean = SG_BUF_INIT;
    git_tree *root = NULL;
    if (sg_path_join("", path, &clean, err) || upstream_root(up, id, &root, err)) {
        return -1;
    }
    if (clean.len == 0) {
        *out = root;
        return 0;
    }
    int rc = enter(up, id, sg_buf_cstr(&clean), root, out, err);
    git_tree_free(root);
    return rc;
}

int upstream_read_blob(struct sg_upstream *up, const git_oid *oid, const char *shown,
                       struct sg_buf *out, struct sg_err *err) {
    const struct sg_str *known = memo_blob(&up->memo, oid);
    if (known != NULL) {
        sg_buf_add(out, known->ptr, known->len);
        return 0;
    }
    git_blob *blob = NULL;
    int rc = git_blob_lookup(&blob, up->repo, oid);
    if (rc < 0) {
        return upstream_fail_object(err, up, rc, "cannot read %s of %s", shown,
                                    up->shown);
    }
    git_object_size_t size = git_blob_rawsize(blob);
    if (size > SG_FS_MAX_FILE) {
        sg_fail(err, SG_E_LIMIT, "%s is %llu bytes long, more than %zu", shown,
                (unsigned long long)size, SG_FS_MAX_FILE);
        sg_err_hint(err, "a manifest is far smaller%s",
                    up->other ? "" : "; check upstream.paths");
        rc = -1;
    } else {
        sg_buf_add(out, git_blob_rawcontent(blob), (size_t)size);
        memo_keep_blob(&up->memo, oid, git_blob_rawcontent(blob), (size_t)size);
    }
    git_blob_free(blob);
    return rc;
}

int sg_upstream_blob(struct sg_upstream *up, const char *id, struct sg_buf *out,
                     struct sg_err *err) {
    git_oid oid;
    if (strlen(id) != SG_GIT_HEX || git_oid_fromstr(&oid, id) < 0) {
        return sg_fail(err, SG_E_INPUT, "\"%.60s\" is no blob id (40 hex digits)", id);
    }
    return upstream_need(up, err) ? -1 : upstream_read_blob(up, &oid, id, out, err);
}

int sg_upstream_tree_id(struct sg_upstream *up, const char *id, const char *path,
                        char out[SG_GIT_HEX + 1], struct sg_err *err) {
    git_tree *tree = NULL;
    if (upstream_folder(up, id, path, &tree, err)) {
        return -1;
    }
    git_oid_tostr(out, SG_GIT_HEX + 1, git_tree_id(tree));
    git_tree_free(tree);
    return 0;
}
