#include "cli.h"
#include "commands.h"

static int write_log(struct sg_cli *cli, const struct sg_outputs *outputs,
                     const struct sg_repo_log *log, struct sg_err *err) {
    SG_VEC(struct sg_report_entry) items = {0};
    for (size_t i = 0; i < log->entries.len; i++) {
        const struct sg_repo_log_entry *from = &log->entries.items[i];
        sg_vec_push(&items, (struct sg_report_entry){
                                .version = from->version,
                                .tag = from->tag,
                                .commit = from->commit,
                                .date = from->date ? from->date : "",
                                .files = from->files.items,
                                .files_len = from->files.len,
                                .current = from->current,
                            });
    }
    struct sg_report report = {
        .kind = SG_REPORT_LOG,
        .log = {.items = items.items, .len = items.len},
    };
    int status = sg_outputs_write(cli, outputs, &report, NULL, err);
    sg_vec_release(&items);
    return status;
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_LOG, &outputs, err) < 0) {
        return -1;
    }
    struct sg_repo_log log = {0};
    int status = sg_repo_read_log(cli->repo, &log, err);
    if (status == 0) {
        status = write_log(cli, &outputs, &log, err);
    }
    sg_repo_log_release(&log);
    return status < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_log = {
    .name = "log",
    .group = "History",
    .summary = "List the releases the project went through",
    .details = "Lists the entries of sgupgrade.lock, newest first, with the files of "
               "yours that each step edited. These are the places `rollback` can go to.",
    .needs = SG_NEEDS_PROJECT,
    .run = run,
};
