/*
 * apply.c - performing a planned upgrade: one transaction a hop, each verified by
 * rendering what is staged and comparing it with the plan.
 */
#include <string.h>

#include "sg/kustomize.h"
#include "upgrade.h"

/* --- the config's accept entries -------------------------------------------------- */

static int add_accept(const char *text, struct sg_buf *config, struct sg_err *err) {
    struct sg_arena arena;
    sg_arena_init(&arena);
    struct sg_plan_accept accept;
    sg_auto_buf out = SG_BUF_INIT;
    int status = sg_plan_accept_parse(text, &arena, &accept, err);
    if (status == 0) {
        struct sg_config_accept entry = {
            .code = accept.code,
            .object = accept.object,
            .path = accept.path,
            .reason = accept.reason,
        };
        status = sg_config_add_accept(SG_CONFIG_FILE, sg_buf_cstr(config), config->len,
                                      &entry, &out, err);
    }
    if (status == 0) {
        sg_buf_clear(config);
        sg_buf_add(config, sg_buf_cstr(&out), out.len);
    }
    sg_arena_release(&arena);
    return status;
}

/* The one splice that turns `after` back into `before`. */
static struct sg_lock_file reverse_file(struct sg_arena *arena, const char *path,
                                        struct sg_str before, struct sg_str after) {
    size_t shorter = before.len < after.len ? before.len : after.len;
    size_t head = 0, tail = 0;
    while (head < shorter && before.ptr[head] == after.ptr[head]) {
        head++;
    }
    while (tail < shorter - head &&
           before.ptr[before.len - 1 - tail] == after.ptr[after.len - 1 - tail]) {
        tail++;
    }
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(after.ptr, after.len, hex);
    struct sg_lock_file file = {
        .path = sg_arena_strdup(arena, path),
        .sha256 = sg_arena_strdup(arena, hex),
        .undo = SG_UNDO_SPLICE,
    };
    size_t len = before.len - head - tail;
    struct sg_lock_splice splice = {
        .offset = head,
        .length = after.len - head - tail,
        .text = {sg_arena_strndup(arena, before.ptr + head, len), len},
    };
    sg_vec_push(&file.splices, splice);
    return file;
}

/* Decisions given on the command line go into the config with the first hop, so that the
 * next check knows of them. */
static int stage_config(struct sg_repo *repo, const struct sg_repo_plan_opts *opts,
                        struct sg_lock *lock, struct stage *stage, struct sg_err *err) {
    if (opts->accepts_len == 0) {
        return 0;
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_add(&text, sg_buf_cstr(&repo->config_text), repo->config_text.len);
    for (size_t i = 0; i < opts->accepts_len; i++) {
        if (add_accept(opts->accepts[i], &text, err) != 0) {
            return -1;
        }
    }
    struct sg_str before = {sg_buf_cstr(&repo->config_text), repo->config_text.len};
    struct sg_str after = {sg_buf_cstr(&text), text.len};
    stage_put(stage, SG_CONFIG_FILE, after.ptr, after.len, 0);
    if (lock->history.len > 0) {
        sg_vec_push(&lock->history.items[0].files,
                    reverse_file(&lock->arena, SG_CONFIG_FILE, before, after));
    }
    return 0;
}

/* --- one hop ---------------------------------------------------------------------- */

struct verify {
    struct upgrade *upgrade;
    const struct hop *hop;
};

static int verify_overlay(struct sg_repo *repo, const struct sg_fs *view,
                          const struct sg_repo_overlay *overlay,
                          const struct hop_overlay *planned, struct sg_err *err) {
    struct sg_render render;
    sg_render_init(&render, repo->atoms);
    struct sg_render_opts opts = {
        .fs = view, .dir = overlay->dir, .remote = repo_remote(repo), .lenient = true};
    char hex[SG_SHA256_HEX + 1];
    int status = sg_render(&opts, &render, err);
    if (status == 0) {
        status = render_digest(&render, hex, err);
    }
    if (status == 0 && strcmp(hex, planned->digest) != 0) {
        status =
            sg_fail(err, SG_E_DIRTY,
                    "overlay %s does not render to what was planned: a file it reads "
                    "has changed since",
                    overlay->name);
        sg_err_hint(err, "nothing was written; run the command again");
    }
    sg_render_release(&render);
    return status;
}

/* The staged state, read back from the disk, renders to what was planned. */
static int verify_hop(void *ctx, struct sg_txn *txn, struct sg_err *err) {
    const struct verify *verify = ctx;
    struct sg_repo *repo = verify->upgrade->repo;
    sg_auto_fs view = sg_fs_over(repo->disk);
    if (sg_txn_stage_over(txn, view, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < verify->hop->overlays.len; i++) {
        const struct hop_overlay *planned = &verify->hop->overlays.items[i];
        if (planned->digest[0] != '\0' &&
            verify_overlay(repo, view, &verify->upgrade->overlays.items.items[i], planned,
                           err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* rendered/ of the hop before is the next one's stale state. */
static void stage_rendered(const struct upgrade *upgrade, size_t at,
                           struct stage *stage) {
    for (size_t i = at == 0 ? at : at - 1; i <= at; i++) {
        const struct stage *rendered = &upgrade->hops.items[i]->rendered;
        for (size_t k = 0; k < rendered->items.len; k++) {
            const struct staged *item = &rendered->items.items[k];
            if (i < at || item->bytes == NULL) {
                stage_remove(stage, item->path);
            } else {
                stage_put(stage, item->path, item->bytes, item->len, item->mode);
            }
        }
    }
}

/* The customer's files, edited, and in the lock how they get back. */
static void stage_edits(const struct hop *hop, struct sg_lock *lock,
                        struct stage *stage) {
    for (size_t i = 0; i < hop->edits.items.len; i++) {
        const struct staged *item = &hop->edits.items.items[i];
        if (item->bytes == NULL) {
            stage_remove(stage, item->path);
        } else {
            stage_put(stage, item->path, item->bytes, item->len, item->mode);
        }
    }
    for (size_t i = 0; lock->history.len > 0 && i < hop->undo.len; i++) {
        struct sg_lock_file undo = hop->undo.items[i];
        memset(&undo.splices, 0, sizeof(undo.splices));
        for (size_t k = 0; k < hop->undo.items[i].splices.len; k++) {
            sg_vec_push(&undo.splices, hop->undo.items[i].splices.items[k]);
        }
        sg_vec_push(&lock->history.items[0].files, undo);
    }
}

static int stage_hop(struct upgrade *upgrade, size_t at,
                     const struct sg_repo_apply_opts *opts, struct stage *stage,
                     struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    const struct hop *hop = upgrade->hops.items[at];
    struct sg_lock lock;
    sg_lock_init(&lock);
    sg_lock_advance(&lock, &repo->lock);
    base_lock(&hop->base, &lock, &lock.now);
    int status = stage_base(repo, stage, &hop->base, &repo->lock.now, err);
    if (status == 0 && at == 0) {
        status = stage_config(repo, &opts->plan, &lock, stage, err);
    }
    stage_edits(hop, &lock, stage);
    sg_auto_buf text = SG_BUF_INIT;
    sg_lock_write(&lock, &text);
    sg_lock_release(&lock);
    stage_put(stage, SG_LOCK_FILE, sg_buf_cstr(&text), text.len, 0);
    stage_rendered(upgrade, at, stage);
    return status != 0 ? -1 : stage_settle(repo, stage, err);
}

/* The file is as it was read; where it is a link, what it leads to. */
static int expect(const struct sg_repo *repo, struct sg_txn *txn, const char *path,
                  const struct sg_buf *text, struct sg_err *err) {
    char hex[SG_SHA256_HEX + 1];
    enum sg_fs_type type;
    sg_auto_buf real = SG_BUF_INIT;
    if (sg_fs_stat(repo->disk, path, &type, &real, err) != 0) {
        return -1;
    }
    sg_sha256_hex(sg_buf_cstr(text), text->len, hex);
    sg_txn_expect(txn, sg_buf_cstr(&real), hex);
    return 0;
}

static int name_commit(const struct sg_repo *repo, struct sg_txn *txn,
                       const struct stage *stage, struct sg_err *err) {
    char head[GIT_ID + 1], blob[GIT_ID + 1] = "";
    for (size_t i = 0; i < stage->items.len; i++) {
        const struct staged *item = &stage->items.items[i];
        if (strcmp(item->path, SG_LOCK_FILE) == 0 &&
            git_blob_of(repo, item->bytes, item->len, blob, err) != 0) {
            return -1;
        }
    }
    if (git_head(repo, head, err) != 0) {
        return -1;
    }
    sg_txn_set_commit(txn, head, blob);
    return 0;
}

int transact(struct sg_repo *repo, const struct stage *stage, const struct seen *seen,
             bool commit, sg_txn_verify_fn *verify, void *ctx,
             struct sg_repo_result *result, struct sg_err *err) {
    struct sg_txn *txn = repo_txn(repo, err);
    if (txn == NULL) {
        return -1;
    }
    stage_into(stage, txn);
    int status = expect(repo, txn, SG_LOCK_FILE, &repo->lock_text, err);
    if (status == 0) {
        status = expect(repo, txn, SG_CONFIG_FILE, &repo->config_text, err);
    }
    if (status == 0 && seen != NULL) {
        status = seen_watch(seen, txn, err);
    }
    if (status == 0 && commit) {
        status = name_commit(repo, txn, stage, err);
    }
    if (status == 0) {
        status = sg_txn_commit(txn, verify, ctx, err);
    }
    result->fsync_seconds += sg_txn_sync_seconds(txn);
    sg_txn_free(repo->txn);
    repo->txn = NULL;
    if (status != 0) {
        return -1;
    }
    result_written(result, stage);
    return repo_reload(repo, err);
}

static int apply_hop(struct upgrade *upgrade, size_t at,
                     const struct sg_repo_apply_opts *opts, struct sg_repo_result *result,
                     struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    const struct hop *hop = upgrade->hops.items[at];
    auto_stage stage = {0};
    struct verify verify = {upgrade, hop};
    if (stage_hop(upgrade, at, opts, &stage, err) != 0 ||
        transact(repo, &stage, upgrade->seen, opts->commit, verify_hop, &verify, result,
                 err) != 0) {
        if (opts->commit && at == 0) {
            sg_err_hint(err, "nothing was written; run the command again once git can "
                             "commit here, or leave out --commit");
        }
        return sg_err_wrap(err, "upgrading to %s", hop->base.version);
    }
    sg_vec_push(&result->deploy, sg_arena_strdup(&result->arena, hop->base.version));
    if (!opts->commit) {
        return 0;
    }
    char head[GIT_ID + 1];
    if (git_head(repo, head, err) != 0) {
        return -1;
    }
    sg_vec_push(&result->commits, sg_arena_strdup(&result->arena, head));
    return 0;
}

/* --- the whole way ---------------------------------------------------------------- */

/* Nothing newer: rendered/ is made anew where it is not what the overlays render to. */
static int refresh_rendered(struct upgrade *upgrade,
                            const struct sg_repo_apply_opts *opts,
                            struct sg_repo_result *result, struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    result->nothing = true;
    if (repo->config.rendered == NULL) {
        return 0;
    }
    auto_stage stage = {0};
    if (sg_planner_present(upgrade->planner, upgrade->start, upgrade->plan, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < upgrade->overlays.items.len; i++) {
        if (rendered_stage(repo, repo->disk, upgrade->overlays.items.items[i].name,
                           sg_planner_after(upgrade->planner, i), &stage, err) != 0) {
            return -1;
        }
    }
    if (rendered_stage_gone(repo, repo->disk, &upgrade->overlays, &stage, err) != 0 ||
        stage_settle(repo, &stage, err) != 0) {
        return -1;
    }
    if (stage.items.len == 0 || opts->dry_run) {
        return 0;
    }
    result->nothing = false;
    return transact(repo, &stage, NULL, false, NULL, NULL, result, err);
}

/* The branch that --branch makes, and where HEAD was: a ref's name, or a commit's id. */
struct branch {
    char *made, *before;
    bool detached;
};

static void branch_release(struct branch *branch) {
    free(branch->made);
    free(branch->before);
}

static int make_branch(const struct sg_repo *repo, const char *name, struct branch *out,
                       struct sg_err *err) {
    static const char *const ask[] = {"symbolic-ref", "-q", "HEAD", NULL};
    const char *const make[] = {"switch", "-q", "-c", name, NULL};
    sg_auto_buf ref = SG_BUF_INIT;
    char head[GIT_ID + 1];
    int status = 0;
    if (git_head(repo, head, err) != 0 ||
        git_run(repo, ask, NULL, &ref, &status, err) != 0 ||
        git_run(repo, make, NULL, NULL, NULL, err) != 0) {
        return -1;
    }
    out->detached = status != 0;
    out->before =
        out->detached ? sg_xstrdup(head) : sg_xstrndup(sg_buf_cstr(&ref), ref.len - 1);
    out->made = sg_xasprintf("refs/heads/%s", name);
    return 0;
}

/* Nothing was written: HEAD is where it was, and the branch is not there. It had no
 * commit of its own, so index and files stay as they are. */
static void drop_branch(const struct sg_repo *repo, const struct branch *branch) {
    const char *const back[] = {"symbolic-ref", "HEAD", branch->before, NULL};
    const char *const detach[] = {"update-ref", "--no-deref", "HEAD", branch->before,
                                  NULL};
    const char *const drop[] = {"update-ref", "-d", branch->made, NULL};
    struct sg_err ignored = {0};
    if (branch->made != NULL && git_run(repo, branch->detached ? detach : back, NULL,
                                        NULL, NULL, &ignored) == 0) {
        (void)!git_run(repo, drop, NULL, NULL, NULL, &ignored);
    }
}

static int prepare_git(struct sg_repo *repo, const struct sg_repo_apply_opts *opts,
                       struct branch *branch, struct sg_err *err) {
    if (!opts->commit && opts->branch == NULL) {
        return 0;
    }
    bool here;
    if (git_here(repo, &here, err) != 0) {
        return sg_err_hint(err, "make `git status` work in %.120s", repo->root);
    }
    if (!here) {
        sg_fail(err, SG_E_USAGE, "%s needs a git repository, and %s is in none",
                opts->commit ? "--commit" : "--branch", repo->root);
        return sg_err_hint(err, "run `git init` there, or leave the option out");
    }
    if (opts->commit && commit_refuse_ignored(repo, err) != 0) {
        return -1;
    }
    return opts->branch == NULL ? 0 : make_branch(repo, opts->branch, branch, err);
}

static int write_hops(struct upgrade *upgrade, const struct sg_repo_apply_opts *opts,
                      struct sg_repo_result *result, struct sg_err *err) {
    struct branch branch = {0};
    size_t done = 0;
    int status = prepare_git(upgrade->repo, opts, &branch, err);
    for (; status == 0 && done < upgrade->hops.len; done += status == 0) {
        repo_progress(upgrade->repo, "writing", done, upgrade->hops.len);
        status = apply_hop(upgrade, done, opts, result, err);
    }
    if (status != 0 && done > 0) {
        sg_err_hint(err, "the hops to %s are done; run the command again to go on",
                    upgrade->hops.items[done - 1]->base.version);
    } else if (status != 0 && !sg_txn_pending(upgrade->repo->writer)) {
        drop_branch(upgrade->repo, &branch);
    }
    branch_release(&branch);
    return status;
}

struct sg_repo_applying {
    struct upgrade upgrade;
    struct sg_repo_apply_opts opts;
};

void sg_repo_applying_free(struct sg_repo_applying *applying) {
    if (applying != NULL) {
        upgrade_release(&applying->upgrade);
        free(applying);
    }
}

void sg_repo_apply_on_branch(struct sg_repo_applying *applying) {
    applying->opts.branch = NULL;
}

/* Everything before the first write. */
static int plan_apply(struct sg_repo *repo, struct sg_repo_applying *applying,
                      struct sg_plan *plan, struct sg_err *err) {
    const struct sg_repo_apply_opts *opts = &applying->opts;
    struct upgrade *upgrade = &applying->upgrade;
    upgrade->keep_rendered = true;
    upgrade->repair = true;
    if (upgrade_begin(repo, &opts->plan, plan, upgrade, err) != 0 ||
        upgrade_plan(upgrade, &opts->plan, err) != 0) {
        return -1;
    }
    sg_plan_finish(plan, SG_USE_APPLY, SG_ERROR);
    bool writes = !plan->blocked && upgrade->hops.len > 0 && !opts->dry_run;
    return writes && !opts->allow_dirty ? dirty_check(repo, upgrade->seen, err) : 0;
}

struct sg_repo_applying *sg_repo_apply_begin(struct sg_repo *repo,
                                             const struct sg_repo_apply_opts *opts,
                                             struct sg_plan *plan, struct sg_err *err) {
    struct sg_repo_applying *applying = sg_xcalloc(1, sizeof(*applying));
    applying->opts = *opts;
    if (plan_apply(repo, applying, plan, err) != 0) {
        sg_repo_applying_free(applying);
        return NULL;
    }
    return applying;
}

int sg_repo_apply_write(struct sg_repo_applying *applying, struct sg_repo_result *result,
                        struct sg_err *err) {
    struct upgrade *upgrade = &applying->upgrade;
    const struct sg_plan *plan = upgrade->plan;
    result->from = sg_arena_strdup(&result->arena, plan->from.version);
    result->to = sg_arena_strdup(&result->arena, plan->to.version);
    if (plan->blocked) {
        return 0;
    }
    if (upgrade->hops.len == 0) {
        return refresh_rendered(upgrade, &applying->opts, result, err);
    }
    return applying->opts.dry_run ? 0 : write_hops(upgrade, &applying->opts, result, err);
}

int sg_repo_apply(struct sg_repo *repo, const struct sg_repo_apply_opts *opts,
                  struct sg_plan *plan, struct sg_repo_result *result,
                  struct sg_err *err) {
    struct sg_repo_applying *applying = sg_repo_apply_begin(repo, opts, plan, err);
    int status = applying == NULL ? -1 : sg_repo_apply_write(applying, result, err);
    sg_repo_applying_free(applying);
    return status;
}
