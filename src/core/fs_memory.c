/* fs_memory.c - a file system whose files are in memory. */
#include "fs_table.h"

struct memory {
    struct sg_fs base;
    struct sg_fs_table files;
};

static const struct memory *memory_of(const struct sg_fs *fs) {
    return (const struct memory *)fs;
}

static int memory_stat(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
                       struct sg_buf *real, struct sg_err *err) {
    (void)err;
    const struct sg_fs_table *files = &memory_of(fs)->files;
    *type = sg_fs_table_find(files, path)                  ? SG_FS_FILE
            : !*path || sg_fs_table_has_below(files, path) ? SG_FS_DIR
                                                           : SG_FS_NONE;
    if (real) {
        sg_buf_clear(real);
        sg_buf_adds(real, path);
    }
    return 0;
}

static int memory_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
                       struct sg_err *err) {
    const struct sg_fs_table *files = &memory_of(fs)->files;
    const struct sg_fs_file *file = sg_fs_table_find(files, path);
    if (!file) {
        return !*path || sg_fs_table_has_below(files, path)
                   ? sg_fs_fail_not_file(fs, path, err)
                   : sg_fs_fail_missing(fs, path, err);
    }
    sg_buf_add(out, file->bytes, file->len);
    return 0;
}

static int memory_list(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                       struct sg_err *err) {
    const struct sg_fs_table *files = &memory_of(fs)->files;
    if (*path && !sg_fs_table_has_below(files, path)) {
        return sg_fs_table_find(files, path) ? sg_fs_fail_not_dir(fs, path, err)
                                             : sg_fs_fail_missing(fs, path, err);
    }
    sg_fs_table_list(files, path, out);
    sg_fs_list_sort(out);
    return 0;
}

static void memory_free(struct sg_fs *fs) {
    struct memory *memory = (struct memory *)fs;
    sg_fs_table_release(&memory->files);
    free(memory);
}

struct sg_fs *sg_fs_memory(void) {
    static const struct sg_fs_ops ops = {memory_stat, memory_read, memory_list,
                                         memory_free};
    struct memory *memory = sg_xcalloc(1, sizeof(*memory));
    memory->base.ops = &ops;
    return &memory->base;
}

void sg_fs_memory_put(struct sg_fs *fs, const char *path, const void *bytes, size_t len) {
    sg_fs_table_put(&((struct memory *)fs)->files, path, bytes ? bytes : "", len);
}

void sg_fs_memory_set_exec(struct sg_fs *fs, const char *path) {
    struct sg_fs_file *file = sg_fs_table_find(&((struct memory *)fs)->files, path);
    if (file) {
        file->exec = true;
    }
}

void sg_fs_memory_remove(struct sg_fs *fs, const char *path) {
    sg_fs_table_remove(&((struct memory *)fs)->files, path, false);
}
