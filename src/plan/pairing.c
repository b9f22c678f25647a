#include "pairing.h"

#include <string.h>

#include "match.h"
#include "postings.h"
#include "sg/sort.h"

/* So many pairs are all compared; a feature of more new things tells nothing. */
enum { COMPARE_ALL = 2500, SHARED_BY = 8 };

/* --- which pairs are looked at ---------------------------------------------------- */

static void postings_build(struct postings *out, const struct pairing_in *in) {
    for (size_t i = 0; i < in->fresh; i++) {
        const struct features *features = &in->fresh_features[i];
        for (size_t k = 0; k < features->items.len; k++) {
            sg_vec_push(&out->items,
                        (struct posting){features->items.items[k], (uint32_t)i});
        }
    }
    postings_sort(out);
}

static void add_pair(struct pairing *out, const struct pairing_in *in, size_t gone,
                     size_t fresh) {
    struct pair pair = {
        .gone = (uint32_t)gone, .fresh = (uint32_t)fresh, .evidence = EVIDENCE_INIT};
    in->compare(in->ctx, gone, fresh, &pair.evidence);
    pair.score = evidence_score(&pair.evidence);
    if (pair.score >= MATCH_POSSIBLE) {
        sg_vec_push(&out->pairs, pair);
    }
}

/* `seen` holds, for each new thing, the last that was compared with it, plus one. */
static void pairs_by_feature(struct pairing *out, const struct pairing_in *in,
                             const struct postings *postings, size_t gone,
                             uint32_t *seen) {
    const struct features *features = &in->gone_features[gone];
    for (size_t i = 0; i < features->items.len; i++) {
        size_t count = 0;
        const struct posting *posting =
            postings_find(postings, features->items.items[i], &count);
        for (size_t k = 0; count <= SHARED_BY && k < count; k++) {
            uint32_t fresh = posting[k].value;
            if (seen[fresh] != gone + 1) {
                seen[fresh] = (uint32_t)gone + 1;
                add_pair(out, in, gone, fresh);
            }
        }
    }
}

static void find_pairs(struct pairing *out, const struct pairing_in *in) {
    bool all = in->fresh == 0 || in->gone <= COMPARE_ALL / in->fresh;
    struct postings postings = {0};
    uint32_t *seen = sg_xcalloc(in->fresh + 1, sizeof(*seen));
    if (!all) {
        postings_build(&postings, in);
    }
    for (size_t i = 0; i < in->gone; i++) {
        for (size_t k = 0; all && k < in->fresh; k++) {
            add_pair(out, in, i, k);
        }
        if (!all) {
            pairs_by_feature(out, in, &postings, i, seen);
        }
    }
    free(seen);
    postings_release(&postings);
}

/* --- one to one ------------------------------------------------------------------- */

/* The best two scores of one thing. */
struct best {
    double first, second;
    size_t at; /* the pair of `first` */
};

static void best_add(struct best *best, double score, size_t at) {
    if (score > best->first) {
        best->second = best->first;
        best->first = score;
        best->at = at;
    } else if (score > best->second) {
        best->second = score;
    }
}

struct bests {
    struct best *gone, *fresh;
};

static struct bests bests_of(const struct pairing *pairing, const struct pairing_in *in) {
    struct bests bests = {sg_xcalloc(in->gone + 1, sizeof(struct best)),
                          sg_xcalloc(in->fresh + 1, sizeof(struct best))};
    for (size_t i = 0; i < pairing->pairs.len; i++) {
        const struct pair *pair = &pairing->pairs.items[i];
        best_add(&bests.gone[pair->gone], pair->score, i);
        best_add(&bests.fresh[pair->fresh], pair->score, i);
    }
    return bests;
}

static void bests_release(struct bests *bests) {
    free(bests->gone);
    free(bests->fresh);
}

/* The two are each other's best, and each by a lead. */
static bool is_settled(const struct bests *bests, const struct pair *pair, size_t at) {
    static const double lead = 0.04;
    const struct best *gone = &bests->gone[pair->gone];
    const struct best *fresh = &bests->fresh[pair->fresh];
    return gone->at == at && fresh->at == at && gone->first - gone->second >= lead &&
           fresh->first - fresh->second >= lead;
}

/* A place that has gone to another is left to it: what else wanted it looks elsewhere. */
static void leave_settled(struct pairing *pairing, const struct pairing_in *in) {
    struct bests bests = bests_of(pairing, in);
    for (size_t i = 0; i < pairing->pairs.len; i++) {
        struct pair *pair = &pairing->pairs.items[i];
        size_t winner = bests.fresh[pair->fresh].at;
        const struct pair *taken = &pairing->pairs.items[winner];
        if (winner != i && is_settled(&bests, taken, winner)) {
            evidence_against(&pair->evidence, 0.3, "closer to ",
                             in->gone_name(in->ctx, taken->gone));
            pair->score = evidence_score(&pair->evidence);
        }
    }
    bests_release(&bests);
}

/* Of two with about the same claim to one place, where this is about the best place of
 * both, none is certain. */
static void doubt_contested(struct pairing *pairing, const struct pairing_in *in) {
    struct bests bests = bests_of(pairing, in);
    uint32_t *claims = sg_xcalloc(in->fresh + 1, sizeof(*claims));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < pairing->pairs.len; i++) {
            struct pair *pair = &pairing->pairs.items[i];
            bool claim = pair->score > bests.fresh[pair->fresh].first - MATCH_MARGIN &&
                         pair->score > bests.gone[pair->gone].first - MATCH_MARGIN;
            claims[pair->fresh] += pass == 0 && claim;
            if (pass == 1 && claims[pair->fresh] > 1 && pair->score > MATCH_DOUBTED) {
                evidence_against(&pair->evidence, 1 - MATCH_DOUBTED / pair->score,
                                 "others that are gone are as close", NULL);
                pair->score = MATCH_DOUBTED;
            }
        }
    }
    free(claims);
    bests_release(&bests);
}

static bool better(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct pair *x = a, *y = b;
    return x->gone != y->gone ? x->gone < y->gone : x->score > y->score;
}

static bool nearer(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct pair *x = a, *y = b;
    return x->gone != y->gone ? x->gone < y->gone : x->fresh < y->fresh;
}

static void drop_weak(struct pairing *pairing) {
    size_t kept = 0;
    for (size_t i = 0; i < pairing->pairs.len; i++) {
        if (pairing->pairs.items[i].score >= MATCH_POSSIBLE) {
            pairing->pairs.items[kept++] = pairing->pairs.items[i];
        }
    }
    pairing->pairs.len = kept;
}

void pairing_build(struct pairing *out, const struct pairing_in *in) {
    find_pairs(out, in);
    /* features come in an order of chance */
    sg_sort(out->pairs.items, out->pairs.len, sizeof(*out->pairs.items), nearer, NULL);
    leave_settled(out, in);
    doubt_contested(out, in);
    drop_weak(out);
    sg_sort(out->pairs.items, out->pairs.len, sizeof(*out->pairs.items), better, NULL);
}

void pairing_release(struct pairing *pairing) {
    sg_vec_release(&pairing->pairs);
}

const struct pair *pairing_of(const struct pairing *pairing, size_t gone, size_t *count) {
    size_t low = 0, high = pairing->pairs.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairing->pairs.items[middle].gone < gone) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *count = 0;
    while (low + *count < pairing->pairs.len &&
           pairing->pairs.items[low + *count].gone == gone) {
        (*count)++;
    }
    return *count == 0 ? NULL : pairing->pairs.items + low;
}
