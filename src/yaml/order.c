#include "order.h"

#include "sg/sort.h"
#include "sg/yaml.h"

#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Bytes of other scripts count as letters: among themselves bytes order as code points
 * do. */
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* The value of the digits at `at` (it may wrap, as Go's does), and where they end. */
static uint64_t digits_value(const char *text, size_t len, size_t *at, uint64_t value) {
    while (*at < len && is_digit(text[*at]))
        value = value * 10 + (uint64_t)(text[(*at)++] - '0');
    return value;
}

/* Whether the digits before `at` hold one that is no zero: then a zero at `at` counts. */
static bool after_digits(const char *text, size_t at) {
    while (at > 0 && is_digit(text[at - 1]))
        if (text[--at] != '0')
            return true;
    return false;
}

static bool less_at(const char *a, size_t alen, const char *b, size_t blen, size_t at) {
    bool a_letter = is_letter(a[at]), b_letter = is_letter(b[at]);
    if (a_letter && b_letter)
        return (unsigned char)a[at] < (unsigned char)b[at];
    if (a_letter || b_letter)
        return b_letter;
    uint64_t lead = (a[at] == '0' || b[at] == '0') && after_digits(a, at) ? 1 : 0;
    size_t a_end = at, b_end = at;
    int64_t a_value = (int64_t)digits_value(a, alen, &a_end, lead);
    int64_t b_value = (int64_t)digits_value(b, blen, &b_end, lead);
    if (a_value != b_value)
        return a_value < b_value;
    if (a_end != b_end)
        return a_end < b_end;
    return (unsigned char)a[at] < (unsigned char)b[at];
}

bool sg_yaml_key_less(const char *a, size_t alen, const char *b, size_t blen) {
    size_t shorter = alen < blen ? alen : blen;
    for (size_t i = 0; i < shorter; i++)
        if (a[i] != b[i])
            return less_at(a, alen, b, blen, i);
    return alen < blen;
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
