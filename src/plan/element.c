/*
 * element.c - SG202 where a strategic patch addresses a list element that upstream took
 * away: kustomize does not mind, it adds a new element with the patch's fields alone.
 */
#include <string.h>

#include "repair.h"

/* The element stands on its own: an environment variable that the overlay gives a value.
 */
static bool is_complete(const struct frame *frame, const struct sg_node *element) {
    const struct frame *list = frame->up;
    return list->seg == SG_SEG_KEY && list->key == SG_ATOM(env) &&
           (sg_map_get(element, SG_ATOM(value)) != NULL ||
            sg_map_gets(element, "valueFrom") != NULL);
}

void orphan_element(struct overlay_plan *op, struct subject *subject,
                    const struct frame *frame, const struct place4 *lists,
                    const struct place4 *place, const struct cover *cover) {
    const struct sg_node *now = place->node[T_RN];
    if (now == NULL) {
        return; /* the step did not run on the new base, or was repaired: it has its own
                   finding */
    }
    struct sg_arena *arena = &op->plan->docs.arena;
    bool kept = is_complete(frame, now);
    const char *path = path_text(op, frame_path(op, frame));
    uint32_t event = cover->new;
    if (event == SG_NO_EVENT && subject->res[T_RN] != NULL) {
        const struct write *write =
            writes_at(&op->writes[T_RN], subject->res[T_RN]->uid, cover->path);
        event = write == NULL ? SG_NO_EVENT : write->newest;
    }
    struct sg_finding_in in = {
        .code = "SG202",
        .rule = "orphan-element",
        .object = subject->id,
        .path = path,
        .severity = kept ? SG_WARNING : SG_ERROR,
        .hop = op->hop,
        .at = event_place(op, op->trees[T_RN], event),
        .message = sg_arena_printf(
            arena,
            kept ? "upstream removed %s; the overlay's own value is complete and stays"
                 : "upstream removed %s, which the overlay changes; what is left of it "
                   "would be added as a new element",
            path),
        .fix = kept ? "remove it if nothing reads it any more"
                    : "move the setting to where it belongs now, or delete it",
        .stops = !kept,
    };
    auto_fate fate = {.resolved = kept ? SG_RESOLVED_KEPT : SG_RESOLVED_NONE};
    const struct sg_fieldpath *at = frame_path(op, frame);
    if (repairs(op) && !mended(op, "SG202", UINT32_MAX, subject->id, path)) {
        repair_element(op, subject->res[T_UO], subject->res[T_UN], subject->id, at,
                       lists->node[T_UO], lists->node[T_UN], place->node[T_UO], kept,
                       &fate);
    } else {
        match_element(op, subject->res[T_UO], subject->res[T_UN], at->parent,
                      lists->node[T_UO], lists->node[T_UN], place->node[T_UO],
                      &fate.matches);
    }
    if (fate.edits) {
        note_mended(op, "SG202", UINT32_MAX, subject->id, path);
    }
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    tell_fate(op, finding, &fate);
    if (finding->stops) {
        sg_vec_push(
            &finding->flags,
            sg_arena_printf(arena, "--accept 'SG202:%s:%s=REASON'", subject->id, path));
    }
    add_cause(op, subject->res[T_UO], finding);
}
