/*
 * text_images.c - a release moves dozens of images to one tag; a reader wants one line.
 */
#include "text.h"

#include <string.h>

void sg_image_moves_release(struct sg_image_moves *moves) {
    for (size_t i = 0; i < moves->items.len; i++) {
        free(moves->items.items[i]->from);
        free(moves->items.items[i]->to);
        free(moves->items.items[i]);
    }
    sg_vec_release(&moves->items);
    sg_strmap_release(&moves->index);
}

/* The tag of "registry:5000/a/b:TAG@sha256:…"; the digest where there is no tag. */
static struct sg_str image_tag(const struct sg_node *image) {
    const char *text = image->text, *end = text + image->len;
    const char *digest = memchr(text, '@', image->len);
    const char *name_end = digest ? digest : end;
    const char *slash = memrchr(text, '/', (size_t)(name_end - text));
    const char *start = slash ? slash : text;
    const char *colon = memchr(start, ':', (size_t)(name_end - start));
    if (colon) {
        return (struct sg_str){colon + 1, (size_t)(name_end - colon - 1)};
    }
    return (struct sg_str){name_end, (size_t)(end - name_end)};
}

/* The repository: what stands before tag and digest. */
static struct sg_str image_repository(const struct sg_node *image) {
    struct sg_str tag = image_tag(image);
    size_t len = (size_t)(tag.ptr - image->text);
    if (len && image->text[len - 1] == ':') {
        len--;
    }
    return (struct sg_str){image->text, len};
}

/* A field named image that holds two images of one repository with different tags. */
static bool is_tag_change(const char *path, const struct sg_plan_value *before,
                          const struct sg_plan_value *after) {
    size_t len = strlen(path);
    bool named = len >= 5 && strcmp(path + len - 5, "image") == 0 &&
                 (len == 5 || path[len - 6] == '.');
    return named && before->kind == SG_VALUE_NODE && after->kind == SG_VALUE_NODE &&
           sg_is_scalar(before->node) && sg_is_scalar(after->node) &&
           sg_str_eq(image_repository(before->node), image_repository(after->node)) &&
           !sg_str_eq(image_tag(before->node), image_tag(after->node));
}

static bool is_image(const struct sg_plan_field *field) {
    return (field->owner == SG_OWNER_UPSTREAM || field->state == SG_STATE_PASSED) &&
           is_tag_change(field->path, &field->before, &field->after);
}

bool sg_image_tags_add(const char *path, const struct sg_plan_value *before,
                       const struct sg_plan_value *after, struct sg_buf *out) {
    if (!is_tag_change(path, before, after)) {
        return false;
    }
    struct sg_str from = image_tag(before->node), to = image_tag(after->node);
    sg_text_safe(from.ptr, from.len, out);
    sg_buf_adds(out, " -> ");
    sg_text_safe(to.ptr, to.len, out);
    return true;
}

static void move_key(const struct sg_plan_field *field, struct sg_buf *key) {
    struct sg_str from = image_tag(field->before.node), to = image_tag(field->after.node);
    sg_buf_add(key, from.ptr, from.len);
    sg_buf_addc(key, '\n');
    sg_buf_add(key, to.ptr, to.len);
}

static void add_name(struct sg_image_move *move, const struct sg_node *image) {
    struct sg_str name = image_repository(image);
    const char *slash = memrchr(name.ptr, '/', name.len);
    if (slash) {
        name.len -= (size_t)(slash + 1 - name.ptr);
        name.ptr = slash + 1;
    }
    for (size_t i = 0; i < move->names_len; i++) {
        if (sg_str_eq(move->names[i], name)) {
            return;
        }
    }
    if (move->names_len < SG_ARRAY_LEN(move->names)) {
        move->names[move->names_len++] = name;
    } else {
        move->more_names = true;
    }
}

void sg_image_moves_add(struct sg_image_moves *moves, const struct sg_plan_field *field) {
    if (!is_image(field)) {
        return;
    }
    sg_auto_buf key = SG_BUF_INIT;
    move_key(field, &key);
    struct sg_image_move *move = sg_strmap_get(&moves->index, sg_buf_cstr(&key), key.len);
    if (!move) {
        struct sg_str from = image_tag(field->before.node);
        struct sg_str to = image_tag(field->after.node);
        move = sg_xcalloc(1, sizeof *move);
        move->from = sg_xstrndup(from.ptr, from.len);
        move->to = sg_xstrndup(to.ptr, to.len);
        sg_vec_push(&moves->items, move);
        sg_strmap_put(&moves->index, sg_buf_cstr(&key), key.len, move);
    }
    move->count++;
    add_name(move, field->after.node);
}

bool sg_image_moves_together(const struct sg_image_moves *moves,
                             const struct sg_plan_field *field) {
    if (!is_image(field)) {
        return false;
    }
    sg_auto_buf key = SG_BUF_INIT;
    move_key(field, &key);
    const struct sg_image_move *move =
        sg_strmap_get(&moves->index, sg_buf_cstr(&key), key.len);
    return move && move->count > 1;
}
