/*
 * blend.c - an object between two: of what is different some is as in the one, the rest
 * as in the other. What is chosen from are the outermost values that differ; a list
 * without keys, or whose order counts, is one of them.
 */
#include "derive.h"

struct blending {
    struct sg_docs *docs;
    const bool *chosen; /* of each: as wanted; NULL: all */
    size_t units;       /* that came up until now */
};

static struct sg_node *blend(struct blending *b, const struct spot *at,
                             const struct sg_node *from, struct sg_node *want);

static bool choose(struct blending *b) {
    size_t unit = b->units++;
    return b->chosen == NULL || b->chosen[unit];
}

/* What both have, and what only the wanted one has; a null is kept for its comment. */
static void blend_wanted(struct blending *b, const struct spot *at,
                         const struct sg_node *from, const struct sg_node *want,
                         struct sg_node *out) {
    for (uint32_t i = 0; i < want->len; i++) {
        const struct sg_entry *entry = &want->entries[i];
        const struct sg_node *was = field_of(from, entry->key);
        struct spot below = spot_key(at, NULL, entry->key);
        if (sg_is_null(entry->value)) {
            if (was == NULL || choose(b)) {
                append_entry(b->docs, out, entry, entry->value);
            } else {
                append_entry(b->docs, out, entry, copy_unplaced(b->docs, was));
            }
        } else if (was != NULL) {
            append_entry(b->docs, out, entry, blend(b, &below, was, entry->value));
        } else if (choose(b)) {
            append_entry(b->docs, out, entry, entry->value);
        }
    }
}

static struct sg_node *blend_maps(struct blending *b, const struct spot *at,
                                  const struct sg_node *from,
                                  const struct sg_node *want) {
    struct sg_node *out = sg_map_new(b->docs);
    out->loc = want->loc;
    blend_wanted(b, at, from, want, out);
    for (uint32_t i = 0; i < from->len; i++) {
        const struct sg_entry *entry = &from->entries[i];
        if (!sg_is_null(entry->value) && sg_map_find(want, entry->key) == NULL &&
            !choose(b)) {
            (void)sg_map_append(b->docs, out, entry->key,
                                copy_unplaced(b->docs, entry->value));
        }
    }
    return out;
}

static struct sg_node *blend_elements(struct blending *b, const struct spot *at,
                                      const struct sg_node *from,
                                      const struct sg_node *want) {
    struct sg_node *out = sg_seq_new(b->docs);
    auto_keyed old = {0}, new = {0};
    keyed_init(&old, at, from);
    keyed_init(&new, at, want);
    struct spot item = spot_item(at, NULL, want, 0);
    out->loc = want->loc;
    for (uint32_t i = 0; i < want->len; i++) {
        const struct sg_node *was = keyed_find(&old, at, want->items[i]);
        if (was != NULL) {
            sg_seq_push(b->docs, out, blend(b, &item, was, want->items[i]));
        } else if (choose(b)) {
            sg_seq_push(b->docs, out, want->items[i]);
        }
    }
    for (uint32_t i = 0; i < from->len; i++) {
        if (keyed_find(&new, at, from->items[i]) == NULL && !choose(b)) {
            sg_seq_push(b->docs, out, copy_unplaced(b->docs, from->items[i]));
        }
    }
    return out;
}

static struct sg_node *blend(struct blending *b, const struct spot *at,
                             const struct sg_node *from, struct sg_node *want) {
    if (values_equal(at, from, want)) {
        return want;
    }
    if (sg_is_map(from) && sg_is_map(want)) {
        return blend_maps(b, at, from, want);
    }
    if (sg_is_seq(from) && sg_is_seq(want) && lists_keyed(at, from, want) &&
        !list_ordered(at, from, want)) {
        return blend_elements(b, at, from, want);
    }
    return choose(b) ? want : copy_unplaced(b->docs, from);
}

struct sg_node *blend_objects(struct sg_docs *docs, const struct sg_node *from,
                              struct sg_node *want, const bool *chosen) {
    struct blending b = {.docs = docs, .chosen = chosen};
    struct spot root = spot_root(from);
    return blend(&b, &root, from, want);
}

size_t count_units(struct sg_docs *docs, const struct sg_node *from,
                   struct sg_node *want) {
    struct blending b = {.docs = docs};
    struct spot root = spot_root(from);
    (void)blend(&b, &root, from, want);
    return b.units;
}
