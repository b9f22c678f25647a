/*
 * cuts.h - what several edits one after the other make of a file, said as replaced bytes
 * of the file before the first.
 */
#ifndef SG_PLAN_CUTS_H
#define SG_PLAN_CUTS_H

#include "sg/arena.h"
#include "sg/buf.h"

/* Bytes [start, end) of the text before are replaced by `text`. */
struct cut {
    uint32_t start, end;
    const char *text; /* borrowed */
    uint32_t len;
    const char *tag; /* borrowed: what asked for it */
    bool appended;   /* an item at the end of a list: no part of what stands before it */
};
/* By `start`, none touching the next. */
struct cuts {
    SG_VEC(struct cut) items;
};
void cuts_release(struct cuts *cuts);

/* Appends the text after to `out`; `in` is the text before. */
void cuts_apply(const struct cuts *cuts, struct sg_str in, struct sg_buf *out);
/*
 * `cuts` turns a text of `len` bytes into another one, and `then`, whose offsets are of
 * that other one, that into a third: `cuts` becomes what turns the first into the third.
 * The new texts are copied to `arena`. Linear in the number of cuts and their bytes.
 */
void cuts_compose(struct cuts *cuts, const struct cuts *then, size_t len,
                  struct sg_arena *arena);
/* The offset in the text before of an offset in the text after; of new text, where it was
 * put. And the other way; of cut text, where it was. */
uint32_t cuts_back(const struct cuts *cuts, uint32_t after);
uint32_t cuts_forward(const struct cuts *cuts, uint32_t before);

#endif
