/*
 * refs.h - which object of one tree refers to which: by name in its fields, and a Service
 * by the labels of the pods it selects.
 */
#ifndef SG_PLAN_REFS_H
#define SG_PLAN_REFS_H

#include "planner.h"

struct ref {
    uint32_t from, to; /* positions in the tree's items */
    uint64_t place;    /* hash of the field path from the referring object, with the
                          elements' names, its own name left out */
    uint64_t rough;    /* … without the elements' names */
};
struct refs {
    SG_VEC(struct ref) items; /* by `from` */
};
/* Every reference in the tree that it resolves itself. Linear. */
void refs_read(struct refs *refs, const struct sg_render *render);
void refs_release(struct refs *refs);

#endif
