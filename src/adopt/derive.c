/* derive.c - what makes one object of another, tried before it is believed. */
#include "derive.h"

struct list_cost list_cost_of(const struct spot *at, const struct sg_node *base,
                              const struct sg_node *want) {
    struct list_cost cost = {.whole = leaves_of(want)};
    auto_comparison comparison = {0};
    compare_values(&comparison, at, base, want);
    for (size_t i = 0; i < comparison.differences.len; i++) {
        const struct difference *difference = &comparison.differences.items[i];
        cost.single += difference->b == NULL ? 1 : leaves_of(difference->b);
    }
    return cost;
}

bool objects_equal(const struct sg_node *a, const struct sg_node *b) {
    auto_comparison comparison = {0};
    compare_objects(&comparison, a, b);
    return comparison.differences.len == 0;
}

struct sg_node *patch_of(struct sg_docs *docs, const struct sg_node *named,
                         const struct sg_node *body) {
    struct sg_node *out = sg_map_new(docs), *metadata = sg_map_new(docs);
    static const sg_atom top[] = {SG_ATOM(apiVersion), SG_ATOM(kind)};
    static const sg_atom names[] = {SG_ATOM(name), SG_ATOM(namespace)};
    for (size_t i = 0; i < SG_ARRAY_LEN(top); i++) {
        const struct sg_node *value = sg_map_get(named, top[i]);
        if (value != NULL) {
            (void)sg_map_append(docs, out, top[i], copy_unplaced(docs, value));
        }
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        const struct sg_node *value =
            sg_map_get(sg_map_get(named, SG_ATOM(metadata)), names[i]);
        if (value != NULL) {
            (void)sg_map_append(docs, metadata, names[i], copy_unplaced(docs, value));
        }
    }
    (void)sg_map_append(docs, out, SG_ATOM(metadata), metadata);
    const struct sg_node *more = sg_map_get(body, SG_ATOM(metadata));
    for (uint32_t i = 0; sg_is_map(more) && i < more->len; i++) {
        append_entry(docs, metadata, &more->entries[i], more->entries[i].value);
    }
    for (uint32_t i = 0; i < body->len; i++) {
        if (body->entries[i].key != SG_ATOM(metadata)) {
            append_entry(docs, out, &body->entries[i], body->entries[i].value);
        }
    }
    return out;
}

struct sg_node *patched(struct sg_docs *docs, const struct sg_node *object,
                        const struct sg_node *patch, const struct sg_node *ops) {
    struct sg_patch_ctx ctx = {.set = docs, .object = SG_NO_OBJECT};
    struct sg_node *out = sg_node_clone(docs, object);
    struct sg_err ignored = {0};
    bool done = (patch == NULL || sg_patch_strategic(&ctx, &out, patch, &ignored) == 0) &&
                (ops == NULL || sg_patch_json(&ctx, &out, ops, &ignored) == 0);
    return done ? out : NULL;
}

/* The two patches where the strategic one is of `body`; false where they do not do. */
static bool try_body(struct sg_docs *docs, const struct sg_node *base,
                     const struct sg_node *want, struct sg_node *body,
                     struct derived *out) {
    *out = (struct derived){.body = body};
    out->patch = body == NULL ? NULL : patch_of(docs, base, body);
    out->between = patched(docs, base, out->patch, NULL);
    if (out->between == NULL) {
        return false;
    }
    out->ops = derive_operations(docs, out->between, want);
    const struct sg_node *made = patched(docs, out->between, NULL, out->ops);
    out->exact = made != NULL && objects_equal(made, want);
    return out->exact;
}

void derive_patch(struct sg_docs *docs, const struct sg_node *named,
                  const struct sg_node *base, const struct sg_node *want,
                  struct derived *out) {
    struct sg_node *body = derive_strategic(docs, base, want);
    if (!try_body(docs, base, want, body, out) && body != NULL) {
        (void)try_body(docs, base, want, NULL, out);
    }
    if (out->patch != NULL) {
        out->patch = patch_of(docs, named, body);
    }
}
