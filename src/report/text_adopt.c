/*
 * text_adopt.c - an adopted fork for people: which release it is of and why, what does
 * not hold, the proof, what the overlay says, what is odd about the fork, the next
 * command last. What the fork changes is in text_adopt_changes.c.
 */
#include "text_adopt.h"

#include <string.h>

#include "writers.h"

#define LABEL        10
#define FIRST_OTHERS 6 /* of the files that were not taken */
#define FIRST_ODD    5 /* of a kind of oddity */

size_t sg_text_first(const struct sg_text *t, size_t most, size_t n) {
    return t->opts->full || n <= most + 1 ? n : most; /* a line that says "1 more" */
}

void sg_text_more(const struct sg_text *t, int indent, size_t n) {
    if (n > 0) {
        sg_buf_addf(t->out, "%*s%s... %zu more; --full shows %s%s\n", indent, "",
                    t->paint->dim, n, n == 1 ? "it" : "them", t->paint->reset);
    }
}

/* --- what was found --------------------------------------------------------------- */

void sg_text_wrapped(const struct sg_text *t, const struct sg_buf *words, size_t at,
                     size_t indent) {
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(sg_buf_cstr(words), words->len, &safe);
    sg_text_wrap(t->out, sg_buf_cstr(&safe), safe.len, at, indent);
}

void sg_text_told(const struct sg_text *t, const char *paint, const char *label,
                  const char *after, const struct sg_buf *words) {
    sg_buf_addf(t->out, "\n%s%s%s%s", paint, label, t->paint->reset, after);
    sg_text_wrapped(t, words, strlen(label) + strlen(after), 2);
}

static void add_label(const struct sg_text *t, const char *label, const char *text) {
    sg_buf_addf(t->out, "%s%-*s%s", t->paint->dim, LABEL, label, t->paint->reset);
    sg_text_adds(t->out, text);
    sg_buf_addc(t->out, '\n');
}

static void add_release(const struct sg_text *t, const struct sg_report_adopt *report) {
    const struct sg_palette *p = t->paint;
    sg_auto_buf version = SG_BUF_INIT, evidence = SG_BUF_INIT;
    sg_text_adds(&version, report->version);
    sg_buf_addf(t->out, "%s%-*s%s%s%s%s", p->dim, LABEL, "release", p->reset, p->bold,
                sg_buf_cstr(&version), p->reset);
    sg_adopt_evidence(report, &evidence);
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(sg_buf_cstr(&evidence), evidence.len, &safe);
    sg_buf_addc(t->out, safe.ptr[0]); /* the comma, which stands at the version */
    sg_buf_addc(t->out, ' ');
    size_t at = LABEL + sg_text_width(sg_buf_cstr(&version), version.len) + 2;
    sg_text_wrap(t->out, safe.ptr + 1, safe.len - 1, at, LABEL);
}

static void add_head(const struct sg_text *t, const struct sg_report_adopt *report) {
    add_release(t, report);
    if (!t->terse) {
        add_label(t, "fork", report->fork);
        add_label(t, "upstream", report->upstream);
        add_label(t, "project", report->dir);
    }
    sg_auto_buf nearer = SG_BUF_INIT;
    sg_adopt_nearer(report, &nearer);
    if (nearer.len > 0) {
        sg_text_told(t, t->paint->warning, "Warning:", " ", &nearer);
    }
}

/* --- the overlay ------------------------------------------------------------------ */

static void add_overlay(const struct sg_text *t, const struct sg_report_adopt *report,
                        const struct sg_adopt_view *view) {
    sg_auto_buf name = SG_BUF_INIT, words = SG_BUF_INIT;
    sg_text_adds(&name, report->overlay);
    sg_buf_addf(t->out, "\nOverlay %s%s%s: ", t->paint->bold, sg_buf_cstr(&name),
                t->paint->reset);
    sg_adopt_sum(view, &words);
    size_t at =
        strlen("Overlay ") + sg_text_width(sg_buf_cstr(&name), name.len) + strlen(": ");
    sg_text_wrapped(t, &words, at, 2);
    sg_buf_clear(&words);
    sg_adopt_matches(report->adopted, &words);
    sg_buf_adds(t->out, "  ");
    sg_text_wrapped(t, &words, 2, 2);
    static void (*const more[])(const struct sg_adopted *adopted,
                                struct sg_buf *out) = {sg_adopt_picks, sg_adopt_left};
    for (size_t i = 0; i < SG_ARRAY_LEN(more); i++) {
        sg_buf_clear(&words);
        more[i](report->adopted, &words);
        if (words.len > 0) {
            sg_buf_adds(t->out, "  ");
            sg_text_wrapped(t, &words, 2, 2);
        }
    }
}

/* --- oddities --------------------------------------------------------------------- */

void sg_text_at(const struct sg_text *t, const char *file, uint32_t line) {
    if (file != NULL && file[0] != '\0') {
        sg_buf_adds(t->out, "  ");
        sg_text_place(t, (struct sg_place){file, line, 0});
    }
}

static void add_oddity(const struct sg_text *t, const struct sg_adopt_oddity *oddity) {
    sg_buf_adds(t->out, "    ");
    bool place = oddity->file != NULL && oddity->file[0] != '\0';
    sg_text_place(t, (struct sg_place){oddity->file, oddity->line, oddity->column});
    sg_buf_adds(t->out, place ? "  " : "");
    if (oddity->object != NULL) {
        sg_adopt_object(oddity->object, t->out);
        sg_buf_adds(t->out, oddity->path != NULL && oddity->path[0] ? " " : "");
        sg_text_adds(t->out, oddity->path != NULL ? oddity->path : "");
        sg_buf_adds(t->out, ": ");
    }
    sg_text_adds(t->out, oddity->message);
    sg_buf_addc(t->out, '\n');
}

static size_t count_oddities(const struct sg_adopt_fork *fork,
                             enum sg_adopt_oddity_kind kind) {
    size_t n = 0;
    for (size_t i = 0; i < fork->oddities.len; i++) {
        n += fork->oddities.items[i].kind == kind;
    }
    return n;
}

static void add_oddities_of(const struct sg_text *t, const struct sg_adopt_fork *fork,
                            enum sg_adopt_oddity_kind kind, size_t n) {
    const struct sg_adopt_oddity_words *words = sg_adopt_oddity_words_of(kind);
    sg_buf_addf(t->out, "\n  %s%s%s (%zu)\n  ",
                words->grave ? t->paint->error : t->paint->warning, words->title,
                t->paint->reset, n);
    sg_text_wrap(t->out, words->means, strlen(words->means), 2, 2);
    size_t most = sg_text_first(t, FIRST_ODD, n), shown = 0;
    for (size_t i = 0; i < fork->oddities.len && shown < most; i++) {
        if (fork->oddities.items[i].kind == kind) {
            add_oddity(t, &fork->oddities.items[i]);
            shown++;
        }
    }
    sg_text_more(t, 4, n - shown);
}

/* Terse: only what the overlay lacks for it. */
static void add_oddities(const struct sg_text *t, const struct sg_adopt_fork *fork) {
    bool headed = false;
    for (size_t i = 0; i < SG_ADOPT_ODDITIES; i++) {
        enum sg_adopt_oddity_kind kind = sg_adopt_oddity_order[i];
        size_t n = count_oddities(fork, kind);
        if (n == 0 || (t->terse && !sg_adopt_oddity_words_of(kind)->grave)) {
            continue;
        }
        if (!headed) {
            sg_buf_addf(t->out, "\n%sOdd in the fork%s\n", t->paint->bold,
                        t->paint->reset);
        }
        headed = true;
        add_oddities_of(t, fork, kind, n);
    }
}

static void add_history_gap(const struct sg_text *t, const struct sg_adopted *adopted) {
    sg_auto_buf words = SG_BUF_INIT;
    sg_adopt_history_gap(adopted, &words);
    if (words.len > 0) {
        sg_text_told(t, t->paint->warning, "History:", " ", &words);
    }
}

/* What counts as no change; its names with --full. */
static void add_noise(const struct sg_text *t, const struct sg_adopted *adopted) {
    sg_auto_buf words = SG_BUF_INIT;
    sg_adopt_noise(adopted, &words);
    if (words.len == 0) {
        return;
    }
    sg_buf_adds(&words, t->opts->full ? "" : "; --full names them");
    sg_text_told(t, t->paint->bold, "Formatting noise ignored", ": ", &words);
    for (size_t i = 0; i < adopted->reformatted.len && t->opts->full; i++) {
        sg_buf_adds(t->out, "    ");
        sg_text_adds(t->out, adopted->reformatted.items[i]);
        sg_buf_addc(t->out, '\n');
    }
    for (size_t i = 0; i < adopted->moved.len && t->opts->full; i++) {
        const struct sg_adopt_moved *moved = &adopted->moved.items[i];
        sg_buf_adds(t->out, "    ");
        sg_adopt_object(moved->object, t->out);
        sg_text_at(t, moved->file, 0);
        sg_buf_adds(t->out, ", upstream's in ");
        sg_text_adds(t->out, moved->from);
        sg_buf_addc(t->out, '\n');
    }
}

static void add_others(const struct sg_text *t, const struct sg_adopt_fork *fork) {
    if (fork->others.len == 0) {
        return;
    }
    sg_buf_addf(t->out, "\n%sNot taken%s: ", t->paint->bold, t->paint->reset);
    sg_adopt_count(t->out, fork->others.len, "file that is no manifest",
                   "files that are no manifests");
    sg_buf_addc(t->out, '\n');
    size_t shown = sg_text_first(t, FIRST_OTHERS, fork->others.len);
    for (size_t i = 0; i < shown; i++) {
        sg_buf_adds(t->out, "  ");
        sg_text_adds(t->out, fork->others.items[i]);
        sg_buf_addc(t->out, '\n');
    }
    sg_text_more(t, 2, fork->others.len - shown);
}

static void add_outside(const struct sg_text *t, const struct sg_report_adopt *report) {
    sg_auto_buf words = SG_BUF_INIT;
    sg_adopt_outside_words(report, &words);
    if (words.len > 0) {
        sg_text_told(t, t->paint->bold, "Not looked at", ": ", &words);
    }
}

/* --- the end ---------------------------------------------------------------------- */

static void add_files(const struct sg_text *t, const struct sg_report_adopt *report) {
    if (report->files_len == 0) {
        return;
    }
    sg_buf_addc(t->out, '\n');
    sg_buf_addf(t->out, "%sWritten%s: ", t->paint->bold, t->paint->reset);
    sg_adopt_count(t->out, report->files_len, "file", NULL);
    sg_buf_adds(t->out, " to ");
    sg_text_adds(t->out, report->dir);
    sg_buf_addc(t->out, '\n');
    sg_text_files(t, report->files, report->files_len);
}

void sg_text_adopt_next(const struct sg_text *t, const struct sg_report_adopt *report) {
    bool by_hand = report->by_hand != NULL;
    if (by_hand) {
        sg_text_next(t, "Next", report->by_hand);
    }
    for (size_t i = 0; i < report->next_len; i++) {
        sg_text_next(t, by_hand || i > 0 ? "Then" : "Next", report->next[i]);
    }
}

int sg_text_adopt(const struct sg_report *report, const struct sg_report_opts *opts,
                  struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_report_adopt *adopt = &report->adopt;
    struct sg_text t = {
        .out = out, .opts = opts, .paint = opts->paint, .terse = opts->quiet};
    sg_auto_adopt_view view = {0};
    sg_adopt_view_of(adopt->adopted, &view);
    add_head(&t, adopt);
    sg_text_adopt_proof(&t, adopt);
    if (!t.terse && adopt->remote) {
        sg_buf_adds(out, "\nThe overlay is as it was; its base is vendored now.\n");
    } else if (!t.terse) {
        add_overlay(&t, adopt, &view);
        sg_text_adopt_changes(&t, &view);
        add_history_gap(&t, adopt->adopted);
    }
    add_oddities(&t, adopt->source);
    if (!t.terse) {
        add_noise(&t, adopt->adopted);
        add_others(&t, adopt->source);
        add_outside(&t, adopt);
        add_files(&t, adopt);
    }
    sg_text_adopt_next(&t, adopt);
    return 0;
}
