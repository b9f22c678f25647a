/*
 * resolve_number.c - integers and floats as go-yaml reads them: underscores are dropped
 * anywhere, then Go's integer literals ("0x1F", "0o17", "0777", "0b101"), then decimal
 * floats. What overflows a float is a string.
 */
#include "resolve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* The digits of an integer without sign and prefix make one of at most `max`. */
static bool digits_fit(const char *text, size_t len, int base, uint64_t max) {
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        int digit = digit_value(text[i]);
        if (digit >= base || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit, &value)) {
            return false;
        }
    }
    return len > 0 && value <= max;
}

/* Length of the base prefix at `text` ("0x", "0", …) and its base. */
static size_t int_prefix(const char *text, size_t len, int *base) {
    *base = 10;
    if (len < 2 || text[0] != '0') {
        return 0;
    }
    switch (text[1] | 0x20) {
    case 'x':
        *base = 16;
        return len > 2 ? 2 : 0;
    case 'o':
        *base = 8;
        return len > 2 ? 2 : 0;
    case 'b':
        *base = 2;
        return len > 2 ? 2 : 0;
    default:
        *base = 8;
        return 1;
    }
}

static bool is_int(const char *text, size_t len) {
    /* without a sign all 64 bits count; with one, those of a signed number */
    uint64_t max = UINT64_MAX;
    if (len && (text[0] == '+' || text[0] == '-')) {
        max = (uint64_t)INT64_MAX + (text[0] == '-');
        text++;
        len--;
    }
    int base;
    size_t prefix = int_prefix(text, len, &base);
    return digits_fit(text + prefix, len - prefix, base, max);
}

/* [-+]? ( .digits | digits [. digits?] ) ( [eE] [-+]? digits )?, NUL-terminated. */
static bool is_float_text(const char *text) {
    static const char digits[] = "0123456789";
    text += *text == '+' || *text == '-';
    size_t whole = strspn(text, digits);
    text += whole;
    size_t part = 0;
    if (*text == '.') {
        part = strspn(++text, digits);
        text += part;
    }
    if (whole + part == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        size_t exponent = strspn(text, digits);
        if (exponent == 0) {
            return false;
        }
        text += exponent;
    }
    return *text == '\0';
}

/* strtod reads the same digits in every locale we run in: the program never calls
 * setlocale. */
static bool is_float(const char *text) {
    return is_float_text(text) && isfinite(strtod(text, NULL));
}

/* Go wants each underscore of a float between two digits. */
static bool underscores_separate_digits(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '_' && (i == 0 || i + 1 == len || digit_value(text[i - 1]) > 9 ||
                               digit_value(text[i + 1]) > 9)) {
            return false;
        }
    }
    return true;
}

static size_t drop_underscores(const char *text, size_t len, char *out) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '_') {
            out[n++] = text[i];
        }
    }
    out[n] = '\0';
    return n;
}

static enum sg_tag resolve_plain(const char *plain, size_t len) {
    if (is_int(plain, len)) {
        return SG_TAG_INT;
    }
    return is_float(plain) ? SG_TAG_FLOAT : SG_TAG_STR;
}

enum sg_tag sg_resolve_number(const char *text, size_t len) {
    /* the first character that no number and no date has settles most strings */
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!strchr("0123456789+-._:, abcdefABCDEFoOxXTtZ", c) || c == '\0') {
            return SG_TAG_STR;
        }
    }
    if (text[0] != '.' && sg_resolve_is_timestamp(text, len)) {
        return SG_TAG_TIMESTAMP;
    }
    char small[128];
    sg_auto_cstr large = len < sizeof(small) ? NULL : sg_xmalloc(len + 1);
    char *plain = large ? large : small;
    size_t n = drop_underscores(text, len, plain);
    if (text[0] == '.') {
        return is_float(plain) && underscores_separate_digits(text, len) ? SG_TAG_FLOAT
                                                                         : SG_TAG_STR;
    }
    return resolve_plain(plain, n);
}
