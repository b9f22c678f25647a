/*
 * claims.c - claims whose data an upgrade loses sight of (SG302).
 *
 * A claim is a PersistentVolumeClaim, or what a StatefulSet makes of a claim template for
 * each of its pods: TEMPLATE-STATEFULSET-ORDINAL. A row of these is kept as one range,
 * for `replicas` may be any number.
 */
#include <string.h>

#include "consequence.h"

/* The claims of one template. */
struct family {
    const struct sg_resource *set; /* the StatefulSet */
    const struct sg_node *template;
    uint32_t index;   /* of the template */
    const char *name; /* the template's */
    uint64_t start, count;
};

struct inventory {
    const struct cluster *cluster;
    struct sg_arena arena;
    struct sg_strmap claims;   /* "namespace/name" -> resource */
    struct sg_strmap families; /* "namespace/template-set" -> struct family * */
    SG_VEC(struct family *) in_order;
};

/* Names of claims within a family that are looked up one by one. */
enum { SINGLES_MAX = 1000 };

/* --- what is there ---------------------------------------------------------------- */

static const char *claim_name_of(const struct sg_node *template) {
    return sg_text(sg_map_get(sg_map_get(template, SG_ATOM(metadata)), SG_ATOM(name)));
}

static const struct sg_node *templates_of(const struct sg_resource *set) {
    const struct sg_node *list = spec_field(set->node, "volumeClaimTemplates");
    return sg_is_seq(list) ? list : NULL;
}

static void add_family(struct inventory *inventory, const struct sg_resource *set,
                       const struct sg_node *templates, uint32_t index) {
    const char *name = claim_name_of(templates->items[index]);
    if (name == NULL) {
        return;
    }
    struct cluster_key id = cluster_key_of(inventory->cluster->tree, set);
    struct family *family = sg_arena_alloc(&inventory->arena, sizeof(*family));
    *family = (struct family){
        .set = set,
        .template = templates->items[index],
        .index = index,
        .name = name,
        .start = count_of(sg_map_gets(spec_field(set->node, "ordinals"), "start"), 0),
        .count = count_of(spec_field(set->node, "replicas"), 1),
    };
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s/%s-%s", id.namespace, name, id.name);
    (void)sg_strmap_put(&inventory->families, sg_buf_cstr(&key), key.len, family);
    sg_vec_push(&inventory->in_order, family);
}

static void add_claim(struct inventory *inventory, struct sg_resource *res) {
    struct cluster_key id = cluster_key_of(inventory->cluster->tree, res);
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s/%s", id.namespace, id.name);
    (void)sg_strmap_put(&inventory->claims, sg_buf_cstr(&key), key.len, res);
}

static void inventory_build(struct inventory *inventory, const struct cluster *cluster) {
    memset(inventory, 0, sizeof(*inventory));
    sg_arena_init(&inventory->arena);
    inventory->cluster = cluster;
    for (size_t i = 0; i < cluster->tree->render.items.len; i++) {
        struct sg_resource *res = cluster->tree->render.items.items[i];
        if (is_kind(res, "", "PersistentVolumeClaim")) {
            add_claim(inventory, res);
        } else if (is_kind(res, "apps", "StatefulSet")) {
            const struct sg_node *templates = templates_of(res);
            for (uint32_t t = 0; templates != NULL && t < templates->len; t++) {
                add_family(inventory, res, templates, t);
            }
        }
    }
}

static void inventory_release(struct inventory *inventory) {
    sg_strmap_release(&inventory->claims);
    sg_strmap_release(&inventory->families);
    sg_vec_release(&inventory->in_order);
    sg_arena_release(&inventory->arena);
}

/* --- what becomes of a claim ------------------------------------------------------ */

/* The claim of this name in a family ("ns/data-web-0"). */
static const struct family *family_with(const struct inventory *inventory,
                                        const char *key) {
    const char *dash = strrchr(key, '-');
    if (dash == NULL || dash[1] == '\0' || dash[1 + strspn(dash + 1, "0123456789")] ||
        (dash[1] == '0' && dash[2] != '\0') || strlen(dash) > 11) {
        return NULL;
    }
    const struct family *family =
        sg_strmap_get(&inventory->families, key, (size_t)(dash - key));
    uint64_t ordinal = strtoull(dash + 1, NULL, 10);
    return family != NULL && ordinal >= family->start &&
                   ordinal - family->start < family->count
               ? family
               : NULL;
}

/* One of the claims of a family by itself: a PersistentVolumeClaim of that name. */
static const struct sg_resource *single(const struct inventory *inventory,
                                        const char *prefix, uint64_t ordinal) {
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s-%llu", prefix, (unsigned long long)ordinal);
    return sg_strmap_get(&inventory->claims, sg_buf_cstr(&key), key.len);
}

struct subject_claims {
    struct consequences *c;
    const struct inventory *old, *new;
};

static void report(const struct subject_claims *s, struct consequence *what) {
    what->code = "SG302";
    what->rule = "data-at-risk";
    what->severity = SG_ERROR;
    add_consequence(s->c, what);
}

/* The place of a claim's size below `root` in a claim, or in a template of a set. */
static const struct sg_fieldpath *size_path(struct consequences *c,
                                            const struct sg_descent *claim) {
    struct sg_atoms *atoms = c->op->atoms;
    struct sg_descent spec = {.up = claim, .key = SG_ATOM(spec)};
    struct sg_descent resources = {.up = &spec, .key = sg_atom_of(atoms, "resources")};
    struct sg_descent requests = {.up = &resources, .key = sg_atom_of(atoms, "requests")};
    struct sg_descent storage = {.up = &requests, .key = sg_atom_of(atoms, "storage")};
    return sg_descent_path(c->op->paths, &storage);
}

static const char *size_text(struct consequences *c, struct sg_quantity size) {
    sg_auto_buf text = SG_BUF_INIT;
    sg_quantity_write(size, true, &text);
    return sg_arena_strdup(&c->op->plan->docs.arena, sg_buf_cstr(&text));
}

/* The size of a claim that is in both: `template` NULL of a PersistentVolumeClaim. */
static void compare_size(const struct subject_claims *s, const struct sg_node *before,
                         const struct sg_resource *now, const struct family *family) {
    struct sg_quantity a, b;
    const struct sg_node *claim = family != NULL ? family->template : now->node;
    if (!claim_size(before, &a) || !claim_size(claim, &b) || sg_quantity_cmp(b, a) >= 0) {
        return;
    }
    struct sg_descent root = {.node = now->node};
    struct sg_descent spec = {.up = &root, .key = SG_ATOM(spec)};
    struct sg_descent list = {.up = &spec,
                              .key = sg_atom_of(s->c->op->atoms, "volumeClaimTemplates")};
    struct sg_descent item = {.up = &list};
    if (family != NULL) {
        list.node = templates_of(now);
        item.index = family->index;
    }
    struct sg_arena *arena = &s->c->op->plan->docs.arena;
    const char *from = size_text(s->c, a), *to = size_text(s->c, b);
    struct consequence what = {
        .tree = s->new->cluster->tree,
        .res = now,
        .path = size_path(s->c, family != NULL ? &item : &root),
        .message =
            family != NULL
                ? sg_arena_printf(
                      arena,
                      "the claims of template %s shrink from %s to %s: those "
                      "that exist keep their size, new ones are too small for "
                      "their data",
                      family->name, from, to)
                : sg_arena_printf(arena,
                                  "this claim shrinks from %s to %s: Kubernetes refuses "
                                  "that, and a smaller one would not hold its data",
                                  from, to),
        .fix = "keep the old size in the overlay, or move the data to a smaller claim by "
               "hand",
    };
    report(s, &what);
}

/* --- PersistentVolumeClaims ------------------------------------------------------- */

/* The object is there under another name or namespace; NULL: it is not. */
static const struct sg_resource *renamed(const struct subject_claims *s,
                                         const struct sg_resource *old) {
    struct identity identity = identity_of(&old->orig);
    return index_find(&s->new->cluster->tree->index, &identity);
}

static void report_gone_claim(const struct subject_claims *s,
                              const struct sg_resource *old) {
    struct overlay_plan *op = s->c->op;
    struct sg_arena *arena = &op->plan->docs.arena;
    const struct sg_resource *now = renamed(s, old);
    const char *name = cluster_name(op, s->old->cluster->tree, old);
    struct consequence what = {
        .tree = s->old->cluster->tree,
        .res = old,
        .message =
            now != NULL
                ? sg_arena_printf(
                      arena,
                      "the claim %s is called %s now, which begins empty: the "
                      "old one and its data are used no more",
                      name, cluster_name(op, s->new->cluster->tree, now))
                : sg_arena_printf(arena,
                                  "the claim %s is not in the new result: its data is "
                                  "used no more, and a deploy that prunes deletes it",
                                  name),
        .fix = now != NULL ? "keep the name, or copy the data into the new claim"
                           : "keep the claim in your overlay, or copy its data first",
    };
    report(s, &what);
}

static void compare_claim(const struct subject_claims *s, const struct sg_resource *old) {
    struct cluster_key id = cluster_key_of(s->old->cluster->tree, old);
    sg_auto_buf key = SG_BUF_INIT;
    sg_buf_addf(&key, "%s/%s", id.namespace, id.name);
    const struct sg_resource *now =
        sg_strmap_get(&s->new->claims, sg_buf_cstr(&key), key.len);
    const struct family *family =
        now == NULL ? family_with(s->new, sg_buf_cstr(&key)) : NULL;
    if (now != NULL || family != NULL) {
        compare_size(s, old->node, now != NULL ? now : family->set, family);
    } else {
        report_gone_claim(s, old);
    }
}

/* --- StatefulSets ----------------------------------------------------------------- */

/* "data-web-1", or "data-web-1 to data-web-4 (4 claims)". */
static void add_range(struct sg_buf *out, const struct family *family, const char *set,
                      uint64_t from, uint64_t count) {
    sg_buf_addf(out, "%s%s-%s-%llu", out->len > 0 ? ", " : "", family->name, set,
                (unsigned long long)from);
    if (count > 1) {
        sg_buf_addf(out, " to %s-%s-%llu (%llu claims)", family->name, set,
                    (unsigned long long)(from + count - 1), (unsigned long long)count);
    }
}

/* The claims are deleted with the pods or the set: the retention policy says so. */
static bool policy_deletes(const struct sg_resource *set, const char *when) {
    const char *text = sg_text(
        sg_map_gets(spec_field(set->node, "persistentVolumeClaimRetentionPolicy"), when));
    return text != NULL && strcmp(text, "Delete") == 0;
}

static const char *fate(bool deleted) {
    return deleted ? "are deleted with their data, as the retention policy says"
                   : "stay in the cluster but are used no more";
}

/* Ordinals [*from, *from + *count) of a family that its successor does not have; the
 * first run of them, but for those that are claims of their own. */
static bool lost_range(const struct subject_claims *s, const struct family *old,
                       const struct family *now, const char *prefix, uint64_t *from,
                       uint64_t *count) {
    uint64_t end = old->start + old->count, first = old->start, last = end;
    if (now != NULL && now->count > 0) {
        uint64_t now_end = now->start + now->count;
        if (now->start <= first && now_end < end) {
            first = now_end > first ? now_end : first;
        } else if (now->start > first) {
            last = now->start < end ? now->start : end;
        } else {
            return false;
        }
    }
    for (int i = 0; i < SINGLES_MAX && first < last; i++, first++) {
        if (single(s->new, prefix, first) == NULL) {
            break;
        }
    }
    *from = first;
    *count = last - first;
    return first < last;
}

/* The set goes on, with fewer pods: one finding for all its templates. */
static void report_fewer(const struct subject_claims *s, const struct family *old,
                         const struct sg_resource *now, const char *lost) {
    struct overlay_plan *op = s->c->op;
    struct sg_descent root = {.node = now->node};
    struct sg_descent spec = {.up = &root, .key = SG_ATOM(spec)};
    struct sg_descent replicas = {.up = &spec, .key = SG_ATOM(replicas)};
    const struct sg_node *count = spec_field(now->node, "replicas");
    struct consequence what = {
        .tree = s->new->cluster->tree,
        .res = now,
        .path = sg_descent_path(op->paths, &replicas),
        .loc = count != NULL ? count->loc : 0,
        .message = sg_arena_printf(
            &op->plan->docs.arena, "from %llu pods to %llu: the claims %s %s",
            (unsigned long long)old->count, (unsigned long long)count_of(count, 1), lost,
            fate(policy_deletes(now, "whenScaled"))),
        .fix = "move what only these pods hold before you deploy, or keep the number",
    };
    report(s, &what);
}

static const char *gone_why(const struct subject_claims *s, const struct family *old,
                            const struct sg_resource *now) {
    struct overlay_plan *op = s->c->op;
    struct sg_arena *arena = &op->plan->docs.arena;
    if (now != NULL) {
        return sg_arena_printf(arena, "the claim template %s is no more in the set",
                               old->name);
    }
    const struct sg_resource *other = renamed(s, old->set);
    if (other != NULL) {
        return sg_arena_printf(arena, "the StatefulSet is called %s now and begins empty",
                               cluster_name(op, s->new->cluster->tree, other));
    }
    return "the StatefulSet is not in the new result";
}

/* The whole family is gone: with its set, with its template, or by a new name. */
static void report_gone_family(const struct subject_claims *s, const struct family *old,
                               const struct sg_resource *now, const char *lost) {
    struct overlay_plan *op = s->c->op;
    struct sg_descent root = {.node = old->set->node};
    struct sg_descent spec = {.up = &root, .key = SG_ATOM(spec)};
    struct sg_descent list = {.up = &spec,
                              .node = templates_of(old->set),
                              .key = sg_atom_of(op->atoms, "volumeClaimTemplates")};
    struct sg_descent item = {.up = &list, .index = old->index};
    bool deleted = now == NULL && policy_deletes(old->set, "whenDeleted");
    struct consequence what = {
        .tree = s->old->cluster->tree,
        .res = old->set,
        .path = sg_descent_path(op->paths, &item),
        .message = sg_arena_printf(&op->plan->docs.arena, "%s: the claims %s %s",
                                   gone_why(s, old, now), lost, fate(deleted)),
        .fix = "copy the data to where it is read from now, or keep the old name in your "
               "overlay",
    };
    report(s, &what);
}

/* One template of a set that goes on or not; what fewer pods lose is put into `fewer`. */
static void compare_family(const struct subject_claims *s, const struct family *old,
                           const struct sg_resource *now, struct sg_buf *fewer) {
    struct cluster_key id = cluster_key_of(s->old->cluster->tree, old->set);
    sg_auto_buf prefix = SG_BUF_INIT, lost = SG_BUF_INIT;
    sg_buf_addf(&prefix, "%s/%s-%s", id.namespace, old->name, id.name);
    const struct family *family =
        sg_strmap_get(&s->new->families, sg_buf_cstr(&prefix), prefix.len);
    if (family != NULL) {
        compare_size(s, old->template, family->set, family);
    }
    uint64_t from, count;
    if (!lost_range(s, old, family, sg_buf_cstr(&prefix), &from, &count)) {
        return;
    }
    if (family != NULL && now != NULL) {
        add_range(fewer, old, id.name, from, count);
        return;
    }
    add_range(&lost, old, id.name, from, count);
    report_gone_family(s, old, now, sg_buf_cstr(&lost));
}

/* The families from `at` on that are of one set; returns where the next one begins. */
static size_t compare_set(const struct subject_claims *s, size_t at) {
    const struct family *first = s->old->in_order.items[at];
    struct cluster_key id = cluster_key_of(s->old->cluster->tree, first->set);
    const struct sg_resource *now = cluster_find(s->new->cluster, &id);
    sg_auto_buf fewer = SG_BUF_INIT;
    while (at < s->old->in_order.len && s->old->in_order.items[at]->set == first->set) {
        compare_family(s, s->old->in_order.items[at], now, &fewer);
        at++;
    }
    if (fewer.len > 0) {
        report_fewer(s, first, now, sg_buf_cstr(&fewer));
    }
    return at;
}

void find_claims(struct consequences *c) {
    struct inventory old, new;
    inventory_build(&old, &c->old);
    inventory_build(&new, &c->new);
    const struct subject_claims s = {c, &old, &new};
    for (size_t i = 0; i < c->old.tree->render.items.len; i++) {
        if (is_kind(c->old.tree->render.items.items[i], "", "PersistentVolumeClaim")) {
            compare_claim(&s, c->old.tree->render.items.items[i]);
        }
    }
    for (size_t at = 0; at < old.in_order.len;) {
        at = compare_set(&s, at);
    }
    inventory_release(&old);
    inventory_release(&new);
}
