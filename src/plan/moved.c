/*
 * moved.c - JSON operations by position that reach another element on the new base
 * (SG203): upstream put something in front of it, or renamed it. The operation still
 * runs, so nothing but this would tell.
 */
#include "repair.h"

/* The same operation on the same object in the other render. */
static void operation_key(const struct overlay_plan *op, const struct tree *tree,
                          const struct sg_event *event, const struct sg_resource *res,
                          struct sg_buf *out) {
    struct identity identity = identity_of(&res->orig);
    tree_step_key(op, tree, &tree->trace.steps.items[event->step], out);
    sg_buf_add(out, &identity, sizeof(identity));
}

/* The object of an operation by position of the customer's, or NULL. */
static const struct sg_resource *positional(const struct overlay_plan *op,
                                            const struct tree *tree,
                                            const struct sg_event *event) {
    const struct sg_step *step = &tree->trace.steps.items[event->step];
    bool by_position = step->kind == SG_STEP_JSON && event->index != UINT32_MAX;
    if (!by_position || event->path == NULL || event->object == SG_NO_OBJECT ||
        !owners_customer(&op->owners, step)) {
        return NULL;
    }
    return index_uid(&tree->index, event->object);
}

/*
 * True where the two paths part at a keyed element; `was` and `is` get the elements.
 * Paths of one operation have one shape, and those of one table are equal as pointers.
 */
static bool part_at_element(const struct sg_fieldpath *a, const struct sg_fieldpath *b,
                            const struct sg_fieldpath **was,
                            const struct sg_fieldpath **is) {
    if (a == b || a == NULL || b == NULL || a->depth != b->depth) {
        return false;
    }
    for (; a != b; a = a->parent, b = b->parent) {
        *was = a;
        *is = b;
    }
    return (*was)->seg == SG_SEG_ELEMENT && (*is)->seg == SG_SEG_ELEMENT;
}

/* Where the operation did what it meant, and where it would do it now. */
struct strayed {
    const struct sg_resource *res;
    uint32_t event; /* in R_O */
    const struct sg_fieldpath *was, *is;
    const struct sg_node *lists; /* of the event in R_N */
};

static void mend(struct overlay_plan *op, const struct strayed *strayed, const char *id,
                 struct fate *fate) {
    const struct tree *old = op->trees[T_RO];
    struct identity identity = identity_of(&strayed->res->orig);
    const struct sg_resource *base = index_find(&op->trees[T_UO]->index, &identity);
    const struct sg_resource *now = index_find(&op->trees[T_UN]->index, &identity);
    if (repairs(op) && base != NULL) {
        repair_operation(op, &old->trace.events.items[strayed->event], base, now, "SG203",
                         id, strayed->lists, fate);
    }
}

/* The item that was at this position of a list without keys stands elsewhere now. One
 * that is nowhere has been changed in place where the list is as long as it was. */
static bool item_moved(const struct sg_node *old, const struct sg_node *now,
                       uint32_t at) {
    if (!sg_is_seq(old) || !sg_is_seq(now) || at >= old->len ||
        (at < now->len && sg_node_equal(old->items[at], now->items[at]))) {
        return false;
    }
    for (uint32_t i = 0; i < now->len; i++) {
        if (sg_node_equal(old->items[at], now->items[i])) {
            return true;
        }
    }
    return old->len != now->len;
}

/* The innermost position of a list without keys that reaches another item, or NULL. */
static const struct sg_fieldpath *strayed_item(const struct sg_event *a,
                                               const struct sg_event *b,
                                               const struct sg_fieldpath *path) {
    uint32_t positions = 0;
    for (const struct sg_fieldpath *up = path; up != NULL; up = up->parent) {
        positions += up->seg != SG_SEG_KEY;
    }
    for (; path != NULL && a->lists != NULL && b->lists != NULL; path = path->parent) {
        if (path->seg == SG_SEG_KEY) {
            continue;
        }
        positions--;
        if (path->seg == SG_SEG_INDEX && positions < a->lists->len &&
            positions < b->lists->len &&
            item_moved(a->lists->items[positions], b->lists->items[positions],
                       path->index)) {
            return path;
        }
    }
    return NULL;
}

/* What an operation names: not the element that it brings itself. */
static const struct sg_fieldpath *named_by(const struct sg_event *event) {
    return event->op == SG_OP_INSERT ? event->path->parent : event->path;
}

static const char *strayed_message(struct overlay_plan *op,
                                   const struct strayed *strayed) {
    struct sg_arena *arena = &op->plan->docs.arena;
    const char *was = path_text(op, strayed->was);
    if (strayed->was == strayed->is) {
        return sg_arena_printf(arena,
                               "this operation goes by position: another item stands at "
                               "%s in the new release",
                               was);
    }
    return sg_arena_printf(arena,
                           "this operation goes by position: it reached %s, and would "
                           "reach %s in the new release",
                           was, path_text(op, strayed->is));
}

static void add_moved(struct overlay_plan *op, const struct strayed *strayed) {
    const struct tree *old = op->trees[T_RO];
    struct sg_arena *arena = &op->plan->docs.arena;
    const struct sg_event *event = &old->trace.events.items[strayed->event];
    const char *id = object_id(op, old, strayed->res);
    const char *path = path_text(op, event->path);
    struct sg_finding_in in = {
        .code = "SG203",
        .rule = "moved-index",
        .object = id,
        .path = path,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = event_place(op, old, strayed->event),
        .message = strayed_message(op, strayed),
        .fix = "write it as a strategic merge patch, which goes by name, or correct the "
               "position",
        .stops = true,
    };
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    auto_fate fate = {0};
    mend(op, strayed, id, &fate); /* again, where an operation before it was mended too */
    if (fate.edits) {
        note_mended(op, "SG203", event->step, id, path);
    }
    tell_fate(op, finding, &fate);
    if (finding->stops) {
        sg_vec_push(&finding->flags,
                    sg_arena_printf(arena, "--accept 'SG203:%s:%s=REASON'", id, path));
    }
    add_cause(op, strayed->res, finding);
}

void find_moved(struct overlay_plan *op) {
    const struct tree *old = op->trees[T_RO], *new = op->trees[T_RN];
    if (!old->rendered || !new->rendered) {
        return;
    }
    sg_auto_strmap now = {0};
    for (size_t i = 0; i < new->trace.events.len; i++) {
        struct sg_event *event = &new->trace.events.items[i];
        const struct sg_resource *res = positional(op, new, event);
        if (res != NULL) {
            sg_auto_buf key = SG_BUF_INIT;
            operation_key(op, new, event, res, &key);
            sg_strmap_put(&now, sg_buf_cstr(&key), key.len, event);
        }
    }
    for (size_t i = 0; now.len > 0 && i < old->trace.events.len; i++) {
        const struct sg_event *event = &old->trace.events.items[i];
        const struct sg_resource *res = positional(op, old, event);
        if (res == NULL) {
            continue;
        }
        sg_auto_buf key = SG_BUF_INIT;
        operation_key(op, old, event, res, &key);
        const struct sg_event *then = sg_strmap_get(&now, sg_buf_cstr(&key), key.len);
        const struct sg_fieldpath *was = NULL, *is = NULL;
        if (then == NULL) {
            continue;
        }
        bool apart = part_at_element(named_by(event), named_by(then), &was, &is);
        if (!apart) {
            bool same = named_by(event) == named_by(then);
            was = is = same ? strayed_item(event, then, named_by(event)) : NULL;
        }
        if (apart || was != NULL) {
            add_moved(op, &(struct strayed){res, (uint32_t)i, was, is, then->lists});
        }
    }
}
