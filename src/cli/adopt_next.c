#include "adopt_next.h"

#include <unistd.h>

void adopt_next_release(struct adopt_next *next) {
    free(next->by_hand);
    free(next->commit);
}

/* The first place that could not be read, the fork it is in, and how many there are. */
struct unread {
    const struct sg_report_adopt *report;
    const struct sg_adopt_oddity *first;
    size_t len;
};

static struct unread find_unread(const struct sg_report_part *parts, size_t len) {
    struct unread found = {0};
    for (size_t i = 0; i < len; i++) {
        const struct sg_report_adopt *report = &parts[i].report.adopt;
        for (size_t k = 0; k < report->source->oddities.len; k++) {
            const struct sg_adopt_oddity *oddity = &report->source->oddities.items[k];
            if (!sg_adopt_is_unread(oddity->kind)) {
                continue;
            }
            if (found.len++ == 0) {
                found.report = report;
                found.first = oddity;
            }
        }
    }
    return found;
}

/* The project has upstream's object in the place of what was not read: to go on with it
 * would deploy that. */
static char *mend(const struct unread *unread) {
    sg_auto_buf words = SG_BUF_INIT;
    sg_buf_addf(&words, "mend %s", unread->first->file);
    if (unread->first->line > 0) {
        sg_buf_addf(&words, ":%u", unread->first->line);
    }
    if (unread->len > 1) {
        sg_buf_addf(&words, " and %zu more", unread->len - 1);
    }
    sg_buf_addf(&words, " in %s, delete %s, adopt again", unread->report->fork,
                unread->report->dir);
    return sg_xstrdup(sg_buf_cstr(&words));
}

static size_t count_differences(const struct sg_report_part *parts, size_t len) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        n += parts[i].report.adopt.adopted->differences.len;
    }
    return n;
}

static char *commit(const struct sg_report_adopt *report) {
    sg_auto_cstr git = sg_xasprintf("%s/.git", report->dir);
    return sg_xasprintf("cd %s && %sgit add -A && git commit -m 'Follow %s'", report->dir,
                        access(git, F_OK) == 0 ? "" : "git init && ", report->version);
}

void adopt_next_of(const struct sg_report_part *parts, size_t len,
                   struct adopt_next *out) {
    *out = (struct adopt_next){0};
    struct unread unread = find_unread(parts, len);
    if (unread.len > 0) {
        out->by_hand = mend(&unread);
        return;
    }
    size_t differences = count_differences(parts, len);
    if (differences > 0) {
        out->by_hand = sg_xasprintf("settle the difference%s above by hand",
                                    differences == 1 ? "" : "s");
    }
    out->commit = commit(&parts[0].report.adopt);
    out->commands[out->len++] = out->commit;
    out->commands[out->len++] = "sgupgrade diff --to next";
}
