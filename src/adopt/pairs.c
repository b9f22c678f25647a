/*
 * pairs.c - which object of the fork is which of upstream's: of one kind, namespace and
 * name, whatever the API version; else of one kind and name, where a fork gives every
 * object a namespace; else in one file, of one kind or one name, and more alike than not.
 */
#include "adopting.h"

static void add_key(const char *kind, const char *namespace, const char *name,
                    struct sg_buf *out) {
    sg_buf_addf(out, "%s\n%s\n%s", kind, namespace, name);
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

static struct pair *pair_of(struct adopting *a, const struct sg_strmap *exact,
                            const struct sg_strmap *named,
                            const struct sg_adopt_object *object) {
    sg_auto_buf full = SG_BUF_INIT, name = SG_BUF_INIT;
    add_key(object->kind, object->namespace, object->name, &full);
    add_key(object->kind, "", object->name, &name);
    struct pair *pair = index_get(a, exact, &full);
    return pair != NULL ? pair : index_get(a, named, &name);
}

/* --- renamed --------------------------------------------------------------------- */

static const char *upstream_file(const struct adopting *a, const struct pair *pair) {
    size_t prefix = strlen(a->opts->base) + 1;
    const char *file = pair->base->file;
    return file != NULL && strlen(file) > prefix ? file + prefix : NULL;
}

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
    bool kind = strcmp(base->base->orig.kind->text, own->fork->kind) == 0;
    bool name = strcmp(base->base->orig.name->text, own->fork->name) == 0;
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
        const char *file = pair->fork == NULL ? upstream_file(a, pair) : NULL;
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
    return strcmp(pair->base->orig.kind->text, "ServiceAccount") == 0 &&
           strcmp(pair->base->orig.namespace->text, pair->fork->namespace) != 0;
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
    sg_auto_strmap exact = {0}, named = {0};
    for (size_t i = 0; i < a->base.items.len; i++) {
        const struct sg_resource *res = a->base.items.items[i];
        sg_auto_buf full = SG_BUF_INIT, name = SG_BUF_INIT;
        struct pair pair = {.base = res};
        sg_vec_push(&a->pairs, pair);
        add_key(res->orig.kind->text, res->orig.namespace->text, res->orig.name->text,
                &full);
        add_key(res->orig.kind->text, "", res->orig.name->text, &name);
        index_put(&exact, &full, i);
        index_put(&named, &name, i);
    }
    for (size_t i = 0; i < a->fork->objects.len; i++) {
        const struct sg_adopt_object *object = &a->fork->objects.items[i];
        struct pair *pair = pair_of(a, &exact, &named, object);
        if (pair != NULL && pair->fork == NULL) {
            pair->fork = object;
            continue;
        }
        struct pair own = {.fork = object};
        sg_vec_push(&a->pairs, own);
    }
    find_renamed(a);
}
