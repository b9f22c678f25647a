/* Edit mode: byte spans of nodes and keys, in one hash keyed by node or key location. */
#include "spans.h"

#include <string.h>

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
           (table->slots[at].node != node || table->slots[at].loc != loc)) {
        at = (at + 1) & (table->cap - 1);
    }
    return &table->slots[at];
}

static void grow(struct sg_docs *set, struct sg_span_table *table) {
    struct sg_span_table old = *table;
    table->cap = old.cap ? old.cap * 2 : 256;
    table->slots = sg_arena_alloc(&set->arena, table->cap * sizeof(*table->slots));
    for (size_t i = 0; i < old.cap; i++) {
        if (old.slots[i].node || old.slots[i].loc) {
            *slot_for(table, old.slots[i].node, old.slots[i].loc) = old.slots[i];
        }
    }
}

static void put(struct sg_docs *set, const struct sg_node *node, uint32_t loc,
                struct sg_span span) {
    struct sg_span_table *table = set->spans;
    if (table->len * 2 >= table->cap) {
        grow(set, table);
    }
    struct sg_span_slot *slot = slot_for(table, node, loc);
    if (!slot->node && !slot->loc) {
        table->len++;
    }
    *slot = (struct sg_span_slot){.node = node, .loc = loc, .span = span};
}

void sg_spans_begin(struct sg_reader *r) {
    r->content_end = 0;
    if (!r->set->spans) {
        r->set->spans = sg_arena_alloc(&r->set->arena, sizeof(*r->set->spans));
    }
}

static struct sg_span between(struct sg_reader *r, const yaml_mark_t *start,
                              const yaml_mark_t *end) {
    return (struct sg_span){sg_reader_loc(r, start) - r->base,
                            sg_reader_loc(r, end) - r->base};
}

static bool is_empty_line(const char *text, uint32_t start, uint32_t end) {
    while (start < end && strchr(" \t\r\n", text[start])) {
        start++;
    }
    return start == end;
}

/* A block scalar that does not keep its last line ends ends with its last line. */
static void trim_block(const struct sg_reader *r, struct sg_span *span) {
    uint32_t at = span->start;
    while (at < span->end && r->text[at] != '\n') {
        if (r->text[at++] == '+') {
            return;
        }
    }
    while (span->end > at + 1) {
        uint32_t line = span->end - 1;
        while (line > at + 1 && r->text[line - 1] != '\n') {
            line--;
        }
        if (!is_empty_line(r->text, line, span->end)) {
            return;
        }
        span->end = line;
    }
}

static void content_ends(struct sg_reader *r, uint32_t end) {
    if (end > r->content_end) {
        r->content_end = end;
    }
}

void sg_spans_scalar(struct sg_reader *r, const struct sg_node *node,
                     const yaml_event_t *event) {
    if (!r->opts->edit) {
        return;
    }
    struct sg_span span = between(r, &event->start_mark, &event->end_mark);
    if (event->type == YAML_SCALAR_EVENT &&
        (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
         event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE)) {
        trim_block(r, &span);
    }
    content_ends(r, span.end);
    put(r->set, node, 0, span);
}

/* libyaml ends a block collection at the token after it, past comments. */
void sg_spans_collection(struct sg_reader *r, const struct sg_node *node,
                         const yaml_event_t *start, const yaml_event_t *end) {
    if (!r->opts->edit) {
        return;
    }
    struct sg_span span = between(r, &start->start_mark, &end->end_mark);
    if (node->flow) {
        content_ends(r, span.end);
    }
    span.end = r->content_end;
    put(r->set, node, 0, span);
}

void sg_spans_key(struct sg_reader *r, uint32_t loc, const yaml_event_t *key) {
    if (!r->opts->edit) {
        return;
    }
    struct sg_span span = between(r, &key->start_mark, &key->end_mark);
    content_ends(r, span.end);
    put(r->set, NULL, loc, span);
}

static bool find(const struct sg_docs *set, const struct sg_node *node, uint32_t loc,
                 struct sg_span *out) {
    if (!set->spans || set->spans->len == 0 || (!node && !loc)) {
        return false;
    }
    const struct sg_span_slot *slot = slot_for(set->spans, node, loc);
    if (!slot->node && !slot->loc) {
        return false;
    }
    *out = slot->span;
    return true;
}

bool sg_yaml_span(const struct sg_docs *set, const struct sg_node *node,
                  struct sg_span *out) {
    return node && find(set, node, 0, out);
}

bool sg_yaml_key_span(const struct sg_docs *set, const struct sg_entry *entry,
                      struct sg_span *out) {
    return find(set, NULL, entry->key_loc, out);
}
