/*
 * html_objects.c - every object and field, by overlay and hop. What the customer has a
 * stake in stands open; the rest is a click away.
 */
#include "html.h"
#include "row.h"

#include <string.h>

#define LINES_MOST 400 /* of one difference, unless --full */
#define LINES_OPEN 30  /* a longer one is folded */

static void add_piece(const struct sg_piece *piece, struct sg_buf *out) {
    static const char *const classes[] = {"", "old", "new", "value", "loss"};
    if (strcmp(piece->text, " -> ") == 0) {
        sg_buf_adds(out, " → ");
    } else if (piece->kind == SG_PIECE_WORDS) {
        sg_html_str(piece->text, out);
    } else {
        const char *tag = piece->kind == SG_PIECE_BAD ? "span" : "code";
        sg_buf_addf(out, "<%s class=\"%s\">", tag, classes[piece->kind]);
        sg_html_str(piece->text, out);
        sg_buf_addf(out, "</%s>", tag);
    }
}

static void add_verdict(const struct sg_html *html, const struct sg_plan_field *field,
                        const struct sg_finding *finding) {
    sg_auto_pieces pieces = {0};
    bool aside = false;
    sg_row_verdict(&html->t, field, finding, &pieces);
    for (size_t i = 0; i < pieces.items.len; i++) {
        const struct sg_piece *piece = &pieces.items.items[i];
        if (piece->aside != aside) {
            sg_buf_adds(html->out, aside ? "</span>" : "<span class=\"aside\">");
            aside = piece->aside;
        }
        add_piece(piece, html->out);
    }
    sg_buf_adds(html->out, aside ? "</span>" : "");
    if (finding) {
        sg_buf_addf(html->out, " <span class=\"badge %s\">%s</span>",
                    sg_rank_word(sg_finding_rank(finding)), finding->code);
    }
}

static void add_lines(const struct sg_html *html, const struct sg_plan_field *field) {
    struct sg_row_lines lines;
    if (!sg_row_lines(&html->t, field, &lines)) {
        return;
    }
    sg_auto_buf diff = SG_BUF_INIT;
    struct sg_text t = html->t;
    t.out = &diff;
    sg_text_lines(&t, lines.old, lines.new, 0, t.opts->full ? 0 : LINES_MOST);
    size_t n = 0;
    for (size_t i = 0; i < diff.len; i++) {
        n += diff.ptr[i] == '\n';
    }
    sg_buf_addf(html->out,
                "<tr><td colspan=\"4\"><details class=\"lines\"%s>"
                "<summary>%zu line%s</summary>",
                n <= LINES_OPEN ? " open" : "", n, n == 1 ? "" : "s");
    sg_html_diff(html, &diff);
    sg_buf_adds(html->out, "</details></td></tr>\n");
}

/* A row is a body of the table, with the lines of its long value in a second line. */
static void add_row(const struct sg_html *html, const struct sg_plan_field *field,
                    const struct sg_finding *finding) {
    const char *owner = sg_owner_word(field->owner);
    sg_buf_addf(html->out,
                "<tbody data-leaf data-owner=\"%s\"><tr><td><span class=\"badge "
                "%s\">%s</span></td><td>",
                owner, field->state == SG_STATE_LOST ? "lost" : owner,
                sg_row_owner(field));
    if (field->path[0]) {
        sg_html_code(field->path, html->out);
    } else {
        sg_buf_adds(html->out, "(the object)");
    }
    sg_buf_adds(html->out, "</td><td>");
    add_verdict(html, field, finding);
    sg_buf_adds(html->out, "</td><td>");
    sg_html_place(field->at, html->out);
    sg_buf_adds(html->out, "</td></tr>\n");
    add_lines(html, field);
    sg_buf_adds(html->out, "</tbody>\n");
}

/* --- objects ---------------------------------------------------------------------- */

struct rows {
    size_t by_owner[SG_OWNER_EFFECT + 1], lost;
    bool stake; /* something here the customer wants to see at once */
};

static struct rows count_rows(const struct sg_plan_object *object) {
    struct rows rows = {0};
    for (size_t i = 0; i < object->fields.len; i++) {
        const struct sg_plan_field *field = &object->fields.items[i];
        bool lost = field->state == SG_STATE_LOST;
        rows.by_owner[field->owner]++;
        rows.lost += lost;
        rows.stake |=
            lost || (field->owner == SG_OWNER_BOTH && field->state != SG_STATE_CONVERGED);
    }
    return rows;
}

static void add_counts(const struct rows *rows, struct sg_buf *out) {
    static const char *const words[] = {"upstream", "yours", "both", "follow"};
    bool first = true;
    sg_buf_adds(out, " <span class=\"count\">");
    if (rows->lost) {
        sg_buf_addf(out, "<span class=\"loss\">%zu lost</span>", rows->lost);
        first = false;
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(words); i++) {
        if (rows->by_owner[i]) {
            sg_buf_addf(out, "%s%zu %s", first ? "" : ", ", rows->by_owner[i], words[i]);
            first = false;
        }
    }
    sg_buf_adds(out, "</span>");
}

static void add_change(const struct sg_plan_object *object, struct sg_buf *out) {
    const char *by = object->owner == SG_OWNER_UPSTREAM ? "upstream" : "you";
    switch (object->change) {
    case SG_CHANGE_ADDED:
        sg_buf_addf(out, "<span class=\"badge added\">added by %s</span>", by);
        break;
    case SG_CHANGE_REMOVED:
        sg_buf_addf(out, "<span class=\"badge removed\">removed by %s</span>", by);
        break;
    case SG_CHANGE_NONE:
        sg_buf_addf(out, "<span class=\"badge\">%s</span>",
                    sg_object_is_kept_away(object) ? "stays deleted" : "stays as it is");
        break;
    case SG_CHANGE_RENAMED:
    case SG_CHANGE_MODIFIED:
        sg_buf_adds(out, "<span class=\"badge\">changed</span>");
        break;
    }
    if (object->was) {
        sg_buf_adds(out, " <span class=\"soft\">was ");
        sg_html_code(object->was, out);
        sg_buf_adds(out, "</span>");
    }
}

static void add_object(const struct sg_html *html, const struct sg_told *told,
                       const struct sg_plan_object *object) {
    struct sg_buf *out = html->out;
    struct rows rows = count_rows(object);
    bool whole = object->change == SG_CHANGE_ADDED || object->change == SG_CHANGE_REMOVED;
    sg_buf_addf(out, "<details class=\"object\" data-leaf%s%s%s%s><summary>",
                whole ? " data-whole=\"" : "", whole ? sg_owner_word(object->owner) : "",
                whole ? "\"" : "", rows.stake && !whole ? " open" : "");
    sg_auto_buf name = SG_BUF_INIT;
    sg_text_object(&name, object);
    sg_buf_adds(out, "<span class=\"name\">");
    sg_html_str(sg_buf_cstr(&name), out);
    sg_buf_adds(out, "</span> ");
    add_change(object, out);
    add_counts(&rows, out);
    sg_buf_adds(out, "</summary>\n");
    if (object->fields.len) {
        sg_buf_adds(out, "<table>\n<thead><tr><th>whose</th><th>field</th>"
                         "<th>what happens</th><th>where</th></tr></thead>\n");
        for (size_t i = 0; i < object->fields.len; i++) {
            add_row(html, &object->fields.items[i],
                    sg_told_by_row(told, object, &object->fields.items[i]));
        }
        sg_buf_adds(out, "</table>\n");
    }
    sg_buf_adds(out, "</details>\n");
}

static void add_hop(const struct sg_html *html, size_t overlay, size_t from, size_t to) {
    const struct sg_plan *plan = html->t.plan;
    const struct sg_plan_object *objects = plan->overlays.items[overlay].objects.items;
    sg_buf_adds(html->out, "<div data-group>\n");
    if (plan->hops.len > 1 && objects[from].hop < plan->hops.len) {
        sg_buf_adds(html->out, "<h3>to ");
        sg_html_str(plan->hops.items[objects[from].hop].version, html->out);
        sg_buf_adds(html->out, "</h3>\n");
    }
    for (size_t i = from; i < to; i++) {
        add_object(html, &html->told[overlay], &objects[i]);
    }
    sg_buf_adds(html->out, "</div>\n");
}

static void add_overlay(const struct sg_html *html, size_t index) {
    const struct sg_plan_overlay *overlay = &html->t.plan->overlays.items[index];
    sg_buf_addf(html->out,
                "<section id=\"overlay-%zu\" data-overlay=\"%zu\" data-group>\n"
                "<h2>",
                index, index);
    sg_html_str(overlay->name, html->out);
    sg_buf_adds(html->out, "</h2>\n");
    if (overlay->objects.len == 0) {
        sg_buf_addf(html->out, "<p class=\"soft\" data-leaf>%s</p>\n",
                    overlay->broken       ? "Does not render on the new base."
                    : overlay->uncompared ? "What changes is not known."
                                          : "Nothing changes.");
    }
    for (size_t from = 0, to = 0; from < overlay->objects.len; from = to) {
        while (to < overlay->objects.len &&
               overlay->objects.items[to].hop == overlay->objects.items[from].hop) {
            to++;
        }
        add_hop(html, index, from, to);
    }
    sg_buf_adds(html->out, "</section>\n");
}

void sg_html_objects(const struct sg_html *html) {
    for (size_t i = 0; i < html->t.plan->overlays.len; i++) {
        add_overlay(html, i);
    }
}
