/*
 * patch.h - changing one document by another: strategic merge and JSON 6902, and finding
 * what a patch is for. The semantics are kustomize 5.8.1's, faults included
 * (docs/KUSTOMIZE.md); what it silently loses is reported to the sink as SG104 and SG105.
 */
#ifndef SG_PATCH_H
#define SG_PATCH_H

#include "sg/diag.h"
#include "sg/schema.h"
#include "sg/trace.h"

/* What a write needs to know besides the nodes. */
struct sg_patch_ctx {
    struct sg_docs *set;    /* where new nodes go; base and patch live here too */
    struct sg_trace *trace; /* NULL: not recorded */
    uint32_t object;        /* uid for the events */
    const struct sg_diag_sink *diag;  /* NULL: silent */
    const struct sg_schemas *schemas; /* of the user's; NULL: the built-in ones alone */
    bool
        normalised; /* the base went through JSON already: an operation after the first */
};

/*
 * Merges `patch` (not changed) into `*base`; `*base` becomes NULL when the patch deletes
 * the object. The schema is looked up by the base's apiVersion and kind.
 */
SG_MUST_USE int sg_patch_strategic(const struct sg_patch_ctx *ctx, struct sg_node **base,
                                   const struct sg_node *patch, struct sg_err *err);

/* Applies one operation (a map with op, path, from, value); `*base` may be replaced (path
 * ""). */
SG_MUST_USE int sg_patch_json_op(const struct sg_patch_ctx *ctx, struct sg_node **base,
                                 const struct sg_node *op, struct sg_err *err);
/* Applies the list `ops` in order; the error names the operation's position. */
SG_MUST_USE int sg_patch_json(const struct sg_patch_ctx *ctx, struct sg_node **base,
                              const struct sg_node *ops, struct sg_err *err);

/* --- selection
 * ----------------------------------------------------------------------------- */

/* A compiled pattern with Go's syntax and a match limit (PCRE2; the only place that sees
 * it). */
struct sg_regex;
SG_MUST_USE struct sg_regex *sg_regex_new(const char *pattern, bool anchored,
                                          struct sg_err *err);
void sg_regex_free(struct sg_regex *regex);
bool sg_regex_match(const struct sg_regex *regex, const char *text, size_t len);

/* A Kubernetes label selector in text form: "app=web,tier in (a, b),!legacy". */
struct sg_label_selector;
SG_MUST_USE struct sg_label_selector *sg_label_selector_new(const char *text,
                                                            struct sg_err *err);
void sg_label_selector_free(struct sg_label_selector *selector);
/* `labels` is the labels map or NULL. */
bool sg_label_selector_match(const struct sg_label_selector *selector,
                             const struct sg_node *labels);

#endif
