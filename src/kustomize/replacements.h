/* replacements.h - the list replacements:, inline or in files. */
#ifndef SG_KUSTOMIZE_REPLACEMENTS_H
#define SG_KUSTOMIZE_REPLACEMENTS_H

#include "load.h"

/* Runs the entries in order; a file holds one replacement or a list. */
SG_MUST_USE int sg_apply_replacements(struct sg_kustomize *k,
                                      const struct sg_loader *loader,
                                      struct sg_resmap *map,
                                      const struct sg_replacement_entry *entries,
                                      size_t len, struct sg_err *err);

#endif
