/*
 * chain.c - the writes of one field, in the order of the render.
 *
 * The trace keeps what was there before each write; what is there after it shows later
 * writes too. So the chain is made from its end: the present field is taken, and write by
 * write undone, which tells what each made of it. Linear in the events of the render; of
 * those that concern the field each costs a walk down its path.
 */
#include "chain.h"

#include <string.h>

void sg_chains_init(struct sg_chains *chains, struct sg_atoms *atoms) {
    *chains = (struct sg_chains){0};
    sg_docs_init(&chains->docs, atoms);
}

void sg_chains_release(struct sg_chains *chains) {
    for (size_t i = 0; i < chains->items.len; i++) {
        sg_vec_release(&chains->items.items[i].links);
    }
    sg_vec_release(&chains->items);
    sg_vec_release(&chains->left_out);
    sg_docs_release(&chains->docs);
}

/* From this event on the field holds a value that was copied from a Secret. */
struct taint {
    const struct sg_fieldpath *path;
    uint32_t event;
};

struct following {
    const struct chain_place *place;
    const struct sg_trace *trace;
    struct sg_docs *docs; /* of the answer */
    struct sg_chain *chain;
    struct walk walk;
    struct sg_node *state; /* the field before the writes that were undone; NULL: none */
    struct sg_strmap covered; /* paths that a later link wrote */
    SG_VEC(struct taint) tainted;
};

/* --- secrets ---------------------------------------------------------------------- */

static bool is_secret(const struct sg_resid *id) {
    return strcmp(id->kind->text, "Secret") == 0 && id->group->len == 0;
}

/* An object that is not in the result any more is taken for a Secret: what it was nobody
 * can say. */
static bool is_secret_uid(const struct tree *tree, uint32_t uid) {
    const struct sg_resource *res = index_uid(&tree->index, uid);
    return res == NULL || is_secret(&res->orig);
}

/* The value was copied from a Secret, directly or over other copies. */
static bool from_secret(const struct following *f, uint32_t at) {
    const struct sg_event *event = &f->trace->events.items[at];
    while (event->source_path != NULL) {
        if (is_secret_uid(f->place->tree, event->source_object)) {
            return true;
        }
        if (event->source == SG_NO_EVENT || event->source >= at) {
            return false;
        }
        at = event->source;
        event = &f->trace->events.items[at];
    }
    return false;
}

/* The field's value before event `end` is none to show. */
static bool is_masked(const struct following *f, const struct sg_fieldpath *path,
                      size_t end) {
    if (is_secret(&f->place->object->id)) {
        sg_atom top = NULL, second = NULL;
        for (const struct sg_fieldpath *at = path; at != NULL; at = at->parent) {
            second = top;
            top = at->key;
        }
        return secret_place(top, second);
    }
    for (size_t i = 0; i < f->tainted.len && f->tainted.items[i].event < end; i++) {
        const struct sg_fieldpath *tainted = f->tainted.items[i].path;
        if (sg_fieldpath_within(path, tainted) || sg_fieldpath_within(tainted, path)) {
            return true;
        }
    }
    return false;
}

/* --- values ----------------------------------------------------------------------- */

static struct sg_plan_value value_of(struct following *f, const struct sg_node *node,
                                     bool masked, bool changed) {
    struct sg_plan_value value = {.kind = SG_VALUE_ABSENT};
    if (node == NULL) {
        return value;
    }
    value.kind = masked ? SG_VALUE_MASKED : SG_VALUE_NODE;
    value.changed = masked && changed;
    if (!masked) {
        value.node = sg_node_clone(f->docs, node);
    }
    return value;
}

static const char *text_of(struct following *f, const struct sg_fieldpath *path) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(path, &text);
    return sg_arena_strndup(&f->docs->arena, sg_buf_cstr(&text), text.len);
}

/* --- which events ----------------------------------------------------------------- */

/* The event is of the field, of what holds it or of something in it. */
static bool concerns(const struct following *f, const struct sg_event *event) {
    const struct sg_fieldpath *path = f->place->path;
    return event->object == f->place->object->uid &&
           (sg_fieldpath_within(path, event->path) ||
            sg_fieldpath_within(event->path, path));
}

/* The field, where the event is of it or of what holds it; else the part of it. */
static const struct sg_fieldpath *focus_of(const struct following *f,
                                           const struct sg_event *event) {
    const struct sg_fieldpath *path = f->place->path;
    return sg_fieldpath_within(path, event->path) ? path : event->path;
}

/* Undoes the event in the state; the value before it is at its focus then. */
static void undo(struct following *f, const struct sg_event *event) {
    const struct sg_fieldpath *path = f->place->path;
    if (event->op == SG_OP_NOOP || event->op == SG_OP_MOVE) {
        return;
    }
    struct sg_docs *set = &f->place->tree->render.docs;
    if (sg_fieldpath_within(path, event->path)) {
        const struct sg_node *before =
            walk_at(&f->walk, event->before, event->path, path);
        f->state = before == NULL ? NULL : sg_node_clone(set, before);
        return;
    }
    struct sg_node *before =
        event->before == NULL ? NULL : sg_node_clone(set, event->before);
    walk_undo(&f->walk, f->state, path, event->path, (enum sg_op)event->op, before);
}

/* --- links ------------------------------------------------------------------------ */

/* The place is in the text of this step, not in that of a patch whose node took the
 * field's place later. */
static bool is_of_step(const struct following *f, const struct sg_step *step,
                       uint32_t loc) {
    return loc != 0 &&
           place_of(&f->place->tree->render.docs, step, loc).file == step->file;
}

/* The field's own place in what was written as a whole: its value's, else its key's,
 * which stays where the value was merged; 0 where neither is in the step's text. */
static uint32_t own_loc(struct following *f, const struct sg_event *event,
                        const struct sg_fieldpath *focus, const struct sg_node *after) {
    const struct sg_step *step = &f->trace->steps.items[event->step];
    if (after != NULL && is_of_step(f, step, after->loc)) {
        return after->loc;
    }
    const struct sg_entry *entry =
        focus->seg != SG_SEG_KEY
            ? NULL
            : sg_map_find(walk_at(&f->walk, event->after, event->path, focus->parent),
                          focus->key);
    return entry != NULL && is_of_step(f, step, entry->key_loc) ? entry->key_loc : 0;
}

static struct sg_place place_of_link(struct following *f, const struct sg_event *event,
                                     const struct sg_fieldpath *focus,
                                     const struct sg_node *after) {
    const struct sg_docs *set = &f->place->tree->render.docs;
    const struct sg_step *step = &f->trace->steps.items[event->step];
    uint32_t loc = event->path != focus ? own_loc(f, event, focus, after) : 0;
    if (loc == 0) {
        loc = event->loc != 0 ? event->loc : step->loc;
    }
    if (loc == 0) {
        return (struct sg_place){0};
    }
    struct sg_place at = place_of(set, step, loc);
    if (at.file != NULL) {
        at.file = sg_arena_strdup(&f->docs->arena, at.file);
    }
    return at;
}

static enum sg_owner owner_of(const struct following *f, uint32_t at) {
    const struct sg_event *event = &f->trace->events.items[at];
    if (f->trace->steps.items[event->step].kind == SG_STEP_REFERENCES) {
        return SG_OWNER_EFFECT;
    }
    event = &f->trace->events.items[write_origin(f->trace, at)];
    return owners_customer(f->place->owners, &f->trace->steps.items[event->step])
               ? SG_OWNER_OVERLAY
               : SG_OWNER_UPSTREAM;
}

static struct sg_chain_source source_of(struct following *f,
                                        const struct sg_event *event) {
    struct sg_chain_source source = {0};
    if (event->source_path == NULL) {
        return source;
    }
    const struct tree *tree = f->place->tree;
    const struct sg_resource *res = index_uid(&tree->index, event->source_object);
    if (res != NULL) {
        struct sg_resid id = shown_id(tree, res);
        source.object = id_text(&f->docs->arena, &id);
        source.path = text_of(f, event->source_path);
    }
    return source;
}

/* No later link wrote this field or what holds it. */
static bool is_last(const struct following *f, const struct sg_fieldpath *path) {
    for (;; path = path->parent) {
        if (sg_strmap_has(&f->covered, (const char *)&path, sizeof(path))) {
            return false;
        }
        if (path == NULL) {
            return true;
        }
    }
}

/* Whether the event says anything of the field: not where it left out the field, nor
 * where a patch only passed through. */
static bool is_shown(const struct following *f, const struct sg_event *event,
                     bool there) {
    const struct sg_fieldpath *path = f->place->path;
    if (event->op == SG_OP_MOVE) {
        return sg_fieldpath_within(event->path, path);
    }
    if (event->op == SG_OP_NOOP) {
        return event->path == path && path != NULL;
    }
    return there || !sg_fieldpath_within(path, event->path) || path == NULL;
}

static void add_link(struct following *f, uint32_t at) {
    const struct sg_event *event = &f->trace->events.items[at];
    const struct sg_step *step = &f->trace->steps.items[event->step];
    const struct sg_fieldpath *focus = focus_of(f, event), *path = f->place->path;
    const struct sg_node *after =
        event->op == SG_OP_DELETE ? NULL : walk_at(&f->walk, f->state, path, focus);
    undo(f, event);
    /* of an item that was put in, its place holds the next one before */
    const struct sg_node *before =
        event->op == SG_OP_INSERT ? NULL : walk_at(&f->walk, f->state, path, focus);
    if (!is_shown(f, event, before != NULL || after != NULL)) {
        return;
    }
    bool changed = !nodes_same(before, after);
    struct sg_chain_link link = {
        .step = event->step,
        .what = step_words(&f->docs->arena, step, focus),
        .owner = owner_of(f, at),
        .at = place_of_link(f, event, focus, after),
        .path = text_of(f, focus),
        .op = (enum sg_op)event->op,
        .last = is_last(f, focus),
        .source = source_of(f, event),
    };
    if (after == NULL && before != NULL) {
        link.op = SG_OP_DELETE;
    }
    if (focus != NULL) {
        link.before = value_of(f, before, is_masked(f, focus, at), changed);
        link.after = value_of(f, after, is_masked(f, focus, (size_t)at + 1), changed);
    }
    if (event->op != SG_OP_NOOP && event->op != SG_OP_MOVE) {
        sg_strmap_put(&f->covered, (const char *)&focus, sizeof(focus), f);
    }
    sg_vec_push(&f->chain->links, link);
}

static void reverse(struct sg_chain *chain) {
    size_t len = chain->links.len;
    for (size_t i = 0; i < len / 2; i++) {
        struct sg_chain_link link = chain->links.items[i];
        chain->links.items[i] = chain->links.items[len - 1 - i];
        chain->links.items[len - 1 - i] = link;
    }
}

/* The newest write that is no mere effect decides what is there. */
static void decide(struct sg_chain *chain) {
    chain->owner = SG_OWNER_UPSTREAM;
    for (size_t i = chain->links.len; i-- > 0;) {
        const struct sg_chain_link *link = &chain->links.items[i];
        if (link->owner == SG_OWNER_EFFECT || link->op == SG_OP_NOOP || !link->last) {
            continue;
        }
        chain->owner = link->owner;
        if (strcmp(link->path, chain->path) == 0) {
            chain->source = link->source;
        }
        if (link->owner == SG_OWNER_OVERLAY) {
            chain->edit = link->at;
        }
        return;
    }
}

static void note_tainted(struct following *f, uint32_t at) {
    if (from_secret(f, at)) {
        struct taint taint = {focus_of(f, &f->trace->events.items[at]), at};
        sg_vec_push(&f->tainted, taint);
    }
}

bool chain_follow(const struct chain_place *place, struct sg_docs *docs,
                  struct sg_chain *chain) {
    struct following f = {
        .place = place, .trace = &place->tree->trace, .docs = docs, .chain = chain};
    struct sg_docs *set = &place->tree->render.docs;
    walk_begin(&f.walk, set, place->paths, place->object->node);
    SG_VEC(uint32_t) events = {0};
    for (uint32_t i = 0; i < f.trace->events.len; i++) {
        if (concerns(&f, &f.trace->events.items[i])) {
            sg_vec_push(&events, i);
            note_tainted(&f, i);
        }
    }
    const struct sg_node *now =
        place->object->gone ? NULL
                            : walk_at(&f.walk, place->object->node, NULL, place->path);
    f.state = now == NULL ? NULL : sg_node_clone(set, now);
    chain->gone = now == NULL;
    if (place->path != NULL) {
        bool masked = is_masked(&f, place->path, SIZE_MAX);
        chain->now = value_of(&f, now, masked, false);
    }
    for (size_t i = events.len; i-- > 0;) {
        add_link(&f, events.items[i]);
    }
    reverse(chain);
    decide(chain);
    sg_vec_release(&events);
    sg_vec_release(&f.tainted);
    sg_strmap_release(&f.covered);
    walk_release(&f.walk);
    return chain->links.len > 0;
}
