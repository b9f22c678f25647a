#include "utf8.h"

/* The bytes that a sequence has by its first one; 0 where none starts so. */
static size_t length_of(unsigned char first) {
    return first < 0x80    ? 1
           : first >= 0xF8 ? 0
           : first >= 0xF0 ? 4
           : first >= 0xE0 ? 3
           : first >= 0xC0 ? 2
                           : 0;
}

size_t sg_utf8_next(const char *text, size_t left, uint32_t *code) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t len = length_of(at[0]);
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

bool sg_utf8_acts(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}
