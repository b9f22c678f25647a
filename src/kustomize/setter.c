/* setter.c - the writes of transformers. */
#include "setter.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int sg_fail_object(struct sg_kustomize *k, const struct sg_resource *res,
                   const struct sg_node *node, struct sg_err *err, const char *fmt, ...) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_resid_text(&res->state->cur, &text);
    va_list args;
    va_start(args, fmt);
    char *what = NULL;
    if (vasprintf(&what, fmt, args) < 0) {
        what = NULL;
    }
    va_end(args);
    uint32_t loc = node != NULL && node->loc != 0 ? node->loc : res->loc;
    sg_k_fail(k, err, loc, "%s: %s", sg_buf_cstr(&text), what != NULL ? what : fmt);
    free(what);
    return -1;
}

/* What a scalar of this style becomes: quoted ones and blocks are strings however they
 * are tagged. */
static enum sg_tag effective_tag(const struct sg_node *node, enum sg_tag tag) {
    return node->style == SG_PLAIN ? tag : SG_TAG_STR;
}

static void overwrite(struct sg_kustomize *k, struct sg_node *node, const char *text,
                      enum sg_tag tag) {
    sg_scalar_set(k->set, node, text, strlen(text));
    node->tag = (uint8_t)effective_tag(node, tag);
}

int sg_set_scalar(struct sg_kustomize *k, const struct sg_resource *res,
                  const struct sg_field_hit *hit, const char *text, enum sg_tag tag,
                  enum sg_op op, uint32_t loc, struct sg_err *err) {
    if (!sg_is_scalar(hit->node)) {
        return sg_fail_object(k, res, hit->node, err, "found a %s, expected a scalar",
                              sg_is_map(hit->node) ? "map" : "list");
    }
    const struct sg_node *before = hit->made ? NULL : sg_k_before(k, hit->node);
    overwrite(k, hit->node, text, tag);
    sg_k_wrote(k, res, hit->path, op, before, hit->node, loc);
    return 0;
}

/* A null that the spec may not turn into a map stays one; but the object's annotations
 * are written anew for every object, as a map. */
static bool become_map(const struct sg_resource *res, struct sg_node *null_node) {
    const struct sg_node *metadata = sg_map_get(res->node, SG_ATOM(metadata));
    const struct sg_entry *entry = sg_map_find(metadata, SG_ATOM(annotations));
    if (entry == NULL || entry->value != null_node) {
        return false;
    }
    sg_null_become(null_node, SG_MAP, SG_TAG_NONE);
    return true;
}

int sg_set_entry(struct sg_kustomize *k, const struct sg_resource *res,
                 const struct sg_field_hit *hit, sg_atom key, const char *text,
                 struct sg_node **shared, uint32_t loc, struct sg_err *err) {
    if (sg_is_null(hit->node) && !become_map(res, hit->node)) {
        return 0;
    }
    if (!sg_is_map(hit->node)) {
        return sg_fail_object(k, res, hit->node, err,
                              "found a %s where %s is to be set, expected a map",
                              sg_is_seq(hit->node) ? "list" : "scalar", key->text);
    }
    if (key->len == 0) {
        return sg_fail_object(k, res, hit->node, err, "the empty text is set as a key");
    }
    const struct sg_fieldpath *path = sg_k_path_key(k, hit->path, key);
    struct sg_node *value = sg_map_get(hit->node, key);
    const struct sg_node *before = sg_k_before(k, value);
    if (sg_is_scalar(value)) {
        overwrite(k, value, text, SG_TAG_STR);
    } else if (value != NULL) {
        /* a map or list: the place takes a scalar of its own */
        value = sg_str_new(k->set, text);
        sg_map_put(k->set, hit->node, key, value);
    } else {
        bool again = *shared != NULL;
        value = again ? *shared : sg_str_new(k->set, text);
        value->shared = again;
        res->state->shares |= again;
        *shared = value;
        struct sg_entry *entry = sg_map_put(k->set, hit->node, key, value);
        /* as when it is read: a key like 1 must be quoted, and is refused at the end */
        entry->key_tag = (uint8_t)sg_resolve_read(key->text, key->len);
        entry->key_loc = loc;
    }
    sg_k_wrote(k, res, path, SG_OP_SET, before, value, loc);
    return 0;
}

/* Depth is bounded by the reader's limit on nesting. */
static void unshare(struct sg_kustomize *k, struct sg_node *node) {
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        struct sg_entry *entry = &node->entries[i];
        if (sg_is_scalar(entry->value) && entry->value->shared) {
            entry->value = sg_node_clone(k->set, entry->value);
        } else {
            unshare(k, entry->value);
        }
    }
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        unshare(k, node->items[i]);
    }
}

void sg_resource_unshare(struct sg_kustomize *k, struct sg_resource *res) {
    if (res->state->shares) {
        unshare(k, res->node);
        res->state->shares = false;
    }
}
