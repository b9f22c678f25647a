/*
 * pairing.h - which of the things that are gone goes with which of the new ones.
 *
 * Few are compared each with each. Of many, only pairs that share a feature that few new
 * ones have are looked at, so that the cost grows with the number of things.
 */
#ifndef SG_PLAN_PAIRING_H
#define SG_PLAN_PAIRING_H

#include "evidence.h"

/* Hashes (sg_hash) of what a thing has: an image, a name, a value. */
struct features {
    SG_VEC(uint64_t) items;
};

struct pairing_in {
    size_t gone, fresh;                                    /* how many there are */
    const struct features *gone_features, *fresh_features; /* one each */
    /* What speaks for the pair; evidence that stays as it is: they cannot be the same. */
    void (*compare)(const void *ctx, size_t gone, size_t fresh, struct evidence *out);
    const char *(*gone_name)(const void *ctx, size_t gone); /* for reasons; borrowed */
    const void *ctx;
};

struct pair {
    uint32_t gone, fresh;
    double score;
    struct evidence evidence;
};
struct pairing {
    SG_VEC(struct pair) pairs; /* by gone, best first */
};
/*
 * Finds and scores the pairs worth telling (MATCH_POSSIBLE). Where two that are gone
 * claim one new thing, and neither has a clearly better place, both fall below
 * MATCH_CERTAIN.
 */
void pairing_build(struct pairing *out, const struct pairing_in *in);
void pairing_release(struct pairing *pairing);
/* The pairs of one that is gone: `*count` of them, best first; NULL for none. */
const struct pair *pairing_of(const struct pairing *pairing, size_t gone, size_t *count);

#endif
