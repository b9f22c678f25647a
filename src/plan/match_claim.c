/*
 * match_claim.c - a PersistentVolumeClaim that became a template of a StatefulSet.
 *
 * The data stays where the pods look for it: the template is the one that the heir of the
 * claim's workload mounts at the path where the workload mounted the claim.
 */
#include <string.h>

#include "matcher.h"

struct claim {
    struct overlay_plan *op;
    const struct sg_resource *gone;
    const char *name;
    struct matches *out;
};

/* --- the workload's heir ---------------------------------------------------------- */

/* What `old` is in U_N, and how sure that is; NULL where nobody knows. */
static const struct sg_resource *heir_of(struct overlay_plan *op,
                                         const struct sg_resource *old, double *sure) {
    struct identity identity = identity_of(&old->orig);
    const struct sg_resource *now = index_find(&op->trees[T_UN]->index, &identity);
    *sure = 1;
    if (now != NULL) {
        return now;
    }
    auto_matches matches = {0};
    match_object(op, old, &matches);
    const struct match *certain = match_certain(&matches);
    if (certain != NULL) {
        *sure = certain->score;
        return certain->res;
    }
    return NULL;
}

/* --- the template ----------------------------------------------------------------- */

static const char *template_name(const struct sg_node *template) {
    return text_at(sg_map_get(template, SG_ATOM(metadata)), "name");
}

static bool same_spec(const struct sg_node *claim, const struct sg_node *template,
                      const char *field) {
    const struct sg_node *a = sg_map_gets(sg_map_get(claim, SG_ATOM(spec)), field);
    const struct sg_node *b = sg_map_gets(sg_map_get(template, SG_ATOM(spec)), field);
    return a != NULL && b != NULL && sg_node_equal(a, b);
}

/* The old mount whose path the heir has under the template's name; the container's name
 * counts, for two containers may mount two volumes at one path. */
static const struct mount *shared_mount(const struct mounts *old,
                                        const struct mounts *now, bool *container) {
    const struct mount *found = NULL;
    *container = false;
    for (size_t i = 0; i < old->items.len; i++) {
        for (size_t k = 0; k < now->items.len; k++) {
            const struct mount *a = &old->items.items[i], *b = &now->items.items[k];
            if (!same_text(a->path, b->path)) {
                continue;
            }
            bool named =
                same_text(text_at(a->container, "name"), text_at(b->container, "name"));
            if (found == NULL || (named && !*container)) {
                found = a;
                *container = named;
            }
        }
    }
    return found;
}

static void weigh_template(const struct claim *claim, const struct mounts *mounts,
                           const struct sg_resource *heir, double sure,
                           const struct sg_node *template, uint32_t index) {
    struct evidence evidence = EVIDENCE_INIT;
    struct pod pod = pod_of(heir->node);
    auto_mounts now = {0};
    pod_mounts(&pod, template_name(template), &now);
    bool container = false;
    const struct mount *mount = shared_mount(mounts, &now, &container);
    if (mount == NULL) {
        return;
    }
    evidence_for(&evidence, container ? 0.9 : 0.75, "mounted at the same path ",
                 mount->path);
    evidence_names(&evidence, 0.3, claim->name, template_name(template));
    if (same_spec(claim->gone->node, template, "resources")) {
        evidence_for(&evidence, 0.3, "same size", NULL);
    }
    if (same_spec(claim->gone->node, template, "accessModes")) {
        evidence_for(&evidence, 0.1, "same access modes", NULL);
    }
    const struct sg_resid *id = &heir->orig;
    evidence_against(&evidence, (1 - sure) / 4, "its workload is now ",
                     sg_arena_printf(&matcher_of(claim->op)->arena, "%s/%s",
                                     id->kind->text, id->name->text));
    struct match match = {
        .res = heir,
        .element = template,
        .index = index,
        .key = sg_atom_find(claim->op->atoms, template_name(template),
                            strlen(template_name(template))),
        .score = evidence_score(&evidence),
        .why = evidence_why(&evidence, &claim->op->plan->docs.arena),
    };
    if (match.score >= MATCH_POSSIBLE) {
        sg_vec_push(&claim->out->items, match);
    }
}

/* `user` mounts the claim: where does its heir mount a template? */
static void weigh_templates(const struct claim *claim, const struct sg_resource *user,
                            const struct mounts *mounts) {
    double sure = 0;
    const struct sg_resource *heir = heir_of(claim->op, user, &sure);
    if (heir == NULL) {
        return;
    }
    const struct sg_node *templates =
        sg_map_gets(sg_map_get(heir->node, SG_ATOM(spec)), "volumeClaimTemplates");
    for (uint32_t i = 0; sg_is_seq(templates) && i < templates->len; i++) {
        weigh_template(claim, mounts, heir, sure, templates->items[i], i);
    }
}

/* --- who used it ------------------------------------------------------------------ */

/* The claim that a volume mounts, NULL for none. */
static const char *claim_of(const struct sg_node *volume) {
    const struct sg_node *source = sg_map_gets(volume, "persistentVolumeClaim");
    return sg_text(sg_map_gets(source, "claimName"));
}

static const char *namespace_of(const struct sg_resource *res) {
    return text_at(sg_map_get(res->node, SG_ATOM(metadata)), "namespace");
}

static uint64_t claim_key(const char *namespace, const char *name) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s/%s", namespace, name);
    return sg_hash(sg_buf_cstr(&key), key.len);
}

/* Who mounts which claim in U_O; read once. */
static const struct postings *claims_of(struct overlay_plan *op) {
    struct matcher *matcher = matcher_of(op);
    const struct sg_render *old = &op->trees[T_UO]->render;
    for (uint32_t i = 0; !matcher->claims_ready && i < old->items.len; i++) {
        const struct pod pod = pod_of(old->items.items[i]->node);
        const struct sg_node *volumes = sg_map_gets(pod.spec, "volumes");
        for (uint32_t k = 0; sg_is_seq(volumes) && k < volumes->len; k++) {
            const char *name = claim_of(volumes->items[k]);
            if (name != NULL) {
                uint64_t key = claim_key(namespace_of(old->items.items[i]), name);
                sg_vec_push(&matcher->claims.items, (struct posting){key, i});
            }
        }
    }
    if (!matcher->claims_ready) {
        postings_sort(&matcher->claims);
        matcher->claims_ready = true;
    }
    return &matcher->claims;
}

static void add_mounts(const struct claim *claim, const struct sg_resource *user,
                       struct mounts *out) {
    const struct pod pod = pod_of(user->node);
    const struct sg_node *volumes = sg_map_gets(pod.spec, "volumes");
    for (uint32_t i = 0; sg_is_seq(volumes) && i < volumes->len; i++) {
        const char *name = claim_of(volumes->items[i]);
        if (name != NULL && same_text(name, claim->name)) {
            pod_mounts(&pod, text_at(volumes->items[i], "name"), out);
        }
    }
}

void match_claim(struct overlay_plan *op, const struct sg_resource *gone,
                 struct matches *out) {
    const struct tree *old = op->trees[T_UO];
    struct identity identity = identity_of(&gone->orig);
    const struct sg_resource *here = index_find(&old->index, &identity);
    if (here == NULL || !same_text(gone->orig.kind->text, "PersistentVolumeClaim")) {
        return;
    }
    const struct sg_node *metadata = sg_map_get(here->node, SG_ATOM(metadata));
    const struct claim claim = {op, here, text_at(metadata, "name"), out};
    size_t count = 0;
    const struct posting *users =
        postings_find(claims_of(op), claim_key(namespace_of(here), claim.name), &count);
    for (size_t i = 0; i < count; i++) {
        const struct sg_resource *user = old->render.items.items[users[i].value];
        bool again = i > 0 && users[i].value == users[i - 1].value;
        auto_mounts mounts = {0};
        if (!again) {
            add_mounts(&claim, user, &mounts);
            weigh_templates(&claim, user, &mounts);
        }
    }
    matches_sort(out);
}
