/* patches.h - patches:, patchesStrategicMerge: and patchesJson6902:, and their built-ins.
 */
#ifndef SG_KUSTOMIZE_PATCHES_H
#define SG_KUSTOMIZE_PATCHES_H

#include "load.h"

/* All entries of patchesStrategicMerge (each a path or documents). */
SG_MUST_USE int sg_apply_strategic(struct sg_kustomize *k, const struct sg_loader *loader,
                                   struct sg_resmap *map, const struct sg_texts *patches,
                                   struct sg_err *err);
/* One entry of patches. */
SG_MUST_USE int sg_apply_patch(struct sg_kustomize *k, const struct sg_loader *loader,
                               struct sg_resmap *map, const struct sg_patch_entry *patch,
                               uint32_t item, struct sg_err *err);
/* One entry of patchesJson6902. */
SG_MUST_USE int sg_apply_json6902(struct sg_kustomize *k, const struct sg_loader *loader,
                                  struct sg_resmap *map,
                                  const struct sg_patch_entry *patch, uint32_t item,
                                  struct sg_err *err);

#endif
