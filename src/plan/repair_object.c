/*
 * repair_object.c - settings for an object that the new base has not (SG201), or has with
 * another API version (SG205): carried over to what took over, or retired.
 */
#include <string.h>

#include "heirs.h"
#include "moves.h"
#include "pod.h"
#include "repair.h"
#include "sg/patch.h"

struct carry {
    struct overlay_plan *op;
    const struct sg_resource *from, *to;
    struct step_text text;
    const char *tag, *id;
    const char *why;               /* why it cannot be done */
    SG_VEC(struct move_left) left; /* what does not go along */
};

static const char *api_of(const struct sg_resource *res) {
    return text_at(res->node, "apiVersion");
}

/* --- names ------------------------------------------------------------------------ */

/* Writes the new name over the old one. False where it says neither: it means more than
 * this object, or by a name that the overlay gave it. */
static bool rename_in(struct carry *carry, struct draft_doc *doc,
                      const struct sg_node *map, const char *key, const char *old,
                      const char *new) {
    const struct sg_node *scalar = sg_map_gets(map, key);
    if (sg_text(scalar) == NULL || strcmp(sg_text(scalar), new) == 0) {
        return true;
    }
    if (strcmp(sg_text(scalar), old) != 0) {
        carry->why =
            sg_arena_printf(&carry->op->plan->docs.arena,
                            "its %s '%s' does not lead there", key, sg_text(scalar));
        return false;
    }
    return draft_write(doc, scalar, new, carry->tag);
}

/* One that the overlay gives the object stays. */
static bool rename_namespace(struct carry *carry, struct draft_doc *doc,
                             const struct sg_node *map) {
    const char *old = carry->from->orig.namespace->text;
    return strcmp(text_at(map, "namespace"), old) != 0 ||
           rename_in(carry, doc, map, "namespace", old, carry->to->orig.namespace->text);
}

/* What names its object names the namespace, too, once upstream's has one. */
static bool name_namespace(struct carry *carry, struct draft_doc *doc,
                           const struct sg_node *map) {
    const struct sg_atom *new = carry->to->orig.namespace;
    uint32_t after = 0;
    for (uint32_t i = 0; sg_is_map(map) && i < map->len; i++) {
        if (strcmp(map->entries[i].key->text, "namespace") == 0) {
            return rename_namespace(carry, doc, map);
        }
        after = strcmp(map->entries[i].key->text, "name") == 0 ? i : after;
    }
    if (!sg_is_map(map) || new->len == 0) {
        return true;
    }
    struct sg_splices splices = {0};
    struct sg_node *value = sg_str_new(&doc->set, new->text);
    bool done =
        sg_yaml_insert_entry(&doc->set, map, after, "namespace", value, &splices) &&
        draft_splice(doc, &splices, carry->tag);
    sg_splices_release(&splices);
    if (!done) {
        carry->why = sg_arena_printf(&carry->op->plan->docs.arena,
                                     "it has no place for 'namespace: %s'", new->text);
    }
    return done;
}

/* The same of a selector's field, which is a pattern: one that finds the new object too
 * is let be. "" selects all. */
static bool rename_pattern(struct carry *carry, struct draft_doc *doc,
                           const struct sg_node *target, const char *key, const char *old,
                           const char *new) {
    const char *pattern = text_at(target, key);
    struct sg_err ignored = {0};
    struct sg_regex *regex =
        strcmp(pattern, old) != 0 ? sg_regex_new(pattern, true, &ignored) : NULL;
    bool found =
        pattern[0] == '\0' || (regex != NULL && sg_regex_match(regex, new, strlen(new)));
    sg_regex_free(regex);
    return found || rename_in(carry, doc, target, key, old, new);
}

static bool labels_select(struct carry *carry, const struct sg_node *target,
                          const char *key, const char *labels) {
    const char *text = text_at(target, key);
    struct sg_err ignored = {0};
    struct sg_label_selector *selector =
        text[0] != '\0' ? sg_label_selector_new(text, &ignored) : NULL;
    const struct sg_node *metadata = sg_map_gets(carry->to->node, "metadata");
    bool found = text[0] == '\0' ||
                 (selector != NULL &&
                  sg_label_selector_match(selector, sg_map_gets(metadata, labels)));
    sg_label_selector_free(selector);
    if (!found) {
        carry->why = sg_arena_printf(&carry->op->plan->docs.arena,
                                     "its %s '%s' does not lead there", key, text);
    }
    return found;
}

static bool rename_selector(struct carry *carry, struct draft_doc *doc,
                            const struct sg_node *target) {
    const struct sg_resid *old = &carry->from->orig, *new = &carry->to->orig;
    const struct {
        const char *key;
        sg_atom old, new;
    } fields[] = {{"group", old->group, new->group},
                  {"version", old->version, new->version},
                  {"kind", old->kind, new->kind},
                  {"name", old->name, new->name}};
    for (size_t i = 0; i < SG_ARRAY_LEN(fields); i++) {
        if (!rename_pattern(carry, doc, target, fields[i].key, fields[i].old->text,
                            fields[i].new->text)) {
            return false;
        }
    }
    return rename_namespace(carry, doc, target) &&
           labels_select(carry, target, "labelSelector", "labels") &&
           labels_select(carry, target, "annotationSelector", "annotations");
}

static bool rename_document(struct carry *carry) {
    const struct sg_resid *old = &carry->from->orig, *new = &carry->to->orig;
    const struct sg_node *metadata = sg_map_gets(carry->text.root, "metadata");
    return rename_in(carry, carry->text.doc, metadata, "name", old->name->text,
                     new->name->text) &&
           name_namespace(carry, carry->text.doc, metadata);
}

/* --- fields ----------------------------------------------------------------------- */

/* The moves take a field out of the text, but not a whole operation. */
static bool leave_one(struct carry *carry, const struct move_left *left) {
    if (carry->text.op != NULL) {
        return retire_operation(carry->op, &carry->text, carry->id, left->path,
                                carry->tag);
    }
    return keep_node(carry->op, &carry->text, left->map->entries[left->index].value,
                     carry->id, left->path, carry->tag);
}

/* Fields without a place in the new kind: retired where they have no meaning there, else
 * nobody knows what to write. */
static bool leave(struct carry *carry, const struct moves_out *out) {
    for (size_t i = 0; i < out->left.len; i++) {
        const struct move_left *left = &out->left.items[i];
        if (!left->retire || !leave_one(carry, left)) {
            carry->why = left->why;
            return false;
        }
        sg_vec_push(&carry->left, *left);
    }
    return true;
}

static struct moves_in moves_of(const struct carry *carry) {
    return (struct moves_in){
        .set = &carry->text.doc->set,
        .patch = carry->text.root,
        .old_api = api_of(carry->from),
        .old_kind = carry->from->orig.kind->text,
        .new_api = api_of(carry->to),
        .new_kind = carry->to->orig.kind->text,
        .now = carry->to->node,
    };
}

static bool same_api(const struct carry *carry) {
    return strcmp(api_of(carry->from), api_of(carry->to)) == 0 &&
           carry->from->orig.kind == carry->to->orig.kind;
}

static bool move_fields(struct carry *carry) {
    if (same_api(carry)) {
        return true;
    }
    struct moves_in in = moves_of(carry);
    struct moves_out out = {0};
    struct sg_arena *arena = &carry->op->plan->docs.arena;
    bool strategic = carry->text.op == NULL;
    bool done = strategic ? moves_strategic(&in, arena, &out)
                          : moves_json_op(&in, carry->text.op, arena, &out);
    if (!done) {
        carry->why = out.why;
    }
    done = done && leave(carry, &out) &&
           draft_splice(carry->text.doc, &out.splices, carry->tag);
    moves_out_release(&out);
    return done;
}

/* --- one step --------------------------------------------------------------------- */

static bool carry_patch(struct carry *carry) {
    const struct sg_node *target =
        sg_is_map(carry->text.entry) ? sg_map_gets(carry->text.entry, "target") : NULL;
    if (sg_is_map(target) && !rename_selector(carry, carry->text.kustomization, target)) {
        return false;
    }
    if (!sg_is_map(target) && !rename_document(carry)) {
        return false;
    }
    return move_fields(carry);
}

static bool carry_step(struct carry *carry, const struct sg_step *step) {
    switch (step->kind) {
    case SG_STEP_STRATEGIC:
    case SG_STEP_JSON:
        return carry_patch(carry);
    case SG_STEP_GENERATE:
        if (!name_namespace(carry, carry->text.kustomization, carry->text.entry)) {
            return false;
        }
        return rename_in(carry, carry->text.kustomization, carry->text.entry, "name",
                         carry->from->orig.name->text, carry->to->orig.name->text);
    case SG_STEP_TRANSFORM:
        return rename_in(carry, carry->text.kustomization, carry->text.entry, "name",
                         carry->from->orig.name->text, carry->to->orig.name->text);
    case SG_STEP_REPLACE:
    case SG_STEP_LOAD:
    case SG_STEP_REFERENCES:
        return false;
    }
    return false;
}

static const char *names_of(struct overlay_plan *op, const struct sg_resource *res) {
    return object_id(op, op->trees[T_UN], res);
}

/* Each field that has no meaning in the new kind is told. */
static void tell_left(const struct carry *carry) {
    struct overlay_plan *op = carry->op;
    for (size_t i = 0; i < carry->left.len; i++) {
        const struct move_left *left = &carry->left.items[i];
        struct sg_finding_in in = {
            .code = "SG202",
            .rule = "orphan-element",
            .object = carry->id,
            .path = left->path,
            .severity = SG_WARNING,
            .hop = op->hop,
            .at = {.file = carry->text.doc->file->path},
            .message = sg_arena_printf(&op->plan->docs.arena, "%s has no place in %s: %s",
                                       left->path, names_of(op, carry->to), left->why),
            .fix = "nothing: it is kept beside the overlay",
        };
        struct sg_finding *finding = sg_plan_add_finding(op->plan, overlay_of(op), &in);
        finding->resolved = SG_RESOLVED_RETIRED;
        finding->edits = true;
    }
}

/* The object as upstream had it: a patch names that, whatever the overlay made of its
 * version or kind after it. */
static const struct sg_resource *as_upstream(const struct overlay_plan *op,
                                             const struct sg_resource *res) {
    struct identity identity = identity_of(&res->orig);
    const struct sg_resource *upstream = index_find(&op->trees[T_UO]->index, &identity);
    return upstream != NULL ? upstream : res;
}

static void carry_over(struct overlay_plan *op, uint32_t at,
                       const struct sg_resource *from, const struct sg_resource *to,
                       const char *id, const char *code, struct fate *fate) {
    const struct sg_step *step = &op->trees[T_RO]->trace.steps.items[at];
    struct sg_arena *arena = &op->plan->docs.arena;
    struct carry carry = {.op = op,
                          .from = as_upstream(op, from),
                          .to = to,
                          .id = id,
                          .tag = fingerprint_of(op, code, id, "")};
    if (!step_text_find(op, step, &carry.text)) {
        carry.why = "its text is not in a file of this overlay that can be edited";
    } else if (carry_step(&carry, step)) {
        fate->heir = names_of(op, to);
        fate->resolved =
            strcmp(code, "SG205") == 0 ? SG_RESOLVED_REWRITTEN : SG_RESOLVED_CARRIED;
        fate->edits = true;
        fate->message = sg_arena_printf(
            arena, "%s is %s in the new release; this entry of %s goes along", id,
            fate->heir, step->name);
        fate->fix = "look at the edit";
        tell_left(&carry);
        sg_vec_release(&carry.left);
        return;
    }
    sg_vec_release(&carry.left);
    fate->message = sg_arena_printf(
        arena, "%s is %s in the new release, and this entry of %s cannot be moved: %s",
        id, names_of(op, to), step->name,
        carry.why != NULL ? carry.why : "its text cannot take the edit");
}

static bool retire_step(struct overlay_plan *op, const struct sg_step *step,
                        const char *id) {
    struct step_text text;
    const char *tag = fingerprint_of(op, "SG201", id, "");
    if (!step_text_find(op, step, &text)) {
        return false;
    }
    return text.doc != NULL ? retire_patch(op, &text, id, tag)
                            : retire_entry(op, &text, id, tag);
}

static void let_go(struct overlay_plan *op, uint32_t at, const char *id,
                   struct fate *fate) {
    const struct sg_step *step = &op->trees[T_RO]->trace.steps.items[at];
    struct sg_arena *arena = &op->plan->docs.arena;
    if (!retire_step(op, step, id)) {
        return;
    }
    fate->resolved = SG_RESOLVED_RETIRED;
    fate->edits = true;
    fate->message = sg_arena_printf(
        arena, "upstream removed %s; this entry of %s is for nothing any more", id,
        step->name);
    fate->fix = sg_arena_printf(arena,
                                "nothing: its text is kept in %s/retired/%s and comes "
                                "back with the object",
                                overlay_of(op)->dir, op->version);
}

/* The overlay deletes what this object took over from, and so the object. */
static bool is_deleted(const struct overlay_plan *op, const struct sg_resource *res) {
    struct identity identity = identity_of(&res->orig);
    const struct sg_resource *elder = heir_before(op, &identity);
    if (elder != NULL) {
        identity = identity_of(&elder->orig);
    }
    return index_find(&op->trees[T_UO]->index, &identity) != NULL &&
           index_find(&op->trees[T_RO]->index, &identity) == NULL;
}

/* A claim's heir is no object of its own. */
static bool claim_heir(struct overlay_plan *op, uint32_t step,
                       const struct sg_resource *gone, const char *id,
                       struct fate *fate) {
    auto_matches claims = {0};
    if (strcmp(gone->orig.kind->text, "PersistentVolumeClaim") != 0) {
        return false;
    }
    match_claim(op, gone, &claims);
    const struct match *heir = match_certain(&claims);
    if (heir != NULL && is_deleted(op, heir->res)) {
        return false;
    }
    if (heir != NULL) {
        repair_claim(op, step, id, heir, fate);
    }
    return heir != NULL;
}

void repair_object(struct overlay_plan *op, uint32_t step, const struct sg_resource *gone,
                   const char *id, struct fate *fate) {
    const struct sg_plan_accept *decision = decision_for(op, "SG201", id, "");
    heir_matches(op, gone, &fate->matches);
    const struct sg_resource *heir = heir_of(op, gone);
    bool retire = decision != NULL && decision->retire;
    if (!retire && heir != NULL) {
        carry_over(op, step, gone, heir, id, "SG201", fate);
    } else if (decision == NULL && heir == NULL && claim_heir(op, step, gone, id, fate)) {
        return;
    } else if (retire || fate->matches.items.len == 0) {
        let_go(op, step, id, fate);
    }
}

/* The patch sets a field that upstream's object had and has no more: where it went is not
 * known of a kind without a schema. */
static bool sets_what_went(const struct sg_node *patch, const struct sg_node *old,
                           const struct sg_node *now) {
    for (uint32_t i = 0; sg_is_map(patch) && i < patch->len; i++) {
        sg_atom key = patch->entries[i].key;
        const struct sg_node *before = sg_map_get(old, key),
                             *after = sg_map_get(now, key);
        if ((before != NULL && after == NULL) ||
            sets_what_went(patch->entries[i].value, before, after)) {
            return true;
        }
    }
    return false;
}

static bool moves_unknown(struct overlay_plan *op, uint32_t step,
                          const struct sg_resource *res_old,
                          const struct sg_resource *res_now) {
    struct step_text text;
    return res_now != NULL && type_of(res_now) == 0 &&
           step_text_find(op, &op->trees[T_RO]->trace.steps.items[step], &text) &&
           text.op == NULL && sets_what_went(text.root, res_old->node, res_now->node);
}

void repair_api(struct overlay_plan *op, uint32_t step, const struct sg_resource *res_old,
                const struct sg_resource *res_now, const char *id, struct fate *fate) {
    if (!moves_unknown(op, step, res_old, res_now)) {
        carry_over(op, step, res_old, res_now, id, "SG205", fate);
    }
}
