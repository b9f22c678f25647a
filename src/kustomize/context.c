/* context.c - helpers that every part of a render uses; see context.h. */
#include "context.h"

#include "openapi.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *sg_k_strdup(struct sg_kustomize *k, const char *text) {
    return sg_arena_strdup(&k->set->arena, text);
}

const char *sg_k_printf(struct sg_kustomize *k, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) {
        SG_BUG("a format that cannot be printed");
    }
    char *text = sg_arena_alloc(&k->set->arena, (size_t)len + 1);
    (void)vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

sg_atom sg_k_atom(struct sg_kustomize *k, const char *text) {
    if (text == NULL || text[0] == '\0') {
        return k->empty;
    }
    sg_atom atom = sg_atom_intern(k->atoms, text, strlen(text), &k->late);
    return atom != NULL ? atom : k->empty;
}

int sg_k_fail(struct sg_kustomize *k, struct sg_err *err, uint32_t loc, const char *fmt,
              ...) {
    char text[sizeof(err->text)];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return sg_fail_at(err, SG_E_INPUT, sg_docs_pos(k->set, loc), "%s", text);
}

void sg_k_warn(struct sg_kustomize *k, const char *code, const char *rule, uint32_t loc,
               const char *fmt, ...) {
    if (k->diag == NULL) {
        return;
    }
    char text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    sg_diag(k->diag, code, rule, SG_WARNING, sg_docs_pos(k->set, loc), "%s", text);
}

bool sg_step_begin(struct sg_kustomize *k, enum sg_step_kind kind, const char *name,
                   uint32_t loc, uint32_t item) {
    struct sg_step step = {.kind = kind, .name = name, .loc = loc, .item = item};
    return sg_step_begin_as(k, &step);
}

bool sg_step_begin_as(struct sg_kustomize *k, const struct sg_step *what) {
    struct sg_step step = *what;
    step.kustomization = k->kustomization;
    step.file = k->file != NULL ? k->file : k->kustomization;
    if (k->opts->keep != NULL && !k->opts->keep(k->opts->keep_ctx, &step)) {
        return false;
    }
    if (k->trace != NULL) {
        (void)sg_trace_step(k->trace, &step);
    }
    return true;
}

void sg_step_matched(struct sg_kustomize *k, uint32_t count) {
    if (k->trace != NULL && k->trace->step < k->trace->steps.len) {
        k->trace->steps.items[k->trace->step].matched = count;
    }
}

void sg_step_selects(struct sg_kustomize *k) {
    if (k->trace != NULL && k->trace->step < k->trace->steps.len) {
        k->trace->steps.items[k->trace->step].selects = true;
    }
}

/* --- paths ---------------------------------------------------------------------- */

const struct sg_fieldpath *sg_k_path_key(struct sg_kustomize *k,
                                         const struct sg_fieldpath *parent, sg_atom key) {
    return k->trace == NULL ? NULL : sg_fieldpath_key(k->trace->paths, parent, key);
}

const struct sg_fieldpath *sg_k_path_text(struct sg_kustomize *k,
                                          const struct sg_fieldpath *parent,
                                          const char *key) {
    return k->trace == NULL ? NULL : sg_k_path_key(k, parent, sg_k_atom(k, key));
}

/* The schema's field at `path` in an object of the type of `res`; false where it knows
 * none. The path is walked from its root, which it links upwards. */
static bool schema_field_at(const struct sg_resource *res,
                            const struct sg_fieldpath *path, struct sg_field *out) {
    if (path == NULL) {
        const char *version = sg_text(sg_map_get(res->node, SG_ATOM(apiVersion)));
        const char *kind = sg_text(sg_map_get(res->node, SG_ATOM(kind)));
        if (version == NULL || kind == NULL) {
            return false;
        }
        *out = (struct sg_field){.type = SG_FIELD_OBJECT,
                                 .def = sg_schema_kind(SG_SCHEMA_UNION, version, kind)};
        return out->def != 0;
    }
    struct sg_field parent;
    if (!schema_field_at(res, path->parent, &parent)) {
        return false;
    }
    if (path->seg == SG_SEG_KEY && parent.type == SG_FIELD_OBJECT) {
        return sg_schema_field(SG_SCHEMA_UNION, parent.def, path->key->text, out);
    }
    *out = (struct sg_field){.type = parent.item, .def = parent.def};
    return parent.type == SG_FIELD_LIST || parent.type == SG_FIELD_MAP;
}

const struct sg_fieldpath *sg_k_path_item(struct sg_kustomize *k,
                                          const struct sg_resource *res,
                                          const struct sg_fieldpath *parent,
                                          const struct sg_node *item, uint32_t index) {
    if (k->trace == NULL) {
        return NULL;
    }
    struct sg_field field;
    sg_auto_buf key = SG_BUF_INIT;
    if (schema_field_at(res, parent, &field) && field.type == SG_FIELD_LIST &&
        sg_schema_element_key(&field, item, &key)) {
        return sg_fieldpath_element(k->trace->paths, parent,
                                    sg_k_atom(k, sg_buf_cstr(&key)), 0);
    }
    return sg_fieldpath_index(k->trace->paths, parent, index);
}

/* --- writes --------------------------------------------------------------------- */

const struct sg_node *sg_k_before(struct sg_kustomize *k, const struct sg_node *node) {
    return k->trace == NULL || node == NULL ? NULL : sg_node_clone(k->set, node);
}

void sg_k_wrote(struct sg_kustomize *k, const struct sg_resource *res,
                const struct sg_fieldpath *path, enum sg_op op,
                const struct sg_node *before, const struct sg_node *after, uint32_t loc) {
    if (k->trace == NULL) {
        return;
    }
    bool same = before != NULL && after != NULL && sg_node_equal(before, after);
    struct sg_event event = {
        .object = res->uid,
        .path = path,
        .op = (uint8_t)(same ? SG_OP_NOOP : op),
        .index = UINT32_MAX,
        .before = before,
        .after = after,
        .loc = loc,
        .overrode = SG_NO_EVENT,
        .source = SG_NO_EVENT,
    };
    (void)sg_trace_event(k->trace, &event);
}

void sg_k_set_text(struct sg_kustomize *k, const struct sg_resource *res,
                   const struct sg_field_hit *hit, const char *text, enum sg_op op,
                   uint32_t loc) {
    const struct sg_node *before = sg_k_before(k, hit->node);
    sg_scalar_set(k->set, hit->node, text, strlen(text));
    sg_k_wrote(k, res, hit->path, op, before, hit->node, loc);
}

static void set_meta(struct sg_kustomize *k, struct sg_resource *res, sg_atom field,
                     const char *text) {
    struct sg_node *metadata = sg_map_ensure(k->set, res->node, SG_ATOM(metadata));
    struct sg_node *old = sg_map_get(metadata, field);
    if (metadata == NULL || (old != NULL && old->tag == SG_TAG_STR &&
                             sg_text(old) != NULL && strcmp(sg_text(old), text) == 0)) {
        return;
    }
    enum sg_style style = sg_is_scalar(old) ? (enum sg_style)old->style : SG_PLAIN;
    struct sg_node *node = sg_scalar_new(k->set, text, strlen(text), SG_TAG_STR, style);
    node->loc = old != NULL ? old->loc : 0;
    (void)sg_map_put(k->set, metadata, field, node);
    if (k->trace == NULL || (sg_text(old) != NULL && strcmp(sg_text(old), text) == 0)) {
        return;
    }
    const struct sg_fieldpath *path =
        sg_k_path_key(k, sg_k_path_key(k, NULL, SG_ATOM(metadata)), field);
    sg_k_wrote(k, res, path, SG_OP_RENAME, old, node, 0);
}

void sg_k_set_name(struct sg_kustomize *k, struct sg_resource *res, const char *name) {
    set_meta(k, res, SG_ATOM(name), name);
}

void sg_k_set_namespace(struct sg_kustomize *k, struct sg_resource *res,
                        const char *namespace) {
    if (namespace[0] == '\0') {
        (void)sg_map_remove(sg_map_get(res->node, SG_ATOM(metadata)), SG_ATOM(namespace));
    } else {
        set_meta(k, res, SG_ATOM(namespace), namespace);
    }
}

struct sg_patch_ctx sg_k_patch_ctx(struct sg_kustomize *k,
                                   const struct sg_resource *res) {
    struct sg_patch_ctx ctx = {
        .set = k->set,
        .trace = k->trace,
        .object = res->uid,
        .diag = k->diag,
        .schemas = sg_openapi_schemas(k),
    };
    return ctx;
}
