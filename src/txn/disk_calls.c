/* disk_calls.c - the disk's calls with errors a person can act on. */
#include "state.h"

#include "sg/path.h"

#include <errno.h>
#include <string.h>
#include <time.h>

int sg_txn_fail(const struct sg_txn *txn, int errnum, const char *verb, const char *path,
                struct sg_err *err) {
    sg_fail_sys(err, errnum, "cannot %s %s%s%s", verb, txn->disk->where, *path ? "/" : "",
                path);
    switch (errnum) {
    case ENOSPC:
    case EDQUOT:
        return sg_err_hint(err, "make room on the disk and run the command again");
    case EROFS:
        return sg_err_hint(err, "make the file system writable and run it again");
    case EACCES:
    case EPERM:
        return sg_err_hint(err, "check who owns the folder, and run it again");
    default:
        return sg_err_hint(err, "check the disk and the system's log, and run it again");
    }
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int sg_txn_sync_dir(struct sg_txn *txn, const char *path, struct sg_err *err) {
    double start = now();
    int rc = txn->disk->ops->sync_dir(txn->disk, path);
    txn->sync_seconds += now() - start;
    /* a folder that was removed has nothing to sync: its parent is synced as well */
    return rc && rc != ENOENT && rc != ENOTDIR ? sg_txn_fail(txn, rc, "sync", path, err)
                                               : 0;
}

int sg_txn_sync_all(struct sg_txn *txn, struct sg_err *err) {
    double start = now();
    int rc = txn->disk->ops->sync_all(txn->disk);
    txn->sync_seconds += now() - start;
    return rc ? sg_txn_fail(txn, rc, "sync", "", err) : 0;
}

int sg_txn_sync_file(struct sg_txn *txn, const char *path, struct sg_err *err) {
    double start = now();
    int rc = txn->disk->ops->sync_file(txn->disk, path);
    txn->sync_seconds += now() - start;
    return rc ? sg_txn_fail(txn, rc, "sync", path, err) : 0;
}

int sg_txn_look(struct sg_txn *txn, const char *path, struct sg_txn_side *out,
                struct sg_err *err) {
    struct sg_disk_stat st;
    sg_auto_buf bytes = SG_BUF_INIT;
    *out = (struct sg_txn_side){0};
    int rc = txn->disk->ops->lstat(txn->disk, path, &st);
    if (rc == ELOOP) {
        out->kind = SG_TXN_FOREIGN;
        return 0;
    }
    if (rc == 0 && st.type == SG_DISK_FILE) {
        rc = txn->disk->ops->read(txn->disk, path, &bytes);
    }
    if (rc) {
        return sg_txn_fail(txn, rc, "read", path, err);
    }
    switch (st.type) {
    case SG_DISK_NONE:
    case SG_DISK_DIR:
        out->kind = SG_TXN_ABSENT;
        break;
    case SG_DISK_LINK:
    case SG_DISK_OTHER:
        out->kind = SG_TXN_FOREIGN;
        break;
    case SG_DISK_FILE:
        out->kind = SG_TXN_FILE;
        out->mode = st.mode;
        sg_sha256_hex(bytes.ptr, bytes.len, out->sha256);
        break;
    }
    return 0;
}

bool sg_txn_side_equal(const struct sg_txn_side *a, const struct sg_txn_side *b) {
    if (a->kind != b->kind || a->kind == SG_TXN_FOREIGN) {
        return false;
    }
    return a->kind == SG_TXN_ABSENT ||
           (a->mode == b->mode && strcmp(a->sha256, b->sha256) == 0);
}

/* The file system, or its rules for files of others, forbid a second name. */
static bool links_fail(int errnum) {
    return errnum == EPERM || errnum == EMLINK || errnum == EXDEV || errnum == ENOSYS ||
           errnum == EOPNOTSUPP;
}

int sg_txn_link_or_copy(struct sg_txn *txn, const char *from, const char *to,
                        uint32_t mode, struct sg_err *err) {
    const struct sg_disk_ops *ops = txn->disk->ops;
    int rc = ops->link(txn->disk, from, to);
    if (!links_fail(rc)) {
        return rc ? sg_txn_fail(txn, rc, "make", to, err) : 0;
    }
    sg_auto_buf bytes = SG_BUF_INIT;
    rc = ops->read(txn->disk, from, &bytes);
    if (rc) {
        return sg_txn_fail(txn, rc, "read", from, err);
    }
    rc = ops->write(txn->disk, to, sg_buf_cstr(&bytes), bytes.len, mode);
    if (rc) {
        return sg_txn_fail(txn, rc, "write", to, err);
    }
    return sg_txn_sync_file(txn, to, err);
}

int sg_txn_unlink(struct sg_txn *txn, const char *path, struct sg_err *err) {
    int rc = txn->disk->ops->unlink(txn->disk, path);
    return rc && rc != ENOENT && rc != ENOTDIR ? sg_txn_fail(txn, rc, "remove", path, err)
                                               : 0;
}

int sg_txn_make_dirs(struct sg_txn *txn, const char *path, struct sg_err *err) {
    sg_auto_cstr part = sg_xstrdup(path);
    for (char *slash = part; *slash;) {
        slash = strchr(slash, '/');
        if (slash) {
            *slash = '\0';
        }
        int rc = txn->disk->ops->mkdir(txn->disk, part);
        if (rc && rc != EEXIST) {
            return sg_txn_fail(txn, rc, "make the folder", part, err);
        }
        if (!slash) {
            break;
        }
        *slash++ = '/';
    }
    return 0;
}

void sg_txn_stage_path(struct sg_buf *out, const char *folder, size_t n) {
    sg_buf_clear(out);
    sg_buf_addf(out, "%s/%zu", folder, n);
}

static int clear_folder(struct sg_txn *txn, const char *folder, struct sg_err *err) {
    sg_auto_disk_names names = {0};
    sg_auto_buf path = SG_BUF_INIT;
    int rc = txn->disk->ops->list(txn->disk, folder, &names);
    if (rc == ENOENT) {
        return 0;
    }
    if (rc) {
        return sg_txn_fail(txn, rc, "list", folder, err);
    }
    for (size_t i = 0; i < names.items.len; i++) {
        sg_buf_clear(&path);
        sg_buf_addf(&path, "%s/%s", folder, names.items.items[i]);
        if (sg_txn_unlink(txn, path.ptr, err)) {
            return -1;
        }
    }
    rc = txn->disk->ops->rmdir(txn->disk, folder);
    return rc && rc != ENOENT ? sg_txn_fail(txn, rc, "remove", folder, err) : 0;
}

int sg_txn_clear_stage(struct sg_txn *txn, struct sg_err *err) {
    return sg_txn_unlink(txn, SG_TXN_JOURNAL_TMP, err) ||
                   clear_folder(txn, SG_TXN_NEW, err) ||
                   clear_folder(txn, SG_TXN_OLD, err) ||
                   clear_folder(txn, SG_TXN_STAGE, err)
               ? -1
               : 0;
}
