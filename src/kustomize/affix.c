/* affix.c - PrefixTransformer and SuffixTransformer. */
#include <string.h>

#include "setter.h"
#include "transformer.h"

struct run {
    struct sg_kustomize *k;
    const struct sg_affix_config *config;
    struct sg_resource *res;
    bool suffix;
};

static int add_affix(void *ctx, const struct sg_field_hit *hit, struct sg_err *err) {
    const struct run *run = ctx;
    const char *old = sg_text(hit->node), *affix = run->config->text;
    if (old == NULL) {
        old = ""; /* a map or list: sg_set_scalar refuses it */
    }
    const char *text = run->suffix ? sg_k_printf(run->k, "%s%s", old, affix)
                                   : sg_k_printf(run->k, "%s%s", affix, old);
    return sg_set_scalar(run->k, run->res, hit, text, SG_TAG_NONE, SG_OP_RENAME,
                         run->config->loc, err);
}

/* What others know by a name that has a meaning keeps it. */
static bool is_kept(const struct sg_resid *id) {
    const char *kind = id->kind->text;
    return strcmp(kind, "CustomResourceDefinition") == 0 ||
           strcmp(kind, "Namespace") == 0 ||
           (strcmp(kind, "APIService") == 0 &&
            strcmp(id->group->text, "apiregistration.k8s.io") == 0);
}

static int transform_one(struct run *run, struct sg_err *err) {
    struct sg_kustomize *k = run->k;
    struct sg_field_walk walk = {.each = add_affix,
                                 .ctx = run,
                                 .create = true,
                                 .make = SG_SCALAR,
                                 .tag = SG_TAG_STR};
    struct sg_resid first = sg_resource_first_id(run->res);
    struct sg_fieldspec_iter it = sg_fieldspecs_for(run->config->fields, first.kind);
    const struct sg_fieldspec *spec;
    while ((spec = sg_fieldspec_next(&it)) != NULL) {
        if (!sg_gvk_selects(spec->group, spec->version, spec->kind, &first)) {
            continue;
        }
        if (strcmp(spec->path, "metadata/name") == 0) {
            if (run->suffix) {
                sg_resource_add_suffix(k, run->res, run->config->text);
            } else {
                sg_resource_add_prefix(k, run->res, run->config->text);
            }
            sg_resource_store_id(k, run->res);
        }
        if (sg_fieldspec_walk(k, run->res, spec, &walk, err) < 0) {
            return -1;
        }
    }
    return 0;
}

static int transform(struct run *run, struct sg_resmap *map, const char *field,
                     struct sg_err *err) {
    if (run->config->text[0] == '\0' ||
        !sg_step_begin(run->k, SG_STEP_TRANSFORM, field, run->config->loc, 0)) {
        return 0;
    }
    uint32_t matched = 0;
    for (size_t i = 0; i < map->items.len; i++) {
        run->res = map->items.items[i];
        struct sg_resid first = sg_resource_first_id(run->res);
        if (is_kept(&first)) {
            continue;
        }
        matched++;
        if (transform_one(run, err) < 0) {
            return sg_err_wrap(err, "%s", field);
        }
        sg_resmap_changed(run->k, map, run->res);
    }
    sg_step_matched(run->k, matched);
    return 0;
}

int sg_transform_prefix(struct sg_kustomize *k, struct sg_resmap *map,
                        const struct sg_affix_config *config, struct sg_err *err) {
    struct run run = {.k = k, .config = config};
    return transform(&run, map, "namePrefix", err);
}

int sg_transform_suffix(struct sg_kustomize *k, struct sg_resmap *map,
                        const struct sg_affix_config *config, struct sg_err *err) {
    struct run run = {.k = k, .config = config, .suffix = true};
    return transform(&run, map, "nameSuffix", err);
}
