/*
 * repair_operation.c - operations of JSON patches whose place moved or is gone.
 *
 * An operation goes by position. What it meant is the element that it reached on the old
 * base, so on the new one it gets the position where that element (or the one that took
 * over) stands when the operation runs.
 */
#include <string.h>

#include "repair.h"

struct anchor {
    struct overlay_plan *op;
    const struct sg_event *event; /* in R_O */
    const struct sg_resource *res_old, *res_now;
    const struct sg_node *lists; /* in R_N, or NULL */
    struct step_text text;
    sg_atom field;       /* of the operation, that holds the pointer: path or from */
    const char *pointer; /* as it is written now */
    sg_type type;
    struct sg_buf out;                  /* the pointer anew */
    const struct sg_fieldpath *missing; /* … as a path */
    bool unknown; /* a list without keys: nobody knows which item is meant now */
    struct fate *fate;
};

/* --- the position anew ------------------------------------------------------------ */

/* The list a position is looked up in: as it is when the operation runs, else upstream's.
 */
static const struct sg_node *list_now(const struct anchor *anchor, uint32_t nth,
                                      const struct sg_fieldpath *path) {
    if (anchor->lists != NULL && nth < anchor->lists->len) {
        return anchor->lists->items[nth];
    }
    return anchor->res_now == NULL ? NULL
                                   : node_at(anchor->res_now->node, anchor->type, path);
}

static bool is_number(const char *token, size_t len) {
    return len > 0 && strspn(token, "0123456789") >= len;
}

/* Where the element of R_O stands now, itself or under a new name. */
static bool find_position(struct anchor *anchor, const struct sg_fieldpath *element,
                          uint32_t nth, uint32_t *at) {
    struct overlay_plan *op = anchor->op;
    struct sg_field field = field_at(anchor->type, element->parent);
    const struct sg_node *now = list_now(anchor, nth, element->parent);
    const struct sg_node *upstream =
        anchor->res_now == NULL
            ? NULL
            : node_at(anchor->res_now->node, anchor->type, element->parent);
    /* an operation before it may be wrong still and have taken the element away */
    if (element_at(now, &field, element->key, element->index, at) != NULL ||
        element_at(upstream, &field, element->key, element->index, at) != NULL) {
        return true;
    }
    const struct sg_node *old =
        node_at(anchor->res_old->node, anchor->type, element->parent);
    uint32_t ignored;
    const struct sg_node *gone =
        element_at(old, &field, element->key, element->index, &ignored);
    anchor->missing = element;
    if (gone == NULL || anchor->res_now == NULL) {
        return false;
    }
    match_element(op, anchor->res_old, anchor->res_now, element->parent, old, upstream,
                  gone, &anchor->fate->matches);
    const struct match *heir = match_certain(&anchor->fate->matches);
    if (heir != NULL && is_taken(op, anchor->res_old, element->parent, heir->key)) {
        anchor->fate->matches.items.len = 0;
        return false;
    }
    if (heir == NULL || element_at(now, &field, heir->key, 0, at) == NULL) {
        return false;
    }
    anchor->fate->heir = heir->key->text;
    return true;
}

/* Where the one item of a list without keys stands that is what was at the position. */
static bool find_item(struct anchor *anchor, const struct sg_fieldpath *item,
                      uint32_t nth, uint32_t *at) {
    const struct sg_node *lists = anchor->event->lists;
    const struct sg_node *old =
        lists != NULL && nth < lists->len ? lists->items[nth] : NULL;
    const struct sg_node *now = list_now(anchor, nth, item->parent);
    uint32_t found = 0;
    if (old == NULL || !sg_is_seq(old) || !sg_is_seq(now) || item->index >= old->len) {
        return false;
    }
    for (uint32_t i = 0; i < now->len; i++) {
        if (sg_node_equal(old->items[item->index], now->items[i])) {
            *at = i;
            found++;
        }
    }
    if (found == 0 && old->len == now->len) {
        *at = item->index; /* changed in place */
        return true;
    }
    return found == 1;
}

/* The path of the token's depth above `path`. */
static const struct sg_fieldpath *at_depth(const struct sg_fieldpath *path,
                                           uint32_t depth) {
    while (path != NULL && path->depth > depth) {
        path = path->parent;
    }
    return path;
}

/* The position that a token of the pointer is to have; false where it is not to be found.
 */
static bool anchor_position(struct anchor *anchor, const struct sg_fieldpath *path,
                            uint32_t nth, uint32_t *index) {
    if (path->seg == SG_SEG_ELEMENT) {
        return find_position(anchor, path, nth, index);
    }
    anchor->unknown = !find_item(anchor, path, nth, index);
    return !anchor->unknown;
}

/* Writes the pointer anew, each position where its element is now. False where one is
 * not to be found: the pointer ends before it. What an operation inserts has no place
 * before. */
static bool anchor_pointer(struct anchor *anchor) {
    const char *at = strchr(anchor->pointer, '/');
    uint32_t nth = 0, depth = 1; /* of the first token */
    for (; at != NULL; depth++) {
        const char *end = strchr(at + 1, '/');
        size_t len = end != NULL ? (size_t)(end - at - 1) : strlen(at + 1);
        const struct sg_fieldpath *path = at_depth(anchor->event->path, depth);
        bool position = path != NULL && path->depth == depth && path->seg != SG_SEG_KEY;
        bool inserted = end == NULL && anchor->event->op == SG_OP_INSERT;
        uint32_t index;
        sg_buf_addc(&anchor->out, '/');
        if (!position || inserted || !is_number(at + 1, len)) {
            sg_buf_add(&anchor->out, at + 1, len);
        } else if (anchor_position(anchor, path, nth, &index)) {
            sg_buf_addf(&anchor->out, "%u", index);
        } else {
            return false;
        }
        nth += position;
        at = end;
    }
    return true;
}

/* --- a path that is gone ---------------------------------------------------------- */

static bool op_is(const struct anchor *anchor, const char *what) {
    const char *name = sg_text(sg_map_get(anchor->text.op, SG_ATOM(op)));
    return name != NULL && strcmp(name, what) == 0;
}

/* "~1" is a slash, "~0" a tilde. */
static void add_token(const char *text, size_t len, struct sg_buf *out) {
    for (size_t i = 0; i < len; i++) {
        bool escape = text[i] == '~' && i + 1 < len;
        i += escape;
        sg_buf_addc(out, !escape ? text[i] : text[i] == '1' ? '/' : '~');
    }
}

/* The container of the last token of a pointer in upstream's new object, or NULL. */
static const struct sg_node *container_of(const struct anchor *anchor,
                                          const char *pointer) {
    const struct sg_node *node = anchor->res_now == NULL ? NULL : anchor->res_now->node;
    const char *at = strchr(pointer, '/');
    for (const char *end; at != NULL && (end = strchr(at + 1, '/')) != NULL; at = end) {
        sg_auto_buf token = SG_BUF_INIT;
        add_token(at + 1, (size_t)(end - at - 1), &token);
        if (sg_is_map(node)) {
            node = sg_map_gets(node, sg_buf_cstr(&token));
        } else {
            size_t index = is_number(token.ptr, token.len)
                               ? strtoul(sg_buf_cstr(&token), NULL, 10)
                               : SIZE_MAX;
            node = sg_is_seq(node) && index < node->len ? node->items[index] : NULL;
        }
    }
    return node;
}

/* The operation looks at the place, or takes it away: it must be there. */
static bool is_needed(const struct anchor *anchor) {
    return anchor->event->op == SG_OP_READ || anchor->field == SG_ATOM(from);
}

/* … and is, so that something else is missing. */
static bool is_there(const struct anchor *anchor) {
    return is_needed(anchor) && anchor->res_now != NULL &&
           node_at(anchor->res_now->node, anchor->type, anchor->event->path) != NULL;
}

/* A test that the element still has its name, which is another now. */
static bool expect_heir(struct anchor *anchor, const char *tag) {
    const struct sg_fieldpath *path = anchor->event->path, *element = anchor->missing;
    const struct sg_node *value = sg_map_get(anchor->text.op, SG_ATOM(value));
    if (anchor->fate->heir == NULL || !op_is(anchor, "test") || path->parent != element ||
        !sg_is_scalar(value) || strcmp(value->text, element->key->text) != 0) {
        return false;
    }
    return draft_write(anchor->text.doc, value, anchor->fate->heir, tag);
}

/* `replace` of what upstream has no more is `add`: the setting stays, where there is
 * something to hold it. */
static bool keep_value(struct anchor *anchor, const char *tag) {
    return op_is(anchor, "replace") &&
           sg_is_map(container_of(anchor, sg_buf_cstr(&anchor->out))) &&
           draft_write(anchor->text.doc, sg_map_get(anchor->text.op, SG_ATOM(op)), "add",
                       tag);
}

/* A variable that the operation gives a value is complete without upstream's. */
static bool keep_variable(struct anchor *anchor, const char *tag) {
    const struct sg_fieldpath *path = anchor->event->path, *element;
    const struct sg_node *value = sg_map_get(anchor->text.op, SG_ATOM(value));
    if (path == NULL || path->seg != SG_SEG_KEY || path->key != SG_ATOM(value) ||
        !(op_is(anchor, "replace") || op_is(anchor, "add")) || !sg_is_scalar(value)) {
        return false;
    }
    element = path->parent;
    if (element != anchor->missing || element->seg != SG_SEG_ELEMENT ||
        element->parent->seg != SG_SEG_KEY || element->parent->key != SG_ATOM(env)) {
        return false;
    }
    sg_buf_adds(&anchor->out, "-"); /* the pointer ends before the position */
    if (!sg_is_seq(container_of(anchor, sg_buf_cstr(&anchor->out)))) {
        return false;
    }
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_span span;
    struct draft_doc *doc = anchor->text.doc;
    sg_buf_addf(&text, "{name: %s, value: ", element->key->text);
    sg_yaml_inline(value, &text);
    sg_buf_adds(&text, "}");
    struct sg_splices splices = {0};
    bool done = sg_yaml_span(&doc->set, value, &span) &&
                (value->style == SG_PLAIN || value->style == SG_SINGLE ||
                 value->style == SG_DOUBLE);
    sg_splices_add(&splices, span.start, span.end, sg_buf_cstr(&text), text.len);
    done = done &&
           draft_write(doc, sg_map_get(anchor->text.op, SG_ATOM(op)), "add", tag) &&
           draft_write(doc, sg_map_get(anchor->text.op, SG_ATOM(path)),
                       sg_buf_cstr(&anchor->out), tag) &&
           draft_splice(doc, &splices, tag);
    sg_splices_release(&splices);
    return done;
}

static void retire_it(struct anchor *anchor, const char *id, const char *shown,
                      const char *tag) {
    struct sg_arena *arena = &anchor->op->plan->docs.arena;
    if (!retire_operation(anchor->op, &anchor->text, id, shown, tag)) {
        return;
    }
    anchor->fate->resolved = SG_RESOLVED_RETIRED;
    anchor->fate->edits = true;
    anchor->fate->message = sg_arena_printf(
        arena, "upstream removed what this operation %s (%s), and nothing took over",
        anchor->event->op == SG_OP_READ ? "reads" : "changes", shown);
    anchor->fate->fix = sg_arena_printf(arena, "nothing: it is kept in %s/retired/%s",
                                        overlay_of(anchor->op)->dir, anchor->op->version);
}

/* --- deciding --------------------------------------------------------------------- */

static void write_anchor(struct anchor *anchor, const char *shown, const char *tag) {
    struct sg_arena *arena = &anchor->op->plan->docs.arena;
    const char *now = sg_arena_strdup(arena, sg_buf_cstr(&anchor->out));
    if (!draft_write(anchor->text.doc, sg_map_get(anchor->text.op, anchor->field), now,
                     tag)) {
        return;
    }
    bool renamed = anchor->fate->heir != NULL;
    anchor->fate->resolved = renamed ? SG_RESOLVED_CARRIED : SG_RESOLVED_REANCHORED;
    anchor->fate->edits = true;
    anchor->fate->message = sg_arena_printf(
        arena,
        renamed ? "%s moved; the position follows it, from %s to %s"
                : "%s stands at another position now: the operation goes from %s "
                  "to %s",
        shown, anchor->pointer, now);
    anchor->fate->fix = "look at the edit";
}

static void tell_kept(struct anchor *anchor, const char *shown) {
    anchor->fate->resolved = SG_RESOLVED_KEPT;
    anchor->fate->edits = true;
    anchor->fate->message = sg_arena_printf(
        &anchor->op->plan->docs.arena,
        "upstream sets %s no more; the overlay's value stays, now added", shown);
    anchor->fate->fix = "remove the operation if nothing reads it any more";
}

/* It reaches what took over where it is: nothing to edit. */
static void tell_same(struct anchor *anchor, const char *shown) {
    anchor->fate->resolved = SG_RESOLVED_CARRIED;
    anchor->fate->message = sg_arena_printf(
        &anchor->op->plan->docs.arena,
        "%s is '%s' in the new release, at the same position: the operation reaches it",
        shown, anchor->fate->heir);
    anchor->fate->fix = "nothing";
}

static void tell_expected(struct anchor *anchor, const char *shown) {
    anchor->fate->resolved = SG_RESOLVED_CARRIED;
    anchor->fate->edits = true;
    anchor->fate->message =
        sg_arena_printf(&anchor->op->plan->docs.arena,
                        "%s is '%s' in the new release, which the test expects now",
                        shown, anchor->fate->heir);
    anchor->fate->fix = "look at the edit";
}

static void decide(struct anchor *anchor, const char *code, const char *id,
                   const char *shown) {
    const char *tag = fingerprint_of(anchor->op, code, id, shown);
    const struct sg_plan_accept *decision = decision_for(anchor->op, code, id, shown);
    if (decision != NULL && decision->retire) {
        retire_it(anchor, id, shown, tag);
        return;
    }
    bool gone = strcmp(code, "SG202") == 0; /* kustomize found no such path */
    bool anchored = anchor_pointer(anchor);
    bool same = anchored && strcmp(sg_buf_cstr(&anchor->out), anchor->pointer) == 0;
    if (anchor->unknown) {
        return;
    }
    if (anchored && !same) {
        write_anchor(anchor, shown, tag);
    } else if (same && expect_heir(anchor, tag)) {
        tell_expected(anchor, shown);
    } else if (anchored && (is_there(anchor) || op_is(anchor, "test"))) {
        return; /* something else is missing, or it is for a person to decide */
    } else if (same && !gone && anchor->fate->heir != NULL) {
        tell_same(anchor, shown);
    } else if (same ? keep_value(anchor, tag) : keep_variable(anchor, tag)) {
        tell_kept(anchor, shown);
    } else if ((same && gone) || op_is(anchor, "remove") ||
               anchor->fate->matches.items.len == 0) {
        retire_it(anchor, id, shown, tag);
    }
}

void repair_operation(struct overlay_plan *op, const struct sg_event *event,
                      const struct sg_resource *res_old,
                      const struct sg_resource *res_now, const char *code, const char *id,
                      const struct sg_node *lists, struct fate *fate) {
    struct anchor anchor = {.op = op,
                            .event = event,
                            .res_old = res_old,
                            .res_now = res_now,
                            .lists = lists,
                            .type = type_of(res_old),
                            .fate = fate};
    const struct sg_step *step = &op->trees[T_RO]->trace.steps.items[event->step];
    if (!op->positions) {
        op->waiting = true;
        return;
    }
    if (!step_text_find(op, step, &anchor.text) || anchor.text.op == NULL) {
        return;
    }
    bool from = (event->op == SG_OP_READ && op_is(&anchor, "copy")) ||
                (event->op == SG_OP_DELETE && op_is(&anchor, "move"));
    anchor.field = from ? SG_ATOM(from) : SG_ATOM(path);
    anchor.pointer = sg_text(sg_map_get(anchor.text.op, anchor.field));
    if (anchor.pointer != NULL) {
        decide(&anchor, code, id, path_text(op, event->path));
    }
    sg_buf_release(&anchor.out);
}
