#include "heirs.h"

#include <string.h>

#include "repair.h"

/* The one object of U_N that a text names as reports do, or NULL. */
static const struct sg_resource *named(struct overlay_plan *op, const char *text) {
    const struct tree *now = op->trees[T_UN];
    const struct sg_resource *found = NULL;
    for (size_t i = 0; i < now->render.items.len; i++) {
        const struct sg_resource *res = now->render.items.items[i];
        if (object_matches(text, object_id(op, now, res), false)) {
            if (found != NULL) {
                return NULL;
            }
            found = res;
        }
    }
    return found;
}

void heir_matches(struct overlay_plan *op, const struct sg_resource *gone,
                  struct matches *out) {
    match_object(op, gone, out);
}

/* The object as it comes out of the overlay, NULL where it does not. */
static const struct sg_resource *shown_as(const struct overlay_plan *op,
                                          const struct sg_resource *gone) {
    struct identity identity = identity_of(&gone->orig);
    const struct tree *old = op->trees[T_RO];
    return old->rendered ? index_find(&old->index, &identity) : NULL;
}

/* Of an heir the overlay is not rendered yet: what it gives the namespace of is named
 * without. */
static const struct sg_resource *named_in_overlay(struct overlay_plan *op,
                                                  const char *text,
                                                  const struct sg_resource *gone) {
    const struct sg_resource *shown = shown_as(op, gone);
    const struct sg_node *metadata =
        shown != NULL ? sg_map_get(shown->node, SG_ATOM(metadata)) : NULL;
    const char *namespace = sg_text(sg_map_get(metadata, SG_ATOM(namespace)));
    if (namespace == NULL) {
        return NULL;
    }
    sg_auto_cstr part = sg_xasprintf("/%s/", namespace);
    const char *at = strstr(text, part);
    if (at == NULL) {
        return NULL;
    }
    sg_auto_cstr plain =
        sg_xasprintf("%.*s%s", (int)(at - text), text, at + strlen(part) - 1);
    return named(op, plain);
}

/* Findings name the object as it comes out of the overlay, which may give it another
 * namespace or name; people also write what upstream calls it. */
static const struct sg_plan_accept *decision_of(struct overlay_plan *op,
                                                const struct sg_resource *gone) {
    const struct tree *old = op->trees[T_RO];
    const struct sg_resource *shown = shown_as(op, gone);
    const struct sg_plan_accept *decision =
        decision_for(op, "SG201", object_id(op, op->trees[T_UO], gone), "");
    return decision != NULL || shown == NULL
               ? decision
               : decision_for(op, "SG201", object_id(op, old, shown), "");
}

static const struct sg_resource *find_heir(struct overlay_plan *op,
                                           const struct sg_resource *gone) {
    const struct sg_plan_accept *decision = decision_of(op, gone);
    if (decision != NULL && decision->heir != NULL) {
        const struct sg_resource *heir = named(op, decision->heir);
        return heir != NULL ? heir : named_in_overlay(op, decision->heir, gone);
    }
    if (decision != NULL) {
        return NULL;
    }
    auto_matches matches = {0};
    match_object(op, gone, &matches);
    const struct match *certain = match_certain(&matches);
    return certain != NULL ? certain->res : NULL;
}

void heirs_find(struct overlay_plan *op) {
    const struct tree *old = op->trees[T_UO], *now = op->trees[T_UN];
    for (size_t i = 0; old->rendered && now->rendered && i < old->render.items.len; i++) {
        const struct sg_resource *res = old->render.items.items[i];
        struct identity identity = identity_of(&res->orig);
        if (index_find(&now->index, &identity) != NULL) {
            continue;
        }
        const struct sg_resource *heir = find_heir(op, res);
        if (heir == NULL) {
            continue;
        }
        struct identity new = identity_of(&heir->orig);
        sg_strmap_put(&op->heirs, (const char *)&identity, sizeof(identity),
                      (void *)(uintptr_t)heir);
        sg_strmap_put(&op->elders, (const char *)&new, sizeof(new),
                      (void *)(uintptr_t)res);
    }
}

const struct sg_resource *heir_of(const struct overlay_plan *op,
                                  const struct sg_resource *gone) {
    struct identity identity = identity_of(&gone->orig);
    return sg_strmap_get(&op->heirs, (const char *)&identity, sizeof(identity));
}

const struct sg_resource *heir_before(const struct overlay_plan *op,
                                      const struct identity *heir) {
    return sg_strmap_get(&op->elders, (const char *)heir, sizeof(*heir));
}
