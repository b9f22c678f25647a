/*
 * retired.h - what repairs took out of an overlay.
 */
#ifndef SG_PLAN_RETIRED_H
#define SG_PLAN_RETIRED_H

#include "repair.h"

#define RETIRED_INDEX "retired.yaml"

/* Writes the texts and the index of what was retired since the last call. */
void retired_write(struct overlay_plan *op);
/* Asks for what comes back to be put back: what was retired for objects that N has and O
 * has not. */
void restore_retired(struct overlay_plan *op);

#endif
