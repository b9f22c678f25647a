/*
 * md.h - text in GitHub's and GitLab's Markdown that comes out as it is: nothing in it is
 * markup, pings somebody, becomes a link, refers to an issue or ends a table's cell.
 */
#ifndef SG_REPORT_MD_H
#define SG_REPORT_MD_H

#include "sg/buf.h"

/* Words in a sentence, not at the start of a line. Sites look for mentions and references
 * in the page that comes out, so those are broken by a zero-width space. */
void sg_md_text(const char *text, size_t len, struct sg_buf *out);
/* A value or name, which can be copied as it is: inline code. Nothing for "". */
void sg_md_code(const char *text, size_t len, struct sg_buf *out);
/* As sg_md_code for a place where HTML is expected, such as <summary>. */
void sg_md_html_code(const char *text, size_t len, struct sg_buf *out);
/* Lines as a block of code; `language` "diff" or "". */
void sg_md_block(const char *text, size_t len, const char *language, struct sg_buf *out);

#endif
