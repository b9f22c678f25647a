/*
 * booleans.h - the booleans of YAML 1.1.
 */
#ifndef SG_ADOPT_BOOLEANS_H
#define SG_ADOPT_BOOLEANS_H

#include "sg/adopt.h"

/* Makes booleans of the object's words that kubectl takes for such, and tells each. */
void read_booleans(struct sg_adopt_fork *fork, const struct sg_adopt_object *object);

#endif
