/*
 * text_many.c - several projects for people: each below its folder, then how many came to
 * what.
 */
#include "text.h"
#include "writers.h"

/* What became of a project, worst first. */
enum outcome { FAILED, EDITED, STOPS, UNCLEAN, CHANGES, DONE, CLEAN, FINE, OUTCOMES };

static enum outcome outcome_of(const struct sg_report_part *part) {
    if (part->error) {
        return FAILED;
    }
    const struct sg_report_plan *plan = &part->report.plan;
    if (part->report.kind != SG_REPORT_PLAN) {
        return FINE;
    }
    if (plan->plan->exit == 3) {
        return EDITED;
    }
    if (plan->plan->exit == 4 || (plan->plan->blocked && plan->use == SG_USE_DIFF)) {
        return STOPS;
    }
    if (plan->use == SG_USE_CHECK) {
        return plan->plan->exit ? UNCLEAN : CLEAN;
    }
    bool changes = plan->plan->hops.len > 0;
    return plan->applied ? DONE : changes ? CHANGES : FINE;
}

static void add_tally(const struct sg_text *t, const struct sg_report_many *many) {
    static const char *const words[OUTCOMES] = {
        [FAILED] = "failed",      [EDITED] = "with a base that is not what the lock says",
        [STOPS] = "to decide",    [UNCLEAN] = "not clean",
        [CHANGES] = "to upgrade", [DONE] = "done",
        [CLEAN] = "clean",        [FINE] = "with nothing to do",
    };
    size_t counts[OUTCOMES] = {0};
    for (size_t i = 0; i < many->len; i++) {
        counts[outcome_of(&many->items[i])]++;
    }
    sg_buf_addf(t->out, "\n%s", t->paint->bold);
    sg_text_count(t->out, many->len, "project", NULL);
    sg_buf_addf(t->out, "%s", t->paint->reset);
    for (size_t i = 0, listed = 0; i < OUTCOMES; i++) {
        if (counts[i]) {
            sg_buf_addf(t->out, "%s%zu %s", listed++ ? ", " : ": ", counts[i], words[i]);
        }
    }
    sg_buf_adds(t->out, ".\n");
    const struct sg_report_plan *first = &many->items[0].report.plan;
    if (counts[CHANGES] && first->use == SG_USE_DIFF && !counts[FAILED]) {
        sg_auto_buf command = SG_BUF_INIT;
        sg_buf_addf(&command, "sgupgrade apply --all --to %s",
                    first->target ? first->target : "latest");
        sg_text_next(t, counts[STOPS] ? "Decide each stop above, then" : "Next",
                     sg_buf_cstr(&command));
    }
}

static int add_part(const struct sg_text *t, const struct sg_report_part *part,
                    struct sg_err *err) {
    sg_buf_addf(t->out, "%s", t->paint->bold);
    sg_text_adds(t->out, part->dir);
    sg_buf_addf(t->out, ":%s\n", t->paint->reset);
    if (part->error) {
        sg_buf_addf(t->out, "%serror:%s ", t->paint->error, t->paint->reset);
        sg_text_adds(t->out, part->error);
        sg_buf_addc(t->out, '\n');
        return 0;
    }
    struct sg_report_opts opts = *t->opts;
    opts.part = true;
    if (part->report.kind == SG_REPORT_ADOPT) {
        return sg_text_adopt(&part->report, &opts, t->out, err);
    }
    return part->report.kind == SG_REPORT_PLAN
               ? sg_text_plan(&part->report, &opts, t->out, err)
               : sg_text_status(&part->report, &opts, t->out, err);
}

int sg_text_many(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_buf *out, struct sg_err *err) {
    const struct sg_report_many *many = &report->many;
    struct sg_text t = {.out = out, .opts = opts, .paint = opts->paint};
    for (size_t i = 0; i < many->len; i++) {
        sg_buf_adds(out, i > 0 ? "\n" : "");
        if (add_part(&t, &many->items[i], err) < 0) {
            return -1;
        }
    }
    if (many->each == SG_REPORT_PLAN) {
        add_tally(&t, many);
    }
    if (many->each == SG_REPORT_ADOPT && many->len > 0) {
        const struct sg_report_adopt *last = &many->items[many->len - 1].report.adopt;
        sg_text_adopt_next(&t, last);
    }
    return 0;
}
