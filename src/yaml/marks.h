/*
 * marks.h - from libyaml's marks (code points since the parser's start) to byte offsets
 * in the file as it is on disk.
 */
#ifndef SG_YAML_MARKS_H
#define SG_YAML_MARKS_H

#include "sg/base.h"

/*
 * One run of text given to one parser. `text` may differ from the file's bytes by
 * carriage returns taken out; `dropped` holds, in rising order, the offset in `text`
 * before which each was.
 */
struct sg_marks {
    const char *text;
    size_t len;
    uint32_t start; /* offset of `text` in the file */
    bool ascii;     /* every byte is a code point */
    const uint32_t *dropped;
    size_t dropped_len;
    /* where the last question ended, and a checkpoint every SG_MARKS_STEP code points */
    size_t point, byte;
    SG_VEC(uint32_t) checkpoints;
};

void sg_marks_init(struct sg_marks *marks, const char *text, size_t len, uint32_t start);
void sg_marks_release(struct sg_marks *marks);
/* The file's byte offset of code point `point`; past the end: the end. Constant time. */
uint32_t sg_marks_byte(struct sg_marks *marks, size_t point);
/* The file's byte offset of byte `at` of `text`. */
uint32_t sg_marks_file(const struct sg_marks *marks, size_t at);

#endif
