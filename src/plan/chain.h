/*
 * chain.h - what the files of the chain share: one overlay's render that is looked
 * through, and an object in it.
 */
#ifndef SG_PLAN_CHAIN_H
#define SG_PLAN_CHAIN_H

#include "planner.h"
#include "sg/chain.h"
#include "walk.h"

/* An object that is in the result, or was deleted on the way. */
struct chain_object {
    uint32_t uid;
    struct sg_node *node; /* as it is, or was when it was deleted */
    bool gone;
    struct sg_resid id;       /* as it is shown */
    const char *text, *other; /* of `id`, and with the name it has or had else; NULL */
};

struct chain_place {
    struct tree *tree;
    const struct owners *owners;
    struct sg_fieldpaths *paths;
    const struct chain_object *object;
    const struct sg_fieldpath *path; /* as the trace names it; NULL: the object */
};

/* What the step is, in words; `path` is the field. Static or in `arena`. */
const char *step_words(struct sg_arena *arena, const struct sg_step *step,
                       const struct sg_fieldpath *path);
/* Fills the links of `chain`, what is there now and what to edit; the rest of it is the
 * caller's. Values go to `docs`. False where no step ever wrote such a field. */
bool chain_follow(const struct chain_place *place, struct sg_docs *docs,
                  struct sg_chain *chain);

#endif
