/* Edit mode: byte spans of nodes and keys, in one hash keyed by node or key location. */
#include "spans.h"

struct sg_span_slot {
    const struct sg_node *node; /* NULL: a key, known by its location */
    uint32_t loc;               /* key location; 0 with no node: a free slot */
    struct sg_span span;
};

/* Lives in the set's arena; a larger one replaces it, so at most half is waste. */
struct sg_span_table {
    struct sg_span_slot *slots;
    size_t len, cap;
};

static uint64_t mix(const struct sg_node *node, uint32_t loc) {
    return ((uint64_t)(uintptr_t)node + loc) * UINT64_C(0x9E3779B97F4A7C15);
}

static struct sg_span_slot *slot_for(const struct sg_span_table *table,
                                     const struct sg_node *node, uint32_t loc) {
    size_t at = (size_t)(mix(node, loc) >> 32) & (table->cap - 1);
    while ((table->slots[at].node || table->slots[at].loc) &&
           (table->slots[at].node != node || table->slots[at].loc != loc))
        at = (at + 1) & (table->cap - 1);
    return &table->slots[at];
}

static void grow(struct sg_docs *set, struct sg_span_table *table) {
    struct sg_span_table old = *table;
    table->cap = old.cap ? old.cap * 2 : 256;
    table->slots = sg_arena_alloc(&set->arena, table->cap * sizeof(*table->slots));
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].node || old.slots[i].loc)
            *slot_for(table, old.slots[i].node, old.slots[i].loc) = old.slots[i];
}

static void put(struct sg_docs *set, const struct sg_node *node, uint32_t loc,
                struct sg_span span) {
    struct sg_span_table *table = set->spans;
    if (table->len * 2 >= table->cap)
        grow(set, table);
    struct sg_span_slot *slot = slot_for(table, node, loc);
    if (!slot->node && !slot->loc)
        table->len++;
    *slot = (struct sg_span_slot){.node = node, .loc = loc, .span = span};
}

void sg_spans_begin(struct sg_reader *r) {
    if (!r->set->spans)
        r->set->spans = sg_arena_alloc(&r->set->arena, sizeof(*r->set->spans));
}

static struct sg_span between(struct sg_reader *r, const yaml_mark_t *start,
                              const yaml_mark_t *end) {
    return (struct sg_span){sg_reader_loc(r, start) - r->base,
                            sg_reader_loc(r, end) - r->base};
}

void sg_spans_scalar(struct sg_reader *r, const struct sg_node *node,
                     const yaml_event_t *event) {
    if (r->opts->edit)
        put(r->set, node, 0, between(r, &event->start_mark, &event->end_mark));
}

void sg_spans_collection(struct sg_reader *r, const struct sg_node *node,
                         const yaml_event_t *start, const yaml_event_t *end) {
    if (r->opts->edit)
        put(r->set, node, 0, between(r, &start->start_mark, &end->end_mark));
}

void sg_spans_entry(struct sg_reader *r, const struct sg_node *map,
                    const struct sg_entry *entry, const yaml_event_t *key) {
    (void)map;
    if (r->opts->edit)
        put(r->set, NULL, entry->key_loc, between(r, &key->start_mark, &key->end_mark));
}

bool sg_yaml_span(const struct sg_docs *set, const struct sg_node *node,
                  struct sg_span *out) {
    if (!set->spans || set->spans->len == 0)
        return false;
    const struct sg_span_slot *slot = slot_for(set->spans, node, 0);
    if (slot->node)
        *out = slot->span;
    return slot->node != NULL;
}
