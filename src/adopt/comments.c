/*
 * comments.c - the customer's comments: those of the fork's text that upstream's has not,
 * found again by the place of what they stand beside.
 */
#include "comments.h"

#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* A line without what surrounds it. */
static struct sg_str trimmed(const char *from, const char *to) {
    while (from < to && is_blank(*from)) {
        from++;
    }
    while (to > from && is_blank(to[-1])) {
        to--;
    }
    return (struct sg_str){from, (size_t)(to - from)};
}

static const char *end_of_line(const char *at, const char *end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return stop != NULL ? stop : end;
}

/* Behind a value that may hold a '#' itself. */
static const char *after_value(const char *at, const char *stop) {
    if (at < stop && (*at == '"' || *at == '\'')) {
        char quote = *at++;
        while (at < stop && *at != quote) {
            at += *at == '\\' && quote == '"' && at + 1 < stop ? 2 : 1;
        }
    }
    return at;
}

/* From its '#' to the end of the line; empty where the rest of the line has none. */
static struct sg_str right_of(const char *at, const char *stop) {
    for (at = after_value(at, stop); at + 1 < stop; at++) {
        if (is_blank(at[0]) && at[1] == '#') {
            return trimmed(at + 1, stop);
        }
    }
    return (struct sg_str){NULL, 0};
}

/* --- what upstream has ----------------------------------------------------------- */

static void know(struct comments *comments, struct sg_str text) {
    if (text.len > 0) {
        sg_strmap_put(&comments->known, text.ptr, text.len, comments);
    }
}

/* Every text from a '#' that begins a line or follows a blank: more than the comments, as
 * in block scalars, which does no harm. */
void comments_init(struct comments *comments, const struct sg_docs *fork,
                   const struct sg_docs *base) {
    *comments = (struct comments){.docs = fork};
    for (size_t i = 0; i < base->sources.len; i++) {
        const char *at = base->sources.items[i].text;
        const char *end = at + base->sources.items[i].len;
        while (at < end) {
            const char *stop = end_of_line(at, end);
            const char *hash = memchr(at, '#', (size_t)(stop - at));
            if (hash != NULL && (hash == at || is_blank(hash[-1]))) {
                know(comments, trimmed(hash, stop));
            }
            at = stop + 1;
        }
    }
}

void comments_release(struct comments *comments) {
    sg_strmap_release(&comments->known);
}

static bool is_own(const struct comments *comments, struct sg_str text) {
    return text.len > 0 && !sg_strmap_has(&comments->known, text.ptr, text.len);
}

/* --- what stands at a place ------------------------------------------------------ */

/* The line above one that begins at `start`; false at the top of the file. */
static bool line_above(const char *text, const char **start, struct sg_str *out) {
    if (*start == text) {
        return false;
    }
    const char *stop = *start - 1, *from = stop;
    while (from > text && from[-1] != '\n') {
        from--;
    }
    *out = trimmed(from, stop);
    *start = from;
    return true;
}

void comments_above(const struct comments *comments, uint32_t loc, int indent,
                    struct sg_buf *out) {
    const struct sg_source *source =
        loc == 0 ? NULL : sg_docs_source(comments->docs, loc);
    if (source == NULL) {
        return;
    }
    const char *start = source->text + (loc - source->base);
    while (start > source->text && start[-1] != '\n') {
        start--;
    }
    const char *first = start, *at = start;
    struct sg_str line;
    while (line_above(source->text, &at, &line) && line.len > 0 && line.ptr[0] == '#') {
        first = at;
    }
    while (first < start) {
        const char *stop = end_of_line(first, start);
        line = trimmed(first, stop);
        if (is_own(comments, line)) {
            sg_buf_addf(out, "%*s%.*s\n", indent, "", (int)line.len, line.ptr);
        }
        first = stop + 1;
    }
}

void comments_beside(const struct comments *comments, uint32_t loc, struct sg_buf *out) {
    const struct sg_source *source =
        loc == 0 ? NULL : sg_docs_source(comments->docs, loc);
    if (source == NULL) {
        return;
    }
    const char *at = source->text + (loc - source->base);
    struct sg_str text = right_of(at, end_of_line(at, source->text + source->len));
    if (is_own(comments, text)) {
        sg_buf_addf(out, " %.*s", (int)text.len, text.ptr);
    }
}
