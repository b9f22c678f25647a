/*
 * meaning.c - what is the same to a cluster, though one object says it and the other does
 * not. Both are brought to one form before they are compared.
 */
#include <string.h>

#include "meaning.h"
#include "place.h"

/* Nothing in it, or nothing but nulls. */
static bool is_empty(const struct sg_node *map) {
    bool empty = sg_is_map(map);
    for (uint32_t i = 0; empty && i < map->len; i++) {
        empty = sg_is_null(map->entries[i].value);
    }
    return empty;
}

/* No API server keeps an empty map of annotations, and kustomize never writes one. */
static void drop_no_annotations(struct sg_node *metadata) {
    if (is_empty(sg_map_get(metadata, SG_ATOM(annotations)))) {
        (void)sg_map_remove(metadata, SG_ATOM(annotations));
    }
}

/* A service account that a RoleBinding names without a namespace is of the binding's own
 * (the RBAC authorizer takes it so), and kustomize writes that down. */
static void name_namespaces(struct sg_docs *docs, struct sg_node *object,
                            struct sg_node *metadata) {
    struct sg_node *subjects = sg_map_gets(object, "subjects");
    struct sg_node *namespace = sg_map_get(metadata, SG_ATOM(namespace));
    bool binding = strcmp(field_text(object, SG_ATOM(kind)), "RoleBinding") == 0;
    for (uint32_t i = 0;
         binding && sg_is_scalar(namespace) && sg_is_seq(subjects) && i < subjects->len;
         i++) {
        struct sg_node *subject = subjects->items[i];
        if (sg_is_map(subject) && sg_map_get(subject, SG_ATOM(namespace)) == NULL &&
            strcmp(field_text(subject, SG_ATOM(kind)), "ServiceAccount") == 0) {
            (void)sg_map_append(docs, subject, SG_ATOM(namespace),
                                sg_node_clone(docs, namespace));
        }
    }
}

void say_plainly(struct sg_docs *docs, struct sg_node *object) {
    struct sg_node *metadata = sg_map_get(object, SG_ATOM(metadata));
    if (sg_is_map(metadata)) {
        drop_no_annotations(metadata);
        name_namespaces(docs, object, metadata);
    }
}
