/* quantity.c - see quantity.h. */
#include "sg/quantity.h"

#include <string.h>

#define NANO       ((sg_int128)1000000000)
#define CAP        ((sg_int128)INT64_MAX * NANO)
#define INT128_MAX ((sg_int128)(~(__uint128_t)0 >> 1))

enum {
    NANO_DIGITS = 9,
    FRACTION_MAX = 18, /* digits after the point that are kept; a further one rounds up */
    POWER_MAX = 40,    /* 10^40 is over every limit */
};

static sg_int128 saturate_mul(sg_int128 a, sg_int128 b) {
    sg_int128 product;
    if (__builtin_mul_overflow(a, b, &product)) {
        return (a < 0) != (b < 0) ? -INT128_MAX : INT128_MAX;
    }
    return product;
}

static sg_int128 saturate_add(sg_int128 a, sg_int128 b) {
    sg_int128 sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return a < 0 ? -INT128_MAX : INT128_MAX;
    }
    return sum;
}

static sg_int128 power_of_ten(int exponent) {
    sg_int128 power = 1;
    for (int i = 0; i < exponent && i < POWER_MAX; i++) {
        power = saturate_mul(power, 10);
    }
    return power;
}

static sg_int128 divide_up(sg_int128 a, sg_int128 b, bool more) {
    return a / b + (a % b != 0 || more ? 1 : 0);
}

/* --- reading ---------------------------------------------------------------------- */

/* A number before its suffix: whole + fraction / 10^digits (+ a trifle: `more`). */
struct mantissa {
    sg_int128 whole, fraction;
    int digits;
    bool more;
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Reads digits with at most one point; false where there is no digit. */
static bool take_mantissa(const char **at, const char *end, struct mantissa *out) {
    bool any = false, point = false;
    for (; *at < end && (is_digit(**at) || (**at == '.' && !point)); (*at)++) {
        if (**at == '.') {
            point = true;
            continue;
        }
        any = true;
        int digit = **at - '0';
        if (!point) {
            out->whole = saturate_add(saturate_mul(out->whole, 10), digit);
        } else if (out->digits < FRACTION_MAX) {
            out->fraction = out->fraction * 10 + digit;
            out->digits++;
        } else {
            out->more = out->more || digit != 0;
        }
    }
    return any;
}

/* The power of ten of an exponent ("e3", "E-2"); false where it is none. */
static bool take_exponent(const char *at, const char *end, int *out) {
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (at == end) {
        return false;
    }
    int value = 0;
    for (; at < end; at++) {
        if (!is_digit(*at)) {
            return false;
        }
        value = value < 1000 ? value * 10 + (*at - '0') : value;
    }
    *out = negative ? -value : value;
    return true;
}

/* What a suffix multiplies by: 2^*binary or 10^*decimal. */
static bool take_suffix(const char *at, const char *end, int *binary, int *decimal) {
    static const char steps[] = "kMGTPE";
    size_t len = (size_t)(end - at);
    *binary = *decimal = 0;
    if (len == 0) {
        return true;
    }
    if (len >= 2 && (*at == 'e' || *at == 'E') && at[1] != 'i') {
        return take_exponent(at + 1, end, decimal);
    }
    if (len == 1 && (*at == 'n' || *at == 'u' || *at == 'm')) {
        *decimal = *at == 'n' ? -9 : *at == 'u' ? -6 : -3;
        return true;
    }
    bool of_two = len == 2 && at[1] == 'i';
    const char *step = strchr(steps, of_two && *at == 'K' ? 'k' : *at);
    if (step == NULL || *step == '\0' || (len != 1 && !of_two) ||
        (of_two && *at == 'k')) {
        return false;
    }
    int n = (int)(step - steps) + 1;
    *binary = of_two ? n * 10 : 0;
    *decimal = of_two ? 0 : n * 3;
    return true;
}

/* The billionths of a number times 2^binary. */
static sg_int128 scale_binary(const struct mantissa *m, int binary) {
    sg_int128 unit = (sg_int128)1 << binary;
    sg_int128 whole = saturate_mul(m->whole, unit * NANO);
    if (m->digits <= NANO_DIGITS) {
        return saturate_add(whole,
                            m->fraction * power_of_ten(NANO_DIGITS - m->digits) * unit);
    }
    sg_int128 part =
        divide_up(m->fraction * unit, power_of_ten(m->digits - NANO_DIGITS), m->more);
    return saturate_add(whole, part);
}

/* The billionths of a number times 10^decimal. */
static sg_int128 scale_decimal(const struct mantissa *m, int decimal) {
    int power = decimal + NANO_DIGITS;
    if (power < 0) {
        bool more = m->more || m->fraction != 0;
        return divide_up(m->whole, power_of_ten(-power), more);
    }
    sg_int128 whole = saturate_mul(m->whole, power_of_ten(power));
    sg_int128 part = power >= m->digits
                         ? saturate_mul(m->fraction, power_of_ten(power - m->digits))
                         : divide_up(m->fraction, power_of_ten(m->digits - power), false);
    return saturate_add(saturate_add(whole, part), m->more ? 1 : 0);
}

bool sg_quantity_parse(const char *text, size_t len, struct sg_quantity *out) {
    const char *at = text, *end = text + len;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    struct mantissa m = {0};
    int binary, decimal;
    if (!take_mantissa(&at, end, &m) || !take_suffix(at, end, &binary, &decimal)) {
        return false;
    }
    sg_int128 nano = binary > 0 ? scale_binary(&m, binary) : scale_decimal(&m, decimal);
    nano = nano > CAP ? CAP : nano;
    out->nano = negative ? -nano : nano;
    return true;
}

/* --- reckoning -------------------------------------------------------------------- */

int sg_quantity_cmp(struct sg_quantity a, struct sg_quantity b) {
    return a.nano < b.nano ? -1 : a.nano > b.nano;
}

struct sg_quantity sg_quantity_add(struct sg_quantity a, struct sg_quantity b) {
    return (struct sg_quantity){saturate_add(a.nano, b.nano)};
}

struct sg_quantity sg_quantity_sub(struct sg_quantity a, struct sg_quantity b) {
    return (struct sg_quantity){saturate_add(a.nano, -b.nano)};
}

struct sg_quantity sg_quantity_times(struct sg_quantity a, uint64_t n) {
    return (struct sg_quantity){saturate_mul(a.nano, (sg_int128)n)};
}

/* --- writing ---------------------------------------------------------------------- */

struct unit {
    const char *suffix;
    sg_int128 nano;
};

/* The `n`th unit of bytes from the largest on, of powers of 1024 or of 1000. */
static struct unit byte_unit(int n, bool of_two) {
    static const char *const two[] = {"Ei", "Pi", "Ti", "Gi", "Mi", "Ki", ""};
    static const char *const ten[] = {"E", "P", "T", "G", "M", "k", ""};
    sg_int128 size = of_two ? (sg_int128)1 << (10 * (6 - n)) : power_of_ten(3 * (6 - n));
    return (struct unit){of_two ? two[n] : ten[n], size * NANO};
}
enum { BYTE_UNITS = 7 };

static void add_whole(sg_int128 value, struct sg_buf *out) {
    char digits[48];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value > 0);
    sg_buf_add(out, digits + at, sizeof(digits) - at);
}

/* value / unit with `places` decimals, zeros at the end left out; what is finer is
 * rounded to the nearest. */
static void add_in(sg_int128 value, struct unit unit, int places, struct sg_buf *out) {
    sg_int128 whole = value / unit.nano, rest = value % unit.nano;
    sg_int128 power = power_of_ten(places);
    /* rest < 2^60 * 10^9, and places <= 9: no overflow */
    sg_int128 fraction = (rest * power + unit.nano / 2) / unit.nano;
    if (fraction == power) {
        whole++;
        fraction = 0;
    }
    add_whole(whole, out);
    if (fraction > 0) {
        char digits[16];
        int len = places;
        for (int i = places; i-- > 0; fraction /= 10) {
            digits[i] = (char)('0' + (int)(fraction % 10));
        }
        while (len > 1 && digits[len - 1] == '0') {
            len--;
        }
        sg_buf_addf(out, ".%.*s", len, digits);
    }
    sg_buf_adds(out, unit.suffix);
}

/* Three decimals of this unit say it all. */
static bool fits(sg_int128 value, struct unit unit) {
    return value % unit.nano * 1000 % unit.nano == 0;
}

static sg_int128 add_sign(struct sg_quantity q, struct sg_buf *out) {
    if (q.nano < 0) {
        sg_buf_addc(out, '-');
    }
    return q.nano < 0 ? -q.nano : q.nano;
}

static const struct unit one = {"", 1000000000};

void sg_quantity_write(struct sg_quantity q, bool bytes, struct sg_buf *out) {
    sg_int128 value = add_sign(q, out);
    for (int n = 0; bytes && n < BYTE_UNITS - 1; n++) {
        struct unit two = byte_unit(n, true), ten = byte_unit(n, false);
        if (value >= ten.nano && fits(value, ten)) {
            add_in(value, value >= two.nano && fits(value, two) ? two : ten, 3, out);
            return;
        }
        if (value >= two.nano && fits(value, two)) {
            add_in(value, two, 3, out);
            return;
        }
    }
    add_in(value, one, NANO_DIGITS, out);
}

void sg_quantity_brief(struct sg_quantity q, bool bytes, struct sg_buf *out) {
    sg_int128 value = add_sign(q, out);
    struct unit unit = one;
    for (int n = 0; bytes && n < BYTE_UNITS; n++) {
        unit = byte_unit(n, true);
        if (value >= unit.nano) {
            break;
        }
    }
    add_in(value, unit, bytes ? 2 : 3, out);
}
