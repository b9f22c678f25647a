/*
 * markdown_adopt.c - an adopted fork as a comment on the pull request that brings it in:
 * what it is of, the proof, what the overlay says, then folded what it says of each
 * object and what is odd about the fork.
 */
#include <string.h>

#include "adopt_view.h"
#include "markdown.h"
#include "md.h"
#include "writers.h"

#define ROWS_MOST    200 /* of one table */
#define OTHERS_MOST  50
#define DIFFERS_MOST 50 /* that are never left out for the length of the rest */
#define NEXT_MOST    3
#define NEXT_LONGEST ((size_t)300) /* bytes of what is to be done by hand */

/* --- what was found --------------------------------------------------------------- */

/* A line of the list on top; the value as code. */
static void add_fact(struct sg_buf *out, const char *label, const char *text) {
    sg_buf_addf(out, "- %s ", label);
    sg_md_codes(text, out);
    sg_buf_addc(out, '\n');
}

static void add_head(struct sg_md *md, const struct sg_report_adopt *report,
                     const char *name) {
    sg_auto_buf part = SG_BUF_INIT, words = SG_BUF_INIT;
    sg_buf_adds(&part, "## sgupgrade adopt: ");
    sg_md_strings(report->version, &part);
    sg_buf_adds(&part, name != NULL ? ", " : "");
    sg_md_strings(name != NULL ? name : "", &part);
    sg_buf_adds(&part, "\n\n- release ");
    sg_md_codes(report->version, &part);
    sg_adopt_evidence(report, &words);
    sg_md_text(sg_buf_cstr(&words), words.len, &part);
    sg_buf_addc(&part, '\n');
    add_fact(&part, "fork", report->fork);
    add_fact(&part, "upstream", report->upstream);
    sg_buf_addc(&part, '\n');
    sg_buf_clear(&words);
    sg_adopt_nearer(report, &words);
    if (words.len > 0) {
        sg_buf_adds(&part, "**Warning:** ");
        sg_md_text(sg_buf_cstr(&words), words.len, &part);
        sg_buf_adds(&part, ".\n\n");
    }
    sg_md_add_part(md, &part, SG_MD_NOTE);
}

static void add_proof(struct sg_md *md, const struct sg_report_adopt *report) {
    bool holds = sg_report_adopt_exit(report) == 0;
    sg_auto_buf words = SG_BUF_INIT;
    sg_adopt_proof(report, &words);
    sg_buf_adds(md->out, holds ? "**Proof:** " : "**The proof does not hold:** ");
    sg_md_text(sg_buf_cstr(&words), words.len, md->out);
    sg_buf_adds(md->out, ".\n\n");
}

static void add_name(const char *object, struct sg_buf *out) {
    sg_auto_buf name = SG_BUF_INIT;
    sg_adopt_object(object, &name);
    sg_md_code(sg_buf_cstr(&name), name.len, out);
}

/* --- restarts --------------------------------------------------------------------- */

static void add_restarts(struct sg_md *md, const struct sg_adopted *adopted) {
    sg_auto_buf part = SG_BUF_INIT;
    if (adopted->restarts.len == 0) {
        return;
    }
    sg_buf_adds(&part, "<details><summary>");
    sg_adopt_restarts(adopted, &part);
    sg_buf_adds(&part, "</summary>\n\n");
    for (size_t i = 0; i < adopted->restarts.len && i < ROWS_MOST; i++) {
        sg_buf_adds(&part, "- ");
        add_name(adopted->restarts.items[i].object, &part);
        sg_buf_addc(&part, ' ');
        sg_md_codes(adopted->restarts.items[i].path, &part);
        sg_buf_addc(&part, '\n');
    }
    if (adopted->restarts.len > ROWS_MOST) {
        sg_buf_addf(&part, "- %zu more\n", adopted->restarts.len - ROWS_MOST);
    }
    sg_buf_adds(&part, "\n</details>\n\n");
    sg_md_add_part(md, &part, SG_MD_NOTE);
}

/* --- differences ------------------------------------------------------------------ */

/* " | old | new | where |" of a table. */
static void add_cells(const struct sg_md *md, const char *object, const char *path,
                      const char *old, const char *new, struct sg_place at,
                      struct sg_buf *out) {
    sg_auto_adopt_values values = {0};
    sg_adopt_values_of(&md->t, object, path, old, new, &values);
    sg_buf_adds(out, " | ");
    sg_md_codes(path[0] ? path : "(the object)", out);
    sg_buf_adds(out, " | ");
    sg_md_code(sg_buf_cstr(&values.old), values.old.len, out);
    sg_buf_adds(out, " | ");
    sg_md_code(sg_buf_cstr(&values.new), values.new.len, out);
    sg_buf_adds(out, " | ");
    sg_md_place(at, out);
    sg_buf_adds(out, " |\n");
}

static void add_difference(struct sg_md *md, const struct sg_adopt_difference *item) {
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_adds(&part, "| ");
    add_name(item->object, &part);
    add_cells(md, item->object, item->path, item->fork, item->render,
              (struct sg_place){item->file, item->line, 0}, &part);
    sg_md_add_part(md, &part, SG_MD_DIFFERENCE);
}

static void add_differences(struct sg_md *md, const struct sg_adopted *adopted) {
    size_t n = adopted->differences.len;
    if (n == 0) {
        return;
    }
    sg_buf_adds(md->out, "### What the overlay cannot express\n\n"
                         "Settle these by hand, in the fork or in the overlay.\n\n"
                         "| object | field | the fork has | the overlay renders | where "
                         "|\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < n && i < DIFFERS_MOST; i++) {
        add_difference(md, &adopted->differences.items[i]);
    }
    md->cut[SG_MD_DIFFERENCE] += n > DIFFERS_MOST ? n - DIFFERS_MOST : 0;
    sg_buf_addc(md->out, '\n');
}

/* --- what was left out ------------------------------------------------------------ */

static void add_drop(const struct sg_md *md, const struct sg_adopt_drop *drop,
                     struct sg_buf *out) {
    struct sg_place at = {drop->file, drop->line, 0};
    sg_auto_buf reason = SG_BUF_INIT;
    sg_adopt_drop_reason(drop, &reason);
    sg_buf_adds(out, "| ");
    sg_md_strings(sg_buf_cstr(&reason), out);
    sg_buf_adds(out, " | ");
    add_name(drop->object, out);
    add_cells(md, drop->object, drop->path, drop->before, drop->after, at, out);
}

static void add_drops(struct sg_md *md, const struct sg_adopted *adopted) {
    size_t n = adopted->drops.len;
    if (n == 0) {
        return;
    }
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_adds(&part, "<details><summary>Left out: ");
    sg_adopt_drops(adopted, &part);
    sg_buf_adds(&part, "</summary>\n\n"
                       "| comes with | object | field | upstream | the fork | where |\n"
                       "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < n && i < ROWS_MOST; i++) {
        add_drop(md, &adopted->drops.items[i], &part);
    }
    if (n > ROWS_MOST) {
        sg_buf_addf(&part, "| | | %zu more | | | |\n", n - ROWS_MOST);
    }
    sg_buf_adds(&part, "\n</details>\n\n");
    sg_md_add_part(md, &part, SG_MD_NOTE);
}

/* --- the overlay ------------------------------------------------------------------ */

static void add_overlay(struct sg_md *md, const struct sg_report_adopt *report,
                        const struct sg_adopt_view *view) {
    sg_auto_buf part = SG_BUF_INIT, words = SG_BUF_INIT;
    sg_buf_adds(&part, "### Overlay ");
    sg_md_codes(report->overlay, &part);
    sg_buf_adds(&part, "\n\nIn it: ");
    sg_adopt_sum(view, &words);
    sg_buf_adds(&words, ".\n\n");
    sg_buf_add(&part, words.ptr, words.len);
    sg_adopt_matches(report->adopted, &part);
    sg_buf_adds(&part, ".\n\n");
    sg_buf_clear(&words);
    sg_adopt_picks(report->adopted, &words);
    sg_md_text(sg_buf_cstr(&words), words.len, &part);
    sg_buf_adds(&part, words.len > 0 ? ".\n\n" : "");
    sg_buf_clear(&words);
    sg_adopt_left(report->adopted, &words);
    sg_md_text(sg_buf_cstr(&words), words.len, &part);
    sg_buf_adds(&part, words.len > 0 ? ".\n\n" : "");
    sg_buf_clear(&words);
    sg_adopt_history_gap(report->adopted, &words);
    if (words.len > 0) {
        sg_buf_addf(&part, "History: %s.\n\n", sg_buf_cstr(&words));
    }
    sg_md_add_part(md, &part, SG_MD_NOTE);
}

static void add_row(const struct sg_md *md, const struct sg_adopt_group *group,
                    const struct sg_adopt_change *change, struct sg_buf *out) {
    struct sg_place at = {change->file, change->line, 0};
    bool whole = change->path[0] == '\0';
    sg_buf_adds(out, "| ");
    sg_md_code(group->id.name.ptr, group->id.name.len, out);
    sg_buf_addf(out, " | %s", sg_adopt_way_word(change->way));
    if (change->picked != NULL) {
        sg_buf_adds(out, ", upstream's own in ");
        sg_md_strings(change->picked, out);
    } else if (change->left != NULL) {
        sg_buf_adds(out, ", as upstream had it in ");
        sg_md_strings(change->left, out);
    }
    if (change->author != NULL) {
        sg_buf_adds(out, ", by ");
        sg_md_strings(change->author, out);
        sg_buf_adds(out, change->subject != NULL ? ": " : "");
        sg_md_strings(change->subject != NULL ? change->subject : "", out);
    }
    if (!whole) {
        add_cells(md, change->object, change->path, change->before, change->after, at,
                  out);
        return;
    }
    sg_buf_adds(out, " | | | | ");
    sg_md_place(at, out);
    sg_buf_adds(out, " |\n");
}

struct table {
    const struct sg_md *md;
    size_t shown, left_out;
    struct sg_buf rows;
};

static void add_table_row(struct table *table, const struct sg_adopt_group *group,
                          const struct sg_adopt_change *change) {
    if (table->shown == ROWS_MOST) {
        table->left_out++;
        return;
    }
    add_row(table->md, group, change, &table->rows);
    table->shown++;
}

static void add_group(struct table *table, const struct sg_adopt_group *group) {
    for (size_t i = 0; i < group->changes.len; i++) {
        add_table_row(table, group, group->changes.items[i]);
    }
    for (size_t i = 0; i < group->shared.len && table->md->t.opts->full; i++) {
        add_table_row(table, group, group->shared.items[i]);
    }
}

static void add_kind(struct sg_md *md, const struct sg_adopt_kind *kind) {
    struct table table = {.md = md};
    for (size_t i = 0; i < kind->objects.len; i++) {
        add_group(&table, kind->objects.items[i]);
    }
    sg_auto_buf part = SG_BUF_INIT, sum = SG_BUF_INIT;
    sg_adopt_kind_sum(kind, &sum);
    sg_buf_adds(&part, "<details><summary>");
    sg_md_html_code(kind->kind.ptr, kind->kind.len, &part);
    sg_buf_addf(&part, " %s</summary>\n\n", sg_buf_cstr(&sum));
    sg_buf_adds(&part, "| object | how | field | upstream | the fork | where |\n"
                       "|---|---|---|---|---|---|\n");
    sg_buf_add(&part, sg_buf_cstr(&table.rows), table.rows.len);
    if (table.left_out > 0) {
        sg_buf_addf(&part, "| | | %zu more | | | |\n", table.left_out);
    }
    sg_buf_adds(&part, "\n</details>\n\n");
    if (table.shown > 0) {
        sg_md_add_part(md, &part, SG_MD_KIND);
    }
    sg_buf_release(&table.rows);
}

/* --- oddities --------------------------------------------------------------------- */

static void add_oddity(struct sg_md *md, const struct sg_adopt_oddity *oddity) {
    sg_auto_buf part = SG_BUF_INIT;
    bool place = oddity->file != NULL && oddity->file[0] != '\0';
    sg_buf_adds(&part, "  - ");
    sg_md_place((struct sg_place){oddity->file, oddity->line, 0}, &part);
    sg_buf_adds(&part, place ? " " : "");
    if (oddity->object != NULL) {
        add_name(oddity->object, &part);
        sg_buf_addc(&part, ' ');
        sg_md_codes(oddity->path != NULL ? oddity->path : "", &part);
        sg_buf_adds(&part, oddity->path != NULL && oddity->path[0] ? " " : "");
    }
    sg_md_strings(oddity->message, &part);
    sg_buf_addc(&part, '\n');
    sg_md_add_part(md, &part, SG_MD_ODDITY);
}

static void add_oddities_of(struct sg_md *md, const struct sg_adopt_fork *fork,
                            enum sg_adopt_oddity_kind kind) {
    const struct sg_adopt_oddity_words *words = sg_adopt_oddity_words_of(kind);
    bool headed = false;
    for (size_t i = 0; i < fork->oddities.len; i++) {
        if (fork->oddities.items[i].kind != kind) {
            continue;
        }
        if (!headed) {
            sg_auto_buf part = SG_BUF_INIT;
            sg_buf_addf(&part, "- **%s**: %s\n", words->title, words->means);
            sg_md_add_part(md, &part, SG_MD_NOTE);
        }
        headed = true;
        add_oddity(md, &fork->oddities.items[i]);
    }
}

static void add_oddities(struct sg_md *md, const struct sg_adopt_fork *fork) {
    if (fork->oddities.len == 0) {
        return;
    }
    sg_buf_adds(md->out, "### Odd in the fork\n\n");
    for (size_t i = 0; i < SG_ADOPT_ODDITIES; i++) {
        add_oddities_of(md, fork, sg_adopt_oddity_order[i]);
    }
    sg_buf_addc(md->out, '\n');
}

static size_t above(size_t n, size_t most) {
    return n > most ? n - most : 0;
}

static void add_noise(struct sg_md *md, const struct sg_adopted *adopted) {
    sg_auto_buf part = SG_BUF_INIT, words = SG_BUF_INIT;
    sg_adopt_noise(adopted, &words);
    if (words.len == 0) {
        return;
    }
    sg_buf_addf(&part, "<details><summary>Formatting noise ignored: %s</summary>\n\n",
                sg_buf_cstr(&words));
    for (size_t i = 0; i < adopted->reformatted.len && i < OTHERS_MOST; i++) {
        sg_buf_adds(&part, "- ");
        sg_md_codes(adopted->reformatted.items[i], &part);
        sg_buf_addc(&part, '\n');
    }
    for (size_t i = 0; i < adopted->moved.len && i < OTHERS_MOST; i++) {
        const struct sg_adopt_moved *moved = &adopted->moved.items[i];
        sg_buf_adds(&part, "- ");
        add_name(moved->object, &part);
        sg_buf_addc(&part, ' ');
        sg_md_codes(moved->file, &part);
        sg_buf_adds(&part, ", upstream's in ");
        sg_md_codes(moved->from, &part);
        sg_buf_addc(&part, '\n');
    }
    size_t more = above(adopted->reformatted.len, OTHERS_MOST) +
                  above(adopted->moved.len, OTHERS_MOST);
    if (more > 0) {
        sg_buf_addf(&part, "- %zu more\n", more);
    }
    sg_buf_adds(&part, "\n</details>\n\n");
    sg_md_add_part(md, &part, SG_MD_NOTE);
}

static void add_others(struct sg_md *md, const struct sg_adopt_fork *fork) {
    size_t n = fork->others.len;
    if (n == 0) {
        return;
    }
    sg_auto_buf part = SG_BUF_INIT;
    sg_buf_adds(&part, "<details><summary>Not taken: ");
    sg_adopt_count(&part, n, "file that is no manifest", "files that are no manifests");
    sg_buf_adds(&part, "</summary>\n\n");
    for (size_t i = 0; i < n && i < OTHERS_MOST; i++) {
        sg_buf_adds(&part, "- ");
        sg_md_codes(fork->others.items[i], &part);
        sg_buf_addc(&part, '\n');
    }
    if (n > OTHERS_MOST) {
        sg_buf_addf(&part, "- %zu more\n", n - OTHERS_MOST);
    }
    sg_buf_adds(&part, "\n</details>\n\n");
    sg_md_add_part(md, &part, SG_MD_NOTE);
}

static void add_outside(struct sg_md *md, const struct sg_report_adopt *report) {
    sg_auto_buf part = SG_BUF_INIT, words = SG_BUF_INIT;
    sg_adopt_outside_words(report, &words);
    if (words.len > 0) {
        sg_buf_adds(&part, "Not looked at: ");
        sg_md_text(sg_buf_cstr(&words), words.len, &part);
        sg_buf_adds(&part, ".\n\n");
        sg_md_add_part(md, &part, SG_MD_NOTE);
    }
}

/* --- end -------------------------------------------------------------------------- */

void sg_md_adopt_next(const struct sg_report_adopt *report, struct sg_buf *out) {
    struct sg_md to = {.out = out};
    if (report->by_hand != NULL) {
        sg_buf_adds(out, "Next: ");
        sg_md_text(report->by_hand, strnlen(report->by_hand, NEXT_LONGEST), out);
        sg_buf_addc(out, '\n');
    }
    for (size_t i = 0; i < report->next_len && i < NEXT_MOST; i++) {
        bool first = i == 0 && report->by_hand == NULL;
        sg_buf_adds(out, first ? "" : "\n");
        sg_md_next(&to, first ? "Next" : "Then", report->next[i]);
    }
}

void sg_md_adopt(struct sg_md *md, const struct sg_report_adopt *report,
                 const char *name) {
    sg_auto_adopt_view view = {0};
    sg_adopt_view_of(report->adopted, &view);
    add_head(md, report, name);
    add_differences(md, report->adopted);
    add_proof(md, report);
    add_drops(md, report->adopted);
    add_restarts(md, report->adopted);
    add_overlay(md, report, &view);
    add_oddities(md, report->source);
    for (size_t i = 0; i < view.kinds.len; i++) {
        add_kind(md, view.kinds.items[i]);
    }
    add_noise(md, report->adopted);
    add_others(md, report->source);
    add_outside(md, report);
}

int sg_markdown_adopt(const struct sg_report *report, const struct sg_report_opts *opts,
                      struct sg_buf *out, struct sg_err *err) {
    const struct sg_report_part one = {.report = *report};
    const struct sg_report many = {.kind = SG_REPORT_MANY,
                                   .many = {&one, 1, SG_REPORT_ADOPT}};
    return sg_markdown_many(&many, opts, out, err);
}
