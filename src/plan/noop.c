/*
 * noop.c - text of the overlay that does nothing (SG104), or that kustomize does not do
 * what it says with (SG105).
 */
#include <string.h>

#include "planner.h"

/* --- steps without effect --------------------------------------------------------- */

struct deed {
    bool wrote;   /* an event that changed something */
    bool visited; /* an event that did not */
};

static struct deed *deeds_of(const struct tree *tree) {
    struct deed *deeds = sg_xcalloc(tree->trace.steps.len + 1, sizeof(*deeds));
    for (size_t i = 0; i < tree->trace.events.len; i++) {
        const struct sg_event *event = &tree->trace.events.items[i];
        if (event->object == SG_NO_OBJECT) {
            continue;
        }
        if (event->op == SG_OP_NOOP) {
            deeds[event->step].visited = true;
        } else {
            deeds[event->step].wrote = true;
        }
    }
    return deeds;
}

static bool can_be_idle(const struct sg_step *step) {
    switch (step->kind) {
    case SG_STEP_STRATEGIC:
    case SG_STEP_JSON:
    case SG_STEP_TRANSFORM:
    case SG_STEP_REPLACE:
        return true;
    case SG_STEP_LOAD:
    case SG_STEP_GENERATE:
    case SG_STEP_REFERENCES:
        return false;
    }
    return false;
}

/* It changed nothing of what it found. A step without any event (a JSON `test`) is no
 * no-op, and that a step finds nothing the render itself says. */
static bool is_idle(const struct sg_step *step, const struct deed *deed) {
    return can_be_idle(step) && !deed->wrote && deed->visited;
}

/* The customer's steps that are idle, or those that wrote something, by key. */
static void steps_by_key(const struct overlay_plan *op, const struct tree *tree,
                         bool idle, struct sg_strmap *out) {
    struct deed *deeds = deeds_of(tree);
    for (size_t i = 0; i < tree->trace.steps.len; i++) {
        struct sg_step *step = &tree->trace.steps.items[i];
        if (!owners_customer(&op->owners, step) ||
            !(idle ? is_idle(step, &deeds[i]) : deeds[i].wrote)) {
            continue;
        }
        sg_auto_buf key = SG_BUF_INIT;
        tree_step_key(op, tree, step, &key);
        sg_strmap_put(out, sg_buf_cstr(&key), key.len, step);
    }
    free(deeds);
}

bool first_said(struct overlay_plan *op, const char *code, struct sg_place at,
                const char *message) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n%s\n%u:%u\n%s", code, at.file != NULL ? at.file : "", at.line,
                at.column, message);
    if (sg_strmap_has(op->said, sg_buf_cstr(&key), key.len)) {
        return false;
    }
    sg_strmap_put(op->said, sg_buf_cstr(&key), key.len, op->said);
    sg_vec_push(&op->said_now, sg_arena_strdup(&op->plan->docs.arena, sg_buf_cstr(&key)));
    return true;
}

const char *entry_path(struct sg_arena *arena, const struct sg_step *step) {
    const char *file = step->file != NULL ? step->file : "";
    const char *name = step->name != NULL ? step->name : "";
    return step->kind == SG_STEP_JSON
               ? sg_arena_printf(arena, "%s %s[%u].%u", file, name, step->item,
                                 step->document)
               : sg_arena_printf(arena, "%s %s[%u]", file, name, step->item);
}

/* What the render says has no step: the file, and from the second finding of its code in
 * there on a number. */
static const char *file_path(struct overlay_plan *op, const char *code,
                             const char *file) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "number of\n%s\n%s", code, file != NULL ? file : "");
    uintptr_t number = (uintptr_t)sg_strmap_get(op->said, key.ptr, key.len) + 1;
    (void)sg_strmap_put(op->said, key.ptr, key.len, (void *)number);
    return number == 1 || file == NULL
               ? file
               : sg_arena_printf(&op->plan->docs.arena, "%s #%zu", file, (size_t)number);
}

/* `path` NULL: of the file. */
static void add_noop(struct overlay_plan *op, struct sg_place at, const char *path,
                     const char *message) {
    if (!first_said(op, "SG104", at, message)) {
        return;
    }
    struct sg_finding_in in = {
        .code = "SG104",
        .rule = "no-op",
        .severity = SG_WARNING,
        .hop = op->hop,
        .path = path != NULL ? path : file_path(op, "SG104", at.file),
        .at = at,
        .message = message,
        .fix = "correct what it selects, or remove it",
    };
    (void)sg_plan_add_finding(op->plan, overlay_of(op), &in);
}

static void find_idle(struct overlay_plan *op, const struct tree *old,
                      const struct tree *now) {
    sg_auto_strmap wrote_old = {0}, idle_now = {0};
    steps_by_key(op, now, true, &idle_now);
    if (old != NULL) {
        steps_by_key(op, old, false, &wrote_old);
    }
    for (size_t i = 0; i < now->trace.steps.len && idle_now.len > 0; i++) {
        const struct sg_step *step = &now->trace.steps.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        tree_step_key(op, now, step, &key);
        if (sg_strmap_get(&idle_now, sg_buf_cstr(&key), key.len) != step ||
            sg_strmap_has(&wrote_old, sg_buf_cstr(&key), key.len)) {
            continue;
        }
        const char *message =
            sg_arena_printf(&op->plan->docs.arena,
                            "this entry of %s changes nothing: the values are so already",
                            step->name != NULL ? step->name : "the kustomization");
        add_noop(op, step_place(&now->render.docs, step),
                 entry_path(&op->plan->docs.arena, step), message);
    }
}

/* --- what the render said --------------------------------------------------------- */

static bool said(const struct tree *tree, const struct tree_diag *diag) {
    if (tree == NULL) {
        return true;
    }
    for (size_t i = 0; i < tree->diags.len; i++) {
        const struct tree_diag *other = &tree->diags.items[i];
        if (strcmp(other->code, diag->code) == 0 && other->at.line == diag->at.line &&
            other->at.file != NULL && diag->at.file != NULL &&
            strcmp(other->at.file, diag->at.file) == 0) {
            return true;
        }
    }
    return false;
}

/* A render only warns of what it loses; in a plan it is an error, for nobody asked for
 * it. In a vendored file it is upstream's to mend. */
static void add_diag(struct overlay_plan *op, const struct tree_diag *diag) {
    if (!first_said(op, diag->code, diag->at, diag->text)) {
        return;
    }
    bool upstream =
        diag->at.file != NULL && op->owners.vendored(op->owners.ctx, diag->at.file);
    bool lost = strcmp(diag->code, "SG105") == 0;
    struct sg_finding_in in = {
        .code = diag->code,
        .rule = diag->rule,
        .severity = upstream ? SG_INFO
                    : lost   ? SG_ERROR
                             : diag->severity,
        .hop = op->hop,
        .path = file_path(op, diag->code, diag->at.file),
        .at = diag->at,
        .message = diag->text,
        .fix = lost && !upstream
                   ? "write it so that it survives: `sgupgrade explain SG105`"
                   : "",
    };
    (void)sg_plan_add_finding(op->plan, overlay_of(op), &in);
}

void find_noops(struct overlay_plan *op, const struct tree *old, const struct tree *now) {
    if (now->rendered) {
        find_idle(op, old, now);
    }
    for (size_t i = 0; i < now->diags.len; i++) {
        const struct tree_diag *diag = &now->diags.items[i];
        if (strcmp(diag->code, "SG104") == 0) {
            bool upstream = diag->at.file == NULL ||
                            op->owners.vendored(op->owners.ctx, diag->at.file);
            if (!upstream && said(old, diag)) {
                add_noop(op, diag->at, NULL, diag->text);
            }
        } else if (diag->code[0] != '\0') {
            add_diag(op, diag);
        }
    }
}
