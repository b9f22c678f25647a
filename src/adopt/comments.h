/*
 * comments.h - the comments that a customer wrote beside what was edited.
 */
#ifndef SG_ADOPT_COMMENTS_H
#define SG_ADOPT_COMMENTS_H

#include "sg/doc.h"

struct comments {
    const struct sg_docs *docs; /* of the fork: where locations lead */
    struct sg_strmap known;     /* texts that upstream has somewhere, too */
    /* place of a line -> the location that it is reserved for, or that it was written;
     * NULL: every location has all of its lines */
    struct sg_strmap *owners;
};
/* Borrows `fork`; linear in the text of `base`. */
void comments_init(struct comments *comments, const struct sg_docs *fork,
                   const struct sg_docs *base);
void comments_release(struct comments *comments);

/* Appends the full lines of comments right above the line of a location, each indented by
 * `indent` blanks; of a location in a comment also that line. Nothing for 0, a location
 * without any, and lines that others own. */
void comments_above(const struct comments *comments, uint32_t loc, int indent,
                    struct sg_buf *out);
/* The lines of a location in a comment are for nothing else. */
void comments_reserve(const struct comments *comments, uint32_t loc);
/* Appends a blank and the comment behind the value, or the key, at a location; the
 * comment of a line with several goes to the first that asks. */
void comments_beside(const struct comments *comments, uint32_t loc, struct sg_buf *out);

/* The last line of the comments right below the key at a location, further in than it;
 * 0 where there are none. */
uint32_t comments_within(const struct sg_docs *docs, uint32_t loc);
/* The same at the end of the block map whose key is at a location, or of the block list
 * whose item is: as far in as keys or dashes, or in the first column. */
uint32_t comments_behind(const struct sg_docs *docs, uint32_t loc, bool list);

#endif
