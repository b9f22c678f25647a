/*
 * pairs.c - which object of the fork is which of upstream's: of one kind, namespace and
 * name, whatever the API version; else of one kind and name, where a fork gives every
 * object a namespace.
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
}
