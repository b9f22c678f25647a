/*
 * memo.c - what was read of a repository, for whoever asks again: objects never change.
 * To find the release of a fork and what is odd in it, several parts look through the
 * same releases.
 */
#include "git.h"

#include <string.h>

enum {
    BLOB_MAX = 256 << 10, /* bytes of one … */
    BLOBS_MAX = 16 << 20, /* … and of all */
    FILES_MAX = 200000,   /* of all listings */
};

void memo_release(struct memo *memo) {
    for (size_t i = 0; i < memo->owned.len; i++) {
        sg_git_files_release(memo->owned.items[i]);
        free(memo->owned.items[i]);
    }
    sg_vec_release(&memo->owned);
    sg_strmap_release(&memo->listings);
    sg_strmap_release(&memo->blobs);
    sg_arena_release(&memo->arena);
}

static void copy_files(const struct sg_git_files *from, struct sg_git_files *to) {
    for (size_t i = 0; i < from->items.len; i++) {
        struct sg_git_file copy = from->items.items[i];
        copy.path = sg_xstrdup(copy.path);
        sg_vec_push(&to->items, copy);
    }
}

static void listing_key(const char *id, const char *path, struct sg_buf *out) {
    sg_buf_addf(out, "%s:%s", id, path);
}

bool memo_files(const struct memo *memo, const char *id, const char *path,
                struct sg_git_files *out) {
    sg_auto_buf key = SG_BUF_INIT;
    listing_key(id, path, &key);
    const struct sg_git_files *known = sg_strmap_get(&memo->listings, key.ptr, key.len);
    if (known != NULL) {
        copy_files(known, out);
    }
    return known != NULL;
}

void memo_keep_files(struct memo *memo, const char *id, const char *path,
                     const struct sg_git_files *files) {
    sg_auto_buf key = SG_BUF_INIT;
    if (memo->files + files->items.len > FILES_MAX) {
        return;
    }
    struct sg_git_files *kept = sg_xcalloc(1, sizeof(*kept));
    listing_key(id, path, &key);
    copy_files(files, kept);
    memo->files += files->items.len;
    sg_vec_push(&memo->owned, kept);
    sg_strmap_put(&memo->listings, key.ptr, key.len, kept);
}

const struct sg_str *memo_blob(const struct memo *memo, const git_oid *oid) {
    return sg_strmap_get(&memo->blobs, (const char *)oid->id, sizeof(oid->id));
}

void memo_keep_blob(struct memo *memo, const git_oid *oid, const void *bytes,
                    size_t len) {
    if (len > BLOB_MAX || memo->bytes + len > BLOBS_MAX) {
        return;
    }
    struct sg_str *blob = sg_arena_alloc(&memo->arena, sizeof(*blob));
    *blob = (struct sg_str){sg_arena_strndup(&memo->arena, bytes, len), len};
    memo->bytes += len;
    sg_strmap_put(&memo->blobs, (const char *)oid->id, sizeof(oid->id), blob);
}
