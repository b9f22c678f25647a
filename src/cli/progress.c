#include "cli.h"

#include <string.h>

#define QUIET_MS  200
#define REDRAW_MS 50
#define COLUMNS   78

static long ms_between(struct timespec from, struct timespec to) {
    return (long)(to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
}

void sg_progress_init(struct sg_progress_line *line, FILE *out, bool enabled) {
    *line = (struct sg_progress_line){.out = out, .enabled = enabled};
    clock_gettime(CLOCK_MONOTONIC, &line->since);
}

void sg_progress_show(struct sg_progress_line *line, const char *text) {
    if (!line->enabled) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (ms_between(line->since, now) < QUIET_MS ||
        (line->shown && ms_between(line->drawn, now) < REDRAW_MS)) {
        return;
    }
    sg_auto_buf safe = SG_BUF_INIT;
    sg_text_safe(text, strlen(text), &safe);
    fprintf(line->out, "\r\033[K%.*s", COLUMNS, sg_buf_cstr(&safe));
    fflush(line->out);
    line->drawn = now;
    line->shown = true;
}

void sg_progress_clear(struct sg_progress_line *line) {
    if (!line->shown) {
        return;
    }
    fputs("\r\033[K", line->out);
    line->shown = false;
}
