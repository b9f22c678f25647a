/*
 * text_codes.c - what findings mean, for people: the list of codes, or whole pages.
 */
#include "text.h"
#include "writers.h"

#include <string.h>

#define INDENT 2

static void add_part(struct sg_buf *out, const char *label, const char *text) {
    sg_buf_addf(out, "%s\n%*s", label, INDENT, "");
    sg_text_wrap(out, text, strlen(text), INDENT, INDENT);
}

static void add_page(struct sg_buf *out, const struct sg_report_code *page,
                     const struct sg_palette *paint) {
    sg_buf_addf(out, "%s%s %s: %s%s\n", paint->bold, page->code, page->rule, page->title,
                paint->reset);
    const char *const parts[][2] = {
        {"When", page->when},         {"What it means", page->means},
        {"Severity", page->severity}, {"What apply does", page->apply},
        {"What to do", page->fix},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(parts); i++) {
        sg_buf_addc(out, '\n');
        add_part(out, parts[i][0], parts[i][1]);
    }
}

int sg_text_codes(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_palette *paint = opts->paint;
    for (size_t i = 0; i < report->codes.len; i++) {
        const struct sg_report_code *page = &report->codes.items[i];
        if (report->codes.pages) {
            sg_buf_adds(out, i ? "\n" : "");
            add_page(out, page, paint);
        } else {
            sg_buf_addf(out, "%s%s%s  %-15s%s\n", paint->bold, page->code, paint->reset,
                        page->rule, page->title);
        }
    }
    return 0;
}
