/*
 * fuzz_regex.c - the first line as a pattern, the rest as a text. What matches anchored
 * matches unanchored too.
 */
#include "sg/patch.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum result { REFUSED, MISS, HIT };

static enum result match(const char *pattern, bool anchored, const char *text,
                         size_t len) {
    struct sg_err err = {0};
    struct sg_regex *regex = sg_regex_new(pattern, anchored, &err);
    if (regex == NULL && (err.code == SG_OK || err.text[0] == '\0')) {
        SG_BUG("a failure without an error");
    }
    enum result result = regex == NULL                      ? REFUSED
                         : sg_regex_match(regex, text, len) ? HIT
                                                            : MISS;
    sg_regex_free(regex);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t len = line != NULL ? (size_t)(line - data) : size;
    size_t skip = line != NULL ? len + 1 : len;
    char *pattern = sg_xstrndup((const char *)data, len);
    char *text = sg_xstrndup((const char *)data + skip, size - skip);
    /*
     * Only short texts: on others one match can end at the step limit where the other
     * does not. Unbalanced parentheses may be a pattern only between the anchors;
     * kustomize pastes too.
     */
    if (strlen(text) < 16 && match(pattern, true, text, strlen(text)) == HIT &&
        match(pattern, false, text, strlen(text)) == MISS) {
        SG_BUG("an anchored match that is none unanchored");
    }
    free(pattern);
    free(text);
    return 0;
}
