/* build.c - making nodes in a set. */
#include "sg/doc.h"

#include <string.h>

static struct sg_node *node_new(struct sg_docs *set, enum sg_kind kind) {
    struct sg_node *node = sg_arena_alloc(&set->arena, sizeof(*node));
    node->kind = (uint8_t)kind;
    return node;
}

/* Most scalars of real manifests repeat no text, so there is no sharing to look for. */
static void set_text(struct sg_docs *set, struct sg_node *node, const char *text,
                     size_t len) {
    if (len > UINT32_MAX) {
        SG_BUG("a scalar of more than 4 GiB");
    }
    node->text = len ? sg_arena_strndup(&set->arena, text, len) : "";
    node->len = (uint32_t)len;
}

struct sg_node *sg_scalar_new(struct sg_docs *set, const char *text, size_t len,
                              enum sg_tag tag, enum sg_style style) {
    struct sg_node *node = node_new(set, SG_SCALAR);
    node->tag = (uint8_t)tag;
    node->style = (uint8_t)style;
    set_text(set, node, text, len);
    return node;
}

struct sg_node *sg_str_new(struct sg_docs *set, const char *text) {
    return sg_scalar_new(set, text, strlen(text), SG_TAG_STR, SG_PLAIN);
}

struct sg_node *sg_null_new(struct sg_docs *set) {
    return sg_scalar_new(set, "null", 4, SG_TAG_NULL, SG_PLAIN);
}

struct sg_node *sg_map_new(struct sg_docs *set) {
    return node_new(set, SG_MAP);
}

struct sg_node *sg_seq_new(struct sg_docs *set) {
    return node_new(set, SG_SEQ);
}

void sg_scalar_set(struct sg_docs *set, struct sg_node *scalar, const char *text,
                   size_t len) {
    if (!sg_is_scalar(scalar)) {
        SG_BUG("sg_scalar_set on a map or sequence");
    }
    scalar->tag = SG_TAG_NONE;
    set_text(set, scalar, text, len);
}
