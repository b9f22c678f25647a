/* used.c - see used.h. */
#include "used.h"

#include "adopting.h"
#include "place.h"

void used_release(struct used *used) {
    sg_strmap_release(&used->read);
    sg_strmap_release(&used->loaded);
    sg_strmap_release(&used->anew);
}

static void add_path(const struct used *used, const char *file, struct sg_buf *out) {
    sg_buf_addf(out, "%s%s%s", used->dir, used->dir[0] != '\0' ? "/" : "", file);
}

static bool has(const struct sg_strmap *files, const char *file) {
    return sg_strmap_has(files, file, strlen(file));
}

static bool is_used(const struct used *used, const struct sg_strmap *files,
                    const char *file) {
    sg_auto_buf path = SG_BUF_INIT;
    add_path(used, file, &path);
    return has(files, sg_buf_cstr(&path));
}

/* --- before the render ------------------------------------------------------------- */

void used_note(void *ctx, const char *path, enum sg_fs_type type) {
    struct used *used = ctx;
    if (type == SG_FS_FILE) {
        sg_strmap_put(&used->read, path, strlen(path), used);
    }
}

static void note_anew(const struct sg_adopt_fork *fork, struct used *used) {
    for (size_t i = 0; i < fork->oddities.len; i++) {
        const struct sg_adopt_oddity *oddity = &fork->oddities.items[i];
        if (oddity_of_reading(oddity->kind) && oddity->kind != SG_ODD_TWICE &&
            oddity->kind != SG_ODD_OLD_BOOLEAN) {
            sg_strmap_put(&used->anew, oddity->file, strlen(oddity->file), used);
        }
    }
}

/* Adds the documents of one file, which follow each other; returns where the next file's
 * begin. */
static size_t write_file(const struct sg_adopt_object *objects, size_t len, size_t first,
                         struct sg_buf *out) {
    size_t i = first;
    for (; i < len && strcmp(objects[i].file, objects[first].file) == 0; i++) {
        sg_buf_adds(out, out->len > 0 ? "---\n" : "");
        text_write(objects[i].node, NULL, out);
    }
    return i;
}

struct sg_fs *used_view(const struct sg_adopt_fork *fork, const struct all_read *all,
                        const struct sg_fs *fs, struct used *used) {
    struct sg_fs *view = sg_fs_over(fs);
    note_anew(fork, used);
    for (size_t i = 0; i < all->items.len;) {
        const char *file = all->items.items[i].file;
        sg_auto_buf text = SG_BUF_INIT, path = SG_BUF_INIT;
        i = write_file(all->items.items, all->items.len, i, &text);
        if (has(&used->anew, file)) {
            add_path(used, file, &path);
            sg_fs_over_put(view, sg_buf_cstr(&path), sg_buf_cstr(&text), text.len);
        }
    }
    return view;
}

/* --- after it ----------------------------------------------------------------------- */

static void forget_others(const struct used *used, struct sg_adopt_fork *fork) {
    size_t left = 0;
    for (size_t i = 0; i < fork->others.len; i++) {
        if (!is_used(used, &used->read, fork->others.items[i])) {
            fork->others.items[left++] = fork->others.items[i];
        }
    }
    fork->others.len = left;
}

/* The object stands again in another file, which is a patch. */
static bool is_shadowed(const struct sg_adopt_fork *fork,
                        const struct sg_adopt_oddity *oddity) {
    for (size_t i = 0; i < fork->shadowed.len; i++) {
        const struct sg_adopt_object *object = &fork->shadowed.items[i];
        if (strcmp(object->file, oddity->file) == 0 &&
            sg_docs_pos(&fork->docs, object->node->loc).line == oddity->line) {
            return true;
        }
    }
    return false;
}

/* Twice in one file kustomize takes nothing but what was written anew. */
static bool is_so(const struct used *used, const struct sg_adopt_fork *fork,
                  const struct sg_adopt_oddity *oddity) {
    if (oddity->kind == SG_ODD_TWICE) {
        return has(&used->anew, oddity->file) && !is_shadowed(fork, oddity);
    }
    if (oddity->kind == SG_ODD_OLD_BOOLEAN) {
        return false; /* kustomize read it */
    }
    return oddity->kind != SG_ODD_NO_OBJECT || is_used(used, &used->loaded, oddity->file);
}

static void forget_oddities(const struct used *used, struct sg_adopt_fork *fork) {
    size_t left = 0;
    for (size_t i = 0; i < fork->oddities.len; i++) {
        if (is_so(used, fork, &fork->oddities.items[i])) {
            fork->oddities.items[left++] = fork->oddities.items[i];
        }
    }
    fork->oddities.len = left;
}

void used_tell(struct used *used, const struct sg_render *render,
               struct sg_adopt_fork *fork) {
    for (size_t i = 0; i < render->items.len; i++) {
        const char *file = render->items.items[i]->file;
        if (file != NULL) {
            sg_strmap_put(&used->loaded, file, strlen(file), used);
        }
    }
    forget_others(used, fork);
    forget_oddities(used, fork);
}
