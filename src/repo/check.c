/*
 * check.c - is the project as it should be: for pipelines.
 */
#include <string.h>

#include "upgrade.h"

/* --- SG404 ------------------------------------------------------------------------ */

static int check_rendered(struct upgrade *upgrade, struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    if (repo->config.rendered == NULL) {
        return 0;
    }
    for (size_t i = 0; i < upgrade->overlays.items.len; i++) {
        auto_stage stage = {0};
        const char *name = upgrade->overlays.items.items[i].name;
        if (rendered_stage(repo, repo->disk, name, sg_planner_after(upgrade->planner, i),
                           &stage, err) != 0 ||
            stage_settle(repo, &stage, err) != 0) {
            return -1;
        }
        if (stage.items.len == 0) {
            continue;
        }
        const struct staged *first = &stage.items.items[0];
        struct sg_finding_in in = {
            .code = "SG404",
            .rule = "stale-render",
            .severity = SG_ERROR,
            .hop = SG_NO_HOP,
            .path = repo->config.rendered,
            .at = {.file = first->path},
            .message = sg_arena_printf(
                &upgrade->plan->docs.arena,
                "%s/%s is not what the overlay renders to: %zu %s, %s first",
                repo->config.rendered, name, stage.items.len,
                stage.items.len == 1 ? "file differs" : "files differ", first->path),
            .fix = "run `sgupgrade apply --to` with the present version, and commit",
        };
        (void)sg_plan_add_finding(upgrade->plan, &upgrade->plan->overlays.items[i], &in);
    }
    return 0;
}

/* Base as locked, overlays render, rendered/ as they render. */
static int check_present(struct upgrade *upgrade, struct sg_err *err) {
    if (base_check(upgrade->repo, upgrade->plan, err) != 0 ||
        sg_planner_present(upgrade->planner, upgrade->start, upgrade->plan, err) != 0) {
        return -1;
    }
    return check_rendered(upgrade, err);
}

/* --- since ------------------------------------------------------------------------ */

/* The project as it was: files, config and lock at a commit of its own repository. */
struct past {
    struct sg_fs *fs;
    struct sg_lock lock;
};

static void past_release(struct past *past) {
    sg_fs_free(past->fs);
    sg_lock_release(&past->lock);
}

static int past_open(struct sg_repo *repo, const char *revision, struct past *out,
                     struct sg_err *err) {
    char commit[GIT_ID + 1];
    sg_lock_init(&out->lock);
    if (git_commit_of(repo, revision, commit, err) != 0) {
        return -1;
    }
    out->fs = repo_at(repo, commit, err);
    if (out->fs == NULL) {
        return -1;
    }
    enum sg_fs_type type;
    if (sg_fs_stat(out->fs, SG_LOCK_FILE, &type, NULL, err) != 0) {
        return -1;
    }
    if (type == SG_FS_NONE) {
        return 0; /* the project began after that */
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_auto_cstr name = sg_xasprintf("%s:" SG_LOCK_FILE, revision);
    struct sg_err why = {0};
    if (sg_fs_read(out->fs, SG_LOCK_FILE, &text, err) != 0) {
        return -1;
    }
    if (sg_lock_read(&out->lock, name, sg_buf_cstr(&text), text.len, &why) != 0) {
        why.hint[0] = '\0'; /* about restoring the file that is here */
        sg_err_hint(&why, "compare with a revision whose lock this sgupgrade can read");
        return sg_err_pass(err, &why);
    }
    return 0;
}

static bool one_step(enum sg_config_step step, const struct sg_version *a,
                     const struct sg_version *b) {
    switch (step) {
    case SG_STEP_NONE:
        return true;
    case SG_STEP_MAJOR:
        return b->major <= a->major + 1;
    case SG_STEP_MINOR:
        break;
    }
    if (a->major == b->major) {
        return b->minor <= a->minor + 1;
    }
    /* what the last minor of a major was only upstream knows */
    return b->major == a->major + 1 && b->minor == 0;
}

static int check_step(struct upgrade *upgrade, const struct past *past,
                      struct sg_err *err) {
    struct sg_version from, to;
    const struct sg_repo *repo = upgrade->repo;
    if (sg_version_parse(past->lock.now.version, &from, err) != 0 ||
        sg_version_parse(repo->lock.now.version, &to, err) != 0) {
        return -1;
    }
    if (sg_version_cmp(&to, &from) <= 0 || one_step(repo->config.step, &from, &to)) {
        return 0;
    }
    struct sg_finding_in in = {
        .code = "SG501",
        .rule = "step",
        .severity = SG_ERROR,
        .hop = SG_NO_HOP,
        .at = {SG_LOCK_FILE, repo->lock.now.at.line, repo->lock.now.at.column},
        .message =
            sg_arena_printf(&upgrade->plan->docs.arena,
                            "%s to %s is more than one step: what lies between was "
                            "not deployed",
                            past->lock.now.version, repo->lock.now.version),
        .fix = "merge and deploy one step after the other",
    };
    (void)sg_plan_add_finding(upgrade->plan, NULL, &in);
    return 0;
}

/* A stop is for apply; what is here has been decided, and is judged by its severity. */
static void clear_stops(struct sg_plan *plan) {
    for (size_t i = 0; i < plan->overlays.len; i++) {
        for (size_t k = 0; k < plan->overlays.items[i].findings.len; k++) {
            plan->overlays.items[i].findings.items[k].stops = false;
        }
    }
}

static int check_since(struct upgrade *upgrade, const char *revision,
                       struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    struct past past = {0};
    int status = past_open(repo, revision, &past, err);
    if (status == 0 && past.lock.now.version != NULL) {
        status = check_step(upgrade, &past, err);
        struct sg_arena *arena = &upgrade->plan->docs.arena;
        upgrade->plan->from.version = sg_arena_strdup(arena, past.lock.now.version);
        upgrade->plan->from.commit = sg_arena_strdup(arena, past.lock.now.commit);
        struct sg_plan_hop_in in = {
            .old = past.fs,
            .new = upgrade->start,
            .version = repo->lock.now.version,
            .commit = repo->lock.now.commit,
        };
        if (status == 0) {
            status = sg_planner_hop(upgrade->planner, &in, upgrade->plan, err);
        }
        clear_stops(upgrade->plan);
    }
    past_release(&past);
    return status;
}

/* --- the command ------------------------------------------------------------------ */

static void name_present(struct upgrade *upgrade) {
    struct sg_plan *plan = upgrade->plan;
    struct sg_arena *arena = &plan->docs.arena;
    const struct sg_lock_entry *now = &upgrade->repo->lock.now;
    plan->from.version = plan->to.version = sg_arena_strdup(arena, now->version);
    plan->from.commit = plan->to.commit = sg_arena_strdup(arena, now->commit);
    plan->inputs.to = plan->to.commit;
}

static int check_now(struct upgrade *upgrade, const struct sg_repo_check_opts *opts,
                     struct sg_err *err) {
    name_present(upgrade);
    if (check_present(upgrade, err) != 0) {
        return -1;
    }
    if (opts->since != NULL && check_since(upgrade, opts->since, err) != 0) {
        return -1;
    }
    return upgrade_inputs(upgrade, err);
}

int sg_repo_check(struct sg_repo *repo, const struct sg_repo_check_opts *opts,
                  struct sg_plan *plan, struct sg_err *err) {
    auto_upgrade upgrade = {.repair = opts->to != NULL};
    struct sg_repo_plan_opts how = opts->plan;
    if (opts->to != NULL) {
        how.to = opts->to;
    } else {
        repo->opts.offline = true; /* what is here is judged by what is here */
    }
    if (upgrade_begin(repo, &how, plan, &upgrade, err) != 0 ||
        (opts->to != NULL ? upgrade_plan(&upgrade, &how, err)
                          : check_now(&upgrade, opts, err)) != 0) {
        return -1;
    }
    sg_plan_accept_open(plan, upgrade.accepts.items, upgrade.accepts.len,
                        plan->to.version);
    if (opts->to != NULL || opts->since != NULL) {
        sg_plan_require_consent(plan);
    }
    sg_plan_finish(plan, opts->to != NULL ? SG_USE_CHECK_TO : SG_USE_CHECK, SG_ERROR);
    return 0;
}
