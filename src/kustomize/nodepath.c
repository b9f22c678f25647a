/* nodepath.c - the field paths of replacements (kyaml's PathGetter and PathMatcher). */
#include "nodepath.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "setter.h"
#include "sg/yaml.h"

/* --- splitting
 * ----------------------------------------------------------------------------- */

typedef SG_VEC(const char *) text_vec;

/* A delimiter after a backslash belongs to the part; one at the very start is skipped. */
static void split_escaped(struct sg_kustomize *k, const char *text, char delimiter,
                          text_vec *out) {
    sg_auto_buf part = SG_BUF_INIT;
    if (*text == delimiter) {
        text++;
    }
    for (;; text++) {
        if (*text == delimiter && part.len > 0 && part.ptr[part.len - 1] == '\\') {
            part.ptr[part.len - 1] = delimiter;
        } else if (*text == delimiter || *text == '\0') {
            sg_vec_push(out, sg_k_strdup(k, sg_buf_cstr(&part)));
            sg_buf_clear(&part);
        } else {
            sg_buf_addc(&part, *text);
        }
        if (*text == '\0') {
            return;
        }
    }
}

static bool ends_bracket(const char *text) {
    size_t len = strlen(text);
    return len > 0 && text[len - 1] == ']';
}

/* "[a", "b]" were one part "[a.b]": a selector of elements keeps its brackets, a map key
 * loses them. */
static const char *join_bracketed(struct sg_kustomize *k, const text_vec *split,
                                  size_t *at, char delimiter) {
    sg_auto_buf joined = SG_BUF_INIT;
    sg_buf_adds(&joined, split->items[*at]);
    while (*at + 1 < split->len) {
        *at += 1;
        sg_buf_addc(&joined, delimiter);
        sg_buf_adds(&joined, split->items[*at]);
        if (ends_bracket(split->items[*at])) {
            break;
        }
    }
    const char *text = sg_buf_cstr(&joined);
    if (strchr(text, '=') != NULL) {
        return sg_k_strdup(k, text);
    }
    text += strspn(text, "[]");
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == '[' || text[len - 1] == ']')) {
        len--;
    }
    return sg_arena_strndup(&k->set->arena, text, len);
}

struct sg_nodepath sg_nodepath_split(struct sg_kustomize *k, const char *text,
                                     char delimiter) {
    text_vec split = {0};
    split_escaped(k, text, delimiter, &split);
    const char **parts = sg_arena_alloc(&k->set->arena, split.len * sizeof(*parts));
    size_t len = 0;
    for (size_t i = 0; i < split.len; i++) {
        bool open = split.items[i][0] == '[' && !ends_bracket(split.items[i]);
        parts[len++] = open ? join_bracketed(k, &split, &i, delimiter) : split.items[i];
    }
    sg_vec_release(&split);
    return (struct sg_nodepath){.parts = parts, .len = len};
}

/* --- parts
 * --------------------------------------------------------------------------------- */

/* A whole decimal number. */
static bool is_number(const char *part, long long *out) {
    const char *digits = part + (*part == '-' || *part == '+');
    if (!isdigit((unsigned char)*digits)) {
        return false;
    }
    char *end = NULL;
    errno = 0;
    *out = strtoll(part, &end, 10);
    return *end == '\0' && errno == 0;
}

static bool is_bracketed(const char *part) {
    return part[0] == '[' && ends_bracket(part);
}

/* "[field=value]"; an empty field means the element itself. */
struct element_part {
    const char *field, *value;
};

static int fail_at(const struct sg_nodepath_root *root, const struct sg_node *node,
                   const char *part, const char *why, struct sg_err *err) {
    return sg_fail_object(root->k, root->res, node, err, "path part %s: %s", part, why);
}

static int split_element(const struct sg_nodepath_root *root, const char *part,
                         struct element_part *out, struct sg_err *err) {
    const char *equals = strchr(part, '=');
    if (equals == NULL) {
        return fail_at(root, NULL, part, "expected [field=value]", err);
    }
    struct sg_arena *arena = &root->k->set->arena;
    out->field = sg_arena_strndup(arena, part + 1, (size_t)(equals - part) - 1);
    out->value = sg_arena_strndup(arena, equals + 1, strlen(equals + 1) - 1);
    return 0;
}

static struct sg_field_hit item_hit(const struct sg_nodepath_root *root,
                                    const struct sg_field_hit *list, uint32_t i) {
    return (struct sg_field_hit){
        .node = list->node->items[i],
        .parent = list->node,
        .path = sg_k_path_item(root->k, root->res, list->path, list->node->items[i], i),
        .made = list->made,
    };
}

/* --- looking up one place
 * ------------------------------------------------------------------ */

static int lookup_index(const struct sg_nodepath_root *root, struct sg_field_hit *at,
                        const char *part, long long index, struct sg_err *err) {
    if (!sg_is_seq(at->node)) {
        return fail_at(root, at->node, part, "found no list, expected one", err);
    }
    if (index >= (long long)at->node->len || index < 0) {
        at->node = NULL;
        return 0;
    }
    *at = item_hit(root, at, (uint32_t)index);
    return 0;
}

/* The first element whose field has exactly this text. */
static int lookup_element(const struct sg_nodepath_root *root, struct sg_field_hit *at,
                          const char *part, struct sg_err *err) {
    struct element_part wanted = {"", ""};
    if (split_element(root, part, &wanted, err) < 0) {
        return -1;
    }
    if (!sg_is_seq(at->node)) {
        return fail_at(root, at->node, part, "found no list, expected one", err);
    }
    for (uint32_t i = 0; i < at->node->len; i++) {
        const struct sg_node *item = at->node->items[i];
        const char *text =
            sg_text(wanted.field[0] == '\0' ? item : sg_map_gets(item, wanted.field));
        if (text != NULL && strcmp(text, wanted.value) == 0) {
            *at = item_hit(root, at, i);
            return 0;
        }
    }
    at->node = NULL;
    return 0;
}

static int lookup_field(const struct sg_nodepath_root *root, struct sg_field_hit *at,
                        const char *part, struct sg_err *err) {
    if (!sg_is_map(at->node)) {
        return fail_at(root, at->node, part, "found no map, expected one", err);
    }
    struct sg_node *map = at->node;
    at->node = sg_map_gets(map, part);
    at->parent = map;
    at->path = sg_k_path_text(root->k, at->path, part);
    return 0;
}

static int lookup_part(const struct sg_nodepath_root *root, struct sg_field_hit *at,
                       const char *part, struct sg_err *err) {
    long long index;
    if (sg_is_null(at->node)) {
        at->node = NULL;
        return 0;
    }
    if (is_number(part, &index)) {
        return index < 0
                   ? fail_at(root, at->node, part, "an index is never negative", err)
                   : lookup_index(root, at, part, index, err);
    }
    if (strcmp(part, "-") == 0) {
        index = sg_is_seq(at->node) ? (long long)at->node->len - 1 : 0;
        return lookup_index(root, at, part, index, err);
    }
    if (is_bracketed(part)) {
        return lookup_element(root, at, part, err);
    }
    if (strcmp(part, "*") == 0) {
        return fail_at(root, at->node, part, "a source is one field, not every one", err);
    }
    return lookup_field(root, at, part, err);
}

int sg_nodepath_lookup(const struct sg_nodepath_root *root, struct sg_nodepath path,
                       struct sg_field_hit *out, struct sg_err *err) {
    *out = (struct sg_field_hit){.node = root->node, .path = root->path};
    for (size_t i = 0; i < path.len && out->node != NULL; i++) {
        if (path.parts[i][0] != '\0' && lookup_part(root, out, path.parts[i], err) < 0) {
            return -1;
        }
    }
    return 0;
}

bool sg_nodepath_string(const struct sg_nodepath_root *root, struct sg_nodepath path,
                        struct sg_field_hit *out, size_t *used) {
    *out = (struct sg_field_hit){.node = root->node, .path = root->path};
    for (size_t i = 0; i + 1 < path.len; i++) {
        struct sg_err ignored = {0};
        if (lookup_part(root, out, path.parts[i], &ignored) < 0 || out->node == NULL) {
            return false;
        }
        if (sg_is_scalar(out->node)) {
            *used = i + 1;
            return true;
        }
    }
    return false;
}

/* --- matching many places
 * ------------------------------------------------------------------ */

struct matcher {
    const struct sg_nodepath_root *root;
    struct sg_nodepath path;
    enum sg_nodepath_create create;
    sg_field_hits *out;
};

static int match(const struct matcher *m, struct sg_field_hit at, size_t part,
                 struct sg_err *err);

/* What has to be made for the part before `part`: what `part` can be found in. */
static struct sg_node *make_for(const struct matcher *m, size_t part) {
    struct sg_docs *set = m->root->k->set;
    long long index;
    if (part < m->path.len) {
        const char *next = m->path.parts[part];
        bool list = is_bracketed(next) || (is_number(next, &index) && index >= 0);
        return list ? sg_seq_new(set) : sg_map_new(set);
    }
    switch (m->create) {
    case SG_CREATE_MAP:
        return sg_map_new(set);
    case SG_CREATE_SEQ:
        return sg_seq_new(set);
    case SG_CREATE_NOTHING:
    case SG_CREATE_SCALAR:
    default:
        return sg_scalar_new(set, "", 0, SG_TAG_NONE, SG_PLAIN);
    }
}

static int match_field(const struct matcher *m, const struct sg_field_hit *at,
                       size_t part, struct sg_err *err) {
    const char *name = m->path.parts[part];
    struct sg_kustomize *k = m->root->k;
    if (name[0] == '\0') { /* to kustomize the value itself, which ends no path */
        return fail_at(m->root, at->node, "\"\"", "an empty part names no field", err);
    }
    if (!sg_is_null(at->node) && !sg_is_map(at->node)) {
        return fail_at(m->root, at->node, name, "found no map, expected one", err);
    }
    struct sg_field_hit hit = {
        .node = sg_map_gets(at->node, name),
        .parent = at->node,
        .path = sg_k_path_text(k, at->path, name),
        .made = at->made,
    };
    if (hit.node == NULL) {
        if (m->create == SG_CREATE_NOTHING) {
            return 0;
        }
        hit.node = make_for(m, part + 1);
        hit.made = true;
        if (sg_is_map(
                at->node)) { /* what is set below a null is lost, in kustomize too */
            struct sg_entry *entry =
                sg_map_put(k->set, at->node, sg_k_atom(k, name), hit.node);
            entry->key_tag = (uint8_t)sg_resolve_read(name, strlen(name));
        }
    }
    return match(m, hit, part + 1, err);
}

static int match_index(const struct matcher *m, const struct sg_field_hit *at,
                       size_t part, long long index, struct sg_err *err) {
    const char *name = m->path.parts[part];
    if (!sg_is_null(at->node) && !sg_is_seq(at->node)) {
        return fail_at(m->root, at->node, name, "found no list, expected one", err);
    }
    uint32_t len = sg_is_seq(at->node) ? at->node->len : 0;
    bool made = index == len && m->create != SG_CREATE_NOTHING && sg_is_seq(at->node);
    if (made) {
        sg_seq_push(m->root->k->set, at->node, make_for(m, part + 1));
        len++;
    }
    if (index >= len) {
        return fail_at(m->root, at->node, name,
                       "found fewer elements than this index needs", err);
    }
    struct sg_field_hit hit = item_hit(m->root, at, (uint32_t)index);
    hit.made |= made;
    return match(m, hit, part + 1, err);
}

/* An element's text as kustomize compares it: with the quotes it was written in. */
static void compared_text(const struct sg_node *node, struct sg_buf *out) {
    if (!sg_is_scalar(node)) {
        sg_yaml_inline(node, out);
        return;
    }
    const char *quote = node->style == SG_SINGLE   ? "'"
                        : node->style == SG_DOUBLE ? "\""
                                                   : "";
    sg_buf_adds(out, quote);
    sg_buf_add(out, node->text, node->len);
    sg_buf_adds(out, quote);
}

static bool element_matches(const struct sg_regex *regex, const struct sg_node *value) {
    if (value == NULL) {
        return false;
    }
    sg_auto_buf text = SG_BUF_INIT;
    compared_text(value, &text);
    return sg_regex_match(regex, sg_buf_cstr(&text), text.len);
}

/* Every element that matches; `*found` counts the places below them. */
static int match_elements(const struct matcher *m, const struct sg_field_hit *at,
                          size_t part, const struct element_part *wanted,
                          const struct sg_regex *regex, struct sg_err *err) {
    bool primitive = wanted->field[0] == '\0';
    for (uint32_t i = 0; sg_is_seq(at->node) && i < at->node->len; i++) {
        struct sg_field_hit hit = item_hit(m->root, at, i);
        const struct sg_node *value =
            primitive ? hit.node : sg_map_gets(hit.node, wanted->field);
        if (!element_matches(regex, value)) {
            continue;
        }
        if (primitive) { /* the rest of the path is ignored, as in kustomize */
            sg_vec_push(m->out, hit);
        } else if (match(m, hit, part + 1, err) < 0) {
            return -1;
        }
    }
    return 0;
}

static void append_element(const struct matcher *m, struct sg_node *list,
                           const struct element_part *wanted) {
    struct sg_kustomize *k = m->root->k;
    struct sg_node *value = sg_scalar_new(k->set, wanted->value, strlen(wanted->value),
                                          SG_TAG_NONE, SG_PLAIN);
    if (wanted->field[0] != '\0') {
        struct sg_node *map = sg_map_new(k->set);
        sg_map_put(k->set, map, sg_k_atom(k, wanted->field), value);
        value = map;
    }
    sg_seq_push(k->set, list, value);
}

static int match_selected(const struct matcher *m, const struct sg_field_hit *at,
                          size_t part, struct sg_err *err) {
    const char *name = m->path.parts[part];
    struct element_part wanted = {"", ""};
    if (split_element(m->root, name, &wanted, err) < 0) {
        return -1;
    }
    if (!sg_is_null(at->node) && !sg_is_seq(at->node)) {
        return fail_at(m->root, at->node, name, "found no list, expected one", err);
    }
    struct sg_regex *regex = sg_regex_new(wanted.value, false, err);
    if (regex == NULL) {
        return -1;
    }
    size_t before = m->out->len;
    int result = match_elements(m, at, part, &wanted, regex, err);
    if (result == 0 && m->out->len == before && m->create != SG_CREATE_NOTHING &&
        sg_is_seq(at->node)) {
        append_element(m, at->node, &wanted);
        result = match_elements(m, at, part, &wanted, regex, err);
    }
    sg_regex_free(regex);
    return result;
}

static int match_every(const struct matcher *m, const struct sg_field_hit *at,
                       size_t part, struct sg_err *err) {
    if (!sg_is_null(at->node) && !sg_is_seq(at->node)) {
        return fail_at(m->root, at->node, "*", "found no list, expected one", err);
    }
    for (uint32_t i = 0; sg_is_seq(at->node) && i < at->node->len; i++) {
        if (match(m, item_hit(m->root, at, i), part + 1, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Recursion is as deep as the path has parts. */
static int match(const struct matcher *m, struct sg_field_hit at, size_t part,
                 struct sg_err *err) {
    if (part == m->path.len) {
        sg_vec_push(m->out, at);
        return 0;
    }
    const char *name = m->path.parts[part];
    long long index;
    if (is_number(name, &index) && index >= 0) {
        return match_index(m, &at, part, index, err);
    }
    if (is_bracketed(name)) {
        return match_selected(m, &at, part, err);
    }
    if (strcmp(name, "*") == 0) {
        return match_every(m, &at, part, err);
    }
    return match_field(m, &at, part, err);
}

int sg_nodepath_match(const struct sg_nodepath_root *root, struct sg_nodepath path,
                      enum sg_nodepath_create create, sg_field_hits *out,
                      struct sg_err *err) {
    struct matcher m = {.root = root, .path = path, .create = create, .out = out};
    struct sg_field_hit at = {.node = root->node, .path = root->path};
    return match(&m, at, 0, err);
}
