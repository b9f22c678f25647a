/*
 * What kustomize's reader takes and libyaml refuses, put in a form libyaml takes too:
 * a ':' that ends plain text inside {} or [] ("[a:]" is the text a:), and the escape \'
 * of double quotes. The chunk is copied with a stand-in of the same length and parsed
 * again; the stand-ins leave the text of the scalars, so no place moves.
 */
#include "reader.h"

#include <string.h>

/* Each ':' costs one more parse, so their number is bounded, and the bytes read again. */
#define MAX_PARSES 64
#define MAX_BYTES  (64u << 20)

/* True where an escape of the text may make `c`: \x7E, \u007e. */
static bool may_be_escaped(const char *text, size_t len, char c) {
    static const char digits[] = "0123456789abcdef";
    char high = digits[(unsigned char)c >> 4], low = digits[c & 15];
    for (size_t i = 0; i + 1 < len; i++) {
        if ((text[i] | 0x20) == (high | 0x20) && (text[i + 1] | 0x20) == (low | 0x20)) {
            return true;
        }
    }
    return false;
}

/* A character that means nothing to YAML and that the chunk neither holds nor makes; '\0'
 * for none. */
static char stand_in(const char *text, size_t len) {
    static const char candidates[] = "^<;$~=+()_/";
    for (const char *c = candidates; *c != '\0'; c++) {
        if (!memchr(text, *c, len) && !may_be_escaped(text, len, *c)) {
            return *c;
        }
    }
    return '\0';
}

/* In "it\'s" the backslash; not in "\\'", where it is escaped itself. */
static void mend_quotes(char *text, size_t len, char by) {
    for (size_t i = 0; i + 1 < len; i++) {
        if (text[i] != '\\') {
            continue;
        }
        if (text[i + 1] == '\'') {
            text[i] = by;
        }
        i++;
    }
}

/* The place of the complaint in the chunk's text; its length where it is not there. */
static size_t place(const struct sg_reader *r) {
    struct sg_marks marks = r->marks;
    marks.checkpoints.items = NULL;
    marks.checkpoints.len = marks.checkpoints.cap = 0;
    marks.point = marks.byte = 0;
    size_t at = sg_marks_byte(&marks, r->parser.problem_mark.index) - marks.start;
    sg_marks_release(&marks);
    return at < r->marks.len ? at : r->marks.len;
}

static bool mend(struct sg_reader *r, char *text, size_t at) {
    size_t left = r->marks.len - at;
    if (strcmp(r->parser.problem, "found unexpected ':'") == 0 && text[at] == ':') {
        r->mend.colon = r->mend.colon ? r->mend.colon : stand_in(text, r->marks.len);
        text[at] = r->mend.colon ? r->mend.colon : ':';
        return r->mend.colon != '\0';
    }
    if (strcmp(r->parser.problem, "found unknown escape character") == 0 && left > 1 &&
        text[at] == '\\' && text[at + 1] == '\'' && !r->mend.quote) {
        r->mend.quote = stand_in(text, r->marks.len);
        if (r->mend.quote) {
            mend_quotes(text, r->marks.len, r->mend.quote);
        }
        return r->mend.quote != '\0';
    }
    return false;
}

bool sg_reader_mend(struct sg_reader *r) {
    size_t len = r->marks.len;
    if (r->parser.error != YAML_SCANNER_ERROR || r->parser.problem == NULL ||
        r->marks.dropped_len > 0 || ++r->mend.parses > MAX_PARSES ||
        r->mend.parses * len > MAX_BYTES) {
        return false;
    }
    size_t at = place(r);
    if (at == len) {
        return false;
    }
    if (r->mend.text == NULL) {
        r->mend.text = sg_arena_strndup(&r->set->arena, r->marks.text, len);
        r->marks.text = r->mend.text;
    }
    return mend(r, r->mend.text, at);
}

void sg_reader_unmend(const struct sg_reader *r, yaml_event_t *event) {
    char *text = (char *)event->data.scalar.value;
    bool quoted = event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    size_t kept = 0;
    for (size_t i = 0; i < event->data.scalar.length; i++) {
        if (r->mend.quote && text[i] == r->mend.quote) {
            if (!quoted) {
                text[kept++] = '\\';
            }
        } else {
            text[kept++] = r->mend.colon && text[i] == r->mend.colon ? ':' : text[i];
        }
    }
    text[kept] = '\0';
    event->data.scalar.length = kept;
}
