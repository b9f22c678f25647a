/*
 * value.h - a scalar as kustomize's output states it: the text and whether it is a
 * string, which may need quotes.
 */
#ifndef SG_YAML_VALUE_H
#define SG_YAML_VALUE_H

#include "sg/doc.h"

struct sg_value {
    struct sg_str text; /* borrowed from the node or the scratch buffer */
    bool string;
};

/*
 * `in_flow`: the scalar stands inside a collection in flow style. `scratch` is cleared
 * and may hold the text. Fails with the position on what kustomize refuses.
 */
SG_MUST_USE int sg_value_of(const struct sg_docs *set, const struct sg_node *scalar,
                            bool in_flow, struct sg_buf *scratch, struct sg_value *out,
                            struct sg_err *err);

/*
 * A string (a value or a key) after its way through Go's JSON and a YAML 1.1 reader:
 * control characters are refused, U+0085 is a line break that folds. `scratch` may
 * hold the text.
 */
SG_MUST_USE int sg_value_pass_json(const struct sg_docs *set, uint32_t loc,
                                   struct sg_buf *scratch, struct sg_str *text,
                                   struct sg_err *err);
/* Code points of `text` as a JSON string with Go's escapes, quotes included. */
size_t sg_value_json_points(struct sg_str text);

#endif
