/* scalar.c - text as YAML scalars, and bytes as base64. */
#include "reader.h"

#include <string.h>

/* Bytes of the code point at `at`, its value in `*point`; 0 for what is no UTF-8. */
static size_t decode(const char *at, size_t left, uint32_t *point) {
    const unsigned char *p = (const unsigned char *)at;
    if (p[0] < 0x80) {
        *point = p[0];
        return 1;
    }
    size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < len) {
        return 0;
    }
    *point = p[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        *point = *point << 6 | (p[i] & 0x3fu);
    }
    bool surrogate = *point >= 0xd800 && *point <= 0xdfff;
    return *point < least[len] || *point > 0x10ffff || surrogate ? 0 : len;
}

bool config_is_utf8(const char *bytes, size_t len) {
    uint32_t point;
    for (size_t at = 0; at < len;) {
        size_t step = decode(bytes + at, len - at, &point);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}

/* Characters that YAML does not print as they are, or that an editor would not show. */
static bool must_escape(uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 ||
           point == 0x2029 || point == 0xfeff || (point & 0xfffe) == 0xfffe;
}

static void put_escaped(struct sg_buf *out, uint32_t point) {
    switch (point) {
    case '\n':
        sg_buf_adds(out, "\\n");
        break;
    case '\t':
        sg_buf_adds(out, "\\t");
        break;
    case '\r':
        sg_buf_adds(out, "\\r");
        break;
    default:
        sg_buf_addf(out,
                    point > 0xffff ? "\\U%08X"
                    : point > 0xff ? "\\u%04X"
                                   : "\\x%02X",
                    (unsigned)point);
        break;
    }
}

void config_put_quoted(struct sg_buf *out, const char *bytes, size_t len) {
    sg_buf_addc(out, '"');
    for (size_t at = 0; at < len;) {
        uint32_t point = 0;
        size_t step = decode(bytes + at, len - at, &point);
        if (step == 0) {
            SG_BUG("text that is no UTF-8 as a YAML scalar");
        }
        if (point == '"' || point == '\\') {
            sg_buf_addc(out, '\\');
            sg_buf_addc(out, (char)point);
        } else if (must_escape(point)) {
            put_escaped(out, point);
        } else {
            sg_buf_add(out, bytes + at, step);
        }
        at += step;
    }
    sg_buf_addc(out, '"');
}

void config_put_scalar(struct sg_buf *out, const char *text) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_./-+@";
    size_t len = strlen(text);
    bool starts = len > 0 && !strchr("-./+@", text[0]);
    if ((starts || (text[0] == '.' && len > 1 && text[1] != '.')) &&
        strspn(text, plain) == len && sg_resolve_yaml11(text, len) == SG_TAG_STR) {
        sg_buf_add(out, text, len);
    } else {
        config_put_quoted(out, text, len);
    }
}

/* --- base64 (RFC 4648) ------------------------------------------------------------ */

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void config_put_base64(struct sg_buf *out, const char *bytes, size_t len) {
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t at = 0; at < len; at += 3) {
        size_t left = len - at;
        uint32_t bits = (uint32_t)p[at] << 16 |
                        (left > 1 ? (uint32_t)p[at + 1] << 8 : 0) |
                        (left > 2 ? p[at + 2] : 0u);
        for (size_t i = 0; i < 4; i++) {
            sg_buf_addc(out,
                        (char)(i <= left ? alphabet[bits >> (18 - 6 * i) & 63] : '='));
        }
    }
}

bool config_get_base64(struct sg_buf *out, const char *text, size_t len) {
    if (len % 4) {
        return false;
    }
    for (size_t at = 0; at < len; at += 4) {
        uint32_t bits = 0;
        size_t given = 0;
        for (size_t i = 0; i < 4; i++) {
            char c = text[at + i];
            const char *found = c ? strchr(alphabet, c) : NULL;
            bool pad = c == '=' && i >= 2 && at + 4 == len;
            if ((!found && !pad) || (found && given < i)) {
                return false;
            }
            given += found != NULL;
            bits = bits << 6 | (found ? (uint32_t)(found - alphabet) : 0);
        }
        const char decoded[] = {(char)(bits >> 16 & 255), (char)(bits >> 8 & 255),
                                (char)(bits & 255)};
        sg_buf_add(out, decoded, given - 1);
    }
    return true;
}
