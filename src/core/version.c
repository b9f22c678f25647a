/* version.c - parse, compare and print release versions. */
#include "sg/version.h"

#include <stdio.h>
#include <string.h>

enum { MAX_NUMBER = 999999 };

/* A decimal number without leading zeros; returns what follows, or NULL. */
static const char *parse_number(const char *text, uint32_t *out) {
    uint32_t value = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        value = value * 10 + (uint32_t)(*at - '0');
        if (value > MAX_NUMBER) {
            return NULL;
        }
    }
    if (at == text || (text[0] == '0' && at - text > 1)) {
        return NULL;
    }
    *out = value;
    return at;
}

static bool suffix_is_clean(const char *text) {
    static const char allowed[] = "0123456789.-"
                                  "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && text[strspn(text, allowed)] == '\0';
}

int sg_version_parse(const char *text, struct sg_version *out, struct sg_err *err) {
    struct sg_version v = {0};
    uint32_t *const numbers[] = {&v.major, &v.minor, &v.patch};
    const char *at = text;
    for (size_t i = 0; i < 3; i++) {
        if (i > 0 && at && *at++ != '.') {
            at = NULL;
        }
        at = at ? parse_number(at, numbers[i]) : NULL;
    }
    if (!at || (*at && *at != '-')) {
        return sg_fail(err, SG_E_INPUT,
                       "\"%s\" is not a version, expected three numbers such as 3.20.1 "
                       "with an optional -suffix",
                       text);
    }
    if (*at == '-') {
        at++;
        const char *rest = parse_number(at, &v.rerelease);
        if (!rest || *rest || v.rerelease == 0) {
            v.rerelease = 0;
            if (!suffix_is_clean(at) || strlen(at) >= sizeof(v.pre)) {
                return sg_fail(err, SG_E_INPUT,
                               "\"%s\" is not a version: its suffix must be 1 to %zu "
                               "letters, digits, dots and dashes",
                               text, sizeof(v.pre) - 1);
            }
            memcpy(v.pre, at, strlen(at) + 1);
        }
    }
    *out = v;
    return 0;
}

static int cmp_u32(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

/* One identifier of a pre-release: digits compare as a number and come before letters. */
static int cmp_identifier(const char *a, size_t alen, const char *b, size_t blen) {
    bool a_digits = strspn(a, "0123456789") >= alen;
    bool b_digits = strspn(b, "0123456789") >= blen;
    if (a_digits != b_digits) {
        return a_digits ? -1 : 1;
    }
    if (a_digits) {
        for (; alen > 1 && *a == '0'; alen--) {
            a++;
        }
        for (; blen > 1 && *b == '0'; blen--) {
            b++;
        }
        if (alen != blen) {
            return alen < blen ? -1 : 1;
        }
    }
    size_t len = alen < blen ? alen : blen;
    int order = memcmp(a, b, len);
    return order ? order : (alen > blen) - (alen < blen);
}

/* Precedence of pre-releases as in Semantic Versioning 2.0.0, section 11. */
static int cmp_pre(const char *a, const char *b) {
    if (!*a || !*b) {
        return (*a == '\0') - (*b == '\0');
    }
    while (*a && *b) {
        size_t alen = strcspn(a, "."), blen = strcspn(b, ".");
        int order = cmp_identifier(a, alen, b, blen);
        if (order) {
            return order;
        }
        a += alen + (a[alen] == '.');
        b += blen + (b[blen] == '.');
    }
    return (*a != '\0') - (*b != '\0');
}

int sg_version_cmp(const struct sg_version *a, const struct sg_version *b) {
    int order = cmp_u32(a->major, b->major);
    order = order ? order : cmp_u32(a->minor, b->minor);
    order = order ? order : cmp_u32(a->patch, b->patch);
    order = order ? order : cmp_pre(a->pre, b->pre);
    return order ? order : cmp_u32(a->rerelease, b->rerelease);
}

void sg_version_text(const struct sg_version *v, char out[SG_VERSION_TEXT]) {
    int len = snprintf(out, SG_VERSION_TEXT, "%u.%u.%u", v->major, v->minor, v->patch);
    size_t used = (size_t)len;
    if (v->rerelease) {
        snprintf(out + used, SG_VERSION_TEXT - used, "-%u", v->rerelease);
    } else if (v->pre[0]) {
        snprintf(out + used, SG_VERSION_TEXT - used, "-%s", v->pre);
    }
}

bool sg_version_same_release(const struct sg_version *a, const struct sg_version *b) {
    return a->major == b->major && a->minor == b->minor && a->patch == b->patch;
}
