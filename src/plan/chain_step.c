/*
 * chain_step.c - what a step of a render is, in words that a reader of the kustomization
 * knows.
 */
#include <string.h>

#include "chain.h"

/* A patch that stands in the kustomization itself. */
static bool is_inline(const struct sg_step *step) {
    return step->file != NULL && step->kustomization != NULL &&
           strcmp(step->file, step->kustomization) == 0;
}

/* Fields that hold one value, not a list of entries. */
static bool is_single(const char *name) {
    static const char *const names[] = {"namespace", "namePrefix", "nameSuffix",
                                        "commonLabels", "commonAnnotations"};
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_name(const struct sg_fieldpath *path) {
    return path != NULL && path->depth == 2 && path->key == SG_ATOM(name) &&
           path->parent->key == SG_ATOM(metadata);
}

const char *step_words(struct sg_arena *arena, const struct sg_step *step,
                       const struct sg_fieldpath *path) {
    const char *name = step->name != NULL ? step->name : "kustomization";
    switch (step->kind) {
    case SG_STEP_LOAD:
        return "file";
    case SG_STEP_STRATEGIC:
        return is_inline(step) ? "inline patch" : "patch";
    case SG_STEP_JSON:
        return is_inline(step) ? "inline JSON patch" : "JSON patch";
    case SG_STEP_REFERENCES:
        return is_name(path) ? "hash of its content" : "name of what it refers to";
    case SG_STEP_GENERATE:
    case SG_STEP_TRANSFORM:
    case SG_STEP_REPLACE:
        break;
    }
    return is_single(name) ? sg_arena_strdup(arena, name)
                           : sg_arena_printf(arena, "%s entry", name);
}
