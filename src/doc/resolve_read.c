/*
 * resolve_read.c - the type of a plain scalar where kustomize reads resources. Source of
 * the rules: the resolver of go-yaml v3, as kustomize 5.8.1 carries it.
 */
#include "resolve.h"

#include <string.h>

enum sg_tag sg_resolve_word(const struct sg_resolve_word *words, size_t count,
                            const char *text, size_t len) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i].text) == len && memcmp(words[i].text, text, len) == 0) {
            return words[i].tag;
        }
    }
    return SG_TAG_NONE;
}

enum sg_tag sg_resolve_read(const char *text, size_t len) {
    static const struct sg_resolve_word words[] = {
        {"true", SG_TAG_BOOL},   {"True", SG_TAG_BOOL},   {"TRUE", SG_TAG_BOOL},
        {"false", SG_TAG_BOOL},  {"False", SG_TAG_BOOL},  {"FALSE", SG_TAG_BOOL},
        {"~", SG_TAG_NULL},      {"null", SG_TAG_NULL},   {"Null", SG_TAG_NULL},
        {"NULL", SG_TAG_NULL},   {".nan", SG_TAG_FLOAT},  {".NaN", SG_TAG_FLOAT},
        {".NAN", SG_TAG_FLOAT},  {".inf", SG_TAG_FLOAT},  {".Inf", SG_TAG_FLOAT},
        {".INF", SG_TAG_FLOAT},  {"+.inf", SG_TAG_FLOAT}, {"+.Inf", SG_TAG_FLOAT},
        {"+.INF", SG_TAG_FLOAT}, {"-.inf", SG_TAG_FLOAT}, {"-.Inf", SG_TAG_FLOAT},
        {"-.INF", SG_TAG_FLOAT}, {"<<", SG_TAG_MERGE},
    };
    if (len == 0) {
        return SG_TAG_NULL;
    }
    if (!strchr("+-.0123456789~<tTfFnN", text[0]) || text[0] == '\0') {
        return SG_TAG_STR; /* no other first character means anything */
    }
    enum sg_tag tag =
        len <= 5 ? sg_resolve_word(words, SG_ARRAY_LEN(words), text, len) : SG_TAG_NONE;
    if (tag != SG_TAG_NONE) {
        return tag;
    }
    return strchr("+-.0123456789", text[0]) ? sg_resolve_number(text, len) : SG_TAG_STR;
}
