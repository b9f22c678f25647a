/*
 * cluster.c - the objects of a result by the names they have in the cluster, and small
 * questions about them.
 */
#include <string.h>

#include "consequence.h"

/* Kinds of `extensions` and where they are stored since. */
static const char *stored_group(const char *group, const char *kind) {
    static const struct {
        const char *kind, *group;
    } moved[] = {
        {"DaemonSet", "apps"},
        {"Deployment", "apps"},
        {"Ingress", "networking.k8s.io"},
        {"NetworkPolicy", "networking.k8s.io"},
        {"PodSecurityPolicy", "policy"},
        {"ReplicaSet", "apps"},
    };
    for (size_t i = 0; strcmp(group, "extensions") == 0 && i < SG_ARRAY_LEN(moved); i++) {
        if (strcmp(kind, moved[i].kind) == 0) {
            return moved[i].group;
        }
    }
    return group;
}

static bool is_cluster_wide(const struct sg_resource *res) {
    const char *version = sg_text(sg_map_get(res->node, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(res->node, SG_ATOM(kind)));
    return version != NULL && kind != NULL &&
           sg_schema_scope(SG_SCHEMA_UNION, version, kind) == SG_SCOPE_CLUSTER;
}

struct cluster_key cluster_key_of(const struct tree *tree,
                                  const struct sg_resource *res) {
    struct sg_resid id = sg_resource_id(&tree->render, res);
    struct cluster_key key = {
        .group = stored_group(id.group->text, id.kind->text),
        .kind = id.kind->text,
        .namespace = id.namespace->len > 0 ? id.namespace->text : "default",
        .name = id.name->text,
    };
    if (is_cluster_wide(res)) {
        key.namespace = "";
    }
    return key;
}

static void key_text(const struct cluster_key *key, struct sg_buf *out) {
    const char *const parts[] = {key->group, key->kind, key->namespace, key->name};
    for (size_t i = 0; i < SG_ARRAY_LEN(parts); i++) {
        sg_buf_add(out, parts[i], strlen(parts[i]) + 1);
    }
}

void cluster_build(struct cluster *cluster, const struct tree *tree) {
    memset(cluster, 0, sizeof(*cluster));
    if (tree == NULL || !tree->rendered) {
        return;
    }
    cluster->tree = tree;
    sg_auto_buf text = SG_BUF_INIT;
    for (size_t i = 0; i < tree->render.items.len; i++) {
        struct sg_resource *res = tree->render.items.items[i];
        struct cluster_key key = cluster_key_of(tree, res);
        sg_buf_clear(&text);
        key_text(&key, &text);
        (void)sg_strmap_put(&cluster->objects, sg_buf_cstr(&text), text.len, res);
    }
}

void cluster_release(struct cluster *cluster) {
    sg_strmap_release(&cluster->objects);
}

const struct sg_resource *cluster_find(const struct cluster *cluster,
                                       const struct cluster_key *key) {
    sg_auto_buf text = SG_BUF_INIT;
    key_text(key, &text);
    return sg_strmap_get(&cluster->objects, sg_buf_cstr(&text), text.len);
}

const char *cluster_name(struct overlay_plan *op, const struct tree *tree,
                         const struct sg_resource *res) {
    struct sg_resid id = sg_resource_id(&tree->render, res);
    if (id.namespace->len == 0) {
        return sg_arena_strdup(&op->plan->docs.arena, id.name->text);
    }
    return sg_arena_printf(&op->plan->docs.arena, "%s/%s", id.namespace->text,
                           id.name->text);
}

/* --- small questions -------------------------------------------------------------- */

bool is_kind(const struct sg_resource *res, const char *group, const char *kind) {
    return strcmp(res->orig.kind->text, kind) == 0 &&
           strcmp(stored_group(res->orig.group->text, kind), group) == 0;
}

const struct sg_node *spec_field(const struct sg_node *object, const char *name) {
    return sg_map_gets(sg_map_get(object, SG_ATOM(spec)), name);
}

uint64_t count_of(const struct sg_node *node, uint64_t missing) {
    if (!sg_is_scalar(node) || sg_scalar_type(node) != SG_TAG_INT) {
        return missing;
    }
    struct sg_quantity count;
    if (!sg_quantity_parse(node->text, node->len, &count) || count.nano < 0) {
        return missing;
    }
    sg_int128 whole = count.nano / 1000000000;
    return whole > INT32_MAX ? INT32_MAX : (uint64_t)whole;
}

bool quantity_of(const struct sg_node *node, struct sg_quantity *out) {
    return sg_is_scalar(node) && !sg_is_null(node) &&
           sg_quantity_parse(node->text, node->len, out);
}

bool claim_size(const struct sg_node *claim, struct sg_quantity *out) {
    const struct sg_node *resources = spec_field(claim, "resources");
    return quantity_of(sg_map_gets(sg_map_gets(resources, "requests"), "storage"), out);
}
