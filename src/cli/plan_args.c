#include "plan_args.h"

const char *const sg_version_words[] = {"next", "latest", NULL};

void sg_plan_args_release(struct sg_plan_args *args) {
    sg_arg_values_release(&args->accepts);
    sg_arg_values_release(&args->retires);
}

void sg_plan_args_read(const struct sg_args *args, bool retires,
                       struct sg_plan_args *lists, struct sg_repo_plan_opts *opts) {
    opts->to = sg_args_get(args, "to");
    opts->accepts_len = sg_args_all(args, "accept", &lists->accepts);
    opts->accepts = lists->accepts.items;
    if (!retires) {
        return;
    }
    opts->retires_len = sg_args_all(args, "retire", &lists->retires);
    opts->retires = lists->retires.items;
}
