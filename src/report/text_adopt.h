/*
 * text_adopt.h - what the parts of the text about an adopted fork share.
 */
#ifndef SG_REPORT_TEXT_ADOPT_H
#define SG_REPORT_TEXT_ADOPT_H

#include "adopt_view.h"

/* How many of a list of `n` are shown: about `most`, all with --full. */
size_t sg_text_first(const struct sg_text *t, size_t most, size_t n);
/* "... 31 more; --full shows them"; nothing for none. */
void sg_text_more(const struct sg_text *t, int indent, size_t n);
/* "  file:line" behind something; nothing where there is no file. */
void sg_text_at(const struct sg_text *t, const char *file, uint32_t line);

/* Words of ours with names in them, safe and in lines of 80 columns. */
void sg_text_wrapped(const struct sg_text *t, const struct sg_buf *words, size_t at,
                     size_t indent);
/* The same behind an empty line and a label, which is in a colour; what is between the
 * two
 * (": ") is not. */
void sg_text_told(const struct sg_text *t, const char *paint, const char *label,
                  const char *after, const struct sg_buf *words);

/* What does not hold, the proof, and what follows from it. */
void sg_text_adopt_proof(const struct sg_text *t, const struct sg_report_adopt *report);
/* The customisations by kind of object and object; those that are said for many objects
 * with --full alone. */
void sg_text_adopt_changes(const struct sg_text *t, const struct sg_adopt_view *view);

#endif
