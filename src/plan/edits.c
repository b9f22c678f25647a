/*
 * edits.c - the edits of a plan as lines that a person reads. The bytes are those of the
 * customer's files before each hop: the first ones are read, the later ones follow from
 * the edits themselves.
 */
#include "sg/plan.h"

#include <string.h>

#include "sg/secret.h"
#include "sg/sort.h"
#include "sg/strmap.h"

#define MAX_SECRET_REGIONS 1000 /* of one file: each is looked at over the whole file */

struct splice_list {
    SG_VEC(struct sg_edit *) items;
};

/* A file as it stands before a hop. */
struct file {
    struct sg_buf text;
    bool known;                 /* `text` is what is there */
    struct splice_list splices; /* of the present hop */
};

struct replay {
    struct sg_plan *plan;
    const struct sg_fs *project;
    struct sg_strmap by_name; /* struct file * */
    SG_VEC(struct file *) files;
};

static struct file *file_of(struct replay *replay, const char *name) {
    struct file *file = sg_strmap_get(&replay->by_name, name, strlen(name));
    if (file == NULL) {
        struct sg_err ignored = {0};
        file = sg_xcalloc(1, sizeof(*file));
        file->known = sg_fs_read(replay->project, name, &file->text, &ignored) == 0;
        sg_strmap_put(&replay->by_name, name, strlen(name), file);
        sg_vec_push(&replay->files, file);
    }
    return file;
}

static void replay_release(struct replay *replay) {
    for (size_t i = 0; i < replay->files.len; i++) {
        sg_buf_release(&replay->files.items[i]->text);
        sg_vec_release(&replay->files.items[i]->splices.items);
        free(replay->files.items[i]);
    }
    sg_vec_release(&replay->files);
    sg_strmap_release(&replay->by_name);
}

/* --- splices of one file ---------------------------------------------------------- */

static bool comes_first(const void *a, const void *b, void *ctx) {
    const struct sg_edit *const *x = a, *const *y = b;
    (void)ctx;
    return (*x)->start < (*y)->start;
}

/* In order, inside the file and not overlapping. */
static bool fits(const struct file *file) {
    size_t at = 0;
    for (size_t i = 0; i < file->splices.items.len; i++) {
        const struct sg_edit *edit = file->splices.items.items[i];
        if (edit->start < at || edit->end < edit->start || edit->end > file->text.len) {
            return false;
        }
        at = edit->end;
    }
    return true;
}

static size_t line_start(const struct sg_buf *text, size_t at) {
    while (at > 0 && text->ptr[at - 1] != '\n') {
        at--;
    }
    return at;
}

/* The end of the lines that a splice touches, with the last one's line end: what is put
 * in front of a line, or ends with one, leaves the next alone. */
static size_t lines_end(const struct sg_buf *text, const struct sg_edit *edit) {
    size_t start = edit->start, end = edit->end;
    bool whole = start == 0 || text->ptr[start - 1] == '\n';
    bool ends_line = edit->text_len == 0 || edit->text[edit->text_len - 1] == '\n';
    if (whole && ends_line && (end == start || text->ptr[end - 1] == '\n')) {
        return end;
    }
    const char *newline = memchr(text->ptr + end, '\n', text->len - end);
    return newline ? (size_t)(newline - text->ptr) + 1 : text->len;
}

/* Lines that splices [from, to) of a file touch together. */
struct region {
    size_t start, end, from, to;
};

static struct region region_at(const struct file *file, size_t from) {
    const struct splice_list *list = &file->splices;
    struct region r = {.from = from, .to = from + 1};
    r.start = line_start(&file->text, list->items.items[from]->start);
    r.end = lines_end(&file->text, list->items.items[from]);
    while (r.to < list->items.len && list->items.items[r.to]->start < r.end) {
        if (list->items.items[r.to]->end >= r.end) {
            r.end = lines_end(&file->text, list->items.items[r.to]);
        }
        r.to++;
    }
    return r;
}

/* The lines of a region after its splices. */
static void region_after(const struct file *file, const struct region *r,
                         struct sg_buf *out) {
    size_t at = r->start;
    for (size_t i = r->from; i < r->to; i++) {
        const struct sg_edit *edit = file->splices.items.items[i];
        sg_buf_add(out, file->text.ptr + at, edit->start - at);
        sg_buf_add(out, edit->text, edit->text_len);
        at = edit->end;
    }
    sg_buf_add(out, file->text.ptr + at, r->end - at);
}

static void show_region(struct replay *replay, struct file *file, const struct region *r,
                        bool may_show) {
    struct sg_edit *first = file->splices.items.items[r->from];
    struct sg_arena *arena = &replay->plan->docs.arena;
    first->withheld = !may_show;
    if (may_show) {
        sg_auto_buf after = SG_BUF_INIT;
        region_after(file, r, &after);
        first->was =
            sg_arena_strndup(arena, file->text.ptr + r->start, r->end - r->start);
        first->now = sg_arena_strndup(arena, sg_buf_cstr(&after), after.len);
    }
}

/* Where the lines are shown, the new bytes may still begin a Secret. */
static void keep_secret(const struct file *file, const struct region *r, bool may_show) {
    for (size_t i = r->from; i < r->to; i++) {
        struct sg_edit *edit = file->splices.items.items[i];
        edit->secret =
            !may_show || sg_names_secret((struct sg_str){edit->text, edit->text_len});
    }
}

static size_t count_lines(const struct sg_buf *text, size_t from, size_t to) {
    size_t n = 0;
    for (size_t at = from; at < to; at++) {
        n += text->ptr[at] == '\n';
    }
    return n;
}

static void show_splices(struct replay *replay, struct file *file) {
    struct sg_str text = {sg_buf_cstr(&file->text), file->text.len};
    bool secrets = sg_names_secret(text);
    size_t line = 1, counted = 0, regions = 0;
    for (size_t i = 0; i < file->splices.items.len; regions++) {
        struct region r = region_at(file, i);
        bool may_show = !secrets || (regions < MAX_SECRET_REGIONS &&
                                     !sg_line_may_be_secret(text, r.start));
        show_region(replay, file, &r, may_show);
        keep_secret(file, &r, may_show);
        for (; i < r.to; i++) {
            struct sg_edit *edit = file->splices.items.items[i];
            line += count_lines(&file->text, counted, edit->start);
            counted = edit->start;
            edit->line = (uint32_t)line;
        }
    }
}

static void apply_splices(struct file *file) {
    struct region all = {0, file->text.len, 0, file->splices.items.len};
    struct sg_buf after = SG_BUF_INIT;
    region_after(file, &all, &after);
    sg_buf_release(&file->text);
    file->text = after;
}

static void keep_all_secret(const struct splice_list *list) {
    for (size_t i = 0; i < list->items.len; i++) {
        list->items.items[i]->secret = true;
    }
}

static void end_hop(struct replay *replay) {
    for (size_t i = 0; i < replay->files.len; i++) {
        struct file *file = replay->files.items[i];
        struct splice_list *list = &file->splices;
        if (list->items.len == 0) {
            continue;
        }
        sg_sort(list->items.items, list->items.len, sizeof(*list->items.items),
                comes_first, NULL);
        file->known = file->known && fits(file);
        if (file->known) {
            sg_buf_addc(&file->text, '\0'); /* never NULL, also where it is empty */
            file->text.len--;
            show_splices(replay, file);
            apply_splices(file);
        } else {
            keep_all_secret(list);
        }
        list->items.len = 0;
    }
}

/* --- other edits ------------------------------------------------------------------ */

static void set_text(struct file *file, const char *text, size_t len) {
    sg_buf_clear(&file->text);
    sg_buf_add(&file->text, text, len);
    file->known = true;
}

/* Creations, moves and deletions of a hop, after its splices. */
static void replay_whole(struct replay *replay, struct sg_edit *edit) {
    struct file *file = file_of(replay, edit->file);
    if (edit->op == SG_EDIT_CREATE) {
        edit->secret = sg_names_secret((struct sg_str){edit->text, edit->text_len});
        set_text(file, edit->text, edit->text_len);
    } else if (edit->op == SG_EDIT_DELETE) {
        file->known = false;
    } else if (edit->op == SG_EDIT_MOVE) {
        struct file *to = file_of(replay, edit->text);
        set_text(to, sg_buf_cstr(&file->text), file->text.len);
        to->known = file->known;
        file->known = false;
    }
}

void sg_plan_show_edits(struct sg_plan *plan, const struct sg_fs *project) {
    struct replay replay = {.plan = plan, .project = project};
    for (size_t from = 0, to = 0; from < plan->edits.len; from = to) {
        uint32_t hop = plan->edits.items[from].hop;
        for (; to < plan->edits.len && plan->edits.items[to].hop == hop; to++) {
            struct sg_edit *edit = &plan->edits.items[to];
            if (edit->op == SG_EDIT_SPLICE) {
                sg_vec_push(&file_of(&replay, edit->file)->splices.items, edit);
            }
        }
        end_hop(&replay);
        for (size_t i = from; i < to; i++) {
            if (plan->edits.items[i].op != SG_EDIT_SPLICE) {
                replay_whole(&replay, &plan->edits.items[i]);
            }
        }
    }
    replay_release(&replay);
}
