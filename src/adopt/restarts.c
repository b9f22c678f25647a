/*
 * restarts.c - workloads whose pods a cluster starts anew when the overlay takes over
 * from the fork: a template whose lists come in another order is another one, though its
 * pods run in the same way.
 */
#include "adopting.h"
#include "place.h"

/* The first list whose items stand elsewhere; NULL for none. The two are equal but for
 * that, and so items that stand where they were are pairs. */
static const struct sg_fieldpath *reordered(struct sg_fieldpaths *paths,
                                            const struct spot *at,
                                            const struct sg_node *render,
                                            const struct sg_node *fork);

static const struct sg_fieldpath *reordered_in_map(struct sg_fieldpaths *paths,
                                                   const struct spot *at,
                                                   const struct sg_node *render,
                                                   const struct sg_node *fork) {
    const struct sg_fieldpath *found = NULL;
    for (uint32_t i = 0; found == NULL && i < fork->len; i++) {
        const struct sg_entry *entry = &fork->entries[i];
        struct spot below = spot_key(at, paths, entry->key);
        found = reordered(paths, &below, field_of(render, entry->key), entry->value);
    }
    return found;
}

static const struct sg_fieldpath *reordered(struct sg_fieldpaths *paths,
                                            const struct spot *at,
                                            const struct sg_node *render,
                                            const struct sg_node *fork) {
    if (render == NULL || sg_is_scalar(fork)) {
        return NULL;
    }
    if (sg_is_map(fork)) {
        return reordered_in_map(paths, at, render, fork);
    }
    if (lists_keyed(at, render, fork) && !same_order(at, render, fork)) {
        return at->path;
    }
    const struct sg_fieldpath *found = NULL;
    for (uint32_t i = 0; found == NULL && i < fork->len; i++) {
        struct spot item = spot_item(at, paths, fork, i);
        found = reordered(paths, &item, render->items[i], fork->items[i]);
    }
    return found;
}

/* The cluster itself brings its pods in line with the template. */
static bool rolls(const struct sg_node *object) {
    static const char *const kinds[] = {"DaemonSet", "Deployment", "StatefulSet"};
    struct sg_str group = api_group(field_text(object, SG_ATOM(apiVersion)));
    bool known =
        sg_str_eq(group, SG_STR("apps")) || sg_str_eq(group, SG_STR("extensions"));
    const char *kind = field_text(object, SG_ATOM(kind));
    bool found = false;
    for (size_t i = 0; known && i < SG_ARRAY_LEN(kinds); i++) {
        found = found || strcmp(kind, kinds[i]) == 0;
    }
    const struct sg_node *strategy =
        sg_map_gets(sg_map_get(object, SG_ATOM(spec)), "updateStrategy");
    return found && strcmp(field_text(strategy, SG_ATOM(type)), "OnDelete") != 0;
}

void note_restart(struct adopting *a, const struct sg_node *render,
                  const struct sg_node *fork) {
    if (!rolls(fork)) {
        return;
    }
    const struct sg_node *before = fork, *after = render;
    struct spot at = spot_root(fork);
    static const sg_atom way[] = {SG_ATOM(spec), SG_ATOM(template_)};
    for (size_t i = 0; i < SG_ARRAY_LEN(way); i++) {
        at = spot_key(&at, a->paths, way[i]);
        before = sg_map_get(before, way[i]);
        after = sg_map_get(after, way[i]);
    }
    const struct sg_fieldpath *found =
        before == NULL ? NULL : reordered(a->paths, &at, after, before);
    if (found != NULL) {
        sg_auto_buf path = SG_BUF_INIT;
        sg_fieldpath_text(found, &path);
        struct sg_adopt_restart restart = {
            .object = object_text(a, fork),
            .path = sg_arena_strndup(&a->out->arena, sg_buf_cstr(&path), path.len),
        };
        sg_vec_push(&a->out->restarts, restart);
    }
}
