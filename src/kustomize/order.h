/* order.h - the order of the output: kustomize's legacy order, a custom one, or as
 * accumulated. */
#ifndef SG_KUSTOMIZE_ORDER_H
#define SG_KUSTOMIZE_ORDER_H

#include "context.h"

/* Sorts by the root's sortOptions; without them in legacy order, as `kustomize build`
 * does. */
SG_MUST_USE int sg_sort_resources(struct sg_kustomize *k, struct sg_resmap *map,
                                  const struct sg_sort_options *options,
                                  struct sg_err *err);

#endif
