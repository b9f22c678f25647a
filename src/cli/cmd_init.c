#include "cli.h"
#include "commands.h"

static const struct sg_opt options[] = {
    {.name = "upstream",
     .value = "URL",
     .complete = SG_COMPLETE_DIR,
     .help = "The repository to follow: any git URL, or a local path"},
    {.name = "version",
     .value = "VERSION",
     .help = "The release to start from; default the newest"},
    {.name = "path",
     .value = "PATH",
     .many = true,
     .help = "What to vendor: a folder of upstream's, or FROM:TO; default base"},
    {.name = "tag",
     .value = "PATTERN",
     .help = "How a version names its tag; default v{version}"},
    SG_OPT_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade init --upstream https://github.com/example/deploy --version 3.19.2",
     "follow a repository from one of its releases"},
    {"sgupgrade init --upstream ../deploy --path kubernetes/base:base",
     "vendor one folder under another name"},
    {0},
};

static int report_done(struct sg_cli *cli, const struct sg_outputs *outputs,
                       const struct sg_repo_result *result, struct sg_err *err) {
    static const char *const next[] = {"sgupgrade build overlays/default",
                                       "git add -A && git commit"};
    sg_auto_buf headline = SG_BUF_INIT;
    sg_buf_addf(&headline, "Started at %s.", result->to);
    struct sg_report report = {
        .kind = SG_REPORT_DONE,
        .done = {.verb = "init",
                 .headline = sg_buf_cstr(&headline),
                 .from = "",
                 .to = result->to,
                 .files = result->written.items,
                 .files_len = result->written.len,
                 .next = next,
                 .next_len = SG_ARRAY_LEN(next)},
    };
    return sg_outputs_write(cli, outputs, &report, NULL, err);
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    sg_auto_arg_values paths = {0};
    if (sg_outputs_parse(args, SG_REPORT_DONE, &outputs, err) < 0) {
        return -1;
    }
    if (!sg_args_has(args, "upstream")) {
        sg_fail(err, SG_E_USAGE, "`init` needs --upstream: the repository to follow");
        return sg_err_hint(err, "sgupgrade init --upstream URL");
    }
    struct sg_repo_opts common;
    sg_cli_repo_opts(cli, true, &common);
    struct sg_repo_init_opts opts = {
        .dir = cli->cwd,
        .upstream = sg_args_get(args, "upstream"),
        .version = sg_args_get(args, "version"),
        .tag = sg_args_get(args, "tag"),
        .common = &common,
    };
    opts.paths_len = sg_args_all(args, "path", &paths);
    opts.paths = paths.items;
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    if (sg_repo_init(&opts, &result, err) < 0) {
        return -1;
    }
    return report_done(cli, &outputs, &result, err) < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_init = {
    .name = "init",
    .group = "Start",
    .summary = "Start a project that follows an upstream repository",
    .details =
        "Writes sgupgrade.yaml (what is followed), sgupgrade.lock (what is there), "
        "base/ (upstream's manifests of one release, never to be edited), "
        "overlays/default (yours) and .gitattributes into the current folder.\n\n"
        "A file that is there already is never overwritten.",
    .options = options,
    .examples = examples,
    .run = run,
};
