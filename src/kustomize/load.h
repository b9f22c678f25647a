/*
 * load.h - where a kustomization may read: its root folder, in the file system it came
 * from.
 */
#ifndef SG_KUSTOMIZE_LOAD_H
#define SG_KUSTOMIZE_LOAD_H

#include "context.h"

/* The folder of one kustomization. Lives in the set's arena. */
struct sg_loader {
    const struct sg_fs *fs;
    const char *root;               /* canonical path in `fs` */
    const struct sg_loader *parent; /* whose kustomization led here; NULL for the first */
    const char *repo, *ref; /* of a remote base, for origins; "" for a local one */
    uint32_t depth;         /* how many led here; 0 for the first */
};

/* kustomize has no limits here: folders that list two others each, twenty deep, take it
 * days. Entering one recurses, and a folder that is listed twice is rendered twice. */
#define SG_LOADER_MAX_DEPTH   2048
#define SG_LOADER_MAX_FOLDERS 20000

/* The first one: `dir` of the options' file system. */
SG_MUST_USE struct sg_loader *sg_loader_first(struct sg_kustomize *k, struct sg_err *err);
/*
 * The folder `path` as seen from `from`, or a remote base (a git URL). SG_E_INPUT where
 * it is no folder, or is or contains a folder that is being read (a cycle, all named).
 */
SG_MUST_USE struct sg_loader *sg_loader_enter(struct sg_kustomize *k,
                                              const struct sg_loader *from,
                                              const char *path, uint32_t loc,
                                              struct sg_err *err);
/* What `path` is: a file, a folder, or nothing (a URL is "nothing"). */
SG_MUST_USE int sg_loader_type(struct sg_kustomize *k, const struct sg_loader *from,
                               const char *path, uint32_t loc, enum sg_fs_type *type,
                               struct sg_err *err);
/*
 * Appends the bytes of the file `path`, which must be below the root (links followed)
 * unless the options lift that, or is a http(s) URL. `full` (may be NULL) becomes its
 * path in the file system, or the URL.
 */
SG_MUST_USE int sg_loader_read(struct sg_kustomize *k, const struct sg_loader *from,
                               const char *path, uint32_t loc, struct sg_buf *out,
                               const char **full, struct sg_err *err);
/* What kustomize takes for a git URL. A http(s) one without a mark of git ("//", ".git",
 * "?ref=") may as well be a file: it is asked for first. */
enum sg_remote_form { SG_REMOTE_NONE, SG_REMOTE_MAYBE, SG_REMOTE_REPO };
enum sg_remote_form sg_loader_remote(const char *path);
/* True for a http(s) URL. */
bool sg_loader_is_web(const char *path);

/* `path` as it is shown to the user. */
const char *sg_loader_shown(struct sg_kustomize *k, const struct sg_loader *from,
                            const char *path);

/* Objects of one text, read as kustomize reads resources and patches: lists expanded,
 * kind and name required. `file` is the fs path for the resources, `shown` the name for
 * messages. */
struct sg_nodes {
    SG_VEC(struct sg_node *) items;
};
void sg_nodes_release(struct sg_nodes *nodes);
#define sg_auto_nodes SG_CLEANUP(sg_nodes_release) struct sg_nodes
SG_MUST_USE int sg_objects_read(struct sg_kustomize *k, const char *shown,
                                const char *text, size_t len, struct sg_nodes *out,
                                struct sg_err *err);
/* Fails on what kustomize takes for no object: it asks for kind and metadata.name only,
 * and of a *List for no name. */
SG_MUST_USE int sg_object_check(struct sg_kustomize *k, const struct sg_node *node,
                                struct sg_err *err);
/*
 * To be called after a text was read that is the scalar at `outer` (but for its first
 * `skipped` lines): the places in the sources from index `first` on are then named in the
 * file that holds the scalar, and so is the place of the error that the reading ended
 * with (none: nothing).
 */
void sg_objects_embed(struct sg_kustomize *k, size_t first, uint32_t outer,
                      uint32_t skipped, struct sg_err *err);

#endif
