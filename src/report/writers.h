/*
 * writers.h - the writers of the formats, one a kind of report; for formats.c.
 */
#ifndef SG_REPORT_WRITERS_H
#define SG_REPORT_WRITERS_H

#include "sg/report.h"

sg_report_fn sg_text_version, sg_text_plan, sg_text_status, sg_text_releases, sg_text_log,
    sg_text_done, sg_text_codes, sg_text_chain, sg_text_many, sg_text_adopt;
/* Any kind, as the trees of tree.h. */
sg_report_fn sg_json_tree, sg_yaml_tree;
sg_report_fn sg_markdown_plan, sg_markdown_many, sg_markdown_adopt, sg_html_plan;
sg_report_fn sg_junit_plan, sg_sarif_plan, sg_github_plan, sg_gitlab_plan;

/*
 * One plan of all that the parts hold, as if it were of one project: overlays
 * "project/overlay", files seen from the top, the hops of one project after those of the
 * other. `out` (initialised) borrows from the parts; `report` is about it.
 */
void sg_plan_merge(const struct sg_report_many *many, struct sg_plan *out,
                   struct sg_report_plan *report);
/* Writes that one. */
int sg_write_merged(sg_report_fn *write, const struct sg_report_many *many,
                    const struct sg_report_opts *opts, struct sg_buf *out,
                    struct sg_err *err);

#endif
