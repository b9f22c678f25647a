/*
 * beside.h - the fork's objects beside upstream's: what the parts that look for oddities
 * share.
 */
#ifndef SG_ADOPT_BESIDE_H
#define SG_ADOPT_BESIDE_H

#include "place.h"

struct beside {
    struct sg_adopt_fork *fork;
    const struct sg_adopt_fork *base;
    const struct sg_adopt_past *past;
    struct sg_fieldpaths *paths;
    struct sg_strmap in_fork, in_base; /* kind and name -> struct sg_adopt_object */
};

/* Objects by kind and name alone; of several the first. */
void index_objects(struct sg_strmap *index, const struct sg_adopt_fork *fork);
const struct sg_adopt_object *find_object(const struct sg_strmap *index, const char *kind,
                                          const char *name);
/* The newest release before the chosen one that has such an object, or NULL. */
const struct sg_adopt_release *last_with(const struct sg_adopt_past *past,
                                         const struct sg_adopt_object *object);
/* The base has it no more, but some earlier release had it. */
bool is_stale(const struct beside *beside, const struct sg_adopt_object *object);

void find_old_images(struct beside *beside);
void find_limits(struct beside *beside);
void find_dangling_references(struct beside *beside);
void find_exported(struct beside *beside);         /* exported.c */
void find_repeated_entries(struct beside *beside); /* entries.c */

/* --- containers (container.c) ----------------------------------------------------- */

/* Calls `each` for the containers and init containers of an object's pod. */
void each_container(const struct sg_node *object,
                    void (*each)(void *ctx, const struct sg_descent *container),
                    void *ctx);

/* The parts of "name:tag@digest", empty where it has none. Borrowed. */
struct image {
    struct sg_str name, tag, digest;
};
struct image image_of(const char *text);
/* The last part of the name: "web" of "index.docker.io/acme/web". */
struct sg_str image_base(struct sg_str name);
/* They are one image, from a mirror or not: the names end alike, and what stands between
 * registry and end is the same, or a registry of its own left it out. */
bool same_image(struct sg_str a, struct sg_str b);

/* The images of a folder by their last part, each tag once. */
struct image_list {
    SG_VEC(struct image) items;
};
struct image_index {
    struct sg_arena arena;
    struct sg_strmap lists; /* last part -> struct image_list */
    SG_VEC(struct image_list *) owned;
};
void image_index_init(struct image_index *index);
void image_index_release(struct image_index *index);
void image_index_add(struct image_index *index, struct image image);
void image_index_add_object(struct image_index *index, const struct sg_node *object);
/* The image under this name, with this tag if there is one, else with another; NULL:
 * none of this name. */
const struct image *image_index_find(const struct image_index *index, struct image image);

#endif
