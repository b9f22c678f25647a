#include "cli.h"
#include "commands.h"

static int write_status(struct sg_cli *cli, const struct sg_outputs *outputs,
                        const struct sg_repo_status *status, const struct sg_plan *plan,
                        struct sg_err *err) {
    SG_VEC(struct sg_report_overlay) overlays = {0};
    for (size_t i = 0; i < status->overlays.len; i++) {
        const struct sg_repo_health *from = &status->overlays.items[i];
        sg_vec_push(&overlays, (struct sg_report_overlay){
                                   .name = from->overlay,
                                   .objects = from->objects,
                                   .errors = from->errors,
                                   .warnings = from->warnings,
                                   .infos = from->infos,
                                   .problem = from->problem,
                                   .at = from->at,
                               });
    }
    struct sg_report report = {
        .kind = SG_REPORT_STATUS,
        .status = {.upstream = status->upstream,
                   .current = status->current,
                   .commit = status->commit,
                   .next = status->next,
                   .latest = status->latest,
                   .contacted = status->contacted,
                   .newer = status->newer,
                   .hops = status->hops,
                   .blocked = status->blocked,
                   .dirty = status->dirty,
                   .overlays = overlays.items,
                   .overlays_len = overlays.len,
                   .plan = plan},
    };
    int result = sg_outputs_write(cli, outputs, &report, NULL, err);
    sg_vec_release(&overlays);
    return result;
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_STATUS, &outputs, err) < 0) {
        return -1;
    }
    struct sg_repo_status status = {0};
    sg_auto_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(cli->repo));
    int result = sg_repo_read_status(cli->repo, &status, &plan, err);
    if (result == 0) {
        result = write_status(cli, &outputs, &status, &plan, err);
    }
    sg_repo_status_release(&status);
    return result < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_status = {
    .name = "status",
    .group = "Look",
    .summary = "Show the version, newer releases, and how the overlays are",
    .details = "Shows in one screen which release the project is on, what upstream has "
               "that is newer, whether the files are as locked and committed, and "
               "whether every overlay renders. Without network it says so and shows the "
               "rest.",
    .needs = SG_NEEDS_PROJECT,
    .run = run,
};
