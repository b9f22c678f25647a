/*
 * result.c - what a command has done, as data.
 */
#include <string.h>

#include "project.h"

void sg_repo_result_init(struct sg_repo_result *result) {
    memset(result, 0, sizeof(*result));
    sg_arena_init(&result->arena);
    result->from = result->to = "";
}

void sg_repo_result_release(struct sg_repo_result *result) {
    sg_vec_release(&result->written);
    sg_vec_release(&result->commits);
    sg_vec_release(&result->deploy);
    sg_vec_release(&result->undecided);
    sg_arena_release(&result->arena);
}

void result_written(struct sg_repo_result *result, const struct stage *stage) {
    sg_auto_strmap known = {0};
    for (size_t i = 0; i < result->written.len; i++) {
        const char *path = result->written.items[i];
        sg_strmap_put(&known, path, strlen(path), NULL);
    }
    for (size_t i = 0; i < stage->items.len; i++) {
        const char *path = stage->items.items[i].path;
        if (!sg_strmap_has(&known, path, strlen(path))) {
            sg_vec_push(&result->written, sg_arena_strdup(&result->arena, path));
        }
    }
}
