/*
 * pairs.c - which object of the fork is which of upstream's: of one kind, namespace and
 * name, whatever the API version; else of one kind and name, where a fork gives every
 * object a namespace; else in one file, of one kind or one name, and more alike than not.
 */
#include "adopting.h"
#include "meaning.h"
#include "place.h"

/* What an object is known by; NULL: that does not count. */
struct known_by {
    const char *group, *kind, *namespace, *name;
};

static void add_key(const struct known_by *by, struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s\n%s\n%s", by->group != NULL ? by->group : "*", by->kind,
                by->namespace != NULL ? by->namespace : "*", by->name);
}

/* A number of a pair where the key is of one object; of two of a key neither is found. */
static void index_put(struct sg_strmap *index, const struct sg_buf *key, size_t at) {
    bool twice = sg_strmap_has(index, sg_buf_cstr(key), key->len);
    sg_strmap_put(index, sg_buf_cstr(key), key->len,
                  twice ? NULL : (void *)(uintptr_t)(at + 1)); // NOLINT
}

static struct pair *index_get(struct adopting *a, const struct sg_strmap *index,
                              const struct sg_buf *key) {
    uintptr_t at = (uintptr_t)sg_strmap_get(index, sg_buf_cstr(key), key->len);
    return at == 0 ? NULL : &a->pairs.items[at - 1];
}

/* By how much two objects must be alike to be one: from all to the kind and name alone.
 */
enum { WAYS = 3 };

static struct known_by known_by(int way, const char *group, const char *kind,
                                const char *namespace, const char *name) {
    return (struct known_by){way == 0 ? group : NULL, kind, way < 2 ? namespace : NULL,
                             name};
}

size_t count_loaded(struct sg_strmap *loaded, const struct sg_resource *res) {
    const char *key = (const char *)&res->orig;
    size_t before = (size_t)sg_strmap_get(loaded, key, sizeof(res->orig));
    sg_strmap_put(loaded, key, sizeof(res->orig), (void *)(before + 1)); // NOLINT
    return before;
}

static void index_bases(struct adopting *a, struct sg_strmap index[WAYS]) {
    sg_auto_strmap loaded = {0};
    for (size_t i = 0; i < a->base.items.len; i++) {
        const struct sg_resource *res = a->base.items.items[i];
        say_plainly(a->docs, res->node);
        struct pair pair = {.base = res, .id = sg_resource_id(&a->base, res)};
        pair.nth = count_loaded(&loaded, res);
        sg_vec_push(&a->pairs, pair);
        for (int way = 0; way < WAYS; way++) {
            sg_auto_buf key = SG_BUF_INIT;
            struct known_by by = known_by(way, pair.id.group->text, pair.id.kind->text,
                                          pair.id.namespace->text, pair.id.name->text);
            add_key(&by, &key);
            index_put(&index[way], &key, i);
        }
    }
}

/* The fork's objects that are known in one way and were not in a stricter one. */
static void match(struct adopting *a, const struct sg_strmap *index, int way,
                  bool *taken) {
    for (size_t i = 0; i < a->fork->objects.len; i++) {
        const struct sg_adopt_object *object = &a->fork->objects.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        struct sg_str group = api_group(object->api_version);
        sg_auto_cstr text = sg_xstrndup(group.ptr, group.len);
        struct known_by by =
            known_by(way, text, object->kind, object->namespace, object->name);
        add_key(&by, &key);
        struct pair *pair = taken[i] ? NULL : index_get(a, index, &key);
        if (pair != NULL && pair->fork == NULL) {
            pair->fork = object;
            taken[i] = true;
        }
    }
}

/* --- generated ------------------------------------------------------------------------
 */

/* Where a generated object holds something else, its name has another hash. */
static void match_generated(struct adopting *a, bool *taken) {
    sg_auto_strmap index = {0};
    for (size_t i = 0; i < a->base.items.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        size_t hash = sg_resource_hash(pair->base);
        if (hash > 0 && pair->fork == NULL) {
            sg_auto_buf key = SG_BUF_INIT;
            sg_buf_addf(&key, "%s\n", pair->id.kind->text);
            sg_buf_add(&key, pair->id.name->text, pair->id.name->len - hash);
            index_put(&index, &key, i);
        }
    }
    for (size_t i = 0; index.len > 0 && i < a->fork->objects.len; i++) {
        const struct sg_adopt_object *object = &a->fork->objects.items[i];
        size_t len = taken[i] ? 0 : plain_length(object);
        sg_auto_buf key = SG_BUF_INIT;
        sg_buf_addf(&key, "%s\n%.*s", object->kind, (int)len, object->name);
        struct pair *pair = len == 0 ? NULL : index_get(a, &index, &key);
        if (pair != NULL && pair->fork == NULL) {
            pair->fork = object;
            taken[i] = true;
        }
    }
}

/* --- renamed --------------------------------------------------------------------- */

static bool more_alike(const struct sg_node *a, const struct sg_node *b) {
    auto_comparison comparison = {0};
    compare_objects(&comparison, a, b);
    size_t differing = 0;
    for (size_t i = 0; i < comparison.differences.len; i++) {
        const struct difference *difference = &comparison.differences.items[i];
        size_t was = leaves_of(difference->a), now = leaves_of(difference->b);
        differing += was > now ? was : now;
    }
    return comparison.leaves > differing;
}

static bool is_renamed(const struct pair *base, const struct pair *own) {
    bool kind = strcmp(base->id.kind->text, own->fork->kind) == 0;
    bool name = strcmp(base->id.name->text, own->fork->name) == 0;
    return (kind || name) && more_alike(base->base->node, own->fork->node);
}

/* The pairs of upstream's that the fork has not, by file. */
struct lost {
    SG_VEC(size_t) items;
};

static void join_renamed(struct adopting *a, size_t own_at, const struct lost *lost) {
    struct pair *own = &a->pairs.items[own_at];
    for (size_t i = 0; i < lost->items.len; i++) {
        struct pair *pair = &a->pairs.items[lost->items.items[i]];
        if (pair->fork == NULL && is_renamed(pair, own)) {
            pair->fork = own->fork;
            pair->renamed = true;
            own->fork = NULL;
            return;
        }
    }
}

static void drop_empty(struct adopting *a) {
    size_t left = 0;
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        if (pair->base != NULL || pair->fork != NULL) {
            a->pairs.items[left++] = *pair;
        }
    }
    a->pairs.len = left;
}

static void find_renamed(struct adopting *a) {
    sg_auto_strmap by_file = {0};
    SG_VEC(struct lost *) all = {0};
    for (size_t i = 0; i < a->base.items.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        const char *file = pair->fork == NULL ? base_file(a, pair->base) : NULL;
        if (file == NULL) {
            continue;
        }
        struct lost *lost = sg_strmap_get(&by_file, file, strlen(file));
        if (lost == NULL) {
            lost = sg_xcalloc(1, sizeof(*lost));
            sg_strmap_put(&by_file, file, strlen(file), lost);
            sg_vec_push(&all, lost);
        }
        sg_vec_push(&lost->items, i);
    }
    for (size_t i = a->base.items.len; all.len > 0 && i < a->pairs.len; i++) {
        const char *file = a->pairs.items[i].fork->file;
        const struct lost *lost = sg_strmap_get(&by_file, file, strlen(file));
        if (lost != NULL) {
            join_renamed(a, i, lost);
        }
    }
    drop_empty(a);
    for (size_t i = 0; i < all.len; i++) {
        sg_vec_release(&all.items[i]->items);
        free(all.items[i]);
    }
    sg_vec_release(&all);
}

bool pair_renamed(const struct pair *pair) {
    return pair->renamed;
}

bool pair_account(const struct pair *pair) {
    return strcmp(pair->id.kind->text, "ServiceAccount") == 0 &&
           strcmp(pair->id.namespace->text, pair->fork->namespace) != 0;
}

bool pair_generated(const struct pair *pair) {
    return sg_resource_hash(pair->base) > 0;
}

bool pairs_part(struct adopting *a, bool (*wanted)(const struct pair *pair)) {
    size_t before = a->pairs.len;
    for (size_t i = 0; i < before; i++) {
        struct pair *pair = &a->pairs.items[i];
        if (pair->base != NULL && pair->fork != NULL && wanted(pair)) {
            struct pair own = {.fork = pair->fork};
            pair->fork = NULL;
            pair->renamed = false;
            sg_vec_push(&a->pairs, own);
        }
    }
    return a->pairs.len > before;
}

void pairs_find(struct adopting *a) {
    struct sg_strmap index[WAYS] = {{0}};
    bool *taken = sg_xcalloc(a->fork->objects.len + 1, sizeof(*taken));
    index_bases(a, index);
    for (int way = 0; way < WAYS; way++) {
        match(a, &index[way], way, taken);
        sg_strmap_release(&index[way]);
    }
    match_generated(a, taken);
    for (size_t i = 0; i < a->fork->objects.len; i++) {
        struct pair own = {.fork = &a->fork->objects.items[i]};
        if (!taken[i]) {
            sg_vec_push(&a->pairs, own);
        }
    }
    free(taken);
    find_renamed(a);
}
