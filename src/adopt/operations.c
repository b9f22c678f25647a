/*
 * operations.c - JSON operations (RFC 6902) from one object to another: one for each
 * difference, later items of a list first, so that positions hold while they run.
 */
#include "derive.h"

struct operations {
    struct sg_docs *docs;
    struct sg_node *out;
    struct sg_buf pointer; /* of the value that is looked at */
};

static void values(struct operations *o, const struct spot *at,
                   const struct sg_node *have, const struct sg_node *want);

/* --- pointers -------------------------------------------------------------------- */

/* Goes down by a key; returns what sg_buf to cut back to. */
static size_t enter_key(struct operations *o, sg_atom key) {
    size_t len = o->pointer.len;
    sg_buf_addc(&o->pointer, '/');
    for (uint32_t i = 0; i < key->len; i++) {
        char c = key->text[i];
        if (c == '~' || c == '/') {
            sg_buf_adds(&o->pointer, c == '~' ? "~0" : "~1");
        } else {
            sg_buf_addc(&o->pointer, c);
        }
    }
    return len;
}

static size_t enter_item(struct operations *o, size_t index) {
    size_t len = o->pointer.len;
    sg_buf_addf(&o->pointer, "/%zu", index);
    return len;
}

static size_t enter_end(struct operations *o) {
    size_t len = o->pointer.len;
    sg_buf_adds(&o->pointer, "/-");
    return len;
}

static void leave(struct operations *o, size_t len) {
    sg_buf_truncate(&o->pointer, len);
}

/* `loc`: where the customer's comment on it is. */
static void operation_at(struct operations *o, uint32_t loc, const char *op,
                         const struct sg_node *value) {
    struct sg_docs *docs = o->docs;
    struct sg_node *node = sg_map_new(docs);
    node->loc = loc;
    (void)sg_map_append(docs, node, SG_ATOM(op), sg_str_new(docs, op));
    (void)sg_map_append(docs, node, SG_ATOM(path),
                        sg_str_new(docs, sg_buf_cstr(&o->pointer)));
    if (value != NULL) {
        (void)sg_map_append(docs, node, SG_ATOM(value), sg_node_clone(docs, value));
    }
    sg_seq_push(docs, o->out, node);
}

static void operation(struct operations *o, const char *op, const struct sg_node *value) {
    operation_at(o, value->loc, op, value);
}

static void removal(struct operations *o, uint32_t gap) {
    operation_at(o, gap, "remove", NULL);
}

/* --- maps ------------------------------------------------------------------------ */

static void maps(struct operations *o, const struct spot *at, const struct sg_node *have,
                 const struct sg_node *want) {
    for (uint32_t i = 0; i < want->len; i++) {
        const struct sg_entry *entry = &want->entries[i];
        if (sg_is_null(entry->value)) {
            continue;
        }
        const struct sg_node *was = field_of(have, entry->key);
        struct spot below = spot_key(at, NULL, entry->key);
        size_t len = enter_key(o, entry->key);
        if (was == NULL) {
            operation(o, "add", entry->value);
        } else {
            values(o, &below, was, entry->value);
        }
        leave(o, len);
    }
    for (uint32_t i = 0; i < have->len; i++) {
        const struct sg_entry *entry = &have->entries[i];
        if (!sg_is_null(entry->value) && field_of(want, entry->key) == NULL) {
            size_t len = enter_key(o, entry->key);
            removal(o, gap_in_map(o->docs, have, i, want));
            leave(o, len);
        }
    }
}

/* --- lists ----------------------------------------------------------------------- */

/* Elements by key, their order free. */
static void keyed_lists(struct operations *o, const struct spot *at,
                        const struct sg_node *have, const struct sg_node *want) {
    auto_keyed old = {0}, new = {0};
    keyed_init(&old, at, have);
    keyed_init(&new, at, want);
    struct spot item = spot_item(at, NULL, want, 0);
    for (uint32_t i = have->len; i-- > 0;) {
        const struct sg_node *now = keyed_find(&new, at, have->items[i]);
        size_t len = enter_item(o, i);
        if (now == NULL) {
            removal(o, gap_in_list(o->docs, at, have, i, &new, want));
        } else {
            values(o, &item, have->items[i], now);
        }
        leave(o, len);
    }
    for (uint32_t i = 0; i < want->len; i++) {
        if (keyed_find(&old, at, want->items[i]) == NULL) {
            size_t len = enter_end(o);
            operation(o, "add", want->items[i]);
            leave(o, len);
        }
    }
}

/* What stands where the item was that a step removes. */
static uint32_t gap_of(const struct operations *o, const struct align_step *step,
                       const struct sg_node *want) {
    return step->b < want->len ? place_of_item(want->items[step->b])
                               : gap_at_end(o->docs, want);
}

/* Items by position, from the last on. */
static void plain_lists(struct operations *o, const struct spot *at,
                        const struct sg_node *have, const struct sg_node *want) {
    auto_alignment alignment = {0};
    align_lists(&alignment, at, have, want);
    struct spot item = spot_item(at, NULL, want, 0);
    size_t tail = alignment.steps.len; /* added behind the last: in their own order */
    while (tail > 0 && alignment.steps.items[tail - 1].op == ALIGN_ADD) {
        tail--;
    }
    for (size_t i = tail; i-- > 0;) {
        const struct align_step *step = &alignment.steps.items[i];
        size_t len = enter_item(o, step->a);
        if (step->op == ALIGN_REMOVE) {
            removal(o, gap_of(o, step, want));
        } else if (step->op == ALIGN_ADD) {
            operation(o, "add", want->items[step->b]);
        } else {
            values(o, &item, have->items[step->a], want->items[step->b]);
        }
        leave(o, len);
    }
    for (size_t i = tail; i < alignment.steps.len; i++) {
        size_t len = enter_end(o);
        operation(o, "add", want->items[alignment.steps.items[i].b]);
        leave(o, len);
    }
}

static void values(struct operations *o, const struct spot *at,
                   const struct sg_node *have, const struct sg_node *want) {
    if (have->kind != want->kind) {
        operation(o, "replace", want);
    } else if (sg_is_map(want)) {
        maps(o, at, have, want);
    } else if (sg_is_scalar(want)) {
        if (!scalars_equal(have, want)) {
            operation(o, "replace", want);
        }
    } else if (lists_keyed(at, have, want) && !list_ordered(at, have, want)) {
        keyed_lists(o, at, have, want);
    } else {
        plain_lists(o, at, have, want);
    }
}

struct sg_node *derive_operations(struct sg_docs *docs, const struct sg_node *have,
                                  const struct sg_node *want) {
    struct operations o = {.docs = docs, .out = sg_seq_new(docs)};
    struct spot root = spot_root(have);
    values(&o, &root, have, want);
    sg_buf_release(&o.pointer);
    return o.out->len > 0 ? o.out : NULL;
}
