/* Owner and state of every kind of write, by the table of docs/OWNERSHIP.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define WEB_OLD                                                                          \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"             \
    "  replicas: 1\n  template:\n    spec:\n      containers:\n"                         \
    "      - name: web\n        image: corp/web:1\n        args: [a, b]\n"               \
    "        env:\n        - name: A\n          value: \"1\"\n"                          \
    "        resources:\n          limits:\n            cpu: \"1\"\n            "        \
    "memory: 1Gi\n"

#define WEB_NEW                                                                          \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"             \
    "  replicas: 2\n  template:\n    spec:\n      containers:\n"                         \
    "      - name: sidecar\n        image: corp/sidecar:1\n"                             \
    "      - name: web\n        image: corp/web:2\n        args: [a, b, c]\n"            \
    "        env:\n        - name: A\n          value: \"2\"\n"                          \
    "        - name: B\n          value: b\n"                                            \
    "        resources:\n          limits:\n            cpu: \"2\"\n            "        \
    "memory: 1Gi\n"

static void row(const struct fixture *fixture, const char *object, const char *path,
                enum sg_owner owner, enum sg_state state, const char *file,
                uint32_t line) {
    const struct sg_plan_field *found = fixture_row(fixture, object, path);
    if (found == NULL || found->owner != owner || found->state != state) {
        fixture_dump(fixture);
        fail_msg("%s %s: expected %s %s", object, path, sg_owner_word(owner),
                 sg_state_word(state));
    }
    if (file == NULL) {
        assert_null(found->at.file);
        return;
    }
    if (found->at.file == NULL || strcmp(found->at.file, file) != 0 ||
        found->at.line != line) {
        fixture_dump(fixture);
        fail_msg("%s %s: expected %s:%u", object, path, file, line);
    }
}

static void web(struct fixture *fixture, const char *kustomization, const char *patch) {
    fixture_init(fixture);
    fixture_base(fixture, "web.yaml", WEB_OLD, WEB_NEW);
    fixture_file(fixture, "o/x/kustomization.yaml", kustomization);
    if (patch != NULL) {
        fixture_file(fixture, "o/x/patch.yaml", patch);
    }
    fixture_plan(fixture);
}

#define CONTAINER "spec.template.spec.containers[web]"

#define POD(image)                                                                       \
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"                                   \
    "spec: {containers: [{name: c, image: \"" image "\"}]}\n"

static void test_upstream_only(void **state) {
    (void)state;
    struct fixture f;
    web(&f, "resources: [../../base]\n", NULL);
    row(&f, "Deployment/web", "spec.replicas", SG_OWNER_UPSTREAM, SG_STATE_NONE, NULL, 0);
    row(&f, "Deployment/web", CONTAINER ".image", SG_OWNER_UPSTREAM, SG_STATE_NONE, NULL,
        0);
    row(&f, "Deployment/web", CONTAINER ".args", SG_OWNER_UPSTREAM, SG_STATE_NONE, NULL,
        0);
    row(&f, "Deployment/web", CONTAINER ".env[B]", SG_OWNER_UPSTREAM, SG_STATE_NONE, NULL,
        0);
    row(&f, "Deployment/web", "spec.template.spec.containers[sidecar]", SG_OWNER_UPSTREAM,
        SG_STATE_NONE, NULL, 0);
    assert_int_equal(fixture_object(&f, "Deployment/web")->fields.len, 7);
    assert_int_equal(fixture_findings(&f), 0);
    const struct sg_plan_field *image = fixture_row(&f, "web", CONTAINER ".image");
    assert_string_equal(image->pointer, "/spec/template/spec/containers/1/image");
    fixture_release(&f);
}

static void test_strategic_patch(void **state) {
    (void)state;
    struct fixture f;
    web(&f, "resources: [../../base]\npatches:\n- path: patch.yaml\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
        "  replicas: 5\n" /* line 6: both, masked */
        "  template:\n    spec:\n      containers:\n      - name: web\n"
        "        resources:\n          limits:\n"
        "            cpu: \"2\"\n"  /* line 13: both, converged */
        "            memory: 4Gi\n" /* line 14: overlay */
        "        args: [z]\n");     /* line 15: both, hidden */
    row(&f, "Deployment/web", "spec.replicas", SG_OWNER_BOTH, SG_STATE_MASKED,
        "o/x/patch.yaml", 6);
    row(&f, "Deployment/web", CONTAINER ".resources.limits.cpu", SG_OWNER_BOTH,
        SG_STATE_CONVERGED, "o/x/patch.yaml", 13);
    row(&f, "Deployment/web", CONTAINER ".resources.limits.memory", SG_OWNER_OVERLAY,
        SG_STATE_NONE, "o/x/patch.yaml", 14);
    row(&f, "Deployment/web", CONTAINER ".args", SG_OWNER_BOTH, SG_STATE_MASKED,
        "o/x/patch.yaml", 15);
    row(&f, "Deployment/web", CONTAINER ".env[A].value", SG_OWNER_UPSTREAM, SG_STATE_NONE,
        NULL, 0);
    const struct sg_finding *masked = fixture_finding(&f, "SG101");
    assert_non_null(masked);
    assert_string_equal(masked->path, "spec.replicas");
    assert_int_equal(masked->severity, SG_WARNING);
    assert_int_equal(masked->at.line, 6);
    assert_false(masked->stops);
    const struct sg_finding *hidden = fixture_finding(&f, "SG102");
    assert_non_null(hidden);
    assert_string_equal(hidden->path, CONTAINER ".args");
    assert_string_equal(fixture_finding(&f, "SG103")->path,
                        CONTAINER ".resources.limits.cpu");
    assert_int_equal(fixture_findings(&f), 3);
    fixture_release(&f);
}

static void test_delete(void **state) {
    (void)state;
    struct fixture f;
    web(&f, "resources: [../../base]\npatches:\n- path: patch.yaml\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
        "  replicas: null\n  template:\n    spec:\n      containers:\n      - name: web\n"
        "        resources: null\n");
    row(&f, "Deployment/web", "spec.replicas", SG_OWNER_BOTH, SG_STATE_MASKED,
        "o/x/patch.yaml", 6);
    row(&f, "Deployment/web", CONTAINER ".resources", SG_OWNER_BOTH, SG_STATE_MASKED,
        "o/x/patch.yaml", 11);
    const struct sg_finding *masked = fixture_finding(&f, "SG101");
    assert_non_null(masked);
    assert_int_equal(masked->severity, SG_INFO);
    fixture_release(&f);
}

static void test_json_patch(void **state) {
    (void)state;
    struct fixture f;
    web(&f,
        "resources: [../../base]\npatches:\n- target: {kind: Deployment, name: web}\n"
        "  patch: |-\n    - op: replace\n      path: /spec/replicas\n      value: 9\n"
        "    - op: add\n      path: /metadata/labels\n      value: {a: b}\n",
        NULL);
    row(&f, "Deployment/web", "spec.replicas", SG_OWNER_BOTH, SG_STATE_MASKED,
        "o/x/kustomization.yaml", 7);
    row(&f, "Deployment/web", "metadata.labels", SG_OWNER_OVERLAY, SG_STATE_NONE,
        "o/x/kustomization.yaml", 10);
    fixture_release(&f);
}

static void test_images(void **state) {
    (void)state;
    struct fixture f;
    web(&f, "resources: [../../base]\nimages:\n- name: corp/web\n  newName: mirror/web\n",
        NULL);
    row(&f, "Deployment/web", CONTAINER ".image", SG_OWNER_BOTH, SG_STATE_PASSED,
        "o/x/kustomization.yaml", 3);
    assert_int_equal(fixture_findings(&f), 0);
    fixture_release(&f);
    web(&f, "resources: [../../base]\nimages:\n- name: corp/web\n  newTag: pinned\n",
        NULL);
    row(&f, "Deployment/web", CONTAINER ".image", SG_OWNER_BOTH, SG_STATE_MASKED,
        "o/x/kustomization.yaml", 3);
    assert_non_null(fixture_finding(&f, "SG101"));
    fixture_release(&f);
}

/* A digest after a tag is left out of the message, but for one that alone tells. */
static void test_image_message(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", POD("r/i:1@sha256:aa"), POD("r/i:2@sha256:bb"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\nimages: [{name: r/i, newTag: mine}]\n");
    fixture_plan(&f);
    assert_string_equal(fixture_finding(&f, "SG101")->message,
                        "upstream changes this from r/i:1 to r/i:2; the overlay keeps "
                        "r/i:mine");
    fixture_release(&f);
    fixture_init(&f);
    fixture_base(&f, "a.yaml", POD("r/i:1@sha256:aa"), POD("r/i:1@sha256:bb"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\nimages: [{name: r/i, digest: sha256:cc}]\n");
    fixture_plan(&f);
    assert_non_null(
        strstr(fixture_finding(&f, "SG101")->message, "r/i:1@sha256:aa to r/i:1@sha256"));
    fixture_release(&f);
}

static void test_replicas(void **state) {
    (void)state;
    struct fixture f;
    web(&f, "resources: [../../base]\nreplicas:\n- name: web\n  count: 7\n", NULL);
    row(&f, "Deployment/web", "spec.replicas", SG_OWNER_BOTH, SG_STATE_MASKED,
        "o/x/kustomization.yaml", 3);
    fixture_release(&f);
}

static void test_own_object(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "web.yaml", WEB_OLD, WEB_NEW);
    fixture_file(&f, "o/x/kustomization.yaml", "resources: [../../base, mine.yaml]\n");
    fixture_file(&f, "o/x/mine.yaml",
                 "apiVersion: v1\nkind: Service\nmetadata: {name: mine}\n");
    fixture_plan(&f);
    row(&f, "Service/mine", "", SG_OWNER_OVERLAY, SG_STATE_NONE, "o/x/mine.yaml", 1);
    assert_int_equal(fixture_object(&f, "Service/mine")->change, SG_CHANGE_NONE);
    fixture_release(&f);
}

static void test_added_and_removed(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
                 NULL);
    fixture_base(&f, "b.yaml", NULL,
                 "apiVersion: v1\nkind: Service\nmetadata: {name: b}\n");
    fixture_base(&f, "c.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: c}\n",
                 "apiVersion: v1\nkind: Service\nmetadata: {name: c}\n");
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\nnamePrefix: p-\nnamespace: ns\n");
    fixture_plan(&f);
    assert_int_equal(fixture_object(&f, "v1/Service/ns/p-a")->change, SG_CHANGE_REMOVED);
    assert_int_equal(fixture_object(&f, "v1/Service/ns/p-b")->change, SG_CHANGE_ADDED);
    const struct sg_plan_object *same = fixture_object(&f, "v1/Service/ns/p-c");
    assert_int_equal(same->change, SG_CHANGE_NONE);
    row(&f, "Service/ns/p-c", "metadata.namespace", SG_OWNER_OVERLAY, SG_STATE_NONE,
        "o/x/kustomization.yaml", 3);
    assert_string_equal(same->kind, "Service");
    assert_string_equal(same->namespace, "ns");
    assert_string_equal(same->name, "p-c");
    assert_int_equal(f.plan.summary.objects.added, 1);
    assert_int_equal(f.plan.summary.objects.removed, 1);
    assert_int_equal(f.plan.summary.objects.modified, 0);
    assert_int_equal(fixture_findings(&f), 0);
    fixture_release(&f);
}

static void test_deleted_object(void **state) {
    (void)state;
    struct fixture f;
    web(&f, "resources: [../../base]\npatches:\n- path: patch.yaml\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n$patch: "
        "delete\n");
    row(&f, "Deployment/web", "", SG_OWNER_BOTH, SG_STATE_MASKED, "o/x/patch.yaml", 1);
    assert_int_equal(fixture_object(&f, "Deployment/web")->change, SG_CHANGE_NONE);
    fixture_release(&f);
}

static void test_secret(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "s.yaml",
                 "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {k: b2xk}\n",
                 "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {k: bmV3}\n");
    fixture_base(&f, "t.yaml", NULL,
                 "apiVersion: v1\nkind: Secret\nmetadata: {name: t}\ndata: {k: bmV3}\n");
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\nsecretGenerator:\n- name: mine\n"
                 "  literals: [pw=hunter2]\npatches:\n- path: patch.yaml\n");
    fixture_file(&f, "o/x/patch.yaml",
                 "apiVersion: v1\nkind: Secret\n"
                 "metadata: {name: s}\ndata: {k: bWluZQ==}\n");
    fixture_plan(&f);
    const struct sg_plan_field *data = fixture_row(&f, "Secret/s", "data.k");
    assert_non_null(data);
    assert_int_equal(data->base_old.kind, SG_VALUE_MASKED);
    assert_true(data->base_old.changed);
    assert_int_equal(data->after.kind, SG_VALUE_MASKED);
    assert_false(data->after.changed);
    assert_null(data->after.node);
    assert_int_equal(fixture_row(&f, "Secret/t", "")->after.kind, SG_VALUE_MASKED);
    assert_int_equal(fixture_row(&f, "Secret/mine", "")->after.kind, SG_VALUE_MASKED);
    const struct sg_finding *masked = fixture_finding(&f, "SG101");
    assert_non_null(masked);
    assert_null(strstr(masked->message, "bmV3"));
    assert_null(strstr(masked->message, "bWluZQ"));
    fixture_release(&f);
}

/* A generated ConfigMap's name changes with its content, as between the two sides of a
 * pull request; upstream's reference to it follows. */
/* A base used twice: the prefix alone tells the copies apart, also for upstream's part.
 */
static void test_base_twice(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", POD("i:1"), POD("i:2"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [one, two]\npatches:\n- target: {kind: Pod}\n  patch: |-\n"
                 "    - {op: add, path: /spec/hostname, value: mine}\n");
    fixture_file(&f, "o/x/one/kustomization.yaml",
                 "namePrefix: one-\nresources: [../../../base]\n");
    fixture_file(&f, "o/x/two/kustomization.yaml",
                 "namePrefix: two-\nresources: [../../../base]\n");
    fixture_plan(&f);
    assert_int_equal(fixture_findings(&f), 0);
    assert_int_equal(f.plan.summary.objects.modified, 2);
    static const char *const names[] = {"Pod/one-p", "Pod/two-p"};
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        const struct sg_plan_field *row =
            fixture_row(&f, names[i], "spec.containers[c].image");
        assert_non_null(row);
        assert_int_equal(row->owner, SG_OWNER_UPSTREAM);
        row = fixture_row(&f, names[i], "spec.hostname");
        assert_non_null(row);
        assert_int_equal(row->owner, SG_OWNER_OVERLAY);
    }
    fixture_release(&f);
}

/* The overlay is made for the new base already: that is no "nothing changes". */
static void test_uncompared(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", POD("i:1"), POD("i:2"));
    fixture_base(&f, "b.yaml", NULL,
                 "apiVersion: v1\nkind: Service\nmetadata: {name: new}\n");
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\npatches:\n- patch: |-\n    apiVersion: v1\n"
                 "    kind: Service\n    metadata: {name: new}\n    spec: {type: X}\n");
    fixture_plan(&f);
    const struct sg_finding *why = fixture_finding(&f, "SG206");
    assert_non_null(why);
    assert_int_equal(why->severity, SG_INFO);
    assert_false(why->stops);
    assert_true(f.plan.overlays.items[0].uncompared);
    assert_true(sg_plan_changes(&f.plan));
    assert_int_equal(f.plan.exit, 0);
    fixture_release(&f);
}

static void test_effect(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    const char *pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n"
                      "  volumes:\n  - name: v\n    configMap: {name: cm}\n";
    const char *old_text = "resources: [../../base]\nconfigMapGenerator:\n- name: cm\n"
                           "  literals: [a=1]\n";
    const char *new_text = "resources: [../../base]\nconfigMapGenerator:\n- name: cm\n"
                           "  literals: [a=2]\n";
    fixture_base(&f, "pod.yaml", pod, pod);
    sg_fs_memory_put(f.old, "o/x/kustomization.yaml", old_text, strlen(old_text));
    sg_fs_memory_put(f.new, "o/x/kustomization.yaml", new_text, strlen(new_text));
    fixture_plan(&f);
    const struct sg_plan_field *name =
        fixture_row(&f, "Pod/pod", "spec.volumes[v].configMap.name");
    if (name == NULL) {
        fixture_dump(&f);
    }
    assert_non_null(name);
    assert_int_equal(name->owner, SG_OWNER_EFFECT);
    assert_true(name->changed);
    const struct sg_plan_field *data = fixture_row(&f, "ConfigMap/cm", "data.a");
    assert_non_null(data);
    assert_int_equal(data->owner, SG_OWNER_OVERLAY);
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_upstream_only),
        cmocka_unit_test(test_strategic_patch),
        cmocka_unit_test(test_delete),
        cmocka_unit_test(test_json_patch),
        cmocka_unit_test(test_images),
        cmocka_unit_test(test_image_message),
        cmocka_unit_test(test_replicas),
        cmocka_unit_test(test_own_object),
        cmocka_unit_test(test_added_and_removed),
        cmocka_unit_test(test_deleted_object),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_base_twice),
        cmocka_unit_test(test_uncompared),
        cmocka_unit_test(test_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
