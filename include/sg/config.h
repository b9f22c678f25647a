/*
 * config.h - the two files of a project: sgupgrade.yaml (hand written: what we follow and
 * how) and sgupgrade.lock (written by us: what we have, and how to get back).
 */
#ifndef SG_CONFIG_H
#define SG_CONFIG_H

#include "sg/arena.h"
#include "sg/buf.h"
#include "sg/err.h"
#include "sg/version.h"

#define SG_CONFIG_FILE    "sgupgrade.yaml"
#define SG_LOCK_FILE      "sgupgrade.lock"
#define SG_CONFIG_VERSION "sgupgrade/v1"

/* --- sgupgrade.yaml --------------------------------------------------------------- */

/*
 * Strings are NUL-terminated, belong to the config and live until it is released. `at` is
 * where an entry stands in the file, so that a message can point there; it is all zero
 * for a default. Lists keep the order of the file.
 */

/* A piece of text with its place: a glob of `overlays`, an entry of `external`. */
struct sg_config_text {
    const char *text;
    struct sg_pos at;
};
struct sg_config_texts {
    SG_VEC(struct sg_config_text) items;
};

/* `base`, or `{from: kubernetes/base, to: base}`; both cleaned, relative to the root of
 * upstream and to the project's folder; `from` is "" for upstream's root. */
struct sg_config_path {
    const char *from, *to;
    struct sg_pos at;
};

struct sg_config_skip {
    struct sg_version version;
    struct sg_pos at;
};

/* What the cluster may jump at once. */
enum sg_config_step { SG_STEP_MINOR, SG_STEP_MAJOR, SG_STEP_NONE };
enum sg_config_verify { SG_VERIFY_NONE, SG_VERIFY_SIGNED };
enum sg_config_secrets { SG_SECRETS_REFUSE, SG_SECRETS_OMIT, SG_SECRETS_WRITE };
enum sg_config_repair { SG_REPAIR_AUTO, SG_REPAIR_REPORT };

/* Extra list keys for a kind without a schema. */
struct sg_config_merge_key {
    const char *group; /* "" for the core group */
    const char *kind;
    const char *path;            /* dotted, of the list: "spec.rules" */
    struct sg_config_texts keys; /* at least one */
    struct sg_pos at;
};

/* A finding that was agreed to. `object`, `overlay` and `path` are globs (sg_path_glob).
 */
struct sg_config_accept {
    const char *code; /* "SG301" */
    const char *object;
    const char *overlay; /* NULL: any */
    const char *path;    /* NULL: any */
    const char *to;      /* only on the way to this version; NULL: always */
    const char *reason;
    const char *expires; /* "2027-03-31", the last day it holds; NULL: never */
    struct sg_pos at;
};

struct sg_config {
    const char *name; /* as shown in messages */
    struct {
        const char *url;
        SG_VEC(struct sg_config_path) paths; /* at least one, no `to` twice */
        const char *tag;                     /* holds "{version}" exactly once */
        SG_VEC(struct sg_config_skip) skip;
        const char *notes; /* NULL: none */
        enum sg_config_verify verify;
        struct sg_pos at, url_at, tag_at, notes_at;
    } upstream;
    struct sg_config_texts overlays; /* globs */
    enum sg_config_step step;
    const char *kubernetes; /* "1.29", NULL: the check is off */
    const char *rendered;   /* cleaned path; NULL: rendered manifests are not written */
    enum sg_config_secrets rendered_secrets;
    enum sg_config_repair repair;
    struct sg_config_texts external; /* "Secret/ns/name", "ClusterRole/name" */
    SG_VEC(struct sg_config_merge_key) merge_keys;
    SG_VEC(struct sg_config_accept) accept;
    struct sg_pos overlays_at, step_at, kubernetes_at, rendered_at;
    struct sg_arena arena; /* holds the strings */
};

/*
 * Reads and validates the text of a sgupgrade.yaml called `name`. `out` is overwritten;
 * release it with sg_config_release, on failure too. Fails with SG_E_INPUT and the
 * position on: YAML that does not parse, a repeated or unknown field (with a "did you
 * mean"), a value of another type or outside its set, a path that is absolute or leaves
 * the project, overlapping paths that cannot both be vendored (the same `to` twice, or
 * `to` and `rendered` sharing a place), a tag pattern without {version}, an accept entry
 * without code, object or reason, or with a date that is none.
 */
SG_MUST_USE int sg_config_read(struct sg_config *out, const char *name, const char *text,
                               size_t len, struct sg_err *err);
void sg_config_release(struct sg_config *config);
#define sg_auto_config SG_CLEANUP(sg_config_release) struct sg_config

/*
 * The name of the overlay in folder `dir` by these globs: what follows the literal prefix
 * of the first glob that matches ("prod" of overlays/prod by overlays/STAR, "eu/prod" of
 * clusters/eu/prod by clusters/STAR/STAR); of a glob without a wildcard the last part.
 * Borrowed from `dir`; NULL where no glob matches.
 */
const char *sg_config_overlay_name(const struct sg_config *config, const char *dir);

/* What `init` knows; NULL and 0 leave the default. */
struct sg_config_fresh {
    const char *url;                    /* required */
    const struct sg_config_path *paths; /* `at` is not read */
    size_t path_count;
    const char *tag;
};
/* Appends a new sgupgrade.yaml called `name`, its fields explained in comments. It is
 * read before it is returned, so what is wrong with `fresh` is SG_E_INPUT here. */
SG_MUST_USE int sg_config_write(const struct sg_config_fresh *fresh, const char *name,
                                struct sg_buf *out, struct sg_err *err);

/*
 * Appends `text` (a sgupgrade.yaml called `name`) with one more `accept` entry, the rest
 * byte for byte as it was; `accept: []` and a missing `accept` are opened. `entry->at` is
 * not read. The result is read again before it is returned, so it is valid or this fails.
 */
SG_MUST_USE int sg_config_add_accept(const char *name, const char *text, size_t len,
                                     const struct sg_config_accept *entry,
                                     struct sg_buf *out, struct sg_err *err);

/* --- sgupgrade.lock --------------------------------------------------------------- */

/* A vendored path and the git tree id its folder must have. */
struct sg_lock_path {
    const char *from, *to; /* as in the config */
    const char *tree; /* 40 hex digits; of upstream's tree, without generated files */
};

/* A file we made inside a vendored path (a kustomization.yaml upstream has not). */
struct sg_lock_generated {
    const char *path; /* from the project's folder */
    const char *blob; /* 40 hex digits, git's blob id */
};

/* Replaces `length` bytes at `offset` of the file as it is by `text`. */
struct sg_lock_splice {
    uint64_t offset, length;
    struct sg_str text; /* any bytes */
};

/* What undoing an upgrade does to a customer's file. */
enum sg_lock_undo {
    SG_UNDO_SPLICE, /* apply the splices (not overlapping, ascending offsets, which all
                       count in the file as it is before any is applied) */
    SG_UNDO_REMOVE, /* the upgrade made the file: remove it */
    SG_UNDO_CREATE, /* the upgrade removed the file: `text` of the only splice is it */
};
struct sg_lock_file {
    const char *path;   /* from the project's folder */
    const char *sha256; /* of the file after the upgrade; NULL for SG_UNDO_CREATE */
    enum sg_lock_undo undo;
    bool exec; /* SG_UNDO_CREATE: it was executable */
    SG_VEC(struct sg_lock_splice) splices;
};

/* One state of the project. */
struct sg_lock_entry {
    const char *version;                        /* "3.20.1" */
    const char *tag;                            /* "v3.20.1" */
    const char *commit;                         /* 40 hex digits */
    const char *date;                           /* the commit's, "2020-10-01T12:00:00Z" */
    const char *renderer;                       /* "kustomize-5.8.1" */
    const char *schema;                         /* the schema set: "kubernetes-1.35.0" */
    SG_VEC(struct sg_lock_path) paths;          /* by `to` */
    SG_VEC(struct sg_lock_generated) generated; /* by `path` */
    SG_VEC(struct sg_lock_file)
    files;            /* history only, by `path`: how the customer's files
                         get back to this state from the next newer one */
    struct sg_pos at; /* where it stands in the file that was read */
};

struct sg_lock {
    struct sg_lock_entry now;
    SG_VEC(struct sg_lock_entry) history; /* newest first; history[0] is what `now` was */
    struct sg_arena arena; /* holds the strings; callers put theirs here too */
};

/* An empty lock to fill in; strings are borrowed, so copy them to `lock->arena` where
 * they would not live as long (sg_arena_strdup). */
void sg_lock_init(struct sg_lock *lock);
void sg_lock_release(struct sg_lock *lock);
#define sg_auto_lock SG_CLEANUP(sg_lock_release) struct sg_lock

/*
 * Reads the text of a lock called `name` (release it, on failure too). SG_E_INPUT with
 * line, column and next step on anything malformed: not YAML (merge conflict markers are
 * named as such), an unknown, repeated or missing field, an id that is no id, splices
 * that overlap or run backwards. apiVersion of a newer sgupgrade says so.
 */
SG_MUST_USE int sg_lock_read(struct sg_lock *out, const char *name, const char *text,
                             size_t len, struct sg_err *err);
/* Appends the lock: the same content gives the same bytes, whatever order the lists were
 * filled in; no clock, no URL. Splice texts that are no plain UTF-8 are written as
 * base64.
 */
void sg_lock_write(const struct sg_lock *lock, struct sg_buf *out);

/*
 * A new state after an upgrade: copies `now` of `from` and its history below it, so that
 * the copy's history[0] is the former `now` with no files yet (the caller adds them to
 * history.items[0].files), and `now` keeps nothing but renderer and schema.
 */
void sg_lock_advance(struct sg_lock *out, const struct sg_lock *from);
/* The state `steps` entries back, as rollback writes it: history[steps - 1] without its
 * files becomes `now`, the older history stays. SG_BUG past the end. */
void sg_lock_back(struct sg_lock *out, const struct sg_lock *from, size_t steps);

/* The bytes `text` has before the upgrade that `file` undoes. SG_E_INPUT where a splice
 * runs over the end; the caller has compared the sha256 already. Only SG_UNDO_SPLICE and
 * SG_UNDO_CREATE (then `text` is not read). */
SG_MUST_USE int sg_lock_undo(const struct sg_lock_file *file, struct sg_str text,
                             struct sg_buf *out, struct sg_err *err);

#endif
