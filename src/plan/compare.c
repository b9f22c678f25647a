/*
 * compare.c - every object of the four trees, field by field.
 *
 * The walk goes down U_O, U_N, R_O and R_N together and, as far as something below was
 * written, down the customer's writes. A subtree that only upstream added or took away
 * is one row at its border; everything else is a row a unit (docs/OWNERSHIP.md lists the
 * units). Linear in the size of the trees, but for a comparison of whole lists at each
 * level of lists in lists.
 */
#include <string.h>

#include "heirs.h"
#include "lists.h"
#include "match.h"
#include "planner.h"

static void compare_node(struct overlay_plan *op, struct subject *subject,
                         const struct frame *frame, const struct sg_field *field,
                         struct place4 place, struct cover cover);

/* The trees of the old base. */
static bool is_old(int tree) {
    return tree == T_UO || tree == T_RO;
}

/* --- the cover of a place --------------------------------------------------------- */

static void cover_at(const struct writes *writes, const struct sg_resource *res,
                     const struct sg_fieldpath *path, uint32_t *event, bool *above,
                     bool *follow, struct cover *cover) {
    const struct write *write =
        *follow && res != NULL ? writes_at(writes, res->uid, path) : NULL;
    *above = *event != SG_NO_EVENT;
    *follow = write != NULL && write->below;
    if (write == NULL) {
        return;
    }
    if (write->event != SG_NO_EVENT) {
        *event = write->event;
        *above = false;
    }
    cover->targeted_below = cover->targeted_below || write->targeted_below;
}

/* The path of a place in the old trees. */
static const struct sg_fieldpath *old_path(struct overlay_plan *op,
                                           const struct frame *frame,
                                           const struct cover *parent,
                                           const struct sg_fieldpath *path) {
    if (frame->up == NULL ||
        (frame->old_key == NULL && parent->old_path == parent->path)) {
        return path;
    }
    switch (frame->seg) {
    case SG_SEG_KEY:
        return sg_fieldpath_key(op->paths, parent->old_path, frame->key);
    case SG_SEG_INDEX:
        return sg_fieldpath_index(op->paths, parent->old_path, frame->repeat);
    case SG_SEG_ELEMENT:
        return sg_fieldpath_element(op->paths, parent->old_path,
                                    frame->old_key != NULL ? frame->old_key : frame->key,
                                    frame->repeat);
    }
    return path;
}

/* The cover of a place from that of its parent: a write here, else what covers from
 * above. */
static struct cover cover_here(struct overlay_plan *op, const struct subject *subject,
                               const struct cover *parent, const struct frame *frame) {
    struct cover cover = *parent;
    cover.targeted_below = false;
    if (parent->follow_old || parent->follow_new) {
        cover.path = frame_path(op, frame);
        cover.old_path = old_path(op, frame, parent, cover.path);
    }
    cover_at(&op->writes[T_RO], subject->res[T_RO], cover.old_path, &cover.old,
             &cover.above_old, &cover.follow_old, &cover);
    cover_at(&op->writes[T_RN], subject->res[T_RN], cover.path, &cover.new,
             &cover.above_new, &cover.follow_new, &cover);
    return cover;
}

static bool event_targeted(const struct tree *tree, uint32_t event) {
    return event < tree->trace.events.len &&
           step_targeted(&tree->trace.steps.items[tree->trace.events.items[event].step]);
}

/* A step that names this place, one above it or one below it wrote. */
static bool targeted(const struct overlay_plan *op, const struct cover *cover) {
    return cover->targeted_below || event_targeted(op->trees[T_RO], cover->old) ||
           event_targeted(op->trees[T_RN], cover->new);
}

static bool written(const struct cover *cover) {
    return cover->old != SG_NO_EVENT || cover->new != SG_NO_EVENT;
}

static bool followed(const struct cover *cover) {
    return cover->follow_old || cover->follow_new;
}

/* --- leaves and borders ----------------------------------------------------------- */

static void compare_leaf(struct overlay_plan *op, struct subject *subject,
                         const struct frame *frame, const struct place4 *place,
                         const struct cover *cover) {
    bool changed = !nodes_same(place->node[T_RO], place->node[T_RN]);
    if ((subject->only_written && !(written(cover) && targeted(op, cover))) ||
        (subject->only_changed && !changed)) {
        return;
    }
    if (written(cover) || changed || !nodes_same(place->node[T_UO], place->node[T_UN])) {
        add_row(op, subject, frame, place, cover);
    }
}

static bool any(const struct place4 *place, bool (*is)(const struct sg_node *node)) {
    for (int t = 0; t < T_COUNT; t++) {
        if (is(place->node[t])) {
            return true;
        }
    }
    return false;
}

/* At least one tree has a node of this kind, and none has another. */
static bool all_of(const struct place4 *place, bool (*is)(const struct sg_node *node)) {
    for (int t = 0; t < T_COUNT; t++) {
        if (place->node[t] != NULL && !is(place->node[t])) {
            return false;
        }
    }
    return any(place, is);
}

/* Upstream took it away, and no step of the customer's names it: what a transformer does
 * to all objects is no reason to keep it. */
static bool is_gone(const struct overlay_plan *op, const struct place4 *place,
                    const struct cover *cover) {
    return place->node[T_UO] != NULL && place->node[T_UN] == NULL &&
           place->node[T_RN] == NULL && !targeted(op, cover);
}

/*
 * Whether the subtree is one row here: upstream alone added or removed it, the customer
 * alone did, or the customer deleted it from both.
 */
static bool is_border(const struct overlay_plan *op, const struct place4 *place,
                      const struct cover *cover) {
    const struct sg_node *o = place->node[T_UO], *n = place->node[T_UN];
    const struct sg_node *a = place->node[T_RO], *b = place->node[T_RN];
    if (a == NULL && b == NULL) {
        return true;
    }
    if ((!written(cover) && !followed(cover)) || is_gone(op, place, cover)) {
        return (o == NULL) != (n == NULL) || (a == NULL) != (b == NULL);
    }
    return o == NULL && n == NULL && a != NULL && b != NULL && written(cover) &&
           sg_node_equal(a, b);
}

/* --- maps and lists --------------------------------------------------------------- */

static bool has_key(const struct place4 *place, int before, sg_atom key) {
    static const int order[] = {T_RN, T_RO, T_UN, T_UO};
    for (int i = 0; i < before; i++) {
        if (sg_map_find(place->node[order[i]], key) != NULL) {
            return true;
        }
    }
    return false;
}

static void compare_map(struct overlay_plan *op, struct subject *subject,
                        const struct frame *frame, const struct sg_field *field,
                        const struct place4 *place, const struct cover *cover) {
    static const int order[] = {T_RN, T_RO, T_UN, T_UO};
    for (int i = 0; i < T_COUNT; i++) {
        const struct sg_node *map = place->node[order[i]];
        for (uint32_t k = 0; map != NULL && k < map->len; k++) {
            sg_atom key = map->entries[k].key;
            if (has_key(place, i, key)) {
                continue;
            }
            struct frame child = {.up = frame, .seg = SG_SEG_KEY, .key = key};
            struct place4 below;
            for (int t = 0; t < T_COUNT; t++) {
                below.node[t] = sg_map_get(place->node[t], key);
            }
            struct sg_field child_field = {0};
            if (field->type == SG_FIELD_MAP) {
                child_field = (struct sg_field){.type = field->item, .def = field->def};
            } else {
                (void)sg_schema_field(SG_SCHEMA_UNION, field->def, key->text,
                                      &child_field);
            }
            compare_node(op, subject, &child, &child_field, below,
                         cover_here(op, subject, cover, &child));
        }
    }
}

static void dotted(const struct frame *frame, struct sg_buf *out) {
    if (frame->up == NULL) {
        return;
    }
    dotted(frame->up, out);
    if (frame->seg != SG_SEG_KEY) {
        return;
    }
    if (out->len > 0) {
        sg_buf_addc(out, '.');
    }
    sg_buf_add(out, frame->key->text, frame->key->len);
}

static const char *const *configured_keys(const struct overlay_plan *op,
                                          const struct subject *subject,
                                          const struct frame *frame) {
    for (size_t i = 0; i < op->merge_keys_len; i++) {
        const struct sg_plan_merge_key *extra = &op->merge_keys[i];
        if (strcmp(extra->group, subject->group) != 0 ||
            strcmp(extra->kind, subject->kind) != 0) {
            continue;
        }
        sg_auto_buf path = SG_BUF_INIT;
        dotted(frame, &path);
        if (strcmp(sg_buf_cstr(&path), extra->path) == 0) {
            return extra->keys;
        }
    }
    return NULL;
}

/* A step names this element, or something in it; not the list that holds it. */
static bool addressed(const struct overlay_plan *op, const struct cover *cover) {
    return cover->targeted_below ||
           (!cover->above_old && event_targeted(op->trees[T_RO], cover->old)) ||
           (!cover->above_new && event_targeted(op->trees[T_RN], cover->new));
}

static void compare_elements(struct overlay_plan *op, struct subject *subject,
                             const struct frame *frame, const struct sg_field *field,
                             const struct place4 *lists, const struct elements *elements,
                             const struct cover *cover) {
    struct sg_field item = {.type = field->item, .def = field->def};
    for (size_t i = 0; i < elements->items.len; i++) {
        const struct element *element = &elements->items.items[i];
        struct frame child = {.up = frame,
                              .seg = SG_SEG_ELEMENT,
                              .key = element->key,
                              .old_key = element->old_key,
                              .repeat = element->repeat};
        memcpy(child.at, element->at, sizeof(child.at));
        struct place4 below;
        memcpy(below.node, element->node, sizeof(below.node));
        struct cover child_cover = cover_here(op, subject, cover, &child);
        if (below.node[T_UO] != NULL && below.node[T_UN] == NULL &&
            below.node[T_RO] != NULL && !child_cover.orphaned &&
            addressed(op, &child_cover)) {
            orphan_element(op, subject, &child, lists, &below, &child_cover);
            child_cover.orphaned = true; /* what is in it goes with it */
        }
        if (written(&child_cover) || followed(&child_cover)) {
            find_clash_in(op, subject, &child, &below, &child_cover);
        }
        compare_node(op, subject, &child, &item, below, child_cover);
    }
}

/* The element of the new trees with this key, or NULL. */
static struct element *newcomer(struct elements *elements, sg_atom key) {
    for (size_t i = 0; i < elements->items.len; i++) {
        struct element *element = &elements->items.items[i];
        if (element->key == key && element->node[T_UN] != NULL &&
            element->node[T_UO] == NULL && element->node[T_RO] == NULL) {
            return element;
        }
    }
    return NULL;
}

static void join(struct element *heir, struct element *gone) {
    for (int t = 0; t < T_COUNT; t++) {
        if (is_old(t)) {
            heir->node[t] = gone->node[t];
            heir->at[t] = gone->at[t];
            gone->node[t] = NULL;
        }
    }
    heir->old_key = gone->key;
}

/* An element that upstream renamed is one with what it was, once no patch makes a new one
 * of the old name. */
static void join_renamed(struct overlay_plan *op, const struct subject *subject,
                         const struct frame *frame, const struct place4 *lists,
                         const struct cover *cover, struct elements *elements) {
    if (subject->res[T_UO] == NULL || subject->res[T_UN] == NULL) {
        return;
    }
    size_t kept = 0;
    for (size_t i = 0; i < elements->items.len; i++) {
        struct element *gone = &elements->items.items[i];
        if (gone->node[T_UO] == NULL || gone->node[T_UN] != NULL ||
            gone->node[T_RN] != NULL || gone->repeat > 0) {
            continue;
        }
        auto_matches matches = {0};
        const struct sg_fieldpath *path =
            cover->path != NULL && cover->old_path != cover->path ? cover->old_path
                                                                  : frame_path(op, frame);
        match_element(op, subject->res[T_UO], subject->res[T_UN], path, lists->node[T_UO],
                      lists->node[T_UN], gone->node[T_UO], &matches);
        const struct match *certain = match_certain(&matches);
        struct element *heir = certain == NULL ? NULL : newcomer(elements, certain->key);
        if (heir != NULL) {
            join(heir, gone);
        }
    }
    for (size_t i = 0; i < elements->items.len; i++) {
        const struct element *element = &elements->items.items[i];
        if (element->node[T_UO] != NULL || element->node[T_UN] != NULL ||
            element->node[T_RO] != NULL || element->node[T_RN] != NULL) {
            elements->items.items[kept++] = *element;
        }
    }
    elements->items.len = kept;
}

/* False: the list is a unit. */
static bool compare_list(struct overlay_plan *op, struct subject *subject,
                         const struct frame *frame, const struct sg_field *field,
                         const struct place4 *place, const struct cover *cover) {
    if (!written(cover) && !followed(cover) &&
        nodes_same(place->node[T_UO], place->node[T_UN]) &&
        nodes_same(place->node[T_RO], place->node[T_RN])) {
        return true;
    }
    struct elements elements = {0};
    bool keyed = elements_match(op->atoms, field, configured_keys(op, subject, frame),
                                place->node, &elements) &&
                 elements.items.len > 0;
    if (keyed) {
        join_renamed(op, subject, frame, place, cover, &elements);
        compare_elements(op, subject, frame, field, place, &elements, cover);
    }
    elements_release(&elements);
    return keyed;
}

static bool has_entries(const struct place4 *place) {
    for (int t = 0; t < T_COUNT; t++) {
        if (place->node[t] != NULL && place->node[t]->len > 0) {
            return true;
        }
    }
    return false;
}

static uint32_t newest_below(const struct writes *writes, const struct sg_resource *res,
                             const struct sg_fieldpath *path) {
    const struct write *write = res == NULL ? NULL : writes_at(writes, res->uid, path);
    return write == NULL ? SG_NO_EVENT : write->newest;
}

/* A write below a unit is a write of the unit. */
static void cover_unit(const struct overlay_plan *op, const struct subject *subject,
                       struct cover *cover) {
    if (cover->follow_old && cover->old == SG_NO_EVENT) {
        cover->old = newest_below(&op->writes[T_RO], subject->res[T_RO], cover->old_path);
    }
    if (cover->follow_new && cover->new == SG_NO_EVENT) {
        cover->new = newest_below(&op->writes[T_RN], subject->res[T_RN], cover->path);
    }
}

static void compare_node(struct overlay_plan *op, struct subject *subject,
                         const struct frame *frame, const struct sg_field *field,
                         struct place4 place, struct cover cover) {
    bool map = all_of(&place, sg_is_map), list = !map && all_of(&place, sg_is_seq);
    if (map && has_entries(&place) && !is_border(op, &place, &cover)) {
        compare_map(op, subject, frame, field, &place, &cover);
        return;
    }
    if (list && has_entries(&place) && !is_border(op, &place, &cover) &&
        compare_list(op, subject, frame, field, &place, &cover)) {
        return;
    }
    if (is_gone(op, &place, &cover)) {
        cover.old = cover.new = SG_NO_EVENT;
    } else {
        cover_unit(op, subject, &cover);
    }
    compare_leaf(op, subject, frame, &place, &cover);
}

/* --- objects ---------------------------------------------------------------------- */

static void compare_root(struct overlay_plan *op, struct subject *subject,
                         const struct place4 *place, const struct cover *cover) {
    struct frame root = {0};
    struct sg_field field = {.type = SG_FIELD_OBJECT, .def = subject->type};
    compare_node(op, subject, &root, &field, *place, *cover);
}

/* An object that the overlay alone brings: one row, or one a field that moved. */
static void compare_own(struct overlay_plan *op, struct subject *subject,
                        const struct place4 *place) {
    const struct sg_node *a = place->node[T_RO], *b = place->node[T_RN];
    struct cover cover = {.old = a != NULL ? EVENT_UNKNOWN : SG_NO_EVENT,
                          .new = b != NULL ? EVENT_UNKNOWN : SG_NO_EVENT};
    subject->only_changed = a != NULL && b != NULL && !sg_node_equal(a, b);
    if (subject->only_changed) {
        compare_root(op, subject, place, &cover);
        return;
    }
    struct frame root = {0};
    add_row(op, subject, &root, place, &cover);
}

/*
 * An object that is in one result only, or in none: one row for its presence. What the
 * customer wrote into an object that upstream removed gets rows too: it is lost.
 */
static void compare_presence(struct overlay_plan *op, struct subject *subject,
                             const struct place4 *place, const struct cover *cover) {
    struct frame root = {0};
    struct cover presence = {.old = SG_NO_EVENT, .new = SG_NO_EVENT};
    for (int t = T_UO; t <= T_UN; t++) {
        bool old = t == T_UO;
        int result = old ? T_RO : T_RN;
        if (place->node[t] == NULL || place->node[result] != NULL) {
            continue;
        }
        struct identity identity = identity_of(&subject->res[t]->orig);
        *(old ? &presence.old : &presence.new) =
            writes_deleted(&op->writes[result], &identity);
    }
    add_row(op, subject, &root, place, &presence);
    if (place->node[T_RO] == NULL || place->node[T_UN] != NULL || !targeted(op, cover)) {
        return;
    }
    subject->only_written = true;
    compare_root(op, subject, place, cover);
}

static void compare_object(struct overlay_plan *op, struct subject *subject) {
    struct place4 place = {{NULL}};
    for (int t = 0; t < T_COUNT; t++) {
        place.node[t] = subject->res[t] == NULL ? NULL : subject->res[t]->node;
    }
    if (place.node[T_UO] == NULL && place.node[T_UN] == NULL) {
        compare_own(op, subject, &place);
        return;
    }
    const struct cover all = {
        .old = SG_NO_EVENT, .new = SG_NO_EVENT, .follow_old = true, .follow_new = true};
    struct frame root = {0};
    struct cover cover = cover_here(op, subject, &all, &root);
    if (place.node[T_RO] == NULL || place.node[T_RN] == NULL) {
        compare_presence(op, subject, &place, &cover);
        return;
    }
    if (written(&cover) || followed(&cover) ||
        !nodes_same(place.node[T_UO], place.node[T_UN]) ||
        !sg_node_equal(place.node[T_RO], place.node[T_RN])) {
        compare_root(op, subject, &place, &cover);
    }
}

/* --- all objects ------------------------------------------------------------------ */

static const char *api_version_of(const struct sg_resource *res) {
    const char *text = sg_text(sg_map_get(res->node, SG_ATOM(apiVersion)));
    return text == NULL ? "" : text;
}

/* Of an object that took over from another one, that is what it was before. */
static void compare_identity(struct overlay_plan *op, const struct identity *identity) {
    static const int newest_first[] = {T_RN, T_RO, T_UN, T_UO};
    struct subject subject = {.object = SIZE_MAX};
    const struct sg_resource *elder = heir_before(op, identity);
    struct identity before;
    if (elder != NULL) {
        before = identity_of(&elder->orig);
    }
    const struct sg_resource *newest = NULL;
    int tree = T_UO;
    for (size_t i = 0; i < SG_ARRAY_LEN(newest_first); i++) {
        int t = newest_first[i];
        subject.res[t] = index_find(&op->trees[t]->index,
                                    elder != NULL && is_old(t) ? &before : identity);
        if (newest == NULL && subject.res[t] != NULL) {
            newest = subject.res[t];
            tree = t;
        }
    }
    subject.id = object_id(op, op->trees[tree], newest);
    subject.group = identity->group->text;
    subject.kind = identity->kind->text;
    subject.secret = strcmp(subject.kind, "Secret") == 0 && subject.group[0] == '\0';
    subject.type =
        sg_schema_kind(SG_SCHEMA_UNION, api_version_of(newest), identity->kind->text);
    compare_object(op, &subject);
}

static bool has_heir(const struct overlay_plan *op, const struct identity *identity) {
    return sg_strmap_has(&op->heirs, (const char *)identity, sizeof(*identity));
}

void compare_trees(struct overlay_plan *op) {
    static const int newest_first[] = {T_RN, T_RO, T_UN, T_UO};
    sg_auto_strmap done = {0};
    for (size_t i = 0; i < SG_ARRAY_LEN(newest_first); i++) {
        const struct sg_render *render = &op->trees[newest_first[i]]->render;
        auto_counters copies = {0};
        for (size_t k = 0; k < render->items.len; k++) {
            struct identity identity =
                identity_next(&copies, &render->items.items[k]->orig);
            const char *bytes = (const char *)&identity;
            if (sg_strmap_has(&done, bytes, sizeof(identity))) {
                continue;
            }
            sg_strmap_put(&done, bytes, sizeof(identity), op);
            if (!has_heir(op, &identity)) {
                compare_identity(op, &identity);
            }
        }
    }
}
