/* kind.c - what a kind is: its definition, its scope, and whether its API went away. */
#include "tables.h"

#include <string.h>

/* strcmp over (apiVersion, kind). */
static int pair_cmp(const char *api_version, const char *kind, uint16_t row_version,
                    uint16_t row_kind) {
    int c = strcmp(api_version, sg_schema_strings[row_version]);
    return c != 0 ? c : strcmp(kind, sg_schema_strings[row_kind]);
}

static const struct sg_schema_kind_row *
kind_row(enum sg_schema_set set, const char *api_version, const char *kind) {
    const struct sg_schema_tables *tables = &sg_schema_sets[set];
    size_t lo = 0;
    size_t hi = tables->kinds_len;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct sg_schema_kind_row *row = &tables->kinds[mid];
        int c = pair_cmp(api_version, kind, row->api_version, row->kind);
        if (c == 0) {
            return row;
        }
        if (c < 0) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return NULL;
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
    size_t lo = 0;
    size_t hi = sg_schema_removals_len;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct sg_schema_removal_row *row = &sg_schema_removals[mid];
        int c = pair_cmp(api_version, kind, row->api_version, row->kind);
        if (c == 0) {
            out->removed_in = sg_schema_strings[row->removed_in];
            out->successor = sg_schema_strings[row->successor];
            return true;
        }
        if (c < 0) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return false;
}
