/*
 * labels.c - labels and annotations that the fork put on all of its objects, or on most
 * of upstream's, for one entry to say.
 */
#include "adopting.h"
#include "place.h"

/* A pair of a key and a value, and where it is. */
struct tally {
    struct sg_entry pair;
    size_t upstreams, own; /* objects that have it */
    size_t changed;        /* of upstream's, that had it not */
    /* their pod templates and selectors, and how many of these have it, too */
    size_t templates, in_templates, selectors, in_selectors;
};
struct tallies {
    sg_atom field; /* labels or annotations */
    SG_VEC(struct tally) items;
    struct sg_strmap by_pair; /* position + 1 */
    size_t upstreams, own;    /* objects */
};

static void release(struct tallies *tallies) {
    sg_vec_release(&tallies->items);
    sg_strmap_release(&tallies->by_pair);
}

/* --- counting ------------------------------------------------------------------------
 */

static const struct sg_node *pairs_of(const struct sg_node *object, sg_atom field) {
    const struct sg_node *pairs = field_of(sg_map_get(object, SG_ATOM(metadata)), field);
    return sg_is_map(pairs) ? pairs : NULL;
}

static bool has_pair(const struct sg_node *map, const struct sg_entry *pair) {
    const struct sg_node *value = sg_map_get(map, pair->key);
    return value != NULL && sg_node_equal(value, pair->value);
}

/* The labels that an object looks for; NULL where it looks for none. */
static const struct sg_node *selector_of(const struct sg_node *object) {
    const struct sg_node *selector =
        sg_map_gets(sg_map_get(object, SG_ATOM(spec)), "selector");
    bool service = strcmp(field_text(object, SG_ATOM(kind)), "Service") == 0;
    return service ? selector : sg_map_gets(selector, "matchLabels");
}

static struct tally *tally_of(struct tallies *tallies, const struct sg_entry *pair) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n", pair->key->text);
    sg_yaml_inline(pair->value, &key);
    uintptr_t at = (uintptr_t)sg_strmap_get(&tallies->by_pair, key.ptr, key.len);
    if (at == 0) {
        sg_vec_push(&tallies->items, (struct tally){.pair = *pair});
        at = tallies->items.len;
        sg_strmap_put(&tallies->by_pair, key.ptr, key.len, (void *)at); // NOLINT
    }
    return &tallies->items.items[at - 1];
}

static void count_pair(struct tallies *tallies, const struct pair *object,
                       const struct sg_entry *pair) {
    struct tally *tally = tally_of(tallies, pair);
    const struct sg_node *node = object->fork->node;
    const struct sg_node *template =
        field_of(sg_map_get(node, SG_ATOM(spec)), SG_ATOM(template_));
    const struct sg_node *selector = selector_of(node);
    tally->own += object->base == NULL;
    tally->upstreams += object->base != NULL;
    tally->changed += object->base != NULL &&
                      !has_pair(pairs_of(object->base->node, tallies->field), pair);
    tally->templates += template != NULL;
    tally->in_templates +=
        template != NULL && has_pair(pairs_of(template, tallies->field), pair);
    tally->selectors += sg_is_map(selector);
    tally->in_selectors += sg_is_map(selector) && has_pair(selector, pair);
}

static void count_pairs(const struct adopting *a, struct tallies *tallies) {
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *object = &a->pairs.items[i];
        const struct sg_node *pairs =
            object->fork == NULL ? NULL : pairs_of(object->fork->node, tallies->field);
        tallies->own += object->fork != NULL && object->base == NULL;
        tallies->upstreams += object->fork != NULL && object->base != NULL;
        for (uint32_t k = 0; pairs != NULL && k < pairs->len; k++) {
            if (sg_is_scalar(pairs->entries[k].value)) {
                count_pair(tallies, object, &pairs->entries[k]);
            }
        }
    }
}

/* --- choosing ------------------------------------------------------------------------
 */

/* Patches say what has it not: they may be a quarter of what the entry saves. */
static bool is_of_most(const struct tallies *tallies, const struct tally *tally) {
    return (tallies->upstreams - tally->upstreams) * 4 <= tally->changed;
}

static enum reach reach_of(const struct tally *tally) {
    if (tally->templates == 0 || tally->in_templates < tally->templates) {
        return ON_OBJECTS;
    }
    return tally->selectors > 0 && tally->in_selectors == tally->selectors ? ON_SELECTORS
                                                                           : ON_TEMPLATES;
}

static void find_pairs(const struct adopting *a, sg_atom field, shared_pairs *out) {
    struct tallies tallies SG_CLEANUP(release) = {.field = field};
    count_pairs(a, &tallies);
    for (size_t i = 0; i < tallies.items.len; i++) {
        const struct tally *tally = &tallies.items.items[i];
        bool everywhere =
            tally->upstreams == tallies.upstreams && tally->own == tallies.own;
        if (tally->changed > 1 && (everywhere || is_of_most(&tallies, tally))) {
            struct shared_pair pair = {tally->pair, reach_of(tally), !everywhere};
            sg_vec_push(out, pair);
        }
    }
}

void labels_find(struct adopting *a) {
    find_pairs(a, SG_ATOM(labels), &a->shared.labels);
    find_pairs(a, SG_ATOM(annotations), &a->shared.annotations);
}
