/*
 * json.h - the parts of a JSON patch: pointers, what a step of one names, and JSON's idea
 * of a document.
 */
#ifndef SG_PATCH_JSON_H
#define SG_PATCH_JSON_H

#include "sg/patch.h"

#include <string.h>

/* A pointer on its way down a document: the container of its last token, and that token.
 */
struct target {
    struct sg_node *parent;          /* map or list */
    struct sg_str token;             /* decoded; in the arena */
    const struct sg_fieldpath *path; /* of the parent; NULL without a trace */
    struct sg_field field;           /* of the parent, by the union of the schemas */
    bool known;
    uint32_t index; /* the last position that was named on the way, else UINT32_MAX */
};

/* Where one operation runs. */
struct json_run {
    const struct sg_patch_ctx *ctx;
    struct sg_node *root;
    const struct sg_node *op;
    struct sg_node *lists; /* of the last json_find, for sg_event.lists; NULL: none */
    struct sg_err *err;
};

/*
 * Goes down to the container that `pointer` names a member of. -1 where it is missing,
 * with the error ("op" is the operation's name, `pointer` as written).
 */
SG_MUST_USE int json_find(struct json_run *run, const char *op, const char *pointer,
                          struct target *out);

enum position { POSITION_NONE, POSITION_AT, POSITION_END };
/*
 * The token as a position in a list of `len` items: a number, negative ones counting from
 * behind, or "-" (END). NONE where it is neither, or out of range.
 */
enum position json_position(struct sg_str token, size_t len, size_t *out);

/* The place of a member of the target's container, for the trace: `at` in a list. */
const struct sg_fieldpath *json_member_path(struct json_run *run,
                                            const struct target *target, size_t at);

/*
 * Makes the document what it is after a way through JSON: scalars have the tag and style
 * that a string, number or boolean is written with, and no map has a key twice
 * (SG_E_INPUT). `from_patch`: values of a patch, where a timestamp is a string.
 */
SG_MUST_USE int json_normalise(struct sg_docs *set, struct sg_node *node, bool from_patch,
                               struct sg_err *err);
/* Makes strings of the keys of a patch's map; of two that become one the last counts. */
SG_MUST_USE int json_key_texts(struct sg_docs *set, struct sg_node *map,
                               struct sg_err *err);
/* True for a boolean's spelling of true. */
bool json_is_true(const char *text);
/* Equal as JSON values, both normalised; objects in any order. */
bool json_equal(const struct sg_node *a, const struct sg_node *b);

#endif
