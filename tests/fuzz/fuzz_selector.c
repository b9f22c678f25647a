/*
 * fuzz_selector.c - any text as a label selector. One that is accepted matches the same
 * labels the same way each time; with one "!key" more it never matches more.
 */
#include "sg/patch.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sg_node *labels_of(struct sg_docs *set) {
    static const char *const pairs[][2] = {
        {"app", "web"}, {"n", "5"}, {"e", ""}, {"in", "in"}};
    struct sg_node *labels = sg_map_new(set);
    for (size_t i = 0; i < SG_ARRAY_LEN(pairs); i++) {
        sg_map_put(set, labels, sg_atom_of(set->atoms, pairs[i][0]),
                   sg_str_new(set, pairs[i][1]));
    }
    return labels;
}

static bool matches(const char *text, const struct sg_node *labels, bool *accepted) {
    struct sg_err err = {0};
    struct sg_label_selector *selector = sg_label_selector_new(text, &err);
    *accepted = selector != NULL;
    if (selector == NULL && (err.code == SG_OK || err.text[0] == '\0')) {
        SG_BUG("a failure without an error");
    }
    bool hit = selector != NULL && sg_label_selector_match(selector, labels);
    sg_label_selector_free(selector);
    return hit;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_docs set;
    sg_docs_init(&set, atoms);
    const struct sg_node *labels = labels_of(&set);
    char *text = sg_xstrndup((const char *)data, size);
    bool accepted;
    bool hit = matches(text, labels, &accepted);
    if (accepted && text[strspn(text, " \t\r\n")] != '\0' && strlen(text) < 60000) {
        char *narrow = sg_xasprintf("%s,!app", text);
        if (matches(narrow, labels, &accepted) || !accepted) {
            SG_BUG("a requirement more was refused, or matched more");
        }
        free(narrow);
    }
    (void)hit;
    free(text);
    sg_docs_release(&set);
    sg_atoms_free(atoms);
    return 0;
}
