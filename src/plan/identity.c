/*
 * identity.c - finding the same object in another tree.
 */
#include <string.h>

#include "planner.h"

struct identity identity_of(const struct sg_resid *orig) {
    struct identity identity;
    memset(&identity, 0, sizeof(identity)); /* it is hashed as bytes */
    identity.group = orig->group;
    identity.kind = orig->kind;
    identity.name = orig->name;
    identity.namespace = orig->namespace;
    return identity;
}

bool identity_of_node(struct sg_atoms *atoms, const struct sg_node *node,
                      struct identity *out) {
    const char *version = sg_text(sg_map_get(node, SG_ATOM(apiVersion)));
    const char *kind = sg_text(sg_map_get(node, SG_ATOM(kind)));
    const struct sg_node *metadata = sg_map_get(node, SG_ATOM(metadata));
    const char *name = sg_text(sg_map_get(metadata, SG_ATOM(name)));
    const char *namespace = sg_text(sg_map_get(metadata, SG_ATOM(namespace)));
    if (version == NULL || kind == NULL || name == NULL) {
        return false;
    }
    const char *slash = strchr(version, '/');
    struct sg_resid id = {
        .group =
            sg_atom_find(atoms, version, slash == NULL ? 0 : (size_t)(slash - version)),
        .kind = sg_atom_find(atoms, kind, strlen(kind)),
        .name = sg_atom_find(atoms, name, strlen(name)),
        .namespace = sg_atom_find(atoms, namespace == NULL ? "" : namespace,
                                  namespace == NULL ? 0 : strlen(namespace)),
    };
    *out = identity_of(&id);
    return true;
}

struct identity identity_next(struct counters *copies, const struct sg_resid *orig) {
    struct identity identity = identity_of(orig);
    identity.repeat = (*counters_at(copies, &identity, sizeof(identity)))++;
    return identity;
}

static void add(struct index *index, struct sg_resource *res) {
    struct identity identity = identity_next(&index->copies, &res->orig);
    sg_strmap_put(&index->by_identity, (const char *)&identity, sizeof(identity), res);
    sg_strmap_put(&index->by_uid, (const char *)&res->uid, sizeof(res->uid), res);
}

void index_build(struct index *index, const struct sg_render *render) {
    for (size_t i = 0; i < render->items.len; i++) {
        add(index, render->items.items[i]);
    }
}

void index_release(struct index *index) {
    sg_strmap_release(&index->by_identity);
    sg_strmap_release(&index->by_uid);
    counters_release(&index->copies);
}

const struct sg_resource *index_find(const struct index *index,
                                     const struct identity *identity) {
    return sg_strmap_get(&index->by_identity, (const char *)identity, sizeof(*identity));
}

const struct sg_resource *index_uid(const struct index *index, uint32_t uid) {
    return sg_strmap_get(&index->by_uid, (const char *)&uid, sizeof(uid));
}
