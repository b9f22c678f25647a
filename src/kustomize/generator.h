/*
 * generator.h - ConfigMaps and Secrets made from files, literals and env files, and the
 * hash of their content that becomes a suffix of their names.
 */
#ifndef SG_KUSTOMIZE_GENERATOR_H
#define SG_KUSTOMIZE_GENERATOR_H

#include "load.h"

/* Makes one ConfigMap (`kind` "ConfigMap") or Secret; `global` are the kustomization's
 * generatorOptions. Its behavior is in its state; add it with sg_resmap_absorb. */
SG_MUST_USE struct sg_resource *
sg_generate(struct sg_kustomize *k, const struct sg_loader *loader, const char *kind,
            const struct sg_generator_args *args,
            const struct sg_generator_options *global, struct sg_err *err);

/* Appends the ten characters kustomize derives from the content of a ConfigMap or Secret.
 */
SG_MUST_USE int sg_name_hash(struct sg_kustomize *k, const struct sg_node *node,
                             struct sg_buf *out, struct sg_err *err);
/* Gives every resource that needs it its hash suffix. */
SG_MUST_USE int sg_add_hashes(struct sg_kustomize *k, struct sg_resmap *map,
                              struct sg_err *err);

#endif
