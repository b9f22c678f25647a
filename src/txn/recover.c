/* recover.c - what the next command does about an interrupted transaction. */
#include "state.h"

#include <errno.h>
#include <string.h>

/* What was found of all items together. */
struct findings {
    size_t old, new;     /* items that are as they were, as they shall be */
    const char *neither; /* the first that is none of both */
    const char *no_new;  /* the first that is not new and whose staged file is damaged */
    const char *no_old;  /* the first that is not old and whose kept file is damaged */
};

/* The staged or kept file of item `n` is there and whole. */
static int is_intact(struct sg_txn *txn, const struct sg_txn_side *want,
                     const char *folder, size_t n, bool *intact, struct sg_err *err) {
    struct sg_txn_side side;
    sg_auto_buf path = SG_BUF_INIT;
    *intact = true;
    if (want->kind != SG_TXN_FILE) {
        return 0;
    }
    sg_txn_stage_path(&path, folder, n);
    if (sg_txn_look(txn, path.ptr, &side, err)) {
        return -1;
    }
    *intact = sg_txn_side_equal(&side, want);
    return 0;
}

static int classify(struct sg_txn *txn, const struct sg_txn_journal *journal, size_t n,
                    struct findings *found, struct sg_err *err) {
    const struct sg_txn_item *item = &journal->items.items[n];
    struct sg_txn_side live;
    bool intact;
    if (sg_txn_look(txn, item->path, &live, err)) {
        return -1;
    }
    bool is_old = sg_txn_side_equal(&live, &item->old);
    bool is_new = sg_txn_side_equal(&live, &item->new);
    found->old += is_old;
    found->new += is_new;
    if (!is_old && !is_new && !found->neither) {
        found->neither = item->path;
    }
    if (!is_new && !found->no_new) {
        if (is_intact(txn, &item->new, SG_TXN_NEW, n, &intact, err)) {
            return -1;
        }
        found->no_new = intact ? NULL : item->path;
    }
    if (!is_old && !found->no_old) {
        if (is_intact(txn, &item->old, SG_TXN_OLD, n, &intact, err)) {
            return -1;
        }
        found->no_old = intact ? NULL : item->path;
    }
    return 0;
}

static int fail_neither(const struct sg_txn *txn, const char *path, struct sg_err *err) {
    sg_fail(err, SG_E_DIRTY,
            "an upgrade of %s was interrupted, and %s is now neither as it was nor as it "
            "shall be",
            txn->disk->where, path);
    return sg_err_hint(err,
                       "run \"sgupgrade apply --resume\" to complete the upgrade or "
                       "\"sgupgrade apply --abort\" to undo it; either keeps your "
                       "file as %s.sgupgrade-saved",
                       path);
}

/* `other`: the flag of the direction that is still open, or NULL. */
static int fail_lost(const struct sg_txn *txn, const char *path, const char *folder,
                     const char *other, struct sg_err *err) {
    sg_fail(err, SG_E_INPUT,
            "an upgrade of %s was interrupted, and its copy of %s in %s is missing or "
            "damaged; nothing was touched",
            txn->disk->where, path, folder);
    if (other) {
        return sg_err_hint(err, "the other way is open: sgupgrade apply %s", other);
    }
    return sg_err_hint(err, "restore the project from git, then remove %s",
                       SG_TXN_JOURNAL);
}

/* Decides the direction. */
static int decide(const struct sg_txn *txn, const struct findings *found, bool *forward,
                  struct sg_err *err) {
    switch (txn->opts.decision) {
    case SG_TXN_RESUME:
        *forward = true;
        return found->no_new ? fail_lost(txn, found->no_new, SG_TXN_NEW,
                                         found->no_old ? NULL : "--abort", err)
                             : 0;
    case SG_TXN_ABORT:
        *forward = false;
        return found->no_old ? fail_lost(txn, found->no_old, SG_TXN_OLD,
                                         found->no_new ? NULL : "--resume", err)
                             : 0;
    case SG_TXN_ASK:
        break;
    }
    if (found->neither) {
        return fail_neither(txn, found->neither, err);
    }
    *forward = !found->no_new;
    return found->no_new && found->no_old
               ? fail_lost(txn, found->no_new, SG_TXN_NEW, NULL, err)
               : 0;
}

static int recover_journal(struct sg_txn *txn, const struct sg_txn_journal *journal,
                           struct sg_err *err) {
    struct findings found = {0};
    bool forward = true;
    for (size_t i = 0; i < journal->items.len; i++) {
        if (classify(txn, journal, i, &found, err)) {
            return -1;
        }
    }
    if (decide(txn, &found, &forward, err)) {
        return -1;
    }
    bool save = txn->opts.decision != SG_TXN_ASK;
    txn->recovering = true;
    int rc = forward ? sg_txn_switch(txn, journal, save, err)
                     : sg_txn_switch_back(txn, journal, save, err);
    if (rc && forward && !sg_txn_pending(txn->disk)) {
        sg_err_hint(err, "the project is as it was before the upgrade: run the command "
                         "again");
        return sg_err_wrap(err, "an interrupted upgrade was undone, as it could not be "
                                "completed");
    }
    if (rc && (err->code == SG_E_IO || err->code == SG_E_LOCKED)) {
        sg_err_wrap(err, "cannot recover the interrupted upgrade of %s/%s",
                    txn->disk->where, SG_TXN_JOURNAL);
    }
    if (rc) {
        return -1;
    }
    txn->recovering = false;
    txn->recovered = forward ? SG_TXN_REDONE : SG_TXN_UNDONE;
    sg_diag(txn->opts.diag, "", "", SG_INFO, (struct sg_pos){0},
            forward ? "an interrupted upgrade was completed (%zu files)"
                    : "an interrupted upgrade was undone (%zu files)",
            forward ? found.old : found.new);
    return 0;
}

int sg_txn_recover(struct sg_txn *txn, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    int rc = txn->disk->ops->read(txn->disk, SG_TXN_JOURNAL, &text);
    if (rc == ENOENT) {
        return sg_txn_clear_stage(txn, err);
    }
    if (rc) {
        return sg_txn_fail(txn, rc, "read", SG_TXN_JOURNAL, err);
    }
    struct sg_txn_journal journal = {0};
    struct sg_err why = {0};
    rc = sg_txn_journal_decode(sg_buf_cstr(&text), text.len, &journal, &why);
    if (rc) {
        sg_fail(err, SG_E_INPUT, "the journal %s/%s is damaged: %s; nothing was touched",
                txn->disk->where, SG_TXN_JOURNAL, why.text);
        sg_err_hint(err, "restore the project from git, then remove %s", SG_TXN_JOURNAL);
    } else {
        rc = recover_journal(txn, &journal, &why);
        if (rc) {
            sg_err_pass(err, &why);
        }
    }
    sg_txn_journal_release(&journal);
    return rc;
}
