/*
 * redundant.c - what the customer wrote and upstream says itself now (SG103): without it
 * the result on the old base would be another, on the new base the same.
 *
 * A write that names its place is judged there: every write of the customer's at it did
 * nothing on the new base (the trace says so), and the newest on the old base did
 * something. A transformer's entry is judged as a whole, for it is meant for whatever it
 * finds. Linear in the events of the two traces times the depth of their paths.
 */
#include <string.h>

#include "repair.h"

/* What one step, or all of the customer's, did at a place of an object of R_N. */
struct deed {
    bool wrote_here, wrote_below; /* a change: of the place itself, or of a part of it */
    bool idle_here, idle_below;   /* a write of what was there already */
};

/* A place of an object; `step` tells steps apart, 0 is all of them together. Hashed as
 * bytes: every member is as wide as a pointer. */
struct deed_key {
    struct identity identity;
    const struct sg_fieldpath *path;
    size_t step;
};

struct judging {
    struct overlay_plan *op;
    struct counters numbers;       /* step_key -> its number, the same in both trees */
    struct sg_strmap deeds;        /* deed_key -> struct deed, of R_N */
    struct sg_arena arena;         /* the deeds */
    size_t *steps_old, *steps_new; /* numbers by step; 0: not the customer's */
};

/* --- steps ------------------------------------------------------------------------ */

static size_t *number_steps(struct judging *j, const struct tree *tree) {
    size_t *numbers = sg_xcalloc(tree->trace.steps.len + 1, sizeof(*numbers));
    for (size_t i = 0; i < tree->trace.steps.len; i++) {
        const struct sg_step *step = &tree->trace.steps.items[i];
        if (!owners_customer(&j->op->owners, step)) {
            continue;
        }
        sg_auto_buf key = SG_BUF_INIT;
        tree_step_key(j->op, tree, step, &key);
        size_t *number = counters_at(&j->numbers, key.ptr, key.len);
        if (*number == 0) {
            *number = j->numbers.map.len;
        }
        numbers[i] = *number;
    }
    return numbers;
}

static bool is_judged(const struct tree *tree, const size_t *numbers,
                      const struct sg_event *event) {
    const struct sg_step *step = &tree->trace.steps.items[event->step];
    return numbers[event->step] != 0 && step_targeted(step) &&
           event->object != SG_NO_OBJECT && event->path != NULL &&
           event->op != SG_OP_MOVE;
}

/* --- places of the new render ----------------------------------------------------- */

static struct deed_key key_of(const struct sg_resource *res,
                              const struct sg_fieldpath *path, size_t step) {
    struct deed_key key;
    memset(&key, 0, sizeof(key));
    key.identity = identity_of(&res->orig);
    key.path = path;
    key.step = step;
    return key;
}

static struct deed *deed_at(struct judging *j, const struct deed_key *key) {
    struct deed *deed = sg_strmap_get(&j->deeds, (const char *)key, sizeof(*key));
    if (deed == NULL) {
        deed = sg_arena_alloc(&j->arena, sizeof(*deed));
        (void)sg_strmap_put(&j->deeds, (const char *)key, sizeof(*key), deed);
    }
    return deed;
}

static const struct deed *find_deed(const struct judging *j,
                                    const struct sg_resource *res,
                                    const struct sg_fieldpath *path, size_t step) {
    static const struct deed none = {0};
    struct deed_key key = key_of(res, path, step);
    const struct deed *deed = sg_strmap_get(&j->deeds, (const char *)&key, sizeof(key));
    return deed == NULL ? &none : deed;
}

static void note(struct judging *j, const struct sg_resource *res,
                 const struct sg_event *event, size_t step) {
    bool idle = event->op == SG_OP_NOOP;
    struct deed_key key = key_of(res, event->path, step);
    struct deed *deed = deed_at(j, &key);
    deed->idle_here = deed->idle_here || idle;
    deed->wrote_here = deed->wrote_here || !idle;
    for (; key.path != NULL; key.path = key.path->parent) {
        deed = deed_at(j, &key);
        deed->idle_below = deed->idle_below || idle;
        deed->wrote_below = deed->wrote_below || !idle;
    }
}

static void note_new(struct judging *j) {
    const struct tree *tree = j->op->trees[T_RN];
    for (size_t i = 0; i < tree->trace.events.len; i++) {
        const struct sg_event *event = &tree->trace.events.items[i];
        if (!is_judged(tree, j->steps_new, event)) {
            continue;
        }
        const struct sg_resource *res = index_uid(&tree->index, event->object);
        if (res != NULL) {
            note(j, res, event, j->steps_new[event->step]);
            note(j, res, event, 0);
        }
    }
}

/* --- one place -------------------------------------------------------------------- */

/* On the new base the step came by here, and no step of the customer's changed anything
 * at this place, in it or above it. */
static bool does_nothing_now(const struct judging *j, const struct sg_resource *res,
                             const struct sg_fieldpath *path, size_t step) {
    bool came = find_deed(j, res, path, step)->idle_below;
    if (find_deed(j, res, path, 0)->wrote_below) {
        return false;
    }
    for (const struct sg_fieldpath *up = path->parent; up != NULL; up = up->parent) {
        came = came || find_deed(j, res, up, step)->idle_here;
        if (find_deed(j, res, up, 0)->wrote_here) {
            return false;
        }
    }
    return came;
}

/* --tidy: the text goes. What is in a step that cannot be edited stays. */
static bool drop_place(struct overlay_plan *op, const struct sg_resource *res,
                       const struct sg_event *event, const char *id, const char *path) {
    struct step_text text;
    const char *tag;
    const struct sg_step *step = &op->trees[T_RO]->trace.steps.items[event->step];
    if (!op->tidy || !repairs(op) || mended(op, "SG103", event->step, id, path) ||
        !step_text_find(op, step, &text)) {
        return false;
    }
    tag = fingerprint_of(op, "SG103", id, path);
    if (step->kind == SG_STEP_JSON) {
        return draft_remove(text.doc, text.root, text.document, tag);
    }
    const struct sg_node *node = step->kind == SG_STEP_STRATEGIC
                                     ? node_at(text.root, type_of(res), event->path)
                                     : NULL;
    const struct draft_parent *at = node == NULL ? NULL : draft_parent(text.doc, node);
    return at != NULL && draft_remove(text.doc, at->owner, at->index, tag);
}

static void tell_dropped(struct sg_finding *finding) {
    finding->resolved = SG_RESOLVED_REWRITTEN;
    finding->edits = true;
    finding->message = "upstream says the same now, and the overlay says it no more";
    finding->fix = "look at the edit";
}

static void add_place(struct judging *j, const struct sg_resource *res,
                      const struct sg_event *event, uint32_t at) {
    struct overlay_plan *op = j->op;
    bool gone = event->op == SG_OP_DELETE;
    struct sg_finding_in in = {
        .code = "SG103",
        .rule = "redundant",
        .object = object_id(op, op->trees[T_RN], res),
        .path = path_text(op, event->path),
        .severity = SG_INFO,
        .hop = op->hop,
        .at = event_place(op, op->trees[T_RO], at),
        .message = gone ? "upstream has removed this too: to delete it changes nothing "
                          "any more"
                        : "upstream says the same now: to write it changes nothing any "
                          "more",
        .fix = "remove it from the overlay, or leave it: it does no harm",
    };
    bool dropped = drop_place(op, res, event, in.object, in.path);
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    if (dropped) {
        note_mended(op, "SG103", event->step, in.object, in.path);
        tell_dropped(finding);
    }
    add_cause(op, res, finding);
}

static void judge_places(struct judging *j) {
    const struct tree *old = j->op->trees[T_RO], *new = j->op->trees[T_RN];
    for (uint32_t i = 0; i < old->trace.events.len; i++) {
        const struct sg_event *event = &old->trace.events.items[i];
        if (!is_judged(old, j->steps_old, event) || event->op == SG_OP_NOOP ||
            sg_trace_last(&old->trace, event->object, event->path) != i) {
            continue; /* it did nothing before, or a later write hid it */
        }
        const struct sg_resource *res = index_uid(&old->index, event->object);
        if (res == NULL) {
            continue;
        }
        struct identity identity = identity_of(&res->orig);
        const struct sg_resource *now = index_find(&new->index, &identity);
        if (now != NULL &&
            does_nothing_now(j, now, event->path, j->steps_old[event->step])) {
            add_place(j, now, event, i);
            /* once, where the overlay holds the object twice or two steps say the same */
            struct deed_key key = key_of(now, event->path, 0);
            deed_at(j, &key)->wrote_below = true;
        }
    }
}

/* --- entries of transformers ------------------------------------------------------ */

/* By number: what the step did, wherever. */
static struct deed *deeds_of_steps(const struct judging *j, const struct tree *tree,
                                   const size_t *numbers) {
    struct deed *deeds = sg_xcalloc(j->numbers.map.len + 1, sizeof(*deeds));
    for (size_t i = 0; i < tree->trace.events.len; i++) {
        const struct sg_event *event = &tree->trace.events.items[i];
        struct deed *deed = &deeds[numbers[event->step]];
        if (event->object != SG_NO_OBJECT) {
            bool idle = event->op == SG_OP_NOOP;
            deed->idle_here = deed->idle_here || idle;
            deed->wrote_here = deed->wrote_here || !idle;
        }
    }
    return deeds;
}

static bool drop_entry(struct overlay_plan *op, uint32_t step, const char *path) {
    struct step_text text;
    if (step == UINT32_MAX || !op->tidy || !repairs(op) ||
        mended(op, "SG103", step, "", path) ||
        !step_text_find(op, &op->trees[T_RO]->trace.steps.items[step], &text) ||
        !draft_remove(text.kustomization, text.list, text.item,
                      fingerprint_of(op, "SG103", "", path))) {
        return false;
    }
    note_mended(op, "SG103", step, "", path);
    return true;
}

/* The step of R_O of this number, or UINT32_MAX. */
static uint32_t numbered(const struct judging *j, size_t number) {
    size_t len = j->op->trees[T_RO]->trace.steps.len;
    for (uint32_t i = 0; i < len; i++) {
        if (j->steps_old[i] == number) {
            return i;
        }
    }
    return UINT32_MAX;
}

static void add_entry(struct judging *j, const struct tree *tree,
                      const struct sg_step *step, size_t number) {
    struct overlay_plan *op = j->op;
    struct sg_arena *arena = &op->plan->docs.arena;
    struct sg_finding_in in = {
        .code = "SG103",
        .rule = "redundant",
        .severity = SG_INFO,
        .hop = op->hop,
        .path = entry_path(arena, step),
        .at = place_copy(op, step_place(&tree->render.docs, step)),
        .message = sg_arena_printf(arena,
                                   "this entry of %s changes nothing any more: upstream "
                                   "says the same now",
                                   step->name),
        .fix = "remove it from the overlay, or leave it: it does no harm",
    };
    bool dropped = drop_entry(op, numbered(j, number), in.path);
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    if (dropped) {
        tell_dropped(finding);
    }
}

/* An entry that finds nothing any more is not redundant: what it set is lost. */
static void judge_entries(struct judging *j) {
    const struct tree *old = j->op->trees[T_RO], *new = j->op->trees[T_RN];
    struct deed *before = deeds_of_steps(j, old, j->steps_old);
    struct deed *now = deeds_of_steps(j, new, j->steps_new);
    for (size_t i = 0; i < new->trace.steps.len; i++) {
        const struct sg_step *step = &new->trace.steps.items[i];
        size_t number = j->steps_new[i];
        if (number != 0 && step->kind == SG_STEP_TRANSFORM && !step_targeted(step) &&
            before[number].wrote_here && now[number].idle_here &&
            !now[number].wrote_here) {
            add_entry(j, new, step, number);
            now[number].wrote_here = true; /* an overlay may run a component twice */
        }
    }
    free(before);
    free(now);
}

void find_redundant(struct overlay_plan *op) {
    const struct tree *old = op->trees[T_RO], *new = op->trees[T_RN];
    if (!old->rendered || !new->rendered) {
        return;
    }
    struct judging j = {.op = op};
    sg_arena_init(&j.arena);
    j.steps_old = number_steps(&j, old);
    j.steps_new = number_steps(&j, new);
    note_new(&j);
    judge_places(&j);
    judge_entries(&j);
    free(j.steps_old);
    free(j.steps_new);
    sg_strmap_release(&j.deeds);
    sg_arena_release(&j.arena);
    counters_release(&j.numbers);
}
