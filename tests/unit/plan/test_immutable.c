/* SG301: every field of the table, and what only looks like a change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define BASE "resources: [../../base]\nnamespace: prod\n"

/* The object before and after the hop, under an overlay that only sets the namespace. */
static void plan(struct fixture *f, const char *before, const char *after) {
    fixture_init(f);
    fixture_base(f, "object.yaml", before, after);
    fixture_file(f, "o/x/kustomization.yaml", BASE);
    fixture_plan(f);
}

struct change {
    const char *head;           /* apiVersion, kind, metadata */
    const char *before, *after; /* what follows it */
    const char *path;           /* NULL: nothing is found */
    const char *step;           /* the fix begins so */
};

#define HEAD(version, kind)                                                              \
    "apiVersion: " version "\nkind: " kind "\nmetadata: {name: web}\n"
#define SET(fields) "spec: {serviceName: web, replicas: 1, " fields "}\n"
#define TEMPLATE(size, class)                                                            \
    "volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: " class    \
        ", resources: {requests: {storage: " size "}}}}]"
#define RBAC "rbac.authorization.k8s.io"

static const struct change changes[] = {
    /* found */
    {HEAD("apps/v1", "Deployment"),
     "spec: {selector: {matchLabels: {app: a, tier: x}}}\n",
     "spec: {selector: {matchLabels: {app: b, tier: x}}}\n",
     "spec.selector.matchLabels.app", "`kubectl -n prod delete deployment web`, then"},
    {HEAD("apps/v1", "Deployment"),
     "spec: {selector: {matchLabels: {app: a, tier: x}}}\n",
     "spec: {selector: {matchLabels: {app: b, tier: y}}}\n", "spec.selector.matchLabels",
     "`kubectl -n prod delete deployment web`, then"},
    {HEAD("apps/v1", "DaemonSet"), "spec: {selector: {matchLabels: {app: a}}}\n",
     "spec: {selector: {matchLabels: {app: a, tier: x}}}\n",
     "spec.selector.matchLabels.tier", "`kubectl -n prod delete daemonset web`"},
    {HEAD("apps/v1", "StatefulSet"), SET("podManagementPolicy: OrderedReady"),
     SET("podManagementPolicy: Parallel"), "spec.podManagementPolicy",
     "`kubectl -n prod delete statefulset web --cascade=orphan`"},
    {HEAD("apps/v1", "StatefulSet"), "spec: {serviceName: web}\n",
     "spec: {serviceName: other}\n", "spec.serviceName",
     "`kubectl -n prod delete statefulset web --cascade=orphan`"},
    {HEAD("apps/v1", "StatefulSet"), SET(TEMPLATE("1Gi", "slow")),
     SET(TEMPLATE("1Gi", "fast")), "spec.volumeClaimTemplates[#0].spec.storageClassName",
     "`kubectl -n prod delete statefulset web --cascade=orphan`"},
    {HEAD("apps/v1", "StatefulSet"), SET(TEMPLATE("1Gi", "slow")),
     SET(TEMPLATE("2Gi", "slow")),
     "spec.volumeClaimTemplates[#0].spec.resources.requests.storage",
     "`kubectl -n prod delete statefulset web --cascade=orphan`"},
    {HEAD("apps/v1", "StatefulSet"), SET("selector: {matchLabels: {app: a}}"),
     SET("selector: {matchLabels: {app: b}}"), "spec.selector.matchLabels.app",
     "`kubectl -n prod delete statefulset web`, then deploy: its pods stop"},
    {HEAD("v1", "Service"), "spec: {clusterIP: 10.0.0.1}\n",
     "spec: {clusterIP: 10.0.0.2}\n", "spec.clusterIP",
     "`kubectl -n prod delete service web`, then deploy"},
    {HEAD("v1", "Service"), "spec: {ports: [{port: 1}]}\n",
     "spec: {clusterIP: None, ports: [{port: 1}]}\n", "spec.clusterIP",
     "`kubectl -n prod delete service web`"},
    {HEAD(RBAC "/v1", "RoleBinding"),
     "roleRef: {kind: Role, name: a, apiGroup: " RBAC "}\n",
     "roleRef: {kind: Role, name: b, apiGroup: " RBAC "}\n", "roleRef.name",
     "`kubectl -n prod delete rolebinding web`"},
    {HEAD(RBAC "/v1", "ClusterRoleBinding"),
     "roleRef: {kind: ClusterRole, name: a, apiGroup: " RBAC "}\n",
     "roleRef: {kind: ClusterRole, name: b, apiGroup: " RBAC "}\n", "roleRef.name",
     "`kubectl delete clusterrolebinding web`"},
    {HEAD("batch/v1", "Job"),
     "spec: {template: {spec: {containers: [{name: a, image: b}]}}}\n",
     "spec: {template: {spec: {containers: [{name: a, image: c}]}}}\n",
     "spec.template.spec.containers[a].image", "`kubectl -n prod delete job web`"},
    {HEAD("v1", "PersistentVolumeClaim"), "spec: {accessModes: [ReadWriteOnce]}\n",
     "spec: {accessModes: [ReadWriteMany]}\n", "spec.accessModes[#0]",
     "keep the old value"},
    {HEAD("v1", "PersistentVolumeClaim"), "spec: {storageClassName: \"\"}\n",
     "spec: {accessModes: []}\n", "spec.storageClassName", "keep the old value"},
    {HEAD("storage.k8s.io/v1", "StorageClass"), "provisioner: a\nparameters: {type: x}\n",
     "provisioner: a\nparameters: {type: y}\n", "parameters.type",
     "`kubectl delete storageclass web`"},
    {HEAD("v1", "ConfigMap"), "immutable: true\ndata: {a: \"1\", b: \"1\"}\n",
     "immutable: true\ndata: {a: \"2\", b: \"1\"}\n", "data.a",
     "`kubectl -n prod delete configmap web`, then deploy, and restart"},
    {HEAD("v1", "Secret"), "immutable: true\nstringData: {a: one}\n",
     "immutable: true\nstringData: {a: two}\n", "stringData.a",
     "`kubectl -n prod delete secret web`"},
    {HEAD("v1", "Secret"), "type: Opaque\n", "type: kubernetes.io/tls\n", "type",
     "`kubectl -n prod delete secret web`"},
    {HEAD("v1", "Secret"), "data: {}\n", "type: kubernetes.io/tls\n", "type",
     "`kubectl -n prod delete secret web`"},
    /* silent */
    {HEAD("apps/v1", "Deployment"),
     "spec: {replicas: 1, selector: {matchLabels: {app: a}}}\n",
     "spec: {replicas: 2, selector: {matchLabels: {app: a}, matchExpressions: []}}\n",
     NULL, NULL},
    {HEAD("apps/v1", "StatefulSet"), SET("template: {a: 1}, ordinals: {start: 0}"),
     "spec: {serviceName: web, replicas: 2, template: {a: 2}, minReadySeconds: 3, "
     "updateStrategy: {type: OnDelete}, persistentVolumeClaimRetentionPolicy: {}, "
     "ordinals: {start: 0}, podManagementPolicy: OrderedReady, revisionHistoryLimit: "
     "10}\n",
     NULL, NULL},
    {HEAD("apps/v1", "StatefulSet"), SET(TEMPLATE("1Gi", "slow")),
     SET(TEMPLATE("1024Mi", "slow")), NULL, NULL},
    {HEAD("v1", "Service"), "spec: {clusterIP: None}\n",
     "spec: {type: ExternalName, externalName: a.b}\n", NULL, NULL},
    {HEAD("v1", "Service"), "spec: {clusterIP: \"\"}\n", "spec: {type: ClusterIP}\n",
     NULL, NULL},
    {HEAD("batch/v1", "Job"), "spec: {parallelism: 1}\n", "spec: {parallelism: 2}\n",
     NULL, NULL},
    {HEAD("v1", "PersistentVolumeClaim"),
     "spec: {resources: {requests: {storage: 1Gi}}}\n",
     "spec: {resources: {requests: {storage: 2Gi}}, volumeMode: Filesystem}\n", NULL,
     NULL},
    {HEAD("storage.k8s.io/v1", "StorageClass"), "provisioner: a\n",
     "provisioner: a\nallowVolumeExpansion: true\nreclaimPolicy: Delete\n", NULL, NULL},
    {HEAD("v1", "ConfigMap"), "immutable: false\ndata: {a: \"1\"}\n",
     "immutable: true\ndata: {a: \"2\"}\n", NULL, NULL},
    {HEAD("v1", "ConfigMap"), "immutable: true\ndata: {a: \"1\"}\n",
     "immutable: true\ndata: {a: \"1\"}\nbinaryData: {}\n", NULL, NULL},
    {HEAD("v1", "Secret"), "data: {}\n", "type: Opaque\n", NULL, NULL},
    {HEAD("example.com/v1", "Deployment"), "spec: {selector: a}\n",
     "spec: {selector: b}\n", NULL, NULL},
    /* wrong shapes that kustomize renders */
    {HEAD("v1", "Service"), "spec: a\n", "spec: {clusterIP: [1]}\n", "spec.clusterIP",
     "`kubectl -n prod delete service web`"},
    {HEAD("v1", "Service"), "spec: {clusterIP: {a: b}}\n", "spec: [c]\n",
     "spec.clusterIP", "`kubectl -n prod delete service web`"},
    {HEAD("apps/v1", "StatefulSet"), "spec: null\n", "spec: {}\n", NULL, NULL},
    {HEAD("apps/v1", "StatefulSet"), "spec: {volumeClaimTemplates: [{}, {spec: {}}]}\n",
     "spec: {volumeClaimTemplates: {a: b}}\n", "spec.volumeClaimTemplates",
     "`kubectl -n prod delete statefulset web --cascade=orphan`"},
    {HEAD("v1", "PersistentVolumeClaim"), "spec: {resources: {requests: 1}}\n",
     "spec: {resources: [a]}\n", "spec.resources", "keep the old value"},
    {HEAD("v1", "ConfigMap"), "immutable: [true]\ndata: a\n",
     "immutable: true\ndata: b\n", NULL, NULL},
};

static void test_table(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(changes); i++) {
        const struct change *change = &changes[i];
        struct fixture f;
        sg_auto_cstr before = sg_xasprintf("%s%s", change->head, change->before);
        sg_auto_cstr after = sg_xasprintf("%s%s", change->head, change->after);
        plan(&f, before, after);
        if (fixture_finding(&f, "SG206") != NULL) { /* both are to be rendered */
            fixture_dump(&f);
            fail_msg("change %zu is refused", i);
        }
        if (fixture_count(&f, "SG301") != (change->path == NULL ? 0 : 1)) {
            fixture_dump(&f);
            fail_msg("change %zu: %zu findings", i, fixture_count(&f, "SG301"));
        }
        if (change->path != NULL) {
            const struct sg_finding *found = fixture_at(&f, "SG301", "web", change->path);
            assert_int_equal(found->severity, SG_WARNING);
            assert_false(found->stops);
            assert_null(found->at.file); /* upstream's change: nothing to edit */
            assert_int_equal(found->flags.len, 1);
            if (strncmp(found->fix, change->step, strlen(change->step)) != 0) {
                fail_msg("change %zu: %s", i, found->fix);
            }
        }
        fixture_release(&f);
    }
}

/* Two changed fields are two findings, with fingerprints of their own. */
static void test_two_fields(void **state) {
    (void)state;
    struct fixture f;
    plan(&f, HEAD("apps/v1", "StatefulSet") "spec: {serviceName: a}\n",
         HEAD("apps/v1", "StatefulSet") "spec: {serviceName: b, podManagementPolicy: "
                                        "Parallel}\n");
    const struct sg_finding *one = fixture_at(&f, "SG301", "web", "spec.serviceName");
    const struct sg_finding *two =
        fixture_at(&f, "SG301", "web", "spec.podManagementPolicy");
    assert_string_not_equal(one->fingerprint, two->fingerprint);
    fixture_release(&f);
}

/* Another name or namespace in the cluster is another object; another group may not be.
 */
static void test_identity(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(
        &f, "object.yaml",
        HEAD("apps/v1", "Deployment") "spec: {selector: {matchLabels: {a: b}}}\n",
        HEAD("apps/v1", "Deployment") "spec: {selector: {matchLabels: {a: c}}}\n");
    fixture_file(&f, "o/x/kustomization.yaml", BASE);
    fixture_file_new(&f, "o/x/kustomization.yaml", BASE "namePrefix: new-\n");
    fixture_plan(&f);
    assert_int_equal(fixture_count(&f, "SG301"), 0);
    fixture_release(&f);

    static const char labels[] = "template: {metadata: {labels: {a: b}}}";
    sg_auto_cstr before =
        sg_xasprintf("%sspec: {%s}\n", HEAD("extensions/v1beta1", "Deployment"), labels);
    sg_auto_cstr implied = sg_xasprintf("%sspec: {selector: {matchLabels: {a: b}}, %s}\n",
                                        HEAD("apps/v1", "Deployment"), labels);
    sg_auto_cstr other = sg_xasprintf("%sspec: {selector: {matchLabels: {a: c}}, %s}\n",
                                      HEAD("apps/v1", "Deployment"), labels);
    plan(&f, before, implied); /* the selector was implied */
    assert_int_equal(fixture_count(&f, "SG301"), 0);
    fixture_release(&f);
    plan(&f, before, other);
    assert_int_equal(fixture_count(&f, "SG301"), 1);
    fixture_release(&f);
}

/* The customer's own change names the customer's line, and an accept takes it. */
static void test_customers(void **state) {
    (void)state;
    struct fixture f;
    static const char set[] = HEAD("apps/v1", "StatefulSet") "spec: {serviceName: a}\n";
    fixture_init(&f);
    fixture_base(&f, "object.yaml", set, set);
    fixture_file(&f, "o/x/kustomization.yaml", BASE);
    fixture_file_new(&f, "o/x/kustomization.yaml", BASE "patches:\n- path: p.yaml\n");
    fixture_file_new(&f, "o/x/p.yaml",
                     HEAD("apps/v1", "StatefulSet") "spec:\n  serviceName: b\n");
    f.accepts[f.accepts_len++] = (struct sg_plan_accept){
        .code = "SG301", .object = "StatefulSet/web", .reason = "planned"};
    fixture_plan(&f);
    const struct sg_finding *found = fixture_at(&f, "SG301", "web", "spec.serviceName");
    assert_string_equal(found->at.file, "o/x/p.yaml");
    assert_int_equal(found->at.line, 5);
    assert_string_equal(found->accepted, "planned");
    sg_plan_require_consent(&f.plan);
    assert_int_equal(found->severity, SG_WARNING);
    fixture_release(&f);
}

/* Not accepted, it fails a check of a step. */
static void test_consent(void **state) {
    (void)state;
    struct fixture f;
    plan(&f, HEAD("apps/v1", "StatefulSet") "spec: {serviceName: a}\n",
         HEAD("apps/v1", "StatefulSet") "spec: {serviceName: b}\n");
    sg_plan_finish(&f.plan, SG_USE_CHECK, SG_ERROR);
    assert_int_equal(f.plan.exit, 0);
    sg_plan_require_consent(&f.plan);
    assert_int_equal(fixture_finding(&f, "SG301")->severity, SG_ERROR);
    sg_plan_finish(&f.plan, SG_USE_CHECK, SG_ERROR);
    assert_int_equal(f.plan.exit, 1);
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),    cmocka_unit_test(test_two_fields),
        cmocka_unit_test(test_identity), cmocka_unit_test(test_customers),
        cmocka_unit_test(test_consent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
