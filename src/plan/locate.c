/*
 * locate.c - the field that a person means: by a path, more or less exactly written, or
 * by a JSON pointer.
 */
#include <string.h>

#include "walk.h"

/* "0", "17": a position written without '#'. */
static bool read_position(const char *text, size_t len, uint32_t *out) {
    uint64_t number = 0;
    if (len == 0 || len > 9 || (text[0] == '0' && len > 1)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
    *out = (uint32_t)number;
    return true;
}

/* An element without a schema is still known by its name. */
static bool is_named(const struct sg_node *element, sg_atom key) {
    const char *name = sg_text(sg_map_get(element, SG_ATOM(name)));
    return name != NULL && strcmp(name, key->text) == 0;
}

static uint32_t guess_element(const struct sg_node *list,
                              const struct sg_fieldpath *typed) {
    uint32_t at;
    for (uint32_t i = 0; i < list->len; i++) {
        if (is_named(list->items[i], typed->key)) {
            return i;
        }
    }
    return read_position(typed->key->text, typed->key->len, &at) ? at : UINT32_MAX;
}

/* The item that this part names, and its path as the trace has it. */
static struct sg_node *locate_item(struct walk *walk, const struct sg_node *list,
                                   const struct sg_fieldpath *typed,
                                   const struct sg_fieldpath **path) {
    const struct sg_fieldpath *parent = *path;
    if (typed->seg == SG_SEG_INDEX) {
        bool there = typed->index < list->len;
        *path = there ? walk_child(walk, list, parent, typed->index)
                      : sg_fieldpath_index(walk->paths, parent, typed->index);
        return there ? list->items[typed->index] : NULL;
    }
    *path = sg_fieldpath_element(walk->paths, parent, typed->key,
                                 typed->seg == SG_SEG_ELEMENT ? typed->index : 0);
    struct sg_node *item = walk_at(walk, list, parent, *path);
    uint32_t at = item == NULL ? guess_element(list, typed) : UINT32_MAX;
    if (at < list->len) {
        *path = walk_child(walk, list, parent, at);
        item = list->items[at];
    }
    return item;
}

static struct sg_node *locate_part(struct walk *walk, const struct sg_node *holder,
                                   const struct sg_fieldpath *typed,
                                   const struct sg_fieldpath **path) {
    if (sg_is_seq(holder)) {
        return locate_item(walk, holder, typed, path);
    }
    /* annotations[a.b], where the report has annotations["a.b"] */
    if (typed->seg == SG_SEG_KEY ||
        (sg_is_map(holder) && typed->seg == SG_SEG_ELEMENT && typed->index == 0)) {
        *path = sg_fieldpath_key(walk->paths, *path, typed->key);
        return sg_map_get(holder, typed->key);
    }
    *path = typed->seg == SG_SEG_ELEMENT
                ? sg_fieldpath_element(walk->paths, *path, typed->key, typed->index)
                : sg_fieldpath_index(walk->paths, *path, typed->index);
    return NULL;
}

struct located walk_locate(struct walk *walk, struct sg_node *object,
                           const struct sg_fieldpath *typed) {
    struct located at = {.node = object};
    SG_VEC(const struct sg_fieldpath *) parts = {0};
    for (const struct sg_fieldpath *part = typed; part != NULL; part = part->parent) {
        sg_vec_push(&parts, part);
    }
    while (parts.len > 0) {
        const struct sg_fieldpath *part = parts.items[--parts.len];
        const struct sg_fieldpath *above = at.path;
        struct sg_node *holder = at.node;
        at.node = locate_part(walk, holder, part, &at.path);
        if (at.node == NULL && holder != NULL) {
            at.holder = holder;
            at.holder_path = above;
            at.missing = at.path;
        }
    }
    sg_vec_release(&parts);
    return at;
}

/* --- pointers --------------------------------------------------------------------- */

/* A token without its escapes; false where a '~' is no escape. */
static bool read_token(const char *text, size_t len, struct sg_buf *out) {
    sg_buf_clear(out);
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '~') {
            sg_buf_addc(out, text[i]);
        } else if (i + 1 < len && (text[i + 1] == '0' || text[i + 1] == '1')) {
            sg_buf_addc(out, text[++i] == '0' ? '~' : '/');
        } else {
            return false;
        }
    }
    return true;
}

/* One token: a position in a list, a key in anything else. */
static int point(struct walk *walk, const struct sg_buf *token,
                 const struct sg_node **node, const struct sg_fieldpath **path,
                 struct sg_err *err) {
    uint32_t at;
    const char *text = sg_buf_cstr(token);
    if (sg_is_seq(*node) && read_position(text, token->len, &at)) {
        bool there = at < (*node)->len;
        *path = there ? walk_child(walk, *node, *path, at)
                      : sg_fieldpath_index(walk->paths, *path, at);
        *node = there ? (*node)->items[at] : NULL;
        return 0;
    }
    sg_atom key = sg_atom_intern(sg_fieldpaths_atoms(walk->paths), text, token->len, err);
    if (key == NULL) {
        return -1;
    }
    *path = sg_fieldpath_key(walk->paths, *path, key);
    *node = sg_map_get(*node, key);
    return 0;
}

int walk_pointer(struct walk *walk, const struct sg_node *object, const char *pointer,
                 const struct sg_fieldpath **out, struct sg_err *err) {
    sg_auto_buf token = SG_BUF_INIT;
    const struct sg_node *node = object;
    *out = NULL;
    for (const char *at = pointer; *at == '/';) {
        size_t len = strcspn(++at, "/");
        if (!read_token(at, len, &token)) {
            (void)sg_fail(err, SG_E_USAGE, "the pointer %s: '%.*s' has a '~' alone",
                          pointer, (int)len, at);
            return sg_err_hint(err, "in a JSON pointer ~0 stands for '~', ~1 for '/'");
        }
        if (*out != NULL && (*out)->depth >= SG_FIELDPATH_MAX) {
            return sg_fail(err, SG_E_LIMIT, "the pointer has more than %d parts",
                           SG_FIELDPATH_MAX);
        }
        if (point(walk, &token, &node, out, err) != 0) {
            return -1;
        }
        at += len;
    }
    return 0;
}

static void add_token(const struct sg_fieldpath *path, struct sg_buf *out) {
    for (uint32_t i = 0; i < path->key->len; i++) {
        char c = path->key->text[i];
        if (c == '~' || c == '/') {
            sg_buf_adds(out, c == '~' ? "~0" : "~1");
        } else {
            sg_buf_addc(out, c);
        }
    }
}

static uint32_t position_of(const struct sg_node *list, const struct sg_node *item) {
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        if (list->items[i] == item) {
            return i;
        }
    }
    return UINT32_MAX;
}

void walk_pointer_text(struct walk *walk, const struct sg_node *object,
                       const struct sg_fieldpath *path, struct sg_buf *out) {
    if (path == NULL) {
        return;
    }
    walk_pointer_text(walk, object, path->parent, out);
    sg_buf_addc(out, '/');
    if (path->seg == SG_SEG_KEY) {
        add_token(path, out);
        return;
    }
    const struct sg_node *item = walk_at(walk, object, NULL, path);
    uint32_t at = item == NULL
                      ? UINT32_MAX
                      : position_of(walk_at(walk, object, NULL, path->parent), item);
    if (at != UINT32_MAX) {
        sg_buf_addf(out, "%u", at);
    } else if (path->seg == SG_SEG_INDEX) {
        sg_buf_addf(out, "%u", path->index);
    } else {
        add_token(path, out);
    }
}
