/* map_index.c - the hash of a large map. */
#include "map_index.h"

struct slot {
    sg_atom key; /* NULL: empty; a key stays after its entry is removed */
    uint32_t at; /* position of its first entry when that was noted */
};

struct sg_map_index {
    struct slot *slots;
    uint32_t used, cap; /* cap is a power of two, at most three quarters used */
    uint32_t removed;   /* entries removed since the positions were right */
};

/* Removals between two refreshes: a look-up scans at most this far, and a refresh of n
 * positions is paid by as many removals, each of which moves n entries anyway. */
enum { REFRESH_AFTER = 64 };

/* Atoms are compared by address, so their address is what is hashed. An input cannot
 * choose addresses, so no key is needed. */
static uint32_t home(const struct sg_map_index *index, sg_atom key) {
    uint64_t bits = (uint64_t)(uintptr_t)key >> 3;
    return (uint32_t)((bits * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (index->cap - 1);
}

static struct slot *probe(const struct sg_map_index *index, sg_atom key) {
    uint32_t i = home(index, key);
    while (index->slots[i].key && index->slots[i].key != key) {
        i = (i + 1) & (index->cap - 1);
    }
    return &index->slots[i];
}

/* The entry a slot speaks of, or map->len where it was removed. */
static uint32_t locate(const struct sg_node *map, const struct slot *slot) {
    uint32_t lowest =
        slot->at - (slot->at < map->index->removed ? slot->at : map->index->removed);
    /* upwards: where the key repeats, a later entry may have moved into the window */
    for (uint32_t i = lowest; i <= slot->at && i < map->len; i++) {
        if (map->entries[i].key == slot->key) {
            return i;
        }
    }
    return map->len;
}

static void note(struct sg_map_index *index, sg_atom key, uint32_t at) {
    struct slot *slot = probe(index, key);
    if (!slot->key) {
        *slot = (struct slot){key, at};
        index->used++;
    }
}

void sg_map_index_refill(struct sg_node *map) {
    struct sg_map_index *index = map->index;
    for (uint32_t i = 0; i < index->cap; i++) {
        index->slots[i] = (struct slot){0};
    }
    index->used = 0;
    index->removed = 0;
    for (uint32_t i = 0; i < map->len; i++) {
        note(index, map->entries[i].key, i);
    }
}

void sg_map_index_build(struct sg_docs *set, struct sg_node *map) {
    struct sg_map_index *index = sg_arena_alloc(&set->arena, sizeof(*index));
    index->cap = 4 * SG_MAP_LINEAR;
    while (index->cap / 2 < map->len) {
        index->cap *= 2;
    }
    index->slots = sg_arena_alloc(&set->arena, index->cap * sizeof(*index->slots));
    map->index = index;
    sg_map_index_refill(map);
}

void sg_map_index_appended(struct sg_docs *set, struct sg_node *map) {
    struct sg_map_index *index = map->index;
    if ((uint64_t)(index->used + 1) * 4 > (uint64_t)index->cap * 3) {
        sg_map_index_build(set, map);
        return;
    }
    uint32_t at = map->len - 1;
    struct slot *slot = probe(index, map->entries[at].key);
    if (slot->key && locate(map, slot) == map->len) {
        slot->at = at; /* the key was removed and comes back */
    } else if (!slot->key) {
        note(index, map->entries[at].key, at);
    }
}

void sg_map_index_removed(struct sg_node *map, uint32_t count) {
    struct sg_map_index *index = map->index;
    index->removed += count;
    if (index->removed > REFRESH_AFTER) {
        sg_map_index_refill(map);
    }
}

uint32_t sg_map_index_find(const struct sg_node *map, sg_atom key) {
    const struct slot *slot = probe(map->index, key);
    return slot->key ? locate(map, slot) : map->len;
}
