/*
 * resolve_read.c - the type of a plain scalar where kustomize reads resources. Source of
 * the rules: the resolver of go-yaml v3, as kustomize 5.8.1 carries it.
 */
#include "resolve.h"

#include <limits.h>
#include <string.h>

enum sg_tag sg_resolve_word(const struct sg_resolve_word *words, size_t count,
                            const char *text, size_t len) {
    for (size_t i = 0; i < count; i++) {
        if (words[i].len == len && words[i].text[0] == text[0] &&
            memcmp(words[i].text, text, len) == 0) {
            return words[i].tag;
        }
    }
    return SG_TAG_NONE;
}

/* What a first character can begin. Most begin a string and nothing else, and this is
 * asked for every key and value of a build. */
enum { STRING, WORD, NUMBER };
static const unsigned char begins[UCHAR_MAX + 1] = {
    ['+'] = NUMBER, ['-'] = NUMBER, ['.'] = NUMBER, ['0'] = NUMBER, ['1'] = NUMBER,
    ['2'] = NUMBER, ['3'] = NUMBER, ['4'] = NUMBER, ['5'] = NUMBER, ['6'] = NUMBER,
    ['7'] = NUMBER, ['8'] = NUMBER, ['9'] = NUMBER, ['~'] = WORD,   ['<'] = WORD,
    ['t'] = WORD,   ['T'] = WORD,   ['f'] = WORD,   ['F'] = WORD,   ['n'] = WORD,
    ['N'] = WORD,
};

enum sg_tag sg_resolve_read(const char *text, size_t len) {
    static const struct sg_resolve_word words[] = {
        SG_WORD("true", SG_TAG_BOOL),   SG_WORD("True", SG_TAG_BOOL),
        SG_WORD("TRUE", SG_TAG_BOOL),   SG_WORD("false", SG_TAG_BOOL),
        SG_WORD("False", SG_TAG_BOOL),  SG_WORD("FALSE", SG_TAG_BOOL),
        SG_WORD("~", SG_TAG_NULL),      SG_WORD("null", SG_TAG_NULL),
        SG_WORD("Null", SG_TAG_NULL),   SG_WORD("NULL", SG_TAG_NULL),
        SG_WORD("<<", SG_TAG_MERGE),    SG_WORD(".nan", SG_TAG_FLOAT),
        SG_WORD(".NaN", SG_TAG_FLOAT),  SG_WORD(".NAN", SG_TAG_FLOAT),
        SG_WORD(".inf", SG_TAG_FLOAT),  SG_WORD(".Inf", SG_TAG_FLOAT),
        SG_WORD(".INF", SG_TAG_FLOAT),  SG_WORD("+.inf", SG_TAG_FLOAT),
        SG_WORD("+.Inf", SG_TAG_FLOAT), SG_WORD("+.INF", SG_TAG_FLOAT),
        SG_WORD("-.inf", SG_TAG_FLOAT), SG_WORD("-.Inf", SG_TAG_FLOAT),
        SG_WORD("-.INF", SG_TAG_FLOAT),
    };
    if (len == 0) {
        return SG_TAG_NULL;
    }
    unsigned char kind = begins[(unsigned char)text[0]];
    if (kind == STRING) {
        return SG_TAG_STR;
    }
    enum sg_tag tag =
        len <= 5 ? sg_resolve_word(words, SG_ARRAY_LEN(words), text, len) : SG_TAG_NONE;
    if (tag != SG_TAG_NONE) {
        return tag;
    }
    return kind == NUMBER ? sg_resolve_number(text, len) : SG_TAG_STR;
}
