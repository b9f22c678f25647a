/*
 * env_evidence.c - environment variables: a new name is certain only for a value that is
 * nobody else's.
 */
#include <ctype.h>
#include <string.h>

#include "element_evidence.h"
#include "planner.h"

/* A place, an address, a sentence: not a number, a switch or a plain word. */
static bool is_specific(const struct sg_node *value) {
    bool mark = false, letter = false;
    for (uint32_t i = 0; i < value->len; i++) {
        unsigned char c = (unsigned char)value->text[i];
        letter = letter || isalpha(c);
        mark = mark || (!isalnum(c) && i + 1 < value->len);
    }
    return value->len >= 5 && letter && mark;
}

static void add_value(const struct element_lists *lists, const char *field,
                      const char *what, const struct sg_node *gone,
                      const struct sg_node *fresh, struct evidence *out) {
    const struct sg_node *a = sg_map_gets(gone, field), *b = sg_map_gets(fresh, field);
    if (a == NULL || b == NULL || sg_is_null(a) || !sg_node_equal(a, b)) {
        return;
    }
    bool specific = !sg_is_scalar(a) || is_specific(a);
    if (element_value_count(lists, field, a) > 2) {
        evidence_for(out, specific ? 0.4 : 0.2, "same value as several have", NULL);
    } else {
        evidence_for(out, specific ? 0.87 : 0.4, what, NULL);
    }
}

void env_evidence(const struct element_lists *lists, const struct sg_node *gone,
                  const struct sg_node *fresh, struct evidence *out) {
    add_value(lists, "value", "same value", gone, fresh, out);
    add_value(lists, "valueFrom", "same source of the value", gone, fresh, out);
    evidence_names(out, 0.4, text_at(gone, "name"), text_at(fresh, "name"));
    if ((sg_map_gets(gone, "valueFrom") == NULL) !=
        (sg_map_gets(fresh, "valueFrom") == NULL)) {
        evidence_against(out, 0.1, "its value comes from elsewhere", NULL);
    }
}
