/*
 * merge3.h - what one side changed in a row of items, as changes of the other side's row.
 */
#ifndef SG_PLAN_MERGE3_H
#define SG_PLAN_MERGE3_H

#include "sg/base.h"

/* `old[start, end)` became `new[from, to)`; in the row it is laid over, [at, until). */
struct hunk {
    uint32_t start, end, from, to, at, until;
    bool overlaps; /* the row was changed there, too: it cannot be laid over */
};
struct hunks {
    SG_VEC(struct hunk) items; /* by `start` */
};
void hunks_release(struct hunks *hunks);

/* Numbers stand for items: equal numbers are equal items. */
struct row3 {
    const uint32_t *items;
    uint32_t len;
};

/* More items than this, of two rows multiplied, are not compared. */
#define MERGE3_MAX ((size_t)4000000)

/*
 * What leads from `old` to `new`, and where that is in `row`, which also came from `old`.
 * False where the rows are too long. Quadratic in the rows' lengths, up to MERGE3_MAX.
 */
bool merge3(struct row3 old, struct row3 new, struct row3 row, struct hunks *out);

#endif
