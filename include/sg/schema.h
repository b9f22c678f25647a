/*
 * schema.h - Kubernetes facts compiled in: field types, merge keys, scopes, removed APIs.
 * The tables are made by src/schema/generate.py from the published schemas of
 * Kubernetes 1.21.2 (the version kustomize's merge keys are frozen at) and 1.35.0.
 */
#ifndef SG_SCHEMA_H
#define SG_SCHEMA_H

#include "sg/fieldpath.h"

enum sg_schema_set {
    SG_SCHEMA_MERGE, /* 1.21.2: what decides a render */
    SG_SCHEMA_UNION, /* both: what serves matching, ownership and validation; the newer
                        wins */
};

/* A definition in a set: an object type, or a field's type. 0 is "unknown". */
typedef uint32_t sg_type;

enum sg_field_type {
    SG_FIELD_ANY, /* no type in the schema */
    SG_FIELD_OBJECT,
    SG_FIELD_MAP, /* free keys, all of one type */
    SG_FIELD_LIST,
    SG_FIELD_STRING,
    SG_FIELD_INTEGER,
    SG_FIELD_NUMBER,
    SG_FIELD_BOOLEAN,
    SG_FIELD_INT_OR_STRING,
    SG_FIELD_QUANTITY,
};

#define SG_MERGE_KEYS_MAX 4 /* driver, device, pool, shareID of a ResourceClaim */
struct sg_field {
    enum sg_field_type type;
    sg_type
        def; /* OBJECT: its definition. LIST and MAP: the definition of an item, or 0 */
    enum sg_field_type item; /* LIST and MAP: an item's type */
    bool merge; /* patch strategy merge (lists: keyed, or a set when there is no key) */
    bool retain_keys; /* patch strategy retainKeys */
    bool required;
    uint8_t keys_len; /* list map keys, else the one patch merge key; 0: none */
    const char *keys[SG_MERGE_KEYS_MAX];
};

/* The definition of apiVersion and kind, or 0 where the set has none. */
sg_type sg_schema_kind(enum sg_schema_set set, const char *api_version, const char *kind);
/* The field of a definition; false where it has none of that name (or `def` is 0). */
bool sg_schema_field(enum sg_schema_set set, sg_type def, const char *name,
                     struct sg_field *out);
/* Calls `each` for every required field of a definition. */
void sg_schema_required(enum sg_schema_set set, sg_type def,
                        void (*each)(void *ctx, const char *name), void *ctx);

/* --- schemas in documents: `openapi:` and comments -----------------------------------
 */

/* A render's schemas: the definitions of its own and, unless they took their place, the
 * built-in ones. */
struct sg_schemas {
    const struct sg_node *definitions; /* by name, or NULL */
    struct sg_strmap kinds;            /* "apiVersion kind" -> definition */
    bool no_builtin;
};

/* A place in a schema: in a document, or (where `doc` is NULL) in the merge set. */
struct sg_schema_place {
    const struct sg_node *doc;
    struct sg_field field; /* of a document: type, merge and keys */
};

/* Each is false where there is none. `schemas` NULL: the built-in ones alone. */
bool sg_schema_place_kind(const struct sg_schemas *schemas, const char *api_version,
                          const char *kind, struct sg_schema_place *out);
/* The place of a schema that stands in a comment; its `$ref` is followed once. */
bool sg_schema_place_comment(const struct sg_schemas *schemas,
                             const struct sg_node *schema, struct sg_schema_place *out);
/* The field `name` of a place, or a list's item where `name` is NULL. */
bool sg_schema_place_child(const struct sg_schemas *schemas,
                           const struct sg_schema_place *at, const char *name,
                           struct sg_schema_place *out);

/* What is wrong with a list's schema in a document (a type, in words), or NULL. kustomize
 * finds out, and crashes, only where it merges such a list. */
const char *sg_schema_list_fault(const struct sg_node *doc);

enum sg_scope { SG_SCOPE_UNKNOWN, SG_SCOPE_NAMESPACED, SG_SCOPE_CLUSTER };
enum sg_scope sg_schema_scope(enum sg_schema_set set, const char *api_version,
                              const char *kind);

struct sg_removal {
    const char *removed_in; /* "1.22" */
    const char *successor;  /* "networking.k8s.io/v1", or "" */
};
/* Whether apiVersion/kind went away at some Kubernetes version. */
bool sg_schema_removal(const char *api_version, const char *kind, struct sg_removal *out);

/*
 * Identity of a list's element by its merge keys under `field` ("80/TCP"; protocol
 * defaults to TCP), or by `name` for the union set's keyless lists of objects whose items
 * all have one. False where the element has none. Appends to `out`.
 */
bool sg_schema_element_key(const struct sg_field *field, const struct sg_node *element,
                           struct sg_buf *out);

/* The path of `list`'s item `index` below `parent`: named by its keys under `field` where
 * it has them, else by its position. Linear in `index`. */
const struct sg_fieldpath *
sg_schema_item_path(struct sg_fieldpaths *paths, struct sg_atoms *atoms,
                    const struct sg_fieldpath *parent, const struct sg_field *field,
                    const struct sg_node *list, uint32_t index);

/* --- a place inside an object (descent.c) ------------------------------------------- */

/* The way from an object down to a node; each step is on its walker's stack. */
struct sg_descent {
    const struct sg_descent *up; /* NULL: the object itself */
    const struct sg_node *node;  /* here */
    sg_atom key;                 /* in a map; NULL: item `index` of the list above */
    uint32_t index;
};
/* The path of a place in the union set, list elements named by their keys; NULL for the
 * object itself. It is `paths`'. Made only for what is reported. */
const struct sg_fieldpath *sg_descent_path(struct sg_fieldpaths *paths,
                                           const struct sg_descent *at);

/* --- validation (validate.c) -------------------------------------------------------- */

enum sg_fault_kind {
    SG_FAULT_UNKNOWN, /* no such field */
    SG_FAULT_TYPE,    /* not what the field holds */
    SG_FAULT_MISSING, /* a required field is not there, or null */
};
struct sg_fault {
    enum sg_fault_kind kind;
    const struct sg_fieldpath *path; /* of the field at fault, there or not */
    uint32_t loc;                /* of its key, or of the map that lacks it; 0: none */
    const struct sg_node *found; /* NULL of a missing one */
    const char *expected;        /* "an integer"; of an unknown field the name it may be a
                                    slip for, or "" */
};
#define SG_FAULTS_MAX 20 /* of one object that are told */

/*
 * Holds an object against the union set and tells each fault in document order, at most
 * SG_FAULTS_MAX; returns how many there are. Silent where nothing is known: an unknown
 * kind, a field without a type or of a type without fields, and `status`, which no
 * manifest decides. Null is no value. Linear in the object. A list's keys are not looked
 * at for being unique.
 */
size_t sg_schema_validate(struct sg_fieldpaths *paths, struct sg_atoms *atoms,
                          const struct sg_node *object,
                          void (*each)(void *ctx, const struct sg_fault *fault),
                          void *ctx);

#endif
