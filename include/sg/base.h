/*
 * base.h - the few definitions every module shares: attributes, checked allocation,
 * slices and a typed vector.
 *
 * Out of memory aborts in here (see docs/ARCHITECTURE.md, "Errors"), so no caller checks
 * for it.
 */
#ifndef SG_BASE_H
#define SG_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define SG_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define SG_MUST_USE           __attribute__((warn_unused_result))
/* `unused`: a variable may be there for its cleanup alone, which clang would call unused.
 */
#define SG_CLEANUP(fn)  __attribute__((cleanup(fn), unused))
#define SG_NORETURN     __attribute__((noreturn))
#define SG_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A borrowed run of bytes; not NUL-terminated unless the function that returns it says
 * so. */
struct sg_str {
    const char *ptr;
    size_t len;
};
#define SG_STR(literal) ((struct sg_str){(literal), sizeof(literal) - 1})
struct sg_str sg_str_from(const char *cstr);
bool sg_str_eq(struct sg_str a, struct sg_str b);

/* A fault of ours, never of the user's input: prints where and aborts. */
SG_NORETURN void sg_bug(const char *file, int line, const char *what);
#define SG_BUG(what) sg_bug(__FILE__, __LINE__, (what))

/* malloc family that aborts when memory is out; freed with free(). */
void *sg_xmalloc(size_t bytes);
void *sg_xcalloc(size_t count, size_t bytes);
void *sg_xrealloc(void *ptr, size_t count, size_t bytes);
char *sg_xstrdup(const char *text);
char *sg_xstrndup(const char *text, size_t len);
SG_PRINTF(1, 2) char *sg_xasprintf(const char *fmt, ...);

/* Cleanup attribute for a `char *` from the family above. */
void sg_free_cstr(char **ptr);
#define sg_auto_cstr SG_CLEANUP(sg_free_cstr) char *

/*
 * A growing array of T. Zero-initialise it; `sg_vec_push` appends, `sg_vec_release` frees
 * the storage (not what the items own). Pointers into `items` are invalid after a push.
 */
#define SG_VEC(T)                                                                        \
    struct {                                                                             \
        T *items;                                                                        \
        size_t len, cap;                                                                 \
    }
void *sg_vec_grow(void *items, size_t *cap, size_t need, size_t item_size);
#define sg_vec_reserve(v, need)                                                          \
    ((need) > (v)->cap ? (void)((v)->items = sg_vec_grow((v)->items, &(v)->cap, (need),  \
                                                         sizeof(*(v)->items)))           \
                       : (void)0)
#define sg_vec_push(v, ...)                                                              \
    do {                                                                                 \
        sg_vec_reserve((v), (v)->len + 1);                                               \
        (v)->items[(v)->len++] = (__VA_ARGS__);                                          \
    } while (0)
#define sg_vec_release(v)                                                                \
    do {                                                                                 \
        free((v)->items);                                                                \
        (v)->items = NULL;                                                               \
        (v)->len = (v)->cap = 0;                                                         \
    } while (0)

#endif
