/*
 * object_match.c - objects as people name them.
 */
#include <ctype.h>
#include <string.h>

#include "planner.h"

static char folded(char c, bool fold) {
    return fold ? (char)tolower((unsigned char)c) : c;
}

/* Linear but for backing up to the last star. */
bool glob_matches(const char *pattern, const char *text, bool fold) {
    const char *star = NULL, *from = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            from = text;
        } else if (*pattern == '?' || folded(*pattern, fold) == folded(*text, fold)) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

/* A pattern may begin at any part of the id. */
static bool end_matches(const char *pattern, const char *id, bool fold) {
    for (const char *part = id; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        if (glob_matches(pattern, part, fold)) {
            return true;
        }
    }
    return false;
}

/* Where the kind begins: behind "v1/" or "apps/v1/". A first part "v1" is a version: a
 * group that could look like one has a dot. */
static const char *kind_of(const char *id) {
    const char *slash = strchr(id, '/');
    bool core = slash != NULL && id[0] == 'v' && isdigit((unsigned char)id[1]) &&
                memchr(id, '.', (size_t)(slash - id)) == NULL;
    if (slash != NULL && !core) {
        slash = strchr(slash + 1, '/');
    }
    return slash == NULL ? NULL : slash + 1;
}

bool object_id_brief(const char *id, struct sg_buf *out) {
    const char *kind = kind_of(id), *name = strrchr(id, '/');
    const char *namespace = kind == NULL ? NULL : strchr(kind, '/');
    if (namespace == NULL || namespace == name) {
        return false;
    }
    sg_buf_add(out, id, (size_t)(namespace - id));
    sg_buf_adds(out, name);
    return true;
}

bool object_matches(const char *pattern, const char *id, bool fold) {
    sg_auto_buf brief = SG_BUF_INIT;
    return end_matches(pattern, id, fold) ||
           (object_id_brief(id, &brief) &&
            end_matches(pattern, sg_buf_cstr(&brief), fold));
}
