/*
 * edit_row.h - an edit of a plan in words, for every format that people read.
 */
#ifndef SG_REPORT_EDIT_ROW_H
#define SG_REPORT_EDIT_ROW_H

#include "sg/report.h"
#include "sg/strmap.h"

/* The edits of a report that are to be told, one a line; zero-initialised before. */
struct sg_edit_rows {
    const struct sg_report_plan *report;
    struct sg_strmap findings; /* const struct sg_finding *, by fingerprint */
};
void sg_edit_rows_open(const struct sg_report_plan *report, struct sg_edit_rows *out);
void sg_edit_rows_release(struct sg_edit_rows *rows);
#define sg_auto_edit_rows SG_CLEANUP(sg_edit_rows_release) struct sg_edit_rows

/* Whether there is anything to tell: an apply that stops edits nothing. */
bool sg_edit_rows_any(const struct sg_edit_rows *rows);
/* The heading: "apply will edit of yours", or that it did. */
const char *sg_edit_rows_title(const struct sg_edit_rows *rows);
/* The next edit at or after `*at` that has a line of its own, `*at` set behind it; NULL
 * at the end. */
const struct sg_edit *sg_edit_rows_next(const struct sg_edit_rows *rows, size_t *at);
/* The finding that it mends, or NULL. */
const struct sg_finding *sg_edit_rows_finding(const struct sg_edit_rows *rows,
                                              const struct sg_edit *edit);
/* Where: the file with the line. */
struct sg_place sg_edit_place(const struct sg_edit *edit);
/* "moves to FILE", "is new"; "" for a splice whose lines are shown. Not escaped. */
void sg_edit_words(const struct sg_edit *edit, struct sg_buf *out);
/* The lines before and after are there to be shown. */
bool sg_edit_has_lines(const struct sg_edit *edit);

#endif
