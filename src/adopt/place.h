/*
 * place.h - a place inside an object, as a walk comes to it, and small questions about
 * objects.
 */
#ifndef SG_ADOPT_PLACE_H
#define SG_ADOPT_PLACE_H

#include "sg/adopt.h"
#include "sg/schema.h"

/* The field's path as a person reads it, list elements named by their keys. */
const char *place_path(const struct sg_descent *at, struct sg_fieldpaths *paths,
                       struct sg_arena *arena);

/* "apps/v1/Deployment/prod/web", without the parts that are not there. */
const char *fork_object_id(const struct sg_adopt_object *object, struct sg_arena *arena);
/* The group of an apiVersion; "" for "v1". */
struct sg_str api_group(const char *api_version);

/* Appends an oddity at `loc` of the fork's set; `path` is NULL for the whole object. */
/* What is odd about the text of an object: its file cannot go as it is. */
bool oddity_of_reading(enum sg_adopt_oddity_kind kind);
void add_oddity(struct sg_adopt_fork *fork, enum sg_adopt_oddity_kind kind,
                const struct sg_adopt_object *object, const char *path, uint32_t loc,
                const char *message);
/* By file, line and column; those at one place stay as they are. */
void sort_oddities(struct sg_adopt_fork *fork);

/* Text of a field of a map, "" where it has none or null. */
const char *field_text(const struct sg_node *map, sg_atom key);
/* The entry under a key that is no well-known atom, or NULL; linear. */
const struct sg_entry *find_entry(const struct sg_node *map, const char *key);

#endif
