/*
 * apply_all.c - `apply --all`: every project is planned before the first is written.
 */
#include "apply.h"

struct applying_all {
    struct sg_plan_args lists;
    struct sg_repo_apply_opts opts; /* of the project that is on */
    bool held;     /* nothing more is written: a project stops, and going on was not asked
                      for */
    bool branched; /* --branch has been made */
};

static int plan_one(struct sg_cli *cli, const struct sg_args *args, void *ctx,
                    struct sg_project_run *run, struct sg_err *err) {
    (void)cli;
    (void)args;
    const struct applying_all *all = ctx;
    run->applying = sg_repo_apply_begin(run->repo, &all->opts, &run->plan, err);
    return run->applying ? 0 : -1;
}

/* One branch holds the commits of all projects: the first that writes makes it. */
static int write_one(struct sg_cli *cli, const struct sg_args *args, void *ctx,
                     struct sg_project_run *run, struct sg_err *err) {
    (void)cli;
    struct applying_all *all = ctx;
    int status = 0;
    bool writes = run->plan.hops.len > 0 && !run->plan.blocked;
    if (!all->held) {
        if (all->branched) {
            sg_repo_apply_on_branch(run->applying);
        }
        status = sg_repo_apply_write(run->applying, &run->result, err);
        all->branched = all->branched || writes;
        all->held = status < 0 && !sg_args_has(args, "keep-going");
    }
    run->report = sg_apply_report(run->repo, args, &run->plan, &run->result);
    if (all->held && writes) {
        run->report.plan.held = true;
        run->report.plan.applied = false;
    }
    return status;
}

static bool any_stops(const struct sg_all *all) {
    for (size_t i = 0; i < all->runs.len; i++) {
        if (all->runs.items[i]->failed || all->runs.items[i]->plan.blocked) {
            return true;
        }
    }
    return false;
}

int sg_apply_all(struct sg_cli *cli, const struct sg_args *args,
                 const struct sg_outputs *outputs, struct sg_err *err) {
    static const char *const single[] = {"plan", NULL};
    sg_auto_all all = {0};
    if (sg_all_check(args, single, err) < 0 ||
        sg_all_open(cli, SG_NEEDS_WRITING, &all, err) < 0) {
        return -1;
    }
    struct applying_all applying = {0};
    applying.opts = sg_apply_opts(args, &applying.lists);
    sg_all_each(cli, args, &all, plan_one, &applying);
    sg_all_unused(cli, &applying.lists, &all);
    applying.held = any_stops(&all) && !sg_args_has(args, "keep-going");
    sg_all_each(cli, args, &all, write_one, &applying);
    sg_plan_args_release(&applying.lists);
    struct sg_report_opts view = {.full = sg_args_has(args, "full")};
    if (sg_all_report(cli, outputs, &all, SG_REPORT_PLAN, &view, err) < 0) {
        return -1;
    }
    return sg_all_exit(&all);
}
