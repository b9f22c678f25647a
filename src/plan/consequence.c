/*
 * consequence.c - what an upgrade does to a running cluster: runs the parts, and makes
 * findings of what they see.
 *
 * They look at the rendered results alone. Whose text a finding names is read from the
 * customer's writes into R_N, which are collected once there is something to report.
 */
#include "consequence.h"

#include <string.h>

/* --- whose text ------------------------------------------------------------------- */

/* The customer's newest write at this place, below it or above it; SG_NO_EVENT. */
static uint32_t written_at(struct consequences *c, const struct sg_resource *res,
                           const struct sg_fieldpath *path) {
    struct overlay_plan *op = c->op;
    if (!c->written) {
        writes_build(&c->writes, op->trees[T_RN], &op->owners);
        c->written = true;
    }
    const struct write *write = writes_at(&c->writes, res->uid, path);
    if (write != NULL) {
        return write->newest;
    }
    while (path != NULL) {
        path = path->parent;
        write = writes_at(&c->writes, res->uid, path);
        if (write != NULL && write->event != SG_NO_EVENT) {
            return write->event;
        }
    }
    return SG_NO_EVENT;
}

static bool is_vendored(const struct overlay_plan *op, const char *file) {
    return op->owners.vendored(op->owners.ctx, file);
}

/* The step that made an object which no file holds. */
static uint32_t generated_at(const struct tree *tree, const struct sg_resource *res) {
    return sg_trace_last(&tree->trace, res->uid, NULL);
}

static bool event_is_customers(const struct overlay_plan *op, const struct tree *tree,
                               uint32_t event) {
    return event < tree->trace.events.len &&
           owners_customer(
               &op->owners,
               &tree->trace.steps.items[tree->trace.events.items[event].step]);
}

/* The object is the customer's own. */
static bool is_own(const struct overlay_plan *op, const struct tree *tree,
                   const struct sg_resource *res) {
    return res->file != NULL ? !is_vendored(op, res->file)
                             : event_is_customers(op, tree, generated_at(tree, res));
}

bool is_customers(struct consequences *c, const struct sg_resource *res,
                  const struct sg_fieldpath *path) {
    return is_own(c->op, c->op->trees[T_RN], res) ||
           written_at(c, res, path) != SG_NO_EVENT;
}

/* A place in the object's own file: `loc`, where that lies in it. */
static struct sg_place file_place(struct overlay_plan *op, const struct tree *tree,
                                  const struct sg_resource *res, uint32_t loc) {
    const struct sg_docs *set = &tree->render.docs;
    struct sg_pos at = sg_docs_pos(set, res->loc);
    const struct sg_source *home = sg_docs_source(set, res->loc);
    if (loc != 0 && home != NULL && sg_docs_source(set, loc) == home) {
        at = sg_docs_pos(set, loc);
    }
    return place_copy(op, (struct sg_place){res->file, at.line, at.column});
}

static struct sg_place place_for(struct consequences *c, const struct consequence *what) {
    struct overlay_plan *op = c->op;
    bool now = what->tree == op->trees[T_RN];
    uint32_t event = now ? written_at(c, what->res, what->path) : SG_NO_EVENT;
    if (event != SG_NO_EVENT) {
        return event_place(op, what->tree, event);
    }
    bool own = is_own(op, what->tree, what->res);
    if (!own && what->severity != SG_INFO) {
        return (struct sg_place){0};
    }
    if (what->res->file != NULL) {
        /* the text of an object that is gone may be gone too */
        return now || !own ? file_place(op, what->tree, what->res, what->loc)
                           : (struct sg_place){0};
    }
    return now ? event_place(op, what->tree, generated_at(what->tree, what->res))
               : (struct sg_place){0};
}

/* --- adding ----------------------------------------------------------------------- */

static bool first_here(struct consequences *c, const char *object, const char *path) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n%s", object, path);
    bool has = sg_strmap_has(&c->told, sg_buf_cstr(&key), key.len);
    (void)sg_strmap_put(&c->told, sg_buf_cstr(&key), key.len, c);
    return !has;
}

static bool said_before(struct overlay_plan *op, const struct consequence *what,
                        const char *object, const char *path) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s\n%s\n%s", sg_object_unversioned(object), path, what->message);
    return what->lasting &&
           !first_said(op, what->code, (struct sg_place){0}, sg_buf_cstr(&key));
}

void add_consequence(struct consequences *c, const struct consequence *what) {
    struct overlay_plan *op = c->op;
    const char *object = object_id(op, what->tree, what->res);
    const char *path = path_text(op, what->path);
    if (!first_here(c, object, path) || said_before(op, what, object, path)) {
        return;
    }
    struct sg_finding_in in = {
        .code = what->code,
        .rule = what->rule,
        .severity = what->severity,
        .object = object,
        .path = path,
        .hop = op->hop,
        .at = place_for(c, what),
        .message = what->message,
        .fix = what->fix,
    };
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    add_cause(op, what->cause != NULL ? what->cause : what->res, finding);
    if (what->severity != SG_INFO) {
        sg_vec_push(&finding->flags,
                    sg_arena_printf(&op->plan->docs.arena, "--accept '%s:%s%s%s=REASON'",
                                    what->code, object, path[0] != '\0' ? ":" : "",
                                    path));
    }
}

/* --- all of it -------------------------------------------------------------------- */

void find_consequences(struct overlay_plan *op) {
    if (!op->trees[T_RN]->rendered) {
        return;
    }
    struct consequences c = {.op = op};
    cluster_build(&c.old, op->trees[T_RO]);
    cluster_build(&c.new, op->trees[T_RN]);
    if (c.old.tree != NULL) {
        find_claims(&c);
        find_immutable(&c);
        add_capacity(&c);
    }
    find_dangling(&c);
    find_removed_api(&c);
    find_faults(&c);
    if (c.written) {
        writes_release(&c.writes);
    }
    sg_strmap_release(&c.told);
    cluster_release(&c.old);
    cluster_release(&c.new);
}
