/* Libraries that are loaded when they are needed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/late.h"

#include <string.h>

static void test_a_function_is_found_and_called(void **state) {
    (void)state;
    double (*cosine)(double) = NULL;
    const struct sg_late_symbol symbols[] = {{"cos", &cosine}};
    struct sg_err err = {0};
    assert_int_equal(sg_late_load("libm.so.6", symbols, 1, &err), 0);
    assert_true(cosine(0.0) > 0.99);
}

static void test_what_is_missing_is_named(void **state) {
    (void)state;
    void (*nothing)(void) = NULL;
    const struct sg_late_symbol symbols[] = {{"sg_no_such_function", &nothing}};
    struct sg_err err = {0};
    assert_int_equal(sg_late_load("libsg-no-such.so.7", symbols, 1, &err), -1);
    assert_int_equal(err.code, SG_E_IO);
    assert_non_null(strstr(err.text, "libsg-no-such.so.7"));
    sg_err_clear(&err);
    assert_int_equal(sg_late_load("libm.so.6", symbols, 1, &err), -1);
    assert_int_equal(err.code, SG_E_IO);
    assert_non_null(strstr(err.text, "sg_no_such_function"));
    assert_null(nothing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_function_is_found_and_called),
        cmocka_unit_test(test_what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
