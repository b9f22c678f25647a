/*
 * resolve_yaml11.c - the type of a plain scalar for a YAML 1.1 reader. Source of the
 * rules: the resolver of go-yaml v2 that sigs.k8s.io/yaml carries.
 */
#include "resolve.h"

#include <string.h>

enum sg_tag sg_resolve_yaml11(const char *text, size_t len) {
    /* what YAML 1.1 adds; all else resolves as in resolve_read.c */
    static const struct sg_resolve_word words[] = {
        SG_WORD("y", SG_TAG_BOOL),   SG_WORD("Y", SG_TAG_BOOL),
        SG_WORD("yes", SG_TAG_BOOL), SG_WORD("Yes", SG_TAG_BOOL),
        SG_WORD("YES", SG_TAG_BOOL), SG_WORD("on", SG_TAG_BOOL),
        SG_WORD("On", SG_TAG_BOOL),  SG_WORD("ON", SG_TAG_BOOL),
        SG_WORD("n", SG_TAG_BOOL),   SG_WORD("N", SG_TAG_BOOL),
        SG_WORD("no", SG_TAG_BOOL),  SG_WORD("No", SG_TAG_BOOL),
        SG_WORD("NO", SG_TAG_BOOL),  SG_WORD("off", SG_TAG_BOOL),
        SG_WORD("Off", SG_TAG_BOOL), SG_WORD("OFF", SG_TAG_BOOL),
    };
    if (len == 0) {
        return SG_TAG_NULL;
    }
    if (len <= 3 && text[0] && strchr("yYnNoO", text[0])) {
        enum sg_tag tag = sg_resolve_word(words, SG_ARRAY_LEN(words), text, len);
        if (tag != SG_TAG_NONE) {
            return tag;
        }
    }
    return sg_resolve_read(text, len);
}
