/*
 * unsaid.c - the promise that nothing the customer set is lost unseen: every row in the
 * state `lost` is named by a finding of its object, at its place or above it, or
 * upgrading stops.
 */
#include <string.h>

#include "planner.h"

static bool names_loss(const struct sg_finding *finding) {
    static const char *const codes[] = {"SG201", "SG202", "SG203", "SG204", "SG205"};
    for (size_t i = 0; i < SG_ARRAY_LEN(codes); i++) {
        if (strcmp(finding->code, codes[i]) == 0) {
            return true;
        }
    }
    /* --tidy dropped what upstream says by itself */
    return finding->edits && strcmp(finding->code, "SG103") == 0;
}

/* "a.b" is at or above "a.b.c", "a.b[x]" and itself; "" is above all. */
static bool is_above(const char *above, const char *path) {
    size_t len = strlen(above);
    return strncmp(above, path, len) == 0 &&
           (len == 0 || path[len] == '\0' || path[len] == '.' || path[len] == '[');
}

/* Findings of one object, chained. */
struct said {
    const struct sg_finding *finding;
    struct said *next;
};

static void index_findings(struct overlay_plan *op, struct sg_arena *arena,
                           struct sg_strmap *out) {
    const struct sg_plan_overlay *overlay = overlay_of(op);
    for (size_t i = 0; i < overlay->findings.len; i++) {
        const struct sg_finding *finding = &overlay->findings.items[i];
        if (finding->hop != op->hop || !names_loss(finding)) {
            continue;
        }
        const char *id = sg_object_unversioned(finding->object);
        struct said *said = sg_arena_alloc(arena, sizeof(*said));
        said->finding = finding;
        said->next = sg_strmap_put(out, id, strlen(id), said);
    }
}

static bool is_said(const struct sg_strmap *by_object, const char *object,
                    const char *path) {
    if (object == NULL) {
        return false;
    }
    const char *id = sg_object_unversioned(object);
    const struct said *said = sg_strmap_get(by_object, id, strlen(id));
    for (; said != NULL; said = said->next) {
        if (is_above(said->finding->path, path)) {
            return true;
        }
    }
    return false;
}

static void add_unsaid(struct overlay_plan *op, const char *object,
                       const struct sg_plan_field *field) {
    struct sg_finding_in in = {
        .code = "SG202",
        .rule = "orphan-element",
        .object = object,
        .path = field->path,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = field->at,
        .message =
            "the overlay sets this, and the setting does not reach the new release",
        .fix = "point it to where the setting belongs now, or remove it",
        .stops = true,
    };
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    sg_vec_push(&finding->flags,
                sg_arena_printf(&op->plan->docs.arena, "--accept 'SG202:%s:%s=REASON'",
                                object, field->path));
}

void find_unsaid(struct overlay_plan *op) {
    struct sg_arena arena;
    sg_arena_init(&arena);
    sg_auto_strmap by_object = {0};
    index_findings(op, &arena, &by_object);
    struct sg_plan_overlay *overlay = overlay_of(op);
    for (size_t i = 0; i < overlay->objects.len; i++) {
        const struct sg_plan_object *object = &overlay->objects.items[i];
        for (size_t k = 0; object->hop == op->hop && k < object->fields.len; k++) {
            const struct sg_plan_field *field = &object->fields.items[k];
            if (field->state == SG_STATE_LOST &&
                !is_said(&by_object, object->id, field->path) &&
                !is_said(&by_object, object->was, field->path)) {
                add_unsaid(op, object->id, field);
            }
        }
    }
    sg_arena_release(&arena);
}
