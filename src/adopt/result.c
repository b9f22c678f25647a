/* result.c - what an adoption makes, and its end. */
#include "adopting.h"

void sg_adopted_release(struct sg_adopted *adopted) {
    sg_vec_release(&adopted->files);
    sg_vec_release(&adopted->entries);
    sg_vec_release(&adopted->changes);
    sg_vec_release(&adopted->differences);
    sg_vec_release(&adopted->restarts);
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

void put_kustomization(struct sg_adopted *adopted, const struct sg_adopt_opts *opts,
                       const char *component) {
    sg_auto_buf text = SG_BUF_INIT;
    kustomization_text(adopted, opts, component, &text);
    put_file(adopted, opts->overlay, "kustomization.yaml", sg_buf_cstr(&text), text.len);
}
