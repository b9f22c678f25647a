/*
 * counters.c - numbers by key, for look-ups whose values are positions and counts.
 */
#include "planner.h"

void counters_release(struct counters *counters) {
    sg_strmap_release(&counters->map);
    sg_arena_release(&counters->arena);
}

size_t *counters_at(struct counters *counters, const void *key, size_t len) {
    size_t *number = sg_strmap_get(&counters->map, key, len);
    if (number == NULL) {
        number = sg_arena_alloc(&counters->arena, sizeof(*number));
        sg_strmap_put(&counters->map, key, len, number);
    }
    return number;
}

size_t counters_get(const struct counters *counters, const void *key, size_t len) {
    const size_t *number = sg_strmap_get(&counters->map, key, len);
    return number == NULL ? 0 : *number;
}
