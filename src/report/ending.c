#include "ending.h"

void sg_ending_release(struct sg_ending *ending) {
    sg_buf_release(&ending->rest);
    sg_buf_release(&ending->deploy);
    sg_buf_release(&ending->next);
}

static void say(struct sg_ending *out, enum sg_tone tone, const char *mark,
                const char *rest) {
    out->tone = tone;
    out->mark = mark;
    sg_buf_adds(&out->rest, rest);
}

static void add_count(struct sg_buf *out, size_t n, const char *one) {
    sg_buf_addf(out, ", %zu %s%s", n, one, n == 1 ? "" : "s");
}

static void end_applied(const struct sg_report_plan *report, struct sg_ending *out) {
    say(out, SG_TONE_GOOD, "Done:", " ");
    sg_buf_addf(&out->rest, "%s is in place", report->plan->to.version);
    if (report->commits_len) {
        add_count(&out->rest, report->commits_len, "commit");
        sg_buf_adds(&out->rest, " made");
    } else if (report->files_len) {
        add_count(&out->rest, report->files_len, "file");
        sg_buf_adds(&out->rest, " written");
    }
    sg_buf_addc(&out->rest, '.');
    for (size_t i = 0; i < report->deploy_len && report->deploy_len > 1; i++) {
        sg_buf_addf(&out->deploy, "%s%s", i ? ", " : "", report->deploy[i]);
    }
    sg_buf_adds(&out->next, report->commits_len
                                ? "git push"
                                : "git diff, then kubectl diff -k on each overlay");
}

static void end_check(const struct sg_report_plan *report, struct sg_ending *out) {
    const struct sg_plan *plan = report->plan;
    const struct sg_plan_summary *s = &plan->summary;
    if (plan->exit != 0) {
        say(out, SG_TONE_BAD, "Not clean", ": exit ");
        sg_buf_addf(&out->rest, "%d.", plan->exit);
    } else if (s->findings.error + s->findings.warning + s->findings.info > 0) {
        say(out, SG_TONE_GOOD, "Passed", ": no open finding of severity ");
        sg_buf_addf(&out->rest, "%s%s.", sg_severity_word(report->fail_on),
                    report->fail_on == SG_ERROR ? "" : " or worse");
    } else {
        say(out, SG_TONE_GOOD, "Clean.", "");
    }
}

/* The command that performs the plan as it is, or once it is decided. */
static void add_command(const struct sg_report_plan *report, struct sg_buf *out) {
    const char *to = report->target ? report->target
                     : report->all  ? "latest"
                                    : report->plan->to.version;
    bool saved = report->saved && !report->plan->blocked;
    sg_buf_addf(out, "sgupgrade apply %s--%s %s", report->all ? "--all " : "",
                saved ? "plan" : "to", saved ? report->saved : to);
}

void sg_ending_of(const struct sg_report_plan *report, struct sg_ending *out) {
    const struct sg_plan *plan = report->plan;
    out->mark = "";
    out->next_why = "Next";
    if (report->use == SG_USE_CHECK) {
        end_check(report, out);
        return;
    }
    if (plan->exit == 3) {
        say(out, SG_TONE_BAD, "The base is not what the lock says",
            "; nothing was written.");
        return;
    }
    if (report->applied) {
        end_applied(report, out);
        return;
    }
    if (report->held && !plan->blocked) {
        say(out, SG_TONE_PLAIN,
            "Nothing was written here: another project stops, and --keep-going was not "
            "given.",
            "");
        return;
    }
    if (plan->blocked) { /* each flag is a decision: they are not pasted together */
        say(out, SG_TONE_BAD, "A decision is needed",
            report->use == SG_USE_DIFF ? " before apply." : "; nothing was written.");
        out->next_why = "Decide each stop above (edit, or add its flag), then";
    } else if (report->use == SG_USE_APPLY) {
        say(out, SG_TONE_PLAIN, "Nothing was written (--dry-run).", "");
    }
    add_command(report, &out->next);
}
