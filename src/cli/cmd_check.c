#include "all.h"
#include "cli.h"
#include "commands.h"
#include "plan_args.h"

#include <string.h>

static const char *const severities[] = {"error", "warning", "info", NULL};

static const struct sg_opt options[] = {
    {.name = "since",
     .value = "REVISION",
     .help =
         "Also check what changed since this git revision, upgrades by hand included"},
    SG_OPT_TO("Check whether `apply` to this release would go through"),
    {.name = "fail-on",
     .value = "SEVERITY",
     .choices = severities,
     .help = "Exit 1 from this severity on: error (default), warning or info"},
    SG_OPT_ACCEPT,
    SG_OPT_RETIRE,
    SG_OPT_RETARGET,
    SG_OPT_AS_PATCH,
    SG_OPT_MERGE_HIDDEN,
    SG_OPT_TIDY,
    SG_OPT_ALL,
    SG_OPT_FULL,
    SG_OPT_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade check", "is the project as it should be?"},
    {"sgupgrade check --since origin/main", "in the pipeline of a pull request"},
    {"sgupgrade check --to next", "every night: will the next release go through?"},
    {"sgupgrade check -o text,junit=check.xml,sarif=check.sarif", "for a CI system too"},
    {0},
};

static const struct sg_exit_row exits[] = {
    {SG_EXIT_OK, "clean"},
    {SG_EXIT_CHANGES, "findings that nobody accepted, at or over --fail-on"},
    {SG_EXIT_ERROR, "wrong usage, bad input or an I/O error"},
    {SG_EXIT_PIN, "the base is not what the lock says, or upstream moved its tag"},
    {SG_EXIT_DECISION, "with --to: `apply` would need a decision"},
    {0, NULL},
};

static enum sg_severity fail_on(const struct sg_args *args) {
    const char *word = sg_args_get(args, "fail-on");
    if (!word || strcmp(word, "error") == 0) {
        return SG_ERROR;
    }
    return strcmp(word, "warning") == 0 ? SG_WARNING : SG_INFO;
}

/* Checks one project, and fills its report. */
static int check_project(struct sg_repo *repo, const struct sg_args *args,
                         struct sg_plan_args *lists, struct sg_plan *plan,
                         struct sg_report *report, struct sg_err *err) {
    struct sg_repo_check_opts opts = {.since = sg_args_get(args, "since")};
    sg_plan_args_read(args, true, lists, &opts.plan);
    opts.to = opts.plan.to;
    if (sg_repo_check(repo, &opts, plan, err) < 0) {
        return -1;
    }
    sg_plan_finish(plan, opts.to ? SG_USE_CHECK_TO : SG_USE_CHECK, fail_on(args));
    *report = (struct sg_report){
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = plan,
                 .use = SG_USE_CHECK,
                 .target = opts.to,
                 .since = opts.since,
                 .fail_on = fail_on(args)},
    };
    sg_plan_args_report(repo, &report->plan);
    return 0;
}

static int check_one(struct sg_cli *cli, const struct sg_args *args, void *ctx,
                     struct sg_project_run *run, struct sg_err *err) {
    (void)cli;
    struct sg_plan_args *lists = ctx;
    sg_plan_args_release(lists);
    return check_project(run->repo, args, lists, &run->plan, &run->report, err);
}

static int run_all(struct sg_cli *cli, const struct sg_args *args,
                   const struct sg_outputs *outputs, struct sg_err *err) {
    static const char *const single[] = {NULL};
    sg_auto_all all = {0};
    sg_auto_plan_args lists = {0};
    if (sg_all_check(args, single, err) < 0 ||
        sg_all_open(cli, SG_NEEDS_PROJECT, &all, err) < 0) {
        return -1;
    }
    sg_all_each(cli, args, &all, check_one, &lists);
    sg_all_unused(cli, &lists, &all);
    struct sg_report_opts view = {.full = sg_args_has(args, "full")};
    if (sg_all_report(cli, outputs, &all, SG_REPORT_PLAN, &view, err) < 0) {
        return -1;
    }
    return sg_all_exit(&all);
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_PLAN, &outputs, err) < 0 ||
        sg_outputs_annotate(args, SG_REPORT_PLAN, &outputs, err) < 0) {
        return -1;
    }
    if (sg_args_has(args, "since") && sg_args_has(args, "to")) {
        return sg_fail(err, SG_E_USAGE, "--since and --to exclude each other");
    }
    if (sg_args_has(args, "all")) {
        return run_all(cli, args, &outputs, err);
    }
    sg_auto_plan_args lists = {0};
    sg_auto_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(cli->repo));
    struct sg_report report = {0};
    if (check_project(cli->repo, args, &lists, &plan, &report, err) < 0) {
        return -1;
    }
    sg_plan_args_unused(cli, &lists, &(const struct sg_plan *){&plan}, 1);
    struct sg_report_opts view = {.full = sg_args_has(args, "full")};
    return sg_outputs_write(cli, &outputs, &report, &view, err) < 0 ? -1 : plan.exit;
}

const struct sg_cmd sg_cmd_check = {
    .name = "check",
    .group = "Upgrade",
    .summary = "Check the project, a change or a coming upgrade, in pipelines",
    .details =
        "Plain: the base is byte for byte what the lock says, every overlay renders, and "
        "rendered/ is up to date. With --since also what an upgrade between that "
        "revision and the present state loses or hides, however it was made. With --to "
        "what `apply` would say, without writing.\n\n"
        "Without --to the network is never touched.\n\n"
        "In a step of GitHub Actions (GITHUB_ACTIONS=true) and without -o, the findings "
        "also annotate the pull request, as with `-o text,github`.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .needs = SG_NEEDS_PROJECT,
    .run = run,
};
