/*
 * transformer.h - the built-in transformers: each is given its configuration (from a
 * field of the kustomization, or from a `transformers:` entry that names the built-in)
 * and the resources of the kustomization it belongs to. The spine calls them in
 * kustomize's order (accumulate.c).
 *
 * Each starts a step for every entry (sg_step_begin), reports every write (sg_k_wrote,
 * sg_k_set_text), calls sg_resmap_changed for resources whose id it may have changed and
 * sg_resource_store_id before it changes one, warns SG104 where a selector or name
 * matches nothing, and fails where kustomize 5.8.1 fails.
 */
#ifndef SG_KUSTOMIZE_TRANSFORMER_H
#define SG_KUSTOMIZE_TRANSFORMER_H

#include "context.h"

/* NamespaceTransformer */
enum sg_subjects { SG_SUBJECTS_DEFAULT_ONLY, SG_SUBJECTS_ALL, SG_SUBJECTS_NONE };
struct sg_namespace_config {
    const char *namespace; /* not "" */
    bool unset_only;
    enum sg_subjects subjects; /* setRoleBindingSubjects */
    struct sg_fieldspecs fields;
    uint32_t loc;
};
/* The part of it that ValueAddTransformer does: the namespace of `res` itself, unless its
 * kind is cluster-scoped, and of a binding's subjects. */
SG_MUST_USE int sg_set_namespace(struct sg_kustomize *k, struct sg_resource *res,
                                 const struct sg_namespace_config *config,
                                 struct sg_err *err);
SG_MUST_USE int sg_transform_namespace(struct sg_kustomize *k, struct sg_resmap *map,
                                       const struct sg_namespace_config *config,
                                       struct sg_err *err);

/* PrefixTransformer and SuffixTransformer; `text` may be "" (then the previous id is
 * stored only as kustomize does). */
struct sg_affix_config {
    const char *text;
    struct sg_fieldspecs fields;
    uint32_t loc;
};
SG_MUST_USE int sg_transform_prefix(struct sg_kustomize *k, struct sg_resmap *map,
                                    const struct sg_affix_config *config,
                                    struct sg_err *err);
SG_MUST_USE int sg_transform_suffix(struct sg_kustomize *k, struct sg_resmap *map,
                                    const struct sg_affix_config *config,
                                    struct sg_err *err);

/* LabelTransformer and AnnotationsTransformer: `name` is the step's name ("labels",
 * "commonLabels", "commonAnnotations"). */
struct sg_pairs_config {
    const char *name;
    struct sg_pairs pairs;
    struct sg_fieldspecs fields;
    uint32_t loc, item;
};
SG_MUST_USE int sg_transform_labels(struct sg_kustomize *k, struct sg_resmap *map,
                                    const struct sg_pairs_config *config,
                                    struct sg_err *err);
SG_MUST_USE int sg_transform_annotations(struct sg_kustomize *k, struct sg_resmap *map,
                                         const struct sg_pairs_config *config,
                                         struct sg_err *err);

/* ImageTagTransformer for all entries of `images`, one step each: the places that name an
 * image are found once. */
SG_MUST_USE int sg_transform_images(struct sg_kustomize *k, struct sg_resmap *map,
                                    const struct sg_image *images, size_t len,
                                    struct sg_fieldspecs fields, struct sg_err *err);

/* ReplicaCountTransformer, one count */
SG_MUST_USE int sg_transform_replica(struct sg_kustomize *k, struct sg_resmap *map,
                                     const struct sg_replica *replica,
                                     struct sg_fieldspecs fields, uint32_t item,
                                     struct sg_err *err);

/* ReplacementTransformer, one replacement */
SG_MUST_USE int sg_transform_replacement(struct sg_kustomize *k, struct sg_resmap *map,
                                         const struct sg_replacement *replacement,
                                         uint32_t item, struct sg_err *err);

/* ValueAddTransformer: a text set at, or put into the path at, a field of the selected.
 */
struct sg_value_target {
    struct sg_selector select; /* not `set`: every object */
    const char *field_path;    /* parts joined by '/' */
    int64_t position;          /* over 0: the value becomes this part of a file path */
    uint32_t loc;
};
SG_MUST_USE int sg_transform_value(struct sg_kustomize *k, struct sg_resmap *map,
                                   const char *value,
                                   const struct sg_value_target *target, uint32_t item,
                                   struct sg_err *err);

#endif
