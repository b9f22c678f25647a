/* SG302: claims that go, shrink or lose their pod; and the capacity of a hop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define BASE "resources: [../../base]\nnamespace: prod\n"
#define CLAIM(name, size)                                                                \
    "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: " name                \
    "}\nspec: {resources: {requests: {storage: " size "}}}\n"
#define SET(name, replicas, template, size, more)                                        \
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: " name "}\nspec:\n"        \
    "  replicas: " replicas                                                              \
    "\n  volumeClaimTemplates:\n  - metadata: {name: " template "}\n    spec: "          \
                                                                "{resources: "           \
                                                                "{requests: "            \
                                                                "{storage: " size        \
                                                                "}}}\n" more

static void plan(struct fixture *f, const char *before, const char *after) {
    fixture_init(f);
    fixture_base(f, "object.yaml", before, after);
    fixture_file(f, "o/x/kustomization.yaml", BASE);
    fixture_plan(f);
}

struct change {
    const char *before, *after;
    const char *object, *path; /* NULL: nothing is found */
    const char *message;       /* a part of it */
};

static const struct change changes[] = {
    /* claims */
    {CLAIM("data", "1Gi"), CLAIM("other", "1Gi"), "data", "",
     "the claim prod/data is not in the new result"},
    {CLAIM("data", "2Gi"), CLAIM("data", "1.5Gi"), "data",
     "spec.resources.requests.storage", "shrinks from 2Gi to 1.5Gi"},
    {CLAIM("data", "1Gi"), CLAIM("data", "1G"), "data", "spec.resources.requests.storage",
     "shrinks from 1Gi to 1G"},
    {CLAIM("data", "1Gi"), CLAIM("data", "1024Mi"), NULL, NULL, NULL},
    {CLAIM("data", "1Gi"), CLAIM("data", "2Gi"), NULL, NULL, NULL},
    {CLAIM("data", "ten"), CLAIM("data", "1Gi"), NULL, NULL, NULL},
    /* templates */
    {SET("web", "3", "data", "1Gi", ""), SET("web", "1", "data", "1Gi", ""), "web",
     "spec.replicas",
     "from 3 pods to 1: the claims data-web-1 to data-web-2 (2 claims) stay in the "
     "cluster but are used no more"},
    {SET("web", "2", "data", "1Gi", ""), SET("web", "1", "data", "1Gi", ""), "web",
     "spec.replicas", "the claims data-web-1 stay in the cluster but are used no more"},
    {SET("web", "3", "data", "1Gi", ""),
     SET("web", "1", "data", "1Gi",
         "  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}\n"),
     "web", "spec.replicas", "are deleted with their data"},
    {SET("web", "3", "data", "1Gi", ""),
     SET("web", "3", "data", "1Gi", "  ordinals: {start: 2}\n"), "web", "spec.replicas",
     "data-web-0 to data-web-1 (2 claims)"},
    {SET("web", "1", "data", "1Gi", ""), SET("web", "3", "data", "1Gi", ""), NULL, NULL,
     NULL},
    {SET("web", "1", "data", "2Gi", ""), SET("web", "1", "data", "1Gi", ""), "web",
     "spec.volumeClaimTemplates[#0].spec.resources.requests.storage",
     "the claims of template data shrink from 2Gi to 1Gi"},
    {SET("web", "2", "data", "1Gi", ""), SET("web", "2", "disk", "1Gi", ""), "web",
     "spec.volumeClaimTemplates[#0]", "the claim template data is no more in the set"},
    {SET("web", "2", "data", "1Gi", ""), SET("www", "2", "data", "1Gi", ""), "web",
     "spec.volumeClaimTemplates[#0]", "the StatefulSet is not in the new result"},
    {SET("web", "0", "data", "1Gi", ""), CLAIM("other", "1Gi"), NULL, NULL, NULL},
    /* a number that nobody can count through */
    {SET("web", "2147483647", "data", "1Gi", ""), SET("web", "1", "data", "1Gi", ""),
     "web", "spec.replicas", "data-web-1 to data-web-2147483646 (2147483646 claims)"},
    /* from one kind of claim to the other, by the same name */
    {CLAIM("data-web-1", "1Gi"), SET("web", "2", "data", "1Gi", ""), NULL, NULL, NULL},
    {CLAIM("data-web-2", "1Gi"), SET("web", "2", "data", "1Gi", ""), "data-web-2", "",
     "is not in the new result"},
    {CLAIM("data-web-1", "2Gi"), SET("web", "2", "data", "1Gi", ""), "web",
     "spec.volumeClaimTemplates[#0].spec.resources.requests.storage", "shrink"},
    {SET("web", "1", "data", "1Gi", ""), CLAIM("data-web-0", "1Gi"), NULL, NULL, NULL},
    {SET("web", "2", "data", "1Gi", ""), CLAIM("data-web-0", "1Gi"), "web",
     "spec.volumeClaimTemplates[#0]", "the claims data-web-1 stay"},
    /* wrong shapes that kustomize renders */
    {"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: "
     "{resources: [a]}\n",
     CLAIM("data", "1Gi"), NULL, NULL, NULL},
    {"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec: "
     "{replicas: many, ordinals: 3, volumeClaimTemplates: [{metadata: {a: x}}, "
     "{metadata: {name: [a]}}]}\n",
     SET("web", "-1", "data", "[1]", ""), NULL, NULL, NULL},
};

static void test_table(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(changes); i++) {
        const struct change *change = &changes[i];
        struct fixture f;
        plan(&f, change->before, change->after);
        if (fixture_finding(&f, "SG206") != NULL) { /* both are to be rendered */
            fixture_dump(&f);
            fail_msg("change %zu is refused", i);
        }
        if (fixture_count(&f, "SG302") != (change->object == NULL ? 0 : 1)) {
            fixture_dump(&f);
            fail_msg("change %zu: %zu findings", i, fixture_count(&f, "SG302"));
        }
        if (change->object != NULL) {
            const struct sg_finding *found =
                fixture_at(&f, "SG302", change->object, change->path);
            assert_int_equal(found->severity, SG_ERROR);
            assert_false(found->stops);
            assert_null(found->at.file);
            if (strstr(found->message, change->message) == NULL) {
                fail_msg("change %zu: %s", i, found->message);
            }
        }
        fixture_release(&f);
    }
}

/* A size that shrinks is one finding, not also an immutable field. */
static void test_one_a_location(void **state) {
    (void)state;
    struct fixture f;
    plan(&f, SET("web", "1", "data", "2Gi", ""), SET("web", "1", "data", "1Gi", ""));
    assert_int_equal(fixture_count(&f, "SG301"), 0);
    assert_int_equal(fixture_count(&f, "SG302"), 1);
    fixture_release(&f);
}

/* Another namespace, or a prefix: every claim of the set begins empty. */
static void test_renamed(void **state) {
    (void)state;
    static const char *const edits[] = {
        "resources: [../../base]\nnamespace: blue\n",
        "resources: [../../base]\nnamespace: prod\nnamePrefix: new-\n"};
    static const char *const names[] = {"blue/web", "prod/new-web"};
    for (size_t i = 0; i < SG_ARRAY_LEN(edits); i++) {
        struct fixture f;
        fixture_init(&f);
        fixture_base(&f, "set.yaml", SET("web", "2", "data", "1Gi", ""),
                     SET("web", "2", "data", "1Gi", ""));
        fixture_base(&f, "claim.yaml", CLAIM("disk", "1Gi"), CLAIM("disk", "1Gi"));
        fixture_file(&f, "o/x/kustomization.yaml", BASE);
        fixture_file_new(&f, "o/x/kustomization.yaml", edits[i]);
        fixture_plan(&f);
        assert_int_equal(fixture_count(&f, "SG302"), 2);
        const struct sg_finding *set =
            fixture_at(&f, "SG302", "web", "spec.volumeClaimTemplates[#0]");
        assert_non_null(strstr(set->message, names[i]));
        assert_non_null(strstr(set->message, "data-web-0 to data-web-1"));
        const struct sg_finding *claim = fixture_at(&f, "SG302", "disk", "");
        assert_non_null(strstr(claim->message, "which begins empty"));
        fixture_release(&f);
    }
}

/* The customer lowers the number: the finding names that line. */
static void test_customers(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_base(&f, "set.yaml", SET("web", "3", "data", "1Gi", ""),
                 SET("web", "3", "data", "1Gi", ""));
    fixture_file(&f, "o/x/kustomization.yaml", BASE);
    fixture_file_new(&f, "o/x/kustomization.yaml",
                     BASE "replicas:\n- name: web\n  count: 2\n");
    fixture_plan(&f);
    const struct sg_finding *found = fixture_at(&f, "SG302", "web", "spec.replicas");
    assert_string_equal(found->at.file, "o/x/kustomization.yaml");
    assert_non_null(strstr(found->message, "data-web-2 stay"));
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_one_a_location),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
