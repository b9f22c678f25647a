/*
 * html.c - a plan as one page that needs nothing else: no file, no network, no script.
 * page.css and page.js are compiled in. The page's own policy names the script by its
 * digest, so that no other one runs even where a browser would take text for markup.
 */
#include "html.h"

#include <string.h>

#include "sg/sha256.h"
#include "writers.h"

static const char css[] = {
#include "page.css.inc"
};
static const char js[] = {
#include "page.js.inc"
};

/* --- text ------------------------------------------------------------------------- */

void sg_html_text(const char *text, size_t len, struct sg_buf *out) {
    static const char *const entities[128] = {['&'] = "&amp;",
                                              ['<'] = "&lt;",
                                              ['>'] = "&gt;",
                                              ['"'] = "&quot;",
                                              ['\''] = "&#39;"};
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(text, len, &safe);
    for (size_t i = 0; i < safe.len; i++) {
        unsigned char c = (unsigned char)safe.ptr[i];
        if (c < 128 && entities[c]) {
            sg_buf_adds(out, entities[c]);
        } else {
            sg_buf_addc(out, safe.ptr[i]);
        }
    }
}

void sg_html_str(const char *text, struct sg_buf *out) {
    sg_html_text(text, strlen(text), out);
}

void sg_html_code(const char *text, struct sg_buf *out) {
    sg_buf_adds(out, "<code>");
    sg_html_str(text, out);
    sg_buf_adds(out, "</code>");
}

void sg_html_place(struct sg_place at, struct sg_buf *out) {
    if (!at.file) {
        return;
    }
    sg_buf_adds(out, "<code>");
    sg_html_str(at.file, out);
    if (at.line) {
        sg_buf_addf(out, ":%u", at.line);
    }
    if (at.line && at.column) {
        sg_buf_addf(out, ":%u", at.column);
    }
    sg_buf_adds(out, "</code>");
}

/* A line starts with its mark: "- ", "+ ", or blanks. */
void sg_html_diff(const struct sg_html *html, const struct sg_buf *lines) {
    sg_buf_adds(html->out, "<pre class=\"diff\">");
    const char *at = sg_buf_cstr(lines);
    while (*at) {
        size_t len = strcspn(at, "\n");
        sg_buf_addf(html->out, "<span class=\"%s\">",
                    at[0] == '-'   ? "del"
                    : at[0] == '+' ? "ins"
                                   : "gap");
        sg_html_text(at, len, html->out);
        sg_buf_adds(html->out, len ? "</span>" : " </span>");
        at += len + (at[len] == '\n');
    }
    sg_buf_adds(html->out, "</pre>\n");
}

/* --- head ------------------------------------------------------------------------- */

static unsigned hex_digit(char c) {
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* A digest in base64, as a content security policy has it. */
static void add_base64(const char hex[SG_SHA256_HEX + 1], struct sg_buf *out) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, n = 0;
    for (size_t i = 0; i < SG_SHA256_HEX; i++) {
        bits = bits << 4 | hex_digit(hex[i]);
        n += 4;
        if (n >= 6) {
            n -= 6;
            sg_buf_addc(out, letters[bits >> n & 63]);
        }
    }
    sg_buf_addc(out, letters[bits << (6 - n) & 63]); /* 256 bits: 42 letters and 4 bits */
    sg_buf_addc(out, '=');
}

static void add_policy(struct sg_buf *out) {
    char hex[SG_SHA256_HEX + 1];
    sg_buf_adds(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                     "'none'; style-src 'sha256-");
    sg_sha256_hex(css, sizeof css, hex);
    add_base64(hex, out);
    sg_buf_adds(out, "'; script-src 'sha256-");
    sg_sha256_hex(js, sizeof js, hex);
    add_base64(hex, out);
    sg_buf_adds(out, "'; base-uri 'none'; form-action 'none'\">\n");
}

static bool is_move(const struct sg_plan *plan) {
    return plan->hops.len && strcmp(plan->from.version, plan->to.version) != 0;
}

static void add_title(const struct sg_html *html) {
    const struct sg_plan *plan = html->t.plan;
    sg_html_str(plan->from.version, html->out);
    if (is_move(plan)) {
        sg_buf_adds(html->out, " → ");
        sg_html_str(plan->to.version, html->out);
    }
}

static void add_head(const struct sg_html *html) {
    struct sg_buf *out = html->out;
    sg_buf_adds(
        out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(out);
    sg_buf_adds(out, "<meta name=\"viewport\" content=\"width=device-width, "
                     "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
                     "dark\">\n<title>sgupgrade ");
    add_title(html);
    sg_buf_adds(out, "</title>\n<style>");
    sg_buf_add(out, css, sizeof css);
    sg_buf_adds(out, "</style>\n</head>\n<body>\n");
}

/* --- header ----------------------------------------------------------------------- */

/* Those of several projects are no way that one project goes. */
static bool is_in_steps(const struct sg_html *html) {
    return html->t.plan->hops.len > 1 && !html->report->all;
}

static void add_hops(const struct sg_html *html) {
    const struct sg_plan *plan = html->t.plan;
    if (!is_in_steps(html)) {
        return;
    }
    sg_buf_adds(html->out, "<p class=\"soft\">Deploy each release before the next:</p>\n"
                           "<ol class=\"hops\">");
    for (size_t i = 0; i < plan->hops.len; i++) {
        const struct sg_plan_hop *hop = &plan->hops.items[i];
        sg_buf_adds(html->out, "<li><strong>");
        sg_html_str(hop->version, html->out);
        sg_buf_adds(html->out, "</strong> <code class=\"soft\">");
        sg_html_text(hop->commit, strnlen(hop->commit, 10), html->out);
        sg_buf_adds(html->out, "</code></li>\n");
    }
    sg_buf_adds(html->out, "</ol>\n");
}

static void add_verdict(const struct sg_html *html) {
    static const char *const tones[] = {"plain", "good", "bad"};
    sg_auto_ending end = {0};
    sg_ending_of(html->report, &end);
    sg_buf_addf(html->out, "<div class=\"verdict %s\">\n", tones[end.tone]);
    if (html->report->nothing) {
        sg_buf_adds(html->out, "<p>Nothing newer to go to.</p>\n");
    }
    if (end.mark[0]) {
        sg_buf_adds(html->out, "<p><strong>");
        sg_html_str(end.mark, html->out);
        sg_buf_adds(html->out, "</strong>");
        sg_html_str(sg_buf_cstr(&end.rest), html->out);
        sg_buf_adds(html->out, "</p>\n");
    }
    if (end.next.len && !html->report->nothing) {
        sg_buf_addf(html->out, "<p>%s: ", end.next_why);
        sg_html_code(end.next.ptr, html->out);
        sg_buf_adds(html->out, "</p>\n");
    }
    if (html->t.opts->only) {
        sg_buf_addf(html->out, "<p>Only a part is shown: <code>--only %s</code>.</p>\n",
                    sg_only_word(html->t.opts->only));
    }
    sg_buf_adds(html->out, "</div>\n");
}

static void add_header(const struct sg_html *html) {
    const struct sg_plan *plan = html->t.plan;
    sg_buf_adds(html->out, "<header>\n<h1>");
    add_title(html);
    if (is_in_steps(html)) {
        sg_buf_addf(html->out, " <small class=\"soft\">in %zu hops</small>",
                    plan->hops.len);
    }
    sg_buf_adds(html->out, "</h1>\n");
    add_verdict(html);
    add_hops(html);
    sg_buf_adds(html->out, "</header>\n");
}

/* --- summary ---------------------------------------------------------------------- */

static void add_number(struct sg_buf *out, size_t n) {
    sg_buf_addf(out, n ? "<td>%zu</td>" : "<td class=\"zero\">%zu</td>", n);
}

struct overlay_counts {
    size_t ranks[SG_RANKS], owners[SG_OWNER_EFFECT + 1], lost;
};

static struct overlay_counts count(const struct sg_plan_overlay *overlay) {
    struct overlay_counts counts = {0};
    for (size_t i = 0; i < overlay->findings.len; i++) {
        counts.ranks[sg_finding_rank(&overlay->findings.items[i])]++;
    }
    for (size_t i = 0; i < overlay->objects.len; i++) {
        const struct sg_plan_object *object = &overlay->objects.items[i];
        for (size_t f = 0; f < object->fields.len; f++) {
            counts.owners[object->fields.items[f].owner]++;
            counts.lost += object->fields.items[f].state == SG_STATE_LOST;
        }
    }
    return counts;
}

static void add_overlay_line(const struct sg_html *html, size_t index) {
    const struct sg_plan_overlay *overlay = &html->t.plan->overlays.items[index];
    struct overlay_counts c = count(overlay);
    struct sg_buf *out = html->out;
    sg_buf_addf(out, "<tr><td><a href=\"#overlay-%zu\">", index);
    sg_html_str(overlay->name, out);
    sg_buf_adds(out, "</a>");
    sg_buf_adds(out, overlay->broken       ? " <span class=\"badge error\">does not "
                                             "render</span>"
                     : overlay->uncompared ? " <span class=\"badge\">not compared</span>"
                     : overlay->opaque     ? " <span class=\"badge\">in parts not "
                                             "rendered</span>"
                                           : "");
    sg_buf_adds(out, "</td>");
    const size_t numbers[] = {
        overlay->net.added,      overlay->net.removed,        overlay->net.renamed,
        overlay->net.modified,   c.owners[SG_OWNER_UPSTREAM], c.owners[SG_OWNER_OVERLAY],
        c.owners[SG_OWNER_BOTH], c.owners[SG_OWNER_EFFECT],   c.lost,
        c.ranks[SG_RANK_STOPS],  c.ranks[SG_RANK_ERROR],      c.ranks[SG_RANK_WARNING],
        c.ranks[SG_RANK_INFO]};
    for (size_t i = 0; i < SG_ARRAY_LEN(numbers); i++) {
        add_number(out, numbers[i]);
    }
    sg_buf_adds(out, "</tr>\n");
}

static void add_summary(const struct sg_html *html) {
    if (html->t.plan->overlays.len == 0) {
        return;
    }
    sg_buf_adds(
        html->out,
        "<section>\n<h2>Summary</h2>\n<div class=\"scroll\"><table class=\"numbers\">\n"
        "<thead><tr><th></th><th colspan=\"4\" class=\"first\">objects</th>"
        "<th colspan=\"5\" class=\"first\">fields</th>"
        "<th colspan=\"4\" class=\"first\">findings</th></tr>\n"
        "<tr><th>overlay</th><th class=\"first\">added</th><th>removed</th>"
        "<th>renamed</th><th>changed</th><th class=\"first\">upstream</th>"
        "<th>yours</th><th>both</th><th>follow</th><th>lost</th>"
        "<th class=\"first\">stops</th><th>errors</th><th>warnings</th><th>info</th>"
        "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < html->t.plan->overlays.len; i++) {
        add_overlay_line(html, i);
    }
    sg_buf_adds(html->out, "</tbody></table></div>\n</section>\n");
}

/* --- filter ----------------------------------------------------------------------- */

static void add_boxes(const struct sg_html *html, const char *legend, const char *name,
                      const char *const (*boxes)[2], size_t n) {
    sg_buf_addf(html->out, "<fieldset><legend>%s</legend>", legend);
    for (size_t i = 0; i < n; i++) {
        sg_buf_addf(html->out,
                    "<label><input type=\"checkbox\" name=\"%s\" value=\"%s\" checked> "
                    "%s</label>",
                    name, boxes[i][0], boxes[i][1]);
    }
    sg_buf_adds(html->out, "</fieldset>\n");
}

static void add_overlay_choice(const struct sg_html *html) {
    const struct sg_plan *plan = html->t.plan;
    if (plan->overlays.len < 2) {
        return;
    }
    sg_buf_adds(html->out, "<label>overlay <select name=\"overlay\">"
                           "<option value=\"\">all</option>");
    for (size_t i = 0; i < plan->overlays.len; i++) {
        sg_buf_addf(html->out, "<option value=\"%zu\">", i);
        sg_html_str(plan->overlays.items[i].name, html->out);
        sg_buf_adds(html->out, "</option>");
    }
    sg_buf_adds(html->out, "</select></label>\n");
}

/* Shown by the script alone: without it a filter would do nothing. */
static void add_filter(const struct sg_html *html) {
    static const char *const owners[][2] = {{"upstream", "upstream"},
                                            {"overlay", "yours"},
                                            {"both", "both"},
                                            {"effect", "follows"}};
    static const char *const severities[][2] = {{"stop", "stop"},
                                                {"error", "error"},
                                                {"warning", "warning"},
                                                {"info", "info"},
                                                {"accepted", "accepted"}};
    sg_buf_adds(html->out, "<form id=\"filter\" class=\"filter\">\n"
                           "<input type=\"search\" name=\"text\" placeholder=\"Search "
                           "objects, fields, values, files\" aria-label=\"Search\">\n");
    add_overlay_choice(html);
    add_boxes(html, "rows", "owner", owners, SG_ARRAY_LEN(owners));
    add_boxes(html, "findings", "severity", severities, SG_ARRAY_LEN(severities));
    sg_buf_adds(html->out, "<button type=\"reset\">Reset</button> "
                           "<output></output>\n</form>\n");
}

/* --- the page --------------------------------------------------------------------- */

static void add_notes(const struct sg_html *html) {
    const struct sg_plan *plan = html->t.plan;
    bool first = true;
    for (size_t h = 0; h < plan->hops.len; h++) {
        for (size_t i = 0; i < plan->hops.items[h].notes.len; i++) {
            const struct sg_plan_note *note = &plan->hops.items[h].notes.items[i];
            sg_buf_adds(html->out, first ? "<section>\n<h2>Upstream's notes</h2>\n" : "");
            first = false;
            sg_buf_adds(html->out, "<details open><summary><span class=\"name\">");
            sg_html_str(note->title, html->out);
            sg_buf_adds(html->out, "</span> <span class=\"count\">");
            sg_html_str(plan->hops.items[h].version, html->out);
            sg_buf_adds(html->out, "</span></summary>\n<div class=\"body\">"
                                   "<pre class=\"text\">");
            for (const char *at = note->text; *at;) {
                size_t len = strcspn(at, "\n");
                sg_html_text(at, len, html->out);
                sg_buf_addc(html->out, '\n');
                at += len + (at[len] == '\n');
            }
            sg_buf_adds(html->out, "</pre></div></details>\n");
        }
    }
    sg_buf_adds(html->out, first ? "" : "</section>\n");
}

static void write_page(const struct sg_html *html) {
    add_head(html);
    add_header(html);
    add_summary(html);
    add_filter(html);
    sg_html_findings(html);
    add_notes(html);
    sg_html_edits(html);
    sg_html_objects(html);
    sg_buf_adds(html->out, "<footer>Written by sgupgrade ");
    sg_html_str(html->t.opts->tool, html->out);
    sg_buf_adds(html->out, ". Values of Secrets are never shown.</footer>\n<script>");
    sg_buf_add(html->out, js, sizeof js);
    sg_buf_adds(html->out, "</script>\n</body>\n</html>\n");
}

int sg_html_plan(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_buf *out, struct sg_err *err) {
    (void)err;
    struct sg_report_opts view = *opts;
    view.paint = sg_palette_get(false);
    const struct sg_plan *plan = report->plan.plan;
    struct sg_html html = {.out = out, .report = &report->plan};
    html.t =
        (struct sg_text){.opts = &view, .paint = view.paint, .plan = plan, .whole = true};
    sg_ranked_of(plan, &html.ranked);
    html.told = sg_xcalloc(plan->overlays.len + 1, sizeof *html.told);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        sg_told_pair(&html.told[i], &plan->overlays.items[i]);
    }
    write_page(&html);
    for (size_t i = 0; i < plan->overlays.len; i++) {
        sg_told_release(&html.told[i]);
    }
    free(html.told);
    sg_ranked_release(&html.ranked);
    return 0;
}
