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

static const struct sg_resource *find_heir(struct overlay_plan *op,
                                           const struct sg_resource *gone) {
    const char *id = object_id(op, op->trees[T_UO], gone);
    const struct sg_plan_accept *decision = decision_for(op, "SG201", id, "");
    if (decision != NULL) {
        return decision->heir != NULL ? named(op, decision->heir) : NULL;
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
