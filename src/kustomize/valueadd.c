/* valueadd.c - ValueAddTransformer: a text set at a field, or put into a path there. */
#include <string.h>

#include "nodepath.h"
#include "setter.h"
#include "transformer.h"

/* Parts of a file path as kustomize joins them: "" and "." go, ".." takes one back where
 * it can. */
static void join_part(struct sg_buf *out, size_t root, const char *part, size_t len) {
    if (len == 0 || (len == 1 && part[0] == '.')) {
        return;
    }
    if (out->len > root) {
        sg_buf_addc(out, '/');
    }
    sg_buf_add(out, part, len);
}

/* `value` as part number `position` (from 1) of `old`; past the end, behind it. An
 * absolute path stays one. */
static void insert_part(const char *old, int64_t position, const char *value,
                        struct sg_buf *out) {
    if (*old == '/') {
        sg_buf_addc(out, '/');
        old++;
    }
    size_t root = out->len;
    bool done = false;
    for (int64_t at = 1;; at++) {
        old += strspn(old, "/");
        bool end = *old == '\0';
        if (!done && (at == position || end)) {
            join_part(out, root, value, strlen(value));
            done = true;
        }
        if (end) {
            return;
        }
        size_t len = strcspn(old, "/");
        join_part(out, root, old, len);
        old += len;
    }
}

/* Of slashes at the ends, and of several together, nothing is left. */
static struct sg_nodepath path_of(struct sg_kustomize *k, const char *text) {
    struct sg_nodepath split = sg_nodepath_split(k, text, '/');
    const char **parts = sg_arena_alloc(&k->set->arena, (split.len + 1) * sizeof(*parts));
    size_t kept = 0;
    for (size_t i = 0; i < split.len; i++) {
        if (split.parts[i][0] != '\0') {
            parts[kept++] = split.parts[i];
        }
    }
    return (struct sg_nodepath){.parts = parts, .len = kept};
}

static int set_value(struct sg_kustomize *k, struct sg_resource *res, const char *value,
                     const struct sg_value_target *target, struct sg_err *err) {
    struct sg_nodepath_root root = {.k = k, .res = res, .node = res->node};
    struct sg_nodepath path = path_of(k, target->field_path);
    struct sg_field_hit hit;
    sg_field_hits made = {0};
    int result = sg_nodepath_lookup(&root, path, &hit, err);
    if (result == 0 && hit.node == NULL) {
        result = sg_nodepath_match(&root, path, SG_CREATE_SCALAR, &made, err);
        hit = made.len > 0 ? made.items[0] : hit;
    }
    sg_vec_release(&made);
    if (result < 0 || hit.node == NULL) {
        return sg_err_wrap(err, "field %s", target->field_path);
    }
    sg_auto_buf text = SG_BUF_INIT;
    const char *old = sg_text(hit.node);
    if (target->position > 0 && old != NULL) {
        insert_part(old, target->position, value, &text);
    } else {
        sg_buf_adds(&text, value);
    }
    return sg_set_scalar(k, res, &hit, sg_buf_cstr(&text), SG_TAG_NONE, SG_OP_SET,
                         target->loc, err);
}

/* Exactly this path is a namespace to kustomize, with all that goes with it; a position
 * in it counts for nothing. */
static int set_target(struct sg_kustomize *k, struct sg_resource *res, const char *value,
                      const struct sg_value_target *target, struct sg_err *err) {
    if (strcmp(target->field_path, "metadata/namespace") != 0) {
        return set_value(k, res, value, target, err);
    }
    struct sg_namespace_config config = {.namespace = value, .loc = target->loc};
    return sg_set_namespace(k, res, &config, err);
}

static int list_targets(struct sg_kustomize *k, struct sg_resmap *map,
                        const struct sg_value_target *target, struct sg_reslist *out,
                        struct sg_err *err) {
    if (target->select.set) {
        return sg_resmap_select(k, map, &target->select, out, err);
    }
    for (size_t i = 0; i < map->items.len; i++) {
        sg_vec_push(&out->items, map->items.items[i]);
    }
    return 0;
}

int sg_transform_value(struct sg_kustomize *k, struct sg_resmap *map, const char *value,
                       const struct sg_value_target *target, uint32_t item,
                       struct sg_err *err) {
    if (!sg_step_begin(k, SG_STEP_TRANSFORM, "transformers", target->loc, item)) {
        return 0;
    }
    sg_auto_reslist list = {0};
    if (list_targets(k, map, target, &list, err) < 0) {
        return -1;
    }
    for (size_t i = 0; i < list.items.len; i++) {
        struct sg_resource *res = list.items.items[i];
        if (set_target(k, res, value, target, err) < 0) {
            return sg_err_wrap(err, "ValueAddTransformer");
        }
        sg_resmap_changed(k, map, res);
    }
    sg_step_matched(k, (uint32_t)list.items.len);
    if (list.items.len == 0) {
        sg_k_warn(k, "SG104", "no-op", target->loc,
                  "ValueAddTransformer: this target selects no object");
    }
    return 0;
}
