/* fs_record.c - a file system that tells which paths of another one are asked for. */
#include "fs_table.h"

#include <string.h>

struct record {
    struct sg_fs base;
    const struct sg_fs *under;
    sg_fs_seen_fn *seen;
    void *ctx;
};

/* Reports `path`, and where a link led to another place that one as well: a change of
 * either changes what was read. */
static int look(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                struct sg_buf *real, struct sg_err *err) {
    const struct record *record = (const struct record *)fs;
    if (sg_fs_stat(record->under, path, type, real, err)) {
        return -1;
    }
    record->seen(record->ctx, path, *type);
    if (*type != SG_FS_NONE && strcmp(sg_buf_cstr(real), path) != 0) {
        record->seen(record->ctx, sg_buf_cstr(real), *type);
    }
    return 0;
}

static int record_stat(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                       struct sg_buf *real, struct sg_err *err) {
    sg_auto_buf own = SG_BUF_INIT;
    return look(fs, path, type, real ? real : &own, err);
}

static int record_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                       struct sg_err *err) {
    enum sg_fs_type type;
    sg_auto_buf real = SG_BUF_INIT;
    if (look(fs, path, &type, &real, err)) {
        return -1;
    }
    return sg_fs_read(((const struct record *)fs)->under, path, out, err);
}

static int record_list(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                       struct sg_err *err) {
    enum sg_fs_type type;
    sg_auto_buf real = SG_BUF_INIT;
    if (look(fs, path, &type, &real, err)) {
        return -1;
    }
    return sg_fs_readdir(((const struct record *)fs)->under, path, out, err);
}

static void record_free(struct sg_fs *fs) {
    free(fs);
}

struct sg_fs *sg_fs_record(const struct sg_fs *under, sg_fs_seen_fn *seen, void *ctx) {
    static const struct sg_fs_ops ops = {record_stat, record_read, record_list,
                                         record_free};
    struct record *record = sg_xcalloc(1, sizeof(*record));
    *record = (struct record){{.ops = &ops}, under, seen, ctx};
    sg_fs_inherit(&record->base, under);
    return &record->base;
}
