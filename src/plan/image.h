/*
 * image.h - an image reference as its three leaves.
 */
#ifndef SG_PLAN_IMAGE_H
#define SG_PLAN_IMAGE_H

#include "sg/base.h"

/* "host:5000/name:tag@sha256:…"; a part that is missing is empty. Borrowed. */
struct image_ref {
    struct sg_str name, tag, digest;
};
struct image_ref image_split(const char *text);

/*
 * The customer set one of the three (old differs from base_old or new from base_new
 * there), upstream changed just that one, and the result stayed as it was: upstream's
 * change is masked although the reference as a whole moved.
 */
bool image_masked(const char *base_old, const char *base_new, const char *before,
                  const char *after);

#endif
