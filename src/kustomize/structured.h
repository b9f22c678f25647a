/*
 * structured.h - YAML or JSON that a string of an object holds (a ConfigMap's entry,
 * say), changed in place by a replacement.
 */
#ifndef SG_KUSTOMIZE_STRUCTURED_H
#define SG_KUSTOMIZE_STRUCTURED_H

#include "nodepath.h"

/* New text for the scalar at `hit`, whose tag and style stay. -1 where the tag is a
 * number's, boolean's or null's and the text is none, which the writer refuses. */
SG_MUST_USE int sg_scalar_replace_text(struct sg_docs *set,
                                       const struct sg_field_hit *hit, const char *text);

/*
 * Reads the string `scalar` as YAML or JSON, writes `value` to the places `path` matches
 * in it, and sets the string to the result: JSON with sorted keys, indented where it was;
 * YAML in its own order and styles.
 */
enum sg_structured {
    SG_STRUCTURED_NONE,  /* the text is no map or list */
    SG_STRUCTURED_SET,   /* done */
    SG_STRUCTURED_KEPT,  /* JSON with a number, boolean or null where the value does not
                            fit: kustomize leaves the string as it is, and says nothing */
    SG_STRUCTURED_ERROR, /* no place matches, or the path does not fit */
};
enum sg_structured sg_structured_set(const struct sg_nodepath_root *root,
                                     struct sg_node *scalar, struct sg_nodepath path,
                                     enum sg_nodepath_create create,
                                     const struct sg_node *value, struct sg_err *err);

#endif
