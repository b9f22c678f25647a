/* Decisions given in advance: how they are written and what they cover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sg/plan.h"

static struct sg_plan_accept parsed(struct sg_arena *arena, const char *text) {
    struct sg_plan_accept accept;
    struct sg_err err = {0};
    assert_int_equal(sg_plan_accept_parse(text, arena, &accept, &err), 0);
    return accept;
}

static void test_parse(void **state) {
    (void)state;
    struct sg_arena arena;
    sg_arena_init(&arena);
    struct sg_plan_accept a = parsed(&arena, "SG202:Deployment/web=moved by hand");
    assert_string_equal(a.code, "SG202");
    assert_string_equal(a.object, "Deployment/web");
    assert_null(a.path);
    assert_string_equal(a.reason, "moved by hand");
    a = parsed(&arena, "SG101:apps/v1/Deployment/ns/web:spec.args[--a=b].x=why = so");
    assert_string_equal(a.path, "spec.args[--a=b].x");
    assert_string_equal(a.reason, "why = so");
    sg_arena_release(&arena);
}

static void test_parse_refuses(void **state) {
    (void)state;
    static const struct {
        const char *text, *found;
    } cases[] = {
        {"Deployment/web=why", "does not begin with a code"},
        {"SG20:web=why", "does not begin with a code"},
        {"SG202:Deployment/web", "the reason is missing"},
        {"SG202:Deployment/web=", "the reason is missing"},
        {"SG202:=why", "the object is missing"},
        {"", "does not begin with a code"},
    };
    struct sg_arena arena;
    sg_arena_init(&arena);
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct sg_plan_accept accept;
        struct sg_err err = {0};
        assert_int_equal(sg_plan_accept_parse(cases[i].text, &arena, &accept, &err), -1);
        assert_int_equal(err.code, SG_E_USAGE);
        assert_non_null(strstr(err.text, cases[i].found));
        assert_non_null(strstr(err.hint, "CODE:OBJECT[:PATH]=REASON"));
    }
    sg_arena_release(&arena);
}

static bool covered(const struct sg_plan_accept *accept, const char *code,
                    const char *object, const char *path) {
    struct sg_finding finding = {
        .code = code, .object = object, .path = path, .overlay = "production"};
    return sg_plan_accept_find(accept, 1, &finding, "3.20.1") != NULL;
}

static void test_object_forms(void **state) {
    (void)state;
    static const char id[] = "apps/v1/Deployment/prod/web";
    static const char *const matching[] = {id,
                                           "v1/Deployment/prod/web",
                                           "Deployment/prod/web",
                                           "Deployment/web",
                                           "prod/web",
                                           "web",
                                           "*",
                                           "Deployment/*",
                                           "Deploy*/w?b"};
    static const char *const others[] = {"Deployment", "eb", "Service/web",
                                         "Deployment/stage/web", "deployment/web"};
    for (size_t i = 0; i < SG_ARRAY_LEN(matching); i++) {
        struct sg_plan_accept accept = {.code = "SG101", .object = matching[i]};
        if (!covered(&accept, "SG101", id, "")) {
            fail_msg("%s does not cover %s", matching[i], id);
        }
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(others); i++) {
        struct sg_plan_accept accept = {.code = "SG101", .object = others[i]};
        if (covered(&accept, "SG101", id, "")) {
            fail_msg("%s covers %s", others[i], id);
        }
    }
}

static void test_conditions(void **state) {
    (void)state;
    struct sg_plan_accept accept = {.code = "SG101", .object = "web"};
    assert_false(covered(&accept, "SG102", "v1/Service/web", ""));
    accept.path = "spec.*";
    assert_true(covered(&accept, "SG101", "v1/Service/web", "spec.type"));
    assert_false(covered(&accept, "SG101", "v1/Service/web", "metadata.name"));
    accept.overlay = "stag*";
    assert_false(covered(&accept, "SG101", "v1/Service/web", "spec.type"));
    accept.overlay = "prod*";
    accept.to = "3.19.2";
    assert_false(covered(&accept, "SG101", "v1/Service/web", "spec.type"));
    accept.to = "3.20.1";
    assert_true(covered(&accept, "SG101", "v1/Service/web", "spec.type"));
}

static void test_retire(void **state) {
    (void)state;
    struct sg_plan_accept retire = {.object = "Deployment/web", .retire = true};
    assert_true(covered(&retire, "SG201", "apps/v1/Deployment/web", ""));
    assert_true(covered(&retire, "SG202", "apps/v1/Deployment/web", "spec.x"));
    assert_false(covered(&retire, "SG101", "apps/v1/Deployment/web", ""));
    assert_false(covered(&retire, "SG201", "apps/v1/Deployment/api", ""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),        cmocka_unit_test(test_parse_refuses),
        cmocka_unit_test(test_object_forms), cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_retire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
