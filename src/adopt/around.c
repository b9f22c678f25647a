/*
 * around.c - where in an object something is that it has not: at the nearest that it has
 * around.
 */
#include "derive.h"

/* A value on the way down, and the last place that was passed. */
struct stop {
    struct spot at;
    const struct sg_node *node; /* NULL: the way ends above */
    uint32_t loc;
};

static const struct sg_node *element_of(const struct spot *at, const struct sg_node *list,
                                        const struct sg_fieldpath *path) {
    uint32_t repeats = path->index;
    for (uint32_t i = 0; i < list->len; i++) {
        sg_auto_buf key = SG_BUF_INIT;
        if (sg_schema_element_key(&at->field, list->items[i], &key) &&
            strcmp(sg_buf_cstr(&key), path->key->text) == 0 && repeats-- == 0) {
            return list->items[i];
        }
    }
    return NULL;
}

static const struct sg_node *item_of(const struct spot *at, const struct sg_node *list,
                                     const struct sg_fieldpath *path) {
    if (path->seg == SG_SEG_ELEMENT) {
        return element_of(at, list, path);
    }
    return path->index < list->len ? list->items[path->index] : NULL;
}

static void enter(struct stop *stop, const struct sg_fieldpath *path) {
    const struct sg_node *node = stop->node;
    uint32_t loc = 0;
    stop->node = NULL;
    if (path->seg == SG_SEG_KEY && sg_is_map(node)) {
        const struct sg_entry *entry = sg_map_find(node, path->key);
        stop->node = entry != NULL ? entry->value : NULL;
        loc = entry != NULL ? entry->key_loc : 0;
        stop->at = spot_key(&stop->at, NULL, path->key);
    } else if (path->seg != SG_SEG_KEY && sg_is_seq(node)) {
        stop->node = item_of(&stop->at, node, path);
        loc = stop->node != NULL ? place_of_item(stop->node) : 0;
        stop->at = spot_item(&stop->at, NULL, node, 0);
    }
    stop->loc = loc != 0 ? loc : stop->loc;
}

static struct stop walk(const struct sg_node *object, const struct sg_fieldpath *path) {
    if (path == NULL) {
        return (struct stop){spot_root(object), object, object->loc};
    }
    struct stop stop = walk(object, path->parent);
    enter(&stop, path);
    return stop;
}

/* An item that is missing has the place of its list: at its position stands another. */
uint32_t place_around(const struct sg_node *object, const struct sg_fieldpath *path) {
    bool item = path != NULL && path->seg != SG_SEG_KEY;
    return walk(object, item ? path->parent : path).loc;
}
