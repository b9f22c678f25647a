/*
 * sort.h - a stable merge sort, for comparators that are not an order: kustomize's
 * natural key order has cycles, and qsort may do anything then.
 */
#ifndef SG_SORT_H
#define SG_SORT_H

#include "sg/base.h"

/* As qsort_r, stable; `less(a, b, ctx)` is true where `a` comes before `b`. */
void sg_sort(void *items, size_t count, size_t item_size,
             bool (*less)(const void *a, const void *b, void *ctx), void *ctx);
/* strcmp over strings given by length, shorter first on a tie. */
int sg_bytes_cmp(const char *a, size_t alen, const char *b, size_t blen);

#endif
