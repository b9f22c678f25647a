/*
 * parse.h - reading fields of checked nodes. `map` may be NULL or null: then everything
 * is absent.
 */
#ifndef SG_KUSTOMIZE_PARSE_H
#define SG_KUSTOMIZE_PARSE_H

#include "kustomization.h"

/* The value, or NULL where it is missing or null. */
const struct sg_node *sg_parse_get(const struct sg_node *map, const char *name);
/* The text, "" where there is none. */
const char *sg_parse_text(const struct sg_node *map, const char *name);
struct sg_text_at sg_parse_text_at(const struct sg_node *map, const char *name);
bool sg_parse_bool(const struct sg_node *map, const char *name);
struct sg_texts sg_parse_texts(struct sg_kustomize *k, const struct sg_node *map,
                               const char *name);
/* Room in the arena for as many items of `size` bytes as `list` has; NULL for none. */
void *sg_parse_array(struct sg_kustomize *k, const struct sg_node *list, size_t size,
                     size_t *len);
SG_MUST_USE int sg_parse_generator_options(struct sg_kustomize *k,
                                           const struct sg_node *node,
                                           struct sg_generator_options *out,
                                           struct sg_err *err);
SG_MUST_USE int sg_parse_generator(struct sg_kustomize *k, const struct sg_node *node,
                                   struct sg_generator_args *out, struct sg_err *err);

void sg_parse_sort(struct sg_kustomize *k, const struct sg_node *node,
                   struct sg_sort_options *out);

#endif
