/* result.c - what an adoption makes, and its end. */
#include "adopting.h"

void sg_adopted_release(struct sg_adopted *adopted) {
    sg_vec_release(&adopted->files);
    sg_vec_release(&adopted->entries);
    sg_vec_release(&adopted->texts);
    sg_vec_release(&adopted->said);
    sg_vec_release(&adopted->changes);
    sg_vec_release(&adopted->drops);
    sg_vec_release(&adopted->differences);
    sg_vec_release(&adopted->reformatted);
    sg_vec_release(&adopted->moved);
    sg_vec_release(&adopted->restarts);
    sg_vec_release(&adopted->unread_ids);
    sg_vec_release(&adopted->contents);
    sg_arena_release(&adopted->arena);
}

void put_file(struct sg_adopted *adopted, const char *folder, const char *name,
              const char *text, size_t len) {
    struct sg_adopt_file file = {
        .path = sg_arena_printf(&adopted->arena, "%s/%s", folder, name),
        .text = sg_arena_strndup(&adopted->arena, text, len),
        .len = len,
    };
    sg_vec_push(&adopted->files, file);
}

void put_entry(struct sg_adopted *adopted, const char *field, const char *text,
               const char *file) {
    struct sg_adopt_entry entry = {
        .field = field, .text = sg_arena_strdup(&adopted->arena, text), .file = file};
    sg_vec_push(&adopted->entries, entry);
}

void put_field(const char *field, const char *text, struct sg_buf *out) {
    if (text != NULL && text[0] != '\0') {
        const struct sg_node value = {.kind = SG_SCALAR,
                                      .tag = SG_TAG_STR,
                                      .text = text,
                                      .len = (uint32_t)strlen(text)};
        sg_buf_addf(out, "%s ", field);
        sg_yaml_inline(&value, out);
        sg_buf_addc(out, '\n');
    }
}

void put_file_entry(struct sg_adopted *adopted, const char *field, const char *file) {
    sg_auto_buf text = SG_BUF_INIT;
    put_field("-", file, &text);
    put_entry(adopted, field, sg_buf_cstr(&text), file);
}

void put_kustomization(struct sg_adopted *adopted, const struct sg_adopt_opts *opts,
                       const char *component) {
    sg_auto_buf text = SG_BUF_INIT;
    kustomization_text(adopted, opts, component, &text);
    put_file(adopted, opts->overlay, "kustomization.yaml", sg_buf_cstr(&text), text.len);
}

const char *base_file(const struct adopting *a, const struct sg_resource *base) {
    size_t folder = strlen(a->opts->base);
    bool inside = base->file != NULL && strncmp(base->file, a->opts->base, folder) == 0 &&
                  base->file[folder] == '/';
    return inside ? base->file + folder + 1 : NULL;
}
