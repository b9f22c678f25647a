/*
 * resource.h - what a render knows of an object besides its node. kustomize keeps this in
 * annotations of the object and strips them at the end; here it is data
 * (docs/KUSTOMIZE.md, "Reading").
 *
 * Resources, their state and its arrays live in the arena of the render's document set.
 */
#ifndef SG_KUSTOMIZE_RESOURCE_H
#define SG_KUSTOMIZE_RESOURCE_H

#include "sg/kustomize.h"

/* What a generated resource does to the one of the same id in a base. */
enum sg_behavior {
    SG_BEHAVIOR_UNSPECIFIED,
    SG_BEHAVIOR_CREATE,
    SG_BEHAVIOR_REPLACE,
    SG_BEHAVIOR_MERGE
};

/* An identity the object had before a transformer changed it; group and version are
 * always the present ones. `namespace` is the effective one ("default" where the object
 * had none). */
struct sg_prev_id {
    sg_atom kind, name, namespace;
};

struct sg_resmap;
struct sg_resource_state {
    struct sg_resid cur; /* the present id; see sg_resource_refresh */
    sg_atom ns;          /* its effective namespace */
    bool cluster;        /* its kind is cluster-scoped */
    uint64_t seq;        /* place in the map that holds it: grows along its items */
    size_t prev_indexed; /* how many of `prev` the map has in its index … */
    sg_atom ns_indexed;  /* … with this present namespace */
    const struct sg_resmap *holder; /* that map; NULL before and after */

    struct sg_prev_id *prev; /* oldest first */
    size_t prev_len, prev_cap;
    uint32_t prev_nameless, prev_partial; /* how many lack a name; a name or a kind */
    sg_atom *prefixes, *suffixes; /* those that were added to the name, oldest first */
    size_t prefixes_len, prefixes_cap, suffixes_len, suffixes_cap;
    const char **vars; /* names of the vars whose value this object holds */
    size_t vars_len, vars_cap;

    enum sg_behavior behavior; /* generated resources only */
    bool needs_hash;           /* gets a hash suffix at the end */
    bool generated;
    bool
        shares; /* some of its nodes are `shared` (doc.h): labels set in several places */
    const struct sg_err *misfit; /* of a text put where a number stood: it counts if the
                                    object cannot be written in the end; or NULL */

    const struct sg_origin *origin; /* where it came from, for buildMetadata */
    struct sg_transformed
        *transformed; /* who changed it, for buildMetadata; newest first */
};

/* Where a resource came from: annotation config.kubernetes.io/origin. "" where it has
 * none. */
struct sg_origin {
    const char *repo, *ref, *path, *configured_in;
    /* of the generator or transformer */
    const char *api_version, *kind, *name, *namespace;
};
struct sg_transformed {
    const struct sg_origin *by;
    struct sg_transformed *next;
};

struct sg_kustomize;

/* The object cannot be written, because of a text that was put where a number stood. */
bool sg_resource_misfits(struct sg_kustomize *k, const struct sg_resource *res,
                         struct sg_err *err);
/* A resource around `node` (a map) with its orig id read from it. `file` NULL: generated.
 */
struct sg_resource *sg_resource_new(struct sg_kustomize *k, struct sg_node *node,
                                    const char *file);
/* A copy with its own node and state, and a new uid. */
struct sg_resource *sg_resource_clone(struct sg_kustomize *k,
                                      const struct sg_resource *res);
/* Reads `state->cur` again from the node. Use sg_resmap_changed for a resource in a map.
 */
void sg_resource_refresh(struct sg_kustomize *k, struct sg_resource *res);

/* The id it had first: the oldest previous id, else the present one. */
struct sg_resid sg_resource_first_id(const struct sg_resource *res);
void sg_resource_add_previous(struct sg_kustomize *k, struct sg_resource *res,
                              struct sg_prev_id id);
/* Records the present id as a previous one; call it before a transformer changes name,
 * namespace or kind. */
void sg_resource_store_id(struct sg_kustomize *k, struct sg_resource *res);
/* Remembers a prefix or suffix for the context of name references; "" is ignored. */
void sg_resource_add_prefix(struct sg_kustomize *k, struct sg_resource *res,
                            const char *prefix);
void sg_resource_add_suffix(struct sg_kustomize *k, struct sg_resource *res,
                            const char *suffix);
/* Marks the object as the one a var takes its value from; not kept in an annotation. */
void sg_resource_add_var(struct sg_kustomize *k, struct sg_resource *res,
                         const char *name);
/* Drops everything that kustomize keeps in annotations: a strategic patch nulled or
 * replaced metadata.annotations. */
void sg_resource_forget(struct sg_resource *res);

/* The text of metadata.name (or apiVersion, kind, metadata.namespace), "" where there is
 * none. */
const char *sg_resource_name(const struct sg_resource *res);
const char *sg_resource_namespace(const struct sg_resource *res);
/* metadata.labels and metadata.annotations, or NULL. */
struct sg_node *sg_resource_labels(const struct sg_resource *res);
struct sg_node *sg_resource_annotations(const struct sg_resource *res);
/* "Deployment web" or "Deployment web in namespace prod", for messages. `out` is appended
 * to. */
void sg_resid_text(const struct sg_resid *id, struct sg_buf *out);

/* Group and version of an apiVersion ("v1": no group). */
void sg_resid_parse_version(struct sg_kustomize *k, const char *api_version,
                            sg_atom *group, sg_atom *version);
/* The kind is known to be cluster-scoped (1.21.2 schema, as kustomize has it). An unknown
 * kind is namespaced. Cached by kind in the context. */
bool sg_resid_cluster_scoped(struct sg_kustomize *k, const struct sg_resid *id);
/* "default" where there is no namespace; "_non_namespaceable_" for a cluster-scoped kind,
 * whatever its namespace says. */
sg_atom sg_resid_effective_namespace(struct sg_kustomize *k, const struct sg_resid *id);
bool sg_resid_same_namespace(struct sg_kustomize *k, const struct sg_resid *a,
                             const struct sg_resid *b);
/* Group, version and kind are equal. */
bool sg_resid_same_gvk(const struct sg_resid *a, const struct sg_resid *b);
/* All equal, with equal effective namespaces. */
bool sg_resid_equal(struct sg_kustomize *k, const struct sg_resid *a,
                    const struct sg_resid *b);

#endif
