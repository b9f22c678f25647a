/* order.h - the order of a map's keys in kustomize's output. */
#ifndef SG_YAML_ORDER_H
#define SG_YAML_ORDER_H

#include "sg/doc.h"

/* Sorts pointers to entries: bytewise, then stable by the natural order, which is no
 * total order (docs/KUSTOMIZE.md "Writing"). */
void sg_order_entries(const struct sg_entry **entries, size_t count);

/* Whether a code point above ASCII is a letter. */
bool sg_order_is_letter(uint32_t point);

#endif
