/*
 * hidden.c - --merge-hidden: what upstream changes inside a list or a text that the
 * overlay replaces as a whole is laid over the overlay's own, where the two did not
 * change the same items or lines.
 */
#include <string.h>

#include "merge3.h"
#include "repair.h"
#include "sg/path.h"

/* Items or lines of the three sides as numbers. */
struct rows {
    struct counters numbers;
    SG_VEC(uint32_t) items[3];
    SG_VEC(struct sg_str) lines[3]; /* of texts, with their line ends */
};
enum { OLD, NEW, MINE };

static void rows_release(struct rows *rows) {
    counters_release(&rows->numbers);
    for (int i = 0; i < 3; i++) {
        sg_vec_release(&rows->items[i]);
        sg_vec_release(&rows->lines[i]);
    }
}

static void add(struct rows *rows, int side, const char *text, size_t len) {
    size_t *number = counters_at(&rows->numbers, text, len);
    if (*number == 0) {
        *number = rows->numbers.map.len;
    }
    sg_vec_push(&rows->items[side], (uint32_t)*number);
}

static void add_lines(struct rows *rows, int side, const struct sg_node *text) {
    const char *at = text->text, *end = text->text + text->len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = stop == NULL ? (size_t)(end - at) : (size_t)(stop - at) + 1;
        add(rows, side, at, len);
        sg_vec_push(&rows->lines[side], (struct sg_str){at, len});
        at += len;
    }
}

static void add_items(struct rows *rows, int side, const struct sg_node *list) {
    for (uint32_t i = 0; i < list->len; i++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_yaml_inline(list->items[i], &text);
        add(rows, side, sg_buf_cstr(&text), text.len);
    }
}

static struct row3 row_of(const struct rows *rows, int side) {
    return (struct row3){rows->items[side].items, (uint32_t)rows->items[side].len};
}

/* --- texts ------------------------------------------------------------------------ */

static void join(const struct rows *rows, int side, uint32_t from, uint32_t to,
                 struct sg_buf *out) {
    const struct sg_str *lines = rows->lines[side].items;
    for (uint32_t i = from; lines != NULL && i < to; i++) {
        sg_buf_add(out, lines[i].ptr, lines[i].len);
    }
}

static void join_lines(const struct rows *rows, const struct hunks *hunks,
                       struct sg_buf *out) {
    uint32_t at = 0;
    for (size_t i = 0; i <= hunks->items.len; i++) {
        const struct hunk *hunk = i < hunks->items.len ? &hunks->items.items[i] : NULL;
        if (hunk != NULL && hunk->overlaps) {
            continue;
        }
        uint32_t stop = hunk != NULL ? hunk->at : (uint32_t)rows->lines[MINE].len;
        join(rows, MINE, at, stop, out);
        if (hunk != NULL) {
            join(rows, NEW, hunk->from, hunk->to, out);
            at = hunk->until;
        }
    }
}

/* --- lists ------------------------------------------------------------------------ */

static bool insert_items(struct draft_doc *doc, const struct sg_node *list,
                         const struct sg_node *new, const struct hunk *hunk,
                         const char *tag) {
    struct sg_yaml_place place;
    uint32_t near = hunk->at > 0 ? hunk->at - 1 : 0;
    if (hunk->from == hunk->to) {
        return true;
    }
    if (list->len == 0 || !sg_yaml_item_place(&doc->set, list, near, &place) ||
        place.flow || !place.own_lines) {
        return false;
    }
    sg_auto_buf text = SG_BUF_INIT;
    for (uint32_t i = hunk->from; i < hunk->to; i++) {
        for (uint32_t k = 0; k < place.indent; k++) {
            sg_buf_addc(&text, ' ');
        }
        sg_buf_adds(&text, "- ");
        sg_yaml_inline(new->items[i], &text);
        sg_buf_addc(&text, '\n');
    }
    uint32_t at = hunk->at > 0 ? place.lines.end : place.lines.start;
    if (at > 0 && place.source->text[at - 1] != '\n') {
        return false; /* the last line of a file without a line end */
    }
    struct sg_splices splices = {0};
    sg_splices_add(&splices, at, at, sg_buf_cstr(&text), text.len);
    bool done = draft_splice(doc, &splices, tag);
    sg_splices_release(&splices);
    return done;
}

static bool lay_list(struct draft_doc *doc, const struct sg_node *list,
                     const struct sg_node *new, const struct hunks *hunks,
                     const char *tag) {
    for (size_t i = 0; i < hunks->items.len; i++) {
        const struct hunk *hunk = &hunks->items.items[i];
        if (hunk->overlaps) {
            continue;
        }
        for (uint32_t k = hunk->at; k < hunk->until; k++) {
            if (!draft_remove(doc, list, k, tag)) {
                return false;
            }
        }
        if (!insert_items(doc, list, new, hunk, tag)) {
            return false;
        }
    }
    return true;
}

/* --- files of generators ---------------------------------------------------------- */

/* The part of a generator's source that is its path: "app.conf=conf/app.conf". */
static const char *source_path(const char *source) {
    const char *equals = strchr(source, '=');
    return equals == NULL ? source : equals + 1;
}

static bool is_source_of(const char *source, const struct sg_fieldpath *path) {
    const char *equals = strchr(source, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - source);
    return equals == NULL
               ? strcmp(sg_path_base(source), path->key->text) == 0
               : len == path->key->len && memcmp(source, path->key->text, len) == 0;
}

/* The customer's file that a generator's entry has the value at `path` from, into `out`;
 * false where it is none. */
static bool source_file(const struct overlay_plan *op, const struct sg_step *step,
                        const struct sg_node *entry, const struct sg_fieldpath *path,
                        struct sg_buf *out) {
    const struct sg_node *files = sg_map_gets(entry, "files");
    sg_auto_buf dir = SG_BUF_INIT;
    struct sg_err ignored = {0};
    sg_path_dir(step->kustomization, &dir);
    for (uint32_t i = 0; sg_is_seq(files) && i < files->len; i++) {
        const char *source = sg_text(files->items[i]);
        if (source != NULL && is_source_of(source, path)) {
            return sg_path_join(sg_buf_cstr(&dir), source_path(source), out, &ignored) ==
                       0 &&
                   !op->owners.vendored(op->owners.ctx, sg_buf_cstr(out));
        }
    }
    return false;
}

static uint32_t offset_of_line(const struct rows *rows, uint32_t line) {
    size_t at = 0;
    for (uint32_t i = 0; i < line; i++) {
        at += rows->lines[MINE].items[i].len;
    }
    return (uint32_t)at;
}

static void cut_lines(struct overlay_plan *op, const struct rows *rows,
                      const struct hunks *hunks, const char *file, const char *tag) {
    struct cuts cuts = {0};
    for (size_t i = 0; i < hunks->items.len; i++) {
        const struct hunk *hunk = &hunks->items.items[i];
        if (!hunk->overlaps) {
            sg_auto_buf text = SG_BUF_INIT;
            join(rows, NEW, hunk->from, hunk->to, &text);
            struct cut cut = {
                .start = offset_of_line(rows, hunk->at),
                .end = offset_of_line(rows, hunk->until),
                .text = sg_arena_strndup(&op->draft->arena, sg_buf_cstr(&text), text.len),
                .len = (uint32_t)text.len,
                .tag = tag,
            };
            sg_vec_push(&cuts.items, cut);
        }
    }
    draft_cut(op->draft, op->files, file, &cuts);
    cuts_release(&cuts);
}

/* --- one place -------------------------------------------------------------------- */

/* The customer's whole list or text, and where it is. */
struct mine {
    struct step_text text;
    const struct sg_node *node;
    struct sg_buf file; /* of a generator, which `whole` is all of; else empty */
    struct sg_node whole;
};
static void mine_release(struct mine *mine) {
    sg_buf_release(&mine->file);
}

static void find_file(struct overlay_plan *op, const struct sg_step *step,
                      const struct sg_event *event, struct mine *mine) {
    if (source_file(op, step, mine->text.entry, event->path, &mine->file)) {
        struct sg_str bytes = draft_bytes(op->draft, op->files, sg_buf_cstr(&mine->file));
        mine->whole = (struct sg_node){.kind = SG_SCALAR,
                                       .tag = SG_TAG_STR,
                                       .text = bytes.ptr,
                                       .len = (uint32_t)bytes.len};
        mine->node = bytes.ptr != NULL ? &mine->whole : NULL;
    }
}

static void find_mine(struct overlay_plan *op, const struct sg_event *event,
                      const struct sg_resource *res, struct mine *mine) {
    const struct sg_step *step = &op->trees[T_RO]->trace.steps.items[event->step];
    if (!step_text_find(op, step, &mine->text)) {
        return;
    }
    if (step->kind == SG_STEP_JSON) {
        mine->node = sg_map_get(mine->text.op, SG_ATOM(value));
    } else if (step->kind == SG_STEP_STRATEGIC) {
        mine->node = node_at(mine->text.root, type_of(res), event->path);
    } else if (step->kind == SG_STEP_GENERATE && event->path != NULL) {
        find_file(op, step, event, mine);
    }
}

static bool lay_hunks(struct overlay_plan *op, struct rows *rows, struct mine *mine,
                      const struct place4 *place, const struct hunks *hunks,
                      const char *tag) {
    if (sg_is_seq(mine->node)) {
        return lay_list(mine->text.doc, mine->node, place->node[T_UN], hunks, tag);
    }
    if (mine->node == &mine->whole) {
        cut_lines(op, rows, hunks, sg_buf_cstr(&mine->file), tag);
        return true;
    }
    sg_auto_buf out = SG_BUF_INIT;
    join_lines(rows, hunks, &out);
    return draft_write(mine->text.doc, mine->node, sg_buf_cstr(&out), tag);
}

static bool lay_over(struct overlay_plan *op, struct rows *rows, struct mine *mine,
                     const struct place4 *place, struct laid *laid, const char *tag) {
    struct hunks hunks = {0};
    bool done = merge3(row_of(rows, OLD), row_of(rows, NEW), row_of(rows, MINE), &hunks);
    laid->all = hunks.items.len;
    for (size_t i = 0; i < hunks.items.len; i++) {
        laid->laid += !hunks.items.items[i].overlaps;
    }
    done = done && laid->laid > 0 && lay_hunks(op, rows, mine, place, &hunks, tag);
    hunks_release(&hunks);
    return done;
}

/* Numbers the items or lines of the three sides; false where they are of no one kind. */
static bool number(struct rows *rows, const struct sg_node *const sides[3]) {
    for (int i = 0; i < 3; i++) {
        if (sg_is_seq(sides[0]) && sg_is_seq(sides[i])) {
            add_items(rows, i, sides[i]);
        } else if (sg_is_scalar(sides[0]) && sg_is_scalar(sides[i])) {
            add_lines(rows, i, sides[i]);
        } else {
            return false;
        }
    }
    return true;
}

bool merge_hidden(struct overlay_plan *op, const struct subject *subject,
                  const struct place4 *place, uint32_t event, const char *path,
                  struct laid *laid) {
    const struct tree *old = op->trees[T_RO];
    *laid = (struct laid){0};
    if (!op->merge_hidden || !repairs(op) || event >= old->trace.events.len ||
        subject->secret || mended(op, "SG102", UINT32_MAX, subject->id, path)) {
        return false;
    }
    struct mine mine SG_CLEANUP(mine_release) = {.node = NULL};
    const struct sg_event *wrote = &old->trace.events.items[event];
    find_mine(op, wrote, subject->res[T_RO], &mine);
    const struct sg_node *sides[] = {place->node[T_UO], place->node[T_UN], mine.node};
    struct rows rows = {0};
    bool done = sides[OLD] != NULL && sides[NEW] != NULL && number(&rows, sides) &&
                lay_over(op, &rows, &mine, place, laid,
                         fingerprint_of(op, "SG102", subject->id, path));
    rows_release(&rows);
    if (done) {
        note_mended(op, "SG102", UINT32_MAX, subject->id, path);
        note_step_edit(op, wrote->step);
    }
    return done;
}
