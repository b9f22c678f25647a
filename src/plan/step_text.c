/*
 * step_text.c - from a step of a render to the customer's text that asked for it.
 */
#include <string.h>

#include "repair.h"

/* --- offsets ---------------------------------------------------------------------- */

/* Where a node begins in its file; UINT32_MAX where it has no place there of its own. */
static uint32_t offset_of(const struct draft_doc *doc, const struct sg_node *node) {
    const struct sg_source *source = sg_docs_source(&doc->set, node->loc);
    if (source == NULL) {
        return UINT32_MAX;
    }
    uint32_t at = node->loc - source->base;
    if (doc->outer == NULL) {
        return at;
    }
    return draft_places(doc) ? sg_yaml_embed_offset(&doc->embed, at) : UINT32_MAX;
}

/* The offset now of a location of the old render. */
static uint32_t offset_now(const struct overlay_plan *op, const struct draft_doc *doc,
                           uint32_t loc) {
    struct sg_pos at = sg_docs_pos(&op->trees[T_RO]->render.docs, loc);
    return draft_offset(doc->file, at.line, at.column);
}

/* --- entries ---------------------------------------------------------------------- */

static bool find_entry(const struct overlay_plan *op, const struct sg_step *step,
                       struct step_text *out) {
    const struct draft_doc *doc = out->kustomization;
    const struct sg_node *root =
        doc->docs.roots.len > 0 ? doc->docs.roots.items[0] : NULL;
    out->list = sg_map_gets(root, step->name);
    uint32_t wanted = offset_now(op, doc, step->entry != 0 ? step->entry : step->loc);
    for (uint32_t i = 0; sg_is_seq(out->list) && i < out->list->len; i++) {
        if (offset_of(doc, out->list->items[i]) == wanted) {
            out->item = i;
            out->entry = out->list->items[i];
            return true;
        }
    }
    return false;
}

static struct draft_doc *open_text(struct overlay_plan *op, const struct sg_step *step,
                                   const struct step_text *text) {
    if (strcmp(step->file, step->kustomization) != 0) {
        return draft_open(op->draft, op->files, step->file);
    }
    const struct sg_node *scalar =
        sg_is_scalar(text->entry) ? text->entry : sg_map_gets(text->entry, "patch");
    return sg_is_scalar(scalar) ? draft_inner(op->draft, text->kustomization, scalar)
                                : NULL;
}

/* Item `i` now is what item step->document was. */
static bool is_ordinal(const struct step_text *text, const struct sg_step *step,
                       uint32_t i) {
    struct sg_place at = draft_scalar_place(text->doc);
    const struct draft *draft = text->doc->draft;
    return draft_ordinal(draft, DRAFT_NOW, at, i) ==
           draft_ordinal(draft, DRAFT_BEFORE, at, step->document);
}

static bool find_document(const struct overlay_plan *op, const struct sg_step *step,
                          struct step_text *out) {
    uint32_t wanted = offset_now(op, out->doc, step->text);
    bool placed = draft_places(out->doc);
    for (uint32_t i = 0; i < out->doc->docs.roots.len; i++) {
        const struct sg_node *root = out->doc->docs.roots.items[i];
        if (placed ? offset_of(out->doc, root) == wanted : is_ordinal(out, step, i)) {
            out->document = i;
            out->root = root;
            return true;
        }
    }
    return false;
}

static bool find_operation(const struct overlay_plan *op, const struct sg_step *step,
                           struct step_text *out) {
    uint32_t wanted = offset_now(op, out->doc, step->text);
    bool placed = draft_places(out->doc);
    out->root = out->doc->docs.roots.len > 0 ? out->doc->docs.roots.items[0] : NULL;
    for (uint32_t i = 0; sg_is_seq(out->root) && i < out->root->len; i++) {
        const struct sg_node *node = out->root->items[i];
        if (placed ? offset_of(out->doc, node) == wanted : is_ordinal(out, step, i)) {
            out->document = i;
            out->op = node;
            return true;
        }
    }
    return false;
}

bool step_text_find(struct overlay_plan *op, const struct sg_step *step,
                    struct step_text *out) {
    memset(out, 0, sizeof(*out));
    if (step->name == NULL || step->kustomization == NULL || step->file == NULL) {
        return false;
    }
    out->kustomization = draft_open(op->draft, op->files, step->kustomization);
    if (out->kustomization == NULL || !find_entry(op, step, out)) {
        return false;
    }
    out->kustomization->stays = true;
    if (step->kind != SG_STEP_STRATEGIC && step->kind != SG_STEP_JSON) {
        return true;
    }
    out->doc = open_text(op, step, out);
    if (out->doc == NULL) {
        return false;
    }
    if (out->doc->outer == NULL) {
        draft_host(out->doc, out->kustomization, out->list, out->item);
    }
    return step->kind == SG_STEP_JSON ? find_operation(op, step, out)
                                      : find_document(op, step, out);
}

bool step_config_find(struct overlay_plan *op, const struct sg_step *step,
                      struct step_text *out) {
    struct sg_pos at = sg_docs_pos(&op->trees[T_RO]->render.docs, step->loc);
    memset(out, 0, sizeof(*out));
    if (at.file == NULL || step->kustomization == NULL ||
        strcmp(at.file, step->kustomization) == 0) {
        return false;
    }
    out->doc = draft_open(op->draft, op->files, at.file);
    uint32_t wanted = out->doc == NULL ? 0 : offset_now(op, out->doc, step->loc);
    for (uint32_t i = 0; out->doc != NULL && i < out->doc->docs.roots.len; i++) {
        const struct sg_node *root = out->doc->docs.roots.items[i];
        for (uint32_t k = 0; sg_is_map(root) && k < root->len; k++) {
            if (offset_of(out->doc, root->entries[k].value) == wanted) {
                out->document = i;
                out->root = root;
                out->entry = root->entries[k].value;
                return true;
            }
        }
    }
    return false;
}

/* --- inside a patch --------------------------------------------------------------- */

sg_type type_of(const struct sg_resource *res) {
    const char *version = sg_text(sg_map_get(res->node, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(res->node, SG_ATOM(kind)));
    return version == NULL || kind == NULL
               ? 0
               : sg_schema_kind(SG_SCHEMA_UNION, version, kind);
}

struct sg_field field_at(sg_type type, const struct sg_fieldpath *path) {
    struct sg_field field = {.type = SG_FIELD_OBJECT, .def = type};
    if (path == NULL) {
        return field;
    }
    struct sg_field parent = field_at(type, path->parent);
    if (path->seg == SG_SEG_KEY && parent.type != SG_FIELD_MAP) {
        memset(&field, 0, sizeof(field));
        (void)sg_schema_field(SG_SCHEMA_UNION, parent.def, path->key->text, &field);
        return field;
    }
    return (struct sg_field){.type = parent.item, .def = parent.def};
}

const struct sg_node *element_at(const struct sg_node *list, const struct sg_field *field,
                                 sg_atom key, uint32_t repeat, uint32_t *at) {
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        sg_auto_buf text = SG_BUF_INIT;
        if (sg_schema_element_key(field, list->items[i], &text) &&
            strcmp(sg_buf_cstr(&text), key->text) == 0 && repeat-- == 0) {
            *at = i;
            return list->items[i];
        }
    }
    return NULL;
}

const struct sg_node *node_at(const struct sg_node *root, sg_type type,
                              const struct sg_fieldpath *path) {
    if (path == NULL) {
        return root;
    }
    const struct sg_node *parent = node_at(root, type, path->parent);
    uint32_t at = path->index;
    switch (path->seg) {
    case SG_SEG_KEY:
        return sg_map_get(parent, path->key);
    case SG_SEG_INDEX:
        return sg_is_seq(parent) && at < parent->len ? parent->items[at] : NULL;
    case SG_SEG_ELEMENT: {
        struct sg_field field = field_at(type, path->parent);
        return element_at(parent, &field, path->key, path->index, &at);
    }
    }
    return NULL;
}

bool is_taken(const struct overlay_plan *op, const struct sg_resource *res_old,
              const struct sg_fieldpath *path, sg_atom key) {
    struct identity identity = identity_of(&res_old->orig);
    const struct sg_resource *res = index_find(&op->trees[T_RO]->index, &identity);
    if (res == NULL) {
        return false;
    }
    const struct sg_fieldpath *element = sg_fieldpath_element(op->paths, path, key, 0);
    return node_at(res->node, type_of(res), element) != NULL;
}
