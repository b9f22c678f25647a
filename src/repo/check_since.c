/*
 * check_since.c - what changed since a revision of the project's own repository: a plan
 * from the lock there to here, upgrades made by hand included.
 */
#include <string.h>

#include "upgrade.h"

/* The project as it was: files, config and lock at a commit of its own repository. */
struct past {
    struct sg_fs *fs;
    struct sg_lock lock;
    struct sg_config config; /* empty where it could not be read */
};

static void past_release(struct past *past) {
    sg_fs_free(past->fs);
    sg_lock_release(&past->lock);
    sg_config_release(&past->config);
}

static int past_open(struct sg_repo *repo, const char *revision, struct past *out,
                     struct sg_err *err) {
    char commit[GIT_ID + 1];
    sg_lock_init(&out->lock);
    if (git_commit_of(repo, revision, commit, err) != 0) {
        return -1;
    }
    out->fs = repo_at(repo, commit, err);
    if (out->fs == NULL) {
        return -1;
    }
    enum sg_fs_type type;
    if (sg_fs_stat(out->fs, SG_LOCK_FILE, &type, NULL, err) != 0) {
        return -1;
    }
    if (type == SG_FS_NONE) {
        return 0; /* the project began after that */
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_auto_cstr name = sg_xasprintf("%s:" SG_LOCK_FILE, revision);
    struct sg_err why = {0};
    if (sg_fs_read(out->fs, SG_LOCK_FILE, &text, err) != 0) {
        return -1;
    }
    if (sg_lock_read(&out->lock, name, sg_buf_cstr(&text), text.len, &why) != 0) {
        why.hint[0] = '\0'; /* about restoring the file that is here */
        sg_err_hint(&why, "compare with a revision whose lock this sgupgrade can read");
        return sg_err_pass(err, &why);
    }
    return 0;
}

/* The overlays that were there: by the config of that time, where it can be read. What
 * was wrong then and is mended now stops nothing: there are none then. */
static int past_overlays(struct sg_repo *repo, struct past *past,
                         struct sg_repo_overlays *out, struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err why = {0};
    struct sg_repo then = *repo;
    if (sg_fs_read(past->fs, SG_CONFIG_FILE, &text, &why) == 0 &&
        sg_config_read(&past->config, SG_CONFIG_FILE, sg_buf_cstr(&text), text.len,
                       &why) == 0) {
        then.config = past->config;
    }
    then.lock = past->lock;
    why = (struct sg_err){0};
    if (sg_repo_list_overlays(&then, past->fs, out, &why) == 0) {
        return 0;
    }
    sg_repo_overlays_release(out);
    *out = (struct sg_repo_overlays){0};
    return why.code == SG_E_INPUT ? 0 : sg_err_pass(err, &why);
}

/* Overlays that were there and are not here. */
static int check_gone_overlays(struct upgrade *upgrade, struct past *past,
                               struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    sg_auto_repo_overlays had = {0};
    sg_auto_strmap have = {0};
    for (size_t i = 0; i < upgrade->overlays.items.len; i++) {
        char *name = upgrade->overlays.items.items[i].name;
        sg_strmap_put(&have, name, strlen(name), name);
    }
    if (past_overlays(repo, past, &had, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < had.items.len; i++) {
        struct sg_plan_gone_in in = {.atoms = repo->atoms,
                                     .fs = past->fs,
                                     .remote = repo_remote(repo),
                                     .name = had.items.items[i].name,
                                     .dir = had.items.items[i].dir};
        if (!sg_strmap_has(&have, in.name, strlen(in.name)) &&
            sg_plan_add_gone(upgrade->plan, &in, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static bool one_step(enum sg_config_step step, const struct sg_version *a,
                     const struct sg_version *b) {
    switch (step) {
    case SG_STEP_NONE:
        return true;
    case SG_STEP_MAJOR:
        return b->major <= a->major + 1;
    case SG_STEP_MINOR:
        break;
    }
    if (a->major == b->major) {
        return b->minor <= a->minor + 1;
    }
    /* what the last minor of a major was only upstream knows */
    return b->major == a->major + 1 && b->minor == 0;
}

static int check_step(struct upgrade *upgrade, const struct past *past,
                      struct sg_err *err) {
    struct sg_version from, to;
    const struct sg_repo *repo = upgrade->repo;
    if (sg_version_parse(past->lock.now.version, &from, err) != 0 ||
        sg_version_parse(repo->lock.now.version, &to, err) != 0) {
        return -1;
    }
    if (sg_version_cmp(&to, &from) <= 0 || one_step(repo->config.step, &from, &to)) {
        return 0;
    }
    struct sg_finding_in in = {
        .code = "SG501",
        .rule = "step",
        .severity = SG_ERROR,
        .hop = SG_NO_HOP,
        .at = {SG_LOCK_FILE, repo->lock.now.at.line, repo->lock.now.at.column},
        .message =
            sg_arena_printf(&upgrade->plan->docs.arena,
                            "%s to %s is more than one step: what lies between was "
                            "not deployed",
                            past->lock.now.version, repo->lock.now.version),
        .fix = "merge and deploy one step after the other",
    };
    (void)sg_plan_add_finding(upgrade->plan, NULL, &in);
    return 0;
}

/* A stop is for apply; what is here has been decided, and is judged by its severity. */
static void clear_stops(struct sg_plan *plan) {
    for (size_t i = 0; i < plan->overlays.len; i++) {
        for (size_t k = 0; k < plan->overlays.items[i].findings.len; k++) {
            plan->overlays.items[i].findings.items[k].stops = false;
        }
    }
}

int check_since(struct upgrade *upgrade, const char *revision, struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    struct past past = {0};
    int status = past_open(repo, revision, &past, err);
    if (status == 0 && past.lock.now.version != NULL) {
        status = check_step(upgrade, &past, err);
        struct sg_arena *arena = &upgrade->plan->docs.arena;
        upgrade->plan->from.version = sg_arena_strdup(arena, past.lock.now.version);
        upgrade->plan->from.commit = sg_arena_strdup(arena, past.lock.now.commit);
        struct sg_plan_hop_in in = {
            .old = past.fs,
            .new = upgrade->start,
            .version = repo->lock.now.version,
            .commit = repo->lock.now.commit,
        };
        if (status == 0) {
            status = sg_planner_hop(upgrade->planner, &in, upgrade->plan, err);
        }
        if (status == 0) {
            status = check_gone_overlays(upgrade, &past, err);
        }
        clear_stops(upgrade->plan);
    }
    past_release(&past);
    return status;
}
