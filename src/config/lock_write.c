/*
 * lock_write.c - sgupgrade.lock as bytes: the same state gives the same file, so that git
 * shows what an upgrade changed and nothing else.
 */
#include "reader.h"

#include "sg/config.h"
#include "sg/sort.h"

#include <inttypes.h>
#include <string.h>

/* "- key: value", the first of an item; "  key: value", the others. */
static void put_field(struct sg_buf *out, int indent, const char *dash, const char *key,
                      const char *value) {
    sg_buf_addf(out, "%*s%s%s: ", indent, "", dash, key);
    config_put_scalar(out, value);
    sg_buf_addc(out, '\n');
}

static void put_bytes(struct sg_buf *out, struct sg_str text) {
    if (config_is_utf8(text.ptr, text.len)) {
        sg_buf_adds(out, "text: ");
        config_put_quoted(out, text.ptr, text.len);
    } else {
        sg_buf_adds(out, "base64: ");
        config_put_base64(out, text.ptr, text.len);
    }
}

static void put_file(struct sg_buf *out, int indent, const struct sg_lock_file *file) {
    put_field(out, indent, "- ", "path", file->path);
    if (file->sha256) {
        put_field(out, indent, "  ", "sha256", file->sha256);
    }
    if (file->undo == SG_UNDO_REMOVE) {
        put_field(out, indent, "  ", "undo", "remove");
    } else if (file->undo == SG_UNDO_CREATE) {
        put_field(out, indent, "  ", "undo", "create");
        if (file->exec) {
            sg_buf_addf(out, "%*sexec: true\n", indent + 2, "");
        }
        sg_buf_addf(out, "%*s", indent + 2, "");
        put_bytes(out, file->splices.items[0].text);
        sg_buf_addc(out, '\n');
    } else if (file->splices.len > 0) {
        sg_buf_addf(out, "%*ssplices:\n", indent + 2, "");
        for (size_t i = 0; i < file->splices.len; i++) {
            const struct sg_lock_splice *splice = &file->splices.items[i];
            sg_buf_addf(out, "%*s- {offset: %" PRIu64 ", length: %" PRIu64 ", ",
                        indent + 2, "", splice->offset, splice->length);
            put_bytes(out, splice->text);
            sg_buf_adds(out, "}\n");
        }
    }
}

/* --- lists in their order, whatever order they were filled in --------------------- */

static bool by_to(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_lock_path *const *left = a, *const *right = b;
    return strcmp((*left)->to, (*right)->to) < 0;
}

static bool by_generated(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_lock_generated *const *left = a, *const *right = b;
    return strcmp((*left)->path, (*right)->path) < 0;
}

static bool by_file(const void *a, const void *b, void *ctx) {
    (void)ctx;
    const struct sg_lock_file *const *left = a, *const *right = b;
    return strcmp((*left)->path, (*right)->path) < 0;
}

/* Pointers to the items of an array, sorted; to be freed. */
static const void **sorted(const void *items, size_t count, size_t size,
                           bool (*less)(const void *, const void *, void *)) {
    const void **list = sg_xcalloc(count + 1, sizeof(*list));
    for (size_t i = 0; i < count; i++) {
        list[i] = (const char *)items + i * size;
    }
    sg_sort(list, count, sizeof(*list), less, NULL);
    return list;
}
#define SORTED(vec, order)                                                               \
    sorted((vec)->items, (vec)->len, sizeof(*(vec)->items), (order))

static void put_paths(struct sg_buf *out, int indent, const struct sg_lock_entry *entry) {
    const void **list = SORTED(&entry->paths, by_to);
    sg_buf_addf(out, "%*spaths:%s\n", indent, "", entry->paths.len ? "" : " []");
    for (size_t i = 0; list[i]; i++) {
        const struct sg_lock_path *path = list[i];
        put_field(out, indent, "- ", "from", *path->from ? path->from : ".");
        put_field(out, indent, "  ", "to", path->to);
        put_field(out, indent, "  ", "tree", path->tree);
    }
    free(list);
}

static void put_generated(struct sg_buf *out, int indent,
                          const struct sg_lock_entry *entry) {
    if (entry->generated.len == 0) {
        return;
    }
    const void **list = SORTED(&entry->generated, by_generated);
    sg_buf_addf(out, "%*sgenerated:\n", indent, "");
    for (size_t i = 0; list[i]; i++) {
        const struct sg_lock_generated *generated = list[i];
        put_field(out, indent, "- ", "path", generated->path);
        put_field(out, indent, "  ", "blob", generated->blob);
    }
    free(list);
}

static void put_files(struct sg_buf *out, int indent, const struct sg_lock_entry *entry) {
    if (entry->files.len == 0) {
        return;
    }
    const void **list = SORTED(&entry->files, by_file);
    sg_buf_addf(out, "%*sfiles:\n", indent, "");
    for (size_t i = 0; list[i]; i++) {
        put_file(out, indent, list[i]);
    }
    free(list);
}

static void put_entry(struct sg_buf *out, int indent, const char *dash,
                      const struct sg_lock_entry *entry) {
    put_field(out, indent - (int)strlen(dash), dash, "version", entry->version);
    put_field(out, indent, "", "tag", entry->tag);
    put_field(out, indent, "", "commit", entry->commit);
    put_field(out, indent, "", "date", entry->date);
    put_field(out, indent, "", "renderer", entry->renderer);
    put_field(out, indent, "", "schema", entry->schema);
    put_paths(out, indent, entry);
    put_generated(out, indent, entry);
    put_files(out, indent, entry);
}

void sg_lock_write(const struct sg_lock *lock, struct sg_buf *out) {
    sg_buf_adds(out, "# Written by sgupgrade: commit it, review it, do not edit it.\n"
                     "apiVersion: " SG_CONFIG_VERSION "\n"
                     "kind: Lock\n");
    put_entry(out, 0, "", &lock->now);
    if (lock->history.len > 0) {
        sg_buf_adds(out, "history:\n");
    }
    for (size_t i = 0; i < lock->history.len; i++) {
        put_entry(out, 2, "- ", &lock->history.items[i]);
    }
}
