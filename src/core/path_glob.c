/* path_glob.c - match a whole path against a pattern with '*', '?', classes and "**". */
#include "sg/path.h"

#include <string.h>

/*
 * One class "[...]" at `p` against `c`: *matched tells; returns the pattern after it, or
 * NULL where the bracket is never closed (then '[' is an ordinary character).
 */
static const char *match_class(const char *p, unsigned char c, bool *matched) {
    p++;
    bool negate = *p == '!' || *p == '^';
    p += negate;
    bool hit = false;
    for (bool first = true; *p && (first || *p != ']'); first = false) {
        unsigned char low = (unsigned char)*p++;
        unsigned char high = low;
        if (p[0] == '-' && p[1] && p[1] != ']') {
            high = (unsigned char)p[1];
            p += 2;
        }
        hit |= low <= c && c <= high;
    }
    if (*p != ']') {
        return NULL;
    }
    *matched = hit != negate && c != '/';
    return p + 1;
}

/* The pattern after what matches the one character `c`, or NULL where it does not match.
 */
static const char *match_one(const char *p, char c) {
    bool matched = false;
    if (*p == '?') {
        return c != '/' ? p + 1 : NULL;
    }
    if (*p == '[') {
        const char *after = match_class(p, (unsigned char)c, &matched);
        if (after) {
            return matched ? after : NULL;
        }
    }
    if (*p == '\\' && p[1]) {
        p++;
    }
    return *p == c ? p + 1 : NULL;
}

/* A place to return to: the pattern after a star, and the text that star has not eaten
 * yet. */
struct retry {
    const char *pattern, *text;
};

/* Lets the star eat more: one character, or a whole part for a "**" before a slash. */
static bool advance(struct retry *star, bool across, bool whole_parts) {
    if (!star->pattern || *star->text == '\0' || (!across && *star->text == '/')) {
        return false;
    }
    if (!whole_parts) {
        star->text++;
        return true;
    }
    const char *slash = strchr(star->text, '/');
    if (!slash) {
        return false;
    }
    star->text = slash + 1;
    return true;
}

/*
 * Only the last star of each kind needs a second try: an earlier one that eats more
 * cannot help a later one that may eat the same. So the cost is at most the product of
 * the lengths for each "**".
 */
bool sg_path_glob(const char *pattern, const char *path) {
    const char *p = pattern, *t = path;
    struct retry star = {0}, deep = {0};
    bool parts = false; /* the last "**" stands before a slash: it eats whole parts */
    for (;;) {
        if (p[0] == '*' && p[1] == '*') {
            p += strspn(p, "*");
            parts = *p == '/' && (t == path || t[-1] == '/');
            p += parts;
            deep = (struct retry){p, t};
            star = (struct retry){0};
            continue;
        }
        if (*p == '*') {
            star = (struct retry){++p, t};
            continue;
        }
        if (*p == '\0' && *t == '\0') {
            return true;
        }
        const char *after = *t && *p ? match_one(p, *t) : NULL;
        if (after) {
            p = after;
            t++;
        } else if (advance(&star, false, false)) {
            p = star.pattern;
            t = star.text;
        } else if (advance(&deep, true, parts)) {
            star = (struct retry){0};
            p = deep.pattern;
            t = deep.text;
        } else {
            return false;
        }
    }
}
