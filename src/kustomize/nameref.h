/*
 * nameref.h - after names changed (prefix, suffix, hash, namespace), the fields that hold
 * such a name are set to the new one.
 */
#ifndef SG_KUSTOMIZE_NAMEREF_H
#define SG_KUSTOMIZE_NAMEREF_H

#include "context.h"

/*
 * Updates every reference in `map` that `references` knows of. Linear in resources times
 * the fields their kind has; candidates come from the map's index. SG_E_INPUT where a
 * reference may mean several objects that have different names now.
 */
SG_MUST_USE int sg_fix_references(struct sg_kustomize *k, struct sg_resmap *map,
                                  const struct sg_name_references *references,
                                  struct sg_err *err);

#endif
