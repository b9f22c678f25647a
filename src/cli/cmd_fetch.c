#include "cli.h"
#include "commands.h"

static const struct sg_opt options[] = {
    {.name = "to", .value = "VERSION", .help = "Only check that this release is there"},
    {.name = "bundle",
     .value = "FILE",
     .complete = SG_COMPLETE_FILE,
     .help = "Read from a git bundle in place of the network (air-gapped sites)"},
    SG_OPT_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade fetch", "fill the cache, to work offline after"},
    {"sgupgrade fetch --bundle /media/usb/deploy.bundle", "from a medium"},
    {0},
};

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_DONE, &outputs, err) < 0) {
        return -1;
    }
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    if (sg_repo_fetch(cli->repo, sg_args_get(args, "to"), sg_args_get(args, "bundle"),
                      &result, err) < 0) {
        return -1;
    }
    static const char *const next[] = {"sgupgrade versions"};
    sg_auto_buf headline = SG_BUF_INIT;
    const char *to = result.to ? result.to : "";
    if (to[0]) {
        sg_buf_addf(&headline, "The cache has %s.", to);
    } else {
        sg_buf_adds(&headline, "The cache has what upstream has.");
    }
    struct sg_report report = {
        .kind = SG_REPORT_DONE,
        .done = {.verb = "fetch",
                 .headline = sg_buf_cstr(&headline),
                 .from = "",
                 .to = to,
                 .nothing = result.nothing,
                 .next = next,
                 .next_len = SG_ARRAY_LEN(next)},
    };
    return sg_outputs_write(cli, &outputs, &report, NULL, err) < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_fetch = {
    .name = "fetch",
    .group = "Start",
    .summary = "Fill the cache with upstream's releases",
    .details = "Fetches upstream's tags and their contents into the cache, so that the "
               "other commands need no network. A local upstream is read in place and "
               "needs no fetch.",
    .options = options,
    .examples = examples,
    .needs = SG_NEEDS_PROJECT,
    .run = run,
};
