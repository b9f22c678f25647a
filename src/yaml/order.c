#include "order.h"

#include "sg/sort.h"
#include "sg/yaml.h"

#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

uint32_t sg_order_point(const char *text, size_t len, size_t at, size_t *bytes) {
    unsigned char lead = (unsigned char)text[at];
    size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    uint32_t point = more ? lead & (0x3Fu >> more) : lead;
    for (size_t i = 1; i <= more && at + i < len; i++) {
        point = point << 6 | ((unsigned char)text[at + i] & 0x3Fu);
    }
    *bytes = more + 1;
    return point;
}

static bool is_letter(uint32_t point) {
    if (point >= 0x80) {
        return sg_order_is_letter(point);
    }
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
}

/* The value of the digits at `at` (it may wrap, as Go's does), and where they end. */
static uint64_t digits_value(const char *text, size_t len, size_t *at, uint64_t value) {
    while (*at < len && is_digit(text[*at])) {
        value = value * 10 + (uint64_t)(text[(*at)++] - '0');
    }
    return value;
}

/* Whether the digits before `at` hold one that is no zero: then a zero at `at` counts. */
static bool after_digits(const char *text, size_t at) {
    while (at > 0 && is_digit(text[at - 1])) {
        if (text[--at] != '0') {
            return true;
        }
    }
    return false;
}

/* The texts are equal before `at`, the first byte of a character. */
static bool less_at(const char *a, size_t alen, const char *b, size_t blen, size_t at) {
    size_t bytes;
    uint32_t a_point = sg_order_point(a, alen, at, &bytes);
    uint32_t b_point = sg_order_point(b, blen, at, &bytes);
    bool a_letter = is_letter(a_point), b_letter = is_letter(b_point);
    if (a_letter && b_letter) {
        return a_point < b_point;
    }
    if (a_letter || b_letter) {
        return b_letter;
    }
    uint64_t lead = (a_point == '0' || b_point == '0') && after_digits(a, at) ? 1 : 0;
    size_t a_end = at, b_end = at;
    int64_t a_value = (int64_t)digits_value(a, alen, &a_end, lead);
    int64_t b_value = (int64_t)digits_value(b, blen, &b_end, lead);
    if (a_value != b_value) {
        return a_value < b_value;
    }
    if (a_end != b_end) {
        return a_end < b_end;
    }
    return a_point < b_point;
}

bool sg_yaml_key_less(const char *a, size_t alen, const char *b, size_t blen) {
    size_t shorter = alen < blen ? alen : blen;
    size_t at = 0;
    while (at < shorter && a[at] == b[at]) {
        at++;
    }
    if (at == shorter) {
        return alen < blen;
    }
    while (at > 0 && ((unsigned char)a[at] & 0xC0) == 0x80) {
        at--;
    }
    return less_at(a, alen, b, blen, at);
}

static bool bytes_less(const void *a, const void *b, void *ctx) {
    const struct sg_entry *const *x = a, *const *y = b;
    (void)ctx;
    return sg_bytes_cmp((*x)->key->text, (*x)->key->len, (*y)->key->text,
                        (*y)->key->len) < 0;
}

static bool natural_less(const void *a, const void *b, void *ctx) {
    const struct sg_entry *const *x = a, *const *y = b;
    (void)ctx;
    return sg_yaml_key_less((*x)->key->text, (*x)->key->len, (*y)->key->text,
                            (*y)->key->len);
}

void sg_order_entries(const struct sg_entry **entries, size_t count) {
    sg_sort(entries, count, sizeof(*entries), bytes_less, NULL);
    sg_sort(entries, count, sizeof(*entries), natural_less, NULL);
}
