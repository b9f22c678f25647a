/* utf16.h - files in UTF-16 with a byte order mark. */
#ifndef SG_YAML_UTF16_H
#define SG_YAML_UTF16_H

#include "sg/buf.h"

/* `text` begins with UTF-16's byte order mark. */
bool sg_utf16_is(const char *text, size_t len);
/* Appends `text` (sg_utf16_is holds) as UTF-8 without the mark. False for half a
 * character: then `out` holds what came before. */
SG_MUST_USE bool sg_utf16_decode(const char *text, size_t len, struct sg_buf *out);

#endif
