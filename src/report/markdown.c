/*
 * markdown.c - a plan as a comment on a pull request: the summary, what needs attention,
 * then object by object what the customer has a stake in. Sites cut a comment that is too
 * long anywhere; we leave out whole parts, the least important ones, and say so.
 */
#include "markdown.h"

#include <string.h>

#include "ending.h"
#include "md.h"
#include "ranked.h"
#include "writers.h"

#define NOTE_MOST 4000 /* bytes of a note */

/* --- parts ------------------------------------------------------------------------ */

bool sg_md_add_part(struct sg_md *md, const struct sg_buf *part, enum sg_md_part kind) {
    size_t width = part->len ? sg_text_width(part->ptr, part->len) : 0;
    if (width > md->left) {
        md->cut[kind]++;
        return false;
    }
    md->left -= width;
    sg_buf_add(md->out, sg_buf_cstr(part), part->len);
    return true;
}

void sg_md_strings(const char *text, struct sg_buf *out) {
    sg_md_text(text, strlen(text), out);
}

void sg_md_codes(const char *text, struct sg_buf *out) {
    sg_md_code(text, strlen(text), out);
}

void sg_md_place(struct sg_place at, struct sg_buf *out) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_adds(&text, at.file ? at.file : "");
    if (at.file && at.line) {
        sg_buf_addf(&text, ":%u", at.line);
    }
    sg_md_code(sg_buf_cstr(&text), text.len, out);
}

/* --- head ------------------------------------------------------------------------- */

/* The comment in front lets a bot find its own and write over it. */
static void add_title(struct sg_md *md, const struct sg_report_plan *report) {
    const struct sg_plan *plan = report->plan;
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_adds(&part, "<!-- sgupgrade -->\n## sgupgrade: ");
    sg_md_strings(plan->from.version, &part);
    if (strcmp(plan->from.version, plan->to.version) != 0 && plan->hops.len) {
        sg_buf_adds(&part, " → ");
        sg_md_strings(plan->to.version, &part);
    }
    sg_buf_adds(&part, "\n\n");
    if (md->t.opts->only) {
        sg_buf_addf(&part, "Only a part is shown: `--only %s`.\n\n",
                    sg_only_word(md->t.opts->only));
    }
    bool in_steps = plan->hops.len > 1 && !report->all;
    for (size_t i = 0; in_steps && i < plan->hops.len; i++) {
        sg_buf_adds(&part, i == 0 ? "Deploy each before the next: " : ", ");
        sg_md_codes(plan->hops.items[i].version, &part);
    }
    sg_buf_adds(&part, in_steps ? ".\n\n" : "");
    sg_auto_ending end = {0};
    sg_ending_of(report, &end);
    if (end.mark[0]) {
        sg_buf_addf(&part, "**%s**", end.mark);
        sg_md_strings(sg_buf_cstr(&end.rest), &part);
        sg_buf_adds(&part, "\n\n");
    }
    sg_md_add_part(md, &part, SG_MD_NOTE);
}

static void count_overlay(const struct sg_plan_overlay *overlay, size_t ranks[SG_RANKS]) {
    for (size_t i = 0; i < overlay->findings.len; i++) {
        ranks[sg_finding_rank(&overlay->findings.items[i])]++;
    }
}

static void add_overlay_line(struct sg_md *md, const struct sg_plan_overlay *overlay) {
    size_t ranks[SG_RANKS] = {0};
    count_overlay(overlay, ranks);
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_adds(&part, "| ");
    sg_md_codes(overlay->name, &part);
    sg_buf_adds(&part, overlay->broken       ? " (does not render)"
                       : overlay->uncompared ? " (not compared)"
                       : overlay->opaque     ? " (in parts not rendered)"
                                             : "");
    const size_t numbers[] = {
        overlay->net.added,     overlay->net.removed, overlay->net.renamed,
        overlay->net.modified,  ranks[SG_RANK_STOPS], ranks[SG_RANK_ERROR],
        ranks[SG_RANK_WARNING], ranks[SG_RANK_INFO],  ranks[SG_RANK_ACCEPTED]};
    for (size_t i = 0; i < SG_ARRAY_LEN(numbers); i++) {
        sg_buf_adds(&part, " | ");
        if (numbers[i]) {
            sg_buf_addf(&part, "%zu", numbers[i]);
        }
    }
    sg_buf_adds(&part, " |\n");
    sg_md_add_part(md, &part, SG_MD_OVERLAY);
}

static void add_summary(struct sg_md *md) {
    if (md->t.plan->overlays.len == 0) {
        return;
    }
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_adds(&part, "| overlay | added | removed | renamed | changed | stops | errors "
                       "| warnings | info | accepted |\n"
                       "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    sg_md_add_part(md, &part, SG_MD_NOTE);
    for (size_t i = 0; i < md->t.plan->overlays.len; i++) {
        add_overlay_line(md, &md->t.plan->overlays.items[i]);
    }
    sg_buf_addc(md->out, '\n');
}

/* --- findings --------------------------------------------------------------------- */

static void add_detail(struct sg_buf *out, const char *label) {
    sg_buf_addf(out, "  - %s ", label);
}

static void add_where(struct sg_md *md, const struct sg_ranked_finding *item,
                      struct sg_buf *out) {
    const struct sg_finding *finding = item->finding;
    const struct sg_plan *plan = md->t.plan;
    if (item->overlay && plan->overlays.len > 1) {
        add_detail(out, "overlay");
        sg_md_codes(item->overlay->name, out);
        sg_buf_addc(out, '\n');
    }
    if (sg_finding_has_object(finding)) {
        add_detail(out, "object");
        sg_md_codes(finding->object, out);
        sg_buf_adds(out, finding->path[0] ? " " : "");
        sg_md_codes(finding->path, out);
        sg_buf_addc(out, '\n');
    }
    if (plan->hops.len > 1 && finding->hop < plan->hops.len) {
        add_detail(out, "hop");
        sg_md_codes(plan->hops.items[finding->hop].version, out);
        sg_buf_addc(out, '\n');
    }
    if (finding->at.file) {
        add_detail(out, "at");
        sg_md_place(finding->at, out);
        sg_buf_addc(out, '\n');
    }
    if (finding->cause_commit) {
        add_detail(out, "upstream");
        sg_md_code(finding->cause_commit, strnlen(finding->cause_commit, 10), out);
        sg_buf_addc(out, ' ');
        sg_md_strings(finding->cause_subject ? finding->cause_subject : "", out);
        sg_buf_addc(out, '\n');
    }
}

static void add_decision(const struct sg_finding *finding, struct sg_buf *out) {
    for (size_t i = 0; i < finding->candidates.len; i++) {
        const struct sg_candidate *candidate = &finding->candidates.items[i];
        add_detail(out, "perhaps");
        sg_md_codes(candidate->id, out);
        sg_buf_addf(out, " %.0f %%, ", candidate->score * 100);
        sg_md_strings(candidate->why ? candidate->why : "", out);
        sg_buf_addc(out, '\n');
    }
    for (size_t i = 0; i < finding->flags.len; i++) {
        add_detail(out, i ? "or" : "decide");
        sg_md_codes(finding->flags.items[i], out);
        sg_buf_addc(out, '\n');
    }
}

/* Another place of what was just said. */
static void add_again(struct sg_md *md, const struct sg_ranked_finding *item) {
    const struct sg_finding *finding = item->finding;
    bool same = strcmp(finding->object, (item - 1)->finding->object) == 0;
    sg_auto_buf part = SG_BUF_INIT;
    add_detail(&part, "also");
    sg_md_place(finding->at, &part);
    if (sg_finding_has_object(finding)) {
        sg_buf_addc(&part, ' ');
        sg_md_codes(same ? "" : finding->object, &part);
        sg_buf_adds(&part, same ? "" : " ");
        sg_md_codes(finding->path, &part);
    }
    sg_buf_addc(&part, '\n');
    sg_md_add_part(md, &part, SG_MD_FINDING);
}

static void add_finding(struct sg_md *md, const struct sg_ranked_finding *item) {
    const struct sg_finding *finding = item->finding;
    if (item->again) {
        add_again(md, item);
        return;
    }
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_addf(&part, "- **%s %s** ", sg_rank_word(sg_finding_rank(finding)),
                finding->code);
    sg_md_strings(finding->rule, &part);
    if (finding->resolved != SG_RESOLVED_NONE) {
        sg_buf_addf(&part, ", **%s**", sg_resolved_word(finding->resolved));
    }
    sg_buf_adds(&part, ": ");
    sg_md_strings(finding->message, &part);
    sg_buf_addc(&part, '\n');
    add_where(md, item, &part);
    if (finding->accepted) {
        add_detail(&part, "agreed:");
        sg_md_strings(finding->accepted, &part);
        sg_buf_addc(&part, '\n');
    }
    if (finding->fix[0]) {
        add_detail(&part, "fix:");
        sg_md_strings(finding->fix, &part);
        sg_buf_addc(&part, '\n');
    }
    add_decision(finding, &part);
    sg_md_add_part(md, &part, SG_MD_FINDING);
}

/* Those of ranks [from, to); the pages of a rank that weighs little come folded. */
static void add_findings(struct sg_md *md, const struct sg_ranked *ranked,
                         enum sg_rank from, enum sg_rank to) {
    for (size_t i = 0; i < ranked->items.len; i++) {
        enum sg_rank rank = sg_finding_rank(ranked->items.items[i].finding);
        if (rank >= from && rank < to) {
            add_finding(md, &ranked->items.items[i]);
        }
    }
}

static void add_weighty(struct sg_md *md, const struct sg_ranked *ranked) {
    if (ranked->counts[SG_RANK_STOPS] + ranked->counts[SG_RANK_ERROR] +
            ranked->counts[SG_RANK_WARNING] ==
        0) {
        return;
    }
    sg_buf_adds(md->out, "### Findings\n\n");
    add_findings(md, ranked, SG_RANK_STOPS, SG_RANK_INFO);
    sg_buf_addc(md->out, '\n');
}

static void add_light(struct sg_md *md, const struct sg_ranked *ranked) {
    size_t infos = ranked->counts[SG_RANK_INFO];
    size_t accepted = ranked->counts[SG_RANK_ACCEPTED];
    if (infos + accepted == 0) {
        return;
    }
    sg_buf_addf(md->out,
                "<details><summary>Findings to know: %zu info, %zu "
                "accepted</summary>\n\n",
                infos, accepted);
    add_findings(md, ranked, SG_RANK_INFO, SG_RANKS);
    sg_buf_adds(md->out, "\n</details>\n\n");
}

static void add_notes(struct sg_md *md) {
    const struct sg_plan *plan = md->t.plan;
    for (size_t h = 0; h < plan->hops.len; h++) {
        for (size_t i = 0; i < plan->hops.items[h].notes.len; i++) {
            const struct sg_plan_note *note = &plan->hops.items[h].notes.items[i];
            sg_auto_buf part = SG_BUF_INIT, text = SG_BUF_INIT;
            sg_buf_adds(&part, "<details><summary>Upstream's note for ");
            sg_md_html_code(plan->hops.items[h].version,
                            strlen(plan->hops.items[h].version), &part);
            sg_buf_adds(&part, " ");
            sg_md_html_code(note->title, strlen(note->title), &part);
            sg_buf_adds(&part, "</summary>\n\n");
            sg_text_utf8(note->text, strnlen(note->text, NOTE_MOST), &text);
            sg_buf_adds(&text, strlen(note->text) > NOTE_MOST ? "\n...\n" : "");
            sg_md_block(sg_buf_cstr(&text), text.len, "", &part);
            sg_buf_adds(&part, "\n</details>\n\n");
            sg_md_add_part(md, &part, SG_MD_NOTE);
        }
    }
}

/* --- end -------------------------------------------------------------------------- */

void sg_md_cut(const struct sg_md *md, const char *format) {
    static const char *const words[SG_MD_PARTS][2] = {
        {"note", "notes"},
        {"overlay", "overlays"},
        {"finding", "findings"},
        {"object", "objects"},
        {"edit", "edits"},
        {"difference", "differences"},
        {"kind of object", "kinds of objects"},
        {"oddity", "oddities"}};
    bool first = true;
    for (size_t i = 0; i < SG_ARRAY_LEN(words); i++) {
        if (md->cut[i] == 0) {
            continue;
        }
        sg_buf_addf(md->out, "%s%zu %s",
                    first ? "**Cut at 60,000 characters.** Not shown: " : ", ",
                    md->cut[i], words[i][md->cut[i] != 1]);
        first = false;
    }
    if (!first) {
        sg_buf_addf(md->out, ". `-o %s=FILE` has them all.\n\n", format);
    }
}

void sg_md_next(const struct sg_md *md, const char *why, const char *command) {
    sg_buf_addf(md->out, "%s: ", why);
    sg_md_code(command, strnlen(command, 300), md->out);
    sg_buf_addc(md->out, '\n');
}

static void add_end(struct sg_md *md, const struct sg_report_plan *report) {
    sg_md_cut(md, "html");
    sg_auto_ending end = {0};
    sg_ending_of(report, &end);
    if (end.next.len) {
        sg_md_next(md, end.next_why, end.next.ptr);
    }
}

int sg_markdown_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                     struct sg_buf *out, struct sg_err *err) {
    (void)err;
    struct sg_report_opts view = *opts;
    view.paint = sg_palette_get(false);
    const struct sg_report_plan *plan = &report->plan;
    struct sg_md md = {.out = out, .left = SG_MD_MOST - SG_MD_RESERVE};
    md.t = (struct sg_text){.opts = &view, .paint = view.paint, .plan = plan->plan};
    sg_auto_ranked ranked = {0};
    sg_ranked_of(plan->plan, &ranked);
    add_title(&md, plan);
    add_summary(&md);
    add_weighty(&md, &ranked);
    sg_md_edits(&md, plan);
    add_notes(&md);
    if (plan->use != SG_USE_CHECK) {
        sg_md_objects(&md);
    }
    add_light(&md, &ranked);
    add_end(&md, plan);
    return 0;
}
