/*
 * cli.c - one run of the program: the global options, the command, its end.
 */
#include "cli.h"

#include "all.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "sg/suggest.h"

int sg_command_unknown(const char *name, struct sg_err *err) {
    struct sg_suggest near;
    sg_suggest_init(&near, name);
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_suggest_offer(&near, (*cmd)->name);
    }
    const char *best = sg_suggest_best(&near);
    sg_fail(err, SG_E_USAGE, "unknown command '%s'", name);
    if (best) {
        return sg_err_hint(err, "did you mean `sgupgrade %s`?", best);
    }
    return sg_err_hint(err, "`sgupgrade help` lists the commands");
}

/* -C, in order, each as seen from the one before. */
static int enter_folders(const struct sg_args *args, struct sg_err *err) {
    for (size_t i = 0; i < args->given.len; i++) {
        const struct sg_given *given = &args->given.items[i];
        if (given->opt->letter == 'C' && chdir(given->value) != 0) {
            return sg_fail_sys(err, errno, "cannot enter the folder '%s' of -C",
                               given->value);
        }
    }
    return 0;
}

static void apply_colors(struct sg_cli *cli) {
    cli->out_paint = sg_palette_get(sg_color_wanted(cli->color, cli->out_tty));
    cli->err_paint = sg_palette_get(sg_color_wanted(cli->color, cli->err_tty));
}

static enum sg_color_mode color_mode(const char *value) {
    if (!value || strcmp(value, "auto") == 0) {
        return SG_COLOR_AUTO;
    }
    return strcmp(value, "always") == 0 ? SG_COLOR_ALWAYS : SG_COLOR_NEVER;
}

static int apply_globals(struct sg_cli *cli, const struct sg_args *args,
                         struct sg_err *err) {
    cli->color = color_mode(sg_args_get(args, "color"));
    cli->quiet = sg_args_has(args, "quiet");
    cli->offline = sg_args_has(args, "offline");
    for (size_t i = 0; i < args->given.len; i++) {
        cli->verbose += args->given.items[i].opt->letter == 'v';
    }
    apply_colors(cli);
    if (enter_folders(args, err) < 0) {
        return -1;
    }
    char cwd[PATH_MAX];
    if (!getcwd(cwd, sizeof cwd)) {
        return sg_fail_sys(err, errno, "cannot tell the current folder");
    }
    cli->cwd = sg_xstrdup(cwd);
    const char *term = getenv("TERM");
    bool dumb = !term || strcmp(term, "dumb") == 0;
    sg_progress_init(&cli->progress, cli->err, cli->err_tty && !cli->quiet && !dumb);
    return 0;
}

static int run_command(struct sg_cli *cli, const struct sg_cmd *cmd,
                       const struct sg_args *args, struct sg_err *err) {
    if (sg_args_has(args, "help")) {
        sg_auto_buf text = SG_BUF_INIT;
        sg_help_command(cmd, cli->out_paint, &text);
        sg_cli_write(cli, sg_buf_cstr(&text), text.len);
        return SG_EXIT_OK;
    }
    if (sg_words_check(args, cmd->words, cmd->name, err) < 0) {
        return -1;
    }
    if (cmd->needs != SG_NEEDS_NOTHING && !sg_all_wanted(args) &&
        sg_cli_open_repo(cli, cmd->needs, SG_REPO_ASK, err) < 0) {
        return -1;
    }
    return cmd->run(cli, args, err);
}

/* What `sgupgrade` says without a command: the list, as an error unless it was asked for.
 */
static int no_command(struct sg_cli *cli, const struct sg_args *args,
                      struct sg_err *err) {
    if (!sg_args_has(args, "help")) {
        sg_fail(err, SG_E_USAGE, "no command given");
        return sg_err_hint(err, "`sgupgrade help` lists the commands");
    }
    sg_auto_buf text = SG_BUF_INIT;
    sg_help_program(cli->out_paint, &text);
    sg_cli_write(cli, sg_buf_cstr(&text), text.len);
    return SG_EXIT_OK;
}

static int parse_and_run(struct sg_cli *cli, int argc, char *const *argv,
                         struct sg_err *err) {
    sg_auto_args args = {0};
    sg_command_tables(NULL, args.tables);
    int used = sg_opts_parse(&args, argc, argv, true, err);
    if (used < 0) {
        return -1;
    }
    if (used == argc) {
        return apply_globals(cli, &args, err) < 0 ? -1 : no_command(cli, &args, err);
    }
    const struct sg_cmd *cmd = sg_command_find(argv[used]);
    if (!cmd) {
        return sg_command_unknown(argv[used], err);
    }
    sg_command_tables(cmd, args.tables);
    if (sg_opts_parse(&args, argc - used - 1, argv + used + 1, false, err) < 0 ||
        apply_globals(cli, &args, err) < 0) {
        return -1;
    }
    return run_command(cli, cmd, &args, err);
}

/* Standard output is buffered: what a full disk refuses shows here at the latest. */
static int finish_output(struct sg_cli *cli, int code) {
    if (fflush(cli->out) != 0 && cli->write_errno == 0) {
        cli->write_errno = errno;
    }
    if (cli->write_errno == 0) {
        return code;
    }
    if (cli->write_errno == EPIPE) {
        return -EPIPE;
    }
    struct sg_err err = {0};
    sg_fail_sys(&err, cli->write_errno, "cannot write the result to standard output");
    sg_cli_error(cli, &err);
    return SG_EXIT_ERROR;
}

/* Told before parsing: with --detailed-exitcode a wrong usage must not look like 2,
 * "something changes". */
static bool wants_terraform_exit(int argc, char *const *argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--detailed-exitcode") == 0) {
            return true;
        }
    }
    return false;
}

static int terraform_exit(int code) {
    return code == SG_EXIT_OK ? 0 : code == SG_EXIT_CHANGES ? 2 : 1;
}

int sg_cli_main(struct sg_cli *cli, int argc, char *const *argv) {
    cli->terraform_exit = wants_terraform_exit(argc, argv);
    apply_colors(cli);
    struct sg_err err = {0};
    int code = parse_and_run(cli, argc - 1, argv + 1, &err);
    sg_progress_end(&cli->progress);
    if (code < 0) {
        if (fflush(cli->out) != 0 && cli->write_errno == 0) {
            cli->write_errno = errno; /* what was found so far comes before the error */
        }
        sg_cli_error(cli, &err);
        code = (int)sg_exit_of(err.code);
    }
    sg_cli_close_repo(cli);
    sg_cli_show_paged(cli);
    code = finish_output(cli, code);
    fflush(cli->err);
    sg_strmap_release(&cli->warned);
    free(cli->cwd);
    cli->cwd = NULL;
    return cli->terraform_exit && code >= 0 ? terraform_exit(code) : code;
}

void sg_cli_write(struct sg_cli *cli, const char *bytes, size_t len) {
    sg_progress_clear(&cli->progress);
    if (fwrite(bytes, 1, len, cli->out) != len && cli->write_errno == 0) {
        cli->write_errno = errno;
    }
}

char *sg_cli_absolute(const struct sg_cli *cli, const char *path) {
    return path[0] == '/' ? sg_xstrdup(path) : sg_xasprintf("%s/%s", cli->cwd, path);
}

int sg_cli_abspath(const char *path, struct sg_buf *out, struct sg_err *err) {
    char *real = realpath(path, NULL);
    if (!real) {
        if (errno != ENOENT && errno != ENOTDIR) {
            return sg_fail_sys(err, errno, "cannot resolve '%s'", path);
        }
        return sg_fail(err, SG_E_NOTFOUND, "'%s' does not exist", path);
    }
    sg_buf_adds(out, real + 1);
    free(real);
    return 0;
}
