/* objects.c - text to Kubernetes objects: what kustomize accepts as a resource or patch.
 */
#include "load.h"
#include "openapi.h"
#include "reprint.h"
#include "sg/strict.h"
#include "sg/yaml.h"

#include <string.h>

void sg_nodes_release(struct sg_nodes *nodes) {
    sg_vec_release(&nodes->items);
}

static bool is_list_kind(const char *kind) {
    size_t len = strlen(kind);
    return len >= 4 && strcmp(kind + len - 4, "List") == 0;
}

static int fail_object(struct sg_kustomize *k, const struct sg_node *node,
                       const char *what, struct sg_err *err) {
    (void)sg_k_fail(k, err, node->loc, "an object without %s", what);
    return sg_err_hint(err, "every Kubernetes object needs kind and metadata.name");
}

/* No text, or a null: ~ is no name. */
static bool is_missing(const struct sg_node *node) {
    return !sg_is_scalar(node) || sg_is_null(node) || node->len == 0;
}

int sg_object_check(struct sg_kustomize *k, const struct sg_node *node,
                    struct sg_err *err) {
    if (!sg_is_map(node)) {
        sg_auto_buf found = SG_BUF_INIT;
        sg_strict_describe(node, &found);
        return sg_k_fail(k, err, node->loc, "found %s, expected a Kubernetes object",
                         sg_buf_cstr(&found));
    }
    const struct sg_node *kind = sg_map_get(node, SG_ATOM(kind));
    if (is_missing(kind)) {
        return fail_object(k, node, "kind", err);
    }
    const struct sg_node *metadata = sg_map_get(node, SG_ATOM(metadata));
    bool needs_name = !is_list_kind(kind->text);
    return needs_name && is_missing(sg_map_get(metadata, SG_ATOM(name)))
               ? fail_object(k, node, "metadata.name", err)
               : 0;
}

/* kustomize takes the items of a list through JSON, where every string is quoted; a later
 * write keeps that style. */
static void quote_strings(struct sg_node *node) {
    if (sg_is_scalar(node)) {
        if (sg_scalar_type(node) == SG_TAG_STR) {
            node->tag = SG_TAG_STR;
            node->style = SG_DOUBLE;
        }
    } else if (sg_is_seq(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            quote_strings(node->items[i]);
        }
    } else if (sg_is_map(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            quote_strings(node->entries[i].value);
        }
    }
}

static bool is_empty(const struct sg_node *node) {
    return sg_is_null(node) || (!sg_is_scalar(node) && node->len == 0);
}

static int read_values(struct sg_kustomize *k, struct sg_node *const *values, size_t len,
                       bool alone, struct sg_nodes *out, struct sg_err *err);

/* The items of a list, each read as a file of its own. */
static int read_items(struct sg_kustomize *k, const struct sg_node *list,
                      struct sg_nodes *out, struct sg_err *err) {
    const struct sg_node *printed = sg_reprint(k, list, false, err);
    if (printed == NULL) {
        return -1;
    }
    const struct sg_node *items = sg_map_get(printed, SG_ATOM(items));
    if (sg_is_null(items)) {
        return 0;
    }
    if (!sg_is_seq(items)) {
        sg_auto_buf found = SG_BUF_INIT;
        sg_strict_describe(items, &found);
        return sg_k_fail(k, err, items->loc, "items of %s: found %s, expected a list",
                         sg_text(sg_map_get(list, SG_ATOM(kind))), sg_buf_cstr(&found));
    }
    for (uint32_t i = 0; i < items->len; i++) {
        quote_strings(items->items[i]);
        if (read_values(k, &items->items[i], 1, true, out, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Adds an object, or defers the items of a list: they follow all others. */
static int take(struct sg_kustomize *k, struct sg_node *node, struct sg_nodes *out,
                struct sg_nodes *deferred, struct sg_err *err) {
    if (is_empty(node)) {
        return 0;
    }
    if (sg_object_check(k, node, err) != 0) {
        return -1;
    }
    /* without the field it is an ordinary object, whatever its kind is called */
    if (sg_map_find(node, SG_ATOM(items)) == NULL ||
        !is_list_kind(sg_text(sg_map_get(node, SG_ATOM(kind))))) {
        sg_vec_push(&out->items, node);
        return 0;
    }
    return read_items(k, node, deferred, err);
}

/* A List that is all of its file is unwrapped before anything is looked at: what its
 * items are, if they are a list, counts, and nothing else. */
static bool is_wrapper(const struct sg_node *node) {
    const char *kind = sg_is_map(node) ? sg_text(sg_map_get(node, SG_ATOM(kind))) : NULL;
    return kind != NULL &&
           (strcmp(kind, "List") == 0 || strcmp(kind, "ResourceList") == 0) &&
           (sg_map_find(node, SG_ATOM(items)) != NULL ||
            sg_map_gets(node, "functionConfig") != NULL);
}

static int unwrap(struct sg_kustomize *k, const struct sg_node *wrapper,
                  struct sg_nodes *out, struct sg_nodes *deferred, struct sg_err *err) {
    const struct sg_node *items = sg_map_get(wrapper, SG_ATOM(items));
    if (sg_is_map(items) && items->len > 0) {
        return sg_k_fail(k, err, items->loc, "items: found a map, expected a list");
    }
    for (uint32_t i = 0; sg_is_seq(items) && i < items->len; i++) {
        if (take(k, items->items[i], out, deferred, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* `alone`: one value that is a whole file. Depth is bounded by the reader's limit. */
static int read_values(struct sg_kustomize *k, struct sg_node *const *values, size_t len,
                       bool alone, struct sg_nodes *out, struct sg_err *err) {
    sg_auto_nodes deferred = {0};
    for (size_t i = 0; i < len; i++) {
        int status = alone && is_wrapper(values[i])
                         ? unwrap(k, values[i], out, &deferred, err)
                         : take(k, values[i], out, &deferred, err);
        if (status != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < deferred.items.len; i++) {
        sg_vec_push(&out->items, deferred.items.items[i]);
    }
    return 0;
}

/* No line of dashes cuts the text; one at its very start or end cuts nothing off. */
static bool is_one_piece(const char *text, size_t len) {
    const char *cut = memmem(text, len, "\n---", 4);
    return cut == NULL || memchr(cut + 1, '\n', len - (size_t)(cut + 1 - text)) == NULL;
}

int sg_objects_read(struct sg_kustomize *k, const char *shown, const char *text,
                    size_t len, struct sg_nodes *out, struct sg_err *err) {
    struct sg_yaml_opts opts = {
        .repeat = SG_REPEAT_KEEP, .manifests = true, .comments = true};
    sg_auto_yaml_docs docs = {0};
    size_t comments = k->set->comments.len;
    if (sg_yaml_read(k->set, shown, text, len, &opts, &docs, err) != 0) {
        return -1;
    }
    sg_comment_schemas(k, comments);
    return read_values(k, docs.roots.items, docs.roots.len,
                       docs.roots.len == 1 && is_one_piece(text, len), out, err);
}

/* Offset of a line and column (both from 1, columns in code points) in a text. */
static uint32_t offset_of(const struct sg_source *source, uint32_t line,
                          uint32_t column) {
    uint32_t at = 0;
    for (; line > 1 && at < source->len; at++) {
        line -= source->text[at] == '\n';
    }
    while (column > 1 && at < source->len && source->text[at] != '\n') {
        at++;
        while (at < source->len && ((unsigned char)source->text[at] & 0xC0) == 0x80) {
            at++;
        }
        column--;
    }
    return at;
}

void sg_objects_embed(struct sg_kustomize *k, size_t first, uint32_t outer,
                      uint32_t skipped, struct sg_err *err) {
    sg_docs_embed(k->set, first, outer, skipped);
    if (err->code == SG_OK || err->line == 0 || first >= k->set->sources.len) {
        return;
    }
    const struct sg_source *source = &k->set->sources.items[first];
    uint32_t loc = source->base + offset_of(source, err->line, err->column);
    struct sg_pos at = sg_docs_pos(k->set, loc);
    err->line = at.line;
    err->column = at.column;
}
