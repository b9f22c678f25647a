#include "beside.h"

#include <string.h>

/* --- containers ------------------------------------------------------------------- */

struct walk {
    void (*each)(void *ctx, const struct sg_descent *container);
    void *ctx;
};

static void each_of(const struct walk *walk, const struct sg_descent *spec, sg_atom key) {
    struct sg_descent list = {
        .up = spec, .node = sg_map_get(spec->node, key), .key = key};
    for (uint32_t i = 0; sg_is_seq(list.node) && i < list.node->len; i++) {
        struct sg_descent item = {.up = &list, .node = list.node->items[i], .index = i};
        if (sg_is_map(item.node)) {
            walk->each(walk->ctx, &item);
        }
    }
}

static void in_pod(const struct walk *walk, const struct sg_descent *spec) {
    each_of(walk, spec, SG_ATOM(initContainers));
    each_of(walk, spec, SG_ATOM(containers));
}

static struct sg_descent below(const struct sg_descent *up, sg_atom key) {
    return (struct sg_descent){.up = up, .node = sg_map_get(up->node, key), .key = key};
}

/* The pod of anything with a template of pods. */
static void in_template(const struct walk *walk, const struct sg_descent *spec) {
    struct sg_descent template = below(spec, SG_ATOM(template_));
    struct sg_descent pod = below(&template, SG_ATOM(spec));
    in_pod(walk, &pod);
}

void each_container(const struct sg_node *object,
                    void (*each)(void *ctx, const struct sg_descent *container),
                    void *ctx) {
    struct walk walk = {each, ctx};
    struct sg_descent root = {.node = object};
    struct sg_descent spec = below(&root, SG_ATOM(spec));
    if (strcmp(field_text(object, SG_ATOM(kind)), "Pod") == 0) {
        in_pod(&walk, &spec);
        return;
    }
    const struct sg_entry *entry = find_entry(spec.node, "jobTemplate");
    if (entry == NULL) {
        in_template(&walk, &spec);
        return;
    }
    struct sg_descent job = {.up = &spec, .node = entry->value, .key = entry->key};
    struct sg_descent job_spec = below(&job, SG_ATOM(spec));
    in_template(&walk, &job_spec);
}

/* --- images ----------------------------------------------------------------------- */

struct image image_of(const char *text) {
    size_t len = strcspn(text, "@");
    struct image image = {.name = {text, len}};
    if (text[len] == '@') {
        image.digest = sg_str_from(text + len + 1);
    }
    for (size_t i = len; i > 0 && text[i - 1] != '/'; i--) {
        if (text[i - 1] == ':') {
            image.name.len = i - 1;
            image.tag = (struct sg_str){text + i, len - i};
        }
    }
    return image;
}

struct sg_str image_base(struct sg_str name) {
    size_t start = name.len;
    while (start > 0 && name.ptr[start - 1] != '/') {
        start--;
    }
    return (struct sg_str){name.ptr + start, name.len - start};
}

/* The host in front: it has a dot or a port, or is localhost. */
static size_t registry_len(struct sg_str name) {
    const char *slash = memchr(name.ptr, '/', name.len);
    size_t len = slash != NULL ? (size_t)(slash - name.ptr) : 0;
    bool host =
        len > 0 &&
        (memchr(name.ptr, '.', len) != NULL || memchr(name.ptr, ':', len) != NULL ||
         sg_str_eq((struct sg_str){name.ptr, len}, SG_STR("localhost")));
    return host ? len + 1 : 0;
}

static struct sg_str without(struct sg_str text, size_t front) {
    return (struct sg_str){text.ptr + front, text.len - front};
}

/* "acme/web" of "mirror.example/acme/web": what stands in front of a mirror's copy of the
 * path is the mirror's. */
static bool ends_path(struct sg_str name, struct sg_str path) {
    return name.len >= path.len &&
           memcmp(name.ptr + name.len - path.len, path.ptr, path.len) == 0 &&
           (name.len == path.len || name.ptr[name.len - path.len - 1] == '/');
}

static bool is_public(struct sg_str name) {
    static const char *const hosts[] = {"docker.io/", "index.docker.io/"};
    for (size_t i = 0; i < SG_ARRAY_LEN(hosts); i++) {
        size_t len = strlen(hosts[i]);
        if (name.len > len && memcmp(name.ptr, hosts[i], len) == 0) {
            return true;
        }
    }
    return registry_len(name) == 0;
}

bool same_image(struct sg_str a, struct sg_str b) {
    struct sg_str x = without(a, registry_len(a)), y = without(b, registry_len(b));
    if (ends_path(x, y) || ends_path(y, x)) {
        struct sg_str shorter = x.len < y.len ? a : b;
        return x.len == y.len || !is_public(shorter);
    }
    return false;
}

/* --- images by name --------------------------------------------------------------- */

void image_index_init(struct image_index *index) {
    *index = (struct image_index){0};
    sg_arena_init(&index->arena);
}

void image_index_release(struct image_index *index) {
    for (size_t i = 0; i < index->owned.len; i++) {
        sg_vec_release(&index->owned.items[i]->items);
    }
    sg_vec_release(&index->owned);
    sg_strmap_release(&index->lists);
    sg_arena_release(&index->arena);
}

static struct image_list *list_of(struct image_index *index, struct sg_str base) {
    struct image_list *list = sg_strmap_get(&index->lists, base.ptr, base.len);
    if (list == NULL) {
        list = sg_arena_alloc(&index->arena, sizeof(*list));
        (void)sg_strmap_put(&index->lists, base.ptr, base.len, list);
        sg_vec_push(&index->owned, list);
    }
    return list;
}

/* A release names an image by a few tags at most, so that a list is short. */
void image_index_add(struct image_index *index, struct image image) {
    struct image_list *list = list_of(index, image_base(image.name));
    for (size_t i = 0; i < list->items.len; i++) {
        if (sg_str_eq(list->items.items[i].name, image.name) &&
            sg_str_eq(list->items.items[i].tag, image.tag)) {
            return;
        }
    }
    sg_vec_push(&list->items, image);
}

static void add_container(void *ctx, const struct sg_descent *container) {
    const char *text = field_text(container->node, SG_ATOM(image));
    if (text[0] != '\0') {
        image_index_add(ctx, image_of(text));
    }
}

void image_index_add_object(struct image_index *index, const struct sg_node *object) {
    each_container(object, add_container, index);
}

const struct image *image_index_find(const struct image_index *index,
                                     struct image image) {
    struct sg_str base = image_base(image.name);
    const struct image_list *list = sg_strmap_get(&index->lists, base.ptr, base.len);
    const struct image *other = NULL;
    for (size_t i = 0; list != NULL && i < list->items.len; i++) {
        const struct image *found = &list->items.items[i];
        if (same_image(found->name, image.name)) {
            if (sg_str_eq(found->tag, image.tag)) {
                return found;
            }
            other = other != NULL ? other : found;
        }
    }
    return other;
}
