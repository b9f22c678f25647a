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

/* Another thread draws: waits until `len` is there, two seconds at most. */
static void wait_for(FILE *out, const size_t *len, size_t wanted) {
    for (int i = 0; i < 200; i++) {
        fflush(out); /* *len is set by a flush */
        if (*len >= wanted) {
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

static void progress_waits_and_goes_away(void **state) {
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct sg_progress_line line;
    sg_progress_init(&line, out, true);
    sg_progress_show(&line, "too early");
    sg_progress_clear(&line);
    sg_progress_end(&line);
    fflush(out);
    assert_int_equal(len, 0);

    sg_progress_init(&line, out, true);
    line.since.tv_sec -= 1;
    sg_progress_show(&line, "rendering \033[0m");
    wait_for(out, &len, 18);
    sg_progress_clear(&line);
    sg_progress_clear(&line);
    sg_progress_end(&line);
    fclose(out);
    assert_string_equal(text, "\r\033[Krendering \\x1b[0m\r\033[K");
    free(text);
}

/* What is told at the start of something long is shown though nothing more is told. */
static void progress_shows_what_came_early(void **state) {
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct sg_progress_line line;
    sg_progress_init(&line, out, true);
    sg_progress_show(&line, "fetching");
    wait_for(out, &len, 12);
    sg_progress_end(&line);
    fclose(out);
    assert_string_equal(text, "\r\033[Kfetching\r\033[K");
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
        cmocka_unit_test(progress_shows_what_came_early),
        cmocka_unit_test(progress_is_silent_where_nobody_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
