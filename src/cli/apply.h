/*
 * apply.h - what `apply` of one project and `apply --all` share.
 */
#ifndef SG_CLI_APPLY_H
#define SG_CLI_APPLY_H

#include "all.h"

/* The options of the command line; borrows from `args` and `lists`. */
struct sg_repo_apply_opts sg_apply_opts(const struct sg_args *args,
                                        struct sg_plan_args *lists);
/* The report of a plan, applied where it could be. */
struct sg_report sg_apply_report(const struct sg_repo *repo, const struct sg_args *args,
                                 const struct sg_plan *plan,
                                 const struct sg_repo_result *result);
/* Upgrades every project of the repository, or none (apply_all.c). */
SG_MUST_USE int sg_apply_all(struct sg_cli *cli, const struct sg_args *args,
                             const struct sg_outputs *outputs, struct sg_err *err);

#endif
