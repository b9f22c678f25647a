/*
 * markdown.h - what the writers of Markdown share.
 */
#ifndef SG_REPORT_MARKDOWN_H
#define SG_REPORT_MARKDOWN_H

#include "text.h"

#define SG_MD_MOST    60000 /* characters of the whole */
#define SG_MD_RESERVE 1200  /* of them kept for the end */

/* Parts that may be left out, for the line that says how many were. */
enum sg_md_part {
    SG_MD_NOTE,
    SG_MD_OVERLAY,
    SG_MD_FINDING,
    SG_MD_OBJECT,
    SG_MD_EDIT,
    SG_MD_DIFFERENCE,
    SG_MD_KIND,
    SG_MD_ODDITY,
    SG_MD_PARTS,
};

struct sg_md {
    struct sg_buf *out;
    struct sg_text t; /* without colour; `out` is set where it is used */
    size_t left;      /* characters */
    size_t cut[SG_MD_PARTS];
};

/* Appends the part where it still fits; else counts it as cut and returns false. */
bool sg_md_add_part(struct sg_md *md, const struct sg_buf *part, enum sg_md_part kind);
/* sg_md_text and sg_md_code of a NUL-terminated text. */
void sg_md_strings(const char *text, struct sg_buf *out);
void sg_md_codes(const char *text, struct sg_buf *out);
/* `file:line`; nothing where there is no file. */
void sg_md_place(struct sg_place at, struct sg_buf *out);

/* How many parts were left out, and which format (a name for -o) has them; nothing where
 * all are there. */
void sg_md_cut(const struct sg_md *md, const char *format);
/* "Next: " and the command, in no more than 300 characters. */
void sg_md_next(const struct sg_md *md, const char *why, const char *command);

/* An adopted fork; `name` for its heading where there are several, else NULL. */
void sg_md_adopt(struct sg_md *md, const struct sg_report_adopt *report,
                 const char *name);
/* Its next commands, for the end of the whole. */
void sg_md_adopt_next(const struct sg_report_adopt *report, struct sg_buf *out);
/* What `apply` edits of the customer's. */
void sg_md_edits(struct sg_md *md, const struct sg_report_plan *report);
/* The objects of every overlay. */
void sg_md_objects(struct sg_md *md);

#endif
