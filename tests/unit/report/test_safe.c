#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sg/report.h"

static void expect(const char *text, size_t len, const char *want) {
    sg_auto_buf out = SG_BUF_INIT;
    sg_text_safe(text, len, &out);
    assert_string_equal(sg_buf_cstr(&out), want);
}
#define EXPECT(text, want) expect((text), sizeof(text) - 1, (want))

static void keeps_text(void **state) {
    (void)state;
    EXPECT("plain", "plain");
    EXPECT("naïve 日本 😀", "naïve 日本 😀");
    EXPECT("", "");
}

static void shows_control_characters(void **state) {
    (void)state;
    EXPECT("a\nb\tc", "a\\nb\\tc");
    EXPECT("\033[2J\a\x7f", "\\x1b[2J\\x07\\x7f");
    EXPECT("a\0b", "a\\x00b");
    EXPECT("\xc2\x9b"
           "2J",
           "\\u009b2J"); /* C1 CSI acts like ESC [ */
}

static void shows_what_reorders_text(void **state) {
    (void)state;
    EXPECT("\xe2\x80\xae", "\\u202e");
    EXPECT("\xe2\x81\xa6", "\\u2066");
    EXPECT("\xef\xbb\xbf", "\\ufeff");
}

static void shows_bytes_that_are_no_utf8(void **state) {
    (void)state;
    EXPECT("\xff", "\\xff");
    EXPECT("\xc3", "\\xc3");
    EXPECT("\xe2\x82", "\\xe2\\x82");
    EXPECT("\xc0\xaf", "\\xc0\\xaf");                   /* overlong */
    EXPECT("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
    EXPECT("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* past U+10FFFF */
}

static void makes_utf8_of_any_bytes(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT;
    static const char latin1[] = "thr\xe9"
                                 "e \xe2\x82";
    sg_text_utf8(latin1, sizeof latin1 - 1, &out);
    assert_string_equal(sg_buf_cstr(&out), "thr\ufffde \ufffd\ufffd");
    sg_buf_clear(&out);
    sg_text_utf8("naïve \033", strlen("naïve \033"), &out);
    assert_string_equal(sg_buf_cstr(&out), "naïve \033");
}

static void counts_code_points(void **state) {
    (void)state;
    assert_int_equal(sg_text_width("naïve", strlen("naïve")), 5);
    assert_int_equal(sg_text_width("", 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_text),
        cmocka_unit_test(makes_utf8_of_any_bytes),
        cmocka_unit_test(shows_control_characters),
        cmocka_unit_test(shows_what_reorders_text),
        cmocka_unit_test(shows_bytes_that_are_no_utf8),
        cmocka_unit_test(counts_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
