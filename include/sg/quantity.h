/*
 * quantity.h - Kubernetes quantities ("500m", "1.5Gi", "2e3"), exactly.
 *
 * The grammar, the suffixes and the two limits are Kubernetes': a value is a whole number
 * of billionths (what is finer is rounded up), and nothing is larger than 2^63-1 units.
 * Sums stop at the ends of 128 bits instead of running over.
 */
#ifndef SG_QUANTITY_H
#define SG_QUANTITY_H

#include "sg/buf.h"

__extension__ typedef __int128 sg_int128;

struct sg_quantity {
    sg_int128 nano; /* billionths of a unit */
};

/* False where the text is no quantity; `out` is then left alone. */
bool sg_quantity_parse(const char *text, size_t len, struct sg_quantity *out);
/* Below, at or over 0 as `a` is less than, equal to or more than `b`. */
int sg_quantity_cmp(struct sg_quantity a, struct sg_quantity b);
struct sg_quantity sg_quantity_add(struct sg_quantity a, struct sg_quantity b);
struct sg_quantity sg_quantity_sub(struct sg_quantity a, struct sg_quantity b);
struct sg_quantity sg_quantity_times(struct sg_quantity a, uint64_t n);

/* Appends the value as a quantity, without loss: "0.5"; in bytes "1.5Gi", or "500M" where
 * that is shorter. */
void sg_quantity_write(struct sg_quantity q, bool bytes, struct sg_buf *out);
/* The same for people: to two decimals of the largest unit that fits. */
void sg_quantity_brief(struct sg_quantity q, bool bytes, struct sg_buf *out);

#endif
