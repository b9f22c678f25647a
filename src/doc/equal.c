/* equal.c - same content, whatever the order of keys and the style of scalars. */
#include "sg/doc.h"

#include <string.h>

static bool equal_scalars(const struct sg_node *a, const struct sg_node *b) {
    enum sg_tag type = sg_scalar_type(a);
    if (type != sg_scalar_type(b)) {
        return false;
    }
    return type == SG_TAG_NULL ||
           (a->len == b->len && memcmp(a->text, b->text, a->len) == 0);
}

/* Maps mostly agree in order, so the same place is tried first. */
static bool equal_maps(const struct sg_node *a, const struct sg_node *b) {
    for (uint32_t i = 0; i < a->len; i++) {
        const struct sg_entry *x = &a->entries[i];
        const struct sg_entry *y = &b->entries[i];
        if (x->key != y->key) {
            /* with repeated keys, equal length does not make equal sets of keys: look
             * both ways */
            if (!sg_map_find(a, y->key)) {
                return false;
            }
            y = sg_map_find(b, x->key);
        }
        if (!y || !sg_node_equal(x->value, y->value)) {
            return false;
        }
    }
    return true;
}

bool sg_node_equal(const struct sg_node *a, const struct sg_node *b) {
    if (a == b) {
        return true;
    }
    if (!a || !b || a->kind != b->kind) {
        return false;
    }
    if (a->kind == SG_SCALAR) {
        return equal_scalars(a, b);
    }
    if (a->len != b->len) {
        return false;
    }
    if (a->kind == SG_MAP) {
        return equal_maps(a, b);
    }
    for (uint32_t i = 0; i < a->len; i++) {
        if (!sg_node_equal(a->items[i], b->items[i])) {
            return false;
        }
    }
    return true;
}
