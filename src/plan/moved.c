/*
 * moved.c - JSON operations by position that reach another element on the new base
 * (SG203): upstream put something in front of it, or renamed it. The operation still
 * runs, so nothing but this would tell.
 */
#include "repair.h"

/* The same operation on the same object in the other render: what it takes away or looks
 * at, or what it writes. */
static void operation_key(const struct overlay_plan *op, const struct tree *tree,
                          const struct sg_event *event, const struct sg_resource *res,
                          struct sg_buf *out) {
    struct identity identity = identity_of(&res->orig);
    tree_step_key(op, tree, &tree->trace.steps.items[event->step], out);
    sg_buf_add(out, &identity, sizeof(identity));
    sg_buf_addc(out, event->op == SG_OP_READ     ? 'r'
                     : event->op == SG_OP_DELETE ? 'd'
                                                 : 'w');
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
    const struct sg_event *event; /* in R_O */
    const struct sg_fieldpath *was, *is;
    const struct sg_node *lists; /* of the event in R_N */
};

static void mend(struct overlay_plan *op, const struct strayed *strayed, const char *id,
                 struct fate *fate) {
    struct identity identity = identity_of(&strayed->res->orig);
    const struct sg_resource *base = index_find(&op->trees[T_UO]->index, &identity);
    const struct sg_resource *now = index_find(&op->trees[T_UN]->index, &identity);
    if (repairs(op) && base != NULL) {
        repair_operation(op, strayed->event, base, now, "SG203", id, strayed->lists,
                         fate);
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
    bool reads = strayed->event->op == SG_OP_READ;
    if (strayed->was == strayed->is) {
        return sg_arena_printf(arena,
                               "this operation goes by position: another item stands at "
                               "%s in the new release",
                               was);
    }
    return sg_arena_printf(arena,
                           "this operation goes by position: it %s %s, and would %s %s "
                           "in the new release",
                           reads ? "read" : "reached", was, reads ? "read" : "reach",
                           path_text(op, strayed->is));
}

static void add_moved(struct overlay_plan *op, const struct strayed *strayed) {
    const struct tree *old = op->trees[T_RO];
    struct sg_arena *arena = &op->plan->docs.arena;
    const struct sg_event *event = strayed->event;
    const char *id = object_id(op, old, strayed->res);
    const char *path = path_text(op, event->path);
    if (event->op == SG_OP_READ && mended(op, "SG202", event->step, id, path)) {
        return; /* a test that expects the new name now */
    }
    struct sg_finding_in in = {
        .code = "SG203",
        .rule = "moved-index",
        .object = id,
        .path = path,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = place_of_event(op, old, event),
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

/* Every operation by position of a log of R_N, by its key. */
static void note_operations(const struct overlay_plan *op, struct sg_event *events,
                            size_t len, struct sg_strmap *out) {
    const struct tree *new = op->trees[T_RN];
    for (size_t i = 0; i < len; i++) {
        const struct sg_resource *res = positional(op, new, &events[i]);
        if (res != NULL) {
            sg_auto_buf key = SG_BUF_INIT;
            operation_key(op, new, &events[i], res, &key);
            sg_strmap_put(out, sg_buf_cstr(&key), key.len, &events[i]);
        }
    }
}

/* Whether the operation means another element in R_N than in R_O; `out` then says which.
 */
static bool has_strayed(const struct overlay_plan *op, const struct sg_event *event,
                        const struct sg_strmap *now, struct strayed *out) {
    const struct tree *old = op->trees[T_RO];
    *out = (struct strayed){.res = positional(op, old, event), .event = event};
    if (out->res == NULL) {
        return false;
    }
    sg_auto_buf key = SG_BUF_INIT;
    operation_key(op, old, event, out->res, &key);
    const struct sg_event *then = sg_strmap_get(now, sg_buf_cstr(&key), key.len);
    if (then == NULL) {
        return false;
    }
    out->lists = then->lists;
    if (part_at_element(named_by(event), named_by(then), &out->was, &out->is)) {
        return true;
    }
    bool same = named_by(event) == named_by(then);
    out->was = out->is = same ? strayed_item(event, then, named_by(event)) : NULL;
    return out->was != NULL;
}

static void find_strayed(struct overlay_plan *op, const struct sg_event *events,
                         size_t len, const struct sg_strmap *now) {
    struct strayed strayed;
    for (size_t i = 0; now->len > 0 && i < len; i++) {
        if (has_strayed(op, &events[i], now, &strayed)) {
            add_moved(op, &strayed);
        }
    }
}

void find_moved(struct overlay_plan *op) {
    const struct tree *old = op->trees[T_RO], *new = op->trees[T_RN];
    if (!old->rendered || !new->rendered) {
        return;
    }
    sg_auto_strmap now = {0};
    note_operations(op, new->trace.events.items, new->trace.events.len, &now);
    note_operations(op, new->trace.reads.items, new->trace.reads.len, &now);
    find_strayed(op, old->trace.reads.items, old->trace.reads.len, &now);
    find_strayed(op, old->trace.events.items, old->trace.events.len, &now);
}
