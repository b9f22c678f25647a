/*
 * markdown_edits.c - what apply edits of the customer's files.
 */
#include <string.h>

#include "edit_row.h"
#include "markdown.h"
#include "md.h"

#define LINES_MOST 24 /* of one edit, unless --full */

static void add_lines(const struct sg_md *md, const struct sg_edit *edit,
                      struct sg_buf *out) {
    sg_auto_buf diff = SG_BUF_INIT;
    struct sg_text t = md->t;
    t.out = &diff;
    sg_text_line_diff(&t, edit->was, strlen(edit->was), edit->now, strlen(edit->now), 0,
                      t.opts->full ? 0 : LINES_MOST);
    sg_buf_addc(out, '\n');
    sg_md_block(sg_buf_cstr(&diff), diff.len, "diff", out);
    sg_buf_addc(out, '\n');
}

static void add_edit(struct sg_md *md, const struct sg_edit_rows *rows,
                     const struct sg_edit *edit) {
    sg_auto_buf part = SG_BUF_INIT, words = SG_BUF_INIT;
    sg_md_place(sg_edit_place(edit), &part);
    sg_edit_words(edit, &words);
    sg_buf_adds(&part, words.len ? " " : "");
    sg_md_text(sg_buf_cstr(&words), words.len, &part);
    const struct sg_finding *finding = sg_edit_rows_finding(rows, edit);
    if (finding) {
        sg_buf_addf(&part, ", %s %s", finding->code, sg_resolved_word(finding->resolved));
    }
    sg_buf_adds(&part, "\n");
    if (sg_edit_has_lines(edit)) {
        add_lines(md, edit, &part);
    } else {
        sg_buf_addc(&part, '\n');
    }
    sg_md_add_part(md, &part, SG_MD_EDIT);
}

void sg_md_edits(struct sg_md *md, const struct sg_report_plan *report) {
    sg_auto_edit_rows rows = {0};
    sg_edit_rows_open(report, &rows);
    if (!sg_edit_rows_any(&rows)) {
        return;
    }
    sg_buf_addf(md->out, "### %s\n\n", sg_edit_rows_title(&rows));
    const struct sg_edit *edit = NULL;
    for (size_t at = 0; (edit = sg_edit_rows_next(&rows, &at));) {
        add_edit(md, &rows, edit);
    }
}
