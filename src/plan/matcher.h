/*
 * matcher.h - what the parts of match.h share.
 */
#ifndef SG_PLAN_MATCHER_H
#define SG_PLAN_MATCHER_H

#include "facts.h"
#include "match.h"
#include "pairing.h"
#include "postings.h"
#include "refs.h"

/* A reference from or to an object, as the old and the new tree both know it: by the
 * position in U_N of the other end and the place of the field. */
struct link {
    uint64_t exact, rough; /* with and without the names of list elements */
    const char *other;     /* "Deployment/web" */
    uint32_t sharing;      /* how many references there are to the same object */
};
struct links {
    SG_VEC(struct link) to, from; /* it is named; it names */
};

/* What is known of one object that is gone, or of a new one. */
struct side {
    struct facts facts;
    struct links links;
    struct features features;
    uint32_t at; /* position in its tree's items */
};
struct sides {
    SG_VEC(struct side) items;
};

struct objects {
    struct sides gone, fresh;
    struct pairing pairing;
    struct counters images_old, images_new; /* repository -> objects that run it */
    struct counters gone_at; /* resource, identity -> position in `gone` + 1 */
};
/* Why `gone` and `fresh` may be one object (object_evidence.c). */
void object_evidence(const struct objects *objects, const struct side *gone,
                     const struct side *fresh, struct evidence *out);
/* Reads the links of all sides. `heirs`: U_O position -> U_N position + 1 of what it is
 * now, 0 for nothing (object_links.c). */
void object_links(struct objects *objects, const struct overlay_plan *op,
                  const uint32_t *heirs, struct sg_arena *arena);

struct list_pairs;

struct matcher {
    struct sg_arena arena;
    bool ready; /* `objects` is made */
    struct objects objects;
    bool claims_ready;
    struct postings claims; /* namespace, claim -> positions in U_O of who mounts it */
    SG_VEC(struct list_pairs *) lists;
    struct counters lists_at; /* (old list, new list) -> position in `lists` + 1 */
};
struct matcher *matcher_of(struct overlay_plan *op);
/* Releases what match_element.c keeps in `lists`. */
void matcher_release_lists(struct matcher *matcher);

/* Adds the pairs of one that is gone as matches; `fill` says what the new thing is. */
void matches_add(struct overlay_plan *op, const struct pairing *pairing, size_t gone,
                 void (*fill)(const void *ctx, size_t fresh, struct match *out),
                 const void *ctx, struct matches *out);
/* Best first, and no more than are shown. */
void matches_sort(struct matches *matches);

#endif
