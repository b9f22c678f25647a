/*
 * collision.c - the new base brings what the overlay brings, too: SG204.
 *
 * Of two objects with one identity kustomize refuses the second; a container or volume of
 * one name it merges in silence, and an operation that adds a variable at the end of a
 * list adds it a second time.
 */
#include <string.h>

#include "repair.h"

/* --- objects ---------------------------------------------------------------------- */

struct clash {
    struct overlay_plan *op;
    const struct sg_resource *mine, *theirs; /* in R_O and in U_N */
    uint32_t event; /* that brought it: of a file or a generator */
    const char *id, *tag;
    struct step_text text;
    bool generated;
    struct draft_doc *doc; /* the file of the customer's object; NULL: it is generated */
    uint32_t document;
};

static bool is_brought(const struct overlay_plan *op, const struct sg_event *event) {
    const struct sg_step *step = &op->trees[T_RO]->trace.steps.items[event->step];
    bool brings = step->kind == SG_STEP_LOAD ||
                  (step->kind == SG_STEP_GENERATE && event->before == NULL);
    return brings && event->path == NULL && event->object != SG_NO_OBJECT &&
           owners_customer(&op->owners, step);
}

static bool find_clash(const struct overlay_plan *op, uint32_t at, struct clash *out) {
    const struct tree *old = op->trees[T_RO];
    const struct sg_event *event = &old->trace.events.items[at];
    if (!is_brought(op, event)) {
        return false;
    }
    out->event = at;
    out->generated = old->trace.steps.items[event->step].kind == SG_STEP_GENERATE;
    out->mine = index_uid(&old->index, event->object);
    if (out->mine == NULL) {
        return false;
    }
    struct identity identity = identity_of(&out->mine->orig);
    out->theirs = index_find(&op->trees[T_UN]->index, &identity);
    return out->theirs != NULL && index_find(&op->trees[T_UO]->index, &identity) == NULL;
}

/* The document of the file that is the object, or the generator's entry. */
static bool find_text(struct clash *clash) {
    struct overlay_plan *op = clash->op;
    const struct sg_trace *trace = &op->trees[T_RO]->trace;
    const struct sg_step *step =
        &trace->steps.items[trace->events.items[clash->event].step];
    if (!repairs(op) || !step_text_find(op, step, &clash->text)) {
        return false;
    }
    if (clash->generated) {
        return true;
    }
    clash->doc = draft_open(op->draft, op->files, step->file);
    for (uint32_t i = 0; clash->doc != NULL && i < clash->doc->docs.roots.len; i++) {
        struct identity mine = identity_of(&clash->mine->orig), other;
        if (identity_of_node(op->atoms, clash->doc->docs.roots.items[i], &other) &&
            memcmp(&mine, &other, sizeof(mine)) == 0) {
            clash->document = i;
            return true;
        }
    }
    return false;
}

/* Upstream's object is taken: the customer's goes to what is retired. */
static bool retire_mine(struct clash *clash) {
    if (clash->generated) {
        return retire_entry(clash->op, &clash->text, clash->id, clash->tag);
    }
    clash->text.doc = clash->doc;
    clash->text.document = clash->document;
    clash->text.root = clash->doc->docs.roots.items[clash->document];
    draft_host(clash->doc, clash->text.kustomization, clash->text.list, clash->text.item);
    return retire_patch(clash->op, &clash->text, clash->id, clash->tag);
}

/* The customer's object is laid over upstream's: the file is listed as a patch. */
static bool turn_to_patch(struct clash *clash) {
    const char *path = sg_text(clash->text.entry);
    if (path == NULL || clash->doc->docs.roots.len != 1) {
        return false;
    }
    const char *item = sg_arena_printf(&clash->op->draft->arena, "path: %s\n", path);
    return draft_append(clash->text.kustomization, "patches", item, clash->tag) &&
           draft_remove(clash->text.kustomization, clash->text.list, clash->text.item,
                        clash->tag);
}

/* The generator adds its keys to upstream's object. */
static bool merge_generated(struct clash *clash) {
    struct draft_doc *doc = clash->text.kustomization;
    const struct sg_node *entry = clash->text.entry;
    const struct sg_node *behavior = sg_map_gets(entry, "behavior");
    if (behavior != NULL) {
        return draft_write(doc, behavior, "merge", clash->tag);
    }
    struct sg_splices splices = {0};
    const struct sg_node merge = {
        .kind = SG_SCALAR, .text = "merge", .len = strlen("merge")};
    bool done = sg_is_map(entry) && entry->len > 0 &&
                sg_yaml_insert_entry(&doc->set, entry, entry->len - 1, "behavior", &merge,
                                     &splices) &&
                draft_splice(doc, &splices, clash->tag);
    sg_splices_release(&splices);
    return done;
}

static void settle_clash(struct clash *clash, struct fate *fate) {
    struct overlay_plan *op = clash->op;
    const struct sg_plan_accept *decision = decision_for(op, "SG204", clash->id, "");
    bool equal = sg_node_equal(clash->mine->node, clash->theirs->node);
    bool found = find_text(clash);
    bool patch = decision != NULL && decision->as_patch;
    if (found && patch &&
        (clash->generated ? merge_generated(clash) : turn_to_patch(clash))) {
        fate->resolved = SG_RESOLVED_REWRITTEN;
        fate->message = clash->generated
                            ? "upstream brings this object, too; the generator adds its "
                              "keys to it now"
                            : "upstream brings this object, too; the overlay's is a "
                              "patch of it now";
    } else if (found && !patch && (equal || decision != NULL) && retire_mine(clash)) {
        fate->resolved = SG_RESOLVED_RETIRED;
        fate->message = equal
                            ? "upstream brings this object, too, as the overlay has it"
                            : "upstream brings this object, too, and upstream's is taken";
    }
    fate->edits = fate->resolved != SG_RESOLVED_NONE;
    fate->fix = fate->edits ? "look at the edit" : NULL;
}

static void tell_clash(struct clash *clash, struct fate *fate) {
    struct overlay_plan *op = clash->op;
    struct sg_arena *arena = &op->plan->docs.arena;
    struct sg_finding_in in = {
        .code = "SG204",
        .rule = "collision",
        .object = clash->id,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = event_place(op, op->trees[T_RO], clash->event),
        .message = "upstream brings an object that the overlay brings, too: kustomize "
                   "takes no two of one name",
        .fix = "take upstream's, or make yours a patch of it",
        .stops = true,
        .refused = true,
    };
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    bool open = fate->resolved == SG_RESOLVED_NONE;
    tell_fate(op, finding, fate);
    if (open && repairs(op)) {
        sg_vec_push(&finding->flags,
                    sg_arena_printf(arena, "--as-patch '%s'", clash->id));
    }
    add_cause(op, clash->theirs, finding);
}

void find_clashes(struct overlay_plan *op) {
    const struct tree *old = op->trees[T_RO];
    if (!old->rendered || !op->trees[T_UN]->rendered || !op->trees[T_UO]->rendered) {
        return;
    }
    for (uint32_t i = 0; i < old->trace.events.len; i++) {
        struct clash clash = {.op = op};
        if (!find_clash(op, i, &clash)) {
            continue;
        }
        uint32_t step = old->trace.events.items[i].step;
        clash.id = object_id(op, old, clash.mine);
        clash.tag = op->draft == NULL ? "" : fingerprint_of(op, "SG204", clash.id, "");
        if (mended(op, "SG204", step, clash.id, "")) {
            continue;
        }
        auto_fate fate = {0};
        settle_clash(&clash, &fate);
        if (fate.edits) {
            note_mended(op, "SG204", step, clash.id, "");
        }
        (void)drop_step(op, old, step);
        tell_clash(&clash, &fate);
    }
}

/* --- elements --------------------------------------------------------------------- */

static bool is_named_unit(const struct frame *frame) {
    static const char *const lists[] = {"containers", "initContainers", "volumes"};
    for (size_t i = 0; i < SG_ARRAY_LEN(lists); i++) {
        if (frame->up->seg == SG_SEG_KEY && strcmp(frame->up->key->text, lists[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A container has an image, a volume a source: what has none was written for an element
 * of upstream's, by somebody who knows its new name already. */
static bool is_whole(const struct frame *frame, const struct sg_node *element) {
    return strcmp(frame->up->key->text, "volumes") == 0
               ? element->len > 1
               : sg_map_gets(element, "image") != NULL;
}

static void settle_element(struct overlay_plan *op, const struct subject *subject,
                           const struct frame *frame, const char *path,
                           struct fate *fate) {
    const struct sg_plan_accept *decision = decision_for(op, "SG204", subject->id, path);
    if (decision == NULL || !repairs(op) ||
        mended(op, "SG204", UINT32_MAX, subject->id, path)) {
        return;
    }
    if (decision->as_patch) {
        fate->resolved = SG_RESOLVED_KEPT;
        fate->message = "upstream brings it, too; the overlay's is laid over upstream's";
        fate->fix = "";
    } else if (decision->retire &&
               retire_element(op, subject->res[T_RO], frame_path(op, frame), subject->id,
                              fingerprint_of(op, "SG204", subject->id, path))) {
        note_mended(op, "SG204", UINT32_MAX, subject->id, path);
        fate->resolved = SG_RESOLVED_RETIRED;
        fate->edits = true;
        fate->message = "upstream brings it, too, and upstream's is taken";
        fate->fix = "look at the edit";
    }
}

static void add_element_flags(struct overlay_plan *op, struct sg_finding *finding) {
    static const char *const options[] = {"--retire", "--as-patch"};
    struct sg_arena *arena = &op->plan->docs.arena;
    for (size_t i = 0; repairs(op) && i < SG_ARRAY_LEN(options); i++) {
        sg_vec_push(&finding->flags, sg_arena_printf(arena, "%s '%s:%s'", options[i],
                                                     finding->object, finding->path));
    }
    sg_vec_push(&finding->flags, sg_arena_printf(arena, "--accept 'SG204:%s:%s=REASON'",
                                                 finding->object, finding->path));
}

void find_clash_in(struct overlay_plan *op, struct subject *subject,
                   const struct frame *frame, const struct place4 *place,
                   const struct cover *cover) {
    const struct sg_node *const *node = place->node;
    if (node[T_UO] != NULL || node[T_UN] == NULL || node[T_RO] == NULL ||
        node[T_RN] == NULL || !is_named_unit(frame) || !is_whole(frame, node[T_RO]) ||
        sg_node_equal(node[T_RO], node[T_UN])) {
        return;
    }
    const char *path = path_text(op, frame_path(op, frame));
    if (mended(op, "SG204", UINT32_MAX, subject->id, path)) {
        return; /* upstream's was taken in an earlier round */
    }
    uint32_t event = cover->old;
    const struct write *write =
        writes_at(&op->writes[T_RO], subject->res[T_RO]->uid, cover->old_path);
    event = event == SG_NO_EVENT && write != NULL ? write->newest : event;
    struct sg_finding_in in = {
        .code = "SG204",
        .rule = "collision",
        .object = subject->id,
        .path = path,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = event_place(op, op->trees[T_RO], event),
        .message =
            sg_arena_printf(&op->plan->docs.arena,
                            "upstream brings %s, too, and the two would be merged", path),
        .fix = "give yours another name, or remove it; or agree to the merge",
        .stops = true,
    };
    auto_fate fate = {0};
    settle_element(op, subject, frame, path, &fate);
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    if (fate.resolved != SG_RESOLVED_NONE) {
        tell_fate(op, finding, &fate);
    } else {
        add_element_flags(op, finding);
    }
    add_cause(op, subject->res[T_UN], finding);
}

/* --- second copies ---------------------------------------------------------------- */

struct copy {
    const struct sg_event *event; /* in R_N: an element of a key that was there */
    const struct sg_resource *res;
};

/* An operation of the customer's that adds an element beside upstream's of that key. */
static bool is_copy(const struct overlay_plan *op, const struct sg_event *event,
                    struct copy *out) {
    const struct sg_step *step = &op->trees[T_RN]->trace.steps.items[event->step];
    const struct sg_fieldpath *path = event->path;
    *out = (struct copy){event, index_uid(&op->trees[T_RN]->index, event->object)};
    if (step->kind != SG_STEP_JSON || event->op != SG_OP_INSERT || path == NULL ||
        path->seg != SG_SEG_ELEMENT || path->index == 0 || out->res == NULL ||
        !owners_customer(&op->owners, step)) {
        return false;
    }
    struct identity identity = identity_of(&out->res->orig);
    const struct sg_resource *theirs = index_find(&op->trees[T_UN]->index, &identity);
    const struct sg_resource *before = index_find(&op->trees[T_UO]->index, &identity);
    if (theirs == NULL || before == NULL) {
        return false;
    }
    const struct sg_fieldpath *first =
        sg_fieldpath_element(op->paths, path->parent, path->key, 0);
    return node_at(theirs->node, type_of(theirs), first) != NULL &&
           node_at(before->node, type_of(before), first) == NULL;
}

/* `add …/-` becomes `replace …/N`: the customer's element stands, once. */
static bool replace_first(struct overlay_plan *op, const struct copy *copy, uint32_t step,
                          const char *tag) {
    struct step_text text;
    const struct sg_node *lists = copy->event->lists;
    const struct sg_node *list =
        lists == NULL || lists->len == 0 ? NULL : lists->items[lists->len - 1];
    struct sg_field field = field_at(type_of(copy->res), copy->event->path->parent);
    if (!step_text_find(op, &op->trees[T_RO]->trace.steps.items[step], &text)) {
        return false;
    }
    const char *pointer = sg_text(sg_map_get(text.op, SG_ATOM(path)));
    const char *slash = pointer == NULL ? NULL : strrchr(pointer, '/');
    for (uint32_t i = 0; slash != NULL && sg_is_seq(list) && i < list->len; i++) {
        sg_auto_buf key = SG_BUF_INIT;
        if (!sg_schema_element_key(&field, list->items[i], &key) ||
            strcmp(sg_buf_cstr(&key), copy->event->path->key->text) != 0) {
            continue;
        }
        const char *now = sg_arena_printf(&op->draft->arena, "%.*s/%u",
                                          (int)(slash - pointer), pointer, i);
        return draft_write(text.doc, sg_map_get(text.op, SG_ATOM(op)), "replace", tag) &&
               draft_write(text.doc, sg_map_get(text.op, SG_ATOM(path)), now, tag);
    }
    return false;
}

static void tell_copy(struct overlay_plan *op, const struct copy *copy, uint32_t event) {
    const char *id = object_id(op, op->trees[T_RN], copy->res);
    const struct sg_fieldpath *first = sg_fieldpath_element(
        op->paths, copy->event->path->parent, copy->event->path->key, 0);
    const char *path = path_text(op, first);
    uint32_t step = step_in_old(op, op->trees[T_RN], copy->event->step);
    bool edited = repairs(op) && step != UINT32_MAX &&
                  !mended(op, "SG204", step, id, path) &&
                  replace_first(op, copy, step, fingerprint_of(op, "SG204", id, path));
    if (edited) {
        note_mended(op, "SG204", step, id, path);
    }
    struct sg_finding_in in = {
        .code = "SG204",
        .rule = "collision",
        .object = id,
        .path = path,
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = event_place(op, op->trees[T_RN], event),
        .message =
            sg_arena_printf(&op->plan->docs.arena,
                            edited ? "upstream brings %s, too; the overlay's takes "
                                     "its place"
                                   : "upstream brings %s, too: it would be there "
                                     "twice",
                            path),
        .fix = edited ? "look at the edit" : "replace upstream's instead of adding yours",
        .stops = true,
    };
    auto_fate fate = {.resolved = edited ? SG_RESOLVED_REWRITTEN : SG_RESOLVED_NONE,
                      .edits = edited};
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    tell_fate(op, finding, &fate);
    add_cause(op, copy->res, finding);
}

void find_copies(struct overlay_plan *op) {
    const struct tree *new = op->trees[T_RN];
    if (!new->rendered || !op->trees[T_RO]->rendered || !op->trees[T_UO]->rendered ||
        !op->trees[T_UN]->rendered) {
        return;
    }
    for (uint32_t i = 0; i < new->trace.events.len; i++) {
        struct copy copy;
        if (is_copy(op, &new->trace.events.items[i], &copy)) {
            tell_copy(op, &copy, i);
        }
    }
}
