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

#include "sg/kustomize.h"

struct stage_case {
    const char *name;
    const char *objects; /* objects.yaml */
    const char *config;  /* a transformer; apiVersion and metadata.name are added */
    const char
        *kustomization;   /* what follows `resources:`; config.yaml is config as is */
    const char *expected; /* the whole output, in order … */
    const char *diff;     /* … or the lines more (+) and less (-) than without it … */
    const char *error;    /* a part of the error's text; kustomize fails too */
    unsigned warnings;    /* findings (SG104, SG105) that are given */
};
void stage_run_cases(const struct stage_case *cases, size_t len);

/* One render of memory with its trace. */
struct stage {
    struct sg_fs *fs;
    struct sg_atoms *atoms;
    struct sg_fieldpaths *paths;
    struct sg_trace trace;
    struct sg_render render;
    struct sg_err err;
    unsigned warnings; /* diagnostics that are findings */
};
/* Renders; -1 with stage->err on an error. Always release it. */
int stage_render(struct stage *stage, const char *objects, const char *kustomization,
                 const char *config);
void stage_release(struct stage *stage);

#endif
