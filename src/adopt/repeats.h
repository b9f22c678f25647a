/*
 * repeats.h - keys that a file has twice in one map: from the places that the reader
 * tells to the fields of the objects.
 */
#ifndef SG_ADOPT_REPEATS_H
#define SG_ADOPT_REPEATS_H

#include "sg/adopt.h"

struct repeat {
    char *key;
    uint32_t line, column; /* of the first, which is dropped */
    uint32_t again;        /* line of the last, which counts */
};
struct repeats {
    SG_VEC(struct repeat) items;
};
void repeats_add(struct repeats *repeats, const char *key, struct sg_pos first,
                 struct sg_pos again);
/* Appends an oddity for each; the objects from `first_object` on are the file's, which
 * begins at `base` of the set. Linear in the file. */
void repeats_tell(const struct repeats *repeats, struct sg_adopt_fork *fork,
                  size_t first_object, uint32_t base);
void repeats_release(struct repeats *repeats);

#endif
