#include "chunks.h"

#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* What stands after "---" up to `end`, without blanks; NULL for nothing or a comment. */
static const char *after_dashes(const char *at, const char *end) {
    while (at < end && is_blank(*at)) {
        at++;
    }
    return at == end || *at == '#' ? NULL : at;
}

static int refuse(const struct sg_docs *set, const char *found, const char *line_end,
                  uint32_t loc, struct sg_err *err) {
    size_t shown = (size_t)(line_end - found);
    while (shown > 0 && is_blank(found[shown - 1])) {
        shown--;
    }
    sg_fail_at(err, SG_E_INPUT, sg_docs_pos(set, loc),
               "found '%.*s' after '---', expected the end of the line or a comment",
               (int)(shown > 40 ? 40 : shown), found);
    return sg_err_hint(err, "start the document on the line below '---'");
}

int sg_chunks_split(const struct sg_docs *set, const char *text, size_t len,
                    uint32_t base, bool strict, struct sg_chunks *out,
                    struct sg_err *err) {
    const char *end = text + len, *chunk = text, *at = text;
    while (at < end) {
        const char *found = memmem(at, (size_t)(end - at), "\n---", 4);
        const char *line_end =
            found ? memchr(found + 4, '\n', (size_t)(end - found) - 4) : NULL;
        if (!line_end) { /* a last line "---" without an end is no separator */
            break;
        }
        const char *rest = after_dashes(found + 4, line_end);
        at = line_end + 1;
        if (rest && !strict) {
            continue;
        }
        if (rest) {
            return refuse(set, rest, line_end, base + (uint32_t)(rest - text), err);
        }
        /* the chunk keeps the line end before the dashes: a literal block may end here */
        sg_vec_push(&out->items, (struct sg_chunk){(uint32_t)(chunk - text),
                                                   (uint32_t)(found + 1 - text)});
        chunk = at;
    }
    sg_vec_push(&out->items, (struct sg_chunk){(uint32_t)(chunk - text), (uint32_t)len});
    return 0;
}
