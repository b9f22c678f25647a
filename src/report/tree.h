/*
 * tree.h - what JSON and YAML say of a report: one tree a kind, with one schema.
 */
#ifndef SG_REPORT_TREE_H
#define SG_REPORT_TREE_H

#include "jwriter.h"
#include "sg/report.h"

typedef int sg_tree_fn(const struct sg_report *report, const struct sg_report_opts *opts,
                       struct sg_jwriter *w, struct sg_err *err);
sg_tree_fn sg_tree_version, sg_tree_plan, sg_tree_status, sg_tree_releases, sg_tree_log,
    sg_tree_done, sg_tree_codes, sg_tree_chain, sg_tree_many, sg_tree_adopt;

#endif
