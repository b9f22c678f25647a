/*
 * text_state.c - status, versions, log, and what a command did, for people.
 */
#include "text.h"
#include "writers.h"

#include <string.h>

#define LABEL        12
#define FILES_LISTED 6 /* of one folder */

static void add_label(const struct sg_text *t, const char *label) {
    sg_buf_addf(t->out, "%s%-*s%s", t->paint->dim, LABEL, label, t->paint->reset);
}

/* Text, filled up to `width` columns; two blanks after what is wider. */
static void add_cell(struct sg_buf *out, const char *text, size_t width) {
    size_t before = out->len;
    sg_text_adds(out, text);
    size_t used = sg_text_width(out->ptr + before, out->len - before);
    sg_buf_addf(out, "%*s", (int)(used < width ? width - used : 2), "");
}

static size_t widest(size_t so_far, const char *text) {
    size_t width = sg_text_width(text, strlen(text)) + 2;
    return width > so_far ? width : so_far;
}

int sg_text_version(const struct sg_report *report, const struct sg_report_opts *opts,
                    struct sg_buf *out, struct sg_err *err) {
    (void)opts;
    (void)err;
    sg_buf_addf(out, "sgupgrade %s\nrenders as %s\n", report->version.tool,
                report->version.renderer);
    return 0;
}

/* --- status ----------------------------------------------------------------------- */

static void add_newer(const struct sg_text *t, const struct sg_report_status *status) {
    add_label(t, "next");
    if (status->next) {
        sg_text_adds(t->out, status->next);
        sg_buf_addc(t->out, '\n');
        add_label(t, "latest");
        sg_text_adds(t->out, status->latest ? status->latest : status->next);
        sg_buf_addf(t->out, "%s  ", t->paint->dim);
        sg_text_count(t->out, status->newer, "release", NULL);
        sg_buf_adds(t->out, " newer, ");
        sg_text_count(t->out, status->hops, "hop", NULL);
        sg_buf_addf(t->out, "%s\n", t->paint->reset);
    } else {
        sg_buf_adds(t->out, "nothing newer\n");
    }
    if (!status->contacted) {
        return;
    }
    add_label(t, "");
    sg_buf_addf(t->out, "%snot asked upstream: ", t->paint->warning);
    sg_text_adds(t->out, status->contacted);
    sg_buf_addf(t->out, "%s\n", t->paint->reset);
}

static void add_state(const struct sg_text *t, const struct sg_report_status *status) {
    add_label(t, "state");
    if (status->blocked) {
        sg_buf_addf(t->out, "%sthe base or its tag is not as locked%s\n", t->paint->error,
                    t->paint->reset);
    } else if (status->dirty) {
        sg_buf_addf(t->out, "%suncommitted changes%s: apply would stop\n",
                    t->paint->warning, t->paint->reset);
    } else {
        sg_buf_addf(t->out, "%sclean%s\n", t->paint->good, t->paint->reset);
    }
}

static void add_health(const struct sg_text *t, const struct sg_report_overlay *overlay,
                       size_t width) {
    sg_buf_adds(t->out, "  ");
    add_cell(t->out, overlay->name, width);
    if (overlay->problem) {
        sg_buf_addf(t->out, "%s", t->paint->error);
        sg_text_adds(t->out, overlay->problem);
        sg_buf_addf(t->out, "%s", t->paint->reset);
        if (overlay->at.file) {
            sg_buf_adds(t->out, "  ");
            sg_text_place(t, overlay->at);
        }
        sg_buf_addc(t->out, '\n');
        return;
    }
    sg_buf_addf(t->out, "%5zu %-9s", overlay->objects,
                overlay->objects == 1 ? "object" : "objects");
    if (overlay->errors + overlay->warnings == 0) {
        sg_buf_addf(t->out, "%sok%s\n", t->paint->good, t->paint->reset);
        return;
    }
    if (overlay->errors) {
        sg_buf_adds(t->out, t->paint->error);
        sg_text_count(t->out, overlay->errors, "error", NULL);
        sg_buf_addf(t->out, "%s%s", t->paint->reset, overlay->warnings ? ", " : "");
    }
    if (overlay->warnings) {
        sg_buf_adds(t->out, t->paint->warning);
        sg_text_count(t->out, overlay->warnings, "warning", NULL);
        sg_buf_adds(t->out, t->paint->reset);
    }
    sg_buf_addc(t->out, '\n');
}

int sg_text_status(const struct sg_report *report, const struct sg_report_opts *opts,
                   struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_report_status *status = &report->status;
    struct sg_text t = {out, opts, opts->paint, opts->quiet, status->plan, false};
    add_label(&t, "upstream");
    sg_text_adds(out, status->upstream);
    sg_buf_addc(out, '\n');
    add_label(&t, "version");
    sg_buf_addf(out, "%s%s%s  %s", t.paint->bold, status->current, t.paint->reset,
                t.paint->dim);
    sg_text_commit(out, status->commit);
    sg_buf_addf(out, "%s\n", t.paint->reset);
    add_newer(&t, status);
    add_state(&t, status);
    sg_buf_addf(out, "\n%sOverlays%s\n", t.paint->bold, t.paint->reset);
    size_t width = 0, sick = 0;
    for (size_t i = 0; i < status->overlays_len; i++) {
        width = widest(width, status->overlays[i].name);
        sick += status->overlays[i].problem || status->overlays[i].errors;
    }
    for (size_t i = 0; i < status->overlays_len; i++) {
        add_health(&t, &status->overlays[i], width);
    }
    if (status->overlays_len == 0) {
        sg_buf_adds(out, "  none\n");
    }
    sg_text_findings(&t, status->plan->findings.items, status->plan->findings.len, NULL);
    if (sick || status->blocked) {
        sg_text_next(&t, "Next", "sgupgrade check");
    } else if (status->next) {
        sg_text_next(&t, "Next", "sgupgrade diff --to next");
    }
    return 0;
}

/* --- versions --------------------------------------------------------------------- */

/* "2020-10-01" of "2020-10-01T12:00:00Z". */
static void add_date(struct sg_buf *out, const char *date) {
    char day[11] = "";
    memcpy(day, date, strnlen(date, sizeof day - 1));
    add_cell(out, day, 12);
}

static void add_release(const struct sg_text *t, const struct sg_report_release *release,
                        size_t version_width, size_t tag_width) {
    sg_buf_addf(t->out, "%s%c ", release->current ? t->paint->bold : "",
                release->current ? '*' : ' ');
    add_cell(t->out, release->version, version_width);
    add_cell(t->out, release->tag, tag_width);
    add_date(t->out, release->date);
    if (release->current) {
        sg_buf_adds(t->out, "here");
    } else if (release->skipped) {
        sg_buf_addf(t->out, "%sskipped%s", t->paint->dim, t->paint->reset);
    } else if (release->hop) {
        sg_buf_addf(t->out, "%shop %u%s", t->paint->good, release->hop, t->paint->reset);
    } else if (release->prerelease) {
        sg_buf_addf(t->out, "%spre-release%s", t->paint->dim, t->paint->reset);
    }
    while (t->out->len && t->out->ptr[t->out->len - 1] == ' ') {
        t->out->ptr[--t->out->len] = '\0';
    }
    sg_buf_addf(t->out, "%s\n", release->current ? t->paint->reset : "");
}

int sg_text_releases(const struct sg_report *report, const struct sg_report_opts *opts,
                     struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_report_releases *list = &report->releases;
    struct sg_text t = {out, opts, opts->paint, opts->quiet, NULL, false};
    size_t version_width = 10, tag_width = 10, first = 0;
    bool newer = false;
    for (size_t i = 0; i < list->len; i++) {
        version_width = widest(version_width, list->items[i].version);
        tag_width = widest(tag_width, list->items[i].tag);
        newer |= list->items[i].hop != 0;
        if (list->items[i].current && !opts->full) {
            first = i;
        }
    }
    if (first) {
        sg_buf_addf(out, "%s  ", t.paint->dim);
        sg_text_count(out, first, "older release", NULL);
        sg_buf_addf(out, "; --all shows %s%s\n", first == 1 ? "it" : "them",
                    t.paint->reset);
    }
    for (size_t i = first; i < list->len; i++) {
        add_release(&t, &list->items[i], version_width, tag_width);
    }
    if (list->contacted) {
        sg_buf_addf(out, "%snot asked upstream: ", t.paint->warning);
        sg_text_adds(out, list->contacted);
        sg_buf_addf(out, "%s\n", t.paint->reset);
    }
    if (newer) {
        sg_text_next(&t, "Next", "sgupgrade diff --to next");
    } else if (!opts->quiet) {
        sg_buf_adds(out, list->contacted ? "\nNothing newer is in the cache.\n"
                                         : "\nAlready newest.\n");
    }
    return 0;
}

/* --- log -------------------------------------------------------------------------- */

int sg_text_log(const struct sg_report *report, const struct sg_report_opts *opts,
                struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_report_log *log = &report->log;
    struct sg_text t = {out, opts, opts->paint, opts->quiet, NULL, false};
    size_t version_width = 10, tag_width = 10;
    for (size_t i = 0; i < log->len; i++) {
        version_width = widest(version_width, log->items[i].version);
        tag_width = widest(tag_width, log->items[i].tag);
    }
    for (size_t i = 0; i < log->len; i++) {
        const struct sg_report_entry *entry = &log->items[i];
        sg_buf_addf(out, "%s%c ", entry->current ? t.paint->bold : "",
                    entry->current ? '*' : ' ');
        add_cell(out, entry->version, version_width);
        add_cell(out, entry->tag, tag_width);
        add_date(out, entry->date);
        sg_text_commit(out, entry->commit);
        sg_buf_addf(out, "%s\n", entry->current ? t.paint->reset : "");
        for (size_t f = 0; f < entry->files_len; f++) {
            sg_buf_addf(out, "    %sedited%s ", t.paint->dim, t.paint->reset);
            sg_text_adds(out, entry->files[f]);
            sg_buf_addc(out, '\n');
        }
    }
    if (log->len > 1) {
        sg_text_next(&t, "To go back", "sgupgrade rollback");
    }
    return 0;
}

/* --- what was done ---------------------------------------------------------------- */

/* The files of one folder at the project's root, from `at` on; returns the first after.
 */
static size_t same_top(const char *const *files, size_t n, size_t at) {
    size_t len = strcspn(files[at], "/");
    size_t end = at;
    while (end < n && strncmp(files[end], files[at], len) == 0 &&
           strcspn(files[end], "/") == len) {
        end++;
    }
    return end;
}

/* A whole base is one line; a handful of files is listed. */
void sg_text_files(const struct sg_text *t, const char *const *files, size_t n) {
    for (size_t at = 0; at < n;) {
        size_t end = same_top(files, n, at);
        if (end - at > FILES_LISTED && !t->opts->full) {
            sg_buf_adds(t->out, "  ");
            sg_text_safe(files[at], strcspn(files[at], "/"), t->out);
            sg_buf_addf(t->out, "/  %s%zu files%s\n", t->paint->dim, end - at,
                        t->paint->reset);
            at = end;
        }
        for (; at < end; at++) {
            sg_buf_adds(t->out, "  ");
            sg_text_adds(t->out, files[at]);
            sg_buf_addc(t->out, '\n');
        }
    }
}

int sg_text_done(const struct sg_report *report, const struct sg_report_opts *opts,
                 struct sg_buf *out, struct sg_err *err) {
    (void)err;
    const struct sg_report_done *done = &report->done;
    struct sg_text t = {out, opts, opts->paint, opts->quiet, NULL, false};
    sg_text_adds(out, done->headline);
    sg_buf_addc(out, '\n');
    for (size_t i = 0; i < done->undecided_len; i++) {
        sg_buf_addf(out, "  %s", t.paint->warning);
        sg_text_adds(out, done->undecided[i]);
        sg_buf_addf(out, "%s\n", t.paint->reset);
    }
    if (!opts->quiet) {
        sg_text_files(&t, done->files, done->files_len);
    }
    for (size_t i = 0; i < done->next_len; i++) {
        sg_text_next(&t, i ? "Then" : "Next", done->next[i]);
    }
    return 0;
}
