/*
 * walk.h - reaching the field of a path in one object, and what a person's spelling of a
 * path means there.
 */
#ifndef SG_PLAN_WALK_H
#define SG_PLAN_WALK_H

#include "sg/schema.h"
#include "sg/trace.h"

/* One object's walks. Zero-initialise it, then walk_begin. */
struct walk {
    struct sg_docs *set; /* where walk_put makes its nodes */
    struct sg_fieldpaths *paths;
    struct sg_field root;       /* the schema of the object */
    struct sg_buf key;          /* of the element that is looked at */
    const struct sg_node *list; /* … the list that was searched last */
    uint32_t hint;              /* … and where: the next search begins there */
};
void walk_begin(struct walk *walk, struct sg_docs *set, struct sg_fieldpaths *paths,
                const struct sg_node *object);
void walk_release(struct walk *walk);
#define auto_walk SG_CLEANUP(walk_release) struct walk

/* The node at `path`, where `node` (NULL: nothing) stands at `from`, which is `path` or
 * above it; NULL where there is none. */
struct sg_node *walk_at(struct walk *walk, const struct sg_node *node,
                        const struct sg_fieldpath *from, const struct sg_fieldpath *path);

/* What a write at `path` below `from` did is undone in `node`: `before` (taken over) is
 * there again, NULL: nothing is. `op` tells a position that was put in from one that was
 * changed. Nothing where the container is not there. */
void walk_undo(struct walk *walk, struct sg_node *node, const struct sg_fieldpath *from,
               const struct sg_fieldpath *path, enum sg_op op, struct sg_node *before);

/* A path as far as the object has it. */
struct located {
    const struct sg_fieldpath *path; /* the whole path, as the trace names it */
    struct sg_node *node;            /* the field; NULL: the object has none */
    /* … and where it ends: the innermost field that is there, and the part it lacks */
    struct sg_node *holder;
    const struct sg_fieldpath *holder_path, *missing;
};
/*
 * Finds the field that a person's path means: an element by its key or position, a map
 * key with or without quotes. Parts that the object has not stay as written.
 */
struct located walk_locate(struct walk *walk, struct sg_node *object,
                           const struct sg_fieldpath *typed);
/* The path that an RFC 6901 pointer means in this object; SG_E_USAGE for what is no
 * pointer. Tokens past the last field that is there become keys. */
SG_MUST_USE int walk_pointer(struct walk *walk, const struct sg_node *object,
                             const char *pointer, const struct sg_fieldpath **out,
                             struct sg_err *err);
/* Appends the pointer of a path in this object; parts that it has not as keys. */
void walk_pointer_text(struct walk *walk, const struct sg_node *object,
                       const struct sg_fieldpath *path, struct sg_buf *out);
/* The path of an entry or item of `node`, which stands at `path`. */
const struct sg_fieldpath *walk_child(struct walk *walk, const struct sg_node *node,
                                      const struct sg_fieldpath *path, uint32_t i);

#endif
