#include "ci.h"

#include <string.h>

#include "sg/path.h"
#include "text.h"

/* --- the list --------------------------------------------------------------------- */

void sg_ci_findings_release(struct sg_ci_findings *findings) {
    sg_vec_release(&findings->items);
}

static void add_all(const struct sg_finding *findings, size_t n,
                    struct sg_ci_findings *out) {
    for (size_t i = 0; i < n; i++) {
        sg_vec_push(&out->items, &findings[i]);
    }
}

void sg_ci_findings_of(const struct sg_plan *plan, struct sg_ci_findings *out) {
    add_all(plan->findings.items, plan->findings.len, out);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        const struct sg_plan_overlay *overlay = &plan->overlays.items[i];
        add_all(overlay->findings.items, overlay->findings.len, out);
    }
}

/* --- what it comes to ------------------------------------------------------------- */

enum sg_ci_verdict sg_ci_verdict_of(const struct sg_report_plan *report,
                                    const struct sg_finding *finding) {
    if (finding->stops) {
        return SG_CI_FAILED;
    }
    if (finding->accepted) {
        return SG_CI_ACCEPTED;
    }
    enum sg_severity least = report->use == SG_USE_CHECK ? report->fail_on : SG_ERROR;
    return finding->severity >= least ? SG_CI_FAILED : SG_CI_NOTED;
}

enum sg_severity sg_ci_severity(const struct sg_finding *finding) {
    if (finding->stops) {
        return SG_ERROR;
    }
    return finding->accepted ? SG_INFO : finding->severity;
}

/* --- where it is ------------------------------------------------------------------ */

/* `file` as git names it. A component beside the project is "../x" to the project. What
 * lies outside of the repository has no name there: false. */
static bool add_git_path(const char *folder, const char *file, struct sg_buf *out) {
    struct sg_err ignored = {0};
    sg_buf_clear(out);
    return sg_path_join(folder ? folder : "", file, out, &ignored) == 0 && out->len > 0;
}

struct sg_place sg_ci_place(const struct sg_report_plan *report,
                            const struct sg_finding *finding, struct sg_buf *file) {
    struct sg_place place = finding->at;
    if (!place.file || !add_git_path(report->folder, place.file, file)) {
        bool upgrade = finding->hop != SG_NO_HOP;
        place = (struct sg_place){.line = 1};
        (void)add_git_path(report->folder, upgrade ? "sgupgrade.lock" : "sgupgrade.yaml",
                           file);
    }
    place.file = sg_buf_cstr(file);
    if (place.line == 0) {
        place.line = 1;
        place.column = 0;
    }
    return place;
}

size_t sg_ci_nth(struct sg_strmap *seen, const char *key) {
    size_t len = strlen(key);
    /* the count itself stands where the table has its pointer */
    uintptr_t times = (uintptr_t)sg_strmap_get(seen, key, len) + 1;
    sg_strmap_put(seen, key, len, (void *)times);
    return (size_t)times;
}

/* --- what it says ----------------------------------------------------------------- */

void sg_ci_title(const struct sg_finding *finding, struct sg_buf *out) {
    sg_buf_addf(out, "%s %s", finding->code, finding->rule);
    if (finding->overlay) {
        sg_buf_adds(out, " in ");
        sg_text_adds(out, finding->overlay);
    }
}

static void add_line(struct sg_buf *out, const char *label, const char *text) {
    sg_buf_addf(out, "%s: ", label);
    sg_text_adds(out, text);
    sg_buf_addc(out, '\n');
}

/* A finding about a file has the file as its object, which the place says already. */
static void add_object(const struct sg_finding *finding, struct sg_buf *out) {
    bool file = finding->at.file && strcmp(finding->object, finding->at.file) == 0;
    if (finding->object[0] == '\0' || file) {
        return;
    }
    sg_buf_adds(out, "object: ");
    sg_text_adds(out, finding->object);
    if (finding->path[0] != '\0') {
        sg_buf_addc(out, ' ');
        sg_text_adds(out, finding->path);
    }
    sg_buf_addc(out, '\n');
}

void sg_ci_details(const struct sg_finding *finding, struct sg_buf *out) {
    add_object(finding, out);
    if (finding->cause_commit) {
        sg_buf_addf(out, "upstream: %.10s ", finding->cause_commit);
        sg_text_adds(out, finding->cause_subject ? finding->cause_subject : "");
        sg_buf_addc(out, '\n');
    }
    if (finding->accepted) {
        add_line(out, "accepted", finding->accepted);
    }
    if (finding->accepted && !finding->stops) {
        return;
    }
    if (finding->fix[0] != '\0') {
        add_line(out, "fix", finding->fix);
    }
    for (size_t i = 0; i < finding->flags.len; i++) {
        add_line(out, "decide", finding->flags.items[i]);
    }
}
