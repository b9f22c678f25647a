#include "sg/report.h"

#include <string.h>

static const struct sg_palette plain = {"", "", "", "", "", "", "", "", "", ""};
static const struct sg_palette colored = {
    .bold = "\033[1m",
    .dim = "\033[2m",
    .added = "\033[32m",
    .removed = "\033[31m",
    .changed = "\033[33m",
    .warning = "\033[33m",
    .error = "\033[1;31m",
    .good = "\033[32m",
    .link = "\033[36m",
    .reset = "\033[0m",
};

const struct sg_palette *sg_palette_get(bool color) {
    return color ? &colored : &plain;
}

/* Bytes of the UTF-8 sequence at `at` with its code point, or 0 where it is none. */
static size_t decode(const unsigned char *at, size_t left, uint32_t *code) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = at[0] < 0x80    ? 1
                 : at[0] >= 0xF8 ? 0
                 : at[0] >= 0xF0 ? 4
                 : at[0] >= 0xE0 ? 3
                 : at[0] >= 0xC0 ? 2
                                 : 0;
    if (len == 0 || len > left) {
        return 0;
    }
    *code = len == 1 ? at[0] : at[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
        *code = *code << 6 | (at[i] & 0x3Fu);
    }
    bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
    return *code < least[len] || *code > 0x10FFFF || surrogate ? 0 : len;
}

/* C0, DEL, C1, and the characters that reorder or hide what follows on a screen. */
static bool acts(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void sg_text_safe(const char *text, size_t len, struct sg_buf *out) {
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        uint32_t code = 0;
        size_t n = decode(at, (size_t)(end - at), &code);
        if (n == 0) {
            sg_buf_addf(out, "\\x%02x", *at);
        } else if (code == '\n') {
            sg_buf_adds(out, "\\n");
        } else if (code == '\t') {
            sg_buf_adds(out, "\\t");
        } else if (acts(code)) {
            sg_buf_addf(out, code < 0x80 ? "\\x%02x" : "\\u%04x", code);
        } else {
            sg_buf_add(out, at, n);
        }
        at += n ? n : 1;
    }
}

void sg_text_utf8(const char *text, size_t len, struct sg_buf *out) {
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        uint32_t code = 0;
        size_t n = decode(at, (size_t)(end - at), &code);
        if (n == 0) {
            sg_buf_adds(out, "\xEF\xBF\xBD");
        } else {
            sg_buf_add(out, at, n);
        }
        at += n ? n : 1;
    }
}

size_t sg_text_width(const char *text, size_t len) {
    size_t width = 0;
    for (size_t i = 0; i < len; i++) {
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return width;
}
