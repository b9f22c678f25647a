#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "opt.h"

static const char *const colors[] = {"auto", "always", "never", NULL};
static const struct sg_opt own[] = {
    {.name = "to", .value = "V"},
    {.name = "accept", .value = "CODE", .many = true},
    {.letter = 'n', .name = "dry-run"},
    SG_OPT_END,
};
static const struct sg_opt global[] = {
    {.letter = 'C', .name = "directory", .value = "DIR", .many = true},
    {.letter = 'q', .name = "quiet"},
    {.name = "color", .value = "WHEN", .choices = colors},
    SG_OPT_END,
};

#define PARSE(args, err, ...) parse((args), (err), (char *[]){__VA_ARGS__, NULL}, false)

static int parse(struct sg_args *args, struct sg_err *err, char *const *argv, bool stop) {
    int argc = 0;
    while (argv[argc]) {
        argc++;
    }
    *args = (struct sg_args){.tables = {own, global}};
    return sg_opts_parse(args, argc, argv, stop, err);
}

static void takes_values_after_equals_and_as_next_word(void **state) {
    (void)state;
    struct sg_err err = {0};
    sg_auto_args args;
    assert_int_equal(PARSE(&args, &err, "--to=3.20", "x", "--color", "never", "y"), 5);
    assert_string_equal(sg_args_get(&args, "to"), "3.20");
    assert_string_equal(sg_args_get(&args, "color"), "never");
    assert_int_equal(args.words.len, 2);
    assert_string_equal(sg_args_word(&args, 1, ""), "y");
    assert_string_equal(sg_args_word(&args, 2, "none"), "none");
    assert_null(sg_args_get(&args, "directory"));
}

static void bundles_short_flags(void **state) {
    (void)state;
    struct sg_err err = {0};
    sg_auto_args args;
    assert_true(PARSE(&args, &err, "-qnCdir", "-C=other", "-C", "third") > 0);
    assert_true(sg_args_has(&args, "quiet") && sg_args_has(&args, "dry-run"));
    sg_auto_arg_values dirs = {0};
    assert_int_equal(sg_args_all(&args, "directory", &dirs), 3);
    assert_string_equal(dirs.items[0], "dir");
    assert_string_equal(dirs.items[1], "other");
    assert_string_equal(dirs.items[2], "third");
    assert_string_equal(sg_args_get(&args, "directory"), "third");
}

static void two_dashes_end_the_options(void **state) {
    (void)state;
    struct sg_err err = {0};
    sg_auto_args args;
    assert_true(PARSE(&args, &err, "-", "--", "--to", "-q") > 0);
    assert_int_equal(args.words.len, 3);
    assert_string_equal(args.words.items[0], "-");
    assert_string_equal(args.words.items[1], "--to");
    assert_false(sg_args_has(&args, "quiet"));
}

static void stops_at_the_command(void **state) {
    (void)state;
    struct sg_err err = {0};
    sg_auto_args args;
    char *argv[] = {"-q", "-C", "d", "apply", "--nonsense", NULL};
    assert_int_equal(parse(&args, &err, argv, true), 3);
    assert_int_equal(args.words.len, 0);
}

static void names_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        char *argv[3];
        const char *text, *hint;
    } cases[] = {
        {{"--tto"}, "unknown option --tto", "did you mean --to?"},
        {{"--accpet=x"}, "unknown option --accpet", "did you mean --accept?"},
        {{"-z"}, "unknown option -z in '-z'", "-h lists the options"},
        {{"--to"}, "option --to needs a value", "write --to V"},
        {{"-C"}, "option --directory needs a value", "write --directory DIR"},
        {{"--quiet=1"}, "option --quiet takes no value, found '1'", ""},
        {{"--color", "nver"},
         "--color is 'nver', expected auto, always or never",
         "did you mean never?"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct sg_err err = {0};
        sg_auto_args args;
        assert_int_equal(parse(&args, &err, cases[i].argv, false), -1);
        assert_int_equal(err.code, SG_E_USAGE);
        assert_string_equal(err.text, cases[i].text);
        assert_string_equal(err.hint, cases[i].hint);
    }
}

static void counts_the_words(void **state) {
    (void)state;
    static const char *const shells[] = {"bash", "fish", NULL};
    static const struct sg_word needed[] = {
        {.name = "SHELL", .help = "which shell", .choices = shells}, SG_WORD_END};
    static const struct sg_word many[] = {
        {.name = "OVERLAY", .optional = true, .many = true}, SG_WORD_END};
    struct sg_err err = {0};
    sg_auto_args none, one, two;
    assert_int_equal(PARSE(&none, &err, "-q"), 1);
    assert_int_equal(sg_words_check(&none, NULL, "x", &err), 0);
    assert_int_equal(sg_words_check(&none, many, "x", &err), 0);
    assert_int_equal(sg_words_check(&none, needed, "x", &err), -1);
    assert_string_equal(err.text, "`x` needs SHELL: which shell");
    sg_err_clear(&err);
    assert_int_equal(PARSE(&one, &err, "fsh"), 1);
    assert_int_equal(sg_words_check(&one, needed, "x", &err), -1);
    assert_string_equal(err.hint, "did you mean fish?");
    sg_err_clear(&err);
    assert_int_equal(PARSE(&two, &err, "bash", "fish"), 2);
    assert_int_equal(sg_words_check(&two, many, "x", &err), 0);
    assert_int_equal(sg_words_check(&two, needed, "x", &err), -1);
    assert_string_equal(err.text, "`x` does not take the argument 'fish'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_values_after_equals_and_as_next_word),
        cmocka_unit_test(bundles_short_flags),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(stops_at_the_command),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(counts_the_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
