/*
 * meaning.h - objects that say the same to a cluster, in one form.
 */
#ifndef SG_ADOPT_MEANING_H
#define SG_ADOPT_MEANING_H

#include "sg/adopt.h"

/* Leaves out of `object` what means nothing, and adds what is meant where nothing stands;
 * `docs` owns what comes. */
void say_plainly(struct sg_docs *docs, struct sg_node *object);

#endif
