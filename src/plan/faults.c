/*
 * faults.c - objects that do not fit their schema (SG305).
 */
#include <string.h>

#include "consequence.h"
#include "sg/yaml.h"

struct checked {
    struct consequences *c;
    const struct sg_resource *res;
    bool upstream;         /* the object of U_N was looked at */
    struct sg_strmap base; /* paths at fault there */
};

/* --- words ------------------------------------------------------------------------ */

static const char *type_word(const struct sg_node *node) {
    if (!sg_is_scalar(node)) {
        return sg_is_map(node) ? "a map" : "a list";
    }
    switch (sg_scalar_type(node)) {
    case SG_TAG_NULL:
        return "null";
    case SG_TAG_BOOL:
        return "the boolean";
    case SG_TAG_INT:
    case SG_TAG_FLOAT:
        return "the number";
    case SG_TAG_NONE:
    case SG_TAG_STR:
    case SG_TAG_TIMESTAMP:
    case SG_TAG_BINARY:
    case SG_TAG_MERGE:
    case SG_TAG_OTHER:
        break;
    }
    return "the string";
}

/* What stands there, but nothing of a Secret and nothing long. */
static const char *found_text(const struct checked *checked, const struct sg_node *node) {
    enum { SHOWN = 40 };
    struct sg_arena *arena = &checked->c->op->plan->docs.arena;
    const char *word = type_word(node);
    if (!sg_is_scalar(node)) {
        return word;
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_yaml_inline(node, &text);
    if (is_kind(checked->res, "", "Secret") || text.len > SHOWN) {
        return sg_arena_printf(arena, "a%s", word + strlen("the"));
    }
    return sg_arena_printf(arena, "%s %s", word, sg_buf_cstr(&text));
}

static const char *message_of(const struct checked *checked,
                              const struct sg_fault *fault) {
    struct sg_arena *arena = &checked->c->op->plan->docs.arena;
    const char *kind = checked->res->orig.kind->text;
    switch (fault->kind) {
    case SG_FAULT_UNKNOWN:
        return sg_arena_printf(arena, "%s has no such field here", kind);
    case SG_FAULT_MISSING:
        return sg_arena_printf(arena, "%s requires this field, and it is not there",
                               kind);
    case SG_FAULT_TYPE:
        break;
    }
    return sg_arena_printf(arena, "found %s, expected %s",
                           found_text(checked, fault->found), fault->expected);
}

static const char *fix_of(const struct checked *checked, const struct sg_fault *fault) {
    struct sg_arena *arena = &checked->c->op->plan->docs.arena;
    switch (fault->kind) {
    case SG_FAULT_UNKNOWN:
        return fault->expected[0] != '\0'
                   ? sg_arena_printf(arena, "did you mean %s?", fault->expected)
                   : "remove it, or move it to where it belongs";
    case SG_FAULT_MISSING:
        return sg_arena_printf(arena, "write %s there", fault->expected);
    case SG_FAULT_TYPE:
        break;
    }
    return sg_arena_printf(arena, "write %s", fault->expected);
}

/* --- whose fault it is ------------------------------------------------------------ */

static void note_base(void *ctx, const struct sg_fault *fault) {
    struct checked *checked = ctx;
    (void)sg_strmap_put(&checked->base, (const char *)&fault->path, sizeof(fault->path),
                        checked);
}

/* Upstream's part alone has the same fault; without U_N: the customer did not write it.
 */
static bool is_upstreams(struct checked *checked, const struct sg_fault *fault) {
    struct overlay_plan *op = checked->c->op;
    const struct tree *base = op->trees[T_UN];
    if (base == NULL || !base->rendered) {
        return !is_customers(checked->c, checked->res, fault->path);
    }
    struct identity identity = identity_of(&checked->res->orig);
    const struct sg_resource *res = index_find(&base->index, &identity);
    if (!checked->upstream && res != NULL) {
        (void)sg_schema_validate(op->paths, op->atoms, res->node, note_base, checked);
    }
    checked->upstream = true;
    return sg_strmap_has(&checked->base, (const char *)&fault->path, sizeof(fault->path));
}

static void report(void *ctx, const struct sg_fault *fault) {
    struct checked *checked = ctx;
    struct consequence what = {
        .code = "SG305",
        .rule = "schema",
        .severity = is_upstreams(checked, fault) ? SG_INFO : SG_ERROR,
        .tree = checked->c->new.tree,
        .res = checked->res,
        .path = fault->path,
        .loc = fault->loc,
        .message = message_of(checked, fault),
        .fix = fix_of(checked, fault),
        .lasting = true,
    };
    add_consequence(checked->c, &what);
}

/* An object that fits nowhere is not told of field by field. */
static void report_rest(struct consequences *c, const struct sg_resource *res,
                        size_t faults) {
    struct consequence what = {
        .code = "SG305",
        .rule = "schema",
        .severity = is_customers(c, res, NULL) ? SG_ERROR : SG_INFO,
        .tree = c->new.tree,
        .res = res,
        .message = sg_arena_printf(&c->op->plan->docs.arena,
                                   "this object has %zu faults, of which %d are listed",
                                   faults, SG_FAULTS_MAX),
        .fix = "mend these first",
        .lasting = true,
    };
    add_consequence(c, &what);
}

void find_faults(struct consequences *c) {
    for (size_t i = 0; i < c->new.tree->render.items.len; i++) {
        struct checked checked = {.c = c, .res = c->new.tree->render.items.items[i]};
        size_t faults = sg_schema_validate(c->op->paths, c->op->atoms, checked.res->node,
                                           report, &checked);
        if (faults > SG_FAULTS_MAX) {
            report_rest(c, checked.res, faults);
        }
        sg_strmap_release(&checked.base);
    }
}
