/*
 * past.c - what other releases hold of that which sets a fork apart from its release.
 *
 * Most forks have little of it, and parsing every release takes longer than all the rest:
 * blobs are looked through for the words that are asked for, and those that have none are
 * not parsed.
 */
#include <string.h>

#include "beside.h"
#include "names.h"
#include "sg/yaml.h"
#include "words.h"

void sg_adopt_past_init(struct sg_adopt_past *past, const struct sg_version *version) {
    *past = (struct sg_adopt_past){.version = *version};
    sg_arena_init(&past->arena);
}

void sg_adopt_past_release(struct sg_adopt_past *past) {
    for (size_t i = 0; i < past->items.len; i++) {
        sg_vec_release(&past->items.items[i].objects);
        sg_vec_release(&past->items.items[i].images);
    }
    sg_vec_release(&past->items);
    sg_arena_release(&past->arena);
}

/* What one blob holds of what is asked for. */
struct found {
    SG_VEC(struct sg_adopt_thing) objects;
    SG_VEC(struct sg_adopt_image) images;
};

struct search {
    struct sg_adopt_past *past;
    struct sg_upstream *up;
    const char *from;
    struct sg_strmap in_base;
    struct image_index base_images;
    struct sg_strmap names, images; /* that are asked for: names, "web:1.2" */
    struct sg_strmap blobs;         /* id -> struct found */
    SG_VEC(struct found *) owned;
    struct sg_atoms *atoms;
};

static void search_release(struct search *search) {
    for (size_t i = 0; i < search->owned.len; i++) {
        sg_vec_release(&search->owned.items[i]->objects);
        sg_vec_release(&search->owned.items[i]->images);
        free(search->owned.items[i]);
    }
    sg_vec_release(&search->owned);
    sg_strmap_release(&search->in_base);
    sg_strmap_release(&search->names);
    sg_strmap_release(&search->images);
    sg_strmap_release(&search->blobs);
    image_index_release(&search->base_images);
    sg_atoms_free(search->atoms);
}

/* --- what is asked for ------------------------------------------------------------ */

/* The word that an image ends with, whatever registry it comes from. */
static struct sg_str image_word(struct image image) {
    struct sg_str part = image_base(image.name);
    return (struct sg_str){part.ptr, (size_t)(image.tag.ptr + image.tag.len - part.ptr)};
}

static void ask_image(void *ctx, const struct sg_descent *container) {
    struct search *search = ctx;
    struct image image = image_of(field_text(container->node, SG_ATOM(image)));
    if (image.tag.len == 0) {
        return;
    }
    const struct image *base = image_index_find(&search->base_images, image);
    if (base == NULL || !sg_str_eq(base->tag, image.tag)) {
        struct sg_str word = image_word(image);
        (void)sg_strmap_put(&search->images, word.ptr, word.len, search);
    }
}

/* False where there is nothing. */
static bool ask(struct search *search, const struct sg_adopt_fork *fork,
                const struct sg_adopt_fork *base) {
    index_objects(&search->in_base, base);
    for (size_t i = 0; i < base->objects.len; i++) {
        image_index_add_object(&search->base_images, base->objects.items[i].node);
    }
    for (size_t i = 0; i < fork->objects.len; i++) {
        const struct sg_adopt_object *object = &fork->objects.items[i];
        if (find_object(&search->in_base, object->kind, object->name) == NULL) {
            (void)sg_strmap_put(&search->names, object->name, strlen(object->name),
                                search);
        }
        each_container(object->node, ask_image, search);
    }
    return search->names.len + search->images.len > 0;
}

/* Both are values, never keys. */
static bool is_asked_for(const struct search *search, const struct sg_buf *text) {
    struct words words = words_of(sg_buf_cstr(text), text->len);
    struct word word;
    while (words_next(&words, &word)) {
        if (!word.key && (sg_strmap_has(&search->names, word.text.ptr, word.text.len) ||
                          sg_strmap_has(&search->images, word.text.ptr, word.text.len))) {
            return true;
        }
    }
    return false;
}

/* --- one blob --------------------------------------------------------------------- */

struct blob {
    const char *id;
    struct search *search;
    struct found *found;
};

static void keep_image(void *ctx, const struct sg_descent *container) {
    struct blob *blob = ctx;
    struct search *search = blob->search;
    struct sg_arena *arena = &search->past->arena;
    struct image image = image_of(field_text(container->node, SG_ATOM(image)));
    if (image.tag.len == 0) {
        return;
    }
    struct sg_str word = image_word(image);
    if (sg_strmap_has(&search->images, word.ptr, word.len)) {
        struct sg_adopt_image kept = {
            sg_arena_strndup(arena, image.name.ptr, image.name.len),
            sg_arena_strndup(arena, image.tag.ptr, image.tag.len)};
        sg_vec_push(&blob->found->images, kept);
    }
}

static void keep_object(struct blob *blob, const struct sg_node *node) {
    struct search *search = blob->search;
    struct sg_arena *arena = &search->past->arena;
    const struct sg_node *metadata = sg_map_get(node, SG_ATOM(metadata));
    const char *kind = field_text(node, SG_ATOM(kind));
    const char *name = field_text(metadata, SG_ATOM(name));
    const struct sg_node *items = sg_map_get(node, SG_ATOM(items));
    for (uint32_t i = 0; sg_is_seq(items) && i < items->len; i++) {
        keep_object(blob, items->items[i]);
    }
    if (sg_strmap_has(&search->names, name, strlen(name))) {
        struct sg_adopt_thing kept = {sg_arena_strdup(arena, kind),
                                      sg_arena_strdup(arena, name), blob->id};
        sg_vec_push(&blob->found->objects, kept);
    }
    each_container(node, keep_image, blob);
}

/* What upstream's old releases have that cannot be read says nothing. */
static void read_blob(struct search *search, const char *id, const struct sg_buf *text,
                      struct found *found) {
    sg_auto_docs docs;
    sg_auto_yaml_docs roots = {0};
    struct sg_yaml_opts opts = {.repeat = SG_REPEAT_LAST, .tolerant = true};
    struct sg_err ignored = {0};
    struct blob blob = {sg_arena_strdup(&search->past->arena, id), search, found};
    sg_docs_init(&docs, search->atoms);
    if (sg_yaml_read(&docs, id, sg_buf_cstr(text), text->len, &opts, &roots, &ignored)) {
        return;
    }
    for (size_t i = 0; i < roots.roots.len; i++) {
        keep_object(&blob, roots.roots.items[i]);
    }
}

static const struct found *found_in(struct search *search, const char *id,
                                    struct sg_err *err) {
    struct found *found = sg_strmap_get(&search->blobs, id, SG_GIT_HEX);
    sg_auto_buf text = SG_BUF_INIT;
    if (found != NULL) {
        return found;
    }
    if (sg_upstream_blob(search->up, id, &text, err)) {
        return NULL;
    }
    found = sg_xcalloc(1, sizeof(*found));
    sg_vec_push(&search->owned, found);
    (void)sg_strmap_put(&search->blobs, id, SG_GIT_HEX, found);
    if (is_asked_for(search, &text)) {
        read_blob(search, id, &text, found);
    }
    return found;
}

/* --- one release ------------------------------------------------------------------ */

static void add_found(struct sg_adopt_release *release, const struct found *found) {
    for (size_t i = 0; i < found->objects.len; i++) {
        sg_vec_push(&release->objects, found->objects.items[i]);
    }
    for (size_t i = 0; i < found->images.len; i++) {
        sg_vec_push(&release->images, found->images.items[i]);
    }
}

static int read_files(struct search *search, const struct sg_git_files *files,
                      struct sg_adopt_release *release, struct sg_err *err) {
    for (size_t i = 0; i < files->items.len; i++) {
        const struct sg_git_file *file = &files->items.items[i];
        if (!is_manifest_name(file->path) || file->mode == 0120000) {
            continue;
        }
        const struct found *found = found_in(search, file->id, err);
        if (found == NULL) {
            return -1;
        }
        add_found(release, found);
    }
    return 0;
}

static int read_release(struct search *search, const struct sg_release *tag,
                        struct sg_err *err) {
    sg_auto_git_files files = {0};
    struct sg_err why = {0};
    if (sg_upstream_files(search->up, tag->commit, search->from, &files, &why)) {
        bool left_out =
            why.code == SG_E_NOTFOUND || why.code == SG_E_INPUT || why.code == SG_E_LIMIT;
        return left_out ? 0 : sg_err_pass(err, &why);
    }
    struct sg_adopt_release release = {
        .version = tag->version, .tag = sg_arena_strdup(&search->past->arena, tag->tag)};
    int rc = read_files(search, &files, &release, err);
    if (release.objects.len + release.images.len > 0) {
        sg_vec_push(&search->past->items, release);
    }
    return rc;
}

static int read_releases(struct search *search, struct sg_err *err) {
    sg_auto_releases tags = {0};
    if (sg_upstream_releases(search->up, &tags, err)) {
        return -1;
    }
    for (size_t i = 0; i < tags.items.len; i++) {
        const struct sg_release *tag = &tags.items.items[i];
        if (sg_version_cmp(&tag->version, &search->past->version) != 0 &&
            read_release(search, tag, err)) {
            return -1;
        }
    }
    return 0;
}

int sg_adopt_past_read(struct sg_adopt_past *past, struct sg_upstream *up,
                       const char *from, const struct sg_adopt_fork *fork,
                       const struct sg_adopt_fork *base, struct sg_err *err) {
    struct search search = {
        .past = past, .up = up, .from = from, .atoms = sg_atoms_new()};
    image_index_init(&search.base_images);
    int rc = ask(&search, fork, base) ? read_releases(&search, err) : 0;
    search_release(&search);
    return rc;
}
