/*
 * tree.c - a git tree as a read-only file system: rendering a release needs no checkout.
 *
 * Trees are decoded when they are looked into and kept by libgit2's object cache, so
 * that opening costs nothing whatever the size of the repository.
 */
#include "git.h"

#include "sg/sort.h"

#include <string.h>

enum { MAX_LINKS = 40 }; /* as the kernel */

struct tree_fs {
    struct sg_fs base;
    struct sg_upstream *up;
    git_tree *root;
};

/* What a path leads to. */
struct target {
    enum sg_fs_type type;
    git_oid oid;        /* of the blob or tree */
    struct sg_buf real; /* canonical path; for nothing, where it would be */
};

static void target_release(struct target *target) {
    sg_buf_release(&target->real);
}
#define AUTO_TARGET SG_CLEANUP(target_release) struct target

static const struct tree_fs *tree_of(const struct sg_fs *fs) {
    return (const struct tree_fs *)fs;
}

static enum sg_fs_type type_of(const git_tree_entry *entry) {
    switch ((unsigned)git_tree_entry_filemode(entry)) {
    case GIT_FILEMODE_TREE:
        return SG_FS_DIR;
    case GIT_FILEMODE_COMMIT: /* a submodule: nothing of it is in this repository */
        return SG_FS_NONE;
    default:
        return SG_FS_FILE;
    }
}

static int fail_read(const struct tree_fs *fs, const char *path, int rc,
                     struct sg_err *err) {
    return upstream_fail_object(err, fs->up, rc, "cannot read %s%s of %s", fs->base.shown,
                                *path ? path : ".", fs->up->shown);
}

/* --- following a path ------------------------------------------------------------- */

struct walk {
    const struct tree_fs *fs;
    const char *path; /* as asked, for messages */
    struct sg_buf rest;
    size_t at; /* in rest: the next part */
    int links;
};

static int fail_leaves(const struct walk *w, const char *link, struct sg_err *err) {
    sg_fail(err, SG_E_INPUT,
            "%s%s leads through a symbolic link (%.100s) out of its folder",
            w->fs->base.shown, w->path, link);
    return sg_err_hint(err, w->fs->up->other
                                ? "name the folder that holds both ends"
                                : "vendor the folder that holds both ends: see "
                                  "upstream.paths");
}

static void cut_last(struct sg_buf *path) {
    char *slash = path->len ? strrchr(path->ptr, '/') : NULL;
    path->len = slash ? (size_t)(slash - path->ptr) : 0;
    if (path->ptr) {
        path->ptr[path->len] = '\0';
    }
}

/* Replaces the link at the end of `out->real` by its text and goes on from its folder. */
static int follow(struct walk *w, const git_tree_entry *entry, struct target *out,
                  struct sg_err *err) {
    sg_auto_buf rest = SG_BUF_INIT;
    if (upstream_read_blob(w->fs->up, git_tree_entry_id(entry), w->path, &rest, err)) {
        return -1;
    }
    const char *text = sg_buf_cstr(&rest);
    if (++w->links > MAX_LINKS) {
        sg_fail(err, SG_E_INPUT, "%s%s leads through more than %d symbolic links",
                w->fs->base.shown, w->path, MAX_LINKS);
        return sg_err_hint(err, "one of them leads to itself");
    }
    if (*text == '/' || strlen(text) != rest.len) {
        return fail_leaves(w, text, err);
    }
    cut_last(&out->real);
    sg_buf_addc(&rest, '/');
    sg_buf_adds(&rest, sg_buf_cstr(&w->rest) + w->at);
    struct sg_buf old = w->rest;
    w->rest = rest;
    rest = old;
    w->at = 0;
    return 0;
}

/* Looks at `out->real`, whose last part was just added. `*stop`: nothing is there, so
 * nothing can be below. */
static int step(struct walk *w, bool last, struct target *out, bool *stop,
                struct sg_err *err) {
    git_tree_entry *entry = NULL;
    int rc = git_tree_entry_bypath(&entry, w->fs->root, out->real.ptr);
    if (rc == GIT_ENOTFOUND) {
        out->type = SG_FS_NONE;
        *stop = true;
        return 0;
    }
    if (rc < 0) {
        return fail_read(w->fs, w->path, rc, err);
    }
    rc = 0;
    if (git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK) {
        out->type = SG_FS_DIR; /* until what it leads to is known: where it stands */
        rc = follow(w, entry, out, err);
    } else {
        out->type = type_of(entry);
        git_oid_cpy(&out->oid, git_tree_entry_id(entry));
        if (out->type != SG_FS_DIR && !last) {
            out->type = SG_FS_NONE;
            *stop = true;
        }
    }
    git_tree_entry_free(entry);
    return rc;
}

static int walk_parts(struct walk *w, struct target *out, struct sg_err *err) {
    bool stop = false;
    for (;;) {
        const char *at = sg_buf_cstr(&w->rest) + w->at;
        at += strspn(at, "/");
        size_t len = strcspn(at, "/");
        if (len == 0 || stop) {
            return 0;
        }
        const char *after = at + len + strspn(at + len, "/");
        w->at = (size_t)(after - sg_buf_cstr(&w->rest));
        if (len == 1 && *at == '.') {
            continue;
        }
        if (len == 2 && memcmp(at, "..", 2) == 0) {
            if (out->real.len == 0) {
                return fail_leaves(w, "..", err);
            }
            cut_last(&out->real);
            out->type = SG_FS_DIR;
            continue;
        }
        if (out->real.len) {
            sg_buf_addc(&out->real, '/');
        }
        sg_buf_add(&out->real, at, len);
        if (step(w, *after == '\0', out, &stop, err)) {
            return -1;
        }
    }
}

/* The folder itself where the path ended on one by ".." or an empty path. */
static int settle(const struct tree_fs *fs, struct target *out, struct sg_err *err) {
    if (out->real.len == 0) {
        git_oid_cpy(&out->oid, git_tree_id(fs->root));
        return 0;
    }
    git_tree_entry *entry = NULL;
    int rc = git_tree_entry_bypath(&entry, fs->root, out->real.ptr);
    if (rc < 0) {
        return fail_read(fs, out->real.ptr, rc, err);
    }
    git_oid_cpy(&out->oid, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    return 0;
}

static int find(const struct sg_fs *base, const char *path, struct target *out,
                struct sg_err *err) {
    const struct tree_fs *fs = tree_of(base);
    *out = (struct target){.type = SG_FS_DIR};
    struct walk w = {.fs = fs, .path = path};
    sg_buf_adds(&w.rest, path);
    int rc = walk_parts(&w, out, err);
    sg_buf_release(&w.rest);
    if (rc == 0 && out->type == SG_FS_DIR) {
        rc = settle(fs, out, err);
    }
    return rc;
}

/* --- the file system -------------------------------------------------------------- */

static int tree_stat(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                     struct sg_buf *real, struct sg_err *err) {
    AUTO_TARGET target;
    if (find(fs, path, &target, err)) {
        return -1;
    }
    *type = target.type;
    if (real) {
        sg_buf_clear(real);
        sg_buf_adds(real, sg_buf_cstr(&target.real));
    }
    return 0;
}

static int fail_type(const struct sg_fs *fs, const char *path, enum sg_fs_type found,
                     enum sg_fs_type wanted, struct sg_err *err) {
    path = *path ? path : ".";
    if (found == SG_FS_NONE) {
        return sg_fail(err, SG_E_NOTFOUND, "%s%s does not exist", fs->shown, path);
    }
    return sg_fail(err, SG_E_INPUT, "%s%s is a %s, expected a %s", fs->shown, path,
                   found == SG_FS_DIR ? "folder" : "file",
                   wanted == SG_FS_DIR ? "folder" : "file");
}

static int tree_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                     struct sg_err *err) {
    AUTO_TARGET target;
    if (find(fs, path, &target, err)) {
        return -1;
    }
    if (target.type != SG_FS_FILE) {
        return fail_type(fs, path, target.type, SG_FS_FILE, err);
    }
    sg_auto_cstr shown = sg_xasprintf("%s%s", fs->shown, path);
    return upstream_read_blob(tree_of(fs)->up, &target.oid, shown, out, err);
}

static bool name_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_fs_entry *left = a, *right = b;
    return strcmp(left->name, right->name) < 0;
}

/* A link's entry: its text, and what it leads to. */
static int fill_link(const struct sg_fs *fs, const char *dir, const git_tree_entry *entry,
                     struct sg_fs_entry *out, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    if (upstream_read_blob(tree_of(fs)->up, git_tree_entry_id(entry), out->name, &text,
                           err)) {
        return -1;
    }
    out->link = true;
    out->target = sg_buf_take(&text);
    AUTO_TARGET target;
    struct sg_err leaves = {0}; /* or leads nowhere: both are type NONE here */
    sg_auto_cstr path = sg_xasprintf("%s/%s", dir, out->name);
    out->type = find(fs, path, &target, &leaves) ? SG_FS_NONE : target.type;
    return 0;
}

static int list_tree(const struct sg_fs *fs, const char *dir, const git_tree *tree,
                     struct sg_fs_list *out, struct sg_err *err) {
    size_t count = git_tree_entrycount(tree);
    size_t first = out->entries.len;
    for (size_t i = 0; i < count; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        git_filemode_t mode = git_tree_entry_filemode(entry);
        sg_vec_push(&out->entries, (struct sg_fs_entry){
                                       .name = sg_xstrdup(git_tree_entry_name(entry)),
                                       .type = type_of(entry),
                                       .exec = mode == GIT_FILEMODE_BLOB_EXECUTABLE,
                                   });
        struct sg_fs_entry *added = &out->entries.items[out->entries.len - 1];
        if (mode == GIT_FILEMODE_LINK && fill_link(fs, dir, entry, added, err)) {
            return -1;
        }
    }
    /* git orders a folder as if its name ended in '/' */
    sg_sort(out->entries.items + first, out->entries.len - first,
            sizeof(*out->entries.items), name_less, NULL);
    return 0;
}

static int tree_list(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                     struct sg_err *err) {
    AUTO_TARGET target;
    if (find(fs, path, &target, err)) {
        return -1;
    }
    if (target.type != SG_FS_DIR) {
        return fail_type(fs, path, target.type, SG_FS_DIR, err);
    }
    git_tree *tree = NULL;
    int rc = git_tree_lookup(&tree, tree_of(fs)->up->repo, &target.oid);
    if (rc < 0) {
        return fail_read(tree_of(fs), path, rc, err);
    }
    rc = list_tree(fs, sg_buf_cstr(&target.real), tree, out, err);
    git_tree_free(tree);
    return rc;
}

static void tree_free(struct sg_fs *base) {
    struct tree_fs *fs = (struct tree_fs *)base;
    git_tree_free(fs->root);
    sg_upstream_free(fs->up);
    free(fs);
}

struct sg_fs *sg_upstream_tree(struct sg_upstream *up, const char *id, const char *path,
                               const char *shown, struct sg_err *err) {
    static const struct sg_fs_ops ops = {
        .stat = tree_stat, .read = tree_read, .list = tree_list, .free = tree_free};
    git_tree *root = NULL;
    if (upstream_folder(up, id, path, &root, err)) {
        return NULL;
    }
    struct tree_fs *fs = sg_xcalloc(1, sizeof(*fs));
    fs->base.ops = &ops;
    fs->base.shown = shown ? sg_xstrdup(shown) : sg_xasprintf("%.12s:", id);
    fs->up = upstream_ref(up);
    fs->root = root;
    return &fs->base;
}
