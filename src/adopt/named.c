/*
 * named.c - what operations reach, as people name it. A pointer has positions in lists,
 * so its line gets a comment with the keys of the elements that it goes through.
 */
#include "adopting.h"

struct naming {
    struct sg_docs *docs;
    struct sg_fieldpaths *paths;
    struct sg_node *object; /* as the operations until now have made it */
};

/* "~1" is a slash, "~0" a tilde. */
static sg_atom key_of_token(const struct naming *n, const char *token, size_t len) {
    sg_auto_buf key = SG_BUF_INIT;
    for (size_t i = 0; i < len; i++) {
        bool escape = token[i] == '~' && i + 1 < len;
        i += escape;
        sg_buf_addc(&key, !escape ? token[i] : token[i] == '1' ? '/' : '~');
    }
    return sg_atom_of(n->docs->atoms, sg_buf_cstr(&key));
}

/* Where a pointer leads to, as far as something is there; of what is `added` to a list
 * that is the list, for its position is another element's. `keyed`: it goes through an
 * element that has a key. */
static const struct sg_fieldpath *follow(const struct naming *n, const char *pointer,
                                         bool added, bool *keyed) {
    const struct sg_node *node = n->object;
    struct spot at = spot_root(node);
    for (const char *token = pointer, *end; *token == '/'; token = end) {
        end = token + 1 + strcspn(token + 1, "/");
        if (!sg_is_seq(node)) {
            sg_atom key = key_of_token(n, token + 1, (size_t)(end - token - 1));
            at = spot_key(&at, n->paths, key);
            node = sg_map_get(node, key);
            continue;
        }
        char *stop;
        unsigned long index = strtoul(token + 1, &stop, 10);
        if (stop != end || index >= node->len || (added && *end == '\0')) {
            break;
        }
        *keyed = *keyed || (at.field.merge && sg_is_map(node->items[index]));
        at = spot_item(&at, n->paths, node, (uint32_t)index);
        node = node->items[index];
    }
    return at.path;
}

static bool is_plain(const struct sg_buf *text) {
    bool plain = true;
    for (size_t i = 0; i < text->len; i++) {
        plain = plain && text->ptr[i] >= ' ' && text->ptr[i] < 0x7f;
    }
    return plain;
}

/* The path from the list of the first element with a name on; NULL where it cannot stand
 * in a comment's line. */
static const char *short_name(const struct naming *n, const struct sg_fieldpath *path) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(path, &text);
    const char *from = sg_buf_cstr(&text), *element = strchr(from, '[');
    for (const char *dot = from; element != NULL && dot < element; dot++) {
        from = *dot == '.' ? dot + 1 : from;
    }
    return is_plain(&text) ? sg_arena_strdup(&n->docs->arena, from) : NULL;
}

static const char *name_of(const struct naming *n, const struct sg_node *operation) {
    const char *op = sg_text(sg_map_get(operation, SG_ATOM(op)));
    bool keyed = false;
    const struct sg_fieldpath *path = follow(
        n, sg_text(sg_map_get(operation, SG_ATOM(path))), strcmp(op, "add") == 0, &keyed);
    return keyed ? short_name(n, path) : NULL;
}

const char *const *operation_names(struct sg_docs *docs, const struct sg_node *object,
                                   const struct sg_node *ops) {
    if (ops == NULL) {
        return NULL;
    }
    struct naming n = {.docs = docs,
                       .paths = sg_fieldpaths_new(docs->atoms),
                       .object = sg_node_clone(docs, object)};
    struct sg_patch_ctx ctx = {.set = docs, .object = SG_NO_OBJECT};
    struct sg_err ignored = {0};
    const char **names = sg_arena_alloc(&docs->arena, (ops->len + 1) * sizeof(*names));
    int failed = 0;
    for (uint32_t i = 0; i < ops->len; i++) {
        names[i] = failed == 0 ? name_of(&n, ops->items[i]) : NULL;
        failed = failed != 0 ? failed
                             : sg_patch_json_op(&ctx, &n.object, ops->items[i], &ignored);
    }
    sg_fieldpaths_free(n.paths);
    return names;
}

/* --- the file --------------------------------------------------------------------- */

/* Each operation's path is on a line of its own, two blanks in. */
void operations_write(const struct sg_node *ops, const char *const *names,
                      const struct comments *comments, struct sg_buf *out) {
    static const char path[] = "  path: ";
    sg_auto_buf text = SG_BUF_INIT;
    text_write(ops, comments, &text);
    uint32_t next = 0;
    for (const char *line = sg_buf_cstr(&text), *end; *line != '\0'; line = end) {
        size_t len = strcspn(line, "\n");
        end = line + len + (line[len] == '\n');
        sg_buf_add(out, line, len);
        if (strncmp(line, path, sizeof(path) - 1) == 0 && next < ops->len) {
            const char *name = names != NULL ? names[next] : NULL;
            next++;
            sg_buf_addf(out, "%s%s", name != NULL ? " # " : "", name != NULL ? name : "");
        }
        sg_buf_adds(out, line[len] == '\n' ? "\n" : "");
    }
}
