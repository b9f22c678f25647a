/* structured.c - YAML and JSON held in strings. */
#include "structured.h"

#include <ctype.h>
#include <string.h>

#include "sg/json.h"
#include "sg/yaml.h"

/* --- the text of one scalar
 * ---------------------------------------------------------------- */

static bool text_fits(enum sg_tag tag, const char *text, size_t len) {
    enum sg_tag found = sg_resolve_read(text, len);
    switch (tag) {
    case SG_TAG_INT:
    case SG_TAG_BOOL:
    case SG_TAG_TIMESTAMP:
        return found == tag;
    case SG_TAG_FLOAT:
        return found == SG_TAG_FLOAT || found == SG_TAG_INT;
    case SG_TAG_NULL:
        return found == SG_TAG_NULL;
    case SG_TAG_NONE:
    case SG_TAG_STR:
    case SG_TAG_BINARY:
    case SG_TAG_MERGE:
    case SG_TAG_OTHER:
    default:
        return true;
    }
}

int sg_scalar_replace_text(struct sg_docs *set, struct sg_node *scalar,
                           const char *text) {
    size_t len = strlen(text);
    bool plain = scalar->style == SG_PLAIN;
    enum sg_tag tag = (enum sg_tag)scalar->tag;
    if (plain && !text_fits(tag, text, len)) {
        return -1;
    }
    if (tag == SG_TAG_NULL && len == 0) {
        tag = SG_TAG_STR; /* as kustomize prints it */
    }
    sg_scalar_set(set, scalar, text, len);
    scalar->tag = (uint8_t)(!plain && tag == SG_TAG_NONE ? SG_TAG_STR : tag);
    return 0;
}

/* --- whole texts
 * --------------------------------------------------------------------------- */

static struct sg_node *read_text(const struct sg_nodepath_root *root,
                                 const struct sg_node *scalar) {
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_KEEP};
    sg_auto_yaml_docs docs = {0};
    struct sg_err ignored = {0};
    if (sg_yaml_read(root->k->set, "(a string of the object)", scalar->text, scalar->len,
                     &opts, &docs, &ignored) < 0 ||
        docs.roots.len == 0) {
        return NULL;
    }
    return docs.roots.items[0];
}

static int write_json(const struct sg_node *root, const char *old, struct sg_buf *out) {
    unsigned style = SG_JSON_SORTED | SG_JSON_GO_HTML;
    struct sg_err ignored = {0};
    if (strchr(old, '\n') != NULL && strstr(old, "  ") != NULL) {
        style |= SG_JSON_INDENT;
    }
    return sg_json_write(root, style, out, &ignored);
}

static int write_yaml(const struct sg_node *root, struct sg_buf *out) {
    struct sg_err ignored = {0};
    if (sg_yaml_write_kept(root, out, &ignored) < 0) {
        return -1;
    }
    while (out->len > 0 && isspace((unsigned char)out->ptr[out->len - 1])) {
        out->ptr[--out->len] = '\0';
    }
    return 0;
}

static bool set_places(const struct sg_nodepath_root *inside, struct sg_nodepath path,
                       enum sg_nodepath_create create, const struct sg_node *value) {
    sg_field_hits hits = {0};
    struct sg_err ignored = {0};
    struct sg_docs *set = inside->k->set;
    bool done =
        sg_nodepath_match(inside, path, create, &hits, &ignored) == 0 && hits.len > 0;
    for (size_t i = 0; i < hits.len && done; i++) {
        struct sg_node *node = hits.items[i].node;
        if (sg_is_scalar(node)) {
            const char *text = sg_is_scalar(value) ? value->text : "";
            done = sg_scalar_replace_text(set, node, text) == 0;
        } else {
            *node = *sg_node_clone(set, value);
        }
    }
    sg_vec_release(&hits);
    return done;
}

bool sg_structured_set(const struct sg_nodepath_root *root, struct sg_node *scalar,
                       struct sg_nodepath path, enum sg_nodepath_create create,
                       const struct sg_node *value) {
    struct sg_nodepath_root inside = *root;
    inside.node = read_text(root, scalar);
    if (inside.node == NULL || sg_is_scalar(inside.node) ||
        !set_places(&inside, path, create, value)) {
        return false;
    }
    const char *old = scalar->text + strspn(scalar->text, " \t\r\n");
    bool json = *old == '{' || *old == '[';
    sg_auto_buf text = SG_BUF_INIT;
    int result = json ? write_json(inside.node, scalar->text, &text)
                      : write_yaml(inside.node, &text);
    return result == 0 &&
           sg_scalar_replace_text(root->k->set, scalar, sg_buf_cstr(&text)) == 0;
}
