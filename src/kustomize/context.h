/*
 * context.h - what every part of one render shares: the document set, the options, the
 * field tables, the schema in force, and the helpers that write the trace.
 */
#ifndef SG_KUSTOMIZE_CONTEXT_H
#define SG_KUSTOMIZE_CONTEXT_H

#include "fieldspec.h"
#include "kustomization.h"
#include "resmap.h"
#include "sg/patch.h"
#include "sg/strmap.h"

struct sg_openapi; /* a custom schema (openapi.h) */

struct sg_kustomize {
    const struct sg_render_opts *opts;
    struct sg_docs *set; /* the render's; every node and string lives here */
    struct sg_atoms *atoms;
    struct sg_trace *trace; /* NULL: not traced */
    const struct sg_diag_sink *diag;
    sg_atom empty, default_ns, no_ns; /* "", "default", "_non_namespaceable_" */

    uint32_t next_uid;
    uint32_t folders; /* kustomizations entered so far */
    struct sg_strmap
        scopes;         /* group, version, kind (three atoms) -> cluster-scoped or not */
    struct sg_err late; /* the first atom limit; the spine reports it after each step */
    const struct sg_tables *default_tables; /* sg_tables_default's cache */
    struct sg_openapi *openapi;             /* NULL: the built-in schema */
    SG_VEC(struct sg_fs *) mounts;          /* remote bases, freed at the end */
    bool kind_changed;                      /* of any object, so far */
    bool schema_used; /* kustomize would have loaded its built-in schema by now */
    bool opaque;      /* lenient: something was skipped or replaced */

    /* the entry that is running, for sg_step_begin: set by the spine around each
     * transformer */
    const char *kustomization; /* fs path of the kustomization that lists it */
    const char *file;          /* fs path of the file that holds its text */
};

/* Strings in the set's arena. */
const char *sg_k_strdup(struct sg_kustomize *k, const char *text);
SG_PRINTF(2, 3) const char *sg_k_printf(struct sg_kustomize *k, const char *fmt, ...);
/* The atom of a text of the input; an atom limit is reported through sg_k_failed at the
 * end of the step, so callers need no check. "" for NULL. */
sg_atom sg_k_atom(struct sg_kustomize *k, const char *text);
/* Fails at a place of the set. Returns -1. */
SG_PRINTF(4, 5)
int sg_k_fail(struct sg_kustomize *k, struct sg_err *err, uint32_t loc, const char *fmt,
              ...);
SG_PRINTF(5, 6)
void sg_k_warn(struct sg_kustomize *k, const char *code, const char *rule, uint32_t loc,
               const char *fmt, ...);

/*
 * Starts a step for one entry (item `item` of field `name` at `loc`). False: `keep` says
 * to skip it, and nothing was started. Always call it, traced or not.
 */
SG_MUST_USE bool sg_step_begin(struct sg_kustomize *k, enum sg_step_kind kind,
                               const char *name, uint32_t loc, uint32_t item);
/* The same, with all that a patch says of itself; `kustomization` and `file` are filled
 * in here. */
SG_MUST_USE bool sg_step_begin_as(struct sg_kustomize *k, const struct sg_step *what);
/* How many objects the running step found. */
void sg_step_matched(struct sg_kustomize *k, uint32_t count);
/* The running step found them by a selector. */
void sg_step_selects(struct sg_kustomize *k);

/* Path parts, NULL without a trace. */
const struct sg_fieldpath *sg_k_path_key(struct sg_kustomize *k,
                                         const struct sg_fieldpath *parent, sg_atom key);
const struct sg_fieldpath *sg_k_path_text(struct sg_kustomize *k,
                                          const struct sg_fieldpath *parent,
                                          const char *key);
/* A list element: by its keys where the schema has them for this object, else by
 * position. */
const struct sg_fieldpath *sg_k_path_item(struct sg_kustomize *k,
                                          const struct sg_resource *res,
                                          const struct sg_fieldpath *parent,
                                          const struct sg_node *item, uint32_t index);

/* The value before a write, to hand to sg_k_wrote: a copy, or NULL without a trace. */
const struct sg_node *sg_k_before(struct sg_kustomize *k, const struct sg_node *node);
/* One event: `before` NULL for a new field, `after` NULL for a delete. No-op without a
 * trace. An equal before and after becomes SG_OP_NOOP. */
void sg_k_wrote(struct sg_kustomize *k, const struct sg_resource *res,
                const struct sg_fieldpath *path, enum sg_op op,
                const struct sg_node *before, const struct sg_node *after, uint32_t loc);

/* New text for the scalar that a transformer reached, with its event: keeps the style, as
 * kustomize does, and turns a null into a string. */
void sg_k_set_text(struct sg_kustomize *k, const struct sg_resource *res,
                   const struct sg_field_hit *hit, const char *text, enum sg_op op,
                   uint32_t loc);

/* metadata.name as a string, in the style of the old one, with its event. */
void sg_k_set_name(struct sg_kustomize *k, struct sg_resource *res, const char *name);
/* metadata.namespace; "" removes it. */
void sg_k_set_namespace(struct sg_kustomize *k, struct sg_resource *res,
                        const char *namespace);

/* The context for sg_patch_strategic and sg_patch_json on `res`. */
struct sg_patch_ctx sg_k_patch_ctx(struct sg_kustomize *k, const struct sg_resource *res);

#endif
