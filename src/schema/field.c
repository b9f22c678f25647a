/* field.c - the fields of a definition, and how a list's elements are told apart. */
#include "tables.h"

#include <string.h>

static void field_fill(const struct sg_schema_field_row *row, struct sg_field *out) {
    const struct sg_schema_keys_row *keys = &sg_schema_keys[row->keys];
    *out = (struct sg_field){
        .type = (enum sg_field_type)row->type,
        .def = row->def,
        .item = (enum sg_field_type)row->item,
        .merge = (row->flags & SG_SCHEMA_FLAG_MERGE) != 0,
        .retain_keys = (row->flags & SG_SCHEMA_FLAG_RETAIN_KEYS) != 0,
        .required = (row->flags & SG_SCHEMA_FLAG_REQUIRED) != 0,
        .keys_len = (uint8_t)keys->len,
    };
    for (size_t i = 0; i < keys->len; i++) {
        out->keys[i] = sg_schema_strings[keys->keys[i]];
    }
}

/* A type number outside the set is a mistake of the caller: it mixed two sets. */
static const struct sg_schema_type_row *type_row(enum sg_schema_set set, sg_type def) {
    const struct sg_schema_tables *tables = &sg_schema_sets[set];
    if (def > tables->types_len) {
        SG_BUG("a type of another schema set");
    }
    return &tables->types[def - 1];
}

bool sg_schema_field(enum sg_schema_set set, sg_type def, const char *name,
                     struct sg_field *out) {
    if (def == 0) {
        return false;
    }
    const struct sg_schema_type_row *type = type_row(set, def);
    const struct sg_schema_field_row *fields = sg_schema_sets[set].fields + type->first;
    const struct sg_schema_field_row *row =
        sg_schema_row_named(name, fields, type->len, sizeof(*row));
    if (row == NULL) {
        return false;
    }
    field_fill(row, out);
    return true;
}

void sg_schema_required(enum sg_schema_set set, sg_type def,
                        void (*each)(void *ctx, const char *name), void *ctx) {
    if (def == 0) {
        return;
    }
    const struct sg_schema_type_row *type = type_row(set, def);
    for (size_t i = 0; i < type->len; i++) {
        const struct sg_schema_field_row *row =
            &sg_schema_sets[set].fields[type->first + i];
        if ((row->flags & SG_SCHEMA_FLAG_REQUIRED) != 0) {
            each(ctx, sg_schema_strings[row->name]);
        }
    }
}

/* The value of one key, with the default the API server gives an absent one; NULL: none.
 */
static const char *key_value(const struct sg_node *element, const char *key) {
    const struct sg_node *value = sg_map_gets(element, key);
    if (sg_is_scalar(value) && !sg_is_null(value) && value->len > 0) {
        return value->text;
    }
    return value == NULL && strcmp(key, "protocol") == 0 ? "TCP" : NULL;
}

bool sg_schema_element_key(const struct sg_field *field, const struct sg_node *element,
                           struct sg_buf *out) {
    static const char *const by_name[] = {"name"};
    bool keyed = field->keys_len > 0;
    const char *const *keys = keyed ? field->keys : by_name;
    size_t len = keyed ? field->keys_len : 1;
    const char *values[SG_MERGE_KEYS_MAX];
    if (!sg_is_map(element)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        values[i] = key_value(element, keys[i]);
        if (values[i] == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < len; i++) {
        if (i > 0) {
            sg_buf_addc(out, '/');
        }
        sg_buf_adds(out, values[i]);
    }
    return true;
}
