/* voices.c - several environments, and what of one goes to the set of the first. */
#include "share.h"

void voices_release(struct voices *voices) {
    for (size_t i = 0; i < voices->items.len; i++) {
        comments_release(&voices->items.items[i].comments);
    }
    sg_vec_release(&voices->items);
    sg_strmap_release(&voices->moved);
    sg_fieldpaths_free(voices->paths);
}

struct sg_docs *voice_docs(const struct voices *voices, size_t i) {
    return voices->items.items[i].docs;
}

void *voice_room(const struct voices *voices, size_t len, size_t size) {
    return sg_arena_alloc(&voice_docs(voices, 0)->arena, len * size);
}

/* The file of a place, which the first one's set is given, too. */
uint32_t voice_moved_loc(struct voices *voices, size_t from, uint32_t loc) {
    struct sg_docs *first = voices->items.items[0].docs;
    const struct sg_source *source =
        loc == 0 ? NULL : sg_docs_source(voices->items.items[from].docs, loc);
    if (source == NULL || from == 0) {
        return loc;
    }
    const char *id = (const char *)&source->text;
    uintptr_t number = (uintptr_t)sg_strmap_get(&voices->moved, id, sizeof(source->text));
    if (number == 0) {
        struct sg_err ignored = {0};
        int added =
            sg_docs_add_source(first, source->name, source->text, source->len, &ignored);
        if (added < 0) {
            return 0; /* 4 GiB of files: without the comment */
        }
        number = (uintptr_t)added + 1;
        sg_strmap_put(&voices->moved, id, sizeof(source->text),
                      (void *)number); // NOLINT
    }
    return first->sources.items[number - 1].base + (loc - source->base);
}

static void move(struct voices *voices, size_t from, struct sg_node *node) {
    node->loc = voice_moved_loc(voices, from, node->loc);
    for (uint32_t i = 0; sg_is_seq(node) && i < node->len; i++) {
        move(voices, from, node->items[i]);
    }
    for (uint32_t i = 0; sg_is_map(node) && i < node->len; i++) {
        struct sg_entry *entry = &node->entries[i];
        entry->key_loc = voice_moved_loc(voices, from, entry->key_loc);
        move(voices, from, entry->value);
    }
}

struct sg_node *voice_moved(struct voices *voices, size_t from,
                            const struct sg_node *node) {
    struct sg_node *copy = sg_node_clone(voices->items.items[0].docs, node);
    if (from > 0) {
        move(voices, from, copy);
    }
    return copy;
}
