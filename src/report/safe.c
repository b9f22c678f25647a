#include "sg/report.h"
#include "utf8.h"

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

void sg_text_safe(const char *text, size_t len, struct sg_buf *out) {
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        uint32_t code = 0;
        size_t n = sg_utf8_next((const char *)at, (size_t)(end - at), &code);
        if (n == 0) {
            sg_buf_addf(out, "\\x%02x", *at);
        } else if (code == '\n') {
            sg_buf_adds(out, "\\n");
        } else if (code == '\t') {
            sg_buf_adds(out, "\\t");
        } else if (sg_utf8_acts(code)) {
            sg_buf_addf(out, code < 0x80 ? "\\x%02x" : "\\u%04x", code);
        } else {
            sg_buf_add(out, at, n);
        }
        at += n ? n : 1;
    }
}

void sg_text_utf8(const char *text, size_t len, struct sg_buf *out) {
    if (len == 0) {
        return; /* also of no text at all */
    }
    const unsigned char *at = (const unsigned char *)text, *end = at + len;
    while (at < end) {
        uint32_t code = 0;
        size_t n = sg_utf8_next((const char *)at, (size_t)(end - at), &code);
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
