/*
 * hop.c - planning hop after hop: which trees are rendered, kept, compared.
 */
#include <string.h>

#include "planner.h"

/* More failing steps in one overlay than this are not told apart any more. */
enum { MAX_FAILURES = 200 };

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
    SG_VEC(struct sg_plan_accept) accepts;
    SG_VEC(struct sg_plan_merge_key) merge_keys;
    SG_VEC(struct overlay_state) overlays;
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
        sg_strmap_release(&state->said);
    }
    sg_vec_release(&planner->overlays);
    sg_vec_release(&planner->accepts);
    sg_vec_release(&planner->merge_keys);
    sg_fieldpaths_free(planner->paths);
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
        .drops = &state->drops,
        .said = &state->said,
    };
}

/* The overlay renders on the new base, but there is nothing to compare that with. */
static void add_uncompared(struct overlay_plan *op, int missing) {
    static const char *const names[T_COUNT] = {
        [T_UO] = "upstream's part does not render on the old base",
        [T_UN] = "upstream's part does not render on the new base",
        [T_RO] = "the overlay renders on the new base, not on the old one",
    };
    const struct tree *tree = op->trees[missing];
    struct sg_finding_in in = {
        .code = "SG206",
        .rule = "refused",
        .severity = SG_INFO,
        .hop = op->hop,
        .at = {tree->err.file[0] != '\0' ? tree->err.file : NULL, tree->err.line,
               tree->err.column},
        .message = sg_arena_printf(&op->plan->docs.arena,
                                   "what changes is not known, for %s: %s",
                                   names[missing], tree->err.text),
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

static int plan_overlay(struct sg_planner *planner, size_t at,
                        const struct sg_plan_hop_in *in, struct sg_plan *plan,
                        struct sg_err *err) {
    struct overlay_state *state = &planner->overlays.items[at];
    if (prepare_old(planner, state, in, err) != 0) {
        return -1;
    }
    struct overlay_plan op = overlay_plan_of(planner, state, plan, at, in->version);
    size_t findings = overlay_of(&op)->findings.len, drops = state->drops.keys.len;
    op.trees[T_RO] = state->result;
    int status = render_upstream_new(planner, state, in, &op, err);
    if (status == 0) {
        find_orphans(&op, false);
        status = render_new(planner, state, &op, in->new, err);
    }
    if (status == 0) {
        find_orphans(&op, true);
        find_moved(&op);
        compare(&op);
        find_noops(&op, op.trees[T_RO], op.trees[T_RN]);
        struct sg_plan_overlay *overlay = overlay_of(&op);
        overlay->opaque = overlay->opaque || op.trees[T_RN]->render.opaque;
        bool dropped = state->drops.keys.len > drops;
        overlay->broken = overlay->broken || dropped;
        state->complete = op.trees[T_RN]->rendered && state->drops.keys.len == 0;
        apply_accepts(planner, plan, overlay, findings, in->version);
    }
    /* the new trees are the next hop's old ones */
    if (op.trees[T_UN] != NULL) {
        tree_free(state->upstream);
        state->upstream = op.trees[T_UN];
    }
    if (op.trees[T_RN] != NULL) {
        tree_free(state->result);
        state->result = op.trees[T_RN];
    }
    return status;
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
    for (size_t i = 0; i < planner->overlays.len; i++) {
        if (plan_overlay(planner, i, in, plan, err) != 0) {
            return -1;
        }
    }
    return 0;
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
        overlay_of(&op)->opaque = state->result->render.opaque;
        apply_accepts(planner, plan, overlay_of(&op), findings, "");
    }
    return 0;
}
