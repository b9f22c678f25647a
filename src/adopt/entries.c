/*
 * entries.c - entries of a list that Kubernetes tells apart by a key, and that stand
 * there twice: a variable, a port, a volume.
 */
#include "beside.h"
#include "derive.h"

struct entries {
    struct beside *beside;
    const struct sg_adopt_object *object;
};

/* Where the entries of a key are in their list. */
struct repeated {
    uint32_t first, last;
};

static void tell(const struct entries *entries, const struct spot *at,
                 const struct sg_descent *list, struct repeated where, const char *key) {
    struct sg_adopt_fork *fork = entries->beside->fork;
    struct sg_node *const *items = list->node->items;
    struct sg_descent item = {
        .up = list, .node = items[where.first], .index = where.first};
    uint32_t line = sg_docs_pos(&fork->docs, place_of_item(items[where.last])).line;
    bool last_counts = strcmp(at->name, "env") == 0;
    add_oddity(fork, SG_ODD_REPEATED_ENTRY, entries->object,
               place_path(&item, entries->beside->paths, &fork->arena),
               place_of_item(items[where.first]),
               sg_arena_printf(&fork->arena, "\"%.80s\" stands again at line %u, %s", key,
                               line,
                               last_counts ? "and that one counts"
                                           : "and a cluster refuses two, or loses one"));
}

/* The first and the last of each key that stands there more than once. */
static void check_list(const struct entries *entries, const struct spot *at,
                       const struct sg_descent *list) {
    const struct sg_node *node = list->node;
    sg_auto_strmap last = {0}, told = {0};
    sg_auto_buf key = SG_BUF_INIT;
    if (!at->field.merge || at->field.keys_len == 0 || node->len < 2) {
        return;
    }
    for (uint32_t i = 0; i < node->len; i++) {
        sg_buf_clear(&key);
        if (sg_schema_element_key(&at->field, node->items[i], &key)) {
            sg_strmap_put(&last, sg_buf_cstr(&key), key.len,
                          (void *)((uintptr_t)i + 1)); // NOLINT
        }
    }
    for (uint32_t i = 0; last.len < node->len && i < node->len; i++) {
        sg_buf_clear(&key);
        if (!sg_schema_element_key(&at->field, node->items[i], &key) ||
            sg_strmap_has(&told, sg_buf_cstr(&key), key.len)) {
            continue;
        }
        sg_strmap_put(&told, sg_buf_cstr(&key), key.len, &told);
        uintptr_t found = (uintptr_t)sg_strmap_get(&last, sg_buf_cstr(&key), key.len);
        if (found - 1 != i) {
            tell(entries, at, list, (struct repeated){i, (uint32_t)found - 1},
                 sg_buf_cstr(&key));
        }
    }
}

static void descend(const struct entries *entries, const struct spot *at,
                    const struct sg_descent *here);

static void descend_map(const struct entries *entries, const struct spot *at,
                        const struct sg_descent *map) {
    for (uint32_t i = 0; i < map->node->len; i++) {
        const struct sg_entry *entry = &map->node->entries[i];
        if (!sg_is_scalar(entry->value)) {
            struct spot field = spot_key(at, NULL, entry->key);
            struct sg_descent below = {
                .up = map, .node = entry->value, .key = entry->key};
            descend(entries, &field, &below);
        }
    }
}

static void descend_list(const struct entries *entries, const struct spot *at,
                         const struct sg_descent *list) {
    check_list(entries, at, list);
    for (uint32_t i = 0; i < list->node->len; i++) {
        struct spot item = spot_item(at, NULL, list->node, i);
        struct sg_descent below = {.up = list, .node = list->node->items[i], .index = i};
        descend(entries, &item, &below);
    }
}

static void descend(const struct entries *entries, const struct spot *at,
                    const struct sg_descent *here) {
    if (sg_is_map(here->node)) {
        descend_map(entries, at, here);
    } else if (sg_is_seq(here->node)) {
        descend_list(entries, at, here);
    }
}

void find_repeated_entries(struct beside *beside) {
    for (size_t i = 0; i < beside->fork->objects.len; i++) {
        struct entries entries = {beside, &beside->fork->objects.items[i]};
        struct spot at = spot_root(entries.object->node);
        struct sg_descent root = {.node = entries.object->node};
        descend(&entries, &at, &root);
    }
}
