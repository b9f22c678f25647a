#include "lines.h"

#include <string.h>

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

struct sg_str trimmed(const char *from, const char *to) {
    while (from < to && is_blank(*from)) {
        from++;
    }
    while (to > from && is_blank(to[-1])) {
        to--;
    }
    return (struct sg_str){from, (size_t)(to - from)};
}

const char *end_of_line(const char *at, const char *end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    return stop != NULL ? stop : end;
}

const struct sg_source *source_at(const struct sg_docs *docs, uint32_t loc) {
    return loc == 0 ? NULL : sg_docs_source(docs, loc);
}

const char *start_of_line(const struct sg_source *source, uint32_t loc) {
    const char *start = source->text + (loc - source->base);
    while (start > source->text && start[-1] != '\n') {
        start--;
    }
    return start;
}

bool is_comment(struct sg_str line) {
    return line.len > 0 && line.ptr[0] == '#';
}
