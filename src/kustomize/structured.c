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

/* One string that is being changed. */
struct string_edit {
    struct sg_node *scalar;
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

static bool set_place(struct string_edit *edit, struct sg_docs *set,
                      const struct sg_field_hit *hit, const struct sg_node *value) {
    if (!sg_is_scalar(hit->node)) {
        edit->spliced = false;
        *hit->node = *sg_node_clone(set, value);
        return true;
    }
    const char *text = sg_is_scalar(value) ? value->text : "";
    if (edit->comments && edit->spliced) {
        edit->spliced =
            !hit->made &&
            sg_yaml_replace_scalar(set, hit->node, text, strlen(text), &edit->splices);
    }
    return sg_scalar_replace_text(set, hit->node, text) == 0;
}

static bool set_places(struct string_edit *edit, const struct sg_nodepath_root *inside,
                       struct sg_nodepath path, enum sg_nodepath_create create,
                       const struct sg_node *value) {
    sg_field_hits hits = {0};
    struct sg_err ignored = {0};
    bool done =
        sg_nodepath_match(inside, path, create, &hits, &ignored) == 0 && hits.len > 0;
    for (size_t i = 0; i < hits.len && done; i++) {
        done = set_place(edit, inside->k->set, &hits.items[i], value);
    }
    sg_vec_release(&hits);
    return done;
}

static bool change(struct string_edit *edit, const struct sg_nodepath_root *root,
                   struct sg_nodepath path, enum sg_nodepath_create create,
                   const struct sg_node *value) {
    const char *old = edit->scalar->text + strspn(edit->scalar->text, " \t\r\n");
    bool json = *old == '{' || *old == '[';
    edit->comments = !json && has_comments(old);
    struct sg_nodepath_root inside = *root;
    inside.node = read_text(root, edit);
    if (inside.node == NULL || sg_is_scalar(inside.node) ||
        !set_places(edit, &inside, path, create, value)) {
        return false;
    }
    sg_auto_buf text = SG_BUF_INIT;
    int result = json ? write_json(inside.node, edit->scalar->text, &text)
                      : write_yaml(edit, inside.node, &text);
    return result == 0 &&
           sg_scalar_replace_text(root->k->set, edit->scalar, sg_buf_cstr(&text)) == 0;
}

bool sg_structured_set(const struct sg_nodepath_root *root, struct sg_node *scalar,
                       struct sg_nodepath path, enum sg_nodepath_create create,
                       const struct sg_node *value) {
    struct string_edit edit = {.scalar = scalar, .spliced = true};
    bool done = change(&edit, root, path, create, value);
    sg_splices_release(&edit.splices);
    return done;
}
