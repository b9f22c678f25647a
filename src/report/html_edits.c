/*
 * html_edits.c - what apply edits of the customer's files.
 */
#include <string.h>

#include "edit_row.h"
#include "html.h"

static void add_edit(const struct sg_html *html, const struct sg_edit_rows *rows,
                     const struct sg_edit *edit) {
    struct sg_buf *out = html->out;
    sg_auto_buf words = SG_BUF_INIT;
    sg_buf_adds(out, "<article class=\"edit\"><p>");
    sg_html_place(sg_edit_place(edit), out);
    sg_edit_words(edit, &words);
    sg_buf_addc(out, ' ');
    sg_html_text(sg_buf_cstr(&words), words.len, out);
    const struct sg_finding *finding = sg_edit_rows_finding(rows, edit);
    if (finding) {
        sg_buf_addf(out, " <strong>%s</strong> <span class=\"badge overlay\">%s</span>",
                    finding->code, sg_resolved_word(finding->resolved));
    }
    if (html->t.plan->hops.len > 1 && edit->hop < html->t.plan->hops.len) {
        sg_buf_adds(out, " <span class=\"soft\">to ");
        sg_html_str(html->t.plan->hops.items[edit->hop].version, out);
        sg_buf_adds(out, "</span>");
    }
    sg_buf_adds(out, "</p>\n");
    if (sg_edit_has_lines(edit)) {
        sg_auto_buf diff = SG_BUF_INIT;
        struct sg_text t = html->t;
        t.out = &diff;
        sg_text_line_diff(&t, edit->was, strlen(edit->was), edit->now, strlen(edit->now),
                          0, 0);
        sg_html_diff(html, &diff);
    }
    sg_buf_adds(out, "</article>\n");
}

void sg_html_edits(const struct sg_html *html) {
    sg_auto_edit_rows rows = {0};
    sg_edit_rows_open(html->report, &rows);
    if (!sg_edit_rows_any(&rows)) {
        return;
    }
    sg_buf_addf(html->out, "<section>\n<h2>%s</h2>\n", sg_edit_rows_title(&rows));
    const struct sg_edit *edit = NULL;
    for (size_t at = 0; (edit = sg_edit_rows_next(&rows, &at));) {
        add_edit(html, &rows, edit);
    }
    sg_buf_adds(html->out, "</section>\n");
}
