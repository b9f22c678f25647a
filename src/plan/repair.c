/*
 * repair.c - deciding: what the user said, what is certain, and how a finding tells it.
 */
#include "repair.h"

#include <string.h>

void fate_release(struct fate *fate) {
    matches_release(&fate->matches);
}

bool repairs(const struct overlay_plan *op) {
    return op->draft != NULL && !op->last;
}

static void mended_key(const struct overlay_plan *op, const char *code, uint32_t step,
                       const char *object, const char *path, struct sg_buf *out) {
    const struct tree *old = op->trees[T_RO];
    sg_buf_addf(out, "%s\n%s\n%s\n", code, object, path);
    if (step != UINT32_MAX) {
        tree_step_key(op, old, &old->trace.steps.items[step], out);
    }
}

bool mended(const struct overlay_plan *op, const char *code, uint32_t step,
            const char *object, const char *path) {
    sg_auto_buf key = SG_BUF_INIT;
    mended_key(op, code, step, object, path, &key);
    return sg_strmap_has(&op->mended, sg_buf_cstr(&key), key.len);
}

void note_mended(struct overlay_plan *op, const char *code, uint32_t step,
                 const char *object, const char *path) {
    sg_auto_buf key = SG_BUF_INIT;
    mended_key(op, code, step, object, path, &key);
    sg_strmap_put(&op->mended, sg_buf_cstr(&key), key.len, op->plan);
    if (step != UINT32_MAX) {
        note_step_edit(op, step);
    }
}

const char *fingerprint_of(struct overlay_plan *op, const char *code, const char *object,
                           const char *path) {
    char hex[17];
    sg_finding_fingerprint(code, overlay_of(op)->name, sg_object_unversioned(object),
                           path, hex);
    return sg_arena_strdup(&op->draft->arena, hex);
}

const struct sg_plan_accept *decision_for(const struct overlay_plan *op, const char *code,
                                          const char *object, const char *path) {
    const struct sg_finding finding = {
        .code = code, .object = object, .path = path, .overlay = overlay_of(op)->name};
    for (size_t i = 0; i < op->accepts_len; i++) {
        const struct sg_plan_accept *accept = &op->accepts[i];
        if ((accept->retire || accept->as_patch || accept->heir != NULL) &&
            sg_plan_accept_find(accept, 1, &finding, op->version) != NULL) {
            return accept;
        }
    }
    return NULL;
}

/* --- words ------------------------------------------------------------------------ */

static void show_matches(struct overlay_plan *op, const struct matches *matches,
                         struct sg_finding *finding) {
    struct sg_arena *arena = &op->plan->docs.arena;
    for (size_t i = 0; i < matches->items.len; i++) {
        const struct match *match = &matches->items.items[i];
        struct sg_candidate candidate = {
            .id = match->key != NULL ? sg_arena_strdup(arena, match->key->text)
                                     : object_id(op, op->trees[T_UN], match->res),
            .score = match->score,
            .why = match->why,
        };
        sg_vec_push(&finding->candidates, candidate);
    }
}

static void add_flags(struct overlay_plan *op, struct sg_finding *finding) {
    struct sg_arena *arena = &op->plan->docs.arena;
    const char *colon = finding->path[0] != '\0' ? ":" : "";
    for (size_t i = 0; i < finding->candidates.len; i++) {
        sg_vec_push(&finding->flags,
                    sg_arena_printf(arena, "--retarget '%s%s%s=%s'", finding->object,
                                    colon, finding->path,
                                    finding->candidates.items[i].id));
    }
    sg_vec_push(&finding->flags, sg_arena_printf(arena, "--retire '%s%s%s'",
                                                 finding->object, colon, finding->path));
}

void tell_fate(struct overlay_plan *op, struct sg_finding *finding, struct fate *fate) {
    finding->resolved = fate->resolved;
    finding->edits = fate->edits;
    show_matches(op, &fate->matches, finding);
    if (fate->message != NULL) {
        finding->message = fate->message;
    }
    if (fate->fix != NULL) {
        finding->fix = fate->fix;
    }
    if (fate->resolved == SG_RESOLVED_NONE) {
        finding->stops = true;
        if (repairs(op)) {
            add_flags(op, finding);
        }
        return;
    }
    finding->severity = SG_WARNING;
    finding->stops = finding->refused = false;
    if (finding->edits) { /* it is decided: the others are of no interest */
        finding->candidates.len = 0;
    }
}
