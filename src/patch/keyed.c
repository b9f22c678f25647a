/*
 * keyed.c - merging a list by its elements' keys, in linear time where every element has
 * its keys; a list of plain values (finalizers) is keyed by the values themselves.
 *
 * The result's order is kustomize's: with one key the patch's elements come first, in the
 * patch's order, then the base's remaining ones; with two keys the elements that only the
 * patch has come first, then the base's in the base's order.
 */
#include "merge.h"

void nodes_release(struct nodes *nodes) {
    sg_vec_release(&nodes->v);
}

void outcomes_release(struct outcomes *outcomes) {
    sg_vec_release(&outcomes->v);
}

/* One distinct key of both lists. */
struct slot {
    struct sg_node *patch, *base; /* the first element with it */
    struct sg_node *last;         /* the base's last one: it stands in the end */
    struct sg_node *result;       /* NULL: deleted */
};

struct table {
    struct sg_strmap index; /* key bytes -> number of the slot + 1 */
    SG_VEC(struct slot) slots;
    SG_VEC(size_t) base_slots; /* by base element */
    struct sg_buf key;
};

static void table_release(struct table *table) {
    sg_strmap_release(&table->index);
    sg_vec_release(&table->slots);
    sg_vec_release(&table->base_slots);
    sg_buf_release(&table->key);
}

static struct sg_str key_part(const struct sg_field *field, const struct sg_node *element,
                              size_t i) {
    if (field->keys_len == 0) {
        return value_text(element);
    }
    const struct sg_node *value = sg_map_gets(element, field->keys[i]);
    return tagged_null(value) ? SG_STR("") : value_text(value);
}

/* Which keys every element of `list` has (`*all`), and which any has (`*any`). */
static bool survey(const struct sg_field *field, const struct sg_node *list,
                   unsigned *all, unsigned *any) {
    size_t keys = field->keys_len > 0 ? field->keys_len : 1;
    for (uint32_t i = 0; list != NULL && i < list->len; i++) {
        const struct sg_node *element = list->items[i];
        bool fits = field->keys_len > 0 ? sg_is_map(element)
                                        : sg_is_scalar(element) && !tagged_null(element);
        if (!fits) {
            return false;
        }
        unsigned has = 0;
        for (size_t k = 0; k < keys; k++) {
            has |= key_part(field, element, k).len > 0 ? 1u << k : 0;
        }
        *all &= has;
        *any |= has;
    }
    return true;
}

/* True where no element lacks a key that another has; `*valid` are the keys there are. */
static bool uniform(const struct sg_field *field, const struct sg_node *base,
                    const struct sg_node *patch, unsigned *valid) {
    unsigned all = ~0u;
    unsigned any = 0;
    if (!survey(field, base, &all, &any) || !survey(field, patch, &all, &any)) {
        return false;
    }
    *valid = any;
    return any != 0 && any == (all & any);
}

static size_t slot_of(struct table *table, const struct sg_field *field,
                      const struct sg_node *element) {
    sg_buf_clear(&table->key);
    size_t keys = field->keys_len > 0 ? field->keys_len : 1;
    for (size_t k = 0; k < keys; k++) {
        struct sg_str part = key_part(field, element, k);
        sg_buf_add(&table->key, &part.len, sizeof(part.len));
        sg_buf_add(&table->key, part.ptr, part.len);
    }
    uintptr_t number =
        (uintptr_t)sg_strmap_get(&table->index, table->key.ptr, table->key.len);
    if (number == 0) {
        sg_vec_push(&table->slots, (struct slot){0});
        number = table->slots.len;
        sg_strmap_put(&table->index, table->key.ptr, table->key.len, (void *)number);
    }
    return number - 1;
}

static void table_fill(struct table *table, const struct sg_field *field,
                       const struct sg_node *base, const struct sg_node *patch) {
    for (uint32_t i = 0; patch != NULL && i < patch->len; i++) {
        size_t number = slot_of(table, field, patch->items[i]);
        struct slot *slot = &table->slots.items[number];
        slot->patch = slot->patch != NULL ? slot->patch : patch->items[i];
    }
    for (uint32_t i = 0; i < base->len; i++) {
        size_t number = slot_of(table, field, base->items[i]);
        struct slot *slot = &table->slots.items[number];
        slot->base = slot->base != NULL ? slot->base : base->items[i];
        slot->last = base->items[i];
        sg_vec_push(&table->base_slots, number);
    }
}

struct place place_element(struct merger *m, const struct place *at,
                           const struct sg_node *element) {
    struct place child = {
        .quiet = at->quiet,
        .list = &at->field,
        .up = at,
        .element = element,
    };
    place_child(m, at, NULL, &child);
    if (m->paths == NULL) {
        return child;
    }
    sg_auto_buf key = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (at->field.keys_len == 0) {
        struct sg_str text = value_text(element);
        sg_buf_add(&key, text.ptr, text.len);
    } else if (!sg_schema_element_key(&at->field, element, &key)) {
        sg_buf_clear(&key);
    }
    sg_atom atom =
        sg_atom_intern(m->ctx->set->atoms, sg_buf_cstr(&key), key.len, &ignored);
    child.path =
        atom != NULL ? sg_fieldpath_element(m->paths, at->path, atom, 0) : at->path;
    return child;
}

int merge_element(struct merger *m, const struct place *at, struct sg_node *base,
                  struct sg_node *patch, struct outcomes *outcomes,
                  struct sg_node **out) {
    struct place child = place_element(m, at, base != NULL ? base : patch);
    child.quiet = child.quiet || base == NULL || base == patch;
    if (base != NULL && base != patch && directive_peek(patch) == DIRECTIVE_REPLACE) {
        report_lost(m, RULE_IGNORED, patch,
                    "$patch: replace inside a list element has no effect; "
                    "the element stays as it was");
    }
    if (merge_walk(m, &child, base, patch, out) != 0) {
        return -1;
    }
    if (missing(*out) || empty_map(*out)) {
        *out = NULL;
    }
    sg_vec_push(&outcomes->v, (struct outcome){patch, base, *out});
    return 0;
}

static int merge_slots(struct merger *m, const struct place *at, struct table *table,
                       struct outcomes *outcomes) {
    for (size_t i = 0; i < table->slots.len; i++) {
        struct slot *slot = &table->slots.items[i];
        if (merge_element(m, at, slot->base, slot->patch, outcomes, &slot->result) != 0) {
            return -1;
        }
        if (slot->result != NULL && at->field.keys_len == 0) {
            slot->result->tag =
                SG_TAG_NONE; /* a merged plain value resolves when written */
        }
    }
    return 0;
}

static void order_slots(const struct table *table, const struct sg_node *base,
                        bool base_order, struct nodes *result) {
    for (size_t i = 0; i < table->slots.len; i++) {
        const struct slot *slot = &table->slots.items[i];
        if (slot->result != NULL && (slot->last == NULL || !base_order)) {
            sg_vec_push(&result->v, slot->last != NULL ? slot->last : slot->result);
        }
    }
    for (size_t i = 0; base_order && i < base->len; i++) {
        const struct slot *slot = &table->slots.items[table->base_slots.items[i]];
        if (slot->result != NULL && base->items[i] == slot->last) {
            sg_vec_push(&result->v, base->items[i]);
        }
    }
}

/* Puts the nodes into the list's own storage. */
static void list_assign(struct sg_docs *set, struct sg_node *list,
                        const struct nodes *nodes) {
    list->len = 0;
    for (size_t i = 0; i < nodes->v.len; i++) {
        sg_seq_push(set, list, nodes->v.items[i]);
    }
}

static int merge_items(struct merger *m, const struct place *at, struct sg_node *base,
                       struct sg_node *patch) {
    unsigned valid;
    auto_nodes result = {0};
    auto_outcomes outcomes = {0};
    int rc;
    if (uniform(&at->field, base, patch, &valid)) {
        struct table table = {0};
        table_fill(&table, &at->field, base, patch);
        rc = merge_slots(m, at, &table, &outcomes);
        if (rc == 0) {
            bool several = (valid & (valid - 1)) != 0;
            order_slots(&table, base, several, &result);
        }
        table_release(&table);
    } else {
        rc = merge_associative(m, at, base, patch, &outcomes, &result);
    }
    if (rc != 0) {
        return -1;
    }
    report_list(m, at, base, patch, &outcomes, &result);
    list_assign(m->ctx->set, base, &result);
    base->comment = false; /* kustomize makes the list anew; its key's comment stays */
    return 0;
}

/* Decides which list the elements are merged into, as map.c does for maps. */
static int choose(struct merger *m, struct sg_node *base, struct sg_node *patch,
                  struct sg_node **out) {
    *out = NULL;
    if (missing(base)) {
        *out = patch;
        return 0;
    }
    if (tagged_null(patch)) {
        return 0;
    }
    struct sg_str text;
    enum directive directive = directive_take(patch, &text);
    if (directive == DIRECTIVE_UNKNOWN) {
        return directive_refuse(m, patch, text);
    }
    if (directive != DIRECTIVE_DELETE) {
        *out = directive == DIRECTIVE_REPLACE ? patch : base;
    }
    return 0;
}

int merge_keyed(struct merger *m, const struct place *at, struct sg_node *base,
                struct sg_node *patch, struct sg_node **out) {
    if (choose(m, base, patch, out) != 0) {
        return -1;
    }
    struct sg_node *list = *out;
    if (!sg_is_seq(list) || (list->len == 0 && (patch == NULL || patch->len == 0))) {
        return 0;
    }
    struct place here = *at;
    here.quiet = here.quiet || list == patch;
    return merge_items(m, &here, list, patch);
}
