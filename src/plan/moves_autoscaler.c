/*
 * moves_autoscaler.c - HorizontalPodAutoscaler of autoscaling/v1 and v2beta1 in v2beta2
 * and v2, where a metric has a name and a target of its own. v2beta2 and v2 are alike.
 */
#include <string.h>

#include "moves_rules.h"

static bool fits(const struct moves_in *in) {
    static const char *const kinds[] = {"HorizontalPodAutoscaler", NULL};
    return moves_same_kind(in, kinds) &&
           (strcmp(in->old_api, "autoscaling/v1") == 0 ||
            strcmp(in->old_api, "autoscaling/v2beta1") == 0) &&
           (strcmp(in->new_api, "autoscaling/v2beta2") == 0 ||
            strcmp(in->new_api, "autoscaling/v2") == 0);
}

/* Whether this is the metric that v1's one percentage stands for. */
static bool is_cpu(const struct sg_node *metric) {
    const char *type = sg_text(sg_map_gets(metric, "type"));
    const char *name = sg_text(sg_map_gets(sg_map_gets(metric, "resource"), "name"));
    return type != NULL && name != NULL && strcmp(type, "Resource") == 0 &&
           strcmp(name, "cpu") == 0;
}

/* The list of metrics is one value: writing the percentage writes all of it, so the new
 * base must have no other metric. */
static bool cpu_alone(const struct moves *m, const struct sg_node *value) {
    const struct sg_node *spec = sg_map_gets(m->in->now, "spec");
    const struct sg_node *metrics = sg_map_gets(spec, "metrics");
    return !sg_is_null(value) &&
           (sg_is_null(metrics) ||
            (sg_is_seq(metrics) && metrics->len == 1 && is_cpu(metrics->items[0])));
}

#define UTILIZATION "target|type=Utilization/averageUtilization"
#define VALUE       "target|type=Value/value"
#define AVERAGE     "target|type=AverageValue/averageValue"
#define METRIC      "spec.metrics[]."

static const struct move_rule rules[] = {
    {.at = "spec.targetCPUUtilizationPercentage",
     .to = "metrics|-/type=Resource/resource/name=cpu/target/type=Utilization/"
           "averageUtilization",
     .when = cpu_alone},
    {.at = "spec.targetCPUUtilizationPercentage",
     .why = "the new release scales by other metrics too, and a patch writes the list of "
            "them whole"},
    {.at = METRIC "resource.targetAverageUtilization", .to = UTILIZATION},
    {.at = METRIC "resource.targetAverageValue", .to = AVERAGE},
    {.at = METRIC "containerResource.targetAverageUtilization", .to = UTILIZATION},
    {.at = METRIC "containerResource.targetAverageValue", .to = AVERAGE},
    {.at = METRIC "pods.metricName", .to = "metric/name"},
    {.at = METRIC "pods.selector", .to = "metric/selector"},
    {.at = METRIC "pods.targetAverageValue", .to = AVERAGE},
    {.at = METRIC "object.target", .to = "describedObject"},
    {.at = METRIC "object.metricName", .to = "metric/name"},
    {.at = METRIC "object.selector", .to = "metric/selector"},
    {.at = METRIC "object.targetValue", .to = VALUE},
    {.at = METRIC "object.averageValue", .to = AVERAGE},
    {.at = METRIC "external.metricName", .to = "metric/name"},
    {.at = METRIC "external.metricSelector", .to = "metric/selector"},
    {.at = METRIC "external.targetValue", .to = VALUE},
    {.at = METRIC "external.targetAverageValue", .to = AVERAGE},
};

/* An object metric had to have a targetValue in v2beta1, and where both are set the
 * average counts. */
const struct move_family moves_autoscaler = {
    .fits = fits,
    .rules = rules,
    .len = SG_ARRAY_LEN(rules),
};
