/* SG303: references that lead nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define BASE "resources: [../../base]\nnamespace: prod\n"
#define OBJECT(version, kind, name)                                                      \
    "apiVersion: " version "\nkind: " kind "\nmetadata: {name: " name "}\n"
#define POD(spec)                                                                        \
    OBJECT("apps/v1", "Deployment", "web") "spec: {template: {spec: {" spec "}}}\n"
#define RBAC "rbac.authorization.k8s.io"
#define HPA                                                                              \
    OBJECT("autoscaling/v2", "HorizontalPodAutoscaler", "web")                           \
    "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: x}}\n"

struct reference {
    const char *referrer, *object; /* and the end of its id */
    const char *target;            /* what it names: in the old release, not in the new */
    const char *path;
};

static const struct reference references[] = {
    {POD("volumes: [{name: v, configMap: {name: x}}]"), "Deployment/prod/web",
     OBJECT("v1", "ConfigMap", "x"), "spec.template.spec.volumes[v].configMap.name"},
    {POD("containers: [{name: c, env: [{name: E, valueFrom: {configMapKeyRef: {name: x, "
         "key: k}}}]}]"),
     "Deployment/prod/web", OBJECT("v1", "ConfigMap", "x") "data: {k: v}\n",
     "spec.template.spec.containers[c].env[E].valueFrom.configMapKeyRef.name"},
    {POD("initContainers: [{name: c, envFrom: [{secretRef: {name: x}}]}]"),
     "Deployment/prod/web", OBJECT("v1", "Secret", "x"),
     "spec.template.spec.initContainers[c].envFrom[#0].secretRef.name"},
    {POD("volumes: [{name: v, secret: {secretName: x}}]"), "Deployment/prod/web",
     OBJECT("v1", "Secret", "x"), "spec.template.spec.volumes[v].secret.secretName"},
    {POD("volumes: [{name: v, projected: {sources: [{secret: {name: x}}]}}]"),
     "Deployment/prod/web", OBJECT("v1", "Secret", "x"),
     "spec.template.spec.volumes[v].projected.sources[#0].secret.name"},
    {POD("volumes: [{name: v, persistentVolumeClaim: {claimName: x}}]"),
     "Deployment/prod/web", OBJECT("v1", "PersistentVolumeClaim", "x"),
     "spec.template.spec.volumes[v].persistentVolumeClaim.claimName"},
    {POD("serviceAccountName: x"), "Deployment/prod/web",
     OBJECT("v1", "ServiceAccount", "x"), "spec.template.spec.serviceAccountName"},
    {POD("imagePullSecrets: [{name: x}]"), "Deployment/prod/web",
     OBJECT("v1", "Secret", "x"), "spec.template.spec.imagePullSecrets[x].name"},
    {POD("priorityClassName: x"), "Deployment/prod/web",
     OBJECT("scheduling.k8s.io/v1", "PriorityClass", "x"),
     "spec.template.spec.priorityClassName"},
    {OBJECT("apps/v1", "StatefulSet", "web") "spec: {serviceName: x}\n",
     "StatefulSet/prod/web", OBJECT("v1", "Service", "x"), "spec.serviceName"},
    {OBJECT("networking.k8s.io/v1beta1", "Ingress",
            "web") "spec: {backend: {serviceName: x, servicePort: 1}}\n",
     "Ingress/prod/web", OBJECT("v1", "Service", "x"), "spec.backend.serviceName"},
    {OBJECT(
         "networking.k8s.io/v1", "Ingress",
         "web") "spec: {rules: [{http: {paths: [{backend: {service: {name: x}}}]}}]}\n",
     "Ingress/prod/web", OBJECT("v1", "Service", "x"),
     "spec.rules[#0].http.paths[#0].backend.service.name"},
    {OBJECT("networking.k8s.io/v1", "Ingress", "web") "spec: {tls: [{secretName: x}]}\n",
     "Ingress/prod/web", OBJECT("v1", "Secret", "x"), "spec.tls[#0].secretName"},
    {OBJECT(RBAC "/v1", "RoleBinding", "web") "roleRef: {apiGroup: " RBAC
                                              ", kind: Role, name: x}\n",
     "RoleBinding/prod/web", OBJECT(RBAC "/v1", "Role", "x"), "roleRef.name"},
    {OBJECT(RBAC "/v1", "ClusterRoleBinding", "web") "roleRef: {apiGroup: " RBAC
                                                     ", kind: ClusterRole, name: x}\n",
     "ClusterRoleBinding/web", OBJECT(RBAC "/v1", "ClusterRole", "x"), "roleRef.name"},
    {OBJECT(RBAC "/v1", "RoleBinding",
            "web") "subjects: [{kind: ServiceAccount, name: x, namespace: prod}]\n",
     "RoleBinding/prod/web", OBJECT("v1", "ServiceAccount", "x"), "subjects[x]"},
    {HPA, "HorizontalPodAutoscaler/prod/web", OBJECT("apps/v1", "Deployment", "x"),
     "spec.scaleTargetRef.name"},
    {OBJECT("apiregistration.k8s.io/v1", "APIService",
            "web") "spec: {service: {name: x, namespace: prod}}\n",
     "APIService/web", OBJECT("v1", "Service", "x"), "spec.service.name"},
    {OBJECT("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration",
            "web") "webhooks: [{name: h, clientConfig: {service: {name: x, namespace: "
                   "prod}}}]\n",
     "ValidatingWebhookConfiguration/web", OBJECT("v1", "Service", "x"),
     "webhooks[h].clientConfig.service"},
    {OBJECT("v1", "PersistentVolumeClaim", "web") "spec: {storageClassName: x}\n",
     "PersistentVolumeClaim/prod/web", OBJECT("storage.k8s.io/v1", "StorageClass", "x"),
     "spec.storageClassName"},
};

static void plan(struct fixture *f, const char *referrer, const char *before,
                 const char *after) {
    fixture_base(f, "referrer.yaml", referrer, referrer);
    fixture_base(f, "target.yaml", before, after);
    fixture_file(f, "o/x/kustomization.yaml", BASE);
    fixture_plan(f);
}

/* What the new release drops is an error; what was never there is no more than info. */
static void test_table(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(references); i++) {
        const struct reference *r = &references[i];
        struct fixture f;
        fixture_init(&f);
        plan(&f, r->referrer, r->target, NULL);
        const struct sg_finding *found = fixture_at(&f, "SG303", r->object, r->path);
        assert_int_equal(found->severity, SG_ERROR);
        assert_null(found->at.file);
        assert_int_equal(fixture_count(&f, "SG303"), 1);
        fixture_release(&f);

        fixture_init(&f);
        plan(&f, r->referrer, r->target, r->target);
        if (fixture_count(&f, "SG303") != 0) {
            fixture_dump(&f);
            fail_msg("reference %zu leads somewhere", i);
        }
        fixture_release(&f);
    }
}

static void test_never_there(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    plan(&f, POD("volumes: [{name: v, secret: {secretName: x}}]"), NULL, NULL);
    const struct sg_finding *found =
        fixture_at(&f, "SG303", "web", "spec.template.spec.volumes[v].secret.secretName");
    assert_int_equal(found->severity, SG_INFO);
    assert_string_equal(found->at.file, "base/referrer.yaml"); /* upstream's text */
    assert_int_equal(found->at.line, 4);
    assert_int_equal(found->flags.len, 0);
    fixture_release(&f);
}

/* Nothing to report: optional, external, in every cluster, brought by others. */
static void test_silent(void **state) {
    (void)state;
    static const char *const referrers[] = {
        POD("volumes: [{name: v, configMap: {name: x, optional: true}}]"),
        POD("containers: [{name: c, env: [{name: E, valueFrom: {secretKeyRef: {name: x, "
            "key: k, optional: true}}}]}]"),
        POD("volumes: [{name: v, secret: {secretName: outside}}]"),
        POD("serviceAccountName: default"),
        POD("serviceAccountName: \"\""),
        POD("volumes: [{name: v, configMap: {name: kube-root-ca.crt}}]"),
        POD("priorityClassName: system-node-critical"),
        POD("priorityClassName: high"),
        OBJECT("v1", "PersistentVolumeClaim", "web") "spec: {storageClassName: fast}\n",
        OBJECT(RBAC "/v1", "RoleBinding",
               "web") "roleRef: {apiGroup: " RBAC ", kind: ClusterRole, name: view}\n"
                      "subjects: [{kind: User, name: x}, {kind: Group, name: y}]\n",
        OBJECT(RBAC "/v1", "ClusterRoleBinding",
               "web") "roleRef: {apiGroup: " RBAC
                      ", kind: ClusterRole, name: \"system:node\"}\n",
        OBJECT(RBAC "/v1", "Role",
               "web") "rules: [{resources: [configmaps], resourceNames: [x]}]\n",
        OBJECT("autoscaling/v2", "HorizontalPodAutoscaler",
               "web") "spec: {scaleTargetRef: {apiVersion: a.b/v1, kind: Custom, name: "
                      "x}}\n",
        /* shapes that nobody expects */
        POD("volumes: [{name: v, configMap: {name: [x]}}], serviceAccountName: {a: b}"),
        POD("volumes: [{name: v, configMap: []}], imagePullSecrets: {a: {b: c}}"),
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(referrers); i++) {
        struct fixture f;
        fixture_init(&f);
        f.external[f.external_len++] = "v1/Secret/prod/outside";
        plan(&f, referrers[i], NULL, NULL);
        if (fixture_count(&f, "SG303") != 0) {
            fixture_dump(&f);
            fail_msg("referrer %zu", i);
        }
        fixture_release(&f);
    }
}

/* `external` is exact: another namespace is another object; without one any will do. */
static void test_external(void **state) {
    (void)state;
    static const struct {
        const char *external;
        size_t findings;
    } cases[] = {{"Secret/prod/x", 0}, {"Secret/x", 0},      {"Secret/blue/x", 1},
                 {"ConfigMap/x", 1},   {"Secret/prod/y", 1}, {"v1/Secret/prod/x", 0}};
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct fixture f;
        fixture_init(&f);
        f.external[f.external_len++] = cases[i].external;
        plan(&f, POD("imagePullSecrets: [{name: x}]"), OBJECT("v1", "Secret", "x"), NULL);
        assert_int_equal(fixture_count(&f, "SG303"), cases[i].findings);
        fixture_release(&f);
    }
}

/* The object is there, what is asked of it is not. */
static void test_keys(void **state) {
    (void)state;
    static const char referrer[] =
        POD("containers: [{name: c, env: [{name: E, valueFrom: {configMapKeyRef: {name: "
            "x, key: k}}}]}], volumes: [{name: v, configMap: {name: x, items: [{key: m, "
            "path: p}]}}]");
    struct fixture f;
    fixture_init(&f);
    plan(&f, referrer,
         OBJECT("v1", "ConfigMap", "x") "data: {k: v}\nbinaryData: {m: v}\n",
         OBJECT("v1", "ConfigMap", "x") "data: {other: v}\n");
    assert_int_equal(fixture_count(&f, "SG303"), 2);
    const struct sg_finding *found = fixture_at(
        &f, "SG303", "web",
        "spec.template.spec.containers[c].env[E].valueFrom.configMapKeyRef.key");
    assert_int_equal(found->severity, SG_ERROR);
    assert_string_equal(found->message, "the ConfigMap prod/x has no more a key k");
    found = fixture_at(&f, "SG303", "web",
                       "spec.template.spec.volumes[v].configMap.items[#0].key");
    assert_int_equal(found->severity, SG_ERROR);
    fixture_release(&f);
}

/* The customer renames what is referred to: the line that does is named. */
static void test_customers(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "referrer.yaml", POD("serviceAccountName: x"),
                 POD("serviceAccountName: x"));
    fixture_base(&f, "target.yaml", OBJECT("v1", "ServiceAccount", "x"),
                 OBJECT("v1", "ServiceAccount", "x"));
    fixture_file(&f, "o/x/kustomization.yaml", BASE);
    fixture_file_new(&f, "o/x/kustomization.yaml", BASE "patches:\n- path: p.yaml\n");
    fixture_file_new(
        &f, "o/x/p.yaml",
        OBJECT("apps/v1", "Deployment", "web") "spec:\n  template:\n    spec:\n"
                                               "      serviceAccountName: y\n");
    fixture_plan(&f);
    const struct sg_finding *found =
        fixture_at(&f, "SG303", "web", "spec.template.spec.serviceAccountName");
    assert_int_equal(found->severity, SG_ERROR); /* the reference was resolved before */
    assert_string_equal(found->at.file, "o/x/p.yaml");
    assert_int_equal(found->at.line, 7);
    fixture_release(&f);
}

/* Names with a hash and a prefix are followed; the present state has no error. */
static void test_generated(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "referrer.yaml", NULL,
                 POD("volumes: [{name: v, configMap: {name: made}}, {name: w, configMap: "
                     "{name: missing}}]"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 BASE "namePrefix: p-\nconfigMapGenerator:\n- name: made\n  literals: "
                      "[a=b]\n");
    fixture_present(&f);
    assert_int_equal(fixture_count(&f, "SG303"), 1);
    const struct sg_finding *found =
        fixture_at(&f, "SG303", "p-web", "spec.template.spec.volumes[w].configMap.name");
    assert_int_equal(found->severity, SG_INFO);
    assert_int_equal(f.plan.exit, 0);
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),     cmocka_unit_test(test_never_there),
        cmocka_unit_test(test_silent),    cmocka_unit_test(test_external),
        cmocka_unit_test(test_keys),      cmocka_unit_test(test_customers),
        cmocka_unit_test(test_generated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
