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

/* --- the folder ------------------------------------------------------------------- */

/*
 * Where in the fork the folder is that was upstream's `from`: the one of that name, else
 * the fork's root, where it has an object in a file of its own or files at paths that
 * upstream's folder has; or where there are objects somewhere below, but neither such
 * paths nor a folder of that name. `*found` is false where it is none of them: `out` is
 * the folder then that looks most like it, "" for none. The walk is made only where there
 * is no folder of that name.
 */
SG_MUST_USE int sg_adopt_folder(struct sg_upstream *up, const char *from,
                                const struct sg_fs *fork, bool *found, struct sg_buf *out,
                                struct sg_err *err);

/* Folders of the fork that hold a kustomization, by path; "." for its root. */
struct sg_adopt_outside {
    struct sg_arena arena;
    SG_VEC(const char *) items;
    bool more; /* the search was ended: there may be others */
};
#define SG_ADOPT_MAX_OUTSIDE     20
#define SG_ADOPT_MAX_LOOKED_INTO 500
void sg_adopt_outside_release(struct sg_adopt_outside *outside);
/*
 * The kustomizations outside of folder `dir` of the fork, but for those that are in
 * upstream's release as they are here. Looks two folders deep, for overlays/prod, into no
 * more than SG_ADOPT_MAX_LOOKED_INTO folders, and finds no more than
 * SG_ADOPT_MAX_OUTSIDE.
 */
SG_MUST_USE int sg_adopt_outside(struct sg_upstream *up, const struct sg_version *version,
                                 const struct sg_fs *fork, const char *dir,
                                 struct sg_adopt_outside *out, struct sg_err *err);

/* --- the release ------------------------------------------------------------------ */

/* How far a release is from the fork. */
struct sg_adopt_candidate {
    struct sg_version version;
    const char *tag;
    size_t files;   /* that the release has in its folder */
    size_t same;    /* of them byte for byte in the fork */
    size_t missing; /* of them not in the fork, by path */
    /* 0 to 1: how much of what tells this release from the others the fork has, and how
     * little of what it has not; what every release has alike (unless that is all), and
     * what no release has, is left out. */
    double likeness;
};
struct sg_adopt_ranking {
    struct sg_arena arena;
    /* nearest first; equals by version, newest first */
    SG_VEC(struct sg_adopt_candidate) items;
};
void sg_adopt_ranking_release(struct sg_adopt_ranking *ranking);
#define sg_auto_adopt_ranking SG_CLEANUP(sg_adopt_ranking_release) struct sg_adopt_ranking

/*
 * Compares the fork's folder `fork_dir` with upstream's folder `from` at every release;
 * one that has no such folder, or whose folder cannot be vendored, is left out. No
 * release has it, or the fork has no such folder: SG_E_NOTFOUND. So is a folder that is
 * no fork, saying how far the nearest release is: of the words that tell the files of a
 * release apart it has under a fifth, and of its own the release has as few. `out` is
 * filled then, too. Linear in the files of the fork and in those of upstream that differ.
 */
SG_MUST_USE int sg_adopt_rank(struct sg_upstream *up, const char *from,
                              const struct sg_fs *fork, const char *fork_dir,
                              struct sg_adopt_ranking *out, struct sg_err *err);

/* --- the fork's objects ------------------------------------------------------------- */

struct sg_adopt_object {
    const char *api_version, *kind, *namespace, *name; /* "" where absent */
    struct sg_node *node;
    const char *file;  /* path in the fork's folder */
    uint32_t document; /* index in the file, counting those that are left out or empty;
                          the items of a list have their list's */
    bool made;         /* by the fork's own kustomization: the file says something else */
    bool dropped;      /* taken from a later release, and left out of the overlay */
};

enum sg_adopt_oddity_kind {
    SG_ODD_REPEATED_KEY,   /* a key written twice: the last counts, as in the cluster; it
                              stands at the first */
    SG_ODD_TWICE,          /* an object in two places: the last counts; it stands at those
                              that do not */
    SG_ODD_UNREADABLE,     /* YAML that nothing can read */
    SG_ODD_NO_OBJECT,      /* a document without apiVersion, kind or name */
    SG_ODD_CONFLICT,       /* marks of a merge that was not finished */
    SG_ODD_BINARY,         /* a file that is no text */
    SG_ODD_STALE,          /* an object that upstream removed before this release */
    SG_ODD_OLD_IMAGE,      /* an image of another release */
    SG_ODD_LIMITS,         /* a request above its limit */
    SG_ODD_DANGLING,       /* a reference to nothing */
    SG_ODD_REPEATED_ENTRY, /* an entry of a list written twice, by its merge key; it
                              stands at the first */
    SG_ODD_EXPORTED,       /* fields that only a cluster writes; it stands at the first */
    SG_ODD_OLD_BOOLEAN,    /* a word that only kubectl takes for a boolean */
};
struct sg_adopt_oddity {
    enum sg_adopt_oddity_kind kind;
    const char *object; /* "apps/v1/Deployment/web", or NULL */
    const char *path;   /* of the field, or NULL */
    const char *file;   /* path in the fork's folder */
    uint32_t line, column;
    const char *message;
};

/* Something of the fork could not be read there. */
bool sg_adopt_is_unread(enum sg_adopt_oddity_kind kind);

/* What a fork's folder holds, read as a cluster would take it. */
struct sg_adopt_fork {
    struct sg_docs docs;
    struct sg_arena arena;
    SG_VEC(struct sg_adopt_object) objects; /* in the order of files and documents */
    /* Those that stand again in a later file, which counts unless a kustomization says
     * otherwise (sg_adopt_fork_render). */
    SG_VEC(struct sg_adopt_object) shadowed;
    SG_VEC(struct sg_adopt_oddity) oddities;
    /* Files of no object: by their names, kustomizations, or of documents that do not say
     * that they are one. What is odd in a file keeps it from here, but for a binary one.
     */
    SG_VEC(const char *) others;
    bool broken; /* a document could not be read */
};
void sg_adopt_fork_init(struct sg_adopt_fork *fork, struct sg_atoms *atoms);
void sg_adopt_fork_release(struct sg_adopt_fork *fork);
/*
 * Reads every manifest below `dir` (.yaml, .yml, .json) in the order of `kubectl apply
 * -R`, in edit mode of yaml.h; lists are taken apart. Of a merge that was not finished,
 * every document with a mark in it, or between two, is left out. A folder of upstream's
 * is read the same way. Oddities are by file and line. Fails only where the disk does, or
 * `dir` is missing.
 */
SG_MUST_USE int sg_adopt_fork_read(struct sg_adopt_fork *fork, const struct sg_fs *fs,
                                   const char *dir, struct sg_err *err);

/*
 * Of a folder with a kustomization the objects become those that it renders to, for that
 * is what the fork holds; without one nothing changes. The files that it reads are no
 * `others` then, and of patches and unlisted files it is not odd that they say an object
 * again, or none. Errors: a kustomization that does not render.
 */
SG_MUST_USE int sg_adopt_fork_render(struct sg_adopt_fork *fork, const struct sg_fs *fs,
                                     const char *dir, struct sg_err *err);

/* --- what is odd beside a release ----------------------------------------------------
 */

/* What another release holds, as far as somebody asks. */
struct sg_adopt_thing {
    const char *kind, *name;
    const char *blob; /* that holds it */
};
struct sg_adopt_image {
    const char *name, *tag; /* "index.docker.io/acme/web" and "1.2.3" */
};
struct sg_adopt_release {
    struct sg_version version;
    const char *tag;
    SG_VEC(struct sg_adopt_thing) objects;
    SG_VEC(struct sg_adopt_image) images;
};
struct sg_adopt_past {
    struct sg_arena arena;
    struct sg_version version; /* that was chosen */
    /* the others that hold something of what was asked for, oldest first */
    SG_VEC(struct sg_adopt_release) items;
};
void sg_adopt_past_init(struct sg_adopt_past *past, const struct sg_version *version);
void sg_adopt_past_release(struct sg_adopt_past *past);

/*
 * Looks in the releases other than the chosen one for the objects of the fork that the
 * base has not, and for the images whose tag is not the base's. Where there are none
 * nothing is read; else the blobs that hold one of these words are parsed, each once.
 */
SG_MUST_USE int sg_adopt_past_read(struct sg_adopt_past *past, struct sg_upstream *up,
                                   const char *from, const struct sg_adopt_fork *fork,
                                   const struct sg_adopt_fork *base, struct sg_err *err);

/*
 * Appends what is odd in the fork's objects beside upstream's at the chosen release; the
 * oddities are by file and line again. In doubt it is silent:
 * - SG_ODD_STALE: neither the fork's kind and name is in the base nor was it always the
 *   fork's own: an earlier release has it. Groups and namespaces do not count, for
 *   upstream and forks move objects between them.
 * - SG_ODD_OLD_IMAGE: not in stale objects. A registry before the name does not count.
 * - SG_ODD_LIMITS: any resource, in every container.
 * - SG_ODD_DANGLING: a ConfigMap, PersistentVolumeClaim or ServiceAccount that the fork
 *   has not; a Secret only where the base has it, for most are made by hand. Silent where
 *   the reference is `optional`, where a cluster brings the target, and where upstream's
 *   own object refers to what upstream does not bring.
 * - SG_ODD_REPEATED_ENTRY: in lists that are merged by key.
 * - SG_ODD_EXPORTED: not where upstream's object has the same field. One an object.
 * Linear in fork and base.
 */
void sg_adopt_oddities(struct sg_adopt_fork *fork, const struct sg_adopt_fork *base,
                       const struct sg_adopt_past *past);

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
    bool guessed; /* the release is the nearest one, and nobody said so */
    const struct sg_adopt_past
        *past;           /* of this fork; NULL: whole objects are not asked for */
    bool drop_picks;     /* what the fork took from later releases is no part of it */
    const char *made_of; /* for the first line: "release 3.10.4 and fork ../fork" */
};

/* How the overlay says a change. */
enum sg_adopt_way {
    SG_WAY_PATCH,       /* a strategic merge patch */
    SG_WAY_OPERATION,   /* a JSON operation */
    SG_WAY_TEXT,        /* a file that a generator merges into a ConfigMap */
    SG_WAY_TRANSFORMER, /* for all objects: namespace, labels, images, replicas */
    SG_WAY_RESOURCE,    /* an object of the customer's own */
    SG_WAY_DELETION,    /* an object of upstream's that is not wanted */
};
struct sg_adopt_change {
    enum sg_adopt_way way;
    const char *object; /* "apps/v1/Deployment/web" */
    const char *path;   /* of the field; "" for a whole object */
    const char *picked; /* the release in which upstream did the same; NULL: none */
    const char *left;   /* the release before, where upstream had it so; NULL: not */
    const char *before; /* upstream's value on one line, NULL: none */
    const char *after;  /* the fork's, NULL: none */
    const char *file;   /* path in the fork's folder; NULL: the fork has nothing there */
    uint32_t line, column;
    const char
        *base_file;   /* path in the base's folder of upstream's object; NULL: none */
    const char *gone; /* upstream's line, trimmed, of what the fork has not; or NULL */
    /* What sg_adopt_history found; NULL where unknown. */
    const char *commit; /* all hex digits of its id */
    const char *author; /* SG_ADOPT_UNCOMMITTED: the change is in no commit yet */
    const char *date;   /* "2020-03-04", by the author's clock */
    const char *subject;
    int64_t time; /* the same in seconds since 1970 */
};
#define SG_ADOPT_UNCOMMITTED "not committed"
/* A change that was left out, for upstream made it itself in a later release: until the
 * upgrade to that one upstream's value of now runs. */
struct sg_adopt_drop {
    const char *object;
    const char *path;    /* "" for a whole object */
    const char *version; /* the first release that has it */
    const char *before;  /* upstream's value of now on one line, NULL: none */
    const char *after;   /* the fork's, NULL: none */
    const char *file;    /* path in the fork's folder */
    uint32_t line, column;
    bool older_image; /* the two are images with other tags */
};
/* What the overlay renders to that the fork has otherwise. */
struct sg_adopt_difference {
    const char *object, *path;
    const char *fork, *render; /* on one line; NULL: nothing */
    const char *file;
    uint32_t line;
};
/* A workload whose pods start anew when the overlay takes over: its template renders to
 * what the fork has, but with the items of a list in another order. */
struct sg_adopt_restart {
    const char *object;
    const char *path; /* of the first such list */
};
/* An object that stands in another file than upstream's. */
struct sg_adopt_moved {
    const char *object;
    const char *file, *from; /* in the fork's folder, and in upstream's */
};
struct sg_adopt_file {
    const char *path; /* in the project */
    const char *text;
    size_t len;
};
/* In the overlay's folder: the objects that are not wanted, a document each, in the order
 * of the changes. */
#define SG_ADOPT_DELETIONS "patches/deletions.yaml"
/* An entry of the overlay's kustomization. */
struct sg_adopt_entry {
    /* "namespace", "base", "resources", "labels", "template labels", "selector labels",
     * "commonAnnotations", "annotation transformer", "images", "image transformer",
     * "replicas", "configMapGenerator", "contents" (patches that come before all others),
     * "patches", "transformers" */
    const char *field;
    const char *text; /* its lines, with the dash of a list's */
    const char *file; /* the file that it lists, in the overlay's folder; NULL: none */
};
/* A large text of a ConfigMap of upstream's, as a file of the overlay. */
struct sg_adopt_text {
    const char *object, *changed; /* as below */
    const char *name, *namespace; /* of the object, as the generator names it */
    const char *path;             /* of the field: "data[\"app.conf\"]" */
    const char *comment;          /* lines above its entry; "" for none */
    const char *file;             /* in the overlay's folder; the key is its last part */
    const char *text;             /* of the fork's set */
    size_t len;
    bool shared; /* the file is the component's, see sg_adopt_share */
};
/* A patch of the content of an object that upstream generates: all but its metadata. */
struct sg_adopt_content {
    const char *object, *changed; /* as below */
    const char *file;             /* in the overlay's folder */
};
/* What the patches say of one object of upstream's. The nodes are of the fork's set. */
struct sg_adopt_said {
    const char *object;                /* as the entries name it … */
    const char *changed;               /* … and the changes: the fork's namespace */
    const struct sg_node *named;       /* the object as a patch names it */
    const struct sg_node *base, *want; /* as patches find it, and what they make */
    const struct sg_node *body;        /* of the patch: without the identity */
    const struct sg_node *patch, *operations; /* NULL: none */
    const char *const *names; /* what each operation reaches; NULL: no element */
    const char *patch_file, *operations_file, *target;
    bool deleted; /* all in one file; none of these but `patch` */
    /* The fields that the files change, where they do not say all of the object's. */
    const char *const *paths;
    size_t paths_len;
};
/* A commit between the chosen release and the next that the fork has more files of. */
struct sg_adopt_midway {
    const char
        *commit; /* all hex digits; NULL: none is nearer. The fork owns the texts */
    const char *date, *subject; /* "2020-03-04" */
    const char *next;           /* the release after it */
    size_t same, files;         /* of its files, in the fork to the byte; all */
};
struct sg_adopted {
    struct sg_arena arena; /* of all texts */
    struct sg_adopt_midway midway;
    SG_VEC(struct sg_adopt_entry) entries;
    /* the entries of generators are of these; an object's follow each other */
    SG_VEC(struct sg_adopt_text) texts;
    SG_VEC(struct sg_adopt_said) said;        /* of which the entries of patches are */
    SG_VEC(struct sg_adopt_content) contents; /* … those of `contents` */
    SG_VEC(struct sg_adopt_file) files;
    SG_VEC(struct sg_adopt_change) changes;
    SG_VEC(struct sg_adopt_drop) drops;             /* images first */
    SG_VEC(struct sg_adopt_difference) differences; /* empty: the proof holds */
    SG_VEC(struct sg_adopt_restart) restarts;       /* in the order of the fork */
    /* What is no change: files that say what upstream's of the same name say, but with
     * other bytes; and objects. */
    SG_VEC(const char *) reformatted;
    SG_VEC(struct sg_adopt_moved) moved;
    size_t objects, equal; /* of the fork; of them rendered field for field */
    size_t fields;         /* values that are equal */
    /* Changes whose commit sg_adopt_history did not find, for the clone is shallow. */
    size_t without_commit;
    size_t matched, added, removed, changed; /* objects */
    size_t unread; /* … of upstream's, which may be in what could not be read */
    SG_VEC(const char *) unread_ids; /* theirs in the render: the proof leaves them out */
};
void sg_adopted_release(struct sg_adopted *adopted);
#define sg_auto_adopted SG_CLEANUP(sg_adopted_release) struct sg_adopted

/*
 * Makes the overlay of `opts->overlay` whose render is what the fork holds, renders it,
 * and compares the two. Writes nothing: the files are the caller's to put. Errors: a base
 * that does not render, SG_E_LIMIT, and SG_E_NOTFOUND where the release is guessed and
 * the fork has next to none of its objects: words alone can be alike.
 */
SG_MUST_USE int sg_adopt_overlay(struct sg_adopt_fork *fork,
                                 const struct sg_adopt_opts *opts, struct sg_adopted *out,
                                 struct sg_err *err);

/* --- history ------------------------------------------------------------------------ */

/*
 * Who made each change, and when: the commit of the fork's history that last wrote its
 * line, whoever's that is: upstream's own line that came by a merge has upstream's
 * commit. New blanks are no new writing, and renamed files are followed. For what the
 * fork has not, the commit that took out the last of upstream's line, or the file;
 * unknown where the file still has such a line elsewhere. Unknown is also what is older
 * than a shallow clone.
 *
 * `repo_dir` is the fork's folder, anywhere in its repository, or a bare repository;
 * `revision` what was read of it, NULL for what is on disk; `dir` the base's folder in
 * it. Texts are git's as they are, of any bytes but NUL and line ends, in the result's
 * arena. No git repository, or no such revision: SG_E_NOTFOUND. Nothing is written,
 * fetched, or run that the repository's configuration names. Runs git once a changed
 * file and once a removed line (of the first SG_ADOPT_MAX_SEARCHES; others are unknown).
 */
SG_MUST_USE int sg_adopt_history(const char *repo_dir, const char *revision,
                                 const char *dir, struct sg_adopted *adopted,
                                 struct sg_err *err);
#define SG_ADOPT_MAX_SEARCHES 50

/* --- environments ------------------------------------------------------------------- */

/* An environment: a fork, and what was made of it. */
struct sg_adopt_env {
    struct sg_adopt_fork *fork;
    const struct sg_adopt_opts *opts;
    struct sg_adopted *adopted;
};
/*
 * Takes what all environments' overlays say alike out of them, into the files of the
 * component in `folder` of the project, which each of them then uses: entries of the
 * kustomization, deletions, and of an object that each of them patches the fields that
 * they change alike. Every overlay is rendered and compared with its fork again; an
 * object that it would lose by that is said in each overlay, as before. Where nothing is
 * alike `component` is empty. Of two or more. `component` borrows from them.
 */
void sg_adopt_share(struct sg_adopt_env *envs, size_t len, const char *folder,
                    struct sg_adopted *component);

/*
 * Puts above each patch of `adopted`, whose files are in `folder`, and above the entry of
 * each large text, the commits of the changes that it makes, as comments of YAML:
 * "# a1b2c3d4e5 2020-03-04 Jane Doe: Raise the memory of gitserver", each once, oldest
 * first, then "# not committed" where something is; nothing where no commit is known.
 * What may not stand in YAML, or acts on a screen, is written as U+FFFD. The changes are
 * those of `envs`: of an overlay its own environment, of the component all. To be called
 * last.
 */
void sg_adopt_history_patches(struct sg_adopted *adopted, const char *folder,
                              const struct sg_adopt_env *envs, size_t len);

/* --- an overlay whose base is a URL ------------------------------------------------- */

/* The base that a kustomization names: "https://host/acme/deploy//base?ref=v1". */
struct sg_adopt_remote {
    char *file;              /* of the kustomization, in the fork's root; NULL: none */
    char *repo, *path, *ref; /* path "": the repository's root; ref "": its branch */
};
void sg_adopt_remote_release(struct sg_adopt_remote *remote);
/* The first URL among the resources of the kustomization in the fork's root; `out->file`
 * stays NULL where there is none. Errors: a kustomization that cannot be read. */
SG_MUST_USE int sg_adopt_remote_find(const struct sg_fs *fork,
                                     struct sg_adopt_remote *out, struct sg_err *err);
/*
 * The fork's files as an overlay on the vendored base, its URL written anew, all else
 * byte for byte; the proof compares what the fork renders to through `remote` with what
 * the overlay does. `fork` is initialised and gets the objects of that render.
 */
SG_MUST_USE int sg_adopt_remote_overlay(struct sg_adopt_fork *fork,
                                        const struct sg_adopt_opts *opts,
                                        const struct sg_adopt_remote *from,
                                        const struct sg_remote *remote,
                                        struct sg_adopted *out, struct sg_err *err);

#endif
