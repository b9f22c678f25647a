/* inline.h - scalars as text for one line, and which texts need no quotes there. */
#ifndef SG_YAML_INLINE_H
#define SG_YAML_INLINE_H

#include "sg/doc.h"

/* Whether `text` can stand without quotes in any context and reads back as itself (of
 * whatever type). Stricter than YAML. */
bool sg_inline_plain_ok(const char *text, size_t len);
/* Whether it can stand so and every reader takes it for a string. */
bool sg_inline_string_ok(const char *text, size_t len);
/* Appends `text` in double quotes, escaped. */
void sg_inline_quote(const char *text, size_t len, struct sg_buf *out);

#endif
