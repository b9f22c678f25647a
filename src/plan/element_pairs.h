/*
 * element_pairs.h - the elements of one list that are gone and the new ones, matched all
 * at once.
 */
#ifndef SG_PLAN_ELEMENT_PAIRS_H
#define SG_PLAN_ELEMENT_PAIRS_H

#include "element_evidence.h"
#include "matcher.h"

struct list_pairs {
    struct element_lists lists;
    struct counters seen;
    element_evidence_fn *evidence;
    SG_VEC(uint32_t) gone, fresh; /* positions in the lists */
    SG_VEC(sg_atom) fresh_keys;
    struct counters gone_at; /* node -> index in `gone` + 1 */
    struct pairing pairing;
};

/* Matches `old` with `now`, the lists at `path`: what has another key than any of the
 * other list. A list whose elements have no keys has no pairs. Freed with
 * list_pairs_free. */
struct list_pairs *list_pairs_new(struct overlay_plan *op,
                                  const struct sg_resource *res_old,
                                  const struct sg_resource *res_now,
                                  const struct sg_fieldpath *path,
                                  const struct sg_node *old, const struct sg_node *now);
void list_pairs_free(struct list_pairs *pairs);

#endif
