/*
 * saved_plan.h - `diff --plan-out FILE` and `apply --plan FILE`.
 */
#ifndef SG_CLI_SAVED_PLAN_H
#define SG_CLI_SAVED_PLAN_H

#include "cli.h"
#include "sg/saved.h"

/* SG_E_USAGE where --plan-out cannot be: without a file's name, to a file that a report
 * goes to, or of some overlays only. */
SG_MUST_USE int sg_plan_out_check(const struct sg_args *args,
                                  const struct sg_outputs *outputs, struct sg_err *err);
/* Saves the plan where --plan-out says; nothing without that option. */
SG_MUST_USE int sg_plan_out_write(const struct sg_args *args,
                                  const struct sg_report_plan *plan, struct sg_err *err);

/*
 * Reads the file of --plan into `out` (initialised), sees that it is of
 * this project as it is now, and adds its decisions to `args` as if they had been given.
 * SG_E_USAGE for an option that the saved plan decides already.
 */
SG_MUST_USE int sg_saved_plan_open(struct sg_cli *cli, struct sg_args *args,
                                   struct sg_saved *out, struct sg_err *err);
/* Whether the plan that was made now is the saved one. */
SG_MUST_USE int sg_saved_plan_same(const struct sg_saved *saved,
                                   const struct sg_plan *plan, struct sg_err *err);

#endif
