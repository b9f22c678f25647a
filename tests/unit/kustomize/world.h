/*
 * world.h - whole renders as a table: a few files in memory, and what must come out.
 * Where kustomize 5.8.1 is installed (KUSTOMIZE, or on the PATH) it must print the same,
 * so the table cannot be wrong.
 */
#ifndef WORLD_H
#define WORLD_H

#include "stage.h"

struct world_file {
    const char *path, *text;
};
struct world_case {
    const char *name;
    struct world_file files[12];
    const char *dir;      /* NULL: "" */
    const char *expected; /* the whole output; NULL: an error */
    const char *error;    /* a part of its text … */
    const char *at;       /* … its place, "file:line:column"; NULL: not looked at … */
    const char *hint;     /* … and a part of its hint; NULL: not looked at */
    bool ours;            /* kustomize is not asked */
};
void world_run_cases(const struct world_case *cases, size_t len);

/* Renders the files; `opts` (fs and dir are filled in) may set keep, lenient and trace.
 */
struct world {
    struct sg_fs *fs;
    struct sg_atoms *atoms;
    struct sg_fieldpaths *paths;
    struct sg_trace trace;
    struct sg_render render;
    struct sg_buf out;
    struct sg_err err;
    struct sg_buf warnings; /* "code text\n" each */
};
int world_render(struct world *world, const struct world_case *c,
                 struct sg_render_opts *opts);
void world_release(struct world *world);

#endif
