/* arena.c - bump allocation in growing blocks; one malloc a piece with SG_ARENA_DEBUG. */
#include "sg/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct sg_arena_block {
    struct sg_arena_block *older;
    size_t mapped; /* bytes from mmap; 0: from calloc */
    alignas(max_align_t) char data[];
};

/* Blocks double from the first size to the last, so that a small document costs little
 * and a large one few calls. The last are a huge page each, where there are any: a tenth
 * of the time of a large build was the faulting in of small ones. */
#define FIRST_BLOCK ((size_t)16 << 10)
#define LAST_BLOCK  ((size_t)1 << 20)
#define HUGE_PAGE   ((size_t)2 << 20)

void sg_arena_init(struct sg_arena *arena) {
    *arena = (struct sg_arena){0};
}

void sg_arena_release(struct sg_arena *arena) {
    struct sg_arena_block *block = arena->blocks;
    while (block) {
        struct sg_arena_block *older = block->older;
        if (block->mapped) {
            munmap(block, block->mapped);
        } else {
            free(block);
        }
        block = older;
    }
    *arena = (struct sg_arena){0};
}

static char *push_block(struct sg_arena *arena, struct sg_arena_block *block,
                        size_t bytes) {
    block->older = arena->blocks;
    arena->blocks = block;
    arena->total += bytes;
    return block->data;
}

/* calloc gives fresh pages for large blocks without touching them: zeroing is free there.
 */
static char *add_block(struct sg_arena *arena, size_t bytes) {
    struct sg_arena_block *block = sg_xcalloc(1, sizeof(*block) + bytes);
    return push_block(arena, block, bytes);
}

#ifdef SG_ARENA_DEBUG

static void *take(struct sg_arena *arena, size_t bytes, size_t align) {
    (void)align;
    return add_block(arena, bytes);
}

#else

/* A whole huge page, at a place where it can be one; NULL where the kernel has none left.
 */
static struct sg_arena_block *map_huge(void) {
    char *at = mmap(NULL, 2 * HUGE_PAGE, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        return NULL;
    }
    size_t before = -(uintptr_t)at & (HUGE_PAGE - 1);
    if (before > 0) {
        munmap(at, before);
    }
    munmap(at + before + HUGE_PAGE, HUGE_PAGE - before);
    struct sg_arena_block *block = (struct sg_arena_block *)(void *)(at + before);
    (void)madvise(block, HUGE_PAGE, MADV_HUGEPAGE); /* small pages do too */
    block->mapped = HUGE_PAGE;
    return block;
}

/* A new current block of about `room` bytes, which becomes its exact size. */
static char *add_current(struct sg_arena *arena, size_t *room) {
    struct sg_arena_block *block = *room < LAST_BLOCK ? NULL : map_huge();
    if (block == NULL) {
        return add_block(arena, *room);
    }
    *room = HUGE_PAGE - sizeof(*block);
    return push_block(arena, block, *room);
}

static void *take_slow(struct sg_arena *arena, size_t bytes) {
    size_t room = arena->total < FIRST_BLOCK  ? FIRST_BLOCK
                  : arena->total > LAST_BLOCK ? LAST_BLOCK
                                              : arena->total;
    if (bytes > room / 4) {
        /* a large piece gets a block of its own; the current one stays in use */
        return add_block(arena, bytes);
    }
    char *start = add_current(arena, &room);
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
