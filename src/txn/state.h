/*
 * state.h - what the files of this layer share: items, the journal, and the steps of a
 * switch. docs/ARCHITECTURE.md, "The transaction", numbers the steps; S is .sgupgrade.
 */
#ifndef SG_TXN_STATE_H
#define SG_TXN_STATE_H

#include "sg/strmap.h"
#include "sg/txn.h"

#define SG_TXN_LOCK        SG_TXN_DIR "/lock"
#define SG_TXN_IGNORE      SG_TXN_DIR "/.gitignore"
#define SG_TXN_JOURNAL_TMP SG_TXN_DIR "/journal.tmp"
#define SG_TXN_STAGE       SG_TXN_DIR "/txn"
#define SG_TXN_NEW         SG_TXN_STAGE "/new"
#define SG_TXN_OLD         SG_TXN_STAGE "/old"

enum sg_txn_kind {
    SG_TXN_ABSENT, /* nothing, or a folder: folders are no items */
    SG_TXN_FILE,
    SG_TXN_FOREIGN, /* a link, a device: neither old nor new */
};

/* A path as it was, is, or shall be. */
struct sg_txn_side {
    enum sg_txn_kind kind;
    uint32_t mode;
    char sha256[SG_SHA256_HEX + 1];
};

/* Item n is staged as S/txn/new/n, its old file kept as S/txn/old/n. */
struct sg_txn_item {
    char *path;
    struct sg_txn_side old, new;
    char *bytes; /* until it is staged */
    size_t len;
    bool keep_mode; /* also the execute bit is that of the file that is there */
};

struct sg_txn_paths {
    SG_VEC(char *) items;
};
void sg_txn_paths_release(struct sg_txn_paths *paths);

struct sg_txn_journal {
    SG_VEC(struct sg_txn_item) items; /* in the order they are switched */
    struct sg_txn_paths make;         /* folders to make, parents first */
    struct sg_txn_paths drop; /* folders to remove where they are empty, children first */
    char *parent, *tree;      /* of the commit to be made; NULL: none */
};
void sg_txn_journal_release(struct sg_txn_journal *journal);
/* A path as fs.h wants it, outside of S and of any git folder: a journal may come with a
 * repository that someone else filled, and must not lead a recovery out of the project
 * or into .git/hooks. */
bool sg_txn_is_item_path(const char *path);
void sg_txn_journal_encode(const struct sg_txn_journal *journal, struct sg_buf *out);
/* SG_E_INPUT for anything but the exact bytes that encode writes. */
SG_MUST_USE int sg_txn_journal_decode(const char *text, size_t len,
                                      struct sg_txn_journal *out, struct sg_err *err);

/* A path that was looked at while planning. */
struct sg_txn_watch {
    char *path;
    enum sg_disk_type type;
    uint32_t mode;                  /* where `digest_only` is not set */
    char sha256[SG_SHA256_HEX + 1]; /* file: bytes; folder: names; link: text */
    bool digest_only;
};

struct sg_txn {
    struct sg_disk *disk;
    struct sg_txn_opts opts;
    struct sg_txn_journal plan;
    struct sg_strmap index;   /* path -> item; as a 1-based number in a pointer */
    struct sg_strmap watched; /* paths in `watches` that sg_txn_watch put there */
    SG_VEC(struct sg_txn_watch) watches;
    enum sg_txn_recovered recovered;
    uint32_t umask;
    bool locked, done;
    bool journalled; /* S/journal may be there */
    bool recovering; /* an earlier run's transaction */
    bool refused;    /* the finish hook has failed: see sg_txn_opts.is_ours */
    char *hooked;    /* a file of ours that was not as we wrote it then */
    double sync_seconds;
};

/* --- disk calls with their errors (disk_calls.c) ---------------------------------- */

/* SG_E_IO "cannot VERB PATH: …", with a hint for a full or read-only disk. */
int sg_txn_fail(const struct sg_txn *txn, int errnum, const char *verb, const char *path,
                struct sg_err *err);
SG_MUST_USE int sg_txn_sync_dir(struct sg_txn *txn, const char *path, struct sg_err *err);
SG_MUST_USE int sg_txn_sync_all(struct sg_txn *txn, struct sg_err *err);
SG_MUST_USE int sg_txn_sync_file(struct sg_txn *txn, const char *path,
                                 struct sg_err *err);
/* What is at `path`; a way through a link or another kind of file is FOREIGN. */
SG_MUST_USE int sg_txn_look(struct sg_txn *txn, const char *path, struct sg_txn_side *out,
                            struct sg_err *err);
bool sg_txn_side_equal(const struct sg_txn_side *a, const struct sg_txn_side *b);
/* A second name for the file, or a synced copy where the file system has no links. */
SG_MUST_USE int sg_txn_link_or_copy(struct sg_txn *txn, const char *from, const char *to,
                                    uint32_t mode, struct sg_err *err);
/* Unlink; nothing there is fine. */
SG_MUST_USE int sg_txn_unlink(struct sg_txn *txn, const char *path, struct sg_err *err);
/* Makes the folder and those above it that are missing. */
SG_MUST_USE int sg_txn_make_dirs(struct sg_txn *txn, const char *path,
                                 struct sg_err *err);
/* Removes S/txn and S/journal.tmp. */
SG_MUST_USE int sg_txn_clear_stage(struct sg_txn *txn, struct sg_err *err);
/* "S/txn/new/n" (or old). */
void sg_txn_stage_path(struct sg_buf *out, const char *folder, size_t n);

/* --- steps ------------------------------------------------------------------------ */

/* Every watched path is as it was, else SG_E_DIRTY (watch.c). */
SG_MUST_USE int sg_txn_recheck(struct sg_txn *txn, struct sg_err *err);

/* Steps 2 and 3: fills in the old sides, the folders and the order, writes S/txn/new
 * (stage.c). Without an item left, nothing is written. */
SG_MUST_USE int sg_txn_prepare(struct sg_txn *txn, struct sg_err *err);
SG_MUST_USE int sg_txn_stage(struct sg_txn *txn, struct sg_err *err);
/* Step 6 (stage.c). */
SG_MUST_USE int sg_txn_keep_old(struct sg_txn *txn, struct sg_err *err);

/*
 * Steps 8 and 9, and their way back (switch.c). An item that is neither old nor new fails
 * with SG_E_DIRTY (forward) or is left as it is (backward), unless `save` is set: then it
 * is kept as name.sgupgrade-saved first.
 */
SG_MUST_USE int sg_txn_forward(struct sg_txn *txn, const struct sg_txn_journal *journal,
                               bool save, struct sg_err *err);
SG_MUST_USE int sg_txn_backward(struct sg_txn *txn, const struct sg_txn_journal *journal,
                                bool save, struct sg_err *err);
/* Step 11: files that were edited during the switch. */
SG_MUST_USE int sg_txn_save_edited(struct sg_txn *txn,
                                   const struct sg_txn_journal *journal,
                                   struct sg_err *err);
/* Step 10, and the end of a way back. */
SG_MUST_USE int sg_txn_end(struct sg_txn *txn, struct sg_err *err);
/* Forward, the finish hook, and on any failure backward. The journal is gone after it,
 * or `err` says that it is kept (commit.c). */
SG_MUST_USE int sg_txn_switch(struct sg_txn *txn, const struct sg_txn_journal *journal,
                              bool save, struct sg_err *err);
SG_MUST_USE int sg_txn_switch_back(struct sg_txn *txn,
                                   const struct sg_txn_journal *journal, bool save,
                                   struct sg_err *err);

/* The table of docs/ARCHITECTURE.md (recover.c). Holds the exclusive lock. */
SG_MUST_USE int sg_txn_recover(struct sg_txn *txn, struct sg_err *err);

#endif
