/* Patches brought along to a new API: their text before and after, and what they do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "moves_run.h"

struct text_case {
    const char *in, *out; /* out NULL: stops */
    const char *now,
        *left; /* "path!" where nobody knows, "path" where retired; in a row */
};

static void check(struct moves_change change, const struct text_case *cases, size_t len) {
    for (size_t i = 0; i < len; i++) {
        struct moves_run run;
        sg_auto_buf left = SG_BUF_INIT;
        moves_run(&run, change, cases[i].in, cases[i].now);
        for (size_t k = 0; k < run.out.left.len; k++) {
            const struct move_left *one = &run.out.left.items[k];
            sg_buf_addf(&left, "%s%s%s", k > 0 ? " " : "", one->path,
                        one->retire ? "" : "!");
            assert_true(strlen(one->why) > 10);
            assert_true(one->index < one->map->len);
        }
        if (run.ok != (cases[i].out != NULL)) {
            fail_msg("%s: %s", run.out.why, cases[i].in);
        }
        assert_string_equal(sg_buf_cstr(&run.text), run.ok ? cases[i].out : cases[i].in);
        assert_string_equal(sg_buf_cstr(&left),
                            cases[i].left != NULL ? cases[i].left : "");
        if (run.ok) {
            (void)moves_read(&run, sg_buf_cstr(&run.text), NULL);
        } else {
            assert_non_null(run.out.why);
        }
        moves_run_release(&run);
    }
}

static const struct moves_change ingress = {"extensions/v1beta1", "Ingress",
                                            "networking.k8s.io/v1", "Ingress"};

#define OLD_INGRESS "apiVersion: extensions/v1beta1\nkind: Ingress\n"
#define NEW_INGRESS "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
#define PATHS                                                                            \
    "spec:\n"                                                                            \
    "  rules:\n"                                                                         \
    "  - host: a # b\n"                                                                  \
    "    http:\n"                                                                        \
    "      paths:\n"

static void ingress_texts(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        /* block, with comments */
        {.in = OLD_INGRESS "spec:\n"
                           "  backend: # all\n"
                           "    # which\n"
                           "    serviceName: web # name\n"
                           "    # where\n"
                           "    servicePort: 80 # port\n"
                           "    # end\n",
         .out = NEW_INGRESS "spec:\n"
                            "  defaultBackend: # all\n"
                            "    # which\n"
                            "    service:\n"
                            "      name: web # name\n"
                            "      # where\n"
                            "      port:\n"
                            "        number: 80 # port\n"
                            "    # end\n"},
        /* the other order, not neighbours, by name, without a last line end */
        {.in = OLD_INGRESS "spec:\n"
                           "    backend:\n"
                           "        servicePort: http\n"
                           "        x: 1\n"
                           "        # n\n"
                           "        serviceName: 'web'",
         .out = NEW_INGRESS "spec:\n"
                            "    defaultBackend:\n"
                            "        service:\n"
                            "            port:\n"
                            "                name: http\n"
                            "            # n\n"
                            "            name: 'web'\n"
                            "        x: 1\n"},
        /* flow, JSON's quotes */
        {.in = OLD_INGRESS "spec: {backend: {serviceName: web, servicePort: 80}}\n",
         .out = NEW_INGRESS
         "spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n"},
        {.in = "{\"apiVersion\":\"extensions/"
               "v1beta1\",\"kind\":\"Ingress\",\"spec\":{\"rules\":[{"
               "\"http\":{\"paths\":[{\"backend\":{\"serviceName\":\"w\",\"servicePort\":"
               "\"p\"}}]}}"
               "]}}",
         .out =
             "{\"apiVersion\":\"networking.k8s.io/"
             "v1\",\"kind\":\"Ingress\",\"spec\":{\"rules\":[{"
             "\"http\":{\"paths\":[{\"backend\":{\"service\": {\"name\":\"w\",\"port\": "
             "{\"name\":\"p\"}}}, \"pathType\": \"ImplementationSpecific\"}]}}]}}"},
        {.in = OLD_INGRESS "spec: {backend: {servicePort: 80, x: 1, serviceName: web}}\n",
         .out = NEW_INGRESS
         "spec: {defaultBackend: {service: {port: {number: 80}, name: web}, x: 1}}\n"},
        /* paths */
        {.in = OLD_INGRESS PATHS "      - path: /x # p\n"
                                 "        backend:\n"
                                 "          serviceName: web\n"
                                 "          servicePort: 80\n"
                                 "      - backend: {serviceName: a, servicePort: b} # q\n"
                                 "      - path: /y\n"
                                 "        pathType: Exact\n",
         .out = NEW_INGRESS PATHS
         "      - path: /x # p\n"
         "        pathType: Prefix\n"
         "        backend:\n"
         "          service:\n"
         "            name: web\n"
         "            port:\n"
         "              number: 80\n"
         "      - backend: {service: {name: a, port: {name: b}}} # q\n"
         "        pathType: ImplementationSpecific\n"
         "      - path: /y\n"
         "        pathType: Exact\n",
         .now = "spec: {rules: [{http: {paths: [{path: /x, pathType: Prefix}]}}]}"},
        /* CRLF */
        {.in = "apiVersion: extensions/v1beta1\r\nkind: Ingress\r\nspec:\r\n  "
               "backend:\r\n    "
               "serviceName: web\r\n    servicePort: 80\r\n",
         .out =
             "apiVersion: networking.k8s.io/v1\r\nkind: Ingress\r\nspec:\r\n  "
             "defaultBackend:\r\n"
             "    service:\r\n      name: web\r\n      port:\r\n        number: 80\r\n"},
        /* the base names its port, the patch numbers it */
        {.in = OLD_INGRESS "spec:\n  backend:\n    servicePort: 80\n",
         .out = NEW_INGRESS "spec:\n  defaultBackend:\n    service:\n      port:\n"
                            "        name: null\n        number: 80\n",
         .now = "spec: {defaultBackend: {service: {name: a, port: {name: http}}}}"},
        {.in = OLD_INGRESS "spec:\n  backend:\n    servicePort: null\n",
         .out = NEW_INGRESS "spec:\n  defaultBackend:\n    service:\n      port: null\n"},
        /* anchors */
        {.in = OLD_INGRESS
         "spec:\n  backend:\n    serviceName: &n web\n    servicePort: 80\n"
         "  tls:\n  - secretName: *n\n",
         .out =
             NEW_INGRESS "spec:\n  defaultBackend:\n    service:\n      name: &n web\n"
                         "      port:\n        number: 80\n  tls:\n  - secretName: *n\n"},
        {.in = OLD_INGRESS "spec:\n  backend: &b\n    serviceName: web\n", .out = NULL},
        {.in = OLD_INGRESS "x: &b {serviceName: web}\nspec:\n  backend: *b\n",
         .out = NULL,
         .now = NULL},
        {.in = "apiVersion: &a extensions/v1beta1\nkind: Ingress\n", .out = NULL},
        /* a key that stands twice */
        {.in = OLD_INGRESS "spec:\n  backend:\n    serviceName: a\n    serviceName: b\n",
         .out = NULL},
        /* nothing to move */
        {.in = OLD_INGRESS
         "metadata:\n  annotations:\n    kubernetes.io/ingress.class: nginx\n"
         "spec:\n  tls:\n  - hosts: [a]\n",
         .out = NEW_INGRESS
         "metadata:\n  annotations:\n    kubernetes.io/ingress.class: nginx\n"
         "spec:\n  tls:\n  - hosts: [a]\n"},
    };
    check(ingress, cases, SG_ARRAY_LEN(cases));
}

static void ingress_operations(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        {.in = "- op: replace\n"
               "  path: /spec/rules/0/http/paths/0/backend/servicePort # c\n"
               "  value: 80 # d\n",
         .out = "- op: replace\n"
                "  path: /spec/rules/0/http/paths/0/backend/service/port # c\n"
                "  value:\n"
                "    number: 80 # d\n"},
        {.in = "[{\"op\":\"replace\",\"path\":\"/spec/backend/"
               "serviceName\",\"value\":\"w\"}]",
         .out = "[{\"op\":\"replace\",\"path\":\"/spec/defaultBackend/service/"
                "name\",\"value\":\"w\"}"
                "]"},
        {.in =
             "[{\"op\":\"add\",\"path\":\"/spec/backend/servicePort\",\"value\":\"p\"}]",
         .out =
             "[{\"op\":\"add\",\"path\":\"/spec/defaultBackend/service/port\",\"value\": "
             "{\"name\":\"p\"}}]"},
        {.in = "- {op: add, path: /spec/rules/0/http/paths/-, value: {path: /, backend: "
               "{serviceName: a, servicePort: 1}}}\n",
         .out =
             "- {op: add, path: /spec/rules/0/http/paths/-, value: {path: /, pathType: "
             "ImplementationSpecific, backend: {service: {name: a, port: {number: "
             "1}}}}}\n"},
        {.in = "- value: web\n  op: replace\n  path: /spec/backend/serviceName\n",
         .out =
             "- value: web\n  op: replace\n  path: /spec/defaultBackend/service/name\n"},
        {.in = "- value: 80\n  op: replace\n  path: /spec/backend/servicePort\n",
         .out = "- value:\n    number: 80\n  op: replace\n  path: "
                "/spec/defaultBackend/service/port\n"},
        {.in = "- op: remove\n  path: /spec/backend/servicePort\n",
         .out = "- op: remove\n  path: /spec/defaultBackend/service/port\n"},
        {.in = "- op: copy\n  from: /spec/backend/servicePort\n"
               "  path: /spec/rules/0/http/paths/0/backend/servicePort\n",
         .out = "- op: copy\n  from: /spec/defaultBackend/service/port\n"
                "  path: /spec/rules/0/http/paths/0/backend/service/port\n"},
        {.in = "- op: test\n  path: /apiVersion\n  value: extensions/v1beta1\n",
         .out = "- op: test\n  path: /apiVersion\n  value: networking.k8s.io/v1\n"},
        {.in = "- op: add\n  path: /metadata/annotations/a~1b\n  value: x\n",
         .out = "- op: add\n  path: /metadata/annotations/a~1b\n  value: x\n"},
        {.in = "- op: add\n  path: /spec/nothing\n  value: x\n",
         .out = "- op: add\n  path: /spec/nothing\n  value: x\n"},
    };
    check(ingress, cases, SG_ARRAY_LEN(cases));
}

static const struct moves_change autoscaler = {
    "autoscaling/v2beta1", "HorizontalPodAutoscaler", "autoscaling/v2",
    "HorizontalPodAutoscaler"};
static const struct moves_change autoscaler_v1 = {
    "autoscaling/v1", "HorizontalPodAutoscaler", "autoscaling/v2",
    "HorizontalPodAutoscaler"};

static void autoscaler_texts(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        {.in = "spec:\n"
               "  metrics:\n"
               "  - type: Resource\n"
               "    resource:\n"
               "      name: cpu\n"
               "      targetAverageUtilization: 80 # busy\n"
               "  - type: Pods\n"
               "    pods:\n"
               "      metricName: m\n"
               "      targetAverageValue: 1k\n"
               "      selector: # s\n"
               "        matchLabels:\n"
               "          a: b\n"
               "  - {type: External, external: {metricName: q, metricSelector: {}, "
               "targetValue: 3}}\n",
         .out = "spec:\n"
                "  metrics:\n"
                "  - type: Resource\n"
                "    resource:\n"
                "      name: cpu\n"
                "      target:\n"
                "        type: Utilization\n"
                "        averageUtilization: 80 # busy\n"
                "  - type: Pods\n"
                "    pods:\n"
                "      metric:\n"
                "        name: m\n"
                "        selector: # s\n"
                "          matchLabels:\n"
                "            a: b\n"
                "      target:\n"
                "        type: AverageValue\n"
                "        averageValue: 1k\n"
                "  - {type: External, external: {metric: {name: q, selector: {}}, "
                "target: {type: "
                "Value, value: 3}}}\n"},
        {.in = "spec:\n"
               "  metrics:\n"
               "  - type: Object\n"
               "    object:\n"
               "      target:\n"
               "        kind: Service\n"
               "        name: x\n"
               "      metricName: |-\n"
               "        m\n"
               "      targetValue: 3\n",
         .out = "spec:\n"
                "  metrics:\n"
                "  - type: Object\n"
                "    object:\n"
                "      describedObject:\n"
                "        kind: Service\n"
                "        name: x\n"
                "      metric:\n"
                "        name: |-\n"
                "          m\n"
                "      target:\n"
                "        type: Value\n"
                "        value: 3\n"},
        /* two targets say two types */
        {.in = "spec: {metrics: [{resource: {targetAverageUtilization: 1, "
               "targetAverageValue: 2}}]}",
         .out = NULL},
        {.in =
             "- op: replace\n  path: /spec/metrics/0/resource/targetAverageUtilization\n"
             "  value: 70\n",
         .out = "- op: replace\n  path: /spec/metrics/0/resource/target\n"
                "  value:\n    type: Utilization\n    averageUtilization: 70\n"},
    };
    check(autoscaler, cases, SG_ARRAY_LEN(cases));
}

static void autoscaler_v1_texts(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        {.in = "spec:\n  targetCPUUtilizationPercentage: 80 # c\n  maxReplicas: 3\n",
         .out = "spec:\n  metrics:\n  - type: Resource\n    resource:\n      name: cpu\n"
                "      target:\n        type: Utilization\n        averageUtilization: "
                "80 # c\n"
                "  maxReplicas: 3\n"},
        {.in = "{\"spec\": {\"targetCPUUtilizationPercentage\": 80}}",
         .out =
             "{\"spec\": {\"metrics\": [{\"type\": \"Resource\", \"resource\": "
             "{\"name\": \"cpu\", "
             "\"target\": {\"type\": \"Utilization\", \"averageUtilization\": 80}}}]}}"},
        {.in = "spec: {targetCPUUtilizationPercentage: 80}\n",
         .out = "spec: {targetCPUUtilizationPercentage: 80}\n",
         .now = "spec: {metrics: [{type: Pods}]}",
         .left = "spec.targetCPUUtilizationPercentage!"},
    };
    check(autoscaler_v1, cases, SG_ARRAY_LEN(cases));
}

static const struct moves_change to_stateful_set = {"apps/v1", "Deployment", "apps/v1",
                                                    "StatefulSet"};
static const struct moves_change to_daemon_set = {"apps/v1beta1", "Deployment", "apps/v1",
                                                  "DaemonSet"};
static const struct moves_change to_deployment = {"apps/v1", "StatefulSet", "apps/v1",
                                                  "Deployment"};

static void workload_texts(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        {.in = "kind: Deployment # d\nspec:\n  replicas: 2\n  strategy: # s\n    type: "
               "RollingUpdate\n",
         .out = "kind: StatefulSet # d\nspec:\n  replicas: 2\n  updateStrategy: # s\n    "
                "type: "
                "RollingUpdate\n"},
        {.in = "kind: Deployment\nspec:\n  # why\n  strategy:\n    $patch: replace\n    "
               "type: Recreate\n"
               "  replicas: 2\n",
         .out = "kind: StatefulSet\nspec:\n  replicas: 2\n",
         .now = NULL,
         .left = "spec.strategy.type"},
        {.in = "kind: Deployment\nspec:\n  strategy:\n    type: Recreate\n    "
               "rollingUpdate: null\n",
         .out = "kind: StatefulSet\n",
         .now = NULL,
         .left = "spec.strategy.type spec.strategy.rollingUpdate"},
        {.in = "metadata: {name: x}\nkind: Deployment\nspec:\n  strategy:\n    type: "
               "RollingUpdate\n"
               "    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}\n  paused: true\n",
         .out = "metadata: {name: x}\nkind: StatefulSet\nspec:\n  updateStrategy:\n    "
                "type: "
                "RollingUpdate\n",
         .now = NULL,
         .left = "spec.strategy.rollingUpdate.maxSurge "
                 "spec.strategy.rollingUpdate.maxUnavailable "
                 "spec.paused"},
        {.in = "- {op: replace, path: /spec/strategy/type, value: RollingUpdate}\n"
               "- {op: replace, path: /spec/strategy/type, value: Recreate}\n"
               "- {op: remove, path: /spec/strategy/rollingUpdate/maxSurge}\n"
               "- {op: replace, path: /spec/strategy, value: {type: Recreate}}\n"
               "- {op: add, path: /spec/template/spec/x, value: 1}\n",
         .out = "- {op: replace, path: /spec/updateStrategy/type, value: RollingUpdate}\n"
                "- {op: replace, path: /spec/strategy/type, value: Recreate}\n"
                "- {op: remove, path: /spec/strategy/rollingUpdate/maxSurge}\n"
                "- {op: replace, path: /spec/strategy, value: {type: Recreate}}\n"
                "- {op: add, path: /spec/template/spec/x, value: 1}\n",
         .now = NULL,
         .left = "spec.strategy.type spec.strategy.rollingUpdate.maxSurge spec.strategy"},
    };
    check(to_stateful_set, cases, SG_ARRAY_LEN(cases));
}

static void daemon_set_texts(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        {.in = "apiVersion: apps/v1beta1\nkind: Deployment\nspec:\n  replicas: 2 # two\n"
               "  rollbackTo: {revision: 1}\n  minReadySeconds: 3\n",
         .out = "apiVersion: apps/v1\nkind: DaemonSet\nspec:\n  minReadySeconds: 3\n",
         .now = NULL,
         .left = "spec.replicas spec.rollbackTo"},
        {.in = "spec: {strategy: {rollingUpdate: {maxUnavailable: 2, maxSurge: 1}}, "
               "paused: no, "
               "replicas: 1}\n",
         .out = "spec: {updateStrategy: {rollingUpdate: {maxUnavailable: 2}}}\n",
         .now = NULL,
         .left = "spec.strategy.rollingUpdate.maxSurge spec.paused spec.replicas"},
    };
    check(to_daemon_set, cases, SG_ARRAY_LEN(cases));
}

static void deployment_texts(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        {.in = "spec:\n  updateStrategy:\n    rollingUpdate:\n      partition: 1\n      "
               "maxUnavailable: 2\n  serviceName: x\n",
         .out = "spec:\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 2\n",
         .now = NULL,
         .left = "spec.updateStrategy.rollingUpdate.partition spec.serviceName"},
        {.in = "spec:\n  volumeClaimTemplates: []\n",
         .out = "spec:\n  volumeClaimTemplates: []\n",
         .now = NULL,
         .left = "spec.volumeClaimTemplates!"},
    };
    check(to_deployment, cases, SG_ARRAY_LEN(cases));
}

static void other_texts(void **state) {
    (void)state;
    static const struct {
        struct moves_change change;
        const char *left;
        const char *body, *body_after;
    } cases_of[] = {
        {{"batch/v1beta1", "CronJob", "batch/v1", "CronJob"},
         NULL,
         "spec: {suspend: true, jobTemplate: {spec: {backoffLimit: 1}}}\n",
         NULL},
        {{"policy/v1beta1", "PodDisruptionBudget", "policy/v1", "PodDisruptionBudget"},
         NULL,
         "spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}\n",
         NULL},
        {{"policy/v1beta1", "PodDisruptionBudget", "policy/v1", "PodDisruptionBudget"},
         "spec.selector!",
         "spec: {selector: {}}\n",
         NULL},
        {{"rbac.authorization.k8s.io/v1beta1", "Role", "rbac.authorization.k8s.io/v1",
          "Role"},
         NULL,
         "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n",
         NULL},
        {{"extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1", "NetworkPolicy"},
         NULL,
         "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}\n",
         NULL},
        {{"storage.k8s.io/v1beta1", "StorageClass", "storage.k8s.io/v1", "StorageClass"},
         NULL,
         "parameters: {type: ssd}\nreclaimPolicy: Retain\n",
         NULL},
        {{"scheduling.k8s.io/v1beta1", "PriorityClass", "scheduling.k8s.io/v1",
          "PriorityClass"},
         NULL,
         "value: 3\n",
         NULL},
        {{"storage.k8s.io/v1beta1", "CSIDriver", "storage.k8s.io/v1", "CSIDriver"},
         NULL,
         "spec: {attachRequired: false}\n",
         NULL},
        {{"apiregistration.k8s.io/v1beta1", "APIService", "apiregistration.k8s.io/v1",
          "APIService"},
         NULL,
         "spec: {service: {port: 443}, versionPriority: 1}\n",
         NULL},
        {{"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration",
          "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"},
         "webhooks[].sideEffects!",
         "webhooks: [{name: a, sideEffects: Some}, {name: b, sideEffects: None}]\n",
         NULL},
        {{"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition",
          "apiextensions.k8s.io/v1", "CustomResourceDefinition"},
         "spec.version! spec.validation!",
         "spec:\n  version: v1\n  validation: {}\n  scope: Cluster\n  versions:\n  - "
         "name: a\n"
         "    additionalPrinterColumns:\n    - JSONPath: .a # p\n      name: x\n"
         "  conversion:\n    conversionReviewVersions: [v1]\n    webhookClientConfig:\n"
         "      url: u\n",
         "spec:\n  version: v1\n  validation: {}\n  scope: Cluster\n  versions:\n  - "
         "name: a\n"
         "    additionalPrinterColumns:\n    - jsonPath: .a # p\n      name: x\n"
         "  conversion:\n    webhook:\n      conversionReviewVersions: [v1]\n"
         "      clientConfig:\n        url: u\n"},
        {{"example.com/v1alpha1", "Thing", "example.com/v1", "Thing"},
         NULL,
         "spec: {any: [thing]}\n",
         NULL},
        {{"example.com/v1", "Thing", "example.org/v1", "Other"},
         "spec!",
         "metadata: {name: x}\nspec: {any: [thing]}\n",
         NULL},
        {{"v1", "ConfigMap", "v1", "Secret"}, "data!", "data: {a: b}\n", NULL},
        {{"apps/v1beta2", "StatefulSet", "apps/v1", "StatefulSet"},
         NULL,
         "spec:\n  serviceName: x\n  updateStrategy: {type: OnDelete}\n",
         NULL},
        {{"extensions/v1beta1", "DaemonSet", "apps/v1", "DaemonSet"},
         "spec.templateGeneration",
         "spec:\n  templateGeneration: 3\n  minReadySeconds: 1\n",
         "spec:\n  minReadySeconds: 1\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases_of); i++) {
        const struct moves_change *change = &cases_of[i].change;
        const char *body = cases_of[i].body;
        const char *after = cases_of[i].body_after ? cases_of[i].body_after : body;
        sg_auto_cstr in = sg_xasprintf("# c\napiVersion: \"%s\" # v\nkind: '%s'\n%s",
                                       change->old_api, change->old_kind, body);
        sg_auto_cstr out = sg_xasprintf("# c\napiVersion: \"%s\" # v\nkind: '%s'\n%s",
                                        change->new_api, change->new_kind, after);
        struct text_case one = {in, out, NULL, cases_of[i].left};
        check(*change, &one, 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ingress_texts),    cmocka_unit_test(ingress_operations),
        cmocka_unit_test(autoscaler_texts), cmocka_unit_test(autoscaler_v1_texts),
        cmocka_unit_test(workload_texts),   cmocka_unit_test(daemon_set_texts),
        cmocka_unit_test(deployment_texts), cmocka_unit_test(other_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
