/*
 * oddities.c - what is odd in a fork's objects beside those of its release: stale
 * objects, images of another release, requests above their limits. References are
 * dangling.c's.
 */
#include <string.h>

#include "beside.h"
#include "sg/quantity.h"

/* --- objects by kind and name ----------------------------------------------------- */

static void name_key(const char *kind, const char *name, struct sg_buf *out) {
    sg_buf_clear(out);
    sg_buf_addf(out, "%s%c%s", kind, 0, name);
}

void index_objects(struct sg_strmap *index, const struct sg_adopt_fork *fork) {
    sg_auto_buf key = SG_BUF_INIT;
    for (size_t i = 0; i < fork->objects.len; i++) {
        struct sg_adopt_object *object = &fork->objects.items[i];
        name_key(object->kind, object->name, &key);
        if (!sg_strmap_has(index, key.ptr, key.len)) {
            (void)sg_strmap_put(index, key.ptr, key.len, object);
        }
    }
}

const struct sg_adopt_object *find_object(const struct sg_strmap *index, const char *kind,
                                          const char *name) {
    sg_auto_buf key = SG_BUF_INIT;
    name_key(kind, name, &key);
    return sg_strmap_get(index, key.ptr, key.len);
}

/* --- stale objects ---------------------------------------------------------------- */

static bool has_object(const struct sg_adopt_release *release,
                       const struct sg_adopt_object *object) {
    for (size_t i = 0; i < release->objects.len; i++) {
        if (strcmp(release->objects.items[i].kind, object->kind) == 0 &&
            strcmp(release->objects.items[i].name, object->name) == 0) {
            return true;
        }
    }
    return false;
}

const struct sg_adopt_release *last_with(const struct sg_adopt_past *past,
                                         const struct sg_adopt_object *object) {
    for (size_t i = past->items.len; i > 0; i--) {
        const struct sg_adopt_release *release = &past->items.items[i - 1];
        if (sg_version_cmp(&release->version, &past->version) < 0 &&
            has_object(release, object)) {
            return release;
        }
    }
    return NULL;
}

bool is_stale(const struct beside *beside, const struct sg_adopt_object *object) {
    return find_object(&beside->in_base, object->kind, object->name) == NULL &&
           last_with(beside->past, object) != NULL;
}

static void find_stale(struct beside *beside) {
    struct sg_adopt_fork *fork = beside->fork;
    char version[SG_VERSION_TEXT];
    sg_version_text(&beside->past->version, version);
    for (size_t i = 0; i < fork->objects.len; i++) {
        const struct sg_adopt_object *object = &fork->objects.items[i];
        if (is_stale(beside, object)) {
            const char *tag = last_with(beside->past, object)->tag;
            add_oddity(fork, SG_ODD_STALE, object, NULL, object->node->loc,
                       sg_arena_printf(&fork->arena,
                                       "upstream removed this object: the last release "
                                       "that has it is %s, this fork is of %s",
                                       tag, version));
        }
    }
}

/* --- images of another release ---------------------------------------------------- */

struct image_search {
    struct beside *beside;
    struct image_index base;
    const struct sg_adopt_object *object;
};

static bool has_image(const struct sg_adopt_release *release, struct image image) {
    for (size_t i = 0; i < release->images.len; i++) {
        const struct sg_adopt_image *other = &release->images.items[i];
        if (sg_str_eq(sg_str_from(other->tag), image.tag) &&
            same_image(sg_str_from(other->name), image.name)) {
            return true;
        }
    }
    return false;
}

/* The newest before the chosen one, else the first after it. */
static const struct sg_adopt_release *release_of(const struct sg_adopt_past *past,
                                                 struct image image) {
    const struct sg_adopt_release *found = NULL;
    for (size_t i = 0; i < past->items.len; i++) {
        const struct sg_adopt_release *release = &past->items.items[i];
        bool later = sg_version_cmp(&release->version, &past->version) > 0;
        if (has_image(release, image) && (!later || found == NULL)) {
            found = release;
        }
    }
    return found;
}

static const char *image_message(const struct image_search *search, struct image image,
                                 const struct image *base, const char *release) {
    struct sg_arena *arena = &search->beside->fork->arena;
    char version[SG_VERSION_TEXT];
    sg_version_text(&search->beside->past->version, version);
    if (base == NULL) {
        return sg_arena_printf(arena,
                               "the tag %.*s is of release %s; %s has no such image",
                               (int)image.tag.len, image.tag.ptr, release, version);
    }
    return sg_arena_printf(arena, "the tag %.*s is of release %s; %s has %.*s",
                           (int)image.tag.len, image.tag.ptr, release, version,
                           (int)base->tag.len, base->tag.ptr);
}

static void check_image(void *ctx, const struct sg_descent *container) {
    struct image_search *search = ctx;
    struct sg_adopt_fork *fork = search->beside->fork;
    struct sg_descent at = {.up = container, .key = SG_ATOM(image)};
    at.node = sg_map_get(container->node, at.key);
    struct image image = image_of(field_text(container->node, at.key));
    const struct image *base = image_index_find(&search->base, image);
    if (image.tag.len == 0 || (base != NULL && sg_str_eq(base->tag, image.tag))) {
        return;
    }
    const struct sg_adopt_release *release = release_of(search->beside->past, image);
    if (release != NULL) {
        add_oddity(fork, SG_ODD_OLD_IMAGE, search->object,
                   place_path(&at, search->beside->paths, &fork->arena), at.node->loc,
                   image_message(search, image, base, release->tag));
    }
}

void find_old_images(struct beside *beside) {
    struct image_search search = {.beside = beside};
    image_index_init(&search.base);
    for (size_t i = 0; i < beside->base->objects.len; i++) {
        image_index_add_object(&search.base, beside->base->objects.items[i].node);
    }
    for (size_t i = 0; i < beside->fork->objects.len; i++) {
        search.object = &beside->fork->objects.items[i];
        if (!is_stale(beside, search.object)) {
            each_container(search.object->node, check_image, &search);
        }
    }
    image_index_release(&search.base);
}

/* --- requests above limits -------------------------------------------------------- */

struct limit_search {
    struct beside *beside;
    const struct sg_adopt_object *object;
};

static bool quantity_of(const struct sg_node *node, struct sg_quantity *out) {
    return sg_is_scalar(node) && !sg_is_null(node) &&
           sg_quantity_parse(node->text, node->len, out);
}

static void check_request(const struct limit_search *search,
                          const struct sg_descent *request,
                          const struct sg_node *limits) {
    struct sg_quantity asked, most;
    const struct sg_node *limit = sg_map_get(limits, request->key);
    if (!quantity_of(request->node, &asked) || !quantity_of(limit, &most) ||
        sg_quantity_cmp(asked, most) <= 0) {
        return;
    }
    struct sg_adopt_fork *fork = search->beside->fork;
    add_oddity(fork, SG_ODD_LIMITS, search->object,
               place_path(request, search->beside->paths, &fork->arena),
               request->node->loc,
               sg_arena_printf(&fork->arena,
                               "the request of %s, %s, is above its limit, %s (line %u): "
                               "a cluster refuses this",
                               request->key->text, request->node->text, limit->text,
                               sg_docs_pos(&fork->docs, limit->loc).line));
}

static void check_limits(void *ctx, const struct sg_descent *container) {
    const struct sg_entry *entry = find_entry(container->node, "resources");
    const struct sg_entry *asked =
        entry != NULL ? find_entry(entry->value, "requests") : NULL;
    if (asked == NULL || !sg_is_map(asked->value)) {
        return;
    }
    const struct sg_node *limits = sg_map_gets(entry->value, "limits");
    struct sg_descent resources = {
        .up = container, .node = entry->value, .key = entry->key};
    struct sg_descent requests = {
        .up = &resources, .node = asked->value, .key = asked->key};
    for (uint32_t i = 0; i < requests.node->len; i++) {
        const struct sg_entry *request = &requests.node->entries[i];
        struct sg_descent at = {
            .up = &requests, .node = request->value, .key = request->key};
        check_request(ctx, &at, limits);
    }
}

void find_limits(struct beside *beside) {
    for (size_t i = 0; i < beside->fork->objects.len; i++) {
        struct limit_search search = {beside, &beside->fork->objects.items[i]};
        each_container(search.object->node, check_limits, &search);
    }
}

/* --- all -------------------------------------------------------------------------- */

void sg_adopt_oddities(struct sg_adopt_fork *fork, const struct sg_adopt_fork *base,
                       const struct sg_adopt_past *past) {
    struct beside beside = {.fork = fork, .base = base, .past = past};
    beside.paths = sg_fieldpaths_new(fork->docs.atoms);
    index_objects(&beside.in_fork, fork);
    index_objects(&beside.in_base, base);
    find_stale(&beside);
    find_old_images(&beside);
    find_limits(&beside);
    find_dangling_references(&beside);
    find_repeated_entries(&beside);
    find_exported(&beside);
    sort_oddities(fork);
    sg_strmap_release(&beside.in_fork);
    sg_strmap_release(&beside.in_base);
    sg_fieldpaths_free(beside.paths);
}
