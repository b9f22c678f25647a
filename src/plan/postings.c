#include "postings.h"

#include "sg/sort.h"

static bool by_key(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return ((const struct posting *)a)->key < ((const struct posting *)b)->key;
}

void postings_sort(struct postings *postings) {
    sg_sort(postings->items.items, postings->items.len, sizeof(*postings->items.items),
            by_key, NULL);
}

const struct posting *postings_find(const struct postings *postings, uint64_t key,
                                    size_t *count) {
    const struct posting *items = postings->items.items;
    size_t low = 0, high = postings->items.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *count = 0;
    while (low + *count < postings->items.len && items[low + *count].key == key) {
        (*count)++;
    }
    return *count == 0 ? NULL : items + low;
}

void postings_release(struct postings *postings) {
    sg_vec_release(&postings->items);
}
