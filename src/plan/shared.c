/*
 * shared.c - patches that several overlays read: an edit that one of them asks for must
 * be asked for by all of them, else it would change what nobody looked at.
 */
#include <string.h>

#include "repair.h"

void note_step_edit(struct overlay_plan *op, uint32_t step) {
    sg_auto_buf key = SG_BUF_INIT;
    const struct tree *old = op->trees[T_RO];
    tree_step_key(op, old, &old->trace.steps.items[step], &key);
    if (!sg_strmap_has(&op->step_edits, sg_buf_cstr(&key), key.len)) {
        sg_strmap_put(&op->step_edits, sg_buf_cstr(&key), key.len, op->plan);
        sg_vec_push(&op->step_edit_keys,
                    sg_arena_strndup(&op->draft->arena, sg_buf_cstr(&key), key.len));
    }
}

/* The customer's steps of R_O by key -> index + 1. */
static void steps_of(const struct overlay_plan *op, struct counters *out) {
    const struct tree *old = op->trees[T_RO];
    for (size_t i = 0; i < old->trace.steps.len; i++) {
        const struct sg_step *step = &old->trace.steps.items[i];
        if (owners_customer(&op->owners, step) && step->matched > 0) {
            sg_auto_buf key = SG_BUF_INIT;
            tree_step_key(op, old, step, &key);
            *counters_at(out, sg_buf_cstr(&key), key.len) = i + 1;
        }
    }
}

static void tell(struct overlay_plan *op, const struct overlay_plan *other,
                 uint32_t step) {
    const struct tree *old = op->trees[T_RO];
    struct sg_arena *arena = &op->plan->docs.arena;
    struct sg_place at =
        draft_on_disk(op->draft, DRAFT_BEFORE,
                      step_place(&old->render.docs, &old->trace.steps.items[step]));
    struct sg_finding_in in = {
        .code = "SG206",
        .rule = "refused",
        .path = at.file,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = place_copy(op, at),
        .message = sg_arena_printf(
            arena,
            "overlay %s needs this text edited for the new release, and here it does "
            "what it did: one text cannot be both",
            overlay_of(other)->name),
        .fix = "give each overlay a text of its own",
        .stops = true,
        .refused = true,
    };
    (void)sg_plan_add_finding(op->plan, overlay_of(op), &in);
}

void find_shared(struct overlay_plan *op, const struct overlay_plan *const *others,
                 size_t len) {
    auto_counters steps = {0};
    for (size_t i = 0; i < len; i++) {
        const struct overlay_plan *other = others[i];
        if (other == op || other->step_edit_keys.len == 0 || !op->trees[T_RO]->rendered) {
            continue;
        }
        if (steps.map.len == 0) {
            steps_of(op, &steps);
        }
        for (size_t k = 0; k < other->step_edit_keys.len; k++) {
            const char *key = other->step_edit_keys.items[k];
            size_t at = counters_get(&steps, key, strlen(key));
            if (at > 0 && !sg_strmap_has(&op->step_edits, key, strlen(key))) {
                tell(op, other, (uint32_t)(at - 1));
            }
        }
    }
}
