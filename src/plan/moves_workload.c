/*
 * moves_workload.c - Deployments, StatefulSets and DaemonSets: from the APIs before
 * apps/v1, and one kind made another.
 */
#include <string.h>

#include "moves_rules.h"

/* --- extensions/v1beta1, apps/v1beta1 and apps/v1beta2 to apps/v1 ------------------- */

static bool fits_api(const struct moves_in *in) {
    return (moves_group_is(in->old_api, "extensions") ||
            moves_group_is(in->old_api, "apps")) &&
           strcmp(in->old_api, "apps/v1") != 0 && strcmp(in->new_api, "apps/v1") == 0;
}

static bool was_deployment(const struct moves *m, const struct sg_node *value) {
    (void)value;
    return strcmp(m->in->old_kind, "Deployment") == 0;
}

static bool was_daemon_set(const struct moves *m, const struct sg_node *value) {
    (void)value;
    return strcmp(m->in->old_kind, "DaemonSet") == 0;
}

static const struct move_rule api_rules[] = {
    {.at = "spec.rollbackTo",
     .why = "apps/v1 rolls back by `kubectl rollout undo`, not by a field",
     .retire = true,
     .when = was_deployment},
    {.at = "spec.templateGeneration",
     .why = "apps/v1 counts a DaemonSet's templates itself",
     .retire = true,
     .when = was_daemon_set},
};

const struct move_family moves_workload_api = {
    .fits = fits_api,
    .rules = api_rules,
    .len = SG_ARRAY_LEN(api_rules),
};

/* --- one kind made another ---------------------------------------------------------- */

static bool is_workload(const char *kind) {
    return strcmp(kind, "Deployment") == 0 || strcmp(kind, "StatefulSet") == 0 ||
           strcmp(kind, "DaemonSet") == 0;
}

static bool fits_kind(const struct moves_in *in) {
    return is_workload(in->old_kind) && is_workload(in->new_kind) &&
           strcmp(in->old_kind, in->new_kind) != 0 && moves_group_is(in->new_api, "apps");
}

static bool to(const struct moves *m, const char *kind) {
    return strcmp(m->in->new_kind, kind) == 0;
}

static bool to_deployment(const struct moves *m, const struct sg_node *value) {
    (void)value;
    return to(m, "Deployment");
}

static bool to_stateful_set(const struct moves *m, const struct sg_node *value) {
    (void)value;
    return to(m, "StatefulSet");
}

static bool to_daemon_set(const struct moves *m, const struct sg_node *value) {
    (void)value;
    return to(m, "DaemonSet");
}

static bool says(const struct sg_node *value, const char *text) {
    return sg_text(value) != NULL && strcmp(sg_text(value), text) == 0;
}

static bool recreate_of_stateful_set(const struct moves *m, const struct sg_node *value) {
    return to(m, "StatefulSet") && says(value, "Recreate");
}

static bool recreate_of_daemon_set(const struct moves *m, const struct sg_node *value) {
    return to(m, "DaemonSet") && says(value, "Recreate");
}

static bool on_delete(const struct moves *m, const struct sg_node *value) {
    return to(m, "Deployment") && says(value, "OnDelete");
}

static bool is_null(const struct moves *m, const struct sg_node *value) {
    (void)m;
    return value != NULL && sg_is_null(value);
}

static bool zero_of_daemon_set(const struct moves *m, const struct sg_node *value) {
    return to(m, "DaemonSet") && (says(value, "0") || says(value, "0%"));
}

static const char recreate_why[] =
    "a StatefulSet has no Recreate: it stops the old pod before it starts the new one";
static const char daemon_recreate_why[] =
    "a DaemonSet has no Recreate: on each node it stops the old pod before it starts the "
    "new one";
static const char surge_why[] =
    "a StatefulSet has no maxSurge: no pod of it can stand beside the one it takes over";
static const char unavailable_why[] =
    "a StatefulSet has no maxUnavailable: it replaces one pod at a time";
static const char null_why[] =
    "it took a default of the old kind away, which the new kind does not have";

/* A field's condition is the new kind; what is not here is in both types or is told by
 * the schema. strategy of a Deployment is updateStrategy of the others. */
static const struct move_rule kind_rules[] = {
    {.at = "spec.strategy", .to = "updateStrategy"},
    {.at = "spec.strategy.type",
     .why = recreate_why,
     .retire = true,
     .when = recreate_of_stateful_set},
    {.at = "spec.strategy.type",
     .why = daemon_recreate_why,
     .retire = true,
     .when = recreate_of_daemon_set},
    {.at = "spec.strategy.rollingUpdate",
     .why = null_why,
     .retire = true,
     .when = is_null},
    {.at = "spec.strategy.rollingUpdate.maxSurge",
     .why = surge_why,
     .retire = true,
     .when = to_stateful_set},
    {.at = "spec.strategy.rollingUpdate.maxSurge",
     .why = "a DaemonSet has one pod a node and replaces it there: it needs no surge",
     .retire = true,
     .when = to_daemon_set},
    {.at = "spec.strategy.rollingUpdate.maxUnavailable",
     .why = unavailable_why,
     .retire = true,
     .when = to_stateful_set},
    {.at = "spec.strategy.rollingUpdate.maxUnavailable",
     .why = "a DaemonSet cannot replace a pod while none may be unavailable",
     .retire = true,
     .when = zero_of_daemon_set},
    {.at = "spec.progressDeadlineSeconds",
     .why = "only a Deployment has a deadline for its progress",
     .retire = true},
    {.at = "spec.paused", .why = "only a Deployment can be paused", .retire = true},
    {.at = "spec.replicas",
     .why = "a DaemonSet runs one pod a node and has no replicas",
     .retire = true,
     .when = to_daemon_set},

    {.at = "spec.updateStrategy", .to = "strategy", .when = to_deployment},
    {.at = "spec.updateStrategy.type",
     .why = "a Deployment has no OnDelete: it always replaces its pods itself",
     .retire = true,
     .when = on_delete},
    {.at = "spec.updateStrategy.rollingUpdate",
     .why = null_why,
     .retire = true,
     .when = is_null},
    {.at = "spec.updateStrategy.rollingUpdate.partition",
     .why = "only a StatefulSet's pods have an order to part at",
     .retire = true},
    {.at = "spec.updateStrategy.rollingUpdate.maxSurge",
     .why = surge_why,
     .retire = true,
     .when = to_stateful_set},
    {.at = "spec.updateStrategy.rollingUpdate.maxUnavailable",
     .why = unavailable_why,
     .retire = true,
     .when = to_stateful_set},
    {.at = "spec.serviceName",
     .why = "only a StatefulSet names a service for its pods",
     .retire = true},
    {.at = "spec.podManagementPolicy",
     .why = "only a StatefulSet starts its pods in an order",
     .retire = true},
    {.at = "spec.ordinals", .why = "only a StatefulSet counts its pods", .retire = true},
    {.at = "spec.volumeClaimTemplates",
     .why =
         "only a StatefulSet makes a claim a pod: where the data goes is to be decided"},
    {.at = "spec.persistentVolumeClaimRetentionPolicy",
     .why = "only a StatefulSet makes claims, and keeps or deletes them",
     .retire = true},
};

const struct move_family moves_workload_kind = {
    .fits = fits_kind,
    .rules = kind_rules,
    .len = SG_ARRAY_LEN(kind_rules),
};
