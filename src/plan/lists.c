#include "lists.h"

#include <string.h>

void elements_release(struct elements *elements) {
    sg_vec_release(&elements->items);
}

static bool extra_key(const char *const *extra, const struct sg_node *element,
                      struct sg_buf *out) {
    for (size_t i = 0; i < EXTRA_KEYS_MAX && extra[i] != NULL; i++) {
        const char *text = sg_text(sg_map_gets(element, extra[i]));
        if (text == NULL) {
            return false;
        }
        if (i > 0) {
            sg_buf_addc(out, '/');
        }
        sg_buf_adds(out, text);
    }
    return true;
}

sg_atom element_key(struct sg_atoms *atoms, const struct sg_field *field,
                    const char *const *extra, const struct sg_node *element) {
    sg_auto_buf text = SG_BUF_INIT;
    bool keyed = extra != NULL ? extra_key(extra, element, &text)
                               : sg_schema_element_key(field, element, &text);
    if (!sg_is_map(element) || !keyed) {
        return NULL;
    }
    struct sg_err err = {0};
    return sg_atom_intern(atoms, sg_buf_cstr(&text), text.len, &err);
}

struct element_id {
    sg_atom key;
    size_t repeat;
};

/* One tree's list, matched with what the newer trees brought. `known` holds positions in
 * `out`, plus one. */
static bool add_list(struct sg_atoms *atoms, const struct sg_field *field,
                     const char *const *extra, const struct sg_node *list, int tree,
                     struct counters *known, struct elements *out) {
    auto_counters repeats = {0}; /* how often a key was in this list */
    for (uint32_t i = 0; i < list->len; i++) {
        sg_atom key = element_key(atoms, field, extra, list->items[i]);
        if (key == NULL) {
            return false;
        }
        struct element_id id = {key, (*counters_at(&repeats, &key, sizeof(key)))++};
        size_t *at = counters_at(known, &id, sizeof(id));
        if (*at == 0) {
            sg_vec_push(&out->items,
                        (struct element){.key = key, .repeat = (uint32_t)id.repeat});
            *at = out->items.len;
        }
        out->items.items[*at - 1].at[tree] = i;
        out->items.items[*at - 1].node[tree] = list->items[i];
    }
    return true;
}

bool elements_match(struct sg_atoms *atoms, const struct sg_field *field,
                    const char *const *extra, const struct sg_node *const lists[T_COUNT],
                    struct elements *out) {
    static const int newest_first[] = {T_RN, T_RO, T_UN, T_UO};
    auto_counters known = {0};
    for (size_t i = 0; i < SG_ARRAY_LEN(newest_first); i++) {
        const struct sg_node *list = lists[newest_first[i]];
        if (list != NULL &&
            !add_list(atoms, field, extra, list, newest_first[i], &known, out)) {
            return false;
        }
    }
    return true;
}
