/* fs_table.c - files by path in one sorted array. */
#include "fs_table.h"

#include <string.h>

static void file_free(struct sg_fs_file *file) {
    free(file->path);
    free(file->bytes);
    free(file);
}

void sg_fs_table_release(struct sg_fs_table *table) {
    for (size_t i = 0; i < table->files.len; i++) {
        file_free(table->files.items[i]);
    }
    sg_vec_release(&table->files);
}

/* Index of the first file whose path is not before `path` + `suffix`. */
static size_t lower_bound(const struct sg_fs_table *table, const char *path,
                          char suffix) {
    size_t plen = strlen(path);
    size_t low = 0, high = table->files.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = table->files.items[middle]->path;
        int order = strncmp(other, path, plen);
        if (order == 0) {
            unsigned char next = (unsigned char)other[plen];
            order = next < (unsigned char)suffix ? -1 : 0;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct sg_fs_file *sg_fs_table_find(const struct sg_fs_table *table, const char *path) {
    size_t at = lower_bound(table, path, '\0');
    if (at < table->files.len && strcmp(table->files.items[at]->path, path) == 0) {
        return table->files.items[at];
    }
    return NULL;
}

void sg_fs_table_put(struct sg_fs_table *table, const char *path, const void *bytes,
                     size_t len) {
    char *copy = bytes || len ? sg_xstrndup(bytes, len) : NULL;
    struct sg_fs_file *file = sg_fs_table_find(table, path);
    if (file) {
        free(file->bytes);
        file->bytes = copy;
        file->len = len;
        return;
    }
    file = sg_xmalloc(sizeof(*file));
    *file = (struct sg_fs_file){sg_xstrdup(path), copy, len, false};
    size_t at = lower_bound(table, path, '\0');
    sg_vec_push(&table->files, NULL);
    struct sg_fs_file **items = table->files.items;
    memmove(items + at + 1, items + at, (table->files.len - 1 - at) * sizeof(*items));
    items[at] = file;
}

static void remove_run(struct sg_fs_table *table, size_t from, size_t to) {
    struct sg_fs_file **items = table->files.items;
    for (size_t i = from; i < to; i++) {
        file_free(items[i]);
    }
    if (to > from) {
        memmove(items + from, items + to, (table->files.len - to) * sizeof(*items));
        table->files.len -= to - from;
    }
}

/* The run of files below folder `path`: [*from, *to). */
static void run_below(const struct sg_fs_table *table, const char *path, size_t *from,
                      size_t *to) {
    if (!*path) {
        *from = 0;
        *to = table->files.len;
        return;
    }
    *from = lower_bound(table, path, '/');
    *to = lower_bound(table, path, '/' + 1);
}

void sg_fs_table_remove(struct sg_fs_table *table, const char *path, bool below) {
    size_t from, to;
    if (below) {
        run_below(table, path, &from, &to);
        remove_run(table, from, to);
    }
    if (sg_fs_table_find(table, path)) {
        from = lower_bound(table, path, '\0');
        remove_run(table, from, from + 1);
    }
}

bool sg_fs_table_has_below(const struct sg_fs_table *table, const char *path) {
    size_t from, to;
    run_below(table, path, &from, &to);
    for (size_t i = from; i < to; i++) {
        if (table->files.items[i]->bytes) {
            return true;
        }
    }
    return false;
}

void sg_fs_table_list(const struct sg_fs_table *table, const char *path,
                      struct sg_fs_list *out) {
    size_t from, to;
    size_t skip = *path ? strlen(path) + 1 : 0;
    run_below(table, path, &from, &to);
    while (from < to) {
        const struct sg_fs_file *file = table->files.items[from];
        const char *name = file->path + skip;
        size_t len = strcspn(name, "/");
        if (!name[len]) {
            sg_fs_list_add(out, name, len, file->bytes ? SG_FS_FILE : SG_FS_NONE)->exec =
                file->exec;
            from++;
            continue;
        }
        sg_auto_cstr folder = sg_xstrndup(file->path, skip + len);
        if (sg_fs_table_has_below(table, folder)) {
            sg_fs_list_add(out, name, len, SG_FS_DIR);
        }
        from = lower_bound(table, folder, '/' + 1);
    }
}
