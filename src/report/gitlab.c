/*
 * gitlab.c - open findings as a Code Quality report of GitLab, an artifact of a job that
 * the merge request shows in its widget and beside its lines.
 *
 * An array of {description, check_name, fingerprint, severity, location: {path, lines:
 * {begin}}} (docs.gitlab.com: Code Quality, report format). The widget knows no
 * agreement, so what was accepted is left out and shows as resolved there.
 */
#include <string.h>

#include "ci.h"
#include "jwriter.h"
#include "writers.h"

/* The words of GitLab, by what must be done: a stop blocks. */
static const char *severity_of(const struct sg_finding *finding) {
    if (finding->stops) {
        return "blocker";
    }
    switch (finding->severity) {
    case SG_ERROR:
        return "critical";
    case SG_WARNING:
        return "minor";
    case SG_INFO:
        break;
    }
    return "info";
}

/* Ours is the same for one place in two hops, and may be the same in two projects of a
 * repository: the folder goes in front, a number behind. */
static void add_fingerprint(const char *folder, const struct sg_finding *finding,
                            struct sg_strmap *seen, struct sg_buf *out) {
    size_t nth = sg_ci_nth(seen, finding->fingerprint);
    if (folder && folder[0] != '\0') {
        sg_buf_addf(out, "%s:", folder);
    }
    sg_buf_adds(out, finding->fingerprint);
    if (nth > 1) {
        sg_buf_addf(out, "-%zu", nth);
    }
}

static void put_location(struct sg_jwriter *w, struct sg_place at) {
    sg_jw_key(w, "location");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "path", at.file);
    sg_jw_key(w, "lines");
    sg_jw_begin(w, '{');
    sg_jw_put_number(w, "begin", at.line);
    sg_jw_end(w, '}');
    sg_jw_end(w, '}');
}

static void put_finding(struct sg_jwriter *w, const struct sg_report_plan *report,
                        const struct sg_finding *finding, struct sg_strmap *seen) {
    sg_auto_buf text = SG_BUF_INIT, print = SG_BUF_INIT, file = SG_BUF_INIT;
    sg_ci_title(finding, &text);
    sg_buf_adds(&text, ": ");
    sg_text_safe(finding->message, strlen(finding->message), &text);
    add_fingerprint(report->folder, finding, seen, &print);
    sg_jw_begin(w, '{');
    sg_jw_put(w, "description", sg_buf_cstr(&text));
    sg_jw_put(w, "check_name", finding->code);
    sg_jw_put(w, "fingerprint", sg_buf_cstr(&print));
    sg_jw_put(w, "severity", severity_of(finding));
    put_location(w, sg_ci_place(report, finding, &file));
    sg_jw_end(w, '}');
}

int sg_gitlab_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                   struct sg_buf *out, struct sg_err *err) {
    (void)opts;
    (void)err;
    sg_auto_ci_findings all = {0};
    sg_auto_strmap seen = {0};
    sg_ci_findings_of(report->plan.plan, &all);
    struct sg_jwriter w = {.out = out};
    sg_jw_begin(&w, '[');
    for (size_t i = 0; i < all.items.len; i++) {
        const struct sg_finding *finding = all.items.items[i];
        if (sg_ci_verdict_of(&report->plan, finding) != SG_CI_ACCEPTED) {
            put_finding(&w, &report->plan, finding, &seen);
        }
    }
    sg_jw_end(&w, ']');
    sg_buf_addc(out, '\n');
    return 0;
}
