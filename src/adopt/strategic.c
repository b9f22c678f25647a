/*
 * strategic.c - the smallest strategic merge patch from one object to another, as
 * kustomize merges (docs/KUSTOMIZE.md). What one cannot say, or only by repeating a list
 * that is changed in one place, is left to operations.c.
 */
#include "derive.h"

struct strategic {
    struct sg_docs *docs;
};

static struct sg_node *value_patch(struct strategic *s, const struct place *at,
                                   const struct sg_node *base, const struct sg_node *want,
                                   int depth);

static struct sg_node *copy(struct strategic *s, const struct sg_node *node) {
    return sg_node_clone(s->docs, node);
}

/* --- maps -----------------------------------------------------------------------------
 */

/* What tells an object apart is never patched. */
static bool is_identity(const struct place *at, int depth, sg_atom key) {
    if (depth == 0) {
        return key == SG_ATOM(apiVersion) || key == SG_ATOM(kind);
    }
    return depth == 1 && strcmp(at->name, "metadata") == 0 &&
           (key == SG_ATOM(name) || key == SG_ATOM(namespace));
}

static void patch_entry(struct strategic *s, const struct place *at,
                        const struct sg_node *base, const struct sg_entry *entry,
                        int depth, struct sg_node *out) {
    const struct sg_node *was = field_of(base, entry->key);
    struct place below = place_key(at, NULL, entry->key);
    struct sg_node *value = was == NULL
                                ? copy(s, entry->value)
                                : value_patch(s, &below, was, entry->value, depth + 1);
    if (value != NULL) {
        (void)sg_map_append(s->docs, out, entry->key, value);
    }
}

enum { INSIDE = 2 }; /* a depth below that of any identity */

/* Adds what differs to `out`; `depth` is 0 at the root, whose identity is left out. */
static void patch_map(struct strategic *s, const struct place *at,
                      const struct sg_node *base, const struct sg_node *want, int depth,
                      struct sg_node *out) {
    for (uint32_t i = 0; i < want->len; i++) {
        const struct sg_entry *entry = &want->entries[i];
        if (!sg_is_null(entry->value) && !is_identity(at, depth, entry->key)) {
            patch_entry(s, at, base, entry, depth, out);
        }
    }
    for (uint32_t i = 0; i < base->len; i++) {
        const struct sg_entry *entry = &base->entries[i];
        if (!sg_is_null(entry->value) && field_of(want, entry->key) == NULL &&
            !is_identity(at, depth, entry->key)) {
            (void)sg_map_append(s->docs, out, entry->key, sg_null_new(s->docs));
        }
    }
}

/* --- lists that are merged by key -----------------------------------------------------
 */

/* An element with its keys alone, as `element` writes them. */
static struct sg_node *mention(struct strategic *s, const struct place *at,
                               const struct sg_node *element) {
    struct sg_node *out = sg_map_new(s->docs);
    for (uint8_t i = 0; i < at->field.keys_len; i++) {
        sg_atom key = sg_atom_of(s->docs->atoms, at->field.keys[i]);
        const struct sg_node *value = sg_map_get(element, key);
        if (value != NULL) {
            (void)sg_map_append(s->docs, out, key, copy(s, value));
        }
    }
    return out;
}

static bool is_key(const struct place *at, sg_atom key) {
    for (uint8_t i = 0; i < at->field.keys_len; i++) {
        if (strcmp(at->field.keys[i], key->text) == 0) {
            return true;
        }
    }
    return false;
}

/* The element with what differs; nothing but its keys where nothing does. */
static struct sg_node *element_patch(struct strategic *s, const struct place *at,
                                     const struct sg_node *base,
                                     const struct sg_node *want) {
    struct place item = place_item(at, NULL, want, 0);
    struct sg_node *out = mention(s, at, base), *fields = sg_map_new(s->docs);
    patch_map(s, &item, base, want, INSIDE, fields);
    for (uint32_t i = 0; i < fields->len; i++) {
        if (!is_key(at, fields->entries[i].key)) {
            (void)sg_map_append(s->docs, out, fields->entries[i].key,
                                fields->entries[i].value);
        }
    }
    return out;
}

static bool says_more(const struct place *at, const struct sg_node *patch) {
    return patch->len > at->field.keys_len ||
           !is_key(at, patch->entries[patch->len - 1].key);
}

static void patch_removed(struct strategic *s, const struct place *at,
                          const struct sg_node *base, const struct keyed *wanted,
                          struct sg_node *out) {
    for (uint32_t i = 0; i < base->len; i++) {
        if (keyed_find(wanted, at, base->items[i]) == NULL) {
            struct sg_node *gone = sg_map_new(s->docs);
            (void)sg_map_append(s->docs, gone, sg_atom_of(s->docs->atoms, "$patch"),
                                sg_str_new(s->docs, "delete"));
            struct sg_node *keys = mention(s, at, base->items[i]);
            for (uint32_t k = 0; k < keys->len; k++) {
                (void)sg_map_append(s->docs, gone, keys->entries[k].key,
                                    keys->entries[k].value);
            }
            sg_seq_push(s->docs, out, gone);
        }
    }
}

/* How many of the wanted elements a patch must name, from the first on, for the merge to
 * put them in this order: a patch's elements come first. New ones at the end are added
 * there by an operation. */
static uint32_t named_elements(const struct place *at, const struct keyed *old,
                               const struct sg_node *base, const struct sg_node *want) {
    uint32_t end = want->len, named = 0;
    while (end > 0 && keyed_find(old, at, want->items[end - 1]) == NULL) {
        end--;
    }
    struct place item = place_item(at, NULL, want, 0);
    for (uint32_t i = 0; i < end; i++) {
        const struct sg_node *was = keyed_find(old, at, want->items[i]);
        if (was == NULL || !values_equal(&item, was, want->items[i])) {
            named = i + 1;
        }
    }
    /* the rest must stand as in the base */
    auto_keyed wanted = {0};
    keyed_init(&wanted, at, want);
    uint32_t next = end;
    for (uint32_t i = base->len; i-- > 0;) {
        const struct sg_node *now = keyed_find(&wanted, at, base->items[i]);
        if (now != NULL && next > named && now == want->items[next - 1]) {
            next--;
        } else if (now != NULL && next > named) {
            return next;
        }
    }
    return next > named ? next : named;
}

static void patch_ordered(struct strategic *s, const struct place *at,
                          const struct keyed *old, const struct sg_node *base,
                          const struct sg_node *want, struct sg_node *out) {
    uint32_t named = named_elements(at, old, base, want);
    for (uint32_t i = 0; i < named; i++) {
        const struct sg_node *was = keyed_find(old, at, want->items[i]);
        sg_seq_push(s->docs, out,
                    was == NULL ? copy(s, want->items[i])
                                : element_patch(s, at, was, want->items[i]));
    }
}

static void patch_unordered(struct strategic *s, const struct place *at,
                            const struct keyed *old, const struct sg_node *want,
                            struct sg_node *out) {
    for (uint32_t i = 0; i < want->len; i++) {
        const struct sg_node *was = keyed_find(old, at, want->items[i]);
        struct sg_node *patch = was == NULL ? copy(s, want->items[i])
                                            : element_patch(s, at, was, want->items[i]);
        if (was == NULL || says_more(at, patch)) {
            sg_seq_push(s->docs, out, patch);
        }
    }
}

static struct sg_node *keyed_patch(struct strategic *s, const struct place *at,
                                   const struct sg_node *base,
                                   const struct sg_node *want) {
    struct sg_node *out = sg_seq_new(s->docs);
    auto_keyed old = {0}, new = {0};
    keyed_init(&old, at, base);
    keyed_init(&new, at, want);
    if (want->len == 0) {
        return NULL; /* [] changes nothing */
    }
    if (list_ordered(at, base, want)) {
        patch_ordered(s, at, &old, base, want, out);
    } else {
        patch_unordered(s, at, &old, want, out);
    }
    patch_removed(s, at, base, &new, out);
    return out->len > 0 ? out : NULL;
}

/* --- values ---------------------------------------------------------------------------
 */

static struct sg_node *value_patch(struct strategic *s, const struct place *at,
                                   const struct sg_node *base, const struct sg_node *want,
                                   int depth) {
    if (base->kind != want->kind) {
        return NULL;
    }
    if (sg_is_map(want)) {
        struct sg_node *out = sg_map_new(s->docs);
        patch_map(s, at, base, want, depth, out);
        return out->len > 0 ? out : NULL;
    }
    if (sg_is_scalar(want)) {
        return scalars_equal(base, want) ? NULL : copy(s, want);
    }
    if (lists_keyed(at, base, want)) {
        return keyed_patch(s, at, base, want);
    }
    if (at->field.merge || values_equal(at, base, want)) {
        return NULL; /* two lists that kustomize would join */
    }
    struct list_cost cost = list_cost_of(at, base, want);
    return cost.whole <= cost.single ? copy(s, want) : NULL;
}

struct sg_node *derive_strategic(struct sg_docs *docs, const struct sg_node *base,
                                 const struct sg_node *want) {
    struct strategic s = {docs};
    struct place root = place_root(base);
    struct sg_node *out = sg_map_new(docs);
    patch_map(&s, &root, base, want, 0, out);
    return out->len > 0 ? out : NULL;
}
