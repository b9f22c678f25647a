/* fs.c - dispatch to a file system's own functions, and the walk over all of them. */
#include "sg/fs.h"

#include "fs_table.h"
#include "sg/path.h"
#include "sg/sort.h"

#include <string.h>

void sg_fs_list_release(struct sg_fs_list *list) {
    for (size_t i = 0; i < list->entries.len; i++) {
        free(list->entries.items[i].name);
        free(list->entries.items[i].target);
    }
    sg_vec_release(&list->entries);
}

void sg_fs_inherit(struct sg_fs *fs, const struct sg_fs *under) {
    fs->shown = under->shown ? sg_xstrdup(under->shown) : NULL;
    fs->below = under->below ? sg_xstrdup(under->below) : NULL;
}

int sg_fs_stat(const struct sg_fs *fs, const char *path, enum sg_fs_type *type,
               struct sg_buf *real, struct sg_err *err) {
    return fs->ops->stat(fs, path, type, real, err);
}

int sg_fs_read(const struct sg_fs *fs, const char *path, struct sg_buf *out,
               struct sg_err *err) {
    return fs->ops->read(fs, path, out, err);
}

static bool name_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_fs_entry *x = a, *y = b;
    return strcmp(x->name, y->name) < 0;
}

void sg_fs_list_sort(struct sg_fs_list *list) {
    sg_sort(list->entries.items, list->entries.len, sizeof(*list->entries.items),
            name_less, NULL);
}

struct sg_fs_entry *sg_fs_list_add(struct sg_fs_list *list, const char *name, size_t len,
                                   enum sg_fs_type type) {
    sg_vec_push(&list->entries,
                (struct sg_fs_entry){.name = sg_xstrndup(name, len), .type = type});
    return &list->entries.items[list->entries.len - 1];
}

void sg_fs_list_copy(struct sg_fs_list *list, const char *name, size_t len,
                     const struct sg_fs_entry *like) {
    struct sg_fs_entry *added = sg_fs_list_add(list, name, len, like->type);
    added->link = like->link;
    added->exec = like->exec;
    added->target = like->target ? sg_xstrdup(like->target) : NULL;
}

int sg_fs_readdir(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
                  struct sg_err *err) {
    return fs->ops->list(fs, path, out, err);
}

/* Folders still to be listed are kept in a list of their own, so that a deep tree costs
 * heap and not stack. */
struct folders {
    SG_VEC(char *) items;
};

static void join_names(const char *dir, const char *name, struct sg_buf *out) {
    sg_buf_clear(out);
    sg_buf_adds(out, dir);
    if (*dir && *name) {
        sg_buf_addc(out, '/');
    }
    sg_buf_adds(out, name);
}

static int walk_folder(const struct sg_fs *fs, const char *path, const char *below,
                       struct folders *folders, struct sg_fs_list *out,
                       struct sg_err *err) {
    sg_auto_fs_list list = {0};
    sg_auto_buf full = SG_BUF_INIT;
    join_names(path, below, &full);
    if (sg_fs_readdir(fs, sg_buf_cstr(&full), &list, err)) {
        return -1;
    }
    for (size_t i = 0; i < list.entries.len; i++) {
        const struct sg_fs_entry *entry = &list.entries.items[i];
        join_names(below, entry->name, &full);
        if (entry->type == SG_FS_DIR && !entry->link) {
            sg_vec_push(&folders->items, sg_xstrdup(full.ptr));
        } else {
            sg_fs_list_copy(out, full.ptr, full.len, entry);
        }
    }
    return 0;
}

int sg_fs_walk(const struct sg_fs *fs, const char *path, struct sg_fs_list *out,
               struct sg_err *err) {
    struct folders folders = {0};
    sg_vec_push(&folders.items, sg_xstrdup(""));
    int rc = 0;
    while (folders.items.len > 0) {
        sg_auto_cstr below = folders.items.items[--folders.items.len];
        rc = rc ? rc : walk_folder(fs, path, below, &folders, out, err);
    }
    sg_vec_release(&folders.items);
    /* "a-b" comes before "a/c": the order of full paths is not that of a descent */
    sg_fs_list_sort(out);
    return rc;
}

void sg_fs_free(struct sg_fs *fs) {
    if (fs) {
        sg_auto_cstr shown = fs->shown;
        sg_auto_cstr below = fs->below;
        fs->ops->free(fs);
    }
}

void sg_fs_freep(struct sg_fs **fs) {
    sg_fs_free(*fs);
    *fs = NULL;
}

int sg_fs_fail_missing(const struct sg_fs *fs, const char *path, struct sg_err *err) {
    return sg_fail(err, SG_E_NOTFOUND, "%s%s does not exist", fs->shown ? fs->shown : "",
                   *path ? path : ".");
}

int sg_fs_fail_not_file(const struct sg_fs *fs, const char *path, struct sg_err *err) {
    return sg_fail(err, SG_E_INPUT, "%s%s is a folder, expected a file",
                   fs->shown ? fs->shown : "", *path ? path : ".");
}

int sg_fs_fail_not_dir(const struct sg_fs *fs, const char *path, struct sg_err *err) {
    return sg_fail(err, SG_E_INPUT, "%s%s is a file, expected a folder",
                   fs->shown ? fs->shown : "", *path ? path : ".");
}
