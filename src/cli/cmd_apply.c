#include "apply.h"
#include "cli.h"
#include "commands.h"
#include "plan_args.h"
#include "saved_plan.h"
#include "sg/config.h"

#include <string.h>

static const struct sg_opt options[] = {
    SG_OPT_TO("The release to go to (3.20.1, 3.20, 3.x, next, latest)"),
    {.name = "plan",
     .value = "FILE",
     .complete = SG_COMPLETE_FILE,
     .help = "Apply exactly the plan that `diff --plan-out FILE` saved"},
    {.letter = 'n', .name = "dry-run", .help = "Plan, and write nothing"},
    {.name = "commit", .help = "Make one commit a hop"},
    {.name = "branch",
     .value = "NAME",
     .help = "Make this branch first and switch to it"},
    {.name = "allow-dirty", .help = "Go on with uncommitted changes"},
    SG_OPT_ACCEPT,
    SG_OPT_RETIRE,
    SG_OPT_RETARGET,
    SG_OPT_AS_PATCH,
    SG_OPT_MERGE_HIDDEN,
    SG_OPT_TIDY,
    {.name = "all",
     .projects = true,
     .help = "Every project of the git repository: all or none, with one report"},
    {.name = "keep-going",
     .help = "With --all: write the projects that can go on where others stop"},
    {.name = "resume",
     .help = "Finish an interrupted upgrade whose files somebody edited since"},
    {.name = "abort", .help = "Undo such an upgrade"},
    SG_OPT_FULL,
    SG_OPT_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade apply --to 3.x", "to the newest release of major 3, over every hop"},
    {"sgupgrade apply --to next --commit --branch upgrade", "what a bot runs"},
    {"sgupgrade apply --plan upgrade.plan", "what was reviewed, and nothing else"},
    {0},
};

static const struct sg_exit_row exits[] = {
    {SG_EXIT_OK, "done, or already there"},
    {SG_EXIT_ERROR, "wrong usage, bad input or an I/O error; nothing was written"},
    {SG_EXIT_PIN, "the base is not what the lock says, or upstream moved its tag; "
                  "nothing was written"},
    {SG_EXIT_DECISION, "a decision is needed; nothing was written"},
    {0, NULL},
};

struct sg_report sg_apply_report(const struct sg_repo *repo, const struct sg_args *args,
                                 const struct sg_plan *plan,
                                 const struct sg_repo_result *result) {
    bool dry_run = sg_args_has(args, "dry-run");
    struct sg_report report = {
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = plan,
                 .use = SG_USE_APPLY,
                 .target = sg_args_get(args, "to"),
                 .saved = sg_args_get(args, "plan"),
                 .dry_run = dry_run,
                 .applied = !dry_run && plan->exit == SG_EXIT_OK && plan->hops.len > 0,
                 .nothing = plan->hops.len == 0,
                 .commits = result->commits.items,
                 .commits_len = result->commits.len,
                 .deploy = result->deploy.items,
                 .deploy_len = result->deploy.len,
                 .files = result->written.items,
                 .files_len = result->written.len},
    };
    sg_plan_args_report(repo, &report.plan);
    return report;
}

/* --resume and --abort: opening the project is what decides; say what is there now. */
static int finish_interrupted(struct sg_cli *cli, const struct sg_args *args,
                              struct sg_err *err) {
    if (sg_args_has(args, "to") || sg_args_has(args, "plan") ||
        (sg_args_has(args, "resume") && sg_args_has(args, "abort"))) {
        return sg_fail(err, SG_E_USAGE,
                       "--resume, --abort, --plan and --to exclude each other");
    }
    enum sg_repo_interrupted how =
        sg_args_has(args, "resume") ? SG_REPO_RESUME : SG_REPO_ABORT;
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_DONE, &outputs, err) < 0 ||
        sg_cli_open_repo(cli, SG_NEEDS_WRITING, how, err) < 0) {
        return -1;
    }
    const char *version = sg_repo_lock(cli->repo)->now.version;
    sg_auto_buf headline = SG_BUF_INIT;
    sg_buf_addf(&headline, "No upgrade is interrupted now; the project is on %s.",
                version);
    struct sg_report report = {
        .kind = SG_REPORT_DONE,
        .done = {.verb = "apply",
                 .headline = sg_buf_cstr(&headline),
                 .from = "",
                 .to = version},
    };
    return sg_outputs_write(cli, &outputs, &report, NULL, err) < 0 ? -1 : SG_EXIT_OK;
}

struct sg_repo_apply_opts sg_apply_opts(const struct sg_args *args,
                                        struct sg_plan_args *lists) {
    struct sg_repo_apply_opts opts = {
        .dry_run = sg_args_has(args, "dry-run"),
        .commit = sg_args_has(args, "commit"),
        .branch = sg_args_get(args, "branch"),
        .allow_dirty = sg_args_has(args, "allow-dirty"),
    };
    sg_plan_args_read(args, true, lists, &opts.plan);
    return opts;
}

static int upgrade(struct sg_cli *cli, const struct sg_args *args,
                   const struct sg_saved *saved, const struct sg_outputs *outputs,
                   struct sg_err *err) {
    sg_auto_plan_args lists = {0};
    struct sg_repo_apply_opts opts = sg_apply_opts(args, &lists);
    if (saved) {
        opts.plan.to = saved->to;
        opts.plan.to_save = true;
    }
    sg_auto_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(cli->repo));
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    struct sg_repo_applying *applying = sg_repo_apply_begin(cli->repo, &opts, &plan, err);
    bool failed = !applying || (saved && sg_saved_plan_same(saved, &plan, err) < 0) ||
                  sg_repo_apply_write(applying, &result, err) < 0;
    sg_repo_applying_free(applying);
    if (failed) {
        return -1;
    }
    sg_plan_args_unused(cli, &lists, &(const struct sg_plan *){&plan}, 1);
    struct sg_report report = sg_apply_report(cli->repo, args, &plan, &result);
    struct sg_report_opts view = {.full = sg_args_has(args, "full")};
    return sg_outputs_write(cli, outputs, &report, &view, err) < 0 ? -1 : plan.exit;
}

/* The plan's decisions are added to a copy of what was typed. */
static int apply_saved(struct sg_cli *cli, const struct sg_args *typed,
                       const struct sg_outputs *outputs, struct sg_err *err) {
    sg_auto_args args = {0};
    memcpy(args.tables, typed->tables, sizeof args.tables);
    for (size_t i = 0; i < typed->given.len; i++) {
        sg_vec_push(&args.given, typed->given.items[i]);
    }
    struct sg_saved saved;
    sg_saved_init(&saved, sg_repo_atoms(cli->repo));
    int code = sg_saved_plan_open(cli, &args, &saved, err);
    if (code == 0) {
        code = upgrade(cli, &args, &saved, outputs, err);
    }
    sg_saved_release(&saved);
    return code;
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    if (sg_args_has(args, "resume") || sg_args_has(args, "abort")) {
        return finish_interrupted(cli, args, err);
    }
    sg_auto_outputs outputs = {0};
    bool saved = sg_args_has(args, "plan");
    if (sg_outputs_parse(args, SG_REPORT_PLAN, &outputs, err) < 0) {
        return -1;
    }
    if (sg_args_has(args, "keep-going") && !sg_args_has(args, "all")) {
        return sg_fail(err, SG_E_USAGE, "--keep-going needs --all");
    }
    if (!saved && !sg_args_has(args, "to")) {
        sg_fail(err, SG_E_USAGE, "`apply` needs --to: the release to go to");
        return sg_err_hint(err, "sgupgrade apply --to next; `sgupgrade versions` lists "
                                "what there is");
    }
    if (sg_args_has(args, "all")) {
        return sg_apply_all(cli, args, &outputs, err);
    }
    if (sg_cli_open_repo(cli, SG_NEEDS_WRITING, SG_REPO_ASK, err) < 0) {
        return -1;
    }
    return saved ? apply_saved(cli, args, &outputs, err)
                 : upgrade(cli, args, NULL, &outputs, err);
}

const struct sg_cmd sg_cmd_apply = {
    .name = "apply",
    .group = "Upgrade",
    .summary = "Upgrade: take the project to a newer release",
    .details =
        "Plans every hop to the release in memory, each on the result of the one before, "
        "and where nothing needs a decision writes base, lock, overlays and rendered "
        "manifests, one transaction a hop. What you set in an overlay always wins; a "
        "setting whose place is gone in the new release is a finding, never lost "
        "unseen.\n\n"
        "Uncommitted changes in files that count stop it, unless --allow-dirty. After a "
        "crash the next command restores exactly the old or the new state.\n\n"
        "With --plan it plans again with the decisions that were saved, and writes only "
        "where the result is the saved plan: a changed file, lock or config, a tag that "
        "moved, and an edited plan are refused (exit 2).\n\n"
        "With --all every project of the git repository is planned first. Where one of "
        "them stops or fails, nothing is written in any, unless --keep-going: then the "
        "others are upgraded. --branch makes one branch for all; each project has its "
        "own commits.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
