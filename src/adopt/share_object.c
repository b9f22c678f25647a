/*
 * share_object.c - one object that every environment patches: what the component makes of
 * it, and what each overlay then does. Both are tried before they are believed.
 *
 * Operations go by position in lists, and the component's run before anything of the
 * overlay's. So what is left for an overlay's operations to do is found anew, from what
 * has been made until then; where that takes more than they did, they are not shared.
 */
#include "share.h"

bool says_nothing(const struct sg_adopt_said *said) {
    return said->patch == NULL && said->operations == NULL;
}

/* --- operations ------------------------------------------------------------------ */

/* The operation of each list that is written as `wanted` is, from each list's `next` on;
 * false where one has none. */
static bool find_operation(const struct voices *v, const struct shared_object *object,
                           const struct sg_node *wanted, const uint32_t *next,
                           struct sg_entry *found, uint32_t *at) {
    for (size_t e = 0; e < v->items.len; e++) {
        const struct sg_node *list = object->of[e]->operations;
        uint32_t i = next[e];
        while (i < list->len && !sg_node_equal(list->items[i], wanted)) {
            i++;
        }
        if (i == list->len) {
            return false;
        }
        found[e] = (struct sg_entry){.value = list->items[i]};
        at[e] = i + 1;
    }
    return true;
}

/* Operations that all have, in one order; NULL where there are none. */
static struct sg_node *common_operations(struct voices *v,
                                         const struct shared_object *object) {
    size_t len = v->items.len;
    for (size_t e = 0; e < len; e++) {
        if (object->of[e]->operations == NULL) {
            return NULL;
        }
    }
    const struct sg_node *first = object->of[0]->operations;
    struct sg_node *out = sg_seq_new(voice_docs(v, 0));
    struct sg_entry *found = voice_room(v, len, sizeof(*found));
    uint32_t *next = voice_room(v, len, sizeof(*next)),
             *after = voice_room(v, len, sizeof(*after));
    for (uint32_t i = 0; i < first->len; i++) {
        if (!find_operation(v, object, first->items[i], next, found, after)) {
            continue;
        }
        size_t from = agreed(v, NULL, found, say_value);
        if (from < len) {
            sg_seq_push(voice_docs(v, 0), out, voice_moved(v, from, found[from].value));
            memcpy(next, after, len * sizeof(*next));
        }
    }
    return out->len > 0 ? out : NULL;
}

/* --- a division of an object
 * ------------------------------------------------------------ */

static void say_patch(struct sg_docs *docs, const struct sg_node *body,
                      struct sg_adopt_said *said) {
    said->body = body;
    said->patch = body == NULL ? NULL : patch_of(docs, said->named, body);
}

/* What the component's patches make in an environment, whose generators ran before. */
static const struct sg_node *made_in(struct voices *v, const struct shared_object *object,
                                     size_t e) {
    return patched(voice_docs(v, e), object->of[e]->base, object->common.patch,
                   object->common.operations);
}

static void name_common(struct voices *v, struct shared_object *object) {
    struct sg_docs *docs = voice_docs(v, 0);
    const struct sg_node *have =
        patched(docs, object->of[0]->base, object->common.patch, NULL);
    object->common.names =
        have == NULL ? NULL : operation_names(docs, have, object->common.operations);
}

/* What an overlay has left to do on what the component made; false where it cannot be
 * said, or only in more than the overlay said alone. */
static bool find_rest(struct voices *v, struct shared_object *object, size_t e) {
    struct sg_docs *docs = voice_docs(v, e);
    const struct sg_adopt_said *alone = object->of[e];
    struct sg_adopt_said *rest = &object->rest[e];
    const struct sg_node *made = made_in(v, object, e);
    const struct sg_node *have =
        made == NULL ? NULL : patched(docs, made, rest->patch, NULL);
    if (have == NULL) {
        return false;
    }
    rest->operations = derive_operations(docs, have, alone->want);
    rest->names = operation_names(docs, have, rest->operations);
    const struct sg_node *done = patched(docs, have, NULL, rest->operations);
    return done != NULL && objects_equal(done, alone->want) &&
           leaves_of(rest->operations) + leaves_of(object->common.operations) <=
               leaves_of(alone->operations);
}

static bool divide(struct voices *v, struct shared_object *object,
                   const struct sg_node *body, struct sg_node *const *bodies,
                   const struct sg_node *operations) {
    object->common = *object->of[0];
    object->common.operations = operations;
    say_patch(voice_docs(v, 0), body, &object->common);
    name_common(v, object);
    bool fits = true;
    for (size_t e = 0; e < v->items.len && fits; e++) {
        object->rest[e] = *object->of[e];
        say_patch(voice_docs(v, e), bodies[e], &object->rest[e]);
        fits = find_rest(v, object, e);
    }
    return fits;
}

/* --- which fields each part changes ---------------------------------------------- */

static void note_paths(struct voices *v, struct sg_docs *docs, const struct sg_node *from,
                       const struct sg_node *to, struct sg_adopt_said *said) {
    auto_comparison changes = {.paths = v->paths};
    compare_objects(&changes, from, to);
    const char **paths =
        sg_arena_alloc(&docs->arena, (changes.differences.len + 1) * sizeof(*paths));
    for (size_t i = 0; i < changes.differences.len; i++) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_fieldpath_text(changes.differences.items[i].path, &text);
        paths[i] = sg_arena_strndup(&docs->arena, sg_buf_cstr(&text), text.len);
    }
    said->paths = paths;
    said->paths_len = changes.differences.len;
}

static void note_parts(struct voices *v, struct shared_object *object) {
    struct sg_adopt_said *common = &object->common;
    note_paths(v, voice_docs(v, 0), common->base, made_in(v, object, 0), common);
    for (size_t e = 0; e < v->items.len; e++) {
        note_paths(v, voice_docs(v, e), made_in(v, object, e), object->of[e]->want,
                   &object->rest[e]);
    }
}

/* --- the object
 * --------------------------------------------------------------------------
 */

static bool is_deleted(const struct sg_adopt_said *said) {
    return said->deleted;
}

static bool has_body(const struct sg_adopt_said *said) {
    return said->body != NULL;
}

static size_t how_many(const struct voices *v, const struct shared_object *object,
                       bool (*is)(const struct sg_adopt_said *said)) {
    size_t found = 0;
    for (size_t e = 0; e < v->items.len; e++) {
        found += is(object->of[e]);
    }
    return found;
}

/* What all bodies say; `rest` is what is left of each. */
static struct sg_node *part_patches(struct voices *v, const struct shared_object *object,
                                    struct sg_node **rest) {
    const struct sg_node **bodies = voice_room(v, v->items.len, sizeof(*bodies));
    for (size_t e = 0; e < v->items.len; e++) {
        bodies[e] = object->of[e]->body;
        rest[e] = sg_node_clone(voice_docs(v, e), bodies[e]);
    }
    return how_many(v, object, has_body) == v->items.len
               ? part_bodies(v, object->of[0]->base, bodies, rest)
               : NULL;
}

void share_object(struct voices *v, struct shared_object *object) {
    size_t len = v->items.len, deleted = how_many(v, object, is_deleted);
    object->rest = voice_room(v, len, sizeof(*object->rest));
    if (deleted > 0) {
        object->common =
            deleted == len ? *object->of[0] : (struct sg_adopt_said){.patch = NULL};
        return;
    }
    struct sg_node **bodies = voice_room(v, len, sizeof(*bodies));
    const struct sg_node *body = part_patches(v, object, bodies);
    const struct sg_node *operations = common_operations(v, object);
    bool done = (operations != NULL && divide(v, object, body, bodies, operations)) ||
                (body != NULL && divide(v, object, body, bodies, NULL));
    if (done) {
        note_parts(v, object);
    } else {
        object->common = (struct sg_adopt_said){.patch = NULL};
    }
}
