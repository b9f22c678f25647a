/*
 * object_evidence.c - what speaks for a new object being one that is gone.
 */
#include <string.h>

#include "matcher.h"

/* --- kinds and names -------------------------------------------------------------- */

/* Kinds that do the same work: each may take the other's place. */
static const char *family_of(const char *kind) {
    static const struct {
        const char *kind, *family;
    } families[] = {
        {"Deployment", "workload"},
        {"StatefulSet", "workload"},
        {"DaemonSet", "workload"},
        {"ReplicaSet", "workload"},
        {"ReplicationController", "workload"},
        {"Pod", "workload"},
        {"Job", "workload"},
        {"CronJob", "workload"},
        {"DeploymentConfig", "workload"},
        {"Role", "role"},
        {"ClusterRole", "role"},
        {"RoleBinding", "binding"},
        {"ClusterRoleBinding", "binding"},
        {"ConfigMap", "config"},
        {"Secret", "config"},
        {"Issuer", "issuer"},
        {"ClusterIssuer", "issuer"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(families); i++) {
        if (strcmp(families[i].kind, kind) == 0) {
            return families[i].family;
        }
    }
    return kind;
}

/* Whether Kubernetes itself moved the kind from the one group to the other. */
static bool is_successor(const struct sg_resource *gone,
                         const struct sg_resource *fresh) {
    struct sg_removal removal;
    if (!sg_schema_removal(text_at(gone->node, "apiVersion"), gone->orig.kind->text,
                           &removal)) {
        return false;
    }
    const char *group = fresh->orig.group->text;
    size_t len = strlen(group);
    return strncmp(removal.successor, group, len) == 0 && removal.successor[len] == '/';
}

static void same_named(const struct side *gone, const struct side *fresh,
                       struct evidence *out) {
    const struct sg_resid *a = &gone->facts.res->orig, *b = &fresh->facts.res->orig;
    bool group = a->group == b->group, namespace = a->namespace == b->namespace;
    if (a->kind != b->kind) {
        evidence_for(out, 0.6, "same name", NULL);
    } else if (!group && namespace && is_successor(gone->facts.res, fresh->facts.res)) {
        evidence_for(out, 0.92, "same kind and name, moved by Kubernetes to ",
                     b->group->text);
    } else if (!group) {
        evidence_for(out, 0.6, "same kind and name in another API group", NULL);
    } else if (!namespace) {
        evidence_for(out, 0.7, "same kind and name in another namespace", NULL);
    } else {
        evidence_for(out, 0.5, "another copy of the same object", NULL);
    }
}

static bool add_names(const struct side *gone, const struct side *fresh,
                      struct evidence *out) {
    const struct sg_resid *a = &gone->facts.res->orig, *b = &fresh->facts.res->orig;
    if (strcmp(family_of(a->kind->text), family_of(b->kind->text)) != 0) {
        return false;
    }
    if (a->kind != b->kind) {
        evidence_against(out, 0.03, "it is a ", b->kind->text);
    }
    if (a->name == b->name) {
        same_named(gone, fresh, out);
    } else {
        evidence_names(out, 0.5, a->name->text, b->name->text);
        if (a->namespace != b->namespace) {
            evidence_against(out, 0.2, "it is in another namespace", NULL);
        }
    }
    if (gone->facts.identity.repeat != fresh->facts.identity.repeat) {
        evidence_against(out, 0.5, "it is another copy of its base", NULL);
    }
    return true;
}

/* --- images ----------------------------------------------------------------------- */

/* The most telling image of both; `*users` is how many objects of a tree run it. */
static const char *rarest_image(const struct objects *objects, const struct facts *gone,
                                const struct facts *fresh, size_t *common,
                                size_t *users) {
    const char *best = NULL;
    *users = SIZE_MAX;
    for (size_t i = 0; i < gone->images.len; i++) {
        const char *image = gone->images.items[i];
        for (size_t k = 0; k < fresh->images.len; k++) {
            if (strcmp(image, fresh->images.items[k]) != 0) {
                continue;
            }
            size_t old = counters_get(&objects->images_old, image, strlen(image));
            size_t new = counters_get(&objects->images_new, image, strlen(image));
            size_t here = old > new ? old : new;
            best = here < *users ? image : best;
            *users = here < *users ? here : *users;
            (*common)++;
        }
    }
    return best;
}

static void add_images(const struct objects *objects, const struct facts *gone,
                       const struct facts *fresh, struct evidence *out) {
    size_t common = 0, users = 0, all = gone->images.len + fresh->images.len;
    const char *image = rarest_image(objects, gone, fresh, &common, &users);
    if (image != NULL) {
        double share = (double)common / (double)(all - common);
        evidence_for(out, users <= 1 ? 0.75 * share : 0.6 * share / (double)users,
                     users <= 1 ? "the only one with image " : "same image ", image);
    } else if (gone->images.len > 0 && fresh->images.len > 0) {
        evidence_against(out, 0.35, "other images", NULL);
    }
}

/* --- labels, content, references -------------------------------------------------- */

/* The labels by which the pods are found: literally the same are a choice, for they do
 * not follow the name. */
static void add_labels(const struct facts *gone, const struct facts *fresh,
                       struct evidence *out) {
    static const sg_atom to_labels[] = {SG_ATOM(spec), SG_ATOM(selector),
                                        SG_ATOM(matchLabels)};
    const struct sg_node *a = sg_map_path(gone->res->node, to_labels, 3);
    const struct sg_node *b = sg_map_path(fresh->res->node, to_labels, 3);
    if (gone->pod.spec != NULL && sg_is_map(a) && a->len > 0 && b != NULL &&
        sg_node_equal(a, b)) {
        evidence_for(out, 0.5, "same pod labels", NULL);
    }
}

/* So much equal text is as good as any more. */
#define ENOUGH (3.0 * LEAF_WEIGHT)

static void add_content(const struct facts *gone, const struct facts *fresh,
                        struct evidence *out) {
    struct overlap overlap = facts_overlap(gone, fresh);
    if (overlap.all == 0) {
        return;
    }
    double share = (double)overlap.shared / (double)overlap.all;
    double amount = (double)overlap.shared / ENOUGH;
    if (share >= 0.25) {
        evidence_for(out, 0.7 * share * (amount < 1 ? amount : 1),
                     share >= 0.75  ? "almost the same content"
                     : share >= 0.5 ? "most of the same content"
                                    : "some of the same content",
                     NULL);
    } else if (share < 0.1 && (double)overlap.all >= 2 * ENOUGH) {
        evidence_against(out, 0.25, "little of the same content", NULL);
    }
}

static const struct link *same_link(const struct link *link, const struct link *others,
                                    size_t count, bool exact) {
    for (size_t i = 0; i < count; i++) {
        if (exact ? others[i].exact == link->exact : others[i].rough == link->rough) {
            return &others[i];
        }
    }
    return NULL;
}

/* At most two count: more of the same is no more certain. */
static void add_links_to(const struct links *gone, const struct links *fresh,
                         struct evidence *out) {
    double strength[2][2] = {{0.5, 0.2}, {0.75, 0.4}};
    size_t found = 0;
    for (int exact = 1; exact >= 0 && found == 0; exact--) {
        for (size_t i = 0; i < gone->to.len && found < 2; i++) {
            const struct link *link = &gone->to.items[i];
            if (same_link(link, fresh->to.items, fresh->to.len, exact == 1) != NULL) {
                evidence_for(out, strength[exact][found++], "in its place in ",
                             link->other);
            }
        }
    }
}

static void add_links_from(const struct links *gone, const struct links *fresh,
                           struct evidence *out) {
    const struct link *best = NULL;
    for (size_t i = 0; i < gone->from.len; i++) {
        const struct link *link = &gone->from.items[i];
        if (same_link(link, fresh->from.items, fresh->from.len, false) != NULL &&
            (best == NULL || link->sharing < best->sharing)) {
            best = link;
        }
    }
    if (best != NULL) {
        evidence_for(out, 0.7 / (double)best->sharing, "it is for the same ",
                     best->other);
    }
}

void object_evidence(const struct objects *objects, const struct side *gone,
                     const struct side *fresh, struct evidence *out) {
    if (!add_names(gone, fresh, out)) {
        return;
    }
    add_images(objects, &gone->facts, &fresh->facts, out);
    add_labels(&gone->facts, &fresh->facts, out);
    add_content(&gone->facts, &fresh->facts, out);
    add_links_to(&gone->links, &fresh->links, out);
    add_links_from(&gone->links, &fresh->links, out);
}
