/*
 * secret.h - whether text may hold the value of a Secret, and is not to be shown.
 */
#ifndef SG_SECRET_H
#define SG_SECRET_H

#include "sg/base.h"

/* The text says somewhere that it is a Secret, or makes Secrets. */
bool sg_names_secret(struct sg_str text);
/* The line at offset `at` of a YAML file stands in a Secret, in a patch of one, or in a
 * secretGenerator. Linear in the file. */
bool sg_line_may_be_secret(struct sg_str text, size_t at);

#endif
