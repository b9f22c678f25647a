#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static void diff(const char *before, const char *after, size_t max, struct sg_buf *out) {
    struct sg_report_opts opts = {.paint = sg_palette_get(false)};
    struct sg_text t = {.out = out, .opts = &opts, .paint = opts.paint};
    sg_text_line_diff(&t, before, strlen(before), after, strlen(after), 2, max);
}

static void expect(const char *before, const char *after, const char *want) {
    sg_auto_buf out = SG_BUF_INIT;
    diff(before, after, 0, &out);
    assert_string_equal(sg_buf_cstr(&out), want);
}

static void shows_changed_lines_with_context(void **state) {
    (void)state;
    expect("a\nb\nc\nd\ne\n", "a\nb\nX\nd\ne\n",
           "    a\n    b\n  - c\n  + X\n    d\n    e\n");
    expect("a\n", "a\nb\n", "    a\n  + b\n");
    expect("a\nb\n", "b\n", "  - a\n    b\n");
    expect("", "a\nb\n", "  + a\n  + b\n");
    expect("a\nb", "", "  - a\n  - b\n");
    expect("same\n", "same\n", "");
    expect("a\nb\n", "a\nb", "  the line end after the last line is gone\n");
    expect("a\nb", "a\nb\n", "  the line end after the last line is new\n");
}

static void skips_what_is_far_from_a_change(void **state) {
    (void)state;
    expect("1\n2\n3\n4\n5\n6\n7\n8\n", "X\n2\n3\n4\n5\n6\n7\nY\n",
           "  - 1\n  + X\n    2\n    3\n    ...\n    6\n    7\n  - 8\n  + Y\n");
}

static void says_how_much_is_left_out(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT;
    diff("a\nb\nc\nd\n", "1\n2\n3\n4\n", 3, &out);
    assert_string_equal(sg_buf_cstr(&out),
                        "  - a\n  - b\n  - c\n  ... 5 more lines (--full)\n");
}

static void escapes_control_bytes(void **state) {
    (void)state;
    expect("a\n", "\033[31mb\n", "  - a\n  + \\x1b[31mb\n");
}

/* What was printed must turn `before` into `after`: checked by replaying it. */
static void replay(const char *printed, size_t before_changes, size_t after_changes) {
    size_t gone = 0, come = 0;
    for (const char *at = printed; *at; at += strcspn(at, "\n") + 1) {
        gone += at[2] == '-';
        come += at[2] == '+';
    }
    assert_int_equal(gone, before_changes);
    assert_int_equal(come, after_changes);
}

/* Length of the longest common subsequence by the plain quadratic rule. */
static size_t common(const char *a, const char *b, size_t n) {
    size_t table[33][33] = {{0}};
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= n; j++) {
            table[i][j] = a[i - 1] == b[j - 1]                ? table[i - 1][j - 1] + 1
                          : table[i - 1][j] > table[i][j - 1] ? table[i - 1][j]
                                                              : table[i][j - 1];
        }
    }
    return table[n][n];
}

static void finds_the_shortest_difference(void **state) {
    (void)state;
    srand(20);
    for (int round = 0; round < 500; round++) {
        char a[32], b[32], before[65] = "", after[65] = "";
        size_t n = 1 + (size_t)rand() % 31;
        for (size_t i = 0; i < n; i++) {
            a[i] = (char)('a' + rand() % 4);
            b[i] = (char)('a' + rand() % 4);
            before[2 * i] = a[i];
            after[2 * i] = b[i];
            before[2 * i + 1] = after[2 * i + 1] = '\n';
        }
        before[2 * n] = after[2 * n] = '\0';
        sg_auto_buf out = SG_BUF_INIT;
        diff(before, after, 0, &out);
        size_t edits = n - common(a, b, n);
        replay(sg_buf_cstr(&out), edits, edits);
    }
}

/* Past the bound on edits the middle is replaced, in linear time. */
static void stays_linear_on_unlike_texts(void **state) {
    (void)state;
    sg_auto_buf before = SG_BUF_INIT, after = SG_BUF_INIT, out = SG_BUF_INIT;
    sg_buf_adds(&before, "head\n");
    sg_buf_adds(&after, "head\n");
    for (int i = 0; i < 20000; i++) {
        sg_buf_addf(&before, "a%d\n", i);
        sg_buf_addf(&after, "b%d\n", i);
    }
    diff(before.ptr, after.ptr, 0, &out);
    replay(sg_buf_cstr(&out), 20000, 20000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_changed_lines_with_context),
        cmocka_unit_test(skips_what_is_far_from_a_change),
        cmocka_unit_test(says_how_much_is_left_out),
        cmocka_unit_test(escapes_control_bytes),
        cmocka_unit_test(finds_the_shortest_difference),
        cmocka_unit_test(stays_linear_on_unlike_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
