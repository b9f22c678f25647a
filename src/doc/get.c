/* get.c - reading maps and scalars. */
#include "map_index.h"

#include <string.h>

bool sg_is_null(const struct sg_node *node) {
    return !node || (node->kind == SG_SCALAR && sg_scalar_type(node) == SG_TAG_NULL);
}

bool sg_key_fits(const struct sg_entry *entry, bool root) {
    enum sg_tag tag = entry->key_tag;
    bool null = tag == SG_TAG_NULL && entry->key->len > 0;
    bool string = tag == SG_TAG_STR || tag == SG_TAG_NONE || tag == SG_TAG_MERGE ||
                  (tag == SG_TAG_NULL && !null);
    return string || (root && !null);
}

const char *sg_text(const struct sg_node *node) {
    return sg_is_scalar(node) ? node->text : NULL;
}

enum sg_tag sg_scalar_type(const struct sg_node *scalar) {
    if (scalar->tag != SG_TAG_NONE) {
        return (enum sg_tag)scalar->tag;
    }
    /* quotes say that it is a string, as they do for a YAML reader */
    return scalar->style == SG_PLAIN ? sg_resolve_read(scalar->text, scalar->len)
                                     : SG_TAG_STR;
}

static uint32_t find_linear(const struct sg_node *map, sg_atom key) {
    uint32_t i = 0;
    while (i < map->len && map->entries[i].key != key) {
        i++;
    }
    return i;
}

struct sg_entry *sg_map_find(const struct sg_node *map, sg_atom key) {
    if (!sg_is_map(map)) {
        return NULL;
    }
    uint32_t at = map->index ? sg_map_index_find(map, key) : find_linear(map, key);
    return at < map->len ? &map->entries[at] : NULL;
}

struct sg_node *sg_map_get(const struct sg_node *map, sg_atom key) {
    const struct sg_entry *entry = sg_map_find(map, key);
    return entry ? entry->value : NULL;
}

struct sg_node *sg_map_gets(const struct sg_node *map, const char *key) {
    if (!sg_is_map(map)) {
        return NULL;
    }
    size_t len = strlen(key);
    for (uint32_t i = 0; i < map->len; i++) {
        sg_atom other = map->entries[i].key;
        if (other->len == len && memcmp(other->text, key, len) == 0) {
            return map->entries[i].value;
        }
    }
    return NULL;
}

struct sg_node *sg_map_path(const struct sg_node *map, const sg_atom *keys, size_t n) {
    struct sg_node *node = NULL;
    for (size_t i = 0; i < n; i++) {
        node = sg_map_get(i == 0 ? map : node, keys[i]);
        if (!node) {
            return NULL;
        }
    }
    return node;
}
