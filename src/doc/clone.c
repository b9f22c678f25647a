/* clone.c - deep copies. */
#include "map_index.h"

static void clone_entries(struct sg_docs *set, const struct sg_node *node,
                          struct sg_node *copy) {
    copy->entries = sg_arena_grow(&set->arena, node->entries, node->len, node->len,
                                  sizeof(*node->entries));
    for (uint32_t i = 0; i < node->len; i++) {
        copy->entries[i].value = sg_node_clone(set, node->entries[i].value);
    }
    copy->index = NULL;
    if (copy->len > SG_MAP_LINEAR) {
        sg_map_index_build(set, copy);
    }
}

static void clone_items(struct sg_docs *set, const struct sg_node *node,
                        struct sg_node *copy) {
    copy->items = sg_arena_alloc(&set->arena, node->len * sizeof(struct sg_node *));
    for (uint32_t i = 0; i < node->len; i++) {
        copy->items[i] = sg_node_clone(set, node->items[i]);
    }
}

/* The readers bound the depth, so the recursion is bounded too. */
struct sg_node *sg_node_clone(struct sg_docs *set, const struct sg_node *node) {
    if (!node) {
        return NULL;
    }
    struct sg_node *copy = sg_arena_alloc(&set->arena, sizeof(*copy));
    *copy = *node;
    copy->shared = false;
    if (node->kind == SG_SCALAR) {
        copy->text =
            node->len ? sg_arena_strndup(&set->arena, node->text, node->len) : "";
        return copy;
    }
    copy->cap = node->len;
    if (node->len == 0) {
        copy->entries = NULL;
        copy->index = NULL;
    } else if (node->kind == SG_MAP) {
        clone_entries(set, node, copy);
    } else {
        clone_items(set, node, copy);
    }
    return copy;
}
