/* Quantities: the grammar, exactness, the limits, and how they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sg/quantity.h"

static struct sg_quantity read(const char *text) {
    struct sg_quantity q = {0};
    if (!sg_quantity_parse(text, strlen(text), &q)) {
        fail_msg("%s is refused", text);
    }
    return q;
}

static void test_values(void **state) {
    (void)state;
    static const struct {
        const char *text, *same;
    } pairs[] = {
        {"0.5", "500m"},
        {"1", "1000m"},
        {"0.1", "100m"},
        {".5", "500m"},
        {"5.", "5"},
        {"+5", "5"},
        {"1Ki", "1024"},
        {"1k", "1000"},
        {"1Gi", "1024Mi"},
        {"1.5Gi", "1536Mi"},
        {"2Ei", "2305843009213693952"},
        {"1E", "1000P"},
        {"1e3", "1k"},
        {"1E3", "1k"},
        {"12e-1", "1200m"},
        {"100n", "0.0000001"},
        {"3u", "3000n"},
        {"1.1n", "2n"},                           /* finer than a billionth: up */
        {"0.0000000001", "1n"},                   /* the same */
        {"15e-10", "2n"},                         /* the same */
        {"15.5e-10", "2n"},                       /* once, not twice */
        {"99999999999Ei", "9223372036854775807"}, /* the largest there is */
        {"1e1000", "9223372036854775807"},
        {"99999999999999999999999999999999999999999999", "9223372036854775807"},
        {"-1.5", "-1500m"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(pairs); i++) {
        if (sg_quantity_cmp(read(pairs[i].text), read(pairs[i].same)) != 0) {
            fail_msg("%s is not %s", pairs[i].text, pairs[i].same);
        }
    }
}

static void test_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",    ".",    "-",    "Gi",    "1Gb", "1 Gi", "1gi",  "1K",  "1ki", "1e",
        "1e+", "1ee3", "0x10", "1.2.3", "1mi", "inf",  "1Eii", "ten", "1,5"};
    for (size_t i = 0; i < SG_ARRAY_LEN(texts); i++) {
        struct sg_quantity q = {7};
        if (sg_quantity_parse(texts[i], strlen(texts[i]), &q)) {
            fail_msg("'%s' is taken for a quantity", texts[i]);
        }
        assert_true(q.nano == 7);
    }
}

/* What a double cannot tell apart. */
static void test_exact(void **state) {
    (void)state;
    assert_true(sg_quantity_cmp(read("9007199254740993"), read("9007199254740992")) > 0);
    assert_true(sg_quantity_cmp(read("1Gi"), read("1.000000001Gi")) < 0);
    struct sg_quantity sum = {0};
    for (int i = 0; i < 10; i++) {
        sum = sg_quantity_add(sum, read("0.1"));
    }
    assert_int_equal(sg_quantity_cmp(sum, read("1")), 0);
    sum = sg_quantity_times(read("8Ei"), UINT64_MAX);
    sum = sg_quantity_add(sg_quantity_times(sum, UINT64_MAX), sum);
    assert_true(sg_quantity_cmp(sum, read("8Ei")) > 0); /* stopped, not run over */
}

static void written(const char *text, bool bytes, const char *exact, const char *brief) {
    sg_auto_buf out = SG_BUF_INIT;
    sg_quantity_write(read(text), bytes, &out);
    assert_string_equal(sg_buf_cstr(&out), exact);
    struct sg_quantity again = read(sg_buf_cstr(&out));
    assert_int_equal(sg_quantity_cmp(again, read(text)), 0);
    sg_buf_clear(&out);
    sg_quantity_brief(read(text), bytes, &out);
    assert_string_equal(sg_buf_cstr(&out), brief);
}

static void test_written(void **state) {
    (void)state;
    written("0", false, "0", "0");
    written("0", true, "0", "0");
    written("12500m", false, "12.5", "12.5");
    written("1n", false, "0.000000001", "0");
    written("-250m", false, "-0.25", "-0.25");
    written("1536Mi", true, "1.5Gi", "1.5Gi");
    written("500M", true, "500M", "476.84Mi");
    written("2000Mi", true, "2000Mi", "1.95Gi");
    written("1000", true, "1k", "1000");
    written("1023.999Ki", true, "1023.999Ki", "1024Ki");
    written("-2Gi", true, "-2Gi", "-2Gi");
    written("9223372036854775807", true, "9223372036854775.807k", "8Ei");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
