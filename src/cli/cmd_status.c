#include "all.h"
#include "cli.h"
#include "commands.h"

static const struct sg_opt options[] = {
    SG_OPT_ALL,
    SG_OPT_END,
};

static void list_overlays(const struct sg_repo_status *status,
                          struct sg_health_list *out) {
    for (size_t i = 0; i < status->overlays.len; i++) {
        const struct sg_repo_health *from = &status->overlays.items[i];
        sg_vec_push(&out->items, (struct sg_report_overlay){
                                     .name = from->overlay,
                                     .objects = from->objects,
                                     .errors = from->errors,
                                     .warnings = from->warnings,
                                     .infos = from->infos,
                                     .problem = from->problem,
                                     .at = from->at,
                                 });
    }
}

/* Reads one project's status, and fills its report, which borrows from the rest. */
static int read_project(struct sg_repo *repo, struct sg_repo_status *status,
                        struct sg_plan *plan, struct sg_health_list *health,
                        struct sg_report *report, struct sg_err *err) {
    if (sg_repo_read_status(repo, status, plan, err) < 0) {
        return -1;
    }
    list_overlays(status, health);
    *report = (struct sg_report){
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
                   .overlays = health->items.items,
                   .overlays_len = health->items.len,
                   .plan = plan},
    };
    return 0;
}

static int read_one(struct sg_cli *cli, const struct sg_args *args, void *ctx,
                    struct sg_project_run *run, struct sg_err *err) {
    (void)cli;
    (void)args;
    (void)ctx;
    return read_project(run->repo, &run->status, &run->plan, &run->health, &run->report,
                        err);
}

/* A status is no verdict: only a project that cannot be read counts. */
static int run_all(struct sg_cli *cli, const struct sg_args *args,
                   const struct sg_outputs *outputs, struct sg_err *err) {
    sg_auto_all all = {0};
    if (sg_all_open(cli, SG_NEEDS_PROJECT, &all, err) < 0) {
        return -1;
    }
    size_t failed = sg_all_each(cli, args, &all, read_one, NULL);
    if (sg_all_report(cli, outputs, &all, SG_REPORT_STATUS, NULL, err) < 0) {
        return -1;
    }
    return failed ? SG_EXIT_ERROR : SG_EXIT_OK;
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_STATUS, &outputs, err) < 0) {
        return -1;
    }
    if (sg_args_has(args, "all")) {
        return run_all(cli, args, &outputs, err);
    }
    struct sg_repo_status status = {0};
    struct sg_health_list health = {0};
    struct sg_report report = {0};
    sg_auto_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(cli->repo));
    int result = read_project(cli->repo, &status, &plan, &health, &report, err);
    if (result == 0) {
        result = sg_outputs_write(cli, &outputs, &report, NULL, err);
    }
    sg_vec_release(&health.items);
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
    .options = options,
    .needs = SG_NEEDS_PROJECT,
    .run = run,
};
