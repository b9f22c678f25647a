/*
 * fuzz_kustomization.c - a kustomization beside a few files, rendered with and without a
 * trace: both print the same or fail alike, and a failure always says why.
 */
#include "sg/kustomize.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
    const char *path, *text;
} files[] = {
    {"d.yaml",
     "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: web}}\n"
     "spec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n"
     "      - {name: main, image: 'web:1', env: [{name: A, value: $(V)}]}\n"
     "      volumes: [{name: v, configMap: {name: conf}}]\n"},
    {"c.yaml",
     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {a: b}\n---\n"
     "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: "
     "80}]}\n"},
    {"p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
               "spec: {replicas: 2}\n"},
    {"base/kustomization.yaml", "resources: [c.yaml]\nnamePrefix: b-\n"},
    {"base/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"},
    {"e.env", "A=1\nB=2\n"},
};

/* Appends the output, or the error's text. */
static void render(const struct sg_fs *fs, bool traced, struct sg_buf *out) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_fieldpaths *paths = sg_fieldpaths_new(atoms);
    struct sg_err err = {0};
    struct sg_trace trace;
    struct sg_render result;
    struct sg_render_opts opts = {.fs = fs, .dir = ""};
    sg_trace_init(&trace, paths);
    sg_render_init(&result, atoms);
    if (traced)
        opts.trace = &trace;
    if ((sg_render(&opts, &result, &err) != 0 ||
         sg_render_write(&result, out, &err) != 0) &&
        (err.code == SG_OK || err.text[0] == '\0'))
        SG_BUG("a failure without an error");
    sg_buf_adds(out, err.text);
    sg_trace_release(&trace);
    sg_render_release(&result);
    sg_fieldpaths_free(paths);
    sg_atoms_free(atoms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    sg_auto_fs fs = sg_fs_memory();
    sg_auto_buf plain = SG_BUF_INIT, traced = SG_BUF_INIT;
    for (size_t i = 0; i < SG_ARRAY_LEN(files); i++)
        sg_fs_memory_put(fs, files[i].path, files[i].text, strlen(files[i].text));
    sg_fs_memory_put(fs, "kustomization.yaml", data, size);
    render(fs, false, &plain);
    render(fs, true, &traced);
    if (strcmp(sg_buf_cstr(&plain), sg_buf_cstr(&traced)) != 0)
        SG_BUG("a trace changes the output");
    return 0;
}
