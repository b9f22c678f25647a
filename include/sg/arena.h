/*
 * arena.h - many small allocations that die together.
 *
 * In a build with SG_ARENA_DEBUG every piece is a malloc of its own, so that
 * AddressSanitizer sees each overrun.
 */
#ifndef SG_ARENA_H
#define SG_ARENA_H

#include "sg/base.h"

struct sg_arena_block;
struct sg_arena {
    struct sg_arena_block *blocks; /* newest first */
    char *next, *end;
    size_t total; /* bytes taken from the system, for the bench */
};

void sg_arena_init(struct sg_arena *arena);
void sg_arena_release(struct sg_arena *arena);
/* Zeroed memory, aligned for any type; never NULL. */
void *sg_arena_alloc(struct sg_arena *arena, size_t bytes);
/* Copy of `len` bytes with a NUL after them. */
char *sg_arena_strndup(struct sg_arena *arena, const char *text, size_t len);
char *sg_arena_strdup(struct sg_arena *arena, const char *text);
SG_PRINTF(2, 3) char *sg_arena_printf(struct sg_arena *arena, const char *fmt, ...);
/* `old_count` items moved to room for `new_count`; the old piece is abandoned to the
 * arena. */
void *sg_arena_grow(struct sg_arena *arena, void *items, size_t old_count,
                    size_t new_count, size_t item_size);

#endif
