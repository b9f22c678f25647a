/*
 * inputs.c - what a plan was made from: noted in it, and compared before a saved plan is
 * applied.
 */
#include <string.h>

#include "upgrade.h"

static const char *digest_of(const struct sg_buf *text, struct sg_arena *arena) {
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(sg_buf_cstr(text), text->len, hex);
    return sg_arena_strdup(arena, hex);
}

int upgrade_inputs(struct upgrade *upgrade, struct sg_err *err) {
    struct sg_plan *plan = upgrade->plan;
    struct sg_repo *repo = upgrade->repo;
    struct sg_arena *arena = &plan->docs.arena;
    plan->inputs.lock = digest_of(&repo->lock_text, arena);
    plan->inputs.config = digest_of(&repo->config_text, arena);
    plan->inputs.project = sg_arena_strdup(arena, place_in_git(repo));
    return seen_inputs(repo, upgrade->seen, plan, err);
}

/* --- is a saved plan of this project, as it is now? ------------------------------- */

static int fail_changed(const char *what, struct sg_err *err) {
    return sg_fail(err, SG_E_DIRTY, "%s has changed since the plan was saved", what);
}

static int compare_project(const struct sg_repo *repo,
                           const struct sg_plan_origin *origin, struct sg_err *err) {
    const char *here = place_in_git(repo);
    if (strcmp(here, origin->project) == 0) {
        return 0;
    }
    sg_fail(err, SG_E_USAGE, "the plan is of another project: of %s, and this is %s",
            origin->project[0] != '\0' ? origin->project : "the top of its repository",
            here[0] != '\0' ? here : "the top of its repository");
    return sg_err_hint(err, "run it there: sgupgrade -C FOLDER apply --plan FILE");
}

static int compare_lock(const struct sg_repo *repo, const struct sg_plan_origin *origin,
                        struct sg_err *err) {
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(sg_buf_cstr(&repo->lock_text), repo->lock_text.len, hex);
    if (strcmp(hex, origin->lock) == 0) {
        return 0;
    }
    if (strcmp(repo->lock.now.version, origin->from) != 0) {
        return sg_fail(err, SG_E_DIRTY, "the plan begins at %s, and the lock says %s now",
                       origin->from, repo->lock.now.version);
    }
    return fail_changed(SG_LOCK_FILE, err);
}

static int compare_config(const struct sg_repo *repo, const struct sg_plan_origin *origin,
                          struct sg_err *err) {
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(sg_buf_cstr(&repo->config_text), repo->config_text.len, hex);
    return strcmp(hex, origin->config) == 0 ? 0 : fail_changed(SG_CONFIG_FILE, err);
}

static int compare_file(const struct sg_repo *repo, const struct sg_plan_input *input,
                        struct sg_err *err) {
    enum sg_fs_type type;
    sg_auto_buf bytes = SG_BUF_INIT;
    char hex[SG_SHA256_HEX + 1];
    if (sg_fs_stat(repo->disk, input->file, &type, NULL, err) != 0) {
        return -1;
    }
    if (type != SG_FS_FILE) {
        return sg_fail(err, SG_E_DIRTY, "%s, which the plan was made from, is gone",
                       input->file);
    }
    if (sg_fs_read(repo->disk, input->file, &bytes, err) != 0) {
        return -1;
    }
    sg_sha256_hex(sg_buf_cstr(&bytes), bytes.len, hex);
    return strcmp(hex, input->sha256) == 0 ? 0 : fail_changed(input->file, err);
}

int sg_repo_fits_plan(const struct sg_repo *repo, const struct sg_plan_origin *origin,
                      struct sg_err *err) {
    if (compare_project(repo, origin, err) != 0 || compare_lock(repo, origin, err) != 0 ||
        compare_config(repo, origin, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < origin->files_len; i++) {
        if (compare_file(repo, &origin->files[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}
