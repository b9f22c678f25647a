/*
 * strmap.h - hash table from byte strings to pointers, with a keyed hash (hostile keys
 * cannot collide on purpose). Keys are copied into the table; values are borrowed.
 */
#ifndef SG_STRMAP_H
#define SG_STRMAP_H

#include "sg/base.h"

struct sg_strmap_slot;
struct sg_strmap {
    struct sg_strmap_slot *slots;
    size_t len, cap;
};

void sg_strmap_release(struct sg_strmap *map);
#define sg_auto_strmap SG_CLEANUP(sg_strmap_release) struct sg_strmap
/* The value, or NULL. */
void *sg_strmap_get(const struct sg_strmap *map, const char *key, size_t len);
bool sg_strmap_has(const struct sg_strmap *map, const char *key, size_t len);
/* Sets or replaces; returns the value that was there, or NULL. */
void *sg_strmap_put(struct sg_strmap *map, const char *key, size_t len, void *value);
bool sg_strmap_remove(struct sg_strmap *map, const char *key, size_t len);

/* 64-bit hash keyed with a secret drawn once a process. */
uint64_t sg_hash(const void *bytes, size_t len);

#endif
