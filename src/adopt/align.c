/*
 * align.c - the fewest steps from one list to another: a longest common subsequence over
 * equal items, after what is alike at both ends.
 */
#include "derive.h"

enum { TABLE_MAX = 1 << 20 };

void alignment_release(struct alignment *alignment) {
    sg_vec_release(&alignment->steps);
}

struct sides {
    const struct spot *at;
    struct spot item;
    bool keyed; /* items of one key are the same one */
    const struct sg_node *a, *b;
    uint32_t a_from, a_to, b_from, b_to; /* what is not alike at the ends */
    struct alignment *out;
};

static bool alike(const struct sides *s, uint32_t i, uint32_t k) {
    if (s->keyed) {
        return same_key(s->at, s->a->items[i], s->b->items[k]);
    }
    return values_equal(&s->item, s->a->items[i], s->b->items[k]);
}

static void push(struct sides *s, enum align_op op, uint32_t a, uint32_t b) {
    struct align_step step = {op, a, b};
    sg_vec_push(&s->out->steps, step);
}

/* Items between two that are the same: pairs are changes, the rest goes or comes. */
static void push_gap(struct sides *s, uint32_t *i, uint32_t a_to, uint32_t *k,
                     uint32_t b_to) {
    for (; *i < a_to && *k < b_to; (*i)++, (*k)++) {
        push(s, ALIGN_CHANGE, *i, *k);
    }
    for (; *i < a_to; (*i)++) {
        push(s, ALIGN_REMOVE, *i, *k);
    }
    for (; *k < b_to; (*k)++) {
        push(s, ALIGN_ADD, *i, *k);
    }
}

/* Length of the longest common subsequence of what follows (i, k), for every pair. */
static uint32_t *lengths(const struct sides *s, uint32_t rows, uint32_t columns) {
    uint32_t *table = sg_xcalloc((size_t)(rows + 1) * (columns + 1), sizeof(*table));
    for (uint32_t i = rows; i-- > 0;) {
        for (uint32_t k = columns; k-- > 0;) {
            uint32_t down = table[(i + 1) * (columns + 1) + k];
            uint32_t right = table[i * (columns + 1) + k + 1];
            table[i * (columns + 1) + k] =
                alike(s, s->a_from + i, s->b_from + k)
                    ? table[(i + 1) * (columns + 1) + k + 1] + 1
                : down > right ? down
                               : right;
        }
    }
    return table;
}

static void push_middle(struct sides *s) {
    uint32_t rows = s->a_to - s->a_from, columns = s->b_to - s->b_from;
    uint32_t i = s->a_from, k = s->b_from; /* what is not pushed yet */
    if ((uint64_t)rows * columns <= TABLE_MAX) {
        uint32_t *table = lengths(s, rows, columns);
        for (uint32_t x = 0, y = 0; x < rows && y < columns;) {
            uint32_t here = table[x * (columns + 1) + y];
            if (here == table[(x + 1) * (columns + 1) + y]) {
                x++;
            } else if (here == table[x * (columns + 1) + y + 1]) {
                y++;
            } else {
                push_gap(s, &i, s->a_from + x, &k, s->b_from + y);
                push(s, ALIGN_SAME, i++, k++);
                x++;
                y++;
            }
        }
        free(table);
    }
    push_gap(s, &i, s->a_to, &k, s->b_to);
}

void align_lists(struct alignment *out, const struct spot *at, const struct sg_node *a,
                 const struct sg_node *b) {
    struct sides s = {.at = at,
                      .keyed = lists_keyed(at, a, b),
                      .item = spot_item(at, NULL, a, 0),
                      .a = a,
                      .b = b,
                      .a_to = a->len,
                      .b_to = b->len,
                      .out = out};
    while (s.a_from < s.a_to && s.b_from < s.b_to && alike(&s, s.a_from, s.b_from)) {
        push(&s, ALIGN_SAME, s.a_from++, s.b_from++);
    }
    while (s.a_to > s.a_from && s.b_to > s.b_from && alike(&s, s.a_to - 1, s.b_to - 1)) {
        s.a_to--;
        s.b_to--;
    }
    push_middle(&s);
    for (uint32_t i = 0; i < a->len - s.a_to; i++) {
        push(&s, ALIGN_SAME, s.a_to + i, s.b_to + i);
    }
}
