/*
 * github.c - findings as workflow commands of GitHub Actions, which the runner reads from
 * a step's output and shows as annotations beside the lines of a pull request:
 *
 *     ::error file=overlays/x.yaml,line=7,col=9,title=SG101 masked in x::message
 *
 * (docs.github.com: Workflow commands for GitHub Actions). GitHub shows the first ten
 * annotations of a level a step, so what fails comes first within its level.
 */
#include <string.h>

#include "ci.h"
#include "writers.h"

/* A command ends with its line, a property with ',' or "::": the runner turns these back.
 * '%' is escaped first, so that a text which has "%0A" in it keeps it. */
static void add_escaped(struct sg_buf *out, const struct sg_buf *text, bool property) {
    for (size_t i = 0; i < text->len; i++) {
        char c = text->ptr[i];
        bool special =
            c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        if (special) {
            sg_buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
        } else {
            sg_buf_addc(out, c);
        }
    }
}

static const char *command_of(enum sg_severity severity) {
    return severity == SG_ERROR ? "error" : severity == SG_WARNING ? "warning" : "notice";
}

static void add_annotation(const struct sg_report_plan *report,
                           const struct sg_finding *finding, struct sg_buf *out) {
    sg_auto_buf raw = SG_BUF_INIT, file = SG_BUF_INIT, title = SG_BUF_INIT,
                text = SG_BUF_INIT;
    struct sg_place at = sg_ci_place(report, finding, &raw);
    sg_text_utf8(at.file, raw.len, &file);
    sg_ci_title(finding, &title);
    sg_text_safe(finding->message, strlen(finding->message), &text);
    sg_buf_addc(&text, '\n');
    sg_ci_details(finding, &text);
    text.len--; /* the last line end */
    sg_buf_addf(out, "::%s file=", command_of(sg_ci_severity(finding)));
    add_escaped(out, &file, true);
    sg_buf_addf(out, ",line=%u", (unsigned)at.line);
    if (at.column > 0) {
        sg_buf_addf(out, ",col=%u", (unsigned)at.column);
    }
    sg_buf_adds(out, ",title=");
    add_escaped(out, &title, true);
    sg_buf_adds(out, "::");
    add_escaped(out, &text, false);
    sg_buf_addc(out, '\n');
}

int sg_github_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                   struct sg_buf *out, struct sg_err *err) {
    (void)opts;
    (void)err;
    static const enum sg_ci_verdict order[] = {SG_CI_FAILED, SG_CI_NOTED, SG_CI_ACCEPTED};
    sg_auto_ci_findings all = {0};
    sg_ci_findings_of(report->plan.plan, &all);
    for (size_t o = 0; o < SG_ARRAY_LEN(order); o++) {
        for (size_t i = 0; i < all.items.len; i++) {
            if (sg_ci_verdict_of(&report->plan, all.items.items[i]) == order[o]) {
                add_annotation(&report->plan, all.items.items[i], out);
            }
        }
    }
    return 0;
}
