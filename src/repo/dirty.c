/*
 * dirty.c - the rule that an upgrade starts from committed files: otherwise nobody could
 * tell its changes from the customer's.
 *
 * It is about the files that count: vendored paths, config, lock, and what an overlay
 * reads. Bytes that sgupgrade itself wrote are not dirty, committed or not: a second hop
 * may follow the first, and the first apply may follow init.
 */
#include <string.h>

#include "project.h"
#include "sg/path.h"
#include "sg/sort.h"

struct seen {
    struct sg_strmap files;
    SG_VEC(char *) order;
};

struct seen *seen_new(void) {
    return sg_xcalloc(1, sizeof(struct seen));
}

void seen_free(struct seen *seen) {
    if (seen == NULL) {
        return;
    }
    for (size_t i = 0; i < seen->order.len; i++) {
        free(seen->order.items[i]);
    }
    sg_vec_release(&seen->order);
    sg_strmap_release(&seen->files);
    free(seen);
}

void seen_path(void *ctx, const char *path, enum sg_fs_type type) {
    struct seen *seen = ctx;
    if (type != SG_FS_FILE || seen_has(seen, path)) {
        return;
    }
    sg_strmap_put(&seen->files, path, strlen(path), seen);
    sg_vec_push(&seen->order, sg_xstrdup(path));
}

bool seen_has(const struct seen *seen, const char *path) {
    return sg_strmap_has(&seen->files, path, strlen(path));
}

/* The transaction is of the project's folder; a file beside it that changes shows where
 * the staged state is rendered and compared with the plan. */
int seen_watch(const struct seen *seen, struct sg_txn *txn, struct sg_err *err) {
    for (size_t i = 0; i < seen->order.len; i++) {
        if (!is_beside(seen->order.items[i]) &&
            sg_txn_watch(txn, seen->order.items[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- whose bytes ------------------------------------------------------------------ */

static bool is_fresh_config(const struct sg_repo *repo) {
    struct sg_config_fresh fresh = {
        .url = repo->config.upstream.url,
        .paths = repo->config.upstream.paths.items,
        .path_count = repo->config.upstream.paths.len,
        .tag = repo->config.upstream.tag,
    };
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    return sg_config_write(&fresh, SG_CONFIG_FILE, &text, &ignored) == 0 &&
           text.len == repo->config_text.len &&
           memcmp(sg_buf_cstr(&text), sg_buf_cstr(&repo->config_text), text.len) == 0;
}

static bool is_written_lock(const struct sg_repo *repo) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_lock_write(&repo->lock, &text);
    return text.len == repo->lock_text.len &&
           memcmp(sg_buf_cstr(&text), sg_buf_cstr(&repo->lock_text), text.len) == 0;
}

/* What the newest step that touched this file left; NULL where none did. */
static const struct sg_lock_file *last_edit(const struct sg_lock *lock,
                                            const char *path) {
    for (size_t i = 0; i < lock->history.len; i++) {
        const struct sg_lock_entry *step = &lock->history.items[i];
        for (size_t k = 0; k < step->files.len; k++) {
            if (strcmp(step->files.items[k].path, path) == 0) {
                return &step->files.items[k];
            }
        }
    }
    return NULL;
}

static bool is_our_edit(const struct sg_repo *repo, const char *path) {
    const struct sg_lock_file *file = last_edit(&repo->lock, path);
    sg_auto_buf bytes = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (file == NULL || file->sha256 == NULL ||
        sg_fs_read(repo->disk, path, &bytes, &ignored) != 0) {
        return false;
    }
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(sg_buf_cstr(&bytes), bytes.len, hex);
    return strcmp(hex, file->sha256) == 0;
}

static bool is_default_overlay(const struct sg_repo *repo, const char *path) {
    sg_auto_buf bytes = SG_BUF_INIT, ours = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (strcmp(path, INIT_OVERLAY_FILE) != 0 ||
        sg_fs_read(repo->disk, path, &bytes, &ignored) != 0) {
        return false;
    }
    init_overlay_text(&repo->config, &ours);
    return bytes.len == ours.len &&
           memcmp(sg_buf_cstr(&bytes), sg_buf_cstr(&ours), ours.len) == 0;
}

/* The vendored paths are left to the base check: what passes it is upstream's. */
static bool counts(const struct sg_repo *repo, const struct seen *seen,
                   const char *path) {
    if (strcmp(path, SG_CONFIG_FILE) == 0) {
        return !is_fresh_config(repo) && !is_our_edit(repo, path);
    }
    if (strcmp(path, SG_LOCK_FILE) == 0) {
        return !is_written_lock(repo);
    }
    if (sg_repo_vendored(repo, path) || !seen_has(seen, path)) {
        return false;
    }
    return !is_our_edit(repo, path) && !is_default_overlay(repo, path);
}

/* --- the rule --------------------------------------------------------------------- */

struct find {
    const struct sg_repo *repo;
    const struct seen *seen;
    SG_VEC(const char *) dirty;
};

static bool by_text(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return strcmp(*(const char *const *)a, *(const char *const *)b) < 0;
}

static int find_dirty(struct find *find, struct git_status *status, struct sg_err *err) {
    struct git_paths beside = {0};
    for (size_t i = 0; i < find->seen->order.len; i++) {
        if (is_beside(find->seen->order.items[i])) {
            sg_vec_push(&beside.items, find->seen->order.items[i]);
        }
    }
    int read = git_status_read(find->repo, &beside, status, err);
    sg_vec_release(&beside.items);
    if (read != 0) {
        return -1;
    }
    for (size_t at = 0; at < status->paths.len; at++) {
        if (counts(find->repo, find->seen, status->paths.items[at])) {
            sg_vec_push(&find->dirty, status->paths.items[at]);
        }
    }
    sg_sort(find->dirty.items, find->dirty.len, sizeof(*find->dirty.items), by_text,
            NULL);
    return 0;
}

int dirty_check(struct sg_repo *repo, const struct seen *seen, struct sg_err *err) {
    struct find find = {.repo = repo, .seen = seen};
    struct git_status git = {0};
    int status = find_dirty(&find, &git, err);
    if (status != 0) {
        sg_err_wrap(err, "cannot tell whether there are uncommitted changes");
        sg_err_hint(err, "make `git status` work in %.120s, or go on with --allow-dirty",
                    repo->root);
    }
    if (status == 0 && find.dirty.len > 0) {
        size_t more = find.dirty.len - 1;
        sg_auto_cstr others = sg_xasprintf(" and %zu more", more);
        status =
            sg_fail(err, SG_E_DIRTY, "%s%s ha%s uncommitted changes", find.dirty.items[0],
                    more > 0 ? others : "", more > 0 ? "ve" : "s");
        sg_err_hint(err, "commit them first, or go on with --allow-dirty");
    }
    sg_vec_release(&find.dirty);
    git_status_release(&git);
    return status;
}

void dirty_any(struct sg_repo *repo, const struct seen *seen, bool *dirty) {
    struct find find = {.repo = repo, .seen = seen};
    struct git_status git = {0};
    struct sg_err why = {0};
    if (find_dirty(&find, &git, &why) != 0) {
        sg_diag(repo->opts.diag, "", "", SG_WARNING, (struct sg_pos){0},
                "cannot tell whether there are uncommitted changes: %s", why.text);
    }
    *dirty = find.dirty.len > 0;
    sg_vec_release(&find.dirty);
    git_status_release(&git);
}

/* --- what was read ---------------------------------------------------------------- */

int seen_inputs(const struct sg_repo *repo, const struct seen *seen, struct sg_plan *plan,
                struct sg_err *err) {
    struct sg_arena *arena = &plan->docs.arena;
    SG_VEC(const char *) paths = {0};
    for (size_t i = 0; i < seen->order.len; i++) {
        if (!sg_repo_vendored(repo, seen->order.items[i])) {
            sg_vec_push(&paths, seen->order.items[i]);
        }
    }
    sg_sort(paths.items, paths.len, sizeof(*paths.items), by_text, NULL);
    sg_auto_buf all = SG_BUF_INIT;
    char hex[SG_SHA256_HEX + 1];
    int status = 0;
    for (size_t i = 0; i < paths.len && status == 0; i++) {
        sg_auto_buf bytes = SG_BUF_INIT;
        status = sg_fs_read(repo->disk, paths.items[i], &bytes, err);
        sg_sha256_hex(sg_buf_cstr(&bytes), bytes.len, hex);
        sg_buf_addf(&all, "%s  %s\n", hex, paths.items[i]);
        struct sg_plan_input input = {sg_arena_strdup(arena, paths.items[i]),
                                      sg_arena_strdup(arena, hex)};
        sg_vec_push(&plan->inputs.files, input);
    }
    sg_sha256_hex(sg_buf_cstr(&all), all.len, hex);
    plan->inputs.overlays = sg_arena_strdup(arena, hex);
    sg_vec_release(&paths);
    return status;
}
