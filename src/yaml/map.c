/* The end of a map: merge keys, repeated keys. */
#include "keyset.h"
#include "reader.h"

#include <string.h>

static bool is_merge(const struct sg_entry *entry) {
    return entry->key_tag == SG_TAG_MERGE;
}

/* A repeated key: tells the caller, and says whether entry `again` stays. */
static int repeated(struct sg_reader *r, struct sg_entry *first,
                    const struct sg_entry *again, bool *keep) {
    struct sg_pos at = sg_docs_pos(r->set, first->key_loc);
    if (r->opts->repeated) {
        r->opts->repeated(r->opts->repeated_ctx, again->key->text, at,
                          sg_docs_pos(r->set, again->key_loc));
    }
    *keep = r->opts->repeat == SG_REPEAT_KEEP;
    if (r->opts->repeat == SG_REPEAT_LAST) {
        first->value = again->value;
    }
    if (r->opts->repeat == SG_REPEAT_ERROR) {
        return sg_reader_fail(r, SG_E_INPUT, again->key_loc,
                              "found the key \"%s\" a second time, the first is at line "
                              "%u, column %u",
                              again->key->text, at.line, at.column);
    }
    return 0;
}

/* Applies the repeat option to entries [0, *len). */
static int sift_repeats(struct sg_reader *r, struct sg_entry *entries, size_t *len,
                        struct sg_keyset *seen) {
    size_t kept = 0;
    for (size_t i = 0; i < *len; i++) {
        bool keep = true;
        size_t first = sg_keyset_find(seen, entries[i].key);
        if (first != SIZE_MAX && repeated(r, &entries[first], &entries[i], &keep)) {
            return -1;
        }
        if (!keep) {
            continue;
        }
        entries[kept++] = entries[i];
        sg_keyset_add(seen);
    }
    *len = kept;
    return 0;
}

/* Adds what `source` has and the map does not yet have. */
static int merge_map(struct sg_reader *r, size_t first, const struct sg_node *source,
                     uint32_t loc, struct sg_keyset *seen) {
    for (uint32_t i = 0; i < source->len; i++) {
        struct sg_entry entry = source->entries[i];
        if (sg_keyset_find(seen, entry.key) != SIZE_MAX) {
            continue;
        }
        if (sg_reader_charge(r, entry.value, loc)) {
            return -1;
        }
        entry.value = sg_node_clone(r->set, entry.value);
        sg_vec_push(&r->entries, entry);
        seen->entries = r->entries.items + first; /* the push may have moved them */
        sg_keyset_add(seen);
    }
    return 0;
}

/* The value of "<<": a map, or a list of maps of which the earlier ones win. */
static int merge_value(struct sg_reader *r, size_t first, const struct sg_entry *merge,
                       struct sg_keyset *seen) {
    const struct sg_node *value = merge->value;
    if (sg_is_map(value)) {
        return merge_map(r, first, value, merge->key_loc, seen);
    }
    if (!sg_is_seq(value)) {
        return sg_reader_fail(r, SG_E_INPUT, merge->key_loc,
                              "found a scalar as the value of '<<', expected a map or a "
                              "list of maps");
    }
    for (uint32_t i = 0; i < value->len; i++) {
        const struct sg_node *item = value->items[i];
        if (item->kind != SG_MAP) {
            return sg_reader_fail(r, SG_E_INPUT, item->loc,
                                  "found an item of '<<' that is no map, expected maps");
        }
        if (merge_map(r, first, item, merge->key_loc, seen)) {
            return -1;
        }
    }
    return 0;
}

/*
 * Takes the merge entry out of the entries from `first` on. In resource files kustomize
 * also loses a quoted "<<" on the way, though it merges nothing for it.
 */
static int take_merge(struct sg_reader *r, size_t first, struct sg_entry *merge) {
    size_t kept = first;
    for (size_t i = first; i < r->entries.len; i++) {
        struct sg_entry *entry = &r->entries.items[i];
        if (is_merge(entry) && merge->key) {
            return sg_reader_fail(r, SG_E_INPUT, entry->key_loc,
                                  "found a second '<<' in one map, expected at most one "
                                  "(its value may be a list)");
        }
        if (is_merge(entry)) {
            *merge = *entry;
        } else if (!r->opts->manifests || entry->key != SG_ATOM(merge_key)) {
            r->entries.items[kept++] = *entry;
        }
    }
    r->entries.len = kept;
    return 0;
}

static bool has_merge_key(const struct sg_reader *r, size_t first) {
    for (size_t i = first; i < r->entries.len; i++) {
        if (r->entries.items[i].key == SG_ATOM(merge_key)) {
            return true;
        }
    }
    return false;
}

int sg_reader_close_map(struct sg_reader *r, struct sg_node *map, size_t first) {
    struct sg_entry merge = {0};
    if (has_merge_key(r, first) && take_merge(r, first, &merge)) {
        return -1;
    }
    size_t len = r->entries.len - first;
    int rc = 0;
    /* a first map that is empty finds no storage yet, and nothing to sift */
    if (r->entries.items &&
        (merge.key || r->opts->repeat != SG_REPEAT_KEEP || r->opts->repeated)) {
        struct sg_keyset seen = {.entries = r->entries.items + first};
        rc = sift_repeats(r, r->entries.items + first, &len, &seen);
        r->entries.len = first + len;
        if (rc == 0 && merge.key) {
            rc = merge_value(r, first, &merge, &seen);
        }
        sg_keyset_release(&seen);
    }
    len = r->entries.len - first;
    map->entries = sg_arena_alloc(&r->set->arena, len * sizeof(*map->entries));
    if (len > 0 && r->entries.items != NULL) {
        memcpy(map->entries, r->entries.items + first, len * sizeof(*map->entries));
    }
    map->len = map->cap = (uint32_t)len;
    sg_map_reordered(r->set, map); /* a large one gets its index */
    r->entries.len = first;
    return rc;
}
