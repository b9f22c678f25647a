#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

struct fixture {
    struct sg_cli cli;
    char *text;
    size_t len;
};

static void open_cli(struct fixture *f) {
    *f = (struct fixture){0};
    f->cli.err = open_memstream(&f->text, &f->len);
    f->cli.out_paint = f->cli.err_paint = sg_palette_get(false);
    f->cli.cwd = sg_xstrdup(SG_TEST_TMP);
}

static const char *printed(struct fixture *f) {
    fflush(f->cli.err);
    return f->text;
}

static void close_cli(struct fixture *f) {
    fclose(f->cli.err);
    free(f->text);
    free(f->cli.cwd);
    sg_strmap_release(&f->cli.warned);
}

static void write_lines(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void shows_the_line_and_a_caret(void **state) {
    (void)state;
    struct fixture f;
    open_cli(&f);
    write_lines(SG_TEST_TMP "/caret.yaml", "a: 1\nnäme: x: y\n");
    struct sg_err err = {0};
    sg_fail_at(&err, SG_E_INPUT, (struct sg_pos){SG_TEST_TMP "/caret.yaml", 2, 8},
               "found ':', expected a value");
    sg_err_hint(&err, "quote the text");
    sg_cli_error(&f.cli, &err);
    assert_string_equal(printed(&f),
                        "sgupgrade: error: caret.yaml:2:8: found ':', expected a value\n"
                        "     2 | näme: x: y\n"
                        "       |        ^\n"
                        "hint: quote the text\n");
    unlink(SG_TEST_TMP "/caret.yaml");
    close_cli(&f);
}

/* The message about line `number` of this text. */
static bool shows_line(const char *text, uint32_t number) {
    struct fixture f;
    open_cli(&f);
    write_lines(SG_TEST_TMP "/secret.yaml", text);
    struct sg_err err = {0};
    sg_fail_at(&err, SG_E_INPUT, (struct sg_pos){SG_TEST_TMP "/secret.yaml", number, 1},
               "here");
    sg_cli_error(&f.cli, &err);
    bool shown = strstr(printed(&f), "hunter2") != NULL;
    if (!shown) {
        assert_non_null(strstr(printed(&f), "not shown"));
    }
    unlink(SG_TEST_TMP "/secret.yaml");
    close_cli(&f);
    return shown;
}

static void withholds_what_may_be_secret(void **state) {
    (void)state;
    assert_false(shows_line("stringData:\n  a: hunter2: x\nkind: Secret\n", 2));
    assert_false(shows_line("kind: \"Secret\"\r\ndata:\r\n  a: hunter2\r\n", 3));
    assert_false(
        shows_line("{\n\"data\": {\n\"a\": \"hunter2\"},\n\"kind\":\"Secret\"}", 3));
    assert_false(shows_line("kind: List\nitems:\n- kind: Secret\n  data: hunter2\n", 4));
    assert_false(shows_line("a: b\nsecretGenerator:\n- literals: [hunter2]\n", 3));
    assert_false(shows_line("patches:\n- target: {kind: Secret}\n  patch: hunter2", 3));
    assert_true(shows_line("kind: Secret\n---\nkind: Pod\na: hunter2\n", 4));
    assert_true(shows_line("kind: Pod\na: hunter2\n---\nkind: Secret\n", 2));
    assert_true(shows_line("secretGenerator: []\nresources:\n- hunter2\n", 3));
    assert_true(shows_line("kind: SecretStore\na: hunter2\n", 2));
    assert_true(shows_line("a: {secretName: Secret, x: hunter2}\n", 1));
}

static void cuts_a_long_line_around_the_caret(void **state) {
    (void)state;
    struct fixture f;
    open_cli(&f);
    char line[600];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    line[299] = '@';
    write_lines(SG_TEST_TMP "/long.yaml", line);
    struct sg_err err = {0};
    sg_fail_at(&err, SG_E_INPUT, (struct sg_pos){SG_TEST_TMP "/long.yaml", 1, 300},
               "here");
    sg_cli_error(&f.cli, &err);
    const char *excerpt = strchr(printed(&f), '\n') + 1;
    const char *below = strchr(excerpt, '\n') + 1;
    assert_int_equal(strchr(excerpt, '@') - excerpt, strchr(below, '^') - below);
    assert_true(below - excerpt < 130);
    unlink(SG_TEST_TMP "/long.yaml");
    close_cli(&f);
}

static void a_missing_file_has_no_excerpt(void **state) {
    (void)state;
    struct fixture f;
    open_cli(&f);
    struct sg_err err = {0};
    sg_fail_at(&err, SG_E_INPUT, (struct sg_pos){"v3.20.1:base/x.yaml", 3, 1}, "odd");
    sg_cli_error(&f.cli, &err);
    assert_string_equal(printed(&f), "sgupgrade: error: v3.20.1:base/x.yaml:3:1: odd\n");
    close_cli(&f);
}

static void shows_paths_from_the_current_folder(void **state) {
    (void)state;
    struct fixture f;
    open_cli(&f);
    struct sg_err err = {0};
    sg_fail(&err, SG_E_NOTFOUND,
            "cannot read " SG_TEST_TMP "/a/b.yaml or " SG_TEST_TMP
            "-other in " SG_TEST_TMP);
    sg_cli_error(&f.cli, &err);
    assert_string_equal(printed(&f),
                        "sgupgrade: error: cannot read a/b.yaml or " SG_TEST_TMP
                        "-other in .\n");
    close_cli(&f);
}

static void escapes_what_acts_on_a_terminal(void **state) {
    (void)state;
    struct fixture f;
    open_cli(&f);
    struct sg_err err = {0};
    sg_fail(&err, SG_E_INPUT, "key '\033[2J\xff\xe2\x80\xae'");
    sg_cli_error(&f.cli, &err);
    assert_string_equal(printed(&f), "sgupgrade: error: key '\\x1b[2J\\xff\\u202e'\n");
    close_cli(&f);
}

static void prints_a_warning_once(void **state) {
    (void)state;
    struct fixture f;
    open_cli(&f);
    struct sg_diag_sink sink = sg_cli_diag(&f.cli);
    struct sg_pos at = {"x.yaml", 4, 2};
    sg_diag(&sink, "SG105", "dropped", SG_ERROR, at, "repeated key 'a'");
    sg_diag(&sink, "SG105", "dropped", SG_ERROR, at, "repeated key 'a'");
    sg_diag(&sink, "", "", SG_WARNING, (struct sg_pos){0}, "commonLabels is deprecated");
    assert_string_equal(printed(&f),
                        "sgupgrade: warning: x.yaml:4:2: SG105 repeated key 'a'\n"
                        "sgupgrade: warning: commonLabels is deprecated\n");
    close_cli(&f);
}

static void quiet_keeps_errors_and_notices(void **state) {
    (void)state;
    struct fixture f;
    open_cli(&f);
    f.cli.quiet = true;
    struct sg_diag_sink sink = sg_cli_diag(&f.cli);
    sg_diag(&sink, "", "deprecated", SG_WARNING, (struct sg_pos){0}, "old field");
    sg_diag(&sink, "SG104", "no-op", SG_WARNING, (struct sg_pos){0}, "nothing");
    sg_diag(&sink, "SG105", "dropped", SG_ERROR, (struct sg_pos){0}, "lost");
    sg_diag(&sink, "", "", SG_INFO, (struct sg_pos){0}, "by the way");
    sg_diag(&sink, "", "", SG_WARNING, (struct sg_pos){.file = "a"}, "kept as a.saved");
    sg_cli_note(&f.cli, "done");
    assert_string_equal(printed(&f), "sgupgrade: warning: SG105 lost\n"
                                     "sgupgrade: warning: a: kept as a.saved\n");
    close_cli(&f);
}

static void maps_errors_to_exit_codes(void **state) {
    (void)state;
    assert_int_equal(sg_exit_of(SG_E_USAGE), 2);
    assert_int_equal(sg_exit_of(SG_E_IO), 2);
    assert_int_equal(sg_exit_of(SG_E_DIRTY), 2);
    assert_int_equal(sg_exit_of(SG_E_PIN), 3);
    assert_int_equal(sg_exit_of(SG_E_DECISION), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_the_line_and_a_caret),
        cmocka_unit_test(withholds_what_may_be_secret),
        cmocka_unit_test(cuts_a_long_line_around_the_caret),
        cmocka_unit_test(a_missing_file_has_no_excerpt),
        cmocka_unit_test(shows_paths_from_the_current_folder),
        cmocka_unit_test(escapes_what_acts_on_a_terminal),
        cmocka_unit_test(prints_a_warning_once),
        cmocka_unit_test(quiet_keeps_errors_and_notices),
        cmocka_unit_test(maps_errors_to_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
