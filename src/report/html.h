/*
 * html.h - what the writers of a plan's page share. Foreign text gets into the page by
 * sg_html_text alone.
 */
#ifndef SG_REPORT_HTML_H
#define SG_REPORT_HTML_H

#include "ending.h"
#include "ranked.h"
#include "text.h"

struct sg_html {
    struct sg_buf *out;
    struct sg_text t; /* without colour; `out` is set where it is used */
    const struct sg_report_plan *report;
    struct sg_ranked ranked;
    struct sg_told *told; /* an overlay each */
};

/* Text as it is: neither markup nor the end of an attribute's value, bytes that act on a
 * screen made visible. */
void sg_html_text(const char *text, size_t len, struct sg_buf *out);
/* The same of a NUL-terminated text. */
void sg_html_str(const char *text, struct sg_buf *out);
/* <code>text</code> */
void sg_html_code(const char *text, struct sg_buf *out);
/* <code>file:line:column</code>; nothing where there is no file. */
void sg_html_place(struct sg_place at, struct sg_buf *out);
/* The lines that differ, as <pre class="diff">. */
void sg_html_diff(const struct sg_html *html, const struct sg_buf *lines);

/* The parts of the page. */
void sg_html_findings(const struct sg_html *html);
void sg_html_edits(const struct sg_html *html);
void sg_html_objects(const struct sg_html *html);

#endif
