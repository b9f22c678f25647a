/*
 * accumulate.h - one kustomization's resources: its bases and files, then what it
 * generates, its components, and its transformers, in kustomize's order.
 */
#ifndef SG_KUSTOMIZE_ACCUMULATE_H
#define SG_KUSTOMIZE_ACCUMULATE_H

#include "load.h"
#include "vars.h"

/* What accumulates: a base's is merged into its parent's; a component works on its
 * parent's. */
struct sg_accumulator {
    struct sg_resmap map;
    const struct sg_tables *tables; /* NULL until the first configuration */
    struct sg_vars vars;
};
void sg_accumulator_release(struct sg_accumulator *acc);
#define sg_auto_accumulator SG_CLEANUP(sg_accumulator_release) struct sg_accumulator

/* One kustomization that is being worked on. */
struct sg_target {
    const struct sg_loader *loader;
    const struct sg_kustomization *kz;
    const struct sg_origin
        *origin; /* where resources of this folder come from; NULL: not asked */
};

/* Adds everything the target makes to `acc`. */
SG_MUST_USE int sg_accumulate(struct sg_kustomize *k, const struct sg_target *target,
                              struct sg_accumulator *acc, struct sg_err *err);
/* Resources from a list of files and folders; `name` is the field it stands in. */
SG_MUST_USE int sg_accumulate_paths(struct sg_kustomize *k,
                                    const struct sg_target *target, const char *name,
                                    const struct sg_texts *paths,
                                    struct sg_accumulator *acc, struct sg_err *err);
/* The first document of a file that configures; a null node for an empty one. */
SG_MUST_USE const struct sg_node *sg_read_config(struct sg_kustomize *k,
                                                 const struct sg_loader *loader,
                                                 const struct sg_text_at *path,
                                                 struct sg_err *err);
/* Runs the built-in transformers that the kustomization's fields ask for. */
SG_MUST_USE int sg_run_transformers(struct sg_kustomize *k,
                                    const struct sg_target *target,
                                    struct sg_accumulator *acc, struct sg_err *err);

#endif
