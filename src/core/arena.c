/* arena.c - bump allocation in growing blocks; one malloc a piece with SG_ARENA_DEBUG. */
#include "sg/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct sg_arena_block {
    struct sg_arena_block *older;
    alignas(max_align_t) char data[];
};

/* Blocks double from the first size to the last, so that a small document costs little
 * and a large one few calls. */
enum { FIRST_BLOCK = 16 * 1024, LAST_BLOCK = 1024 * 1024 };

void sg_arena_init(struct sg_arena *arena) {
    *arena = (struct sg_arena){0};
}

void sg_arena_release(struct sg_arena *arena) {
    struct sg_arena_block *block = arena->blocks;
    while (block) {
        struct sg_arena_block *older = block->older;
        free(block);
        block = older;
    }
    *arena = (struct sg_arena){0};
}

/* calloc gives fresh pages for large blocks without touching them: zeroing is free there.
 */
static char *add_block(struct sg_arena *arena, size_t bytes) {
    struct sg_arena_block *block = sg_xcalloc(1, sizeof(*block) + bytes);
    block->older = arena->blocks;
    arena->blocks = block;
    arena->total += bytes;
    return block->data;
}

#ifdef SG_ARENA_DEBUG

static void *take(struct sg_arena *arena, size_t bytes, size_t align) {
    (void)align;
    return add_block(arena, bytes);
}

#else

static void *take_slow(struct sg_arena *arena, size_t bytes) {
    size_t room = arena->total < FIRST_BLOCK  ? FIRST_BLOCK
                  : arena->total > LAST_BLOCK ? LAST_BLOCK
                                              : arena->total;
    if (bytes > room / 4) {
        /* a large piece gets a block of its own; the current one stays in use */
        return add_block(arena, bytes);
    }
    char *start = add_block(arena, room);
    arena->next = start + bytes;
    arena->end = start + room;
    return start;
}

static void *take(struct sg_arena *arena, size_t bytes, size_t align) {
    size_t pad = -(uintptr_t)arena->next & (align - 1);
    size_t left = (size_t)(arena->end - arena->next);
    if (!arena->next || left < pad || left - pad < bytes) {
        return take_slow(arena, bytes);
    }
    char *start = arena->next + pad;
    arena->next = start + bytes;
    return start;
}

#endif

void *sg_arena_alloc(struct sg_arena *arena, size_t bytes) {
    return take(arena, bytes, alignof(max_align_t) < 8 ? alignof(max_align_t) : 8);
}

char *sg_arena_strndup(struct sg_arena *arena, const char *text, size_t len) {
    char *copy = take(arena, len + 1, 1);
    if (len) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *sg_arena_strdup(struct sg_arena *arena, const char *text) {
    return sg_arena_strndup(arena, text, strlen(text));
}

char *sg_arena_printf(struct sg_arena *arena, const char *fmt, ...) {
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) {
        SG_BUG("format cannot be printed");
    }
    char *text = take(arena, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

void *sg_arena_grow(struct sg_arena *arena, void *items, size_t old_count,
                    size_t new_count, size_t item_size) {
    size_t bytes;
    if (__builtin_mul_overflow(new_count, item_size, &bytes)) {
        SG_BUG("allocation size overflows");
    }
    void *grown = sg_arena_alloc(arena, bytes);
    if (old_count) {
        memcpy(grown, items, old_count * item_size);
    }
    return grown;
}
