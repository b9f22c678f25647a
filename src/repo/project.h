/*
 * project.h - what the parts of the repo layer share.
 */
#ifndef SG_REPO_PROJECT_H
#define SG_REPO_PROJECT_H

#include "sg/config.h"
#include "sg/repo.h"
#include "sg/strmap.h"
#include "sg/txn.h"
#include "sg/upstream.h"
#include "sg/versions.h"

struct sg_repo {
    struct sg_repo_opts opts; /* strings are copies in `arena` */
    struct sg_arena arena;
    char *root;
    struct sg_atoms *atoms;
    struct sg_fs *disk; /* the project's folder */
    char *top;          /* of its git repository, by where .git lies; NULL: in none */
    struct sg_buf config_text, lock_text;
    struct sg_config config;
    struct sg_lock lock;
    struct sg_upstream *upstream; /* NULL until it is asked for */
    struct sg_upstream_remotes *remotes;
    struct sg_remote remote; /* remote bases of overlays, over `remotes` */
    struct sg_disk *writer;
    struct sg_txn *txn; /* holds the lock; NULL where the folder cannot be locked */
};

/* The folder `root`; nothing is read from it and nothing locked. */
SG_MUST_USE struct sg_repo *repo_blank(const char *root, const struct sg_repo_opts *opts,
                                       struct sg_err *err);
/* A transaction to put changes into: the one that is open, or the next. */
SG_MUST_USE struct sg_txn *repo_txn(struct sg_repo *repo, struct sg_err *err);
/* After a commit: reads config and lock again. */
SG_MUST_USE int repo_reload(struct sg_repo *repo, struct sg_err *err);
/* The path leads out of the project, to what it shares with others of its repository. */
bool is_beside(const char *path);
/* Joins a project path and a name below it; appended. */
void repo_path(const char *dir, const char *name, struct sg_buf *out);
/* The folder at or above the absolute path `dir` that holds a .git; malloced, NULL for
 * none. */
char *find_top(const char *dir);
/* The project's folder below the top of its git repository; "" for the top itself, and
 * outside of git. */
const char *place_in_git(const struct sg_repo *repo);
const char *repo_strdup(struct sg_repo *repo, const char *text);

/* Opened on the first question; contacts nobody. */
SG_MUST_USE struct sg_upstream *repo_upstream(struct sg_repo *repo, struct sg_err *err);
/* Opened and brought up to date, unless offline. */
SG_MUST_USE struct sg_upstream *repo_contact(struct sg_repo *repo, struct sg_err *err);
const struct sg_remote *repo_remote(struct sg_repo *repo);
void repo_progress(const struct sg_repo *repo, const char *what, size_t done,
                   size_t total);

/* --- one release as it is vendored (base.c) --------------------------------------- */

struct base_path {
    char *from, *to;
    char tree[SG_GIT_HEX + 1];
    struct sg_fs *fs; /* the folder at the release's commit, read into memory: it is
                         rendered more than once */
    struct sg_git_files files;
    char *generated; /* text of a kustomization.yaml that upstream has not */
};
struct base {
    struct sg_commit release;
    char version[SG_VERSION_TEXT];
    SG_VEC(struct base_path) paths; /* by `to`: outer folders before those inside */
};
void base_release(struct base *base);
#define auto_base SG_CLEANUP(base_release) struct base

/* Reads release `version` as the config's paths vendor it. */
SG_MUST_USE int base_read(struct sg_repo *repo, const struct sg_version *version,
                          struct base *out, struct sg_err *err);
/* The same of a lock entry, from upstream's objects: nothing is fetched. */
SG_MUST_USE int base_of_entry(struct sg_repo *repo, const struct sg_lock_entry *entry,
                              struct base *out, struct sg_err *err);
/* Lays the base over a view (an sg_fs_over); what `old` vendored and this one has not is
 * removed. `old` may be NULL. The base must outlive the view. */
SG_MUST_USE int base_mount(const struct sg_repo *repo, const struct base *base,
                           const struct sg_lock_entry *old, struct sg_fs *view,
                           struct sg_err *err);
/* Fills the entry from the base; strings go to the lock's arena. */
void base_lock(const struct base *base, struct sg_lock *lock,
               struct sg_lock_entry *entry);
/* The files of `path` of an entry in `fs` (a project), without those made by us and those
 * of vendored paths inside it. */
SG_MUST_USE int entry_scan(const struct sg_fs *fs, const struct sg_lock_entry *entry,
                           const struct sg_lock_path *path, bool unix_line_ends,
                           struct sg_git_files *out, struct sg_err *err);
/* The project at a commit of its own repository (own_tree.c). */
SG_MUST_USE struct sg_fs *repo_at(const struct sg_repo *repo, const char *commit,
                                  struct sg_err *err);
/* `path` is vendored by this entry. */
bool entry_vendors(const struct sg_lock_entry *entry, const char *path);

/* Compares the folder with the lock: an SG401 finding for each path that differs. */
SG_MUST_USE int base_check(struct sg_repo *repo, struct sg_plan *plan,
                           struct sg_err *err);
/* SG402 where upstream says another commit for the locked tag than the lock. */
SG_MUST_USE int tag_check(struct sg_repo *repo, struct sg_plan *plan, struct sg_err *err);

/* The text of a kustomization.yaml that lists the manifests of `fs`; NULL where there is
 * a kustomization already, or nothing to list. */
SG_MUST_USE int generated_make(const struct sg_fs *fs, char **out, struct sg_err *err);

/* --- git (git.c) ------------------------------------------------------------------ */

/* Hex digits of an id of the customer's repository: SHA-1 has 40, SHA-256 has 64. Ids of
 * upstream and in the lock are SHA-1 always (SG_GIT_HEX). */
#define GIT_ID 64

/* Runs git in the project's folder; `args` is NULL-terminated and without "git". The exit
 * code goes to `*status`; with `status` NULL a failure is SG_E_IO with git's own words.
 */
SG_MUST_USE int git_run(const struct sg_repo *repo, const char *const *args,
                        const struct sg_buf *in, struct sg_buf *out, int *status,
                        struct sg_err *err);
/* Whether the folder is in a git work tree. SG_E_IO with git's words where a .git is
 * there but git cannot be run or refuses it (another user's repository): what it would
 * say of uncommitted changes is not known then. */
SG_MUST_USE int git_here(const struct sg_repo *repo, bool *here, struct sg_err *err);
/* Paths that are changed, staged or untracked, as seen from the project: all in it, and
 * of `beside` (paths that begin with ".."). Empty outside a work tree; errors as
 * git_here. */
struct git_paths {
    SG_VEC(const char *) items; /* borrowed */
};
struct git_status {
    SG_VEC(char *) paths;
};
void git_status_release(struct git_status *status);
SG_MUST_USE int git_status_read(const struct sg_repo *repo,
                                const struct git_paths *beside, struct git_status *out,
                                struct sg_err *err);
/* A pathspec for this path below the project and no other: '*' and a first ':' are but
 * letters in it. malloced. */
char *git_pathspec(const char *path);
/* The commit that `revision` names; SG_E_NOTFOUND also outside a work tree. */
SG_MUST_USE int git_commit_of(const struct sg_repo *repo, const char *revision,
                              char out[GIT_ID + 1], struct sg_err *err);
/* Copies the id on the next line of a list and moves on; false at the end. */
bool git_next_id(const char **list, char out[GIT_ID + 1]);
/* The id that this repository gives a blob of these bytes. */
SG_MUST_USE int git_blob_of(const struct sg_repo *repo, const void *bytes, size_t len,
                            char out[GIT_ID + 1], struct sg_err *err);
/* The project's folder inside its work tree: "" or "a/b". */
SG_MUST_USE int git_prefix(const struct sg_repo *repo, struct sg_buf *out,
                           struct sg_err *err);
/* HEAD, "" before the first commit. */
SG_MUST_USE int git_head(const struct sg_repo *repo, char out[GIT_ID + 1],
                         struct sg_err *err);

/* --- the commit of a hop (commit.c) ----------------------------------------------- */

/* Makes the commit of the state on disk, unless it is made: sg_txn_finish_fn, the context
 * is the repo. `lock_blob` is the new lock's blob id. */
SG_MUST_USE int commit_finish(void *ctx, const char *parent, const char *lock_blob,
                              struct sg_err *err);

/* The files are old again: so is what git has staged of them. sg_txn_opts.give_up. */
void commit_give_up(void *ctx);
/* SG_E_USAGE where git ignores the lock, which is then in no commit. */
SG_MUST_USE int commit_refuse_ignored(const struct sg_repo *repo, struct sg_err *err);

/* --- the dirty rule (dirty.c) ----------------------------------------------------- */

/* Paths read while something was rendered. */
struct seen;
struct seen *seen_new(void);
void seen_free(struct seen *seen);
void seen_path(void *ctx, const char *path, enum sg_fs_type type); /* sg_fs_seen_fn */
bool seen_has(const struct seen *seen, const char *path);
/* Has the transaction look after every file that was read. */
SG_MUST_USE int seen_watch(const struct seen *seen, struct sg_txn *txn,
                           struct sg_err *err);
/* Notes the customer's files that were read, path and digest, in plan->inputs. */
SG_MUST_USE int seen_inputs(const struct sg_repo *repo, const struct seen *seen,
                            struct sg_plan *plan, struct sg_err *err);
/* SG_E_DIRTY naming the files where anything the upgrade reads or writes is uncommitted
 * and not of our writing. */
SG_MUST_USE int dirty_check(struct sg_repo *repo, const struct seen *seen,
                            struct sg_err *err);
/* Only asks; where git cannot tell, that is a warning and the answer is no. */
void dirty_any(struct sg_repo *repo, const struct seen *seen, bool *dirty);

/* --- init (init.c) ---------------------------------------------------------------- */

#define INIT_OVERLAY_FILE "overlays/default/kustomization.yaml"
/* What init writes there. */
void init_overlay_text(const struct sg_config *config, struct sg_buf *out);

/* --- staged changes (stage.c) ----------------------------------------------------- */

struct staged {
    char *path;
    char *bytes; /* NULL: the file is removed */
    size_t len;
    uint32_t mode; /* as sg_txn_put takes it */
    bool text;     /* the same with CRLF is the same */
};
struct stage {
    SG_VEC(struct staged) items; /* sorted by path when it is written */
};
void stage_release(struct stage *stage);
#define auto_stage SG_CLEANUP(stage_release) struct stage
void stage_put(struct stage *stage, const char *path, const void *bytes, size_t len,
               uint32_t mode);
/* Text that has no carriage return, whose line ends a checkout may make CRLF
 * (core.autocrlf) without changing what it says. */
void stage_put_text(struct stage *stage, const char *path, const char *text, size_t len);
void stage_remove(struct stage *stage, const char *path);
/* Sorts, the last word on a path wins, and drops what is on disk already: bytes, and
 * where a mode is given its execute bit. */
SG_MUST_USE int stage_settle(const struct sg_repo *repo, struct stage *stage,
                             struct sg_err *err);
void stage_into(const struct stage *stage, struct sg_txn *txn);
/* Lays the changes over a view. */
void stage_over(const struct stage *stage, struct sg_fs *view);
/* The base's files, and removals of what the old entry has beyond them. */
SG_MUST_USE int stage_base(struct sg_repo *repo, struct stage *stage,
                           const struct base *base, const struct sg_lock_entry *old,
                           struct sg_err *err);

void result_written(struct sg_repo_result *result, const struct stage *stage);
/* Writes the staged changes as one transaction and reads the project again. With `commit`
 * a git commit belongs to it. */
/* `seen` (may be NULL) are the files that were read: the transaction stops where one
 * changes before the switch. */
SG_MUST_USE int transact(struct sg_repo *repo, const struct stage *stage,
                         const struct seen *seen, bool commit, sg_txn_verify_fn *verify,
                         void *ctx, struct sg_repo_result *result, struct sg_err *err);

/* --- rendered/ (rendered.c) ------------------------------------------------------- */

/* Stages rendered/<name>/ of one overlay: one object a file, stale files removed.
 * `render` NULL or opaque: left alone. */
SG_MUST_USE int rendered_stage(const struct sg_repo *repo, const struct sg_fs *disk,
                               const char *overlay, const struct sg_render *render,
                               struct stage *stage, struct sg_err *err);
/* Stages the removal of what was rendered of overlays that are not among these
 * (rendered_gone.c); all that the project has must be among them. */
SG_MUST_USE int rendered_stage_gone(const struct sg_repo *repo, const struct sg_fs *disk,
                                    const struct sg_repo_overlays *overlays,
                                    struct stage *stage, struct sg_err *err);
/* "deployment.apps_prod_web.yaml"; appended. */
void rendered_name(const char *group, const char *kind, const char *namespace,
                   const char *name, struct sg_buf *out);
/* It looks like one of them. */
bool rendered_is_name(const char *name);

/* --- versions and hops (target.c) ------------------------------------------------- */

struct target {
    struct sg_version from, to;
    struct sg_versions versions;
    struct sg_version_list hops; /* the last is `to`; none: already there */
};
/* What upstream has, by the config's rules. */
SG_MUST_USE int versions_read(struct sg_repo *repo, struct sg_upstream *up,
                              struct sg_versions *out, struct sg_err *err);
void target_release(struct target *target);
#define auto_target SG_CLEANUP(target_release) struct target
/* What `asked` (NULL: latest) means from the lock's version. A version below the lock is
 * SG_E_USAGE pointing to rollback. */
SG_MUST_USE int target_find(struct sg_repo *repo, const char *asked, struct target *out,
                            struct sg_err *err);

/* --- notes of upstream (notes.c) -------------------------------------------------- */

struct notes {
    struct sg_arena arena;
    const char *where; /* the file or address they are from; NULL: the config has none */
    SG_VEC(struct sg_plan_note) items;
};
void notes_release(struct notes *notes);
#define auto_notes SG_CLEANUP(notes_release) struct notes
/* The sections of a Markdown text that are for one who goes from `from` to `to`, by the
 * versions in their headings; appended. No bytes fail. */
void notes_parse(const char *text, size_t len, const struct sg_version *from,
                 const struct sg_version *to, struct notes *out);
/*
 * What upstream asks for between two releases, read at the tag of the second; nothing
 * where the config names no notes or the file is not there. A URL is fetched (with
 * --offline from the cache); where it cannot be, the note is its address.
 */
SG_MUST_USE int notes_read(struct sg_repo *repo, const struct base *base,
                           const struct sg_version *from, const struct sg_version *to,
                           struct notes *out, struct sg_err *err);
/* Drops what an earlier hop said already: a section about two versions may be met twice.
 */
void notes_once(struct notes *notes, struct sg_strmap *said);

#endif
