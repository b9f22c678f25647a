/*
 * stage.h - a transformer's test as a table: objects, the configuration of a built-in
 * transformer, and what must come out. Where kustomize 5.8.1 is installed (KUSTOMIZE, or
 * on the PATH) every case is also given to it, so that the table cannot be wrong.
 */
#ifndef STAGE_H
#define STAGE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "context.h"

struct stage {
    struct sg_atoms *atoms;
    struct sg_docs docs;
    struct sg_render_opts opts;
    struct sg_fieldpaths *paths;
    struct sg_trace trace;
    struct sg_diag_sink sink;
    struct sg_kustomize k;
    struct sg_resmap map;
    struct sg_err err;
    struct sg_fs *fs;
    unsigned warnings; /* diagnostics with code SG104 */
};

/* A stage with the objects of a YAML stream. */
void stage_init(struct stage *stage, const char *objects);
void stage_release(struct stage *stage);
/* Another YAML document of the stage's set, read as configurations are. */
const struct sg_node *stage_read(struct stage *stage, const char *text);
/* The objects as YAML, in order, joined by "---". */
void stage_write(struct stage *stage, struct sg_buf *out);

struct stage_case {
    const char *name;
    const char *objects;
    const char *config;   /* apiVersion and metadata.name are added */
    const char *expected; /* the whole output; NULL: an error */
    const char *error;    /* a part of the error's text; kustomize fails too */
    unsigned warnings;    /* SG104 that are given */
};
void stage_run_cases(const struct stage_case *cases, size_t len);

#endif
