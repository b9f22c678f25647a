/* Byte edits of the customer's files: what no splice names stays as it is. */
#include "spans.h"

#include "sg/sort.h"

#include <string.h>

void sg_splices_release(struct sg_splices *splices) {
    for (size_t i = 0; i < splices->items.len; i++) {
        free(splices->items.items[i].text);
    }
    sg_vec_release(&splices->items);
}

void sg_splices_add(struct sg_splices *splices, uint32_t start, uint32_t end,
                    const char *text, size_t len) {
    if (start > end) {
        SG_BUG("a splice that ends before it starts");
    }
    sg_vec_push(&splices->items, (struct sg_splice){.start = start,
                                                    .end = end,
                                                    .text = sg_xstrndup(text, len),
                                                    .len = len});
}

/* By start; at one place insertions keep the order they were added in. */
static bool splice_less(const void *a, const void *b, void *ctx) {
    const struct sg_splice *x = a, *y = b;
    (void)ctx;
    return x->start != y->start ? x->start < y->start : x->end < y->end;
}

void sg_splices_sort(struct sg_splices *splices) {
    sg_sort(splices->items.items, splices->items.len, sizeof(*splices->items.items),
            splice_less, NULL);
}

static void sort_checked(struct sg_splices *splices, size_t in_len) {
    uint32_t done = 0;
    sg_splices_sort(splices);
    for (size_t i = 0; i < splices->items.len; i++) {
        const struct sg_splice *splice = &splices->items.items[i];
        if (splice->start < done) {
            SG_BUG("splices overlap");
        }
        done = splice->end;
    }
    if (done > in_len) {
        SG_BUG("a splice past the end of its file");
    }
}

void sg_splices_apply(struct sg_splices *splices, struct sg_str in, struct sg_buf *out) {
    size_t done = 0;
    sort_checked(splices, in.len);
    for (size_t i = 0; i < splices->items.len; i++) {
        const struct sg_splice *splice = &splices->items.items[i];
        sg_buf_add(out, in.ptr + done, splice->start - done);
        sg_buf_add(out, splice->text, splice->len);
        done = splice->end;
    }
    sg_buf_add(out, in.ptr + done, in.len - done);
}

void sg_splices_reverse(struct sg_splices *splices, struct sg_str in,
                        struct sg_splices *out) {
    int64_t shift = 0; /* from offsets of `in` to offsets of the result */
    sort_checked(splices, in.len);
    for (size_t i = 0; i < splices->items.len; i++) {
        const struct sg_splice *splice = &splices->items.items[i];
        size_t old_len = splice->end - splice->start;
        uint32_t start = (uint32_t)(splice->start + shift);
        sg_splices_add(out, start, start + (uint32_t)splice->len, in.ptr + splice->start,
                       old_len);
        shift += (int64_t)splice->len - (int64_t)old_len;
    }
}
