/*
 * keyset.h - which keys of one map were seen: linear while few, a hash of pointers above.
 */
#ifndef SG_YAML_KEYSET_H
#define SG_YAML_KEYSET_H

#include "sg/doc.h"

struct sg_keyset {
    const struct sg_entry *entries; /* the caller's array, up to date at every call */
    size_t len;                     /* entries known so far */
    uint32_t *slots;                /* index + 1, or 0; NULL while linear */
    size_t cap;                     /* a power of two */
};

void sg_keyset_release(struct sg_keyset *keys);
/* Index of the first entry known by this key, or SIZE_MAX. */
size_t sg_keyset_find(const struct sg_keyset *keys, sg_atom key);
/* Makes entries[len] known; it must have been checked before. */
void sg_keyset_add(struct sg_keyset *keys);

#endif
