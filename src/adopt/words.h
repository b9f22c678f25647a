/*
 * words.h - manifests as words, which stay the same however a file is indented, quoted,
 * ordered or prefixed with a registry.
 */
#ifndef SG_ADOPT_WORDS_H
#define SG_ADOPT_WORDS_H

#include "sg/base.h"

/* What is left of a text. */
struct words {
    const char *at, *end;
    const char *part; /* the end of the value that is being divided */
};
struct words words_of(const char *text, size_t len);

struct word {
    struct sg_str text;
    bool key; /* a ':' follows */
};
/*
 * The next word; false at the end. Words are divided by blanks, quotes and the marks of
 * flow style. A key is one word, without its ':'; anything else is divided at slashes and
 * '@' as well, so that an image is the same from a mirror, and shares its tag with one
 * that has no digest. A dash alone is no word.
 */
bool words_next(struct words *words, struct word *out);

#endif
