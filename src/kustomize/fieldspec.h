/*
 * fieldspec.h - which fields of which kinds a transformer writes, and the walk to them.
 */
#ifndef SG_KUSTOMIZE_FIELDSPEC_H
#define SG_KUSTOMIZE_FIELDSPEC_H

#include "sg/kustomize.h"

struct sg_kustomize;

/* One part of a path, unescaped. */
struct sg_field_part {
    sg_atom key;
    bool seq;     /* written "key[]": the field is a list */
    bool refused; /* "", "*", "0", "-", "[a=b]": kustomize fails where it meets a map */
};
struct sg_fieldspec {
    sg_atom group, version, kind; /* "" matches every one */
    const char *path; /* "spec/template/metadata/labels", "spec/x[]/y", "a\/b" escaped */
    bool create;      /* make what is missing on the way */
    uint32_t loc;     /* 0 for a built-in one */
    const struct sg_field_part *parts; /* the path, parsed */
    uint32_t parts_len;
};
struct sg_fieldspec_index;
/* Never changed once made (by the functions below), so that kustomizations share them;
 * lives in the set's arena. {0} is the empty list. */
struct sg_fieldspecs {
    const struct sg_fieldspec *items;
    size_t len;
    const struct sg_fieldspec_index *index; /* by kind; NULL for a short list */
};

/* The fields that hold the name of an object of this group, version and kind. */
struct sg_name_reference {
    sg_atom group, version, kind;
    struct sg_fieldspecs referrers;
};
struct sg_name_references {
    const struct sg_name_reference *items;
    size_t len;
};

/* kustomize's transformer configuration: its defaults with what `configurations` and
 * `crds` add. */
struct sg_tables {
    struct sg_fieldspecs name_prefix, name_suffix, namespace, common_labels, labels,
        template_labels, common_annotations, images, replicas, var_reference;
    struct sg_name_references name_reference; /* in the order of sg_gvk_less */
};

/* The defaults; made once a render (cached in the context). */
const struct sg_tables *sg_tables_default(struct sg_kustomize *k);
/* `a` with what `b` adds; either one itself where the other adds nothing. SG_E_INPUT
 * where they have the same path and kind with another `create`. */
SG_MUST_USE const struct sg_tables *sg_tables_merge(struct sg_kustomize *k,
                                                    const struct sg_tables *a,
                                                    const struct sg_tables *b,
                                                    struct sg_err *err);
/* A `configurations` file's document. Strict as kustomize is. */
SG_MUST_USE const struct sg_tables *
sg_tables_read(struct sg_kustomize *k, const struct sg_node *node, struct sg_err *err);

/* What a `crds` file says: an OpenAPI document by type name, whose fields are marked with
 * x-kubernetes-annotation, -label-selector, -identity and -object-ref-*. */
SG_MUST_USE const struct sg_tables *sg_tables_read_crd(struct sg_kustomize *k,
                                                       const struct sg_node *node,
                                                       struct sg_err *err);

/* Fills `path` and its parts. */
void sg_fieldspec_set_path(struct sg_kustomize *k, struct sg_fieldspec *spec,
                           const char *path);
/* The same specs by sg_gvk_less, as kustomize keeps them in tables: the first of several
 * that a new spec would repeat decides whether it conflicts. */
struct sg_fieldspecs sg_fieldspecs_sorted(struct sg_kustomize *k,
                                          struct sg_fieldspecs specs);
/* Sorts `items` in place, by sg_gvk_less. */
struct sg_name_references sg_name_references_sorted(struct sg_name_reference *items,
                                                    size_t len);
/* A list of copies of `items`, with its index. */
struct sg_fieldspecs sg_fieldspecs_make(struct sg_kustomize *k,
                                        const struct sg_fieldspec *items, size_t len);
/* One spec without group and version from text of ours, e.g. "metadata/labels". */
struct sg_fieldspecs sg_fieldspecs_of(struct sg_kustomize *k, const char *kind,
                                      const char *path, bool create);
/* A list of {group, version, kind, path, create} whose items were checked against
 * sg_fields_fieldspec. */
SG_MUST_USE int sg_fieldspecs_parse(struct sg_kustomize *k, const struct sg_node *list,
                                    struct sg_fieldspecs *out, struct sg_err *err);
/* `a` and those of `b` that are not in it, in order; error as sg_tables_merge. */
SG_MUST_USE int sg_fieldspecs_merge(struct sg_kustomize *k, struct sg_fieldspecs a,
                                    struct sg_fieldspecs b, struct sg_fieldspecs *out,
                                    struct sg_err *err);

/* Group, version and kind of `id` are those of the spec where the spec names them. */
bool sg_gvk_selects(sg_atom group, sg_atom version, sg_atom kind,
                    const struct sg_resid *id);
/* kustomize's order of kinds: what others need first, then by "group_version_kind". The
 * order of its output and of name references. */
bool sg_gvk_less(const struct sg_resid *a, const struct sg_resid *b);

/*
 * The specs that may select an object of one kind, in the list's order; group and version
 * are still to be compared (sg_gvk_selects).
 *
 *     struct sg_fieldspec_iter it = sg_fieldspecs_for(specs, kind);
 *     while ((spec = sg_fieldspec_next(&it)) != NULL)
 */
struct sg_fieldspec_iter {
    struct sg_fieldspecs specs;
    const uint32_t *picks; /* NULL: all of them */
    size_t len, at;
};
struct sg_fieldspec_iter sg_fieldspecs_for(struct sg_fieldspecs specs, sg_atom kind);
const struct sg_fieldspec *sg_fieldspec_next(struct sg_fieldspec_iter *it);

/* A null becomes what would have been made; the text of a null that becomes a scalar
 * stays, as it does in kustomize. */
void sg_null_become(struct sg_node *null_node, enum sg_kind kind, enum sg_tag tag);

/* A place a walk reached. */
struct sg_field_hit {
    struct sg_node *node;            /* never NULL; may be a null scalar */
    struct sg_node *parent;          /* the map or list that holds it */
    const struct sg_fieldpath *path; /* NULL without a trace */
    bool made;                       /* it was not there before this walk */
};
struct sg_field_walk {
    int (*each)(void *ctx, const struct sg_field_hit *hit, struct sg_err *err);
    void *ctx;
    bool create;       /* obey the specs' `create`; false: never make anything */
    enum sg_kind make; /* what the last part becomes when it is made (`create`) */
    enum sg_tag tag;   /* its tag when that is a scalar */
};
/*
 * Calls `each` for every place the spec's path reaches in `res`; makes missing parts
 * where the spec says so. Does nothing when the spec does not select the resource.
 * Sequences on the way are entered as kustomize does; a scalar on the way is SG_E_INPUT
 * naming object and path.
 */
SG_MUST_USE int sg_fieldspec_walk(struct sg_kustomize *k, struct sg_resource *res,
                                  const struct sg_fieldspec *spec,
                                  const struct sg_field_walk *walk, struct sg_err *err);
/* sg_fieldspec_walk for every spec of the list that selects the resource. */
SG_MUST_USE int sg_fieldspecs_walk(struct sg_kustomize *k, struct sg_resource *res,
                                   struct sg_fieldspecs specs,
                                   const struct sg_field_walk *walk, struct sg_err *err);

#endif
