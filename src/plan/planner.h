/*
 * planner.h - what the parts of the plan layer share: the four trees of an overlay, the
 * identity of objects across trees, and the customer's writes.
 */
#ifndef SG_PLAN_PLANNER_H
#define SG_PLAN_PLANNER_H

#include "draft.h"
#include "sg/plan.h"
#include "sg/schema.h"
#include "sg/strmap.h"

/* --- objects as people name them (object_match.c) --------------------------------- */

/* '*' is any run of characters, '/' too, '?' any one; `fold`: case does not count. */
bool glob_matches(const char *pattern, const char *text, bool fold);
/*
 * A person writes "Deployment/prod/web" or "Deployment/web" or "web" for
 * "apps/v1/Deployment/prod/web": each end of the id that begins at a part matches the
 * pattern (a glob), with the namespace or without it.
 */
bool object_matches(const char *pattern, const char *id, bool fold);
/* Appends the id without its namespace; false where it has none. */
bool object_id_brief(const char *id, struct sg_buf *out);

/* --- whose step it is (steps.c) --------------------------------------------------- */

struct owners {
    bool (*vendored)(void *ctx, const char *path);
    void *ctx;
};
/* A step is the customer's when the file that holds its text is not vendored. */
bool owners_customer(const struct owners *owners, const struct sg_step *step);

/* What a step has in every render of the same files, also after edits of theirs: names
 * and its places on disk. `set` is the render's; appended. */
void step_key(const struct draft *draft, enum draft_era era, const struct sg_docs *set,
              const struct sg_step *step, struct sg_buf *out);
/* A place of a step's text as a path of the project. Strings are the step's. */
struct sg_place place_of(const struct sg_docs *set, const struct sg_step *step,
                         uint32_t loc);
/* Where the step's entry stands. */
struct sg_place step_place(const struct sg_docs *set, const struct sg_step *step);
/* The step is meant for the objects and fields it names, not for all that match: patches,
 * replicas, generators that merge, replacements. Only these can be orphaned. */
bool step_targeted(const struct sg_step *step);

/* --- counters (counters.c) -------------------------------------------------------- */

/* A number for each key, 0 until it is set. Zero-initialise it. */
struct counters {
    struct sg_strmap map;
    struct sg_arena arena;
};
void counters_release(struct counters *counters);
#define auto_counters SG_CLEANUP(counters_release) struct counters
/* The number of this key, made where it is missing; holds until the release. */
size_t *counters_at(struct counters *counters, const void *key, size_t len);
/* The number, without making one. */
size_t counters_get(const struct counters *counters, const void *key, size_t len);

/* Everything in a Secret but what names and types it; `top` and `second` are the keys
 * from its root down, NULL where the path ends (row.c). */
bool secret_place(sg_atom top, sg_atom second);

/* --- identity (identity.c) -------------------------------------------------------- */

/* Group, kind, original namespace and name; the version is not part of it. Atoms of the
 * command, so equal identities are equal bytes. `repeat` tells copies of one object apart
 * (a base used twice with two prefixes). */
struct identity {
    sg_atom group, kind, namespace, name;
    size_t repeat;
};
struct identity identity_of(const struct sg_resid *orig);
/* The same of an object that is in no render any more; false where it has no identity. */
bool identity_of_node(struct sg_atoms *atoms, const struct sg_node *node,
                      struct identity *out);

/* Objects of one tree by identity. */
struct index {
    struct sg_strmap by_identity; /* -> resource */
    struct sg_strmap by_uid;      /* -> resource */
    struct counters copies;       /* identity -> how many there are */
};
/* The identity the next object of `orig` gets: counts it in `copies`. */
struct identity identity_next(struct counters *copies, const struct sg_resid *orig);
void index_build(struct index *index, const struct sg_render *render);
void index_release(struct index *index);
const struct sg_resource *index_find(const struct index *index,
                                     const struct identity *identity);
const struct sg_resource *index_uid(const struct index *index, uint32_t uid);

/* --- one tree (tree.c) ------------------------------------------------------------ */

struct tree_diag {
    const char *code, *rule;
    enum sg_severity severity;
    struct sg_place at;
    const char *text;
};

/* Steps left out of a render because kustomize would fail on them; by step_key. */
struct drops {
    struct sg_strmap keys;  /* for all hops to come */
    struct sg_strmap round; /* found in this round of the hop */
};

struct tree {
    struct sg_render render;
    struct sg_trace trace; /* empty for U trees */
    struct index index;
    bool rendered;     /* kustomize takes it (or took it, but for `drops`) */
    struct sg_err err; /* why not */
    uint32_t failed;   /* the step that ran when it failed, or UINT32_MAX */
    SG_VEC(struct tree_diag) diags;
};
struct tree *tree_new(struct sg_atoms *atoms, struct sg_fieldpaths *paths);
void tree_free(struct tree *tree);

struct tree_opts {
    const struct sg_fs *fs;
    const char *dir;
    const struct sg_remote *remote;
    const struct owners *owners;
    bool upstream_only;        /* U: without the customer's steps */
    bool keep_names;           /* … but those that give objects names */
    const struct drops *drops; /* NULL: none */
    const struct draft *draft; /* NULL: none; the files are as it has them now */
};
/* Renders and indexes. What kustomize refuses is in tree->err and no failure; I/O errors
 * and limits are. */
SG_MUST_USE int tree_render(struct tree *tree, const struct tree_opts *opts,
                            struct sg_err *err);

/* --- the customer's writes (writes.c) --------------------------------------------- */

/* What the customer's steps did at one place of one object. */
struct write {
    uint32_t event;      /* newest event here, or SG_NO_EVENT */
    uint32_t newest;     /* newest event here or below */
    bool below;          /* something below was written */
    bool targeted_below; /* … by a step that names its place (step_targeted) */
};
struct writes {
    struct sg_strmap map;    /* (uid, path) -> write */
    struct counters deleted; /* identity -> event + 1: whole objects that are gone */
    struct sg_arena arena;
};
void writes_build(struct writes *writes, const struct tree *tree,
                  const struct owners *owners);
void writes_release(struct writes *writes);
/*
 * The event that a write comes from: of a replacement, a var or a copy the one that last
 * wrote the value where it was taken from, if any step did; else the event itself.
 */
uint32_t write_origin(const struct sg_trace *trace, uint32_t event);
/* The event that deleted an object, EVENT_UNKNOWN where there is none to be found. */
uint32_t writes_deleted(const struct writes *writes, const struct identity *identity);
#define EVENT_UNKNOWN (SG_NO_EVENT - 1) /* the customer wrote it; where is not known */
const struct write *writes_at(const struct writes *writes, uint32_t uid,
                              const struct sg_fieldpath *path);

struct place4;
struct frame;
struct subject;
struct cover;
struct matcher;
struct around;

/* Equal nodes, or none on either side. */
static inline bool nodes_same(const struct sg_node *a, const struct sg_node *b) {
    return a == NULL || b == NULL ? a == b : sg_node_equal(a, b);
}

/* --- one overlay in one hop ------------------------------------------------------- */

enum { T_UO, T_UN, T_RO, T_RN, T_COUNT };

/* What was taken out of an overlay (retired.c). All texts are the draft's arena's. */
struct retired {
    const char *object, *path;                /* what it was for */
    const char *kustomization, *list, *entry; /* the entry that goes back, as YAML */
    const char *text_name, *home; /* the patch's text beside it, or NULL … */
    struct sg_str text;           /* … and where that goes back to */
    const char *tag;
};

struct overlay_plan {
    struct sg_plan *plan;
    size_t at; /* index in plan->overlays: the array may move */
    uint32_t hop;
    const char *version; /* the hop's */
    struct sg_atoms *atoms;
    struct sg_fieldpaths *paths;
    struct owners owners;
    const struct sg_cause *cause;
    const struct sg_plan_merge_key *merge_keys;
    size_t merge_keys_len;
    struct tree *trees[T_COUNT];
    struct writes writes[T_COUNT]; /* T_RO and T_RN */
    struct matcher *matcher;       /* of this hop; NULL until it is asked (match.h) */
    struct drops *drops;           /* kept from hop to hop */
    struct sg_strmap *said;        /* … and so is what first_said was asked */
    const struct sg_plan_accept *accepts;
    size_t accepts_len;
    bool broken; /* in this round; sg_plan_overlay.broken */
    /* repairs; `draft` NULL: none, the findings stop */
    struct draft *draft;
    /* Operations by position are repaired once nothing else is left to repair: a patch
       that has lost its element shifts the positions of a list. */
    bool merge_hidden, tidy;        /* what the user asked for */
    bool last;                      /* round: nothing more is edited */
    bool positions, waiting;        /* … in this round; some are left for the next */
    const struct sg_fs *files;      /* the project on the new base, without the draft */
    struct sg_strmap mended;        /* what a text was edited for in an earlier round */
    SG_VEC(struct sg_finding) told; /* … and its findings */
    struct counters told_at;        /* object and path -> position in `told`, plus one */
    struct sg_strmap step_edits;    /* steps whose text is edited (shared.c), … */
    SG_VEC(const char *) step_edit_keys; /* … in order */
    SG_VEC(const char *) said_now;       /* keys of `said` of this round */
    SG_VEC(const char *) dropped;        /* keys of `drops->round` */
    struct sg_strmap heirs;  /* identity in U_O -> resource of U_N (heirs.h) */
    struct sg_strmap elders; /* … and back */
    SG_VEC(struct retired) retired;
    size_t retired_written;      /* how many of them are in the draft */
    const struct around *around; /* the planner's */
};
void overlay_plan_release(struct overlay_plan *op);

struct sg_plan_overlay *overlay_of(const struct overlay_plan *op);

/* The files that a tree was rendered from: R_O as they were before the hop. */
enum draft_era era_of(const struct overlay_plan *op, const struct tree *tree);
/* step_key of a step of one of the trees. */
void tree_step_key(const struct overlay_plan *op, const struct tree *tree,
                   const struct sg_step *step, struct sg_buf *out);
/* The step of R_O with the same text as a step of another tree, or UINT32_MAX. Linear in
 * the steps of R_O. */
uint32_t step_in_old(const struct overlay_plan *op, const struct tree *tree,
                     uint32_t step);
/* Adds the keys of the steps of R_N that found an object. */
void matched_steps(const struct overlay_plan *op, struct sg_strmap *out);

/* "apps/v1/Deployment/ns/name". */
const char *id_text(struct sg_arena *arena, const struct sg_resid *id);
/* The identity that reports show: the present one, but a generated object's without the
 * hash. */
struct sg_resid shown_id(const struct tree *tree, const struct sg_resource *res);
/* id_text of shown_id, in the plan's arena. */
const char *object_id(struct overlay_plan *op, const struct tree *tree,
                      const struct sg_resource *res);

void finding_release(struct sg_finding *finding);
/* Kind, namespace and name of `object`, from its id and the resource (row.c). */
void name_parts(struct overlay_plan *op, const struct sg_resource *res,
                struct sg_plan_object *object);

/* Every object of the four trees, field by field (compare.c). */
void compare_trees(struct overlay_plan *op);

/* Steps whose target has gone: SG201 findings (orphan.c). Without `selecting`, of the
 * steps that name their object; those are dropped. Needs R_O, U_O and U_N. With it, of
 * the steps that select; needs R_N too. */
void find_orphans(struct overlay_plan *op, bool selecting);
/* SG205 of targets that name the old API version (lapsed.c); needs R_N. */
void find_lapsed(struct overlay_plan *op);
/* JSON operations that reach another element in R_N than in R_O: SG203 (moved.c). */
void find_moved(struct overlay_plan *op);
/* How many of upstream's changes inside a whole were laid over the overlay's. */
struct laid {
    size_t laid, all;
};
/* --merge-hidden (hidden.c): true where the text of `event` of R_O is edited so. */
bool merge_hidden(struct overlay_plan *op, const struct subject *subject,
                  const struct place4 *place, uint32_t event, const char *path,
                  struct laid *laid);
/* SG206 (shared.c): texts that one of the `others` (which may hold this one) has edited
 * and that serve this overlay as they are. */
void find_shared(struct overlay_plan *op, const struct overlay_plan *const *others,
                 size_t len);
/* Leaves a step out of this round's next render; false where it was left out already. */
bool drop_step(struct overlay_plan *op, const struct tree *tree, uint32_t step);
/* SG204 (collision.c): objects that the overlay brings and the new base, too - before R_N
 * is rendered -; elements that an operation of the customer's adds beside upstream's; and
 * containers and volumes of one name, in the comparison. */
void find_clashes(struct overlay_plan *op);
void find_copies(struct overlay_plan *op);
void find_clash_in(struct overlay_plan *op, struct subject *subject,
                   const struct frame *frame, const struct place4 *place,
                   const struct cover *cover);
/* Images that an entry of the customer's does not match any more: SG202
 * (repair_image.c). */
void find_images(struct overlay_plan *op);
void add_cause(struct overlay_plan *op, const struct sg_resource *res,
               struct sg_finding *finding);
/* Why R_N failed, as a finding; drops the step, so that the rest can be rendered. False:
 * no single step of the customer's is at fault, there is nothing to drop. */
bool explain_failure(struct overlay_plan *op, const struct tree *failed);
/* Settings of the customer's that reach R_O and not R_N, and no finding says so: a stop.
 */
void find_unsaid(struct overlay_plan *op);

/* True the first time that this is said of this place, whichever hop it is. */
bool first_said(struct overlay_plan *op, const char *code, struct sg_place at,
                const char *message);

/* The customer's writes that upstream makes itself now (redundant.c): SG103. Needs R_O
 * and R_N. */
void find_redundant(struct overlay_plan *op);
/* What tells an entry's finding from others of its file in the fingerprint, without a
 * line: "overlays/x/kustomization.yaml images[2]"; of a JSON patch with the operation,
 * "patches[2].1". */
const char *entry_path(struct sg_arena *arena, const struct sg_step *step);

/* SG104, and what the render warned of (SG105, SG405): noop.c. `old` may be NULL. It is
 * so on any base, so it is said in the first hop that finds it and not again. */
void find_noops(struct overlay_plan *op, const struct tree *old, const struct tree *now);

/* What R_N does to a cluster that runs R_O, and what it needs of it: SG301 to SG305 and
 * the capacity (consequence.c). Without R_O (a plan of the present) what R_N alone can
 * tell. Needs no more than these two, and U_N where it is. */
void find_consequences(struct overlay_plan *op);

/* --- one row (row.c) -------------------------------------------------------------- */

/* From the object's root down to the node that is compared. */
struct frame {
    const struct frame *up; /* NULL: the root itself */
    enum sg_seg seg;
    sg_atom key;
    sg_atom old_key; /* ELEMENT: its key in U_O and R_O where that differs, else NULL */
    uint32_t repeat; /* ELEMENT: n for the n+1st of the same key; INDEX: position */
    uint32_t at[T_COUNT]; /* ELEMENT: position in each tree's list */
};

/* The object that is compared, in the four trees. */
struct subject {
    const struct sg_resource *res[T_COUNT];
    const char *id;
    bool secret;
    sg_type type;
    const char *group, *kind;
    size_t object;     /* index in the overlay's objects, SIZE_MAX before the first row */
    bool only_written; /* upstream removed it: only what the customer wrote gets rows */
    bool only_changed; /* the customer's own: only what moved gets rows */
};

struct place4 {
    const struct sg_node *node[T_COUNT]; /* NULL: absent */
};

/* Writes that cover a place: the newest event at or above it, in R_O and in R_N. */
struct cover {
    uint32_t old, new;               /* events, SG_NO_EVENT for none */
    bool follow_old, follow_new;     /* something below is written */
    bool targeted_below;             /* … by a step that names its place */
    bool above_old, above_new;       /* the event is of a place above (a replaced map) */
    bool orphaned;                   /* in a list element that is gone, which was told */
    const struct sg_fieldpath *path; /* of this place; kept up while something follows */
    const struct sg_fieldpath *old_path; /* … in R_O: elements may have had another key */
};

/* Adds the row of this place, with its SG101 or SG102. */
void add_row(struct overlay_plan *op, struct subject *subject, const struct frame *frame,
             const struct place4 *place, const struct cover *cover);
/* Makes sure that the object is listed, and returns it. */
struct sg_plan_object *listed(struct overlay_plan *op, struct subject *subject);
const struct sg_fieldpath *frame_path(struct overlay_plan *op, const struct frame *frame);
/* The text of a path in the plan's arena. */
const char *path_text(struct overlay_plan *op, const struct sg_fieldpath *path);
/* Place of an event of one of the R trees, in the plan's arena; by its number, of which
 * one that is none has no place. */
struct sg_place place_of_event(struct overlay_plan *op, const struct tree *tree,
                               const struct sg_event *event);
struct sg_place event_place(struct overlay_plan *op, const struct tree *tree,
                            uint32_t event);
struct sg_place place_copy(struct overlay_plan *op, struct sg_place at);

/* SG202 of an element that upstream took away under a patch (element.c). */
void orphan_element(struct overlay_plan *op, struct subject *subject,
                    const struct frame *frame, const struct place4 *lists,
                    const struct place4 *place, const struct cover *cover);

#endif
