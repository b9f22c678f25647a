/*
 * plan.h - an upgrade as data: what changes in the rendered result of every overlay,
 * whose change each field is, what can go wrong, and which bytes an apply will edit.
 *
 * A plan is made hop by hop. For a hop four trees are rendered an overlay: R_O and R_N
 * (the overlay on the old and the new base, traced) and U_O and U_N (the same without the
 * customer's own steps). They are compared object by object and field by field; the
 * trace tells which fields the customer wrote. The words (owner, state, finding codes)
 * and their exact meaning are in docs/OWNERSHIP.md.
 *
 * Everything in a plan is plain data, owned by the plan: it outlives the renders, and a
 * report needs nothing else. No value of a Secret is in it.
 */
#ifndef SG_PLAN_H
#define SG_PLAN_H

#include "sg/diag.h"
#include "sg/doc.h"
#include "sg/fs.h"
#include "sg/kustomize.h"
#include "sg/quantity.h"
#include "sg/remote.h"
#include "sg/sha256.h"

/* Whose change a field is. */
enum sg_owner {
    SG_OWNER_UPSTREAM, /* the base changed it, the customer did not write it */
    SG_OWNER_OVERLAY,  /* the customer wrote it, the base has not changed it */
    SG_OWNER_BOTH,     /* the base changed what the customer wrote */
    SG_OWNER_EFFECT,   /* neither: it follows from another change (a hash, a reference) */
};

/* What became of a field that the customer wrote. */
enum sg_state {
    SG_STATE_NONE,
    SG_STATE_MASKED,    /* upstream's change does not show: the customer's value stands */
    SG_STATE_PASSED,    /* both show: an image mirror, a prefix */
    SG_STATE_CONVERGED, /* upstream now says what the customer said */
    SG_STATE_LOST,      /* the customer's write reaches the old result, not the new one */
};

enum sg_change {
    SG_CHANGE_MODIFIED,
    SG_CHANGE_ADDED,
    SG_CHANGE_REMOVED,
    SG_CHANGE_RENAMED,
    SG_CHANGE_NONE, /* "unchanged": it has rows, but its result stays the same */
};

/* What the plan does about a finding by itself. */
enum sg_resolved {
    SG_RESOLVED_NONE,
    SG_RESOLVED_KEPT,
    SG_RESOLVED_CARRIED,
    SG_RESOLVED_RETIRED,
    SG_RESOLVED_REANCHORED,
    SG_RESOLVED_REWRITTEN,
};

/* The lower-case words of the report and of the JSON ("upstream", "masked", "added",
 * "kept", "warning"); SG_STATE_NONE is "", SG_RESOLVED_NONE is "none". */
const char *sg_owner_word(enum sg_owner owner);
const char *sg_state_word(enum sg_state state);
const char *sg_change_word(enum sg_change change);
const char *sg_resolved_word(enum sg_resolved resolved);
const char *sg_severity_word(enum sg_severity severity);

/* A value of a field in one of the four trees. */
enum sg_plan_value_kind {
    SG_VALUE_ABSENT, /* no such field there: its JSON key is left out */
    SG_VALUE_NODE,
    SG_VALUE_MASKED, /* inside a Secret: {"masked": true, "changed": …} */
};
struct sg_plan_value {
    enum sg_plan_value_kind kind;
    bool changed;               /* MASKED: differs from its counterpart (base_old against
                                   base_new, before against after) */
    const struct sg_node *node; /* NODE: any scalar, map or list; else NULL */
};

/* A place in a file of the project, relative to its root; `file` is NULL for none. */
struct sg_place {
    const char *file;
    uint32_t line, column; /* 1-based; 0 where unknown */
};

struct sg_plan_field {
    const char
        *path; /* spec.template.spec.containers[searcher].image; "" is the object */
    const char *pointer; /* RFC 6901, in the result after, or before where it is gone */
    enum sg_owner owner;
    enum sg_state state;
    bool changed;                            /* before and after differ */
    uint32_t hop;                            /* index into the plan's hops */
    struct sg_plan_value base_old, base_new; /* U_O, U_N */
    struct sg_plan_value before, after;      /* R_O, R_N */
    struct sg_place at; /* the customer's text (owner overlay, both, effect); else none */
};

/* One object of one overlay in one hop. An object that two hops change is listed twice.
 */
struct sg_plan_object {
    const char *id;  /* apps/v1/Deployment/ns/name, v1/Service/name without a namespace */
    const char *was; /* its id before, where that differs; else NULL */
    const char *kind, *namespace, *name; /* parts of `id`; namespace "" for none */
    enum sg_change change;
    enum sg_owner owner; /* of an added or removed object; else of no meaning */
    bool secret;         /* values are masked */
    uint32_t hop;
    SG_VEC(struct sg_plan_field) fields; /* in path order of the documents */
};

struct sg_candidate {
    const char *id; /* the object, or the field path, that could be meant instead */
    double score;   /* 0 … 1 */
    const char *why;
};

struct sg_finding {
    const char *code;    /* "SG101" */
    const char *rule;    /* "masked" */
    const char *overlay; /* NULL: of the whole project */
    enum sg_severity severity;
    const char *object;   /* as sg_plan_object.id; "" for none */
    const char *path;     /* as sg_plan_field.path; "" for the whole object */
    uint32_t hop;         /* SG_NO_HOP where it is of no hop */
    char fingerprint[17]; /* 16 hex digits over code, overlay, object and path */
    struct sg_place at;   /* the text to look at or to edit */
    const char *cause_commit, *cause_subject; /* upstream's commit, or NULL */
    const char *message;                      /* one line: what is so */
    const char *fix;                          /* one line: the next step; "" for none */
    const char *accepted;                     /* the reason given, or NULL */
    enum sg_resolved resolved;
    bool stops;                 /* apply writes nothing until a human decided (exit 4) */
    bool edits;                 /* apply edits the customer's files for it */
    bool refused;               /* kustomize refuses this text: to agree does not help */
    SG_VEC(const char *) flags; /* each decides it: "--retire apps/v1/Deployment/x" */
    SG_VEC(struct sg_candidate) candidates; /* best first */
};
#define SG_NO_HOP UINT32_MAX

struct sg_plan_note {
    const char *title, *text;
    const char *where; /* the file of the release, or the URL, that it is from; NULL:
                          unknown */
};

struct sg_plan_hop {
    const char *version, *commit; /* "" where unknown */
    SG_VEC(struct sg_plan_note) notes;
    /* of a plan to be saved: sha256 of what each overlay renders to after the hop, ""
     * where it does not; else none */
    SG_VEC(const char *) rendered;
};

/* A file that the plan was made from. */
struct sg_plan_input {
    const char *file;   /* as sg_place.file */
    const char *sha256; /* of its bytes */
};

/* What pods ask for. */
struct sg_plan_amounts {
    struct sg_quantity cpu_requests, cpu_limits, memory_requests, memory_limits;
};
/* A DaemonSet: what its pod asks for on every node. */
struct sg_plan_daemon {
    const char *id; /* as sg_plan_object.id */
    struct sg_plan_amounts before, after;
};
/*
 * What one hop changes in what the overlay needs of the cluster: pods times replicas, but
 * for DaemonSets and for Jobs, which end; storage of claims and of claim templates times
 * replicas. What is no quantity counts as nothing.
 */
struct sg_plan_capacity {
    uint32_t hop;
    struct sg_plan_amounts before, after;
    struct sg_quantity storage_before, storage_after;
    SG_VEC(struct sg_plan_daemon) daemons; /* by the order of the result after */
};

/* Distinct objects, net of all hops: added and then modified is added. */
struct sg_plan_counts {
    size_t added, removed, modified, renamed;
};

struct sg_plan_overlay {
    const char *name;
    const char *dir;
    bool opaque; /* something was skipped while rendering: SG405 says what */
    bool broken; /* kustomize refuses it on the new base: SG201, SG202, SG206 say why */
    bool uncompared; /* it renders there, but what changes is not known: SG206 says why */
    bool gone;       /* the project has it no more; all that it rendered is removed */
    SG_VEC(struct sg_plan_object) objects;
    SG_VEC(struct sg_finding) findings;
    SG_VEC(struct sg_plan_capacity) capacity; /* one a hop that was compared */
    struct sg_plan_counts net;                /* set by sg_plan_finish */
};

enum sg_edit_op { SG_EDIT_SPLICE, SG_EDIT_CREATE, SG_EDIT_MOVE, SG_EDIT_DELETE };
const char *sg_edit_word(enum sg_edit_op op);
struct sg_edit {
    const char *file;
    enum sg_edit_op op;
    uint32_t start, end; /* SPLICE: bytes [start, end) of the file before the hop */
    const char *text;    /* SPLICE, CREATE: the new bytes. MOVE: the new path */
    size_t text_len;
    const char *finding; /* fingerprint, or "" */
    uint32_t hop;
    /* For a reader, by sg_plan_show_edits; 0 and NULL before. */
    uint32_t line;         /* SPLICE: of its first byte, from 1 */
    const char *was, *now; /* SPLICE: the whole lines that it touches, before and after;
                              NULL where a splice before it on these lines has them */
    bool withheld;         /* the lines may hold a secret: `was` and `now` are NULL */
    bool secret;           /* so may the new bytes: they are in no report */
};

/*
 * Gives every splice its line and its lines, and says of every edit whether it may hold a
 * secret, which needs the files: `project` is the project before the first hop, what the
 * hops do to its files is done again in memory. A file that cannot be read leaves its
 * splices as they are, but secret: nobody knows. Linear in files and edits.
 */
struct sg_plan;
void sg_plan_show_edits(struct sg_plan *plan, const struct sg_fs *project);

struct sg_plan_summary {
    struct sg_plan_counts objects; /* of all overlays together */
    struct {
        size_t error, warning, info;
    } findings;
};

/* What a saved plan says that it was made from. */
struct sg_plan_origin {
    const char *project, *lock, *config; /* as sg_plan.inputs */
    const char *from;                    /* the version it begins at */
    const struct sg_plan_input *files;
    size_t files_len;
};

struct sg_plan_release {
    const char *version, *commit; /* "" for none */
};

struct sg_plan {
    struct sg_docs docs; /* owns every string and value below */
    struct {
        const char *lock,
            *overlays;       /* sha256 of the lock's bytes and of the files read */
        const char *config;  /* sha256 of the config's bytes */
        const char *project; /* its folder in its git repository; "" for the top, or
                                where there is none */
        const char *to;      /* commit */
        SG_VEC(struct sg_plan_input) files; /* the customer's that were read, by name */
    } inputs;
    struct sg_plan_release from, to;
    bool blocked; /* a finding stops */
    int exit;     /* what the command will exit with; set by sg_plan_finish */
    SG_VEC(struct sg_plan_hop) hops;
    SG_VEC(struct sg_plan_overlay) overlays;
    SG_VEC(struct sg_finding) findings; /* of the whole project: SG401, SG402, SG501 … */
    SG_VEC(struct sg_edit) edits;
    struct sg_plan_summary summary;
};

void sg_plan_init(struct sg_plan *plan, struct sg_atoms *atoms);
void sg_plan_release(struct sg_plan *plan);
#define sg_auto_plan SG_CLEANUP(sg_plan_release) struct sg_plan

/* What kustomize's semantics we have: "kustomize-5.8.1". */
const char *sg_plan_renderer(void);

enum sg_plan_use {
    SG_USE_DIFF,
    SG_USE_APPLY,
    SG_USE_CHECK,    /* of the present state, or --since */
    SG_USE_CHECK_TO, /* --to: as apply without writing */
};
/*
 * Counts the summary, sets `blocked` and `exit` by the contract's table: 3 (SG401, SG402,
 * SG403) beats 4 (a stop in apply or check --to) beats 1 (diff: anything changes, or a
 * stop keeps it from being known; check: unaccepted findings at or over `fail_on`), else
 * 0.
 */
void sg_plan_finish(struct sg_plan *plan, enum sg_plan_use use, enum sg_severity fail_on);
/* As sg_plan_finish, when SG502 and SG301 must be agreed to: `check --since` and
 * `--to` turn them into errors until accepted. Call before sg_plan_finish. */
void sg_plan_require_consent(struct sg_plan *plan);

/* True when any object changes, or when that is not known. */
bool sg_plan_changes(const struct sg_plan *plan);

/* What a finding is to be made of; strings are copied, NULL is "". */
struct sg_finding_in {
    const char *code, *rule, *object, *path;
    enum sg_severity severity;
    uint32_t hop;
    struct sg_place at;
    const char *message, *fix;
    bool stops, refused;
};
/* Appends a finding to overlay `overlay` (NULL: to the project's) and returns it; the
 * pointer holds until the next one is added there. */
struct sg_finding *sg_plan_add_finding(struct sg_plan *plan,
                                       struct sg_plan_overlay *overlay,
                                       const struct sg_finding_in *in);
/* 16 hex digits over code, overlay, object and path (the parts joined by NUL). */
void sg_finding_fingerprint(const char *code, const char *overlay, const char *object,
                            const char *path, char out[17]);

/* The part of "apps/v1/Deployment/ns/name" that stays when upstream moves the object to
 * the next version of its API: "Deployment/ns/name"; borrowed. */
const char *sg_object_unversioned(const char *id);

/* --- making a plan ---------------------------------------------------------------- */

/* A decision in advance: `accept` of the config, `--accept`, `--retire`. Globs as
 * sg_path_glob's where '*' also passes '/'; NULL or "" matches all but for code and
 * object. */
struct sg_plan_accept {
    const char *code, *object, *overlay, *path, *to;
    const char *reason;
    bool retire;      /* `--retire OBJECT[:PATH]`: any orphan of this object is let go */
    bool as_patch;    /* `--as-patch OBJECT`: yours is laid over upstream's */
    const char *heir; /* `--retarget OBJECT[:PATH]=HEIR`: this took over; else NULL */
};
/* Splits CODE:OBJECT[:PATH]=REASON (of --accept) into `out`, whose strings live in
 * `arena`. SG_E_USAGE names the missing part. */
SG_MUST_USE int sg_plan_accept_parse(const char *text, struct sg_arena *arena,
                                     struct sg_plan_accept *out, struct sg_err *err);
/* OBJECT[:PATH] of --retire; the strings live in `arena`. */
void sg_plan_retire_parse(const char *text, struct sg_arena *arena,
                          struct sg_plan_accept *out);
/* The same of --as-patch. */
void sg_plan_as_patch_parse(const char *text, struct sg_arena *arena,
                            struct sg_plan_accept *out);
/* OBJECT[:PATH]=HEIR of --retarget. SG_E_USAGE names the missing part. */
SG_MUST_USE int sg_plan_retarget_parse(const char *text, struct sg_arena *arena,
                                       struct sg_plan_accept *out, struct sg_err *err);
/* The accept that covers a finding, or NULL. `version` is the hop's. */
const struct sg_plan_accept *sg_plan_accept_find(const struct sg_plan_accept *accepts,
                                                 size_t count,
                                                 const struct sg_finding *finding,
                                                 const char *version);

/* Marks the findings that an accept covers and that were added after their hop was
 * planned (the project's, SG404), but for a failed base check. `version` is that of the
 * last hop. */
void sg_plan_accept_open(struct sg_plan *plan, const struct sg_plan_accept *accepts,
                         size_t count, const char *version);

/* An extra list key for kinds without a schema (config `mergeKeys`). */
struct sg_plan_merge_key {
    const char *group, *kind;
    const char *path;    /* spec.routes: map keys joined by '.', lists without brackets */
    const char *keys[3]; /* the element's key fields; unused ones NULL */
};

struct sg_plan_overlay_in {
    const char *name, *dir;
};

struct sg_planner_opts {
    struct sg_atoms *atoms;
    const char *kubernetes;      /* the cluster's version, "1.29"; NULL: SG304 is off */
    const char *const *external; /* what is in the cluster beside the overlays:
                                    "Secret/ns/name", "ClusterRole/name" */
    size_t external_len;
    const struct sg_plan_overlay_in *overlays;
    size_t overlays_len;
    const struct sg_remote *remote; /* for remote bases in overlays; may be NULL */
    const struct sg_plan_accept *accepts;
    size_t accepts_len;
    const struct sg_plan_merge_key *merge_keys;
    size_t merge_keys_len;
    const struct sg_cause *cause; /* NULL: findings name no commit */
    /* The file that holds upstream's text, from a path of the project ("base/x.yaml");
     * true where it is vendored. */
    bool (*vendored)(void *ctx, const char *path);
    void *vendored_ctx;
    bool merge_hidden; /* SG102: upstream's changes are laid over the overlay's */
    bool tidy;         /* SG103: what upstream says by itself now is dropped */
    bool
        repair; /* edits of the customer's files are planned; else what needs one stops */
};

/*
 * Plans a row of hops. It keeps the last hop's trees of the new base, so that the next
 * hop renders only its own new base.
 */
struct sg_planner;
/* Copies what `opts` points to, but for atoms, remote, cause and the vendored context. */
struct sg_planner *sg_planner_new(const struct sg_planner_opts *opts);
void sg_planner_free(struct sg_planner *planner);
void sg_planner_freep(struct sg_planner **planner);
#define sg_auto_planner SG_CLEANUP(sg_planner_freep) struct sg_planner *

struct sg_plan_hop_in {
    const struct sg_fs *old, *new; /* the whole project on the old and the new base */
    const char *version, *commit;
    const struct sg_plan_note *notes;
    size_t notes_len;
    /* `old` is byte for byte the `new` of the hop before: its trees are used again */
    bool continues;
};
/*
 * Plans one hop and appends to `plan`: the hop, rows and findings of every overlay. An
 * overlay that kustomize refuses on the new base is a finding; one that it refuses on the
 * old base too is an SG206 (info). Fails on I/O and limits only. Linear in the size of
 * the four trees.
 */
SG_MUST_USE int sg_planner_hop(struct sg_planner *planner,
                               const struct sg_plan_hop_in *in, struct sg_plan *plan,
                               struct sg_err *err);
/* Overlay `i` on the new base of the last hop: R_N; NULL where kustomize refuses it. */
const struct sg_render *sg_planner_after(const struct sg_planner *planner, size_t i);

/* What the repairs of all hops so far make of a file of the customer's. */
struct sg_plan_file {
    const char *path;
    struct sg_str before, after; /* this hop; ptr NULL: no such file */
};
struct sg_plan_files {
    SG_VEC(struct sg_plan_file) items; /* by path */
};
/* The files that the last hop edits; texts are borrowed from the planner. */
void sg_planner_files(const struct sg_planner *planner, struct sg_plan_files *out);
void sg_plan_files_release(struct sg_plan_files *files);
/* An overlay that the project had in `fs` and has no more. */
struct sg_plan_gone_in {
    struct sg_atoms *atoms;
    const struct sg_fs *fs;
    const struct sg_remote *remote; /* may be NULL */
    const char *name, *dir;
};
/*
 * Appends it to the plan, in its last hop, with everything that it rendered as removed
 * by the customer. One that kustomize refuses there is an SG206 (info). Fails on I/O and
 * limits only.
 */
SG_MUST_USE int sg_plan_add_gone(struct sg_plan *plan, const struct sg_plan_gone_in *in,
                                 struct sg_err *err);

/*
 * The present state as a plan without hops: renders every overlay of `fs` and reports
 * what kustomize refuses (SG206, error), what the render warns of (SG104, SG105, SG405)
 * and what the cluster will not take as it is (SG303, SG304, SG305). The renders are to
 * be had from sg_planner_after.
 */
SG_MUST_USE int sg_planner_present(struct sg_planner *planner, const struct sg_fs *fs,
                                   struct sg_plan *plan, struct sg_err *err);

#endif
