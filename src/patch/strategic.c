/* strategic.c - strategic merge: the entry, and the walk down base and patch together. */
#include "merge.h"

static const char *const kind_names[] = {"a scalar", "a map", "a list"};

static const char *text_at(const struct sg_node *map, sg_atom key) {
    const struct sg_node *value = sg_map_get(map, key);
    return sg_is_scalar(value) && !tagged_null(value) ? value->text : "";
}

/* The definition that `node` itself names; kustomize looks at any depth without a schema.
 */
static sg_type own_type(const struct sg_node *node) {
    if (!sg_is_map(node)) {
        return 0;
    }
    const char *api_version = text_at(node, SG_ATOM(apiVersion));
    const char *kind = text_at(node, SG_ATOM(kind));
    if (api_version[0] == '\0' || kind[0] == '\0') {
        return 0;
    }
    return sg_schema_kind(SG_SCHEMA_MERGE, api_version, kind);
}

/* `at` with a schema, where base or patch names one, or the caller declares a list's
 * keys. */
static struct place with_schema(const struct merger *m, const struct place *at,
                                const struct sg_node *base, const struct sg_node *patch) {
    struct place here = *at;
    if (here.known) {
        return here;
    }
    if (!m->ctx->no_builtin_schema) {
        sg_type type = own_type(base);
        here.field.def = type != 0 ? type : own_type(patch);
        if (here.field.def != 0) {
            here.known = true;
            here.field.type = SG_FIELD_OBJECT;
            return here;
        }
    }
    if (m->ctx->extra_keys != NULL && (sg_is_seq(base) || sg_is_seq(patch))) {
        here.known = m->ctx->extra_keys(m->ctx->extra_ctx, m->api_version, m->kind,
                                        here.path, &here.field);
    }
    return here;
}

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

int merge_walk(struct merger *m, const struct place *at, struct sg_node *base,
               struct sg_node *patch, struct sg_node **out) {
    struct place here = with_schema(m, at, base, patch);
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
        return here.known && here.field.merge ? merge_keyed(m, &here, base, patch, out)
                                              : walk_list(m, base, patch, out);
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
    struct sg_fieldpaths *own = NULL;
    struct merger m = {
        .ctx = ctx,
        .paths = ctx->trace != NULL ? ctx->trace->paths : NULL,
        .api_version = text_at(*base, SG_ATOM(apiVersion)),
        .kind = text_at(*base, SG_ATOM(kind)),
        .err = err,
    };
    if (m.paths == NULL && ctx->extra_keys != NULL) {
        m.paths = own = sg_fieldpaths_new(ctx->set->atoms);
    }
    int rc = merge_root(&m, base, sg_node_clone(ctx->set, patch));
    sg_fieldpaths_free(own);
    return rc;
}
