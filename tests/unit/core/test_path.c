/* Paths: join, relative, glob. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/path.h"

#include <string.h>

static void test_join(void **state) {
    static const struct {
        const char *dir, *path, *out; /* NULL: refused */
    } cases[] = {
        {"", "a", "a"},         {"a/b", "c", "a/b/c"},
        {"a/b", "../c", "a/c"}, {"a/b", "./c//d/", "a/b/c/d"},
        {"a/b", "../..", ""},   {"a/b", "../../..", NULL},
        {"", "..", NULL},       {"a", "/etc/passwd", NULL},
        {"a", "", "a"},         {"a", "b/../../c", "c"},
        {"a", "...", "a/..."},
    };
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        struct sg_err err = {0};
        int rc = sg_path_join(cases[i].dir, cases[i].path, &out, &err);
        assert_int_equal(rc, cases[i].out ? 0 : -1);
        if (cases[i].out) {
            assert_string_equal(sg_buf_cstr(&out), cases[i].out);
        } else {
            assert_int_equal(err.code, SG_E_INPUT);
        }
    }
}

static void test_relative(void **state) {
    static const struct {
        const char *dir, *path, *out;
    } cases[] = {
        {"a/b", "a/b/c", "c"},   {"a/b", "a/c", "../c"}, {"a/b", "x", "../../x"},
        {"", "a/b", "a/b"},      {"a/b", "a/b", "."},    {"a/b", "a", ".."},
        {"ab", "abc", "../abc"},
    };
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf out = SG_BUF_INIT, back = SG_BUF_INIT;
        struct sg_err err = {0};
        sg_path_relative(cases[i].dir, cases[i].path, &out);
        assert_string_equal(out.ptr, cases[i].out);
        assert_int_equal(sg_path_join(cases[i].dir, out.ptr, &back, &err), 0);
        assert_string_equal(sg_buf_cstr(&back), cases[i].path);
    }
    assert_true(sg_path_within("a/b", "a") && sg_path_within("a", "a"));
    assert_true(sg_path_within("a", "") && !sg_path_within("ab", "a"));
    /* above the root: "../x" is beside it, ".." holds both */
    assert_false(sg_path_within("../a", "") || sg_path_within("..", ""));
    assert_true(sg_path_within("a", "..") && sg_path_within("", ".."));
    assert_true(sg_path_within("../a", "..") && sg_path_within("..", ".."));
    assert_false(sg_path_within("../../a", "..") || sg_path_within("../..", ".."));
    assert_true(sg_path_within("../a/b", "../a") && !sg_path_within("../ab", "../a"));
    assert_false(sg_path_within("a", "../a") || sg_path_within("../../a", "../a"));
    assert_true(sg_path_within("..a", "") && sg_path_within("...", ""));
}

static void test_glob(void **state) {
    static const struct {
        const char *pattern, *path;
        bool match;
    } cases[] = {
        {"overlays/*", "overlays/prod", true},
        {"overlays/*", "overlays/eu/prod", false},
        {"overlays/*", "overlays/", true},
        {"overlays/**", "overlays/eu/prod", true},
        {"overlays/**", "overlays", false},
        {"**/prod", "prod", true},
        {"**/prod", "a/b/prod", true},
        {"**/prod", "a/bprod", false},
        {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "a/x/yb", false},
        {"a**b", "a/x/yb", true},
        {"*.yaml", "x.yaml", true},
        {"*.yaml", "a/x.yaml", false},
        {"?b", "ab", true},
        {"?b", "/b", false},
        {"[a-c]x", "bx", true},
        {"[a-c]x", "dx", false},
        {"[!a-c]x", "dx", true},
        {"[!a]b", "/b", false},
        {"[]]x", "]x", true},
        {"[a", "[a", true},
        {"\\*", "*", true},
        {"\\*", "x", false},
        {"*a*b*c", "xxaxxbxxc", true},
        {"*a*b*c", "xxaxxcxxb", false},
        {"**/a/*/c", "a/x/a/y/c", true},
        {"", "", true},
        {"", "a", false},
        {"**", "a/b/c", true},
        {"*", "", true},
    };
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        if (sg_path_glob(cases[i].pattern, cases[i].path) != cases[i].match) {
            fail_msg("%s on %s", cases[i].pattern, cases[i].path);
        }
    }
}

/* A hostile pattern costs at most the product of the lengths for each "**". */
static void test_glob_is_not_exponential(void **state) {
    char pattern[201], text[2001];
    (void)state;
    for (size_t i = 0; i < 200; i += 2) {
        memcpy(pattern + i, "*a", 2);
    }
    pattern[199] = 'b';
    pattern[200] = '\0';
    memset(text, 'a', 2000);
    text[2000] = '\0';
    assert_false(sg_path_glob(pattern, text));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_relative),
        cmocka_unit_test(test_glob),
        cmocka_unit_test(test_glob_is_not_exponential),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
