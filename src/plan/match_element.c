/*
 * match_element.c - what became of an element; the pairs of a list are kept for the next
 * question about it.
 */
#include "element_pairs.h"

static struct list_pairs *pairs_of(struct overlay_plan *op,
                                   const struct sg_resource *res_old,
                                   const struct sg_resource *res_now,
                                   const struct sg_fieldpath *path,
                                   const struct sg_node *old, const struct sg_node *now) {
    struct matcher *matcher = matcher_of(op);
    const struct sg_node *both[2] = {old, now};
    size_t *at = counters_at(&matcher->lists_at, both, sizeof(both));
    if (*at == 0) {
        sg_vec_push(&matcher->lists,
                    list_pairs_new(op, res_old, res_now, path, old, now));
        *at = matcher->lists.len;
    }
    return matcher->lists.items[*at - 1];
}

static void fill(const void *ctx, size_t fresh, struct match *out) {
    const struct list_pairs *pairs = ctx;
    out->index = pairs->fresh.items[fresh];
    out->element = pairs->lists.now->items[out->index];
    out->key = pairs->fresh_keys.items[fresh];
}

void match_element(struct overlay_plan *op, const struct sg_resource *res_old,
                   const struct sg_resource *res_now,
                   const struct sg_fieldpath *list_path, const struct sg_node *old,
                   const struct sg_node *now, const struct sg_node *gone,
                   struct matches *out) {
    if (!sg_is_seq(old) || !sg_is_seq(now)) {
        return;
    }
    const struct list_pairs *pairs = pairs_of(op, res_old, res_now, list_path, old, now);
    size_t at = counters_get(&pairs->gone_at, &gone, sizeof(gone));
    if (at > 0) {
        matches_add(op, &pairs->pairing, at - 1, fill, pairs, out);
    }
}

void matcher_release_lists(struct matcher *matcher) {
    for (size_t i = 0; i < matcher->lists.len; i++) {
        list_pairs_free(matcher->lists.items[i]);
    }
    sg_vec_release(&matcher->lists);
    counters_release(&matcher->lists_at);
}
