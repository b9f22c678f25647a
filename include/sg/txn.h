/*
 * txn.h - changing many files of a project as one: after a crash, a kill, a power cut or
 * a full disk, the next command that opens a transaction finds exactly the old files, or
 * makes exactly the new ones. docs/ARCHITECTURE.md, "The transaction", is the protocol.
 *
 * Everything it needs lies in the folder .sgupgrade (with a .gitignore of its own): a
 * lock, and while a transaction runs the staged files and the journal. Files are the
 * items; folders are made and removed as the files need them. The journal's rename is the
 * point from which the new state is the one that recovery brings about.
 *
 *     sg_txn_open      lock; finish or undo what an earlier run left
 *     sg_txn_watch …   note every path that the plan has read
 *     sg_txn_put …     say what shall be
 *     sg_txn_commit    stage, verify (your hook), recheck, switch, finish (your hook)
 *     sg_txn_free      gives the lock up; without a commit nothing has changed
 */
#ifndef SG_TXN_H
#define SG_TXN_H

#include "sg/diag.h"
#include "sg/disk.h"
#include "sg/fs.h"
#include "sg/sha256.h"

#define SG_TXN_DIR     ".sgupgrade"
#define SG_TXN_JOURNAL SG_TXN_DIR "/journal"

struct sg_txn;

/*
 * Called at the end of the switch, when every file is new and the journal is still there:
 * the place to make the git commit. `parent` and `tree` are what sg_txn_set_commit was
 * given, by this run or by the one that was interrupted; it must look first whether the
 * commit is there already. On failure all files go back to the old state; only in a
 * recovery that fails with SG_E_LOCKED the journal waits for the next command.
 */
typedef int sg_txn_finish_fn(void *ctx, const char *parent, const char *tree,
                             struct sg_err *err);

/* What to do with an interrupted transaction when a file is neither as it was nor as it
 * shall be. Either way such a file is kept as name.sgupgrade-saved. */
enum sg_txn_decision {
    SG_TXN_ASK,    /* stop and name the file: SG_E_DIRTY, with a hint at the two flags */
    SG_TXN_RESUME, /* make the new state (apply --resume) */
    SG_TXN_ABORT,  /* make the old state (apply --abort), whatever was found */
};

struct sg_txn_opts {
    bool write;       /* false: a reader's shared lock, nothing can be put */
    const char *last; /* the file switched last ("sgupgrade.lock"), or NULL */
    enum sg_txn_decision decision;
    /* how long a reader waits for a writer, and a writer for readers; another writer is
     * never waited for */
    uint32_t wait_ms;
    sg_txn_finish_fn *finish; /* for recovery and commit; NULL: no commit is made */
    void *finish_ctx;
    /* Called with finish_ctx when every file of a transaction with a commit is old again:
     * what the finish hook had begun (git's index) is to be undone as well. NULL: nothing
     * is. */
    void (*give_up)(void *finish_ctx);
    /* Called with finish_ctx where the finish hook failed: nobody but us writes this file
     * (vendored, rendered), so what git's hooks made of it is not kept. NULL: none is. */
    bool (*is_ours)(void *finish_ctx, const char *path);
    const struct sg_diag_sink *diag; /* told of what was recovered and saved, or NULL */
};

enum sg_txn_recovered {
    SG_TXN_NOTHING, /* no transaction was interrupted */
    SG_TXN_REDONE,  /* the new state was completed */
    SG_TXN_UNDONE,  /* the old state was restored */
};

/*
 * Takes the lock and recovers. `disk` is borrowed. Errors:
 *  SG_E_LOCKED  another run holds the lock; names it
 *  SG_E_DIRTY   a file is neither old nor new (see enum sg_txn_decision)
 *  SG_E_INPUT   the journal is damaged, or staged files that are needed are gone;
 *               nothing was touched
 *  SG_E_IO      recovery needs to write and cannot; names the journal
 * A reader upgrades its lock for recovery. Where no .sgupgrade exists, a reader makes
 * nothing.
 */
SG_MUST_USE struct sg_txn *
sg_txn_open(struct sg_disk *disk, const struct sg_txn_opts *opts, struct sg_err *err);
/* Gives the lock up and removes what was staged; no effect on a commit. NULL is ignored.
 */
void sg_txn_free(struct sg_txn *txn);
void sg_txn_freep(struct sg_txn **txn);
#define sg_auto_txn SG_CLEANUP(sg_txn_freep) struct sg_txn *

/* What sg_txn_open did. */
enum sg_txn_recovered sg_txn_recovered(const struct sg_txn *txn);
/* An interrupted transaction waits for recovery in this folder. */
bool sg_txn_pending(struct sg_disk *disk);

/*
 * Notes what is at `path` now (file: bytes and mode; folder: its names; link: its text;
 * or nothing) and stops the commit where that has changed: call it for every path that
 * sg_fs_record reports, before reading it or right after. SG_E_IO where it cannot be
 * read.
 */
SG_MUST_USE int sg_txn_watch(struct sg_txn *txn, const char *path, struct sg_err *err);
/* The same for a file whose digest is known from reading it; NULL: nothing is there. */
void sg_txn_expect(struct sg_txn *txn, const char *path, const char *sha256);

/*
 * The file shall have these bytes (copied). Of `mode` the owner's execute bit counts, as
 * in git: a file that is there keeps its other permission bits, a new one gets what the
 * umask leaves. 0: the execute bit too is that of the file that is there (a new one has
 * none). The last word on a path wins. A path that is not clean, or in .sgupgrade, is a
 * bug of the caller.
 */
void sg_txn_put(struct sg_txn *txn, const char *path, const void *bytes, size_t len,
                uint32_t mode);
/* The file shall not be there; folders that this empties go too. */
void sg_txn_remove(struct sg_txn *txn, const char *path);
/* How many paths were put or removed. */
size_t sg_txn_count(const struct sg_txn *txn);
/* Journal these two ids for the finish hook; copied, one line each. */
void sg_txn_set_commit(struct sg_txn *txn, const char *parent, const char *tree);

/* Called with everything staged and nothing switched: render again from what
 * sg_txn_stage_over shows and compare with the plan. On failure nothing has changed. */
typedef int sg_txn_verify_fn(void *ctx, struct sg_txn *txn, struct sg_err *err);

/*
 * Performs the transaction; `verify` may be NULL. Items that would not change a file are
 * dropped; with none left nothing is written and finish is not called. On failure the
 * old state is there again, or (said in the error) the journal is kept and the next
 * command recovers. Errors: SG_E_DIRTY a watched path has changed; SG_E_INPUT a symbolic
 * link or another file system on the way; SG_E_EXISTS something that is no file in the
 * way; SG_E_IO; whatever the hooks say. At most once a transaction.
 */
SG_MUST_USE int sg_txn_commit(struct sg_txn *txn, sg_txn_verify_fn *verify,
                              void *verify_ctx, struct sg_err *err);
/* In the verify hook: lays the staged files, read back from the disk, over the project's
 * files (`over`, made by sg_fs_over). */
SG_MUST_USE int sg_txn_stage_over(struct sg_txn *txn, struct sg_fs *over,
                                  struct sg_err *err);
/* Seconds spent in calls that make bytes durable, for the bench. */
double sg_txn_sync_seconds(const struct sg_txn *txn);

#endif
