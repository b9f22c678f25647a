/*
 * lists.h - the elements of one list in the four trees, matched by their keys.
 */
#ifndef SG_PLAN_LISTS_H
#define SG_PLAN_LISTS_H

#include "planner.h"

/* So many keys the configuration can give; unused ones are NULL. */
enum { EXTRA_KEYS_MAX = SG_ARRAY_LEN(((struct sg_plan_merge_key *)NULL)->keys) };

/* The merge key of an element of `field` as text, NULL where it has none. `extra` names
 * key fields that the configuration gives, or is NULL. */
sg_atom element_key(struct sg_atoms *atoms, const struct sg_field *field,
                    const char *const *extra, const struct sg_node *element);

struct element {
    sg_atom key;
    sg_atom old_key; /* in U_O and R_O, where upstream renamed it; else NULL */
    uint32_t repeat; /* n for the n+1st element of this key */
    uint32_t at[T_COUNT];
    const struct sg_node *node[T_COUNT]; /* NULL: not in that tree's list */
};
struct elements {
    SG_VEC(struct element)
    items; /* in the newest list's order, then what only older have */
};
void elements_release(struct elements *elements);

/*
 * Matches the elements of `lists` (NULL where a tree has none) by the keys of `field`.
 * False where some element has no key: the list is a unit. Linear. `extra` is as
 * element_key's.
 */
bool elements_match(struct sg_atoms *atoms, const struct sg_field *field,
                    const char *const *extra, const struct sg_node *const lists[T_COUNT],
                    struct elements *out);

#endif
