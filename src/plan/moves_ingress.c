/*
 * moves_ingress.c - Ingress of extensions/v1beta1 and networking.k8s.io/v1beta1 in
 * networking.k8s.io/v1.
 *
 * A backend names its service in a map of its own, its port by number or by name, and
 * every path says how it is matched. The annotation kubernetes.io/ingress.class goes on
 * to be read, so it stays.
 */
#include <string.h>

#include "moves_rules.h"

static bool fits(const struct moves_in *in) {
    static const char *const kinds[] = {"Ingress", NULL};
    return moves_same_kind(in, kinds) &&
           strcmp(in->new_api, "networking.k8s.io/v1") == 0 &&
           (strcmp(in->old_api, "extensions/v1beta1") == 0 ||
            strcmp(in->old_api, "networking.k8s.io/v1beta1") == 0);
}

static bool is_nothing(const struct moves *m, const struct sg_node *value) {
    (void)m;
    return sg_is_null(value);
}

static bool is_number(const struct moves *m, const struct sg_node *value) {
    (void)m;
    return sg_is_scalar(value) && sg_scalar_type(value) == SG_TAG_INT;
}

static bool is_text(const struct moves *m, const struct sg_node *value) {
    (void)m;
    return sg_is_scalar(value) && sg_scalar_type(value) == SG_TAG_STR;
}

/* Whether the new base's default backend has its port in the other way: a port has a
 * number or a name, so a patch that sets one has to take the other away. */
static bool base_has(const struct moves *m, const char *field) {
    const struct sg_node *node = sg_map_gets(m->in->now, "spec");
    node = sg_map_gets(sg_map_gets(node, "defaultBackend"), "service");
    return !sg_is_null(sg_map_gets(sg_map_gets(node, "port"), field));
}

static bool number_for_name(const struct moves *m, const struct sg_node *value) {
    return m->in->patch != NULL && is_number(m, value) && base_has(m, "name");
}

static bool name_for_number(const struct moves *m, const struct sg_node *value) {
    return m->in->patch != NULL && is_text(m, value) && base_has(m, "number");
}

#define PATH_ITEM "spec.rules[].http.paths[]"
#define BACKEND   PATH_ITEM ".backend"
static const char port_why[] = "a port is a number or a name, and this is neither";

/* An operation on the port replaces all of it, as it replaced the one scalar before. */
static const struct move_rule rules[] = {
    {.at = "spec.backend", .to = "defaultBackend"},
    {.at = "spec.backend.serviceName", .to = "service/name"},
    {.at = "spec.backend.servicePort", .to = "service/port", .when = is_nothing},
    {.at = "spec.backend.servicePort",
     .to = "service/port|name=null/number",
     .when = number_for_name},
    {.at = "spec.backend.servicePort",
     .to = "service/port|number=null/name",
     .when = name_for_number},
    {.at = "spec.backend.servicePort", .to = "service/port|number", .when = is_number},
    {.at = "spec.backend.servicePort", .to = "service/port|name", .when = is_text},
    {.at = "spec.backend.servicePort", .why = port_why},
    {.at = BACKEND ".serviceName", .to = "service/name"},
    {.at = BACKEND ".servicePort", .to = "service/port", .when = is_nothing},
    {.at = BACKEND ".servicePort", .to = "service/port|number", .when = is_number},
    {.at = BACKEND ".servicePort", .to = "service/port|name", .when = is_text},
    {.at = BACKEND ".servicePort", .why = port_why},
};

/* --- pathType: a list of paths is written whole, so each needs its own ------------- */

static const char *const types[] = {"path/pathType=Exact", "path/pathType=Prefix",
                                    "path/pathType=ImplementationSpecific"};
enum { ANY_TYPE = 2 };

/* The path's text; one without matches all. */
static const char *path_of(const struct sg_node *item) {
    const char *text = sg_text(sg_map_gets(item, "path"));
    return text != NULL ? text : "";
}

static const char *type_of(const struct sg_node *item) {
    const char *text = sg_text(sg_map_gets(item, "pathType"));
    for (size_t i = 0; text != NULL && i < SG_ARRAY_LEN(types); i++) {
        if (strcmp(strchr(types[i], '=') + 1, text) == 0) {
            return types[i];
        }
    }
    return NULL;
}

/* One path of the new base; hosts that do not agree on its type leave the default. */
static void keep_type(struct moves *m, const struct sg_node *item) {
    const char *path = path_of(item), *type = type_of(item);
    size_t len = strlen(path);
    if (type == NULL) {
        return;
    }
    const char *before = sg_strmap_get(&m->kept, path, len);
    if (before != NULL && before != type) {
        type = types[ANY_TYPE];
    }
    sg_strmap_put(&m->kept, path, len, (void *)(uintptr_t)type);
}

static void keep_types(struct moves *m) {
    const struct sg_node *list = sg_map_gets(sg_map_gets(m->in->now, "spec"), "rules");
    m->kept_made = true;
    for (uint32_t i = 0; sg_is_seq(list) && i < list->len; i++) {
        const struct sg_node *paths =
            sg_map_gets(sg_map_gets(list->items[i], "http"), "paths");
        for (uint32_t k = 0; sg_is_seq(paths) && k < paths->len; k++) {
            keep_type(m, paths->items[k]);
        }
    }
}

static void say_type(struct moves *m, const char *to) {
    sg_auto_cstr words = sg_xasprintf(
        "a path gets pathType: %s, which %s", strchr(to, '=') + 1,
        to == types[ANY_TYPE] ? "is what it was without" : "it has in the new release");
    moves_done(m, words);
}

/* A path of the patch: the type that the new base gives the same path (upstream's choice,
 * which the customer never wrote over), else what the old API took it for. */
static const char *path_seen(struct moves *m, const struct sg_node *map,
                             uint32_t *index) {
    uint32_t at = map->len;
    for (uint32_t i = 0; i < map->len; i++) {
        if (strcmp(map->entries[i].key->text, "pathType") == 0) {
            return NULL;
        }
        if (strcmp(map->entries[i].key->text, "path") == 0) {
            at = i;
        }
    }
    if (map->len == 0 || sg_map_gets(map, "$patch") != NULL) {
        return NULL;
    }
    if (!m->kept_made) {
        keep_types(m);
    }
    const char *path = path_of(map);
    const char *to = sg_strmap_get(&m->kept, path, strlen(path));
    to = to != NULL ? to : types[ANY_TYPE];
    say_type(m, to);
    *index = at < map->len ? at : 0;
    const char *key = map->entries[*index].key->text;
    return at < map->len ? to
                         : sg_arena_printf(m->arena, "%s/%s", key, strchr(to, '/') + 1);
}

const struct move_family moves_ingress = {
    .fits = fits,
    .rules = rules,
    .len = SG_ARRAY_LEN(rules),
    .map_at = PATH_ITEM,
    .map_seen = path_seen,
};
