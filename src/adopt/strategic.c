/*
 * strategic.c - the smallest strategic merge patch from one object to another, as
 * kustomize merges (docs/KUSTOMIZE.md). What one cannot say, or only by repeating a list
 * that is changed in one place, is left to operations.c.
 */
#include "derive.h"

static struct sg_node *value_patch(struct sg_docs *docs, const struct spot *at,
                                   const struct sg_node *base, const struct sg_node *want,
                                   int depth);

static struct sg_node *copy(struct sg_docs *docs, const struct sg_node *node) {
    return sg_node_clone(docs, node);
}

/* --- maps ------------------------------------------------------------------------ */

/* What tells an object apart is never patched. */
static bool is_identity(const struct spot *at, int depth, sg_atom key) {
    if (depth == 0) {
        return key == SG_ATOM(apiVersion) || key == SG_ATOM(kind);
    }
    return depth == 1 && strcmp(at->name, "metadata") == 0 &&
           (key == SG_ATOM(name) || key == SG_ATOM(namespace));
}

static void patch_entry(struct sg_docs *docs, const struct spot *at,
                        const struct sg_node *base, const struct sg_entry *entry,
                        int depth, struct sg_node *out) {
    const struct sg_node *was = field_of(base, entry->key);
    struct spot below = spot_key(at, NULL, entry->key);
    struct sg_node *value = was == NULL
                                ? copy(docs, entry->value)
                                : value_patch(docs, &below, was, entry->value, depth + 1);
    if (value != NULL) {
        append_entry(docs, out, entry, value);
    }
}

/* With the comment in its place, or beside where the fork has null. */
static void patch_gone(struct sg_docs *docs, const struct sg_node *base, uint32_t index,
                       const struct sg_node *want, struct sg_node *out) {
    sg_atom key = base->entries[index].key;
    const struct sg_entry *null = sg_map_find(want, key);
    struct sg_node *value = sg_null_new(docs);
    value->loc = null != NULL ? null->key_loc : 0;
    sg_map_append(docs, out, key, value)->key_loc = gap_in_map(docs, base, index, want);
}

enum { INSIDE = 2 }; /* a depth below that of any identity */

/* Adds what differs to `out`; `depth` is 0 at the root, whose identity is left out. */
static void patch_map(struct sg_docs *docs, const struct spot *at,
                      const struct sg_node *base, const struct sg_node *want, int depth,
                      struct sg_node *out) {
    for (uint32_t i = 0; i < want->len; i++) {
        const struct sg_entry *entry = &want->entries[i];
        if (!sg_is_null(entry->value) && !is_identity(at, depth, entry->key)) {
            patch_entry(docs, at, base, entry, depth, out);
        }
    }
    for (uint32_t i = 0; i < base->len; i++) {
        const struct sg_entry *entry = &base->entries[i];
        if (!sg_is_null(entry->value) && field_of(want, entry->key) == NULL &&
            !is_identity(at, depth, entry->key)) {
            patch_gone(docs, base, i, want, out);
        }
    }
}

/* --- lists that are merged by key ------------------------------------------------ */

/* An element with its keys alone, as `element` writes them. */
static struct sg_node *mention(struct sg_docs *docs, const struct spot *at,
                               const struct sg_node *element) {
    struct sg_node *out = sg_map_new(docs);
    for (uint8_t i = 0; i < at->field.keys_len; i++) {
        sg_atom key = sg_atom_of(docs->atoms, at->field.keys[i]);
        const struct sg_node *value = sg_map_get(element, key);
        if (value != NULL) {
            (void)sg_map_append(docs, out, key, copy_unplaced(docs, value));
        }
    }
    return out;
}

/* The element with what differs; nothing but its keys where nothing does. */
static struct sg_node *element_patch(struct sg_docs *docs, const struct spot *at,
                                     const struct sg_node *base,
                                     const struct sg_node *want) {
    struct spot item = spot_item(at, NULL, want, 0);
    struct sg_node *out = mention(docs, at, base), *fields = sg_map_new(docs);
    out->loc = want->loc; /* for the comment above it */
    patch_map(docs, &item, base, want, INSIDE, fields);
    for (uint32_t i = 0; i < fields->len; i++) {
        const struct sg_entry *field = &fields->entries[i];
        if (!is_merge_key(at, field->key)) {
            append_entry(docs, out, field, field->value);
        }
    }
    return out;
}

static bool says_more(const struct spot *at, const struct sg_node *patch) {
    return patch->len > at->field.keys_len ||
           !is_merge_key(at, patch->entries[patch->len - 1].key);
}

static void patch_removed(struct sg_docs *docs, const struct spot *at,
                          const struct sg_node *base, const struct keyed *wanted,
                          const struct sg_node *want, struct sg_node *out) {
    for (uint32_t i = 0; i < base->len; i++) {
        if (keyed_find(wanted, at, base->items[i]) == NULL) {
            struct sg_node *gone = sg_map_new(docs);
            gone->loc = gap_in_list(docs, at, base, i, wanted, want);
            (void)sg_map_append(docs, gone, sg_atom_of(docs->atoms, "$patch"),
                                sg_str_new(docs, "delete"));
            struct sg_node *keys = mention(docs, at, base->items[i]);
            for (uint32_t k = 0; k < keys->len; k++) {
                (void)sg_map_append(docs, gone, keys->entries[k].key,
                                    keys->entries[k].value);
            }
            sg_seq_push(docs, out, gone);
        }
    }
}

static void patch_elements(struct sg_docs *docs, const struct spot *at,
                           const struct keyed *old, const struct sg_node *want,
                           struct sg_node *out) {
    for (uint32_t i = 0; i < want->len; i++) {
        const struct sg_node *was = keyed_find(old, at, want->items[i]);
        struct sg_node *patch = was == NULL
                                    ? copy(docs, want->items[i])
                                    : element_patch(docs, at, was, want->items[i]);
        if (was == NULL || says_more(at, patch)) {
            sg_seq_push(docs, out, patch);
        }
    }
}

/* Whether the merge puts the elements where they are wanted: a patch's come first. */
static bool keeps_order(const struct spot *at, const struct sg_node *base,
                        const struct sg_node *want, const struct sg_node *patch) {
    auto_keyed named = {0}, wanted = {0};
    keyed_init(&named, at, patch);
    keyed_init(&wanted, at, want);
    uint32_t next = 0;
    for (uint32_t i = 0; i < patch->len + base->len; i++) {
        bool first = i < patch->len;
        const struct sg_node *element =
            first ? patch->items[i] : base->items[i - patch->len];
        const struct sg_node *now = keyed_find(&wanted, at, element);
        if (now == NULL || (!first && keyed_find(&named, at, element) != NULL)) {
            continue;
        }
        if (now != want->items[next++]) {
            return false;
        }
    }
    return next == want->len;
}

/* A port of the base's without a protocol is found by its number alone, and then so is
 * the one that is new: the merge takes it for there already. */
static bool is_hidden(const struct spot *at, const struct sg_node *base,
                      const struct sg_node *added) {
    for (uint32_t i = 0; i < base->len; i++) {
        const char *first = at->field.keys[0];
        const struct sg_node *mine = sg_map_gets(base->items[i], first),
                             *other = sg_map_gets(added, first);
        bool same = mine != NULL && other != NULL && scalars_equal(mine, other);
        bool lacks = false;
        for (uint8_t k = 1; k < at->field.keys_len; k++) {
            lacks = lacks || sg_map_gets(base->items[i], at->field.keys[k]) == NULL;
        }
        if (same && lacks) {
            return true;
        }
    }
    return false;
}

static bool hides_one(const struct spot *at, const struct sg_node *base,
                      const struct keyed *old, const struct sg_node *want) {
    bool hides = false;
    for (uint32_t i = 0; at->field.keys_len > 1 && i < want->len && !hides; i++) {
        hides = keyed_find(old, at, want->items[i]) == NULL &&
                is_hidden(at, base, want->items[i]);
    }
    return hides;
}

static struct sg_node *keyed_patch(struct sg_docs *docs, const struct spot *at,
                                   const struct sg_node *base,
                                   const struct sg_node *want) {
    struct sg_node *out = sg_seq_new(docs);
    auto_keyed old = {0}, new = {0};
    keyed_init(&old, at, base);
    keyed_init(&new, at, want);
    if (want->len == 0 || hides_one(at, base, &old, want)) {
        return NULL; /* [] changes nothing */
    }
    patch_elements(docs, at, &old, want, out);
    patch_removed(docs, at, base, &new, want, out);
    bool ordered = list_ordered(at, base, want);
    return out->len > 0 && (!ordered || keeps_order(at, base, want, out)) ? out : NULL;
}

/* --- values ---------------------------------------------------------------------- */

static struct sg_node *value_patch(struct sg_docs *docs, const struct spot *at,
                                   const struct sg_node *base, const struct sg_node *want,
                                   int depth) {
    if (base->kind != want->kind) {
        return NULL;
    }
    if (sg_is_map(want)) {
        struct sg_node *out = sg_map_new(docs);
        patch_map(docs, at, base, want, depth, out);
        return out->len > 0 ? out : NULL;
    }
    if (sg_is_scalar(want)) {
        /* one of another type would take the base's quotes, or lose its own */
        bool says =
            !scalars_equal(base, want) && sg_scalar_type(base) == sg_scalar_type(want);
        return says ? copy(docs, want) : NULL;
    }
    if (lists_keyed(at, base, want)) {
        return keyed_patch(docs, at, base, want);
    }
    if (at->field.merge || values_equal(at, base, want)) {
        return NULL; /* two lists that kustomize would join */
    }
    struct list_cost cost = list_cost_of(at, base, want);
    return cost.whole <= cost.single ? copy(docs, want) : NULL;
}

struct sg_node *derive_strategic(struct sg_docs *docs, const struct sg_node *base,
                                 const struct sg_node *want) {
    struct spot root = spot_root(base);
    struct sg_node *out = sg_map_new(docs);
    patch_map(docs, &root, base, want, 0, out);
    return out->len > 0 ? out : NULL;
}
