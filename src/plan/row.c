/*
 * row.c - one row of the plan: owner and state of a place by the table of
 * docs/OWNERSHIP.md, its four values, and the finding of a masked change.
 */
#include <string.h>

#include "image.h"
#include "planner.h"
#include "sg/yaml.h"

struct sg_plan_overlay *overlay_of(const struct overlay_plan *op) {
    return &op->plan->overlays.items[op->at];
}

/* --- paths and places ------------------------------------------------------------- */

const struct sg_fieldpath *frame_path(struct overlay_plan *op,
                                      const struct frame *frame) {
    if (frame->up == NULL) {
        return NULL;
    }
    const struct sg_fieldpath *parent = frame_path(op, frame->up);
    switch (frame->seg) {
    case SG_SEG_KEY:
        return sg_fieldpath_key(op->paths, parent, frame->key);
    case SG_SEG_ELEMENT:
        return sg_fieldpath_element(op->paths, parent, frame->key, frame->repeat);
    case SG_SEG_INDEX:
        return sg_fieldpath_index(op->paths, parent, frame->repeat);
    }
    SG_BUG("a frame without a kind");
}

const char *path_text(struct overlay_plan *op, const struct sg_fieldpath *path) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_fieldpath_text(path, &text);
    return sg_arena_strndup(&op->plan->docs.arena, sg_buf_cstr(&text), text.len);
}

static void add_pointer(const struct frame *frame, int tree, struct sg_buf *out) {
    if (frame->up == NULL) {
        return;
    }
    add_pointer(frame->up, tree, out);
    sg_buf_addc(out, '/');
    if (frame->seg != SG_SEG_KEY) {
        sg_buf_addf(out, "%u",
                    frame->seg == SG_SEG_INDEX ? frame->repeat : frame->at[tree]);
        return;
    }
    for (uint32_t i = 0; i < frame->key->len; i++) {
        char c = frame->key->text[i];
        if (c == '~' || c == '/') {
            sg_buf_adds(out, c == '~' ? "~0" : "~1");
        } else {
            sg_buf_addc(out, c);
        }
    }
}

static const char *pointer_text(struct overlay_plan *op, const struct frame *frame,
                                const struct place4 *place) {
    static const int newest_first[] = {T_RN, T_RO, T_UN, T_UO};
    int tree = T_UO;
    for (size_t i = SG_ARRAY_LEN(newest_first); i-- > 0;) {
        if (place->node[newest_first[i]] != NULL) {
            tree = newest_first[i];
        }
    }
    sg_auto_buf text = SG_BUF_INIT;
    add_pointer(frame, tree, &text);
    return sg_arena_strndup(&op->plan->docs.arena, sg_buf_cstr(&text), text.len);
}

struct sg_place place_copy(struct overlay_plan *op, struct sg_place at) {
    if (at.file != NULL) {
        at.file = sg_arena_strdup(&op->plan->docs.arena, at.file);
    }
    return at;
}

struct sg_place place_of_event(struct overlay_plan *op, const struct tree *tree,
                               const struct sg_event *event) {
    const struct sg_step *step = &tree->trace.steps.items[event->step];
    uint32_t loc = event->loc != 0 ? event->loc : step->loc;
    return place_copy(op, draft_on_disk(op->draft, era_of(op, tree),
                                        place_of(&tree->render.docs, step, loc)));
}

struct sg_place event_place(struct overlay_plan *op, const struct tree *tree,
                            uint32_t event) {
    return event < tree->trace.events.len
               ? place_of_event(op, tree, &tree->trace.events.items[event])
               : (struct sg_place){0};
}

/* --- objects ---------------------------------------------------------------------- */

const char *id_text(struct sg_arena *arena, const struct sg_resid *id) {
    sg_auto_buf text = SG_BUF_INIT;
    if (id->group->len > 0) {
        sg_buf_addf(&text, "%s/", id->group->text);
    }
    sg_buf_addf(&text, "%s/%s/", id->version->text, id->kind->text);
    if (id->namespace->len > 0) {
        sg_buf_addf(&text, "%s/", id->namespace->text);
    }
    sg_buf_adds(&text, id->name->text);
    return sg_arena_strndup(arena, sg_buf_cstr(&text), text.len);
}

struct sg_resid shown_id(const struct tree *tree, const struct sg_resource *res) {
    struct sg_resid id = sg_resource_id(&tree->render, res);
    /* a generated object's name ends in a hash of its content: its first name stays */
    if (res->file == NULL) {
        id.name = res->orig.name;
    }
    return id;
}

const char *object_id(struct overlay_plan *op, const struct tree *tree,
                      const struct sg_resource *res) {
    struct sg_resid id = shown_id(tree, res);
    return id_text(&op->plan->docs.arena, &id);
}

static enum sg_owner object_owner(const struct subject *subject) {
    bool upstream = (subject->res[T_UO] == NULL) != (subject->res[T_UN] == NULL);
    bool ours = subject->res[T_UO] == NULL && subject->res[T_UN] == NULL;
    if (ours) {
        return SG_OWNER_OVERLAY;
    }
    return upstream ? SG_OWNER_UPSTREAM : SG_OWNER_OVERLAY;
}

void name_parts(struct overlay_plan *op, const struct sg_resource *res,
                struct sg_plan_object *object) {
    const char *name = strrchr(object->id, '/');
    object->name = name == NULL ? object->id : name + 1;
    struct sg_arena *arena = &op->plan->docs.arena;
    object->kind = sg_arena_strdup(arena, res->orig.kind->text);
    object->namespace = "";
    const char *kind = strstr(object->id, object->kind);
    size_t kind_len = strlen(object->kind);
    if (kind != NULL && name != NULL && kind + kind_len < name) {
        kind += kind_len + 1;
        object->namespace = sg_arena_strndup(arena, kind, (size_t)(name - kind));
    }
}

struct sg_plan_object *listed(struct overlay_plan *op, struct subject *subject) {
    struct sg_plan_overlay *overlay = overlay_of(op);
    if (subject->object != SIZE_MAX) {
        return &overlay->objects.items[subject->object];
    }
    const struct sg_resource *before = subject->res[T_RO], *after = subject->res[T_RN];
    struct sg_plan_object object = {
        .id = subject->id,
        .change = SG_CHANGE_NONE,
        .owner = object_owner(subject),
        .secret = subject->secret,
        .hop = op->hop,
    };
    if (before == NULL && after != NULL) {
        object.change = SG_CHANGE_ADDED;
    } else if (before != NULL && after == NULL) {
        object.change = SG_CHANGE_REMOVED;
    }
    if (before != NULL && after != NULL) {
        const char *was = object_id(op, op->trees[T_RO], before);
        if (strcmp(was, subject->id) != 0) {
            object.was = was;
        }
        /* a new version of the API is no new name */
        if (strcmp(sg_object_unversioned(was), sg_object_unversioned(subject->id)) != 0) {
            object.change = SG_CHANGE_RENAMED;
        }
    }
    for (int t = T_COUNT; t-- > 0;) {
        if (subject->res[t] != NULL) {
            name_parts(op, subject->res[t], &object);
            break;
        }
    }
    subject->object = overlay->objects.len;
    sg_vec_push(&overlay->objects, object);
    return &overlay->objects.items[subject->object];
}

/* --- values ----------------------------------------------------------------------- */

bool secret_place(sg_atom top, sg_atom second) {
    if (top == NULL) {
        return true;
    }
    if (top == SG_ATOM(apiVersion) || top == SG_ATOM(kind) || top == SG_ATOM(type) ||
        strcmp(top->text, "immutable") == 0) {
        return false;
    }
    /* annotations may hold the last applied configuration, values and all */
    return top != SG_ATOM(metadata) || second == NULL || second == SG_ATOM(annotations);
}

static bool is_secret_place(const struct subject *subject, const struct frame *frame) {
    if (!subject->secret) {
        return false;
    }
    const struct frame *top = NULL, *second = NULL;
    for (; frame->up != NULL; frame = frame->up) {
        second = top;
        top = frame;
    }
    return secret_place(top == NULL ? NULL : top->key,
                        second == NULL ? NULL : second->key);
}

static struct sg_plan_value value_of(struct overlay_plan *op, const struct sg_node *node,
                                     bool masked, bool changed) {
    struct sg_plan_value value = {.kind = SG_VALUE_ABSENT};
    if (node == NULL) {
        return value;
    }
    value.kind = masked ? SG_VALUE_MASKED : SG_VALUE_NODE;
    value.changed = masked && changed;
    if (!masked) {
        value.node = sg_node_clone(&op->plan->docs, node);
    }
    return value;
}

/* --- owner and state -------------------------------------------------------------- */

static bool is_image(const struct tree *tree, const struct cover *cover) {
    if (cover->new >= tree->trace.events.len) {
        return false;
    }
    const struct sg_event *event = &tree->trace.events.items[cover->new];
    const char *name = tree->trace.steps.items[event->step].name;
    return name != NULL && strcmp(name, "images") == 0;
}

/* A list or map that the customer brought to the old base as a whole wrote no part that
 * neither of them had. */
static bool wrote_old(const struct place4 *place, const struct cover *cover) {
    return cover->old != SG_NO_EVENT &&
           (place->node[T_UO] != NULL || place->node[T_RO] != NULL);
}

static enum sg_state state_of(const struct overlay_plan *op, const struct place4 *place,
                              const struct cover *cover) {
    const struct sg_node *n = place->node[T_UN];
    const struct sg_node *a = place->node[T_RO], *b = place->node[T_RN];
    if (wrote_old(place, cover) && cover->new == SG_NO_EVENT && !nodes_same(a, b)) {
        return SG_STATE_LOST;
    }
    if (nodes_same(b, n)) {
        return SG_STATE_CONVERGED;
    }
    if (nodes_same(a, b)) {
        return SG_STATE_MASKED;
    }
    const char *o_text = sg_text(place->node[T_UO]), *n_text = sg_text(n);
    const char *a_text = sg_text(a), *b_text = sg_text(b);
    if (is_image(op->trees[T_RN], cover) && o_text != NULL && n_text != NULL &&
        a_text != NULL && b_text != NULL &&
        image_masked(o_text, n_text, a_text, b_text)) {
        return SG_STATE_MASKED;
    }
    return SG_STATE_PASSED;
}

static void classify(const struct overlay_plan *op, const struct place4 *place,
                     const struct cover *cover, struct sg_plan_field *row) {
    bool wrote = wrote_old(place, cover) || cover->new != SG_NO_EVENT;
    bool moved = !nodes_same(place->node[T_UO], place->node[T_UN]);
    row->changed = !nodes_same(place->node[T_RO], place->node[T_RN]);
    row->state = SG_STATE_NONE;
    if (!wrote) {
        row->owner = moved ? SG_OWNER_UPSTREAM : SG_OWNER_EFFECT;
    } else if (!moved) {
        row->owner = SG_OWNER_OVERLAY;
        if (wrote_old(place, cover) && cover->new == SG_NO_EVENT && row->changed) {
            row->state = SG_STATE_LOST;
        }
    } else {
        row->owner = SG_OWNER_BOTH;
        row->state = state_of(op, place, cover);
    }
}

/* Where an object that the overlay alone brings is written or generated. */
static struct sg_place own_place(struct overlay_plan *op, const struct subject *subject) {
    int t = subject->res[T_RN] != NULL ? T_RN : T_RO;
    const struct tree *tree = op->trees[t];
    const struct sg_resource *res = subject->res[t];
    if (res->file != NULL) {
        struct sg_pos at = sg_docs_pos(&tree->render.docs, res->loc);
        struct sg_place place = {res->file, at.line, at.column};
        return place_copy(op, draft_on_disk(op->draft, era_of(op, tree), place));
    }
    uint32_t event = sg_trace_last(&tree->trace, res->uid, NULL);
    return event_place(op, tree, event);
}

/* The text that decides: the customer's; of an effect, that of the step that moved the
 * value, whoever's it is. */
static struct sg_place row_place(struct overlay_plan *op, const struct subject *subject,
                                 const struct frame *frame, const struct cover *cover,
                                 enum sg_owner owner) {
    const struct tree *now = op->trees[T_RN];
    if (subject->res[T_UO] == NULL && subject->res[T_UN] == NULL) {
        return own_place(op, subject);
    }
    if (cover->new != SG_NO_EVENT) {
        return event_place(op, now, cover->new);
    }
    if (cover->old != SG_NO_EVENT) {
        return event_place(op, op->trees[T_RO], cover->old);
    }
    if (owner != SG_OWNER_EFFECT || subject->res[T_RN] == NULL) {
        return (struct sg_place){0};
    }
    uint32_t event =
        sg_trace_last(&now->trace, subject->res[T_RN]->uid, frame_path(op, frame));
    return event_place(op, now, event);
}

/* --- SG101 and SG102 -------------------------------------------------------------- */

static const char *inline_value(struct overlay_plan *op, const struct sg_node *node) {
    enum { SHOWN = 60 };
    if (node == NULL) {
        return "nothing";
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_yaml_inline(node, &text);
    size_t len = text.len;
    if (len > SHOWN) {
        len = SHOWN;
        while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
            len--; /* not in the middle of a code point */
        }
    }
    return sg_arena_printf(&op->plan->docs.arena, "%.*s%s", (int)len, sg_buf_cstr(&text),
                           len < text.len ? "…" : "");
}

/* Two images of different tags: the digests after them say nothing to a reader. */
static bool by_tag(const struct sg_node *o, const struct sg_node *n) {
    const char *old = sg_text(o), *new = sg_text(n);
    if (old == NULL || new == NULL) {
        return false;
    }
    struct image_ref a = image_split(old), b = image_split(new);
    return a.tag.len > 0 && b.tag.len > 0 && !sg_str_eq(a.tag, b.tag);
}

/* The value in a message; `tag`: an image without the digest after its tag. */
static const char *shown_value(struct overlay_plan *op, const struct sg_node *node,
                               bool tag) {
    const char *text = tag ? sg_text(node) : NULL;
    if (text == NULL) {
        return inline_value(op, node);
    }
    struct image_ref ref = image_split(text);
    bool digest = ref.digest.len > 7 && memcmp(ref.digest.ptr, "sha256:", 7) == 0;
    if (!digest || ref.tag.len == 0) {
        return inline_value(op, node);
    }
    return sg_arena_printf(&op->plan->docs.arena, "%.*s:%.*s", (int)ref.name.len,
                           ref.name.ptr, (int)ref.tag.len, ref.tag.ptr);
}

static bool is_whole(const struct place4 *place, const struct cover *cover) {
    const struct sg_node *n = place->node[T_UN];
    const char *text = sg_text(n);
    return cover->above_new || sg_is_seq(n) || sg_is_map(n) ||
           (text != NULL && strchr(text, '\n') != NULL);
}

void add_cause(struct overlay_plan *op, const struct sg_resource *res,
               struct sg_finding *finding) {
    char commit[41], text[256];
    if (op->cause == NULL || op->cause->find == NULL || res == NULL ||
        res->file == NULL ||
        !op->cause->find(op->cause->ctx, res->file, commit, text, sizeof(text))) {
        return;
    }
    finding->cause_commit = sg_arena_strdup(&op->plan->docs.arena, commit);
    finding->cause_subject = sg_arena_strdup(&op->plan->docs.arena, text);
}

static const char *masked_message(struct overlay_plan *op, const struct place4 *place,
                                  bool secret, bool hidden) {
    struct sg_arena *arena = &op->plan->docs.arena;
    const struct sg_node *n = place->node[T_UN], *o = place->node[T_UO];
    if (place->node[T_RN] == NULL) {
        return "upstream changes this; the overlay deletes it";
    }
    if (secret) {
        return "upstream changes this; the overlay's value (not shown) stands";
    }
    if (hidden) {
        return sg_arena_printf(arena,
                               "upstream %s inside what the overlay replaces as a "
                               "whole; the change does not show",
                               o == NULL   ? "adds something"
                               : n == NULL ? "removes something"
                                           : "changes something");
    }
    bool tag = by_tag(o, n);
    return sg_arena_printf(arena,
                           "upstream changes this from %s to %s; the overlay keeps %s",
                           shown_value(op, o, tag), shown_value(op, n, tag),
                           shown_value(op, place->node[T_RN], tag));
}

static void add_masked(struct overlay_plan *op, const struct subject *subject,
                       const struct sg_plan_field *row, const struct place4 *place,
                       const struct cover *cover, bool secret) {
    bool deletes = place->node[T_RN] == NULL;
    bool hidden = !deletes && is_whole(place, cover);
    struct sg_finding_in in = {
        .code = hidden ? "SG102" : "SG101",
        .rule = hidden ? "hidden" : "masked",
        .object = subject->id,
        .path = row->path,
        .severity = deletes ? SG_INFO : SG_WARNING,
        .hop = op->hop,
        .at = row->at,
        .message = masked_message(op, place, secret, hidden),
        .fix = hidden ? "compare with upstream's and take over what you need"
                      : "to follow upstream, remove this setting; to keep yours, nothing",
    };
    struct laid laid;
    bool merged =
        hidden && merge_hidden(op, subject, place, cover->old, row->path, &laid);
    if (merged) {
        in.message = sg_arena_printf(
            &op->plan->docs.arena,
            "%zu of %zu changes of upstream's are laid over the overlay's own%s",
            laid.laid, laid.all,
            laid.laid < laid.all ? "; the others overlap with it" : "");
        in.fix = "look at the edit";
    } else if (hidden && op->draft != NULL && !op->merge_hidden) {
        in.fix = "compare with upstream's and take over what you need; --merge-hidden "
                 "does that where the two do not overlap";
    }
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    if (merged) {
        finding->resolved = SG_RESOLVED_REWRITTEN;
        finding->edits = true;
    }
    add_cause(op, subject->res[T_UN] != NULL ? subject->res[T_UN] : subject->res[T_UO],
              finding);
}

void add_row(struct overlay_plan *op, struct subject *subject, const struct frame *frame,
             const struct place4 *place, const struct cover *cover) {
    bool secret = is_secret_place(subject, frame);
    const struct sg_node *const *node = place->node;
    struct sg_plan_field row = {
        .path = path_text(op, frame_path(op, frame)),
        .pointer = pointer_text(op, frame, place),
        .hop = op->hop,
    };
    classify(op, place, cover, &row);
    bool moved = !nodes_same(node[T_UO], node[T_UN]);
    row.base_old = value_of(op, node[T_UO], secret, moved);
    row.base_new = value_of(op, node[T_UN], secret, moved);
    row.before = value_of(op, node[T_RO], secret, row.changed);
    row.after = value_of(op, node[T_RN], secret, row.changed);
    row.at = row_place(op, subject, frame, cover, row.owner);
    struct sg_plan_object *object = listed(op, subject);
    if (row.changed && object->change == SG_CHANGE_NONE) {
        object->change = SG_CHANGE_MODIFIED;
    }
    sg_vec_push(&object->fields, row);
    if (row.owner == SG_OWNER_BOTH && row.state == SG_STATE_MASKED) {
        add_masked(op, subject, &row, place, cover, secret);
    }
}
