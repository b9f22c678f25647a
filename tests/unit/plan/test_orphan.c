/* What an upgrade takes the ground away from: found, placed, and stopping or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define DEPLOYMENT(name, container, image)                                               \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " name "\nspec:\n"        \
    "  template:\n    spec:\n      containers:\n      - name: " container "\n"           \
    "        image: " image "\n        ports:\n        - containerPort: 80\n"
#define WITH_ENV(name) "        env:\n        - name: " name "\n          value: up\n"

#define PATCHED "resources: [../../base]\npatches:\n- path: patch.yaml\n"
#define PATCH_HEAD(name)                                                                 \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " name "\n"

static const struct sg_finding *only(const struct fixture *f, const char *code,
                                     enum sg_severity severity, bool stops) {
    const struct sg_finding *found = fixture_finding(f, code);
    if (found == NULL || found->severity != severity || found->stops != stops) {
        fixture_dump(f);
        fail_msg("expected %s %s%s", code, sg_severity_word(severity),
                 stops ? " that stops" : "");
    }
    if (f->plan.blocked != stops || f->plan.exit != (stops ? 4 : 0)) {
        fixture_dump(f);
        fail_msg("blocked %d, exit %d", f->plan.blocked, f->plan.exit);
    }
    return found;
}

static void none(const struct fixture *f, const char *code) {
    if (fixture_finding(f, code) != NULL) {
        fixture_dump(f);
        fail_msg("unexpected %s", code);
    }
}

static void test_object_gone(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"), NULL);
    fixture_base(&f, "b.yaml", NULL, DEPLOYMENT("web-server", "c", "i:1"));
    fixture_base(&f, "c.yaml", DEPLOYMENT("api", "c", "i:1"),
                 DEPLOYMENT("api", "c", "i:2"));
    fixture_file(&f, "o/x/kustomization.yaml", PATCHED);
    fixture_file(&f, "o/x/patch.yaml",
                 PATCH_HEAD("web") "spec:\n  replicas: 3\n---\n" PATCH_HEAD(
                     "api") "spec:\n  replicas: 4\n");
    fixture_plan(&f);
    const struct sg_finding *gone = only(&f, "SG201", SG_ERROR, true);
    assert_string_equal(gone->object, "apps/v1/Deployment/web");
    assert_string_equal(gone->at.file, "o/x/patch.yaml");
    assert_int_equal(gone->at.line, 6);
    assert_int_equal(gone->candidates.len, 1);
    assert_string_equal(gone->candidates.items[0].id, "apps/v1/Deployment/web-server");
    assert_int_equal(fixture_findings(&f), 1);
    /* what was set there is lost, and the rest of the overlay is previewed all the same
     */
    const struct sg_plan_field *lost = fixture_row(&f, "Deployment/web", "spec.replicas");
    assert_non_null(lost);
    assert_int_equal(lost->state, SG_STATE_LOST);
    assert_int_equal(fixture_object(&f, "Deployment/web")->change, SG_CHANGE_REMOVED);
    assert_non_null(fixture_row(&f, "Deployment/api", "spec.replicas"));
    assert_non_null(
        fixture_row(&f, "Deployment/api", "spec.template.spec.containers[c].image"));
    assert_true(f.plan.overlays.items[0].broken);
    assert_null(sg_planner_after(f.planner, 0));
    fixture_release(&f);
}

static void test_kind_changed(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("db", "c", "i:1"),
                 "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\n"
                 "spec: {serviceName: db}\n");
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\nreplicas:\n- name: db\n  count: 2\n");
    fixture_plan(&f);
    /* `replicas` finds the StatefulSet by its name: kustomize asks for no kind there */
    const struct sg_finding *gone = only(&f, "SG201", SG_ERROR, true);
    assert_string_equal(gone->candidates.items[0].id, "apps/v1/StatefulSet/db");
    fixture_release(&f);
}

static void test_one_of_many_gone(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"), NULL);
    fixture_base(&f, "b.yaml", DEPLOYMENT("api", "c", "i:1"),
                 DEPLOYMENT("api", "c", "i:1"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\npatches:\n- target: {kind: Deployment}\n"
                 "  patch: |-\n    - {op: add, path: /spec/paused, value: true}\n");
    fixture_plan(&f);
    const struct sg_finding *gone = only(&f, "SG201", SG_WARNING, false);
    assert_int_equal(gone->resolved, SG_RESOLVED_KEPT);
    assert_non_null(sg_planner_after(f.planner, 0));
    fixture_release(&f);
}

static void renamed(struct fixture *f) {
    fixture_init(f);
    fixture_base(f, "a.yaml", DEPLOYMENT("web", "nginx", "nginx:1"),
                 DEPLOYMENT("web", "proxy", "nginx:1"));
    fixture_file(f, "o/x/kustomization.yaml", PATCHED);
    fixture_file(f, "o/x/patch.yaml",
                 PATCH_HEAD("web") "spec:\n  template:\n    spec:\n      containers:\n"
                                   "      - name: nginx\n"
                                   "        resources: {limits: {cpu: 2}}\n");
}

static void test_container_renamed(void **state) {
    (void)state;
    struct fixture f;
    renamed(&f);
    fixture_plan(&f);
    const struct sg_finding *gone = only(&f, "SG202", SG_ERROR, true);
    assert_string_equal(gone->path, "spec.template.spec.containers[nginx]");
    assert_string_equal(gone->at.file, "o/x/patch.yaml");
    assert_in_range(gone->at.line, 9, 10);
    assert_int_equal(gone->candidates.len, 1);
    assert_string_equal(gone->candidates.items[0].id, "proxy");
    assert_int_equal(gone->flags.len, 1);
    fixture_release(&f);
}

static void test_accepted(void **state) {
    (void)state;
    struct fixture f;
    renamed(&f);
    f.accepts[0] = (struct sg_plan_accept){
        .code = "SG202", .object = "Deployment/web", .reason = "by hand"};
    f.accepts_len = 1;
    fixture_plan(&f);
    const struct sg_finding *gone = only(&f, "SG202", SG_ERROR, false);
    assert_string_equal(gone->accepted, "by hand");
    assert_non_null(sg_planner_after(f.planner, 0));
    fixture_release(&f);
}

/* Agreeing ends the stop of what renders, also beside a patch that kustomize refuses. */
static void test_accepted_beside_refused(void **state) {
    (void)state;
    struct fixture f;
    renamed(&f);
    fixture_base(&f, "b.yaml", DEPLOYMENT("gone", "c", "i:1"), NULL);
    fixture_file(&f, "o/x/kustomization.yaml",
                 PATCHED "- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n"
                         "    metadata: {name: gone}\n    spec: {replicas: 2}\n");
    f.accepts[0] = (struct sg_plan_accept){
        .code = "SG202", .object = "Deployment/web", .reason = "by hand"};
    f.accepts[1] =
        (struct sg_plan_accept){.code = "SG201", .object = "*", .reason = "never"};
    f.accepts_len = 2;
    fixture_plan(&f);
    assert_false(fixture_finding(&f, "SG202")->stops);
    assert_true(fixture_finding(&f, "SG201")->stops);
    assert_int_equal(f.plan.exit, 4);
    fixture_release(&f);
}

static void test_env_kept(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1") WITH_ENV("A"),
                 DEPLOYMENT("web", "c", "i:1"));
    fixture_file(&f, "o/x/kustomization.yaml", PATCHED);
    fixture_file(&f, "o/x/patch.yaml",
                 PATCH_HEAD("web") "spec:\n  template:\n    spec:\n      containers:\n"
                                   "      - name: c\n        env:\n        - name: A\n"
                                   "          value: mine\n");
    fixture_plan(&f);
    const struct sg_finding *kept = only(&f, "SG202", SG_WARNING, false);
    assert_int_equal(kept->resolved, SG_RESOLVED_KEPT);
    assert_string_equal(kept->path, "spec.template.spec.containers[c].env[A]");
    fixture_release(&f);
}

static void test_json_path_gone(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1") WITH_ENV("A"),
                 DEPLOYMENT("web", "c", "i:1"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\npatches:\n"
                 "- target: {kind: Deployment, name: web}\n  patch: |-\n"
                 "    - op: add\n      path: /spec/replicas\n      value: 3\n"
                 "    - op: replace\n"
                 "      path: /spec/template/spec/containers/0/env/0/value\n"
                 "      value: mine\n");
    fixture_plan(&f);
    const struct sg_finding *gone = only(&f, "SG202", SG_ERROR, true);
    assert_string_equal(gone->object, "apps/v1/Deployment/web");
    assert_string_equal(gone->path, "spec.template.spec.containers[c].env[A].value");
    assert_string_equal(gone->at.file, "o/x/kustomization.yaml");
    assert_in_range(gone->at.line, 8, 10);
    /* the operation before it still shows */
    assert_non_null(fixture_row(&f, "Deployment/web", "spec.replicas"));
    fixture_release(&f);
}

static void test_refused(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"),
                 DEPLOYMENT("web", "c", "i:2"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\npatches:\n"
                 "- target: {kind: Deployment, name: web}\n  patch: |-\n"
                 "    - op: test\n"
                 "      path: /spec/template/spec/containers/0/image\n"
                 "      value: i:1\n");
    fixture_plan(&f);
    const struct sg_finding *refused = only(&f, "SG206", SG_ERROR, true);
    assert_string_equal(refused->at.file, "o/x/kustomization.yaml");
    fixture_release(&f);
}

static void test_refused_before_too(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"),
                 DEPLOYMENT("web", "c", "i:2"));
    fixture_file(&f, "o/x/kustomization.yaml", "resources: [../../base, missing.yaml]\n");
    fixture_plan(&f);
    (void)only(&f, "SG206", SG_INFO, false);
    fixture_release(&f);
}

static void test_api_version(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml",
                 "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: j}\n"
                 "spec: {schedule: a}\n",
                 "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\n"
                 "spec: {schedule: a}\n");
    fixture_file(&f, "o/x/kustomization.yaml", PATCHED);
    fixture_file(&f, "o/x/patch.yaml",
                 "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: j}\n"
                 "spec: {schedule: b}\n");
    fixture_plan(&f);
    (void)only(&f, "SG205", SG_ERROR, true);
    none(&f, "SG201");
    fixture_release(&f);
}

/* A transformer that is for every object is no orphan where one of them goes. */
static void test_transformers_are_no_orphans(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"), NULL);
    fixture_base(&f, "b.yaml",
                 DEPLOYMENT("api", "c", "i:1") "      - name: d\n        image: i:1\n",
                 DEPLOYMENT("api", "c", "i:1"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\nnamespace: ns\ncommonAnnotations: {a: b}\n"
                 "images:\n- name: i\n  newName: mirror/i\n");
    fixture_plan(&f);
    assert_int_equal(fixture_findings(&f), 0);
    assert_int_equal(f.plan.exit, 0);
    const struct sg_plan_field *gone =
        fixture_row(&f, "Deployment/ns/api", "spec.template.spec.containers[d]");
    assert_non_null(gone);
    assert_int_equal(gone->owner, SG_OWNER_UPSTREAM);
    fixture_release(&f);
}

static void test_noop(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"),
                 DEPLOYMENT("web", "c", "i:2"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\npatches:\n- target: {kind: Job}\n"
                 "  patch: |-\n    - {op: add, path: /spec/paused, value: true}\n"
                 "images:\n- name: other\n  newTag: x\n");
    fixture_plan(&f);
    const struct sg_finding *idle = only(&f, "SG104", SG_WARNING, false);
    assert_string_equal(idle->at.file, "o/x/kustomization.yaml");
    if (fixture_findings(&f) != 2) {
        fixture_dump(&f);
    }
    assert_int_equal(fixture_findings(&f), 2);
    fixture_release(&f);
}

/* A selector finds what took over in the new release; one that finds nothing stops. */
static void selector_over_kinds(bool follows) {
    static const char *const stays = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
                                     "  name: settings\ndata:\n  a: b\n";
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"), NULL);
    fixture_base(&f, "b.yaml", NULL,
                 follows
                     ? "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\n"
                     : stays);
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\npatches:\n- target: {name: web}\n  patch: |-\n"
                 "    - {op: add, path: /spec, value: {replicas: 3}}\n");
    fixture_plan(&f);
    const struct sg_finding *found =
        only(&f, "SG201", follows ? SG_WARNING : SG_ERROR, !follows);
    assert_string_equal(found->object, "apps/v1/Deployment/web");
    assert_int_equal(found->resolved, follows ? SG_RESOLVED_KEPT : SG_RESOLVED_NONE);
    assert_int_equal(found->flags.len, follows ? 0 : 1); /* no target is no error */
    fixture_release(&f);
}

static void test_selector_follows(void **state) {
    (void)state;
    selector_over_kinds(true);
    selector_over_kinds(false);
}

/* An operation by position stops where another element stands there now, and not where
 * the same one does. */
static void position_over(const char *container, bool moves) {
    struct fixture f;
    fixture_init(&f);
    sg_auto_cstr now = sg_xasprintf(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
        "  template:\n    spec:\n      containers:\n      - name: %s\n        image: "
        "i:2\n",
        container);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"), now);
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\npatches:\n- target: {kind: Deployment}\n"
                 "  patch: |-\n    - op: add\n"
                 "      path: /spec/template/spec/containers/0/tty\n      value: true\n");
    fixture_plan(&f);
    if (moves) {
        const struct sg_finding *found = only(&f, "SG203", SG_ERROR, true);
        assert_string_equal(found->path, "spec.template.spec.containers[c].tty");
        assert_string_equal(found->at.file, "o/x/kustomization.yaml");
        assert_int_equal(found->flags.len, 1);
    } else {
        none(&f, "SG203");
    }
    fixture_release(&f);
}

static void test_position_moved(void **state) {
    (void)state;
    position_over("d", true);
    position_over("c", false);
}

/* A selector that begins to match in the new release is no no-op. */
static void test_noop_in_one_only(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"),
                 DEPLOYMENT("web", "c", "other:2"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\nimages:\n- name: other\n  newTag: x\n");
    fixture_plan(&f);
    none(&f, "SG104");
    fixture_release(&f);
}

static void test_hops_remember(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"), NULL);
    fixture_base(&f, "b.yaml", DEPLOYMENT("api", "c", "i:1"),
                 DEPLOYMENT("api", "c", "i:2"));
    fixture_file(&f, "o/x/kustomization.yaml", PATCHED);
    fixture_file(&f, "o/x/patch.yaml", PATCH_HEAD("web") "spec:\n  replicas: 3\n");
    fixture_plan(&f);
    (void)only(&f, "SG201", SG_ERROR, true);
    const char *text = DEPLOYMENT("api", "c", "i:3");
    sg_auto_fs next = sg_fs_over(f.new);
    sg_fs_over_put(next, "base/b.yaml", text, strlen(text));
    struct sg_plan_hop_in in = {
        .old = f.new, .new = next, .version = "3.0.0", .commit = "c3", .continues = true};
    struct sg_err err = {0};
    assert_int_equal(sg_planner_hop(f.planner, &in, &f.plan, &err), 0);
    assert_int_equal(fixture_findings(&f), 1); /* said once, where it happens */
    const struct sg_plan_overlay *overlay = &f.plan.overlays.items[0];
    const struct sg_plan_object *last = &overlay->objects.items[overlay->objects.len - 1];
    assert_string_equal(last->id, "apps/v1/Deployment/api");
    assert_int_equal(last->hop, 1);
    assert_int_equal(last->fields.len, 1);
    assert_null(sg_planner_after(f.planner, 0));
    fixture_release(&f);
}

/* That a step does nothing is so in every hop, and said in the first. */
static void test_noop_said_once(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "a.yaml", DEPLOYMENT("web", "c", "i:1"),
                 DEPLOYMENT("web", "c", "i:2"));
    fixture_file(&f, "o/x/kustomization.yaml",
                 "resources: [../../base]\n"
                 "images: [{name: other, newTag: a}, {name: another, newTag: b}]\n");
    fixture_plan(&f);
    assert_int_equal(fixture_findings(&f), 2); /* both, though they share a line */
    sg_auto_fs next = sg_fs_over(f.new);
    const char *text = DEPLOYMENT("web", "c", "i:3");
    sg_fs_over_put(next, "base/a.yaml", text, strlen(text));
    struct sg_plan_hop_in in = {
        .old = f.new, .new = next, .version = "3.0.0", .commit = "c3", .continues = true};
    struct sg_err err = {0};
    assert_int_equal(sg_planner_hop(f.planner, &in, &f.plan, &err), 0);
    assert_int_equal(fixture_findings(&f), 2);
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_object_gone),
        cmocka_unit_test(test_kind_changed),
        cmocka_unit_test(test_one_of_many_gone),
        cmocka_unit_test(test_container_renamed),
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_accepted_beside_refused),
        cmocka_unit_test(test_env_kept),
        cmocka_unit_test(test_selector_follows),
        cmocka_unit_test(test_position_moved),
        cmocka_unit_test(test_json_path_gone),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_before_too),
        cmocka_unit_test(test_api_version),
        cmocka_unit_test(test_transformers_are_no_orphans),
        cmocka_unit_test(test_noop),
        cmocka_unit_test(test_noop_in_one_only),
        cmocka_unit_test(test_hops_remember),
        cmocka_unit_test(test_noop_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
