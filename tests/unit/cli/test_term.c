#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static int clean_env(void **state) {
    (void)state;
    unsetenv("NO_COLOR");
    unsetenv("CLICOLOR_FORCE");
    setenv("TERM", "xterm", 1);
    return 0;
}

static void colour_is_for_terminals(void **state) {
    (void)state;
    assert_true(sg_color_wanted(SG_COLOR_AUTO, true));
    assert_false(sg_color_wanted(SG_COLOR_AUTO, false));
    assert_true(sg_color_wanted(SG_COLOR_ALWAYS, false));
    assert_false(sg_color_wanted(SG_COLOR_NEVER, true));
}

static void the_environment_decides_auto(void **state) {
    (void)state;
    setenv("TERM", "dumb", 1);
    assert_false(sg_color_wanted(SG_COLOR_AUTO, true));
    setenv("CLICOLOR_FORCE", "1", 1);
    assert_true(sg_color_wanted(SG_COLOR_AUTO, false));
    setenv("NO_COLOR", "1", 1);
    assert_false(sg_color_wanted(SG_COLOR_AUTO, true));
    assert_true(sg_color_wanted(SG_COLOR_ALWAYS, false));
    setenv("NO_COLOR", "", 1); /* empty does not count */
    setenv("CLICOLOR_FORCE", "0", 1);
    assert_false(sg_color_wanted(SG_COLOR_AUTO, false));
}

static void progress_waits_and_goes_away(void **state) {
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct sg_progress_line line;
    sg_progress_init(&line, out, true);
    sg_progress_show(&line, "too early");
    fflush(out);
    assert_int_equal(len, 0);
    line.since.tv_sec -= 1;
    sg_progress_show(&line, "rendering \033[0m");
    sg_progress_show(&line, "too often");
    sg_progress_clear(&line);
    sg_progress_clear(&line);
    fclose(out);
    assert_string_equal(text, "\r\033[Krendering \\x1b[0m\r\033[K");
    free(text);
}

static void progress_is_silent_where_nobody_looks(void **state) {
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct sg_progress_line line;
    sg_progress_init(&line, out, false);
    line.since.tv_sec -= 1;
    sg_progress_show(&line, "rendering");
    sg_progress_clear(&line);
    fclose(out);
    assert_int_equal(len, 0);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(colour_is_for_terminals, clean_env),
        cmocka_unit_test_setup(the_environment_decides_auto, clean_env),
        cmocka_unit_test(progress_waits_and_goes_away),
        cmocka_unit_test(progress_is_silent_where_nobody_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
