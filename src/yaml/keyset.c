#include "keyset.h"

/* Fibonacci hashing: atoms come from the same few blocks, so the low bits say little. */
static size_t slot_of(const struct sg_keyset *keys, sg_atom key) {
    uint64_t mixed = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> 32) & (keys->cap - 1);
}

static void place(struct sg_keyset *keys, size_t index) {
    size_t slot = slot_of(keys, keys->entries[index].key);
    while (keys->slots[slot]) {
        slot = (slot + 1) & (keys->cap - 1);
    }
    keys->slots[slot] = (uint32_t)index + 1;
}

static void rehash(struct sg_keyset *keys) {
    free(keys->slots);
    keys->cap = keys->cap ? keys->cap * 2 : (size_t)SG_MAP_LINEAR * 4;
    keys->slots = sg_xcalloc(keys->cap, sizeof(*keys->slots));
    for (size_t i = 0; i < keys->len; i++) {
        place(keys, i);
    }
}

void sg_keyset_release(struct sg_keyset *keys) {
    free(keys->slots);
    *keys = (struct sg_keyset){0};
}

size_t sg_keyset_find(const struct sg_keyset *keys, sg_atom key) {
    if (!keys->slots) {
        for (size_t i = 0; i < keys->len; i++) {
            if (keys->entries[i].key == key) {
                return i;
            }
        }
        return SIZE_MAX;
    }
    for (size_t slot = slot_of(keys, key); keys->slots[slot];
         slot = (slot + 1) & (keys->cap - 1)) {
        if (keys->entries[keys->slots[slot] - 1].key == key) {
            return keys->slots[slot] - 1;
        }
    }
    return SIZE_MAX;
}

void sg_keyset_add(struct sg_keyset *keys) {
    keys->len++;
    if (keys->len > SG_MAP_LINEAR && keys->len * 2 > keys->cap) {
        rehash(keys);
    } else if (keys->slots) {
        place(keys, keys->len - 1);
    }
}
