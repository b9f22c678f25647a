/*
 * Two documents: what makes the second of the first is derived, and what is written of it
 * reads as it is, whatever the documents hold.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../src/adopt/adopting.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of a patch says the patch. */
static void read_back(struct sg_docs *docs, const struct sg_node *patch) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_auto_yaml_docs read = {0};
    struct sg_err err = {0};
    const struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST};
    if (patch == NULL) {
        return;
    }
    text_write(patch, NULL, &text);
    if (sg_yaml_read(docs, "patch", sg_buf_cstr(&text), text.len, &opts, &read, &err) !=
            0 ||
        read.roots.len != 1) {
        abort();
    }
    const struct spot anywhere = {.name = ""};
    if (!values_equal(&anywhere, read.roots.items[0], patch)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_docs docs;
    sg_auto_yaml_docs read = {0};
    struct sg_err err = {0};
    const struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST};
    sg_docs_init(&docs, atoms);
    if (sg_yaml_read(&docs, "two", (const char *)data, size, &opts, &read, &err) == 0 &&
        read.roots.len == 2 && sg_is_map(read.roots.items[0]) &&
        sg_is_map(read.roots.items[1])) {
        struct derived derived = {0};
        derive_patch(&docs, read.roots.items[0], read.roots.items[0], read.roots.items[1],
                     &derived);
        read_back(&docs, derived.patch);
        read_back(&docs, derived.ops);
    }
    sg_docs_release(&docs);
    sg_atoms_free(atoms);
    return 0;
}
