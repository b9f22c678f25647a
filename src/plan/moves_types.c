/*
 * moves_types.c - the old and the new type of a place, side by side.
 *
 * Types are of the union set. Where the old one is not known (Kubernetes dropped it
 * before the oldest of our schemas) a field of the new type's name is taken for the same.
 */
#include <string.h>

#include "moves_rules.h"

struct move_types moves_types_root(const struct moves_in *in) {
    return (struct move_types){
        .old = sg_schema_kind(SG_SCHEMA_UNION, in->old_api, in->old_kind),
        .new = sg_schema_kind(SG_SCHEMA_UNION, in->new_api, in->new_kind),
    };
}

/* Values of these types can be written alike. */
static int shape(const struct sg_field *field) {
    switch (field->type) {
    case SG_FIELD_OBJECT:
    case SG_FIELD_MAP:
        return 1;
    case SG_FIELD_LIST:
        return 2;
    case SG_FIELD_BOOLEAN:
        return 3;
    case SG_FIELD_STRING:
    case SG_FIELD_INTEGER:
    case SG_FIELD_NUMBER:
    case SG_FIELD_INT_OR_STRING:
    case SG_FIELD_QUANTITY:
        return 4;
    case SG_FIELD_ANY:
        break;
    }
    return 0;
}

static bool alike(const struct sg_field *a, const struct sg_field *b) {
    return shape(a) == 0 || shape(b) == 0 || shape(a) == shape(b);
}

/* The field that the steps of a rule's `to` lead to. */
static bool field_at(sg_type def, const char *to, struct sg_field *out) {
    char name[64];
    *out = (struct sg_field){.def = def};
    for (const char *at = to; def != 0; at++) {
        size_t len = strcspn(at, "/|");
        bool made = memchr(at, '=', len) != NULL || (len == 1 && *at == '-');
        if (len >= sizeof(name)) {
            return false;
        }
        memcpy(name, at, len);
        name[len] = '\0';
        if (!made && !sg_schema_field(SG_SCHEMA_UNION, out->def, name, out)) {
            return false;
        }
        at += len;
        if (*at == '\0') {
            break;
        }
    }
    return true;
}

bool moves_types_field(const struct move_types *types, const char *name,
                       const char *new_name, struct move_types *out) {
    struct sg_field old = {0}, now = {0};
    bool had = sg_schema_field(SG_SCHEMA_UNION, types->old, name, &old);
    *out = (struct move_types){0};
    if (types->new == 0) {
        return true;
    }
    if (!field_at(types->new, new_name, &now)) {
        return types->old != 0 && !had; /* neither has it: a fault of before */
    }
    if (types->old != 0 && !had) {
        return true;
    }
    if (had && !alike(&old, &now)) {
        return false;
    }
    /* one definition: nothing below can differ */
    bool same = had && old.def == now.def;
    out->old = same ? 0 : old.def;
    out->new = same ? 0 : now.def;
    out->list = now.type == SG_FIELD_LIST;
    return true;
}
