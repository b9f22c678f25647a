/* base.c - checked allocation, slices and the growth of vectors. */
#include "sg/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct sg_str sg_str_from(const char *cstr) {
    return (struct sg_str){cstr, strlen(cstr)};
}

bool sg_str_eq(struct sg_str a, struct sg_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

void sg_bug(const char *file, int line, const char *what) {
    /* The process ends here, so this is the one message that does not go through an
     * error. */
    fprintf(stderr, "sgupgrade: internal error at %s:%d: %s\n", file, line, what);
    abort();
}

static void *checked(void *ptr) {
    if (!ptr) {
        SG_BUG("out of memory");
    }
    return ptr;
}

void *sg_xmalloc(size_t bytes) {
    return checked(malloc(bytes ? bytes : 1));
}

void *sg_xcalloc(size_t count, size_t bytes) {
    return checked(calloc(count ? count : 1, bytes ? bytes : 1));
}

void *sg_xrealloc(void *ptr, size_t count, size_t bytes) {
    size_t total;
    if (__builtin_mul_overflow(count, bytes, &total)) {
        SG_BUG("allocation size overflows");
    }
    return checked(realloc(ptr, total ? total : 1));
}

char *sg_xstrndup(const char *text, size_t len) {
    char *copy = sg_xmalloc(len + 1);
    if (len) {
        memcpy(copy, text, len);
    }
    copy[len] = '\0';
    return copy;
}

char *sg_xstrdup(const char *text) {
    return sg_xstrndup(text, strlen(text));
}

char *sg_xasprintf(const char *fmt, ...) {
    va_list args;
    char *text;
    va_start(args, fmt);
    int len = vasprintf(&text, fmt, args);
    va_end(args);
    return checked(len < 0 ? NULL : text);
}

void sg_free_cstr(char **ptr) {
    free(*ptr);
    *ptr = NULL;
}

void *sg_vec_grow(void *items, size_t *cap, size_t need, size_t item_size) {
    size_t room = *cap < 8 ? 8 : *cap * 2;
    *cap = room < need ? need : room;
    return sg_xrealloc(items, *cap, item_size);
}
