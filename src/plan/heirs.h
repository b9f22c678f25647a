/*
 * heirs.h - which object of the new base took over from one that is gone, where that is
 * certain or the user said so.
 */
#ifndef SG_PLAN_HEIRS_H
#define SG_PLAN_HEIRS_H

#include "match.h"
#include "planner.h"

/* The object of U_N that took over from `gone`, or NULL. */
const struct sg_resource *heir_of(const struct overlay_plan *op,
                                  const struct sg_resource *gone);
/* All that could have; see match.h. */
void heir_matches(struct overlay_plan *op, const struct sg_resource *gone,
                  struct matches *out);
/* The object of U_O that `heir` took over from, or NULL. */
const struct sg_resource *heir_before(const struct overlay_plan *op,
                                      const struct identity *heir);
/* Finds the heirs of all objects that are gone; needs U_O and U_N. */
void heirs_find(struct overlay_plan *op);

#endif
