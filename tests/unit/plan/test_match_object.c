/* Objects that are gone and what they became: each rule, and where nobody knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bases.h"

#define OBJECT(api, kind, name)                                                          \
    "---\napiVersion: " api "\nkind: " kind "\nmetadata:\n  name: " name "\n"
#define WORKLOAD(kind, name, image)                                                      \
    OBJECT("apps/v1", kind, name)                                                        \
    "spec:\n  selector: {matchLabels: {app: " name "}}\n  template:\n"                   \
    "    metadata: {labels: {app: " name "}}\n    spec:\n      containers:\n"            \
    "      - name: " name "\n        image: " image "\n"
#define SERVICE(name, app)                                                               \
    OBJECT("v1", "Service", name)                                                        \
    "spec:\n  selector: {app: " app "}\n  ports:\n  - {name: api, port: 4711}\n"
#define CLAIM(name)                                                                      \
    OBJECT("v1", "PersistentVolumeClaim", name)                                          \
    "spec: {resources: {requests: {storage: 200Gi}}}\n"
#define MOUNT(path) "        volumeMounts: [{name: data, mountPath: " path "}]\n"
#define CLAIMED(name)                                                                    \
    "      volumes: [{name: data, persistentVolumeClaim: {claimName: " name "}}]\n"

static void test_group_moved(void **state) {
    (void)state;
    const char *spec = "spec: {backend: {serviceName: web, servicePort: 80}}\n";
    sg_auto_cstr old =
        sg_xasprintf("%s%s", OBJECT("extensions/v1beta1", "Ingress", "web"), spec);
    sg_auto_cstr new =
        sg_xasprintf("%s%s", OBJECT("networking.k8s.io/v1", "Ingress", "web"),
                     "spec: {ingressClassName: other}\n");
    expect_change(old, new, "Ingress/web", "Ingress/web", "moved by Kubernetes");
    /* nothing says that this group took over from that one */
    expect_change(OBJECT("v1", "Service", "web") "spec: {clusterIP: None}\n",
                  OBJECT("serving.knative.dev/v1", "Service",
                         "web") "spec: {template: {spec: {containers: []}}}\n",
                  "Service/web", "", "another API group");
}

static void test_kind_changed(void **state) {
    (void)state;
    expect_change(WORKLOAD("Deployment", "web", "example/web:1"),
                  WORKLOAD("StatefulSet", "web", "example/web:2"), "Deployment/web",
                  "StatefulSet/web", "the only one with image example/web");
    /* a kind of other work is no heir, whatever its name */
    expect_change(WORKLOAD("Deployment", "web", "example/web:1"), SERVICE("web", "web"),
                  "Deployment/web", "", "");
    expect_change(WORKLOAD("Deployment", "web", "example/web:1"),
                  WORKLOAD("StatefulSet", "web", "other/thing:2"), "Deployment/web", "",
                  "other images");
}

static void test_renamed_by_image(void **state) {
    (void)state;
    expect_change(WORKLOAD("Deployment", "web", "example/web:1"),
                  WORKLOAD("Deployment", "web-server", "example/web:2"), "Deployment/web",
                  "Deployment/web-server", "the only one with image example/web");
}

static void test_similar_name_alone(void **state) {
    (void)state;
    expect_change(OBJECT("v1", "ConfigMap", "web-config") "data: {a.conf: listen 1}\n",
                  OBJECT("v1", "ConfigMap", "web-config-2") "data: {b.conf: serve 2}\n",
                  "ConfigMap/web-config", "", "similar name");
    expect_change(WORKLOAD("Deployment", "web", "example/web:1"),
                  WORKLOAD("Deployment", "web2", "other/thing:1"), "Deployment/web", "",
                  "");
}

static void test_two_heirs(void **state) {
    (void)state;
    expect_change(WORKLOAD("Deployment", "worker", "example/worker:1"),
                  WORKLOAD("Deployment", "worker-a", "example/worker:1")
                      WORKLOAD("Deployment", "worker-b", "example/worker:1"),
                  "Deployment/worker", "", "same image");
}

static void test_two_gone(void **state) {
    (void)state;
    const char *old = WORKLOAD("Deployment", "worker-a", "example/worker:1")
        WORKLOAD("Deployment", "worker-b", "example/worker:1");
    const char *new = WORKLOAD("Deployment", "worker", "example/worker:1");
    expect_change(old, new, "Deployment/worker-a", "", "");
    expect_change(old, new, "Deployment/worker-b", "", "");
}

static void test_two_renamed(void **state) {
    (void)state;
    const char *old = WORKLOAD("Deployment", "alpha", "example/alpha:1")
        WORKLOAD("Deployment", "beta", "example/beta:1");
    const char *new = WORKLOAD("Deployment", "my-alpha", "example/alpha:2")
        WORKLOAD("Deployment", "my-beta", "example/beta:2");
    expect_change(old, new, "Deployment/alpha", "Deployment/my-alpha", "");
    expect_change(old, new, "Deployment/beta", "Deployment/my-beta", "");
}

static void test_reference(void **state) {
    (void)state;
#define USER(claim)                                                                      \
    WORKLOAD("Deployment", "web", "example/web:1")                                       \
    MOUNT("/data") CLAIMED(claim)
    expect_change(USER("web") CLAIM("web"), USER("web-data") CLAIM("web-data"),
                  "PersistentVolumeClaim/web", "PersistentVolumeClaim/web-data",
                  "in its place in Deployment/web");
    /* another new one, but nobody put it in the place of the old */
    expect_change(USER("web") CLAIM("web"),
                  WORKLOAD("Deployment", "web", "example/web:1") CLAIM("cache"),
                  "PersistentVolumeClaim/web", "", "");
#undef USER
}

/* The Deployment and its claim get new names together: the second look finds it. */
static void test_reference_of_renamed(void **state) {
    (void)state;
#define USER(name, claim)                                                                \
    WORKLOAD("Deployment", name, "example/web:1")                                        \
    MOUNT("/data") CLAIMED(claim) CLAIM(claim)
    expect_change(USER("web", "web-data"), USER("web-server", "web-server-data"),
                  "PersistentVolumeClaim/web-data",
                  "PersistentVolumeClaim/web-server-data",
                  "in its place in Deployment/web");
#undef USER
}

static void test_service_of_same_pods(void **state) {
    (void)state;
    const char *pods = WORKLOAD("Deployment", "web", "example/web:1");
    sg_auto_cstr old = sg_xasprintf("%s%s", pods, SERVICE("web", "web"));
    sg_auto_cstr new = sg_xasprintf("%s%s", pods, SERVICE("web-api", "web"));
    expect_change(old, new, "Service/web", "Service/web-api",
                  "it is for the same Deployment/web");
}

static void test_claim_became_template(void **state) {
    (void)state;
#define OLD                                                                              \
    WORKLOAD("Deployment", "db", "example/db:1")                                         \
    MOUNT("/var/lib/db") CLAIMED("db") CLAIM("db")
#define NEW(path)                                                                        \
    WORKLOAD("StatefulSet", "db", "example/db:2")                                        \
    MOUNT(path)                                                                          \
    "  volumeClaimTemplates:\n"                                                          \
    "  - {metadata: {name: other}, spec: {}}\n"                                          \
    "  - {metadata: {name: data}, spec: {}}\n"
    expect_change(OLD, NEW("/var/lib/db"), "PersistentVolumeClaim/db",
                  "StatefulSet/db template 1", "mounted at the same path /var/lib/db");
    expect_change(OLD, NEW("/var/cache"), "PersistentVolumeClaim/db", "", "");
#undef OLD
#undef NEW
}

static void test_same_text_everywhere(void **state) {
    (void)state;
    /* what every object says tells nothing */
    const char *stay = CLAIM("a") CLAIM("b") CLAIM("c") CLAIM("d");
    sg_auto_cstr old = sg_xasprintf("%s%s", stay, CLAIM("lsif"));
    sg_auto_cstr new = sg_xasprintf("%s%s", stay, CLAIM("bundles"));
    expect_change(old, new, "PersistentVolumeClaim/lsif", "", "");
}

/* Thousands that are renamed at once, each by its own image. */
static void test_many(void **state) {
    (void)state;
    enum { MANY = 3000 };
    struct bases bases;
    sg_auto_buf old = SG_BUF_INIT;
    sg_auto_buf new = SG_BUF_INIT;
    for (int i = 0; i < MANY; i++) {
        sg_buf_addf(
            &old,
            OBJECT("apps/v1", "Deployment",
                   "old-%d") "spec: {template: "
                             "{spec: {containers: [{name: c, image: example/app%d}]}}}\n",
            i, i);
        sg_buf_addf(
            &new,
            OBJECT(
                "apps/v1", "Deployment",
                "fresh-%d") "spec: {template: "
                            "{spec: {containers: [{name: c, image: example/app%d}]}}}\n",
            i, i);
    }
    bases_init(&bases);
    bases_put(&bases, "a.yaml", sg_buf_cstr(&old), sg_buf_cstr(&new));
    bases_render(&bases);
    for (int i = 0; i < MANY; i++) {
        auto_matches matches = {0};
        match_object(&bases.op, bases.op.trees[T_UO]->render.items.items[i], &matches);
        assert_int_equal(matches.items.len, 1);
        const char *was =
            bases.op.trees[T_UO]->render.items.items[i]->orig.name->text + 4;
        assert_string_equal(matches.items.items[0].res->orig.name->text + 6, was);
    }
    bases_release(&bases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group_moved),
        cmocka_unit_test(test_kind_changed),
        cmocka_unit_test(test_renamed_by_image),
        cmocka_unit_test(test_similar_name_alone),
        cmocka_unit_test(test_two_heirs),
        cmocka_unit_test(test_two_gone),
        cmocka_unit_test(test_two_renamed),
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_reference_of_renamed),
        cmocka_unit_test(test_service_of_same_pods),
        cmocka_unit_test(test_claim_became_template),
        cmocka_unit_test(test_same_text_everywhere),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
