/* commit.c - the order of the steps. */
#include "state.h"

#include <string.h>

static int write_journal(struct sg_txn *txn, struct sg_err *err) {
    const struct sg_disk_ops *ops = txn->disk->ops;
    sg_auto_buf text = SG_BUF_INIT;
    sg_txn_journal_encode(&txn->plan, &text);
    int rc = ops->write(txn->disk, SG_TXN_JOURNAL_TMP, text.ptr, text.len, 0644);
    if (rc) {
        return sg_txn_fail(txn, rc, "write", SG_TXN_JOURNAL_TMP, err);
    }
    if (sg_txn_sync_file(txn, SG_TXN_JOURNAL_TMP, err)) {
        return -1;
    }
    txn->journalled = true;
    rc = ops->rename(txn->disk, SG_TXN_JOURNAL_TMP, SG_TXN_JOURNAL);
    if (rc) {
        return sg_txn_fail(txn, rc, "write", SG_TXN_JOURNAL, err);
    }
    return sg_txn_sync_dir(txn, SG_TXN_DIR, err);
}

/* The files are as they were, or shall be, whatever becomes of S/txn: what cannot be
 * removed now is removed by the next command that writes. */
static void clear_quietly(struct sg_txn *txn) {
    struct sg_err ignored = {0};
    (void)!sg_txn_clear_stage(txn, &ignored);
}

static int keep_journal(const struct sg_txn *txn, const struct sg_err *why,
                        struct sg_err *err) {
    sg_err_wrap(err,
                "the upgrade stopped half way and could not be undone (%s), its "
                "journal is kept in %s/%s",
                why->text, txn->disk->where, SG_TXN_JOURNAL);
    err->hint[0] = '\0';
    return sg_err_hint(err, "remove the cause, then run any sgupgrade command: it "
                            "finishes or undoes the upgrade first");
}

int sg_txn_switch_back(struct sg_txn *txn, const struct sg_txn_journal *journal,
                       bool save, struct sg_err *err) {
    if (sg_txn_backward(txn, journal, save, err)) {
        return -1;
    }
    if (journal->parent && txn->opts.give_up) {
        txn->opts.give_up(txn->opts.finish_ctx);
    }
    if (sg_txn_end(txn, err)) {
        return -1;
    }
    clear_quietly(txn);
    return 0;
}

static int hint_hooked(const struct sg_txn *txn, struct sg_err *err) {
    return txn->hooked ? sg_err_hint(err,
                                     "a git hook changed %s, which must stay as it was "
                                     "written: exclude such files from the hook",
                                     txn->hooked)
                       : -1;
}

/* A hook that reformats and lets the commit pass: the next check would find it, far from
 * its cause. */
static void warn_hooked(struct sg_txn *txn, const struct sg_txn_journal *journal) {
    size_t count = 0;
    const char *first = NULL;
    for (size_t i = 0; txn->opts.is_ours && i < journal->items.len; i++) {
        const struct sg_txn_item *item = &journal->items.items[i];
        struct sg_txn_side live;
        struct sg_err ignored = {0};
        if (txn->opts.is_ours(txn->opts.finish_ctx, item->path) &&
            sg_txn_look(txn, item->path, &live, &ignored) == 0 &&
            !sg_txn_side_equal(&live, &item->new)) {
            first = count++ == 0 ? item->path : first;
        }
    }
    if (count > 0) {
        sg_diag(txn->opts.diag, "", "", SG_WARNING, (struct sg_pos){.file = first},
                "a git hook changed this file and %zu more that must stay as they were "
                "written: exclude such files from the hook",
                count - 1);
    }
}

int sg_txn_switch(struct sg_txn *txn, const struct sg_txn_journal *journal, bool save,
                  struct sg_err *err) {
    struct sg_err back = {0};
    int rc = sg_txn_forward(txn, journal, save, err);
    if (rc == 0 && journal->parent && txn->opts.finish) {
        rc = txn->opts.finish(txn->opts.finish_ctx, journal->parent, journal->tree, err);
        /* a hook of git's may have edited the new files: keep its text, restore ours */
        if (rc && txn->recovering && err->code == SG_E_LOCKED) {
            return -1; /* all is new but the commit: it waits with the journal */
        }
        txn->refused = rc != 0;
        save = save || txn->refused;
        if (rc == 0) {
            warn_hooked(txn, journal);
        }
    }
    rc = rc ? rc : sg_txn_save_edited(txn, journal, err);
    if (rc) {
        rc = sg_txn_switch_back(txn, journal, save, &back);
        return rc ? keep_journal(txn, &back, err) : hint_hooked(txn, err);
    }
    if (sg_txn_end(txn, &back)) {
        /* everything is new and durable; a journal that stays is found finished */
        sg_diag(txn->opts.diag, "", "", SG_WARNING, (struct sg_pos){0},
                "the upgrade is complete, but its journal could not be removed: %s",
                back.text);
        return 0;
    }
    clear_quietly(txn);
    return 0;
}

/* Steps 2 to 7; nothing has changed when this fails. */
static int up_to_commit_point(struct sg_txn *txn, sg_txn_verify_fn *verify, void *ctx,
                              struct sg_err *err) {
    if (sg_txn_stage(txn, err) || (verify && verify(ctx, txn, err)) ||
        sg_txn_recheck(txn, err) || sg_txn_keep_old(txn, err)) {
        return -1;
    }
    return write_journal(txn, err);
}

int sg_txn_commit(struct sg_txn *txn, sg_txn_verify_fn *verify, void *verify_ctx,
                  struct sg_err *err) {
    struct sg_err back = {0};
    if (!txn->opts.write || txn->done) {
        SG_BUG("commit of a reader's transaction, or a second one");
    }
    txn->done = true;
    if (sg_txn_prepare(txn, err)) {
        return -1;
    }
    if (txn->plan.items.len == 0) {
        return 0;
    }
    if (up_to_commit_point(txn, verify, verify_ctx, err)) {
        /* the journal may stand although its sync failed: take it back */
        if (txn->journalled && sg_txn_end(txn, &back)) {
            return keep_journal(txn, &back, err);
        }
        clear_quietly(txn);
        return -1;
    }
    return sg_txn_switch(txn, &txn->plan, false, err);
}
