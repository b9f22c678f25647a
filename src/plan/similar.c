/*
 * similar.c - what upstream may have made of an object or element that is gone.
 */
#include <string.h>

#include "planner.h"
#include "sg/sort.h"
#include "sg/suggest.h"

enum { SHOWN = 3 };

static bool better(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return ((const struct sg_candidate *)a)->score >
           ((const struct sg_candidate *)b)->score;
}

static void keep_best(struct sg_finding *finding) {
    sg_sort(finding->candidates.items, finding->candidates.len,
            sizeof(*finding->candidates.items), better, NULL);
    if (finding->candidates.len > SHOWN) {
        finding->candidates.len = SHOWN;
    }
}

/* 1 for equal names, 0 for names that share nothing. */
static double name_likeness(const char *a, const char *b) {
    size_t longer = strlen(a) > strlen(b) ? strlen(a) : strlen(b);
    if (longer == 0) {
        return 0;
    }
    if (strstr(a, b) != NULL || strstr(b, a) != NULL) {
        return 0.8;
    }
    unsigned edits = sg_suggest_distance(a, b);
    return edits >= longer ? 0 : 1.0 - (double)edits / (double)longer;
}

/* --- objects ---------------------------------------------------------------------- */

static double object_score(const struct sg_resid *gone, const struct sg_resid *here,
                           const char **why) {
    bool same_kind = gone->kind == here->kind, same_name = gone->name == here->name;
    if (same_kind && same_name) {
        *why = gone->namespace == here->namespace
                   ? "same kind and name in another API group"
                   : "same kind and name in another namespace";
        return 0.95;
    }
    if (same_name && gone->group == here->group) {
        *why = "same name and API group, another kind";
        return 0.85;
    }
    *why = "same kind, similar name";
    double score =
        same_kind ? 0.8 * name_likeness(gone->name->text, here->name->text) : 0;
    return score >= 0.5 ? score : 0;
}

void object_candidates(struct overlay_plan *op, const struct sg_resource *gone,
                       struct sg_finding *finding) {
    const struct tree *now = op->trees[T_UN];
    for (size_t i = 0; i < now->render.items.len; i++) {
        const struct sg_resource *res = now->render.items.items[i];
        struct identity identity = identity_of(&res->orig);
        if (index_find(&op->trees[T_UO]->index, &identity) != NULL) {
            continue; /* it was there before: it is something else */
        }
        struct sg_candidate candidate = {0};
        candidate.score = object_score(&gone->orig, &res->orig, &candidate.why);
        if (candidate.score <= 0) {
            continue;
        }
        candidate.id = object_id(op, now, res);
        sg_vec_push(&finding->candidates, candidate);
    }
    keep_best(finding);
}

/* --- elements --------------------------------------------------------------------- */

/* Share of the fields, of both together, that are equal. */
static double field_likeness(const struct sg_node *a, const struct sg_node *b) {
    size_t equal = 0, all = b->len;
    for (uint32_t i = 0; i < a->len; i++) {
        const struct sg_node *other = sg_map_get(b, a->entries[i].key);
        all += other == NULL;
        equal += other != NULL && sg_node_equal(a->entries[i].value, other);
    }
    return all == 0 ? 0 : (double)equal / (double)all;
}

static const char *element_name(const struct sg_node *element) {
    const char *name = sg_text(sg_map_get(element, SG_ATOM(name)));
    return name == NULL ? "" : name;
}

static bool is_new(const struct sg_node *list, const char *name) {
    for (uint32_t i = 0; list != NULL && i < list->len; i++) {
        if (strcmp(element_name(list->items[i]), name) == 0) {
            return false;
        }
    }
    return true;
}

void element_candidates(struct overlay_plan *op, const struct place4 *lists,
                        const struct sg_node *gone, struct sg_finding *finding) {
    const struct sg_node *list = lists->node[T_UN];
    for (uint32_t i = 0; list != NULL && i < list->len; i++) {
        const struct sg_node *element = list->items[i];
        const char *name = element_name(element);
        if (!sg_is_map(element) || name[0] == '\0' || !is_new(lists->node[T_UO], name)) {
            continue;
        }
        double fields = field_likeness(gone, element);
        double names = name_likeness(element_name(gone), name);
        double score = fields > names ? fields : names;
        if (score < 0.4) {
            continue;
        }
        struct sg_candidate candidate = {
            .id = sg_arena_strdup(&op->plan->docs.arena, name),
            .score = score,
            .why = fields > names ? "most of its fields are equal" : "a similar name",
        };
        sg_vec_push(&finding->candidates, candidate);
    }
    keep_best(finding);
}
