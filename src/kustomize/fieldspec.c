/*
 * fieldspec.c - field specs: parsing, merging, the index by kind, and the walk from an
 * object to the fields a spec names (kustomize's api/filters/fieldspec).
 */
#include "fieldspec.h"

#include <ctype.h>
#include <string.h>

#include "context.h"
#include "sg/strict.h"
#include "sg/strmap.h"

/* Shorter lists are looked at one by one. */
#define INDEX_MIN 8

/* --- making specs
 * -------------------------------------------------------------------------- */

static bool is_refused(const char *text, size_t len) {
    size_t digits = 0;
    while (digits < len && isdigit((unsigned char)text[digits])) {
        digits++;
    }
    return digits == len || (len == 1 && (*text == '-' || *text == '*')) ||
           (text[0] == '[' && text[len - 1] == ']');
}

static struct sg_field_part make_part(struct sg_kustomize *k, const char *text,
                                      size_t len) {
    struct sg_field_part part = {0};
    part.seq = len >= 2 && memcmp(text + len - 2, "[]", 2) == 0;
    if (part.seq) {
        len -= 2;
    }
    const char *key = sg_arena_strndup(&k->set->arena, text, len);
    part.key = sg_k_atom(k, key);
    part.refused = is_refused(key, len);
    return part;
}

void sg_fieldspec_set_path(struct sg_kustomize *k, struct sg_fieldspec *spec,
                           const char *path) {
    size_t count = 1;
    for (const char *p = path; *p != '\0'; p++) {
        count += *p == '/';
    }
    struct sg_field_part *parts = sg_arena_alloc(&k->set->arena, count * sizeof(*parts));
    sg_auto_buf part = SG_BUF_INIT;
    uint32_t len = 0;
    for (const char *p = *path == '/' ? path + 1 : path;; p++) {
        bool escaped = *p == '/' && part.len > 0 && part.ptr[part.len - 1] == '\\';
        if (escaped) {
            part.ptr[part.len - 1] = '/';
        } else if (*p == '/' || *p == '\0') {
            parts[len++] = make_part(k, sg_buf_cstr(&part), part.len);
            sg_buf_clear(&part);
        } else {
            sg_buf_addc(&part, *p);
        }
        if (*p == '\0') {
            break;
        }
    }
    spec->path = sg_k_strdup(k, path);
    spec->parts = parts;
    spec->parts_len = len;
}

/* --- the index by kind
 * --------------------------------------------------------------------- */

struct kind_picks {
    sg_atom kind; /* NULL: the slot is free */
    uint32_t *picks;
    uint32_t len;
};

/* Open addressing on the atom's address; for each kind, the numbers of its specs and of
 * those for every kind, in order. */
struct sg_fieldspec_index {
    struct kind_picks *slots;
    size_t mask;
    struct kind_picks other; /* for kinds no spec names */
};

static struct kind_picks *kind_slot(const struct sg_fieldspec_index *index,
                                    sg_atom kind) {
    size_t at = (size_t)(((uintptr_t)kind >> 4) * 0x9E3779B97F4A7C15u >> 20);
    for (at &= index->mask; index->slots[at].kind != NULL; at = (at + 1) & index->mask) {
        if (index->slots[at].kind == kind) {
            break;
        }
    }
    return &index->slots[at];
}

static bool for_every_kind(const struct sg_fieldspec *spec) {
    return spec->kind->len == 0;
}

/* Counts first, then hands out exact arrays. The specs for every kind are copied into
 * each kind's list, so the cost is their number times the number of kinds. */
static struct sg_fieldspec_index *
make_index(struct sg_kustomize *k, const struct sg_fieldspec *items, size_t len) {
    struct sg_arena *arena = &k->set->arena;
    struct sg_fieldspec_index *index = sg_arena_alloc(arena, sizeof(*index));
    size_t cap = 16;
    while (cap < 2 * len) {
        cap *= 2;
    }
    index->slots = sg_arena_alloc(arena, cap * sizeof(*index->slots));
    index->mask = cap - 1;
    for (size_t i = 0; i < len; i++) {
        if (for_every_kind(&items[i])) {
            index->other.len++;
        } else {
            struct kind_picks *slot = kind_slot(index, items[i].kind);
            slot->kind = items[i].kind;
            slot->len++;
        }
    }
    for (size_t s = 0; s < cap; s++) {
        size_t room = index->slots[s].len + index->other.len;
        if (index->slots[s].kind != NULL) {
            index->slots[s].picks = sg_arena_alloc(arena, room * sizeof(uint32_t));
            index->slots[s].len = 0;
        }
    }
    index->other.picks = sg_arena_alloc(arena, (index->other.len + 1) * sizeof(uint32_t));
    index->other.len = 0;
    return index;
}

static void fill_index(struct sg_fieldspec_index *index, const struct sg_fieldspec *items,
                       size_t len) {
    for (uint32_t i = 0; i < len; i++) {
        if (!for_every_kind(&items[i])) {
            struct kind_picks *slot = kind_slot(index, items[i].kind);
            slot->picks[slot->len++] = i;
            continue;
        }
        index->other.picks[index->other.len++] = i;
        for (size_t s = 0; s <= index->mask; s++) {
            if (index->slots[s].kind != NULL) {
                index->slots[s].picks[index->slots[s].len++] = i;
            }
        }
    }
}

struct sg_fieldspecs sg_fieldspecs_make(struct sg_kustomize *k,
                                        const struct sg_fieldspec *items, size_t len) {
    struct sg_fieldspecs specs = {.len = len};
    if (len == 0) {
        return specs;
    }
    struct sg_fieldspec *copy = sg_arena_alloc(&k->set->arena, len * sizeof(*copy));
    memcpy(copy, items, len * sizeof(*copy));
    specs.items = copy;
    if (len >= INDEX_MIN) {
        struct sg_fieldspec_index *index = make_index(k, copy, len);
        fill_index(index, copy, len);
        specs.index = index;
    }
    return specs;
}

struct sg_fieldspec_iter sg_fieldspecs_for(struct sg_fieldspecs specs, sg_atom kind) {
    struct sg_fieldspec_iter it = {.specs = specs, .len = specs.len};
    if (specs.index != NULL) {
        const struct kind_picks *slot = kind_slot(specs.index, kind);
        const struct kind_picks *picks = slot->kind != NULL ? slot : &specs.index->other;
        it.picks = picks->picks;
        it.len = picks->len;
    }
    return it;
}

const struct sg_fieldspec *sg_fieldspec_next(struct sg_fieldspec_iter *it) {
    if (it->at >= it->len) {
        return NULL;
    }
    size_t at = it->at++;
    return &it->specs.items[it->picks != NULL ? it->picks[at] : at];
}

bool sg_gvk_selects(sg_atom group, sg_atom version, sg_atom kind,
                    const struct sg_resid *id) {
    return (group->len == 0 || group == id->group) &&
           (version->len == 0 || version == id->version) &&
           (kind->len == 0 || kind == id->kind);
}

/* --- parsing and merging
 * ------------------------------------------------------------------- */

struct sg_fieldspecs sg_fieldspecs_of(struct sg_kustomize *k, const char *kind,
                                      const char *path, bool create) {
    struct sg_fieldspec spec = {.group = k->empty,
                                .version = k->empty,
                                .kind = sg_k_atom(k, kind),
                                .create = create};
    sg_fieldspec_set_path(k, &spec, path);
    return sg_fieldspecs_make(k, &spec, 1);
}

static const char *field_text(const struct sg_node *map, const char *name) {
    const char *text = sg_text(sg_strict_get(map, name, true));
    return text != NULL ? text : "";
}

int sg_fieldspecs_parse(struct sg_kustomize *k, const struct sg_node *list,
                        struct sg_fieldspecs *out, struct sg_err *err) {
    *out = (struct sg_fieldspecs){0};
    if (sg_is_null(list)) {
        return 0;
    }
    if (!sg_is_seq(list)) {
        return sg_k_fail(k, err, list->loc, "field specs: expected a list of maps");
    }
    struct sg_fieldspec *specs = sg_xcalloc(list->len + 1, sizeof(*specs));
    for (uint32_t i = 0; i < list->len; i++) {
        const struct sg_node *item = list->items[i];
        specs[i] = (struct sg_fieldspec){
            .group = sg_k_atom(k, field_text(item, "group")),
            .version = sg_k_atom(k, field_text(item, "version")),
            .kind = sg_k_atom(k, field_text(item, "kind")),
            .create = sg_strict_bool(sg_strict_get(item, "create", true), false),
            .loc = item->loc,
        };
        sg_fieldspec_set_path(k, &specs[i], field_text(item, "path"));
    }
    *out = sg_fieldspecs_make(k, specs, list->len);
    free(specs);
    return 0;
}

/* The spec already there that `spec` would repeat. kustomize's rule is one-sided: parts
 * that the new spec leaves open match whatever the old one says. */
static const struct sg_fieldspec *find_same(const struct sg_fieldspec *items,
                                            const size_t *next, size_t first,
                                            const struct sg_fieldspec *spec) {
    for (size_t i = first; i != 0; i = next[i - 1]) {
        const struct sg_fieldspec *have = &items[i - 1];
        struct sg_resid id = {
            .group = have->group, .version = have->version, .kind = have->kind};
        if (sg_gvk_selects(spec->group, spec->version, spec->kind, &id)) {
            return have;
        }
    }
    return NULL;
}

static int conflict(struct sg_kustomize *k, const struct sg_fieldspec *have,
                    const struct sg_fieldspec *spec, struct sg_err *err) {
    uint32_t loc = spec->loc != 0 ? spec->loc : have->loc;
    sg_k_fail(k, err, loc,
              "conflicting field specs: %s of kind %s is there with create: %s",
              spec->path, have->kind->len > 0 ? have->kind->text : "(any)",
              have->create ? "true" : "false");
    return sg_err_hint(err, "give it the same create:, or leave it out");
}

/* The specs of a merge: those with one path are chained in order, so that only they are
 * compared. Numbers in the chains are 1-based, 0 ends. */
struct merging {
    struct sg_fieldspec *items;
    size_t *next, *last; /* `last` by the number of the chain's first */
    size_t len;
    struct sg_strmap by_path; /* to the number of the first */
};

static void merging_add(struct merging *m, const struct sg_fieldspec *spec,
                        size_t first) {
    m->items[m->len++] = *spec;
    if (first == 0) {
        first = m->len;
        sg_strmap_put(&m->by_path, spec->path, strlen(spec->path),
                      (void *)(uintptr_t)first);
    } else {
        m->next[m->last[first - 1] - 1] = m->len;
    }
    m->last[first - 1] = m->len;
}

static int merging_take(struct sg_kustomize *k, struct merging *m,
                        const struct sg_fieldspec *spec, struct sg_err *err) {
    size_t first =
        (size_t)(uintptr_t)sg_strmap_get(&m->by_path, spec->path, strlen(spec->path));
    const struct sg_fieldspec *same = find_same(m->items, m->next, first, spec);
    if (same == NULL) {
        merging_add(m, spec, first);
    } else if (same->create != spec->create) {
        return conflict(k, same, spec, err);
    }
    return 0;
}

int sg_fieldspecs_merge(struct sg_kustomize *k, struct sg_fieldspecs a,
                        struct sg_fieldspecs b, struct sg_fieldspecs *out,
                        struct sg_err *err) {
    if (b.len == 0) {
        *out = a;
        return 0;
    }
    size_t room = a.len + b.len;
    struct merging m = {.items = sg_xcalloc(room, sizeof(*m.items)),
                        .next = sg_xcalloc(room, sizeof(*m.next)),
                        .last = sg_xcalloc(room, sizeof(*m.last))};
    int result = 0;
    for (size_t i = 0; i < a.len; i++) {
        const char *path = a.items[i].path;
        void *first = sg_strmap_get(&m.by_path, path, strlen(path));
        merging_add(&m, &a.items[i], (size_t)(uintptr_t)first);
    }
    for (size_t i = 0; i < b.len && result == 0; i++) {
        result = merging_take(k, &m, &b.items[i], err);
    }
    if (result == 0) {
        *out = m.len == a.len ? a : sg_fieldspecs_make(k, m.items, m.len);
    }
    sg_strmap_release(&m.by_path);
    free(m.last);
    free(m.next);
    free(m.items);
    return result;
}

/* --- the walk
 * ------------------------------------------------------------------------------ */

struct walker {
    struct sg_kustomize *k;
    struct sg_resource *res;
    const struct sg_fieldspec *spec;
    const struct sg_field_walk *walk;
};

static int walk_fail(const struct walker *w, const struct sg_node *node, const char *why,
                     struct sg_err *err) {
    sg_auto_buf id = SG_BUF_INIT;
    sg_resid_text(&w->res->state->cur, &id);
    uint32_t loc = node->loc != 0 ? node->loc : w->res->loc;
    return sg_k_fail(w->k, err, loc, "field %s of %s: %s", w->spec->path,
                     sg_buf_cstr(&id), why);
}

void sg_null_become(struct sg_node *null_node, enum sg_kind kind, enum sg_tag tag) {
    null_node->tag = (uint8_t)tag;
    if (kind != SG_SCALAR) {
        null_node->kind = (uint8_t)kind;
        null_node->tag = SG_TAG_NONE;
        null_node->style = SG_PLAIN;
        null_node->flow = false;
        null_node->len = null_node->cap = 0;
        null_node->entries = NULL;
        null_node->index = NULL;
        null_node->items = NULL;
    }
}

static struct sg_node *make_node(struct sg_docs *set, enum sg_kind kind,
                                 enum sg_tag tag) {
    switch (kind) {
    case SG_MAP:
        return sg_map_new(set);
    case SG_SEQ:
        return sg_seq_new(set);
    case SG_SCALAR:
    default:
        return sg_scalar_new(set, "", 0, tag, SG_PLAIN);
    }
}

static int walk_node(const struct walker *w, struct sg_field_hit hit, uint32_t part,
                     struct sg_err *err);

static int walk_map(const struct walker *w, const struct sg_field_hit *at, uint32_t part,
                    struct sg_err *err) {
    const struct sg_field_part *name = &w->spec->parts[part];
    if (name->refused) {
        return walk_fail(w, at->node,
                         name->key->len == 0
                             ? "an empty part names no field"
                             : "an index or a wildcard names no field "
                               "of a map; lists are entered by themselves",
                         err);
    }
    bool last = part + 1 == w->spec->parts_len;
    bool create = w->spec->create && w->walk->create && !name->seq;
    enum sg_kind kind = last ? w->walk->make : SG_MAP;
    enum sg_tag tag = last && kind == SG_SCALAR ? w->walk->tag : SG_TAG_NONE;
    struct sg_field_hit hit = {
        .node = sg_map_get(at->node, name->key),
        .parent = at->node,
        .path = sg_k_path_key(w->k, at->path, name->key),
        .made = at->made,
    };
    if (hit.node == NULL) {
        if (!create) {
            return 0;
        }
        hit.node = make_node(w->k->set, kind, tag);
        hit.made = true;
        struct sg_entry *entry = sg_map_put(w->k->set, at->node, name->key, hit.node);
        entry->key_tag = (uint8_t)sg_resolve_read(name->key->text, name->key->len);
    } else if (sg_is_null(hit.node) && (create || name->seq)) {
        sg_null_become(hit.node, name->seq ? SG_SEQ : kind, tag);
        hit.made = true;
    }
    return walk_node(w, hit, part + 1, err);
}

/* Depth is bounded by the reader's limit on nesting. */
static int walk_node(const struct walker *w, struct sg_field_hit at, uint32_t part,
                     struct sg_err *err) {
    if (part == w->spec->parts_len) {
        return w->walk->each(w->walk->ctx, &at, err);
    }
    if (sg_is_null(at.node)) {
        return 0;
    }
    if (sg_is_map(at.node)) {
        return walk_map(w, &at, part, err);
    }
    if (!sg_is_seq(at.node)) {
        return walk_fail(w, at.node,
                         "found a scalar on the way, expected a map or a list", err);
    }
    for (uint32_t i = 0; i < at.node->len; i++) {
        struct sg_field_hit item = {
            .node = at.node->items[i],
            .parent = at.node,
            .path = sg_k_path_item(w->k, w->res, at.path, at.node->items[i], i),
            .made = at.made,
        };
        if (walk_node(w, item, part, err) < 0) {
            return -1;
        }
    }
    return 0;
}

int sg_fieldspec_walk(struct sg_kustomize *k, struct sg_resource *res,
                      const struct sg_fieldspec *spec, const struct sg_field_walk *walk,
                      struct sg_err *err) {
    if (!sg_gvk_selects(spec->group, spec->version, spec->kind, &res->state->cur)) {
        return 0;
    }
    struct walker w = {.k = k, .res = res, .spec = spec, .walk = walk};
    struct sg_field_hit root = {.node = res->node};
    return walk_node(&w, root, 0, err);
}

int sg_fieldspecs_walk(struct sg_kustomize *k, struct sg_resource *res,
                       struct sg_fieldspecs specs, const struct sg_field_walk *walk,
                       struct sg_err *err) {
    struct sg_fieldspec_iter it = sg_fieldspecs_for(specs, res->state->cur.kind);
    const struct sg_fieldspec *spec;
    while ((spec = sg_fieldspec_next(&it)) != NULL) {
        if (sg_fieldspec_walk(k, res, spec, walk, err) < 0) {
            return -1;
        }
    }
    return 0;
}
