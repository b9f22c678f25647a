/*
 * text_findings.c - findings as a person acts on them: what, where, why, the next step.
 */
#include "ranked.h"
#include "text.h"

#include <string.h>

static void add_detail(const struct sg_text *t, const char *label) {
    sg_buf_addf(t->out, "      %s%-9s%s", t->paint->dim, label, t->paint->reset);
}

static void add_object(const struct sg_text *t, const struct sg_finding *finding) {
    sg_text_adds(t->out, finding->object);
    if (finding->path[0]) {
        sg_buf_adds(t->out, "  ");
        sg_text_adds(t->out, finding->path);
    }
}

static void add_where(const struct sg_text *t, const struct sg_finding *finding) {
    if (sg_finding_has_object(finding)) {
        add_detail(t, "object");
        add_object(t, finding);
        sg_buf_addc(t->out, '\n');
    }
    if (t->plan->hops.len > 1 && finding->hop < t->plan->hops.len) {
        add_detail(t, "hop");
        sg_text_adds(t->out, t->plan->hops.items[finding->hop].version);
        sg_buf_addc(t->out, '\n');
    }
    if (finding->at.file) {
        add_detail(t, "at");
        sg_text_place(t, finding->at);
        sg_buf_addc(t->out, '\n');
    }
    if (finding->cause_commit) {
        add_detail(t, "upstream");
        sg_text_commit(t->out, finding->cause_commit);
        sg_buf_adds(t->out, "  ");
        sg_text_adds(t->out, finding->cause_subject ? finding->cause_subject : "");
        sg_buf_addc(t->out, '\n');
    }
}

/* Another place of what was just said of `before`. */
static void add_again(const struct sg_text *t, const struct sg_finding *finding,
                      const struct sg_finding *before) {
    add_detail(t, "also");
    sg_text_place(t, finding->at);
    bool same = strcmp(finding->object, before->object) == 0;
    if (sg_finding_has_object(finding) && !(same && finding->path[0] == '\0')) {
        sg_buf_adds(t->out, finding->at.file ? "  " : "");
        if (same) {
            sg_text_adds(t->out, finding->path);
        } else {
            add_object(t, finding);
        }
    }
    sg_buf_addc(t->out, '\n');
}

static void add_decision(const struct sg_text *t, const struct sg_finding *finding) {
    for (size_t i = 0; i < finding->candidates.len; i++) {
        const struct sg_candidate *candidate = &finding->candidates.items[i];
        add_detail(t, i ? "" : "perhaps");
        sg_text_adds(t->out, candidate->id);
        sg_buf_addf(t->out, "  %s%.0f %%", t->paint->dim, candidate->score * 100);
        if (candidate->why && candidate->why[0]) {
            sg_buf_adds(t->out, ", ");
            sg_text_adds(t->out, candidate->why);
        }
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
    for (size_t i = 0; i < finding->flags.len; i++) {
        add_detail(t, i ? "or" : "decide");
        sg_buf_adds(t->out, t->paint->bold);
        sg_text_adds(t->out, finding->flags.items[i]);
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    }
}

static void add_finding(const struct sg_text *t, const struct sg_finding *finding) {
    const struct sg_palette *p = t->paint;
    bool accepted = finding->accepted && !finding->stops;
    const char *word = sg_rank_word(sg_finding_rank(finding));
    const char *color = accepted                                          ? p->dim
                        : finding->stops || finding->severity == SG_ERROR ? p->error
                        : finding->severity == SG_WARNING                 ? p->warning
                                                                          : p->dim;
    sg_buf_addf(t->out, "\n    %s%-9s%s%s%s%s %s", color, word, p->reset, p->bold,
                finding->code, p->reset, finding->rule);
    if (finding->resolved != SG_RESOLVED_NONE) {
        sg_buf_addf(t->out, ", %s", sg_resolved_word(finding->resolved));
    }
    sg_buf_adds(t->out, ": ");
    sg_text_adds(t->out, finding->message);
    sg_buf_addc(t->out, '\n');
    add_where(t, finding);
    if (finding->accepted) {
        add_detail(t, "agreed");
        sg_text_adds(t->out, finding->accepted);
        sg_buf_adds(t->out, accepted ? "\n"
                                     : "; kustomize refuses the overlay until it is "
                                       "edited\n");
    }
    if (accepted) {
        return;
    }
    if (finding->fix[0]) {
        add_detail(t, "fix");
        sg_text_adds(t->out, finding->fix);
        sg_buf_addc(t->out, '\n');
    }
    add_decision(t, finding);
}

/* Terse: only what stops, what is wrong and what was done to the customer's settings. */
static bool is_shown(const struct sg_text *t, const struct sg_finding *finding) {
    bool acted = finding->resolved != SG_RESOLVED_NONE;
    switch (sg_finding_rank(finding)) {
    case SG_RANK_STOPS:
    case SG_RANK_ERROR:
        return true;
    case SG_RANK_WARNING:
        return !t->terse || acted;
    case SG_RANK_INFO: /* an overlay that does not render is never passed over */
        return (t->opts->full && !t->terse) || acted ||
               strcmp(finding->code, "SG206") == 0;
    case SG_RANK_ACCEPTED:
        return t->opts->full || acted;
    case SG_RANKS:
        break;
    }
    return true;
}

size_t sg_text_findings(const struct sg_text *t, const struct sg_finding *findings,
                        size_t n, const struct sg_told *told) {
    size_t left_out = 0;
    sg_auto_ranked ranked = {0};
    sg_ranked_of_list(findings, n, &ranked);
    bool said = false; /* the last one that could say it all was shown */
    for (size_t i = 0; i < ranked.items.len; i++) {
        const struct sg_ranked_finding *item = &ranked.items.items[i];
        bool again = item->again && said;
        said &= item->again;
        if (told && sg_told_has(told, item->finding)) {
            continue;
        }
        if (!is_shown(t, item->finding)) {
            left_out++;
        } else if (again) {
            add_again(t, item->finding, (item - 1)->finding);
        } else {
            add_finding(t, item->finding);
            said = true;
        }
    }
    return left_out;
}
