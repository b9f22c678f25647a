/* order.h - the order of a map's keys in kustomize's output. */
#ifndef SG_YAML_ORDER_H
#define SG_YAML_ORDER_H

#include "sg/doc.h"

/* Sorts pointers to entries: bytewise, then stable by the natural order, which is no
 * total order (docs/KUSTOMIZE.md "Writing"). */
void sg_order_entries(const struct sg_entry **entries, size_t count);

/* The code point that begins at byte `at` of valid UTF-8, and how many bytes it has. */
uint32_t sg_order_point(const char *text, size_t len, size_t at, size_t *bytes);
/* Whether a code point above ASCII is a letter. */
bool sg_order_is_letter(uint32_t point);

#endif
