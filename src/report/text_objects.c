/*
 * text_objects.c - the objects of an overlay: what the customer has a stake in is opened,
 * one line a field; what upstream changes alone is a count, unless --full.
 */
#include "row.h"

#include <string.h>

#define OWNER_COLUMN 10
#define LINES_COLUMN (OWNER_COLUMN + 8)
#define STAT_COLUMN  48
#define BLOCK_LINES  24 /* of a long string's difference */

static const char change_marks[] = {'~', '+', '-', '~', '='}; /* by enum sg_change */

/* How a field is told. */
enum row {
    ROW_SHOWN,
    ROW_UPSTREAM, /* upstream's alone: counted */
    ROW_STANDS,   /* the customer's, and nothing about it changes: counted */
    ROW_IMAGE,    /* moves together with others: one line for all */
};

/* The field that a list element is found by, such as the name in env[FOO].name. */
static bool is_own_key(const struct sg_plan_field *field) {
    const char *dot = strrchr(field->path, '.');
    if (!dot || dot == field->path || dot[-1] != ']' ||
        field->after.kind != SG_VALUE_NODE || !sg_is_scalar(field->after.node)) {
        return false;
    }
    const struct sg_node *key = field->after.node;
    size_t before = (size_t)(dot - 1 - field->path);
    return before > key->len && field->path[before - key->len - 1] == '[' &&
           memcmp(dot - 1 - key->len, key->text, key->len) == 0;
}

static enum row row_of(const struct sg_text *t, const struct sg_image_moves *moves,
                       const struct sg_plan_field *field) {
    bool all = t->opts->full || t->opts->only == SG_ONLY_ATTENTION;
    if (field->state == SG_STATE_LOST || all) {
        return ROW_SHOWN;
    }
    if (sg_image_moves_together(moves, field)) {
        return ROW_IMAGE;
    }
    if (t->opts->only) { /* these rows are what was asked for */
        return ROW_SHOWN;
    }
    bool gone = field->state == SG_STATE_CONVERGED && /* with the element it was in */
                field->after.kind == SG_VALUE_ABSENT;
    if (field->owner == SG_OWNER_UPSTREAM || gone) {
        return ROW_UPSTREAM;
    }
    bool stands = field->owner == SG_OWNER_OVERLAY ||
                  (field->state == SG_STATE_CONVERGED && is_own_key(field));
    return stands && sg_value_same(&field->before, &field->after) ? ROW_STANDS
                                                                  : ROW_SHOWN;
}

static void add_piece(const struct sg_text *t, const struct sg_piece *piece) {
    static const char *const none = "";
    const struct sg_palette *p = t->paint;
    const char *color = piece->kind == SG_PIECE_BAD   ? p->error
                        : piece->aside                ? p->dim
                        : piece->kind == SG_PIECE_OLD ? p->removed
                        : piece->kind == SG_PIECE_NEW ? p->added
                                                      : none;
    sg_buf_addf(t->out, "%s%s%s", color, piece->text, color == none ? "" : p->reset);
}

static void add_verdict(const struct sg_text *t, const struct sg_plan_field *field,
                        const struct sg_finding *finding) {
    sg_auto_pieces pieces = {0};
    sg_row_verdict(t, field, finding, &pieces);
    for (size_t i = 0; i < pieces.items.len; i++) {
        add_piece(t, &pieces.items.items[i]);
    }
    if (finding && field->state == SG_STATE_MASKED) {
        sg_buf_addf(t->out, "  %s%s%s", t->paint->warning, finding->code,
                    t->paint->reset);
    }
}

static void add_place(const struct sg_text *t, const struct sg_plan_field *field) {
    if (field->at.file) {
        sg_buf_adds(t->out, "  ");
        sg_text_place(t, field->at);
    }
}

static void add_field(const struct sg_text *t, const struct sg_plan_field *field,
                      const struct sg_finding *finding) {
    const char *color = field->state == SG_STATE_LOST      ? t->paint->error
                        : field->owner == SG_OWNER_BOTH    ? t->paint->warning
                        : field->owner == SG_OWNER_OVERLAY ? t->paint->bold
                                                           : t->paint->dim;
    sg_buf_addf(t->out, "      %s%-*s%s", color, OWNER_COLUMN, sg_row_owner(field),
                t->paint->reset);
    sg_text_adds(t->out, field->path[0] ? field->path : "(the object)");
    sg_buf_adds(t->out, ": ");
    add_verdict(t, field, finding);
    add_place(t, field);
    sg_buf_addc(t->out, '\n');
    struct sg_row_lines lines;
    if (sg_row_lines(t, field, &lines)) {
        sg_text_lines(t, lines.old, lines.new, LINES_COLUMN,
                      t->opts->full ? 0 : BLOCK_LINES);
    }
}

/* `twin`: another object of this kind and name comes or goes in the same hop, so it is
 * the API group that tells them apart. */
static void add_heading(const struct sg_text *t, const struct sg_plan_object *object,
                        bool twin) {
    const struct sg_palette *p = t->paint;
    const char *colors[] = {p->changed, p->added, p->removed, p->changed, p->dim};
    sg_buf_addf(t->out, "    %s%c%s %s", colors[object->change],
                change_marks[object->change], p->reset, p->bold);
    sg_text_object(t->out, object);
    sg_buf_adds(t->out, p->reset);
    const char *kind = twin ? strstr(object->id, object->kind) : NULL;
    if (kind && kind > object->id) {
        sg_buf_adds(t->out, " of ");
        sg_text_safe(object->id, (size_t)(kind - 1 - object->id), t->out);
    }
    const char *by = object->owner == SG_OWNER_UPSTREAM ? "upstream" : "you";
    switch (object->change) {
    case SG_CHANGE_ADDED:
        sg_buf_addf(t->out, "  added by %s", by);
        break;
    case SG_CHANGE_REMOVED:
        sg_buf_addf(t->out, "  removed by %s", by);
        break;
    case SG_CHANGE_NONE: /* where it stays deleted, its row says so */
        sg_buf_adds(t->out, sg_object_is_kept_away(object) ? "" : "  stays as it is");
        break;
    case SG_CHANGE_RENAMED:
    case SG_CHANGE_MODIFIED: /* `was`: another version of the same kind */
        if (!object->was) {
            break;
        }
        sg_buf_adds(t->out, "  was ");
        sg_text_adds(t->out, object->was);
        break;
    }
}

/* One hop of one overlay on its way out. */
struct hop {
    const struct sg_text *t;
    const struct sg_told *told;
    struct sg_image_moves moves;
    struct sg_strmap names, twins; /* of what comes or goes: kind, namespace and name */
    size_t objects, fields;        /* folded: changed by upstream alone */
    size_t stands;                 /* folded: the customer's, and they stay as they are */
    bool listing;                  /* the list of objects without rows has begun */
};

struct row_counts {
    size_t shown, upstream, stands, images;
};

static struct row_counts count_rows(const struct hop *hop,
                                    const struct sg_plan_object *object) {
    struct row_counts rows = {0};
    for (size_t i = 0; i < object->fields.len; i++) {
        switch (row_of(hop->t, &hop->moves, &object->fields.items[i])) {
        case ROW_SHOWN:
            rows.shown++;
            break;
        case ROW_UPSTREAM:
            rows.upstream++;
            break;
        case ROW_STANDS:
            rows.stands++;
            break;
        case ROW_IMAGE:
            rows.images++;
            break;
        }
    }
    return rows;
}

static void add_rows(const struct hop *hop, const struct sg_plan_object *object) {
    for (size_t i = 0; i < object->fields.len; i++) {
        const struct sg_plan_field *field = &object->fields.items[i];
        if (row_of(hop->t, &hop->moves, field) == ROW_SHOWN) {
            add_field(hop->t, field, sg_told_by_row(hop->told, object, field));
        }
    }
}

static bool comes_or_goes(const struct sg_plan_object *object) {
    return object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED;
}

static void find_twin(struct hop *hop, const struct sg_plan_object *object) {
    sg_auto_buf name = SG_BUF_INIT;
    sg_text_object(&name, object);
    if (!comes_or_goes(object)) {
        return;
    }
    bool seen = sg_strmap_has(&hop->names, name.ptr, name.len);
    sg_strmap_put(seen ? &hop->twins : &hop->names, name.ptr, name.len, hop);
}

static bool has_twin(const struct hop *hop, const struct sg_plan_object *object) {
    sg_auto_buf name = SG_BUF_INIT;
    sg_text_object(&name, object);
    return comes_or_goes(object) && sg_strmap_has(&hop->twins, name.ptr, name.len);
}

/* How an object is told. */
enum telling {
    TELL_FOLDED, /* counted with others */
    TELL_LINE,   /* a line of a list */
    TELL_OPENED, /* a heading, and rows below it */
};

static enum telling telling_of(const struct hop *hop, const struct sg_plan_object *object,
                               const struct row_counts *rows) {
    bool full = hop->t->opts->full;
    if (comes_or_goes(object)) {
        return full && rows->shown ? TELL_OPENED : TELL_LINE;
    }
    if (rows->shown == 0) {
        return object->change == SG_CHANGE_RENAMED ? TELL_OPENED : TELL_FOLDED;
    }
    return sg_object_is_kept_away(object) && object->fields.len == 1 && !full
               ? TELL_LINE
               : TELL_OPENED;
}

static void add_object(struct hop *hop, const struct sg_plan_object *object) {
    const struct sg_text *t = hop->t;
    struct row_counts rows = count_rows(hop, object);
    enum telling telling = telling_of(hop, object, &rows);
    hop->stands += rows.stands;
    if (telling == TELL_FOLDED) {
        hop->objects += rows.upstream > 0;
        hop->fields += rows.upstream;
    }
    if (telling != TELL_OPENED) {
        return;
    }
    sg_buf_addc(t->out, '\n');
    add_heading(t, object, has_twin(hop, object));
    sg_buf_addc(t->out, '\n');
    add_rows(hop, object);
    if (rows.upstream) {
        sg_buf_addf(t->out, "      %s%-*s", t->paint->dim, OWNER_COLUMN, "upstream");
        sg_text_count(t->out, rows.upstream, "change of its own", "changes of its own");
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
}

/* What comes, goes or stays away, below the objects that are opened. */
static void add_line(struct hop *hop, const struct sg_plan_object *object) {
    struct row_counts rows = count_rows(hop, object);
    if (telling_of(hop, object, &rows) != TELL_LINE) {
        return;
    }
    sg_buf_adds(hop->t->out, hop->listing ? "" : "\n");
    hop->listing = true;
    add_heading(hop->t, object, has_twin(hop, object));
    if (!comes_or_goes(object)) {
        const struct sg_plan_field *field = &object->fields.items[0];
        sg_buf_adds(hop->t->out, "  ");
        add_verdict(hop->t, field, sg_told_by_row(hop->told, object, field));
        add_place(hop->t, field);
    }
    sg_buf_addc(hop->t->out, '\n');
}

static void add_image_move(const struct sg_text *t, const struct sg_image_move *move) {
    sg_buf_addf(t->out, "    %s~%s %zu images move together: %s", t->paint->changed,
                t->paint->reset, move->count, t->paint->removed);
    sg_text_safe(move->from, strnlen(move->from, SG_TEXT_VALUE), t->out);
    sg_buf_addf(t->out, "%s -> %s", t->paint->reset, t->paint->added);
    sg_text_safe(move->to, strnlen(move->to, SG_TEXT_VALUE), t->out);
    sg_buf_addf(t->out, "%s  %s", t->paint->reset, t->paint->dim);
    for (size_t i = 0; i < move->names_len; i++) {
        sg_buf_adds(t->out, i ? ", " : "");
        sg_text_safe(move->names[i].ptr, move->names[i].len, t->out);
    }
    sg_buf_addf(t->out, "%s%s\n", move->more_names ? ", ..." : "", t->paint->reset);
}

static void add_images(const struct hop *hop) {
    if (hop->t->opts->full) {
        return;
    }
    bool first = true;
    for (size_t i = 0; i < hop->moves.items.len; i++) {
        if (hop->moves.items.items[i]->count < 2) {
            continue;
        }
        sg_buf_adds(hop->t->out, first ? "\n" : "");
        add_image_move(hop->t, hop->moves.items.items[i]);
        first = false;
    }
}

static void add_folded(const struct hop *hop) {
    const struct sg_text *t = hop->t;
    if (!hop->objects && !hop->stands) {
        return;
    }
    sg_buf_addf(t->out, "\n    %s", t->paint->dim);
    if (hop->objects) {
        sg_text_count(t->out, hop->objects, "object changes", "objects change");
        sg_buf_adds(t->out, " by upstream alone (");
        sg_text_count(t->out, hop->fields, "field", NULL);
        sg_buf_adds(t->out, hop->stands ? "), " : ")");
    }
    if (hop->stands) {
        sg_text_count(t->out, hop->stands, "setting", NULL);
        sg_buf_adds(t->out, hop->stands == 1 ? " of yours stays as it is"
                                             : " of yours stay as they are");
    }
    sg_buf_addf(t->out, "; --full shows %s%s\n",
                hop->objects + hop->stands == 1 ? "it" : "them", t->paint->reset);
}

/* --stat: a line an object, counts by owner. */
static void add_stat(const struct sg_text *t, const struct sg_plan_object *object) {
    static const char *const words[] = {"upstream", "yours", "both", "follow"};
    if (object->change == SG_CHANGE_NONE) {
        return;
    }
    size_t by[SG_ARRAY_LEN(words)] = {0};
    for (size_t i = 0; i < object->fields.len; i++) {
        by[object->fields.items[i].owner]++;
    }
    sg_auto_buf name = SG_BUF_INIT;
    sg_text_object(&name, object);
    size_t width = sg_text_width(name.ptr, name.len);
    sg_buf_addf(t->out, "    %c %s%*s", change_marks[object->change], name.ptr,
                (int)(width < STAT_COLUMN ? STAT_COLUMN - width : 2), "");
    bool first = true;
    if (object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED) {
        sg_buf_adds(t->out, sg_change_word(object->change));
    } else {
        for (size_t i = 0; i < SG_ARRAY_LEN(words); i++) {
            if (by[i] == 0) {
                continue;
            }
            sg_buf_addf(t->out, "%s%zu %s", first ? "" : ", ", by[i], words[i]);
            first = false;
        }
    }
    sg_buf_addc(t->out, '\n');
}

/* The objects [from, to) of one hop. */
static void add_hop(const struct sg_text *t, const struct sg_plan_overlay *overlay,
                    const struct sg_told *told, size_t from, size_t to) {
    struct hop hop = {.t = t, .told = told};
    for (size_t i = from; i < to; i++) {
        find_twin(&hop, &overlay->objects.items[i]);
        for (size_t f = 0; f < overlay->objects.items[i].fields.len; f++) {
            sg_image_moves_add(&hop.moves, &overlay->objects.items[i].fields.items[f]);
        }
    }
    sg_buf_adds(t->out, t->opts->stat ? "\n" : "");
    for (size_t i = from; i < to; i++) {
        if (t->opts->stat) {
            add_stat(t, &overlay->objects.items[i]);
        } else {
            add_object(&hop, &overlay->objects.items[i]);
        }
    }
    for (size_t i = from; i < to && !t->opts->stat; i++) {
        add_line(&hop, &overlay->objects.items[i]);
    }
    if (!t->opts->stat) {
        add_images(&hop);
        add_folded(&hop);
    }
    sg_image_moves_release(&hop.moves);
    sg_strmap_release(&hop.names);
    sg_strmap_release(&hop.twins);
}

void sg_text_objects(const struct sg_text *t, const struct sg_plan *plan,
                     const struct sg_plan_overlay *overlay, const struct sg_told *told) {
    for (size_t from = 0; from < overlay->objects.len;) {
        uint32_t hop = overlay->objects.items[from].hop;
        size_t to = from;
        while (to < overlay->objects.len && overlay->objects.items[to].hop == hop) {
            to++;
        }
        if (plan->hops.len > 1 && hop < plan->hops.len) {
            sg_buf_addf(t->out, "\n  %sto %s%s\n", t->paint->bold,
                        plan->hops.items[hop].version, t->paint->reset);
        }
        add_hop(t, overlay, told, from, to);
        from = to;
    }
}
