/*
 * repo.h - the customer's project: finding and reading it, planning an upgrade of it,
 * performing one, and going back.
 *
 * A project is a folder with `sgupgrade.yaml`. Its git repository, where there is one, is
 * asked and changed through the `git` program, so that hooks, signing and filters are the
 * customer's; without git everything but `--commit`, `--branch` and `check --since`
 * works. Findings go into a plan (plan.h); an error is what makes a command stop with
 * nothing written.
 */
#ifndef SG_REPO_H
#define SG_REPO_H

#include "sg/chain.h"

#define SG_REPO_CONFIG "sgupgrade.yaml"
#define SG_REPO_LOCK   "sgupgrade.lock"

struct sg_config;   /* config.h */
struct sg_lock;     /* config.h */
struct sg_upstream; /* upstream.h */
struct sg_fs;

/* Told what is going on ("rendering production"), for a progress line; may be called
 * often. `total` is 0 where unknown. */
struct sg_repo_progress {
    void (*step)(void *ctx, const char *what, size_t done, size_t total);
    void *ctx;
};

/* What to do with an interrupted upgrade when somebody edited its files since: the values
 * of enum sg_txn_decision. */
enum sg_repo_interrupted { SG_REPO_ASK, SG_REPO_RESUME, SG_REPO_ABORT };

struct sg_repo_opts {
    const char *dir; /* where to look from, upward; NULL: the working directory */
    bool offline;    /* never contact upstream */
    const char *upstream_url; /* SGUPGRADE_UPSTREAM_URL; NULL or "": the config's */
    const char *cache_dir;    /* NULL: XDG_CACHE_HOME or ~/.cache, below it sgupgrade/ */
    const struct sg_diag_sink *diag; /* warnings that are no findings; NULL: none */
    struct sg_repo_progress progress;
    /* The command writes: waits for nobody (SG_E_LOCKED), and finishes or undoes an
     * interrupted transaction first. A reader does the same where it can. */
    bool writes;
    enum sg_repo_interrupted interrupted; /* apply --resume, --abort */
};

struct sg_repo;
/*
 * Opens the project that holds `opts->dir`. SG_E_NOTFOUND where there is none (the hint
 * names init), SG_E_INPUT for a faulty config or lock. Recovers an interrupted
 * transaction and says so through `diag`.
 */
SG_MUST_USE struct sg_repo *sg_repo_open(const struct sg_repo_opts *opts,
                                         struct sg_err *err);
void sg_repo_free(struct sg_repo *repo);
void sg_repo_freep(struct sg_repo **repo);
#define sg_auto_repo SG_CLEANUP(sg_repo_freep) struct sg_repo *

const char *sg_repo_root(const struct sg_repo *repo); /* absolute, no '/' at the end */
/* The project's folder in its git repository: "" at its root, and where there is none. By
 * the nearest .git alone, without asking git: in a CI system's container git refuses a
 * repository that another user checked out, and its name for a file is the same. */
const char *sg_repo_folder(const struct sg_repo *repo);
struct sg_atoms *sg_repo_atoms(struct sg_repo *repo); /* for the plans of this command */
const struct sg_config *sg_repo_config(const struct sg_repo *repo);
const struct sg_lock *sg_repo_lock(const struct sg_repo *repo);
/* The project's files as they are on disk. */
const struct sg_fs *sg_repo_fs(const struct sg_repo *repo);
/* True for a path of the project that the lock lists (base and its generated file). */
bool sg_repo_vendored(const struct sg_repo *repo, const char *path);

struct sg_repo_overlay {
    char *name; /* what follows the glob's literal prefix: "production", "eu/prod" */
    char *dir;  /* "overlays/production" */
};
struct sg_repo_overlays {
    SG_VEC(struct sg_repo_overlay) items; /* sorted by name */
};
void sg_repo_overlays_release(struct sg_repo_overlays *overlays);
#define sg_auto_repo_overlays SG_CLEANUP(sg_repo_overlays_release) struct sg_repo_overlays
/* The folders of `fs` that the config's globs name, without components and folders that
 * hold no kustomization. Two of one name are SG_E_INPUT. */
SG_MUST_USE int sg_repo_list_overlays(const struct sg_repo *repo, const struct sg_fs *fs,
                                      struct sg_repo_overlays *out, struct sg_err *err);

/* --- several projects ------------------------------------------------------------- */

struct sg_repo_projects {
    char *top;           /* the git repository's, or where the search began; absolute */
    SG_VEC(char *) dirs; /* below `top`, "" for itself; sorted by text */
};
void sg_repo_projects_release(struct sg_repo_projects *projects);
#define sg_auto_repo_projects SG_CLEANUP(sg_repo_projects_release) struct sg_repo_projects
/*
 * Every project of the git repository that holds `dir`; outside of git, every one in and
 * below `dir`. What a project vendors or renders, hidden folders, node_modules and
 * submodules are not looked into, links not followed. A folder that cannot be read is a
 * warning. SG_E_NOTFOUND where there is no project. Release `out`, on failure too.
 */
SG_MUST_USE int sg_repo_find_projects(const char *dir, const struct sg_diag_sink *diag,
                                      struct sg_repo_projects *out, struct sg_err *err);

/* --- init ------------------------------------------------------------------------- */

/* What a project that starts with more than an empty overlay asks of whoever makes it
 * (adopt). */
struct sg_repo_start {
    void *ctx;
    /* The release to start from, as on a command line, into `out`; NULL: opts->version.
     */
    int (*version)(void *ctx, struct sg_upstream *up, const struct sg_config *config,
                   struct sg_buf *out, struct sg_err *err);
    /* Gives every file of the first overlay to `put`. `project` is what will be there:
     * with the base in place, nothing of it written yet. */
    int (*files)(void *ctx, const struct sg_fs *project, const struct sg_config *config,
                 const char *version,
                 void (*put)(void *to, const char *path, const char *text, size_t len),
                 void *to, struct sg_err *err);
};
struct sg_repo_init_opts {
    const char *dir;          /* where; NULL: the working directory */
    const char *upstream;     /* URL or path, as it goes into the config */
    const char *version;      /* V; NULL: latest */
    const char *const *paths; /* "base" or "from:to"; none: "base" */
    size_t paths_len;
    const char *tag; /* tag pattern; NULL: v{version}, or what upstream has */
    const struct sg_repo_start *start; /* NULL: with an empty overlay */
    const struct sg_repo_opts *common;
};
struct sg_repo_result {
    struct sg_arena arena;        /* owns the strings */
    const char *from, *to;        /* versions; "" for none */
    SG_VEC(const char *) written; /* project paths made, changed or removed, sorted */
    SG_VEC(const char *) commits; /* with --commit: one a hop, in order */
    SG_VEC(const char *) deploy;  /* the versions to deploy, each before the next */
    bool nothing;                 /* there was nothing to do */
    /* rollback: files whose bytes differ from what sgupgrade wrote, with no decision */
    SG_VEC(const char *) undecided;
    double fsync_seconds; /* spent on durability, for the bench */
};
void sg_repo_result_init(struct sg_repo_result *result);
void sg_repo_result_release(struct sg_repo_result *result);
#define sg_auto_repo_result SG_CLEANUP(sg_repo_result_release) struct sg_repo_result
/* Starts a project: config, lock, base at V, overlays/default, .gitattributes.
 * SG_E_EXISTS where one is, or where a path to vendor has files already. */
SG_MUST_USE int sg_repo_init(const struct sg_repo_init_opts *opts,
                             struct sg_repo_result *result, struct sg_err *err);

/* --- planning, applying ----------------------------------------------------------- */

struct sg_repo_plan_opts {
    const char *to;              /* V as typed; NULL: next for status, latest for diff */
    const char *const *overlays; /* names to look at; none: all. diff only */
    size_t overlays_len;
    const char *const *accepts; /* CODE:OBJECT[:PATH]=REASON */
    size_t accepts_len;
    const char *const *retires; /* OBJECT[:PATH] */
    size_t retires_len;
    const char *const *retargets; /* OBJECT[:PATH]=HEIR */
    size_t retargets_len;
    bool merge_hidden, tidy;       /* sg_planner_opts */
    const char *const *as_patches; /* OBJECT */
    size_t as_patches_len;
    bool to_save; /* note what each hop renders to: the plan is to be saved */
};
/* Plans every hop from the lock to `to`, writes nothing. Already there: a plan without
 * hops. `plan` is initialised with sg_repo_atoms. */
SG_MUST_USE int sg_repo_diff(struct sg_repo *repo, const struct sg_repo_plan_opts *opts,
                             struct sg_plan *plan, struct sg_err *err);

struct sg_repo_apply_opts {
    struct sg_repo_plan_opts plan;
    bool dry_run;
    bool commit;        /* one commit a hop */
    const char *branch; /* make and switch to it first; NULL: stay */
    bool allow_dirty;
};
/*
 * Performs the upgrade. A blocked plan (plan->blocked, or a failed base check) writes
 * nothing and returns 0: see plan->exit. Dirty files are SG_E_DIRTY. One transaction a
 * hop; an error in the middle leaves the hops before it applied, and says so.
 */
SG_MUST_USE int sg_repo_apply(struct sg_repo *repo, const struct sg_repo_apply_opts *opts,
                              struct sg_plan *plan, struct sg_repo_result *result,
                              struct sg_err *err);

/*
 * The same in two steps, for who has to look at the plan, or at the plans of several
 * projects, before anything is written. What `opts` points to, and `plan`, are borrowed
 * until the end.
 * NULL on an error; free what is returned.
 */
struct sg_repo_applying;
SG_MUST_USE struct sg_repo_applying *
sg_repo_apply_begin(struct sg_repo *repo, const struct sg_repo_apply_opts *opts,
                    struct sg_plan *plan, struct sg_err *err);
SG_MUST_USE int sg_repo_apply_write(struct sg_repo_applying *applying,
                                    struct sg_repo_result *result, struct sg_err *err);
void sg_repo_applying_free(struct sg_repo_applying *applying);
/* The branch of the options is there already: stay on it. */
void sg_repo_apply_on_branch(struct sg_repo_applying *applying);

struct sg_repo_check_opts {
    const char *since;             /* a git revision; NULL */
    const char *to;                /* V; NULL. At most one of the two */
    struct sg_repo_plan_opts plan; /* accepts */
};
/* Plain: base as locked, overlays render, rendered/ up to date. `since`: also the plan
 * from the lock at that revision to here. `to`: as apply without writing. */
SG_MUST_USE int sg_repo_check(struct sg_repo *repo, const struct sg_repo_check_opts *opts,
                              struct sg_plan *plan, struct sg_err *err);

struct sg_repo_explain_opts {
    struct sg_chain_query query;
    const char *const *overlays; /* names to look at; none: all */
    size_t overlays_len;
};
/* Follows a field of the present state through the render of every overlay that has it;
 * never contacts upstream. Errors as sg_chains_find's. */
SG_MUST_USE int sg_repo_explain(struct sg_repo *repo,
                                const struct sg_repo_explain_opts *opts,
                                struct sg_chains *out, struct sg_err *err);

/*
 * Whether a saved plan was made from this project as it is now: folder, lock, config and
 * every file it names. SG_E_DIRTY names the first that differs, SG_E_USAGE another
 * project. It says nothing of upstream, nor of files that came since: those show in the
 * plan that is made again.
 */
SG_MUST_USE int sg_repo_fits_plan(const struct sg_repo *repo,
                                  const struct sg_plan_origin *origin,
                                  struct sg_err *err);

/* --- history ---------------------------------------------------------------------- */

struct sg_repo_rollback_opts {
    const char *to; /* V of an earlier entry; NULL: the one before */
    const char *const *keep, *const *discard; /* paths of files edited since */
    size_t keep_len, discard_len;
    bool allow_dirty;
    bool dry_run;
};
/*
 * Restores every byte of an earlier entry, without network: the old base comes from the
 * cache by its tree id, else from the project's own git objects. Where a customer file
 * differs from what sgupgrade wrote and no `keep` or `discard` names it, nothing is
 * written, result->undecided lists it and SG_E_DECISION is returned.
 */
SG_MUST_USE int sg_repo_rollback(struct sg_repo *repo,
                                 const struct sg_repo_rollback_opts *opts,
                                 struct sg_repo_result *result, struct sg_err *err);

struct sg_repo_log_entry {
    const char *version, *tag, *commit, *date; /* date: of upstream's commit, ISO 8601 */
    SG_VEC(const char *) files;                /* customer files this step edited */
    bool current;
};
struct sg_repo_log {
    struct sg_arena arena;
    SG_VEC(struct sg_repo_log_entry) entries; /* newest first */
};
void sg_repo_log_release(struct sg_repo_log *log);
SG_MUST_USE int sg_repo_read_log(struct sg_repo *repo, struct sg_repo_log *out,
                                 struct sg_err *err);

/* --- status, versions ------------------------------------------------------------- */

struct sg_repo_health {
    const char *overlay, *dir;
    size_t objects;                 /* rendered now; 0 where it does not render */
    size_t errors, warnings, infos; /* findings of the present state */
    const char *problem;            /* the first error's message, or NULL */
    struct sg_place at;
};
struct sg_repo_status {
    struct sg_arena arena;
    const char *upstream;         /* its URL as configured */
    const char *current, *commit; /* of the lock */
    const char *next, *latest;    /* NULL: nothing newer */
    const char *contacted;        /* NULL when upstream was asked; else why it was not */
    size_t newer;                 /* releases over the current one */
    size_t hops;                  /* steps from here to latest */
    bool blocked;                 /* the base or the tag is not as locked */
    bool dirty;                   /* uncommitted changes where apply would stop */
    SG_VEC(struct sg_repo_health) overlays;
};
void sg_repo_status_release(struct sg_repo_status *status);
/* `plan` (initialised) gets the findings of the present state. */
SG_MUST_USE int sg_repo_read_status(struct sg_repo *repo, struct sg_repo_status *out,
                                    struct sg_plan *plan, struct sg_err *err);

struct sg_repo_release {
    const char *version, *tag, *commit, *date; /* date "" where unknown */
    bool current, skipped, prerelease;
    uint32_t hop; /* 1-based place among the hops from here to latest; 0: none */
};
struct sg_repo_releases {
    struct sg_arena arena;
    const char *contacted; /* NULL when upstream was asked; else why it was not */
    SG_VEC(struct sg_repo_release) items; /* oldest first */
};
void sg_repo_releases_release(struct sg_repo_releases *releases);
/* What upstream offers, and which of it the way from here to latest takes. */
SG_MUST_USE int sg_repo_read_releases(struct sg_repo *repo, struct sg_repo_releases *out,
                                      struct sg_err *err);

/* Fills the cache: everything, or up to `to`; from `bundle` instead of the network where
 * that is given. `*version` (in the result's arena) is what `to` came to. */
SG_MUST_USE int sg_repo_fetch(struct sg_repo *repo, const char *to, const char *bundle,
                              struct sg_repo_result *result, struct sg_err *err);

#endif
