/*
 * html_findings.c - findings as a person acts on them, those that weigh most first.
 */
#include "html.h"

#include <string.h>

static void add_label(struct sg_buf *out, const char *label) {
    sg_buf_addf(out, "<dt>%s</dt><dd>", label);
}

static void end_label(struct sg_buf *out) {
    sg_buf_adds(out, "</dd>\n");
}

static void add_object(const struct sg_finding *finding, struct sg_buf *out) {
    if (!sg_finding_has_object(finding)) {
        return;
    }
    add_label(out, "object");
    sg_html_code(finding->object, out);
    if (finding->path[0]) {
        sg_buf_addc(out, ' ');
        sg_html_code(finding->path, out);
    }
    end_label(out);
}

static void add_where(const struct sg_html *html, const struct sg_ranked_finding *item) {
    const struct sg_finding *finding = item->finding;
    const struct sg_plan *plan = html->t.plan;
    struct sg_buf *out = html->out;
    if (item->overlay && plan->overlays.len > 1) {
        add_label(out, "overlay");
        sg_html_str(item->overlay->name, out);
        end_label(out);
    }
    add_object(finding, out);
    if (plan->hops.len > 1 && finding->hop < plan->hops.len) {
        add_label(out, "hop");
        sg_html_str(plan->hops.items[finding->hop].version, out);
        end_label(out);
    }
    if (finding->at.file) {
        add_label(out, "at");
        sg_html_place(finding->at, out);
        end_label(out);
    }
    if (finding->cause_commit) {
        add_label(out, "upstream");
        sg_buf_adds(out, "<code>");
        sg_html_text(finding->cause_commit, strnlen(finding->cause_commit, 10), out);
        sg_buf_adds(out, "</code> ");
        sg_html_str(finding->cause_subject ? finding->cause_subject : "", out);
        end_label(out);
    }
}

static void add_said(const char *label, const char *text, struct sg_buf *out) {
    if (!text || !text[0]) {
        return;
    }
    add_label(out, label);
    sg_html_str(text, out);
    end_label(out);
}

static void add_decision(const struct sg_finding *finding, struct sg_buf *out) {
    for (size_t i = 0; i < finding->candidates.len; i++) {
        const struct sg_candidate *candidate = &finding->candidates.items[i];
        add_label(out, "perhaps");
        sg_html_code(candidate->id, out);
        sg_buf_addf(out, " <span class=\"soft\">%.0f %%, ", candidate->score * 100);
        sg_html_str(candidate->why ? candidate->why : "", out);
        sg_buf_adds(out, "</span>");
        end_label(out);
    }
    for (size_t i = 0; i < finding->flags.len; i++) {
        add_label(out, i ? "or" : "decide");
        sg_html_code(finding->flags.items[i], out);
        end_label(out);
    }
}

/* Further places of what the item at `at` says; returns the index behind them. */
static size_t add_again(const struct sg_html *html, size_t at) {
    while (++at < html->ranked.items.len && html->ranked.items.items[at].again) {
        const struct sg_finding *finding = html->ranked.items.items[at].finding;
        add_label(html->out, "also");
        sg_html_place(finding->at, html->out);
        if (sg_finding_has_object(finding)) {
            sg_buf_addc(html->out, ' ');
            sg_html_code(finding->object, html->out);
            sg_buf_addc(html->out, ' ');
            sg_html_code(finding->path, html->out);
        }
        end_label(html->out);
    }
    return at;
}

/* The finding at `at`, and those that say the same; returns the index behind them. */
static size_t add_finding(const struct sg_html *html, size_t at) {
    const struct sg_ranked_finding *item = &html->ranked.items.items[at];
    const struct sg_finding *finding = item->finding;
    const char *rank = sg_rank_word(sg_finding_rank(finding));
    struct sg_buf *out = html->out;
    sg_buf_addf(out, "<article class=\"finding %s\" data-leaf data-severity=\"%s\"", rank,
                rank);
    if (item->overlay) {
        sg_buf_addf(out, " data-overlay=\"%zu\"",
                    (size_t)(item->overlay - html->t.plan->overlays.items));
    }
    sg_buf_addf(out, ">\n<p><span class=\"badge %s\">%s</span> <strong>%s</strong> ",
                rank, rank, finding->code);
    sg_html_str(finding->rule, out);
    if (finding->resolved != SG_RESOLVED_NONE) {
        sg_buf_addf(out, " <span class=\"badge overlay\">%s</span>",
                    sg_resolved_word(finding->resolved));
    }
    sg_buf_adds(out, "<br>");
    sg_html_str(finding->message, out);
    sg_buf_adds(out, "</p>\n<dl>");
    add_where(html, item);
    add_said("agreed", finding->accepted, out);
    add_said("fix", finding->fix, out);
    add_decision(finding, out);
    at = add_again(html, at);
    sg_buf_adds(out, "</dl>\n</article>\n");
    return at;
}

/* Those that weigh little are folded. */
static void add_ranks(const struct sg_html *html, enum sg_rank from, enum sg_rank to) {
    for (size_t i = 0; i < html->ranked.items.len;) {
        enum sg_rank rank = sg_finding_rank(html->ranked.items.items[i].finding);
        i = rank >= from && rank < to ? add_finding(html, i) : i + 1;
    }
}

void sg_html_findings(const struct sg_html *html) {
    size_t light =
        html->ranked.counts[SG_RANK_INFO] + html->ranked.counts[SG_RANK_ACCEPTED];
    sg_buf_adds(html->out, "<section data-group>\n<h2>Findings</h2>\n");
    if (html->ranked.items.len == 0) {
        sg_buf_adds(html->out, "<p class=\"soft\" data-leaf>None.</p>\n");
    }
    add_ranks(html, SG_RANK_STOPS, SG_RANK_INFO);
    if (light) {
        sg_buf_addf(html->out,
                    "<details data-group><summary><span class=\"name\">To know</span> "
                    "<span class=\"count\">%zu</span></summary>\n<div class=\"body\">\n",
                    light);
        add_ranks(html, SG_RANK_INFO, SG_RANKS);
        sg_buf_adds(html->out, "</div>\n</details>\n");
    }
    sg_buf_adds(html->out, "</section>\n");
}
