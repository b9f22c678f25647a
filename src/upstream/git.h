/*
 * git.h - inside the upstream layer: the opened upstream and the way libgit2's failures
 * become ours. Only files of this folder include it, and with it libgit2.
 */
#ifndef SG_UPSTREAM_GIT_H
#define SG_UPSTREAM_GIT_H

#include "libgit2.h"

#include "sg/arena.h"
#include "sg/strmap.h"
#include "sg/upstream.h"

/* memo.c: what was read of the repository. */
struct memo {
    struct sg_arena arena; /* of the blobs … */
    size_t bytes;          /* … and how much of it */
    struct sg_strmap blobs, listings;
    SG_VEC(struct sg_git_files *) owned; /* the listings … */
    size_t files;                        /* … and how many files they have */
};
void memo_release(struct memo *memo);
/* Fills `out` and returns true where the folder was listed before. */
bool memo_files(const struct memo *memo, const char *id, const char *path,
                struct sg_git_files *out);
void memo_keep_files(struct memo *memo, const char *id, const char *path,
                     const struct sg_git_files *files);
/* NULL: it was not read, or is too large to be kept. */
const struct sg_str *memo_blob(const struct memo *memo, const git_oid *oid);
void memo_keep_blob(struct memo *memo, const git_oid *oid, const void *bytes, size_t len);

struct sg_upstream {
    size_t refs;          /* ours and one a tree: a tree may outlive the upstream */
    git_repository *repo; /* NULL: a cache that was never made */
    char *url;            /* as given, with credentials: only for git and libgit2 */
    char *shown;          /* for people */
    char *path;           /* of the repository: the cache, or the local one */
    char *cache_root;     /* NULL for a local one */
    char *tag_prefix, *tag_suffix; /* around the version */
    bool local, offline, current;
    bool other; /* no project's upstream: messages name no settings */
    void (*progress)(void *ctx, const struct sg_upstream_progress *progress);
    void *progress_ctx;
    struct memo memo;
};

struct sg_upstream *upstream_ref(struct sg_upstream *up);

/* --- open.c ----------------------------------------------------------------------- */

/* The folder of all caches, to be freed: `given`, or by the XDG base directory rules,
 * where a relative XDG_CACHE_HOME is ignored. NULL (SG_E_IO) where there is no place. */
char *upstream_cache_root(const char *given, struct sg_err *err);

/* --- url.c ------------------------------------------------------------------------ */

/*
 * What a URL is: `*path` gets the local path (to be freed) or NULL where the network is
 * needed. SG_E_INPUT for an empty URL, one that starts with '-', one with control bytes,
 * and transports that are programs (ext::).
 */
SG_MUST_USE int upstream_url_local(const char *url, const char *dir, char **path,
                                   struct sg_err *err);

/* --- error.c ---------------------------------------------------------------------- */

/*
 * The failure of a libgit2 call that has just returned `rc`: ours followed by libgit2's
 * words, which are copied before anything else runs (they are kept a thread and may be
 * NULL). Every occurrence of `up`'s URL in them is replaced by the shown one; `up` may be
 * NULL.
 */
SG_PRINTF(5, 6)
int upstream_fail(struct sg_err *err, enum sg_code code, const struct sg_upstream *up,
                  int rc, const char *fmt, ...);
/* As upstream_fail for an object that cannot be read: SG_E_IO, and the hint says how to
 * mend a damaged cache or repository. */
SG_PRINTF(4, 5)
int upstream_fail_object(struct sg_err *err, const struct sg_upstream *up, int rc,
                         const char *fmt, ...);
/* Opening the repository at `path` failed because it is somebody else's. libgit2 1.5.1
 * says GIT_ENOTFOUND instead of GIT_EOWNER where no configuration has a safe.directory.
 */
bool upstream_owner_refused(const char *path, int rc);
/* Opening repository `up->path` failed with `rc`: owner, permission, not a repository. */
int upstream_fail_open(struct sg_err *err, const struct sg_upstream *up, int rc);
/* As much of `text` as fits into `cap` bytes, never half a code point. */
void upstream_copy_cut(char *out, size_t cap, const char *text);
/* Appends `text` with every `url` in it replaced by `shown`. */
void upstream_hide_url(struct sg_buf *out, const char *text,
                       const struct sg_upstream *up);

/* --- fetch.c ---------------------------------------------------------------------- */

/* A file in the cache that says whose it is, written after a fetch that succeeded. */
#define UPSTREAM_MARK "sgupgrade-upstream"

/* Makes the cache where it is missing and brings these refspecs up to date. */
SG_MUST_USE int upstream_fetch_refs(struct sg_upstream *up, const char *const *refspecs,
                                    size_t count, struct sg_err *err);

/* --- objects.c -------------------------------------------------------------------- */

/* The repository, or SG_E_NOTFOUND with "run fetch" where nothing was ever fetched. */
SG_MUST_USE int upstream_need(const struct sg_upstream *up, struct sg_err *err);
/* The tree of commit, tag or tree `id` (hex). Freed by the caller. */
SG_MUST_USE int upstream_root(const struct sg_upstream *up, const char *id,
                              git_tree **out, struct sg_err *err);
/* The tree of folder `path` below it; SG_E_NOTFOUND naming what there is. */
SG_MUST_USE int upstream_folder(const struct sg_upstream *up, const char *id,
                                const char *path, git_tree **out, struct sg_err *err);
/* Appends blob `oid`, called `shown` in messages. */
SG_MUST_USE int upstream_read_blob(struct sg_upstream *up, const git_oid *oid,
                                   const char *shown, struct sg_buf *out,
                                   struct sg_err *err);

#endif
