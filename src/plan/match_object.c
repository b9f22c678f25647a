/*
 * match_object.c - the objects that are gone and the new ones, matched all at once.
 *
 * Twice: first by what they are and by the references of objects that stay, then also by
 * the references of those that the first time made certain (a claim is known by the
 * Deployment that mounts it, and that had a new name too).
 */
#include <string.h>

#include "matcher.h"

/* --- both sides ------------------------------------------------------------------- */

/* Objects of `tree` that `other` does not have. */
static void read_sides(const struct tree *tree, const struct tree *other,
                       struct sides *out, struct sg_arena *arena) {
    auto_counters copies = {0};
    for (size_t i = 0; i < tree->render.items.len; i++) {
        const struct sg_resource *res = tree->render.items.items[i];
        struct identity identity = identity_next(&copies, &res->orig);
        if (index_find(&other->index, &identity) == NULL) {
            struct side side = {.at = (uint32_t)i};
            facts_read(&side.facts, res, &identity, arena);
            sg_vec_push(&out->items, side);
        }
    }
}

/* Counts the leaves of all objects of the tree, and the images. */
static void count_tree(const struct tree *tree, struct counters *leaves,
                       struct counters *images) {
    struct sg_arena arena = {0};
    struct identity none = {0};
    for (size_t i = 0; i < tree->render.items.len; i++) {
        struct facts facts;
        facts_read(&facts, tree->render.items.items[i], &none, &arena);
        for (size_t k = 0; k < facts.leaves.len; k++) {
            (*counters_at(leaves, &facts.leaves.items[k].hash, sizeof(uint64_t)))++;
        }
        for (size_t k = 0; k < facts.images.len; k++) {
            (*counters_at(images, facts.images.items[k],
                          strlen(facts.images.items[k])))++;
        }
        facts_release(&facts);
    }
    sg_arena_release(&arena);
}

/* What many objects of a release say tells little of one. */
static void weigh(struct sides *sides, const struct counters *old,
                  const struct counters *new) {
    for (size_t i = 0; i < sides->items.len; i++) {
        struct facts *facts = &sides->items.items[i].facts;
        for (size_t k = 0; k < facts->leaves.len; k++) {
            struct leaf *leaf = &facts->leaves.items[k];
            size_t a = counters_get(old, &leaf->hash, sizeof(leaf->hash));
            size_t b = counters_get(new, &leaf->hash, sizeof(leaf->hash));
            size_t most = a > b ? a : b;
            leaf->weight /= (uint32_t)(most > 0 ? most : 1);
        }
    }
}

static void weigh_sides(struct objects *objects, const struct overlay_plan *op) {
    auto_counters old = {0};
    auto_counters new = {0};
    count_tree(op->trees[T_UO], &old, &objects->images_old);
    count_tree(op->trees[T_UN], &new, &objects->images_new);
    weigh(&objects->gone, &old, &new);
    weigh(&objects->fresh, &old, &new);
}

/* --- pairs ------------------------------------------------------------------------ */

static void add_word(struct features *features, const char *what, const char *text) {
    sg_auto_buf word = SG_BUF_INIT;
    sg_buf_addf(&word, "%s\n%s", what, text);
    sg_vec_push(&features->items, sg_hash(sg_buf_cstr(&word), word.len));
}

static void read_features(struct sides *sides) {
    for (size_t i = 0; i < sides->items.len; i++) {
        struct side *side = &sides->items.items[i];
        struct features *features = &side->features;
        features->items.len = 0;
        add_word(features, "name", side->facts.res->orig.name->text);
        for (size_t k = 0; k < side->facts.images.len; k++) {
            add_word(features, "image", side->facts.images.items[k]);
        }
        for (size_t k = 0; k < side->links.to.len; k++) {
            sg_vec_push(&features->items, side->links.to.items[k].rough);
        }
        for (size_t k = 0; k < side->links.from.len; k++) {
            sg_vec_push(&features->items, side->links.from.items[k].rough);
        }
        for (size_t k = 0; k < side->facts.leaves.len; k++) {
            if (side->facts.leaves.items[k].weight >= LEAF_WEIGHT / 2) {
                sg_vec_push(&features->items, side->facts.leaves.items[k].hash);
            }
        }
    }
}

static void compare(const void *ctx, size_t gone, size_t fresh, struct evidence *out) {
    const struct objects *objects = ctx;
    object_evidence(objects, &objects->gone.items.items[gone],
                    &objects->fresh.items.items[fresh], out);
}

static const char *gone_name(const void *ctx, size_t gone) {
    const struct objects *objects = ctx;
    return objects->gone.items.items[gone].facts.res->orig.name->text;
}

static struct features *features_of(const struct sides *sides) {
    struct features *all = sg_xcalloc(sides->items.len + 1, sizeof(*all));
    for (size_t i = 0; i < sides->items.len; i++) {
        all[i] = sides->items.items[i].features;
    }
    return all;
}

static void pair_objects(struct objects *objects) {
    read_features(&objects->gone);
    read_features(&objects->fresh);
    struct features *gone = features_of(&objects->gone);
    struct features *fresh = features_of(&objects->fresh);
    const struct pairing_in in = {
        .gone = objects->gone.items.len,
        .fresh = objects->fresh.items.len,
        .gone_features = gone,
        .fresh_features = fresh,
        .compare = compare,
        .gone_name = gone_name,
        .ctx = objects,
    };
    pairing_release(&objects->pairing);
    pairing_build(&objects->pairing, &in);
    free(gone);
    free(fresh);
}

/* --- heirs ------------------------------------------------------------------------ */

static uint32_t *positions_in(const struct tree *tree) {
    uint32_t most = 0;
    for (size_t i = 0; i < tree->render.items.len; i++) {
        uint32_t uid = tree->render.items.items[i]->uid;
        most = uid > most ? uid : most;
    }
    uint32_t *at = sg_xcalloc((size_t)most + 1, sizeof(*at));
    for (size_t i = 0; i < tree->render.items.len; i++) {
        at[tree->render.items.items[i]->uid] = (uint32_t)i;
    }
    return at;
}

/* U_O position -> U_N position + 1 of the objects that stay. */
static uint32_t *heirs_that_stay(const struct overlay_plan *op) {
    const struct tree *old = op->trees[T_UO], *new = op->trees[T_UN];
    uint32_t *heirs = sg_xcalloc(old->render.items.len + 1, sizeof(*heirs));
    uint32_t *at = positions_in(new);
    auto_counters copies = {0};
    for (size_t i = 0; i < old->render.items.len; i++) {
        struct identity identity =
            identity_next(&copies, &old->render.items.items[i]->orig);
        const struct sg_resource *now = index_find(&new->index, &identity);
        heirs[i] = now == NULL ? 0 : at[now->uid] + 1;
    }
    free(at);
    return heirs;
}

/* The certain ones of the first time; false where there is none. */
static bool add_heirs(const struct objects *objects, uint32_t *heirs) {
    bool any = false;
    for (size_t i = 0; i < objects->gone.items.len; i++) {
        size_t count = 0;
        const struct pair *pairs = pairing_of(&objects->pairing, i, &count);
        if (count > 0 && pairs[0].score >= MATCH_CERTAIN &&
            (count == 1 || pairs[0].score - pairs[1].score >= MATCH_MARGIN)) {
            heirs[objects->gone.items.items[i].at] =
                objects->fresh.items.items[pairs[0].fresh].at + 1;
            any = true;
        }
    }
    return any;
}

static void index_gone(struct objects *objects) {
    for (size_t i = objects->gone.items.len; i-- > 0;) { /* the first copy stands */
        const struct sg_resource *res = objects->gone.items.items[i].facts.res;
        struct identity identity = identity_of(&res->orig);
        *counters_at(&objects->gone_at, &res, sizeof(res)) = i + 1;
        *counters_at(&objects->gone_at, &identity, sizeof(identity)) = i + 1;
    }
}

static void build(struct overlay_plan *op, struct matcher *matcher) {
    struct objects *objects = &matcher->objects;
    matcher->ready = true;
    read_sides(op->trees[T_UO], op->trees[T_UN], &objects->gone, &matcher->arena);
    read_sides(op->trees[T_UN], op->trees[T_UO], &objects->fresh, &matcher->arena);
    if (objects->gone.items.len == 0 || objects->fresh.items.len == 0) {
        return;
    }
    index_gone(objects);
    weigh_sides(objects, op);
    uint32_t *heirs = heirs_that_stay(op);
    object_links(objects, op, heirs, &matcher->arena);
    pair_objects(objects);
    if (add_heirs(objects, heirs)) {
        object_links(objects, op, heirs, &matcher->arena);
        pair_objects(objects);
    }
    free(heirs);
}

/* --- the answer ------------------------------------------------------------------- */

/* Position + 1 of the object itself, or else of the one with its identity. */
static size_t find_gone(const struct objects *objects, const struct sg_resource *res) {
    struct identity identity = identity_of(&res->orig);
    size_t at = counters_get(&objects->gone_at, &res, sizeof(res));
    return at > 0 ? at : counters_get(&objects->gone_at, &identity, sizeof(identity));
}

static void fill(const void *ctx, size_t fresh, struct match *out) {
    const struct objects *objects = ctx;
    out->res = objects->fresh.items.items[fresh].facts.res;
}

void match_object(struct overlay_plan *op, const struct sg_resource *gone,
                  struct matches *out) {
    struct matcher *matcher = matcher_of(op);
    if (!matcher->ready) {
        build(op, matcher);
    }
    size_t at = find_gone(&matcher->objects, gone);
    if (at > 0) {
        matches_add(op, &matcher->objects.pairing, at - 1, fill, &matcher->objects, out);
    }
}
