/*
 * upstream.h - the repository releases come from, read through libgit2: fetching into a
 * cache, releases from tags, trees as file systems. Nothing else sees <git2.h>.
 *
 * Where the bytes live. A URL that needs the network is mirrored (tags, and what a remote
 * base asks for) into a bare cache, $XDG_CACHE_HOME/sgupgrade/<hash of the URL>.git, that
 * is fetched incrementally and never pruned of objects, so a release that upstream took
 * back can still be rolled back to. A local path or file:// URL is read in place: it is
 * there without a fetch, always current (a moved tag is seen at once), and nothing is
 * copied; what we read are objects named by their digest, so a writer beside us does not
 * disturb. It is never written to.
 *
 * libgit2 starts with the first sg_upstream_open (its start costs more than a render) and
 * the object ids of files on disk (sg_git_*) are computed without it.
 *
 * Errors: SG_E_NET upstream cannot be reached (or is offline), SG_E_NOTFOUND a tag, path
 * or commit it does not have, SG_E_INPUT what we refuse, SG_E_PIN a moved tag, SG_E_IO
 * the cache. Each has a hint. Credentials in a URL never appear in a message.
 */
#ifndef SG_UPSTREAM_H
#define SG_UPSTREAM_H

#include "sg/fs.h"
#include "sg/remote.h"
#include "sg/version.h"

#define SG_GIT_HEX 40

/* --- URLs -------------------------------------------------------------------------- */

/*
 * Where the host of a URL ends ("ssh://git@host" of "ssh://git@host/x", "git@host:" of
 * "git@host:x"): an '@' before that is part of it. 0 for a path. By git's rule "host:x"
 * is a URL, where no '/' stands before the colon, whatever there is on this machine.
 */
size_t sg_upstream_url_host(const char *url);
/* The URL without user name and password, and whatever follows it; to be freed. */
char *sg_upstream_url_shown(const char *url);

/* --- opening and fetching -------------------------------------------------------- */

/* How far a fetch is; `total` figures are 0 until they are known. */
struct sg_upstream_progress {
    const char *what; /* "receiving objects", "fetching with git" …; static */
    size_t objects, total_objects;
    size_t bytes;
};

struct sg_upstream_opts {
    const char *url;   /* any git URL, or a path (relative to `dir`) */
    const char *dir;   /* the project's folder, for a relative path; NULL: ours */
    const char *cache; /* folder of the caches; NULL: $XDG_CACHE_HOME/sgupgrade, else
                          ~/.cache/sgupgrade */
    const char *tag;   /* how a version names its tag; NULL: "v{version}" */
    bool offline;      /* never touch the network: only what the cache has */
    bool other;        /* it is not the upstream of a project, whose settings messages
                          name then */
    /* Called some times a second during a fetch, on this thread; NULL for none. */
    void (*progress)(void *ctx, const struct sg_upstream_progress *progress);
    void *progress_ctx;
};

struct sg_upstream;

/*
 * Opens a local repository in place, or the cache of a URL. The network is not touched:
 * a URL that was never fetched opens and is empty (see sg_upstream_empty). All strings of
 * `opts` are copied. Free with sg_upstream_free; trees made from it stay valid after
 * that.
 */
SG_MUST_USE struct sg_upstream *sg_upstream_open(const struct sg_upstream_opts *opts,
                                                 struct sg_err *err);
/* NULL is ignored. */
void sg_upstream_free(struct sg_upstream *up);
void sg_upstream_freep(struct sg_upstream **up);
#define sg_auto_upstream SG_CLEANUP(sg_upstream_freep) struct sg_upstream *

/* The URL or path for messages, without credentials; borrowed. */
const char *sg_upstream_shown(const struct sg_upstream *up);
/* It is read in place, so there is nothing to fetch. */
bool sg_upstream_local(const struct sg_upstream *up);
/* Nothing was ever fetched into this cache. */
bool sg_upstream_empty(const struct sg_upstream *up);

/*
 * Brings the cache up to date with upstream's tags: with libgit2, and where that fails
 * with `git fetch` into the same cache, so that ssh configuration and credential helpers
 * are git's. Of a local repository: nothing to do, 0. Offline: SG_E_NET. Safe beside
 * other fetches (a lock file a cache; the second one waits, then finds little to do).
 */
SG_MUST_USE int sg_upstream_fetch(struct sg_upstream *up, struct sg_err *err);
/* A fetch from upstream succeeded since the open (or it is read in place), so what the
 * tags say is what upstream says now: the moment to test a tag with sg_upstream_pin. */
bool sg_upstream_current(const struct sg_upstream *up);
/*
 * Adds the tags and commits of git bundle `file` (path relative to our folder) to the
 * cache, through the `git` program. Works offline. Of a local repository: SG_E_USAGE.
 */
SG_MUST_USE int sg_upstream_fetch_bundle(struct sg_upstream *up, const char *file,
                                         struct sg_err *err);

/* --- releases -------------------------------------------------------------------- */

/* A tag that names a version. */
struct sg_release {
    struct sg_version version;
    char *tag;                   /* "v3.20.1"; owned by the list */
    char commit[SG_GIT_HEX + 1]; /* what the tag leads to; annotated tags are peeled */
};
struct sg_releases {
    SG_VEC(struct sg_release) items; /* by version, oldest first */
};
void sg_releases_release(struct sg_releases *list);
#define sg_auto_releases SG_CLEANUP(sg_releases_release) struct sg_releases

/* Every tag that matches the tag pattern and leads to a commit; others are left out. An
 * empty cache is SG_E_NOTFOUND with "run fetch". Cost: one look-up a matching tag. */
SG_MUST_USE int sg_upstream_releases(struct sg_upstream *up, struct sg_releases *out,
                                     struct sg_err *err);

struct sg_commit {
    char tag[256]; /* "" where it was not found by a tag */
    char id[SG_GIT_HEX + 1];
    int64_t time;      /* committer date, seconds since 1970 */
    char date[24];     /* the same as "2020-10-01T12:00:00Z" */
    char subject[256]; /* first line of the message, cut at a code point */
};
/* The tag of exactly this version (as in "3.20.1", "3.20.1-2") and its commit. Unknown:
 * SG_E_NOTFOUND naming the nearest release. */
SG_MUST_USE int sg_upstream_release(struct sg_upstream *up, const struct sg_version *v,
                                    struct sg_commit *out, struct sg_err *err);
/* Commit `id` (40 hex digits); SG_E_NOTFOUND where the repository does not have it. */
SG_MUST_USE int sg_upstream_commit(struct sg_upstream *up, const char *id,
                                   struct sg_commit *out, struct sg_err *err);
/* Appends the commits in `to` and not in `from`, children before parents, at most `most`.
 * What cannot be walked (a shallow repository) leaves an empty or short list: then there
 * is nothing to tell, which is no error. */
struct sg_commit_id {
    char hex[SG_GIT_HEX + 1];
};
struct sg_commit_ids {
    SG_VEC(struct sg_commit_id) items;
};
void sg_upstream_between(struct sg_upstream *up, const char *from, const char *to,
                         size_t most, struct sg_commit_ids *out);
/* The tag still leads to the locked commit: 0. It leads elsewhere, or is gone: SG_E_PIN.
 * Says what upstream says only where sg_upstream_current is true. */
SG_MUST_USE int sg_upstream_pin(struct sg_upstream *up, const char *tag,
                                const char *commit, struct sg_err *err);

/* --- trees ----------------------------------------------------------------------- */

/*
 * Folder `path` ("" or "." for the root) of commit or tree `id` as a read-only file
 * system, without a checkout. Symbolic links are followed inside the folder; one that
 * leaves it is SG_E_INPUT when it is used. `shown` prefixes paths in messages
 * ("v3.20.1:base"); NULL: made from the commit id. Objects are read when asked for. Free
 * with sg_fs_free; it may outlive `up`.
 */
SG_MUST_USE struct sg_fs *sg_upstream_tree(struct sg_upstream *up, const char *id,
                                           const char *path, const char *shown,
                                           struct sg_err *err);
/* Git's tree id of folder `path` at commit `id`. No such folder: SG_E_NOTFOUND naming
 * what there is. */
SG_MUST_USE int sg_upstream_tree_id(struct sg_upstream *up, const char *id,
                                    const char *path, char out[SG_GIT_HEX + 1],
                                    struct sg_err *err);

/* One file of a tree or a folder. */
struct sg_git_file {
    char *path;    /* below the folder asked for; owned by the list */
    uint32_t mode; /* 0100644, 0100755, or 0120000: a link, its bytes the target */
    size_t size;   /* bytes */
    char id[SG_GIT_HEX + 1]; /* blob id */
};
struct sg_git_files {
    SG_VEC(struct sg_git_file) items; /* bytewise by path */
};
void sg_git_files_release(struct sg_git_files *files);
#define sg_auto_git_files SG_CLEANUP(sg_git_files_release) struct sg_git_files
/* The file at `path`, or NULL; binary search. */
const struct sg_git_file *sg_git_files_find(const struct sg_git_files *files,
                                            const char *path);

/*
 * The files of folder `path` at commit or tree `id`, as they would be vendored. Refuses
 * (SG_E_INPUT, naming the path) what does not survive a checkout: submodules, LFS
 * pointers, links that leave the folder or lead nowhere, names that differ only by case
 * (ASCII), names that git itself would not check out. A file over SG_FS_MAX_FILE bytes is
 * SG_E_LIMIT.
 */
SG_MUST_USE int sg_upstream_files(struct sg_upstream *up, const char *id,
                                  const char *path, struct sg_git_files *out,
                                  struct sg_err *err);
/* Appends the bytes of a blob (a file's `id`). */
SG_MUST_USE int sg_upstream_blob(struct sg_upstream *up, const char *id,
                                 struct sg_buf *out, struct sg_err *err);

/* --- object ids of files that are in no repository -------------------------------- */

/* Git's blob id of these bytes. */
void sg_git_blob_id(const void *bytes, size_t len, char out[SG_GIT_HEX + 1]);

struct sg_git_scan {
    const char *const *skip; /* files and folders left out, relative to the folder asked
                                for, NULL-terminated: a generated kustomization.yaml, a
                                vendored path inside this one. NULL for none */
    bool unix_line_ends;     /* read CRLF as LF: tells a checkout that changed only line
                                ends from an edit */
};
/*
 * The files below folder `path` of `fs`, read as raw bytes, with git's blob ids and
 * modes: what `git add` would record, without a repository, attributes or filters. `scan`
 * may be NULL. A missing folder gives no files.
 */
SG_MUST_USE int sg_git_files_scan(const struct sg_fs *fs, const char *path,
                                  const struct sg_git_scan *scan,
                                  struct sg_git_files *out, struct sg_err *err);
/* The tree id git gives a folder of exactly these files (sorted by path). */
void sg_git_files_tree(const struct sg_git_files *files, char out[SG_GIT_HEX + 1]);
/* sg_git_files_scan, then sg_git_files_tree. */
SG_MUST_USE int sg_git_tree_id(const struct sg_fs *fs, const char *path,
                               const struct sg_git_scan *scan, char out[SG_GIT_HEX + 1],
                               struct sg_err *err);

/* --- vtables of core -------------------------------------------------------------- */

/*
 * Which commit between two releases last changed a path. The walk is made on the first
 * question and remembered; `find` is false where the history is not there (a shallow
 * upstream) or nothing in between touched the path. Paths are upstream's, from its root.
 */
struct sg_upstream_cause;
struct sg_upstream_cause *sg_upstream_cause_new(struct sg_upstream *up, const char *from,
                                                const char *to);
void sg_upstream_cause_free(struct sg_upstream_cause *cause);
/* Borrows `cause`. */
struct sg_cause sg_upstream_cause_as(struct sg_upstream_cause *cause);

/*
 * Git URLs that kustomizations name (`url//path?ref=…`, split by the caller), through the
 * same caches: one cache a URL, opened once. A tag or commit that the cache has is not
 * fetched again; a branch, or no ref, is fetched once a command unless offline. Only
 * `dir`, `cache`, `offline` and progress of `opts` count, and are copied; `url` and `tag`
 * may be NULL.
 */
struct sg_upstream_remotes;
struct sg_upstream_remotes *sg_upstream_remotes_new(const struct sg_upstream_opts *opts);
void sg_upstream_remotes_free(struct sg_upstream_remotes *remotes);
/* Borrows `remotes`; the trees it opens may outlive it. */
struct sg_remote sg_upstream_remotes_as(struct sg_upstream_remotes *remotes);

/* A folder of a repository at one of its commits. */
struct sg_revision {
    struct sg_fs *fs;            /* may outlive what it was opened with */
    char commit[SG_GIT_HEX + 1]; /* that the revision is */
    char *repository; /* its folder on this machine; NULL: it was read from a cache */
};
void sg_revision_release(struct sg_revision *revision);
/*
 * Opens folder `folder` ("" for the root) of the repository at `url` as `revision` has
 * it. In a repository on this machine that is what `git rev-parse REVISION^{commit}` says
 * there, in a work tree, a bare or a shallow one; and a branch that only its origin has
 * is taken, too, as by `git switch`. Of any other URL it is a tag, a branch, a whole
 * commit id, or HEAD, its default branch, with the rules of `remotes`. SG_E_NOTFOUND
 * where there is no such repository, revision or folder.
 */
SG_MUST_USE int sg_upstream_revision(struct sg_upstream_remotes *remotes, const char *url,
                                     const char *revision, const char *folder,
                                     struct sg_revision *out, struct sg_err *err);

#endif
