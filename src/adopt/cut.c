#include "cut.h"

#include <string.h>

enum mark { MARK_NONE, MARK_OPEN, MARK_MIDDLE, MARK_CLOSE };

struct scan {
    struct cut *cut;
    bool content; /* something stands before the first line of dashes */
    bool dashes;  /* there was one */
    bool open;    /* inside a conflict … */
    size_t last;  /* … whose last mark is in this document */
};

static bool ends_word(struct sg_str line, size_t at) {
    return at == line.len || line.ptr[at] == ' ' || line.ptr[at] == '\t' ||
           line.ptr[at] == '\r';
}

static bool starts(struct sg_str line, const char *with) {
    size_t len = strlen(with);
    return line.len >= len && memcmp(line.ptr, with, len) == 0 && ends_word(line, len);
}

static enum mark mark_of(struct sg_str line) {
    if (line.len < 7) {
        return MARK_NONE;
    }
    if (starts(line, "<<<<<<<")) {
        return MARK_OPEN;
    }
    if (starts(line, ">>>>>>>")) {
        return MARK_CLOSE;
    }
    return starts(line, "=======") || starts(line, "|||||||") ? MARK_MIDDLE : MARK_NONE;
}

static void take_mark(struct scan *scan, enum mark mark, struct cut_mark at) {
    struct cut *cut = scan->cut;
    size_t now = cut->documents.len - 1;
    if (mark == MARK_OPEN || (!scan->open && !cut->documents.items[now].conflict)) {
        sg_vec_push(&cut->marks, at);
    }
    for (size_t i = scan->open ? scan->last : now; i <= now; i++) {
        cut->documents.items[i].conflict = true;
    }
    scan->open = mark == MARK_OPEN || (scan->open && mark != MARK_CLOSE);
    scan->last = now;
}

static bool holds_something(struct sg_str line) {
    size_t i = 0;
    while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t')) {
        i++;
    }
    return i < line.len && line.ptr[i] != '\r' && line.ptr[i] != '#' &&
           line.ptr[i] != '%';
}

static void take_line(struct scan *scan, struct sg_str line, struct cut_mark at) {
    struct cut *cut = scan->cut;
    if (starts(line, "---")) {
        if (scan->dashes || scan->content) {
            sg_vec_push(&cut->documents,
                        (struct cut_document){.start = at.start, .line = at.line});
        }
        scan->dashes = true;
        return;
    }
    enum mark mark = mark_of(line);
    if (mark != MARK_NONE) {
        take_mark(scan, mark, at);
    }
    scan->content = scan->content || (!scan->dashes && holds_something(line));
}

void cut_make(struct cut *cut, const char *text, size_t len) {
    static const char bom[] = "\xEF\xBB\xBF";
    struct scan scan = {.cut = cut};
    sg_vec_push(&cut->documents, (struct cut_document){.line = 1});
    size_t at = len >= 3 && memcmp(text, bom, 3) == 0 ? 3 : 0;
    for (uint32_t line = 1; at < len; line++) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t stop = end != NULL ? (size_t)(end - text) : len;
        take_line(&scan, (struct sg_str){text + at, stop - at},
                  (struct cut_mark){(uint32_t)at, line});
        at = stop + 1;
    }
}

void cut_release(struct cut *cut) {
    sg_vec_release(&cut->documents);
    sg_vec_release(&cut->marks);
}

uint32_t cut_at(const struct cut *cut, uint32_t offset) {
    size_t low = 0, high = cut->documents.len;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (cut->documents.items[middle].start <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

uint32_t cut_at_line(const struct cut *cut, uint32_t line) {
    size_t low = 0, high = cut->documents.len;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (cut->documents.items[middle].line <= line) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

bool cut_in_conflict(const struct cut *cut, uint32_t document) {
    return document < cut->documents.len && cut->documents.items[document].conflict;
}
