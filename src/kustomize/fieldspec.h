/*
 * fieldspec.h - which fields of which kinds a transformer writes, and the walk to them.
 */
#ifndef SG_KUSTOMIZE_FIELDSPEC_H
#define SG_KUSTOMIZE_FIELDSPEC_H

#include "sg/kustomize.h"

struct sg_kustomize;

struct sg_fieldspec {
    sg_atom group, version, kind; /* "" matches every one */
    const char *path; /* "spec/template/metadata/labels", "spec/x[]/y", "a\/b" escaped */
    bool create;      /* make what is missing on the way */
    uint32_t loc;     /* 0 for a built-in one */
};
/* Never changed once made, so that kustomizations share them; lives in the set's arena or
 * static. */
struct sg_fieldspecs {
    const struct sg_fieldspec *items;
    size_t len;
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
    struct sg_fieldspecs name_prefix, name_suffix, namespace, common_labels,
        template_labels, common_annotations, images, replicas, var_reference;
    struct sg_name_references name_reference;
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

/* A list of {group, version, kind, path, create}; strict. */
SG_MUST_USE int sg_fieldspecs_parse(struct sg_kustomize *k, const struct sg_node *list,
                                    struct sg_fieldspecs *out, struct sg_err *err);
/* `a` and those of `b` that are not in it, in order; error as sg_tables_merge. */
SG_MUST_USE int sg_fieldspecs_merge(struct sg_kustomize *k, struct sg_fieldspecs a,
                                    struct sg_fieldspecs b, struct sg_fieldspecs *out,
                                    struct sg_err *err);

/* Group, version and kind of `id` are those of the spec where the spec names them. */
bool sg_gvk_selects(sg_atom group, sg_atom version, sg_atom kind,
                    const struct sg_resid *id);

/* A place a walk reached. */
struct sg_field_hit {
    struct sg_node *node;            /* never NULL; may be a null scalar */
    struct sg_node *parent;          /* the map or list that holds it */
    const struct sg_fieldpath *path; /* NULL without a trace */
};
struct sg_field_walk {
    int (*each)(void *ctx, const struct sg_field_hit *hit, struct sg_err *err);
    void *ctx;
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

#endif
