/*
 * fuzz_regex.c - the first line as a pattern, the rest as a text. What matches anchored
 * matches unanchored too.
 */
#include "sg/patch.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool matches(const char *pattern, bool anchored, const char *text, size_t len) {
    struct sg_err err = {0};
    struct sg_regex *regex = sg_regex_new(pattern, anchored, &err);
    if (regex == NULL && (err.code == SG_OK || err.text[0] == '\0')) {
        SG_BUG("a failure without an error");
    }
    bool hit = regex != NULL && sg_regex_match(regex, text, len);
    sg_regex_free(regex);
    return hit;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t len = line != NULL ? (size_t)(line - data) : size;
    char *pattern = sg_xstrndup((const char *)data, len);
    size_t skip = line != NULL ? len + 1 : len;
    char *text = sg_xstrndup((const char *)data + skip, size - skip);
    /* an anchored match can end at the step limit where the other one does not, not vice
     * versa: so only the plain direction is checked */
    if (matches(pattern, true, text, strlen(text)) &&
        !matches(pattern, false, text, strlen(text)) && strlen(text) < 64) {
        SG_BUG("an anchored match that is none unanchored");
    }
    free(pattern);
    free(text);
    return 0;
}
