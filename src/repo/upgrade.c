/*
 * upgrade.c - planning every hop to a release in memory, each on the result of the one
 * before.
 */
#include "upgrade.h"

#include <string.h>
#include <time.h>

#include "edits.h"
#include "sg/path.h"
#include "sg/yaml.h"

static void hop_free(struct hop *hop) {
    sg_fs_free(hop->view);
    notes_release(&hop->notes);
    stage_release(&hop->rendered);
    stage_release(&hop->edits);
    for (size_t i = 0; i < hop->undo.len; i++) {
        sg_vec_release(&hop->undo.items[i].splices);
    }
    sg_vec_release(&hop->undo);
    sg_vec_release(&hop->overlays);
    base_release(&hop->base);
    free(hop);
}

void upgrade_release(struct upgrade *upgrade) {
    sg_planner_free(upgrade->planner);
    while (upgrade->hops.len > 0) { /* a later view lies over an earlier one */
        hop_free(upgrade->hops.items[--upgrade->hops.len]);
    }
    sg_vec_release(&upgrade->hops);
    sg_upstream_cause_free(upgrade->causes.walk);
    sg_fs_free(upgrade->start);
    seen_free(upgrade->seen);
    sg_strmap_release(&upgrade->noted);
    sg_vec_release(&upgrade->accepts);
    sg_repo_overlays_release(&upgrade->overlays);
    target_release(&upgrade->target);
    sg_arena_release(&upgrade->arena);
}

/* --- what the planner is told ----------------------------------------------------- */

/* An accept holds through its last day, in UTC. SOURCE_DATE_EPOCH is the present where it
 * is set, so that a run can be repeated. */
static bool is_expired(const char *expires) {
    if (expires == NULL) {
        return false;
    }
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t now =
        epoch != NULL && epoch[0] != '\0' ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
    struct tm day;
    char today[16];
    if (gmtime_r(&now, &day) == NULL ||
        strftime(today, sizeof(today), "%Y-%m-%d", &day) == 0) {
        return false;
    }
    return strcmp(expires, today) < 0;
}

static void config_accepts(struct sg_repo *repo, struct upgrade *upgrade) {
    for (size_t i = 0; i < repo->config.accept.len; i++) {
        const struct sg_config_accept *accept = &repo->config.accept.items[i];
        if (is_expired(accept->expires)) {
            sg_diag(repo->opts.diag, "", "", SG_WARNING, accept->at,
                    "this accept entry of %s expired on %s and holds no more",
                    accept->code, accept->expires);
            continue;
        }
        struct sg_plan_accept mine = {
            .code = accept->code,
            .object = accept->object,
            .overlay = accept->overlay,
            .path = accept->path,
            .to = accept->to,
            .reason = accept->reason,
        };
        sg_vec_push(&upgrade->accepts, mine);
    }
}

int upgrade_accepts(struct sg_repo *repo, const struct sg_repo_plan_opts *opts,
                    struct upgrade *upgrade, struct sg_err *err) {
    config_accepts(repo, upgrade);
    for (size_t i = 0; i < opts->accepts_len; i++) {
        struct sg_plan_accept accept;
        if (sg_plan_accept_parse(opts->accepts[i], &upgrade->arena, &accept, err) != 0) {
            return -1;
        }
        sg_vec_push(&upgrade->accepts, accept);
    }
    for (size_t i = 0; i < opts->retires_len; i++) {
        struct sg_plan_accept retire;
        sg_plan_retire_parse(opts->retires[i], &upgrade->arena, &retire);
        sg_vec_push(&upgrade->accepts, retire);
    }
    for (size_t i = 0; i < opts->as_patches_len; i++) {
        struct sg_plan_accept as_patch;
        sg_plan_as_patch_parse(opts->as_patches[i], &upgrade->arena, &as_patch);
        sg_vec_push(&upgrade->accepts, as_patch);
    }
    for (size_t i = 0; i < opts->retargets_len; i++) {
        struct sg_plan_accept retarget;
        if (sg_plan_retarget_parse(opts->retargets[i], &upgrade->arena, &retarget, err) !=
            0) {
            return -1;
        }
        sg_vec_push(&upgrade->accepts, retarget);
    }
    return 0;
}

bool upgrade_vendored(void *ctx, const char *path) {
    const struct upgrade *upgrade = ctx;
    if (sg_repo_vendored(upgrade->repo, path)) {
        return true;
    }
    const struct sg_config *config = &upgrade->repo->config;
    for (size_t i = 0; i < config->upstream.paths.len; i++) {
        if (sg_path_within(path, config->upstream.paths.items[i].to)) {
            return true;
        }
    }
    return false;
}

/* A project path is upstream's path under another folder; the innermost `to` counts. */
static bool find_cause(void *ctx, const char *path, char commit[41], char *subject,
                       size_t cap) {
    const struct causes *causes = ctx;
    for (size_t i = causes->base == NULL ? 0 : causes->base->paths.len; i-- > 0;) {
        const struct base_path *base = &causes->base->paths.items[i];
        if (!sg_path_within(path, base->to)) {
            continue;
        }
        sg_auto_buf upstream = SG_BUF_INIT;
        size_t skip = strlen(base->to);
        repo_path(base->from, path + skip + (path[skip] == '/'), &upstream);
        struct sg_cause walk = sg_upstream_cause_as(causes->walk);
        return walk.find(walk.ctx, sg_buf_cstr(&upstream), commit, subject, cap);
    }
    return false;
}

static int pick_overlays(struct sg_repo *repo, const struct sg_repo_plan_opts *opts,
                         struct upgrade *upgrade, struct sg_err *err) {
    if (sg_repo_list_overlays(repo, repo->disk, &upgrade->overlays, err) != 0) {
        return -1;
    }
    if (opts->overlays_len == 0) {
        return 0;
    }
    struct sg_repo_overlays all = upgrade->overlays, picked = {0};
    const char *unknown = NULL;
    for (size_t i = 0; i < opts->overlays_len; i++) {
        size_t k = 0;
        while (k < all.items.len &&
               (all.items.items[k].name == NULL ||
                strcmp(all.items.items[k].name, opts->overlays[i]) != 0)) {
            k++;
        }
        if (k == all.items.len) {
            unknown = opts->overlays[i];
            continue;
        }
        sg_vec_push(&picked.items, all.items.items[k]);
        all.items.items[k] = (struct sg_repo_overlay){0};
    }
    sg_auto_buf names = SG_BUF_INIT;
    for (size_t i = 0; i < all.items.len; i++) {
        if (all.items.items[i].name != NULL) {
            sg_buf_addf(&names, "%s%s", names.len > 0 ? ", " : "",
                        all.items.items[i].name);
        }
    }
    sg_repo_overlays_release(&all);
    upgrade->overlays = picked;
    if (unknown == NULL) {
        return 0;
    }
    sg_fail(err, SG_E_NOTFOUND, "there is no overlay '%s'", unknown);
    return sg_err_hint(err, "there are: %s", sg_buf_cstr(&names));
}

static void add_merge_key(const struct sg_config_merge_key *key,
                          struct sg_plan_merge_key *out) {
    *out = (struct sg_plan_merge_key){
        .group = key->group, .kind = key->kind, .path = key->path};
    for (size_t i = 0; i < key->keys.items.len && i < SG_ARRAY_LEN(out->keys); i++) {
        out->keys[i] = key->keys.items.items[i].text;
    }
}

static struct sg_planner *make_planner(struct sg_repo *repo, struct upgrade *upgrade) {
    SG_VEC(struct sg_plan_overlay_in) overlays = {0};
    SG_VEC(struct sg_plan_merge_key) keys = {0};
    SG_VEC(const char *) external = {0};
    for (size_t i = 0; i < upgrade->overlays.items.len; i++) {
        sg_vec_push(&overlays,
                    (struct sg_plan_overlay_in){upgrade->overlays.items.items[i].name,
                                                upgrade->overlays.items.items[i].dir});
    }
    for (size_t i = 0; i < repo->config.merge_keys.len; i++) {
        struct sg_plan_merge_key key;
        add_merge_key(&repo->config.merge_keys.items[i], &key);
        sg_vec_push(&keys, key);
    }
    for (size_t i = 0; i < repo->config.external.items.len; i++) {
        sg_vec_push(&external, repo->config.external.items.items[i].text);
    }
    upgrade->causes = (struct causes){.repo = repo};
    upgrade->causes.as = (struct sg_cause){find_cause, &upgrade->causes};
    struct sg_planner_opts opts = {
        .atoms = repo->atoms,
        .kubernetes = repo->config.kubernetes,
        .external = external.items,
        .external_len = external.len,
        .overlays = overlays.items,
        .overlays_len = overlays.len,
        .remote = repo_remote(repo),
        .accepts = upgrade->accepts.items,
        .accepts_len = upgrade->accepts.len,
        .merge_keys = keys.items,
        .merge_keys_len = keys.len,
        .cause = &upgrade->causes.as,
        .vendored = upgrade_vendored,
        .vendored_ctx = upgrade,
        .repair = upgrade->repair,
        .merge_hidden = upgrade->merge_hidden,
        .tidy = upgrade->tidy,
    };
    struct sg_planner *planner = sg_planner_new(&opts);
    sg_vec_release(&overlays);
    sg_vec_release(&keys);
    sg_vec_release(&external);
    return planner;
}

int upgrade_begin(struct sg_repo *repo, const struct sg_repo_plan_opts *opts,
                  struct sg_plan *plan, struct upgrade *upgrade, struct sg_err *err) {
    upgrade->repo = repo;
    upgrade->plan = plan;
    upgrade->to_save = opts->to_save;
    sg_arena_init(&upgrade->arena);
    upgrade->seen = seen_new();
    upgrade->start = sg_fs_record(repo->disk, seen_path, upgrade->seen);
    if (upgrade_accepts(repo, opts, upgrade, err) != 0 ||
        pick_overlays(repo, opts, upgrade, err) != 0) {
        return -1;
    }
    upgrade->repair = upgrade->repair && repo->config.repair == SG_REPAIR_AUTO;
    upgrade->merge_hidden = opts->merge_hidden;
    upgrade->tidy = opts->tidy;
    upgrade->planner = make_planner(repo, upgrade);
    return 0;
}

/* --- the hops --------------------------------------------------------------------- */

/* A file of the customer's where upstream's files are about to go. */
static int check_overlap(const struct sg_repo *repo, const struct base *base,
                         struct sg_err *err) {
    for (size_t i = 0; i < base->paths.len; i++) {
        const struct base_path *path = &base->paths.items[i];
        if (entry_vendors(&repo->lock.now, path->to)) {
            continue;
        }
        sg_auto_fs_list files = {0};
        enum sg_fs_type type;
        if (sg_fs_stat(repo->disk, path->to, &type, NULL, err) != 0 ||
            (type == SG_FS_DIR && sg_fs_walk(repo->disk, path->to, &files, err) != 0)) {
            return -1;
        }
        if (type == SG_FS_NONE || (type == SG_FS_DIR && files.entries.len == 0)) {
            continue;
        }
        sg_fail(err, SG_E_EXISTS, "%s is to be vendored, but holds files of your own",
                path->to);
        return sg_err_hint(err, "move them, or choose another `to` in " SG_CONFIG_FILE);
    }
    return 0;
}

int render_digest(const struct sg_render *render, char hex[SG_SHA256_HEX + 1],
                  struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    if (sg_render_write(render, &text, err) != 0) {
        return -1;
    }
    sg_sha256_hex(sg_buf_cstr(&text), text.len, hex);
    return 0;
}

/* Notes what the hop renders, before the planner moves on. */
static int keep_rendered(struct upgrade *upgrade, struct hop *hop, struct sg_err *err) {
    for (size_t i = 0; i < upgrade->overlays.items.len; i++) {
        struct hop_overlay overlay = {0};
        const struct sg_render *render = sg_planner_after(upgrade->planner, i);
        if (render != NULL) {
            overlay.opaque = render->opaque;
            if (render_digest(render, overlay.digest, err) != 0 ||
                rendered_stage(upgrade->repo, upgrade->repo->disk,
                               upgrade->overlays.items.items[i].name, render,
                               &hop->rendered, err) != 0) {
                return -1;
            }
        }
        sg_vec_push(&hop->overlays, overlay);
    }
    return rendered_stage_gone(upgrade->repo, upgrade->repo->disk, &upgrade->overlays,
                               &hop->rendered, err);
}

/* The splices that turn an edited file back, from those of the plan. */
static void reverse_splices(struct upgrade *upgrade, uint32_t hop,
                            const struct sg_plan_file *file, struct sg_lock_file *out) {
    struct sg_splices forth = {0}, back = {0};
    for (size_t i = 0; i < upgrade->plan->edits.len; i++) {
        const struct sg_edit *edit = &upgrade->plan->edits.items[i];
        if (edit->hop == hop && edit->op == SG_EDIT_SPLICE &&
            strcmp(edit->file, file->path) == 0) {
            sg_splices_add(&forth, edit->start, edit->end, edit->text, edit->text_len);
        }
    }
    sg_splices_reverse(&forth, file->before, &back);
    for (size_t i = 0; i < back.items.len; i++) {
        const struct sg_splice *splice = &back.items.items[i];
        const char *text = sg_arena_strndup(&upgrade->arena, splice->text, splice->len);
        sg_vec_push(&out->splices,
                    (struct sg_lock_splice){.offset = splice->start,
                                            .length = splice->end - splice->start,
                                            .text = {text, splice->len}});
    }
    sg_splices_release(&forth);
    sg_splices_release(&back);
}

static struct sg_lock_file undo_of(struct upgrade *upgrade, uint32_t hop,
                                   const struct sg_plan_file *file) {
    struct sg_lock_file undo = {.path = file->path};
    if (file->after.ptr != NULL) {
        char hex[SG_SHA256_HEX + 1];
        sg_sha256_hex(file->after.ptr, file->after.len, hex);
        undo.sha256 = sg_arena_strdup(&upgrade->arena, hex);
        undo.undo = file->before.ptr == NULL ? SG_UNDO_REMOVE : SG_UNDO_SPLICE;
    } else {
        undo.undo = SG_UNDO_CREATE;
        sg_vec_push(&undo.splices, (struct sg_lock_splice){.text = file->before});
    }
    if (undo.undo == SG_UNDO_SPLICE) {
        reverse_splices(upgrade, hop, file, &undo);
    }
    return undo;
}

/* The files of the customer's that the hop edits: their bytes, and the way back. The
 * texts are the planner's, which lives as long. */
static void keep_edits(struct upgrade *upgrade, struct hop *hop, uint32_t at) {
    struct sg_plan_files files = {0};
    sg_planner_files(upgrade->planner, &files);
    for (size_t i = 0; i < files.items.len; i++) {
        const struct sg_plan_file *file = &files.items.items[i];
        sg_vec_push(&hop->undo, undo_of(upgrade, at, file));
        if (file->after.ptr == NULL) {
            stage_remove(&hop->edits, file->path);
        } else {
            stage_put(&hop->edits, file->path, file->after.ptr, file->after.len, 0);
        }
    }
    sg_plan_files_release(&files);
}

/* A saved plan holds what each overlay renders to. */
static int note_rendered(struct upgrade *upgrade, struct sg_err *err) {
    struct sg_plan *plan = upgrade->plan;
    struct sg_plan_hop *hop = &plan->hops.items[plan->hops.len - 1];
    for (size_t i = 0; i < upgrade->overlays.items.len; i++) {
        const struct sg_render *render = sg_planner_after(upgrade->planner, i);
        char hex[SG_SHA256_HEX + 1] = "";
        if (render != NULL && render_digest(render, hex, err) != 0) {
            return -1;
        }
        sg_vec_push(&hop->rendered, sg_arena_strdup(&plan->docs.arena, hex));
    }
    return 0;
}

static void next_causes(struct upgrade *upgrade, const struct hop *hop,
                        const char *from) {
    sg_upstream_cause_free(upgrade->causes.walk);
    upgrade->causes.walk =
        sg_upstream_cause_new(upgrade->repo->upstream, from, hop->base.release.id);
    upgrade->causes.base = &hop->base;
}

static int plan_hop(struct upgrade *upgrade, const struct sg_version *version,
                    struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    size_t at = upgrade->hops.len;
    const struct hop *last = at == 0 ? NULL : upgrade->hops.items[at - 1];
    struct hop *hop = sg_xcalloc(1, sizeof(*hop));
    sg_vec_push(&upgrade->hops, hop);
    hop->old = last == NULL ? upgrade->start : last->view;
    /* always over the start: a view over a view over a view reads slower and slower */
    hop->view = sg_fs_over(upgrade->start);
    const struct sg_version *from =
        at == 0 ? &upgrade->target.from : &upgrade->target.hops.items.items[at - 1];
    if (base_read(repo, version, &hop->base, err) != 0 ||
        (at == 0 && check_overlap(repo, &hop->base, err) != 0) ||
        base_mount(repo, &hop->base, &repo->lock.now, hop->view, err) != 0 ||
        notes_read(repo, &hop->base, from, version, &hop->notes, err) != 0) {
        return -1;
    }
    notes_once(&hop->notes, &upgrade->noted);
    next_causes(upgrade, hop,
                last == NULL ? repo->lock.now.commit : last->base.release.id);
    struct sg_plan_hop_in in = {
        .old = hop->old,
        .new = hop->view,
        .version = hop->base.version,
        .commit = hop->base.release.id,
        .notes = hop->notes.items.items,
        .notes_len = hop->notes.items.len,
        .continues = at > 0,
    };
    if (sg_planner_hop(upgrade->planner, &in, upgrade->plan, err) != 0 ||
        (upgrade->to_save && note_rendered(upgrade, err) != 0)) {
        return -1;
    }
    keep_edits(upgrade, hop, (uint32_t)at);
    return upgrade->keep_rendered ? keep_rendered(upgrade, hop, err) : 0;
}

void upgrade_left_alone(struct upgrade *upgrade) {
    const char *rendered = upgrade->repo->config.rendered;
    struct sg_plan *plan = upgrade->plan;
    for (size_t i = 0; rendered != NULL && i < plan->overlays.len; i++) {
        struct sg_plan_overlay *overlay = &plan->overlays.items[i];
        const char *fix = sg_arena_printf(
            &plan->docs.arena,
            "%s/%s is left alone: render this overlay where nothing is missing", rendered,
            overlay->name);
        for (size_t k = 0; overlay->opaque && k < overlay->findings.len; k++) {
            struct sg_finding *finding = &overlay->findings.items[k];
            if (strcmp(finding->code, "SG405") == 0) {
                finding->fix = fix; /* said once */
                break;
            }
        }
    }
}

/* More than one allowed step: said once, for the whole way. */
static void add_step(struct upgrade *upgrade) {
    struct sg_plan *plan = upgrade->plan;
    size_t hops = upgrade->target.hops.items.len;
    if (hops < 2) {
        return;
    }
    struct sg_finding_in in = {
        .code = "SG501",
        .rule = "step",
        .severity = SG_INFO,
        .hop = SG_NO_HOP,
        .message = sg_arena_printf(&plan->docs.arena,
                                   "%s to %s is more than one step: %zu hops, each to be "
                                   "deployed before the next",
                                   plan->from.version, plan->to.version, hops),
    };
    (void)sg_plan_add_finding(plan, NULL, &in);
}

static void name_ends(struct upgrade *upgrade) {
    struct sg_plan *plan = upgrade->plan;
    struct sg_arena *arena = &plan->docs.arena;
    const struct sg_lock_entry *now = &upgrade->repo->lock.now;
    plan->from.version = sg_arena_strdup(arena, now->version);
    plan->from.commit = sg_arena_strdup(arena, now->commit);
    char text[SG_VERSION_TEXT];
    sg_version_text(&upgrade->target.to, text);
    plan->to.version = sg_arena_strdup(arena, text);
}

static void name_target(struct upgrade *upgrade) {
    struct sg_plan *plan = upgrade->plan;
    const char *commit = upgrade->repo->lock.now.commit;
    if (upgrade->hops.len > 0) {
        commit = upgrade->hops.items[upgrade->hops.len - 1]->base.release.id;
    }
    plan->to.commit = plan->inputs.to = sg_arena_strdup(&plan->docs.arena, commit);
}

/* Signatures are asked for, and nothing here can test one: going on would be worse than
 * stopping. */
static void require_unsigned(struct upgrade *upgrade) {
    const struct sg_config *config = &upgrade->repo->config;
    if (config->upstream.verify != SG_VERIFY_SIGNED) {
        return;
    }
    struct sg_finding_in in = {
        .code = "SG403",
        .rule = "unsigned",
        .severity = SG_ERROR,
        .hop = SG_NO_HOP,
        .at = {SG_CONFIG_FILE, config->upstream.at.line, config->upstream.at.column},
        .message =
            "upstream's tags must be signed (upstream.verify), and this version of "
            "sgupgrade cannot verify signatures",
        .fix = "verify the tag with `git verify-tag`, and set `verify: {tags: none}`",
        .stops = true,
    };
    (void)sg_plan_add_finding(upgrade->plan, NULL, &in);
}

int upgrade_plan(struct upgrade *upgrade, const struct sg_repo_plan_opts *opts,
                 struct sg_err *err) {
    struct sg_repo *repo = upgrade->repo;
    if (target_find(repo, opts->to, &upgrade->target, err) != 0) {
        return -1;
    }
    name_ends(upgrade);
    if (base_check(repo, upgrade->plan, err) != 0 ||
        tag_check(repo, upgrade->plan, err) != 0) {
        return -1;
    }
    require_unsigned(upgrade);
    if (upgrade->plan->findings.len == 0) {
        add_step(upgrade);
        const struct sg_version_list *hops = &upgrade->target.hops;
        for (size_t i = 0; i < hops->items.len; i++) {
            char text[SG_VERSION_TEXT];
            sg_version_text(&hops->items.items[i], text);
            sg_auto_cstr what = sg_xasprintf("planning %s", text);
            repo_progress(repo, what, i, hops->items.len);
            if (plan_hop(upgrade, &hops->items.items[i], err) != 0) {
                return -1;
            }
        }
    }
    name_target(upgrade);
    upgrade_left_alone(upgrade);
    if (neighbours_check(repo, upgrade->plan, err) != 0) {
        return -1;
    }
    sg_plan_show_edits(upgrade->plan, upgrade->start);
    return upgrade_inputs(upgrade, err);
}

int sg_repo_diff(struct sg_repo *repo, const struct sg_repo_plan_opts *opts,
                 struct sg_plan *plan, struct sg_err *err) {
    auto_upgrade upgrade = {.repair = true};
    if (upgrade_begin(repo, opts, plan, &upgrade, err) != 0 ||
        upgrade_plan(&upgrade, opts, err) != 0) {
        return -1;
    }
    sg_plan_finish(plan, SG_USE_DIFF, SG_ERROR);
    return 0;
}
