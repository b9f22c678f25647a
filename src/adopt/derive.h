/*
 * derive.h - what is different in two versions of an object, and the patch that says so.
 *
 * Two documents are compared as a cluster takes them: a null in a map is no field, and a
 * list that Kubernetes merges by key has no order, but for initContainers (they run one
 * after the other) and an env that uses $(NAME) (which must be set before).
 */
#ifndef SG_ADOPT_DERIVE_H
#define SG_ADOPT_DERIVE_H

#include "sg/adopt.h"
#include "sg/patch.h"

#include <string.h>

/* --- spots (fields.c) ------------------------------------------------------------ */

/* Where a value stands: its schema in the set that decides a render. */
struct spot {
    struct sg_field field;
    const char *name; /* the key above it; "" at the root */
    const struct sg_fieldpath *path;
};
/* The root of an object, by its apiVersion and kind. */
struct spot spot_root(const struct sg_node *object);
/* Of a key, and of a list's item. `paths` NULL: they have no path. */
struct spot spot_key(const struct spot *at, struct sg_fieldpaths *paths, sg_atom key);
struct spot spot_item(const struct spot *at, struct sg_fieldpaths *paths,
                      const struct sg_node *list, uint32_t index);

/* A list whose elements all have their key, no two the same one. */
struct keyed {
    struct sg_strmap by_key; /* key -> element */
    bool valid;
};
void keyed_init(struct keyed *keyed, const struct spot *at, const struct sg_node *list);
void keyed_release(struct keyed *keyed);
#define auto_keyed SG_CLEANUP(keyed_release) struct keyed
/* The element of `keyed` with the key of `element`, or NULL. */
struct sg_node *keyed_find(const struct keyed *keyed, const struct spot *at,
                           const struct sg_node *element);
/* The key is one of those that tell the list's elements apart. */
bool is_merge_key(const struct spot *at, sg_atom key);
bool same_key(const struct spot *at, const struct sg_node *a, const struct sg_node *b);
/* Both lists are merged by key, and are so without faults. */
bool lists_keyed(const struct spot *at, const struct sg_node *a, const struct sg_node *b);
/* Items of two such lists that are equal stand in the same places. */
bool same_order(const struct spot *at, const struct sg_node *a, const struct sg_node *b);
/* The order of such a list has a meaning. */
bool list_ordered(const struct spot *at, const struct sg_node *a,
                  const struct sg_node *b);

/* A field that is there: NULL where it is absent or null. */
const struct sg_node *field_of(const struct sg_node *map, sg_atom key);
/* Appends an entry with another value, which stays borrowed, at the place of its key. */
void append_entry(struct sg_docs *docs, struct sg_node *map, const struct sg_entry *entry,
                  struct sg_node *value);
/* Scalars that mean the same. */
bool scalars_equal(const struct sg_node *a, const struct sg_node *b);
/* How many values a cluster would see: scalars, and maps and lists with nothing in them.
 */
size_t leaves_of(const struct sg_node *node);
/* A copy of what is upstream's: its locations lead nowhere in `docs`, so it has none. */
struct sg_node *copy_unplaced(struct sg_docs *docs, const struct sg_node *node);

/* --- comparing (compare.c) ------------------------------------------------------- */

/* One difference; a side is NULL where it has nothing there. */
struct difference {
    const struct sg_fieldpath *path;
    const struct sg_node *a, *b;
};
struct comparison {
    struct sg_fieldpaths *paths;           /* NULL: differences have no path */
    SG_VEC(struct difference) differences; /* the outermost nodes that are different */
    size_t leaves;                         /* of `b` that are the same */
};
void comparison_release(struct comparison *comparison);
#define auto_comparison SG_CLEANUP(comparison_release) struct comparison
/* Compares two objects; `a` and `b` stay borrowed. */
void compare_objects(struct comparison *comparison, const struct sg_node *a,
                     const struct sg_node *b);
/* The same for two values at a place; appends. */
void compare_values(struct comparison *comparison, const struct spot *at,
                    const struct sg_node *a, const struct sg_node *b);
bool values_equal(const struct spot *at, const struct sg_node *a,
                  const struct sg_node *b);

/* --- what changed between two lists (align.c) ------------------------------------ */

enum align_op { ALIGN_SAME, ALIGN_CHANGE, ALIGN_REMOVE, ALIGN_ADD };
struct align_step {
    enum align_op op;
    uint32_t a, b; /* positions */
};
struct alignment {
    SG_VEC(struct align_step) steps; /* in the order of the lists */
};
void alignment_release(struct alignment *alignment);
#define auto_alignment SG_CLEANUP(alignment_release) struct alignment
/* The fewest steps from list `a` to list `b`; a removed and an added item in one place
 * are a change. Lists whose lengths multiply to more than 2^20 are aligned at their ends
 * alone. */
void align_lists(struct alignment *out, const struct spot *at, const struct sg_node *a,
                 const struct sg_node *b);

/* --- what is missing (gap.c) ------------------------------------------------------ */

/* The place in the fork's text, which `docs` holds, where an entry of the base's is not:
 * of the next that both have, or of the last line of the comments behind the last; where
 * it is null its own, or of the comments in it. 0: none, or that of the missing one
 * before. */
uint32_t gap_in_map(const struct sg_docs *docs, const struct sg_node *base,
                    uint32_t index, const struct sg_node *want);
uint32_t gap_in_list(const struct sg_docs *docs, const struct spot *at,
                     const struct sg_node *base, uint32_t index,
                     const struct keyed *wanted, const struct sg_node *want);
/* … where the last items are not. */
uint32_t gap_at_end(const struct sg_docs *docs, const struct sg_node *want);
/* … of a path that the object has not: the key or item around it; the object's own where
 * there is none (around.c). */
uint32_t place_around(const struct sg_node *object, const struct sg_fieldpath *path);
/* Where the item's line is. */
uint32_t place_of_item(const struct sg_node *item);

/* --- patches --------------------------------------------------------------------- */

/* What makes `want` of `base`: a strategic merge patch, then JSON operations. */
struct derived {
    struct sg_node *body;    /* the strategic one without the object's identity … */
    struct sg_node *patch;   /* … and with it; NULL: not needed */
    struct sg_node *ops;     /* a list of operations; NULL: not needed */
    struct sg_node *between; /* the base with the patch alone */
    bool exact;              /* the two make `want` */
};
/* `docs` owns the new nodes; base and want are of its atoms. The patch names the object
 * as `named` does. */
void derive_patch(struct sg_docs *docs, const struct sg_node *named,
                  const struct sg_node *base, const struct sg_node *want,
                  struct derived *out);
/* The patch of a body: with what names the object. */
struct sg_node *patch_of(struct sg_docs *docs, const struct sg_node *named,
                         const struct sg_node *body);
/* What a strategic patch, then operations, make of an object, each NULL for none; NULL
 * where kustomize refuses them. */
struct sg_node *patched(struct sg_docs *docs, const struct sg_node *object,
                        const struct sg_node *patch, const struct sg_node *ops);
bool objects_equal(const struct sg_node *a, const struct sg_node *b);
/* strategic.c: the patch's body, NULL where nothing is to be said in one. */
struct sg_node *derive_strategic(struct sg_docs *docs, const struct sg_node *base,
                                 const struct sg_node *want);
/* operations.c: what is left, from `have` to `want`. */
struct sg_node *derive_operations(struct sg_docs *docs, const struct sg_node *have,
                                  const struct sg_node *want);
/* named.c: what the path of each operation leads to, as people name it, from the first
 * element with a key on: "containers[web].env[LEVEL].value". NULL where it goes through
 * none. Linear in the object and the operations; the texts are of `docs`. */
const char *const *operation_names(struct sg_docs *docs, const struct sg_node *object,
                                   const struct sg_node *ops);
/* blend.c: `from` with those differences of `want` that are chosen, NULL for all, and how
 * many there are to choose from. Of `want` the nodes are borrowed. */
struct sg_node *blend_objects(struct sg_docs *docs, const struct sg_node *from,
                              struct sg_node *want, const bool *chosen);
size_t count_units(struct sg_docs *docs, const struct sg_node *from,
                   struct sg_node *want);
/* How many values a patch of the list would set in each way. */
struct list_cost {
    size_t whole, single;
};
struct list_cost list_cost_of(const struct spot *at, const struct sg_node *base,
                              const struct sg_node *want);

#endif
