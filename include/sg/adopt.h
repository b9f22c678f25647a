/*
 * adopt.h - from a fork of upstream's manifests to the overlay that says the same: which
 * release the fork is of, what its owner changed, and the proof.
 *
 * Everything is read through sg_fs, so a fork may be a folder or a tree of a repository.
 */
#ifndef SG_ADOPT_H
#define SG_ADOPT_H

#include "sg/diag.h"
#include "sg/doc.h"
#include "sg/fs.h"
#include "sg/upstream.h"

/* --- the release ------------------------------------------------------------------ */

/* How far a release is from the fork. */
struct sg_adopt_candidate {
    struct sg_version version;
    const char *tag;
    size_t files;       /* that the release has in its folder */
    size_t same;        /* of them byte for byte in the fork */
    size_t missing;     /* of them not in the fork, by path */
    size_t words;       /* of the release's manifests … */
    size_t words_there; /* … of them also in the fork */
    size_t words_other; /* of the fork that the release has not */
    double likeness;    /* 0 to 1: shared words of both, those that every release has left
                           out */
};
struct sg_adopt_ranking {
    struct sg_arena arena;
    SG_VEC(struct sg_adopt_candidate)
    items; /* nearest first; equals by version, newest first */
};
void sg_adopt_ranking_release(struct sg_adopt_ranking *ranking);
#define sg_auto_adopt_ranking SG_CLEANUP(sg_adopt_ranking_release) struct sg_adopt_ranking

/*
 * Compares the fork's folder `fork_dir` with upstream's folder `from` at every release.
 * No release has that folder, or the fork has no such folder or nothing in common with
 * any release (a likeness under 0.2): SG_E_NOTFOUND, saying how far the nearest is.
 */
SG_MUST_USE int sg_adopt_rank(struct sg_upstream *up, const char *from,
                              const struct sg_fs *fork, const char *fork_dir,
                              struct sg_adopt_ranking *out, struct sg_err *err);

/* --- the fork's objects ------------------------------------------------------------- */

struct sg_adopt_object {
    const char *api_version, *kind, *namespace, *name; /* "" where absent */
    struct sg_node *node;
    const char *file;  /* path in the fork's folder */
    uint32_t document; /* index in the file, counting those that are left out */
};

enum sg_adopt_oddity_kind {
    SG_ODD_REPEATED_KEY, /* a key written twice: the last counts, as in the cluster */
    SG_ODD_TWICE,        /* an object in two places: the last counts */
    SG_ODD_UNREADABLE,   /* YAML that nothing can read */
    SG_ODD_NO_OBJECT,    /* a document without apiVersion, kind or name */
    SG_ODD_CONFLICT,     /* marks of a merge that was not finished */
    SG_ODD_BINARY,       /* a file that is no text */
    SG_ODD_STALE,        /* an object that upstream removed before this release */
    SG_ODD_OLD_IMAGE,    /* an image of another release */
    SG_ODD_LIMITS,       /* a request above its limit */
    SG_ODD_DANGLING,     /* a reference to nothing */
};
struct sg_adopt_oddity {
    enum sg_adopt_oddity_kind kind;
    const char *object; /* "apps/v1/Deployment/web", or NULL */
    const char *path;   /* of the field, or NULL */
    const char *file;   /* path in the fork's folder */
    uint32_t line, column;
    const char *message;
};

/* What a fork's folder holds, read as a cluster would take it. */
struct sg_adopt_fork {
    struct sg_docs docs;
    struct sg_arena arena;
    SG_VEC(struct sg_adopt_object) objects; /* in the order of files and documents */
    SG_VEC(struct sg_adopt_oddity) oddities;
    SG_VEC(const char *) others; /* files that are no manifests */
    bool broken;                 /* a document could not be read */
};
void sg_adopt_fork_init(struct sg_adopt_fork *fork, struct sg_atoms *atoms);
void sg_adopt_fork_release(struct sg_adopt_fork *fork);
/* Reads every manifest below `dir`. Fails only where the disk does, or `dir` is missing.
 */
SG_MUST_USE int sg_adopt_fork_read(struct sg_adopt_fork *fork, const struct sg_fs *fs,
                                   const char *dir, struct sg_err *err);

/* --- the overlay -------------------------------------------------------------------- */

struct sg_adopt_opts {
    const struct sg_fs *project; /* the project's tree, with the base in its place */
    const char *base;            /* folder of the base in it, "base" */
    const char *overlay;         /* folder of the overlay to be made in it */
    const struct sg_fs *fork;    /* the fork's tree … */
    const char *dir;             /* … and the folder in it that the base is of */
    /* Where upstream's later releases are asked for what the fork took from them; NULL:
     * not. `from` is upstream's folder, `version` the chosen release. */
    struct sg_upstream *up;
    const char *from;
    struct sg_version version;
    bool drop_picks;     /* what the fork took from later releases is no part of it */
    const char *made_of; /* for the first line: "release 3.10.4 and fork ../fork" */
};

/* How the overlay says a change. */
enum sg_adopt_way {
    SG_WAY_PATCH,       /* a strategic merge patch */
    SG_WAY_OPERATION,   /* a JSON operation */
    SG_WAY_TRANSFORMER, /* for all objects: namespace, labels, images, replicas */
    SG_WAY_RESOURCE,    /* an object of the customer's own */
    SG_WAY_DELETION,    /* an object of upstream's that is not wanted */
};
struct sg_adopt_change {
    enum sg_adopt_way way;
    const char *object; /* "apps/v1/Deployment/web" */
    const char *path;   /* of the field; "" for a whole object */
    const char *picked; /* the release in which upstream did the same; NULL: none */
    const char *before; /* upstream's value on one line, NULL: none */
    const char *after;  /* the fork's, NULL: none */
    const char *file;   /* path in the fork's folder; NULL: the fork has nothing there */
    uint32_t line, column;
};
/* What the overlay renders to that the fork has otherwise. */
struct sg_adopt_difference {
    const char *object, *path;
    const char *fork, *render; /* on one line; NULL: nothing */
    const char *file;
    uint32_t line;
};
struct sg_adopt_file {
    const char *path; /* in the project */
    const char *text;
    size_t len;
};
/* An entry of the overlay's kustomization. */
struct sg_adopt_entry {
    const char *field;  /* "namespace", "resources", "labels", "images", "replicas",
                           "patches" */
    const char *text;   /* its lines, with the dash of a list's */
    const char *file;   /* the file that it lists, in the overlay's folder; NULL: none */
    const char *object; /* a patch: the one object that it is for; else NULL */
};
struct sg_adopted {
    struct sg_arena arena; /* of all texts */
    SG_VEC(struct sg_adopt_entry) entries;
    SG_VEC(struct sg_adopt_file) files;
    SG_VEC(struct sg_adopt_change) changes;
    SG_VEC(struct sg_adopt_difference) differences; /* empty: the proof holds */
    size_t objects, equal; /* of the fork; of them rendered field for field */
    size_t fields;         /* values that are equal */
    size_t matched, added, removed, changed; /* objects */
};
void sg_adopted_release(struct sg_adopted *adopted);
#define sg_auto_adopted SG_CLEANUP(sg_adopted_release) struct sg_adopted

/*
 * Makes the overlay of `opts->overlay` whose render is what the fork holds, renders it,
 * and compares the two. Writes nothing: the files are the caller's to put. Errors: a base
 * that does not render, and SG_E_LIMIT.
 */
SG_MUST_USE int sg_adopt_overlay(struct sg_adopt_fork *fork,
                                 const struct sg_adopt_opts *opts, struct sg_adopted *out,
                                 struct sg_err *err);

/* An environment: a fork, and what was made of it. */
struct sg_adopt_env {
    struct sg_adopt_fork *fork;
    const struct sg_adopt_opts *opts;
    struct sg_adopted *adopted;
};
/*
 * Takes what all environments' overlays say alike out of them, into the files of the
 * component in `folder` of the project, which each of them then uses; every overlay is
 * rendered and compared with its fork again. Where nothing is alike, or one of them would
 * not render its fork any more, nothing is shared and `component` is empty. Of two or
 * more.
 */
void sg_adopt_share(struct sg_adopt_env *envs, size_t len, const char *folder,
                    struct sg_adopted *component);

#endif
