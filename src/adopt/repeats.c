#include "repeats.h"

#include "place.h"

void repeats_add(struct repeats *repeats, const char *key, struct sg_pos first,
                 struct sg_pos again) {
    size_t len = repeats->items.len;
    if (len > 0 && repeats->items.items[len - 1].line == first.line &&
        repeats->items.items[len - 1].column == first.column) {
        repeats->items.items[len - 1].again = again.line; /* a third time */
        return;
    }
    sg_vec_push(&repeats->items,
                (struct repeat){sg_xstrdup(key), first.line, first.column, again.line});
}

void repeats_release(struct repeats *repeats) {
    for (size_t i = 0; i < repeats->items.len; i++) {
        free(repeats->items.items[i].key);
    }
    sg_vec_release(&repeats->items);
}

/* --- which field it is ------------------------------------------------------------ */

struct search {
    struct sg_adopt_fork *fork;
    struct sg_strmap repeats; /* location of the first key -> struct repeat */
    struct sg_fieldpaths *paths;
    const struct sg_adopt_object *object;
};

/* Lines and columns back to the location that they were made from. */
static uint32_t loc_of(const struct sg_source *source, const struct repeat *repeat) {
    uint32_t at = source->line_starts[repeat->line - 1];
    for (uint32_t column = 1; at < source->len; at++) {
        column += ((unsigned char)source->text[at] & 0xC0) != 0x80;
        if (column > repeat->column) {
            break;
        }
    }
    return source->base + at;
}

/* `at` is NULL for what is in no object that was taken. */
static void tell(struct search *search, const char *file, const struct repeat *repeat,
                 const struct sg_descent *at) {
    struct sg_adopt_fork *fork = search->fork;
    struct sg_arena *arena = &fork->arena;
    struct sg_adopt_oddity oddity = {
        .kind = SG_ODD_REPEATED_KEY,
        .object = at != NULL ? fork_object_id(search->object, arena) : NULL,
        .path = at != NULL ? place_path(at, search->paths, arena) : NULL,
        .file = file,
        .line = repeat->line,
        .column = repeat->column,
        .message = sg_arena_printf(
            arena, "the key \"%.80s\" stands again at line %u, and that one counts",
            repeat->key, repeat->again),
    };
    sg_vec_push(&fork->oddities, oddity);
}

/* Each is told once, though an alias may show its place again. */
static void descend(struct search *search, const struct sg_descent *at) {
    const struct sg_node *node = at->node;
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        struct sg_descent item = {.up = at, .node = node->items[i], .index = i};
        descend(search, &item);
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        const struct sg_entry *entry = &node->entries[i];
        struct sg_descent field = {.up = at, .node = entry->value, .key = entry->key};
        const char *key = (const char *)&entry->key_loc;
        const struct repeat *repeat =
            sg_strmap_get(&search->repeats, key, sizeof(entry->key_loc));
        if (repeat != NULL) {
            (void)sg_strmap_remove(&search->repeats, key, sizeof(entry->key_loc));
            tell(search, search->object->file, repeat, &field);
        }
        descend(search, &field);
    }
}

static void tell_rest(struct search *search, const struct repeats *repeats,
                      const struct sg_source *source) {
    for (size_t i = 0; i < repeats->items.len; i++) {
        uint32_t loc = loc_of(source, &repeats->items.items[i]);
        if (sg_strmap_has(&search->repeats, (const char *)&loc, sizeof(loc))) {
            tell(search, source->name, &repeats->items.items[i], NULL);
        }
    }
}

void repeats_tell(const struct repeats *repeats, struct sg_adopt_fork *fork,
                  size_t first_object, uint32_t base) {
    if (repeats->items.len == 0) {
        return;
    }
    struct search search = {.fork = fork, .paths = sg_fieldpaths_new(fork->docs.atoms)};
    const struct sg_source *source = sg_docs_source(&fork->docs, base);
    for (size_t i = 0; i < repeats->items.len; i++) {
        uint32_t loc = loc_of(source, &repeats->items.items[i]);
        (void)sg_strmap_put(&search.repeats, (const char *)&loc, sizeof(loc),
                            &repeats->items.items[i]);
    }
    for (size_t i = first_object; i < fork->objects.len; i++) {
        search.object = &fork->objects.items[i];
        struct sg_descent root = {.node = search.object->node};
        descend(&search, &root);
    }
    tell_rest(&search, repeats, source);
    sg_fieldpaths_free(search.paths);
    sg_strmap_release(&search.repeats);
}
