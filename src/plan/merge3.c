#include "merge3.h"

#include <stdlib.h>

void hunks_release(struct hunks *hunks) {
    sg_vec_release(&hunks->items);
}

/* The longest common subsequence: for each item of `a` its partner in `b`, or UINT32_MAX.
 */
static uint32_t *pair_up(struct row3 a, struct row3 b) {
    size_t wide = (size_t)b.len + 1;
    uint32_t *best = sg_xcalloc(((size_t)a.len + 1) * wide, sizeof(*best));
    uint32_t *pairs = sg_xcalloc((size_t)a.len + 1, sizeof(*pairs));
    for (size_t i = a.len; i-- > 0;) {
        for (size_t k = b.len; k-- > 0;) {
            uint32_t down = best[(i + 1) * wide + k], right = best[i * wide + k + 1];
            best[i * wide + k] = a.items[i] == b.items[k]
                                     ? best[(i + 1) * wide + k + 1] + 1
                                 : down > right ? down
                                                : right;
        }
    }
    uint32_t i = 0, k = 0;
    while (i < a.len) {
        if (k < b.len && a.items[i] == b.items[k] &&
            best[i * wide + k] == best[(i + 1) * wide + k + 1] + 1) {
            pairs[i++] = k++;
        } else if (k == b.len || best[(i + 1) * wide + k] >= best[i * wide + k + 1]) {
            pairs[i++] = UINT32_MAX;
        } else {
            k++;
        }
    }
    free(best);
    return pairs;
}

/* The row has the hunk's old items in one piece, with what was around them. */
static void place(struct hunk *hunk, struct row3 old, struct row3 row,
                  const uint32_t *pairs) {
    uint32_t before = hunk->start == 0 ? UINT32_MAX : pairs[hunk->start - 1];
    uint32_t after = hunk->end == old.len ? row.len : pairs[hunk->end];
    hunk->at = hunk->start == 0 ? 0 : before + 1;
    hunk->until = after;
    hunk->overlaps = (hunk->start > 0 && before == UINT32_MAX) || after == UINT32_MAX ||
                     hunk->until - hunk->at != hunk->end - hunk->start;
    for (uint32_t i = hunk->start; i < hunk->end && !hunk->overlaps; i++) {
        hunk->overlaps = pairs[i] != hunk->at + (i - hunk->start);
    }
}

bool merge3(struct row3 old, struct row3 new, struct row3 row, struct hunks *out) {
    if (((size_t)old.len + 1) * ((size_t) new.len + 1) > MERGE3_MAX ||
        ((size_t)old.len + 1) * ((size_t)row.len + 1) > MERGE3_MAX) {
        return false;
    }
    uint32_t *to_new = pair_up(old, new), *to_row = pair_up(old, row);
    uint32_t i = 0, k = 0;
    while (i < old.len || k < new.len) {
        if (i < old.len && to_new[i] == k) {
            i++;
            k++;
            continue;
        }
        struct hunk hunk = {.start = i, .from = k};
        while (i < old.len && to_new[i] == UINT32_MAX) {
            i++;
        }
        k = i < old.len ? to_new[i] : new.len;
        hunk.end = i;
        hunk.to = k;
        place(&hunk, old, row, to_row);
        sg_vec_push(&out->items, hunk);
    }
    free(to_new);
    free(to_row);
    return true;
}
