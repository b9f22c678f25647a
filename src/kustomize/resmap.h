/*
 * resmap.h - an ordered set of resources with indexes by present and previous ids. One
 * exists for each kustomization while it is accumulated; a base's is absorbed into its
 * parent's.
 */
#ifndef SG_KUSTOMIZE_RESMAP_H
#define SG_KUSTOMIZE_RESMAP_H

#include "resource.h"

struct sg_resmap_index;
struct sg_resmap {
    SG_VEC(struct sg_resource *)
    items; /* in order; iterate freely, change through the functions */
    struct sg_resmap_index *index;
    uint64_t next_seq;
    bool ids_changed; /* since the last check of their uniqueness */
};

void sg_resmap_init(struct sg_resmap *map);
void sg_resmap_release(struct sg_resmap *map);
#define sg_auto_resmap SG_CLEANUP(sg_resmap_release) struct sg_resmap

/* Appends; SG_E_EXISTS where a resource with this present id is there (both places
 * named). */
SG_MUST_USE int sg_resmap_append(struct sg_kustomize *k, struct sg_resmap *map,
                                 struct sg_resource *res, struct sg_err *err);
/* Appends all of `from` and empties it. */
SG_MUST_USE int sg_resmap_append_all(struct sg_kustomize *k, struct sg_resmap *map,
                                     struct sg_resmap *from, struct sg_err *err);
/* Adds generated resources by their behavior: create, merge or replace what any id
 * matches. */
SG_MUST_USE int sg_resmap_absorb(struct sg_kustomize *k, struct sg_resmap *map,
                                 struct sg_resmap *from, struct sg_err *err);
SG_MUST_USE int sg_absorb_one(struct sg_kustomize *k, struct sg_resmap *map,
                              struct sg_resource *res, struct sg_err *err);
/* Takes `res` out; a bug when it is not in the map. */
void sg_resmap_remove(struct sg_resmap *map, struct sg_resource *res);
/* SG_E_EXISTS where two resources have the same present id. One look-up each. */
SG_MUST_USE int sg_resmap_check_unique(struct sg_kustomize *k,
                                       const struct sg_resmap *map, struct sg_err *err);
/* As sg_resmap_check_unique, but only where an id changed since the last check. */
SG_MUST_USE int sg_resmap_check_changed(struct sg_kustomize *k, struct sg_resmap *map,
                                        struct sg_err *err);
/* Puts `res` where `old` is. */
void sg_resmap_replace(struct sg_resmap *map, struct sg_resource *old,
                       struct sg_resource *res);
/* To be called after something may have written apiVersion, kind, name or namespace of
 * `res`, or stored a previous id: refreshes the cached id and the indexes. Cheap when
 * nothing changed. */
void sg_resmap_changed(struct sg_kustomize *k, struct sg_resmap *map,
                       struct sg_resource *res);

/* Borrowed results of a look-up, in the map's order. Release with sg_reslist_release. */
struct sg_reslist {
    SG_VEC(struct sg_resource *) items;
};
void sg_reslist_release(struct sg_reslist *list);
#define sg_auto_reslist SG_CLEANUP(sg_reslist_release) struct sg_reslist

/* Which ids a look-up compares. */
enum sg_id_scope { SG_ID_CURRENT, SG_ID_ANY /* present or any previous */ };

/* Look-ups want an empty `out`.
 * Resources with this id: group, version, kind, name, effective namespace. */
void sg_resmap_find(struct sg_kustomize *k, const struct sg_resmap *map,
                    const struct sg_resid *id, enum sg_id_scope scope,
                    struct sg_reslist *out);
/* Resources that bear (or bore) this name, whatever else; `kind` NULL for any kind. A
 * first cut: the caller compares the rest (a resource may be listed for any of its ids).
 */
void sg_resmap_named(struct sg_resmap *map, sg_atom kind, sg_atom name,
                     struct sg_reslist *out);
/* As sg_resmap_named for one kind, of those that are in one of these effective namespaces
 * now or were at first (again a first cut). */
void sg_resmap_named_in(struct sg_resmap *map, sg_atom kind, sg_atom name,
                        const sg_atom *namespaces, size_t len, struct sg_reslist *out);
/* True where `res` has this (kind, name, effective namespace …) in `scope`; see
 * sg_resid_equal. */
bool sg_resource_has_id(struct sg_kustomize *k, const struct sg_resource *res,
                        const struct sg_resid *id, enum sg_id_scope scope);

/* kustomize's Selector: every part an anchored regular expression, "" or NULL matches
 * all. */
struct sg_selector {
    const char *group, *version, *kind, *name, *namespace;
    const char *label_selector, *annotation_selector;
    uint32_t loc;
    bool set; /* the field was there */
};
/* A selector with its expressions compiled, for who compares parts on his own
 * (replacements). */
struct sg_matcher;
SG_MUST_USE struct sg_matcher *sg_matcher_new(struct sg_kustomize *k,
                                              const struct sg_selector *selector,
                                              struct sg_err *err);
void sg_matcher_free(struct sg_matcher *matcher);
void sg_matcher_freep(struct sg_matcher **matcher);
/* The whole selector, as Select: name and namespace by the first or the present id. */
bool sg_matcher_match(struct sg_kustomize *k, const struct sg_matcher *matcher,
                      const struct sg_resource *res);
bool sg_matcher_gvk(const struct sg_matcher *matcher, const struct sg_resid *id);
bool sg_matcher_name(const struct sg_matcher *matcher, sg_atom name);
bool sg_matcher_namespace(const struct sg_matcher *matcher, sg_atom namespace);
bool sg_matcher_labels(const struct sg_matcher *matcher, const struct sg_resource *res);

/* Selected resources in the map's order: name and namespace match the first or the
 * present id. SG_E_INPUT for a bad expression, at the selector's place. Indexed when the
 * name is literal. */
SG_MUST_USE int sg_resmap_select(struct sg_kustomize *k, struct sg_resmap *map,
                                 const struct sg_selector *selector,
                                 struct sg_reslist *out, struct sg_err *err);

#endif
