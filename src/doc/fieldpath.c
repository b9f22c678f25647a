/* fieldpath.c - interned paths of fields. */
#include "sg/fieldpath.h"

#include <string.h>

struct sg_fieldpaths {
    struct sg_atoms *atoms;
    struct sg_arena arena;
    const struct sg_fieldpath **slots;
    size_t len, cap; /* cap is a power of two, at most three quarters full */
};

struct sg_fieldpaths *sg_fieldpaths_new(struct sg_atoms *atoms) {
    struct sg_fieldpaths *paths = sg_xcalloc(1, sizeof(*paths));
    paths->atoms = atoms;
    sg_arena_init(&paths->arena);
    paths->cap = 1024;
    paths->slots = sg_xcalloc(paths->cap, sizeof(*paths->slots));
    return paths;
}

void sg_fieldpaths_free(struct sg_fieldpaths *paths) {
    if (paths) {
        sg_arena_release(&paths->arena);
        free(paths->slots);
        free(paths);
    }
}

struct sg_atoms *sg_fieldpaths_atoms(const struct sg_fieldpaths *paths) {
    return paths->atoms;
}

/* Parents and keys are interned, so their addresses are what is hashed. */
static size_t hash(const struct sg_fieldpath *path) {
    uint64_t h = (uint64_t)(uintptr_t)path->parent >> 3;
    h = (h ^ (uint64_t)path->seg) * UINT64_C(0x9E3779B97F4A7C15);
    h = ((h >> 29) ^ h ^ ((uint64_t)(uintptr_t)path->key >> 3)) *
        UINT64_C(0xBF58476D1CE4E5B9);
    h = ((h >> 32) ^ h ^ path->index) * UINT64_C(0x94D049BB133111EB);
    return (size_t)(h >> 20);
}

static const struct sg_fieldpath **probe(const struct sg_fieldpath **slots, size_t cap,
                                         const struct sg_fieldpath *path) {
    size_t i = hash(path) & (cap - 1);
    for (;; i = (i + 1) & (cap - 1)) {
        const struct sg_fieldpath *other = slots[i];
        if (!other || (other->parent == path->parent && other->key == path->key &&
                       other->seg == path->seg && other->index == path->index)) {
            return &slots[i];
        }
    }
}

static void grow(struct sg_fieldpaths *paths) {
    size_t cap = paths->cap * 2;
    const struct sg_fieldpath **slots = sg_xcalloc(cap, sizeof(*slots));
    for (size_t i = 0; i < paths->cap; i++) {
        if (paths->slots[i]) {
            *probe(slots, cap, paths->slots[i]) = paths->slots[i];
        }
    }
    free(paths->slots);
    paths->slots = slots;
    paths->cap = cap;
}

static const struct sg_fieldpath *intern(struct sg_fieldpaths *paths,
                                         struct sg_fieldpath path) {
    const struct sg_fieldpath **slot = probe(paths->slots, paths->cap, &path);
    if (*slot) {
        return *slot;
    }
    path.depth = path.parent ? path.parent->depth + 1 : 1;
    struct sg_fieldpath *made = sg_arena_alloc(&paths->arena, sizeof(*made));
    *made = path;
    *slot = made;
    if (++paths->len * 4 > paths->cap * 3) {
        grow(paths);
    }
    return made;
}

const struct sg_fieldpath *sg_fieldpath_key(struct sg_fieldpaths *paths,
                                            const struct sg_fieldpath *parent,
                                            sg_atom key) {
    return intern(paths, (struct sg_fieldpath){parent, SG_SEG_KEY, key, 0, 0});
}

const struct sg_fieldpath *sg_fieldpath_element(struct sg_fieldpaths *paths,
                                                const struct sg_fieldpath *parent,
                                                sg_atom key, uint32_t repeat) {
    return intern(paths, (struct sg_fieldpath){parent, SG_SEG_ELEMENT, key, repeat, 0});
}

const struct sg_fieldpath *sg_fieldpath_index(struct sg_fieldpaths *paths,
                                              const struct sg_fieldpath *parent,
                                              uint32_t index) {
    return intern(paths, (struct sg_fieldpath){parent, SG_SEG_INDEX, NULL, index, 0});
}

bool sg_fieldpath_within(const struct sg_fieldpath *path,
                         const struct sg_fieldpath *ancestor) {
    if (!ancestor) {
        return true;
    }
    while (path && path->depth > ancestor->depth) {
        path = path->parent;
    }
    return path == ancestor;
}

/* A key that cannot be taken for two, or for an element: letters, digits, '_', '-', '$'.
 */
static bool is_plain_key(sg_atom key) {
    for (uint32_t i = 0; i < key->len; i++) {
        char c = key->text[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '$';
        if (!plain) {
            return false;
        }
    }
    return key->len > 0;
}

/* Between two marks; a backslash stands before a mark and itself, and a control byte
 * shows as \xNN, so that a path is one line. */
static void add_quoted(sg_atom key, char mark, struct sg_buf *out) {
    sg_buf_addc(out, mark);
    for (uint32_t i = 0; i < key->len; i++) {
        unsigned char c = (unsigned char)key->text[i];
        if (c < 0x20 || c == 0x7f) {
            sg_buf_addf(out, "\\x%02x", c);
            continue;
        }
        if (c == (unsigned char)mark || c == '\\') {
            sg_buf_addc(out, '\\');
        }
        sg_buf_addc(out, (char)c);
    }
    sg_buf_addc(out, mark);
}

/* An element's key that can stand between brackets as it is: it cannot be taken for a map
 * key, a position or a repeat, and does not end too early. */
static bool is_plain_element(sg_atom key) {
    for (uint32_t i = 0; i < key->len; i++) {
        unsigned char c = (unsigned char)key->text[i];
        if (c < 0x20 || c == 0x7f || strchr("[]#\"'\\", c) != NULL) {
            return false;
        }
    }
    return key->len > 0;
}

static void add_element(const struct sg_fieldpath *path, struct sg_buf *out) {
    sg_buf_addc(out, '[');
    if (is_plain_element(path->key)) {
        sg_buf_add(out, path->key->text, path->key->len);
    } else {
        add_quoted(path->key, '\'', out);
    }
    if (path->index) {
        sg_buf_addf(out, "#%u", path->index);
    }
    sg_buf_addc(out, ']');
}

static void add_segment(const struct sg_fieldpath *path, struct sg_buf *out) {
    switch (path->seg) {
    case SG_SEG_KEY:
        if (!is_plain_key(path->key)) {
            sg_buf_addc(out, '[');
            add_quoted(path->key, '"', out);
            sg_buf_addc(out, ']');
            return;
        }
        if (path->parent) {
            sg_buf_addc(out, '.');
        }
        sg_buf_add(out, path->key->text, path->key->len);
        return;
    case SG_SEG_ELEMENT:
        add_element(path, out);
        return;
    case SG_SEG_INDEX:
        sg_buf_addf(out, "[#%u]", path->index);
        return;
    }
    SG_BUG("unknown kind of path segment");
}

void sg_fieldpath_text(const struct sg_fieldpath *path, struct sg_buf *out) {
    if (!path) {
        return;
    }
    SG_VEC(const struct sg_fieldpath *) parts = {0};
    for (; path; path = path->parent) {
        sg_vec_push(&parts, path);
    }
    while (parts.len > 0) {
        add_segment(parts.items[--parts.len], out);
    }
    sg_vec_release(&parts);
}
