/*
 * spans.h - the reader's side of edit mode: where each node and key stands in its file.
 * Every call is a no-op outside edit mode.
 */
#ifndef SG_YAML_SPANS_H
#define SG_YAML_SPANS_H

#include "reader.h"

void sg_spans_begin(struct sg_reader *r);
/* A scalar, or the alias `node` was made for. */
void sg_spans_scalar(struct sg_reader *r, const struct sg_node *node,
                     const yaml_event_t *event);
void sg_spans_collection(struct sg_reader *r, const struct sg_node *node,
                         const yaml_event_t *start, const yaml_event_t *end);
void sg_spans_entry(struct sg_reader *r, const struct sg_node *map,
                    const struct sg_entry *entry, const yaml_event_t *key);

#endif
