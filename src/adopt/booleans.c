/*
 * booleans.c - "no", not in quotes: kubectl takes it for false, as YAML 1.1 has it, and
 * kustomize for a text, which it writes in quotes. What the cluster got counts.
 */
#include <string.h>

#include "booleans.h"
#include "place.h"

/* NULL: no such word. */
static const char *value_of(const struct sg_node *node) {
    static const char *const words[] = {"yes", "Yes", "YES", "on",  "On",  "ON",
                                        "no",  "No",  "NO",  "off", "Off", "OFF"};
    static const size_t first_false = 6;
    for (size_t i = 0; node->style == SG_PLAIN && i < SG_ARRAY_LEN(words); i++) {
        if (strcmp(node->text, words[i]) == 0) {
            return i < first_false ? "true" : "false";
        }
    }
    return NULL;
}

static void read_value(struct sg_adopt_fork *fork, const struct sg_adopt_object *object,
                       struct sg_node *node) {
    for (uint32_t i = 0; !sg_is_scalar(node) && i < node->len; i++) {
        read_value(fork, object,
                   sg_is_map(node) ? node->entries[i].value : node->items[i]);
    }
    const char *value =
        sg_is_scalar(node) && sg_scalar_type(node) == SG_TAG_STR ? value_of(node) : NULL;
    if (value != NULL) {
        add_oddity(fork, SG_ODD_OLD_BOOLEAN, object, NULL, node->loc,
                   sg_arena_printf(&fork->arena,
                                   "%s is %s to kubectl, and a text to "
                                   "kustomize",
                                   node->text, value));
        node->text = value;
        node->len = (uint32_t)strlen(value);
        node->tag = SG_TAG_BOOL;
    }
}

void read_booleans(struct sg_adopt_fork *fork, const struct sg_adopt_object *object) {
    read_value(fork, object, object->node);
}
