/* sort.c - top-down merge sort with one scratch array. */
#include "sg/sort.h"

#include <stddef.h>
#include <string.h>

struct sorter {
    size_t size;
    bool (*less)(const void *a, const void *b, void *ctx);
    void *ctx;
};

static void merge(const struct sorter *s, char *items, size_t left, size_t count,
                  char *scratch) {
    size_t size = s->size;
    char *right = items + left * size;
    if (!s->less(right, right - size, s->ctx)) {
        return; /* in order already, which real input mostly is */
    }
    memcpy(scratch, items, left * size);
    const char *a = scratch, *a_end = scratch + left * size;
    const char *b = right, *b_end = items + count * size;
    char *to = items;
    while (a < a_end && b < b_end) {
        const char **from = s->less(b, a, s->ctx) ? &b : &a;
        memcpy(to, *from, size);
        *from += size;
        to += size;
    }
    /* what is left of b stands where it belongs */
    memcpy(to, a, (size_t)(a_end - a));
}

/* Depth is log2(count). */
static void sort_run(const struct sorter *s, char *items, size_t count, char *scratch) {
    if (count < 2) {
        return;
    }
    size_t left = count / 2;
    sort_run(s, items, left, scratch);
    sort_run(s, items + left * s->size, count - left, scratch);
    merge(s, items, left, count, scratch);
}

void sg_sort(void *items, size_t count, size_t item_size,
             bool (*less)(const void *a, const void *b, void *ctx), void *ctx) {
    if (count < 2) {
        return;
    }
    const struct sorter s = {item_size, less, ctx};
    max_align_t few[16]; /* the keys of a map, which is what is sorted most */
    bool fits = count / 2 <= sizeof(few) / item_size;
    char *scratch = fits ? (char *)few : sg_xcalloc(count / 2, item_size);
    sort_run(&s, items, count, scratch);
    if (!fits) {
        free(scratch);
    }
}

int sg_bytes_cmp(const char *a, size_t alen, const char *b, size_t blen) {
    size_t len = alen < blen ? alen : blen;
    int order = len ? memcmp(a, b, len) : 0;
    return order != 0 ? order : (alen > blen) - (alen < blen);
}
