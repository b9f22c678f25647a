/*
 * references.c - references to objects that are not there (SG303).
 *
 * Which fields refer is kustomize's own table of name references, and a few fields that
 * it has no need for. Beside the name stands what narrows it: `optional`, a `key` or
 * `items` with keys, the `kind` and `namespace` of what is meant.
 */
#include <string.h>

#include "consequence.h"

/* One field: the keys down to the name, and what it names. */
struct reference_field {
    struct reference_field *next;
    const char *target_group, *target_kind;
    size_t len;
    const char *keys[]; /* through lists without a word */
};
struct reference_fields {
    struct reference_field *first;
};

/* --- the table -------------------------------------------------------------------- */

/* What a role may do with a name is no reference: the object may come later. */
static bool is_rule(const char *path) {
    static const char tail[] = "/resourceNames";
    size_t len = strlen(path);
    return len >= sizeof(tail) - 1 && strcmp(path + len - (sizeof(tail) - 1), tail) == 0;
}

/* "networking.k8s.io/v1" has a version that no object's group has. */
static const char *group_copy(struct around *around, const char *group) {
    return sg_arena_strndup(&around->arena, group, strcspn(group, "/"));
}

/* Splits at '/', but not at "\/"; the keys are put behind `field`. */
static void split_path(struct around *around, const char *path,
                       struct reference_field *field) {
    while (*path != '\0') {
        sg_auto_buf key = SG_BUF_INIT;
        for (; *path != '\0' && *path != '/'; path++) {
            path += path[0] == '\\' && path[1] == '/';
            sg_buf_addc(&key, *path);
        }
        path += *path == '/';
        field->keys[field->len++] = sg_arena_strdup(&around->arena, sg_buf_cstr(&key));
    }
}

static size_t count_keys(const char *path) {
    size_t keys = 1;
    for (; *path != '\0'; path++) {
        keys += *path == '/';
    }
    return keys;
}

void references_add(void *ctx, const struct sg_name_field *row) {
    struct around *around = ctx;
    if (is_rule(row->path)) {
        return;
    }
    struct reference_field *field = sg_arena_alloc(
        &around->arena, sizeof(*field) + count_keys(row->path) * sizeof(field->keys[0]));
    field->target_group = group_copy(around, row->target_group);
    field->target_kind = sg_arena_strdup(&around->arena, row->target_kind);
    split_path(around, row->path, field);
    size_t len = strlen(row->kind);
    struct reference_fields *fields = sg_strmap_get(&around->references, row->kind, len);
    if (fields == NULL) {
        fields = sg_arena_alloc(&around->arena, sizeof(*fields));
        (void)sg_strmap_put(&around->references, row->kind, len, fields);
    }
    field->next = fields->first;
    fields->first = field;
}

/* --- one reference ---------------------------------------------------------------- */

struct reference {
    const struct reference_field *field;
    const struct sg_resource *res; /* that refers */
    const struct sg_node *beside;  /* the map with the name; NULL: none */
    const struct sg_descent *at;   /* the name, or the map that has it */
    const char *name, *namespace;
    const char *key;             /* of the target's data; NULL: none is asked for */
    const struct sg_descent *of; /* that key's place */
};

struct walk {
    const struct cluster *cluster;
    const struct reference_field *field;
    const struct sg_resource *res;
    void (*each)(void *ctx, const struct reference *reference);
    void *ctx;
};

static bool is_true(const struct sg_node *node) {
    return sg_is_scalar(node) && sg_scalar_type(node) == SG_TAG_BOOL &&
           (node->text[0] == 't' || node->text[0] == 'T');
}

static const char *text_beside(const struct reference *reference, const char *field) {
    return sg_text(sg_map_gets(reference->beside, field));
}

/* The target may be in the namespace that stands beside the name, else it is in the
 * referrer's; false where that is none. */
static bool find_namespace(const struct walk *walk, struct reference *reference) {
    const char *beside = text_beside(reference, "namespace");
    if (beside != NULL && beside[0] != '\0') {
        reference->namespace = beside;
    } else {
        reference->namespace =
            cluster_key_of(walk->cluster->tree, reference->res).namespace;
    }
    static const char *const cluster_wide[] = {
        "ClusterRole",   "PersistentVolume", "StorageClass",
        "PriorityClass", "IngressClass",     "ValidatingAdmissionPolicy"};
    for (size_t i = 0; i < SG_ARRAY_LEN(cluster_wide); i++) {
        if (strcmp(reference->field->target_kind, cluster_wide[i]) == 0) {
            reference->namespace = "";
            return true;
        }
    }
    return reference->namespace[0] != '\0';
}

/* Where the kind stands beside the name, this row may not be the one. */
static bool is_meant(const struct reference *reference) {
    const char *kind = text_beside(reference, "kind");
    return kind == NULL || strcmp(kind, reference->field->target_kind) == 0;
}

/* The keys of the target's data that the reference names. */
static void each_key(const struct walk *walk, struct reference *reference) {
    struct sg_atoms *atoms = walk->cluster->tree->render.docs.atoms;
    const struct sg_node *key = sg_map_gets(reference->beside, "key");
    const struct sg_node *items = sg_map_get(reference->beside, SG_ATOM(items));
    struct sg_descent below = {
        .up = reference->at->up, .node = key, .key = sg_atom_of(atoms, "key")};
    if (sg_text(key) != NULL) {
        reference->key = key->text;
        reference->of = &below;
        walk->each(walk->ctx, reference);
    }
    struct sg_descent list = {
        .up = reference->at->up, .node = items, .key = SG_ATOM(items)};
    struct sg_descent item = {.up = &list};
    below.up = &item;
    for (uint32_t i = 0; sg_is_seq(items) && i < items->len; i++) {
        item.node = items->items[i];
        item.index = i;
        below.node = sg_map_gets(items->items[i], "key");
        if (sg_text(below.node) != NULL) {
            reference->key = below.node->text;
            reference->of = &below;
            walk->each(walk->ctx, reference);
        }
    }
}

static void visit(const struct walk *walk, const struct sg_descent *at) {
    struct reference reference = {
        .field = walk->field, .res = walk->res, .at = at, .beside = at->node};
    bool object = sg_is_map(at->node);
    if (!object) {
        reference.beside = at->up != NULL ? at->up->node : NULL;
    }
    const struct sg_node *name = object ? sg_map_get(at->node, SG_ATOM(name)) : at->node;
    reference.name = sg_is_null(name) ? NULL : sg_text(name);
    if (reference.name == NULL || reference.name[0] == '\0' || !is_meant(&reference) ||
        is_true(sg_map_gets(reference.beside, "optional")) ||
        !find_namespace(walk, &reference)) {
        return;
    }
    walk->each(walk->ctx, &reference);
    if (!object) {
        each_key(walk, &reference);
    }
}

static void descend(const struct walk *walk, const struct sg_descent *at, size_t depth) {
    const struct sg_node *node = at->node;
    if (sg_is_seq(node)) {
        for (uint32_t i = 0; i < node->len; i++) {
            struct sg_descent item = {.up = at, .node = node->items[i], .index = i};
            descend(walk, &item, depth);
        }
    } else if (depth == walk->field->len) {
        visit(walk, at);
    } else if (sg_is_map(node)) {
        const struct sg_atoms *atoms = walk->cluster->tree->render.docs.atoms;
        const char *text = walk->field->keys[depth];
        sg_atom key = sg_atom_find(atoms, text, strlen(text));
        const struct sg_entry *entry = key != NULL ? sg_map_find(node, key) : NULL;
        if (entry != NULL) {
            struct sg_descent child = {.up = at, .node = entry->value, .key = key};
            descend(walk, &child, depth + 1);
        }
    }
}

/* Every reference of an object. */
static void each_reference(const struct around *around, const struct cluster *cluster,
                           const struct sg_resource *res,
                           void (*each)(void *ctx, const struct reference *reference),
                           void *ctx) {
    const char *kind = sg_text(sg_map_get(res->node, SG_ATOM(kind)));
    const struct reference_fields *fields =
        kind == NULL ? NULL : sg_strmap_get(&around->references, kind, strlen(kind));
    struct walk walk = {.cluster = cluster, .res = res, .each = each, .ctx = ctx};
    struct sg_descent root = {.node = res->node};
    walk.field = fields == NULL ? NULL : fields->first;
    for (; walk.field != NULL; walk.field = walk.field->next) {
        descend(&walk, &root, 0);
    }
}

/* --- is it there ------------------------------------------------------------------ */

static struct cluster_key target_key(const struct reference *reference) {
    return (struct cluster_key){.group = reference->field->target_group,
                                .kind = reference->field->target_kind,
                                .namespace = reference->namespace,
                                .name = reference->name};
}

static const struct sg_resource *target_in(const struct cluster *cluster,
                                           const struct reference *reference) {
    struct cluster_key key = target_key(reference);
    const struct sg_resource *res = cluster_find(cluster, &key);
    if (res == NULL && key.group[0] == '\0') { /* "" stands for the workloads' too */
        key.group = "apps";
        res = cluster_find(cluster, &key);
    }
    return res;
}

/* What a cluster has without being told. */
static bool is_builtin(const struct reference *reference) {
    static const struct {
        const char *kind, *name;
    } always[] = {
        {"ClusterRole", "admin"},
        {"ClusterRole", "cluster-admin"},
        {"ClusterRole", "edit"},
        {"ClusterRole", "view"},
        {"ConfigMap", "kube-root-ca.crt"},
        {"PriorityClass", "system-cluster-critical"},
        {"PriorityClass", "system-node-critical"},
        {"ServiceAccount", "default"},
    };
    const char *kind = reference->field->target_kind, *name = reference->name;
    for (size_t i = 0; i < SG_ARRAY_LEN(always); i++) {
        if (strcmp(kind, always[i].kind) == 0 && strcmp(name, always[i].name) == 0) {
            return true;
        }
    }
    return strcmp(kind, "ClusterRole") == 0 && strncmp(name, "system:", 7) == 0;
}

static bool has_key(const struct sg_resource *target, const char *key) {
    static const char *const fields[] = {"data", "binaryData", "stringData"};
    for (size_t i = 0; i < SG_ARRAY_LEN(fields); i++) {
        if (sg_map_gets(sg_map_gets(target->node, fields[i]), key) != NULL) {
            return true;
        }
    }
    return false;
}

/* What the administrator of a cluster brings, not those who deploy to it: only that it
 * went away is worth a word. */
static bool is_administered(const struct reference *reference) {
    static const char *const kinds[] = {"IngressClass", "PersistentVolume",
                                        "PriorityClass", "StorageClass"};
    for (size_t i = 0; i < SG_ARRAY_LEN(kinds); i++) {
        if (strcmp(reference->field->target_kind, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

enum answer { THERE, NO_OBJECT, NO_KEY };

static enum answer resolve(const struct around *around, const struct cluster *cluster,
                           const struct reference *reference) {
    const struct sg_resource *target = target_in(cluster, reference);
    if (target != NULL) {
        return reference->key == NULL || has_key(target, reference->key) ? THERE : NO_KEY;
    }
    /* a key of what is not there is not asked for a second time */
    bool known = reference->key != NULL || is_builtin(reference) ||
                 around_has(around, reference->field->target_kind, reference->namespace,
                            reference->name);
    return known ? THERE : NO_OBJECT;
}

/* --- was it there ----------------------------------------------------------------- */

/* The references of one object of R_O that were resolved, by their paths. */
struct before {
    struct consequences *c;
    struct sg_strmap resolved;
    bool made;
};

static const struct sg_fieldpath *path_of(struct consequences *c,
                                          const struct reference *reference) {
    return sg_descent_path(c->op->paths,
                           reference->key != NULL ? reference->of : reference->at);
}

static void note_resolved(void *ctx, const struct reference *reference) {
    struct before *before = ctx;
    struct consequences *c = before->c;
    if (target_in(&c->old, reference) == NULL ||
        resolve(c->op->around, &c->old, reference) != THERE) {
        return;
    }
    const struct sg_fieldpath *path = path_of(c, reference);
    (void)sg_strmap_put(&before->resolved, (const char *)&path, sizeof(path), before);
}

static bool was_resolved(struct before *before, const struct reference *reference) {
    struct consequences *c = before->c;
    if (c->old.tree == NULL) {
        return false;
    }
    if (target_in(&c->old, reference) != NULL &&
        resolve(c->op->around, &c->old, reference) == THERE) {
        return true; /* what is named was there */
    }
    if (!before->made) {
        before->made = true;
        struct identity identity = identity_of(&reference->res->orig);
        const struct sg_resource *old = index_find(&c->old.tree->index, &identity);
        if (old != NULL) {
            each_reference(c->op->around, &c->old, old, note_resolved, before);
        }
    }
    const struct sg_fieldpath *path = path_of(c, reference);
    return sg_strmap_has(&before->resolved, (const char *)&path, sizeof(path));
}

/* --- SG303 ------------------------------------------------------------------------ */

static const char *message_of(struct consequences *c, const struct reference *reference,
                              enum answer answer, bool before) {
    struct sg_arena *arena = &c->op->plan->docs.arena;
    const char *kind = reference->field->target_kind;
    bool cluster_wide = reference->namespace[0] == '\0';
    const char *name =
        cluster_wide
            ? reference->name
            : sg_arena_printf(arena, "%s/%s", reference->namespace, reference->name);
    if (answer == NO_KEY) {
        return sg_arena_printf(arena, "the %s %s has %s key %s", kind, name,
                               before ? "no more a" : "no", reference->key);
    }
    return sg_arena_printf(arena,
                           before ? "the %s %s is in the result no more"
                                  : "the %s %s is not in the result",
                           kind, name);
}

static void check(void *ctx, const struct reference *reference) {
    struct before *before = ctx;
    struct consequences *c = before->c;
    enum answer answer = resolve(c->op->around, &c->new, reference);
    if (answer == THERE) {
        return;
    }
    bool was = was_resolved(before, reference);
    if (!was && is_administered(reference)) {
        return;
    }
    bool opaque = c->new.tree->render.opaque; /* it may be in what was not rendered */
    struct consequence what = {
        .code = "SG303",
        .rule = "dangling",
        .severity = was && !opaque ? SG_ERROR : SG_INFO,
        .tree = c->new.tree,
        .res = reference->res,
        .path = path_of(c, reference),
        .loc = (reference->key != NULL ? reference->of : reference->at)->node->loc,
        .message = message_of(c, reference, answer, was),
        .fix =
            answer == NO_KEY
                ? "name a key that it has"
                : "name what is there now, bring it with the overlay, or list it under "
                  "`external` in sgupgrade.yaml where the cluster has it",
        .cause = was ? target_in(&c->old, reference) : NULL,
        .lasting = !was,
    };
    add_consequence(c, &what);
}

void find_dangling(struct consequences *c) {
    for (size_t i = 0; i < c->new.tree->render.items.len; i++) {
        struct before before = {.c = c};
        each_reference(c->op->around, &c->new, c->new.tree->render.items.items[i], check,
                       &before);
        sg_strmap_release(&before.resolved);
    }
}
