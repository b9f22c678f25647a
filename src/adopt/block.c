/* block.c - the comments in a block of YAML, as its lines tell. */
#include "comments.h"

#include <string.h>

#include "lines.h"

/* The lines below a key or an item. */
struct below {
    const struct sg_source *source;
    const char *at;     /* the start of the next line; NULL: no more */
    size_t column;      /* of the key, or of the first dash before the item */
    struct sg_str line; /* the one that was read, without blanks around */
    size_t indent;      /* … and those in front of it */
};

static void go_on(struct below *below, const char *from) {
    const char *end = below->source->text + below->source->len;
    const char *stop = end_of_line(from, end);
    below->at = stop < end ? stop + 1 : NULL;
}

/* False where other text is in front of the place: in flow style. */
static bool below_start(const struct sg_docs *docs, uint32_t loc, bool list,
                        struct below *out) {
    const struct sg_source *source = source_at(docs, loc);
    if (source == NULL) {
        return false;
    }
    const char *start = start_of_line(source, loc), *at = start;
    const char *to = source->text + (loc - source->base);
    while (at < to && *at == ' ') {
        at++;
    }
    *out = (struct below){.source = source, .column = (size_t)((list ? at : to) - start)};
    while (at < to && (*at == ' ' || *at == '-')) {
        at++;
    }
    go_on(out, to);
    return at == to;
}

static bool below_next(struct below *below) {
    const char *start = below->at;
    if (start == NULL) {
        return false;
    }
    go_on(below, start);
    const char *end = below->source->text + below->source->len;
    below->line = trimmed(start, end_of_line(start, end));
    below->indent = (size_t)(below->line.ptr - start);
    return true;
}

static uint32_t loc_of(const struct below *below, const char *found) {
    return found == NULL ? 0
                         : below->source->base + (uint32_t)(found - below->source->text);
}

uint32_t comments_within(const struct sg_docs *docs, uint32_t loc) {
    struct below below;
    const char *found = NULL;
    if (below_start(docs, loc, false, &below)) {
        while (below_next(&below) && is_comment(below.line) &&
               below.indent > below.column) {
            found = below.line.ptr;
        }
    }
    return loc_of(&below, found);
}

/* Of the block's own entries. What was commented out may have its '#' in the first
 * column. */
static bool is_about(const struct below *below) {
    size_t text = 0;
    while (text < below->line.len && strchr("# ", below->line.ptr[text]) != NULL) {
        text++;
    }
    return is_comment(below->line) && (below->indent == below->column ||
                                       (below->indent == 0 && text >= below->column));
}

static bool ends_document(const struct below *below) {
    return below->indent == 0 && below->line.len >= 3 &&
           (memcmp(below->line.ptr, "---", 3) == 0 ||
            memcmp(below->line.ptr, "...", 3) == 0);
}

/* The line is behind the block. */
static bool is_outside(const struct below *below, bool list) {
    if (below->line.len == 0 || is_about(below)) {
        return false;
    }
    return below->indent < below->column || ends_document(below) ||
           (list && below->indent == below->column && *below->line.ptr != '-');
}

uint32_t comments_behind(const struct sg_docs *docs, uint32_t loc, bool list) {
    struct below below;
    const char *found = NULL;
    bool parted = false, is_block = below_start(docs, loc, list, &below);
    while (is_block && below_next(&below) && !is_outside(&below, list)) {
        if (below.line.len > 0 && !is_comment(below.line)) {
            found = NULL;
        } else if (is_about(&below) && !parted) {
            found = below.line.ptr;
        }
        parted = found != NULL && (parted || below.line.len == 0);
    }
    return loc_of(&below, found);
}
