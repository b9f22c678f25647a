/*
 * progress.c - the line on a terminal that says what takes long.
 *
 * Work tells what it does when it begins, and may then not be heard of for a minute: a
 * fetch, a large render. So a thread of its own draws the line, 200 ms after the run
 * began at the earliest. It draws only what sg_progress_show gave it after the last
 * sg_progress_clear; who prints clears first, and so never meets it.
 */
#include "cli.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#define QUIET_MS  200
#define REDRAW_MS 50
#define COLUMNS   78

struct sg_drawer {
    pthread_t thread;
    pthread_mutex_t lock; /* over all below */
    pthread_cond_t wake;
    FILE *out;
    struct sg_buf text;
    bool pending, shown, ends;
    struct timespec due; /* nothing is drawn before */
};

static struct timespec after(struct timespec from, long ms) {
    from.tv_sec += ms / 1000;
    from.tv_nsec += ms % 1000 * 1000000;
    if (from.tv_nsec >= 1000000000) {
        from.tv_sec++;
        from.tv_nsec -= 1000000000;
    }
    return from;
}

static bool is_due(struct timespec due) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > due.tv_sec ||
           (now.tv_sec == due.tv_sec && now.tv_nsec >= due.tv_nsec);
}

/* Bytes of the text that fit a line, whole characters only. */
static size_t fitting(const struct sg_buf *text) {
    size_t at = 0;
    for (size_t column = 0; at < text->len && column < COLUMNS; column++) {
        at++;
        while (at < text->len && ((unsigned char)text->ptr[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return at;
}

static void draw_line(struct sg_drawer *drawer) {
    fprintf(drawer->out, "\r\033[K%.*s", (int)fitting(&drawer->text),
            sg_buf_cstr(&drawer->text));
    fflush(drawer->out);
    drawer->pending = false;
    drawer->shown = true;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    drawer->due = after(now, REDRAW_MS);
}

static void *draw(void *ctx) {
    struct sg_drawer *drawer = ctx;
    pthread_mutex_lock(&drawer->lock);
    while (!drawer->ends) {
        if (!drawer->pending) {
            pthread_cond_wait(&drawer->wake, &drawer->lock);
        } else if (!is_due(drawer->due)) {
            pthread_cond_timedwait(&drawer->wake, &drawer->lock, &drawer->due);
        } else {
            draw_line(drawer);
        }
    }
    pthread_mutex_unlock(&drawer->lock);
    return NULL;
}

static void drawer_free(struct sg_drawer *drawer) {
    pthread_cond_destroy(&drawer->wake);
    pthread_mutex_destroy(&drawer->lock);
    sg_buf_release(&drawer->text);
    free(drawer);
}

/* NULL where no thread is to be had: then there is no line. */
static struct sg_drawer *drawer_new(const struct sg_progress_line *line) {
    struct sg_drawer *drawer = sg_xcalloc(1, sizeof *drawer);
    drawer->out = line->out;
    drawer->due = after(line->since, QUIET_MS);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&drawer->lock, NULL);
    pthread_cond_init(&drawer->wake, &clock);
    pthread_condattr_destroy(&clock);
    sigset_t all, before; /* signals are for the thread that works */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&drawer->thread, NULL, draw, drawer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        drawer_free(drawer);
        return NULL;
    }
    return drawer;
}

void sg_progress_init(struct sg_progress_line *line, FILE *out, bool enabled) {
    *line = (struct sg_progress_line){.out = out, .enabled = enabled};
    clock_gettime(CLOCK_MONOTONIC, &line->since);
}

void sg_progress_show(struct sg_progress_line *line, const char *text) {
    if (!line->enabled) {
        return;
    }
    if (!line->drawer) {
        line->drawer = drawer_new(line);
        line->enabled = line->drawer != NULL;
    }
    struct sg_drawer *drawer = line->drawer;
    if (!drawer) {
        return;
    }
    pthread_mutex_lock(&drawer->lock);
    sg_buf_clear(&drawer->text);
    sg_text_safe(text, strlen(text), &drawer->text);
    drawer->pending = true;
    pthread_cond_signal(&drawer->wake);
    pthread_mutex_unlock(&drawer->lock);
}

void sg_progress_clear(struct sg_progress_line *line) {
    struct sg_drawer *drawer = line->drawer;
    if (!drawer) {
        return;
    }
    pthread_mutex_lock(&drawer->lock);
    drawer->pending = false;
    if (drawer->shown) {
        fputs("\r\033[K", drawer->out);
        drawer->shown = false;
    }
    pthread_mutex_unlock(&drawer->lock);
}

void sg_progress_end(struct sg_progress_line *line) {
    struct sg_drawer *drawer = line->drawer;
    if (!drawer) {
        return;
    }
    sg_progress_clear(line);
    pthread_mutex_lock(&drawer->lock);
    drawer->ends = true;
    pthread_cond_signal(&drawer->wake);
    pthread_mutex_unlock(&drawer->lock);
    pthread_join(drawer->thread, NULL);
    drawer_free(drawer);
    line->drawer = NULL;
    line->enabled = false;
}
