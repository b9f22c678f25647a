/*
 * text_adopt_proof.c - what of a fork the overlay renders, and what it does not:
 * differences, what was left out on purpose, workloads that restart.
 */
#include "text_adopt.h"

#include <string.h>

#define FIRST_DIFFERS 20 /* of the differences */
#define FIRST_RESTART 5  /* of the workloads that restart */
#define FIRST_DROPS   5  /* of the changes that were left out */

static void add_difference(const struct sg_text *t,
                           const struct sg_adopt_difference *difference) {
    sg_auto_adopt_values values = {0};
    sg_adopt_values_of(t, difference->object, difference->path, difference->fork,
                       difference->render, &values);
    sg_buf_adds(t->out, "      ");
    sg_text_adds(t->out, difference->path[0] ? difference->path : "(the object)");
    sg_buf_addf(t->out, ": the fork has %s%s%s, the overlay renders %s%s%s",
                t->paint->added, sg_buf_cstr(&values.old), t->paint->reset,
                t->paint->removed, sg_buf_cstr(&values.new), t->paint->reset);
    sg_text_at(t, difference->file, difference->line);
    sg_buf_addc(t->out, '\n');
}

static void add_differences(const struct sg_text *t,
                            const struct sg_report_adopt *report) {
    const struct sg_adopted *adopted = report->adopted;
    size_t n = adopted->differences.len;
    if (n == 0) {
        return;
    }
    sg_buf_addf(t->out, "\n%s", t->paint->error);
    sg_adopt_count(t->out, n, "difference that the overlay cannot express",
                   "differences that the overlay cannot express");
    sg_buf_addf(t->out, "%s (exit 4)\n  Settle %s by hand, in the fork or the overlay.\n",
                t->paint->reset, n == 1 ? "it" : "them");
    size_t shown = sg_text_first(t, FIRST_DIFFERS, n);
    for (size_t i = 0; i < shown; i++) {
        const struct sg_adopt_difference *at = &adopted->differences.items[i];
        if (i == 0 || strcmp(at->object, (at - 1)->object) != 0) {
            sg_buf_addf(t->out, "    %s", t->paint->bold);
            sg_adopt_object(at->object, t->out);
            sg_buf_addf(t->out, "%s\n", t->paint->reset);
        }
        add_difference(t, at);
    }
    sg_text_more(t, 6, n - shown);
}

static void add_proof(const struct sg_text *t, const struct sg_report_adopt *report) {
    bool holds = sg_report_adopt_exit(report) == 0;
    sg_buf_addf(t->out, "\n%sProof:%s ", holds ? t->paint->good : t->paint->error,
                t->paint->reset);
    sg_auto_buf words = SG_BUF_INIT;
    sg_adopt_proof(report, &words);
    sg_text_wrapped(t, &words, strlen("Proof: "), 2);
}

static void add_restarts(const struct sg_text *t, const struct sg_adopted *adopted) {
    sg_auto_buf words = SG_BUF_INIT;
    sg_adopt_restarts(adopted, &words);
    if (words.len == 0) {
        return;
    }
    sg_text_told(t, t->paint->warning, "Restarts:", " ", &words);
    size_t n = adopted->restarts.len, shown = sg_text_first(t, FIRST_RESTART, n);
    for (size_t i = 0; i < shown; i++) {
        sg_buf_adds(t->out, "    ");
        sg_adopt_object(adopted->restarts.items[i].object, t->out);
        sg_buf_adds(t->out, "  ");
        sg_text_adds(t->out, adopted->restarts.items[i].path);
        sg_buf_addc(t->out, '\n');
    }
    sg_text_more(t, 4, n - shown);
}

/* "Deployment prod/web  spec.x: 1 <- 2  file:line  (3.15.1)"; "<-" points to what runs.
 */
static void add_drop(const struct sg_text *t, const struct sg_adopt_drop *drop) {
    sg_auto_adopt_values values = {0};
    sg_auto_buf reason = SG_BUF_INIT;
    sg_adopt_values_of(t, drop->object, drop->path, drop->before, drop->after, &values);
    sg_adopt_drop_reason(drop, &reason);
    sg_buf_adds(t->out, "    ");
    sg_adopt_object(drop->object, t->out);
    if (drop->path[0] != '\0') {
        sg_buf_adds(t->out, "  ");
        sg_text_adds(t->out, drop->path);
        sg_buf_addf(t->out, ": %s%s%s <- %s%s%s", t->paint->added,
                    sg_buf_cstr(&values.old), t->paint->reset, t->paint->removed,
                    sg_buf_cstr(&values.new), t->paint->reset);
    }
    sg_text_at(t, drop->file, drop->line);
    sg_buf_addf(t->out, "  %s(", drop->older_image ? t->paint->warning : t->paint->dim);
    sg_text_adds(t->out, sg_buf_cstr(&reason));
    sg_buf_addf(t->out, ")%s\n", t->paint->reset);
}

static void add_drops(const struct sg_text *t, const struct sg_adopted *adopted) {
    size_t n = adopted->drops.len, shown = sg_text_first(t, FIRST_DROPS, n);
    if (n == 0) {
        return;
    }
    sg_auto_buf words = SG_BUF_INIT;
    sg_adopt_drops(adopted, &words);
    sg_text_told(t, t->paint->warning, "Left out:", " ", &words);
    for (size_t i = 0; i < shown; i++) {
        add_drop(t, &adopted->drops.items[i]);
    }
    sg_text_more(t, 4, n - shown);
}

void sg_text_adopt_proof(const struct sg_text *t, const struct sg_report_adopt *report) {
    add_differences(t, report);
    add_proof(t, report);
    add_drops(t, report->adopted);
    if (!t->terse) {
        add_restarts(t, report->adopted);
    }
}
