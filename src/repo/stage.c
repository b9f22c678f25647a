/*
 * stage.c - the files an upgrade is going to change, before they are.
 */
#include <string.h>

#include "project.h"
#include "sg/sort.h"

void stage_release(struct stage *stage) {
    for (size_t i = 0; i < stage->items.len; i++) {
        free(stage->items.items[i].path);
        free(stage->items.items[i].bytes);
    }
    sg_vec_release(&stage->items);
}

void stage_put(struct stage *stage, const char *path, const void *bytes, size_t len,
               uint32_t mode) {
    struct staged item = {
        .path = sg_xstrdup(path),
        .bytes = sg_xstrndup(bytes, len),
        .len = len,
        .mode = mode,
    };
    sg_vec_push(&stage->items, item);
}

void stage_put_text(struct stage *stage, const char *path, const char *text, size_t len) {
    stage_put(stage, path, text, len, 0);
    stage->items.items[stage->items.len - 1].text = true;
}

void stage_remove(struct stage *stage, const char *path) {
    sg_vec_push(&stage->items, (struct staged){.path = sg_xstrdup(path)});
}

static bool by_path(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return strcmp(((const struct staged *)a)->path, ((const struct staged *)b)->path) < 0;
}

/* Stable sorting keeps the words on one path in order: the last of a run wins. */
static void keep_last(struct stage *stage) {
    sg_sort(stage->items.items, stage->items.len, sizeof(*stage->items.items), by_path,
            NULL);
    size_t kept = 0;
    for (size_t i = 0; i < stage->items.len; i++) {
        struct staged *item = &stage->items.items[i];
        if (i + 1 < stage->items.len && strcmp(item->path, item[1].path) == 0) {
            free(item->path);
            free(item->bytes);
        } else {
            stage->items.items[kept++] = *item;
        }
    }
    stage->items.len = kept;
}

/* Whether the file on disk has the execute bit that is wanted: all of a mode that counts.
 */
static bool has_mode(const struct staged *item, struct sg_disk *disk) {
    struct sg_disk_stat st;
    return item->mode == 0 || (disk->ops->lstat(disk, item->path, &st) == 0 &&
                               (st.mode & 0100) == (item->mode & 0100));
}

static bool has_bytes(const struct staged *item, const struct sg_buf *now) {
    return now->len == item->len &&
           (now->len == 0 || memcmp(now->ptr, item->bytes, now->len) == 0);
}

/* The same with every CRLF of it read as LF. */
static bool has_lines(const struct staged *item, const struct sg_buf *now) {
    size_t at = 0;
    for (size_t i = 0; i < now->len; i++) {
        bool pair = now->ptr[i] == '\r' && i + 1 < now->len && now->ptr[i + 1] == '\n';
        if (!pair && (at == item->len || now->ptr[i] != item->bytes[at++])) {
            return false;
        }
    }
    return at == item->len;
}

static int is_there(const struct sg_repo *repo, const struct staged *item, bool *there,
                    struct sg_err *err) {
    enum sg_fs_type type;
    *there = false;
    if (sg_fs_stat(repo->disk, item->path, &type, NULL, err) != 0) {
        return -1;
    }
    if (type != SG_FS_FILE) {
        *there = item->bytes == NULL && type == SG_FS_NONE;
        return 0;
    }
    if (item->bytes == NULL) {
        return 0;
    }
    sg_auto_buf now = SG_BUF_INIT;
    if (sg_fs_read(repo->disk, item->path, &now, err) != 0) {
        return -1;
    }
    *there = (item->text ? has_lines(item, &now) : has_bytes(item, &now)) &&
             has_mode(item, repo->writer);
    return 0;
}

int stage_settle(const struct sg_repo *repo, struct stage *stage, struct sg_err *err) {
    keep_last(stage);
    size_t kept = 0;
    for (size_t i = 0; i < stage->items.len; i++) {
        struct staged item = stage->items.items[i];
        bool there = false;
        if (is_there(repo, &item, &there, err) != 0) {
            memmove(&stage->items.items[kept], &stage->items.items[i],
                    (stage->items.len - i) * sizeof(item));
            stage->items.len = kept + stage->items.len - i;
            return -1;
        }
        if (there) {
            free(item.path);
            free(item.bytes);
        } else {
            stage->items.items[kept++] = item;
        }
    }
    stage->items.len = kept;
    return 0;
}

void stage_into(const struct stage *stage, struct sg_txn *txn) {
    for (size_t i = 0; i < stage->items.len; i++) {
        const struct staged *item = &stage->items.items[i];
        if (item->bytes == NULL) {
            sg_txn_remove(txn, item->path);
        } else {
            sg_txn_put(txn, item->path, item->bytes, item->len, item->mode);
        }
    }
}

void stage_over(const struct stage *stage, struct sg_fs *view) {
    for (size_t i = 0; i < stage->items.len; i++) {
        const struct staged *item = &stage->items.items[i];
        if (item->bytes == NULL) {
            sg_fs_over_remove(view, item->path);
        } else {
            sg_fs_over_put(view, item->path, item->bytes, item->len);
        }
    }
}
