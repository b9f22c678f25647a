/*
 * gap.c - where in the fork's text something of upstream's is missing: the customer may
 * have left a comment in its place, to say why.
 */
#include "derive.h"

#include "comments.h"

static bool is_there(const struct sg_node *map, const struct sg_entry *entry) {
    return sg_map_find(map, entry->key) != NULL;
}

/* Of those that are missing one after the other the first has what stands in the place of
 * all, so that each run is walked once. */
uint32_t gap_in_map(const struct sg_docs *docs, const struct sg_node *base,
                    uint32_t index, const struct sg_node *want) {
    const struct sg_entry *null = sg_map_find(want, base->entries[index].key);
    if (null != NULL) {
        uint32_t within = comments_within(docs, null->key_loc);
        return within != 0 ? within : null->key_loc;
    }
    if (want->len == 0 || (index > 0 && !is_there(want, &base->entries[index - 1]))) {
        return 0;
    }
    for (uint32_t i = index + 1; i < base->len; i++) {
        const struct sg_entry *next = sg_map_find(want, base->entries[i].key);
        if (next != NULL) {
            return next->key_loc;
        }
    }
    return comments_behind(docs, want->entries[want->len - 1].key_loc, false);
}

uint32_t gap_in_list(const struct sg_docs *docs, const struct spot *at,
                     const struct sg_node *base, uint32_t index,
                     const struct keyed *wanted, const struct sg_node *want) {
    if (index > 0 && keyed_find(wanted, at, base->items[index - 1]) == NULL) {
        return 0;
    }
    for (uint32_t i = index + 1; i < base->len; i++) {
        const struct sg_node *next = keyed_find(wanted, at, base->items[i]);
        if (next != NULL) {
            return place_of_item(next);
        }
    }
    return gap_at_end(docs, want);
}

uint32_t gap_at_end(const struct sg_docs *docs, const struct sg_node *want) {
    return want->len == 0
               ? 0
               : comments_behind(docs, place_of_item(want->items[want->len - 1]), true);
}

/* A map made of parts has its first key's. */
uint32_t place_of_item(const struct sg_node *item) {
    return item->loc != 0 || !sg_is_map(item) || item->len == 0
               ? item->loc
               : item->entries[0].key_loc;
}
