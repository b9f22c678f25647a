/*
 * draft_order.c - telling the documents of a quoted inline patch apart. A folded, quoted
 * or plain scalar has one place for all that is in it (sg_docs_pos), so what tells one
 * from another is which of those on disk it was.
 */
#include <string.h>

#include "draft_doc.h"

bool draft_places(const struct draft_doc *doc) {
    return doc->outer == NULL || (doc->exact && doc->embed.block);
}

static void order_key(struct sg_place at, struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%u:%u", at.file, at.line, at.column);
}

static struct draft_order *order_of(const struct draft *draft, struct sg_place scalar) {
    sg_auto_buf key = SG_BUF_INIT;
    if (draft == NULL || scalar.file == NULL || draft->orders.len == 0) {
        return NULL;
    }
    order_key(scalar, &key);
    return sg_strmap_get(&draft->orders, sg_buf_cstr(&key), key.len);
}

uint32_t draft_ordinal(const struct draft *draft, enum draft_era era,
                       struct sg_place scalar, uint32_t index) {
    const struct draft_order *order = order_of(draft, scalar);
    if (order == NULL) {
        return index;
    }
    if (era == DRAFT_NOW) {
        return index < order->now.len ? order->now.items[index] : UINT32_MAX;
    }
    return index < order->before.len ? order->before.items[index] : UINT32_MAX;
}

static struct draft_order *make_order(struct draft *draft, struct sg_place scalar,
                                      uint32_t len) {
    struct draft_order *order = order_of(draft, scalar);
    if (order != NULL) {
        return order;
    }
    order = sg_xcalloc(1, sizeof(*order));
    for (uint32_t i = 0; i < len; i++) {
        sg_vec_push(&order->before, i);
        sg_vec_push(&order->now, i);
    }
    sg_auto_buf key = SG_BUF_INIT;
    order_key(scalar, &key);
    sg_strmap_put(&draft->orders, sg_buf_cstr(&key), key.len, order);
    sg_vec_push(&draft->all_orders, order);
    return order;
}

struct sg_place draft_scalar_place(const struct draft_doc *doc) {
    struct sg_pos at = sg_docs_pos(&doc->outer->set, doc->scalar->loc);
    return draft_on_disk(doc->draft, DRAFT_NOW,
                         (struct sg_place){doc->file->path, at.line, at.column});
}

void draft_drop_ordinal(struct draft_doc *doc, uint32_t index, uint32_t len) {
    struct draft_order *order = make_order(doc->draft, draft_scalar_place(doc), len);
    if (index < order->now.len) {
        memmove(&order->now.items[index], &order->now.items[index + 1],
                (order->now.len - index - 1) * sizeof(*order->now.items));
        order->now.len--;
    }
}
