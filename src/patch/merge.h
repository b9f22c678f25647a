/*
 * merge.h - the parts of a strategic merge: the walk over base and patch, its directives,
 * maps, keyed lists, and what it reports.
 *
 * The walk is kustomize 5.8.1's (kyaml merge2 over walk, with the patch's elements
 * first), effect by effect, since what it loses has to be lost here too. It visits the
 * whole base, also where the patch says nothing: that alone drops empty nulls and
 * repeated list elements. Wherever the base has nothing (or a map is replaced), the
 * patch's own node becomes the result and is walked against itself; `base == patch` is
 * that case throughout.
 */
#ifndef SG_PATCH_MERGE_H
#define SG_PATCH_MERGE_H

#include "sg/patch.h"

#include "sg/strmap.h"

#include <string.h>

struct merger {
    const struct sg_patch_ctx *ctx;
    struct sg_fieldpaths *paths; /* NULL where nobody asks for paths */
    struct sg_err *err;
};

/* Where the walk is. `up`, `key` and `element` tell an error where it happened. */
struct place {
    const struct place *up;          /* NULL at the root */
    sg_atom key;                     /* of the entry; NULL for an element */
    const struct sg_node *element;   /* the element, else NULL */
    const struct sg_fieldpath *path; /* NULL at the root, and where there are no paths */
    struct sg_field field;           /* meaningful where `known` */
    const struct sg_node *schema; /* … and the document it is from; NULL: the tables */
    bool known;                   /* the schema knows this place */
    bool quiet;                   /* inside something that is reported as a whole */
    bool root, metadata;          /* the object, or its metadata */
    bool address; /* says what the patch is for: writing the same here is no write */
    const struct sg_field *list; /* at an element: the field of its list, else NULL */
};

/*
 * Merges `patch` into `base`; either may be NULL (not there). The result is `base`
 * changed in place, or a node of the patch, or NULL where nothing is left. -1 on what
 * kustomize refuses.
 */
SG_MUST_USE int merge_walk(struct merger *m, const struct place *at, struct sg_node *base,
                           struct sg_node *patch, struct sg_node **out);
SG_MUST_USE int merge_map(struct merger *m, const struct place *at, struct sg_node *base,
                          struct sg_node *patch, struct sg_node **out);
/* A list whose elements are merged by key, or by value where there are no keys. */
SG_MUST_USE int merge_keyed(struct merger *m, const struct place *at,
                            struct sg_node *base, struct sg_node *patch,
                            struct sg_node **out);

/* --- schemas (schema.c) */

/* Gives `child` the schema of field `name` at `at`, or of an item where it is NULL. */
void place_child(const struct merger *m, const struct place *at, const char *name,
                 struct place *child);
/* Gives `child` the schema that a comment is. */
void place_comment(const struct merger *m, struct place *child,
                   const struct sg_node *schema);
/* `at` as base and patch have it: with the schema of a comment of theirs, else its own,
 * else that of the kind that one of them names; kustomize looks at any depth. */
struct place place_with_schema(const struct merger *m, const struct place *at,
                               const struct sg_node *base, const struct sg_node *patch);

/* --- keyed lists (keyed.c, associative.c) */

/* Nodes in order; storage is malloc's. */
struct nodes {
    SG_VEC(struct sg_node *) v;
};
void nodes_release(struct nodes *nodes);
#define auto_nodes SG_CLEANUP(nodes_release) struct nodes

/* What the merge made of one key: the first element with it in patch and base, and the
 * result. */
struct outcome {
    struct sg_node *patch, *base; /* NULL: none */
    struct sg_node *result;       /* NULL: nothing is left of it */
};
struct outcomes {
    SG_VEC(struct outcome) v;
};
void outcomes_release(struct outcomes *outcomes);
#define auto_outcomes SG_CLEANUP(outcomes_release) struct outcomes

/*
 * The general merge of the lists, pairwise as kustomize's and so quadratic. Only for
 * lists in which an element has less keys than another; keyed.c merges all others in
 * linear time. Fills `result` with the elements that remain; `base` and `patch` (may be
 * NULL, may be `base`) keep their items.
 */
SG_MUST_USE int merge_associative(struct merger *m, const struct place *at,
                                  struct sg_node *base, struct sg_node *patch,
                                  struct outcomes *outcomes, struct nodes *result);

/* Merges one element; notes the outcome. */
SG_MUST_USE int merge_element(struct merger *m, const struct place *at,
                              struct sg_node *base, struct sg_node *patch,
                              struct outcomes *outcomes, struct sg_node **out);
/* The place of an element of the list at `at`. */
struct place place_element(struct merger *m, const struct place *at,
                           const struct sg_node *element);

/*
 * Events and findings of a merged list: `outcomes` by key, `before` the base's elements
 * and `after` what the list holds now.
 */
void report_list(struct merger *m, const struct place *at, const struct sg_node *base,
                 const struct sg_node *patch, const struct outcomes *outcomes,
                 const struct nodes *after);

/* Null by its tag; what transformers and the walk leave untagged is not (as in kyaml). */
static inline bool tagged_null(const struct sg_node *node) {
    return sg_is_scalar(node) && node->tag == SG_TAG_NULL;
}
static inline bool missing(const struct sg_node *node) {
    return node == NULL || tagged_null(node);
}
static inline bool empty_map(const struct sg_node *node) {
    return sg_is_map(node) && node->len == 0;
}
/* A scalar's text; "" for anything else, which is what keys are compared by. */
static inline struct sg_str value_text(const struct sg_node *node) {
    return sg_is_scalar(node) ? (struct sg_str){node->text, node->len} : SG_STR("");
}

/* --- directives (directive.c) */

enum directive {
    DIRECTIVE_UNKNOWN,
    DIRECTIVE_MERGE,
    DIRECTIVE_DELETE,
    DIRECTIVE_REPLACE
};

/* Reads the `$patch` of a patch's map or list and takes it out; `*text` is its value. */
enum directive directive_take(struct sg_node *patch, struct sg_str *text);
/* Without taking it out; UNKNOWN where there is none. */
enum directive directive_peek(const struct sg_node *patch);
/* The error for an unknown one. */
int directive_refuse(struct merger *m, const struct sg_node *patch, struct sg_str text);

/* --- what is reported (report.c) */

/* Appends the path of a place as people read it; "" at the root. */
void place_text(const struct place *at, struct sg_buf *out);

/* One event for the running step; nothing without a trace or at a quiet place. */
void report_event(struct merger *m, const struct place *at, enum sg_op op,
                  const struct sg_node *before, const struct sg_node *after,
                  const struct sg_node *text);
/* An SG105: what the patch (or base) says at `node` is lost, by this rule. */
SG_PRINTF(4, 5)
void report_lost(struct merger *m, const char *rule, const struct sg_node *node,
                 const char *fmt, ...);
/* Directives that kustomize writes into the manifest: of this key, or anywhere inside. */
void report_literal_key(struct merger *m, const struct sg_entry *entry);
void report_literals(struct merger *m, const struct sg_node *patch);

#define RULE_KEYLESS "dropped: keyless-element"
#define RULE_REPEAT  "dropped: repeated-key"
#define RULE_PORT    "dropped: port-protocol"
#define RULE_IGNORED "dropped: ignored-directive"
#define RULE_LITERAL "dropped: literal-directive"

#endif
