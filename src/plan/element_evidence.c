#include "element_evidence.h"

#include <string.h>

#include "planner.h"

/* --- values ----------------------------------------------------------------------- */

/* A text that is the same for equal values; maps in the order of their keys. */
static void value_text(const struct sg_node *node, struct sg_buf *out) {
    if (sg_is_scalar(node)) {
        sg_buf_addf(out, "%u:", node->len);
        sg_buf_add(out, node->text, node->len);
    }
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        sg_buf_addc(out, '-');
        value_text(node->items[i], out);
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        sg_buf_addf(out, "%s=", node->entries[i].key->text);
        value_text(node->entries[i].value, out);
    }
    sg_buf_addc(out, ';');
}

void element_field_text(const char *field, const struct sg_node *value,
                        struct sg_buf *out) {
    sg_buf_addf(out, "%s\n", field);
    value_text(value, out);
}

void element_values_read(struct counters *seen, const struct sg_node *list) {
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        const struct sg_node *element = list->items[i];
        for (uint32_t k = 0; sg_is_map(element) && k < element->len; k++) {
            sg_auto_buf text = SG_BUF_INIT;
            element_field_text(element->entries[k].key->text, element->entries[k].value,
                               &text);
            (*counters_at(seen, sg_buf_cstr(&text), text.len))++;
        }
    }
}

size_t element_value_count(const struct element_lists *lists, const char *field,
                           const struct sg_node *value) {
    sg_auto_buf text = SG_BUF_INIT;
    element_field_text(field, value, &text);
    return counters_get(lists->seen, sg_buf_cstr(&text), text.len);
}

static bool has_item(const struct sg_node *list, const struct sg_node *value,
                     const char *field) {
    for (uint32_t i = 0; i < list->len; i++) {
        const struct sg_node *other =
            field == NULL ? list->items[i] : sg_map_gets(list->items[i], field);
        if (other != NULL && sg_node_equal(other, value)) {
            return true;
        }
    }
    return false;
}

/* Longer lists are not worth the product of their lengths. */
enum { ITEMS_MAX = 64 };

double share_of_items(const struct sg_node *a, const struct sg_node *b,
                      const char *field) {
    if (!sg_is_seq(a) || !sg_is_seq(b) || a->len == 0 || b->len == 0 ||
        a->len > ITEMS_MAX || b->len > ITEMS_MAX) {
        return 0;
    }
    size_t common = 0;
    for (uint32_t i = 0; i < a->len; i++) {
        const struct sg_node *value =
            field == NULL ? a->items[i] : sg_map_gets(a->items[i], field);
        common += value != NULL && has_item(b, value, field);
    }
    size_t all = a->len + b->len;
    return common >= all ? 1 : (double)common / (double)(all - common);
}

/* --- any list --------------------------------------------------------------------- */

static bool is_key(const struct element_lists *lists, const char *field) {
    for (size_t i = 0; lists->keys[i] != NULL; i++) {
        if (same_text(lists->keys[i], field)) {
            return true;
        }
    }
    return false;
}

/* A field tells as much as there are few elements that say the same. */
static double field_weight(const struct element_lists *lists, const char *field,
                           const struct sg_node *value) {
    size_t count = element_value_count(lists, field, value);
    double weight = sg_is_scalar(value) && value->len <= 3 ? 0.2 : 1;
    return count > 2 ? weight / (double)(count - 1) : weight;
}

void generic_evidence(const struct element_lists *lists, const struct sg_node *gone,
                      const struct sg_node *fresh, struct evidence *out) {
    double shared = 0, all = 0;
    for (uint32_t i = 0; i < gone->len; i++) {
        const struct sg_entry *entry = &gone->entries[i];
        const struct sg_node *other = sg_map_get(fresh, entry->key);
        if (is_key(lists, entry->key->text)) {
            evidence_names(out, 0.4, text_at(gone, entry->key->text),
                           text_at(fresh, entry->key->text));
            continue;
        }
        double weight = field_weight(lists, entry->key->text, entry->value);
        bool same = other != NULL && sg_node_equal(entry->value, other);
        shared += same ? weight : 0;
        all += weight;
    }
    for (uint32_t i = 0; i < fresh->len; i++) {
        const struct sg_entry *entry = &fresh->entries[i];
        if (sg_map_get(gone, entry->key) == NULL && !is_key(lists, entry->key->text)) {
            all += field_weight(lists, entry->key->text, entry->value);
        }
    }
    if (all > 0 && shared > 0) {
        double share = shared / all, amount = shared / 2;
        evidence_for(out, 0.9 * share * (amount < 1 ? amount : 1),
                     share > 0.99 ? "all other fields are the same"
                                  : "some of the other fields are the same",
                     NULL);
    }
}
