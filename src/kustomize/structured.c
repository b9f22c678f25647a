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

/* The tag that stays. A null with no text is null in block style, but quoted in flow
 * style, where kustomize's emitter has no other way to write it. */
static enum sg_tag kept_tag(const struct sg_field_hit *hit, const char *text) {
    bool in_flow = hit->parent != NULL && hit->parent->flow;
    bool quoted = hit->node->tag == SG_TAG_NULL && text[0] == '\0' && in_flow;
    return quoted ? SG_TAG_STR : (enum sg_tag)hit->node->tag;
}

int sg_scalar_replace_text(struct sg_docs *set, const struct sg_field_hit *hit,
                           const char *text) {
    struct sg_node *scalar = hit->node;
    size_t len = strlen(text);
    bool plain = scalar->style == SG_PLAIN;
    enum sg_tag tag = kept_tag(hit, text);
    bool fits = !plain || text_fits((enum sg_tag)scalar->tag, text, len);
    sg_scalar_set(set, scalar, text, len);
    scalar->tag = (uint8_t)(!plain && tag == SG_TAG_NONE ? SG_TAG_STR : tag);
    return fits ? 0 : -1;
}

/* --- whole texts
 * --------------------------------------------------------------------------- */

/* One string that is being changed. */
struct string_edit {
    struct sg_node *scalar;
    bool json;
    bool misfit;   /* a value went where a scalar of another type stands */
    bool comments; /* it is YAML with comments, which only splices keep … */
    bool spliced;  /* … and all changes so far could be said as such */
    struct sg_splices splices;
};

/* A '#' that may begin a comment; one in a string costs a reading with places. */
static bool has_comments(const char *text) {
    for (const char *at = strchr(text, '#'); at != NULL; at = strchr(at + 1, '#')) {
        if (at == text || strchr(" \t\n", at[-1]) != NULL) {
            return true;
        }
    }
    return false;
}

static struct sg_node *read_text(const struct sg_nodepath_root *root,
                                 const struct string_edit *edit) {
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_KEEP, .edit = edit->comments};
    sg_auto_yaml_docs docs = {0};
    struct sg_err ignored = {0};
    if (sg_yaml_read(root->k->set, "(a string of the object)", edit->scalar->text,
                     edit->scalar->len, &opts, &docs, &ignored) < 0 ||
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

/* Spliced, the text keeps its comments, and the indents it has; else it is written anew
 * as kustomize does, which keeps comments too: that we cannot. */
static int write_yaml(struct string_edit *edit, const struct sg_node *root,
                      struct sg_buf *out) {
    struct sg_err ignored = {0};
    if (edit->comments && edit->spliced) {
        struct sg_str old = {edit->scalar->text, edit->scalar->len};
        sg_splices_apply(&edit->splices, old, out);
    } else if (sg_yaml_write_kept(root, out, &ignored) < 0) {
        return -1;
    }
    while (out->len > 0 && isspace((unsigned char)out->ptr[out->len - 1])) {
        out->ptr[--out->len] = '\0';
    }
    return 0;
}

/* In YAML a scalar of another type gets an explicit tag; JSON has no way to say it. */
static void set_text(struct string_edit *edit, struct sg_docs *set,
                     const struct sg_field_hit *hit, const char *text) {
    struct sg_node *node = hit->node;
    bool fits =
        node->style != SG_PLAIN || text_fits((enum sg_tag)node->tag, text, strlen(text));
    edit->misfit |= !fits;
    if (edit->comments && edit->spliced) {
        edit->spliced =
            fits && !hit->made &&
            sg_yaml_replace_scalar(set, node, text, strlen(text), &edit->splices);
    }
    enum sg_tag tag = kept_tag(hit, text);
    sg_scalar_set(set, node, text, strlen(text));
    node->tag = (uint8_t)tag;
}

static void set_place(struct string_edit *edit, struct sg_docs *set,
                      const struct sg_field_hit *hit, const struct sg_node *value) {
    if (sg_is_scalar(hit->node)) {
        set_text(edit, set, hit, sg_is_scalar(value) ? value->text : "");
    } else {
        edit->spliced = false;
        *hit->node = *sg_node_clone(set, value);
    }
}

static int set_places(struct string_edit *edit, const struct sg_nodepath_root *inside,
                      struct sg_nodepath path, enum sg_nodepath_create create,
                      const struct sg_node *value, struct sg_err *err) {
    sg_field_hits hits = {0};
    int result = sg_nodepath_match(inside, path, create, &hits, err);
    if (result == 0 && hits.len == 0) {
        result = sg_k_fail(inside->k, err, edit->scalar->loc,
                           "the text of this string has no such field");
    }
    for (size_t i = 0; i < hits.len && result == 0; i++) {
        set_place(edit, inside->k->set, &hits.items[i], value);
    }
    sg_vec_release(&hits);
    return result;
}

/* A part of the text has no place in the file: the string's is told. */
static int relocate(const struct sg_nodepath_root *root, const struct sg_node *scalar,
                    struct sg_err *err, const struct sg_err *inner) {
    sg_k_fail(root->k, err, scalar->loc, "inside the string: %s", inner->text);
    return sg_err_hint(err, "%s", inner->hint);
}

static enum sg_structured change(struct string_edit *edit,
                                 const struct sg_nodepath_root *root,
                                 struct sg_nodepath path, enum sg_nodepath_create create,
                                 const struct sg_node *value, struct sg_err *err) {
    const char *old = edit->scalar->text + strspn(edit->scalar->text, " \t\r\n");
    struct sg_err inner = {0};
    struct sg_nodepath_root inside = *root;
    edit->json = *old == '{' || *old == '[';
    edit->comments = !edit->json && has_comments(old);
    inside.node = read_text(root, edit);
    if (inside.node == NULL || sg_is_scalar(inside.node)) {
        return SG_STRUCTURED_NONE;
    }
    if (set_places(edit, &inside, path, create, value, &inner) < 0) {
        relocate(root, edit->scalar, err, &inner);
        return SG_STRUCTURED_ERROR;
    }
    sg_auto_buf text = SG_BUF_INIT;
    if (edit->json
            ? edit->misfit || write_json(inside.node, edit->scalar->text, &text) < 0
            : write_yaml(edit, inside.node, &text) < 0) {
        return SG_STRUCTURED_KEPT;
    }
    enum sg_tag tag = (enum sg_tag)edit->scalar->tag;
    sg_scalar_set(root->k->set, edit->scalar, sg_buf_cstr(&text), text.len);
    edit->scalar->tag = (uint8_t)tag;
    return SG_STRUCTURED_SET;
}

enum sg_structured sg_structured_set(const struct sg_nodepath_root *root,
                                     struct sg_node *scalar, struct sg_nodepath path,
                                     enum sg_nodepath_create create,
                                     const struct sg_node *value, struct sg_err *err) {
    struct string_edit edit = {.scalar = scalar, .spliced = true};
    enum sg_structured result = change(&edit, root, path, create, value, err);
    sg_splices_release(&edit.splices);
    return result;
}
