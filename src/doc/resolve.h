/* resolve.h - what the two resolvers share: numbers and timestamps. */
#ifndef SG_RESOLVE_H
#define SG_RESOLVE_H

#include "sg/doc.h"

/* One spelling of a constant. */
struct sg_resolve_word {
    const char *text;
    size_t len;
    enum sg_tag tag;
};
#define SG_WORD(text, tag)                                                               \
    { text, sizeof(text) - 1, tag }
/* The tag of `text` (of at least one byte) in the list, or NONE. */
enum sg_tag sg_resolve_word(const struct sg_resolve_word *words, size_t count,
                            const char *text, size_t len);

/*
 * A text that starts with a sign, a digit or a dot: INT, FLOAT, TIMESTAMP or STR, as
 * go-yaml decides. An integer beyond 64 bits is a float in decimal or octal digits, as
 * far as floats go, and else a string.
 */
enum sg_tag sg_resolve_number(const char *text, size_t len);

/* Both resolvers read the same date forms: "2001-1-1", "2001-01-01 10:00:00.5",
 * "2001-01-01T10:00:00Z", with real months, days and hours. */
bool sg_resolve_is_timestamp(const char *text, size_t len);

#endif
