/* test_validate.c - faults of objects: each kind of fault and each type, found and
 * silent; and what the schema leaves open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sg/schema.h"
#include "sg/yaml.h"

struct told {
    struct sg_buf text; /* a line a fault */
    size_t count;
};

static void note(void *ctx, const struct sg_fault *fault) {
    static const char *const words[] = {"unknown", "type", "missing"};
    struct told *told = ctx;
    sg_buf_addf(&told->text, "%s ", words[fault->kind]);
    sg_fieldpath_text(fault->path, &told->text);
    sg_buf_addf(&told->text, " <%s>\n", fault->expected);
    assert_true(fault->loc != 0);
    assert_true((fault->found == NULL) == (fault->kind == SG_FAULT_MISSING));
}

/* Every fault of the object. */
static struct told validate(const char *text) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_fieldpaths *paths = sg_fieldpaths_new(atoms);
    struct sg_docs set;
    sg_docs_init(&set, atoms);
    sg_auto_yaml_docs docs = {0};
    struct sg_err err = {0};
    struct told told = {0};
    if (sg_yaml_read(&set, "t.yaml", text, strlen(text), NULL, &docs, &err) != 0) {
        fail_msg("%s", err.text);
    }
    told.count = sg_schema_validate(paths, atoms, docs.roots.items[0], note, &told);
    sg_docs_release(&set);
    sg_fieldpaths_free(paths);
    sg_atoms_free(atoms);
    return told;
}

static void expect(const char *text, const char *faults) {
    struct told told = validate(text);
    if (strcmp(sg_buf_cstr(&told.text), faults) != 0) {
        fail_msg("%s\ngives:\n%s\nexpected:\n%s", text, sg_buf_cstr(&told.text), faults);
    }
    sg_buf_release(&told.text);
}

#define OBJECT(version, kind, rest)                                                      \
    "apiVersion: " version "\nkind: " kind "\nmetadata: {name: a}\n" rest
#define POD(fields) OBJECT("v1", "Pod", "spec: {containers: [{name: c, " fields "}]}\n")

static void test_unknown(void **state) {
    (void)state;
    expect(POD("imagePullPolcy: Always"),
           "unknown spec.containers[c].imagePullPolcy <imagePullPolicy>\n");
    expect(OBJECT("v1", "Service", "spce: {}\n"), "unknown spce <spec>\n");
    expect(OBJECT("v1", "Service", "spec: {somethingElse: 1}\n"),
           "unknown spec.somethingElse <>\n");
    expect(OBJECT("v1", "ConfigMap", "data: {anything: goes}\n"), "");
    expect(OBJECT("apps/v1", "Deployment",
                  "spec: {selector: {}, template: {metadata: {labels: {a.b/c: d}}}}\n"),
           "");
}

static void test_missing(void **state) {
    (void)state;
    expect(OBJECT("v1", "Pod", "spec: {}\n"), "missing spec.containers <a list>\n");
    expect(OBJECT("v1", "Pod", "spec: {containers: null}\n"),
           "missing spec.containers <a list>\n");
    expect(OBJECT("v1", "Pod", "spec: {containers: [{image: x}]}\n"),
           "missing spec.containers[#0].name <a string>\n");
    expect(POD("ports: [{name: http}]"),
           "missing spec.containers[c].ports[#0].containerPort <an integer>\n");
    expect(POD("ports: [{containerPort: 80}]"), "");
}

static void test_types(void **state) {
    (void)state;
    static const struct {
        const char *good, *bad, *fault;
    } fields[] = {
        {"image: x", "image: 1", "type spec.containers[c].image <a string>\n"},
        {"image: \"1\"", "image: true", "type spec.containers[c].image <a string>\n"},
        {"image: 2020-01-01", "image: [x]", "type spec.containers[c].image <a string>\n"},
        {"image: null", "image: {}", "type spec.containers[c].image <a string>\n"},
        {"stdin: true", "stdin: \"true\"",
         "type spec.containers[c].stdin <true or false>\n"},
        {"stdin: false", "stdin: 1", "type spec.containers[c].stdin <true or false>\n"},
        {"ports: [{containerPort: 80}]", "ports: [{containerPort: \"80\"}]",
         "type spec.containers[c].ports[80/TCP].containerPort <an integer>\n"},
        {"ports: [{containerPort: 80.0}]", "ports: [{containerPort: 80.5}]",
         "type spec.containers[c].ports[80.5/TCP].containerPort <an integer>\n"},
        {"args: [a]", "args: a", "type spec.containers[c].args <a list>\n"},
        {"args: []", "args: [1]", "type spec.containers[c].args[#0] <a string>\n"},
        {"resources: {limits: {cpu: 0.5}}", "resources: {limits: {cpu: much}}",
         "type spec.containers[c].resources.limits.cpu <a quantity such as 500m or "
         "2Gi>\n"},
        {"resources: {limits: {memory: 2Gi}}", "resources: {limits: {memory: 2GB}}",
         "type spec.containers[c].resources.limits.memory <a quantity such as 500m or "
         "2Gi>\n"},
        {"resources: {limits: {memory: 1e3}}", "resources: {limits: {memory: true}}",
         "type spec.containers[c].resources.limits.memory <a quantity such as 500m or "
         "2Gi>\n"},
        {"livenessProbe: {httpGet: {port: http}}",
         "livenessProbe: {httpGet: {port: true}}",
         "type spec.containers[c].livenessProbe.httpGet.port <an integer or a string>\n"},
        {"livenessProbe: {httpGet: {port: 80}}", "livenessProbe: {httpGet: {port: 8.5}}",
         "type spec.containers[c].livenessProbe.httpGet.port <an integer or a string>\n"},
        {"securityContext: {}", "securityContext: []",
         "type spec.containers[c].securityContext <a map>\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(fields); i++) {
        static const char frame[] = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
                                    "spec: {containers: [{name: c, %s}]}\n";
        sg_auto_cstr good = sg_xasprintf(frame, fields[i].good);
        sg_auto_cstr bad = sg_xasprintf(frame, fields[i].bad);
        expect(good, "");
        expect(bad, fields[i].fault);
    }
    expect(OBJECT("v1", "ConfigMap", "data: {a: 1}\n"), "type data.a <a string>\n");
    expect(OBJECT("v1", "ConfigMap", "data: {a: \"1\"}\n"), "");
}

/* What no schema decides. */
static void test_open(void **state) {
    (void)state;
    expect(OBJECT("example.com/v1", "Thing", "spec: {any: [1, a]}\n"), "");
    expect(OBJECT("apps/v9", "Deployment", "spec: 1\n"), "");
    expect("kind: Pod\nspec: 1\n", "");
    expect("apiVersion: [v1]\nkind: {}\n", "");
    expect(OBJECT("v1", "Service", "status: {made: up}\n"), "");
    expect(
        OBJECT("apiextensions.k8s.io/v1", "CustomResourceDefinition",
               "spec: {group: g, scope: Cluster, names: {kind: K, plural: ks}, versions: "
               "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: "
               "{default: {a: [1]}, properties: {x: {enum: [1, a, true]}}, "
               "additionalProperties: false}}}]}\n"),
        "");
    expect(OBJECT("rbac.authorization.k8s.io/v1", "RoleBinding",
                  "roleRef: {kind: Role, name: r}\n"),
           "");
}

/* Older versions and the newest ones are known side by side. */
static void test_union(void **state) {
    (void)state;
    expect(
        OBJECT("networking.k8s.io/v1beta1", "Ingress",
               "spec: {rules: [{http: {paths: [{backend: {serviceName: a, servicePort: "
               "80}}]}}]}\n"),
        "");
    expect(OBJECT("networking.k8s.io/v1", "Ingress",
                  "spec: {rules: [{http: {paths: [{backend: {serviceName: a}}]}}]}\n"),
           "unknown spec.rules[#0].http.paths[#0].backend.serviceName <>\n"
           "missing spec.rules[#0].http.paths[#0].pathType <a string>\n");
    expect(OBJECT("policy/v1beta1", "PodSecurityPolicy",
                  "spec: {seLinux: {rule: a}, supplementalGroups: {}, fsGroup: {}, "
                  "runAsUser: {rule: b}}\n"),
           "");
}

/* Every fault is counted, the first are told. */
static void test_many(void **state) {
    (void)state;
    sg_auto_buf text = SG_BUF_INIT;
    sg_buf_adds(&text, OBJECT("v1", "ConfigMap", "data:\n"));
    for (int i = 0; i < 3000; i++) {
        sg_buf_addf(&text, "  k%d: %d\n", i, i);
    }
    struct told told = validate(sg_buf_cstr(&text));
    assert_int_equal(told.count, 3000);
    size_t lines = 0;
    for (size_t i = 0; i < told.text.len; i++) {
        lines += told.text.ptr[i] == '\n';
    }
    assert_int_equal(lines, SG_FAULTS_MAX);
    sg_buf_release(&told.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unknown), cmocka_unit_test(test_missing),
        cmocka_unit_test(test_types),   cmocka_unit_test(test_open),
        cmocka_unit_test(test_union),   cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
