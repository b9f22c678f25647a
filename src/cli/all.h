/*
 * all.h - `--all`: one command over every project of the git repository, one report.
 */
#ifndef SG_CLI_ALL_H
#define SG_CLI_ALL_H

#include "cli.h"
#include "plan_args.h"

/* clang-format off */
#define SG_OPT_ALL                                                                       \
    {.name = "all", .projects = true,                                                    \
     .help = "Every project of the git repository, with one report"}
/* clang-format on */

/* The overlays of a status, as its report borrows them. */
struct sg_health_list {
    SG_VEC(struct sg_report_overlay) items;
};

/* One project's run. */
struct sg_project_run {
    char *dir; /* below the top; "." for it */
    char *root;
    struct sg_diag_sink diag; /* says which project it is about */
    struct sg_cli *cli;
    struct sg_repo *repo; /* NULL where it could not be opened */
    struct sg_plan plan;  /* initialised once the project is open */
    struct sg_plan part;  /* what --only leaves of it */
    struct sg_repo_result result;
    struct sg_repo_applying *applying; /* apply, between its two steps */
    struct sg_repo_status status;
    struct sg_report report;      /* filled by the command */
    struct sg_health_list health; /* of status */
    bool failed;
    struct sg_err err;
};

struct sg_all {
    struct sg_repo_projects found;
    SG_VEC(struct sg_project_run *) runs; /* by folder */
};
void sg_all_release(struct sg_all *all);
#define sg_auto_all SG_CLEANUP(sg_all_release) struct sg_all

/* --all was given: the runner opens no project then. */
bool sg_all_wanted(const struct sg_args *args);
/* SG_E_USAGE for what makes sense for one project only: OVERLAY, and these options. */
SG_MUST_USE int sg_all_check(const struct sg_args *args, const char *const *options,
                             struct sg_err *err);
/* Finds the projects and opens each; one that cannot be opened is a failed run. */
SG_MUST_USE int sg_all_open(struct sg_cli *cli, enum sg_needs needs, struct sg_all *all,
                            struct sg_err *err);

typedef int sg_project_fn(struct sg_cli *cli, const struct sg_args *args, void *ctx,
                          struct sg_project_run *run, struct sg_err *err);
/* Calls `each` for every project that has not failed, with cli->repo set to it; prints
 * the error of one that fails, and goes on with the next. Returns how many failed. */
size_t sg_all_each(struct sg_cli *cli, const struct sg_args *args, struct sg_all *all,
                   sg_project_fn *each, void *ctx);
/* Writes the one report of all runs. */
SG_MUST_USE int sg_all_report(struct sg_cli *cli, const struct sg_outputs *outputs,
                              const struct sg_all *all, enum sg_report_kind kind,
                              const struct sg_report_opts *view, struct sg_err *err);
/* 2 where a project failed, then 3 over 4 over 1. */
int sg_all_exit(const struct sg_all *all);
/* Notes each --accept and --retire that covers no finding of any project. */
void sg_all_unused(struct sg_cli *cli, const struct sg_plan_args *lists,
                   const struct sg_all *all);

#endif
