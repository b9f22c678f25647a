/*
 * comments.c - the customer's comments: those of the fork's text that upstream's has not,
 * found again by the place of what they stand beside.
 */
#include "comments.h"

#include <string.h>

#include "lines.h"

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

/* The lines of comments for a location. */
struct lines {
    const char *at, *end;
    bool within; /* the location is in the last of them */
};

/* Those of a location in a comment are as far in as that one: others may be the text of a
 * block in front of it. */
static struct lines lines_at(const struct sg_source *source, uint32_t loc) {
    const char *at = start_of_line(source, loc), *first = at;
    const char *stop = end_of_line(at, source->text + source->len);
    struct sg_str line = trimmed(at, stop);
    bool within = is_comment(line);
    ptrdiff_t column = line.ptr - at;
    stop = within ? stop : at;
    while (line_above(source->text, &at, &line) && is_comment(line) &&
           (!within || line.ptr - at == column)) {
        first = at;
    }
    return (struct lines){first, stop, within};
}

static bool lines_next(struct lines *lines, struct sg_str *out) {
    if (lines->at >= lines->end) {
        return false;
    }
    const char *stop = end_of_line(lines->at, lines->end);
    *out = trimmed(lines->at, stop);
    lines->at = stop + 1;
    return true;
}

/* Whose a line is: the location that it is for, WRITTEN once it stands there. */
#define WRITTEN UINT32_MAX

static void give(const struct comments *comments, struct sg_str line, uint32_t loc) {
    sg_strmap_put(comments->owners, (const char *)&line.ptr, sizeof(line.ptr),
                  (void *)(uintptr_t)loc); // NOLINT
}

/* It is the customer's, and not there yet. */
static bool take(const struct comments *comments, struct sg_str line, uint32_t loc) {
    if (!is_own(comments, line)) {
        return false;
    }
    if (comments->owners == NULL) {
        return true;
    }
    uintptr_t owner = (uintptr_t)sg_strmap_get(comments->owners, (const char *)&line.ptr,
                                               sizeof(line.ptr));
    give(comments, line, owner == 0 || owner == loc ? WRITTEN : (uint32_t)owner);
    return owner == 0 || owner == loc;
}

void comments_reserve(const struct comments *comments, uint32_t loc) {
    const struct sg_source *source = source_at(comments->docs, loc);
    struct lines lines = {0};
    struct sg_str line;
    if (source != NULL) {
        lines = lines_at(source, loc);
    }
    while (lines.within && lines_next(&lines, &line)) {
        give(comments, line, loc);
    }
}

void comments_above(const struct comments *comments, uint32_t loc, int indent,
                    struct sg_buf *out) {
    const struct sg_source *source = source_at(comments->docs, loc);
    if (source == NULL) {
        return;
    }
    struct lines lines = lines_at(source, loc);
    for (struct sg_str line; lines_next(&lines, &line);) {
        if (take(comments, line, loc)) {
            sg_buf_addf(out, "%*s%.*s\n", indent, "", (int)line.len, line.ptr);
        }
    }
}

void comments_beside(const struct comments *comments, uint32_t loc, struct sg_buf *out) {
    const struct sg_source *source = source_at(comments->docs, loc);
    if (source == NULL) {
        return;
    }
    const char *at = source->text + (loc - source->base);
    struct sg_str text = right_of(at, end_of_line(at, source->text + source->len));
    if (take(comments, text, loc)) {
        sg_buf_addf(out, " %.*s", (int)text.len, text.ptr);
    }
}
