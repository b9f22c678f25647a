/*
 * chain.h - where a value of the rendered result comes from: from the text of the base
 * through every generator, patch, transformer and replacement that wrote it, to what is
 * there now.
 *
 * A chain is made from the trace of one render of the present state. It is plain data,
 * owned by the `struct sg_chains` it is in; no value of a Secret is in it, nor one that
 * was copied from a Secret.
 */
#ifndef SG_CHAIN_H
#define SG_CHAIN_H

#include "sg/plan.h"

/* The place that a replacement, a var or a JSON copy took a value from. */
struct sg_chain_source {
    const char *object, *path; /* as in reports; object NULL: there is none */
};

/* One write. */
struct sg_chain_link {
    uint32_t step;    /* equal for what one step wrote */
    const char *what; /* the step in words: "patch", "images entry" */
    /* whose it is: of a replacement, the owner of the value it copies; SG_OWNER_EFFECT
     * for names that follow from other steps */
    enum sg_owner owner;
    struct sg_place at; /* the text that asks for it */
    const char *path;   /* the field it wrote, as sg_plan_field.path */
    enum sg_op op;      /* of the field: what sg_event.op says of the write */
    bool last;          /* what it wrote is there now: no later link wrote over it */
    /* the field before and after; both absent where the whole object was read or made and
     * no path was asked for */
    struct sg_plan_value before, after;
    struct sg_chain_source source;
};

/* The writes of one field, or of one object, in one overlay. */
struct sg_chain {
    const char *overlay, *dir;
    const char *id;                      /* "apps/v1/Deployment/ns/name" */
    const char *kind, *namespace, *name; /* parts of it; namespace "" for none */
    const char *path;                    /* "" for the object */
    const char *pointer;                 /* RFC 6901; "" for the object */
    bool gone;                     /* the field, or the object, is not in the result */
    struct sg_plan_value now;      /* absent for an object, or where it is gone */
    enum sg_owner owner;           /* whose the value is that is there now */
    struct sg_place edit;          /* the text to change; file NULL where the overlay has
                                      none yet: then a patch goes into `dir` */
    struct sg_chain_source source; /* where it was copied from; object NULL: it was not */
    SG_VEC(struct sg_chain_link) links; /* in the order of the render */
};

struct sg_chains {
    struct sg_docs docs;           /* owns every string and value below */
    SG_VEC(struct sg_chain) items; /* by overlay, in the order of the query */
    SG_VEC(const char *) left_out; /* why an overlay was not looked through, one each */
};
void sg_chains_init(struct sg_chains *chains, struct sg_atoms *atoms);
void sg_chains_release(struct sg_chains *chains);
#define sg_auto_chains SG_CLEANUP(sg_chains_release) struct sg_chains

struct sg_chain_query {
    const char *object; /* "web", "Deployment/web", "apps/v1/Deployment/ns/web"; a glob */
    const char *path;   /* as reports print it, or a JSON pointer; NULL: the object */
};
/*
 * Renders each overlay of `opts` from `fs` and follows the field in those that have the
 * object. Case counts only where it tells two objects apart; a name is matched as it is
 * rendered, and without the prefix, suffix and hash it got. SG_E_USAGE: an overlay has
 * several such objects (they are listed), none has one or the object has no such field
 * (the nearest is named), or the path does not parse. An overlay that does not render is
 * left out, and its error is the query's where no other one has the object.
 */
SG_MUST_USE int sg_chains_find(const struct sg_planner_opts *opts, const struct sg_fs *fs,
                               const struct sg_chain_query *query, struct sg_chains *out,
                               struct sg_err *err);

#endif
