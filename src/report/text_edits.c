/*
 * text_edits.c - what apply writes into the customer's files, with the lines it changes.
 */
#include <string.h>

#include "edit_row.h"
#include "text.h"

#define LINES_COLUMN 6
#define LINES_MOST   12 /* of one edit, unless --full */

static void add_finding(const struct sg_text *t, const struct sg_finding *finding) {
    sg_buf_addf(t->out, "  %s%s %s%s", t->paint->dim, finding->code,
                finding->resolved == SG_RESOLVED_NONE
                    ? finding->rule
                    : sg_resolved_word(finding->resolved),
                t->paint->reset);
}

static void add_edit(const struct sg_text *t, const struct sg_edit_rows *rows,
                     const struct sg_edit *edit) {
    sg_buf_adds(t->out, "  ");
    sg_text_place(t, sg_edit_place(edit));
    sg_auto_buf words = SG_BUF_INIT;
    sg_edit_words(edit, &words);
    sg_buf_adds(t->out, words.len ? "  " : "");
    sg_text_safe(sg_buf_cstr(&words), words.len, t->out);
    const struct sg_finding *finding = sg_edit_rows_finding(rows, edit);
    if (finding) {
        add_finding(t, finding);
    }
    if (t->plan->hops.len > 1 && edit->hop < t->plan->hops.len) {
        sg_buf_addf(t->out, "  %sto %s%s", t->paint->dim,
                    t->plan->hops.items[edit->hop].version, t->paint->reset);
    }
    sg_buf_addc(t->out, '\n');
    if (sg_edit_has_lines(edit) && !t->opts->quiet) {
        sg_text_line_diff(t, edit->was, strlen(edit->was), edit->now, strlen(edit->now),
                          LINES_COLUMN, t->opts->full ? 0 : LINES_MOST);
    }
}

void sg_text_edits(const struct sg_text *t, const struct sg_report_plan *report) {
    sg_auto_edit_rows rows = {0};
    sg_edit_rows_open(report, &rows);
    if (!sg_edit_rows_any(&rows)) {
        return;
    }
    sg_buf_addf(t->out, "\n%s%s%s\n", t->paint->bold, sg_edit_rows_title(&rows),
                t->paint->reset);
    const struct sg_edit *edit = NULL;
    for (size_t at = 0; (edit = sg_edit_rows_next(&rows, &at));) {
        add_edit(t, &rows, edit);
    }
}
