/*
 * setter.h - the writes of transformers. They follow kustomize's FieldSetter: the style
 * that stands in the file stays, the tag is the transformer's.
 */
#ifndef SG_KUSTOMIZE_SETTER_H
#define SG_KUSTOMIZE_SETTER_H

#include "context.h"

/*
 * Writes `text` over the scalar at `hit`, with its event. `tag` STR keeps it a string
 * whatever it looks like; NONE lets it resolve when it is written, and INT makes it a
 * number, where the style is plain (a quoted scalar stays a string). A map or a list
 * there is SG_E_INPUT at its place.
 */
SG_MUST_USE int sg_set_scalar(struct sg_kustomize *k, const struct sg_resource *res,
                              const struct sg_field_hit *hit, const char *text,
                              enum sg_tag tag, enum sg_op op, uint32_t loc,
                              struct sg_err *err);

/*
 * Writes the string `text` under `key` into the map at `hit`, with its event.
 *
 * kustomize puts one and the same node under the key in every place of an object where
 * the key was missing (labels and selectors, say), so that a later patch or replacement
 * of one changes all of them. `shared` is that node: NULL at first, one for each object
 * and key.
 */
SG_MUST_USE int sg_set_entry(struct sg_kustomize *k, const struct sg_resource *res,
                             const struct sg_field_hit *hit, sg_atom key,
                             const char *text, struct sg_node **shared, uint32_t loc,
                             struct sg_err *err);

/* Gives every place that holds a shared node one of its own. */
void sg_resource_unshare(struct sg_kustomize *k, struct sg_resource *res);

/* Fails at `node` (or where the object begins): "Deployment web: <what>". Returns -1. */
SG_PRINTF(5, 6)
int sg_fail_object(struct sg_kustomize *k, const struct sg_resource *res,
                   const struct sg_node *node, struct sg_err *err, const char *fmt, ...);

#endif
