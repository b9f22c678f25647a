/*
 * text_plan.c - a plan for people: what must be decided first, the next command last.
 */
#include "ending.h"
#include "text.h"
#include "writers.h"

#include <string.h>

#define NOTE_LINES 12

static void add_title(const struct sg_text *t, const struct sg_report_plan *report) {
    const struct sg_plan *plan = report->plan;
    const struct sg_palette *p = t->paint;
    if (plan->hops.len == 0) {
        sg_buf_addf(t->out, "%s%s%s", p->bold, plan->from.version, p->reset);
        if (report->since) {
            sg_buf_addf(t->out, ", the same as at %s", report->since);
        }
        if (plan->overlays.len > 0) {
            sg_buf_adds(t->out, ", ");
            sg_text_count(t->out, plan->overlays.len, "overlay", NULL);
        }
    } else {
        bool same = strcmp(plan->from.version, plan->to.version) == 0;
        sg_buf_addf(t->out, "%s%s%s%s%s", p->bold, plan->from.version, same ? "" : " -> ",
                    same ? "" : plan->to.version, p->reset);
        sg_buf_adds(t->out, plan->hops.len > 1 ? " in " : "");
        if (plan->hops.len > 1) {
            sg_text_count(t->out, plan->hops.len, "hop", NULL);
        }
        if (report->since) {
            sg_buf_addf(t->out, same ? ", with what changed since %s" : " since %s",
                        report->since);
        }
    }
    sg_buf_addc(t->out, '\n');
    if (t->opts->only) {
        sg_buf_addf(t->out, "%sonly a part is shown: --only %s%s\n", p->dim,
                    sg_only_word(t->opts->only), p->reset);
    }
    for (size_t i = 0; i < plan->hops.len && plan->hops.len > 1; i++) {
        const struct sg_plan_hop *hop = &plan->hops.items[i];
        sg_buf_addf(t->out, "  %-12s%s", hop->version, p->dim);
        sg_text_commit(t->out, hop->commit);
        sg_buf_addf(t->out, "%s\n", p->reset);
    }
}

/* Where the whole note is to be read. */
static void add_rest(const struct sg_text *t, const struct sg_plan_note *note) {
    sg_buf_addf(t->out, "    %s... --full shows the rest", t->paint->dim);
    if (note->where) {
        sg_buf_adds(t->out, "; it is in ");
        sg_text_adds(t->out, note->where);
    }
    sg_buf_addf(t->out, "%s\n", t->paint->reset);
}

/* Upstream's text, a few lines of it unless --full. */
static void add_note(const struct sg_text *t, const char *version,
                     const struct sg_plan_note *note) {
    sg_buf_addf(t->out, "\n  %sNote for %s:%s ", t->paint->warning, version,
                t->paint->reset);
    sg_text_adds(t->out, note->title);
    sg_buf_addc(t->out, '\n');
    size_t shown = 0;
    for (const char *at = note->text; *at; shown++) {
        size_t len = strcspn(at, "\n");
        if (shown >= NOTE_LINES && !t->opts->full) {
            add_rest(t, note);
            break;
        }
        sg_buf_adds(t->out, len ? "    " : "");
        sg_text_safe(at, len, t->out);
        sg_buf_addc(t->out, '\n');
        at += len + (at[len] == '\n');
    }
}

static void add_notes(const struct sg_text *t, const struct sg_plan *plan) {
    for (size_t h = 0; h < plan->hops.len; h++) {
        for (size_t i = 0; i < plan->hops.items[h].notes.len; i++) {
            add_note(t, plan->hops.items[h].version, &plan->hops.items[h].notes.items[i]);
        }
    }
}

static void add_tally(struct sg_buf *out, bool *first, size_t n, const char *what) {
    if (n == 0) {
        return;
    }
    sg_buf_addf(out, "%s%zu %s", *first ? "" : ", ", n, what);
    *first = false;
}

/* "production: 1 added, 26 changed". */
static void add_overlay_title(const struct sg_text *t,
                              const struct sg_plan_overlay *overlay) {
    sg_buf_addf(t->out, "\n%s", t->paint->bold);
    sg_text_adds(t->out, overlay->name);
    sg_buf_addf(t->out, "%s  ", t->paint->reset);
    bool first = true;
    if (overlay->broken) {
        sg_buf_addf(t->out, "%sdoes not render on the new base%s", t->paint->error,
                    t->paint->reset);
        first = false;
    }
    if (overlay->gone) {
        sg_buf_addf(t->out, "%sthe overlay is gone%s", t->paint->removed,
                    t->paint->reset);
        first = false;
    }
    add_tally(t->out, &first, overlay->net.added, "added");
    add_tally(t->out, &first, overlay->net.removed, "removed");
    add_tally(t->out, &first, overlay->net.renamed, "renamed");
    add_tally(t->out, &first, overlay->net.modified, "changed");
    sg_buf_adds(t->out, !first                ? ""
                        : overlay->uncompared ? "what changes is not known"
                                              : "nothing changes");
    sg_buf_adds(t->out, overlay->opaque ? ", in parts not rendered (SG405)" : "");
    sg_buf_addc(t->out, '\n');
}

static void add_overlay(const struct sg_text *t, const struct sg_report_plan *report,
                        const struct sg_plan_overlay *overlay, size_t *left_out) {
    bool present = report->use == SG_USE_CHECK && report->plan->hops.len == 0;
    if (!present) {
        add_overlay_title(t, overlay);
    } else if (overlay->findings.len) {
        sg_buf_addf(t->out, "\n%s", t->paint->bold);
        sg_text_adds(t->out, overlay->name);
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
    bool rows = !t->terse && report->use != SG_USE_CHECK;
    if (rows) {
        sg_text_capacity(t, overlay);
    }
    struct sg_told told = {0};
    if (rows && !t->opts->stat) {
        sg_told_pair(&told, overlay);
    }
    *left_out +=
        sg_text_findings(t, overlay->findings.items, overlay->findings.len, &told);
    if (rows) {
        sg_text_objects(t, report->plan, overlay, &told);
    }
    sg_told_release(&told);
}

/* The finding that weighs most: its code is the one to ask `explain` for. */
static void weigh(const struct sg_finding *findings, size_t n,
                  const struct sg_finding **heaviest) {
    for (size_t i = 0; i < n; i++) {
        int weight = findings[i].stops ? SG_ERROR + 1 : (int)findings[i].severity;
        int so_far = !*heaviest           ? SG_INFO
                     : (*heaviest)->stops ? SG_ERROR + 1
                                          : (int)(*heaviest)->severity;
        if (weight > so_far && !findings[i].accepted) {
            *heaviest = &findings[i];
        }
    }
}

static const struct sg_finding *heaviest_finding(const struct sg_plan *plan) {
    const struct sg_finding *heaviest = NULL;
    weigh(plan->findings.items, plan->findings.len, &heaviest);
    for (size_t o = 0; o < plan->overlays.len; o++) {
        weigh(plan->overlays.items[o].findings.items,
              plan->overlays.items[o].findings.len, &heaviest);
    }
    return heaviest;
}

/* Findings by what is open: what somebody agreed to is no trouble any more. */
struct open_findings {
    size_t by_severity[SG_ERROR + 1], accepted;
};

static void count_open(struct open_findings *open, const struct sg_finding *findings,
                       size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (findings[i].accepted && !findings[i].stops) {
            open->accepted++;
        } else {
            open->by_severity[findings[i].severity]++;
        }
    }
}

static struct open_findings open_findings_of(const struct sg_plan *plan) {
    struct open_findings open = {0};
    count_open(&open, plan->findings.items, plan->findings.len);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        count_open(&open, plan->overlays.items[i].findings.items,
                   plan->overlays.items[i].findings.len);
    }
    return open;
}

static void add_summary(const struct sg_text *t, size_t left_out) {
    struct open_findings open = open_findings_of(t->plan);
    size_t errors = open.by_severity[SG_ERROR], warnings = open.by_severity[SG_WARNING];
    size_t infos = open.by_severity[SG_INFO];
    if (errors + warnings + infos + open.accepted == 0) {
        return;
    }
    sg_buf_adds(t->out, "\nFindings: ");
    bool first = true;
    add_tally(t->out, &first, errors, errors == 1 ? "error" : "errors");
    add_tally(t->out, &first, warnings, warnings == 1 ? "warning" : "warnings");
    add_tally(t->out, &first, infos, "info");
    add_tally(t->out, &first, open.accepted, "accepted");
    if (left_out && !t->opts->quiet) {
        sg_buf_addf(t->out, " %s(%zu not shown; %s shows %s)%s", t->paint->dim, left_out,
                    t->terse ? "diff" : "--full", left_out == 1 ? "it" : "them",
                    t->paint->reset);
    }
    const struct sg_finding *heaviest = heaviest_finding(t->plan);
    if (heaviest && !t->opts->quiet) {
        sg_buf_addf(t->out, "%s; sgupgrade explain %s%s", t->paint->dim, heaviest->code,
                    t->paint->reset);
    }
    sg_buf_addc(t->out, '\n');
}

static void add_end(const struct sg_text *t, const struct sg_report_plan *report) {
    sg_auto_ending end = {0};
    sg_ending_of(report, &end);
    const struct sg_palette *p = t->paint;
    const char *const colors[] = {"", p->good, p->error};
    if (end.mark[0]) {
        sg_buf_addf(t->out, "\n%s%s%s", colors[end.tone], end.mark,
                    end.tone ? p->reset : "");
        sg_text_adds(t->out, sg_buf_cstr(&end.rest));
        sg_buf_addc(t->out, '\n');
    }
    if (end.deploy.len) {
        sg_buf_addf(t->out, "Deploy each before the next: %s\n",
                    sg_buf_cstr(&end.deploy));
    }
    if (end.next.len) {
        sg_text_next(t, end.next_why, sg_buf_cstr(&end.next));
    }
}

int sg_text_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_report_plan *plan = &report->plan;
    /* an apply that stops is about what stops it; diff shows the rest */
    bool stopped = plan->use == SG_USE_APPLY && plan->plan->blocked;
    struct sg_text t = {out,        opts, opts->paint, opts->quiet || stopped,
                        plan->plan, false};
    bool findings = plan->plan->findings.len > 0;
    if (plan->nothing && !findings) {
        bool newest = !plan->target || strcmp(plan->target, "next") == 0 ||
                      strcmp(plan->target, "latest") == 0;
        sg_buf_addf(out, "Already %s %s.\n", newest ? "newest:" : "at",
                    plan->plan->from.version);
        return 0;
    }
    add_title(&t, plan);
    add_notes(&t, plan->plan);
    size_t left_out =
        sg_text_findings(&t, plan->plan->findings.items, plan->plan->findings.len, NULL);
    for (size_t i = 0; i < plan->plan->overlays.len; i++) {
        add_overlay(&t, plan, &plan->plan->overlays.items[i], &left_out);
    }
    sg_text_edits(&t, plan);
    add_summary(&t, left_out);
    add_end(&t, plan);
    return 0;
}
