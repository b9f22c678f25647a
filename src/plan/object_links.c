/*
 * object_links.c - the references around the objects that are gone or new, told so that
 * those of the old tree can be found in the new one.
 */
#include <string.h>

#include "matcher.h"

/* An object that more than these refer to is compared by the first ones. */
enum { LINKS_MAX = 16 };

struct linker {
    const struct sg_render *render;
    const uint32_t *heirs; /* NULL: positions are U_N's already */
    const uint32_t *side;  /* position -> index in `sides` + 1 */
    uint32_t *sharing;     /* position -> references to it */
    struct sides *sides;
    struct sg_arena *arena;
};

static uint64_t keyed(uint64_t place, uint32_t at) {
    uint64_t both[2] = {place, at};
    return sg_hash(both, sizeof(both));
}

/* The link to or from `other`; false where the new tree does not have that. */
static bool link_of(const struct linker *linker, const struct ref *ref, uint32_t other,
                    struct link *out) {
    uint32_t at = linker->heirs == NULL ? other + 1 : linker->heirs[other];
    if (at == 0) {
        return false;
    }
    const struct sg_resid *id = &linker->render->items.items[other]->orig;
    *out = (struct link){
        .exact = keyed(ref->place, at),
        .rough = keyed(ref->rough, at),
        .other = sg_arena_printf(linker->arena, "%s/%s", id->kind->text, id->name->text),
        .sharing = linker->sharing[ref->to],
    };
    return true;
}

static void add_link(const struct linker *linker, const struct ref *ref) {
    struct link link;
    uint32_t to = linker->side[ref->to], from = linker->side[ref->from];
    if (to > 0) {
        struct links *links = &linker->sides->items.items[to - 1].links;
        if (links->to.len < LINKS_MAX && link_of(linker, ref, ref->from, &link)) {
            sg_vec_push(&links->to, link);
        }
    }
    if (from > 0) {
        struct links *links = &linker->sides->items.items[from - 1].links;
        if (links->from.len < LINKS_MAX && link_of(linker, ref, ref->to, &link)) {
            sg_vec_push(&links->from, link);
        }
    }
}

static void read_tree(const struct sg_render *render, struct sides *sides,
                      const uint32_t *heirs, struct sg_arena *arena) {
    struct refs refs = {0};
    refs_read(&refs, render);
    size_t len = render->items.len + 1;
    uint32_t *side = sg_xcalloc(len, sizeof(*side));
    uint32_t *sharing = sg_xcalloc(len, sizeof(*sharing));
    for (size_t i = 0; i < sides->items.len; i++) {
        side[sides->items.items[i].at] = (uint32_t)i + 1;
        sides->items.items[i].links.to.len = sides->items.items[i].links.from.len = 0;
    }
    for (size_t i = 0; i < refs.items.len; i++) {
        sharing[refs.items.items[i].to]++;
    }
    const struct linker linker = {render, heirs, side, sharing, sides, arena};
    for (size_t i = 0; i < refs.items.len; i++) {
        add_link(&linker, &refs.items.items[i]);
    }
    free(side);
    free(sharing);
    refs_release(&refs);
}

void object_links(struct objects *objects, const struct overlay_plan *op,
                  const uint32_t *heirs, struct sg_arena *arena) {
    read_tree(&op->trees[T_UO]->render, &objects->gone, heirs, arena);
    read_tree(&op->trees[T_UN]->render, &objects->fresh, NULL, arena);
}
