/*
 * drops.c - what --cherry-picks drop takes out of the fork: until the upgrade to the
 * release that has it, upstream's older value runs in its place, and so each is told.
 */
#include "adopting.h"
#include "beside.h"

void drops_find(struct adopting *a, const struct sg_node *before,
                const struct sg_node *now, const char *version) {
    auto_comparison lost = {.paths = a->paths};
    compare_objects(&lost, now, before);
    for (size_t i = 0; i < lost.differences.len; i++) {
        struct drop drop = {before, version, lost.differences.items[i]};
        sg_vec_push(&a->drops, drop);
    }
}

void drops_find_object(struct adopting *a, const struct sg_node *object,
                       const char *version) {
    struct drop drop = {object, version, {NULL, NULL, object}};
    sg_vec_push(&a->drops, drop);
}

/* Both have the field, and its tag is another. */
static bool is_older_image(const struct difference *lost) {
    const struct sg_fieldpath *path = lost->path;
    const char *base = sg_text(lost->a), *fork = sg_text(lost->b);
    return path != NULL && path->seg == SG_SEG_KEY && path->key == SG_ATOM(image) &&
           base != NULL && fork != NULL &&
           !sg_str_eq(image_of(base).tag, image_of(fork).tag);
}

static void note(struct adopting *a, const struct drop *drop, bool older_image) {
    const struct difference *lost = &drop->lost;
    struct sg_pos at = place_in_fork(a, drop->object, lost);
    sg_auto_buf path = SG_BUF_INIT;
    sg_fieldpath_text(lost->path, &path);
    struct sg_adopt_drop told = {
        .object = object_text(a, drop->object),
        .path = sg_arena_strndup(&a->out->arena, sg_buf_cstr(&path), path.len),
        .version = sg_arena_strdup(&a->out->arena, drop->version),
        .before = value_text(a, lost->a),
        .after = value_text(a, lost->b),
        .file = at.file,
        .line = at.line,
        .column = at.column,
        .older_image = older_image,
    };
    sg_vec_push(&a->out->drops, told);
}

void note_drops(struct adopting *a) {
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < a->drops.len; i++) {
            bool older_image = is_older_image(&a->drops.items[i].lost);
            if (older_image == (round == 0)) {
                note(a, &a->drops.items[i], older_image);
            }
        }
    }
}
