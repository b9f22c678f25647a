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
void sg_spans_key(struct sg_reader *r, uint32_t loc, const yaml_event_t *key);

/* Start of the line that holds byte `at`; end of it, the line end included. */
uint32_t sg_line_start(const struct sg_source *source, uint32_t at);
uint32_t sg_line_end(const struct sg_source *source, uint32_t at);
/* The first byte in [at, end) that is no space or tab, or `end`. */
uint32_t sg_skip_blanks(const struct sg_source *source, uint32_t at, uint32_t end);

/* In the order they are applied in: by start; at one place insertions keep theirs. */
void sg_splices_sort(struct sg_splices *splices);

#endif
