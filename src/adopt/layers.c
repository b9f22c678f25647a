/*
 * layers.c - what an overlay begins with, and what it ends with where nothing is patched:
 * the base, in a namespace of its own where the overlay says so, and the base where all
 * transformers ran.
 */
#include "adopting.h"
#include "meaning.h"

void layers_release(struct layers *layers) {
    sg_render_release(&layers->start);
    sg_render_release(&layers->shared);
}

static int render(struct adopting *a, const char *folder, struct sg_render *out,
                  struct sg_err *err) {
    sg_auto_fs view = overlay_view(a->out, a->opts);
    struct sg_render_opts opts = {.fs = view, .dir = folder};
    sg_render_init(out, a->docs->atoms);
    return sg_render(&opts, out, err);
}

/* What an object was loaded as, with how many were before it. */
static void add_key(const struct sg_resid *orig, size_t nth, struct sg_buf *out) {
    sg_buf_add(out, (const char *)orig, sizeof(*orig));
    sg_buf_addf(out, "%zu", nth);
}

static void index_render(struct adopting *a, const struct sg_render *render,
                         struct sg_strmap *out) {
    sg_auto_strmap loaded = {0};
    for (size_t i = 0; i < render->items.len; i++) {
        const struct sg_resource *res = render->items.items[i];
        sg_auto_buf key = SG_BUF_INIT;
        add_key(&res->orig, count_loaded(&loaded, res), &key);
        say_plainly(a->docs, res->node);
        sg_strmap_put(out, key.ptr, key.len, res->node);
    }
}

static const struct sg_node *find(const struct sg_strmap *index,
                                  const struct pair *pair) {
    sg_auto_buf key = SG_BUF_INIT;
    add_key(&pair->base->orig, pair->nth, &key);
    return sg_strmap_get(index, key.ptr, key.len);
}

/* The patches of generated content, with the object that each is for. */
static void note_contents(struct adopting *a) {
    for (size_t i = 0; i < a->out->entries.len; i++) {
        const struct sg_adopt_entry *entry = &a->out->entries.items[i];
        const char *file = strcmp(entry->field, "contents") == 0 ? entry->file : "";
        size_t at = (size_t)(uintptr_t)sg_strmap_get(&a->laid, file, strlen(file));
        if (at > 0) {
            const struct pair *pair = &a->pairs.items[at - 1];
            struct sg_adopt_content content = {
                .object = object_text(a, pair->base->node),
                .changed = object_text(a, pair->fork->node),
                .file = file,
            };
            sg_vec_push(&a->out->contents, content);
        }
    }
}

int layers_render(struct adopting *a, struct layers *layers, struct sg_err *err) {
    sg_auto_strmap start = {0}, shared = {0};
    layout_transformers(a);
    sg_auto_cstr inner = sg_xasprintf("%s/%s", a->opts->overlay, INNER);
    if (shared_has_inner(&a->shared) && render(a, inner, &layers->start, err) != 0) {
        return -1;
    }
    index_render(a, &layers->start, &start);
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        if (pair->base != NULL) {
            const struct sg_node *begin = find(&start, pair);
            pair->start = begin != NULL ? begin : pair->base->node;
        }
    }
    layout_contents(a);
    note_contents(a);
    if (render(a, a->opts->overlay, &layers->shared, err) != 0) {
        return -1;
    }
    index_render(a, &layers->shared, &shared);
    for (size_t i = 0; i < a->pairs.len; i++) {
        struct pair *pair = &a->pairs.items[i];
        pair->shared = pair->base != NULL ? find(&shared, pair) : NULL;
    }
    return 0;
}
