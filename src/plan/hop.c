/*
 * hop.c - planning hop after hop: which trees are rendered, kept, compared.
 */
#include <string.h>

#include "consequence.h"
#include "heirs.h"
#include "repair.h"
#include "retired.h"

/* More failing steps in one overlay than this are not told apart any more. */
enum { MAX_FAILURES = 200 };

/* Edits let a render get further, where more is found; past this the rest stops. */
enum { MAX_ROUNDS = 16 };

struct overlay_state {
    char *name, *dir;
    struct tree *upstream, *result; /* U and R of the last hop's new base, or NULL */
    bool complete;   /* `result` is what kustomize renders, nothing left out */
    bool keep_names; /* see render_upstream */
    struct drops drops;
    struct sg_strmap said; /* what is so on any base, and was reported */
};

struct sg_planner {
    struct sg_arena arena; /* copies of what the options point to */
    struct sg_atoms *atoms;
    struct sg_fieldpaths *paths;
    struct owners owners;
    const struct sg_remote *remote;
    const struct sg_cause *cause;
    struct around *around;
    SG_VEC(struct sg_plan_accept) accepts;
    SG_VEC(struct sg_plan_merge_key) merge_keys;
    SG_VEC(struct overlay_state) overlays;
    bool repair, merge_hidden, tidy;
    struct draft draft;
};

static const char *copy(struct sg_planner *planner, const char *text) {
    return text == NULL ? "" : sg_arena_strdup(&planner->arena, text);
}

static void copy_accept(struct sg_planner *planner, const struct sg_plan_accept *accept) {
    struct sg_plan_accept mine = {
        .code = copy(planner, accept->code),
        .object = copy(planner, accept->object),
        .overlay = copy(planner, accept->overlay),
        .path = copy(planner, accept->path),
        .to = copy(planner, accept->to),
        .reason = copy(planner, accept->reason),
        .retire = accept->retire,
        .as_patch = accept->as_patch,
        .heir = accept->heir != NULL ? copy(planner, accept->heir) : NULL,
    };
    sg_vec_push(&planner->accepts, mine);
}

static void copy_merge_key(struct sg_planner *planner,
                           const struct sg_plan_merge_key *key) {
    struct sg_plan_merge_key mine = {
        .group = copy(planner, key->group),
        .kind = copy(planner, key->kind),
        .path = copy(planner, key->path),
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(mine.keys); i++) {
        if (key->keys[i] != NULL) {
            mine.keys[i] = copy(planner, key->keys[i]);
        }
    }
    sg_vec_push(&planner->merge_keys, mine);
}

struct sg_planner *sg_planner_new(const struct sg_planner_opts *opts) {
    struct sg_planner *planner = sg_xcalloc(1, sizeof(*planner));
    sg_arena_init(&planner->arena);
    planner->atoms = opts->atoms;
    planner->paths = sg_fieldpaths_new(opts->atoms);
    planner->owners = (struct owners){opts->vendored, opts->vendored_ctx};
    planner->remote = opts->remote;
    planner->cause = opts->cause;
    planner->repair = opts->repair;
    planner->merge_hidden = opts->merge_hidden;
    planner->tidy = opts->tidy;
    draft_init(&planner->draft, opts->atoms);
    planner->around = around_new(opts);
    for (size_t i = 0; i < opts->accepts_len; i++) {
        copy_accept(planner, &opts->accepts[i]);
    }
    for (size_t i = 0; i < opts->merge_keys_len; i++) {
        copy_merge_key(planner, &opts->merge_keys[i]);
    }
    for (size_t i = 0; i < opts->overlays_len; i++) {
        struct overlay_state state = {
            .name = sg_xstrdup(opts->overlays[i].name),
            .dir = sg_xstrdup(opts->overlays[i].dir),
        };
        sg_vec_push(&planner->overlays, state);
    }
    return planner;
}

void sg_planner_free(struct sg_planner *planner) {
    if (planner == NULL) {
        return;
    }
    for (size_t i = 0; i < planner->overlays.len; i++) {
        struct overlay_state *state = &planner->overlays.items[i];
        free(state->name);
        free(state->dir);
        tree_free(state->upstream);
        tree_free(state->result);
        sg_strmap_release(&state->drops.keys);
        sg_strmap_release(&state->drops.round);
        sg_strmap_release(&state->said);
    }
    sg_vec_release(&planner->overlays);
    sg_vec_release(&planner->accepts);
    sg_vec_release(&planner->merge_keys);
    around_free(planner->around);
    sg_fieldpaths_free(planner->paths);
    draft_release(&planner->draft);
    sg_arena_release(&planner->arena);
    free(planner);
}

void sg_planner_freep(struct sg_planner **planner) {
    sg_planner_free(*planner);
}

/* --- trees ------------------------------------------------------------------------ */

static int render(struct sg_planner *planner, const struct overlay_state *state,
                  const struct sg_fs *fs, bool upstream_only, struct tree **out,
                  struct sg_err *err) {
    struct tree *tree = tree_new(planner->atoms, planner->paths);
    struct tree_opts opts = {
        .fs = fs,
        .dir = state->dir,
        .remote = planner->remote,
        .owners = &planner->owners,
        .upstream_only = upstream_only,
        .keep_names = state->keep_names,
        .drops = upstream_only ? NULL : &state->drops,
        .draft = planner->repair ? &planner->draft : NULL,
    };
    if (tree_render(tree, &opts, err) != 0) {
        tree_free(tree);
        return sg_err_wrap(err, "overlay %s", state->name);
    }
    tree_free(*out);
    *out = tree;
    return 0;
}

/*
 * U of one base. An overlay that holds a base twice tells the copies apart by a prefix or
 * a namespace of its own, so without those steps they are one object twice, and refused:
 * then both bases are rendered with these steps.
 */
static int render_upstream(struct sg_planner *planner, struct overlay_state *state,
                           const struct sg_fs *fs, struct tree **out,
                           struct sg_err *err) {
    if (render(planner, state, fs, true, out, err) != 0) {
        return -1;
    }
    if (*out == NULL || (*out)->rendered || state->keep_names) {
        return 0;
    }
    state->keep_names = true;
    return render(planner, state, fs, true, out, err);
}

/* U_N; and U_O once more where the two would not be rendered alike. */
static int render_upstream_new(struct sg_planner *planner, struct overlay_state *state,
                               const struct sg_plan_hop_in *in, struct overlay_plan *op,
                               struct sg_err *err) {
    bool kept = state->keep_names;
    if (render_upstream(planner, state, in->new, &op->trees[T_UN], err) != 0) {
        return -1;
    }
    if (state->keep_names != kept &&
        render(planner, state, in->old, true, &state->upstream, err) != 0) {
        return -1;
    }
    op->trees[T_UO] = state->upstream;
    return 0;
}

/* U_O and R_O: what the hop before left, else rendered. */
static int prepare_old(struct sg_planner *planner, struct overlay_state *state,
                       const struct sg_plan_hop_in *in, struct sg_err *err) {
    if (in->continues && state->upstream != NULL && state->result != NULL) {
        return 0;
    }
    if (render_upstream(planner, state, in->old, &state->upstream, err) != 0) {
        return -1;
    }
    return render(planner, state, in->old, false, &state->result, err);
}

/* R_N; where kustomize refuses it, once more without the step at fault, and so on. */
static int render_new(struct sg_planner *planner, struct overlay_state *state,
                      struct overlay_plan *op, const struct sg_fs *fs,
                      struct sg_err *err) {
    for (int i = 0; i < MAX_FAILURES; i++) {
        if (render(planner, state, fs, false, &op->trees[T_RN], err) != 0) {
            return -1;
        }
        if (op->trees[T_RN]->rendered || !explain_failure(op, op->trees[T_RN])) {
            break;
        }
    }
    return 0;
}

/* --- decisions -------------------------------------------------------------------- */

/* An agreed finding stops no more, unless kustomize itself refuses to go on. */
static void apply_accepts(const struct sg_planner *planner, struct sg_plan *plan,
                          struct sg_plan_overlay *overlay, size_t from,
                          const char *version) {
    for (size_t i = from; i < overlay->findings.len; i++) {
        struct sg_finding *finding = &overlay->findings.items[i];
        const struct sg_plan_accept *accept = sg_plan_accept_find(
            planner->accepts.items, planner->accepts.len, finding, version);
        if (accept == NULL) {
            continue;
        }
        finding->accepted = sg_arena_strdup(&plan->docs.arena, accept->reason);
        finding->stops = finding->stops && finding->refused;
    }
}

/* --- one overlay ------------------------------------------------------------------ */

static struct overlay_plan overlay_plan_of(struct sg_planner *planner,
                                           struct overlay_state *state,
                                           struct sg_plan *plan, size_t at,
                                           const char *version) {
    return (struct overlay_plan){
        .plan = plan,
        .at = at,
        .hop = plan->hops.len == 0 ? SG_NO_HOP : (uint32_t)(plan->hops.len - 1),
        .version = version,
        .atoms = planner->atoms,
        .paths = planner->paths,
        .owners = planner->owners,
        .cause = planner->cause,
        .merge_keys = planner->merge_keys.items,
        .merge_keys_len = planner->merge_keys.len,
        .accepts = planner->accepts.items,
        .accepts_len = planner->accepts.len,
        .merge_hidden = planner->merge_hidden,
        .tidy = planner->tidy,
        .draft = planner->repair ? &planner->draft : NULL,
        .drops = &state->drops,
        .said = &state->said,
        .around = planner->around,
    };
}

/* Rendered without the steps that are refused there, it is not mended. */
static const char *uncompared_text(const struct overlay_plan *op, int missing) {
    switch (missing) {
    case T_UO:
        return "what changes is not known, for upstream's part does not render on the "
               "old "
               "base";
    case T_UN:
        return "what changes is not known, for upstream's part does not render on the "
               "new "
               "base";
    default:
        return op->drops->keys.len > 0
                   ? "what changes is not known, for the overlay did not render before "
                     "the "
                     "upgrade"
                   : "the upgrade mends the overlay, which did not render before it, so "
                     "what changes is not known";
    }
}

/* The overlay renders on the new base, but there is nothing to compare that with. */
static void add_uncompared(struct overlay_plan *op, int missing) {
    const struct tree *tree = op->trees[missing];
    struct sg_finding_in in = {
        .code = "SG206",
        .rule = "refused",
        .severity = SG_INFO,
        .hop = op->hop,
        .at = {tree->err.file[0] != '\0' ? tree->err.file : NULL, tree->err.line,
               tree->err.column},
        .message = sg_arena_printf(&op->plan->docs.arena, "%s: %s",
                                   uncompared_text(op, missing), tree->err.text),
        .fix = "compare what `sgupgrade build` prints before and after by hand",
    };
    (void)sg_plan_add_finding(op->plan, overlay_of(op), &in);
    overlay_of(op)->uncompared = true;
}

static void compare(struct overlay_plan *op) {
    static const int in_order[] = {T_RN, T_RO, T_UO, T_UN};
    for (size_t i = 0; i < SG_ARRAY_LEN(in_order); i++) {
        int t = in_order[i];
        if (op->trees[t]->rendered) {
            continue;
        }
        if (t != T_RN) { /* why R_N does not render is told by explain_failure */
            add_uncompared(op, t);
        }
        return;
    }
    writes_build(&op->writes[T_RO], op->trees[T_RO], &op->owners);
    writes_build(&op->writes[T_RN], op->trees[T_RN], &op->owners);
    compare_trees(op);
    writes_release(&op->writes[T_RO]);
    writes_release(&op->writes[T_RN]);
}

/* --- rounds ----------------------------------------------------------------------- */

/* What a hop makes of one overlay, while it is planned. */
struct overlay_hop {
    struct overlay_plan op;
    struct overlay_state *state;
    size_t findings, objects; /* of the hops before */
};

void overlay_plan_release(struct overlay_plan *op) {
    sg_strmap_release(&op->mended);
    sg_strmap_release(&op->heirs);
    sg_strmap_release(&op->elders);
    sg_vec_release(&op->told);
    counters_release(&op->told_at);
    sg_strmap_release(&op->step_edits);
    sg_vec_release(&op->step_edit_keys);
    sg_vec_release(&op->said_now);
    sg_vec_release(&op->dropped);
    sg_vec_release(&op->retired);
    matcher_free(op->matcher);
}

/* U_O, R_O and U_N: what does not depend on edits. */
static int begin_overlay(struct sg_planner *planner, size_t at,
                         const struct sg_plan_hop_in *in, struct sg_plan *plan,
                         struct overlay_hop *hop, struct sg_err *err) {
    struct overlay_state *state = &planner->overlays.items[at];
    hop->state = state;
    hop->op = overlay_plan_of(planner, state, plan, at, in->version);
    hop->op.files = in->new;
    hop->findings = overlay_of(&hop->op)->findings.len;
    hop->objects = overlay_of(&hop->op)->objects.len;
    if (prepare_old(planner, state, in, err) != 0) {
        return -1;
    }
    hop->op.trees[T_RO] = state->result;
    if (render_upstream_new(planner, state, in, &hop->op, err) != 0) {
        return -1;
    }
    heirs_find(&hop->op);
    if (planner->repair) {
        restore_retired(&hop->op);
    }
    return 0;
}

static size_t *told_at(struct overlay_plan *op, const struct sg_finding *finding) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n%s", finding->object, finding->path);
    return counters_at(&op->told_at, sg_buf_cstr(&key), key.len);
}

/* A place that was mended in two rounds has one finding, the later. */
static void tell_once(struct overlay_plan *op, const struct sg_finding *finding) {
    size_t *at = told_at(op, finding);
    if (*at == 0) {
        sg_vec_push(&op->told, *finding);
        *at = op->told.len;
    } else {
        finding_release(&op->told.items[*at - 1]);
        op->told.items[*at - 1] = *finding;
    }
}

/* What was found is found again once the edits are made, but for what they were made
 * for. */
static void forget_round(struct overlay_hop *hop) {
    struct overlay_plan *op = &hop->op;
    struct sg_plan_overlay *overlay = overlay_of(op);
    for (size_t i = hop->findings; i < overlay->findings.len; i++) {
        struct sg_finding *finding = &overlay->findings.items[i];
        if (finding->edits) {
            tell_once(op, finding);
        } else {
            finding_release(finding);
        }
    }
    overlay->findings.len = hop->findings;
    for (size_t i = hop->objects; i < overlay->objects.len; i++) {
        sg_vec_release(&overlay->objects.items[i].fields);
    }
    overlay->objects.len = hop->objects;
    for (size_t i = 0; i < op->said_now.len; i++) {
        const char *key = op->said_now.items[i];
        (void)sg_strmap_remove(op->said, key, strlen(key));
    }
    op->said_now.len = 0;
    op->broken = op->waiting = false;
    sg_strmap_release(&op->drops->round);
    op->dropped.len = 0;
}

static int diagnose(struct sg_planner *planner, struct overlay_hop *hop,
                    const struct sg_fs *view, struct sg_err *err) {
    struct overlay_plan *op = &hop->op;
    find_clashes(op);
    find_orphans(op, false);
    if (render_new(planner, hop->state, op, view, err) != 0) {
        return -1;
    }
    find_orphans(op, true);
    find_lapsed(op);
    find_moved(op);
    find_images(op);
    find_copies(op);
    compare(op);
    find_redundant(op);
    return 0;
}

/* Nothing was edited; the next round may repair operations by position, where some wait.
 */
static bool turn_to_positions(const struct sg_planner *planner,
                              struct overlay_hop *hops) {
    bool waiting = false;
    for (size_t i = 0; i < planner->overlays.len; i++) {
        waiting = waiting || hops[i].op.waiting;
    }
    for (size_t i = 0; waiting && i < planner->overlays.len; i++) {
        hops[i].op.positions = true;
    }
    return waiting;
}

/* One look at all overlays; `again` where edits were made for what was found. */
static int round_of(struct sg_planner *planner, struct overlay_hop *hops,
                    const struct sg_plan_hop_in *in, bool last, bool *again,
                    struct sg_err *err) {
    sg_auto_fs view = sg_fs_over(in->new);
    draft_lay(&planner->draft, view);
    for (size_t i = 0; i < planner->overlays.len; i++) {
        hops[i].op.last = last;
        if (diagnose(planner, &hops[i], view, err) != 0) {
            return -1;
        }
    }
    *again = false;
    if (!planner->repair || last) {
        return 0;
    }
    for (size_t i = 0; i < planner->overlays.len; i++) {
        retired_write(&hops[i].op);
    }
    *again = draft_settle(&planner->draft);
    for (size_t i = 0; i < planner->overlays.len; i++) {
        hops[i].op.positions = false;
    }
    *again = *again || turn_to_positions(planner, hops);
    for (size_t i = 0; *again && i < planner->overlays.len; i++) {
        forget_round(&hops[i]);
    }
    return 0;
}

/* --- the end of a hop ------------------------------------------------------------- */

/* A step that stays broken is left out of the hops to come, too. */
static void keep_drops(struct overlay_plan *op) {
    for (size_t i = 0; i < op->dropped.len; i++) {
        const char *key = op->dropped.items[i];
        sg_strmap_put(&op->drops->keys, key, strlen(key), op->drops);
    }
}

/* What was mended and is found again has one finding too: that of the repair, but where
 * it did not help the stop. */
static void tell_findings(struct overlay_plan *op, size_t first) {
    struct sg_plan_overlay *overlay = overlay_of(op);
    size_t kept = first, found = overlay->findings.len;
    for (size_t i = first; i < found; i++) {
        struct sg_finding *finding = &overlay->findings.items[i];
        size_t at = *told_at(op, finding);
        struct sg_finding *told = at == 0 ? NULL : &op->told.items[at - 1];
        bool again = told != NULL && strcmp(told->code, finding->code) == 0;
        if (again && finding->stops && !told->stops) {
            finding_release(told);
            *told = *finding;
        } else if (again && !finding->stops) {
            finding_release(finding);
        } else {
            overlay->findings.items[kept++] = *finding;
        }
    }
    overlay->findings.len = kept;
    for (size_t i = 0; op->told.items != NULL && i < op->told.len; i++) {
        sg_vec_push(&overlay->findings, op->told.items[i]);
    }
}

static void end_overlay(struct sg_planner *planner, struct overlay_hop *hop,
                        const char *version) {
    struct overlay_plan *op = &hop->op;
    struct overlay_state *state = hop->state;
    struct sg_plan_overlay *overlay = overlay_of(op);
    find_noops(op, op->trees[T_RO], op->trees[T_RN]);
    find_consequences(op);
    tell_findings(op, hop->findings);
    find_unsaid(op);
    overlay->opaque = overlay->opaque || op->trees[T_RN]->render.opaque;
    overlay->broken = overlay->broken || op->broken || state->drops.round.len > 0;
    keep_drops(op);
    sg_strmap_release(&op->drops->round);
    state->complete = op->trees[T_RN]->rendered && state->drops.keys.len == 0;
    apply_accepts(planner, op->plan, overlay, hop->findings, version);
}

/* The new trees are the next hop's old ones. */
static void hand_on(struct overlay_hop *hop) {
    struct overlay_plan *op = &hop->op;
    if (op->trees[T_UN] != NULL) {
        tree_free(hop->state->upstream);
        hop->state->upstream = op->trees[T_UN];
    }
    if (op->trees[T_RN] != NULL) {
        tree_free(hop->state->result);
        hop->state->result = op->trees[T_RN];
    }
}

static int plan_overlays(struct sg_planner *planner, const struct sg_plan_hop_in *in,
                         struct sg_plan *plan, struct overlay_hop *hops,
                         struct sg_err *err) {
    size_t len = planner->overlays.len;
    for (size_t i = 0; i < len; i++) {
        if (begin_overlay(planner, i, in, plan, &hops[i], err) != 0) {
            return -1;
        }
    }
    bool again = true;
    for (int round = 0; again; round++) {
        if (round_of(planner, hops, in, round + 1 == MAX_ROUNDS, &again, err) != 0) {
            return -1;
        }
    }
    SG_VEC(const struct overlay_plan *) all = {0};
    for (size_t i = 0; i < len; i++) {
        sg_vec_push(&all, &hops[i].op);
    }
    for (size_t i = 0; i < len; i++) {
        find_shared(&hops[i].op, all.items, all.len);
        end_overlay(planner, &hops[i], in->version);
    }
    sg_vec_release(&all);
    draft_report(&planner->draft, plan, (uint32_t)(plan->hops.len - 1));
    return 0;
}

/* --- the hop ---------------------------------------------------------------------- */

static void add_overlays(const struct sg_planner *planner, struct sg_plan *plan) {
    for (size_t i = plan->overlays.len; i < planner->overlays.len; i++) {
        struct sg_arena *arena = &plan->docs.arena;
        struct sg_plan_overlay overlay = {
            .name = sg_arena_strdup(arena, planner->overlays.items[i].name),
            .dir = sg_arena_strdup(arena, planner->overlays.items[i].dir),
        };
        sg_vec_push(&plan->overlays, overlay);
    }
}

static void add_note(const struct sg_planner *planner, struct sg_plan *plan,
                     const struct sg_plan_note *note, const char *version) {
    struct sg_finding_in in = {
        .code = "SG502",
        .rule = "notes",
        .path = note->title,
        .severity = SG_WARNING,
        .hop = (uint32_t)(plan->hops.len - 1),
        .message = sg_arena_printf(&plan->docs.arena,
                                   "upstream asks for a manual step on the way to %s: %s",
                                   version, note->title),
        .fix = "read it, do it, then accept SG502 with a reason",
    };
    struct sg_finding *finding = sg_plan_add_finding(plan, NULL, &in);
    sg_vec_push(
        &finding->flags,
        sg_arena_printf(&plan->docs.arena, "--accept 'SG502:*:%s=REASON'", note->title));
    const struct sg_plan_accept *accept = sg_plan_accept_find(
        planner->accepts.items, planner->accepts.len, finding, version);
    if (accept != NULL) {
        finding->accepted = sg_arena_strdup(&plan->docs.arena, accept->reason);
    }
}

static void add_hop(const struct sg_planner *planner, const struct sg_plan_hop_in *in,
                    struct sg_plan *plan) {
    struct sg_arena *arena = &plan->docs.arena;
    struct sg_plan_hop hop = {
        .version = sg_arena_strdup(arena, in->version),
        .commit = sg_arena_strdup(arena, in->commit != NULL ? in->commit : ""),
    };
    for (size_t i = 0; i < in->notes_len; i++) {
        struct sg_plan_note note = {
            .title = sg_arena_strdup(arena, in->notes[i].title),
            .text = sg_arena_strdup(arena, in->notes[i].text),
            .where = in->notes[i].where == NULL
                         ? NULL
                         : sg_arena_strdup(arena, in->notes[i].where),
        };
        sg_vec_push(&hop.notes, note);
    }
    sg_vec_push(&plan->hops, hop);
    for (size_t i = 0; i < hop.notes.len; i++) {
        add_note(planner, plan, &hop.notes.items[i], hop.version);
    }
}

int sg_planner_hop(struct sg_planner *planner, const struct sg_plan_hop_in *in,
                   struct sg_plan *plan, struct sg_err *err) {
    add_hop(planner, in, plan);
    add_overlays(planner, plan);
    draft_next_hop(&planner->draft);
    size_t len = planner->overlays.len;
    struct overlay_hop *hops = sg_xcalloc(len + 1, sizeof(*hops));
    int status = plan_overlays(planner, in, plan, hops, err);
    for (size_t i = 0; i < len; i++) {
        if (hops[i].state != NULL) {
            hand_on(&hops[i]);
        }
        overlay_plan_release(&hops[i].op);
    }
    free(hops);
    return status;
}

const struct sg_render *sg_planner_after(const struct sg_planner *planner, size_t i) {
    const struct overlay_state *state = &planner->overlays.items[i];
    return state->complete && state->result != NULL ? &state->result->render : NULL;
}

/* --- the present ------------------------------------------------------------------ */

static void add_refused(struct overlay_plan *op, const struct tree *tree) {
    const struct sg_err *why = &tree->err;
    struct sg_finding_in in = {
        .code = "SG206",
        .rule = "refused",
        .severity = SG_ERROR,
        .hop = SG_NO_HOP,
        .at = {why->file[0] != '\0' ? why->file : NULL, why->line, why->column},
        .message = why->text,
        .fix = why->hint,
    };
    (void)sg_plan_add_finding(op->plan, overlay_of(op), &in);
    overlay_of(op)->broken = true;
}

int sg_planner_present(struct sg_planner *planner, const struct sg_fs *fs,
                       struct sg_plan *plan, struct sg_err *err) {
    add_overlays(planner, plan);
    for (size_t i = 0; i < planner->overlays.len; i++) {
        struct overlay_state *state = &planner->overlays.items[i];
        if (render(planner, state, fs, false, &state->result, err) != 0) {
            return -1;
        }
        struct overlay_plan op = overlay_plan_of(planner, state, plan, i, "");
        op.hop = SG_NO_HOP;
        size_t findings = overlay_of(&op)->findings.len;
        state->complete = state->result->rendered;
        if (!state->result->rendered) {
            add_refused(&op, state->result);
        }
        find_noops(&op, NULL, state->result);
        op.trees[T_RN] = state->result;
        find_consequences(&op);
        overlay_of(&op)->opaque = state->result->render.opaque;
        apply_accepts(planner, plan, overlay_of(&op), findings, "");
        overlay_plan_release(&op);
    }
    return 0;
}

/* --- edited files ----------------------------------------------------------------- */

void sg_planner_files(const struct sg_planner *planner, struct sg_plan_files *out) {
    for (size_t i = 0; i < planner->draft.files.len; i++) {
        const struct draft_file *file = planner->draft.files.items[i];
        if ((file->before.ptr == NULL) != (file->now.ptr == NULL) ||
            !sg_str_eq(file->before, file->now)) {
            sg_vec_push(&out->items, (struct sg_plan_file){.path = file->path,
                                                           .before = file->before,
                                                           .after = file->now});
        }
    }
}

void sg_plan_files_release(struct sg_plan_files *files) {
    sg_vec_release(&files->items);
}
