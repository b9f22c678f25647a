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
 * What the resource's state is in kustomize: annotations. A JSON patch that reads them as
 * a whole sees them. They are put there before it and taken away after it; the origin and
 * the transformations are lost where the patch took them.
 */
void sg_state_show(struct sg_kustomize *k, struct sg_resource *res);
void sg_state_hide(struct sg_resource *res);
/* Writes the annotations and labels that the root's buildMetadata asks for. */
void sg_write_metadata(struct sg_kustomize *k, struct sg_resmap *map,
                       const struct sg_kustomization *root);

#endif
