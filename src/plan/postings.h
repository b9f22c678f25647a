/*
 * postings.h - from a hash to the few numbers that were put under it.
 */
#ifndef SG_PLAN_POSTINGS_H
#define SG_PLAN_POSTINGS_H

#include "sg/base.h"

struct posting {
    uint64_t key;
    uint32_t value;
};
struct postings {
    SG_VEC(struct posting) items;
};
/* After the last one is added and before the first is looked for. Values of a key keep
 * their order. */
void postings_sort(struct postings *postings);
/* The first of `*count` postings of `key`. */
const struct posting *postings_find(const struct postings *postings, uint64_t key,
                                    size_t *count);
void postings_release(struct postings *postings);

#endif
