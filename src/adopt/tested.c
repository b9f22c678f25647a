/*
 * tested.c - operations that make sure of what they reach. One goes by position through a
 * list, where upstream may put another element one day: before it stands a test of the
 * key of the element that is meant, so that kustomize stops instead of changing another.
 */
#include "derive.h"

struct testing {
    struct sg_docs *docs;
    struct sg_node *object; /* as the operations until now have made it */
    struct sg_node *out;
    struct sg_strmap tested; /* pointer and key of what is sure already */
};

static void add_test(struct testing *t, struct sg_str element, sg_atom key,
                     const struct sg_node *value) {
    struct sg_docs *docs = t->docs;
    struct sg_node *test = sg_map_new(docs);
    sg_auto_buf pointer = SG_BUF_INIT, sure = SG_BUF_INIT;
    sg_buf_addf(&pointer, "%.*s/%s", (int)element.len, element.ptr, key->text);
    sg_buf_addf(&sure, "%s\n%s", sg_buf_cstr(&pointer), value->text);
    if (sg_strmap_put(&t->tested, sg_buf_cstr(&sure), sure.len, t) != NULL) {
        return;
    }
    (void)sg_map_append(docs, test, SG_ATOM(op), sg_str_new(docs, "test"));
    (void)sg_map_append(docs, test, SG_ATOM(path),
                        sg_str_new(docs, sg_buf_cstr(&pointer)));
    (void)sg_map_append(docs, test, SG_ATOM(value), copy_unplaced(docs, value));
    sg_seq_push(docs, t->out, test);
}

/* How many of the list's elements have a key like this one. */
static size_t count_alike(const struct sg_node *list, sg_atom key,
                          const struct sg_node *value) {
    size_t alike = 0;
    for (uint32_t i = 0; i < list->len; i++) {
        const struct sg_node *other = field_of(list->items[i], key);
        alike += other != NULL && scalars_equal(other, value);
    }
    return alike;
}

/* Of a port the number will do, unless two have it. */
static void test_element(struct testing *t, const struct spot *at,
                         const struct sg_node *list, uint32_t index,
                         struct sg_str pointer) {
    bool told = !at->field.merge || !sg_is_map(list->items[index]);
    for (uint8_t i = 0; i < at->field.keys_len && !told; i++) {
        sg_atom key = sg_atom_of(t->docs->atoms, at->field.keys[i]);
        const struct sg_node *value = field_of(list->items[index], key);
        if (sg_is_scalar(value)) {
            add_test(t, pointer, key, value);
            told = count_alike(list, key, value) == 1;
        }
    }
}

/* "~1" is a slash, "~0" a tilde. */
static sg_atom key_of_token(const struct testing *t, const char *token, size_t len) {
    sg_auto_buf key = SG_BUF_INIT;
    for (size_t i = 0; i < len; i++) {
        bool escape = token[i] == '~' && i + 1 < len;
        i += escape;
        sg_buf_addc(&key, !escape ? token[i] : token[i] == '1' ? '/' : '~');
    }
    return sg_atom_of(t->docs->atoms, sg_buf_cstr(&key));
}

/* The elements that a pointer leads through; `adds`: its end is not one of them. */
static void test_elements(struct testing *t, const char *pointer, bool adds) {
    const struct sg_node *node = t->object;
    struct spot at = spot_root(node);
    for (const char *token = strchr(pointer, '/'), *end; token != NULL && node != NULL;
         token = *end == '/' ? end : NULL) {
        end = token + 1 + strcspn(token + 1, "/");
        if (sg_is_map(node)) {
            sg_atom key = key_of_token(t, token + 1, (size_t)(end - token - 1));
            at = spot_key(&at, NULL, key);
            node = sg_map_get(node, key);
            continue;
        }
        char *stop;
        unsigned long index = strtoul(token + 1, &stop, 10);
        if (!sg_is_seq(node) || stop != end || index >= node->len ||
            (adds && *end == '\0')) {
            return;
        }
        test_element(t, &at, node, (uint32_t)index,
                     (struct sg_str){pointer, (size_t)(end - pointer)});
        at = spot_item(&at, NULL, node, (uint32_t)index);
        node = node->items[index];
    }
}

struct sg_node *tested_operations(struct sg_docs *docs, const struct sg_node *object,
                                  const struct sg_node *ops) {
    if (ops == NULL) {
        return NULL;
    }
    struct testing t = {
        .docs = docs, .object = sg_node_clone(docs, object), .out = sg_seq_new(docs)};
    struct sg_patch_ctx ctx = {.set = docs, .object = SG_NO_OBJECT};
    struct sg_err ignored = {0};
    int failed = 0;
    for (uint32_t i = 0; i < ops->len && failed == 0; i++) {
        struct sg_node *operation = ops->items[i];
        const char *op = sg_text(sg_map_get(operation, SG_ATOM(op)));
        test_elements(&t, sg_text(sg_map_get(operation, SG_ATOM(path))),
                      strcmp(op, "add") == 0);
        sg_seq_push(docs, t.out, operation);
        failed = sg_patch_json_op(&ctx, &t.object, operation, &ignored);
    }
    sg_strmap_release(&t.tested);
    return t.out;
}
