/*
 * capacity.c - what a result needs of the cluster: cpu, memory, storage.
 *
 * A pod counts as the scheduler counts it: its containers together, or its largest init
 * container where that is more; init containers that go on running count with both. A
 * request that is left out is the limit.
 */
#include <string.h>

#include "consequence.h"

enum amount { CPU_REQUESTS, CPU_LIMITS, MEMORY_REQUESTS, MEMORY_LIMITS, AMOUNTS };

/* One number an amount, so that they can be reckoned in a loop. */
struct amounts {
    struct sg_quantity of[AMOUNTS];
};

static void add(struct amounts *sum, const struct amounts *more, uint64_t times) {
    for (int i = 0; i < AMOUNTS; i++) {
        sum->of[i] = sg_quantity_add(sum->of[i], sg_quantity_times(more->of[i], times));
    }
}

static void raise(struct amounts *peak, const struct amounts *other) {
    for (int i = 0; i < AMOUNTS; i++) {
        if (sg_quantity_cmp(peak->of[i], other->of[i]) < 0) {
            peak->of[i] = other->of[i];
        }
    }
}

static struct sg_plan_amounts public_form(const struct amounts *amounts) {
    return (struct sg_plan_amounts){
        .cpu_requests = amounts->of[CPU_REQUESTS],
        .cpu_limits = amounts->of[CPU_LIMITS],
        .memory_requests = amounts->of[MEMORY_REQUESTS],
        .memory_limits = amounts->of[MEMORY_LIMITS],
    };
}

/* --- a pod ------------------------------------------------------------------------ */

static struct amounts amounts_of(const struct sg_node *holder) {
    static const char *const names[] = {"cpu", "memory"};
    const struct sg_node *resources = sg_map_gets(holder, "resources");
    const struct sg_node *requests = sg_map_gets(resources, "requests");
    const struct sg_node *limits = sg_map_gets(resources, "limits");
    struct amounts amounts = {0};
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        struct sg_quantity *request = &amounts.of[i * 2], *limit = request + 1;
        (void)quantity_of(sg_map_gets(limits, names[i]), limit);
        if (!quantity_of(sg_map_gets(requests, names[i]), request)) {
            *request = *limit;
        }
    }
    return amounts;
}

static bool goes_on(const struct sg_node *init) {
    const char *policy = sg_text(sg_map_gets(init, "restartPolicy"));
    return policy != NULL && strcmp(policy, "Always") == 0;
}

static struct amounts pod_amounts(const struct sg_node *spec) {
    struct amounts running = {0}, peak = {0};
    const struct sg_node *inits = sg_map_get(spec, SG_ATOM(initContainers));
    for (uint32_t i = 0; sg_is_seq(inits) && i < inits->len; i++) {
        struct amounts init = amounts_of(inits->items[i]);
        if (goes_on(inits->items[i])) {
            add(&running, &init, 1);
            raise(&peak, &running);
        } else {
            add(&init, &running, 1);
            raise(&peak, &init);
        }
    }
    const struct sg_node *containers = sg_map_get(spec, SG_ATOM(containers));
    for (uint32_t i = 0; sg_is_seq(containers) && i < containers->len; i++) {
        struct amounts container = amounts_of(containers->items[i]);
        add(&running, &container, 1);
    }
    raise(&peak, &running);
    return peak;
}

/* --- a result --------------------------------------------------------------------- */

struct totals {
    struct amounts pods;
    struct sg_quantity storage;
};

/* How many pods an object has all the time; 0 for what is no such workload. */
static uint64_t pods_of(const struct sg_resource *res, const struct sg_node **pod) {
    static const struct {
        const char *group, *kind;
    } replicated[] = {{"apps", "Deployment"},
                      {"apps", "ReplicaSet"},
                      {"apps", "StatefulSet"},
                      {"", "ReplicationController"}};
    *pod = sg_map_get(res->node, SG_ATOM(spec));
    if (is_kind(res, "", "Pod")) {
        return 1;
    }
    *pod = sg_map_get(sg_map_get(*pod, SG_ATOM(template_)), SG_ATOM(spec));
    for (size_t i = 0; i < SG_ARRAY_LEN(replicated); i++) {
        if (is_kind(res, replicated[i].group, replicated[i].kind)) {
            return count_of(spec_field(res->node, "replicas"), 1);
        }
    }
    return 0;
}

static void add_size(struct totals *totals, const struct sg_node *claim, uint64_t times) {
    struct sg_quantity size;
    if (claim_size(claim, &size)) {
        totals->storage =
            sg_quantity_add(totals->storage, sg_quantity_times(size, times));
    }
}

static void add_object(struct totals *totals, const struct sg_resource *res) {
    if (is_kind(res, "", "PersistentVolumeClaim")) {
        add_size(totals, res->node, 1);
        return;
    }
    const struct sg_node *pod;
    uint64_t pods = pods_of(res, &pod);
    if (pods == 0) {
        return;
    }
    struct amounts amounts = pod_amounts(pod);
    add(&totals->pods, &amounts, pods);
    const struct sg_node *templates = spec_field(res->node, "volumeClaimTemplates");
    bool set = is_kind(res, "apps", "StatefulSet");
    for (uint32_t i = 0; set && sg_is_seq(templates) && i < templates->len; i++) {
        add_size(totals, templates->items[i], pods);
    }
}

static struct totals totals_of(const struct tree *tree) {
    struct totals totals = {0};
    for (size_t i = 0; i < tree->render.items.len; i++) {
        add_object(&totals, tree->render.items.items[i]);
    }
    return totals;
}

/* --- DaemonSets ------------------------------------------------------------------- */

static struct sg_plan_amounts daemon_amounts(const struct sg_resource *res) {
    if (res == NULL) {
        return (struct sg_plan_amounts){0};
    }
    const struct sg_node *template = spec_field(res->node, "template");
    struct amounts amounts = pod_amounts(sg_map_get(template, SG_ATOM(spec)));
    return public_form(&amounts);
}

/* The DaemonSets of `here` with their counterparts; of R_O only those without one. */
static void add_daemons(struct consequences *c, const struct cluster *here,
                        struct sg_plan_capacity *capacity) {
    bool now = here == &c->new;
    const struct cluster *there = now ? &c->old : &c->new;
    for (size_t i = 0; i < here->tree->render.items.len; i++) {
        const struct sg_resource *res = here->tree->render.items.items[i];
        if (!is_kind(res, "apps", "DaemonSet")) {
            continue;
        }
        struct cluster_key key = cluster_key_of(here->tree, res);
        const struct sg_resource *other = cluster_find(there, &key);
        if (!now && other != NULL) {
            continue;
        }
        struct sg_plan_daemon daemon = {
            .id = object_id(c->op, here->tree, res),
            .before = daemon_amounts(now ? other : res),
            .after = daemon_amounts(now ? res : NULL),
        };
        sg_vec_push(&capacity->daemons, daemon);
    }
}

void add_capacity(struct consequences *c) {
    struct totals before = totals_of(c->old.tree), after = totals_of(c->new.tree);
    struct sg_plan_capacity capacity = {
        .hop = c->op->hop,
        .before = public_form(&before.pods),
        .after = public_form(&after.pods),
        .storage_before = before.storage,
        .storage_after = after.storage,
    };
    add_daemons(c, &c->new, &capacity);
    add_daemons(c, &c->old, &capacity);
    sg_vec_push(&overlay_of(c->op)->capacity, capacity);
}
