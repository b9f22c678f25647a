/*
 * lapsed.c - selectors that name the API version that an object had (SG205): they find
 * nothing on the new base, and kustomize goes on without a word.
 */
#include <string.h>

#include "repair.h"

static bool has_lapsed(const struct overlay_plan *op, const struct sg_strmap *matched,
                       const struct sg_step *step) {
    sg_auto_buf key = SG_BUF_INIT;
    if (!step->selects || !step_targeted(step) || !owners_customer(&op->owners, step)) {
        return false;
    }
    tree_step_key(op, op->trees[T_RO], step, &key);
    return !sg_strmap_has(matched, sg_buf_cstr(&key), key.len);
}

/* By step of R_O. */
static bool *lapsed_steps(const struct overlay_plan *op) {
    const struct tree *old = op->trees[T_RO];
    bool *lapsed = sg_xcalloc(old->trace.steps.len + 1, sizeof(*lapsed));
    sg_auto_strmap matched = {0};
    matched_steps(op, &matched);
    for (size_t i = 0; i < old->trace.steps.len; i++) {
        lapsed[i] = has_lapsed(op, &matched, &old->trace.steps.items[i]);
    }
    return lapsed;
}

static void tell(struct overlay_plan *op, uint32_t event, const struct sg_resource *old,
                 const struct sg_resource *now) {
    const struct tree *tree = op->trees[T_RO];
    uint32_t step = tree->trace.events.items[event].step;
    const char *id = object_id(op, op->trees[T_UO], old);
    auto_fate fate = {0};
    if (mended(op, "SG205", step, id, "")) {
        return;
    }
    if (repairs(op)) {
        repair_api(op, step, old, now, id, &fate);
    }
    if (fate.edits) {
        note_mended(op, "SG205", step, id, "");
    }
    struct sg_finding_in in = {
        .code = "SG205",
        .rule = "api-change",
        .object = id,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = event_place(op, tree, event),
        .message = "the target of this entry names the API version that the object had, "
                   "and finds nothing in the new release",
        .fix = "name the new version in the target, or none",
        .stops = true,
    };
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    tell_fate(op, finding, &fate);
    add_cause(op, now, finding);
}

void find_lapsed(struct overlay_plan *op) {
    const struct tree *old = op->trees[T_RO];
    if (!old->rendered || !op->trees[T_RN]->rendered || !op->trees[T_UO]->rendered ||
        !op->trees[T_UN]->rendered) {
        return;
    }
    bool *lapsed = lapsed_steps(op);
    for (uint32_t i = 0; i < old->trace.events.len; i++) {
        const struct sg_event *event = &old->trace.events.items[i];
        const struct sg_resource *res =
            lapsed[event->step] ? index_uid(&old->index, event->object) : NULL;
        if (res == NULL) {
            continue;
        }
        struct identity identity = identity_of(&res->orig);
        const struct sg_resource *base = index_find(&op->trees[T_UO]->index, &identity);
        const struct sg_resource *now = index_find(&op->trees[T_UN]->index, &identity);
        if (base != NULL && now != NULL && base->orig.version != now->orig.version) {
            lapsed[event->step] = false; /* told */
            tell(op, i, base, now);
        }
    }
    free(lapsed);
}
