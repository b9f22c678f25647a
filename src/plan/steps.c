/*
 * steps.c - whose a step is, and how to know it again in another render.
 */
#include <string.h>

#include "planner.h"

bool owners_customer(const struct owners *owners, const struct sg_step *step) {
    return step->file != NULL && !owners->vendored(owners->ctx, step->file);
}

void step_key(const struct sg_docs *set, const struct sg_step *step, struct sg_buf *out) {
    struct sg_pos at = sg_docs_pos(set, step->loc);
    sg_buf_addf(out, "%s\n%s\n%s\n%u:%u\n%u.%u", step->name != NULL ? step->name : "",
                step->kustomization != NULL ? step->kustomization : "",
                step->file != NULL ? step->file : "", at.line, at.column, step->item,
                step->document);
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
