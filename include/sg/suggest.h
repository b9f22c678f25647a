/*
 * suggest.h - "did you mean …?": the candidate that is closest to a mistyped word.
 *
 * Candidates are offered one by one, so that any table can be walked without making an
 * array of names first:
 *
 *     struct sg_suggest near;
 *     sg_suggest_init(&near, word);
 *     for (…)
 *         sg_suggest_offer(&near, fields[i].name);
 *     const char *best = sg_suggest_best(&near); // or NULL
 */
#ifndef SG_SUGGEST_H
#define SG_SUGGEST_H

#include "sg/base.h"

/* Words over this many bytes are never compared (the cost is the product of lengths). */
#define SG_SUGGEST_MAX 64

struct sg_suggest {
    const char *word; /* borrowed */
    const char *best; /* borrowed from the caller of sg_suggest_offer */
    unsigned distance;
};

void sg_suggest_init(struct sg_suggest *suggest, const char *word);
/* Keeps `candidate` where it is closer than all before; it must outlive the question. */
void sg_suggest_offer(struct sg_suggest *suggest, const char *candidate);
/* The closest candidate within a third of the word's length (at least one edit), or NULL.
 */
const char *sg_suggest_best(const struct sg_suggest *suggest);

/*
 * Edits (insert, delete, change, swap of two neighbours) that lead from `a` to `b`; a
 * difference of case alone counts as no edit. UINT_MAX where one is over SG_SUGGEST_MAX.
 */
unsigned sg_suggest_distance(const char *a, const char *b);

#endif
