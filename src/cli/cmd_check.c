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

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_PLAN, &outputs, err) < 0 ||
        sg_outputs_annotate(args, SG_REPORT_PLAN, &outputs, err) < 0) {
        return -1;
    }
    if (sg_args_has(args, "since") && sg_args_has(args, "to")) {
        return sg_fail(err, SG_E_USAGE, "--since and --to exclude each other");
    }
    sg_auto_plan_args lists = {0};
    struct sg_repo_check_opts opts = {.since = sg_args_get(args, "since")};
    sg_plan_args_read(args, true, &lists, &opts.plan);
    opts.to = opts.plan.to;
    sg_auto_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(cli->repo));
    if (sg_repo_check(cli->repo, &opts, &plan, err) < 0) {
        return -1;
    }
    sg_plan_finish(&plan, opts.to ? SG_USE_CHECK_TO : SG_USE_CHECK, fail_on(args));
    sg_plan_args_unused(cli, &lists, &plan);
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = &plan,
                 .use = SG_USE_CHECK,
                 .target = opts.to,
                 .since = opts.since,
                 .fail_on = fail_on(args)},
    };
    sg_plan_args_report(cli, &report.plan);
    struct sg_report_opts view = {.full = sg_args_has(args, "full")};
    if (sg_outputs_write(cli, &outputs, &report, &view, err) < 0) {
        return -1;
    }
    return plan.exit;
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
