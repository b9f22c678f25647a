/* Types of plain scalars, as the two generations of go-yaml decide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/doc.h"

#include <string.h>

#define STR   SG_TAG_STR
#define INT   SG_TAG_INT
#define FLOAT SG_TAG_FLOAT
#define BOOL  SG_TAG_BOOL
#define NIL   SG_TAG_NULL
#define TIME  SG_TAG_TIMESTAMP

static void test_scalars(void **state) {
    static const struct {
        const char *text;
        enum sg_tag read, yaml11;
    } cases[] = {
        {"", NIL, NIL},
        {"~", NIL, NIL},
        {"null", NIL, NIL},
        {"Null", NIL, NIL},
        {"nULL", STR, STR},
        {"true", BOOL, BOOL},
        {"False", BOOL, BOOL},
        {"tRUE", STR, STR},
        {"yes", STR, BOOL},
        {"No", STR, BOOL},
        {"ON", STR, BOOL},
        {"off", STR, BOOL},
        {"y", STR, BOOL},
        {"N", STR, BOOL},
        {"oN", STR, STR},
        {"<<", SG_TAG_MERGE, SG_TAG_MERGE},
        {"<", STR, STR},
        {"0", INT, INT},
        {"-1", INT, INT},
        {"+12", INT, INT},
        {"007", INT, INT},
        {"08", FLOAT, FLOAT},
        {"0o17", INT, INT},
        {"0O17", INT, INT},
        {"0x1F", INT, INT},
        {"-0x1f", INT, INT},
        {"0xg", STR, STR},
        {"0x", STR, STR},
        {"0b101", INT, INT},
        {"0b12", STR, STR},
        {"1_000", INT, INT},
        {"_1", STR, STR},
        {"1_", INT, INT},
        {"18446744073709551615", INT, INT},
        {"18446744073709551616", FLOAT, FLOAT},
        {"-9223372036854775808", INT, INT},
        {"-9223372036854775809", FLOAT, FLOAT},
        {"0xffffffffffffffff", INT, INT},
        {"0x10000000000000000", STR, STR},
        {"1.5", FLOAT, FLOAT},
        {"1.", FLOAT, FLOAT},
        {".5", FLOAT, FLOAT},
        {".", STR, STR},
        {"1e3", FLOAT, FLOAT},
        {"1e", STR, STR},
        {"-.5e-3", FLOAT, FLOAT},
        {"1e400", STR, STR},
        {"-1e400", STR, STR},
        {"1.2.3", STR, STR},
        {".inf", FLOAT, FLOAT},
        {"-.INF", FLOAT, FLOAT},
        {".NaN", FLOAT, FLOAT},
        {".Nan", STR, STR},
        {"inf", STR, STR},
        {"nan", STR, STR},
        {"1_0.5", FLOAT, FLOAT},
        {"2001-1-1", TIME, TIME},
        {"2001-02-29", STR, STR},
        {"2004-02-29", TIME, TIME},
        {"2001-13-01", STR, STR},
        {"2001-01-01T10:00:00Z", TIME, TIME},
        {"2001-01-01t1:2:3.25+02:00", TIME, TIME},
        {"2001-01-01 10:00:00", TIME, TIME},
        {"2001-01-01 10:00:00Z", STR, STR},
        {"2001-01-01T10:00:00", STR, STR},
        {"2001-01-01T24:00:00Z", STR, STR},
        {"01-01-2001", STR, STR},
        {"12:30", STR, STR},
        {"1:2:3", STR, STR},
        {"3.20.1", STR, STR},
        {"100m", STR, STR},
        {"1Gi", STR, STR},
        {"-", STR, STR},
        {"--", STR, STR},
        {"+", STR, STR},
        {"0.0.0.0", STR, STR},
        {"1 2", STR, STR},
        {"text", STR, STR},
    };
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        size_t len = strlen(cases[i].text);
        if (sg_resolve_read(cases[i].text, len) != cases[i].read ||
            sg_resolve_yaml11(cases[i].text, len) != cases[i].yaml11) {
            fail_msg("\"%s\": %d and %d", cases[i].text,
                     sg_resolve_read(cases[i].text, len),
                     sg_resolve_yaml11(cases[i].text, len));
        }
    }
}

static void test_with_nul(void **state) {
    (void)state;
    assert_int_equal(sg_resolve_read("1\0", 2), STR);
    assert_int_equal(sg_resolve_read("\0", 1), STR);
    assert_int_equal(sg_resolve_read("true\0", 5), STR);
    assert_int_equal(sg_resolve_yaml11("y\0", 2), STR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_with_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
