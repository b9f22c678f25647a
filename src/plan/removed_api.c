/*
 * removed_api.c - objects whose API the cluster does not serve (SG304).
 */
#include <string.h>

#include "consequence.h"

/* The minor number of "1.22". */
static uint32_t minor_of(const char *version) {
    const char *dot = strchr(version, '.');
    return dot == NULL ? UINT32_MAX : (uint32_t)strtoul(dot + 1, NULL, 10);
}

/* The older of the two schemas tells what there was at 1.21. */
enum { OLDER_SCHEMA_MINOR = 21 };

static bool is_too_new(const struct around *around, const char *version,
                       const char *kind) {
    return around->minor <= OLDER_SCHEMA_MINOR &&
           sg_schema_scope(SG_SCHEMA_MERGE, version, kind) == SG_SCOPE_UNKNOWN &&
           sg_schema_scope(SG_SCHEMA_UNION, version, kind) != SG_SCOPE_UNKNOWN;
}

static void report(struct consequences *c, const struct sg_resource *res,
                   const char *message, const char *fix) {
    struct overlay_plan *op = c->op;
    const struct sg_node *version = sg_map_get(res->node, SG_ATOM(apiVersion));
    struct consequence what = {
        .code = "SG304",
        .rule = "removed-api",
        .severity = SG_ERROR,
        .tree = c->new.tree,
        .res = res,
        .path = sg_fieldpath_key(op->paths, NULL, SG_ATOM(apiVersion)),
        .loc = version->loc,
        .message = message,
        .fix = fix,
        .lasting = true,
    };
    add_consequence(c, &what);
}

static void check(struct consequences *c, const struct sg_resource *res) {
    const struct around *around = c->op->around;
    struct sg_arena *arena = &c->op->plan->docs.arena;
    const char *version = sg_text(sg_map_get(res->node, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(res->node, SG_ATOM(kind)));
    struct sg_removal removal;
    if (version == NULL || kind == NULL) {
        return;
    }
    if (is_too_new(around, version, kind)) {
        report(c, res,
               sg_arena_printf(arena, "Kubernetes %s does not serve %s %s yet",
                               around->kubernetes, version, kind),
               "use the version of the API that your cluster has, or upgrade the cluster "
               "first");
        return;
    }
    if (!sg_schema_removal(version, kind, &removal) ||
        around->minor < minor_of(removal.removed_in)) {
        return;
    }
    bool moved = removal.successor[0] != '\0' && strcmp(removal.successor, "-") != 0;
    report(c, res,
           sg_arena_printf(arena,
                           "Kubernetes %s does not serve %s %s: it went away in %s",
                           around->kubernetes, version, kind, removal.removed_in),
           moved ? sg_arena_printf(arena, "use %s", removal.successor)
                 : "remove the object: there is no successor");
}

void find_removed_api(struct consequences *c) {
    for (size_t i = 0; c->op->around->versioned && i < c->new.tree->render.items.len;
         i++) {
        check(c, c->new.tree->render.items.items[i]);
    }
}
