/*
 * metadata.h - buildMetadata: where an object came from (origin) and what changed it, as
 * annotations, and kustomize's managed-by label.
 */
#ifndef SG_KUSTOMIZE_METADATA_H
#define SG_KUSTOMIZE_METADATA_H

#include "accumulate.h"

/* Origins: of a file of the target, of a folder below it, and of what one of its
 * generators or transformers makes. NULL where the target has none (buildMetadata is not
 * used). */
const struct sg_origin *sg_origin_file(struct sg_kustomize *k,
                                       const struct sg_target *target, const char *path);
const struct sg_origin *sg_origin_folder(struct sg_kustomize *k,
                                         const struct sg_target *target, const char *path,
                                         const struct sg_loader *loader);
const struct sg_origin *sg_origin_builtin(struct sg_kustomize *k,
                                          const struct sg_target *target,
                                          const char *plugin);
const struct sg_origin *sg_origin_config(struct sg_kustomize *k,
                                         const struct sg_target *target,
                                         const struct sg_resource *config);
/* Notes a transformation on every resource; makes it the origin of those that have none.
 * `by` NULL: nothing. */
void sg_transformed_by(struct sg_kustomize *k, struct sg_resmap *map,
                       const struct sg_origin *by);
/*
 * What the resource's state is in kustomize: annotations. Who reads them as a whole sees
 * them. They are put there before it (show) and taken away after it (hide); the origin
 * and the transformations are lost where they were taken meanwhile.
 */
void sg_state_show(struct sg_kustomize *k, struct sg_resource *res);
void sg_state_hide(struct sg_kustomize *k, struct sg_resource *res);
/* Moves the annotations that are state from the object to its state, but for what is
 * there already: kustomize obeys them wherever they come from. A scan of the keys. */
void sg_state_take(struct sg_kustomize *k, struct sg_resource *res);
/* After `show` and a write that may have changed any of it: the annotations are right. */
void sg_state_retake(struct sg_kustomize *k, struct sg_resource *res);
/* kustomize puts back, after a JSON patch, every annotation that has the name of an
 * internal one. NULL for none. */
struct sg_node *sg_internal_save(struct sg_kustomize *k, const struct sg_resource *res);
void sg_internal_restore(struct sg_kustomize *k, struct sg_resource *res,
                         const struct sg_node *saved);
/* Some of these annotations are state. */
bool sg_state_named(const struct sg_node *annotations);
/* A patch says in an annotation that it may change the name ("allowNameChange") … */
bool sg_state_allows(const struct sg_node *patch, const char *what);

/* kustomize rewrites all annotations as strings: after a JSON patch, where it notes a
 * transformation, and at the end, where its own ones go. SG_E_INPUT for a list that is
 * not pairs. */
SG_MUST_USE int sg_annotations_rewrite(struct sg_kustomize *k, struct sg_resource *res,
                                       struct sg_err *err);
SG_MUST_USE int sg_annotations_finish(struct sg_kustomize *k,
                                      const struct sg_kustomization *root,
                                      struct sg_resource *res, struct sg_err *err);

/* The origin that stands in the input is one. */
SG_MUST_USE int sg_origin_check(struct sg_kustomize *k, const struct sg_resource *res,
                                struct sg_err *err);
/* Writes the annotations and labels that the root's buildMetadata asks for. */
SG_MUST_USE int sg_write_metadata(struct sg_kustomize *k, struct sg_resmap *map,
                                  const struct sg_kustomization *root,
                                  struct sg_err *err);

#endif
