/*
 * text_objects.c - the objects of an overlay: what the customer has a stake in is opened,
 * one line a field; what upstream changes alone is a count, unless --full.
 */
#include "text.h"

#include <string.h>

#define OWNER_COLUMN 10
#define STAT_COLUMN  48
#define BLOCK_LINES  24 /* of a long string's difference */

/* How a field is told. */
enum row {
    ROW_SHOWN,
    ROW_UPSTREAM, /* upstream's alone: counted */
    ROW_STANDS,   /* the customer's, and nothing about it changes: counted */
    ROW_IMAGE,    /* moves together with others: one line for all */
};

static enum row row_of(const struct sg_text *t, const struct sg_image_moves *moves,
                       const struct sg_plan_field *field) {
    if (field->state == SG_STATE_LOST || t->opts->full)
        return ROW_SHOWN;
    if (sg_image_moves_together(moves, field))
        return ROW_IMAGE;
    if (field->owner == SG_OWNER_UPSTREAM)
        return ROW_UPSTREAM;
    if (field->owner == SG_OWNER_OVERLAY && sg_value_same(&field->before, &field->after))
        return ROW_STANDS;
    return ROW_SHOWN;
}

/* The owner in words, and the colour of the line's verdict. */
static const char *owner_words(const struct sg_plan_field *field) {
    if (field->state == SG_STATE_LOST)
        return "LOST";
    switch (field->owner) {
    case SG_OWNER_UPSTREAM:
        return "upstream";
    case SG_OWNER_OVERLAY:
        return "yours";
    case SG_OWNER_BOTH:
        return "both";
    case SG_OWNER_EFFECT:
        return "follows";
    }
    return "";
}

static void add_move(const struct sg_text *t, const struct sg_plan_value *before,
                     const struct sg_plan_value *after) {
    if (before->kind == SG_VALUE_MASKED && after->kind == SG_VALUE_MASKED) {
        sg_buf_adds(t->out, "(secret) changes");
        return;
    }
    sg_buf_adds(t->out, t->paint->removed);
    sg_text_value(t, before);
    sg_buf_addf(t->out, "%s -> %s", t->paint->reset, t->paint->added);
    sg_text_value(t, after);
    sg_buf_adds(t->out, t->paint->reset);
}

static void add_upstream_move(const struct sg_text *t, const struct sg_plan_field *field,
                              const char *says) {
    sg_buf_addf(t->out, " %s(%s ", t->paint->dim, says);
    if (field->base_old.kind == SG_VALUE_MASKED ||
        field->base_new.kind == SG_VALUE_MASKED) {
        sg_buf_adds(t->out, "changed it");
    } else {
        sg_text_value(t, &field->base_old);
        sg_buf_adds(t->out, " -> ");
        sg_text_value(t, &field->base_new);
    }
    sg_buf_addf(t->out, ")%s", t->paint->reset);
}

/* What happens to the value, in words where the arrow alone would mislead. */
static void add_verdict(const struct sg_text *t, const struct sg_plan_field *field) {
    switch (field->state) {
    case SG_STATE_MASKED:
        sg_buf_adds(t->out, "stays ");
        sg_text_value(t, &field->after);
        add_upstream_move(t, field, "yours hides upstream's");
        return;
    case SG_STATE_CONVERGED:
        sg_buf_adds(t->out, "is ");
        sg_text_value(t, &field->after);
        sg_buf_addf(t->out, " %s(upstream says the same now)%s", t->paint->dim,
                    t->paint->reset);
        return;
    case SG_STATE_LOST:
        add_move(t, &field->before, &field->after);
        sg_buf_addf(t->out, " %s(your setting no longer reaches the result)%s",
                    t->paint->error, t->paint->reset);
        return;
    case SG_STATE_PASSED:
        add_move(t, &field->before, &field->after);
        sg_buf_addf(t->out, " %s(upstream's change, through yours)%s", t->paint->dim,
                    t->paint->reset);
        return;
    case SG_STATE_NONE:
        break;
    }
    if (sg_value_same(&field->before, &field->after)) {
        sg_buf_adds(t->out, "stays ");
        sg_text_value(t, &field->after);
    } else {
        add_move(t, &field->before, &field->after);
    }
}

/* A ConfigMap's file, a script: its lines. */
static bool add_block(const struct sg_text *t, const struct sg_plan_field *field) {
    if (!sg_value_is_block(&field->before) && !sg_value_is_block(&field->after))
        return false;
    if (field->before.kind != SG_VALUE_NODE || field->after.kind != SG_VALUE_NODE ||
        !sg_is_scalar(field->before.node) || !sg_is_scalar(field->after.node) ||
        sg_value_same(&field->before, &field->after))
        return false;
    sg_text_line_diff(t, field->before.node->text, field->before.node->len,
                      field->after.node->text, field->after.node->len, OWNER_COLUMN + 8,
                      t->opts->full ? 0 : BLOCK_LINES);
    return true;
}

static void add_field(const struct sg_text *t, const struct sg_plan_field *field) {
    const char *color = field->state == SG_STATE_LOST      ? t->paint->error
                        : field->owner == SG_OWNER_BOTH    ? t->paint->warning
                        : field->owner == SG_OWNER_OVERLAY ? t->paint->bold
                                                           : t->paint->dim;
    sg_buf_addf(t->out, "      %s%-*s%s", color, OWNER_COLUMN, owner_words(field),
                t->paint->reset);
    sg_text_adds(t->out, field->path[0] ? field->path : "(the object)");
    sg_buf_adds(t->out, ": ");
    bool block =
        field->state != SG_STATE_MASKED &&
        (sg_value_is_block(&field->before) || sg_value_is_block(&field->after)) &&
        !sg_value_same(&field->before, &field->after);
    if (block)
        sg_buf_adds(t->out, "these lines");
    else
        add_verdict(t, field);
    if (field->at.file) {
        sg_buf_adds(t->out, "  ");
        sg_text_place(t, field->at);
    }
    sg_buf_addc(t->out, '\n');
    if (block && !add_block(t, field)) {
        sg_buf_addf(t->out, "%*s", OWNER_COLUMN + 8, "");
        add_verdict(t, field);
        sg_buf_addc(t->out, '\n');
    }
}

static void add_heading(const struct sg_text *t, const struct sg_plan_object *object) {
    const struct sg_palette *p = t->paint;
    static const char marks[] = {'~', '+', '-', '~', ' '};
    const char *colors[] = {p->changed, p->added, p->removed, p->changed, p->dim};
    sg_buf_addf(t->out, "\n    %s%c%s %s", colors[object->change], marks[object->change],
                p->reset, p->bold);
    sg_text_object(t->out, object);
    sg_buf_adds(t->out, p->reset);
    const char *by = object->owner == SG_OWNER_UPSTREAM ? " by upstream" : " by you";
    switch (object->change) {
    case SG_CHANGE_ADDED:
        sg_buf_addf(t->out, "  added%s", by);
        break;
    case SG_CHANGE_REMOVED:
        sg_buf_addf(t->out, "  removed%s", by);
        break;
    case SG_CHANGE_RENAMED:
        sg_buf_adds(t->out, "  was ");
        sg_text_adds(t->out, object->was ? object->was : "");
        break;
    case SG_CHANGE_MODIFIED:
        if (object->was) { /* another version of the same kind */
            sg_buf_adds(t->out, "  was ");
            sg_text_adds(t->out, object->was);
        }
        break;
    case SG_CHANGE_NONE:
        sg_buf_adds(t->out, "  stays as it is");
        break;
    }
    sg_buf_addc(t->out, '\n');
}

struct folded {
    size_t objects, fields; /* changed by upstream alone */
    size_t stands;          /* fields of the customer's that stay as they are */
};

struct row_counts {
    size_t shown, upstream, stands, images;
};

static struct row_counts count_rows(const struct sg_text *t,
                                    const struct sg_image_moves *moves,
                                    const struct sg_plan_object *object) {
    struct row_counts rows = {0};
    for (size_t i = 0; i < object->fields.len; i++) {
        switch (row_of(t, moves, &object->fields.items[i])) {
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

static void add_object(const struct sg_text *t, const struct sg_image_moves *moves,
                       const struct sg_plan_object *object, struct folded *folded) {
    struct row_counts rows = count_rows(t, moves, object);
    folded->stands += rows.stands;
    bool whole = object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED;
    if (!whole && object->change != SG_CHANGE_RENAMED && rows.shown == 0) {
        folded->objects += rows.upstream > 0;
        folded->fields += rows.upstream;
        return;
    }
    add_heading(t, object);
    for (size_t i = 0; i < object->fields.len && (!whole || t->opts->full); i++)
        if (row_of(t, moves, &object->fields.items[i]) == ROW_SHOWN)
            add_field(t, &object->fields.items[i]);
    if (rows.upstream && !whole) {
        sg_buf_addf(t->out, "      %s%-*s", t->paint->dim, OWNER_COLUMN, "upstream");
        sg_text_count(t->out, rows.upstream, "change of its own", "changes of its own");
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
}

static void add_images(const struct sg_text *t, const struct sg_image_moves *moves) {
    for (size_t i = 0; i < moves->items.len; i++) {
        const struct sg_image_move *move = &moves->items.items[i];
        if (move->count < 2 || t->opts->full)
            continue;
        sg_auto_buf tags = SG_BUF_INIT;
        sg_buf_addf(t->out, "\n    %s~%s %zu images move together: %s", t->paint->changed,
                    t->paint->reset, move->count, t->paint->removed);
        sg_text_safe(move->from, strnlen(move->from, SG_TEXT_VALUE), t->out);
        sg_buf_addf(t->out, "%s -> %s", t->paint->reset, t->paint->added);
        sg_text_safe(move->to, strnlen(move->to, SG_TEXT_VALUE), t->out);
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
}

static void add_folded(const struct sg_text *t, const struct folded *folded) {
    if (!folded->objects && !folded->stands)
        return;
    sg_buf_addf(t->out, "\n    %s", t->paint->dim);
    if (folded->objects) {
        sg_text_count(t->out, folded->objects, "object changes", "objects change");
        sg_buf_adds(t->out, " by upstream alone (");
        sg_text_count(t->out, folded->fields, "field", NULL);
        sg_buf_adds(t->out, folded->stands ? "), " : ")");
    }
    if (folded->stands) {
        sg_text_count(t->out, folded->stands, "setting", NULL);
        sg_buf_adds(t->out, folded->stands == 1 ? " of yours stays as it is"
                                                : " of yours stay as they are");
    }
    sg_buf_addf(t->out, "; --full shows %s%s\n",
                folded->objects + folded->stands == 1 ? "it" : "them", t->paint->reset);
}

/* --stat: a line an object, counts by owner. */
static void add_stat(const struct sg_text *t, const struct sg_plan_object *object) {
    static const char *const words[] = {"upstream", "yours", "both", "follow"};
    static const char marks[] = {'~', '+', '-', '~', ' '};
    if (object->change == SG_CHANGE_NONE)
        return;
    size_t by[SG_ARRAY_LEN(words)] = {0};
    for (size_t i = 0; i < object->fields.len; i++)
        by[object->fields.items[i].owner]++;
    sg_auto_buf name = SG_BUF_INIT;
    sg_text_object(&name, object);
    size_t width = sg_text_width(name.ptr, name.len);
    sg_buf_addf(t->out, "    %c %s%*s", marks[object->change], name.ptr,
                (int)(width < STAT_COLUMN ? STAT_COLUMN - width : 2), "");
    bool first = true;
    if (object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED)
        sg_buf_adds(t->out, sg_change_word(object->change));
    else
        for (size_t i = 0; i < SG_ARRAY_LEN(words); i++) {
            if (by[i] == 0)
                continue;
            sg_buf_addf(t->out, "%s%zu %s", first ? "" : ", ", by[i], words[i]);
            first = false;
        }
    sg_buf_addc(t->out, '\n');
}

/* The objects [from, to) of one hop. */
static void add_hop(const struct sg_text *t, const struct sg_plan_overlay *overlay,
                    size_t from, size_t to) {
    struct sg_image_moves moves = {0};
    for (size_t i = from; i < to; i++)
        for (size_t f = 0; f < overlay->objects.items[i].fields.len; f++)
            sg_image_moves_add(&moves, &overlay->objects.items[i].fields.items[f]);
    struct folded folded = {0};
    sg_buf_adds(t->out, t->opts->stat ? "\n" : "");
    for (size_t i = from; i < to; i++) {
        if (t->opts->stat)
            add_stat(t, &overlay->objects.items[i]);
        else
            add_object(t, &moves, &overlay->objects.items[i], &folded);
    }
    if (!t->opts->stat) {
        add_images(t, &moves);
        add_folded(t, &folded);
    }
    sg_image_moves_release(&moves);
}

void sg_text_objects(const struct sg_text *t, const struct sg_plan *plan,
                     const struct sg_plan_overlay *overlay) {
    for (size_t from = 0; from < overlay->objects.len;) {
        uint32_t hop = overlay->objects.items[from].hop;
        size_t to = from;
        while (to < overlay->objects.len && overlay->objects.items[to].hop == hop)
            to++;
        if (plan->hops.len > 1 && hop < plan->hops.len)
            sg_buf_addf(t->out, "\n  %sto %s%s\n", t->paint->bold,
                        plan->hops.items[hop].version, t->paint->reset);
        add_hop(t, overlay, from, to);
        from = to;
    }
}
