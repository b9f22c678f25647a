/* replica.c - ReplicaCountTransformer. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "setter.h"
#include "transformer.h"

struct run {
    struct sg_kustomize *k;
    const struct sg_replica *replica;
    const struct sg_resource *res;
};

static int set_count(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    const struct run *run = ctx;
    char text[32];
    snprintf(text, sizeof(text), "%" PRId64, run->replica->count);
    return sg_set_scalar(run->k, run->res, hit, text, SG_TAG_INT, SG_OP_SET,
                         run->replica->loc, err);
}

/* The object bears the name, or bore it, while it was of a kind that the spec selects. */
static bool is_meant(const struct sg_resource *res, const struct sg_fieldspec *spec,
                     sg_atom name) {
    const struct sg_resource_state *state = res->state;
    struct sg_resid id = state->cur;
    if (id.name == name && sg_gvk_selects(spec->group, spec->version, spec->kind, &id)) {
        return true;
    }
    for (size_t i = 0; i < state->prev_len; i++) {
        id.kind = state->prev[i].kind;
        if (state->prev[i].name == name &&
            sg_gvk_selects(spec->group, spec->version, spec->kind, &id)) {
            return true;
        }
    }
    return false;
}

static int fail_unmatched(struct sg_kustomize *k, const struct sg_replica *replica,
                          struct sg_fieldspecs fields, struct sg_err *err) {
    sg_auto_buf kinds = SG_BUF_INIT;
    for (size_t i = 0; i < fields.len; i++) {
        const char *kind = fields.items[i].kind->text;
        sg_buf_addf(&kinds, "%s%s", i > 0 ? ", " : "", *kind != '\0' ? kind : "any kind");
    }
    return sg_k_fail(k, err, replica->loc,
                     "replicas: no object is named %s (looked for %s)", replica->name,
                     sg_buf_cstr(&kinds));
}

int sg_transform_replica(struct sg_kustomize *k, struct sg_resmap *map,
                         const struct sg_replica *replica, struct sg_fieldspecs fields,
                         uint32_t item, struct sg_err *err) {
    if (!sg_step_begin(k, SG_STEP_TRANSFORM, "replicas", replica->loc, item)) {
        return 0;
    }
    struct run run = {.k = k, .replica = replica};
    struct sg_field_walk walk = {.each = set_count,
                                 .ctx = &run,
                                 .create = true,
                                 .make = SG_SCALAR,
                                 .tag = SG_TAG_INT};
    sg_atom name = sg_k_atom(k, replica->name);
    sg_auto_reslist named = {0};
    sg_resmap_named(map, NULL, name, &named);
    uint32_t matched = 0;
    for (size_t f = 0; f < fields.len; f++) {
        for (size_t i = 0; i < named.items.len; i++) {
            run.res = named.items.items[i];
            if (!is_meant(run.res, &fields.items[f], name)) {
                continue;
            }
            matched++;
            if (sg_fieldspec_walk(k, named.items.items[i], &fields.items[f], &walk, err) <
                0) {
                return sg_err_wrap(err, "replicas");
            }
        }
    }
    sg_step_matched(k, matched);
    return matched > 0 ? 0 : fail_unmatched(k, replica, fields, err);
}
