/*
 * ci.h - what the formats of CI systems share: every finding of a plan in one list, what
 * it comes to for a pipeline, and its place as the git repository sees it.
 */
#ifndef SG_REPORT_CI_H
#define SG_REPORT_CI_H

#include "sg/report.h"
#include "sg/strmap.h"

/* What a finding comes to in a pipeline. */
enum sg_ci_verdict {
    SG_CI_FAILED,   /* it is why the command fails, or would be alone */
    SG_CI_ACCEPTED, /* somebody agreed to it, with a reason */
    SG_CI_NOTED,    /* it is under what fails */
};

struct sg_ci_findings {
    SG_VEC(const struct sg_finding *) items;
};
void sg_ci_findings_release(struct sg_ci_findings *findings);
#define sg_auto_ci_findings SG_CLEANUP(sg_ci_findings_release) struct sg_ci_findings
/* Appends the project's findings, then those of each overlay, in the plan's order;
 * borrowed from the plan. */
void sg_ci_findings_of(const struct sg_plan *plan, struct sg_ci_findings *out);

/* A stop fails always, also one that was agreed to where kustomize refuses still; other
 * findings fail a check from its --fail-on, and else where they are errors. */
enum sg_ci_verdict sg_ci_verdict_of(const struct sg_report_plan *report,
                                    const struct sg_finding *finding);
/* The severity that an annotation shows: a stop is an error, what was agreed to an info.
 */
enum sg_severity sg_ci_severity(const struct sg_finding *finding);

/*
 * Where a finding is to be shown. The file, from the root of the git repository, is put
 * into `file` (and borrowed from it); line is at least 1, column 0 where it is not known.
 * A finding with no place of its own is shown at the head of sgupgrade.lock where it is
 * about a hop, else of sgupgrade.yaml: a CI system shows nothing that has no place.
 */
struct sg_place sg_ci_place(const struct sg_report_plan *report,
                            const struct sg_finding *finding, struct sg_buf *file);

/* How often this key was asked for, this time included: readers that tell findings apart
 * by a name drop all but one of the same name. */
size_t sg_ci_nth(struct sg_strmap *seen, const char *key);

/* "SG101 masked in production"; without the overlay where it is of the whole project. */
void sg_ci_title(const struct sg_finding *finding, struct sg_buf *out);
/*
 * The lines below the message: object and path, upstream's commit, who agreed or how to
 * fix it, the flags that decide. Each ends in a line feed; what came from a file is made
 * safe (sg_text_safe).
 */
void sg_ci_details(const struct sg_finding *finding, struct sg_buf *out);

#endif
