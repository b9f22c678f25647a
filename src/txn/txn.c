/* txn.c - a transaction's life: lock, recover, collect, free. */
#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool sg_txn_pending(struct sg_disk *disk) {
    struct sg_disk_stat st;
    return disk->ops->lstat(disk, SG_TXN_JOURNAL, &st) == 0 && st.type != SG_DISK_NONE;
}

static void holder_text(char out[128]) {
    char host[64] = "";
    if (gethostname(host, sizeof(host)) != 0) {
        host[0] = '\0';
    }
    host[sizeof(host) - 1] = '\0';
    snprintf(out, 128, "process %ld on %s\n", (long)getpid(), *host ? host : "this host");
}

static int fail_locked(const struct sg_txn *txn, struct sg_err *err) {
    sg_auto_buf holder = SG_BUF_INIT;
    (void)!txn->disk->ops->read(txn->disk, SG_TXN_LOCK, &holder);
    const char *text = sg_buf_cstr(&holder);
    size_t len = strcspn(text, "\n");
    sg_fail(err, SG_E_LOCKED, "another sgupgrade is working in %s (%.*s)",
            txn->disk->where, len ? (int)len : 7, len ? text : "unknown");
    return sg_err_hint(err, "wait for it to end and run the command again");
}

static int fail_read_locked(const struct sg_txn *txn, struct sg_err *err) {
    sg_fail(err, SG_E_LOCKED, "other sgupgrade commands are reading %s",
            txn->disk->where);
    return sg_err_hint(err, "wait for them to end and run the command again");
}

/* Recovery that cannot even lock must say what it is about. */
static int fail_lock(const struct sg_txn *txn, int errnum, struct sg_err *err) {
    sg_txn_fail(txn, errnum, "lock", SG_TXN_LOCK, err);
    return sg_txn_pending(txn->disk)
               ? sg_err_wrap(err, "an interrupted upgrade waits in %s/%s",
                             txn->disk->where, SG_TXN_JOURNAL)
               : -1;
}

static int lock_exclusive(struct sg_txn *txn, struct sg_err *err) {
    char holder[128];
    holder_text(holder);
    int rc = txn->disk->ops->lock(txn->disk, SG_TXN_LOCK, true, holder);
    if (rc == EWOULDBLOCK) {
        return fail_locked(txn, err);
    }
    if (rc) {
        return fail_lock(txn, rc, err);
    }
    txn->locked = true;
    return 0;
}

/* Waits a little; false when that was long enough. */
static bool pause_a_little(const struct sg_txn *txn, uint32_t *waited_ms) {
    enum { PAUSE_MS = 20 };
    const struct timespec pause = {0, PAUSE_MS * 1000000L};
    if (*waited_ms >= txn->opts.wait_ms) {
        return false;
    }
    nanosleep(&pause, NULL);
    *waited_ms += PAUSE_MS;
    return true;
}

/*
 * A writer's lock. Another writer is an error at once; readers (a `status` in a prompt, a
 * `check` beside us) are over soon and waited for. Only they leave room for a shared
 * lock.
 */
static int lock_writer(struct sg_txn *txn, struct sg_err *err) {
    const struct sg_disk_ops *ops = txn->disk->ops;
    uint32_t waited_ms = 0;
    for (;;) {
        struct sg_err busy = {0};
        if (lock_exclusive(txn, &busy) == 0) {
            return 0;
        }
        if (busy.code == SG_E_LOCKED &&
            ops->lock(txn->disk, SG_TXN_LOCK, false, NULL) == 0) {
            ops->unlock(txn->disk);
            if (pause_a_little(txn, &waited_ms)) {
                continue;
            }
            return fail_read_locked(txn, err);
        }
        return sg_err_pass(err, &busy);
    }
}

/* S itself, and what keeps git from seeing it. */
static int make_folder(struct sg_txn *txn, struct sg_err *err) {
    struct sg_disk_stat st, root;
    int rc = txn->disk->ops->mkdir(txn->disk, SG_TXN_DIR);
    if (rc && rc != EEXIST) {
        return sg_txn_fail(txn, rc, "make the folder", SG_TXN_DIR, err);
    }
    rc = txn->disk->ops->lstat(txn->disk, SG_TXN_DIR, &st);
    rc = rc ? rc : txn->disk->ops->lstat(txn->disk, "", &root);
    if (rc) {
        return sg_txn_fail(txn, rc, "read", SG_TXN_DIR, err);
    }
    if (st.type != SG_DISK_DIR || st.device != root.device) {
        return sg_fail(err, SG_E_INPUT,
                       "%s/%s must be a folder on the file system of the project",
                       txn->disk->where, SG_TXN_DIR);
    }
    return 0;
}

static int write_ignore(struct sg_txn *txn, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    int rc = txn->disk->ops->read(txn->disk, SG_TXN_IGNORE, &text);
    if (rc == 0 && strcmp(sg_buf_cstr(&text), "*\n") == 0) {
        return 0;
    }
    if (rc == 0 && sg_txn_unlink(txn, SG_TXN_IGNORE, err)) {
        return -1; /* a crash left it empty */
    }
    rc = txn->disk->ops->write(txn->disk, SG_TXN_IGNORE, "*\n", 2, 0644);
    return rc ? sg_txn_fail(txn, rc, "write", SG_TXN_IGNORE, err) : 0;
}

static int open_writer(struct sg_txn *txn, struct sg_err *err) {
    if (make_folder(txn, err) || lock_writer(txn, err) || sg_txn_recover(txn, err)) {
        return -1;
    }
    return write_ignore(txn, err);
}

/* A shared lock, waiting for a writer as long as it was allowed to. */
static int lock_shared(struct sg_txn *txn, uint32_t *waited_ms, struct sg_err *err) {
    for (;;) {
        int rc = txn->disk->ops->lock(txn->disk, SG_TXN_LOCK, false, NULL);
        if (rc == ENOENT || rc == ENOTDIR) {
            return 0; /* nobody has ever written here */
        }
        if (rc == 0) {
            txn->locked = true;
            return 0;
        }
        if (rc != EWOULDBLOCK) {
            return fail_lock(txn, rc, err);
        }
        if (!pause_a_little(txn, waited_ms)) {
            return fail_locked(txn, err);
        }
    }
}

/* A reader that finds a journal becomes a writer for a moment, and looks again. Where
 * another one was faster, that one recovers. */
static int open_reader(struct sg_txn *txn, struct sg_err *err) {
    uint32_t waited_ms = 0;
    for (;;) {
        struct sg_err busy = {0};
        if (lock_shared(txn, &waited_ms, err)) {
            return -1;
        }
        if (!sg_txn_pending(txn->disk)) {
            return 0;
        }
        if (lock_exclusive(txn, &busy) == 0) {
            if (sg_txn_recover(txn, err)) {
                return -1;
            }
        } else if (busy.code != SG_E_LOCKED || !pause_a_little(txn, &waited_ms)) {
            return sg_err_pass(err, &busy);
        }
    }
}

/* Asking for the umask sets it: there is one thread, and the next line puts it back. */
static uint32_t process_umask(void) {
    mode_t mask = umask(077);
    umask(mask);
    return mask;
}

struct sg_txn *sg_txn_open(struct sg_disk *disk, const struct sg_txn_opts *opts,
                           struct sg_err *err) {
    struct sg_txn *txn = sg_xcalloc(1, sizeof(*txn));
    txn->disk = disk;
    txn->opts = *opts;
    txn->umask = process_umask();
    txn->opts.last = opts->last ? sg_xstrdup(opts->last) : NULL;
    if (opts->write ? open_writer(txn, err) : open_reader(txn, err)) {
        sg_txn_free(txn);
        return NULL;
    }
    return txn;
}

void sg_txn_free(struct sg_txn *txn) {
    if (!txn) {
        return;
    }
    if (txn->locked) {
        txn->disk->ops->unlock(txn->disk);
    }
    for (size_t i = 0; i < txn->watches.len; i++) {
        free(txn->watches.items[i].path);
    }
    sg_vec_release(&txn->watches);
    sg_strmap_release(&txn->watched);
    sg_strmap_release(&txn->index);
    sg_txn_journal_release(&txn->plan);
    free((void *)(uintptr_t)txn->opts.last);
    free(txn->hooked);
    free(txn);
}

void sg_txn_freep(struct sg_txn **txn) {
    sg_txn_free(*txn);
    *txn = NULL;
}

enum sg_txn_recovered sg_txn_recovered(const struct sg_txn *txn) {
    return txn->recovered;
}

double sg_txn_sync_seconds(const struct sg_txn *txn) {
    return txn->sync_seconds;
}

size_t sg_txn_count(const struct sg_txn *txn) {
    return txn->plan.items.len;
}

/* The item for `path`, emptied of what was said before. */
static struct sg_txn_item *want(struct sg_txn *txn, const char *path) {
    if (!txn->opts.write || txn->done || !sg_txn_is_item_path(path)) {
        SG_BUG("a path that cannot be put or removed");
    }
    size_t at = (size_t)(uintptr_t)sg_strmap_get(&txn->index, path, strlen(path));
    if (!at) {
        sg_vec_push(&txn->plan.items, (struct sg_txn_item){.path = sg_xstrdup(path)});
        at = txn->plan.items.len;
        sg_strmap_put(&txn->index, path, strlen(path), (void *)(uintptr_t)at);
    }
    struct sg_txn_item *item = &txn->plan.items.items[at - 1];
    free(item->bytes);
    *item = (struct sg_txn_item){.path = item->path};
    return item;
}

void sg_txn_put(struct sg_txn *txn, const char *path, const void *bytes, size_t len,
                uint32_t mode) {
    struct sg_txn_item *item = want(txn, path);
    item->new.kind = SG_TXN_FILE;
    item->new.mode = mode & 07777;
    item->keep_mode = mode == 0;
    item->bytes = sg_xstrndup(bytes, len);
    item->len = len;
    sg_sha256_hex(item->bytes, len, item->new.sha256);
}

void sg_txn_remove(struct sg_txn *txn, const char *path) {
    want(txn, path)->new.kind = SG_TXN_ABSENT;
}

void sg_txn_set_commit(struct sg_txn *txn, const char *parent, const char *tree) {
    free(txn->plan.parent);
    free(txn->plan.tree);
    txn->plan.parent = sg_xstrdup(parent);
    txn->plan.tree = sg_xstrdup(tree);
}
