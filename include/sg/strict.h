/*
 * strict.h - checks a typed config file (sgupgrade.yaml, the lock, kustomization files)
 * against a table of its fields before anything is read from it, so that the reading code
 * can rely on shapes.
 *
 *     static const struct sg_strict_field upstream[] = {
 *         {.name = "url", .want = SG_WANT_STRING, .required = true},
 *         {.name = "skip", .want = SG_WANT_STRINGS},
 *         {0},
 *     };
 */
#ifndef SG_STRICT_H
#define SG_STRICT_H

#include "sg/doc.h"

/* The shape of a field's value. A null value always passes: it means "not set". A null
 * item of a list passes too, and is an empty map in a list of maps: what is required is
 * missing from it. */
enum sg_want {
    SG_WANT_ANY,
    SG_WANT_STRING, /* a scalar that resolves to a string (or a timestamp, which is text)
                     */
    SG_WANT_BOOL,
    SG_WANT_INT,
    SG_WANT_SCALAR,     /* any scalar */
    SG_WANT_STRINGS,    /* a list of strings */
    SG_WANT_STRING_MAP, /* a map from strings to strings */
    SG_WANT_SCALAR_MAP, /* a map from strings to scalars of any type */
    SG_WANT_MAP,  /* a map; its fields are in `fields`, or free where that is NULL */
    SG_WANT_LIST, /* a list of anything */
    SG_WANT_MAPS, /* a list of maps; their fields in `fields` */
};

struct sg_strict_field {
    const char *name; /* NULL ends a table */
    enum sg_want want;
    bool required;                        /* must be there and not null */
    const struct sg_strict_field *fields; /* of MAP and MAPS */
};

struct sg_strict_opts {
    bool fold_case; /* field names match in any case (kustomization files) */
    /* told of every field that is not in its table instead of failing, or NULL: a reader
     * that only warns. `near` is the suggested name or NULL. */
    void (*unknown)(void *ctx, const char *name, const char *near, struct sg_pos at);
    void *unknown_ctx;
};

/*
 * Checks `node` (NULL and null pass as an empty map) and everything below it. The error
 * is SG_E_INPUT with the position of the first fault, what was found and what was
 * expected; for an unknown field the hint holds the closest known name. `opts` may be
 * NULL. Costs one look at the table per field.
 */
SG_MUST_USE int sg_strict_check(const struct sg_docs *set, const struct sg_node *node,
                                const struct sg_strict_field *fields,
                                const struct sg_strict_opts *opts, struct sg_err *err);

/* The entry of field `name`, or NULL; with fold_case an exact match is preferred, else
 * the last that matches in any case (as Go's JSON decoder lets the last win). */
struct sg_entry *sg_strict_find(const struct sg_node *map, const char *name,
                                bool fold_case);
/* The value of field `name`, or NULL where it is missing or null. */
struct sg_node *sg_strict_get(const struct sg_node *map, const char *name,
                              bool fold_case);
/* A boolean or integer that was checked; `fallback` for NULL, null and the wrong type. */
bool sg_strict_bool(const struct sg_node *scalar, bool fallback);
int64_t sg_strict_int(const struct sg_node *scalar, int64_t fallback);

/* What a node is, for "found …" in messages: "a map", "the string \"1.0\"", "null". */
void sg_strict_describe(const struct sg_node *node, struct sg_buf *out);

#endif
