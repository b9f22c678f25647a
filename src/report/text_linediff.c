/*
 * text_linediff.c - two long strings line by line: Myers' O(ND) difference ("An O(ND)
 * Difference Algorithm and Its Variations", 1986), with a bound on D past which the
 * middle is shown as replaced.
 */
#include "text.h"

#include <string.h>

#define CONTEXT   2
#define MAX_EDITS 1000 /* the trace takes its square in words */

struct line_list {
    SG_VEC(struct sg_str) items;
};

static void split_lines(const char *text, size_t len, struct line_list *out) {
    sg_vec_reserve(&out->items, 1); /* never NULL: offsets are taken from it */
    for (size_t at = 0; at < len;) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t end = newline ? (size_t)(newline - text) : len;
        sg_vec_push(&out->items, (struct sg_str){text + at, end - at});
        at = end + 1;
    }
}

/* Which lines are in the other text too, at the same place of the common sequence. */
struct marks {
    bool *gone, *come; /* a line each of before and after */
};

/* Walks the trace back from the end and marks each edit. `rows[d]` is V before step d,
 * holding k = -d … d at [k + d]. */
static void mark_edits(ptrdiff_t **rows, ptrdiff_t d, ptrdiff_t n, ptrdiff_t m,
                       bool *gone, bool *come) {
    ptrdiff_t x = n, y = m;
    for (; d > 0; d--) {
        const ptrdiff_t *v = rows[d - 1]; /* k = -(d-1) … d-1 at [k + d - 1] */
        ptrdiff_t k = x - y;
        bool down = k == -d || (k != d && v[k - 1 + d - 1] < v[k + 1 + d - 1]);
        ptrdiff_t from = down ? k + 1 : k - 1;
        ptrdiff_t px = v[from + d - 1], py = px - from;
        if (down) {
            come[py] = true;
        } else {
            gone[px] = true;
        }
        x = px;
        y = py;
    }
}

/* The furthest x on diagonal k with d edits, from the row of d - 1. */
static ptrdiff_t step_of(const ptrdiff_t *last, ptrdiff_t d, ptrdiff_t k) {
    if (d == 0) {
        return 0;
    }
    bool down = k == -d || (k != d && last[k - 1 + d - 1] < last[k + 1 + d - 1]);
    return down ? last[k + 1 + d - 1] : last[k - 1 + d - 1] + 1;
}

/* True where the difference was found within MAX_EDITS. */
static bool find_edits(const struct sg_str *a, ptrdiff_t n, const struct sg_str *b,
                       ptrdiff_t m, bool *gone, bool *come) {
    ptrdiff_t max = n + m < MAX_EDITS ? n + m : MAX_EDITS;
    ptrdiff_t **rows = sg_xcalloc((size_t)max + 1, sizeof *rows);
    bool found = false;
    for (ptrdiff_t d = 0; d <= max && !found; d++) {
        rows[d] = sg_xcalloc((size_t)(2 * d + 1), sizeof **rows);
        for (ptrdiff_t k = -d; k <= d && !found; k += 2) {
            ptrdiff_t x = step_of(d ? rows[d - 1] : NULL, d, k), y = x - k;
            while (x < n && y < m && y >= 0 && sg_str_eq(a[x], b[y])) {
                x++;
                y++;
            }
            rows[d][k + d] = x;
            found = x >= n && y >= m;
        }
        if (found) {
            mark_edits(rows, d, n, m, gone, come);
        }
    }
    for (ptrdiff_t d = 0; d <= max; d++) {
        free(rows[d]);
    }
    free(rows);
    return found;
}

static struct marks compare(const struct line_list *before,
                            const struct line_list *after) {
    size_t n = before->items.len, m = after->items.len;
    struct marks marks = {sg_xcalloc(n + 1, 1), sg_xcalloc(m + 1, 1)};
    size_t head = 0, tail = 0;
    while (head < n && head < m &&
           sg_str_eq(before->items.items[head], after->items.items[head])) {
        head++;
    }
    while (
        tail < n - head && tail < m - head &&
        sg_str_eq(before->items.items[n - 1 - tail], after->items.items[m - 1 - tail])) {
        tail++;
    }
    size_t left = n - head - tail, right = m - head - tail;
    if (!find_edits(before->items.items + head, (ptrdiff_t)left,
                    after->items.items + head, (ptrdiff_t)right, marks.gone + head,
                    marks.come + head)) {
        memset(marks.gone + head, true, left);
        memset(marks.come + head, true, right);
    }
    return marks;
}

static bool any_marked(const struct marks *marks, size_t n, size_t m) {
    return memchr(marks->gone, true, n) != NULL || memchr(marks->come, true, m) != NULL;
}

struct printer {
    const struct sg_text *t;
    int indent;
    size_t left, unshown; /* lines still allowed; lines that were not */
    bool limited;
};

static void print_line(struct printer *p, char mark, struct sg_str line) {
    if (p->limited && p->left == 0) {
        p->unshown++;
        return;
    }
    p->left--;
    const struct sg_palette *paint = p->t->paint;
    const char *color = mark == '-'   ? paint->removed
                        : mark == '+' ? paint->added
                                      : paint->dim;
    if (line.len == 0 && mark == ' ') {
        sg_buf_addc(p->t->out, '\n');
        return;
    }
    sg_buf_addf(p->t->out, "%*s%s%c%s", p->indent, "", color, mark, line.len ? " " : "");
    sg_text_safe(line.ptr, line.len, p->t->out);
    sg_buf_addf(p->t->out, "%s\n", paint->reset);
}

/* Equal lines at [i, i + n) of before: the two next to a change are shown. */
static void print_equal(struct printer *p, const struct line_list *before, size_t at,
                        size_t n, bool after_change, bool before_change) {
    size_t head = after_change ? CONTEXT : 0, tail = before_change ? CONTEXT : 0;
    for (size_t i = 0; i < n; i++) {
        if (i < head || i + tail >= n) {
            print_line(p, ' ', before->items.items[at + i]);
        } else if (i == head && after_change && before_change) {
            print_line(p, ' ', SG_STR("..."));
        }
    }
}

void sg_text_line_diff(const struct sg_text *t, const char *before, size_t before_len,
                       const char *after, size_t after_len, int indent,
                       size_t max_lines) {
    struct line_list a = {0}, b = {0};
    split_lines(before, before_len, &a);
    split_lines(after, after_len, &b);
    struct marks marks = compare(&a, &b);
    struct printer p = {t, indent, max_lines, 0, max_lines != 0};
    bool changed = false;
    for (size_t i = 0, j = 0; i < a.items.len || j < b.items.len;) {
        size_t same = 0;
        while (i + same < a.items.len && j + same < b.items.len &&
               !marks.gone[i + same] && !marks.come[j + same]) {
            same++;
        }
        bool more = i + same < a.items.len || j + same < b.items.len;
        print_equal(&p, &a, i, same, changed, more);
        i += same;
        j += same;
        changed = true;
        while (i < a.items.len && marks.gone[i]) {
            print_line(&p, '-', a.items.items[i++]);
        }
        while (j < b.items.len && marks.come[j]) {
            print_line(&p, '+', b.items.items[j++]);
        }
    }
    if (before_len != after_len && !any_marked(&marks, a.items.len, b.items.len)) {
        sg_buf_addf(t->out, "%*s%sthe line end after the last line is %s%s\n", indent, "",
                    t->paint->dim, before_len < after_len ? "new" : "gone",
                    t->paint->reset);
    }
    if (p.unshown) {
        sg_buf_addf(t->out, "%*s%s... %zu more lines (--full)%s\n", indent, "",
                    t->paint->dim, p.unshown, t->paint->reset);
    }
    free(marks.gone);
    free(marks.come);
    sg_vec_release(&a.items);
    sg_vec_release(&b.items);
}
