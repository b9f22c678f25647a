#include "plan_args.h"

#include "codes.h"

const char *const sg_version_words[] = {"next", "latest", NULL};

void sg_plan_args_release(struct sg_plan_args *args) {
    sg_arg_values_release(&args->accepts);
    sg_arg_values_release(&args->retires);
    sg_arg_values_release(&args->retargets);
    sg_arg_values_release(&args->as_patches);
}

void sg_plan_args_read(const struct sg_args *args, bool retires,
                       struct sg_plan_args *lists, struct sg_repo_plan_opts *opts) {
    opts->to = sg_args_get(args, "to");
    opts->accepts_len = sg_args_all(args, "accept", &lists->accepts);
    opts->accepts = lists->accepts.items;
    if (!retires) {
        return;
    }
    opts->retires_len = sg_args_all(args, "retire", &lists->retires);
    opts->retires = lists->retires.items;
    opts->retargets_len = sg_args_all(args, "retarget", &lists->retargets);
    opts->retargets = lists->retargets.items;
    opts->as_patches_len = sg_args_all(args, "as-patch", &lists->as_patches);
    opts->as_patches = lists->as_patches.items;
    opts->merge_hidden = sg_args_has(args, "merge-hidden");
    opts->tidy = sg_args_has(args, "tidy");
}

static bool covers_one(const struct sg_plan_accept *accept,
                       const struct sg_finding *findings, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (sg_plan_accept_find(accept, 1, &findings[i], "") != NULL) {
            return true;
        }
    }
    return false;
}

static bool covers_in(const struct sg_plan_accept *accept, const struct sg_plan *plan) {
    bool used = covers_one(accept, plan->findings.items, plan->findings.len);
    for (size_t i = 0; i < plan->overlays.len && !used; i++) {
        const struct sg_plan_overlay *overlay = &plan->overlays.items[i];
        used = covers_one(accept, overlay->findings.items, overlay->findings.len);
    }
    return used;
}

static void note_unused(struct sg_cli *cli, const struct sg_plan *const *plans, size_t n,
                        const struct sg_plan_accept *accept, const char *option,
                        const char *value) {
    for (size_t i = 0; i < n; i++) {
        if (covers_in(accept, plans[i])) {
            return;
        }
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_addf(&text, "note: %s '%s' covers no finding", option, value);
    sg_cli_note(cli, sg_buf_cstr(&text));
}

void sg_plan_args_unused(struct sg_cli *cli, const struct sg_plan_args *lists,
                         const struct sg_plan *const *plans, size_t n) {
    struct sg_arena arena;
    sg_arena_init(&arena);
    for (size_t i = 0; i < lists->accepts.len; i++) {
        struct sg_plan_accept accept;
        struct sg_err err = {0};
        if (sg_plan_accept_parse(lists->accepts.items[i], &arena, &accept, &err) == 0) {
            note_unused(cli, plans, n, &accept, "--accept", lists->accepts.items[i]);
        }
    }
    for (size_t i = 0; i < lists->retires.len; i++) {
        struct sg_plan_accept accept;
        sg_plan_retire_parse(lists->retires.items[i], &arena, &accept);
        note_unused(cli, plans, n, &accept, "--retire", lists->retires.items[i]);
    }
    for (size_t i = 0; i < lists->retargets.len; i++) {
        struct sg_plan_accept accept;
        struct sg_err err = {0};
        if (sg_plan_retarget_parse(lists->retargets.items[i], &arena, &accept, &err) ==
            0) {
            note_unused(cli, plans, n, &accept, "--retarget", lists->retargets.items[i]);
        }
    }
    for (size_t i = 0; i < lists->as_patches.len; i++) {
        struct sg_plan_accept accept;
        sg_plan_as_patch_parse(lists->as_patches.items[i], &arena, &accept);
        note_unused(cli, plans, n, &accept, "--as-patch", lists->as_patches.items[i]);
    }
    sg_arena_release(&arena);
}

void sg_plan_args_report(const struct sg_repo *repo, struct sg_report_plan *report) {
    report->folder = sg_repo_folder(repo);
    report->pages = sg_code_pages;
}
