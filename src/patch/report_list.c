/* report_list.c - what the merge of a keyed list did to its elements: events and SG105.
 */
#include "merge.h"

/* Node -> a number from 1. */
static void note_node(struct sg_strmap *map, const struct sg_node *node, size_t number) {
    sg_strmap_put(map, (const char *)&node, sizeof(node), (void *)number);
}

static void number_nodes(struct sg_strmap *map, struct sg_node *const *items,
                         size_t len) {
    for (size_t i = len; i-- > 0;) {
        note_node(map, items[i], i + 1);
    }
}

static size_t node_number(const struct sg_strmap *map, const struct sg_node *node) {
    return (size_t)(uintptr_t)sg_strmap_get(map, (const char *)&node, sizeof(node));
}

/* "name=web", "port=53 protocol=UDP": what an element is found by, for people. */
static void key_text(const struct sg_field *field, const struct sg_node *element,
                     struct sg_buf *out) {
    if (field->keys_len == 0) {
        struct sg_str text = value_text(element);
        sg_buf_add(out, text.ptr, text.len);
        return;
    }
    for (size_t k = 0; k < field->keys_len; k++) {
        const struct sg_node *value = sg_map_gets(element, field->keys[k]);
        if (value != NULL) {
            struct sg_str text = value_text(value);
            sg_buf_addf(out, "%s%s=%.*s", out->len > 0 ? " " : "", field->keys[k],
                        (int)text.len, text.ptr);
        }
    }
}

static size_t keys_had(const struct sg_field *field, const struct sg_node *element) {
    size_t had = 0;
    for (size_t k = 0; k < field->keys_len; k++) {
        const struct sg_node *value = sg_map_gets(element, field->keys[k]);
        had += !missing(value) && value_text(value).len > 0;
    }
    return had;
}

struct list_report {
    struct merger *m;
    const struct place *at;
    const struct sg_node *base, *patch;
    const struct outcomes *outcomes;
    const struct nodes *after;
    struct sg_strmap stands; /* the result's nodes */
    struct sg_strmap seen;   /* the patch's elements that were merged */
    struct sg_strmap was;    /* the base's elements */
    struct sg_strmap told;   /* the patch's elements that were reported */
    struct sg_strmap gone;   /* the base's elements deleted because the patch says so */
};

/* The patch's element is not in the result although nothing deletes it. */
static void report_unmerged(struct list_report *r, const struct sg_node *element,
                            bool base_repeats) {
    const struct sg_field *field = &r->at->field;
    sg_auto_buf key = SG_BUF_INIT;
    if (node_number(&r->told, element) != 0) {
        return;
    }
    note_node(&r->told, element, 1);
    key_text(field, element, &key);
    if (field->keys_len > 0 && keys_had(field, element) == 0) {
        report_lost(r->m, RULE_KEYLESS, element,
                    "a list element without its key (%s) cannot be merged and is dropped",
                    field->keys[0]);
    } else if (field->keys_len > 1) {
        report_lost(
            r->m, RULE_PORT, element,
            "the patch of %s is dropped: write %s here exactly as the base has it, "
            "or leave it out in both",
            sg_buf_cstr(&key), field->keys[1]);
    } else if (base_repeats) {
        report_lost(
            r->m, RULE_REPEAT, element,
            "the patch of %s is dropped: the base has it twice, the patch changes the "
            "first, and only the last is kept",
            sg_buf_cstr(&key));
    } else {
        report_lost(r->m, RULE_REPEAT, element,
                    "%s is dropped: an element without a key stands in the same list",
                    sg_buf_cstr(&key));
    }
}

static void report_outcome(struct list_report *r, const struct outcome *outcome) {
    if (outcome->patch == NULL) {
        return;
    }
    const struct sg_node *shown = outcome->base != NULL ? outcome->base : outcome->patch;
    struct place child = place_element(r->m, r->at, shown);
    const struct sg_node *carrier = outcome->base != NULL && outcome->result != NULL
                                        ? outcome->base
                                        : outcome->result;
    bool stands = carrier != NULL && node_number(&r->stands, carrier) != 0;
    if (outcome->result == NULL) {
        report_event(r->m, &child, outcome->base != NULL ? SG_OP_DELETE : SG_OP_NOOP,
                     outcome->base, NULL, outcome->patch);
    } else if (!stands) {
        if (node_number(&r->told, outcome->patch) != 0) {
            return; /* two keys of the base led to it */
        }
        report_event(r->m, &child, SG_OP_NOOP, NULL, NULL, outcome->patch);
        if (outcome->base != outcome->patch) {
            report_unmerged(r, outcome->patch, outcome->base != NULL);
        }
    } else if (outcome->base == NULL) {
        report_event(r->m, &child, SG_OP_INSERT, NULL, outcome->result, outcome->patch);
    } else if (sg_is_scalar(outcome->base) ||
               outcome->patch->len == keys_had(&r->at->field, outcome->patch)) {
        /* the element is there and the patch says nothing but its key */
        report_event(r->m, &child, SG_OP_NOOP, outcome->base, outcome->base,
                     outcome->patch);
    }
}

static void note_outcomes(struct list_report *r) {
    for (size_t i = 0; i < r->outcomes->v.len; i++) {
        const struct outcome *outcome = &r->outcomes->v.items[i];
        if (outcome->patch != NULL) {
            note_node(&r->seen, outcome->patch, 1);
        }
        if (outcome->base != NULL && outcome->result == NULL) {
            note_node(&r->gone, outcome->base, 1);
        }
    }
}

/* Elements of the patch that no key led to: a repeated key, or none. */
static void report_unseen(struct list_report *r) {
    if (r->patch == NULL || r->patch == r->base) {
        return;
    }
    for (uint32_t i = 0; i < r->patch->len; i++) {
        const struct sg_node *element = r->patch->items[i];
        if (node_number(&r->seen, element) != 0 || missing(element)) {
            continue;
        }
        if (r->at->field.keys_len == 0) {
            continue; /* the same plain value twice loses nothing */
        }
        if (keys_had(&r->at->field, element) < r->at->field.keys_len) {
            report_unmerged(r, element, false);
            continue;
        }
        sg_auto_buf key = SG_BUF_INIT;
        key_text(&r->at->field, element, &key);
        report_lost(r->m, RULE_REPEAT, element,
                    "the patch has %s twice in one list; only the first counts",
                    sg_buf_cstr(&key));
    }
}

/* Elements of the base that went without being told to. */
static void report_vanished(const struct list_report *r) {
    for (uint32_t i = 0; i < r->base->len; i++) {
        const struct sg_node *element = r->base->items[i];
        if (node_number(&r->stands, element) != 0 ||
            node_number(&r->gone, element) != 0) {
            continue;
        }
        if (missing(element) || empty_map(element) || r->at->field.keys_len == 0) {
            continue;
        }
        sg_auto_buf key = SG_BUF_INIT;
        struct place child = place_element(r->m, r->at, element);
        key_text(&r->at->field, element, &key);
        report_event(r->m, &child, SG_OP_DELETE, element, NULL, NULL);
        if (keys_had(&r->at->field, element) == r->at->field.keys_len) {
            report_lost(
                r->m, RULE_REPEAT, element,
                "%s is dropped: a later element of this list has the same key, or "
                "one has none",
                sg_buf_cstr(&key));
        } else {
            report_lost(r->m, RULE_KEYLESS, element,
                        "an element without all of its keys is dropped from this list");
        }
    }
}

/* One event for the list where elements that stay have changed places. */
static void report_order(const struct list_report *r) {
    size_t last = 0;
    bool moved = false;
    for (size_t i = 0; i < r->after->v.len && !moved; i++) {
        size_t number = node_number(&r->was, r->after->v.items[i]);
        moved = number != 0 && number < last;
        last = number != 0 ? number : last;
    }
    if (moved) {
        struct sg_node *before = sg_seq_new(r->m->ctx->set);
        for (uint32_t i = 0; i < r->base->len; i++) {
            sg_seq_push(r->m->ctx->set, before, r->base->items[i]);
        }
        report_event(r->m, r->at, SG_OP_MOVE, before, r->base, r->patch);
    }
}

void report_list(struct merger *m, const struct place *at, const struct sg_node *base,
                 const struct sg_node *patch, const struct outcomes *outcomes,
                 const struct nodes *after) {
    if (m->ctx->diag == NULL && (m->ctx->trace == NULL || at->quiet)) {
        return;
    }
    struct list_report r = {.m = m,
                            .at = at,
                            .base = base,
                            .patch = patch,
                            .outcomes = outcomes,
                            .after = after};
    number_nodes(&r.stands, after->v.items, after->v.len);
    number_nodes(&r.was, base->items, base->len);
    note_outcomes(&r);
    for (size_t i = 0; i < outcomes->v.len; i++) {
        report_outcome(&r, &outcomes->v.items[i]);
    }
    report_unseen(&r);
    report_vanished(&r);
    if (m->ctx->trace != NULL && !at->quiet) {
        report_order(&r);
    }
    sg_strmap_release(&r.stands);
    sg_strmap_release(&r.seen);
    sg_strmap_release(&r.was);
    sg_strmap_release(&r.told);
    sg_strmap_release(&r.gone);
}
