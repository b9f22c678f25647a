#include "matcher.h"

#include "sg/sort.h"

struct matcher *matcher_of(struct overlay_plan *op) {
    if (op->matcher == NULL) {
        op->matcher = sg_xcalloc(1, sizeof(*op->matcher));
    }
    return op->matcher;
}

static void sides_release(struct sides *sides) {
    for (size_t i = 0; i < sides->items.len; i++) {
        struct side *side = &sides->items.items[i];
        facts_release(&side->facts);
        sg_vec_release(&side->links.to);
        sg_vec_release(&side->links.from);
        sg_vec_release(&side->features.items);
    }
    sg_vec_release(&sides->items);
}

void matcher_free(struct matcher *matcher) {
    if (matcher == NULL) {
        return;
    }
    sides_release(&matcher->objects.gone);
    sides_release(&matcher->objects.fresh);
    pairing_release(&matcher->objects.pairing);
    counters_release(&matcher->objects.images_old);
    counters_release(&matcher->objects.images_new);
    counters_release(&matcher->objects.gone_at);
    postings_release(&matcher->claims);
    matcher_release_lists(matcher);
    sg_arena_release(&matcher->arena);
    free(matcher);
}

/* --- answers ---------------------------------------------------------------------- */

void matches_release(struct matches *matches) {
    sg_vec_release(&matches->items);
}

void matches_add(struct overlay_plan *op, const struct pairing *pairing, size_t gone,
                 void (*fill)(const void *ctx, size_t fresh, struct match *out),
                 const void *ctx, struct matches *out) {
    size_t count = 0;
    const struct pair *pairs = pairing_of(pairing, gone, &count);
    for (size_t i = 0; i < count && i < MATCHES_SHOWN; i++) {
        struct match match = {
            .score = pairs[i].score,
            .why = evidence_why(&pairs[i].evidence, &op->plan->docs.arena),
        };
        fill(ctx, pairs[i].fresh, &match);
        sg_vec_push(&out->items, match);
    }
    matches_sort(out);
}

static bool better(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return ((const struct match *)a)->score > ((const struct match *)b)->score;
}

void matches_sort(struct matches *matches) {
    sg_sort(matches->items.items, matches->items.len, sizeof(*matches->items.items),
            better, NULL);
    if (matches->items.len > MATCHES_SHOWN) {
        matches->items.len = MATCHES_SHOWN;
    }
}

const struct match *match_certain(const struct matches *matches) {
    const struct match *best = matches->items.items;
    if (matches->items.len == 0 || best->score < MATCH_CERTAIN ||
        (matches->items.len > 1 && best->score - best[1].score < MATCH_MARGIN)) {
        return NULL;
    }
    return best;
}
