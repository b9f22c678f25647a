/*
 * lines.h - the lines of a text that was read into a set.
 */
#ifndef SG_ADOPT_LINES_H
#define SG_ADOPT_LINES_H

#include "sg/doc.h"

/* What surrounds a line: a line feed is none. */
bool is_blank(char c);
struct sg_str trimmed(const char *from, const char *to);
/* The next line feed, or `end`. */
const char *end_of_line(const char *at, const char *end);
/* The text that a location is in; NULL for 0. */
const struct sg_source *source_at(const struct sg_docs *docs, uint32_t loc);
const char *start_of_line(const struct sg_source *source, uint32_t loc);
/* Of a line that is trimmed: there is nothing else in it. */
bool is_comment(struct sg_str line);

#endif
