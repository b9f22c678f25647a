/* UTF-16 to UTF-8: kustomize reads such a file, which some editors and shells write. */
#include "utf16.h"

static uint32_t unit(const unsigned char *at, bool big) {
    return big ? (uint32_t)at[0] << 8 | at[1] : (uint32_t)at[1] << 8 | at[0];
}

static void add_point(struct sg_buf *out, uint32_t point) {
    if (point < 0x80) {
        sg_buf_addc(out, (char)point);
    } else if (point < 0x800) {
        sg_buf_addc(out, (char)(0xC0 | point >> 6));
        sg_buf_addc(out, (char)(0x80 | (point & 0x3F)));
    } else {
        if (point < 0x10000) {
            sg_buf_addc(out, (char)(0xE0 | point >> 12));
        } else {
            sg_buf_addc(out, (char)(0xF0 | point >> 18));
            sg_buf_addc(out, (char)(0x80 | (point >> 12 & 0x3F)));
        }
        sg_buf_addc(out, (char)(0x80 | (point >> 6 & 0x3F)));
        sg_buf_addc(out, (char)(0x80 | (point & 0x3F)));
    }
}

bool sg_utf16_is(const char *text, size_t len) {
    const unsigned char *bytes = (const unsigned char *)text;
    return len >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) ||
                        (bytes[0] == 0xFE && bytes[1] == 0xFF));
}

bool sg_utf16_decode(const char *text, size_t len, struct sg_buf *out) {
    const unsigned char *bytes = (const unsigned char *)text;
    bool big = bytes[0] == 0xFE;
    for (size_t i = 2; i < len; i += 2) {
        if (len - i < 2) {
            return false;
        }
        uint32_t point = unit(bytes + i, big);
        if (point >= 0xD800 && point < 0xE000) {
            i += 2;
            uint32_t low = len - i >= 2 && i < len ? unit(bytes + i, big) : 0;
            if (point >= 0xDC00 || low < 0xDC00 || low >= 0xE000) {
                return false;
            }
            point = 0x10000 + ((point & 0x3FF) << 10 | (low & 0x3FF));
        }
        add_point(out, point);
    }
    return true;
}
