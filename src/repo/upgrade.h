/*
 * upgrade.h - a row of planned hops, in memory.
 */
#ifndef SG_REPO_UPGRADE_H
#define SG_REPO_UPGRADE_H

#include "project.h"

/* What a hop makes of one overlay. */
struct hop_overlay {
    char digest[SG_SHA256_HEX + 1]; /* of the whole rendered stream; "" if not rendered */
    bool opaque;
};

struct hop {
    struct base base;
    struct sg_fs *view;      /* the project after this hop */
    const struct sg_fs *old; /* … and before it */
    struct notes notes;
    SG_VEC(struct hop_overlay) overlays; /* as upgrade.overlays */
    struct stage rendered;               /* rendered/ after this hop */
    struct stage edits; /* the customer's files that this hop edits, makes and removes */
    SG_VEC(struct sg_lock_file)
    undo; /* … and what undoes that; strings are the upgrade's */
};

/* The causes of findings: upstream's commits between the two releases of a hop, asked for
 * by project paths. */
struct causes {
    struct sg_repo *repo;
    struct sg_upstream_cause *walk;
    const struct base *base;
    struct sg_cause as;
};

struct upgrade {
    struct sg_repo *repo;
    struct sg_plan *plan;
    struct target target;
    struct sg_repo_overlays overlays;
    struct seen *seen;
    struct sg_fs *start; /* the project now, its reads recorded */
    struct sg_planner *planner;
    struct sg_arena arena;
    struct causes causes;
    SG_VEC(struct sg_plan_accept) accepts;
    bool repair;             /* the customer's files are edited where that is certain */
    bool merge_hidden, tidy; /* sg_planner_opts */
    struct sg_strmap noted;  /* titles of the notes of the hops so far */
    bool keep_rendered;      /* apply: what was rendered is staged */
    bool to_save;            /* what was rendered is noted in the plan */
    SG_VEC(struct hop *) hops;
};
void upgrade_release(struct upgrade *upgrade);
#define auto_upgrade SG_CLEANUP(upgrade_release) struct upgrade

/* Accepts of the config (those that have not expired) and of the command line. */
SG_MUST_USE int upgrade_accepts(struct sg_repo *repo,
                                const struct sg_repo_plan_opts *opts,
                                struct upgrade *upgrade, struct sg_err *err);
/* A path of the project, now or after the upgrade, is upstream's; `ctx` is the struct
 * upgrade. sg_planner_opts.vendored. */
bool upgrade_vendored(void *ctx, const char *path);
/* Overlays of the project, all or the named ones, and a planner for them. */
SG_MUST_USE int upgrade_begin(struct sg_repo *repo, const struct sg_repo_plan_opts *opts,
                              struct sg_plan *plan, struct upgrade *upgrade,
                              struct sg_err *err);
/* Base and tag checks, then every hop to `opts->to`. With a failed base check the plan
 * has no hops: what follows from an edited base means nothing. */
SG_MUST_USE int upgrade_plan(struct upgrade *upgrade,
                             const struct sg_repo_plan_opts *opts, struct sg_err *err);

/* Where rendered/ is kept, SG405 says that the overlay's part of it is not written. */
void upgrade_left_alone(struct upgrade *upgrade);

/* Notes in the plan what it was made from (inputs.c). */
SG_MUST_USE int upgrade_inputs(struct upgrade *upgrade, struct sg_err *err);

/* The rendered stream's digest. */
SG_MUST_USE int render_digest(const struct sg_render *render, char hex[SG_SHA256_HEX + 1],
                              struct sg_err *err);

/* Adds the plan from the project at `revision` to here: SG501, a hop, and the overlays
 * that are gone since (check_since.c). */
SG_MUST_USE int check_since(struct upgrade *upgrade, const char *revision,
                            struct sg_err *err);

#endif
