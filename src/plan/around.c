/*
 * around.c - what a planner is told of the cluster: its version, and objects that are in
 * it but in no overlay.
 */
#include <string.h>

#include "consequence.h"

/* "[group/version/]Kind[/namespace]/name": the kind is the part in upper case. */
static const char *kind_in(const char *text) {
    const char *part = text;
    while (part != NULL) {
        part += *part == '/';
        if (*part >= 'A' && *part <= 'Z') {
            return part;
        }
        part = strchr(part, '/');
    }
    return text;
}

static void read_version(struct around *around, const char *text) {
    char *rest;
    unsigned long major = strtoul(text, &rest, 10);
    unsigned long minor = *rest == '.' ? strtoul(rest + 1, NULL, 10) : 0;
    around->versioned = true;
    around->kubernetes = sg_arena_strdup(&around->arena, text);
    around->minor = major > 1 || minor > UINT32_MAX ? UINT32_MAX : (uint32_t)minor;
}

struct around *around_new(const struct sg_planner_opts *opts) {
    struct around *around = sg_xcalloc(1, sizeof(*around));
    sg_arena_init(&around->arena);
    if (opts->kubernetes != NULL) {
        read_version(around, opts->kubernetes);
    }
    for (size_t i = 0; i < opts->external_len; i++) {
        const char *object = kind_in(opts->external[i]);
        (void)sg_strmap_put(&around->external, object, strlen(object), around);
    }
    sg_name_fields(references_add, around);
    return around;
}

void around_free(struct around *around) {
    if (around == NULL) {
        return;
    }
    sg_strmap_release(&around->external);
    sg_strmap_release(&around->references);
    sg_arena_release(&around->arena);
    free(around);
}

bool around_has(const struct around *around, const char *kind, const char *namespace,
                const char *name) {
    if (around->external.len == 0) {
        return false;
    }
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s/%s", kind, name);
    if (sg_strmap_has(&around->external, sg_buf_cstr(&key), key.len)) {
        return true;
    }
    sg_buf_clear(&key);
    sg_buf_addf(&key, "%s/%s/%s", kind, namespace, name);
    return sg_strmap_has(&around->external, sg_buf_cstr(&key), key.len);
}
