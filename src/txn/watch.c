/* watch.c - every path that was read while planning, and whether it is still the same. */
#include "state.h"

#include "sg/sort.h"

#include <errno.h>
#include <string.h>

static bool name_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return strcmp(*(char *const *)a, *(char *const *)b) < 0;
}

/* A folder is its names in order. */
static int digest_names(struct sg_txn *txn, const char *path, struct sg_buf *out) {
    sg_auto_disk_names names = {0};
    int rc = txn->disk->ops->list(txn->disk, path, &names);
    sg_sort(names.items.items, names.items.len, sizeof(char *), name_less, NULL);
    for (size_t i = 0; i < names.items.len; i++) {
        sg_buf_add(out, names.items.items[i], strlen(names.items.items[i]) + 1);
    }
    return rc;
}

/* Fills all but the path. */
static int observe(struct sg_txn *txn, const char *path, struct sg_txn_watch *out,
                   struct sg_err *err) {
    const struct sg_disk_ops *ops = txn->disk->ops;
    struct sg_disk_stat st;
    sg_auto_buf content = SG_BUF_INIT;
    int rc = ops->lstat(txn->disk, path, &st);
    if (rc == ELOOP) {
        /* a way through a link: the caller watches where it leads as well */
        st = (struct sg_disk_stat){.type = SG_DISK_OTHER};
        rc = 0;
    } else if (rc == 0 && st.type == SG_DISK_FILE) {
        rc = ops->read(txn->disk, path, &content);
    } else if (rc == 0 && st.type == SG_DISK_DIR) {
        rc = digest_names(txn, path, &content);
    } else if (rc == 0 && st.type == SG_DISK_LINK) {
        rc = ops->readlink(txn->disk, path, &content);
    }
    if (rc) {
        return sg_txn_fail(txn, rc, "read", path, err);
    }
    out->type = st.type;
    out->mode = st.type == SG_DISK_FILE ? st.mode : 0;
    sg_sha256_hex(content.ptr, content.len, out->sha256);
    return 0;
}

int sg_txn_watch(struct sg_txn *txn, const char *path, struct sg_err *err) {
    struct sg_txn_watch watch = {0};
    size_t len = strlen(path);
    if (sg_strmap_has(&txn->watched, path, len)) {
        return 0;
    }
    if (observe(txn, path, &watch, err)) {
        return -1;
    }
    watch.path = sg_xstrdup(path);
    sg_vec_push(&txn->watches, watch);
    sg_strmap_put(&txn->watched, path, len, NULL);
    return 0;
}

void sg_txn_expect(struct sg_txn *txn, const char *path, const char *sha256) {
    struct sg_txn_watch watch = {.path = sg_xstrdup(path), .digest_only = true};
    if (sha256) {
        if (strlen(sha256) != SG_SHA256_HEX) {
            SG_BUG("a digest that is no SHA-256");
        }
        watch.type = SG_DISK_FILE;
        memcpy(watch.sha256, sha256, SG_SHA256_HEX + 1);
    }
    sg_vec_push(&txn->watches, watch);
}

static bool is_same(const struct sg_txn_watch *before, const struct sg_txn_watch *now) {
    if (before->type != now->type) {
        return false;
    }
    if (before->digest_only && before->type == SG_DISK_NONE) {
        return true;
    }
    return strcmp(before->sha256, now->sha256) == 0 &&
           (before->digest_only || before->mode == now->mode);
}

int sg_txn_recheck(struct sg_txn *txn, struct sg_err *err) {
    for (size_t i = 0; i < txn->watches.len; i++) {
        const struct sg_txn_watch *before = &txn->watches.items[i];
        struct sg_txn_watch now = {0};
        if (observe(txn, before->path, &now, err)) {
            return -1;
        }
        if (!is_same(before, &now)) {
            sg_fail(err, SG_E_DIRTY, "%s was changed while the upgrade was being planned",
                    *before->path ? before->path : txn->disk->where);
            return sg_err_hint(err, "nothing was written; run the command again");
        }
    }
    return 0;
}
