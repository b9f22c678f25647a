/*
 * fs_below.c - a file system as seen from one of its folders, with what lies beside and
 * above that folder within reach: a project that shares components with others of its
 * repository.
 */
#include "fs_table.h"
#include "sg/path.h"

#include <string.h>

struct below {
    struct sg_fs base;
    struct sg_fs *top;
};

int sg_fs_join(const struct sg_fs *fs, const char *dir, const char *path,
               struct sg_buf *out, struct sg_err *err) {
    if (!fs->below) {
        return sg_path_join(dir, path, out, err);
    }
    sg_auto_buf from = SG_BUF_INIT, there = SG_BUF_INIT;
    struct sg_err why = {0};
    if (sg_path_join(fs->below, dir, &from, err)) {
        return -1;
    }
    if (sg_path_join(sg_buf_cstr(&from), path, &there, &why)) {
        return path[0] == '/' ? sg_err_pass(err, &why)
                              : sg_fail(err, SG_E_INPUT,
                                        "%s, seen from %s, leads out of the repository",
                                        path, dir[0] ? dir : "the project's folder");
    }
    sg_path_relative(fs->below, sg_buf_cstr(&there), out);
    if (strcmp(out->ptr, ".") == 0) {
        sg_buf_clear(out);
    }
    return 0;
}

/* The path in the file system below. */
static int to_top(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                  struct sg_err *err) {
    return sg_path_join(fs->below, path, out, err);
}

static int below_stat(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                      struct sg_buf *real, struct sg_err *err) {
    const struct below *below = (const struct below *)fs;
    sg_auto_buf there = SG_BUF_INIT, found = SG_BUF_INIT;
    if (to_top(fs, path, &there, err) ||
        sg_fs_stat(below->top, sg_buf_cstr(&there), type, real ? &found : NULL, err)) {
        return -1;
    }
    if (real) {
        sg_path_relative(fs->below, sg_buf_cstr(&found), real);
        if (strcmp(real->ptr, ".") == 0) {
            sg_buf_clear(real);
        }
    }
    return 0;
}

/* Says itself what is not there: the one below would name another path. */
static int require(const struct sg_fs *fs, const char *path, enum sg_fs_type wanted,
                   struct sg_err *err) {
    enum sg_fs_type type;
    if (below_stat(fs, path, &type, NULL, err)) {
        return -1;
    }
    if (type == SG_FS_NONE) {
        return sg_fs_fail_missing(fs, path, err);
    }
    if (type == wanted) {
        return 0;
    }
    return wanted == SG_FS_FILE ? sg_fs_fail_not_file(fs, path, err)
                                : sg_fs_fail_not_dir(fs, path, err);
}

static int below_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                      struct sg_err *err) {
    sg_auto_buf there = SG_BUF_INIT;
    if (require(fs, path, SG_FS_FILE, err) || to_top(fs, path, &there, err)) {
        return -1;
    }
    return sg_fs_read(((const struct below *)fs)->top, sg_buf_cstr(&there), out, err);
}

static int below_list(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                      struct sg_err *err) {
    sg_auto_buf there = SG_BUF_INIT;
    if (require(fs, path, SG_FS_DIR, err) || to_top(fs, path, &there, err)) {
        return -1;
    }
    return sg_fs_readdir(((const struct below *)fs)->top, sg_buf_cstr(&there), out, err);
}

static void below_free(struct sg_fs *fs) {
    struct below *below = (struct below *)fs;
    sg_fs_free(below->top);
    free(below);
}

struct sg_fs *sg_fs_below(struct sg_fs *top, const char *dir) {
    static const struct sg_fs_ops ops = {below_stat, below_read, below_list, below_free};
    if (!top || dir[0] == '\0') {
        return top;
    }
    struct below *below = sg_xcalloc(1, sizeof(*below));
    below->base.ops = &ops;
    below->base.shown = top->shown ? sg_xstrdup(top->shown) : NULL;
    below->base.below = sg_xstrdup(dir);
    below->top = top;
    return &below->base;
}
