/* resmap.c - the ordered, indexed set of resources; see resmap.h. */
#include "resmap.h"

#include "context.h"
#include "metadata.h"
#include "sg/sort.h"

#include <string.h>

/*
 * The index is one hash table of (kind, name, namespace) keys, where NULL stands for
 * "any": every id of a resource, present or previous, is listed as (kind, name, effective
 * namespace), as (kind, name) and as (name). Entries are never removed: a look-up checks
 * what it finds against the resource, so an entry of a past id or of a removed resource
 * does no harm.
 */
struct index_entry {
    sg_atom kind, name, namespace;
    struct sg_resource *res;
    uint32_t next; /* 1 + the next entry of the bucket, 0 at its end */
};
struct sg_resmap_index {
    SG_VEC(struct index_entry) entries;
    uint32_t *buckets;
    size_t buckets_len; /* a power of two */
};

void sg_resmap_init(struct sg_resmap *map) {
    *map = (struct sg_resmap){0};
}

void sg_resmap_release(struct sg_resmap *map) {
    if (map->index != NULL) {
        sg_vec_release(&map->index->entries);
        free(map->index->buckets);
        free(map->index);
    }
    sg_vec_release(&map->items);
    sg_resmap_init(map);
}

void sg_reslist_release(struct sg_reslist *list) {
    sg_vec_release(&list->items);
}

/* --- the index ------------------------------------------------------------------- */

static size_t mix(sg_atom kind, sg_atom name, sg_atom namespace) {
    uint64_t h = (uint64_t)(uintptr_t)kind * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ (h >> 29) ^ (uintptr_t)name) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ (h >> 32) ^ (uintptr_t) namespace) * UINT64_C(0x94D049BB133111EB);
    return (size_t)(h ^ (h >> 31));
}

static void index_grow(struct sg_resmap_index *index) {
    size_t len = index->buckets_len == 0 ? 64 : index->buckets_len * 2;
    free(index->buckets);
    index->buckets = sg_xcalloc(len, sizeof(*index->buckets));
    index->buckets_len = len;
    for (size_t i = 0; i < index->entries.len; i++) {
        struct index_entry *entry = &index->entries.items[i];
        uint32_t *bucket =
            &index->buckets[mix(entry->kind, entry->name, entry->namespace) & (len - 1)];
        entry->next = *bucket;
        *bucket = (uint32_t)i + 1;
    }
}

/* Adds the entry unless the resource is listed under this key already. */
static void index_put(struct sg_resmap_index *index, sg_atom kind, sg_atom name,
                      sg_atom namespace, struct sg_resource *res) {
    if (index->entries.len >= index->buckets_len) {
        index_grow(index);
    }
    uint32_t *bucket =
        &index->buckets[mix(kind, name, namespace) & (index->buckets_len - 1)];
    /* the newest entries of a resource are in front, so this looks at few in practice */
    for (uint32_t at = *bucket; at != 0; at = index->entries.items[at - 1].next) {
        const struct index_entry *entry = &index->entries.items[at - 1];
        if (entry->res != res) {
            break;
        }
        if (entry->kind == kind && entry->name == name && entry->namespace == namespace) {
            return;
        }
    }
    sg_vec_push(&index->entries,
                (struct index_entry){kind, name, namespace, res, *bucket});
    *bucket = (uint32_t)index->entries.len;
}

static void index_id(struct sg_resmap *map, const struct sg_prev_id *id,
                     struct sg_resource *res) {
    const struct sg_resource_state *state = res->state;
    index_put(map->index, id->kind, id->name, id->namespace, res);
    if (id->namespace != state->ns) {
        index_put(map->index, id->kind, id->name, state->ns, res);
    }
    if (state->prev_len > 0 && state->prev[0].namespace != id->namespace) {
        index_put(map->index, id->kind, id->name, state->prev[0].namespace, res);
    }
    index_put(map->index, id->kind, id->name, NULL, res);
    index_put(map->index, NULL, id->name, NULL, res);
}

static void index_resource(struct sg_resmap *map, struct sg_resource *res) {
    if (map->index == NULL) {
        map->index = sg_xcalloc(1, sizeof(*map->index));
    }
    struct sg_resource_state *state = res->state;
    struct sg_prev_id present = {state->cur.kind, state->cur.name, state->ns};
    /* old names are listed in the present namespace too, so a new one lists all again */
    size_t first = state->ns == state->ns_indexed ? state->prev_indexed : 0;
    index_id(map, &present, res);
    for (size_t i = first; i < state->prev_len; i++) {
        index_id(map, &state->prev[i], res);
    }
    state->prev_indexed = state->prev_len;
    state->ns_indexed = state->ns;
}

static bool by_seq(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_resource *const *left = a, *const *right = b;
    return (*left)->state->seq < (*right)->state->seq;
}

/* True while `res` is in this map: a removed one leaves its entries behind. */
static bool holds(const struct sg_resmap *map, const struct sg_resource *res) {
    return res->state->holder == map;
}

/* The resources listed under a key, in any order, perhaps several times. */
static void index_collect(const struct sg_resmap *map, sg_atom kind, sg_atom name,
                          sg_atom namespace, struct sg_reslist *out) {
    const struct sg_resmap_index *index = map->index;
    if (index == NULL) {
        return;
    }
    uint32_t at = index->buckets[mix(kind, name, namespace) & (index->buckets_len - 1)];
    for (; at != 0; at = index->entries.items[at - 1].next) {
        const struct index_entry *entry = &index->entries.items[at - 1];
        if (entry->kind == kind && entry->name == name && entry->namespace == namespace &&
            holds(map, entry->res)) {
            sg_vec_push(&out->items, entry->res);
        }
    }
}

/* In the map's order, each once. */
static void sort_list(struct sg_reslist *list) {
    if (list->items.len < 2) {
        return;
    }
    sg_sort(list->items.items, list->items.len, sizeof(*list->items.items), by_seq, NULL);
    size_t kept = 1;
    for (size_t i = 1; i < list->items.len; i++) {
        if (list->items.items[i] != list->items.items[kept - 1]) {
            list->items.items[kept++] = list->items.items[i];
        }
    }
    list->items.len = kept;
}

/* --- looking up ------------------------------------------------------------------ */

bool sg_resource_has_id(struct sg_kustomize *k, const struct sg_resource *res,
                        const struct sg_resid *id, enum sg_id_scope scope) {
    const struct sg_resource_state *state = res->state;
    if (state->cur.group != id->group || state->cur.version != id->version) {
        return false;
    }
    sg_atom namespace = sg_resid_effective_namespace(k, id);
    if (state->cur.kind == id->kind && state->cur.name == id->name &&
        state->ns == namespace) {
        return true;
    }
    for (size_t i = 0; scope == SG_ID_ANY && i < state->prev_len; i++) {
        const struct sg_prev_id *prev = &state->prev[i];
        if (prev->kind == id->kind && prev->name == id->name &&
            prev->namespace == namespace) {
            return true;
        }
    }
    return false;
}

void sg_resmap_find(struct sg_kustomize *k, const struct sg_resmap *map,
                    const struct sg_resid *id, enum sg_id_scope scope,
                    struct sg_reslist *out) {
    index_collect(map, id->kind, id->name, sg_resid_effective_namespace(k, id), out);
    sort_list(out);
    size_t kept = 0;
    for (size_t i = 0; i < out->items.len; i++) {
        if (sg_resource_has_id(k, out->items.items[i], id, scope)) {
            out->items.items[kept++] = out->items.items[i];
        }
    }
    out->items.len = kept;
}

void sg_resmap_named(struct sg_resmap *map, sg_atom kind, sg_atom name,
                     struct sg_reslist *out) {
    index_collect(map, kind, name, NULL, out);
    sort_list(out);
}

void sg_resmap_named_in(struct sg_resmap *map, sg_atom kind, sg_atom name,
                        const sg_atom *namespaces, size_t len, struct sg_reslist *out) {
    for (size_t i = 0; i < len; i++) {
        index_collect(map, kind, name, namespaces[i], out);
    }
    sort_list(out);
}

/* --- changing -------------------------------------------------------------------- */

static void add(struct sg_resmap *map, struct sg_resource *res) {
    res->state->seq = ++map->next_seq;
    res->state->holder = map;
    res->state->prev_indexed = 0;
    res->state->ns_indexed = NULL;
    sg_vec_push(&map->items, res);
    index_resource(map, res);
}

static int fail_registered(struct sg_kustomize *k, const struct sg_resource *res,
                           const struct sg_resource *other, struct sg_err *err) {
    sg_auto_buf name = SG_BUF_INIT;
    sg_resid_text(&res->state->cur, &name);
    struct sg_pos there = sg_docs_pos(k->set, other->loc);
    if (there.file != NULL) {
        (void)sg_fail_at(err, SG_E_EXISTS, sg_docs_pos(k->set, res->loc),
                         "%s is there twice, the first is at %s:%u", sg_buf_cstr(&name),
                         there.file, there.line);
    } else {
        (void)sg_fail_at(err, SG_E_EXISTS, sg_docs_pos(k->set, res->loc),
                         "%s is there twice, the first is a generated one",
                         sg_buf_cstr(&name));
    }
    return sg_err_hint(
        err, "remove one of them, give one another name or namespace, or change "
             "the first by a patch");
}

int sg_resmap_append(struct sg_kustomize *k, struct sg_resmap *map,
                     struct sg_resource *res, struct sg_err *err) {
    sg_auto_reslist same = {0};
    sg_resmap_find(k, map, &res->state->cur, SG_ID_CURRENT, &same);
    if (same.items.len > 0) {
        return fail_registered(k, res, same.items.items[0], err);
    }
    add(map, res);
    return 0;
}

int sg_resmap_append_all(struct sg_kustomize *k, struct sg_resmap *map,
                         struct sg_resmap *from, struct sg_err *err) {
    if (map->items.len == 0 && map->index == NULL) {
        struct sg_resmap empty = *map;
        *map = *from;
        *from = empty;
        for (size_t i = 0; i < map->items.len; i++) {
            map->items.items[i]->state->holder = map;
        }
        return sg_resmap_check_changed(k, map, err); /* as adding them singly does */
    }
    for (size_t i = 0; i < from->items.len; i++) {
        if (sg_resmap_append(k, map, from->items.items[i], err) != 0) {
            return -1;
        }
    }
    from->items.len = 0;
    return 0;
}

/* Position of `res`, found by its place number. */
static size_t position(const struct sg_resmap *map, const struct sg_resource *res) {
    size_t low = 0, high = map->items.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->items.items[middle]->state->seq < res->state->seq) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == map->items.len || map->items.items[low] != res) {
        SG_BUG("a resource that is not in its map");
    }
    return low;
}

void sg_resmap_remove(struct sg_resmap *map, struct sg_resource *res) {
    size_t at = position(map, res);
    memmove(map->items.items + at, map->items.items + at + 1,
            (map->items.len - at - 1) * sizeof(*map->items.items));
    map->items.len--;
    res->state->holder = NULL;
}

void sg_resmap_replace(struct sg_resmap *map, struct sg_resource *old,
                       struct sg_resource *res) {
    map->items.items[position(map, old)] = res;
    res->state->seq = old->state->seq;
    res->state->holder = map;
    res->state->prev_indexed = 0;
    res->state->ns_indexed = NULL;
    old->state->holder = NULL;
    index_resource(map, res);
}

void sg_resmap_changed(struct sg_kustomize *k, struct sg_resmap *map,
                       struct sg_resource *res) {
    struct sg_resource_state *state = res->state;
    struct sg_resid before = state->cur;
    sg_resource_refresh(k, res);
    bool moved = before.name != state->cur.name ||
                 before.namespace != state->cur.namespace ||
                 !sg_resid_same_gvk(&before, &state->cur);
    map->ids_changed |= moved;
    k->kind_changed |= before.kind != state->cur.kind;
    if (moved || state->prev_indexed != state->prev_len) {
        index_resource(map, res);
    }
}

int sg_resmap_check_unique(struct sg_kustomize *k, const struct sg_resmap *map,
                           struct sg_err *err) {
    for (size_t i = 0; i < map->items.len; i++) {
        struct sg_resource *res = map->items.items[i];
        sg_auto_reslist same = {0};
        sg_resmap_find(k, map, &res->state->cur, SG_ID_CURRENT, &same);
        if (same.items.len > 1) {
            return fail_registered(k, same.items.items[1], same.items.items[0], err);
        }
    }
    return 0;
}

int sg_resmap_check_changed(struct sg_kustomize *k, struct sg_resmap *map,
                            struct sg_err *err) {
    if (!map->ids_changed) {
        return 0;
    }
    map->ids_changed = false;
    return sg_resmap_check_unique(k, map, err);
}

/* --- generated resources -------------------------------------------------------------
 */

/* Strings of `old` that `res` does not set, under metadata.labels and such. kustomize
 * rewrites the whole map as strings, where a map or list is "". */
static void inherit_strings(struct sg_kustomize *k, struct sg_node *into, sg_atom field,
                            const struct sg_node *old) {
    if (sg_is_map(old) && old->len > 0) {
        struct sg_node *map = sg_map_ensure(k->set, into, field);
        for (uint32_t i = 0; map != NULL && i < old->len; i++) {
            const struct sg_entry *entry = &old->entries[i];
            if (sg_map_get(map, entry->key) == NULL) {
                (void)sg_map_put(k->set, map, entry->key,
                                 sg_is_scalar(entry->value)
                                     ? sg_node_clone(k->set, entry->value)
                                     : sg_str_new(k->set, ""));
            }
        }
    }
    struct sg_node *map = sg_map_get(into, field);
    for (uint32_t i = 0; sg_is_map(map) && i < map->len; i++) {
        struct sg_entry *entry = &map->entries[i];
        struct sg_node *value = entry->value;
        entry->key_tag = (uint8_t)sg_resolve_read(entry->key->text, entry->key->len);
        if (!sg_is_scalar(value) || value->tag == SG_TAG_STR) {
            continue;
        }
        struct sg_node *string =
            sg_scalar_new(k->set, value->text, value->len, SG_TAG_STR, SG_PLAIN);
        string->loc = value->loc;
        map->entries[i].value = string;
    }
}

/* `res` takes the place of `old`: its name, namespace, state and missing labels. */
static void inherit(struct sg_kustomize *k, struct sg_resource *res,
                    const struct sg_resource *old) {
    struct sg_resource_state *state = res->state;
    struct sg_node *metadata = sg_map_ensure(k->set, res->node, SG_ATOM(metadata));
    bool needs_hash = state->needs_hash && old->state->needs_hash;
    inherit_strings(k, metadata, SG_ATOM(labels), sg_resource_labels(old));
    inherit_strings(k, metadata, SG_ATOM(annotations), sg_resource_annotations(old));
    const char *name = sg_resource_name(old), *namespace = sg_resource_namespace(old);
    (void)sg_map_put(k->set, metadata, SG_ATOM(name), sg_str_new(k->set, name));
    if (namespace[0] == '\0') {
        (void)sg_map_remove(metadata, SG_ATOM(namespace));
    } else {
        (void)sg_map_put(k->set, metadata, SG_ATOM(namespace),
                         sg_str_new(k->set, namespace));
    }
    const struct sg_origin *origin = state->origin;
    *state = *old->state;
    state->needs_hash = needs_hash;
    state->origin = origin;
    res->uid = old->uid;
    res->orig = old->orig;
    sg_resource_refresh(k, res);
}

/* A null is "" among data, where among labels it is its text. */
static void inherit_data(struct sg_kustomize *k, struct sg_resource *res,
                         const struct sg_resource *old, sg_atom field) {
    struct sg_node *from = sg_map_get(old->node, field);
    for (uint32_t i = 0; sg_is_map(from) && i < from->len; i++) {
        if (sg_is_null(from->entries[i].value)) {
            from->entries[i].value = sg_str_new(k->set, "");
        }
    }
    inherit_strings(k, res->node, field, from);
    struct sg_node *data = sg_map_get(res->node, field);
    if (sg_is_map(data) && data->len == 0) {
        (void)sg_map_remove(res->node, field);
    }
}

/* One event for each key the generator wrote, or one for the whole object. */
static void trace_generated(struct sg_kustomize *k, const struct sg_resource *res,
                            const struct sg_node *fresh, const struct sg_resource *old) {
    if (k->trace == NULL) {
        return;
    }
    if (old == NULL || fresh == NULL) {
        sg_k_wrote(k, res, NULL, old == NULL ? SG_OP_SET : SG_OP_REPLACE,
                   old == NULL ? NULL : old->node, res->node, res->loc);
        return;
    }
    static const sg_atom fields[] = {SG_ATOM(data), SG_ATOM(binaryData)};
    for (size_t i = 0; i < SG_ARRAY_LEN(fields); i++) {
        const struct sg_node *map = sg_map_get(fresh, fields[i]);
        const struct sg_node *before = sg_map_get(old->node, fields[i]);
        for (uint32_t j = 0; sg_is_map(map) && j < map->len; j++) {
            sg_atom key = map->entries[j].key;
            const struct sg_fieldpath *path =
                sg_k_path_key(k, sg_k_path_key(k, NULL, fields[i]), key);
            sg_k_wrote(k, res, path, SG_OP_SET, sg_map_get(before, key),
                       map->entries[j].value, map->entries[j].value->loc);
        }
    }
}

static int fail_behavior(struct sg_kustomize *k, const struct sg_resource *res,
                         size_t matches, struct sg_err *err) {
    sg_auto_buf name = SG_BUF_INIT;
    sg_resid_text(&res->state->cur, &name);
    struct sg_pos at = sg_docs_pos(k->set, res->loc);
    if (matches > 1) {
        return sg_fail_at(err, SG_E_INPUT, at,
                          "%zu objects are or were %s; expected one to change", matches,
                          sg_buf_cstr(&name));
    }
    if (matches == 1) {
        (void)sg_fail_at(err, SG_E_EXISTS, at, "the generated %s is there already",
                         sg_buf_cstr(&name));
        return sg_err_hint(err, "add behavior: merge or behavior: replace");
    }
    (void)sg_fail_at(
        err, SG_E_NOTFOUND, at, "no %s for the generator to %s", sg_buf_cstr(&name),
        res->state->behavior == SG_BEHAVIOR_MERGE ? "merge into" : "replace");
    return sg_err_hint(err, "correct the name, or use behavior: create");
}

int sg_absorb_one(struct sg_kustomize *k, struct sg_resmap *map, struct sg_resource *res,
                  struct sg_err *err) {
    enum sg_behavior behavior = res->state->behavior;
    bool changes = behavior == SG_BEHAVIOR_MERGE || behavior == SG_BEHAVIOR_REPLACE;
    sg_auto_reslist found = {0};
    sg_resmap_find(k, map, &res->state->cur, SG_ID_ANY, &found);
    if (found.items.len > 1 || (found.items.len == 1) != changes) {
        return fail_behavior(k, res, found.items.len, err);
    }
    if (found.items.len == 0) {
        if (sg_resmap_append(k, map, res, err) != 0) {
            return -1;
        }
        trace_generated(k, res, NULL, NULL);
        return 0;
    }
    struct sg_resource *old = found.items.items[0];
    bool merge = behavior == SG_BEHAVIOR_MERGE;
    const struct sg_node *fresh =
        merge && k->trace != NULL ? sg_node_clone(k->set, res->node) : NULL;
    const struct sg_origin *origin = old->state->origin;
    inherit(k, res, old);
    if (merge) {
        if (origin == NULL && sg_origin_check(k, old, err) != 0) {
            return -1;
        }
        inherit_data(k, res, old, SG_ATOM(data));
        inherit_data(k, res, old, SG_ATOM(binaryData));
        res->state->origin = origin != NULL ? origin : res->state->origin;
    }
    trace_generated(k, res, fresh, old);
    sg_resmap_replace(map, old, res);
    return 0;
}

int sg_resmap_absorb(struct sg_kustomize *k, struct sg_resmap *map,
                     struct sg_resmap *from, struct sg_err *err) {
    for (size_t i = 0; i < from->items.len; i++) {
        if (sg_absorb_one(k, map, from->items.items[i], err) != 0) {
            return -1;
        }
    }
    from->items.len = 0;
    return 0;
}
