/*
 * plan_args.h - the options that diff, apply and check share.
 */
#ifndef SG_CLI_PLAN_ARGS_H
#define SG_CLI_PLAN_ARGS_H

#include "cli.h"

/* clang-format off */
#define SG_OPT_TO(text)                                                                  \
    {.name = "to", .value = "VERSION", .suggests = sg_version_words, .help = (text)}
#define SG_OPT_FULL                                                                      \
    {.name = "full", .help = "Show everything: upstream's own changes, whole values"}
#define SG_OPT_ACCEPT                                                                    \
    {.name = "accept", .value = "CODE:OBJECT[:PATH]=REASON", .many = true,               \
     .decides = true, .help = "Agree to a finding, and say why"}
#define SG_OPT_RETIRE                                                                    \
    {.name = "retire", .value = "OBJECT[:PATH]", .many = true, .decides = true,          \
     .help = "Let go of what the overlay sets on this object, which upstream removed"}
#define SG_OPT_RETARGET                                                                  \
    {.name = "retarget", .value = "OBJECT[:PATH]=HEIR", .many = true,                    \
     .decides = true,                                                                     \
     .help = "Say what took over from an object or element that upstream removed"}
#define SG_OPT_AS_PATCH                                                                  \
    {.name = "as-patch", .value = "OBJECT[:PATH]", .many = true, .decides = true,               \
     .help = "Lay your object over the one of that name that upstream brings now"}
#define SG_OPT_MERGE_HIDDEN                                                              \
    {.name = "merge-hidden", .decides = true,                                            \
     .help = "Lay upstream's changes of a list or text over yours (SG102)"}
#define SG_OPT_TIDY                                                                      \
    {.name = "tidy", .decides = true,                                                    \
     .help = "Drop what upstream says by itself now (SG103)"}
/* clang-format on */

/* Versions that have a name, for completion. */
extern const char *const sg_version_words[];

/* The lists that a plan's options borrow; zero-initialised. */
struct sg_plan_args {
    struct sg_arg_values accepts, retires, retargets, as_patches;
};
void sg_plan_args_release(struct sg_plan_args *args);
#define sg_auto_plan_args SG_CLEANUP(sg_plan_args_release) struct sg_plan_args

/* Reads --to and --accept (and --retire and --retarget with `retires`) into `opts`, which
 * borrows from `lists` and `args`. */
void sg_plan_args_read(const struct sg_args *args, bool retires,
                       struct sg_plan_args *lists, struct sg_repo_plan_opts *opts);

/* Notes on standard error each --accept and --retire that covers no finding of the plans:
 * most often its object or path is misspelt. */
void sg_plan_args_unused(struct sg_cli *cli, const struct sg_plan_args *lists,
                         const struct sg_plan *const *plans, size_t n);

/* What the formats of CI systems need beside the plan: where the project lies in its
 * repository, and the pages of the findings. Borrows from `repo`. */
void sg_plan_args_report(const struct sg_repo *repo, struct sg_report_plan *report);

#endif
