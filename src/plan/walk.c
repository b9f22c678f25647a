/*
 * walk.c - from a path to its field: keys through maps, elements by their merge keys.
 */
#include "walk.h"

#include <string.h>

void walk_begin(struct walk *walk, struct sg_docs *set, struct sg_fieldpaths *paths,
                const struct sg_node *object) {
    const char *version = sg_text(sg_map_get(object, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(object, SG_ATOM(kind)));
    walk->set = set;
    walk->paths = paths;
    walk->root = (struct sg_field){.type = SG_FIELD_OBJECT};
    if (version != NULL && kind != NULL) {
        walk->root.def = sg_schema_kind(SG_SCHEMA_UNION, version, kind);
    }
}

void walk_release(struct walk *walk) {
    sg_buf_release(&walk->key);
}

/* The schema of a place; of no type where it is not known. */
static struct sg_field field_at(const struct walk *walk,
                                const struct sg_fieldpath *path) {
    if (path == NULL) {
        return walk->root;
    }
    struct sg_field above = field_at(walk, path->parent), field = {0};
    if (path->seg == SG_SEG_KEY && above.type == SG_FIELD_OBJECT) {
        (void)sg_schema_field(SG_SCHEMA_UNION, above.def, path->key->text, &field);
        return field;
    }
    if (above.type == SG_FIELD_LIST || above.type == SG_FIELD_MAP) {
        field = (struct sg_field){.type = above.item, .def = above.def};
    }
    return field;
}

/* --- elements --------------------------------------------------------------------- */

/* The element's name in a path: its merge keys, or the text of a set's item. */
static bool read_key(struct walk *walk, const struct sg_field *list,
                     const struct sg_node *element) {
    sg_buf_clear(&walk->key);
    if (sg_is_scalar(element)) {
        sg_buf_add(&walk->key, element->text, element->len);
        return true;
    }
    return list->type == SG_FIELD_LIST &&
           sg_schema_element_key(list, element, &walk->key);
}

static bool has_key(struct walk *walk, const struct sg_field *list,
                    const struct sg_node *element, sg_atom key) {
    return read_key(walk, list, element) && walk->key.len == key->len &&
           memcmp(sg_buf_cstr(&walk->key), key->text, key->len) == 0;
}

/* Beside the element that was found last: steps go through a list in its order. */
static bool near_hint(struct walk *walk, const struct sg_field *field,
                      const struct sg_node *list, sg_atom key) {
    if (walk->list != list) {
        return false;
    }
    uint32_t from = walk->hint > 0 ? walk->hint - 1 : 0;
    for (uint32_t i = from; i < list->len && i < from + 3; i++) {
        if (has_key(walk, field, list->items[i], key)) {
            walk->hint = i;
            return true;
        }
    }
    return false;
}

/* The position of the element that the last part of `path` names; UINT32_MAX: none. */
static uint32_t find_element(struct walk *walk, const struct sg_node *list,
                             const struct sg_fieldpath *path) {
    if (path->seg == SG_SEG_INDEX) {
        return path->index < list->len ? path->index : UINT32_MAX;
    }
    struct sg_field field = field_at(walk, path->parent);
    uint32_t repeat = path->index;
    if (repeat == 0 && near_hint(walk, &field, list, path->key)) {
        return walk->hint;
    }
    for (uint32_t i = 0; i < list->len; i++) {
        if (has_key(walk, &field, list->items[i], path->key) && repeat-- == 0) {
            walk->list = list;
            walk->hint = i;
            return i;
        }
    }
    return UINT32_MAX;
}

/* --- fields ----------------------------------------------------------------------- */

static struct sg_node *child_of(struct walk *walk, const struct sg_node *node,
                                const struct sg_fieldpath *path) {
    if (path->seg == SG_SEG_KEY) {
        return sg_map_get(node, path->key);
    }
    uint32_t at = sg_is_seq(node) ? find_element(walk, node, path) : UINT32_MAX;
    return at == UINT32_MAX ? NULL : node->items[at];
}

/* A node that is handed in to be read is handed out to be read; the caller of walk_undo
 * owns what it hands in. */
static struct sg_node *writable(const struct sg_node *node) {
    return (struct sg_node *)(uintptr_t)node;
}

struct sg_node *walk_at(struct walk *walk, const struct sg_node *node,
                        const struct sg_fieldpath *from,
                        const struct sg_fieldpath *path) {
    if (path == from || node == NULL) {
        return writable(node);
    }
    const struct sg_node *holder = walk_at(walk, node, from, path->parent);
    return holder == NULL ? NULL : child_of(walk, holder, path);
}

static void undo_entry(struct walk *walk, struct sg_node *map, sg_atom key,
                       struct sg_node *before) {
    if (before == NULL) {
        (void)sg_map_remove(map, key);
    } else {
        (void)sg_map_put(walk->set, map, key, before);
    }
}

static void undo_element(struct walk *walk, struct sg_node *list,
                         const struct sg_fieldpath *path, enum sg_op op,
                         struct sg_node *before) {
    uint32_t at = find_element(walk, list, path);
    bool deleted = op == SG_OP_DELETE;
    if (before == NULL) {
        if (at != UINT32_MAX) {
            sg_seq_remove(list, at);
        }
    } else if (path->seg == SG_SEG_INDEX && deleted && path->index <= list->len) {
        sg_seq_insert(walk->set, list, path->index, before);
    } else if (at != UINT32_MAX) {
        list->items[at] = before;
    } else {
        sg_seq_push(walk->set, list, before);
    }
}

void walk_undo(struct walk *walk, struct sg_node *node, const struct sg_fieldpath *from,
               const struct sg_fieldpath *path, enum sg_op op, struct sg_node *before) {
    struct sg_node *holder = walk_at(walk, node, from, path->parent);
    if (sg_is_map(holder) && path->seg == SG_SEG_KEY) {
        undo_entry(walk, holder, path->key, before);
    } else if (sg_is_seq(holder) && path->seg != SG_SEG_KEY) {
        undo_element(walk, holder, path, op, before);
    }
}

const struct sg_fieldpath *walk_child(struct walk *walk, const struct sg_node *node,
                                      const struct sg_fieldpath *path, uint32_t i) {
    if (sg_is_map(node)) {
        return sg_fieldpath_key(walk->paths, path, node->entries[i].key);
    }
    struct sg_field field = field_at(walk, path);
    struct sg_err err = {0};
    sg_atom key = NULL;
    if (sg_is_map(node->items[i]) && read_key(walk, &field, node->items[i])) {
        key = sg_atom_intern(sg_fieldpaths_atoms(walk->paths), sg_buf_cstr(&walk->key),
                             walk->key.len, &err);
    }
    if (key == NULL) {
        return sg_fieldpath_index(walk->paths, path, i);
    }
    uint32_t repeat = 0;
    for (uint32_t k = 0; k < i; k++) {
        repeat += has_key(walk, &field, node->items[k], key);
    }
    return sg_fieldpath_element(walk->paths, path, key, repeat);
}
