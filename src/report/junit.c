/*
 * junit.c - a plan as a JUnit test report: a suite for the project and one an overlay, a
 * case a finding. What fails the command is a failure, what was accepted is skipped with
 * its reason, what is below that passes and says itself in system-out. A suite without a
 * finding has one case that passes: many readers take an empty report for a broken one.
 *
 * Written are the elements and attributes that Jenkins' schema (junit-10.xsd of its xUnit
 * plugin) and every reader we know have in common. Times are 0: a report has no clock.
 */
#include <string.h>

#include "ci.h"
#include "text.h"
#include "writers.h"

/* --- XML -------------------------------------------------------------------------- */

/*
 * Text that XML 1.0 can hold. In an attribute a line end or a tab would become a blank,
 * so they are written as references there. Other control characters and U+FFFE, U+FFFF
 * cannot be written at all, also not as references.
 */
static void add_xml(struct sg_buf *out, const char *text, bool attribute) {
    sg_auto_buf valid = SG_BUF_INIT;
    sg_text_utf8(text, strlen(text), &valid);
    for (const char *at = sg_buf_cstr(&valid); *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        bool nonchar =
            strncmp(at, "\xEF\xBF\xBE", 3) == 0 || strncmp(at, "\xEF\xBF\xBF", 3) == 0;
        if (c == '&') {
            sg_buf_adds(out, "&amp;");
        } else if (c == '<') {
            sg_buf_adds(out, "&lt;");
        } else if (c == '>') {
            sg_buf_adds(out, "&gt;");
        } else if (c == '"') {
            sg_buf_adds(out, "&quot;");
        } else if (c == '\r' || ((c == '\n' || c == '\t') && attribute)) {
            sg_buf_addf(out, "&#%d;", c);
        } else if ((c < 0x20 && c != '\n' && c != '\t') || nonchar) {
            sg_buf_adds(out, "\xEF\xBF\xBD");
            at += nonchar ? 2 : 0;
        } else {
            sg_buf_addc(out, *at);
        }
    }
}

static void add_attribute(struct sg_buf *out, const char *name, const char *value) {
    sg_buf_addf(out, " %s=\"", name);
    add_xml(out, value, true);
    sg_buf_addc(out, '"');
}

/* --- cases ------------------------------------------------------------------------ */

/* The place and the details, for the reader of a failure. */
static void add_body(const struct sg_report_plan *report,
                     const struct sg_finding *finding, struct sg_buf *out) {
    sg_auto_buf file = SG_BUF_INIT, text = SG_BUF_INIT;
    struct sg_place at = sg_ci_place(report, finding, &file);
    sg_buf_addf(&text, "at: ");
    sg_text_adds(&text, at.file);
    sg_buf_addf(&text, ":%u\n", (unsigned)at.line);
    sg_ci_details(finding, &text);
    add_xml(out, sg_buf_cstr(&text), false);
}

/* Readers follow a case from run to run by its name, and know one of a name: no line is
 * in it, and what would be there twice is numbered. */
static void add_name(const struct sg_report_plan *report,
                     const struct sg_finding *finding, struct sg_strmap *seen,
                     struct sg_buf *out) {
    const struct sg_plan *plan = report->plan;
    sg_auto_buf name = SG_BUF_INIT;
    sg_buf_addf(&name, "%s %s", finding->code, finding->rule);
    sg_buf_adds(&name, finding->object[0] != '\0' ? ": " : "");
    sg_buf_adds(&name, finding->object);
    sg_buf_adds(&name, finding->path[0] != '\0' ? ": " : "");
    sg_buf_adds(&name, finding->path);
    if (plan->hops.len > 1 && finding->hop < plan->hops.len) {
        sg_buf_addf(&name, " (%s)", plan->hops.items[finding->hop].version);
    }
    size_t nth = sg_ci_nth(seen, sg_buf_cstr(&name));
    if (nth > 1) {
        sg_buf_addf(&name, " #%zu", nth);
    }
    add_attribute(out, "name", sg_buf_cstr(&name));
}

static void add_result(const struct sg_report_plan *report,
                       const struct sg_finding *finding, struct sg_buf *out) {
    switch (sg_ci_verdict_of(report, finding)) {
    case SG_CI_FAILED:
        sg_buf_adds(out, "      <failure");
        add_attribute(out, "message", finding->message);
        add_attribute(out, "type", finding->code);
        sg_buf_addc(out, '>');
        add_body(report, finding, out);
        sg_buf_adds(out, "</failure>\n");
        return;
    case SG_CI_ACCEPTED: {
        sg_auto_cstr reason = sg_xasprintf("accepted: %s", finding->accepted);
        sg_buf_adds(out, "      <skipped");
        add_attribute(out, "message", reason);
        sg_buf_adds(out, "/>\n      <system-out>");
        break;
    }
    case SG_CI_NOTED:
        sg_buf_adds(out, "      <system-out>");
        break;
    }
    sg_buf_addf(out, "%s: ", sg_severity_word(finding->severity));
    add_xml(out, finding->message, false);
    sg_buf_addc(out, '\n');
    add_body(report, finding, out);
    sg_buf_adds(out, "</system-out>\n");
}

static void add_case(const struct sg_report_plan *report, const char *suite,
                     const struct sg_finding *finding, struct sg_strmap *seen,
                     struct sg_buf *out) {
    sg_buf_adds(out, "    <testcase");
    add_attribute(out, "classname", suite);
    add_name(report, finding, seen, out);
    sg_buf_adds(out, " time=\"0\">\n");
    add_result(report, finding, out);
    sg_buf_adds(out, "    </testcase>\n");
}

/* --- suites ----------------------------------------------------------------------- */

struct tally {
    size_t tests, failures, skipped;
};

static void count(const struct sg_report_plan *report, const struct sg_finding *findings,
                  size_t n, struct tally *tally) {
    tally->tests += n > 0 ? n : 1;
    for (size_t i = 0; i < n; i++) {
        enum sg_ci_verdict verdict = sg_ci_verdict_of(report, &findings[i]);
        tally->failures += verdict == SG_CI_FAILED;
        tally->skipped += verdict == SG_CI_ACCEPTED;
    }
}

static void add_suite(const struct sg_report_plan *report, const char *name,
                      const struct sg_finding *findings, size_t n, struct sg_buf *out) {
    struct tally tally = {0};
    count(report, findings, n, &tally);
    sg_buf_adds(out, "  <testsuite");
    add_attribute(out, "name", name);
    sg_buf_addf(out,
                " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" "
                "time=\"0\">\n",
                tally.tests, tally.failures, tally.skipped);
    if (n == 0) {
        sg_buf_adds(out, "    <testcase");
        add_attribute(out, "classname", name);
        sg_buf_adds(out, " name=\"no findings\" time=\"0\"/>\n");
    }
    sg_auto_strmap seen = {0};
    for (size_t i = 0; i < n; i++) {
        add_case(report, name, &findings[i], &seen, out);
    }
    sg_buf_adds(out, "  </testsuite>\n");
}

/* A class of the readers' trees: "sgupgrade.production", of a project in a folder
 * "sgupgrade.environments/eu.production". */
static char *suite_name(const struct sg_report_plan *report, const char *overlay) {
    const char *folder = report->folder ? report->folder : "";
    return sg_xasprintf("sgupgrade%s%s%s%s", folder[0] != '\0' ? "." : "", folder,
                        overlay ? "." : "", overlay ? overlay : "");
}

static void add_root(const struct sg_report_plan *report, struct sg_buf *out) {
    const struct sg_plan *plan = report->plan;
    struct tally tally = {0};
    count(report, plan->findings.items, plan->findings.len, &tally);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        count(report, plan->overlays.items[i].findings.items,
              plan->overlays.items[i].findings.len, &tally);
    }
    sg_buf_addf(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<testsuites name=\"sgupgrade\" tests=\"%zu\" failures=\"%zu\" "
                "errors=\"0\" time=\"0\">\n",
                tally.tests, tally.failures);
}

int sg_junit_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_buf *out, struct sg_err *err) {
    (void)opts;
    (void)err;
    const struct sg_plan *plan = report->plan.plan;
    sg_auto_cstr project = suite_name(&report->plan, NULL);
    add_root(&report->plan, out);
    add_suite(&report->plan, project, plan->findings.items, plan->findings.len, out);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        const struct sg_plan_overlay *overlay = &plan->overlays.items[i];
        sg_auto_cstr name = suite_name(&report->plan, overlay->name);
        add_suite(&report->plan, name, overlay->findings.items, overlay->findings.len,
                  out);
    }
    sg_buf_adds(out, "</testsuites>\n");
    return 0;
}
