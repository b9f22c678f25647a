/*
 * builtin.h - the configuration objects of kustomize's built-in transformers and
 * generators (apiVersion: builtin, kind: LabelTransformer …), as `transformers:` and
 * `generators:` list them: each is read and calls the functions that the kustomization's
 * own fields call.
 */
#ifndef SG_KUSTOMIZE_BUILTIN_H
#define SG_KUSTOMIZE_BUILTIN_H

#include "load.h"

/* True for apiVersion "builtin": anything else names a program or a container. */
bool sg_builtin_is(const struct sg_node *config);

/*
 * Runs the transformer that `config` configures on `map`. `loader` is where its files are
 * read from, `item` its place in the list. Unknown fields are ignored, as kustomize does
 * here; a wrong type, an unknown kind or a generator is SG_E_INPUT at its place.
 */
SG_MUST_USE int sg_builtin_transform(struct sg_kustomize *k,
                                     const struct sg_loader *loader,
                                     struct sg_resmap *map, const struct sg_node *config,
                                     uint32_t item, struct sg_err *err);

/*
 * Appends what the generator that `config` configures makes to `out` (behaviors in the
 * states; add them with sg_resmap_absorb): ConfigMapGenerator, SecretGenerator,
 * IAMPolicyGenerator.
 */
SG_MUST_USE int sg_builtin_generate(struct sg_kustomize *k,
                                    const struct sg_loader *loader,
                                    const struct sg_node *config, struct sg_resmap *out,
                                    struct sg_err *err);

#endif
