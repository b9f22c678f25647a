/*
 * repair_image.c - `images` entries for a repository that the new base takes from
 * elsewhere: the entry matches nothing more, and kustomize goes on without a word.
 */
#include <string.h>

#include "image.h"
#include "repair.h"
#include "sg/sort.h"

/* One place that an images entry wrote on the old base and does not on the new one. */
struct lapse {
    uint32_t step; /* in R_O */
    const struct sg_resource *res;
    const struct sg_fieldpath *path;
    uint32_t event;
    const char *old, *now; /* the image in U_O and in U_N */
};
struct lapses {
    SG_VEC(struct lapse) items; /* by step */
};

static bool is_images(const struct overlay_plan *op, const struct sg_step *step) {
    return step->kind == SG_STEP_TRANSFORM && step->name != NULL &&
           strcmp(step->name, "images") == 0 && owners_customer(&op->owners, step);
}

/* What the entry wrote in R_N, by (object, path). */
static void written_now(const struct overlay_plan *op, struct sg_strmap *out) {
    const struct sg_trace *trace = &op->trees[T_RN]->trace;
    for (size_t i = 0; i < trace->events.len; i++) {
        const struct sg_event *event = &trace->events.items[i];
        if (!is_images(op, &trace->steps.items[event->step])) {
            continue;
        }
        sg_auto_buf key = SG_BUF_INIT;
        tree_step_key(op, op->trees[T_RN], &trace->steps.items[event->step], &key);
        const struct sg_resource *res = index_uid(&op->trees[T_RN]->index, event->object);
        if (res != NULL) {
            struct identity identity = identity_of(&res->orig);
            sg_buf_add(&key, &identity, sizeof(identity));
            sg_buf_add(&key, &event->path, sizeof(event->path));
            sg_strmap_put(out, sg_buf_cstr(&key), key.len, op->plan);
        }
    }
}

static bool still_written(const struct overlay_plan *op, const struct sg_strmap *now,
                          const struct sg_event *event, const struct identity *identity) {
    sg_auto_buf key = SG_BUF_INIT;
    const struct tree *old = op->trees[T_RO];
    tree_step_key(op, old, &old->trace.steps.items[event->step], &key);
    sg_buf_add(&key, identity, sizeof(*identity));
    sg_buf_add(&key, &event->path, sizeof(event->path));
    return sg_strmap_has(now, sg_buf_cstr(&key), key.len);
}

static bool same_name(const char *a, const char *b) {
    return sg_str_eq(image_split(a).name, image_split(b).name);
}

/* An event of R_O whose place the new base has, with an image of another repository. */
static bool is_lapse(struct overlay_plan *op, const struct sg_strmap *now, uint32_t at,
                     struct lapse *out) {
    const struct tree *old = op->trees[T_RO];
    const struct sg_event *event = &old->trace.events.items[at];
    const struct sg_resource *res = index_uid(&old->index, event->object);
    if (res == NULL || !is_images(op, &old->trace.steps.items[event->step])) {
        return false;
    }
    struct identity identity = identity_of(&res->orig);
    const struct sg_resource *before = index_find(&op->trees[T_UO]->index, &identity);
    const struct sg_resource *after = index_find(&op->trees[T_UN]->index, &identity);
    if (before == NULL || after == NULL || still_written(op, now, event, &identity)) {
        return false;
    }
    *out =
        (struct lapse){.step = event->step, .res = res, .path = event->path, .event = at};
    out->old = sg_text(node_at(before->node, type_of(before), event->path));
    out->now = sg_text(node_at(after->node, type_of(after), event->path));
    return out->old != NULL && out->now != NULL && !same_name(out->old, out->now);
}

/* --- the entry -------------------------------------------------------------------- */

/* The step still finds images on the new base: then the new repository gets an entry of
 * its own. */
static bool still_matches(const struct overlay_plan *op, uint32_t step) {
    sg_auto_buf wanted = SG_BUF_INIT;
    const struct tree *old = op->trees[T_RO], *new = op->trees[T_RN];
    tree_step_key(op, old, &old->trace.steps.items[step], &wanted);
    for (size_t i = 0; i < new->trace.events.len; i++) {
        const struct sg_step *other =
            &new->trace.steps.items[new->trace.events.items[i].step];
        sg_auto_buf key = SG_BUF_INIT;
        if (!is_images(op, other)) {
            continue;
        }
        tree_step_key(op, new, other, &key);
        if (sg_str_eq((struct sg_str){key.ptr, key.len},
                      (struct sg_str){wanted.ptr, wanted.len})) {
            return true;
        }
    }
    return false;
}

static const char *item_text(struct overlay_plan *op, const struct step_text *text,
                             const char *name) {
    struct sg_docs *set = &text->kustomization->set;
    struct sg_node *copy = sg_node_clone(set, text->entry);
    (void)sg_map_put(set, copy, SG_ATOM(name), sg_str_new(set, name));
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (sg_yaml_write(set, copy, &out, &ignored) != 0) {
        return NULL;
    }
    return sg_arena_strdup(&op->draft->arena, sg_buf_cstr(&out));
}

/* A second transformer behind the first, called after the new image. */
static bool add_config(const struct step_text *text, const char *name, const char *tag) {
    struct sg_docs *set = &text->doc->set;
    struct sg_node *copy = sg_node_clone(set, text->root);
    struct sg_node *image = sg_map_gets(copy, "imageTag");
    struct sg_node *metadata = sg_map_ensure(set, copy, SG_ATOM(metadata));
    const struct sg_source *source = sg_docs_source(set, text->root->loc);
    if (image == NULL || metadata == NULL || source == NULL) {
        return false;
    }
    const char *called = sg_text(sg_map_get(metadata, SG_ATOM(name)));
    const char *slash = strrchr(name, '/');
    sg_auto_cstr fresh = sg_xasprintf("%s-%s", called != NULL ? called : "image",
                                      slash != NULL ? slash + 1 : name);
    (void)sg_map_put(set, image, SG_ATOM(name), sg_str_new(set, name));
    (void)sg_map_put(set, metadata, SG_ATOM(name), sg_str_new(set, fresh));
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_err ignored = {0};
    bool ended = source->len > 0 && source->text[source->len - 1] == '\n';
    sg_buf_adds(&out, ended ? "---\n" : "\n---\n");
    if (sg_yaml_write(set, copy, &out, &ignored) != 0) {
        return false;
    }
    struct sg_splices splices = {0};
    sg_splices_add(&splices, source->len, source->len, sg_buf_cstr(&out), out.len);
    bool done = draft_splice(text->doc, &splices, tag);
    sg_splices_release(&splices);
    return done;
}

/* The configuration of an ImageTagTransformer. */
static bool edit_config(struct overlay_plan *op, uint32_t step, const char *name,
                        const char *tag) {
    struct step_text text;
    if (!step_config_find(op, &op->trees[T_RO]->trace.steps.items[step], &text) ||
        !sg_is_map(text.entry)) {
        return false;
    }
    return still_matches(op, step)
               ? add_config(&text, name, tag)
               : draft_write(text.doc, sg_map_gets(text.entry, "name"), name, tag);
}

static bool edit_entry(struct overlay_plan *op, uint32_t step, const char *name,
                       const char *tag) {
    struct step_text text;
    if (!step_text_find(op, &op->trees[T_RO]->trace.steps.items[step], &text) ||
        !sg_is_map(text.entry)) {
        return edit_config(op, step, name, tag);
    }
    if (!still_matches(op, step)) {
        return draft_write(text.kustomization, sg_map_gets(text.entry, "name"), name,
                           tag);
    }
    const char *item = item_text(op, &text, name);
    return item != NULL && draft_append(text.kustomization, "images", item, tag);
}

/* --- telling ---------------------------------------------------------------------- */

static const char *name_of(struct overlay_plan *op, const char *image) {
    struct sg_str name = image_split(image).name;
    return sg_arena_strndup(&op->plan->docs.arena, name.ptr, name.len);
}

static void tell(struct overlay_plan *op, const struct lapse *lapse, bool edited) {
    struct sg_arena *arena = &op->plan->docs.arena;
    const struct tree *old = op->trees[T_RO];
    struct sg_finding_in in = {
        .code = "SG202",
        .rule = "orphan-element",
        .object = object_id(op, old, lapse->res),
        .path = path_text(op, lapse->path),
        .severity = SG_ERROR,
        .hop = op->hop,
        .at = event_place(op, old, lapse->event),
        .message = sg_arena_printf(arena,
                                   "upstream takes this image from %s now, and the entry "
                                   "of images for %s %s",
                                   name_of(op, lapse->now), name_of(op, lapse->old),
                                   edited ? "follows it" : "does not match it"),
        .fix = edited ? "look at the edit" : "write an entry for the new name",
        .stops = true,
    };
    auto_fate fate = {.resolved = edited ? SG_RESOLVED_CARRIED : SG_RESOLVED_NONE,
                      .edits = edited};
    struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
    tell_fate(op, finding, &fate);
    add_cause(op, lapse->res, finding);
}

/* All lapses of one entry must agree on the new name. */
static bool mend(struct overlay_plan *op, const struct lapse *lapses, size_t len) {
    for (size_t i = 1; i < len; i++) {
        if (!same_name(lapses[0].now, lapses[i].now)) {
            return false;
        }
    }
    const char *id = object_id(op, op->trees[T_RO], lapses[0].res);
    const char *path = path_text(op, lapses[0].path);
    return repairs(op) && !mended(op, "SG202", lapses[0].step, id, path) &&
           edit_entry(op, lapses[0].step, name_of(op, lapses[0].now),
                      fingerprint_of(op, "SG202", id, path));
}

static bool by_step(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return ((const struct lapse *)a)->step < ((const struct lapse *)b)->step;
}

static void tell_group(struct overlay_plan *op, const struct lapse *lapses, size_t len) {
    bool edited = mend(op, lapses, len);
    for (size_t i = 0; i < len; i++) {
        const char *id = object_id(op, op->trees[T_RO], lapses[i].res);
        const char *path = path_text(op, lapses[i].path);
        bool before = mended(op, "SG202", lapses[i].step, id, path);
        if (edited) {
            note_mended(op, "SG202", lapses[i].step, id, path);
        }
        if (!before) {
            tell(op, &lapses[i], edited);
        }
    }
}

void find_images(struct overlay_plan *op) {
    if (!op->trees[T_RO]->rendered || !op->trees[T_RN]->rendered ||
        !op->trees[T_UO]->rendered || !op->trees[T_UN]->rendered) {
        return;
    }
    struct lapses lapses = {0};
    sg_auto_strmap now = {0};
    written_now(op, &now);
    for (uint32_t i = 0; i < op->trees[T_RO]->trace.events.len; i++) {
        struct lapse lapse;
        if (is_lapse(op, &now, i, &lapse)) {
            sg_vec_push(&lapses.items, lapse);
        }
    }
    sg_sort(lapses.items.items, lapses.items.len, sizeof(struct lapse), by_step, NULL);
    for (size_t i = 0, end; i < lapses.items.len; i = end) {
        for (end = i + 1; end < lapses.items.len &&
                          lapses.items.items[end].step == lapses.items.items[i].step;) {
            end++;
        }
        tell_group(op, &lapses.items.items[i], end - i);
    }
    sg_vec_release(&lapses.items);
}
