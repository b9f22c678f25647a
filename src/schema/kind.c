/* kind.c - what a kind is: its definition, its scope, and whether its API went away. */
#include "tables.h"

static const struct sg_schema_kind_row *
kind_row(enum sg_schema_set set, const char *api_version, const char *kind) {
    const struct sg_schema_tables *tables = &sg_schema_sets[set];
    return sg_schema_row_of_kind(api_version, kind, tables->kinds, tables->kinds_len,
                                 sizeof(*tables->kinds));
}

sg_type sg_schema_kind(enum sg_schema_set set, const char *api_version,
                       const char *kind) {
    const struct sg_schema_kind_row *row = kind_row(set, api_version, kind);
    return row != NULL ? row->def : 0;
}

enum sg_scope sg_schema_scope(enum sg_schema_set set, const char *api_version,
                              const char *kind) {
    const struct sg_schema_kind_row *row = kind_row(set, api_version, kind);
    return row != NULL ? (enum sg_scope)row->scope : SG_SCOPE_UNKNOWN;
}

bool sg_schema_removal(const char *api_version, const char *kind,
                       struct sg_removal *out) {
    const struct sg_schema_removal_row *row = sg_schema_row_of_kind(
        api_version, kind, sg_schema_removals, sg_schema_removals_len, sizeof(*row));
    if (row == NULL) {
        return false;
    }
    out->removed_in = sg_schema_strings[row->removed_in];
    out->successor = sg_schema_strings[row->successor];
    return true;
}
