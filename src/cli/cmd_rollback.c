#include "cli.h"
#include "commands.h"

static const struct sg_opt options[] = {
    {.name = "to",
     .value = "VERSION",
     .help = "The release to go back to; default the one before"},
    {.name = "keep",
     .value = "FILE",
     .complete = SG_COMPLETE_FILE,
     .many = true,
     .help = "Leave this file, edited since, as it is now"},
    {.name = "discard",
     .value = "FILE",
     .complete = SG_COMPLETE_FILE,
     .many = true,
     .help = "Restore this file and give up what was edited since"},
    {.letter = 'n', .name = "dry-run", .help = "Say what would be done, write nothing"},
    {.name = "allow-dirty", .help = "Go on with uncommitted changes"},
    SG_OPT_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade rollback", "back to the release before"},
    {"sgupgrade rollback --to 3.19.2 --keep overlays/production/new.yaml",
     "further back, and keep a file as it is"},
    {0},
};

static const struct sg_exit_row exits[] = {
    {SG_EXIT_OK, "done"},
    {SG_EXIT_ERROR, "wrong usage, bad input or an I/O error; nothing was written"},
    {SG_EXIT_PIN, "the base is not what the lock says; nothing was written"},
    {SG_EXIT_DECISION, "files were edited since: --keep or --discard each; nothing was "
                       "written"},
    {0, NULL},
};

static int write_report(struct sg_cli *cli, const struct sg_outputs *outputs,
                        const struct sg_repo_result *result, bool dry_run,
                        struct sg_err *err) {
    const char *from = result->from ? result->from : "";
    const char *to = result->to ? result->to : "";
    sg_auto_buf headline = SG_BUF_INIT;
    if (result->undecided.len) {
        sg_buf_adds(&headline, "Edited since the upgrade, so nothing was written:");
    } else if (result->nothing) {
        sg_buf_addf(&headline, "Already at %s.", to);
    } else {
        sg_buf_addf(&headline, "%s %s -> %s.", dry_run ? "Would go back" : "Back:", from,
                    to);
    }
    struct sg_report report = {
        .kind = SG_REPORT_DONE,
        .done = {.verb = "rollback",
                 .headline = sg_buf_cstr(&headline),
                 .from = from,
                 .to = to,
                 .files = result->written.items,
                 .files_len = result->written.len,
                 .undecided = result->undecided.items,
                 .undecided_len = result->undecided.len,
                 .nothing = result->nothing,
                 .dry_run = dry_run},
    };
    return sg_outputs_write(cli, outputs, &report, NULL, err);
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_DONE, &outputs, err) < 0) {
        return -1;
    }
    sg_auto_arg_values keep = {0}, discard = {0};
    struct sg_repo_rollback_opts opts = {
        .to = sg_args_get(args, "to"),
        .allow_dirty = sg_args_has(args, "allow-dirty"),
        .dry_run = sg_args_has(args, "dry-run"),
    };
    opts.keep_len = sg_args_all(args, "keep", &keep);
    opts.keep = keep.items;
    opts.discard_len = sg_args_all(args, "discard", &discard);
    opts.discard = discard.items;
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    int status = sg_repo_rollback(cli->repo, &opts, &result, err);
    if (status < 0 && (err->code != SG_E_DECISION || result.undecided.len == 0)) {
        return -1;
    }
    struct sg_err write_err = {0};
    if (write_report(cli, &outputs, &result, opts.dry_run, &write_err) < 0 &&
        status == 0) {
        *err = write_err;
        return -1;
    }
    return status < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_rollback = {
    .name = "rollback",
    .group = "History",
    .summary = "Go back to an earlier release, byte for byte",
    .details =
        "Restores base, lock, overlays and rendered manifests to an earlier entry of "
        "`log`. It works in any clone and never touches the network. A file of yours "
        "that was edited since the upgrade is listed, and you decide: --keep or "
        "--discard.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .needs = SG_NEEDS_WRITING,
    .run = run,
};
