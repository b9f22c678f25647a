/*
 * tables.h - the shape of the generated tables (tables.c, made by generate.py).
 *
 * A row names a string by its index in sg_schema_strings. Fields of a type, the kinds and
 * the removals are sorted bytewise, so that every look-up is a binary search.
 */
#ifndef SG_SCHEMA_TABLES_H
#define SG_SCHEMA_TABLES_H

#include "sg/schema.h"

enum {
    SG_SCHEMA_FLAG_MERGE = 1,
    SG_SCHEMA_FLAG_RETAIN_KEYS = 2,
    SG_SCHEMA_FLAG_REQUIRED = 4,
};

struct sg_schema_field_row {
    uint16_t name;
    uint16_t def;  /* number of a type, 0: none */
    uint8_t type;  /* enum sg_field_type */
    uint8_t item;  /* enum sg_field_type */
    uint8_t flags; /* SG_SCHEMA_FLAG_… */
    uint8_t keys;  /* index in sg_schema_keys; 0: none */
};

struct sg_schema_type_row {
    uint16_t first, len; /* its fields */
};

struct sg_schema_kind_row {
    uint16_t api_version, kind;
    uint16_t def;
    uint16_t scope; /* enum sg_scope */
};

struct sg_schema_keys_row {
    uint16_t len;
    uint16_t keys[SG_MERGE_KEYS_MAX];
};

struct sg_schema_definition_row {
    uint16_t name, def; /* of the merge set */
    uint16_t type;      /* enum sg_field_type */
};

struct sg_schema_removal_row {
    uint16_t api_version, kind, removed_in, successor;
};

struct sg_schema_tables {
    const struct sg_schema_field_row *fields;
    const struct sg_schema_type_row *types; /* type n is types[n - 1] */
    const struct sg_schema_kind_row *kinds;
    size_t fields_len, types_len, kinds_len;
};

extern const char *const sg_schema_strings[];
extern const struct sg_schema_keys_row sg_schema_keys[];
extern const struct sg_schema_tables sg_schema_sets[]; /* by enum sg_schema_set */
extern const struct sg_schema_definition_row sg_schema_definitions[];
extern const size_t sg_schema_definitions_len;
extern const struct sg_schema_removal_row sg_schema_removals[];
extern const size_t sg_schema_removals_len;

/*
 * The row with this name, of `len` rows of `size` bytes that begin with the index of
 * their name and are sorted by it; NULL for none. Borrowed; a binary search.
 */
const void *sg_schema_row_named(const char *name, const void *rows, size_t len,
                                size_t size);
/* The same for rows that begin with the indexes of apiVersion and kind. */
const void *sg_schema_row_of_kind(const char *api_version, const char *kind,
                                  const void *rows, size_t len, size_t size);

#endif
