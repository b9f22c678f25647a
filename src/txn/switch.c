/* switch.c - steps 8, 9, 10 and 11: from the old files to the new ones, and back. */
#include "state.h"

#include "sg/path.h"

#include <errno.h>
#include <string.h>

/* The name a file has for the moment before it is renamed into its place. */
static void passing_name(struct sg_buf *out, const char *path) {
    sg_buf_clear(out);
    sg_buf_addf(out, "%s~sg", path);
}

/* The first of path.sgupgrade-saved, path.sgupgrade-saved-2 … that is free, or that holds
 * these bytes already (`*there`): a second recovery keeps no second copy. */
static int saved_name(struct sg_txn *txn, const char *path,
                      const struct sg_txn_side *like, struct sg_buf *out, bool *there,
                      struct sg_err *err) {
    for (unsigned n = 1;; n++) {
        struct sg_txn_side side;
        struct sg_disk_stat st;
        sg_buf_clear(out);
        sg_buf_addf(out, "%s.sgupgrade-saved", path);
        if (n > 1) {
            sg_buf_addf(out, "-%u", n);
        }
        int rc = txn->disk->ops->lstat(txn->disk, out->ptr, &st);
        if (rc) {
            return sg_txn_fail(txn, rc, "read", out->ptr, err);
        }
        if (st.type == SG_DISK_NONE) {
            *there = false;
            return 0;
        }
        if (sg_txn_look(txn, out->ptr, &side, err)) {
            return -1;
        }
        if (side.kind == SG_TXN_FILE && sg_txn_side_equal(&side, like)) {
            *there = true;
            return 0;
        }
    }
}

static int sync_parent(struct sg_txn *txn, const char *path, struct sg_err *err) {
    sg_auto_buf dir = SG_BUF_INIT;
    sg_path_dir(path, &dir);
    return sg_txn_sync_dir(txn, sg_buf_cstr(&dir), err);
}

/* Keeps the file `from`, whose content is `side`, beside `path`. */
static int save(struct sg_txn *txn, const char *from, const char *path,
                const struct sg_txn_side *side, struct sg_err *err) {
    sg_auto_buf name = SG_BUF_INIT, dir = SG_BUF_INIT;
    bool there = false;
    sg_path_dir(path, &dir);
    if (sg_txn_make_dirs(txn, sg_buf_cstr(&dir), err) ||
        saved_name(txn, path, side, &name, &there, err)) {
        return -1;
    }
    if (!there && (sg_txn_link_or_copy(txn, from, name.ptr, side->mode, err) ||
                   sync_parent(txn, path, err))) {
        return -1;
    }
    sg_diag(txn->opts.diag, "", "", SG_WARNING, (struct sg_pos){.file = path},
            "%s was edited during the upgrade; your text is kept as %s", path, name.ptr);
    return 0;
}

/* Makes the item's place hold `want`, from the staged file `source`. */
static int place(struct sg_txn *txn, const struct sg_txn_item *item,
                 const struct sg_txn_side *want, const char *source, struct sg_err *err) {
    sg_auto_buf passing = SG_BUF_INIT;
    if (want->kind != SG_TXN_FILE) {
        return sg_txn_unlink(txn, item->path, err);
    }
    passing_name(&passing, item->path);
    if (sg_txn_link_or_copy(txn, source, passing.ptr, want->mode, err)) {
        return -1;
    }
    int rc = txn->disk->ops->rename(txn->disk, passing.ptr, item->path);
    return rc ? sg_txn_fail(txn, rc, "write", item->path, err) : 0;
}

static int fail_changed(const char *path, struct sg_err *err) {
    sg_fail(err, SG_E_DIRTY, "%s was changed while it was being upgraded", path);
    return sg_err_hint(err, "run the command again");
}

/* What is there now, if anything, and the folder it was in, which may have gone. */
static int save_neither_file(struct sg_txn *txn, const char *path,
                             const struct sg_txn_side *live, struct sg_err *err) {
    sg_auto_buf dir = SG_BUF_INIT;
    if (live->kind != SG_TXN_ABSENT) {
        return save(txn, path, path, live, err);
    }
    sg_path_dir(path, &dir);
    return sg_txn_make_dirs(txn, sg_buf_cstr(&dir), err);
}

/* A formatter in a git hook changes every file of a commit: copies of them all beside the
 * base would be no release of upstream's any more. */
static bool is_hooked(struct sg_txn *txn, const char *path) {
    if (!txn->refused || !txn->opts.is_ours ||
        !txn->opts.is_ours(txn->opts.finish_ctx, path)) {
        return false;
    }
    free(txn->hooked);
    txn->hooked = sg_xstrdup(path);
    return true;
}

/* One item, towards new or old. */
static int move_item(struct sg_txn *txn, const struct sg_txn_journal *journal, size_t n,
                     bool forward, bool save_neither, struct sg_err *err) {
    const struct sg_txn_item *item = &journal->items.items[n];
    const struct sg_txn_side *want = forward ? &item->new : &item->old;
    const struct sg_txn_side *other = forward ? &item->old : &item->new;
    struct sg_txn_side live;
    sg_auto_buf source = SG_BUF_INIT;
    passing_name(&source, item->path);
    if (sg_txn_unlink(txn, source.ptr, err) || sg_txn_look(txn, item->path, &live, err)) {
        return -1;
    }
    if (sg_txn_side_equal(&live, want)) {
        return 0;
    }
    if (!sg_txn_side_equal(&live, other)) {
        if (!save_neither) {
            /* on the way back someone's new text is left where it is */
            return forward ? fail_changed(item->path, err) : 0;
        }
        if (!is_hooked(txn, item->path) &&
            save_neither_file(txn, item->path, &live, err)) {
            return -1;
        }
    }
    sg_txn_stage_path(&source, forward ? SG_TXN_NEW : SG_TXN_OLD, n);
    return place(txn, item, want, source.ptr, err);
}

static int make_folders(struct sg_txn *txn, const struct sg_txn_paths *paths,
                        struct sg_err *err) {
    for (size_t i = 0; i < paths->items.len; i++) {
        if (sg_txn_make_dirs(txn, paths->items.items[i], err)) {
            return -1;
        }
    }
    return 0;
}

static int remove_folder(struct sg_txn *txn, const char *path, struct sg_err *err) {
    int rc = txn->disk->ops->rmdir(txn->disk, path);
    bool stays = rc == ENOTEMPTY || rc == EEXIST || rc == ENOENT || rc == ENOTDIR;
    return rc && !stays ? sg_txn_fail(txn, rc, "remove the folder", path, err) : 0;
}

/* Step 9: every folder whose entries may have changed, each once. */
static int sync_parents(struct sg_txn *txn, const struct sg_txn_journal *journal,
                        struct sg_err *err) {
    sg_auto_strmap done = {0};
    sg_auto_buf dir = SG_BUF_INIT;
    size_t items = journal->items.len, made = journal->make.items.len;
    for (size_t i = 0; i < items + made + journal->drop.items.len; i++) {
        const char *path = i < items ? journal->items.items[i].path
                           : i < items + made
                               ? journal->make.items.items[i - items]
                               : journal->drop.items.items[i - items - made];
        sg_path_dir(path, &dir);
        if (!sg_strmap_has(&done, sg_buf_cstr(&dir), dir.len)) {
            sg_strmap_put(&done, sg_buf_cstr(&dir), dir.len, NULL);
            if (sg_txn_sync_dir(txn, sg_buf_cstr(&dir), err)) {
                return -1;
            }
        }
    }
    return 0;
}

/* Items up to the first that is put are removals; see item_less in stage.c. The file that
 * goes last may be a removal too, and stands behind the puts. */
static size_t leading_removals(const struct sg_txn_journal *journal) {
    size_t n = 0;
    while (n < journal->items.len && journal->items.items[n].new.kind != SG_TXN_FILE) {
        n++;
    }
    return n;
}

int sg_txn_forward(struct sg_txn *txn, const struct sg_txn_journal *journal,
                   bool save_neither, struct sg_err *err) {
    size_t removals = leading_removals(journal);
    for (size_t i = 0; i < removals; i++) {
        if (move_item(txn, journal, i, true, save_neither, err)) {
            return -1;
        }
    }
    for (size_t i = 0; i < journal->drop.items.len; i++) {
        if (remove_folder(txn, journal->drop.items.items[i], err)) {
            return -1;
        }
    }
    if (make_folders(txn, &journal->make, err)) {
        return -1;
    }
    for (size_t i = removals; i < journal->items.len; i++) {
        if (move_item(txn, journal, i, true, save_neither, err)) {
            return -1;
        }
    }
    return sync_parents(txn, journal, err);
}

int sg_txn_backward(struct sg_txn *txn, const struct sg_txn_journal *journal,
                    bool save_neither, struct sg_err *err) {
    size_t removals = leading_removals(journal);
    for (size_t i = journal->items.len; i > removals; i--) {
        if (move_item(txn, journal, i - 1, false, save_neither, err)) {
            return -1;
        }
    }
    for (size_t i = journal->make.items.len; i > 0; i--) {
        if (remove_folder(txn, journal->make.items.items[i - 1], err)) {
            return -1;
        }
    }
    if (make_folders(txn, &journal->drop, err)) {
        return -1;
    }
    for (size_t i = removals; i > 0; i--) {
        if (move_item(txn, journal, i - 1, false, save_neither, err)) {
            return -1;
        }
    }
    return sync_parents(txn, journal, err);
}

int sg_txn_save_edited(struct sg_txn *txn, const struct sg_txn_journal *journal,
                       struct sg_err *err) {
    sg_auto_buf kept = SG_BUF_INIT;
    for (size_t i = 0; i < journal->items.len; i++) {
        const struct sg_txn_item *item = &journal->items.items[i];
        struct sg_txn_side old;
        if (item->old.kind != SG_TXN_FILE) {
            continue;
        }
        sg_txn_stage_path(&kept, SG_TXN_OLD, i);
        if (sg_txn_look(txn, kept.ptr, &old, err)) {
            return -1;
        }
        if (old.kind == SG_TXN_FILE && strcmp(old.sha256, item->old.sha256) != 0 &&
            save(txn, kept.ptr, item->path, &old, err)) {
            return -1;
        }
    }
    return 0;
}

int sg_txn_end(struct sg_txn *txn, struct sg_err *err) {
    return sg_txn_unlink(txn, SG_TXN_JOURNAL, err) ||
                   sg_txn_sync_dir(txn, SG_TXN_DIR, err)
               ? -1
               : 0;
}
