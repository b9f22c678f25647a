/*
 * element_evidence.h - what speaks for a new element of a list being one that is gone, by
 * the kind of list.
 */
#ifndef SG_PLAN_ELEMENT_EVIDENCE_H
#define SG_PLAN_ELEMENT_EVIDENCE_H

#include "evidence.h"
#include "planner.h"
#include "pod.h"

/* One list in U_O and in U_N, and the pods it belongs to (both NULL: to none). */
struct element_lists {
    const struct sg_node *old, *now;
    struct pod pod_old, pod_now;
    const char *const *keys; /* fields that make the key; NULL-terminated */
    struct counters *seen;   /* text -> in how many elements of `old` and `now` it is */
    struct sg_arena *arena;  /* for the texts of reasons */
};

typedef void element_evidence_fn(const struct element_lists *lists,
                                 const struct sg_node *gone, const struct sg_node *fresh,
                                 struct evidence *out);
element_evidence_fn container_evidence; /* containers, initContainers */
element_evidence_fn env_evidence;
element_evidence_fn volume_evidence;
element_evidence_fn mount_evidence;
element_evidence_fn port_evidence;    /* of containers and Services */
element_evidence_fn generic_evidence; /* any other list */

/* Appends a text that is the same for equal values of a field. */
void element_field_text(const char *field, const struct sg_node *value,
                        struct sg_buf *out);
/* Counts what the elements of a list say. */
void element_values_read(struct counters *seen, const struct sg_node *list);
/* How many elements of the two lists say the same under `field`. */
size_t element_value_count(const struct element_lists *lists, const char *field,
                           const struct sg_node *value);
/* Share of the items of two lists that are equal in `field` (or as a whole, where it is
 * NULL); 0 where one is empty. */
double share_of_items(const struct sg_node *a, const struct sg_node *b,
                      const char *field);

#endif
