/* edit.c - changing maps and sequences. */
#include "map_index.h"

#include <string.h>

/* Room for one more of `size` bytes; returns the array. Doubling keeps what the arena
 * abandons below what it holds. */
static void *make_room(struct sg_docs *set, struct sg_node *node, void *array,
                       size_t size) {
    if (node->len < node->cap) {
        return array;
    }
    if (node->cap > UINT32_MAX / 2) {
        SG_BUG("a collection of more than 2^31 entries");
    }
    node->cap = node->cap ? node->cap * 2 : 4;
    return sg_arena_grow(&set->arena, array, node->len, node->cap, size);
}

struct sg_entry *sg_map_append(struct sg_docs *set, struct sg_node *map, sg_atom key,
                               struct sg_node *value) {
    if (!sg_is_map(map)) {
        SG_BUG("an entry put into what is no map");
    }
    map->entries = make_room(set, map, map->entries, sizeof(*map->entries));
    struct sg_entry *entry = &map->entries[map->len++];
    *entry = (struct sg_entry){.key = key, .value = value, .key_tag = SG_TAG_STR};
    if (map->index) {
        sg_map_index_appended(set, map);
    } else if (map->len > SG_MAP_LINEAR) {
        sg_map_index_build(set, map);
    }
    return entry;
}

struct sg_entry *sg_map_put(struct sg_docs *set, struct sg_node *map, sg_atom key,
                            struct sg_node *value) {
    struct sg_entry *entry = sg_map_find(map, key);
    if (!entry) {
        return sg_map_append(set, map, key, value);
    }
    entry->value = value;
    return entry;
}

uint32_t sg_map_remove_if(struct sg_node *map,
                          bool (*drop)(const struct sg_entry *entry, void *ctx),
                          void *ctx) {
    uint32_t kept = 0;
    if (!sg_is_map(map)) {
        return 0;
    }
    for (uint32_t i = 0; i < map->len; i++) {
        if (!drop(&map->entries[i], ctx)) {
            map->entries[kept++] = map->entries[i];
        }
    }
    uint32_t removed = map->len - kept;
    map->len = kept;
    if (map->index && removed) {
        /* not sg_map_index_removed: one of two equal keys may have gone */
        sg_map_index_refill(map);
    }
    return removed;
}

bool sg_map_remove(struct sg_node *map, sg_atom key) {
    const struct sg_entry *first = sg_map_find(map, key);
    if (!first) {
        return false;
    }
    uint32_t kept = (uint32_t)(first - map->entries);
    for (uint32_t i = kept + 1; i < map->len; i++) {
        if (map->entries[i].key != key) {
            map->entries[kept++] = map->entries[i];
        }
    }
    uint32_t removed = map->len - kept;
    map->len = kept;
    if (map->index) {
        sg_map_index_removed(map, removed);
    }
    return true;
}

void sg_map_reordered(struct sg_docs *set, struct sg_node *map) {
    if (map->index || map->len > SG_MAP_LINEAR) {
        sg_map_index_build(set, map);
    }
}

struct sg_node *sg_map_ensure(struct sg_docs *set, struct sg_node *map, sg_atom key) {
    struct sg_entry *entry = sg_map_find(map, key);
    if (!entry) {
        return sg_map_append(set, map, key, sg_map_new(set))->value;
    }
    if (sg_is_null(entry->value)) {
        entry->value = sg_map_new(set);
    }
    return sg_is_map(entry->value) ? entry->value : NULL;
}

void sg_seq_insert(struct sg_docs *set, struct sg_node *seq, size_t at,
                   struct sg_node *item) {
    if (!sg_is_seq(seq) || at > seq->len) {
        SG_BUG("an item put outside a sequence");
    }
    seq->items = make_room(set, seq, seq->items, sizeof(struct sg_node *));
    memmove(seq->items + at + 1, seq->items + at,
            (seq->len - at) * sizeof(struct sg_node *));
    seq->items[at] = item;
    seq->len++;
}

void sg_seq_push(struct sg_docs *set, struct sg_node *seq, struct sg_node *item) {
    sg_seq_insert(set, seq, seq->len, item);
}

void sg_seq_remove(struct sg_node *seq, size_t at) {
    if (!sg_is_seq(seq) || at >= seq->len) {
        SG_BUG("an item removed outside a sequence");
    }
    memmove(seq->items + at, seq->items + at + 1,
            (seq->len - at - 1) * sizeof(struct sg_node *));
    seq->len--;
}
