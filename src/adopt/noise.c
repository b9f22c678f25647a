/*
 * noise.c - what of a fork is no change at all: files that say what upstream's say with
 * other bytes, and objects that stand in another file.
 */
#include "adopting.h"

/* A file of upstream's name. */
struct noise_file {
    const char *name;
    const struct sg_source *fork, *base;
    bool odd; /* the two say not the same, or nobody knows */
};

struct noise {
    struct adopting *a;
    struct sg_strmap by_name;
    SG_VEC(struct noise_file *) files; /* as they are met */
};

static struct noise_file *file_named(struct noise *n, const char *name) {
    struct noise_file *file = sg_strmap_get(&n->by_name, name, strlen(name));
    if (file == NULL) {
        file = sg_arena_alloc(&n->a->out->arena, sizeof(*file));
        *file = (struct noise_file){.name = name};
        sg_strmap_put(&n->by_name, name, strlen(name), file);
        sg_vec_push(&n->files, file);
    }
    return file;
}

static void note_moved(struct adopting *a, const struct pair *pair, const char *from) {
    struct sg_adopt_moved moved = {
        .object = object_text(a, pair->fork->node),
        .file = sg_arena_strdup(&a->out->arena, pair->fork->file),
        .from = from,
    };
    sg_vec_push(&a->out->moved, moved);
}

/* `from`: upstream's file of it, or NULL. */
static void look_at(struct noise *n, const struct pair *pair, const char *from) {
    struct adopting *a = n->a;
    const struct sg_adopt_object *fork = pair->fork;
    bool same_file = fork != NULL && from != NULL && strcmp(fork->file, from) == 0;
    if (same_file && !fork->made && !pair->differs) {
        struct noise_file *file = file_named(n, from);
        file->fork = sg_docs_source(&a->fork->docs, fork->node->loc);
        file->base = sg_docs_source(&a->base.docs, pair->base->node->loc);
        return;
    }
    if (from != NULL) {
        file_named(n, from)->odd = true;
    }
    if (fork != NULL) {
        file_named(n, sg_arena_strdup(&a->out->arena, fork->file))->odd = true;
    }
    if (fork != NULL && from != NULL && !same_file && !fork->made) {
        note_moved(a, pair, from);
    }
}

/* Of what is odd in a file nobody knows what it was to say. */
static void leave_oddities(struct noise *n) {
    for (size_t i = 0; i < n->a->fork->oddities.len; i++) {
        const char *file = n->a->fork->oddities.items[i].file;
        if (file != NULL) {
            file_named(n, sg_arena_strdup(&n->a->out->arena, file))->odd = true;
        }
    }
}

static bool is_reformatted(const struct noise_file *file) {
    const struct sg_source *fork = file->fork, *base = file->base;
    return !file->odd && fork != NULL && base != NULL &&
           (fork->len != base->len || memcmp(fork->text, base->text, fork->len) != 0);
}

void note_noise(struct adopting *a) {
    struct noise n = {.a = a};
    for (size_t i = 0; i < a->pairs.len; i++) {
        const struct pair *pair = &a->pairs.items[i];
        look_at(&n, pair, file_in_base(a, pair->base));
    }
    leave_oddities(&n);
    for (size_t i = 0; i < n.files.len; i++) {
        if (is_reformatted(n.files.items[i])) {
            sg_vec_push(&a->out->reformatted, n.files.items[i]->name);
        }
    }
    sg_strmap_release(&n.by_name);
    sg_vec_release(&n.files);
}
