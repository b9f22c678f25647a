/* map.c - merging two maps, entry by entry. */
#include "merge.h"

/* Whether the entry is what an object or a list's element is found by. */
static bool is_address(const struct place *at, sg_atom key) {
    if (at->root) {
        return key == SG_ATOM(apiVersion) || key == SG_ATOM(kind);
    }
    if (at->metadata) {
        return key == SG_ATOM(name) || key == SG_ATOM(namespace);
    }
    for (size_t i = 0; at->list != NULL && i < at->list->keys_len; i++) {
        if (strcmp(at->list->keys[i], key->text) == 0) {
            return true;
        }
    }
    return false;
}

/* The comment of an entry that is a schema: its value's, else its key's. */
static const struct sg_node *entry_schema(const struct merger *m,
                                          const struct sg_entry *entry) {
    const struct sg_comment *comment = NULL;
    if (entry->value != NULL && entry->value->comment) {
        comment = sg_docs_comment(m->ctx->set, entry->value->loc, false);
    }
    if ((comment == NULL || comment->schema == NULL) && entry->comment) {
        comment = sg_docs_comment(m->ctx->set, entry->key_loc, true);
    }
    return comment != NULL ? comment->schema : NULL;
}

static struct place child_place(const struct merger *m, const struct place *at,
                                const struct sg_entry *base, const struct sg_entry *patch,
                                bool quiet) {
    sg_atom key = base != NULL ? base->key : patch->key;
    const struct sg_node *own = base != NULL ? entry_schema(m, base) : NULL;
    struct place child = {
        .up = at,
        .key = key,
        .quiet = quiet,
        .metadata = at->root && key == SG_ATOM(metadata),
        .address = is_address(at, key),
    };
    if (m->paths != NULL) {
        child.path = sg_fieldpath_key(m->paths, at->path, key);
    }
    if (own == NULL && patch != NULL) {
        own = entry_schema(m, patch);
    }
    if (own != NULL) {
        place_comment(m, &child, own);
    } else {
        place_child(m, at, key->text, &child);
    }
    return child;
}

/*
 * Decides which node the entries are merged into: the base's, the patch's own (what is
 * new or replaced), or NULL for none (deleted).
 */
static int choose(struct merger *m, struct sg_node *base, struct sg_node *patch,
                  struct sg_node **out) {
    struct sg_str text;
    enum directive directive;
    *out = NULL;
    if (missing(base)) {
        directive = patch != NULL ? directive_take(patch, &text) : DIRECTIVE_MERGE;
        if (directive == DIRECTIVE_DELETE) {
            return 0;
        }
        if (patch == NULL && base != NULL && base->len > 0) {
            /* `null` and `~` outlive the walk in a map; an empty value does not */
            *out = base;
            return 0;
        }
        *out = patch;
        return 0;
    }
    if (tagged_null(patch)) {
        return 0;
    }
    directive = directive_take(patch, &text);
    if (directive == DIRECTIVE_UNKNOWN) {
        return directive_refuse(m, patch, text);
    }
    if (directive != DIRECTIVE_DELETE) {
        *out = directive == DIRECTIVE_REPLACE ? patch : base;
    }
    return 0;
}

/* What is written over another keeps the other's style; a scalar in quotes is a string
 * then. */
static void keep_style(const struct sg_node *old, struct sg_node *value) {
    if (old == value) {
        return;
    }
    if (!sg_is_scalar(value)) {
        value->flow = !sg_is_scalar(old) && old->flow;
        return;
    }
    if (!sg_is_scalar(old)) {
        return;
    }
    value->style = old->style;
    if (value->style != SG_PLAIN && value->tag != SG_TAG_BINARY &&
        value->tag != SG_TAG_OTHER) {
        value->tag = SG_TAG_STR;
    }
}

/* kustomize quotes a string that YAML 1.1 reads as something else when it puts it into a
 * map, so that what is written over it later becomes a string too. It does so for every
 * entry it walks over, changed or not, and takes a scalar that it made itself (no tag:
 * a replacement's) for a string. */
static void quote_old_values(struct sg_node *value) {
    if (sg_is_scalar(value) && value->style == SG_PLAIN && value->len > 0 &&
        (value->tag == SG_TAG_STR || value->tag == SG_TAG_NONE) &&
        sg_resolve_yaml11(value->text, value->len) != SG_TAG_STR) {
        value->style = SG_DOUBLE;
        value->tag = SG_TAG_STR;
    }
}

/* A shared scalar is written in place, for all who hold it. What was there is returned
 * for the event. */
static struct sg_node *write_shared(struct merger *m, struct sg_node *before,
                                    struct sg_node **after) {
    if (before == *after || !sg_is_scalar(before) || !before->shared ||
        !sg_is_scalar(*after)) {
        return before;
    }
    struct sg_node *old = sg_node_clone(m->ctx->set, before);
    *before = **after;
    before->shared = true;
    *after = before;
    return old;
}

static bool is_noop(const struct sg_node *before, const struct sg_node *after) {
    return before == after || sg_node_equal(before, after);
}

/* The event for one entry that the patch names; merged maps and lists report inside. */
static void report_entry(struct merger *m, const struct place *at,
                         const struct sg_node *before, const struct sg_node *after,
                         const struct sg_node *patch) {
    if (m->ctx->trace == NULL || at->quiet) {
        return;
    }
    if (missing(after)) {
        report_event(m, at, before != NULL ? SG_OP_DELETE : SG_OP_NOOP, before, NULL,
                     patch);
    } else if (before == NULL || tagged_null(before)) {
        report_event(m, at, SG_OP_SET, before, after, patch);
    } else if (before == after) {
        if (patch->len == 0) {
            report_event(m, at, SG_OP_NOOP, before, after, patch);
        }
    } else if (is_noop(before, after)) {
        if (at->address) {
            return;
        }
        report_event(m, at, SG_OP_NOOP, before, after, patch);
    } else {
        report_event(m, at, sg_is_scalar(after) ? SG_OP_SET : SG_OP_REPLACE, before,
                     after, patch);
    }
}

/* kustomize looks for the key "" as for a scalar, and finds a map. */
static int refuse_empty_key(const struct merger *m, const struct sg_entry *entry) {
    return entry->key->len > 0
               ? 0
               : sg_fail_at(m->err, SG_E_INPUT, sg_docs_pos(m->ctx->set, entry->key_loc),
                            "found the key \"\", which no strategic merge can pass");
}

/* Merges the entries that `map` has; a removed one is left with a NULL value. */
static int merge_present(struct merger *m, const struct place *at, struct sg_node *map,
                         const struct sg_node *patch, bool *removed) {
    bool own = patch == map;
    for (uint32_t i = 0; i < map->len; i++) {
        sg_atom key = map->entries[i].key;
        if (sg_map_find(map, key) != &map->entries[i]) {
            continue; /* a repeated key: only its first entry is seen */
        }
        const struct sg_entry *said =
            own ? &map->entries[i] : (patch != NULL ? sg_map_find(patch, key) : NULL);
        struct sg_node *before = map->entries[i].value;
        struct sg_node *value = said != NULL ? said->value : NULL;
        struct sg_node *after = NULL;
        struct place child = child_place(m, at, &map->entries[i], said, at->quiet || own);
        if (said != NULL) {
            report_literal_key(m, said);
        }
        if (refuse_empty_key(m, &map->entries[i]) != 0 ||
            merge_walk(m, &child, before, value, &after) != 0) {
            return -1;
        }
        bool kept_null = said == NULL && after == before;
        if (missing(after) && !kept_null) {
            after = NULL;
            *removed = true;
        } else {
            quote_old_values(after);
            keep_style(before, after);
            before = write_shared(m, before, &after);
        }
        map->entries[i].value = after;
        if (value != NULL) {
            report_entry(m, &child, before, after, value);
        }
    }
    return 0;
}

/* Appends what only the patch has. */
static int merge_absent(struct merger *m, const struct place *at, struct sg_node *map,
                        const struct sg_node *patch) {
    for (uint32_t i = 0; i < patch->len; i++) {
        const struct sg_entry *said = &patch->entries[i];
        if (sg_map_find(map, said->key) != NULL) {
            continue;
        }
        struct sg_node *after = NULL;
        struct place child = child_place(m, at, NULL, said, at->quiet);
        report_literal_key(m, said);
        if (refuse_empty_key(m, said) != 0 ||
            merge_walk(m, &child, NULL, said->value, &after) != 0) {
            return -1;
        }
        report_entry(m, &child, NULL, after, said->value);
        if (!missing(after)) {
            quote_old_values(after);
            struct sg_entry *entry = sg_map_append(m->ctx->set, map, said->key, after);
            entry->key_loc = said->key_loc;
            entry->key_tag = said->key_tag;
            entry->key_style = said->key_style;
        }
    }
    return 0;
}

static bool was_removed(const struct sg_entry *entry, void *ctx) {
    (void)ctx;
    return entry->value == NULL;
}

int merge_map(struct merger *m, const struct place *at, struct sg_node *base,
              struct sg_node *patch, struct sg_node **out) {
    bool removed = false;
    if (choose(m, base, patch, out) != 0) {
        return -1;
    }
    struct sg_node *map = *out;
    if (!sg_is_map(map)) {
        return 0;
    }
    if (tagged_null(patch)) {
        patch = NULL;
    }
    if (merge_present(m, at, map, patch, &removed) != 0) {
        return -1;
    }
    if (patch != NULL && patch != map && merge_absent(m, at, map, patch) != 0) {
        return -1;
    }
    if (removed) {
        sg_map_remove_if(map, was_removed, NULL); /* one pass, however many */
    }
    return 0;
}
