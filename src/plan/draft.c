/*
 * draft.c - the files of a draft: reading, creating, and what came of them.
 */
#include "draft.h"

#include <string.h>

#include "draft_doc.h"
#include "sg/sort.h"

void draft_init(struct draft *draft, struct sg_atoms *atoms) {
    memset(draft, 0, sizeof(*draft));
    sg_arena_init(&draft->arena);
    draft->atoms = atoms;
}

void draft_release(struct draft *draft) {
    for (size_t i = 0; i < draft->files.len; i++) {
        struct draft_file *file = draft->files.items[i];
        draft_doc_free(file->doc);
        cuts_release(&file->since_disk);
        cuts_release(&file->since_hop);
        cuts_release(&file->since_disk_before);
        free(file);
    }
    sg_vec_release(&draft->files);
    for (size_t i = 0; i < draft->all_orders.len; i++) {
        sg_vec_release(&draft->all_orders.items[i]->before);
        sg_vec_release(&draft->all_orders.items[i]->now);
        free(draft->all_orders.items[i]);
    }
    sg_vec_release(&draft->all_orders);
    sg_strmap_release(&draft->orders);
    sg_strmap_release(&draft->by_path);
    sg_arena_release(&draft->arena);
}

void draft_next_hop(struct draft *draft) {
    for (size_t i = 0; i < draft->all_orders.len; i++) {
        struct draft_order *order = draft->all_orders.items[i];
        order->before.len = 0;
        for (size_t k = 0; k < order->now.len; k++) {
            sg_vec_push(&order->before, order->now.items[k]);
        }
    }
    for (size_t i = 0; i < draft->files.len; i++) {
        struct draft_file *file = draft->files.items[i];
        file->before = file->now;
        file->since_hop.items.len = 0;
        file->since_disk_before.items.len = 0;
        for (size_t k = 0; k < file->since_disk.items.len; k++) {
            sg_vec_push(&file->since_disk_before.items, file->since_disk.items.items[k]);
        }
        file->moved = NULL;
        file->tag = NULL;
    }
}

static struct draft_file *known(const struct draft *draft, const char *path) {
    return sg_strmap_get(&draft->by_path, path, strlen(path));
}

/* The file, with its bytes where there are any. */
static struct draft_file *file_of(struct draft *draft, const struct sg_fs *fs,
                                  const char *path) {
    struct draft_file *file = known(draft, path);
    if (file != NULL) {
        return file;
    }
    file = sg_xcalloc(1, sizeof(*file));
    file->path = sg_arena_strdup(&draft->arena, path);
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    enum sg_fs_type type;
    if (sg_fs_stat(fs, path, &type, NULL, &ignored) == 0 && type == SG_FS_FILE &&
        sg_fs_read(fs, path, &text, &ignored) == 0) {
        file->disk.ptr = sg_arena_strndup(&draft->arena, sg_buf_cstr(&text), text.len);
        file->disk.len = text.len;
    }
    file->before = file->now = file->disk;
    sg_vec_push(&draft->files, file);
    sg_strmap_put(&draft->by_path, file->path, strlen(path), file);
    return file;
}

struct draft_doc *draft_open(struct draft *draft, const struct sg_fs *fs,
                             const char *path) {
    struct draft_file *file = file_of(draft, fs, path);
    if (file->doc == NULL && file->now.ptr != NULL) {
        file->doc = draft_doc_read(draft, file, file->path, file->now);
    }
    return file->doc;
}

/* Text and all that came of it anew: what was asked of the old text is void. */
static void set_text(struct draft *draft, struct draft_file *file, const char *text,
                     size_t len, const char *tag) {
    draft_doc_free(file->doc);
    file->doc = NULL;
    file->since_disk.items.len = file->since_hop.items.len = 0;
    file->tag = tag;
    file->now = (struct sg_str){NULL, 0};
    if (text == NULL) {
        return;
    }
    file->now = (struct sg_str){sg_arena_strndup(&draft->arena, text, len), len};
    struct cut all = {.end = (uint32_t)file->before.len,
                      .text = file->now.ptr,
                      .len = (uint32_t)len,
                      .tag = tag};
    if (file->before.ptr != NULL) {
        sg_vec_push(&file->since_hop.items, all);
    }
    all.end = (uint32_t)file->disk.len;
    if (file->disk.ptr != NULL) {
        sg_vec_push(&file->since_disk.items, all);
    }
}

void draft_create(struct draft *draft, const struct sg_fs *fs, const char *path,
                  const char *text, size_t len, const char *tag) {
    set_text(draft, file_of(draft, fs, path), text, len, tag);
}

void draft_move(struct draft *draft, const struct sg_fs *fs, const char *from,
                const char *to, const char *tag) {
    struct draft_file *old = file_of(draft, fs, from), *new = file_of(draft, fs, to);
    if (old->now.ptr != NULL) {
        set_text(draft, new, old->now.ptr, old->now.len, tag);
        set_text(draft, old, NULL, 0, tag);
        old->moved = new->path;
    }
}

/* --- settling --------------------------------------------------------------------- */

static bool lay_cuts(struct draft *draft, struct draft_file *file,
                     const struct cuts *cuts) {
    if (cuts->items.len == 0) {
        return false;
    }
    sg_auto_buf text = SG_BUF_INIT;
    cuts_apply(cuts, file->now, &text);
    cuts_compose(&file->since_hop, cuts, file->before.len, &draft->arena);
    cuts_compose(&file->since_disk, cuts, file->disk.len, &draft->arena);
    file->now = (struct sg_str){
        sg_arena_strndup(&draft->arena, sg_buf_cstr(&text), text.len), text.len};
    return true;
}

struct sg_str draft_bytes(struct draft *draft, const struct sg_fs *fs, const char *path) {
    return file_of(draft, fs, path)->now;
}

void draft_cut(struct draft *draft, const struct sg_fs *fs, const char *path,
               const struct cuts *cuts) {
    struct draft_file *file = file_of(draft, fs, path);
    file->cut = lay_cuts(draft, file, cuts) || file->cut;
    draft_doc_free(file->doc);
    file->doc = NULL;
}

static bool settle_file(struct draft *draft, struct draft_file *file) {
    struct draft_doc *doc = file->doc;
    if (doc == NULL) {
        return false;
    }
    struct cuts cuts = {0};
    const char *tag = NULL;
    bool gone = draft_doc_settle(doc, &cuts, &tag);
    bool changed = gone || lay_cuts(draft, file, &cuts);
    cuts_release(&cuts);
    if (gone) {
        const char *moved = doc->moved;
        for (size_t i = 0; i < doc->hosts.len; i++) {
            const struct draft_listing *host = &doc->hosts.items[i];
            (void)!draft_remove(host->doc, host->list, host->index, tag);
        }
        set_text(draft, file, NULL, 0, tag);
        file->moved = moved;
    } else if (changed) {
        draft_doc_free(doc);
        file->doc = NULL;
    }
    return changed;
}

/* Files that a kustomization lists come first: where nothing is left of one, its item
 * goes too. */
bool draft_settle(struct draft *draft) {
    bool changed = false;
    for (int listed = 1; listed >= 0; listed--) {
        for (size_t i = 0; i < draft->files.len; i++) {
            struct draft_file *file = draft->files.items[i];
            bool is_listed = file->doc != NULL && file->doc->hosts.len > 0;
            changed = changed || file->cut;
            file->cut = false;
            if (file->doc != NULL && is_listed == (listed == 1)) {
                changed = settle_file(draft, file) || changed;
            }
        }
    }
    return changed;
}

/* --- places ----------------------------------------------------------------------- */

/* The byte where a line and a column (code points from 1) are. */
static uint32_t offset_of(struct sg_str text, uint32_t line, uint32_t column) {
    size_t at = 0;
    while (line > 1 && at < text.len) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        at = end == NULL ? text.len : (size_t)(end - text.ptr) + 1;
        line--;
    }
    for (; column > 1 && at < text.len && text.ptr[at] != '\n'; column--) {
        at++;
        while (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return (uint32_t)at;
}

static void place_in(struct sg_str text, uint32_t offset, struct sg_place *at) {
    at->line = at->column = 1;
    for (uint32_t i = 0; i < offset && i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            at->line++;
            at->column = 1;
        } else if (((unsigned char)text.ptr[i] & 0xC0) != 0x80) {
            at->column++;
        }
    }
}

struct sg_place draft_on_disk(const struct draft *draft, enum draft_era era,
                              struct sg_place at) {
    const struct draft_file *file =
        draft == NULL || at.file == NULL ? NULL : known(draft, at.file);
    if (file == NULL || at.line == 0 || file->disk.ptr == NULL) {
        return at;
    }
    const struct cuts *cuts =
        era == DRAFT_NOW ? &file->since_disk : &file->since_disk_before;
    struct sg_str text = era == DRAFT_NOW ? file->now : file->before;
    if (cuts->items.len > 0 && text.ptr != NULL) {
        uint32_t offset = offset_of(text, at.line, at.column);
        place_in(file->disk, cuts_back(cuts, offset), &at);
    }
    return at;
}

uint32_t draft_offset(const struct draft_file *file, uint32_t line, uint32_t column) {
    if (file->before.ptr == NULL || line == 0) {
        return UINT32_MAX;
    }
    return cuts_forward(&file->since_hop, offset_of(file->before, line, column));
}

/* --- results ---------------------------------------------------------------------- */

static bool same_text(struct sg_str a, struct sg_str b) {
    return (a.ptr == NULL) == (b.ptr == NULL) && sg_str_eq(a, b);
}

void draft_lay(const struct draft *draft, struct sg_fs *over) {
    for (size_t i = 0; i < draft->files.len; i++) {
        const struct draft_file *file = draft->files.items[i];
        if (same_text(file->disk, file->now)) {
            continue;
        }
        if (file->now.ptr == NULL) {
            sg_fs_over_remove(over, file->path);
        } else {
            sg_fs_over_put(over, file->path, file->now.ptr, file->now.len);
        }
    }
}

static struct sg_edit edit_of(struct sg_plan *plan, const struct draft_file *file,
                              enum sg_edit_op op, struct sg_str text, uint32_t hop,
                              const char *tag) {
    struct sg_arena *arena = &plan->docs.arena;
    return (struct sg_edit){
        .file = sg_arena_strdup(arena, file->path),
        .op = op,
        .text = sg_arena_strndup(arena, text.ptr != NULL ? text.ptr : "", text.len),
        .text_len = text.len,
        .finding = sg_arena_strdup(arena, tag != NULL ? tag : ""),
        .hop = hop,
    };
}

static void report_splices(const struct draft_file *file, struct sg_plan *plan,
                           uint32_t hop) {
    for (size_t i = 0; i < file->since_hop.items.len; i++) {
        const struct cut *cut = &file->since_hop.items.items[i];
        struct sg_edit edit =
            edit_of(plan, file, SG_EDIT_SPLICE, (struct sg_str){cut->text, cut->len}, hop,
                    cut->tag);
        edit.start = cut->start;
        edit.end = cut->end;
        sg_vec_push(&plan->edits, edit);
    }
}

static bool file_less(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return strcmp((*(struct draft_file *const *)a)->path,
                  (*(struct draft_file *const *)b)->path) < 0;
}

/* A file that takes over the bytes of one that moved has no edit of its own. */
static bool is_moved_to(const struct draft *draft, const char *path) {
    for (size_t i = 0; i < draft->files.len; i++) {
        const char *moved = draft->files.items[i]->moved;
        if (moved != NULL && strcmp(moved, path) == 0) {
            return true;
        }
    }
    return false;
}

static void report_file(const struct draft *draft, const struct draft_file *file,
                        struct sg_plan *plan, uint32_t hop) {
    if (same_text(file->before, file->now)) {
        return;
    }
    if (file->before.ptr == NULL) {
        if (!is_moved_to(draft, file->path)) {
            sg_vec_push(&plan->edits,
                        edit_of(plan, file, SG_EDIT_CREATE, file->now, hop, file->tag));
        }
    } else if (file->now.ptr != NULL) {
        report_splices(file, plan, hop);
    } else if (file->moved != NULL) {
        sg_vec_push(&plan->edits, edit_of(plan, file, SG_EDIT_MOVE,
                                          sg_str_from(file->moved), hop, file->tag));
    } else {
        sg_vec_push(&plan->edits, edit_of(plan, file, SG_EDIT_DELETE,
                                          (struct sg_str){NULL, 0}, hop, file->tag));
    }
}

void draft_report(const struct draft *draft, struct sg_plan *plan, uint32_t hop) {
    SG_VEC(struct draft_file *) files = {0};
    for (size_t i = 0; i < draft->files.len; i++) {
        sg_vec_push(&files, draft->files.items[i]);
    }
    if (files.len > 0) {
        sg_sort(files.items, files.len, sizeof(*files.items), file_less, NULL);
    }
    for (size_t i = 0; i < files.len; i++) {
        report_file(draft, files.items[i], plan, hop);
    }
    sg_vec_release(&files);
}
