/*
 * status.c - where the project stands: its release, newer ones, the overlays' health.
 */
#include <string.h>

#include "upgrade.h"

/* --- what upstream has ------------------------------------------------------------ */

static const char *copy(struct sg_arena *arena, const char *text) {
    return sg_arena_strdup(arena, text);
}

/* "next" or "latest" from here; NULL where that is here. */
static const char *resolve(struct sg_arena *arena, const struct sg_versions *versions,
                           const char *wanted, const struct sg_version *from,
                           struct sg_version *out) {
    struct sg_err ignored = {0};
    char text[SG_VERSION_TEXT];
    if (sg_versions_resolve(versions, wanted, from, out, &ignored) != 0 ||
        sg_version_cmp(out, from) <= 0) {
        return NULL;
    }
    sg_version_text(out, text);
    return copy(arena, text);
}

static int read_newer(struct sg_repo *repo, struct sg_upstream *up,
                      struct sg_repo_status *out, struct sg_err *err) {
    sg_auto_versions versions = {0};
    struct sg_version from, next, latest;
    if (sg_version_parse(repo->lock.now.version, &from, err) != 0 ||
        versions_read(repo, up, &versions, err) != 0) {
        return -1;
    }
    out->next = resolve(&out->arena, &versions, "next", &from, &next);
    out->latest = resolve(&out->arena, &versions, "latest", &from, &latest);
    out->newer = sg_versions_newer(&versions, &from);
    sg_auto_version_list hops = {0};
    if (out->latest != NULL &&
        sg_versions_hops(&versions, &from, &latest, &hops, err) != 0) {
        return -1;
    }
    out->hops = hops.items.len;
    return 0;
}

/* What can be said without upstream is said. */
static int read_upstream(struct sg_repo *repo, struct sg_repo_status *out,
                         struct sg_plan *plan, struct sg_err *err) {
    struct sg_err why = {0};
    struct sg_upstream *up = repo_upstream(repo, &why);
    if (up == NULL && why.code == SG_E_INPUT) {
        return sg_err_pass(err, &why); /* a URL that never can be one */
    }
    if (up == NULL) { /* a path that is not there now is as a host that does not answer */
        out->upstream = copy(&out->arena, repo->config.upstream.url);
        out->contacted = copy(&out->arena, why.text);
        return 0;
    }
    out->upstream = copy(&out->arena, sg_upstream_shown(up));
    if (repo_contact(repo, &why) == NULL) {
        out->contacted = copy(&out->arena, why.text);
    } else if (!sg_upstream_current(up)) {
        out->contacted = "offline";
    }
    if (out->contacted != NULL && sg_upstream_empty(up)) {
        return 0;
    }
    if (read_newer(repo, up, out, err) != 0) {
        return -1;
    }
    return tag_check(repo, plan, err);
}

/* --- the overlays ----------------------------------------------------------------- */

static void add_health(struct sg_repo_status *out, const struct upgrade *upgrade,
                       size_t i) {
    const struct sg_plan_overlay *overlay = &upgrade->plan->overlays.items[i];
    const struct sg_render *render = sg_planner_after(upgrade->planner, i);
    struct sg_repo_health health = {
        .overlay = copy(&out->arena, overlay->name),
        .dir = copy(&out->arena, overlay->dir),
        .objects = render == NULL ? 0 : render->items.len,
    };
    for (size_t k = 0; k < overlay->findings.len; k++) {
        const struct sg_finding *finding = &overlay->findings.items[k];
        health.errors += finding->severity == SG_ERROR;
        health.warnings += finding->severity == SG_WARNING;
        health.infos += finding->severity == SG_INFO;
        if (finding->severity != SG_ERROR || health.problem != NULL) {
            continue;
        }
        health.problem = copy(&out->arena, finding->message);
        health.at = finding->at;
        if (health.at.file != NULL) {
            health.at.file = copy(&out->arena, health.at.file);
        }
    }
    sg_vec_push(&out->overlays, health);
}

static int read_overlays(struct sg_repo *repo, struct sg_repo_status *out,
                         struct sg_plan *plan, struct sg_err *err) {
    auto_upgrade upgrade = {0};
    struct sg_repo_plan_opts none = {0};
    if (upgrade_begin(repo, &none, plan, &upgrade, err) != 0 ||
        sg_planner_present(upgrade.planner, upgrade.start, plan, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < plan->overlays.len; i++) {
        add_health(out, &upgrade, i);
    }
    dirty_any(repo, upgrade.seen, &out->dirty);
    return 0;
}

int sg_repo_read_status(struct sg_repo *repo, struct sg_repo_status *out,
                        struct sg_plan *plan, struct sg_err *err) {
    memset(out, 0, sizeof(*out));
    sg_arena_init(&out->arena);
    out->current = copy(&out->arena, repo->lock.now.version);
    out->commit = copy(&out->arena, repo->lock.now.commit);
    if (base_check(repo, plan, err) != 0 || read_upstream(repo, out, plan, err) != 0) {
        return -1;
    }
    out->blocked = plan->findings.len > 0;
    if (read_overlays(repo, out, plan, err) != 0) {
        return -1;
    }
    sg_plan_finish(plan, SG_USE_DIFF, SG_ERROR);
    return 0;
}

void sg_repo_status_release(struct sg_repo_status *status) {
    sg_vec_release(&status->overlays);
    sg_arena_release(&status->arena);
}

/* --- versions --------------------------------------------------------------------- */

static uint32_t hop_of(const struct sg_version_list *hops, const struct sg_version *v) {
    for (size_t i = 0; i < hops->items.len; i++) {
        if (sg_version_cmp(&hops->items.items[i], v) == 0) {
            return (uint32_t)i + 1;
        }
    }
    return 0;
}

static void add_release(struct sg_repo *repo, const struct target *target,
                        const struct sg_release *release, struct sg_repo_releases *out) {
    struct sg_arena *arena = &out->arena;
    char text[SG_VERSION_TEXT];
    struct sg_commit commit = {0};
    struct sg_err ignored = {0};
    sg_version_text(&release->version, text);
    /* a date that cannot be read is left out, the release stays */
    (void)!sg_upstream_commit(repo->upstream, release->commit, &commit, &ignored);
    struct sg_repo_release mine = {
        .version = copy(arena, text),
        .tag = copy(arena, release->tag),
        .commit = copy(arena, release->commit),
        .date = copy(arena, commit.date),
        .current = strcmp(text, repo->lock.now.version) == 0,
        .skipped = sg_versions_is_skipped(&target->versions, &release->version),
        .prerelease = release->version.pre[0] != '\0',
        .hop = hop_of(&target->hops, &release->version),
    };
    sg_vec_push(&out->items, mine);
}

int sg_repo_read_releases(struct sg_repo *repo, struct sg_repo_releases *out,
                          struct sg_err *err) {
    memset(out, 0, sizeof(*out));
    sg_arena_init(&out->arena);
    struct target target = {0};
    sg_auto_releases releases = {0};
    int status = target_find(repo, "latest", &target, err);
    if (status == 0) {
        out->contacted = sg_upstream_current(repo->upstream) ? NULL : "offline";
        status = sg_upstream_releases(repo->upstream, &releases, err);
    }
    for (size_t i = 0; status == 0 && i < releases.items.len; i++) {
        add_release(repo, &target, &releases.items.items[i], out);
    }
    target_release(&target);
    return status;
}

void sg_repo_releases_release(struct sg_repo_releases *releases) {
    sg_vec_release(&releases->items);
    sg_arena_release(&releases->arena);
}

/* --- fetch ------------------------------------------------------------------------ */

int sg_repo_fetch(struct sg_repo *repo, const char *to, const char *bundle,
                  struct sg_repo_result *result, struct sg_err *err) {
    struct sg_upstream *up = repo_upstream(repo, err);
    if (up == NULL) {
        return -1;
    }
    if (bundle != NULL ? sg_upstream_fetch_bundle(up, bundle, err) != 0
                       : repo_contact(repo, err) == NULL) {
        return -1;
    }
    sg_auto_versions versions = {0};
    struct sg_version from, version;
    char text[SG_VERSION_TEXT];
    if (versions_read(repo, up, &versions, err) != 0 ||
        sg_version_parse(repo->lock.now.version, &from, err) != 0 ||
        sg_versions_resolve(&versions, to != NULL ? to : "latest", &from, &version,
                            err) != 0) {
        return -1;
    }
    /* a bundle may hold the newest releases alone: it says nothing of the tag we have */
    if (bundle == NULL && sg_upstream_current(up) &&
        sg_upstream_pin(up, repo->lock.now.tag, repo->lock.now.commit, err) != 0) {
        return -1;
    }
    sg_version_text(&version, text);
    result->from = copy(&result->arena, repo->lock.now.version);
    result->to = copy(&result->arena, text);
    return 0;
}
