/*
 * steps.c - whose a step is, and how to know it again in another render.
 */
#include <string.h>

#include "planner.h"

bool owners_customer(const struct owners *owners, const struct sg_step *step) {
    return step->file != NULL && !owners->vendored(owners->ctx, step->file);
}

/* Messages may show a file system's name before a path ("v3.20.1:base/x.yaml"). */
static bool ends_with(const char *shown, const char *path) {
    size_t shown_len = strlen(shown), len = path == NULL ? 0 : strlen(path);
    return len > 0 && shown_len >= len && strcmp(shown + shown_len - len, path) == 0;
}

struct sg_place place_of(const struct sg_docs *set, const struct sg_step *step,
                         uint32_t loc) {
    struct sg_pos at = sg_docs_pos(set, loc);
    const char *file = step->file;
    if (at.file != NULL && !ends_with(at.file, file)) {
        file = ends_with(at.file, step->kustomization) ? step->kustomization : at.file;
    }
    return (struct sg_place){file, at.line, at.column};
}

struct sg_place step_place(const struct sg_docs *set, const struct sg_step *step) {
    return place_of(set, step, step->loc);
}

bool step_targeted(const struct sg_step *step) {
    switch (step->kind) {
    case SG_STEP_STRATEGIC:
    case SG_STEP_JSON:
    case SG_STEP_GENERATE:
    case SG_STEP_REPLACE:
        return true;
    case SG_STEP_TRANSFORM:
        return step->name != NULL && strcmp(step->name, "replicas") == 0;
    case SG_STEP_LOAD:
    case SG_STEP_REFERENCES:
        return false;
    }
    return false;
}

/* Documents of a scalar that is not written line by line all have the scalar's place. */
static bool shares_place(const struct sg_docs *set, uint32_t loc) {
    const struct sg_source *source = sg_docs_source(set, loc);
    if (source == NULL || source->outer == 0) {
        return false;
    }
    struct sg_pos at = sg_docs_pos(set, loc), outer = sg_docs_pos(set, source->outer);
    return at.line == outer.line && at.column == outer.column;
}

static void add_place(const struct draft *draft, enum draft_era era,
                      const struct sg_docs *set, const struct sg_step *step, uint32_t loc,
                      struct sg_buf *out) {
    if (loc != 0) {
        struct sg_place at = draft_on_disk(draft, era, place_of(set, step, loc));
        sg_buf_addf(out, "\n%u:%u", at.line, at.column);
    }
}

void step_key(const struct draft *draft, enum draft_era era, const struct sg_docs *set,
              const struct sg_step *step, struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s\n%s", step->name != NULL ? step->name : "",
                step->kustomization != NULL ? step->kustomization : "",
                step->file != NULL ? step->file : "");
    add_place(draft, era, set, step, step->loc, out);
    add_place(draft, era, set, step, step->entry, out);
    add_place(draft, era, set, step, step->text, out);
    if (step->text != 0 && shares_place(set, step->text)) {
        struct sg_place at = draft_on_disk(draft, era, place_of(set, step, step->text));
        sg_buf_addf(out, "\n%u", draft_ordinal(draft, era, at, step->document));
    }
}

enum draft_era era_of(const struct overlay_plan *op, const struct tree *tree) {
    return tree == op->trees[T_RO] ? DRAFT_BEFORE : DRAFT_NOW;
}

void tree_step_key(const struct overlay_plan *op, const struct tree *tree,
                   const struct sg_step *step, struct sg_buf *out) {
    step_key(op->draft, era_of(op, tree), &tree->render.docs, step, out);
}

uint32_t step_in_old(const struct overlay_plan *op, const struct tree *tree,
                     uint32_t step) {
    const struct tree *old = op->trees[T_RO];
    sg_auto_buf wanted = SG_BUF_INIT;
    tree_step_key(op, tree, &tree->trace.steps.items[step], &wanted);
    for (uint32_t i = 0; i < old->trace.steps.len; i++) {
        sg_auto_buf key = SG_BUF_INIT;
        tree_step_key(op, old, &old->trace.steps.items[i], &key);
        if (key.len == wanted.len && memcmp(key.ptr, wanted.ptr, key.len) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

void matched_steps(const struct overlay_plan *op, struct sg_strmap *out) {
    const struct tree *new = op->trees[T_RN];
    for (size_t i = 0; i < new->trace.steps.len; i++) {
        const struct sg_step *step = &new->trace.steps.items[i];
        if (step->matched > 0) {
            sg_auto_buf key = SG_BUF_INIT;
            tree_step_key(op, new, step, &key);
            sg_strmap_put(out, sg_buf_cstr(&key), key.len, op->plan);
        }
    }
}
