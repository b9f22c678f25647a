#include "row.h"

#include <string.h>

void sg_pieces_release(struct sg_pieces *pieces) {
    for (size_t i = 0; i < pieces->items.len; i++) {
        free(pieces->items.items[i].text);
    }
    sg_vec_release(&pieces->items);
}

const char *sg_row_owner(const struct sg_plan_field *field) {
    if (field->state == SG_STATE_LOST) {
        return "LOST";
    }
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

bool sg_row_is_deleted(const struct sg_plan_field *field) {
    return field->before.kind == SG_VALUE_ABSENT && field->after.kind == SG_VALUE_ABSENT;
}

bool sg_object_is_kept_away(const struct sg_plan_object *object) {
    const struct sg_plan_field *field = object->fields.len ? object->fields.items : NULL;
    return object->change == SG_CHANGE_NONE && field && field->path[0] == '\0' &&
           sg_row_is_deleted(field);
}

/* --- pieces ----------------------------------------------------------------------- */

/* A row on its way into pieces. */
struct row {
    const struct sg_text *t;
    const struct sg_plan_field *field;
    const struct sg_finding *finding;
    struct sg_pieces *out;
    bool aside;
};

static void add(const struct row *row, enum sg_piece_kind kind, const char *text) {
    struct sg_piece piece = {kind, row->aside, sg_xstrdup(text)};
    sg_vec_push(&row->out->items, piece);
}

static void add_value(const struct row *row, enum sg_piece_kind kind,
                      const struct sg_plan_value *value) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_text t = *row->t;
    t.out = &text;
    sg_text_value(&t, value);
    add(row, kind, sg_buf_cstr(&text));
}

static void add_arrow(const struct row *row, const struct sg_plan_value *old,
                      const struct sg_plan_value *new) {
    add_value(row, SG_PIECE_OLD, old);
    add(row, SG_PIECE_WORDS, " -> ");
    add_value(row, SG_PIECE_NEW, new);
}

static void add_move(const struct row *row) {
    const struct sg_plan_value *before = &row->field->before, *after = &row->field->after;
    if (before->kind == SG_VALUE_MASKED && after->kind == SG_VALUE_MASKED) {
        add(row, SG_PIECE_WORDS, "(secret) changes");
    } else if (!sg_text_in_lines(before, after)) {
        add_arrow(row, before, after);
    } else {
        add(row, SG_PIECE_WORDS,
            before->kind == SG_VALUE_ABSENT  ? "new, these lines"
            : after->kind == SG_VALUE_ABSENT ? "gone, these lines"
                                             : "these lines");
    }
}

/* The lines of what the customer deletes are read by nobody. */
static bool hides_lines(const struct sg_text *t, const struct sg_plan_field *field) {
    return sg_text_in_lines(&field->base_old, &field->base_new) &&
           (!sg_row_is_deleted(field) || t->opts->full);
}

/* What upstream did to a field that stays as the customer has it. */
static void add_hidden_move(const struct row *row) {
    const struct sg_plan_field *field = row->field;
    const struct sg_plan_value *old = &field->base_old, *new = &field->base_new;
    bool secret = old->kind == SG_VALUE_MASKED || new->kind == SG_VALUE_MASKED;
    if (secret || sg_text_in_lines(old, new)) {
        add(row, SG_PIECE_WORDS, hides_lines(row->t, field) ? "lines" : "change");
        return;
    }
    sg_auto_buf tags = SG_BUF_INIT;
    if (!row->t->opts->full && sg_image_tags_add(field->path, old, new, &tags)) {
        add(row, SG_PIECE_VALUE, sg_buf_cstr(&tags));
    } else {
        add_arrow(row, old, new);
    }
}

static void add_hidden(struct row *row) {
    add(row, SG_PIECE_WORDS, " ");
    row->aside = true;
    add(row, SG_PIECE_WORDS, "(yours hides upstream's ");
    add_hidden_move(row);
    if (row->finding && row->finding->cause_commit) {
        sg_auto_buf commit = SG_BUF_INIT;
        sg_buf_adds(&commit, ", ");
        sg_text_commit(&commit, row->finding->cause_commit);
        add(row, SG_PIECE_WORDS, sg_buf_cstr(&commit));
    }
    add(row, SG_PIECE_WORDS, ")");
    row->aside = false;
}

static void add_stays(const struct row *row) {
    const struct sg_plan_field *field = row->field;
    bool deleted = sg_row_is_deleted(field);
    add(row, SG_PIECE_WORDS, deleted ? "stays deleted" : "stays");
    if (!deleted && !sg_value_is_block(&field->after)) {
        add(row, SG_PIECE_WORDS, " ");
        add_value(row, SG_PIECE_VALUE, &field->after);
    }
}

static void add_remark(struct row *row, enum sg_piece_kind kind, const char *text) {
    add(row, SG_PIECE_WORDS, " ");
    row->aside = true;
    add(row, kind, text);
    row->aside = false;
}

void sg_row_verdict(const struct sg_text *t, const struct sg_plan_field *field,
                    const struct sg_finding *finding, struct sg_pieces *out) {
    struct row row = {t, field, finding, out, false};
    switch (field->state) {
    case SG_STATE_MASKED:
        add_stays(&row);
        add_hidden(&row);
        return;
    case SG_STATE_CONVERGED:
        add(&row, SG_PIECE_WORDS, "is ");
        add_value(&row, SG_PIECE_VALUE, &field->after);
        add_remark(&row, SG_PIECE_WORDS, "(upstream says the same now)");
        return;
    case SG_STATE_LOST:
        add_move(&row);
        add_remark(&row, SG_PIECE_BAD, "(your setting no longer reaches the result)");
        return;
    case SG_STATE_PASSED:
    case SG_STATE_NONE:
        break;
    }
    if (sg_value_same(&field->before, &field->after)) {
        add_stays(&row);
    } else {
        add_move(&row);
    }
    if (field->state == SG_STATE_PASSED) {
        add_remark(&row, SG_PIECE_WORDS, "(upstream's change, through yours)");
    }
}

bool sg_row_lines(const struct sg_text *t, const struct sg_plan_field *field,
                  struct sg_row_lines *out) {
    if (field->state == SG_STATE_MASKED) {
        *out = (struct sg_row_lines){&field->base_old, &field->base_new};
        return hides_lines(t, field);
    }
    *out = (struct sg_row_lines){&field->before, &field->after};
    return sg_text_in_lines(&field->before, &field->after);
}
