/* stage.c - steps 2, 3 and 6: check the way, write the new files, keep the old ones. */
#include "state.h"

#include "sg/path.h"
#include "sg/sort.h"

#include <errno.h>
#include <string.h>

/* What is being prepared: folders that were looked at, and what they are for. */
struct ways {
    struct sg_txn *txn;
    struct sg_strmap checked; /* folders whose way is fine */
    struct sg_strmap kept;    /* folders that hold a file that is put */
    struct sg_strmap dropped; /* folders that a removal may empty */
    uint64_t device;
};

static struct sg_txn_item *find_item(const struct sg_txn *txn, const char *path) {
    size_t at = (size_t)(uintptr_t)sg_strmap_get(&txn->index, path, strlen(path));
    return at ? &txn->plan.items.items[at - 1] : NULL;
}

/* Calls for every folder above `path`, the outermost first; stops at the first -1. */
static int each_parent(struct ways *ways, const struct sg_txn_item *item,
                       int (*call)(struct ways *ways, const struct sg_txn_item *item,
                                   const char *dir, struct sg_err *err),
                       struct sg_err *err) {
    sg_auto_cstr dir = sg_xstrdup(item->path);
    for (char *slash = strchr(dir, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (call(ways, item, dir, err)) {
            return -1;
        }
        *slash = '/';
    }
    return 0;
}

static bool seen(struct sg_strmap *set, const char *path) {
    size_t len = strlen(path);
    if (sg_strmap_has(set, path, len)) {
        return true;
    }
    sg_strmap_put(set, path, len, NULL);
    return false;
}

static int fail_device(const char *path, struct sg_err *err) {
    sg_fail(err, SG_E_INPUT, "%s is on another file system than the project", path);
    return sg_err_hint(err, "sgupgrade switches files by renaming, which needs one file "
                            "system");
}

/* A folder on the way to an item: it must be one, or come to be one. */
static int check_folder(struct ways *ways, const struct sg_txn_item *item,
                        const char *dir, struct sg_err *err) {
    struct sg_txn *txn = ways->txn;
    struct sg_disk_stat st;
    if (item->new.kind == SG_TXN_FILE) {
        sg_strmap_put(&ways->kept, dir, strlen(dir), NULL);
    }
    if (seen(&ways->checked, dir)) {
        return 0;
    }
    int rc = txn->disk->ops->lstat(txn->disk, dir, &st);
    if (rc && rc != ELOOP) {
        return sg_txn_fail(txn, rc, "read", dir, err);
    }
    if (rc == ELOOP || st.type == SG_DISK_LINK) {
        sg_fail(err, SG_E_INPUT, "%s is a symbolic link, and %s lies behind it", dir,
                item->path);
        return sg_err_hint(err, "replace the link by a folder: sgupgrade writes through "
                                "no link");
    }
    if (st.type == SG_DISK_DIR && st.device != ways->device) {
        return fail_device(dir, err);
    }
    const struct sg_txn_item *file = find_item(txn, dir);
    bool is_file = st.type == SG_DISK_FILE || st.type == SG_DISK_OTHER;
    bool put = item->new.kind == SG_TXN_FILE;
    if (put && (file ? file->new.kind == SG_TXN_FILE : is_file)) {
        return sg_fail(err, SG_E_EXISTS, "%s is a file where a folder is needed for %s",
                       dir, item->path);
    }
    return 0;
}

/* Folders to make, outermost first. */
static int note_make(struct ways *ways, const struct sg_txn_item *item, const char *dir,
                     struct sg_err *err) {
    struct sg_txn *txn = ways->txn;
    struct sg_disk_stat st;
    (void)item;
    if (seen(&ways->checked, dir)) {
        return 0;
    }
    int rc = txn->disk->ops->lstat(txn->disk, dir, &st);
    if (rc) {
        return sg_txn_fail(txn, rc, "read", dir, err);
    }
    if (st.type != SG_DISK_DIR) {
        sg_vec_push(&txn->plan.make.items, sg_xstrdup(dir));
    }
    return 0;
}

static int note_drop(struct ways *ways, const struct sg_txn_item *item, const char *dir,
                     struct sg_err *err) {
    (void)item;
    (void)err;
    if (!sg_strmap_has(&ways->kept, dir, strlen(dir)) && !seen(&ways->dropped, dir)) {
        sg_vec_push(&ways->txn->plan.drop.items, sg_xstrdup(dir));
    }
    return 0;
}

static bool path_after(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return strcmp(*(char *const *)a, *(char *const *)b) > 0;
}

/* What stands at the item's own place, and at the name its file passes through. */
static int check_place(struct ways *ways, const struct sg_txn_item *item,
                       struct sg_err *err) {
    struct sg_txn *txn = ways->txn;
    struct sg_disk_stat st;
    sg_auto_buf passing = SG_BUF_INIT;
    int rc = txn->disk->ops->lstat(txn->disk, item->path, &st);
    if (rc) {
        return sg_txn_fail(txn, rc, "read", item->path, err);
    }
    if (st.type == SG_DISK_LINK) {
        sg_fail(err, SG_E_INPUT, "%s is a symbolic link", item->path);
        return sg_err_hint(err, "replace the link by a file: sgupgrade writes through no "
                                "link");
    }
    bool emptied = st.type == SG_DISK_DIR &&
                   sg_strmap_has(&ways->dropped, item->path, strlen(item->path));
    if (st.type == SG_DISK_OTHER || (st.type == SG_DISK_DIR && !emptied)) {
        return sg_fail(err, SG_E_EXISTS, "%s is a %s, expected a file", item->path,
                       st.type == SG_DISK_DIR ? "folder" : "device, pipe or socket");
    }
    if (st.type == SG_DISK_FILE && st.device != ways->device) {
        return fail_device(item->path, err);
    }
    sg_buf_addf(&passing, "%s~sg", item->path);
    rc = txn->disk->ops->lstat(txn->disk, passing.ptr, &st);
    if (rc) {
        return sg_txn_fail(txn, rc, "read", passing.ptr, err);
    }
    if (st.type != SG_DISK_NONE) {
        sg_fail(err, SG_E_EXISTS,
                "%s is in the way: sgupgrade needs that name for a "
                "moment",
                passing.ptr);
        return sg_err_hint(err, "move it elsewhere and run the command again");
    }
    return 0;
}

/* Removals first, so that a folder may take a file's place and a file a folder's; then
 * by path; `last` at the very end. */
static bool item_less(const void *a, const void *b, void *ctx) {
    const struct sg_txn_item *x = a, *y = b;
    const char *last = ctx;
    bool x_last = last && strcmp(x->path, last) == 0;
    bool y_last = last && strcmp(y->path, last) == 0;
    if (x_last || y_last) {
        return y_last && !x_last;
    }
    if (x->new.kind != y->new.kind) {
        return x->new.kind == SG_TXN_ABSENT;
    }
    return strcmp(x->path, y->path) < 0;
}

static void reindex(struct sg_txn *txn) {
    sg_strmap_release(&txn->index);
    for (size_t i = 0; i < txn->plan.items.len; i++) {
        const char *path = txn->plan.items.items[i].path;
        sg_strmap_put(&txn->index, path, strlen(path), (void *)(uintptr_t)(i + 1));
    }
}

/* Group and others are the umask's and the user's own business: writing 0644 everywhere
 * would open a Secret in rendered/ to others, and shut a shared folder's group out. */
static uint32_t mode_for(const struct sg_txn *txn, const struct sg_txn_item *item) {
    bool there = item->old.kind == SG_TXN_FILE;
    uint32_t mode = there ? item->old.mode : 0666U & ~txn->umask;
    if (item->keep_mode) {
        return mode;
    }
    return item->new.mode & 0100 ? mode | (mode & 0444) >> 2 : mode & ~0111U;
}

/* Fills in the old sides and drops what would change nothing. */
static int compare_items(struct sg_txn *txn, struct sg_err *err) {
    size_t kept = 0;
    int rc = 0;
    struct sg_txn_item *items = txn->plan.items.items;
    for (size_t i = 0; i < txn->plan.items.len; i++) {
        struct sg_txn_item *item = &items[i];
        rc = rc ? rc : sg_txn_look(txn, item->path, &item->old, err);
        if (item->new.kind == SG_TXN_FILE) {
            item->new.mode = mode_for(txn, item);
        }
        if (rc == 0 && sg_txn_side_equal(&item->old, &item->new)) {
            free(item->path);
            free(item->bytes);
        } else {
            items[kept++] = *item;
        }
    }
    txn->plan.items.len = kept;
    reindex(txn);
    return rc;
}

static int each_item(struct ways *ways, bool puts,
                     int (*call)(struct ways *ways, const struct sg_txn_item *item,
                                 const char *dir, struct sg_err *err),
                     struct sg_err *err) {
    const struct sg_txn_journal *plan = &ways->txn->plan;
    for (size_t i = 0; i < plan->items.len; i++) {
        const struct sg_txn_item *item = &plan->items.items[i];
        if ((item->new.kind == SG_TXN_FILE) == puts &&
            each_parent(ways, item, call, err)) {
            return -1;
        }
    }
    return 0;
}

static int check_ways(struct ways *ways, struct sg_err *err) {
    struct sg_txn_journal *plan = &ways->txn->plan;
    if (each_item(ways, true, check_folder, err) ||
        each_item(ways, false, check_folder, err)) {
        return -1;
    }
    sg_strmap_release(&ways->checked);
    if (each_item(ways, true, note_make, err) || each_item(ways, false, note_drop, err)) {
        return -1;
    }
    /* "a/b" sorts behind "a": children first */
    sg_sort(plan->drop.items.items, plan->drop.items.len, sizeof(char *), path_after,
            NULL);
    for (size_t i = 0; i < plan->items.len; i++) {
        if (check_place(ways, &plan->items.items[i], err)) {
            return -1;
        }
    }
    return 0;
}

int sg_txn_prepare(struct sg_txn *txn, struct sg_err *err) {
    struct sg_disk_stat root;
    struct ways ways = {.txn = txn};
    if (compare_items(txn, err)) {
        return -1;
    }
    int rc = txn->disk->ops->lstat(txn->disk, "", &root);
    if (rc) {
        return sg_txn_fail(txn, rc, "read", "", err);
    }
    ways.device = root.device;
    sg_sort(txn->plan.items.items, txn->plan.items.len, sizeof(*txn->plan.items.items),
            item_less, txn->opts.last ? (void *)(uintptr_t)txn->opts.last : NULL);
    reindex(txn);
    rc = check_ways(&ways, err);
    sg_strmap_release(&ways.checked);
    sg_strmap_release(&ways.kept);
    sg_strmap_release(&ways.dropped);
    return rc;
}

static int make_stage(struct sg_txn *txn, struct sg_err *err) {
    static const char *const folders[] = {SG_TXN_STAGE, SG_TXN_NEW, SG_TXN_OLD};
    for (size_t i = 0; i < SG_ARRAY_LEN(folders); i++) {
        int rc = txn->disk->ops->mkdir(txn->disk, folders[i]);
        if (rc) {
            return sg_txn_fail(txn, rc, "make the folder", folders[i], err);
        }
    }
    return 0;
}

int sg_txn_stage(struct sg_txn *txn, struct sg_err *err) {
    sg_auto_buf path = SG_BUF_INIT;
    if (sg_txn_clear_stage(txn, err) || make_stage(txn, err)) {
        return -1;
    }
    for (size_t i = 0; i < txn->plan.items.len; i++) {
        struct sg_txn_item *item = &txn->plan.items.items[i];
        if (item->new.kind != SG_TXN_FILE) {
            continue;
        }
        sg_txn_stage_path(&path, SG_TXN_NEW, i);
        int rc = txn->disk->ops->write(txn->disk, path.ptr, item->bytes, item->len,
                                       item->new.mode);
        if (rc) {
            return sg_txn_fail(txn, rc, "write", path.ptr, err);
        }
        free(item->bytes);
        item->bytes = NULL;
    }
    return sg_txn_sync_all(txn, err);
}

int sg_txn_stage_over(struct sg_txn *txn, struct sg_fs *over, struct sg_err *err) {
    sg_auto_buf path = SG_BUF_INIT, bytes = SG_BUF_INIT;
    for (size_t i = 0; i < txn->plan.items.len; i++) {
        const struct sg_txn_item *item = &txn->plan.items.items[i];
        if (item->new.kind != SG_TXN_FILE) {
            sg_fs_over_remove(over, item->path);
            continue;
        }
        char sha[SG_SHA256_HEX + 1];
        sg_txn_stage_path(&path, SG_TXN_NEW, i);
        sg_buf_clear(&bytes);
        int rc = txn->disk->ops->read(txn->disk, path.ptr, &bytes);
        if (rc) {
            return sg_txn_fail(txn, rc, "read", path.ptr, err);
        }
        sg_sha256_hex(bytes.ptr, bytes.len, sha);
        if (strcmp(sha, item->new.sha256) != 0) {
            sg_fail(err, SG_E_IO, "%s reads back otherwise than it was written",
                    path.ptr);
            return sg_err_hint(err, "nothing was changed; check the disk");
        }
        sg_fs_over_put(over, item->path, sg_buf_cstr(&bytes), bytes.len);
    }
    return 0;
}

int sg_txn_keep_old(struct sg_txn *txn, struct sg_err *err) {
    static const char *const folders[] = {SG_TXN_NEW, SG_TXN_OLD, SG_TXN_STAGE,
                                          SG_TXN_DIR, ""};
    sg_auto_buf path = SG_BUF_INIT;
    for (size_t i = 0; i < txn->plan.items.len; i++) {
        const struct sg_txn_item *item = &txn->plan.items.items[i];
        sg_txn_stage_path(&path, SG_TXN_OLD, i);
        if (item->old.kind == SG_TXN_FILE &&
            sg_txn_link_or_copy(txn, item->path, path.ptr, item->old.mode, err)) {
            return -1;
        }
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(folders); i++) {
        if (sg_txn_sync_dir(txn, folders[i], err)) {
            return -1;
        }
    }
    return 0;
}
