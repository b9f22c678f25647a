/*
 * moves_rules.h - the tables of known moves, and the walk that applies them.
 *
 * A rule names a place of the old type ("spec.rules[].http.paths[].backend.servicePort",
 * [] for the items of a list) and says where its value goes. Rules are tried in order;
 * the first whose place is this one and whose condition holds is taken.
 */
#ifndef SG_PLAN_MOVES_RULES_H
#define SG_PLAN_MOVES_RULES_H

#include "moves.h"
#include "sg/schema.h"

struct moves;

struct move_rule {
    const char *at;
    /*
     * The new place, from the map that the field stands in, as sg_yaml_nest has it. What
     * follows '|' is one value with what stands before it: an operation of a JSON patch
     * names the place up to there, and its value gets the rest. NULL: it goes nowhere.
     */
    const char *to;
    const char *why; /* of one that goes nowhere, or "" to stay as it is */
    bool retire;     /* … has no meaning there; else nobody knows */
    /* NULL: always. `value` is NULL where an operation removes the field. Not asked of a
     * field that a pointer only leads through: a rule with a condition is passed over
     * there. */
    bool (*when)(const struct moves *m, const struct sg_node *value);
};

struct move_family {
    /* Whether the table is for this change. */
    bool (*fits)(const struct moves_in *in);
    const struct move_rule *rules;
    size_t len;
    /* The maps at this place are shown to `map_seen` before their entries; or NULL. It
     * returns where entry `*index` goes besides (a rule's `to`), or NULL. */
    const char *map_at;
    const char *(*map_seen)(struct moves *m, const struct sg_node *map, uint32_t *index);
};

extern const struct move_family moves_ingress, moves_autoscaler, moves_workload_api,
    moves_workload_kind, moves_admission, moves_crd, moves_policy, moves_config;

/* The definitions of one place in the old and the new type; 0: not known. */
struct move_types {
    sg_type old, new;
    bool list; /* what stands here is a list, of these */
};

enum { MOVE_FAMILIES_MAX = 8 };

/* One patch, or one operation, on its way. */
struct moves {
    const struct moves_in *in;
    struct sg_arena *arena;
    struct moves_out *out;
    const struct move_family *families[MOVE_FAMILIES_MAX]; /* that fit */
    size_t families_len;
    struct sg_strmap kept; /* a family's own; see moves_ingress.c */
    bool kept_made;
    size_t done_before; /* length of out->done before this operation */
    struct sg_buf at;   /* the place, as rules name it */
    uint32_t indent;    /* of the patch's nested maps */
};

/* The rule for the place m->at; NULL: none. `through`: a pointer leads on from here. */
const struct move_rule *moves_rule(const struct moves *m, const struct sg_node *value,
                                   bool through);
/* Whether the API's group (before the '/', "" for v1) is this. */
bool moves_group_is(const char *api, const char *group);
/* Whether kind is the same and one of a NULL-ended list. */
bool moves_same_kind(const struct moves_in *in, const char *const *kinds);

/* --- moves_types.c --- */

/* The types of the whole object. */
struct move_types moves_types_root(const struct moves_in *in);
/* Steps to field `name`, called `new_name` in the new type ("a/b": below a); false: the
 * new type has no such field, or it is of another type there. */
bool moves_types_field(const struct move_types *types, const char *name,
                       const char *new_name, struct move_types *out);

/* --- moves.c --- */

/* Makes room for what follows; released by moves_end. */
void moves_begin(struct moves *m, const struct moves_in *in, struct sg_arena *arena,
                 struct moves_out *out);
void moves_end(struct moves *m);
/* Appends ".name" to m->at (or the name alone), or "[]"; returns the length before. */
size_t moves_enter(struct moves *m, const char *name);
size_t moves_enter_items(struct moves *m);
void moves_leave(struct moves *m, size_t len);
/* Moves what stands below `node`, which is at m->at. False: out->why is set. `*gone`:
 * nothing would be left of it, and nothing of it was touched. */
bool moves_walk(struct moves *m, const struct sg_node *node, struct move_types types,
                bool *gone);
/* Notes a field that cannot go along. */
void moves_leave_behind(struct moves *m, const struct sg_node *map, uint32_t index,
                        const char *why, bool retire);
/* Adds to out->done what is not there yet; copied. */
void moves_done(struct moves *m, const char *words);
/* Notes what a rule did. */
void moves_say(struct moves *m, const struct move_rule *rule);
/* Sets out->why; returns false. */
bool moves_fail(struct moves *m, const char *why);
/* Takes back what was appended to `out` since it had these lengths; returns false. */
bool moves_undo(struct moves_out *out, size_t splices, size_t left, size_t done);
/* False where a splice from `first` on would change an anchor, or text that an alias
 * repeats. */
bool moves_anchors_stay(struct moves *m, const struct sg_node *root, size_t first);
/* True where this scalar says the old apiVersion or kind, and it is rewritten. */
bool moves_identity(struct moves *m, const char *field, const struct sg_node *value);

#endif
