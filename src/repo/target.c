/*
 * target.c - which release is meant, and the hops that lead there.
 */
#include <string.h>

#include "project.h"

void target_release(struct target *target) {
    sg_versions_release(&target->versions);
    sg_version_list_release(&target->hops);
}

static enum sg_versions_step step_of(enum sg_config_step step) {
    switch (step) {
    case SG_STEP_MINOR:
        return SG_VERSIONS_MINOR;
    case SG_STEP_MAJOR:
        return SG_VERSIONS_MAJOR;
    case SG_STEP_NONE:
        return SG_VERSIONS_ANY;
    }
    SG_BUG("a step that is none");
}

int versions_read(struct sg_repo *repo, struct sg_upstream *up, struct sg_versions *out,
                  struct sg_err *err) {
    sg_auto_releases releases = {0};
    if (sg_upstream_releases(up, &releases, err) != 0) {
        return -1;
    }
    struct sg_version_list known = {0}, skip = {0};
    for (size_t i = 0; i < releases.items.len; i++) {
        sg_vec_push(&known.items, releases.items.items[i].version);
    }
    for (size_t i = 0; i < repo->config.upstream.skip.len; i++) {
        sg_vec_push(&skip.items, repo->config.upstream.skip.items[i].version);
    }
    sg_versions_init(out, step_of(repo->config.step), known.items.items, known.items.len,
                     skip.items.items, skip.items.len);
    sg_version_list_release(&known);
    sg_version_list_release(&skip);
    return 0;
}

int target_find(struct sg_repo *repo, const char *asked, struct target *out,
                struct sg_err *err) {
    struct sg_upstream *up = repo_contact(repo, err);
    if (up == NULL || sg_version_parse(repo->lock.now.version, &out->from, err) != 0 ||
        versions_read(repo, up, &out->versions, err) != 0) {
        return -1;
    }
    if (sg_versions_resolve(&out->versions, asked != NULL ? asked : "latest", &out->from,
                            &out->to, err) != 0) {
        return -1;
    }
    return sg_versions_hops(&out->versions, &out->from, &out->to, &out->hops, err);
}
