/*
 * repair_element.c - strategic merge patches for a list element that the new base has not
 * (SG202): the element's key is rewritten where it was renamed, else its settings are
 * retired.
 */
#include <string.h>

#include "repair.h"

struct place_of_element {
    struct overlay_plan *op;
    const struct sg_resource *res_old;
    const struct sg_fieldpath *path; /* of the element */
    const char *id, *text;           /* of the object; the path as text */
    const char *tag;
};

/* Every strategic merge patch of the customer's that wrote at the element or below it in
 * R_O, once. Operations by position are found by their own. */
struct writers {
    SG_VEC(uint32_t) steps;
};

static void writers_find(const struct place_of_element *at, struct writers *out) {
    const struct overlay_plan *op = at->op;
    const struct sg_trace *trace = &op->trees[T_RO]->trace;
    struct identity identity = identity_of(&at->res_old->orig);
    const struct sg_resource *res = index_find(&op->trees[T_RO]->index, &identity);
    bool *seen = sg_xcalloc(trace->steps.len + 1, sizeof(*seen));
    for (size_t i = 0; res != NULL && i < trace->events.len; i++) {
        const struct sg_event *event = &trace->events.items[i];
        const struct sg_step *step = &trace->steps.items[event->step];
        if (event->object != res->uid || seen[event->step] ||
            step->kind != SG_STEP_STRATEGIC ||
            !sg_fieldpath_within(event->path, at->path) ||
            !owners_customer(&op->owners, step)) {
            continue;
        }
        seen[event->step] = true;
        sg_vec_push(&out->steps, event->step);
    }
    free(seen);
}

/* The patch's element says the key of the new one. */
static bool rename_element(const struct place_of_element *at, struct step_text *text,
                           const struct sg_node *element, const struct match *heir) {
    struct sg_field field = field_at(type_of(at->res_old), at->path->parent);
    const char *name = "name";
    for (int i = 0; i < (field.keys_len > 0 ? field.keys_len : 1); i++) {
        const char *key = field.keys_len > 0 ? field.keys[i] : name;
        const struct sg_node *old = sg_map_gets(element, key);
        const char *new = sg_text(sg_map_gets(heir->element, key));
        if (old != NULL && new != NULL && !draft_write(text->doc, old, new, at->tag)) {
            return false;
        }
    }
    return true;
}

/* False: the step's text cannot be edited. A patch without the element has another that
 * brings it. */
static bool repair_step(const struct place_of_element *at, uint32_t step,
                        const struct match *heir) {
    struct step_text text;
    struct overlay_plan *op = at->op;
    if (!step_text_find(op, &op->trees[T_RO]->trace.steps.items[step], &text)) {
        return false;
    }
    const struct sg_node *element = node_at(text.root, type_of(at->res_old), at->path);
    if (element == NULL) {
        return false;
    }
    return heir != NULL ? rename_element(at, &text, element, heir)
                        : retire_node(op, &text, element, at->id, at->text, at->tag);
}

static bool repair_steps(const struct place_of_element *at, const struct match *heir) {
    struct writers writers = {0};
    writers_find(at, &writers);
    bool done = writers.steps.len > 0;
    for (size_t i = 0; done && i < writers.steps.len; i++) {
        done = repair_step(at, writers.steps.items[i], heir);
        note_step_edit(at->op, writers.steps.items[i]);
    }
    sg_vec_release(&writers.steps);
    return done;
}

/* The element that the user named, or the one that is certain. */
static const struct match *heir_element(const struct sg_plan_accept *decision,
                                        const struct matches *matches) {
    if (decision == NULL) {
        return match_certain(matches);
    }
    for (size_t i = 0; decision->heir != NULL && i < matches->items.len; i++) {
        if (strcmp(matches->items.items[i].key->text, decision->heir) == 0) {
            return &matches->items.items[i];
        }
    }
    return NULL;
}

void repair_element(struct overlay_plan *op, const struct sg_resource *res_old,
                    const struct sg_resource *res_now, const char *id,
                    const struct sg_fieldpath *path, const struct sg_node *old_list,
                    const struct sg_node *new_list, const struct sg_node *gone,
                    bool complete, struct fate *fate) {
    struct sg_arena *arena = &op->plan->docs.arena;
    struct place_of_element at = {.op = op,
                                  .res_old = res_old,
                                  .path = path,
                                  .id = id,
                                  .text = path_text(op, path)};
    at.tag = fingerprint_of(op, "SG202", id, at.text);
    const struct sg_plan_accept *decision = decision_for(op, "SG202", id, at.text);
    match_element(op, res_old, res_now, path->parent, old_list, new_list, gone,
                  &fate->matches);
    const struct match *heir = heir_element(decision, &fate->matches);
    if (heir != NULL && is_taken(op, res_old, path->parent, heir->key)) {
        heir = NULL;
        fate->matches.items.len = 0;
    }
    bool retire =
        decision != NULL ? decision->retire : !complete && fate->matches.items.len == 0;
    if (heir != NULL && repair_steps(&at, heir)) {
        fate->resolved = SG_RESOLVED_CARRIED;
        fate->edits = true;
        fate->heir = sg_arena_strdup(arena, heir->key->text);
        fate->message = sg_arena_printf(
            arena, "%s is '%s' in the new release (%s); the overlay's settings go along",
            at.text, fate->heir, heir->why);
        fate->fix = "look at the edit";
    } else if (heir == NULL && retire && repair_steps(&at, NULL)) {
        fate->resolved = SG_RESOLVED_RETIRED;
        fate->edits = true;
        fate->message = sg_arena_printf(arena,
                                        "upstream removed %s, and nothing took over; the "
                                        "overlay's settings for it are taken out",
                                        at.text);
        fate->fix = sg_arena_printf(arena, "nothing: they are kept in %s/retired/%s",
                                    overlay_of(op)->dir, op->version);
    }
}

bool retire_element(struct overlay_plan *op, const struct sg_resource *res,
                    const struct sg_fieldpath *path, const char *id, const char *tag) {
    struct place_of_element at = {.op = op,
                                  .res_old = res,
                                  .path = path,
                                  .id = id,
                                  .text = path_text(op, path),
                                  .tag = tag};
    return repair_steps(&at, NULL);
}
