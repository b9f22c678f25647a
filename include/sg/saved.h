/*
 * saved.h - a plan that is kept in a file, to be applied exactly as it was read.
 *
 * The file is the plan's JSON (schema sgupgrade.plan/v1) with one more member, `saved`:
 * what the plan was made from, what each hop renders to, and the decisions that were
 * given on the command line. It is not a program to run: `apply --plan` plans again with
 * these decisions, and goes on only where the result is the same document. So a plan that
 * somebody edited, a changed file and a moved tag are all refused alike. No value of a
 * Secret is in it.
 */
#ifndef SG_SAVED_H
#define SG_SAVED_H

#include "sg/report.h"

/* A decision of the command line: option "accept", value "SG301:*=agreed". */
struct sg_saved_decision {
    const char *option, *value; /* value NULL: a flag */
};

/* Appends the plan as a file to keep. `report` is of a plan made with
 * sg_repo_plan_opts.to_save and finished. */
SG_MUST_USE int sg_saved_write(const struct sg_report_plan *report,
                               const struct sg_saved_decision *decisions, size_t n,
                               const struct sg_report_opts *opts, struct sg_buf *out,
                               struct sg_err *err);

struct sg_saved {
    struct sg_docs docs; /* owns what follows */
    const struct sg_node *root;
    const char *name;             /* of the file, as shown */
    const char *to;               /* the version it leads to */
    struct sg_plan_origin origin; /* its files are `files` */
    SG_VEC(struct sg_plan_input) files;
    SG_VEC(struct sg_saved_decision) decisions;
};
void sg_saved_init(struct sg_saved *saved, struct sg_atoms *atoms);
void sg_saved_release(struct sg_saved *saved);
/*
 * Reads the text of a saved plan called `name` into `out`, once. SG_E_INPUT with line and
 * column for what is no JSON, no plan, a plan of another schema, a report that was not
 * saved as a plan, or of another renderer.
 */
SG_MUST_USE int sg_saved_read(struct sg_saved *out, const char *name, const char *text,
                              size_t len, struct sg_err *err);

/*
 * Whether the plan that was made now is the saved one: all of it but who made it and how
 * it was asked for. SG_E_DIRTY says what differs: upstream's way or one of its releases,
 * else the first place in the file. Linear in the size of both.
 */
SG_MUST_USE int sg_saved_compare(const struct sg_saved *saved,
                                 const struct sg_report_plan *now,
                                 const struct sg_report_opts *opts, struct sg_err *err);

#endif
