/*
 * orphan.c - what the new base takes the ground away from: patches whose object is gone
 * (SG201), and the steps that kustomize refuses there (SG202, SG205, SG206).
 *
 * SG201 of a step that names its object is found before R_N is rendered, from what the
 * step touched in R_O, and the step is left out; kustomize would refuse it. A step that
 * selects its objects is looked at afterwards: its selector may match what took over. The
 * other steps show when the render fails: the one at fault is named and left out, so that
 * the preview shows the rest.
 */
#include <string.h>

#include "heirs.h"
#include "repair.h"

/* --- which objects a step is for -------------------------------------------------- */

struct target {
    uint32_t step;                 /* in R_O */
    const struct sg_event *event;  /* the step's first on the object */
    const struct sg_resource *res; /* in R_O or, of a deleted object, in U_O */
};
struct events {
    SG_VEC(const struct sg_event *) items;
};
struct targets {
    SG_VEC(struct target) items; /* in the order of the steps */
};

static const struct sg_resource *target_of(const struct overlay_plan *op,
                                           const struct sg_event *event) {
    const struct tree *old = op->trees[T_RO];
    const struct sg_resource *res = index_uid(&old->index, event->object);
    if (res != NULL || event->before == NULL || event->path != NULL) {
        return res;
    }
    struct identity identity;
    if (!identity_of_node(op->atoms, event->before, &identity)) {
        return NULL;
    }
    return index_find(&op->trees[T_UO]->index, &identity);
}

/* The next of writes and reads, in the order of their steps; NULL at the end. */
static const struct sg_event *next_event(const struct sg_trace *trace, size_t *events,
                                         size_t *reads) {
    const struct sg_event *write =
        *events < trace->events.len ? &trace->events.items[*events] : NULL;
    const struct sg_event *read =
        *reads < trace->reads.len ? &trace->reads.items[*reads] : NULL;
    if (read != NULL && (write == NULL || read->step <= write->step)) {
        (*reads)++;
        return read;
    }
    (*events)++;
    return write;
}

/* Every (step, object) of the customer's targeted steps in R_O, once: of those that
 * select their objects, or of those that name them. */
static void targets_find(const struct overlay_plan *op, bool selecting,
                         struct targets *out) {
    const struct sg_trace *trace = &op->trees[T_RO]->trace;
    sg_auto_strmap seen = {0};
    size_t events = 0, reads = 0;
    for (const struct sg_event *event; (event = next_event(trace, &events, &reads));) {
        const struct sg_step *step = &trace->steps.items[event->step];
        if (event->object == SG_NO_OBJECT || !step_targeted(step) ||
            step->selects != selecting || !owners_customer(&op->owners, step)) {
            continue;
        }
        uint32_t key[2] = {event->step, event->object};
        if (sg_strmap_has(&seen, (const char *)key, sizeof(key))) {
            continue;
        }
        sg_strmap_put(&seen, (const char *)key, sizeof(key), trace->steps.items);
        struct target target = {event->step, event, target_of(op, event)};
        if (target.res != NULL) {
            sg_vec_push(&out->items, target);
        }
    }
}

/* Upstream had it and has it no more. */
static bool is_gone(const struct overlay_plan *op, const struct sg_resource *res) {
    struct identity identity = identity_of(&res->orig);
    return index_find(&op->trees[T_UO]->index, &identity) != NULL &&
           index_find(&op->trees[T_UN]->index, &identity) == NULL;
}

bool drop_step(struct overlay_plan *op, const struct tree *tree, uint32_t step) {
    sg_auto_buf key = SG_BUF_INIT;
    tree_step_key(op, tree, &tree->trace.steps.items[step], &key);
    if (sg_strmap_has(&op->drops->round, sg_buf_cstr(&key), key.len)) {
        return false;
    }
    sg_strmap_put(&op->drops->round, sg_buf_cstr(&key), key.len, op->drops);
    sg_vec_push(&op->dropped, sg_arena_strdup(&op->plan->docs.arena, sg_buf_cstr(&key)));
    return true;
}

/* --- SG201 ------------------------------------------------------------------------ */

/* The operations of one JSON patch are steps of their own, and one finding together. */
static bool first_of_entry(struct sg_strmap *reported, const struct overlay_plan *op,
                           const struct tree *tree, const struct target *target) {
    const struct sg_step *step = &tree->trace.steps.items[target->step];
    sg_auto_buf key = SG_BUF_INIT;
    if (step->kind == SG_STEP_JSON) {
        struct sg_pos at = sg_docs_pos(&tree->render.docs, step->entry);
        sg_buf_addf(&key, "%s\n%u:%u", step->kustomization, at.line, at.column);
    } else {
        tree_step_key(op, tree, step, &key);
    }
    sg_buf_addf(&key, "\n%u", target->res->uid);
    if (sg_strmap_has(reported, sg_buf_cstr(&key), key.len)) {
        return false;
    }
    sg_strmap_put(reported, sg_buf_cstr(&key), key.len, reported);
    return true;
}

/* `refused`: kustomize refuses the step, for it names its object. True: it was repaired,
 * and the step is to be left out until the edits are made. */
static bool add_orphan(struct overlay_plan *op, const struct target *target, bool stops,
                       bool refused) {
    const struct tree *old = op->trees[T_RO];
    const struct sg_step *step = &old->trace.steps.items[target->step];
    struct sg_arena *arena = &op->plan->docs.arena;
    bool present = index_uid(&old->index, target->res->uid) == target->res;
    const char *id = object_id(op, present ? old : op->trees[T_UO], target->res);
    const char *name = step->name != NULL ? step->name : "a patch";
    struct sg_finding_in in = {
        .code = "SG201",
        .rule = "orphan-object",
        .object = id,
        .severity = stops ? SG_ERROR : SG_WARNING,
        .hop = op->hop,
        .at = place_of_event(op, old, target->event),
        .message = sg_arena_printf(
            arena,
            stops ? "upstream removed %s, which this entry of %s is for"
                  : "upstream removed %s, one of the objects this entry of %s selects",
            id, name),
        .fix = stops ? "point it to the object that took over, or remove it"
                     : "nothing: it still applies to the others",
        .stops = stops,
        .refused = refused,
    };
    auto_fate fate = {.resolved = stops ? SG_RESOLVED_NONE : SG_RESOLVED_KEPT};
    if (stops && repairs(op)) {
        repair_object(op, target->step, target->res, id, &fate);
    } else {
        heir_matches(op, target->res, &fate.matches);
    }
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    tell_fate(op, finding, &fate);
    if (finding->stops && !refused) {
        sg_vec_push(&finding->flags,
                    sg_arena_printf(arena, "--accept 'SG201:%s=REASON'", id));
    }
    add_cause(op, target->res, finding);
    return stops && fate.resolved != SG_RESOLVED_NONE;
}

/* Steps that still have an object: one that stays, or in R_N one that a selector found
 * anew. `remains` is indexed by the steps of R_O. */
static void steps_that_remain(const struct overlay_plan *op,
                              const struct targets *targets, bool *remains) {
    const struct tree *old = op->trees[T_RO];
    for (size_t i = 0; i < targets->items.len; i++) {
        if (!is_gone(op, targets->items.items[i].res)) {
            remains[targets->items.items[i].step] = true;
        }
    }
    if (op->trees[T_RN] == NULL) {
        return;
    }
    sg_auto_strmap matched = {0};
    matched_steps(op, &matched);
    for (size_t i = 0; i < old->trace.steps.len; i++) {
        const struct sg_step *step = &old->trace.steps.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        tree_step_key(op, old, step, &key);
        if (step->selects && sg_strmap_has(&matched, sg_buf_cstr(&key), key.len)) {
            remains[i] = true;
        }
    }
}

/* Operations of one JSON patch are decided one by one and told together. */
static void find_orphan(struct overlay_plan *op, const struct target *target, bool stops,
                        bool selecting, struct sg_strmap *reported) {
    const struct tree *old = op->trees[T_RO];
    const char *id = object_id(op, op->trees[T_UO], target->res);
    bool refused = stops && !selecting, repaired = false;
    if (mended(op, "SG201", target->step, id, "")) {
        return;
    }
    if (first_of_entry(reported, op, old, target)) {
        repaired = add_orphan(op, target, stops, refused);
    } else if (stops && repairs(op)) {
        auto_fate fate = {0};
        repair_object(op, target->step, target->res, id, &fate);
        repaired = fate.resolved != SG_RESOLVED_NONE;
    }
    if (repaired) {
        note_mended(op, "SG201", target->step, id, "");
    }
    if (refused || repaired) {
        (void)drop_step(op, old, target->step);
    }
}

/* `replicas` goes by name alone: it finds what took over under that name, whatever its
 * kind. Where kustomize does not take that kind, the render fails and is explained. */
static bool found_by_name(struct overlay_plan *op, const struct target *target) {
    const struct sg_step *step = &op->trees[T_RO]->trace.steps.items[target->step];
    const struct sg_resource *heir =
        step->kind == SG_STEP_TRANSFORM ? heir_of(op, target->res) : NULL;
    return heir != NULL && heir->orig.name == target->res->orig.name;
}

void find_orphans(struct overlay_plan *op, bool selecting) {
    if (!op->trees[T_RO]->rendered || !op->trees[T_UO]->rendered ||
        !op->trees[T_UN]->rendered) {
        return;
    }
    struct targets targets = {0};
    targets_find(op, selecting, &targets);
    size_t steps = op->trees[T_RO]->trace.steps.len;
    bool *remains = sg_xcalloc(steps + 1, sizeof(*remains));
    steps_that_remain(op, &targets, remains);
    sg_auto_strmap reported = {0};
    for (size_t i = 0; i < targets.items.len; i++) {
        const struct target *target = &targets.items.items[i];
        if (is_gone(op, target->res) && !found_by_name(op, target)) {
            find_orphan(op, target, !remains[target->step], selecting, &reported);
        }
    }
    free(remains);
    sg_vec_release(&targets.items);
}

/* --- a render that fails ---------------------------------------------------------- */

/* The events of a step on its first object: first what it reads. */
static void events_of_step(const struct sg_trace *trace, uint32_t step,
                           struct events *out) {
    size_t events = 0, reads = 0;
    for (const struct sg_event *event; (event = next_event(trace, &events, &reads));) {
        bool first = out->items.len == 0;
        if (event->step == step && event->object != SG_NO_OBJECT &&
            (first || out->items.items[0]->object == event->object)) {
            sg_vec_push(&out->items, event);
        }
    }
}

static bool version_moved(const struct overlay_plan *op, const struct sg_resource *res) {
    struct identity identity = identity_of(&res->orig);
    const struct sg_resource *now = index_find(&op->trees[T_UN]->index, &identity);
    return now != NULL && now->orig.version != res->orig.version;
}

/* What the failing step did in O. */
struct failure {
    uint32_t step;                              /* in R_O, UINT32_MAX for none */
    struct events events;                       /* on its first object */
    const struct sg_resource *res, *base, *now; /* in R_O, U_O and U_N */
};

static void failure_release(struct failure *failure) {
    sg_vec_release(&failure->events.items);
}

static void trace_back(const struct overlay_plan *op, const struct tree *failed,
                       struct failure *out) {
    const struct tree *old = op->trees[T_RO];
    *out = (struct failure){.step = UINT32_MAX};
    if (!old->rendered) {
        return;
    }
    out->step = step_in_old(op, failed, failed->failed);
    if (out->step != UINT32_MAX) {
        events_of_step(&old->trace, out->step, &out->events);
    }
    out->res =
        out->events.items.len == 0 ? NULL : target_of(op, out->events.items.items[0]);
    if (out->res != NULL) {
        struct identity identity = identity_of(&out->res->orig);
        out->base = index_find(&op->trees[T_UO]->index, &identity);
        out->now = index_find(&op->trees[T_UN]->index, &identity);
        out->now = out->now != NULL ? out->now : heir_of(op, out->res);
    }
}

/* … tells what it misses in N. */
static void name_failure(struct overlay_plan *op, const struct tree *failed,
                         const struct failure *failure, struct sg_finding_in *in) {
    const struct sg_step *step = &failed->trace.steps.items[failed->failed];
    if (failure->res == NULL) {
        return;
    }
    in->object = object_id(op, op->trees[T_RO], failure->res);
    bool path = step->kind == SG_STEP_JSON || step->kind == SG_STEP_REPLACE;
    if (step->kind == SG_STEP_STRATEGIC && version_moved(op, failure->res)) {
        in->code = "SG205";
        in->rule = "api-change";
        in->fix = "name the new apiVersion in the patch";
    } else if (path && failure->events.items.items[0]->op != SG_OP_NOOP) {
        in->code = "SG202";
        in->rule = "orphan-element";
        in->path = path_text(op, failure->events.items.items[0]->path);
        in->fix = "point it to where the field is now, or remove it";
    }
}

/* An operation misses what it reads or takes away, or the place that it writes to. */
static void mend_operation(struct overlay_plan *op, const struct failure *failure,
                           struct sg_finding_in *in, struct fate *fate) {
    for (size_t i = 0; i < failure->events.items.len; i++) {
        const struct sg_event *event = failure->events.items.items[i];
        const char *path = path_text(op, event->path);
        repair_operation(op, event, failure->base, failure->now, in->code, in->object,
                         NULL, fate);
        if (fate->resolved != SG_RESOLVED_NONE || fate->matches.items.len > 0) {
            in->path = path;
            return;
        }
    }
}

static void mend_failure(struct overlay_plan *op, const struct failure *failure,
                         struct sg_finding_in *in, struct fate *fate) {
    if (!repairs(op) || failure->base == NULL) {
        return;
    }
    if (strcmp(in->code, "SG205") == 0 &&
        !mended(op, in->code, failure->step, in->object, "")) {
        repair_api(op, failure->step, failure->base, failure->now, in->object, fate);
    } else if (strcmp(in->code, "SG202") == 0 &&
               op->trees[T_RO]->trace.steps.items[failure->step].kind == SG_STEP_JSON) {
        mend_operation(op, failure, in, fate);
    }
    if (fate->edits) {
        note_mended(op, in->code, failure->step, in->object,
                    in->path != NULL ? in->path : "");
    }
}

/* A test that finds another value where it looks: what it guards is for a person to see.
 */
static bool is_failed_test(const struct failure *failure, const struct fate *fate) {
    bool test = failure->events.items.len == 1 &&
                failure->events.items.items[0]->op == SG_OP_READ;
    return test && fate->resolved == SG_RESOLVED_NONE && fate->matches.items.len == 0;
}

static bool failed_before(const struct overlay_plan *op, const struct tree *failed) {
    const struct tree *old = op->trees[T_RO];
    return !old->rendered && strcmp(old->err.text, failed->err.text) == 0;
}

/* Where to look: what the error names, but the customer's step where that is upstream's
 * text, which nobody may edit. */
static struct sg_place failure_place(const struct overlay_plan *op,
                                     const struct tree *failed,
                                     const struct sg_step *step) {
    const struct sg_err *err = &failed->err;
    struct sg_place at = {0};
    if (step != NULL) {
        at = step_place(&failed->render.docs, step);
    }
    bool vendored = op->owners.vendored(op->owners.ctx, err->file);
    if (err->file[0] != '\0' && err->line != 0 && (at.file == NULL || !vendored)) {
        at = (struct sg_place){err->file, err->line, err->column};
    }
    return at;
}

static void tell_failure(struct overlay_plan *op, const struct sg_finding_in *in,
                         struct fate *fate) {
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), in);
    if (fate->resolved != SG_RESOLVED_NONE || fate->matches.items.len > 0) {
        tell_fate(op, finding, fate);
    }
}

/* Whose fault it is: an overlay that did not render before is not broken by the upgrade,
 * and may fail after it for another reason. */
static const char *failure_message(const struct overlay_plan *op,
                                   const struct tree *failed, bool alike) {
    struct sg_arena *arena = &op->plan->docs.arena;
    const struct tree *old = op->trees[T_RO];
    if (alike) {
        return sg_arena_printf(
            arena,
            "the overlay did not render before the upgrade, which does "
            "not mend it: %s",
            failed->err.text);
    }
    return old->rendered
               ? failed->err.text
               : sg_arena_printf(arena,
                                 "%s; before the upgrade the overlay did not render "
                                 "either: %s",
                                 failed->err.text, old->err.text);
}

bool explain_failure(struct overlay_plan *op, const struct tree *failed) {
    const struct sg_step *step =
        failed->failed == UINT32_MAX ? NULL : &failed->trace.steps.items[failed->failed];
    bool alike = failed_before(op, failed);
    bool ours = step != NULL && owners_customer(&op->owners, step) &&
                step->kind != SG_STEP_LOAD && step->kind != SG_STEP_REFERENCES;
    struct sg_finding_in in = {
        .code = "SG206",
        .rule = "refused",
        .severity = alike ? SG_INFO : SG_ERROR,
        .hop = op->hop,
        .at = failure_place(op, failed, ours && !alike ? step : NULL),
        .message = failure_message(op, failed, alike),
        .fix = failed->err.hint[0] != '\0'
                   ? failed->err.hint
                   : "change the entry of the overlay that the message is about",
        .stops = !alike,
        .refused = true,
    };
    struct failure failure SG_CLEANUP(failure_release) = {.step = UINT32_MAX};
    const struct sg_finding_in plain = in;
    if (ours && !alike) {
        trace_back(op, failed, &failure);
        name_failure(op, failed, &failure, &in);
    }
    auto_fate fate = {0};
    mend_failure(op, &failure, &in, &fate);
    if (is_failed_test(&failure, &fate)) {
        in = plain;
    }
    op->broken = op->broken || !fate.edits;
    if (!alike || first_said(op, in.code, in.at, in.message)) {
        tell_failure(op, &in, &fate);
    }
    return ours && !alike && drop_step(op, failed, failed->failed);
}
