/*
 * moves_anchors.c - an anchor's text is said again wherever an alias names it, so an edit
 * inside it would be an edit there too.
 */
#include <string.h>

#include "moves_rules.h"

struct spans {
    const struct sg_docs *set;
    SG_VEC(struct sg_span) items; /* in order, none inside another */
};

static void spans_release(struct spans *spans) {
    sg_vec_release(&spans->items);
}

/* Collects the outermost anchors and aliases; nodes that came through one have no span of
 * their own. */
static void collect(struct spans *spans, const struct sg_node *node) {
    struct sg_span span;
    if (!sg_yaml_span(spans->set, node, &span)) {
        return;
    }
    const struct sg_source *source = sg_docs_source(spans->set, node->loc);
    if (span.start < span.end && source != NULL &&
        (source->text[span.start] == '&' || source->text[span.start] == '*')) {
        sg_vec_push(&spans->items, span);
        return;
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        collect(spans, node->entries[i].value);
    }
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        collect(spans, node->items[i]);
    }
}

/* The first span that ends after `at`. */
static size_t first_after(const struct spans *spans, uint32_t at) {
    size_t low = 0, high = spans->items.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans->items.items[middle].end <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether an edit is in a span, or takes one away. At its first byte nothing is. */
static bool touches(const struct spans *spans, const struct sg_splice *splice) {
    size_t at = first_after(spans, splice->start);
    if (spans->items.items == NULL || at == spans->items.len) {
        return false;
    }
    const struct sg_span *span = &spans->items.items[at];
    return splice->start > span->start ||
           (splice->end > span->start && splice->end > splice->start);
}

bool moves_anchors_stay(struct moves *m, const struct sg_node *root, size_t first) {
    struct spans spans SG_CLEANUP(spans_release) = {.set = m->in->set};
    collect(&spans, root);
    for (size_t i = first; i < m->out->splices.items.len; i++) {
        if (touches(&spans, &m->out->splices.items.items[i])) {
            return moves_fail(m, "what is to be moved has an anchor or an alias");
        }
    }
    return true;
}
