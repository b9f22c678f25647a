/* compare.c - the differences of two values that a cluster would see. */
#include "derive.h"

void comparison_release(struct comparison *comparison) {
    sg_vec_release(&comparison->differences);
}

static void differ(struct comparison *c, const struct sg_fieldpath *path,
                   const struct sg_node *a, const struct sg_node *b) {
    struct difference difference = {path, a, b};
    sg_vec_push(&c->differences, difference);
}

static void compare_maps(struct comparison *c, const struct spot *at,
                         const struct sg_node *a, const struct sg_node *b) {
    for (uint32_t i = 0; i < b->len; i++) {
        const struct sg_entry *entry = &b->entries[i];
        if (!sg_is_null(entry->value)) {
            struct spot below = spot_key(at, c->paths, entry->key);
            compare_values(c, &below, field_of(a, entry->key), entry->value);
        }
    }
    for (uint32_t i = 0; i < a->len; i++) {
        const struct sg_entry *entry = &a->entries[i];
        if (!sg_is_null(entry->value) && field_of(b, entry->key) == NULL) {
            differ(c, spot_key(at, c->paths, entry->key).path, entry->value, NULL);
        }
    }
}

static void compare_keyed(struct comparison *c, const struct spot *at,
                          const struct sg_node *a, const struct sg_node *b) {
    auto_keyed old = {0}, new = {0};
    keyed_init(&old, at, a);
    keyed_init(&new, at, b);
    size_t before = c->differences.len;
    for (uint32_t i = 0; i < b->len; i++) {
        struct spot item = spot_item(at, c->paths, b, i);
        compare_values(c, &item, keyed_find(&old, at, b->items[i]), b->items[i]);
    }
    for (uint32_t i = 0; i < a->len; i++) {
        if (keyed_find(&new, at, a->items[i]) == NULL) {
            differ(c, spot_item(at, c->paths, a, i).path, a->items[i], NULL);
        }
    }
    /* where order counts, an element that stands elsewhere makes the whole list another
     */
    if (before == c->differences.len && list_ordered(at, a, b) && !same_order(at, a, b)) {
        differ(c, at->path, a, b);
    }
}

static void compare_items(struct comparison *c, const struct spot *at,
                          const struct sg_node *a, const struct sg_node *b) {
    auto_alignment alignment = {0};
    align_lists(&alignment, at, a, b);
    for (size_t i = 0; i < alignment.steps.len; i++) {
        const struct align_step *step = &alignment.steps.items[i];
        bool gone = step->op == ALIGN_REMOVE;
        struct spot item = gone ? spot_item(at, c->paths, a, step->a)
                                : spot_item(at, c->paths, b, step->b);
        compare_values(c, &item, step->op == ALIGN_ADD ? NULL : a->items[step->a],
                       gone ? NULL : b->items[step->b]);
    }
}

void compare_values(struct comparison *c, const struct spot *at, const struct sg_node *a,
                    const struct sg_node *b) {
    if (a == NULL || b == NULL || a->kind != b->kind) {
        differ(c, at->path, a, b);
    } else if (sg_is_map(a)) {
        compare_maps(c, at, a, b);
        c->leaves += b->len == 0 && a->len == 0;
    } else if (sg_is_scalar(a)) {
        if (scalars_equal(a, b)) {
            c->leaves++;
        } else {
            differ(c, at->path, a, b);
        }
    } else if (lists_keyed(at, a, b)) {
        compare_keyed(c, at, a, b);
        c->leaves += b->len == 0 && a->len == 0;
    } else {
        compare_items(c, at, a, b);
        c->leaves += b->len == 0 && a->len == 0;
    }
}

void compare_objects(struct comparison *c, const struct sg_node *a,
                     const struct sg_node *b) {
    struct spot root = spot_root(b);
    compare_values(c, &root, a, b);
}

bool values_equal(const struct spot *at, const struct sg_node *a,
                  const struct sg_node *b) {
    auto_comparison c = {0};
    compare_values(&c, at, a, b);
    return c.differences.len == 0;
}
