/*
 * map_index.h - from key to position in a map of more than SG_MAP_LINEAR entries.
 *
 * It lives in the set's arena and is made by the writers (which have the set), so that a
 * look-up never allocates. A removal shifts the entries behind it; instead of touching
 * every position, the index counts removals: a key stands at its position or up to that
 * many places before it. After a few removals the positions are refreshed in one pass.
 */
#ifndef SG_MAP_INDEX_H
#define SG_MAP_INDEX_H

#include "sg/doc.h"

/* Makes the index of a map that has grown over SG_MAP_LINEAR. */
void sg_map_index_build(struct sg_docs *set, struct sg_node *map);
/* Notes the entry that was just appended. */
void sg_map_index_appended(struct sg_docs *set, struct sg_node *map);
/* Notes every entry afresh, after any change; needs no more room than there was. */
void sg_map_index_refill(struct sg_node *map);
/* Notes that all `count` entries of one key were removed. */
void sg_map_index_removed(struct sg_node *map, uint32_t count);
/* Position of the first entry with `key`, or map->len. */
uint32_t sg_map_index_find(const struct sg_node *map, sg_atom key);

#endif
