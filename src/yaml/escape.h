/*
 * escape.h - the two kinds of strings that kustomize's emitter writes otherwise than
 * libyaml's: one that begins with U+FEFF has every character escaped, and one in single
 * quotes that ends in U+2028 or U+2029 has no indent before its closing quote.
 *
 * libyaml's emitter takes no ready text: it gets a stand-in of the same width, which is
 * replaced in its output.
 */
#ifndef SG_YAML_ESCAPE_H
#define SG_YAML_ESCAPE_H

#include "sg/buf.h"

struct sg_escapes {
    struct sg_buf texts; /* what stands in the output in the end, one after another */
    SG_VEC(struct sg_escape) items;
    bool breaks; /* a string ended in U+2028 or U+2029 */
};
struct sg_escape {
    size_t at, len;  /* in `texts` */
    size_t stand_in; /* bytes of the stand-in */
};
void sg_escapes_release(struct sg_escapes *escapes);

/* `text` begins with U+FEFF. */
bool sg_escape_wanted(struct sg_str text);
/* Notes `text` (sg_escape_wanted holds) and gives the stand-in to emit as a plain scalar;
 * it lives in `scratch`, which must not hold `text`. */
struct sg_str sg_escape_text(struct sg_escapes *escapes, struct sg_str text, bool key,
                             struct sg_buf *scratch);
/* Notes a string that is emitted as it is. */
void sg_escape_see(struct sg_escapes *escapes, struct sg_str text);
/* Puts the noted strings into what was written from byte `start` of `out` on. False where
 * the text holds what looks like a stand-in of ours. */
SG_MUST_USE bool sg_escapes_apply(const struct sg_escapes *escapes, struct sg_buf *out,
                                  size_t start);

#endif
