/* labels.c - LabelTransformer and AnnotationsTransformer: pairs set in maps. */
#include "metadata.h"
#include "setter.h"
#include "transformer.h"

struct run {
    struct sg_kustomize *k;
    const struct sg_pairs_config *config;
    const struct sg_resource *res;
    const sg_atom *keys;     /* of the pairs */
    struct sg_node **shared; /* of each pair, for the object at hand; see sg_set_entry */
};

static int set_pairs(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    const struct run *run = ctx;
    for (size_t i = 0; i < run->config->pairs.len; i++) {
        const struct sg_pair *pair = &run->config->pairs.items[i];
        if (sg_set_entry(run->k, run->res, hit, run->keys[i], pair->value,
                         &run->shared[i], pair->loc, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Pairs that are kustomize's own annotations change what is known of each object. */
static bool are_state(struct sg_kustomize *k, const struct sg_pairs *pairs) {
    struct sg_node *map = sg_map_new(k->set);
    for (size_t i = 0; i < pairs->len; i++) {
        (void)sg_map_put(k->set, map, sg_k_atom(k, pairs->items[i].key),
                         sg_str_new(k->set, ""));
    }
    return sg_state_named(map);
}

static int transform(struct sg_kustomize *k, struct sg_resmap *map,
                     const struct sg_pairs_config *config, struct sg_err *err) {
    size_t len = config->pairs.len;
    if (len == 0 ||
        !sg_step_begin(k, SG_STEP_TRANSFORM, config->name, config->loc, config->item)) {
        return 0;
    }
    sg_atom *keys = sg_arena_alloc(&k->set->arena, len * sizeof(*keys));
    for (size_t i = 0; i < len; i++) {
        keys[i] = sg_k_atom(k, config->pairs.items[i].key);
    }
    struct sg_node **shared = sg_arena_alloc(&k->set->arena, len * sizeof(*shared));
    struct run run = {.k = k, .config = config, .keys = keys, .shared = shared};
    struct sg_field_walk walk = {
        .each = set_pairs, .ctx = &run, .create = true, .make = SG_MAP};
    bool state = are_state(k, &config->pairs);
    for (size_t r = 0; r < map->items.len; r++) {
        struct sg_resource *res = map->items.items[r];
        for (size_t i = 0; i < len; i++) {
            shared[i] = NULL;
        }
        run.res = res;
        if (state) {
            sg_state_show(k, res);
        }
        if (sg_fieldspecs_walk(k, res, config->fields, &walk, err) < 0) {
            return sg_err_wrap(err, "%s", config->name);
        }
        if (state) {
            sg_state_retake(k, res);
        }
        sg_resmap_changed(k, map, res); /* a custom spec may hit a name */
    }
    sg_step_matched(k, (uint32_t)map->items.len);
    return 0;
}

int sg_transform_labels(struct sg_kustomize *k, struct sg_resmap *map,
                        const struct sg_pairs_config *config, struct sg_err *err) {
    return transform(k, map, config, err);
}

int sg_transform_annotations(struct sg_kustomize *k, struct sg_resmap *map,
                             const struct sg_pairs_config *config, struct sg_err *err) {
    return transform(k, map, config, err);
}
