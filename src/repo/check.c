/*
 * check.c - is the project as it should be: for pipelines.
 */
#include "upgrade.h"

/* --- SG404 ------------------------------------------------------------------------ */

static void add_stale(struct upgrade *upgrade, struct sg_plan_overlay *overlay,
                      const struct stage *stage, const char *message) {
    struct sg_finding_in in = {
        .code = "SG404",
        .rule = "stale-render",
        .severity = SG_ERROR,
        .hop = SG_NO_HOP,
        .path = upgrade->repo->config.rendered,
        .at = {.file = stage->items.items[0].path},
        .message = message,
        .fix = "run `sgupgrade apply --to` with the present version, and commit",
    };
    (void)sg_plan_add_finding(upgrade->plan, overlay, &in);
}

static int check_overlay(struct upgrade *upgrade, size_t at, struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    auto_stage stage = {0};
    const char *name = upgrade->overlays.items.items[at].name;
    if (rendered_stage(repo, repo->disk, name, sg_planner_after(upgrade->planner, at),
                       &stage, err) != 0 ||
        stage_settle(repo, &stage, err) != 0) {
        return -1;
    }
    if (stage.items.len > 0) {
        add_stale(
            upgrade, &upgrade->plan->overlays.items[at], &stage,
            sg_arena_printf(&upgrade->plan->docs.arena,
                            "%s/%s is not what the overlay renders to: %zu %s, %s first",
                            repo->config.rendered, name, stage.items.len,
                            stage.items.len == 1 ? "file differs" : "files differ",
                            stage.items.items[0].path));
    }
    return 0;
}

static int check_gone(struct upgrade *upgrade, struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    auto_stage stage = {0};
    if (rendered_stage_gone(repo, repo->disk, &upgrade->overlays, &stage, err) != 0 ||
        stage_settle(repo, &stage, err) != 0) {
        return -1;
    }
    if (stage.items.len > 0) {
        add_stale(upgrade, NULL, &stage,
                  sg_arena_printf(&upgrade->plan->docs.arena,
                                  "%s holds %zu %s of overlays that are not there any "
                                  "more, %s first",
                                  repo->config.rendered, stage.items.len,
                                  stage.items.len == 1 ? "file" : "files",
                                  stage.items.items[0].path));
    }
    return 0;
}

static int check_rendered(struct upgrade *upgrade, struct sg_err *err) {
    if (upgrade->repo->config.rendered == NULL) {
        return 0;
    }
    for (size_t i = 0; i < upgrade->overlays.items.len; i++) {
        if (check_overlay(upgrade, i, err) != 0) {
            return -1;
        }
    }
    return check_gone(upgrade, err);
}

/* Base as locked, overlays render, rendered/ as they render. */
static int check_present(struct upgrade *upgrade, struct sg_err *err) {
    if (base_check(upgrade->repo, upgrade->plan, err) != 0 ||
        sg_planner_present(upgrade->planner, upgrade->start, upgrade->plan, err) != 0) {
        return -1;
    }
    return check_rendered(upgrade, err);
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
    upgrade_left_alone(upgrade);
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
