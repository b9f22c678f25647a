/*
 * gone.c - an overlay that the project has no more: what it rendered goes with it, and
 * nobody else would say so, for the new project has nothing to render there.
 */
#include <string.h>

#include "planner.h"

static void add_removed(struct overlay_plan *op, const struct tree *tree,
                        const struct sg_resource *res) {
    struct sg_plan_object object = {
        .id = object_id(op, tree, res),
        .change = SG_CHANGE_REMOVED,
        .owner = SG_OWNER_OVERLAY,
        .secret =
            res->orig.group->len == 0 && strcmp(res->orig.kind->text, "Secret") == 0,
        .hop = op->hop,
    };
    name_parts(op, res, &object);
    sg_vec_push(&overlay_of(op)->objects, object);
}

static void add_unknown(struct overlay_plan *op, const struct tree *tree) {
    const struct sg_err *why = &tree->err;
    struct sg_finding_in in = {
        .code = "SG206",
        .rule = "refused",
        .severity = SG_INFO,
        .hop = op->hop,
        .message = sg_arena_printf(&op->plan->docs.arena,
                                   "what goes with the overlay is not known, for it did "
                                   "not render: %s",
                                   why->text),
    };
    (void)sg_plan_add_finding(op->plan, overlay_of(op), &in);
    overlay_of(op)->uncompared = true;
}

static struct overlay_plan start(struct sg_plan *plan, const struct sg_plan_gone_in *in) {
    struct sg_plan_overlay overlay = {
        .name = sg_arena_strdup(&plan->docs.arena, in->name),
        .dir = sg_arena_strdup(&plan->docs.arena, in->dir),
        .gone = true,
    };
    sg_vec_push(&plan->overlays, overlay);
    return (struct overlay_plan){
        .plan = plan,
        .at = plan->overlays.len - 1,
        .hop = plan->hops.len == 0 ? SG_NO_HOP : (uint32_t)(plan->hops.len - 1),
        .atoms = in->atoms,
    };
}

int sg_plan_add_gone(struct sg_plan *plan, const struct sg_plan_gone_in *in,
                     struct sg_err *err) {
    struct sg_fieldpaths *paths = sg_fieldpaths_new(in->atoms);
    struct tree *tree = tree_new(in->atoms, paths);
    struct tree_opts opts = {.fs = in->fs, .dir = in->dir, .remote = in->remote};
    int status = tree_render(tree, &opts, err);
    if (status == 0) {
        struct overlay_plan op = start(plan, in);
        for (size_t i = 0; tree->rendered && i < tree->render.items.len; i++) {
            add_removed(&op, tree, tree->render.items.items[i]);
        }
        if (!tree->rendered) {
            add_unknown(&op, tree);
        }
        overlay_of(&op)->opaque = tree->render.opaque;
    }
    tree_free(tree);
    sg_fieldpaths_free(paths);
    return status != 0 ? sg_err_wrap(err, "overlay %s", in->name) : 0;
}
