/*
 * fs.h - reading files without knowing where they live: a disk folder, a git tree at a
 * tag, the memory of a test, or edits laid over any of them. Everything that renders
 * reads through this.
 *
 * A path is relative to the file system's root, '/'-separated, without empty, "." or ".."
 * parts and without a leading '/'; "" is the root. sg_path_join (path.h) and sg_fs_join
 * make such paths. Only a file system made by sg_fs_below, and what lies over one, has
 * paths that begin with ".." parts.
 */
#ifndef SG_FS_H
#define SG_FS_H

#include "sg/buf.h"
#include "sg/err.h"

enum sg_fs_type { SG_FS_NONE, SG_FS_FILE, SG_FS_DIR };

struct sg_fs_entry {
    char *name; /* owned by the list */
    enum sg_fs_type type;
    bool link;    /* it is a symbolic link; `type` is what it leads to, NONE if it leads
                     outside */
    bool exec;    /* a regular file that its owner may execute (git's mode 100755) */
    char *target; /* a link's text as it is stored, NULL for anything else; owned by the
                     list. With `exec` it is what a git tree id needs. */
};
struct sg_fs_list {
    SG_VEC(struct sg_fs_entry) entries; /* sorted bytewise by name */
};
void sg_fs_list_release(struct sg_fs_list *list);
#define sg_auto_fs_list SG_CLEANUP(sg_fs_list_release) struct sg_fs_list

struct sg_fs;
struct sg_fs_ops {
    /*
     * What is at `path`, symbolic links followed; `real` (may be NULL) gets its canonical
     * path. A missing file is type NONE and no error; a link that leaves the root is
     * SG_E_INPUT.
     */
    int (*stat)(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                struct sg_buf *real, struct sg_err *err);
    /* Appends the file's bytes to `out`. Over SG_FS_MAX_FILE bytes: SG_E_LIMIT. */
    int (*read)(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                struct sg_err *err);
    int (*list)(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                struct sg_err *err);
    void (*free)(struct sg_fs *fs);
};
#define SG_FS_MAX_FILE ((size_t)64 << 20)

/* Embed as first member. `shown` prefixes paths in messages ("overlays/prod/x.yaml", or
 * "v3.20.1:base/x.yaml" for a tree at a tag); NULL for none. */
struct sg_fs {
    const struct sg_fs_ops *ops;
    char *shown;
    char *below; /* sg_fs_below: the root's path below the top; else NULL */
    bool
        whole; /* the machine's own: an absolute path is one of its paths after the '/' */
};

SG_MUST_USE int sg_fs_stat(const struct sg_fs *fs, const char *path,
                           enum sg_fs_type *type, struct sg_buf *real,
                           struct sg_err *err);
SG_MUST_USE int sg_fs_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                           struct sg_err *err);
SG_MUST_USE int sg_fs_readdir(const struct sg_fs *fs, const char *path,
                              struct sg_fs_list *out, struct sg_err *err);
/* Every file below `path`, as full paths in bytewise order, directories not listed. `out`
 * entries are named by their path relative to `path`. */
SG_MUST_USE int sg_fs_walk(const struct sg_fs *fs, const char *path,
                           struct sg_fs_list *out, struct sg_err *err);
/* NULL is ignored. */
void sg_fs_free(struct sg_fs *fs);
void sg_fs_freep(struct sg_fs **fs);
#define sg_auto_fs SG_CLEANUP(sg_fs_freep) struct sg_fs *

/* `path` seen from the folder `dir` of `fs`, as the one path of `fs` that leads there.
 * Fails with SG_E_INPUT where it is absolute or leaves what `fs` shows. */
SG_MUST_USE int sg_fs_join(const struct sg_fs *fs, const char *dir, const char *path,
                           struct sg_buf *out, struct sg_err *err);
/*
 * `top` (taken; NULL gives NULL) as seen from its folder `dir`, which need not be there:
 * paths of the folder are as ever, and what lies beside or above it in `top` is reached
 * through leading ".." parts. Each place has one path: what is in `dir` has none with
 * "..".
 */
struct sg_fs *sg_fs_below(struct sg_fs *top, const char *dir);

/* A folder of the disk. Symbolic links are followed while they stay inside `root`. */
SG_MUST_USE struct sg_fs *sg_fs_disk(const char *root, struct sg_err *err);

/* Files in memory, for tests and generated files. */
struct sg_fs *sg_fs_memory(void);
void sg_fs_memory_put(struct sg_fs *fs, const char *path, const void *bytes, size_t len);
/* The owner may execute this file of it. */
void sg_fs_memory_set_exec(struct sg_fs *fs, const char *path);
void sg_fs_memory_remove(struct sg_fs *fs, const char *path);

/*
 * `under` with changes laid over it: sg_fs_over_put, sg_fs_over_remove (a file) and
 * sg_fs_over_mount (the folder `at` and all below it comes from `sub` of `from`, what was
 * there is hidden; later puts win over a mount). Borrows `under` and `from`, which must
 * outlive it.
 */
struct sg_fs *sg_fs_over(const struct sg_fs *under);
void sg_fs_over_put(struct sg_fs *fs, const char *path, const void *bytes, size_t len);
void sg_fs_over_remove(struct sg_fs *fs, const char *path);
void sg_fs_over_mount(struct sg_fs *fs, const char *at, const struct sg_fs *from,
                      const char *sub);

/* `under`, reporting every path that is read, listed or asked for (for the dirty rule and
 * digests). */
typedef void sg_fs_seen_fn(void *ctx, const char *path, enum sg_fs_type type);
struct sg_fs *sg_fs_record(const struct sg_fs *under, sg_fs_seen_fn *seen, void *ctx);

#endif
