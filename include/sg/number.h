/*
 * number.h - numbers and timestamps of YAML as text in canonical form: as they come out
 * of kustomize's way from YAML over Go's JSON to YAML (docs/KUSTOMIZE.md "Writing").
 */
#ifndef SG_NUMBER_H
#define SG_NUMBER_H

#include "sg/buf.h"

enum sg_number_style {
    SG_NUMBER_YAML, /* floats as Go's %g: 1.2345675e+06 */
    SG_NUMBER_JSON, /* floats as Go's encoding/json: 1234567.5, 1e+21 */
};

/*
 * Appends the integer or float `text` (YAML 1.1 or 1.2 spelling: 0x1F, 0o17, 017, 1_000,
 * .5). Integers from -2^63 to 2^64-1 are exact, others become floats. False, with nothing
 * appended, for what is no finite number.
 */
bool sg_number_write(const char *text, size_t len, enum sg_number_style style,
                     struct sg_buf *out);
/* Appends a timestamp as RFC 3339 with the fewest digits; false for what is none. */
bool sg_timestamp_write(const char *text, size_t len, struct sg_buf *out);

#endif
