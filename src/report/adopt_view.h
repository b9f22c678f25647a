/*
 * adopt_view.h - an adopted fork as people and programs read it: its customisations by
 * kind and object, what the overlay says for all objects at once, and words. A Secret's
 * value gets past no function in here.
 */
#ifndef SG_REPORT_ADOPT_VIEW_H
#define SG_REPORT_ADOPT_VIEW_H

#include "text.h"

#define SG_ADOPT_WAYS     6  /* of enum sg_adopt_way */
#define SG_ADOPT_ODDITIES 13 /* of enum sg_adopt_oddity_kind */

/* --- objects ---------------------------------------------------------------------- */

/* "apps/v1/Deployment/prod/web" in its parts; `name` has the namespace in front. */
struct sg_adopt_id {
    struct sg_str version, kind, name;
};
struct sg_adopt_id sg_adopt_id_of(const char *object);
/* The field, or one below it, may hold the value of a Secret; "" is the whole object. */
bool sg_adopt_is_secret(const char *object, const char *path);
/* Appends "Deployment prod/web", made safe. */
void sg_adopt_object(const char *object, struct sg_buf *out);

/* Two values of one field on one line each, safe to show: "(none)", "(secret)" and
 * "(another secret)" for those. Of long ones, without --full, what differs; all is cut as
 * values are. */
struct sg_adopt_values {
    struct sg_buf old, new;
};
void sg_adopt_values_of(const struct sg_text *t, const char *object, const char *path,
                        const char *old, const char *new, struct sg_adopt_values *out);
void sg_adopt_values_release(struct sg_adopt_values *values);
#define sg_auto_adopt_values SG_CLEANUP(sg_adopt_values_release) struct sg_adopt_values

/* --- customisations --------------------------------------------------------------- */

/* What a transformer says for many objects, and what follows from it. */
enum sg_adopt_effect {
    SG_EFFECT_NAMESPACE,
    SG_EFFECT_LABELS,
    SG_EFFECT_ANNOTATIONS,
    SG_EFFECT_IMAGE,
    SG_EFFECT_REPLICAS, /* of one object, for all that it stands with the others */
    SG_EFFECT_OTHER,
    SG_EFFECTS,
};

struct sg_adopt_group {
    const char *object;
    struct sg_adopt_id id;
    SG_VEC(const struct sg_adopt_change *) changes; /* but those said for many objects */
    SG_VEC(const struct sg_adopt_change *) shared;  /* those */
    size_t ways[SG_ADOPT_WAYS], effects[SG_EFFECTS];
};
struct sg_adopt_kind {
    struct sg_str kind;
    SG_VEC(struct sg_adopt_group *) objects;
    size_t patched, own, deleted; /* objects */
};
/* All by kind and object, both in the order they are met. */
struct sg_adopt_view {
    SG_VEC(struct sg_adopt_kind *) kinds;
    SG_VEC(struct sg_adopt_group *) groups;
};
/* Zero-initialised before; borrows from `adopted`. Linear in the changes. */
void sg_adopt_view_of(const struct sg_adopted *adopted, struct sg_adopt_view *out);
void sg_adopt_view_release(struct sg_adopt_view *view);
#define sg_auto_adopt_view SG_CLEANUP(sg_adopt_view_release) struct sg_adopt_view

/* --- words ------------------------------------------------------------------------ */

/* "patch", "operation", "text", "transformer", "resource", "deletion". */
const char *sg_adopt_way_word(enum sg_adopt_way way);

struct sg_adopt_oddity_words {
    const char *word;  /* "repeated-key" */
    const char *title; /* "a key written twice" */
    const char *means; /* one sentence what it means, one what to do */
    bool grave;        /* something of the fork is in no overlay */
};
const struct sg_adopt_oddity_words *
sg_adopt_oddity_words_of(enum sg_adopt_oddity_kind kind);
/* The kinds, what weighs most first. */
extern const enum sg_adopt_oddity_kind sg_adopt_oddity_order[SG_ADOPT_ODDITIES];

/* The sentences below are raw: names in them are as they come. */

/* ", the nearest of 11 releases: 97 % alike, …"; why it is this release. */
void sg_adopt_evidence(const struct sg_report_adopt *report, struct sg_buf *out);
/* "3.14.4 is much nearer to this fork: …; …"; "" where none is. */
void sg_adopt_nearer(const struct sg_report_adopt *report, struct sg_buf *out);
/* "68 of 68 objects, 2,431 fields, render as the fork". */
void sg_adopt_proof(const struct sg_report_adopt *report, struct sg_buf *out);
/* "2 workloads restart once when …"; "" for none. */
void sg_adopt_restarts(const struct sg_adopted *adopted, struct sg_buf *out);
/* "13 changes that upstream made itself later; …" of those that were left out. */
void sg_adopt_drops(const struct sg_adopted *adopted, struct sg_buf *out);
/* "3.15.1, an older image until that upgrade": why one of them was, and what runs. */
void sg_adopt_drop_reason(const struct sg_adopt_drop *drop, struct sg_buf *out);
/* "12 files say what upstream's say in another form (…); …"; "" for none. */
void sg_adopt_noise(const struct sg_adopted *adopted, struct sg_buf *out);
/* "namespace on 64 objects, 23 images, 12 patches, …". */
void sg_adopt_sum(const struct sg_adopt_view *view, struct sg_buf *out);
/* "who made 12 of the changes is not known: …"; "" where the history is whole. */
void sg_adopt_history_gap(const struct sg_adopted *adopted, struct sg_buf *out);
/* "60 of the fork's 68 objects are upstream's, …". */
void sg_adopt_matches(const struct sg_adopted *adopted, struct sg_buf *out);
/* "3 of these changes are as upstream had it in 3.16.0: …"; "" for none. */
void sg_adopt_left(const struct sg_adopted *adopted, struct sg_buf *out);
/* "5 of these changes upstream made itself later (3.11.4, 3.12.5); …"; "" for none. */
void sg_adopt_picks(const struct sg_adopted *adopted, struct sg_buf *out);
/* "kustomizations of the fork's own outside of base/: overlays/prod"; "" for none. */
void sg_adopt_outside_words(const struct sg_report_adopt *report, struct sg_buf *out);
/* "9 changed, 1 own, 2 not wanted" of a kind; "" where there is nothing of that. */
void sg_adopt_kind_sum(const struct sg_adopt_kind *kind, struct sg_buf *out);
/* "2,431 fields"; `many` NULL adds an s. */
void sg_adopt_count(struct sg_buf *out, size_t n, const char *one, const char *many);

#endif
