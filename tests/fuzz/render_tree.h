/*
 * render_tree.h - what the fuzzers that render share: one tree of files rendered every
 * way, with the promises that hold for any input checked.
 */
#ifndef SG_FUZZ_RENDER_TREE_H
#define SG_FUZZ_RENDER_TREE_H

#include "sg/kustomize.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct render_way {
    bool traced, lenient, upstream;
};

static inline void check_diag(void *ctx, const struct sg_diag *diag) {
    (void)ctx;
    if (diag->text[0] == '\0' || strchr(diag->text, '\n') != NULL)
        SG_BUG("a finding must be one line");
}

/* As ownership asks: what the top kustomization says is the customer's and is skipped. */
static inline bool keep_vendored(void *ctx, const struct sg_step *step) {
    const char *dir = ctx;
    size_t len = strlen(dir);
    return strncmp(step->kustomization, dir, len) != 0 ||
           strchr(step->kustomization + len + (len > 0), '/') != NULL;
}

static inline void check_failure(const struct sg_err *err) {
    if (err->code == SG_OK || err->text[0] == '\0' || strchr(err->text, '\n') != NULL)
        SG_BUG("a failure must have an error of one line");
    if (err->column > 0 && err->line == 0)
        SG_BUG("a column without a line");
}

static inline void check_events(const struct sg_trace *trace) {
    for (size_t i = 0; i < trace->events.len; i++) {
        const struct sg_event *event = &trace->events.items[i];
        if (event->step >= trace->steps.len || event->op > SG_OP_NOOP)
            SG_BUG("an event of no step");
        if (event->overrode != SG_NO_EVENT && event->overrode >= i)
            SG_BUG("an event overrode a later one");
        if (event->source != SG_NO_EVENT && event->source >= trace->events.len)
            SG_BUG("an event has no source");
    }
}

/* Appends the stream, or the error's text. */
static inline void render_one(const struct sg_fs *fs, const char *dir,
                              struct render_way way, struct sg_buf *out) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_fieldpaths *paths = sg_fieldpaths_new(atoms);
    struct sg_err err = {0};
    struct sg_trace trace;
    struct sg_render render;
    struct sg_diag_sink diag = {.emit = check_diag};
    sg_trace_init(&trace, paths);
    sg_render_init(&render, atoms);
    char ctx[64];
    if (strlen(dir) >= sizeof(ctx))
        SG_BUG("the folder's name is too long");
    memcpy(ctx, dir, strlen(dir) + 1);
    struct sg_render_opts opts = {
        .fs = fs,
        .dir = dir,
        .diag = &diag,
        .trace = way.traced ? &trace : NULL,
        .lenient = way.lenient,
        .keep = way.upstream ? keep_vendored : NULL,
        .keep_ctx = ctx,
    };
    if (sg_render(&opts, &render, &err) != 0 || sg_render_write(&render, out, &err) != 0)
        check_failure(&err);
    else if (err.code != SG_OK)
        SG_BUG("an error without a failure");
    if (way.traced)
        check_events(&trace);
    sg_buf_adds(out, err.text);
    sg_render_release(&render);
    sg_trace_release(&trace);
    sg_fieldpaths_free(paths);
    sg_atoms_free(atoms);
}

/* Renders `dir` strictly, leniently and as upstream alone would; a trace must never
 * change what comes out. */
static inline void render_all(const struct sg_fs *fs, const char *dir) {
    static const struct render_way ways[] = {{0}, {.lenient = true}, {.upstream = true}};
    for (size_t i = 0; i < SG_ARRAY_LEN(ways); i++) {
        struct render_way traced = ways[i];
        sg_auto_buf quiet = SG_BUF_INIT, loud = SG_BUF_INIT;
        traced.traced = true;
        render_one(fs, dir, ways[i], &quiet);
        render_one(fs, dir, traced, &loud);
        if (quiet.len != loud.len ||
            memcmp(sg_buf_cstr(&quiet), sg_buf_cstr(&loud), quiet.len) != 0)
            SG_BUG("the trace changed the result");
    }
}

#endif
