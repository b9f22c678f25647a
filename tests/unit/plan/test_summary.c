/* What a plan adds up to: exit codes by the contract's table, fingerprints, images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image.h"
#include "sg/plan.h"

static struct sg_plan_overlay *overlay(struct sg_plan *plan) {
    sg_vec_push(&plan->overlays, (struct sg_plan_overlay){.name = "prod", .dir = "o/p"});
    return &plan->overlays.items[plan->overlays.len - 1];
}

static void object(struct sg_plan_overlay *overlay, const char *id,
                   enum sg_change change) {
    sg_vec_push(&overlay->objects, (struct sg_plan_object){.id = id, .change = change});
}

static struct sg_finding *finding(struct sg_plan *plan, const char *code,
                                  enum sg_severity severity, bool stops) {
    struct sg_finding_in in = {.code = code, .severity = severity, .stops = stops};
    return sg_plan_add_finding(plan, NULL, &in);
}

static int exit_of(struct sg_plan *plan, enum sg_plan_use use) {
    sg_plan_finish(plan, use, SG_ERROR);
    return plan->exit;
}

static void test_exit(void **state) {
    (void)state;
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_plan plan;
    sg_plan_init(&plan, atoms);
    assert_int_equal(exit_of(&plan, SG_USE_DIFF), 0);
    object(overlay(&plan), "v1/Service/a", SG_CHANGE_NONE);
    assert_int_equal(exit_of(&plan, SG_USE_DIFF), 0);
    object(&plan.overlays.items[0], "v1/Service/b", SG_CHANGE_MODIFIED);
    assert_int_equal(exit_of(&plan, SG_USE_DIFF), 1);
    assert_int_equal(exit_of(&plan, SG_USE_APPLY), 0);
    assert_int_equal(exit_of(&plan, SG_USE_CHECK), 0);

    finding(&plan, "SG101", SG_WARNING, false);
    assert_int_equal(exit_of(&plan, SG_USE_CHECK), 0);
    sg_plan_finish(&plan, SG_USE_CHECK, SG_WARNING);
    assert_int_equal(plan.exit, 1);

    finding(&plan, "SG202", SG_ERROR, true);
    assert_int_equal(exit_of(&plan, SG_USE_DIFF), 1);
    plan.overlays.items[0].objects.len = 0; /* nothing renders that could be compared */
    assert_int_equal(exit_of(&plan, SG_USE_DIFF), 1);
    assert_true(plan.blocked);
    assert_int_equal(exit_of(&plan, SG_USE_APPLY), 4);
    assert_int_equal(exit_of(&plan, SG_USE_CHECK_TO), 4);
    assert_int_equal(exit_of(&plan, SG_USE_CHECK), 1);

    finding(&plan, "SG401", SG_ERROR, true);
    assert_int_equal(exit_of(&plan, SG_USE_DIFF), 3);
    assert_int_equal(exit_of(&plan, SG_USE_APPLY), 3);
    assert_int_equal(plan.summary.findings.error, 2);
    assert_int_equal(plan.summary.findings.warning, 1);
    sg_plan_release(&plan);
    sg_atoms_free(atoms);
}

static void test_consent(void **state) {
    (void)state;
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_plan plan;
    sg_plan_init(&plan, atoms);
    finding(&plan, "SG502", SG_WARNING, false);
    assert_int_equal(exit_of(&plan, SG_USE_CHECK), 0);
    sg_plan_require_consent(&plan);
    assert_int_equal(exit_of(&plan, SG_USE_CHECK), 1);
    plan.findings.items[0].accepted = "done";
    assert_int_equal(exit_of(&plan, SG_USE_CHECK), 0);
    sg_plan_release(&plan);
    sg_atoms_free(atoms);
}

/* Objects are counted once, by what all hops together do to them. */
static void test_net_change(void **state) {
    (void)state;
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_plan plan;
    sg_plan_init(&plan, atoms);
    struct sg_plan_overlay *prod = overlay(&plan);
    object(prod, "v1/Service/new", SG_CHANGE_ADDED);
    object(prod, "v1/Service/brief", SG_CHANGE_ADDED);
    object(prod, "v1/Service/old", SG_CHANGE_MODIFIED);
    object(prod, "v1/Service/same", SG_CHANGE_NONE);
    object(prod, "v1/Service/twice", SG_CHANGE_MODIFIED);
    object(prod, "v1/Service/new", SG_CHANGE_MODIFIED);
    object(prod, "v1/Service/brief", SG_CHANGE_REMOVED);
    object(prod, "v1/Service/old", SG_CHANGE_REMOVED);
    object(prod, "v1/Service/twice", SG_CHANGE_MODIFIED);
    sg_plan_finish(&plan, SG_USE_DIFF, SG_ERROR);
    assert_int_equal(plan.summary.objects.added, 1);
    assert_int_equal(plan.summary.objects.removed, 1);
    assert_int_equal(plan.summary.objects.modified, 1);
    prod = &plan.overlays.items[0];
    /* the next version of its API is another id of the same object */
    object(prod, "apps/v1/Deployment/twice", SG_CHANGE_MODIFIED);
    object(prod, "v1/Service/twice", SG_CHANGE_MODIFIED);
    object(prod, "apps/v2/Deployment/twice", SG_CHANGE_MODIFIED);
    prod->objects.items[prod->objects.len - 1].was = "apps/v1/Deployment/twice";
    sg_plan_finish(&plan, SG_USE_DIFF, SG_ERROR);
    assert_int_equal(plan.summary.objects.modified, 2);
    assert_int_equal(prod->net.modified, 2);
    assert_int_equal(prod->net.added, 1);
    sg_plan_release(&plan);
    sg_atoms_free(atoms);
}

static void fingerprint(const char *object_id, const char *path, char out[17]) {
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_plan plan;
    sg_plan_init(&plan, atoms);
    struct sg_finding_in in = {
        .code = "SG101", .object = object_id, .path = path, .at = {"f.yaml", 7, 1}};
    memcpy(out, sg_plan_add_finding(&plan, overlay(&plan), &in)->fingerprint, 17);
    sg_plan_release(&plan);
    sg_atoms_free(atoms);
}

static void test_fingerprint(void **state) {
    (void)state;
    char a[17], b[17];
    fingerprint("apps/v1beta1/Deployment/ns/web", "spec.x", a);
    assert_int_equal(strlen(a), 16);
    fingerprint("apps/v1/Deployment/ns/web", "spec.x", b);
    assert_string_equal(a, b); /* the API's version is no part of it */
    fingerprint("apps/v1/Deployment/ns/web", "spec.y", b);
    assert_string_not_equal(a, b);
    fingerprint("v1/Service/web", "spec.x", a);
    fingerprint("v2/Service/web", "spec.x", b);
    assert_string_equal(a, b);
}

static void test_image(void **state) {
    (void)state;
    struct image_ref ref = image_split("host:5000/a/b:1.2@sha256:00");
    assert_true(sg_str_eq(ref.name, SG_STR("host:5000/a/b")));
    assert_true(sg_str_eq(ref.tag, SG_STR("1.2")));
    assert_true(sg_str_eq(ref.digest, SG_STR("sha256:00")));
    ref = image_split("host:5000/a");
    assert_true(sg_str_eq(ref.name, SG_STR("host:5000/a")));
    assert_int_equal(ref.tag.len, 0);
    /* a mirror passes the new tag on; a pinned tag masks it */
    assert_false(image_masked("a:1", "a:2", "mirror/a:1", "mirror/a:2"));
    assert_true(image_masked("a:1", "b:2", "a:x", "b:x"));
    assert_false(image_masked("a:1", "b:1", "a:x", "b:x"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exit),       cmocka_unit_test(test_consent),
        cmocka_unit_test(test_net_change), cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
