/*
 * kustomize.h - rendering a kustomization: what `kustomize build` prints.
 */
#ifndef SG_KUSTOMIZE_H
#define SG_KUSTOMIZE_H

#include "sg/diag.h"
#include "sg/fs.h"
#include "sg/remote.h"
#include "sg/trace.h"

/* Group, version, kind, name and namespace. "" where absent; atoms, so comparing is
 * cheap. */
struct sg_resid {
    sg_atom group, version, kind, name, namespace;
};

/* One object on its way through a render. */
struct sg_resource {
    struct sg_node *node; /* the object; a map */
    uint32_t uid;         /* order of creation in this render; events name it */
    struct sg_resid orig; /* as it was loaded or generated */
    uint32_t loc;         /* where it begins in its file; 0 for a generated one */
    const char *file;     /* fs path it was loaded from; NULL for a generated one */
    struct sg_resource_state
        *state; /* kustomize's build annotations as data (kustomize layer only) */
};

struct sg_render_opts {
    const struct sg_fs *fs;
    const char *dir;                 /* folder with the kustomization, a path of `fs` */
    const struct sg_remote *remote;  /* NULL: remote bases are an error */
    const struct sg_diag_sink *diag; /* warnings; NULL: none */
    struct sg_trace *trace;          /* NULL: none */
    /*
     * NULL keeps everything. Else asked for each step (trace.h; file and kustomization
     * are set) and for each resource file; false skips it, while the kustomizations it
     * lists are still entered. Used to render what upstream alone would make of an
     * overlay (U_X of ownership).
     */
    bool (*keep)(void *ctx, const struct sg_step *step);
    void *keep_ctx;
    /*
     * Plans go on where `build` fails: a missing generator input becomes a placeholder,
     * and a step we do not run (helmCharts, exec, containers) is skipped; each is
     * reported as SG405.
     */
    bool lenient;
    bool no_load_restriction; /* --load-restrictor LoadRestrictionsNone */
};

struct sg_render {
    struct sg_docs docs;                /* owns every node */
    SG_VEC(struct sg_resource *) items; /* in output order */
    bool opaque;                        /* something was skipped or replaced (lenient) */
};

void sg_render_init(struct sg_render *render, struct sg_atoms *atoms);
void sg_render_release(struct sg_render *render);
#define sg_auto_render SG_CLEANUP(sg_render_release) struct sg_render

/* Renders `opts->dir` into `out` (initialised). Errors are what kustomize refuses, with
 * position. */
SG_MUST_USE int sg_render(const struct sg_render_opts *opts, struct sg_render *out,
                          struct sg_err *err);
/* Appends the YAML stream, byte for byte kustomize's. */
SG_MUST_USE int sg_render_write(const struct sg_render *render, struct sg_buf *out,
                                struct sg_err *err);
/* The object's present identity, read from its node. */
struct sg_resid sg_resource_id(const struct sg_render *render,
                               const struct sg_resource *res);
/* How many characters at the end of its name are the hash of its content, with the dash
 * before it; 0 where it has none. */
size_t sg_resource_hash(const struct sg_resource *res);
#define SG_HASH_SUFFIX 11

/* --- facts ------------------------------------------------------------------------ */

/* A field that holds the name of another object, as kustomize's built-in name references
 * have it; "" is any group, version or kind. Strings are borrowed for the call. */
struct sg_name_field {
    const char *group, *version, *kind; /* of the object that refers */
    /* spec/template/spec/volumes/configMap/name: through lists without a word; a slash
     * in a key has a backslash before it. It may lead to a map that has `name`,
     * `namespace` and `kind`. */
    const char *path;
    const char *target_group, *target_kind;
};
/* Calls `each` for every one of them. */
void sg_name_fields(void (*each)(void *ctx, const struct sg_name_field *field),
                    void *ctx);

#endif
