/* row.c - finding a row of a generated table. */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *key, const void *row) {
    const uint16_t *name = row;
    return strcmp(key, sg_schema_strings[*name]);
}

const void *sg_schema_row_named(const char *name, const void *rows, size_t len,
                                size_t size) {
    return bsearch(name, rows, len, size, by_name);
}

static int by_pair(const void *key, const void *row) {
    const char *const *pair = key;
    const uint16_t *names = row;
    int c = strcmp(pair[0], sg_schema_strings[names[0]]);
    return c != 0 ? c : strcmp(pair[1], sg_schema_strings[names[1]]);
}

const void *sg_schema_row_of_kind(const char *api_version, const char *kind,
                                  const void *rows, size_t len, size_t size) {
    const char *const pair[] = {api_version, kind};
    return bsearch(pair, rows, len, size, by_pair);
}
