/*
 * tree.c - rendering one of the four trees of an overlay.
 */
#include <string.h>

#include "planner.h"

struct tree *tree_new(struct sg_atoms *atoms, struct sg_fieldpaths *paths) {
    struct tree *tree = sg_xcalloc(1, sizeof(*tree));
    sg_render_init(&tree->render, atoms);
    sg_trace_init(&tree->trace, paths);
    tree->trace.arena = &tree->render.docs.arena;
    tree->failed = UINT32_MAX;
    return tree;
}

void tree_free(struct tree *tree) {
    if (tree == NULL) {
        return;
    }
    index_release(&tree->index);
    sg_trace_release(&tree->trace);
    sg_render_release(&tree->render);
    sg_vec_release(&tree->diags);
    free(tree);
}

struct run {
    struct tree *tree;
    const struct tree_opts *opts;
};

static bool gives_names(const struct sg_step *step) {
    static const char *const names[] = {"namespace", "namePrefix", "nameSuffix"};
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        if (step->kind == SG_STEP_TRANSFORM && step->name != NULL &&
            strcmp(step->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool keep(void *ctx, const struct sg_step *step) {
    const struct run *run = ctx;
    if (run->opts->upstream_only) {
        return !owners_customer(run->opts->owners, step) ||
               (run->opts->keep_names && gives_names(step));
    }
    const struct drops *drops = run->opts->drops;
    if (drops == NULL || drops->keys.len + drops->round.len == 0) {
        return true;
    }
    sg_auto_buf key = SG_BUF_INIT;
    step_key(run->opts->draft, DRAFT_NOW, &run->tree->render.docs, step, &key);
    return !sg_strmap_has(&drops->keys, sg_buf_cstr(&key), key.len) &&
           !sg_strmap_has(&drops->round, sg_buf_cstr(&key), key.len);
}

static void hear(void *ctx, const struct sg_diag *diag) {
    struct tree *tree = ctx;
    struct sg_arena *arena = &tree->render.docs.arena;
    struct tree_diag heard = {
        .code = sg_arena_strdup(arena, diag->code),
        .rule = sg_arena_strdup(arena, diag->rule),
        .severity = diag->severity,
        .at = {.line = diag->at.line, .column = diag->at.column},
        .text = sg_arena_strdup(arena, diag->text),
    };
    if (diag->at.file != NULL) {
        heard.at.file = sg_arena_strdup(arena, diag->at.file);
    }
    sg_vec_push(&tree->diags, heard);
}

/* Errors that say nothing about the manifests. */
static bool is_trouble(enum sg_code code) {
    return code == SG_E_IO || code == SG_E_NET || code == SG_E_LOCKED;
}

int tree_render(struct tree *tree, const struct tree_opts *opts, struct sg_err *err) {
    struct run run = {tree, opts};
    struct sg_diag_sink sink = {hear, tree};
    struct sg_render_opts render = {
        .fs = opts->fs,
        .dir = opts->dir,
        .remote = opts->remote,
        .diag = &sink,
        .trace = opts->upstream_only ? NULL : &tree->trace,
        .keep = keep,
        .keep_ctx = &run,
        .lenient = true,
    };
    tree->rendered = sg_render(&render, &tree->render, &tree->err) == 0;
    if (!tree->rendered && is_trouble(tree->err.code)) {
        *err = tree->err;
        return -1;
    }
    if (tree->rendered) {
        index_build(&tree->index, &tree->render);
    } else if (tree->trace.steps.len > 0) {
        tree->failed = tree->trace.step;
    }
    return 0;
}
