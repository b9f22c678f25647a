#include "sg/number.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 512 /* longer texts are no number anybody wrote */

/* Base of an integer text after its sign, and the length of the prefix that says so. */
static int base_of(const char *digits, size_t *prefix) {
    *prefix = 2;
    if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
        return 16;
    }
    if (digits[0] == '0' && (digits[1] == 'b' || digits[1] == 'B')) {
        return 2;
    }
    if (digits[0] == '0' && (digits[1] == 'o' || digits[1] == 'O')) {
        return 8;
    }
    *prefix = 0;
    return digits[0] == '0' && digits[1] ? 8 : 10;
}

/* An integer from -2^63 to 2^64-1, exactly; `text` is free of '_'. */
static bool write_integer(const char *text, struct sg_buf *out) {
    bool negative = *text == '-';
    const char *digits = text + (*text == '-' || *text == '+');
    size_t prefix;
    int base = base_of(digits, &prefix);
    char *end;
    if (!isxdigit((unsigned char)digits[prefix])) {
        return false;
    }
    errno = 0;
    unsigned long long value = strtoull(digits + prefix, &end, base);
    if (errno || *end || (negative && value > (1ull << 63))) {
        return false;
    }
    sg_buf_addf(out, "%s%llu", negative && value ? "-" : "", value);
    return true;
}

/* The fewest decimal digits that read back as `value`, and the exponent of the first. */
static int shortest(double value, char digits[20]) {
    char text[40];
    for (int precision = 0; precision <= 16; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    size_t count = 0;
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (isdigit((unsigned char)*at)) {
            digits[count++] = *at;
        }
    }
    digits[count] = '\0';
    return (int)strtol(at + 1, NULL, 10);
}

/* An exponent below `low` or from `high` on is written out, as Go's formats do: -4 and 6
 * for the shortest %g, -6 and 21 for JSON. */
static void write_float(const char *digits, int exponent, enum sg_number_style style,
                        struct sg_buf *out) {
    bool json = style == SG_NUMBER_JSON;
    int low = json ? -6 : -4, high = json ? 21 : 6, count = (int)strlen(digits);
    if (exponent < low || exponent >= high) {
        sg_buf_addc(out, digits[0]);
        if (count > 1) {
            sg_buf_addf(out, ".%s", digits + 1);
        }
        sg_buf_addf(out, json ? "e%c%d" : "e%c%02d", exponent < 0 ? '-' : '+',
                    abs(exponent));
    } else if (exponent < 0) {
        sg_buf_addf(out, "0.%.*s%s", -exponent - 1, "00000", digits);
    } else if (exponent >= count - 1) {
        sg_buf_addf(out, "%s%.*s", digits, exponent - count + 1, "00000000000000000000");
    } else {
        sg_buf_addf(out, "%.*s.%s", exponent + 1, digits, digits + exponent + 1);
    }
}

static bool write_double(double value, enum sg_number_style style, struct sg_buf *out) {
    char digits[20], integer[32];
    if (value == 0) {
        sg_buf_addc(out, '0'); /* -0 too: JSON's -0 is read as an integer */
        return true;
    }
    bool negative = value < 0;
    int exponent = shortest(fabs(value), digits);
    int count = (int)strlen(digits);
    if (exponent >= count - 1 && exponent < 21) {
        /* integral: JSON writes all its digits, and 64 bits of them stay an integer */
        memset(integer, '0', sizeof(integer));
        integer[0] = negative ? '-' : '+';
        memcpy(integer + 1, digits, (size_t)count);
        integer[exponent + 2] = '\0';
        if (write_integer(integer, out)) {
            return true;
        }
    }
    if (negative) {
        sg_buf_addc(out, '-');
    }
    write_float(digits, exponent, style, out);
    return true;
}

bool sg_number_write(const char *text, size_t len, enum sg_number_style style,
                     struct sg_buf *out) {
    char plain[NUMBER_MAX];
    size_t count = 0;
    if (len >= sizeof(plain)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '_') {
            plain[count++] = text[i];
        }
    }
    plain[count] = '\0';
    if (write_integer(plain, out)) {
        return true;
    }
    /* strtod also takes hexadecimal floats, "inf" and "nan", which are none here */
    if (plain[strspn(plain, "+-.0123456789eE")] || count == 0 ||
        isspace((unsigned char)plain[0])) {
        return false;
    }
    char *end;
    double value = strtod(plain, &end);
    return *end == '\0' && isfinite(value) && write_double(value, style, out);
}

/* --- timestamps --- */

static bool take_number(const char **at, int digits_min, int digits_max, int *out) {
    int value = 0, count = 0;
    while (count < digits_max && isdigit((unsigned char)**at)) {
        value = value * 10 + (*(*at)++ - '0');
        count++;
    }
    *out = value;
    return count >= digits_min;
}

static bool take_char(const char **at, const char *any) {
    if (**at == '\0' || !strchr(any, **at)) {
        return false;
    }
    (*at)++;
    return true;
}

struct stamp {
    int year, month, day, hour, minute, second;
    const char *fraction; /* digits without trailing zeros; at most nine */
    int fraction_len;
    char zone[8];
};

static void take_fraction(const char **at, struct stamp *stamp) {
    stamp->fraction = *at;
    while (isdigit((unsigned char)**at)) {
        (*at)++;
    }
    stamp->fraction_len = (int)(*at - stamp->fraction);
    if (stamp->fraction_len > 9) {
        stamp->fraction_len = 9;
    }
    while (stamp->fraction_len > 0 && stamp->fraction[stamp->fraction_len - 1] == '0') {
        stamp->fraction_len--;
    }
}

static bool take_zone(const char **at, struct stamp *stamp) {
    const char *start = *at;
    int hours, minutes;
    snprintf(stamp->zone, sizeof(stamp->zone), "Z");
    if (take_char(at, "Z")) {
        return true;
    }
    if (!take_char(at, "+-") || !take_number(at, 2, 2, &hours) || !take_char(at, ":") ||
        !take_number(at, 2, 2, &minutes)) {
        return false;
    }
    if (hours || minutes) {
        snprintf(stamp->zone, sizeof(stamp->zone), "%.6s", start);
    }
    return true;
}

/* 2006-1-2, 2006-1-2T15:4:5.999Z07:00 (t too), 2006-1-2 15:4:5.999 */
static bool parse_stamp(const char *text, struct stamp *stamp) {
    const char *at = text;
    *stamp = (struct stamp){.zone = "Z"};
    if (!take_number(&at, 4, 4, &stamp->year) || !take_char(&at, "-") ||
        !take_number(&at, 1, 2, &stamp->month) || !take_char(&at, "-") ||
        !take_number(&at, 1, 2, &stamp->day)) {
        return false;
    }
    if (*at == '\0') {
        return true;
    }
    char separator = *at;
    if (!take_char(&at, "Tt ") || !take_number(&at, 1, 2, &stamp->hour) ||
        !take_char(&at, ":") || !take_number(&at, 1, 2, &stamp->minute) ||
        !take_char(&at, ":") || !take_number(&at, 1, 2, &stamp->second)) {
        return false;
    }
    if (take_char(&at, ".,")) {
        take_fraction(&at, stamp);
    }
    return (separator == ' ' || take_zone(&at, stamp)) && *at == '\0';
}

bool sg_timestamp_write(const char *text, size_t len, struct sg_buf *out) {
    struct stamp stamp;
    if (strlen(text) != len || !parse_stamp(text, &stamp)) {
        return false;
    }
    sg_buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", stamp.year, stamp.month, stamp.day,
                stamp.hour, stamp.minute, stamp.second);
    if (stamp.fraction_len > 0) {
        sg_buf_addf(out, ".%.*s", stamp.fraction_len, stamp.fraction);
    }
    sg_buf_adds(out, stamp.zone);
    return true;
}
