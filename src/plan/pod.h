/*
 * pod.h - the pod inside an object: where it is, and what its parts name.
 */
#ifndef SG_PLAN_POD_H
#define SG_PLAN_POD_H

#include "sg/doc.h"

/* The pod's own metadata and spec, of a Pod or of anything with a template of pods; both
 * NULL in an object without one. */
struct pod {
    const struct sg_node *metadata, *spec;
};
struct pod pod_of(const struct sg_node *object);
const struct sg_node *pod_labels(const struct pod *pod);

/* The image's repository without the hosts of the public registry, tag and digest. */
struct sg_str image_repository(const char *image);

/* Calls `each` for the containers and init containers. */
void pod_containers(const struct pod *pod,
                    void (*each)(void *ctx, const struct sg_node *container), void *ctx);

/* A mount of a volume in some container. */
struct mount {
    const struct sg_node *container;
    const char *path;
};
struct mounts {
    SG_VEC(struct mount) items;
};
void mounts_release(struct mounts *mounts);
#define auto_mounts SG_CLEANUP(mounts_release) struct mounts
/* The mounts of the volume with this name. */
void pod_mounts(const struct pod *pod, const char *volume, struct mounts *out);

/* What a volume is: its first field but the name ("configMap"); NULL for nothing. */
const struct sg_entry *volume_source(const struct sg_node *volume);

/* Text of a field of a map, "" where it has none. */
const char *text_at(const struct sg_node *map, const char *key);
bool same_text(const char *a, const char *b);

#endif
