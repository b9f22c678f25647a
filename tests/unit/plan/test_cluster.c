/* What the cluster takes and needs: SG304, SG305, and the capacity of a hop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "sg/schema.h"

#define BASE "resources: [../../base]\nnamespace: prod\n"
#define OBJECT(version, kind, name)                                                      \
    "apiVersion: " version "\nkind: " kind "\nmetadata: {name: " name "}\n"

/* --- SG304 ------------------------------------------------------------------------ */

static void test_removed_api(void **state) {
    (void)state;
    static const struct {
        const char *kubernetes, *object;
        const char *message; /* NULL: nothing is found */
    } cases[] = {
        {"1.22", OBJECT("extensions/v1beta1", "Ingress", "a"), "it went away in 1.22"},
        {"1.22.5", OBJECT("extensions/v1beta1", "Ingress", "a"), "it went away in 1.22"},
        {"1.21", OBJECT("extensions/v1beta1", "Ingress", "a"), NULL},
        {"1.9", OBJECT("extensions/v1beta1", "Ingress", "a"), NULL},
        {NULL, OBJECT("extensions/v1beta1", "Ingress", "a"), NULL},
        {"1.29", OBJECT("networking.k8s.io/v1", "Ingress", "a"), NULL},
        {"1.25", OBJECT("policy/v1beta1", "PodSecurityPolicy", "a"), "away in 1.25"},
        {"1.29", OBJECT("example.com/v1beta1", "Ingress", "a"), NULL},
        {"1.20", OBJECT("autoscaling/v2", "HorizontalPodAutoscaler", "a"), "yet"},
        {"1.35", OBJECT("autoscaling/v2", "HorizontalPodAutoscaler", "a"), NULL},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct fixture f;
        fixture_init(&f);
        f.kubernetes = cases[i].kubernetes;
        fixture_base(&f, "object.yaml", cases[i].object, cases[i].object);
        fixture_file(&f, "o/x/kustomization.yaml", BASE);
        fixture_plan(&f);
        const struct sg_finding *found = fixture_finding(&f, "SG304");
        if ((found == NULL) != (cases[i].message == NULL) ||
            (found != NULL && strstr(found->message, cases[i].message) == NULL)) {
            fixture_dump(&f);
            fail_msg("case %zu", i);
        }
        if (found != NULL) {
            assert_int_equal(found->severity, SG_ERROR);
            assert_string_equal(found->path, "apiVersion");
            assert_null(found->at.file);
        }
        fixture_release(&f);
    }
}

/* The customer's own object is named by its line; the present state is looked at too. */
static void test_removed_api_present(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    f.kubernetes = "1.29";
    fixture_base(&f, "object.yaml", NULL, OBJECT("v1", "ConfigMap", "a"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base, mine.yaml]\nnamespace: prod\n");
    fixture_file(&f, "o/x/mine.yaml",
                 "# mine\n" OBJECT("batch/v1beta1", "CronJob", "tidy"));
    fixture_present(&f);
    const struct sg_finding *found = fixture_at(&f, "SG304", "tidy", "apiVersion");
    assert_string_equal(found->at.file, "o/x/mine.yaml");
    assert_int_equal(found->at.line, 2);
    assert_string_equal(found->fix, "use batch/v1");
    assert_int_equal(f.plan.exit, 1);
    fixture_release(&f);
}

/* --- SG305 ------------------------------------------------------------------------ */

#define SERVICE(spec) OBJECT("v1", "Service", "web") "spec: " spec "\n"

/* Upstream's own fault is info, with upstream's line; the customer's is an error. */
static void test_whose_fault(void **state) {
    (void)state;
    static const char base[] = SERVICE("{ports: [{port: 80, nam: http}]}");
    for (int present = 0; present < 2; present++) {
        struct fixture f;
        fixture_init(&f);
        fixture_base(&f, "web.yaml", base, base);
        fixture_file(&f, "o/x/kustomization.yaml", BASE "patches:\n- path: p.yaml\n");
        fixture_file(&f, "o/x/p.yaml",
                     OBJECT("v1", "Service", "web") "spec:\n  typ: x\n");
        present ? fixture_present(&f) : fixture_plan(&f);
        assert_int_equal(fixture_count(&f, "SG305"), 2);
        const struct sg_finding *theirs =
            fixture_at(&f, "SG305", "web", "spec.ports[80/TCP].nam");
        assert_int_equal(theirs->severity, SG_INFO);
        assert_string_equal(theirs->at.file, "base/web.yaml");
        assert_string_equal(theirs->fix, "did you mean name?");
        const struct sg_finding *ours = fixture_at(&f, "SG305", "web", "spec.typ");
        assert_int_equal(ours->severity, SG_ERROR);
        assert_string_equal(ours->at.file, "o/x/p.yaml");
        assert_int_equal(ours->at.line, 5);
        assert_int_equal(f.plan.exit, present ? 1 : 0);
        fixture_release(&f);
    }
}

/* No value of a Secret is in a message. */
static void test_secret(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "s.yaml", NULL,
                 OBJECT("v1", "Secret", "s") "stringData: {pin: 31337}\n");
    fixture_file(&f, "o/x/kustomization.yaml", BASE);
    fixture_present(&f);
    const struct sg_finding *found = fixture_at(&f, "SG305", "s", "stringData.pin");
    assert_string_equal(found->message, "found a number, expected a string");
    fixture_release(&f);
}

/* More faults than anybody reads one by one. */
static void test_many(void **state) {
    (void)state;
    struct fixture f;
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_adds(&text, OBJECT("v1", "Service", "web") "spec:\n");
    for (int i = 0; i < 5000; i++) {
        sg_buf_addf(&text, "  wrong%d: 1\n", i);
    }
    fixture_init(&f);
    fixture_base(&f, "web.yaml", NULL, sg_buf_cstr(&text));
    fixture_file(&f, "o/x/kustomization.yaml", BASE);
    fixture_present(&f);
    assert_int_equal(fixture_count(&f, "SG305"), SG_FAULTS_MAX + 1);
    const struct sg_finding *rest = fixture_at(&f, "SG305", "web", "");
    assert_string_equal(rest->message,
                        "this object has 5000 faults, of which 20 are listed");
    fixture_release(&f);
}

/* --- capacity --------------------------------------------------------------------- */

#define POD(requests, limits)                                                            \
    "spec: {containers: [{name: c, resources: {requests: {" requests                     \
    "}, limits: {" limits "}}}]}"

static void quantity(struct sg_quantity q, const char *text) {
    struct sg_quantity wanted;
    assert_true(sg_quantity_parse(text, strlen(text), &wanted));
    if (sg_quantity_cmp(q, wanted) != 0) {
        sg_auto_buf got = SG_BUF_INIT;
        sg_quantity_write(q, false, &got);
        fail_msg("%s, expected %s", sg_buf_cstr(&got), text);
    }
}

static const struct sg_plan_capacity *capacity(struct fixture *f, const char *before,
                                               const char *after) {
    fixture_init(f);
    fixture_base(f, "a.yaml", before, after);
    fixture_file(f, "o/x/kustomization.yaml", BASE);
    fixture_plan(f);
    assert_int_equal(f->plan.overlays.items[0].capacity.len, 1);
    return &f->plan.overlays.items[0].capacity.items[0];
}

static void test_pods(void **state) {
    (void)state;
    struct fixture f;
    const struct sg_plan_capacity *c = capacity(
        &f,
        OBJECT("apps/v1", "Deployment", "web") "spec: {replicas: 3, template: {" POD(
            "cpu: 500m, memory: 1Gi", "cpu: 1") "}}\n",
        OBJECT("apps/v1", "Deployment", "web") "spec: {template: {" POD(
            "memory: 512Mi", "cpu: 2, memory: 1Gi") "}}\n");
    quantity(c->before.cpu_requests, "1.5");
    quantity(c->before.cpu_limits, "3");
    quantity(c->before.memory_requests, "3Gi");
    quantity(c->before.memory_limits, "0");
    quantity(c->after.cpu_requests, "2"); /* left out: the limit */
    quantity(c->after.cpu_limits, "2");
    quantity(c->after.memory_requests, "512Mi");
    quantity(c->after.memory_limits, "1Gi");
    fixture_release(&f);
}

/* An init container counts where it needs more than all that run after it; one that goes
 * on running counts beside them. */
#define CPU(name, cpu, more)                                                             \
    "{name: " name ", " more "resources: {requests: {cpu: " cpu "}}}"

static void test_init_containers(void **state) {
    (void)state;
    static const char before[] = OBJECT(
        "v1", "Pod", "p") "spec:\n"
                          "  initContainers: [" CPU("i", "3", "") ", " CPU(
                              "j", "1", "") "]\n"
                                            "  containers: [" CPU("a", "1", "") ", " CPU(
                                                "b", "1", "") "]\n";
    static const char after[] = OBJECT(
        "v1", "Pod",
        "p") "spec:\n"
             "  initContainers: [" CPU("s", "1", "restartPolicy: Always, ") ", " CPU(
                 "i", "1500m", "") "]\n"
                                   "  containers: [" CPU("a", "1", "") "]\n";
    struct fixture f;
    const struct sg_plan_capacity *c = capacity(&f, before, after);
    quantity(c->before.cpu_requests, "3");
    quantity(c->after.cpu_requests, "2.5");
    fixture_release(&f);
}

#define CLAIM(size) "spec: {resources: {requests: {storage: " size "}}}"
#define AGENT(cpu)                                                                       \
    OBJECT("apps/v1", "DaemonSet", "agent")                                              \
    "spec: {template: {" POD("cpu: " cpu, "") "}}\n"

static void test_storage_and_daemons(void **state) {
    (void)state;
    static const char before[] =
        OBJECT("v1", "PersistentVolumeClaim", "p") CLAIM("10Gi") "\n---\n" AGENT("1");
    static const char set[] = OBJECT("apps/v1", "StatefulSet",
                                     "p") "spec:\n  replicas: 3\n"
                                          "  volumeClaimTemplates:\n"
                                          "  - {metadata: {name: d}, " CLAIM("5Gi") "}\n";
    static const char job[] =
        OBJECT("batch/v1", "Job", "j") "spec: {template: {" POD("cpu: 9", "") "}}\n";
    sg_auto_cstr after = sg_xasprintf("%s---\n%s---\n%s", set, AGENT("2"), job);
    struct fixture f;
    const struct sg_plan_capacity *c = capacity(&f, before, after);
    quantity(c->storage_before, "10Gi");
    quantity(c->storage_after, "15Gi");
    quantity(c->before.cpu_requests, "0");
    quantity(c->after.cpu_requests, "0");
    assert_int_equal(c->daemons.len, 1);
    assert_string_equal(c->daemons.items[0].id, "apps/v1/DaemonSet/prod/agent");
    quantity(c->daemons.items[0].before.cpu_requests, "1");
    quantity(c->daemons.items[0].after.cpu_requests, "2");
    fixture_release(&f);
}

/* What is no quantity counts as nothing, and nothing overflows. */
static void test_odd_numbers(void **state) {
    (void)state;
    struct fixture f;
    const struct sg_plan_capacity *c = capacity(
        &f,
        OBJECT("apps/v1", "Deployment", "web") "spec: {replicas: [3], template: {" POD(
            "cpu: much, memory: [1]", "cpu: {a: b}") "}}\n",
        OBJECT("apps/v1", "Deployment", "web") "spec: {replicas: 99999999999999999999, "
                                               "template: {" POD("cpu: 99999E",
                                                                 "memory: -1Gi") "}}\n");
    quantity(c->before.cpu_requests, "0");
    assert_true(c->after.cpu_requests.nano > 0);
    quantity(c->after.memory_limits, "0");
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_removed_api),
        cmocka_unit_test(test_removed_api_present),
        cmocka_unit_test(test_whose_fault),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_pods),
        cmocka_unit_test(test_init_containers),
        cmocka_unit_test(test_storage_and_daemons),
        cmocka_unit_test(test_odd_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
