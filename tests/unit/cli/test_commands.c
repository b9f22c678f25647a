/*
 * The command table against itself: what the parser takes, the help, the manual page and
 * the completions must name the same options.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <string.h>

#include "cli.h"

typedef void option_check(const struct sg_cmd *cmd, const struct sg_opt *opt,
                          const char *text);

/* Every option a command takes, its own and the global ones, against `text`. */
static void each_option(const struct sg_cmd *cmd, const char *text, option_check *check) {
    for (const struct sg_opt *opt = cmd->options; opt && opt->name; opt++) {
        check(cmd, opt, text);
    }
    for (const struct sg_opt *opt = sg_global_options; opt->name; opt++) {
        if (!sg_command_shadows(cmd, opt)) {
            check(cmd, opt, text);
        }
    }
}

static void parser_takes_it(const struct sg_cmd *cmd, const struct sg_opt *opt,
                            const char *text) {
    (void)text;
    sg_auto_args args = {0};
    struct sg_err err = {0};
    sg_command_tables(cmd, args.tables);
    char name[64], letter[3] = {'-', opt->letter, 0};
    snprintf(name, sizeof name, "--%s", opt->name);
    char value[64] = "x";
    if (opt->choices) {
        snprintf(value, sizeof value, "%s", opt->choices[0]);
    }
    char *argv[] = {opt->letter ? letter : name, opt->value ? value : name, name, value};
    int argc = opt->value ? 4 : 2;
    assert_int_equal(sg_opts_parse(&args, argc, argv, false, &err), argc);
    assert_int_equal(args.words.len, 0);
    assert_true(sg_args_has(&args, opt->name));
}

static void help_names_it(const struct sg_cmd *cmd, const struct sg_opt *opt,
                          const char *text) {
    (void)cmd;
    sg_auto_buf row = SG_BUF_INIT;
    sg_buf_adds(&row, "  ");
    if (!opt->letter) {
        sg_buf_adds(&row, "    ");
    }
    sg_opt_synopsis(opt, &row);
    assert_non_null(strstr(text, sg_buf_cstr(&row)));
}

static void man_names_it(const struct sg_cmd *cmd, const struct sg_opt *opt,
                         const char *text) {
    (void)cmd;
    sg_auto_buf name = SG_BUF_INIT;
    sg_buf_adds(&name, "\\fB\\-\\-");
    for (const char *at = opt->name; *at; at++) {
        sg_buf_addf(&name, "%s%c", *at == '-' ? "\\" : "", *at);
    }
    sg_buf_adds(&name, "\\fR");
    assert_non_null(strstr(text, sg_buf_cstr(&name)));
}

static void bash_names_it(const struct sg_cmd *cmd, const struct sg_opt *opt,
                          const char *text) {
    char start[64], name[64];
    snprintf(start, sizeof start, "        %s:-*) ", cmd->name);
    const char *line = strstr(text, start);
    assert_non_null(line);
    const char *end = strchr(line, '\n');
    snprintf(name, sizeof name, "--%s ", opt->name);
    const char *hit = strstr(line, name);
    assert_true(hit && hit < end);
}

static void zsh_names_it(const struct sg_cmd *cmd, const struct sg_opt *opt,
                         const char *text) {
    char start[64], name[64];
    snprintf(start, sizeof start, "            %s)\n", cmd->name);
    const char *part = strstr(text, start);
    assert_non_null(part);
    const char *end = strstr(part, ";;");
    snprintf(name, sizeof name, "--%s%s[", opt->name, opt->value ? "=" : "");
    const char *hit = strstr(part, name);
    assert_true(hit && hit < end);
}

static void fish_names_it(const struct sg_cmd *cmd, const struct sg_opt *opt,
                          const char *text) {
    char want[192];
    char letter[8] = "";
    if (opt->letter) {
        snprintf(letter, sizeof letter, " -s %c", opt->letter);
    }
    snprintf(want, sizeof want, "'__fish_seen_subcommand_from %s'%s -l %s ", cmd->name,
             letter, opt->name);
    assert_non_null(strstr(text, want));
}

static void every_surface_names_every_option(void **state) {
    (void)state;
    sg_auto_buf bash = SG_BUF_INIT, zsh = SG_BUF_INIT, fish = SG_BUF_INIT;
    sg_complete_script("bash", &bash);
    sg_complete_script("zsh", &zsh);
    sg_complete_script("fish", &fish);
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_auto_buf help = SG_BUF_INIT, man = SG_BUF_INIT;
        sg_help_command(*cmd, sg_palette_get(false), &help);
        sg_man_page(*cmd, &man);
        each_option(*cmd, NULL, parser_takes_it);
        each_option(*cmd, sg_buf_cstr(&help), help_names_it);
        each_option(*cmd, sg_buf_cstr(&man), man_names_it);
        each_option(*cmd, sg_buf_cstr(&bash), bash_names_it);
        each_option(*cmd, sg_buf_cstr(&zsh), zsh_names_it);
        each_option(*cmd, sg_buf_cstr(&fish), fish_names_it);
    }
}

/* Options in a help text: "--name" at the beginning of a row. */
static void help_names_nothing_else(void **state) {
    (void)state;
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_auto_buf help = SG_BUF_INIT;
        sg_help_command(*cmd, sg_palette_get(false), &help);
        sg_auto_args args = {0};
        sg_command_tables(*cmd, args.tables);
        const char *at = strstr(sg_buf_cstr(&help), "\nOptions");
        for (; at && (at = strstr(at, "\n  ")); at++) {
            const char *dashes = strstr(at, "--");
            if (!dashes || dashes - at > 8 || dashes - at < 3) {
                continue;
            }
            char name[64];
            size_t len = strcspn(dashes + 2, " \n");
            snprintf(name, sizeof name, "--%.*s", (int)len, dashes + 2);
            char *argv[] = {name, "auto"};
            struct sg_err err = {0};
            bool known = sg_opts_parse(&args, 2, argv, false, &err) > 0 ||
                         strstr(err.text, "expected") != NULL;
            assert_true(known);
        }
    }
}

static void the_table_is_well_formed(void **state) {
    (void)state;
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        assert_ptr_equal(sg_command_find((*cmd)->name), *cmd);
        assert_true((*cmd)->run && (*cmd)->summary && (*cmd)->details && (*cmd)->group);
        size_t len = strlen((*cmd)->summary);
        assert_true(len < 72 && (*cmd)->summary[len - 1] != '.');
        bool letters[256] = {false};
        for (const struct sg_opt *opt = (*cmd)->options; opt && opt->name; opt++) {
            assert_non_null(opt->help);
            if (!opt->letter) {
                continue;
            }
            assert_false(letters[(unsigned char)opt->letter]);
            letters[(unsigned char)opt->letter] = true;
        }
        for (const struct sg_opt *opt = sg_global_options; opt->name; opt++) {
            assert_true(sg_command_shadows(*cmd, opt) ||
                        !letters[(unsigned char)opt->letter] || !opt->letter);
        }
        for (const struct sg_word *word = (*cmd)->words; word && word->name; word++) {
            assert_true(!word->many || !word[1].name);
        }
    }
    assert_null(sg_command_find("no-such-command"));
}

static void help_fits_a_terminal(void **state) {
    (void)state;
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_auto_buf help = SG_BUF_INIT;
        sg_help_command(*cmd, sg_palette_get(false), &help);
        bool example = false;
        for (const char *at = help.ptr; *at;) {
            size_t len = strcspn(at, "\n");
            example |= strncmp(at, "Examples", 8) == 0;
            if (!example && sg_text_width(at, len) > 80) {
                fail_msg("%s: over 80 columns: %.*s", (*cmd)->name, (int)len, at);
            }
            at += len + (at[len] == '\n');
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_surface_names_every_option),
        cmocka_unit_test(help_names_nothing_else),
        cmocka_unit_test(the_table_is_well_formed),
        cmocka_unit_test(help_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
