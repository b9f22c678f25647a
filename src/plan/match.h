/*
 * match.h - what upstream may have made of something that is gone: scored, with reasons.
 *
 * Objects are matched all at once and one to one (pairing.h), and so are the elements of
 * a list; the answers are kept in the matcher of the overlay's hop. A score says how sure
 * it is; only match_certain says that it is sure, and a likeness of names is never
 * enough for that. No value of a Secret is in a reason.
 */
#ifndef SG_PLAN_MATCH_H
#define SG_PLAN_MATCH_H

#include "planner.h"

#define MATCH_POSSIBLE 0.4  /* less is not worth telling */
#define MATCH_CERTAIN  0.85 /* … and ahead of the second by the margin */
#define MATCH_MARGIN   0.1
#define MATCH_DOUBTED  0.8 /* the most of a match that something speaks against */
enum { MATCHES_SHOWN = 3 };

/* One place in the new base that may be what something gone has become. */
struct match {
    const struct sg_resource *res; /* objects and claims */
    const struct sg_node *element; /* elements, and a claim's template … */
    uint32_t index;                /* … its position in U_N's list … */
    sg_atom key;                   /* … and its key as lists.h has it */
    double score;                  /* 0 … 1 */
    const char *why;               /* the plan's arena */
};
struct matches {
    SG_VEC(struct match) items; /* best first, at most MATCHES_SHOWN */
};
void matches_release(struct matches *matches);
#define auto_matches SG_CLEANUP(matches_release) struct matches

/* What upstream may have made of `gone`, an object of U_O (or the same in R_O) that is
 * not in U_N: objects of U_N that are not in U_O. Adds to `out`. */
void match_object(struct overlay_plan *op, const struct sg_resource *gone,
                  struct matches *out);
/* A PersistentVolumeClaim that is gone: the volumeClaimTemplate of a StatefulSet of U_N
 * that is mounted where the pods of U_O mounted the claim. */
void match_claim(struct overlay_plan *op, const struct sg_resource *gone,
                 struct matches *out);
/* The same for an element of a keyed list: `old` and `now` are the lists at `list_path`
 * in `res_old` of U_O and (after its matched parents) in `res_now` of U_N; `now` may be
 * NULL. `gone` is an element of `old` whose key `now` does not have. */
void match_element(struct overlay_plan *op, const struct sg_resource *res_old,
                   const struct sg_resource *res_now,
                   const struct sg_fieldpath *list_path, const struct sg_node *old,
                   const struct sg_node *now, const struct sg_node *gone,
                   struct matches *out);
/* The one that is certain: score at least MATCH_CERTAIN and ahead of the second by
 * MATCH_MARGIN; NULL where nobody knows. */
const struct match *match_certain(const struct matches *matches);

/* What has been matched in one hop of one overlay; made on the first question. */
void matcher_free(struct matcher *matcher);

#endif
