/*
 * number.h - numbers and timestamps as they come out of kustomize's way from YAML over
 * Go's JSON to YAML (docs/KUSTOMIZE.md "Writing").
 */
#ifndef SG_YAML_NUMBER_H
#define SG_YAML_NUMBER_H

#include "sg/buf.h"

/* Appends the integer or float `text`; false for what is no finite number. */
bool sg_number_write(const char *text, size_t len, struct sg_buf *out);
/* Appends a timestamp as RFC 3339 with the fewest digits; false for what is none. */
bool sg_timestamp_write(const char *text, size_t len, struct sg_buf *out);

#endif
