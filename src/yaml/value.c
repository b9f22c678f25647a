#include "value.h"

#include "sg/number.h"

#include <string.h>

static int refuse(const struct sg_docs *set, const struct sg_node *scalar,
                  const char *expected, struct sg_err *err) {
    return sg_fail_at(err, SG_E_INPUT, sg_docs_pos(set, scalar->loc),
                      "found '%.60s', expected %s", scalar->text, expected);
}

static int value_bool(const struct sg_docs *set, const struct sg_node *scalar,
                      struct sg_value *out, struct sg_err *err) {
    if (sg_resolve_read(scalar->text, scalar->len) != SG_TAG_BOOL) {
        return refuse(set, scalar, "true or false (its tag is !!bool)", err);
    }
    out->text = strchr("tT", scalar->text[0]) != NULL ? SG_STR("true") : SG_STR("false");
    return 0;
}

static int value_number(const struct sg_docs *set, const struct sg_node *scalar,
                        struct sg_buf *scratch, struct sg_value *out,
                        struct sg_err *err) {
    enum sg_tag resolved = sg_resolve_read(scalar->text, scalar->len);
    bool wants_int = scalar->tag == SG_TAG_INT;
    if (wants_int && resolved != SG_TAG_INT &&
        sg_resolve_yaml11(scalar->text, scalar->len) != SG_TAG_INT) {
        return refuse(set, scalar, "an integer (its tag is !!int)", err);
    }
    if (!sg_number_write(scalar->text, scalar->len, SG_NUMBER_YAML, scratch)) {
        return refuse(set, scalar, "a finite number: JSON has no other", err);
    }
    out->text = (struct sg_str){sg_buf_cstr(scratch), scratch->len};
    return 0;
}

static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648 with padding; line breaks are skipped, as Go's decoder does. */
static bool decode_base64(const char *text, size_t len, struct sg_buf *out) {
    unsigned bits = 0, count = 0, padding = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || text[i] == '\r') {
            continue;
        }
        int digit = base64_digit(text[i]);
        if (text[i] == '=' && count % 4 >= 2) {
            padding++;
        }
        if (text[i] == '=' ? count % 4 < 2 : (digit < 0 || padding)) {
            return false;
        }
        bits = bits << 6 | (unsigned)(digit < 0 ? 0 : digit);
        if (++count % 4 == 0) {
            const char bytes[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
            sg_buf_add(out, bytes, 3 - padding);
            if (padding) {
                count = 4 * 1000; /* nothing but line breaks may follow */
            }
        }
    }
    return count % 4 == 0 && padding <= 2;
}

/* Length of the valid UTF-8 sequence at `text`, or 0. */
static size_t utf8_len(const unsigned char *text, size_t left) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = text[0] < 0x80             ? 1
                 : (text[0] & 0xE0) == 0xC0 ? 2
                 : (text[0] & 0xF0) == 0xE0 ? 3
                 : (text[0] & 0xF8) == 0xF0 ? 4
                                            : 0;
    if (len <= 1 || len > left) {
        return len == 1 ? 1 : 0;
    }
    uint32_t point = text[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
        point = point << 6 | (text[i] & 0x3Fu);
    }
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point >= smallest[len] && point <= 0x10FFFF && !surrogate ? len : 0;
}

/* !!binary is decoded to a string; Go's JSON puts U+FFFD for each byte that is no UTF-8.
 */
static int value_binary(const struct sg_docs *set, const struct sg_node *scalar,
                        struct sg_buf *scratch, struct sg_value *out,
                        struct sg_err *err) {
    sg_auto_buf bytes = SG_BUF_INIT;
    if (!decode_base64(scalar->text, scalar->len, &bytes)) {
        return refuse(set, scalar, "base64 (its tag is !!binary)", err);
    }
    for (size_t i = 0; i < bytes.len;) {
        const unsigned char *at = (const unsigned char *)bytes.ptr + i;
        size_t len = utf8_len(at, bytes.len - i);
        if (len) {
            sg_buf_add(scratch, at, len);
        } else {
            sg_buf_adds(scratch, "\xEF\xBF\xBD");
        }
        i += len ? len : 1;
    }
    out->text = (struct sg_str){sg_buf_cstr(scratch), scratch->len};
    out->string = true;
    return 0;
}

/* --- folded blocks --- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Whether kustomize's emitter writes this text as a block at all. */
static bool writes_as_block(const char *text, size_t len) {
    if (len == 0 || is_blank(text[len - 1])) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c == ' ' && text[i + 1] == '\n') || c == 0x7F ||
            (c < 0x20 && c != '\n' && c != '\t')) {
            return false;
        }
    }
    return true;
}

/*
 * kustomize writes a folded scalar folded and reads it again, and its emitter looks at
 * the text's start where it should look ahead: a line that begins with a blank gets an
 * empty line before it, kept line ends at the end become one more, and in a text that
 * begins with a blank lines are joined. False where the text stays as it is.
 */
static bool fold_again(struct sg_str text, struct sg_buf *out) {
    size_t first = strspn(text.ptr, "\n");
    bool joins = first < text.len && is_blank(text.ptr[first]);
    bool after_blank = true; /* the line before began with a blank, or there is none */
    if (!memchr(text.ptr, '\n', text.len) || !writes_as_block(text.ptr, text.len)) {
        return false;
    }
    for (size_t i = 0; i < text.len;) {
        size_t line = strcspn(text.ptr + i, "\n");
        sg_buf_add(out, text.ptr + i, line);
        if (line > 0) {
            after_blank = is_blank(text.ptr[i]);
        }
        i += line;
        size_t breaks = strspn(text.ptr + i, "\n"), wanted = breaks;
        bool at_end = i + breaks == text.len;
        bool before_blank = !at_end && is_blank(text.ptr[i + breaks]);
        i += breaks;
        if (line > 0 && !after_blank && !joins) {
            wanted += (at_end && breaks > 1) || before_blank;
        } else if (line > 0 && !after_blank && !at_end && !before_blank) {
            wanted--;
        }
        if (breaks > 0 && wanted == 0) {
            sg_buf_addc(out, ' ');
        }
        for (; wanted > 0; wanted--) {
            sg_buf_addc(out, '\n');
        }
    }
    return true;
}

/* Whether kustomize writes the scalar as a block on its way. */
static bool passes_as_block(const struct sg_node *scalar, bool in_flow) {
    bool block = scalar->style == SG_LITERAL || scalar->style == SG_FOLDED ||
                 (scalar->style == SG_PLAIN && memchr(scalar->text, '\n', scalar->len));
    return block && !in_flow && writes_as_block(scalar->text, scalar->len);
}

static int value_string(const struct sg_docs *set, const struct sg_node *scalar,
                        bool in_flow, struct sg_buf *scratch, struct sg_value *out,
                        struct sg_err *err) {
    out->string = true;
    if (scalar->text[0] == '\t' && passes_as_block(scalar, in_flow)) {
        refuse(set, scalar, "a first line that begins with no tab", err);
        return sg_err_hint(err, "kustomize cannot read such a block back: begin with "
                                "spaces, or write the text in double quotes");
    }
    if (scalar->style == SG_FOLDED && !in_flow && fold_again(out->text, scratch)) {
        out->text = (struct sg_str){sg_buf_cstr(scratch), scratch->len};
    }
    return 0;
}

int sg_value_of(const struct sg_docs *set, const struct sg_node *scalar, bool in_flow,
                struct sg_buf *scratch, struct sg_value *out, struct sg_err *err) {
    *out = (struct sg_value){.text = {scalar->text, scalar->len}};
    sg_buf_clear(scratch);
    switch (sg_scalar_type(scalar)) {
    case SG_TAG_NULL:
        if (sg_resolve_read(scalar->text, scalar->len) != SG_TAG_NULL) {
            return refuse(set, scalar, "nothing, ~ or null (its tag is !!null)", err);
        }
        /* kustomize writes an empty plain scalar inside {} or [] as '' on its way */
        out->string = in_flow && scalar->len == 0;
        if (!out->string) {
            out->text = SG_STR("null");
        }
        return 0;
    case SG_TAG_BOOL:
        return value_bool(set, scalar, out, err);
    case SG_TAG_INT:
    case SG_TAG_FLOAT:
        return value_number(set, scalar, scratch, out, err);
    case SG_TAG_TIMESTAMP:
        out->string = true;
        /* inside {} or [] kustomize quotes a plain ':' on its way: a string from then on
         */
        if (in_flow && scalar->style == SG_PLAIN && strchr(scalar->text, ':')) {
            return 0;
        }
        if (!sg_timestamp_write(scalar->text, scalar->len, scratch)) {
            return refuse(set, scalar, "a timestamp (its tag is !!timestamp)", err);
        }
        out->text = (struct sg_str){sg_buf_cstr(scratch), scratch->len};
        return 0;
    case SG_TAG_BINARY:
        return value_binary(set, scalar, scratch, out, err);
    case SG_TAG_NONE:
    case SG_TAG_STR:
    case SG_TAG_MERGE:
    case SG_TAG_OTHER:
        break;
    }
    return value_string(set, scalar, in_flow, scratch, out, err);
}

/* --- the way through JSON --- */

static bool is_next_line(const char *at, const char *end) {
    return end - at >= 2 && at[0] == '\xC2' && at[1] == '\x85';
}

/* A double-quoted scalar with line breaks in it, read: blanks around breaks go, one break
 * is a space, n breaks are n-1 newlines. */
static void fold_next_lines(struct sg_str text, struct sg_buf *out) {
    const char *at = text.ptr, *end = at + text.len;
    while (at < end) {
        const char *blank = at;
        while (blank < end && *blank == ' ') {
            blank++;
        }
        if (!is_next_line(blank, end)) {
            sg_buf_add(out, at, (size_t)(blank - at));
            if (blank < end) {
                sg_buf_addc(out, *blank++);
            }
            at = blank;
            continue;
        }
        size_t breaks = 0;
        for (at = blank; at < end && (*at == ' ' || is_next_line(at, end));) {
            breaks += is_next_line(at, end);
            at += *at == ' ' ? 1 : 2;
        }
        if (breaks == 1) {
            sg_buf_addc(out, ' ');
        }
        for (; breaks > 1; breaks--) {
            sg_buf_addc(out, '\n');
        }
    }
}

/* The code point of a character kustomize's YAML reader refuses unescaped, or 0. */
static unsigned refused_point(const unsigned char *at, size_t left) {
    if (at[0] == 0x7F) {
        return 0x7F;
    }
    if (at[0] == 0xC2 && left > 1 && at[1] < 0xA0 && at[1] != 0x85) {
        return at[1];
    }
    if (at[0] == 0xEF && left > 2 && at[1] == 0xBF && at[2] >= 0xBE) {
        return 0xFFC0u | at[2];
    }
    return 0;
}

int sg_value_pass_json(const struct sg_docs *set, uint32_t loc, struct sg_buf *scratch,
                       struct sg_str *text, struct sg_err *err) {
    bool next_lines = false;
    for (size_t i = 0; i < text->len; i++) {
        const unsigned char *at = (const unsigned char *)text->ptr + i;
        if (*at < 0x7F) {
            continue;
        }
        unsigned point = refused_point(at, text->len - i);
        if (point) {
            return sg_fail_at(err, SG_E_INPUT, sg_docs_pos(set, loc),
                              "found the control character U+%04X in a string, expected "
                              "printable text",
                              point);
        }
        next_lines |= is_next_line(text->ptr + i, text->ptr + text->len);
    }
    if (!next_lines) {
        return 0;
    }
    sg_auto_buf folded = SG_BUF_INIT;
    fold_next_lines(*text, &folded);
    sg_buf_clear(scratch);
    sg_buf_add(scratch, sg_buf_cstr(&folded), folded.len);
    *text = (struct sg_str){sg_buf_cstr(scratch), scratch->len};
    return 0;
}

size_t sg_value_json_points(struct sg_str text) {
    size_t points = 2;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (strchr("\"\\\b\f\n\r\t", c) && c) {
            points += 2;
        } else if (c < 0x20 || strchr("<>&", c)) {
            points += 6;
        } else if ((c & 0xC0) != 0x80) {
            points++;
        }
    }
    return points;
}
