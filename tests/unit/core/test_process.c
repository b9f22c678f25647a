/* Running programs: large input and output, exit codes, environment, failure to start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static void test_large_in_and_out(void **state) {
    enum { SIZE = 3 * 1024 * 1024 };
    (void)state;
    sg_auto_cstr in = sg_xmalloc(SIZE);
    memset(in, 'x', SIZE);
    sg_auto_buf out = SG_BUF_INIT;
    const char *const argv[] = {"cat", NULL};
    struct sg_process p = {.argv = argv, .in = in, .in_len = SIZE, .out = &out};
    struct sg_err err = {0};
    int status;
    assert_int_equal(sg_process_run(&p, &status, &err), 0);
    assert_int_equal(status, 0);
    assert_int_equal(out.len, SIZE);
    assert_memory_equal(out.ptr, in, SIZE);
}

/* A program that does not read its input is no reason to die of SIGPIPE. */
static void test_input_nobody_reads(void **state) {
    enum { SIZE = 1024 * 1024 };
    (void)state;
    sg_auto_cstr in = sg_xcalloc(1, SIZE);
    const char *const argv[] = {"true", NULL};
    struct sg_process p = {.argv = argv, .in = in, .in_len = SIZE};
    struct sg_err err = {0};
    int status;
    assert_int_equal(sg_process_run(&p, &status, &err), 0);
    assert_int_equal(status, 0);
}

static void test_variables_are_replaced_and_left_out(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT;
    assert_int_equal(setenv("SG_KEPT", "kept", 1) | setenv("SG_GONE", "here", 1) |
                         setenv("SG_WORD", "old", 1),
                     0);
    const char *const env[] = {"SG_WORD=new", "SG_GONE", "SG_KEP", NULL};
    const char *const argv[] = {
        "sh", "-c",
        "echo $SG_KEPT ${SG_GONE-gone} $SG_WORD; env | grep -cE '^SG_(KEPT|GONE|WORD)='",
        NULL};
    struct sg_process p = {.argv = argv, .env = env, .out = &out};
    struct sg_err err = {0};
    int status;
    assert_int_equal(sg_process_run(&p, &status, &err), 0);
    assert_string_equal(out.ptr, "kept gone new\n2\n");
}

static void test_both_streams_and_status(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT, errors = SG_BUF_INIT;
    const char *const env[] = {"SG_WORD=there", "PWD_MARK=1", NULL};
    const char *const argv[] = {
        "sh", "-c", "cat; pwd; echo $SG_WORD; yes | head -c 200000 >&2; exit 7", NULL};
    struct sg_process p = {
        .argv = argv, .cwd = "/", .env = env, .out = &out, .err = &errors};
    struct sg_err err = {0};
    int status;
    assert_int_equal(sg_process_run(&p, &status, &err), 0);
    assert_int_equal(status, 7);
    assert_string_equal(out.ptr, "/\nthere\n");
    assert_int_equal(errors.len, 200000);
    const char *const killed[] = {"sh", "-c", "kill -9 $$", NULL};
    p = (struct sg_process){.argv = killed};
    assert_int_equal(sg_process_run(&p, &status, &err), 0);
    assert_int_equal(status, 128 + 9);
}

/* A git hook may leave a program in the background that holds the pipes open. */
static void test_background_is_not_waited_for(void **state) {
    (void)state;
    sg_auto_buf out = SG_BUF_INIT, errors = SG_BUF_INIT;
    const char *const argv[] = {"sh", "-c",
                                "sleep 600 & yes | head -c 300000; echo $! >&2", NULL};
    struct sg_process p = {.argv = argv, .out = &out, .err = &errors};
    struct sg_err err = {0};
    int status;
    assert_int_equal(sg_process_run(&p, &status, &err), 0);
    assert_int_equal(status, 0);
    assert_int_equal(out.len, 300000);
    assert_int_equal(kill((pid_t)atol(sg_buf_cstr(&errors)), SIGTERM), 0);
}

static void test_cannot_start(void **state) {
    (void)state;
    const char *const argv[] = {"sg-no-such-program", NULL};
    const char *const ok[] = {"true", NULL};
    struct sg_process p = {.argv = argv};
    struct sg_err err = {0};
    int status;
    assert_int_equal(sg_process_run(&p, &status, &err), -1);
    assert_true(err.code == SG_E_IO && err.sys == ENOENT && err.hint[0]);
    sg_err_clear(&err);
    p = (struct sg_process){.argv = ok, .cwd = "/no/such/folder"};
    assert_int_equal(sg_process_run(&p, &status, &err), -1);
    assert_non_null(strstr(err.text, "/no/such/folder"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large_in_and_out),
        cmocka_unit_test(test_input_nobody_reads),
        cmocka_unit_test(test_both_streams_and_status),
        cmocka_unit_test(test_variables_are_replaced_and_left_out),
        cmocka_unit_test(test_background_is_not_waited_for),
        cmocka_unit_test(test_cannot_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
