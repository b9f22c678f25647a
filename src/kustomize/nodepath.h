/*
 * nodepath.h - the field paths of replacements: "spec.template.spec.containers.[name=web]
 * .image", "metadata.annotations.[a.b/c]", "spec.rules.0.host", "spec.*.x". As kustomize,
 * a source is looked up (one place, list elements by equality) and targets are matched
 * (many places, list elements by expression, with creation).
 */
#ifndef SG_KUSTOMIZE_NODEPATH_H
#define SG_KUSTOMIZE_NODEPATH_H

#include "context.h"

struct sg_nodepath {
    const char *const *parts;
    size_t len;
};
/* Splits at `delimiter` where no backslash stands before it, nor an open bracket; the
 * parts live in the set's arena. */
struct sg_nodepath sg_nodepath_split(struct sg_kustomize *k, const char *text,
                                     char delimiter);

/* What a path is followed in: an object, or data held in one of its strings. */
struct sg_nodepath_root {
    struct sg_kustomize *k;
    const struct sg_resource *res;
    struct sg_node *node;
    const struct sg_fieldpath *path; /* of `node`; NULL for the object */
};

/*
 * Follows the path to one place. `*out` is NULL where a field or element is missing. A
 * part that does not fit what is there (a field of a list, "*") is SG_E_INPUT.
 */
SG_MUST_USE int sg_nodepath_lookup(const struct sg_nodepath_root *root,
                                   struct sg_nodepath path, struct sg_field_hit *out,
                                   struct sg_err *err);

/* What sg_nodepath_match makes where a field is missing. */
enum sg_nodepath_create {
    SG_CREATE_NOTHING,
    SG_CREATE_SCALAR,
    SG_CREATE_MAP,
    SG_CREATE_SEQ
};
typedef SG_VEC(struct sg_field_hit) sg_field_hits;
/* Appends every place the path matches to `out`. */
SG_MUST_USE int sg_nodepath_match(const struct sg_nodepath_root *root,
                                  struct sg_nodepath path, enum sg_nodepath_create create,
                                  sg_field_hits *out, struct sg_err *err);

/*
 * Follows fields and elements until a string is reached before the path ends: `*out` is
 * that string, `*used` the number of parts that led to it. False where there is none.
 */
bool sg_nodepath_string(const struct sg_nodepath_root *root, struct sg_nodepath path,
                        struct sg_field_hit *out, size_t *used);

#endif
