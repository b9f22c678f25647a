/* kv.c - see kv.h. */
#include "kv.h"

#include <string.h>

/* Length of the well-formed sequence at `s`, 0 for none (RFC 3629: no overlong forms, no
 * surrogates). */
static size_t utf8_sequence(const unsigned char *s, size_t left) {
    if (s[0] < 0x80) {
        return 1;
    }
    size_t len = s[0] >= 0xC2 && s[0] <= 0xDF   ? 2
                 : s[0] >= 0xE0 && s[0] <= 0xEF ? 3
                 : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                                : 0;
    if (len == 0 || len > left) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
        (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F)) {
        return 0;
    }
    return len;
}

bool sg_utf8_valid(const char *text, size_t len) {
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < len;) {
        size_t step = utf8_sequence(bytes + i, len - i);
        if (step == 0) {
            return false;
        }
        i += step;
    }
    return true;
}

/* Bytes of the white space (as Go's unicode.IsSpace has it) at `s`, 0 for none. */
static size_t space_length(const char *s, size_t left) {
    static const char *const wide[] = {
        "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
        "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
    };
    if (left == 0) {
        return 0;
    }
    if (s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r')) {
        return 1;
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(wide); i++) {
        size_t len = strlen(wide[i]);
        if (left >= len && memcmp(s, wide[i], len) == 0) {
            return len;
        }
    }
    bool en_quad = left >= 3 && memcmp(s, "\xE2\x80", 2) == 0 &&
                   (unsigned char)s[2] >= 0x80 &&
                   (unsigned char)s[2] <= 0x8A; /* U+2000 to U+200A */
    return en_quad ? 3 : 0;
}

struct sg_str sg_trim_space(struct sg_str text) {
    for (size_t space; (space = space_length(text.ptr, text.len)) > 0;) {
        text.ptr += space;
        text.len -= space;
    }
    size_t end = 0;
    for (size_t i = 0; i < text.len;) {
        size_t space = space_length(text.ptr + i, text.len - i);
        i += space > 0 ? space : 1;
        end = space > 0 ? end : i;
    }
    text.len = end;
    return text;
}

int sg_kv_next(struct sg_kv_lines *lines, struct sg_kv *out) {
    while (lines->at < lines->len) {
        const char *line = lines->text + lines->at;
        const char *end = memchr(line, '\n', lines->len - lines->at);
        size_t len = end == NULL ? lines->len - lines->at : (size_t)(end - line);
        /* the buffer must hold the line's end too, or show that the file ends there */
        if (len >= SG_KV_MAX_LINE) {
            lines->cut = true;
            return 0;
        }
        lines->at += len + (end != NULL);
        lines->line++;
        if (len > 0 && line[len - 1] == '\r') {
            len--;
        }
        if (!sg_utf8_valid(line, len)) {
            return -1;
        }
        size_t skip =
            lines->line == 1 && len >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        for (size_t space; (space = space_length(line + skip, len - skip)) > 0;) {
            skip += space;
        }
        line += skip;
        len -= skip;
        if (len == 0 || line[0] == '#') {
            continue;
        }
        const char *equals = memchr(line, '=', len);
        size_t key = equals == NULL ? len : (size_t)(equals - line);
        if (key == 0) {
            continue; /* kustomize drops "=value" */
        }
        out->key = (struct sg_str){line, key};
        out->value = equals == NULL ? (struct sg_str){"", 0}
                                    : (struct sg_str){equals + 1, len - key - 1};
        return 1;
    }
    return 0;
}

void sg_base64_encode(const char *bytes, size_t len, struct sg_buf *out) {
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { WIDTH = 70 };
    const unsigned char *in = (const unsigned char *)bytes;
    size_t total = (len + 2) / 3 * 4, column = 0;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = (uint32_t)in[i] << 16;
        group |= i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0;
        group |= i + 2 < len ? in[i + 2] : 0;
        char quad[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        i + 1 < len ? digits[group >> 6 & 63] : '=',
                        i + 2 < len ? digits[group & 63] : '='};
        for (size_t j = 0; j < sizeof(quad); j++) {
            sg_buf_addc(out, quad[j]);
            if (++column == WIDTH && total >= WIDTH) {
                sg_buf_addc(out, '\n');
                column = 0;
            }
        }
    }
    if (total >= WIDTH && column > 0) {
        sg_buf_addc(out, '\n');
    }
}
