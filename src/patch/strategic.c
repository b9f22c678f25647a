/* strategic.c - strategic merge: the entry, and the walk down base and patch together. */
#include "merge.h"

static const char *const kind_names[] = {"a scalar", "a map", "a list"};

static int refuse_kinds(const struct merger *m, const struct place *at,
                        const struct sg_node *base, const struct sg_node *patch) {
    sg_auto_buf path = SG_BUF_INIT;
    place_text(at, &path);
    return sg_fail_at(m->err, SG_E_INPUT, sg_docs_pos(m->ctx->set, patch->loc),
                      "cannot merge %s into %s%s%s", kind_names[patch->kind],
                      kind_names[base->kind], path.len > 0 ? " at " : "",
                      sg_buf_cstr(&path));
}

static int walk_scalar(struct merger *m, const struct place *at, struct sg_node *base,
                       struct sg_node *patch, struct sg_node **out) {
    (void)m;
    (void)at;
    *out = patch != NULL ? patch : base;
    return 0;
}

/* A list without keys: the patch's, if it has one. */
static int walk_list(struct merger *m, struct sg_node *base, struct sg_node *patch,
                     struct sg_node **out) {
    if (patch != NULL && !tagged_null(patch)) {
        report_literals(m, patch);
    }
    *out = patch != NULL ? patch : base;
    return 0;
}

static int refuse_schema(const struct merger *m, const struct place *at,
                         const struct sg_node *list, const char *fault) {
    sg_auto_buf path = SG_BUF_INIT;
    place_text(at, &path);
    return sg_fail_at(m->err, SG_E_INPUT, sg_docs_pos(m->ctx->set, list->loc),
                      "cannot merge the list %s: in its schema %s", sg_buf_cstr(&path),
                      fault);
}

static int walk_seq(struct merger *m, const struct place *at, struct sg_node *base,
                    struct sg_node *patch, struct sg_node **out) {
    const char *fault =
        at->known && at->schema != NULL ? sg_schema_list_fault(at->schema) : NULL;
    if (fault != NULL) {
        return refuse_schema(m, at, missing(base) ? patch : base, fault);
    }
    return at->known && at->field.merge ? merge_keyed(m, at, base, patch, out)
                                        : walk_list(m, base, patch, out);
}

int merge_walk(struct merger *m, const struct place *at, struct sg_node *base,
               struct sg_node *patch, struct sg_node **out) {
    bool settled = at->known && !(base != NULL && base->comment) &&
                   !(patch != NULL && patch->comment);
    struct place here = settled ? *at : place_with_schema(m, at, base, patch);
    const struct sg_node *first = missing(base) ? patch : base;
    if (missing(first)) {
        return merge_map(m, &here, base, patch, out);
    }
    if (!missing(patch) && patch->kind != first->kind) {
        return refuse_kinds(m, &here, first, patch);
    }
    switch ((enum sg_kind)first->kind) {
    case SG_MAP:
        return merge_map(m, &here, base, patch, out);
    case SG_SEQ:
        return walk_seq(m, &here, base, patch, out);
    case SG_SCALAR:
        return walk_scalar(m, &here, base, patch, out);
    }
    SG_BUG("a node of no kind");
}

static int merge_root(struct merger *m, struct sg_node **base, struct sg_node *patch) {
    const struct place root = {.root = true};
    struct sg_node *before = *base;
    struct sg_node *after = NULL;
    if (directive_peek(patch) == DIRECTIVE_REPLACE) {
        report_lost(m, RULE_IGNORED, patch,
                    "$patch: replace at the root of a patch has no effect; "
                    "the object stays as it was");
    }
    if (merge_walk(m, &root, before, patch, &after) != 0) {
        return -1;
    }
    if (missing(after)) {
        report_event(m, &root, SG_OP_DELETE, before, NULL, patch);
        *base = NULL;
    }
    /* a replaced root is dropped: kustomize keeps the object it has changed in place */
    return 0;
}

int sg_patch_strategic(const struct sg_patch_ctx *ctx, struct sg_node **base,
                       const struct sg_node *patch, struct sg_err *err) {
    struct merger m = {
        .ctx = ctx,
        .paths = ctx->trace != NULL ? ctx->trace->paths : NULL,
        .err = err,
    };
    return merge_root(&m, base, sg_node_clone(ctx->set, patch));
}
