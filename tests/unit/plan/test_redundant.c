/* SG103: what upstream says itself now; and what tells findings of one file apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define HEAD "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"
#define C    "spec.template.spec.containers[c]"

/* A Deployment with this many replicas, image and env. */
#define WEB(replicas, image, env)                                                        \
    HEAD "spec:\n  replicas: " replicas "\n  template:\n    spec:\n      containers:\n"  \
         "      - name: c\n        image: " image "\n        env:\n" env
#define ENV(name, value) "        - name: " name "\n          value: " value "\n"

#define PATCHED "resources: [../../base]\npatches:\n- path: patch.yaml\n"
#define OF_ENV(text)                                                                     \
    HEAD "spec:\n  template:\n    spec:\n      containers:\n      - name: c\n"           \
         "        env:\n" text

struct scenario {
    const char *name;
    const char *old, *new; /* the base */
    const char *kustomization, *patch;
    const char *path; /* where SG103 is; NULL: there is none */
    uint32_t line;    /* in `patch`, else in the kustomization */
};

static const struct scenario scenarios[] = {
    {"the value", WEB("1", "i:1", ENV("A", "a")), WEB("3", "i:1", ENV("A", "a")), PATCHED,
     HEAD "spec:\n  replicas: 3\n", "spec.replicas", 6},
    {"another value", WEB("1", "i:1", ENV("A", "a")), WEB("2", "i:1", ENV("A", "a")),
     PATCHED, HEAD "spec:\n  replicas: 3\n", NULL, 0},
    {"upstream did not change it", WEB("1", "i:1", ENV("A", "a")),
     WEB("1", "i:2", ENV("A", "a")), PATCHED, HEAD "spec:\n  replicas: 3\n", NULL, 0},
    {"it did nothing before either", WEB("3", "i:1", ENV("A", "a")),
     WEB("3", "i:2", ENV("A", "a")), PATCHED, HEAD "spec:\n  replicas: 3\n", NULL, 0},
    {"an element with all that is in it", WEB("1", "i:1", ENV("A", "a")),
     WEB("1", "i:1", ENV("A", "a") ENV("B", "b")), PATCHED, OF_ENV(ENV("B", "b")),
     C ".env[B]", 11},
    {"an element with another value", WEB("1", "i:1", ENV("A", "a")),
     WEB("1", "i:1", ENV("A", "a") ENV("B", "x")), PATCHED, OF_ENV(ENV("B", "b")), NULL,
     0},
    {"a deleted element", WEB("1", "i:1", ENV("A", "a") ENV("B", "b")),
     WEB("1", "i:1", ENV("A", "a")), PATCHED,
     OF_ENV("        - name: B\n          $patch: delete\n"), C ".env[B]", 11},
    {"a deleted element that stays", WEB("1", "i:1", ENV("A", "a") ENV("B", "b")),
     WEB("1", "i:2", ENV("A", "a") ENV("B", "b")), PATCHED,
     OF_ENV("        - name: B\n          $patch: delete\n"), NULL, 0},
    {"a field set to null", WEB("1", "i:1", ENV("A", "a")),
     HEAD "spec:\n  template:\n    spec:\n      containers:\n      - name: c\n", PATCHED,
     HEAD "spec:\n  replicas: null\n", "spec.replicas", 6},
    {"a JSON operation", WEB("1", "i:1", ENV("A", "a")), WEB("3", "i:1", ENV("A", "a")),
     "resources: [../../base]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n"
     "    - op: replace\n      path: /spec/replicas\n      value: 3\n",
     NULL, "spec.replicas", 7},
    {"a number of replicas", WEB("1", "i:1", ENV("A", "a")),
     WEB("3", "i:1", ENV("A", "a")),
     "resources: [../../base]\nreplicas:\n- name: web\n  count: 3\n", NULL,
     "spec.replicas", 3},
    {"an image's tag", WEB("1", "i:1", ENV("A", "a")), WEB("1", "i:2", ENV("A", "a")),
     "resources: [../../base]\nimages:\n- name: i\n  newTag: '2'\n", NULL,
     "o/x/kustomization.yaml images[0]", 3},
    {"an image's tag that still differs", WEB("1", "i:1", ENV("A", "a")),
     WEB("1", "i:2", ENV("A", "a")),
     "resources: [../../base]\nimages:\n- name: i\n  newTag: '3'\n", NULL, NULL, 0},
    {"a mirror", WEB("1", "i:1", ENV("A", "a")), WEB("1", "i:2", ENV("A", "a")),
     "resources: [../../base]\nimages:\n- name: i\n  newName: m/i\n", NULL, NULL, 0},
    {"one of two patches, the other stands", WEB("1", "i:1", ENV("A", "a")),
     WEB("3", "i:1", ENV("A", "a")),
     PATCHED "- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n"
             "    metadata: {name: web}\n    spec: {replicas: 9}\n",
     HEAD "spec:\n  replicas: 3\n", NULL, 0},
};

static void run(const struct scenario *scenario, struct fixture *f) {
    fixture_init(f);
    fixture_base(f, "web.yaml", scenario->old, scenario->new);
    fixture_file(f, "o/x/kustomization.yaml", scenario->kustomization);
    fixture_file(f, "o/x/patch.yaml", scenario->patch);
    fixture_plan(f);
}

/* At most one SG1xx a place. */
static bool is_said_twice(const struct fixture *f, const struct sg_finding *redundant) {
    const struct sg_plan_overlay *overlay = &f->plan.overlays.items[0];
    for (size_t i = 0; i < overlay->findings.len; i++) {
        const struct sg_finding *other = &overlay->findings.items[i];
        if (other != redundant && strncmp(other->code, "SG1", 3) == 0 &&
            strcmp(other->object, redundant->object) == 0 &&
            strcmp(other->path, redundant->path) == 0) {
            return true;
        }
    }
    return false;
}

static void test_scenarios(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(scenarios); i++) {
        const struct scenario *scenario = &scenarios[i];
        struct fixture f;
        run(scenario, &f);
        const struct sg_finding *found = fixture_finding(&f, "SG103");
        bool fits = scenario->path == NULL
                        ? found == NULL
                        : found != NULL && strcmp(found->path, scenario->path) == 0 &&
                              found->severity == SG_INFO && !found->stops &&
                              found->at.line == scenario->line &&
                              !is_said_twice(&f, found);
        if (!fits) {
            fixture_dump(&f);
            fail_msg("%s", scenario->name);
        }
        fixture_release(&f);
    }
}

/* A patch of upstream's own is upstream's to clean up. */
static void test_vendored(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "web.yaml", WEB("1", "i:1", ENV("A", "a")),
                 WEB("3", "i:1", ENV("A", "a")));
    fixture_file(&f, "base/.comp/kustomization.yaml",
                 "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
                 "replicas: [{name: web, count: 3}]\n");
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\ncomponents: [../../base/.comp]\n");
    fixture_plan(&f);
    assert_null(fixture_finding(&f, "SG103"));
    fixture_release(&f);
}

static void require_distinct(const struct fixture *f, const char *code, size_t expected) {
    const struct sg_plan_overlay *overlay = &f->plan.overlays.items[0];
    size_t n = 0;
    for (size_t i = 0; i < overlay->findings.len; i++) {
        const struct sg_finding *a = &overlay->findings.items[i];
        n += strcmp(a->code, code) == 0;
        for (size_t k = 0; k < i; k++) {
            const struct sg_finding *b = &overlay->findings.items[k];
            if (strcmp(a->fingerprint, b->fingerprint) == 0) {
                fixture_dump(f);
                fail_msg("%s %s and %s %s have one fingerprint", a->code, a->path,
                         b->code, b->path);
            }
        }
    }
    if (n != expected) {
        fixture_dump(f);
        fail_msg("%zu of %s, expected %zu", n, code, expected);
    }
}

static void test_fingerprints(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "web.yaml", WEB("1", "i:1", ENV("A", "a")),
                 WEB("1", "i:1", ENV("A", "a")));
    fixture_file(&f, "o/x/kustomization.yaml",
                 PATCHED "- target: {kind: Deployment}\n  patch: |-\n"
                         "    - op: replace\n      path: /spec/replicas\n"
                         "      value: 1\n"
                         "    - op: replace\n      path: /metadata/name\n"
                         "      value: web\n"
                         "- target: {kind: Gone}\n  patch: |-\n"
                         "    - {op: remove, path: /a}\n"
                         "- target: {kind: Away}\n  patch: |-\n"
                         "    - {op: remove, path: /b}\n"
                         "images:\n- name: i\n  newTag: '1'\n- name: none\n"
                         "  newTag: '1'\n");
    fixture_file(
        &f, "o/x/patch.yaml",
        OF_ENV("        - value: keyless\n        - name: B\n          value: x\n"
               "        - name: B\n          value: y\n"));
    fixture_plan(&f);
    require_distinct(&f, "SG104", 6);
    require_distinct(&f, "SG105", 3);
    fixture_release(&f);
}

/* A step that found something on one base only and did nothing there does nothing. */
static void test_noop_on_one_base(void **state) {
    (void)state;
    static const char kustomization[] =
        "resources: [../../base]\nimages:\n- name: j\n  newTag: '2'\n";
    for (int found = 0; found < 2; found++) {
        struct fixture f;
        fixture_init(&f);
        fixture_base(&f, "web.yaml", WEB("1", "i:1", ENV("A", "a")),
                     found ? WEB("1", "j:2", ENV("A", "a"))
                           : WEB("1", "j:1", ENV("A", "a")));
        fixture_file(&f, "o/x/kustomization.yaml", kustomization);
        fixture_plan(&f);
        assert_int_equal(fixture_finding(&f, "SG104") != NULL, found);
        assert_null(fixture_finding(&f, "SG103"));
        fixture_release(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenarios),
        cmocka_unit_test(test_vendored),
        cmocka_unit_test(test_fingerprints),
        cmocka_unit_test(test_noop_on_one_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
