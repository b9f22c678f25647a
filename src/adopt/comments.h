/*
 * comments.h - the comments that a customer wrote beside what was edited.
 */
#ifndef SG_ADOPT_COMMENTS_H
#define SG_ADOPT_COMMENTS_H

#include "sg/doc.h"

struct comments {
    const struct sg_docs *docs; /* of the fork: where locations lead */
    struct sg_strmap known;     /* texts that upstream has somewhere, too */
};
/* Borrows `fork`; linear in the text of `base`. */
void comments_init(struct comments *comments, const struct sg_docs *fork,
                   const struct sg_docs *base);
void comments_release(struct comments *comments);

/* Appends the full lines of comments right above the line of a location, each indented by
 * `indent` blanks; nothing for 0, or a location without any. */
void comments_above(const struct comments *comments, uint32_t loc, int indent,
                    struct sg_buf *out);
/* Appends a blank and the comment behind the value, or the key, at a location. */
void comments_beside(const struct comments *comments, uint32_t loc, struct sg_buf *out);

#endif
