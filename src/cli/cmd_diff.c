#include "all.h"
#include "cli.h"
#include "commands.h"
#include "plan_args.h"
#include "saved_plan.h"

static const char *const parts[] = {"attention", "upstream", "overlay", NULL};

static const struct sg_opt options[] = {
    SG_OPT_TO("The release to preview (3.20.1, 3.20, 3.x, next, latest); default latest"),
    SG_OPT_FULL,
    {.name = "stat", .help = "Only list the objects and count their changes"},
    {.name = "only",
     .value = "PART",
     .choices = parts,
     .help = "Only what needs attention, or what one side changes: attention, upstream "
             "or overlay"},
    SG_OPT_ACCEPT,
    SG_OPT_RETIRE,
    SG_OPT_RETARGET,
    SG_OPT_AS_PATCH,
    SG_OPT_MERGE_HIDDEN,
    SG_OPT_TIDY,
    SG_OPT_ALL,
    {.name = "plan-out",
     .value = "FILE",
     .complete = SG_COMPLETE_FILE,
     .help = "Save the plan, for `apply --plan FILE` to apply exactly it"},
    {.name = "detailed-exitcode",
     .help = "Exit 0 where nothing changes, 2 where something does, 1 on an error"},
    {.name = "exit-zero", .help = "Exit 0 also where something changes"},
    SG_OPT_END,
};

static const struct sg_word words[] = {
    {.name = "OVERLAY",
     .optional = true,
     .many = true,
     .help = "overlays to look at, by name; default all"},
    SG_WORD_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade diff", "what the newest release would change"},
    {"sgupgrade diff --to next production", "the next hop, one overlay"},
    {"sgupgrade diff --only attention", "what a human has to look at"},
    {"sgupgrade diff -o text,json=plan.json", "read it, and keep it for a program"},
    {"sgupgrade diff --to next --plan-out upgrade.plan",
     "have it reviewed, then `sgupgrade apply --plan upgrade.plan`"},
    {0},
};

static const struct sg_exit_row exits[] = {
    {SG_EXIT_OK, "nothing changes"},
    {SG_EXIT_CHANGES, "something changes"},
    {SG_EXIT_ERROR, "wrong usage, bad input or an I/O error"},
    {SG_EXIT_PIN, "the base is not what the lock says, or upstream moved its tag"},
    {0, NULL},
};

/* Plans one project, and fills its report. */
static int plan_project(struct sg_repo *repo, const struct sg_args *args,
                        struct sg_plan_args *lists, struct sg_plan *plan,
                        struct sg_report *report, struct sg_err *err) {
    struct sg_repo_plan_opts opts = {
        .overlays = args->words.items,
        .overlays_len = args->words.len,
        .to_save = sg_args_has(args, "plan-out"),
    };
    sg_plan_args_read(args, true, lists, &opts);
    if (sg_repo_diff(repo, &opts, plan, err) < 0) {
        return -1;
    }
    *report = (struct sg_report){
        .kind = SG_REPORT_PLAN,
        .plan = {.plan = plan,
                 .use = SG_USE_DIFF,
                 .target = opts.to,
                 .saved = sg_args_get(args, "plan-out"),
                 .nothing = plan->hops.len == 0},
    };
    sg_plan_args_report(repo, &report->plan);
    return 0;
}

static struct sg_report_opts view_of(const struct sg_args *args) {
    return (struct sg_report_opts){
        .full = sg_args_has(args, "full"),
        .stat = sg_args_has(args, "stat"),
        .only = sg_only_of(sg_args_get(args, "only")),
    };
}

/* The report shows a part of its plan, with --only; `part` is to outlive it. */
static void narrow(const struct sg_report_opts *view, struct sg_report *report,
                   struct sg_plan *part) {
    if (view->only != SG_ONLY_ALL) {
        sg_plan_narrow(report->plan.plan, view->only, part);
        report->plan.plan = part;
    }
}

static int exit_of(const struct sg_args *args, int code) {
    bool changes_are_fine = sg_args_has(args, "exit-zero");
    return code == SG_EXIT_CHANGES && changes_are_fine ? SG_EXIT_OK : code;
}

static int plan_one(struct sg_cli *cli, const struct sg_args *args, void *ctx,
                    struct sg_project_run *run, struct sg_err *err) {
    (void)cli;
    struct sg_plan_args *lists = ctx;
    sg_plan_args_release(lists);
    return plan_project(run->repo, args, lists, &run->plan, &run->report, err);
}

static int run_all(struct sg_cli *cli, const struct sg_args *args,
                   const struct sg_outputs *outputs, struct sg_err *err) {
    static const char *const single[] = {"plan-out", NULL};
    sg_auto_all all = {0};
    sg_auto_plan_args lists = {0};
    if (sg_all_check(args, single, err) < 0 ||
        sg_all_open(cli, SG_NEEDS_PROJECT, &all, err) < 0) {
        return -1;
    }
    sg_all_each(cli, args, &all, plan_one, &lists);
    sg_all_unused(cli, &lists, &all);
    struct sg_report_opts view = view_of(args);
    for (size_t i = 0; i < all.runs.len; i++) {
        struct sg_project_run *run = all.runs.items[i];
        if (!run->failed) {
            narrow(&view, &run->report, &run->part);
        }
    }
    cli->pages = true;
    if (sg_all_report(cli, outputs, &all, SG_REPORT_PLAN, &view, err) < 0) {
        return -1;
    }
    return exit_of(args, sg_all_exit(&all));
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_PLAN, &outputs, err) < 0) {
        return -1;
    }
    if (sg_args_has(args, "all")) {
        return run_all(cli, args, &outputs, err);
    }
    if (sg_plan_out_check(args, &outputs, err) < 0) {
        return -1;
    }
    sg_auto_plan_args lists = {0};
    sg_auto_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(cli->repo));
    struct sg_report report = {0};
    if (plan_project(cli->repo, args, &lists, &plan, &report, err) < 0) {
        return -1;
    }
    sg_plan_args_unused(cli, &lists, &(const struct sg_plan *){&plan}, 1);
    struct sg_report_opts view = view_of(args);
    if (sg_plan_out_write(args, &report.plan, err) < 0) {
        return -1;
    }
    struct sg_plan part = {0};
    narrow(&view, &report, &part);
    cli->pages = true;
    int status = sg_outputs_write(cli, &outputs, &report, &view, err);
    sg_plan_narrow_release(&part);
    if (status < 0) {
        return -1;
    }
    return exit_of(args, plan.exit);
}

const struct sg_cmd sg_cmd_diff = {
    .name = "diff",
    .group = "Upgrade",
    .summary = "Preview an upgrade: what changes, and whose change it is",
    .details =
        "Renders every overlay on the present base and on the new one, hop by hop, and "
        "shows the difference: by object and field, with the owner of each change "
        "(upstream, yours, both), the file and line of what you can edit, and what "
        "`apply` would write. Nothing of the project is written.\n\n"
        "--plan-out keeps the plan in a file, its decisions included: "
        "`apply --plan` applies exactly it, or refuses where anything it was made from "
        "has changed. A plan that needs a decision can be saved as well; `apply` stops "
        "at it as it would without the file. No value of a Secret is in it.",
    .options = options,
    .words = words,
    .examples = examples,
    .exits = exits,
    .needs = SG_NEEDS_PROJECT,
    .run = run,
};
