/*
 * files.c - the files of a vendored path, refused where a checkout would not give back
 * the same files.
 */
#include "git.h"

#include "sg/path.h"
#include "sg/sort.h"
#include "sg/strmap.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MAX_DEPTH = 256 };

void sg_git_files_release(struct sg_git_files *files) {
    for (size_t i = 0; i < files->items.len; i++) {
        free(files->items.items[i].path);
    }
    sg_vec_release(&files->items);
}

const struct sg_git_file *sg_git_files_find(const struct sg_git_files *files,
                                            const char *path) {
    size_t low = 0, high = files->items.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(files->items.items[middle].path, path);
        if (order == 0) {
            return &files->items.items[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* --- what is refused -------------------------------------------------------------- */

struct scan {
    struct sg_upstream *up;
    git_odb *odb;
    const struct sg_fs *fs;  /* the same folder, to follow its links */
    const char *shown;       /* "v3.20.1 … base/" before a path */
    struct sg_strmap folded; /* folder and file paths in lower case -> as it is */
    SG_VEC(char *) names;    /* owns those */
    struct sg_git_files *out;
};

static int refuse(struct sg_err *err, const struct scan *scan, const char *path,
                  const char *what) {
    sg_auto_cstr safe = sg_xstrdup(path); /* a message is one line */
    for (char *p = safe; *p; p++) {
        *p = (char)((unsigned char)*p < 0x20 || *p == 0x7f ? '?' : *p);
    }
    sg_fail(err, SG_E_INPUT, "cannot vendor %s%s: %s", scan->shown, safe, what);
    return sg_err_hint(err,
                       "vendor a folder without it (upstream.paths), or ask upstream "
                       "to replace it by a plain file");
}

/* libgit2 reads trees that git would not check out. */
static int check_name(const struct scan *scan, const char *path, const char *name,
                      struct sg_err *err) {
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        strpbrk(name, "/\\") || strcasecmp(name, ".git") == 0) {
        return refuse(err, scan, path, "git would not check out such a name");
    }
    for (const char *p = name; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            return refuse(err, scan, path, "its name holds a control character");
        }
    }
    return 0;
}

/* Two names that a case-insensitive disk takes for one. Folders count as well: "A/x" and
 * "a/y" end up in one folder there. */
static int check_case(struct scan *scan, const char *path, struct sg_err *err) {
    sg_auto_cstr folded = sg_xstrdup(path);
    for (char *p = folded; *p; p++) {
        *p = (char)tolower((unsigned char)*p);
    }
    size_t len = strlen(folded);
    const char *seen = sg_strmap_get(&scan->folded, folded, len);
    if (seen) {
        sg_auto_cstr what =
            sg_xasprintf("its name differs from %.120s only by case", seen);
        return refuse(err, scan, path, what);
    }
    char *name = sg_xstrdup(path);
    sg_vec_push(&scan->names, name);
    sg_strmap_put(&scan->folded, folded, len, name);
    return 0;
}

static int check_link(const struct scan *scan, const char *path, struct sg_err *err) {
    enum sg_fs_type type;
    if (sg_fs_stat(scan->fs, path, &type, NULL, err)) {
        return -1;
    }
    return type == SG_FS_NONE ? refuse(err, scan, path, "the symbolic link leads nowhere")
                              : 0;
}

static int check_lfs(const struct scan *scan, const char *path, const git_oid *oid,
                     size_t size, struct sg_err *err) {
    static const char start[] = "version https://git-lfs.github.com/spec/";
    if (size < sizeof(start) || size > 1024) {
        return 0; /* a pointer is under 1024 bytes by its specification */
    }
    sg_auto_buf bytes = SG_BUF_INIT;
    if (upstream_read_blob(scan->up, oid, path, &bytes, err)) {
        return -1;
    }
    return strncmp(bytes.ptr, start, sizeof(start) - 1) == 0
               ? refuse(err, scan, path, "it is a Git LFS pointer, not the file itself")
               : 0;
}

/* --- the walk --------------------------------------------------------------------- */

static int add_file(struct scan *scan, const char *path, const git_tree_entry *entry,
                    struct sg_err *err) {
    const git_oid *oid = git_tree_entry_id(entry);
    struct sg_git_file file = {.mode = 0100644};
    git_object_t type;
    int rc = git_odb_read_header(&file.size, &type, scan->odb, oid);
    if (rc < 0) {
        return upstream_fail_object(err, scan->up, rc, "cannot read %s%s of %s",
                                    scan->shown, path, scan->up->shown);
    }
    if (file.size > SG_FS_MAX_FILE) {
        return sg_fail(err, SG_E_LIMIT, "cannot vendor %s%s: %zu bytes, more than %zu",
                       scan->shown, path, file.size, SG_FS_MAX_FILE);
    }
    if (git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK) {
        file.mode = 0120000;
        rc = check_link(scan, path, err);
    } else {
        if (git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE) {
            file.mode = 0100755;
        }
        rc = check_lfs(scan, path, oid, file.size, err);
    }
    if (rc) {
        return -1;
    }
    git_oid_tostr(file.id, sizeof(file.id), oid);
    file.path = sg_xstrdup(path);
    sg_vec_push(&scan->out->items, file);
    return 0;
}

static int walk_tree(struct scan *scan, const git_oid *oid, const char *dir, int depth,
                     struct sg_err *err);

static int add_entry(struct scan *scan, const git_tree_entry *entry, const char *dir,
                     int depth, struct sg_err *err) {
    const char *name = git_tree_entry_name(entry);
    sg_auto_cstr path = sg_xasprintf("%s%s%s", dir, *dir ? "/" : "", name);
    if (check_name(scan, path, name, err) || check_case(scan, path, err)) {
        return -1;
    }
    switch ((unsigned)git_tree_entry_filemode(entry)) {
    case GIT_FILEMODE_TREE:
        return walk_tree(scan, git_tree_entry_id(entry), path, depth + 1, err);
    case GIT_FILEMODE_COMMIT:
        return refuse(err, scan, path, "it is a submodule");
    default:
        return add_file(scan, path, entry, err);
    }
}

static int walk_tree(struct scan *scan, const git_oid *oid, const char *dir, int depth,
                     struct sg_err *err) {
    if (depth > MAX_DEPTH) {
        return sg_fail(err, SG_E_LIMIT, "cannot vendor %s%.80s…: folders over %d deep",
                       scan->shown, dir, MAX_DEPTH);
    }
    git_tree *tree = NULL;
    int rc = git_tree_lookup(&tree, scan->up->repo, oid);
    if (rc < 0) {
        return upstream_fail_object(err, scan->up, rc, "cannot read %s%s of %s",
                                    scan->shown, dir, scan->up->shown);
    }
    size_t count = git_tree_entrycount(tree);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = add_entry(scan, git_tree_entry_byindex(tree, i), dir, depth, err);
    }
    git_tree_free(tree);
    return rc;
}

static bool path_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_git_file *left = a, *right = b;
    return strcmp(left->path, right->path) < 0;
}

static int scan_folder(struct scan *scan, const char *id, const char *path,
                       struct sg_err *err) {
    char tree[SG_GIT_HEX + 1];
    git_oid root;
    if (sg_upstream_tree_id(scan->up, id, path, tree, err)) {
        return -1;
    }
    (void)git_oid_fromstr(&root, tree);
    int rc = git_repository_odb(&scan->odb, scan->up->repo);
    if (rc < 0) {
        return upstream_fail_object(err, scan->up, rc, "cannot read %s", scan->up->shown);
    }
    rc = walk_tree(scan, &root, "", 0, err);
    git_odb_free(scan->odb);
    /* git's order of a tree is not that of full paths */
    sg_sort(scan->out->items.items, scan->out->items.len, sizeof(*scan->out->items.items),
            path_less, NULL);
    return rc;
}

int sg_upstream_files(struct sg_upstream *up, const char *id, const char *path,
                      struct sg_git_files *out, struct sg_err *err) {
    sg_auto_buf clean = SG_BUF_INIT;
    if (sg_path_join("", path, &clean, err)) {
        return -1;
    }
    if (memo_files(&up->memo, id, sg_buf_cstr(&clean), out)) {
        return 0;
    }
    sg_auto_cstr shown =
        sg_xasprintf("%.12s:%s%s", id, sg_buf_cstr(&clean), clean.len ? "/" : "");
    sg_auto_fs fs = sg_upstream_tree(up, id, path, shown, err);
    if (!fs) {
        return -1;
    }
    struct scan scan = {.up = up, .fs = fs, .shown = shown, .out = out};
    int rc = scan_folder(&scan, id, path, err);
    if (rc == 0) {
        memo_keep_files(&up->memo, id, sg_buf_cstr(&clean), out);
    }
    for (size_t i = 0; i < scan.names.len; i++) {
        free(scan.names.items[i]);
    }
    sg_vec_release(&scan.names);
    sg_strmap_release(&scan.folded);
    return rc;
}
