/*
 * associative.c - the keyed merge in general: kustomize's steps one after another, for
 * lists in which some elements lack a key that others have (or are no maps at all). What
 * is lost here, and what is not, follows from the order of these steps; it is not a
 * design of ours.
 *
 * 1. The distinct key tuples of the patch's elements, then of the base's; a missing key
 * is "".
 * 2. With several keys, tuples that differ only where one is "" are joined, in place.
 * 3. Keys that are "" in every tuple do not count.
 * 4. For each tuple the matching elements are merged and set in a new list, or deleted
 * from the base's.
 * 5. What is left of the base's list is set in the new one, element by element.
 */
#include "merge.h"

/* The steps look at every element for every other, and kustomize's double such a list
 * with each patch: it needs a minute for a list of half this length. */
enum { MAX_UNEVEN = 4096 };

struct keys {
    const char *names[SG_MERGE_KEYS_MAX];
    size_t len;
};

struct tuple {
    struct sg_str part[SG_MERGE_KEYS_MAX];
};

struct tuples {
    SG_VEC(struct tuple) v;
    struct sg_strmap seen;
    size_t width;
};

static void tuples_release(struct tuples *tuples) {
    sg_vec_release(&tuples->v);
    sg_strmap_release(&tuples->seen);
}
#define auto_tuples SG_CLEANUP(tuples_release) struct tuples

static void tuples_add(struct tuples *tuples, const struct tuple *tuple) {
    sg_auto_buf key = SG_BUF_INIT;
    for (size_t k = 0; k < tuples->width; k++) {
        sg_buf_add(&key, &tuple->part[k].len, sizeof(tuple->part[k].len));
        sg_buf_add(&key, tuple->part[k].ptr, tuple->part[k].len);
    }
    if (!sg_strmap_has(&tuples->seen, key.ptr, key.len)) {
        sg_strmap_put(&tuples->seen, key.ptr, key.len, tuples);
        sg_vec_push(&tuples->v, *tuple);
    }
}

static void tuples_gather(struct tuples *tuples, const struct keys *keys, bool plain,
                          const struct nodes *list) {
    for (size_t i = 0; i < list->v.len; i++) {
        const struct sg_node *element = list->v.items[i];
        struct tuple tuple = {0};
        for (size_t k = 0; k < keys->len; k++) {
            const struct sg_node *value =
                plain ? element : sg_map_gets(element, keys->names[k]);
            bool none = !plain && tagged_null(value);
            tuple.part[k] = none ? SG_STR("") : value_text(value);
        }
        tuples_add(tuples, &tuple);
    }
}

/* The union of two tuples that agree in a part and differ only where one is empty. */
static bool tuple_join(const struct tuple *a, const struct tuple *b, size_t width,
                       struct tuple *out) {
    bool common = false;
    for (size_t k = 0; k < width; k++) {
        if (sg_str_eq(a->part[k], b->part[k])) {
            common = true;
            out->part[k] = a->part[k];
        } else if (a->part[k].len > 0 && b->part[k].len > 0) {
            return false;
        } else {
            out->part[k] = a->part[k].len > 0 ? a->part[k] : b->part[k];
        }
    }
    return common;
}

/* Later pairs see the joined tuples, but the outer one of a round as it was at its start.
 */
static void tuples_join(struct tuples *tuples) {
    for (size_t i = 0; i < tuples->v.len; i++) {
        const struct tuple outer = tuples->v.items[i];
        for (size_t j = 0; j < tuples->v.len; j++) {
            struct tuple joined = {0};
            if (tuple_join(&outer, &tuples->v.items[j], tuples->width, &joined)) {
                tuples->v.items[i] = joined;
                tuples->v.items[j] = joined;
            }
        }
    }
}

/* Drops the keys that are empty in every tuple, from keys and tuples alike. */
static void keys_reduce(struct keys *keys, struct tuples *tuples) {
    bool used[SG_MERGE_KEYS_MAX] = {false};
    size_t count = 0;
    for (size_t k = 0; k < keys->len; k++) {
        for (size_t i = 0; i < tuples->v.len && !used[k]; i++) {
            used[k] = tuples->v.items[i].part[k].len > 0;
        }
        count += used[k];
    }
    if (count == 0) {
        return;
    }
    size_t kept = 0;
    for (size_t k = 0; k < keys->len; k++) {
        if (!used[k]) {
            continue;
        }
        keys->names[kept] = keys->names[k];
        for (size_t i = 0; i < tuples->v.len; i++) {
            tuples->v.items[i].part[kept] = tuples->v.items[i].part[k];
        }
        kept++;
    }
    keys->len = kept;
}

/* An entry `key` with this value, or with any where `any`. */
static bool has_field(const struct sg_node *map, const char *key, struct sg_str value,
                      bool any) {
    size_t len = strlen(key);
    for (uint32_t i = 0; i < map->len; i++) {
        const struct sg_entry *entry = &map->entries[i];
        if (entry->key->len == len && memcmp(entry->key->text, key, len) == 0 &&
            (any || sg_str_eq(value_text(entry->value), value))) {
            return true;
        }
    }
    return false;
}

/* The first element with the tuple's values; empty parts count only where all are empty.
 */
static struct sg_node *element_match(const struct nodes *list, const struct keys *keys,
                                     const struct tuple *tuple) {
    bool all_empty = true;
    for (size_t k = 0; k < keys->len; k++) {
        all_empty = all_empty && tuple->part[k].len == 0;
    }
    bool plain = keys->names[0][0] == '\0';
    for (size_t i = 0; list != NULL && i < list->v.len; i++) {
        struct sg_node *element = list->v.items[i];
        if (plain && sg_str_eq(value_text(element), tuple->part[0])) {
            return element;
        }
        bool match = !plain && sg_is_map(element);
        for (size_t k = 0; match && k < keys->len; k++) {
            if (tuple->part[k].len > 0 || all_empty) {
                match = has_field(element, keys->names[k], tuple->part[k], false);
            }
        }
        if (match) {
            return element;
        }
    }
    return NULL;
}

static int refuse_element(const struct merger *m, const struct sg_node *element,
                          const char *expected) {
    return sg_fail_at(m->err, SG_E_INPUT, sg_docs_pos(m->ctx->set, element->loc),
                      "cannot merge this list: expected each element to be %s", expected);
}

/* Whether `element` has the first `count` of the values; further keys match anything. */
static int element_is(const struct merger *m, const struct sg_node *element,
                      const struct keys *keys, const struct tuple *values, size_t count,
                      bool *out) {
    *out = count > 0;
    for (size_t k = 0; *out && k < keys->len && k < count; k++) {
        if (keys->names[k][0] == '\0') {
            if (!sg_is_scalar(element)) {
                return refuse_element(m, element, "a plain value");
            }
            *out = sg_str_eq(value_text(element), values->part[k]);
        } else {
            if (!sg_is_map(element)) {
                return refuse_element(m, element, "a map");
            }
            *out = has_field(element, keys->names[k], values->part[k],
                             values->part[k].len == 0);
        }
    }
    return 0;
}

/*
 * Puts `element` (none or null: deletes) in the place of every element with these values,
 * or at the end. Null and empty elements go. With no values at all, every map goes.
 */
static int list_set(const struct merger *m, struct nodes *list, const struct keys *keys,
                    const struct tuple *values, size_t count, struct sg_node *element) {
    bool for_maps = keys->names[0][0] != '\0' && count > 0 && values->part[0].len > 0;
    bool found = false;
    size_t kept = 0;
    for (size_t i = 0; i < list->v.len; i++) {
        struct sg_node *item = list->v.items[i];
        if (tagged_null(item) || empty_map(item)) {
            continue;
        }
        bool same = false;
        if ((sg_is_map(item) || !for_maps) &&
            element_is(m, item, keys, values, count, &same) != 0) {
            return -1;
        }
        if (!same) {
            if (count > 0) {
                list->v.items[kept++] = item;
            }
            continue;
        }
        found = true;
        if (!missing(element)) {
            list->v.items[kept++] = element;
        }
    }
    list->v.len = kept;
    if (!missing(element) && !found) {
        sg_vec_push(&list->v, element);
    }
    return 0;
}

/* Gives a merged element the keys it was found by. */
static void complete(struct sg_docs *set, struct sg_node *element,
                     const struct keys *keys, const struct tuple *tuple) {
    for (size_t k = 0; k < keys->len; k++) {
        const char *name = keys->names[k];
        const struct sg_str *part = &tuple->part[k];
        if (part->len == 0) {
            continue;
        }
        if (name[0] == '\0') {
            element->tag = SG_TAG_NONE;
        } else if (!has_field(element, name, *part, true)) {
            sg_map_append(
                set, element, sg_atom_of(set->atoms, name),
                sg_scalar_new(set, part->ptr, part->len, SG_TAG_NONE, SG_PLAIN));
        }
    }
}

static int merge_tuples(struct merger *m, const struct place *at, const struct keys *keys,
                        const struct tuples *tuples, struct nodes *base,
                        const struct nodes *patch, struct outcomes *outcomes,
                        struct nodes *result) {
    for (size_t i = 0; i < tuples->v.len; i++) {
        const struct tuple *tuple = &tuples->v.items[i];
        struct sg_node *element = NULL;
        if (merge_element(m, at, element_match(base, keys, tuple),
                          element_match(patch, keys, tuple), outcomes, &element) != 0) {
            return -1;
        }
        if (element != NULL) {
            complete(m->ctx->set, element, keys, tuple);
        }
        if (list_set(m, element != NULL ? result : base, keys, tuple, keys->len,
                     element) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Step 5 for one element of the base. */
static int append_element(const struct merger *m, struct nodes *result,
                          const struct keys *keys, struct sg_node *element) {
    struct tuple values = {0};
    size_t count = 0;
    for (size_t k = 0; k < keys->len; k++) {
        const char *name = keys->names[k];
        if (name[0] == '\0') {
            values.part[count++] = value_text(element);
            continue;
        }
        if (!tagged_null(element) && !sg_is_map(element)) {
            return refuse_element(m, element, "a map");
        }
        const struct sg_node *value = sg_map_gets(element, name);
        if (value == NULL) {
            sg_vec_push(&result->v, element);
        } else {
            values.part[count++] = value_text(value);
        }
    }
    if (keys->len > 1 && list_set(m, result, keys, &values, count, NULL) != 0) {
        return -1;
    }
    return list_set(m, result, keys, &values, count, element);
}

static int refuse_long(const struct merger *m, const struct sg_node *list, size_t len) {
    sg_fail_at(m->err, SG_E_LIMIT, sg_docs_pos(m->ctx->set, list->loc),
               "found a list of %zu elements, some of them without a merge key; at most "
               "%d are merged",
               len, MAX_UNEVEN);
    return sg_err_hint(m->err, "give each element its merge keys");
}

static void nodes_copy(struct nodes *out, const struct sg_node *list) {
    for (uint32_t i = 0; list != NULL && i < list->len; i++) {
        sg_vec_push(&out->v, list->items[i]);
    }
}

int merge_associative(struct merger *m, const struct place *at, struct sg_node *base,
                      struct sg_node *patch, struct outcomes *outcomes,
                      struct nodes *result) {
    bool plain = at->field.keys_len == 0;
    struct keys keys = {.names = {""}, .len = plain ? 1 : at->field.keys_len};
    auto_tuples tuples = {.width = keys.len};
    auto_nodes base_items = {0};
    auto_nodes patch_items = {0};
    /* where the patch's list is the base's own, what is deleted from one is gone in both
     */
    struct nodes *said = patch == base ? &base_items : &patch_items;
    for (size_t k = 0; k < at->field.keys_len; k++) {
        keys.names[k] = at->field.keys[k];
    }
    nodes_copy(&base_items, base);
    nodes_copy(&patch_items, patch);
    if (base_items.v.len > MAX_UNEVEN || patch_items.v.len > MAX_UNEVEN) {
        bool long_base = base_items.v.len > MAX_UNEVEN;
        return refuse_long(m, long_base ? base : patch,
                           long_base ? base_items.v.len : patch_items.v.len);
    }
    tuples_gather(&tuples, &keys, plain, said);
    tuples_gather(&tuples, &keys, plain, &base_items);
    if (keys.len > 1) {
        tuples_join(&tuples);
    }
    keys_reduce(&keys, &tuples);
    if (merge_tuples(m, at, &keys, &tuples, &base_items, said, outcomes, result) != 0) {
        return -1;
    }
    for (size_t i = 0; i < base_items.v.len; i++) {
        if (append_element(m, result, &keys, base_items.v.items[i]) != 0) {
            return -1;
        }
    }
    return 0;
}
