/* resolve_time.c - the date forms that go-yaml reads as timestamps. */
#include "resolve.h"

#include <string.h>

struct cursor {
    const char *at, *end;
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* One or two digits within [low, high]; -1 when they are not. `fixed` wants two. */
static int take_number(struct cursor *c, bool fixed, int low, int high) {
    if (c->at == c->end || !is_digit(*c->at)) {
        return -1;
    }
    int value = *c->at++ - '0';
    if (c->at < c->end && is_digit(*c->at)) {
        value = value * 10 + (*c->at++ - '0');
    } else if (fixed) {
        return -1;
    }
    return value >= low && value <= high ? value : -1;
}

static bool take_char(struct cursor *c, char want) {
    if (c->at == c->end || *c->at != want) {
        return false;
    }
    c->at++;
    return true;
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool take_date(struct cursor *c) {
    int year = 0;
    for (int i = 0; i < 4; i++) {
        if (c->at == c->end || !is_digit(*c->at)) {
            return false;
        }
        year = year * 10 + (*c->at++ - '0');
    }
    int month = take_char(c, '-') ? take_number(c, false, 1, 12) : -1;
    int day = month > 0 && take_char(c, '-') ? take_number(c, false, 1, 31) : -1;
    return day > 0 && day <= days_in(year, month);
}

/* hh:mm:ss and any number of decimals. */
static bool take_clock(struct cursor *c) {
    if (take_number(c, false, 0, 23) < 0 || !take_char(c, ':') ||
        take_number(c, false, 0, 59) < 0 || !take_char(c, ':') ||
        take_number(c, false, 0, 59) < 0) {
        return false;
    }
    if (c->end - c->at >= 2 && (*c->at == '.' || *c->at == ',') && is_digit(c->at[1])) {
        c->at++;
        while (c->at < c->end && is_digit(*c->at)) {
            c->at++;
        }
    }
    return true;
}

/* "Z" or "+hh:mm". */
static bool take_zone(struct cursor *c) {
    if (take_char(c, 'Z')) {
        return true;
    }
    return (take_char(c, '+') || take_char(c, '-')) && take_number(c, true, 0, 24) >= 0 &&
           take_char(c, ':') && take_number(c, true, 0, 60) >= 0;
}

bool sg_resolve_is_timestamp(const char *text, size_t len) {
    struct cursor c = {text, text + len};
    if (!take_date(&c)) {
        return false;
    }
    if (c.at == c.end) {
        return true;
    }
    char between = *c.at++;
    if (between == ' ') {
        return take_clock(&c) && c.at == c.end;
    }
    return (between == 'T' || between == 't') && take_clock(&c) && take_zone(&c) &&
           c.at == c.end;
}
