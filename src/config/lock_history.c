/* lock_history.c - a lock's states: one more, some back, and undoing a file. */
#include "sg/config.h"

#include <string.h>

static void entry_release(struct sg_lock_entry *entry) {
    for (size_t i = 0; i < entry->files.len; i++) {
        sg_vec_release(&entry->files.items[i].splices);
    }
    sg_vec_release(&entry->files);
    sg_vec_release(&entry->paths);
    sg_vec_release(&entry->generated);
}

void sg_lock_init(struct sg_lock *lock) {
    memset(lock, 0, sizeof(*lock));
    sg_arena_init(&lock->arena);
}

void sg_lock_release(struct sg_lock *lock) {
    entry_release(&lock->now);
    for (size_t i = 0; i < lock->history.len; i++) {
        entry_release(&lock->history.items[i]);
    }
    sg_vec_release(&lock->history);
    sg_arena_release(&lock->arena);
}

/* --- copies ----------------------------------------------------------------------- */

static const char *copy(struct sg_arena *arena, const char *text) {
    return text ? sg_arena_strdup(arena, text) : NULL;
}

static void copy_file(struct sg_arena *arena, const struct sg_lock_file *from,
                      struct sg_lock_entry *out) {
    struct sg_lock_file file = {.path = copy(arena, from->path),
                                .sha256 = copy(arena, from->sha256),
                                .undo = from->undo,
                                .exec = from->exec};
    for (size_t i = 0; i < from->splices.len; i++) {
        struct sg_lock_splice splice = from->splices.items[i];
        splice.text.ptr = sg_arena_strndup(arena, splice.text.ptr, splice.text.len);
        sg_vec_push(&file.splices, splice);
    }
    sg_vec_push(&out->files, file);
}

static struct sg_lock_entry copy_entry(struct sg_arena *arena,
                                       const struct sg_lock_entry *from, bool files) {
    struct sg_lock_entry out = {.version = copy(arena, from->version),
                                .tag = copy(arena, from->tag),
                                .commit = copy(arena, from->commit),
                                .date = copy(arena, from->date),
                                .renderer = copy(arena, from->renderer),
                                .schema = copy(arena, from->schema),
                                .at = from->at};
    out.at.file = copy(arena, from->at.file);
    for (size_t i = 0; i < from->paths.len; i++) {
        const struct sg_lock_path *path = &from->paths.items[i];
        sg_vec_push(&out.paths, (struct sg_lock_path){.from = copy(arena, path->from),
                                                      .to = copy(arena, path->to),
                                                      .tree = copy(arena, path->tree)});
    }
    for (size_t i = 0; i < from->generated.len; i++) {
        const struct sg_lock_generated *generated = &from->generated.items[i];
        sg_vec_push(&out.generated,
                    (struct sg_lock_generated){.path = copy(arena, generated->path),
                                               .blob = copy(arena, generated->blob)});
    }
    for (size_t i = 0; files && i < from->files.len; i++) {
        copy_file(arena, &from->files.items[i], &out);
    }
    return out;
}

static void copy_history(struct sg_lock *out, const struct sg_lock *from, size_t first) {
    for (size_t i = first; i < from->history.len; i++) {
        sg_vec_push(&out->history,
                    copy_entry(&out->arena, &from->history.items[i], true));
    }
}

void sg_lock_advance(struct sg_lock *out, const struct sg_lock *from) {
    sg_lock_init(out);
    out->now.renderer = copy(&out->arena, from->now.renderer);
    out->now.schema = copy(&out->arena, from->now.schema);
    sg_vec_push(&out->history, copy_entry(&out->arena, &from->now, false));
    copy_history(out, from, 0);
}

void sg_lock_back(struct sg_lock *out, const struct sg_lock *from, size_t steps) {
    if (steps == 0 || steps > from->history.len) {
        SG_BUG("a lock's history is not that long");
    }
    sg_lock_init(out);
    out->now = copy_entry(&out->arena, &from->history.items[steps - 1], false);
    copy_history(out, from, steps);
}

/* --- undoing ---------------------------------------------------------------------- */

int sg_lock_undo(const struct sg_lock_file *file, struct sg_str text, struct sg_buf *out,
                 struct sg_err *err) {
    if (file->undo == SG_UNDO_REMOVE) {
        SG_BUG("a file that is to be removed has no earlier bytes");
    }
    if (file->undo == SG_UNDO_CREATE) {
        const struct sg_str *whole = &file->splices.items[0].text;
        sg_buf_add(out, whole->ptr, whole->len);
        return 0;
    }
    const char *bytes = text.ptr ? text.ptr : "";
    size_t at = 0;
    for (size_t i = 0; i < file->splices.len; i++) {
        const struct sg_lock_splice *splice = &file->splices.items[i];
        if (splice->offset > text.len || splice->length > text.len - splice->offset ||
            splice->offset < at) {
            sg_fail(err, SG_E_INPUT,
                    "the lock's splice of %s at byte %llu does not fit its %zu bytes",
                    file->path, (unsigned long long)splice->offset, text.len);
            return sg_err_hint(err, "restore " SG_LOCK_FILE " with git");
        }
        sg_buf_add(out, bytes + at, (size_t)splice->offset - at);
        sg_buf_add(out, splice->text.ptr, splice->text.len);
        at = (size_t)(splice->offset + splice->length);
    }
    sg_buf_add(out, bytes + at, text.len - at);
    return 0;
}
