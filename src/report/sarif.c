/*
 * sarif.c - findings as a SARIF 2.1.0 log (OASIS, Static Analysis Results Interchange
 * Format), for code scanning: one run, a result a finding.
 *
 * A result that was agreed to is suppressed from outside, with its reason; so every
 * result has the list, for the standard wants it in all or in none (3.27.23). Places are
 * relative to %SRCROOT%, the root of the git repository. The run's automationDetails name
 * command and project, so that a log does not replace the alerts of another.
 */
#include "sarif.h"

#include <string.h>

#include "ci.h"
#include "writers.h"

/* --- places ----------------------------------------------------------------------- */

/* The path of a URI reference (RFC 3986): what is not unreserved is %-encoded, a ':' too,
 * which would end a scheme in the first part. */
static void add_uri(const char *path, struct sg_buf *out) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~/";
    for (; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL) {
            sg_buf_addc(out, *path);
        } else {
            sg_buf_addf(out, "%%%02X", (unsigned)(unsigned char)*path);
        }
    }
}

static void put_physical(struct sg_jwriter *w, struct sg_place at) {
    sg_auto_buf uri = SG_BUF_INIT;
    add_uri(at.file, &uri);
    sg_jw_key(w, "physicalLocation");
    sg_jw_begin(w, '{');
    sg_jw_key(w, "artifactLocation");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "uri", sg_buf_cstr(&uri));
    sg_jw_put(w, "uriBaseId", "%SRCROOT%");
    sg_jw_end(w, '}');
    sg_jw_key(w, "region");
    sg_jw_begin(w, '{');
    sg_jw_put_number(w, "startLine", at.line);
    if (at.column > 0) {
        sg_jw_put_number(w, "startColumn", at.column);
    }
    sg_jw_end(w, '}');
    sg_jw_end(w, '}');
}

static void put_logical_one(struct sg_jwriter *w, const char *full, const char *name,
                            const char *kind) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "fullyQualifiedName", full);
    sg_jw_put(w, "name", name);
    sg_jw_put(w, "kind", kind);
    sg_jw_end(w, '}');
}

/* The Kubernetes object, and the field in it: "object" and "property" are SARIF's words
 * for JSON and YAML. */
static void put_logical(struct sg_jwriter *w, const struct sg_finding *finding) {
    if (finding->object[0] == '\0') {
        return;
    }
    const char *slash = strrchr(finding->object, '/');
    sg_jw_key(w, "logicalLocations");
    sg_jw_begin(w, '[');
    put_logical_one(w, finding->object, slash ? slash + 1 : finding->object, "object");
    if (finding->path[0] != '\0') {
        sg_auto_cstr full = sg_xasprintf("%s:%s", finding->object, finding->path);
        put_logical_one(w, full, finding->path, "property");
    }
    sg_jw_end(w, ']');
}

static void put_locations(struct sg_jwriter *w, const struct sg_report_plan *report,
                          const struct sg_finding *finding) {
    sg_auto_buf file = SG_BUF_INIT;
    sg_jw_key(w, "locations");
    sg_jw_begin(w, '[');
    sg_jw_begin(w, '{');
    put_physical(w, sg_ci_place(report, finding, &file));
    put_logical(w, finding);
    sg_jw_end(w, '}');
    sg_jw_end(w, ']');
}

/* --- results ---------------------------------------------------------------------- */

static void put_message(struct sg_jwriter *w, const struct sg_finding *finding) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_text_safe(finding->message, strlen(finding->message), &text);
    sg_buf_addc(&text, '\n');
    sg_ci_details(finding, &text);
    text.ptr[--text.len] = '\0'; /* the last line end */
    sg_sarif_put_text(w, "message", sg_buf_cstr(&text));
}

static void put_suppressions(struct sg_jwriter *w, const struct sg_report_plan *report,
                             const struct sg_finding *finding) {
    sg_jw_key(w, "suppressions");
    sg_jw_begin(w, '[');
    if (sg_ci_verdict_of(report, finding) == SG_CI_ACCEPTED) {
        sg_jw_begin(w, '{');
        sg_jw_put(w, "kind", "external");
        sg_jw_put(w, "status", "accepted");
        sg_jw_put(w, "justification", finding->accepted);
        sg_jw_end(w, '}');
    }
    sg_jw_end(w, ']');
}

/* What SARIF has no member for. */
static void put_properties(struct sg_jwriter *w, const struct sg_plan *plan,
                           const struct sg_finding *finding) {
    sg_jw_key(w, "properties");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "overlay", finding->overlay);
    sg_jw_put(w, "hop",
              finding->hop < plan->hops.len ? plan->hops.items[finding->hop].version
                                            : NULL);
    sg_jw_put(w, "rule", finding->rule);
    sg_jw_put(w, "resolved", sg_resolved_word(finding->resolved));
    sg_jw_put(w, "upstreamCommit", finding->cause_commit);
    sg_jw_put_bool(w, "stops", finding->stops);
    sg_jw_end(w, '}');
}

static void put_rule_index(struct sg_jwriter *w, const struct sg_report_code *pages,
                           const char *code) {
    for (size_t i = 0; pages && pages[i].code; i++) {
        if (strcmp(pages[i].code, code) == 0) {
            sg_jw_put_number(w, "ruleIndex", i);
            return;
        }
    }
}

static void put_result(struct sg_jwriter *w, const struct sg_report_plan *report,
                       const struct sg_finding *finding) {
    sg_jw_begin(w, '{');
    sg_jw_put(w, "ruleId", finding->code);
    put_rule_index(w, report->pages, finding->code);
    sg_jw_put(w, "level", sg_sarif_level(finding->stops ? SG_ERROR : finding->severity));
    put_message(w, finding);
    put_locations(w, report, finding);
    sg_jw_key(w, "partialFingerprints");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "sgupgradeFinding/v1", finding->fingerprint);
    sg_jw_end(w, '}');
    put_suppressions(w, report, finding);
    put_properties(w, report->plan, finding);
    sg_jw_end(w, '}');
}

/* --- the run ---------------------------------------------------------------------- */

/* "sgupgrade/check-since/environments/eu/": what is before the last slash is the category
 * of a code scanning analysis. */
static void put_automation(struct sg_jwriter *w, const struct sg_report_plan *report) {
    static const char *const uses[] = {
        [SG_USE_DIFF] = "diff",
        [SG_USE_APPLY] = "apply",
        [SG_USE_CHECK] = "check",
        [SG_USE_CHECK_TO] = "check",
    };
    bool check = report->use == SG_USE_CHECK || report->use == SG_USE_CHECK_TO;
    const char *how = !check           ? ""
                      : report->since  ? "-since"
                      : report->target ? "-to"
                                       : "";
    const char *folder = report->folder ? report->folder : "";
    sg_auto_cstr id = sg_xasprintf("sgupgrade/%s%s/%s%s", uses[report->use], how, folder,
                                   folder[0] != '\0' ? "/" : "");
    sg_jw_key(w, "automationDetails");
    sg_jw_begin(w, '{');
    sg_jw_put(w, "id", id);
    sg_jw_end(w, '}');
}

static void put_bases(struct sg_jwriter *w) {
    sg_jw_key(w, "originalUriBaseIds");
    sg_jw_begin(w, '{');
    sg_jw_key(w, "%SRCROOT%");
    sg_jw_begin(w, '{');
    sg_sarif_put_text(w, "description", "The root of the git repository.");
    sg_jw_end(w, '}');
    sg_jw_end(w, '}');
}

static void put_invocation(struct sg_jwriter *w, const struct sg_plan *plan) {
    sg_jw_key(w, "invocations");
    sg_jw_begin(w, '[');
    sg_jw_begin(w, '{');
    sg_jw_put_bool(w, "executionSuccessful", true);
    sg_jw_put_number(w, "exitCode", (uint64_t)plan->exit);
    sg_jw_end(w, '}');
    sg_jw_end(w, ']');
}

static void put_run(struct sg_jwriter *w, const struct sg_report_plan *report,
                    const char *version) {
    sg_auto_ci_findings all = {0};
    sg_ci_findings_of(report->plan, &all);
    sg_jw_begin(w, '{');
    sg_sarif_put_tool(w, version, report->pages);
    put_automation(w, report);
    put_bases(w);
    put_invocation(w, report->plan);
    sg_jw_put(w, "columnKind", "unicodeCodePoints");
    sg_jw_key(w, "results");
    sg_jw_begin(w, '[');
    for (size_t i = 0; i < all.items.len; i++) {
        put_result(w, report, all.items.items[i]);
    }
    sg_jw_end(w, ']');
    sg_jw_end(w, '}');
}

int sg_sarif_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_buf *out, struct sg_err *err) {
    (void)err;
    struct sg_jwriter w = {.out = out};
    sg_jw_begin(&w, '{');
    sg_jw_put(&w, "$schema",
              "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
              "sarif-schema-2.1.0.json");
    sg_jw_put(&w, "version", "2.1.0");
    sg_jw_key(&w, "runs");
    sg_jw_begin(&w, '[');
    put_run(&w, &report->plan, opts->tool);
    sg_jw_end(&w, ']');
    sg_jw_end(&w, '}');
    sg_buf_addc(out, '\n');
    return 0;
}
