/*
 * fuzz_strategic.c - a stream of a manifest and patches, merged one after another.
 * Neither a trace nor a sink may change what comes out, and a patch is never changed.
 */
#include "sg/patch.h"
#include "sg/yaml.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *ctx, const struct sg_diag *diag) {
    if (diag->text[0] == '\0') {
        SG_BUG("a finding without text");
    }
    ++*(size_t *)ctx;
}

/* Merges all documents into the first; appends the result, or the error's text. */
static void merge(const uint8_t *data, size_t size, bool traced, struct sg_buf *out) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_fieldpaths *paths = sg_fieldpaths_new(atoms);
    struct sg_err err = {0};
    struct sg_trace trace;
    size_t findings = 0;
    struct sg_diag_sink sink = {.emit = count, .ctx = &findings};
    struct sg_docs set;
    struct sg_yaml_docs docs = {0};
    sg_docs_init(&set, atoms);
    sg_trace_init(&trace, paths);
    trace.arena = &set.arena;
    struct sg_step step = {.name = "patches", .kustomization = "k", .file = "p"};
    struct sg_patch_ctx ctx = {.set = &set};
    if (traced) {
        ctx.trace = &trace;
        ctx.diag = &sink;
        sg_trace_step(&trace, &step);
    }
    const struct sg_yaml_opts opts = {.repeat = SG_REPEAT_KEEP};
    bool read =
        sg_yaml_read(&set, "in", (const char *)data, size, &opts, &docs, &err) == 0;
    struct sg_node *base = read && docs.roots.len > 0 ? docs.roots.items[0] : NULL;
    for (size_t i = 1; base != NULL && i < docs.roots.len; i++) {
        const struct sg_node *patch = docs.roots.items[i];
        const struct sg_node *before = sg_node_clone(&set, patch);
        if (sg_patch_strategic(&ctx, &base, patch, &err) != 0) {
            if (err.code == SG_OK || err.text[0] == '\0') {
                SG_BUG("a failure without an error");
            }
            break;
        }
        if (!sg_node_equal(before, patch)) {
            SG_BUG("the patch was changed");
        }
    }
    if (base != NULL && err.code == SG_OK) {
        (void)!sg_yaml_write(&set, base, out, &err);
    }
    sg_buf_adds(out, err.text);
    sg_trace_release(&trace);
    sg_fieldpaths_free(paths);
    sg_yaml_docs_release(&docs);
    sg_docs_release(&set);
    sg_atoms_free(atoms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    sg_auto_buf quiet = SG_BUF_INIT;
    sg_auto_buf traced = SG_BUF_INIT;
    merge(data, size, false, &quiet);
    merge(data, size, true, &traced);
    if (quiet.len != traced.len ||
        memcmp(sg_buf_cstr(&quiet), sg_buf_cstr(&traced), quiet.len)) {
        SG_BUG("the trace changed the result");
    }
    return 0;
}
