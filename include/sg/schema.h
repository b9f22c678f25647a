/*
 * schema.h - Kubernetes facts compiled in: field types, merge keys, scopes, removed APIs.
 * The tables are made by src/schema/generate.py from the published schemas of
 * Kubernetes 1.21.2 (the version kustomize's merge keys are frozen at) and 1.35.0.
 */
#ifndef SG_SCHEMA_H
#define SG_SCHEMA_H

#include "sg/doc.h"

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

#endif
