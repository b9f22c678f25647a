/*
 * cut.h - where the documents of a file begin, and which hold marks of a merge that was
 * not finished.
 */
#ifndef SG_ADOPT_CUT_H
#define SG_ADOPT_CUT_H

#include "sg/base.h"

struct cut_document {
    uint32_t start; /* its first byte */
    uint32_t line;  /* and the line of it */
    bool conflict;  /* it has a mark, or lies between two of one conflict */
};
/* The first line of a conflict, or a mark that was left over. */
struct cut_mark {
    uint32_t start, line;
};
struct cut {
    SG_VEC(struct cut_document) documents; /* at least one */
    SG_VEC(struct cut_mark) marks;
};
/*
 * Documents begin at lines of "---"; what stands before the first of these counts where
 * it is more than blanks and comments. Linear.
 */
void cut_make(struct cut *cut, const char *text, size_t len);
void cut_release(struct cut *cut);
/* The index of the document that holds this byte, or this line. */
uint32_t cut_at(const struct cut *cut, uint32_t offset);
uint32_t cut_at_line(const struct cut *cut, uint32_t line);
bool cut_in_conflict(const struct cut *cut, uint32_t document);

#endif
