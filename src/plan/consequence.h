/*
 * consequence.h - what an upgrade does to a running cluster: the two results as a
 * cluster sees them, and how the parts that look for SG301 to SG305 report.
 */
#ifndef SG_PLAN_CONSEQUENCE_H
#define SG_PLAN_CONSEQUENCE_H

#include "planner.h"

/* --- what is around the overlays (around.c) --------------------------------------- */

/* Fields of one kind that refer to other objects. */
struct reference_fields;

/* What a planner is told of the cluster, and tables made once for it. */
struct around {
    struct sg_arena arena;
    bool versioned;              /* `kubernetes` was given */
    const char *kubernetes;      /* as written: "1.29" */
    uint32_t minor;              /* 29; major versions other than 1 count as endless */
    struct sg_strmap external;   /* "Kind/name" and "Kind/namespace/name" */
    struct sg_strmap references; /* atom of a kind -> struct reference_fields * */
};
struct around *around_new(const struct sg_planner_opts *opts);
void around_free(struct around *around);
/* It is listed under `external`. */
bool around_has(const struct around *around, const char *kind, const char *namespace,
                const char *name);

/* --- a result as the cluster sees it (cluster.c) ---------------------------------- */

/* The name that tells an object from all others in the cluster. The group is the one it
 * is stored in: an Ingress of `extensions` is one of `networking.k8s.io`. An object
 * without a namespace is in "default"; one of the cluster is in "". */
struct cluster_key {
    const char *group, *kind, *namespace, *name;
};
struct cluster {
    const struct tree *tree; /* NULL: nothing is known */
    struct sg_strmap objects;
};
void cluster_build(struct cluster *cluster, const struct tree *tree);
void cluster_release(struct cluster *cluster);
struct cluster_key cluster_key_of(const struct tree *tree, const struct sg_resource *res);
const struct sg_resource *cluster_find(const struct cluster *cluster,
                                       const struct cluster_key *key);
/* "prod/web", or "web" for an object of the cluster or without a namespace. */
const char *cluster_name(struct overlay_plan *op, const struct tree *tree,
                         const struct sg_resource *res);

/* --- reporting (consequence.c) ---------------------------------------------------- */

struct consequences {
    struct overlay_plan *op;
    struct cluster old, new; /* R_O (nothing in a plan of the present) and R_N */
    struct writes writes;    /* the customer's in R_N; made when first needed */
    bool written;
    struct sg_strmap told; /* object and path of what was reported */
};

struct consequence {
    const char *code, *rule;
    enum sg_severity severity;
    const struct tree *tree; /* that the object is of: R_N, or R_O where it is gone */
    const struct sg_resource *res;
    const struct sg_fieldpath *path; /* NULL: the object */
    uint32_t loc;                    /* of the field in the tree's set; 0: unknown */
    const char *message, *fix;
    const struct sg_resource *cause; /* whose file's commit explains it; NULL: res */
    bool lasting;                    /* it is so whichever hop is planned: said once */
    bool asks; /* a human agrees to it: the flag that does is named */
};
/*
 * Adds the finding, unless one of these stands at the same field already. Where the
 * customer wrote the field, or the object, it names that text; else, of severity info,
 * upstream's text. (A finding in a vendored file is never more than info.) What is more
 * than info names the flag that accepts it.
 */
void add_consequence(struct consequences *c, const struct consequence *what);
/* The customer wrote this field of an object of R_N, or something in it. */
bool is_customers(struct consequences *c, const struct sg_resource *res,
                  const struct sg_fieldpath *path);

/* --- the parts -------------------------------------------------------------------- */

void find_immutable(struct consequences *c);   /* SG301; after find_claims */
void find_claims(struct consequences *c);      /* SG302 */
void find_dangling(struct consequences *c);    /* SG303 */
void find_removed_api(struct consequences *c); /* SG304 */
void find_faults(struct consequences *c);      /* SG305 */
void add_capacity(struct consequences *c);

/* Adds a field that refers to the table of `around` (references.c). */
void references_add(void *around, const struct sg_name_field *field);

/* --- small questions (cluster.c) -------------------------------------------------- */

/* The child of an object's `spec`, by its text. */
const struct sg_node *spec_field(const struct sg_node *object, const char *name);
/* A count ("replicas"): `missing` where it is none, and never over 2^31-1. */
uint64_t count_of(const struct sg_node *node, uint64_t missing);
/* spec.resources.requests.storage of a claim or of a claim template. */
bool claim_size(const struct sg_node *claim, struct sg_quantity *out);
bool quantity_of(const struct sg_node *node, struct sg_quantity *out);
bool is_kind(const struct sg_resource *res, const char *group, const char *kind);

#endif
