/*
 * markdown_objects.c - objects and their rows, folded under a line each.
 */
#include <string.h>

#include "markdown.h"
#include "md.h"
#include "row.h"

#define ROWS_MOST  80 /* of one object */
#define LINES_MOST 24 /* of one difference */

static void add_piece(const struct sg_piece *piece, struct sg_buf *out) {
    if (strcmp(piece->text, " -> ") == 0) {
        sg_buf_adds(out, " → ");
    } else if (piece->kind == SG_PIECE_WORDS) {
        sg_buf_adds(out, piece->text[0] == ' ' ? " " : "");
        sg_md_strings(piece->text + (piece->text[0] == ' '), out);
    } else if (piece->kind == SG_PIECE_BAD) {
        sg_buf_adds(out, "**");
        sg_md_strings(piece->text, out);
        sg_buf_adds(out, "**");
    } else {
        sg_md_codes(piece->text, out);
    }
}

static void add_row(const struct sg_md *md, const struct sg_plan_field *field,
                    struct sg_buf *out) {
    bool lost = field->state == SG_STATE_LOST;
    sg_buf_addf(out, "| %s%s%s | ", lost ? "**" : "", sg_row_owner(field),
                lost ? "**" : "");
    sg_md_codes(field->path[0] ? field->path : "(the object)", out);
    sg_buf_adds(out, " | ");
    sg_auto_pieces pieces = {0};
    sg_row_verdict(&md->t, field, NULL, &pieces);
    for (size_t i = 0; i < pieces.items.len; i++) {
        add_piece(&pieces.items.items[i], out);
    }
    sg_buf_adds(out, " | ");
    sg_md_place(field->at, out);
    sg_buf_adds(out, " |\n");
}

/* The lines of a row's long values, below the table. */
static void add_lines(const struct sg_md *md, const struct sg_plan_field *field,
                      struct sg_buf *out) {
    struct sg_row_lines lines;
    if (!sg_row_lines(&md->t, field, &lines)) {
        return;
    }
    sg_auto_buf diff = SG_BUF_INIT;
    struct sg_text t = md->t;
    t.out = &diff;
    sg_text_lines(&t, lines.old, lines.new, 0, t.opts->full ? 0 : LINES_MOST);
    sg_buf_addc(out, '\n');
    sg_md_codes(field->path, out);
    sg_buf_adds(out, field->state == SG_STATE_MASKED ? ", upstream's lines that yours "
                                                       "hides:\n\n"
                                                     : ":\n\n");
    sg_md_block(sg_buf_cstr(&diff), diff.len, "diff", out);
}

/* Upstream's own changes are counted, unless --full. */
static bool is_shown(const struct sg_md *md, const struct sg_plan_field *field) {
    const struct sg_report_opts *opts = md->t.opts;
    if (opts->full || opts->only || field->state == SG_STATE_LOST) {
        return true;
    }
    bool stands =
        field->owner == SG_OWNER_OVERLAY && sg_value_same(&field->before, &field->after);
    return field->owner != SG_OWNER_UPSTREAM && !stands;
}

static void add_heading(const struct sg_plan_object *object, const char *note,
                        struct sg_buf *out) {
    sg_auto_buf name = SG_BUF_INIT;
    sg_text_object(&name, object);
    sg_buf_adds(out, "<details><summary>");
    sg_md_html_code(sg_buf_cstr(&name), name.len, out);
    sg_buf_addf(out, " %s</summary>\n\n", note);
}

static const char *change_note(const struct sg_plan_object *object) {
    bool upstream = object->owner == SG_OWNER_UPSTREAM;
    switch (object->change) {
    case SG_CHANGE_ADDED:
        return upstream ? "added by upstream" : "added by you";
    case SG_CHANGE_REMOVED:
        return upstream ? "removed by upstream" : "removed by you";
    case SG_CHANGE_RENAMED:
        return "renamed";
    case SG_CHANGE_NONE:
        return sg_object_is_kept_away(object) ? "stays deleted" : "stays as it is";
    case SG_CHANGE_MODIFIED:
        break;
    }
    return "changed";
}

/* One hop of one overlay. */
struct hop {
    struct sg_md *md;
    const struct sg_plan_overlay *overlay;
    uint32_t index;
    bool headed;
    size_t objects, fields; /* of upstream alone: counted */
};

/* Overlay and hop, once, in front of the first thing that they hold. */
static void add_hop_heading(struct hop *hop, struct sg_buf *out) {
    const struct sg_plan *plan = hop->md->t.plan;
    if (hop->headed) {
        return;
    }
    sg_buf_adds(out, "\n### ");
    sg_md_codes(hop->overlay->name, out);
    if (plan->hops.len > 1 && hop->index < plan->hops.len) {
        sg_buf_adds(out, " to ");
        sg_md_strings(plan->hops.items[hop->index].version, out);
    }
    sg_buf_adds(out, "\n\n");
}

static void add_body(const struct sg_md *md, const struct sg_plan_object *object,
                     struct sg_buf *out) {
    size_t shown = 0, left_out = 0, upstream = 0;
    if (object->was) {
        sg_buf_adds(out, "was ");
        sg_md_codes(object->was, out);
        sg_buf_adds(out, "\n\n");
    }
    sg_buf_adds(out, "| whose | field | what happens | where |\n|---|---|---|---|\n");
    for (size_t i = 0; i < object->fields.len; i++) {
        const struct sg_plan_field *field = &object->fields.items[i];
        if (!is_shown(md, field)) {
            upstream += field->owner == SG_OWNER_UPSTREAM;
        } else if (shown < ROWS_MOST) {
            add_row(md, field, out);
            shown++;
        } else {
            left_out++;
        }
    }
    if (upstream) {
        sg_buf_addf(out, "| upstream | | %zu of its own | |\n", upstream);
    }
    if (left_out) {
        sg_buf_addf(out, "| | | %zu more | |\n", left_out);
    }
    for (size_t i = 0, n = 0; i < object->fields.len && n < shown; i++) {
        if (is_shown(md, &object->fields.items[i])) {
            add_lines(md, &object->fields.items[i], out);
            n++;
        }
    }
}

static bool comes_or_goes(const struct sg_plan_object *object) {
    return object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED;
}

/* Opened, where a row of it is to be shown; else counted. */
static void add_object(struct hop *hop, const struct sg_plan_object *object) {
    struct sg_md *md = hop->md;
    size_t shown = 0, upstream = 0;
    for (size_t i = 0; i < object->fields.len; i++) {
        shown += is_shown(md, &object->fields.items[i]);
        upstream += object->fields.items[i].owner == SG_OWNER_UPSTREAM;
    }
    bool whole = comes_or_goes(object) && !md->t.opts->full;
    if (whole || (shown == 0 && object->change != SG_CHANGE_RENAMED)) {
        hop->objects += !whole && upstream > 0;
        hop->fields += whole ? 0 : upstream;
        return;
    }
    sg_auto_buf part = SG_BUF_INIT;
    add_hop_heading(hop, &part);
    add_heading(object, change_note(object), &part);
    add_body(md, object, &part);
    sg_buf_adds(&part, "\n</details>\n\n");
    hop->headed |= sg_md_add_part(md, &part, SG_MD_OBJECT);
}

/* An object that comes or goes is a line of a list. */
static void add_whole(struct hop *hop, const struct sg_plan_object *object) {
    if (!comes_or_goes(object) || (hop->md->t.opts->full && object->fields.len)) {
        return;
    }
    sg_auto_buf part = SG_BUF_INIT, name = SG_BUF_INIT;
    add_hop_heading(hop, &part);
    sg_text_object(&name, object);
    sg_buf_adds(&part, "- ");
    sg_md_code(sg_buf_cstr(&name), name.len, &part);
    sg_buf_addf(&part, " %s\n", change_note(object));
    hop->headed |= sg_md_add_part(hop->md, &part, SG_MD_OBJECT);
}

static void add_folded(struct hop *hop) {
    if (hop->objects == 0) {
        return;
    }
    sg_auto_buf part = SG_BUF_INIT;
    add_hop_heading(hop, &part);
    sg_buf_addf(&part, "\n%zu object%s by upstream alone (%zu field%s).\n", hop->objects,
                hop->objects == 1 ? " changes" : "s change", hop->fields,
                hop->fields == 1 ? "" : "s");
    sg_md_add_part(hop->md, &part, SG_MD_NOTE);
}

/* The objects [from, to) of one hop. */
static void add_hop(struct hop *hop, size_t from, size_t to) {
    for (size_t i = from; i < to; i++) {
        add_object(hop, &hop->overlay->objects.items[i]);
    }
    for (size_t i = from; i < to; i++) {
        add_whole(hop, &hop->overlay->objects.items[i]);
    }
    add_folded(hop);
}

static void add_overlay(struct sg_md *md, const struct sg_plan_overlay *overlay) {
    for (size_t from = 0, to = 0; from < overlay->objects.len; from = to) {
        struct hop hop = {
            .md = md, .overlay = overlay, .index = overlay->objects.items[from].hop};
        while (to < overlay->objects.len && overlay->objects.items[to].hop == hop.index) {
            to++;
        }
        add_hop(&hop, from, to);
    }
}

void sg_md_objects(struct sg_md *md) {
    for (size_t i = 0; i < md->t.plan->overlays.len; i++) {
        add_overlay(md, &md->t.plan->overlays.items[i]);
    }
    sg_buf_addc(md->out, '\n');
}
