/*
 * immutable.c - fields that Kubernetes refuses to change in place (SG301).
 *
 * The rules are those of the API server's validation of updates. Two objects are compared
 * that are one in the cluster: the same name, namespace and stored group.
 */
#include <string.h>

#include "consequence.h"

/* What to do with the object, so that the deploy can make it anew. */
enum step {
    STEP_DELETE,  /* delete it: nothing or little runs on it */
    STEP_RESTART, /* delete it: its pods stop and start again */
    STEP_ORPHAN,  /* delete it and leave its pods running */
    STEP_CLAIM,   /* nothing but a new claim */
    STEP_DATA,    /* delete it, and restart what reads it */
};

#define FIELDS_MAX 6
struct rule {
    const char *group, *kind;
    const char *parent;             /* "spec", or "" for the object's own fields */
    const char *fields[FIELDS_MAX]; /* these */
    const char *except[FIELDS_MAX]; /* … or, with no `fields`, all but these */
    bool frozen;                    /* only where `immutable` was true */
    enum step step;
};

#define RBAC "rbac.authorization.k8s.io"
static const struct rule rules[] = {
    {"apps", "Deployment", "spec", {"selector"}, {0}, false, STEP_RESTART},
    {"apps", "DaemonSet", "spec", {"selector"}, {0}, false, STEP_RESTART},
    {"apps",
     "StatefulSet",
     "spec",
     {0},
     {"replicas", "template", "updateStrategy", "minReadySeconds",
      "persistentVolumeClaimRetentionPolicy", "ordinals"},
     false,
     STEP_ORPHAN},
    {"", "Service", "spec", {"clusterIP"}, {0}, false, STEP_DELETE},
    {RBAC, "RoleBinding", "", {"roleRef"}, {0}, false, STEP_DELETE},
    {RBAC, "ClusterRoleBinding", "", {"roleRef"}, {0}, false, STEP_DELETE},
    {"batch", "Job", "spec", {"selector", "template"}, {0}, false, STEP_DELETE},
    {"", "PersistentVolumeClaim", "spec", {0}, {0}, false, STEP_CLAIM},
    {"storage.k8s.io",
     "StorageClass",
     "",
     {"provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"},
     {0},
     false,
     STEP_DELETE},
    {"", "Secret", "", {"type"}, {0}, false, STEP_DELETE},
    {"", "Secret", "", {"data", "stringData", "immutable"}, {0}, true, STEP_DATA},
    {"", "ConfigMap", "", {"data", "binaryData", "immutable"}, {0}, true, STEP_DATA},
};

/* What the API server puts where a field is left out. */
static const struct {
    const char *field, *value;
} defaults[] = {
    {"apiGroup", RBAC},           {"podManagementPolicy", "OrderedReady"},
    {"reclaimPolicy", "Delete"},  {"revisionHistoryLimit", "10"},
    {"type", "Opaque"},           {"volumeBindingMode", "Immediate"},
    {"volumeMode", "Filesystem"},
};

/* --- the same to the API server --------------------------------------------------- */

static bool is_nothing(const struct sg_node *node) {
    return node == NULL || sg_is_null(node) || node->len == 0;
}

static bool is_default(const struct sg_node *node, const char *field) {
    const char *text = sg_text(node);
    for (size_t i = 0; text != NULL && i < SG_ARRAY_LEN(defaults); i++) {
        if (strcmp(field, defaults[i].field) == 0) {
            return strcmp(text, defaults[i].value) == 0;
        }
    }
    return false;
}

/* `field` is the nearest key above the values. */
struct pair {
    const struct sg_node *a, *b;
    const char *field;
};

static bool same(struct pair pair);

static bool same_below(struct pair pair, bool backward) {
    const struct sg_node *map = backward ? pair.b : pair.a;
    const struct sg_node *other = backward ? pair.a : pair.b;
    for (uint32_t i = 0; i < map->len; i++) {
        sg_atom key = map->entries[i].key;
        const struct sg_entry *there = sg_map_find(other, key);
        if (backward && there != NULL) {
            continue; /* compared already */
        }
        const struct sg_node *value = map->entries[i].value;
        const struct sg_node *counterpart = there != NULL ? there->value : NULL;
        if (!same((struct pair){backward ? counterpart : value,
                                backward ? value : counterpart, key->text})) {
            return false;
        }
    }
    return true;
}

static bool same_items(struct pair pair) {
    if (pair.a->len != pair.b->len) {
        return false;
    }
    for (uint32_t i = 0; i < pair.a->len; i++) {
        if (!same((struct pair){pair.a->items[i], pair.b->items[i], pair.field})) {
            return false;
        }
    }
    return true;
}

/* Nothing, null, an empty value and the default are the same; so is a size that is only
 * written in another way. */
static bool same(struct pair pair) {
    const struct sg_node *a = pair.a, *b = pair.b;
    if (strcmp(pair.field, "storageClassName") == 0 && (a == NULL || b == NULL)) {
        return a == b; /* empty is no class, left out the default one */
    }
    if (is_nothing(a) || is_nothing(b)) {
        return (is_nothing(a) && is_nothing(b)) ||
               is_default(is_nothing(a) ? b : a, pair.field);
    }
    if (sg_is_map(a) && sg_is_map(b)) {
        return same_below(pair, false) && same_below(pair, true);
    }
    if (sg_is_seq(a) && sg_is_seq(b)) {
        return same_items(pair);
    }
    struct sg_quantity x, y;
    if (strcmp(pair.field, "storage") == 0 && quantity_of(a, &x) && quantity_of(b, &y)) {
        return sg_quantity_cmp(x, y) == 0;
    }
    return sg_node_equal(a, b);
}

/* --- the place of the change ------------------------------------------------------ */

/* The one child that differs, of two maps or two lists of one length. */
static bool only_difference(struct pair pair, struct pair *out, struct sg_descent *step) {
    size_t found = 0;
    if (pair.a == NULL || pair.b == NULL) {
        return false;
    }
    if (sg_is_map(pair.a) && sg_is_map(pair.b)) {
        const struct sg_node *maps[] = {pair.b, pair.a};
        for (size_t m = 0; m < SG_ARRAY_LEN(maps); m++) {
            for (uint32_t i = 0; i < maps[m]->len; i++) {
                sg_atom key = maps[m]->entries[i].key;
                struct pair below = {sg_map_get(pair.a, key), sg_map_get(pair.b, key),
                                     key->text};
                if ((m == 1 && sg_map_find(pair.b, key) != NULL) || same(below)) {
                    continue;
                }
                found++;
                *out = below;
                step->key = key;
            }
        }
    } else if (sg_is_seq(pair.a) && sg_is_seq(pair.b) && pair.a->len == pair.b->len) {
        for (uint32_t i = 0; i < pair.b->len; i++) {
            struct pair below = {pair.a->items[i], pair.b->items[i], pair.field};
            if (same(below)) {
                continue;
            }
            found++;
            *out = below;
            step->key = NULL;
            step->index = i;
        }
    }
    return found == 1;
}

/* Below `at`, as deep as a single child differs. */
static const struct sg_fieldpath *narrow(struct overlay_plan *op,
                                         const struct sg_descent *at, struct pair *pair) {
    struct sg_descent below = {.up = at};
    struct pair inner;
    if (!only_difference(*pair, &inner, &below)) {
        return sg_descent_path(op->paths, at);
    }
    below.node = inner.b != NULL ? inner.b : inner.a;
    *pair = inner;
    return narrow(op, &below, pair);
}

/* --- what is told ----------------------------------------------------------------- */

static bool is_plain_name(const char *name) {
    return name[0] != '\0' && name[0] != '-' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.:-")] == '\0';
}

/* "kubectl -n prod delete statefulset web", or "delete it" for a name that no cluster
 * takes. */
static const char *delete_command(struct overlay_plan *op, const struct tree *tree,
                                  const struct sg_resource *res, const char *tail) {
    struct sg_resid id = sg_resource_id(&tree->render, res);
    struct sg_arena *arena = &op->plan->docs.arena;
    bool placed = id.namespace->len > 0;
    if (!is_plain_name(id.name->text) || (placed && !is_plain_name(id.namespace->text))) {
        return "delete it";
    }
    sg_auto_buf kind = SG_BUF_INIT;
    for (const char *at = id.kind->text; *at != '\0'; at++) {
        sg_buf_addc(&kind, *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at);
    }
    return sg_arena_printf(arena, "`kubectl %s%s%sdelete %s %s%s`", placed ? "-n " : "",
                           placed ? id.namespace->text : "", placed ? " " : "",
                           sg_buf_cstr(&kind), id.name->text, tail);
}

static bool within(const struct sg_fieldpath *path, const char *field) {
    for (; path != NULL; path = path->parent) {
        if (path->seg == SG_SEG_KEY && strcmp(path->key->text, field) == 0) {
            return true;
        }
    }
    return false;
}

static const char *step_text(struct consequences *c, const struct sg_resource *res,
                             enum step step, const struct sg_fieldpath *path) {
    struct sg_arena *arena = &c->op->plan->docs.arena;
    const struct tree *tree = c->new.tree;
    bool orphan = step == STEP_ORPHAN && !within(path, "selector");
    const char *command =
        delete_command(c->op, tree, res, orphan ? " --cascade=orphan" : "");
    if (orphan) {
        return sg_arena_printf(
            arena, "%s, then deploy: its pods go on running and its claims stay%s",
            command,
            within(path, "volumeClaimTemplates")
                ? "; a claim that exists keeps what it has, so change it by hand too"
                : "");
    }
    switch (step) {
    case STEP_CLAIM:
        return "keep the old value in the overlay; or make a claim with another name and "
               "copy the data";
    case STEP_DATA:
        return sg_arena_printf(
            arena, "%s, then deploy, and restart the pods that read it", command);
    case STEP_RESTART:
    case STEP_ORPHAN:
        return sg_arena_printf(arena, "%s, then deploy: its pods stop and start anew",
                               command);
    case STEP_DELETE:
        break;
    }
    return sg_arena_printf(arena, "%s, then deploy", command);
}

/* The objects in question, in both results. */
struct match {
    struct consequences *c;
    const struct sg_resource *old, *new;
    const struct rule *rule;
};

static void report(const struct match *match, const struct sg_fieldpath *path,
                   const struct sg_node *now) {
    struct overlay_plan *op = match->c->op;
    struct sg_arena *arena = &op->plan->docs.arena;
    struct consequence what = {
        .code = "SG301",
        .rule = "immutable",
        .severity = SG_WARNING,
        .tree = match->c->new.tree,
        .res = match->new,
        .path = path,
        .loc = now != NULL ? now->loc : 0,
        .message = sg_arena_printf(
            arena, "Kubernetes refuses to change %s of a %s that %s", path_text(op, path),
            match->rule->kind, match->rule->frozen ? "is immutable" : "exists"),
        .fix = step_text(match->c, match->new, match->rule->step, path),
    };
    add_consequence(match->c, &what);
}

/* --- exceptions of single fields -------------------------------------------------- */

/* Before apps/v1 a selector that is left out is that of the template's labels. */
static bool is_implied_selector(const struct sg_resource *old, struct pair pair) {
    const struct sg_node *template = spec_field(old->node, "template");
    const struct sg_node *labels =
        sg_map_get(sg_map_get(template, SG_ATOM(metadata)), SG_ATOM(labels));
    return strstr(old->orig.version->text, "beta") != NULL && is_nothing(pair.a) &&
           pair.b != NULL && sg_is_map(pair.b) && pair.b->len == 1 &&
           same((struct pair){labels, sg_map_get(pair.b, SG_ATOM(matchLabels)), ""});
}

static bool is_external_name(const struct sg_resource *res) {
    const char *type = sg_text(spec_field(res->node, "type"));
    return type != NULL && strcmp(type, "ExternalName") == 0;
}

/* A claim may grow; that it shrinks is told by SG302. */
static bool is_size_alone(struct pair spec) {
    struct pair inner = spec;
    struct sg_descent step = {0};
    while (only_difference(inner, &inner, &step)) {
        struct sg_quantity a, b;
        if (strcmp(inner.field, "storage") == 0) {
            return quantity_of(inner.a, &a) && quantity_of(inner.b, &b);
        }
    }
    return false;
}

static bool is_excepted(const struct match *match, struct pair pair) {
    if (strcmp(pair.field, "selector") == 0) {
        return is_implied_selector(match->old, pair);
    }
    if (strcmp(pair.field, "clusterIP") == 0) {
        return is_external_name(match->old) || is_external_name(match->new);
    }
    return match->rule->step == STEP_CLAIM && strcmp(pair.field, "resources") == 0 &&
           is_size_alone(pair);
}

/* --- the walk --------------------------------------------------------------------- */

static bool in_list(const char *const *list, const char *name) {
    for (size_t i = 0; i < FIELDS_MAX && list[i] != NULL; i++) {
        if (strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_ruled(const struct rule *rule, const char *field) {
    return rule->fields[0] != NULL ? in_list(rule->fields, field)
                                   : !in_list(rule->except, field);
}

static void compare_field(const struct match *match, const struct sg_descent *parent,
                          struct pair pair, sg_atom key) {
    if (!is_ruled(match->rule, key->text) || same(pair) || is_excepted(match, pair)) {
        return;
    }
    struct sg_descent at = {
        .up = parent, .node = pair.b != NULL ? pair.b : pair.a, .key = key};
    const struct sg_fieldpath *path = narrow(match->c->op, &at, &pair);
    report(match, path, pair.b);
}

static void compare_fields(const struct match *match) {
    struct sg_descent root = {.node = match->new->node};
    struct sg_descent spec = {.up = &root, .key = SG_ATOM(spec)};
    const struct sg_node *a = match->old->node, *b = match->new->node;
    const struct sg_descent *parent = &root;
    if (match->rule->parent[0] != '\0') {
        a = sg_map_get(a, spec.key);
        b = spec.node = sg_map_get(b, spec.key);
        parent = &spec;
    }
    for (uint32_t i = 0; sg_is_map(b) && i < b->len; i++) {
        sg_atom key = b->entries[i].key;
        struct pair pair = {sg_map_get(a, key), b->entries[i].value, key->text};
        compare_field(match, parent, pair, key);
    }
    for (uint32_t i = 0; sg_is_map(a) && i < a->len; i++) {
        sg_atom key = a->entries[i].key;
        if (sg_map_find(b, key) == NULL) {
            struct pair pair = {a->entries[i].value, NULL, key->text};
            compare_field(match, parent, pair, key);
        }
    }
}

static bool was_frozen(const struct sg_resource *res) {
    const struct sg_node *flag = sg_map_gets(res->node, "immutable");
    return sg_is_scalar(flag) && sg_scalar_type(flag) == SG_TAG_BOOL &&
           (flag->text[0] == 't' || flag->text[0] == 'T');
}

void find_immutable(struct consequences *c) {
    for (size_t i = 0; i < c->new.tree->render.items.len; i++) {
        struct match match = {.c = c, .new = c->new.tree->render.items.items[i]};
        struct cluster_key key = cluster_key_of(c->new.tree, match.new);
        match.old = cluster_find(&c->old, &key);
        for (size_t r = 0; match.old != NULL && r < SG_ARRAY_LEN(rules); r++) {
            match.rule = &rules[r];
            if (is_kind(match.new, match.rule->group, match.rule->kind) &&
                (!match.rule->frozen || was_frozen(match.old))) {
                compare_fields(&match);
            }
        }
    }
}
