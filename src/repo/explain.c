/*
 * explain.c - where a value of the present state comes from; asks nobody but the disk.
 */
#include "upgrade.h"

int sg_repo_explain(struct sg_repo *repo, const struct sg_repo_explain_opts *opts,
                    struct sg_chains *out, struct sg_err *err) {
    auto_upgrade upgrade = {0};
    sg_auto_plan plan; /* stays empty: a chain needs no plan */
    sg_plan_init(&plan, repo->atoms);
    repo->opts.offline = true; /* what is here is explained by what is here */
    const struct sg_repo_plan_opts how = {.overlays = opts->overlays,
                                          .overlays_len = opts->overlays_len};
    if (upgrade_begin(repo, &how, &plan, &upgrade, err) != 0) {
        return -1;
    }
    SG_VEC(struct sg_plan_overlay_in) overlays = {0};
    for (size_t i = 0; i < upgrade.overlays.items.len; i++) {
        const struct sg_repo_overlay *overlay = &upgrade.overlays.items.items[i];
        sg_vec_push(&overlays, (struct sg_plan_overlay_in){overlay->name, overlay->dir});
    }
    const struct sg_planner_opts render = {
        .atoms = repo->atoms,
        .overlays = overlays.items,
        .overlays_len = overlays.len,
        .remote = repo_remote(repo),
        .vendored = upgrade_vendored,
        .vendored_ctx = &upgrade,
    };
    int status = sg_chains_find(&render, repo->disk, &opts->query, out, err);
    sg_vec_release(&overlays);
    return status;
}
