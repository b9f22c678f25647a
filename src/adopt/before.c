/*
 * before.c - what an object was before the transformers ran, told from what they make of
 * upstream's: where the fork has what they made, it was upstream's.
 */
#include "adopting.h"

static struct sg_node *value_before(struct sg_docs *docs, const struct spot *at,
                                    const struct sg_node *base,
                                    const struct sg_node *shared,
                                    const struct sg_node *fork);

static struct sg_node *map_before(struct sg_docs *docs, const struct spot *at,
                                  const struct sg_node *base,
                                  const struct sg_node *shared,
                                  const struct sg_node *fork) {
    struct sg_node *out = sg_map_new(docs);
    out->loc = fork->loc;
    for (uint32_t i = 0; i < fork->len; i++) {
        const struct sg_entry *entry = &fork->entries[i];
        const struct sg_node *was = field_of(base, entry->key),
                             *made = field_of(shared, entry->key);
        struct spot below = spot_key(at, NULL, entry->key);
        if (was == NULL && made != NULL && values_equal(&below, made, entry->value)) {
            continue; /* the transformers add it */
        }
        struct sg_node *value = was == NULL || made == NULL
                                    ? entry->value
                                    : value_before(docs, &below, was, made, entry->value);
        append_entry(docs, out, entry, value);
    }
    return out;
}

static struct sg_node *keyed_before(struct sg_docs *docs, const struct spot *at,
                                    const struct sg_node *base,
                                    const struct sg_node *shared,
                                    const struct sg_node *fork) {
    struct sg_node *out = sg_seq_new(docs);
    auto_keyed old = {0}, made = {0};
    keyed_init(&old, at, base);
    keyed_init(&made, at, shared);
    struct spot item = spot_item(at, NULL, fork, 0);
    for (uint32_t i = 0; i < fork->len; i++) {
        const struct sg_node *x = keyed_find(&old, at, fork->items[i]);
        const struct sg_node *y = keyed_find(&made, at, fork->items[i]);
        sg_seq_push(docs, out,
                    x == NULL || y == NULL
                        ? fork->items[i]
                        : value_before(docs, &item, x, y, fork->items[i]));
    }
    return out;
}

/* The transformers change items and add none, so that two lists of one length are the
 * same items. */
static struct sg_node *items_before(struct sg_docs *docs, const struct spot *at,
                                    const struct sg_node *base,
                                    const struct sg_node *shared,
                                    const struct sg_node *fork) {
    struct sg_node *out = sg_seq_new(docs);
    auto_alignment alignment = {0};
    align_lists(&alignment, at, shared, fork);
    struct spot item = spot_item(at, NULL, fork, 0);
    for (size_t i = 0; i < alignment.steps.len; i++) {
        const struct align_step *step = &alignment.steps.items[i];
        if (step->op == ALIGN_REMOVE) {
            continue;
        }
        struct sg_node *value = fork->items[step->b];
        bool paired = step->op == ALIGN_SAME || step->op == ALIGN_CHANGE;
        sg_seq_push(docs, out,
                    paired ? value_before(docs, &item, base->items[step->a],
                                          shared->items[step->a], value)
                           : value);
    }
    return out;
}

static struct sg_node *value_before(struct sg_docs *docs, const struct spot *at,
                                    const struct sg_node *base,
                                    const struct sg_node *shared,
                                    const struct sg_node *fork) {
    bool alike = base->kind == shared->kind && base->kind == fork->kind;
    if (!alike || values_equal(at, base, shared)) {
        return sg_node_clone(docs, fork);
    }
    if (values_equal(at, shared, fork)) {
        struct sg_node *was = copy_unplaced(docs, base);
        was->loc = fork->loc;
        return was;
    }
    if (sg_is_map(fork)) {
        return map_before(docs, at, base, shared, fork);
    }
    if (sg_is_scalar(fork)) {
        return sg_node_clone(docs, fork);
    }
    if (lists_keyed(at, base, fork) && lists_keyed(at, shared, fork)) {
        return keyed_before(docs, at, base, shared, fork);
    }
    return base->len == shared->len ? items_before(docs, at, base, shared, fork)
                                    : sg_node_clone(docs, fork);
}

struct sg_node *before_shared(struct sg_docs *docs, const struct sg_node *base,
                              const struct sg_node *shared, const struct sg_node *fork) {
    struct spot root = spot_root(fork);
    return value_before(docs, &root, base, shared, fork);
}
