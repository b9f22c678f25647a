/*
 * resolve_yaml11.c - the type of a plain scalar for a YAML 1.1 reader. Source of the
 * rules: the resolver of go-yaml v2 that sigs.k8s.io/yaml carries.
 */
#include "resolve.h"

#include <string.h>

enum sg_tag sg_resolve_yaml11(const char *text, size_t len) {
    /* what YAML 1.1 adds; all else resolves as in resolve_read.c */
    static const struct sg_resolve_word words[] = {
        {"y", SG_TAG_BOOL},   {"Y", SG_TAG_BOOL},   {"yes", SG_TAG_BOOL},
        {"Yes", SG_TAG_BOOL}, {"YES", SG_TAG_BOOL}, {"on", SG_TAG_BOOL},
        {"On", SG_TAG_BOOL},  {"ON", SG_TAG_BOOL},  {"n", SG_TAG_BOOL},
        {"N", SG_TAG_BOOL},   {"no", SG_TAG_BOOL},  {"No", SG_TAG_BOOL},
        {"NO", SG_TAG_BOOL},  {"off", SG_TAG_BOOL}, {"Off", SG_TAG_BOOL},
        {"OFF", SG_TAG_BOOL},
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
