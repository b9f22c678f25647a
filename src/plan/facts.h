/*
 * facts.h - what an object says apart from its name: the ground on which it is
 * recognised under another one.
 */
#ifndef SG_PLAN_FACTS_H
#define SG_PLAN_FACTS_H

#include "planner.h"
#include "pod.h"

/* A scalar at its place, list positions and the object's own name left out; a text of
 * several lines is a leaf a line. */
struct leaf {
    uint64_t hash;   /* of place and text */
    uint32_t weight; /* of LEAF_WEIGHT: how much it tells; whole numbers, for a sum of
                        fractions depends on the order of hashes */
};
enum { LEAF_WEIGHT = 1000 };

struct facts {
    const struct sg_resource *res;
    struct identity identity; /* with the copy */
    struct pod pod;
    SG_VEC(struct leaf) leaves;  /* by hash, none twice */
    SG_VEC(const char *) images; /* repositories of its containers, in the arena */
};
/* `identity` is that of the copy. Linear in the object. */
void facts_read(struct facts *facts, const struct sg_resource *res,
                const struct identity *identity, struct sg_arena *arena);
void facts_release(struct facts *facts);

/* Appends `text` with each whole occurrence of the object's name, as it is rendered or as
 * it was written, replaced: "http://web:80" of web is "http://\1:80". */
void mask_names(const struct sg_resource *res, const char *text, size_t len,
                struct sg_buf *out);

/* Sums of weights. */
struct overlap {
    uint64_t shared, all;
};
struct overlap facts_overlap(const struct facts *a, const struct facts *b);

#endif
