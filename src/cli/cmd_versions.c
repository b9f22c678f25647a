#include "cli.h"
#include "commands.h"

static const struct sg_opt options[] = {
    {.letter = 'a',
     .name = "all",
     .help = "Also list the releases before the current one"},
    SG_OPT_END,
};

static int write_list(struct sg_cli *cli, const struct sg_outputs *outputs,
                      const struct sg_repo_releases *releases, bool all,
                      struct sg_err *err) {
    SG_VEC(struct sg_report_release) items = {0};
    for (size_t i = 0; i < releases->items.len; i++) {
        const struct sg_repo_release *from = &releases->items.items[i];
        sg_vec_push(&items, (struct sg_report_release){
                                .version = from->version,
                                .tag = from->tag,
                                .commit = from->commit,
                                .date = from->date ? from->date : "",
                                .current = from->current,
                                .skipped = from->skipped,
                                .prerelease = from->prerelease,
                                .hop = from->hop,
                            });
    }
    struct sg_report report = {
        .kind = SG_REPORT_RELEASES,
        .releases = {.items = items.items,
                     .len = items.len,
                     .contacted = releases->contacted},
    };
    struct sg_report_opts view = {.full = all};
    int status = sg_outputs_write(cli, outputs, &report, &view, err);
    sg_vec_release(&items);
    return status;
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_RELEASES, &outputs, err) < 0) {
        return -1;
    }
    struct sg_repo_releases releases = {0};
    int status = sg_repo_read_releases(cli->repo, &releases, err);
    if (status == 0) {
        status = write_list(cli, &outputs, &releases, sg_args_has(args, "all"), err);
    }
    sg_repo_releases_release(&releases);
    return status < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_versions = {
    .name = "versions",
    .group = "Look",
    .summary = "List upstream's releases and the hops from here",
    .details = "Lists the releases that upstream offers from the current one on, and "
               "numbers those that the way to the newest one takes (`path.step` of "
               "sgupgrade.yaml says how far a hop may go).",
    .options = options,
    .needs = SG_NEEDS_PROJECT,
    .run = run,
};
