/*
 * fuzz_saved.c - the reader of saved plans on any bytes, and the comparison of what it
 * read with an empty plan, which no document of the corpus is.
 */
#include "sg/saved.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what) {
    if (!holds) {
        SG_BUG(what);
    }
}

static void try_plan(struct sg_atoms *atoms, const char *text, size_t len) {
    struct sg_err err = {0};
    struct sg_saved saved;
    sg_saved_init(&saved, atoms);
    if (sg_saved_read(&saved, "a.plan", text, len, &err)) {
        check(err.text[0], "an error without a text");
    } else {
        struct sg_plan plan;
        sg_plan_init(&plan, atoms);
        struct sg_report_plan now = {.plan = &plan};
        struct sg_report_opts opts = {.tool = "fuzz"};
        if (sg_saved_compare(&saved, &now, &opts, &err)) {
            check(err.text[0], "a difference without a text");
        }
        sg_plan_release(&plan);
    }
    sg_saved_release(&saved);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* a copy of the exact size, so that reading past the end is seen */
    char *text = sg_xmalloc(size ? size : 1);
    struct sg_atoms *atoms = sg_atoms_new();
    if (size) {
        memcpy(text, data, size);
    }
    try_plan(atoms, text, size);
    sg_atoms_free(atoms);
    free(text);
    return 0;
}
