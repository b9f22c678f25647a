/* test_kv.c - env files, base64 in lines, UTF-8. */
#include "stage.h"

#include "kv.h"

#include <string.h>

static void test_env_lines(void **state) {
    (void)state;
    static const char text[] = "\xEF\xBB\xBF"
                               "A=1\r\n# note\n\n  B = x=y \nALONE\n=dropped\n\xC2\xA0"
                               "C=";
    struct sg_kv_lines lines = {.text = text, .len = sizeof(text) - 1};
    static const char *const expected[][2] = {
        {"A", "1"}, {"B ", " x=y "}, {"ALONE", ""}, {"C", ""}};
    struct sg_kv pair;
    for (size_t i = 0; i < SG_ARRAY_LEN(expected); i++) {
        assert_int_equal(sg_kv_next(&lines, &pair), 1);
        assert_true(sg_str_eq(pair.key, sg_str_from(expected[i][0])));
        assert_true(sg_str_eq(pair.value, sg_str_from(expected[i][1])));
    }
    assert_int_equal(sg_kv_next(&lines, &pair), 0);
}

static void test_env_not_utf8(void **state) {
    (void)state;
    struct sg_kv_lines lines = {.text = "A=1\nB=\xFF\n", .len = 8};
    struct sg_kv pair;
    assert_int_equal(sg_kv_next(&lines, &pair), 1);
    assert_int_equal(sg_kv_next(&lines, &pair), -1);
    assert_int_equal(lines.line, 2);
}

static void test_base64(void **state) {
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"", ""},
        {"a", "YQ=="},
        {"ab", "YWI="},
        {"abc", "YWJj"},
        {"\xFF\xFE\xFD", "//79"},
        /* 51 bytes make 68 characters: one line; 52 make 72: lines of 70, each ended */
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ\n==\n"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_buf out = SG_BUF_INIT;
        sg_base64_encode(cases[i].in, strlen(cases[i].in), &out);
        assert_string_equal(sg_buf_cstr(&out), cases[i].out);
    }
}

static void test_utf8(void **state) {
    (void)state;
    static const char *const good[] = {"", "a", "\xC3\xBC", "\xE2\x82\xAC",
                                       "\xF0\x9F\x98\x80"};
    static const char *const bad[] = {"\x80",         "\xC0\x80",         "\xE0\x80\x80",
                                      "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xC3"};
    for (size_t i = 0; i < SG_ARRAY_LEN(good); i++) {
        assert_true(sg_utf8_valid(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(bad); i++) {
        assert_false(sg_utf8_valid(bad[i], strlen(bad[i])));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_env_lines),
        cmocka_unit_test(test_env_not_utf8),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
