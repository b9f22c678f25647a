/*
 * cli.h - the command line program: one `struct sg_cli` a run, one `struct sg_cmd` a
 * verb. Only this layer prints or exits.
 */
#ifndef SG_CLI_CLI_H
#define SG_CLI_CLI_H

#include <stdio.h>
#include <time.h>

#include "opt.h"
#include "sg/diag.h"
#include "sg/repo.h"
#include "sg/report.h"
#include "sg/strmap.h"

/* Exit codes of the contract (docs: every man page, "EXIT STATUS"). */
enum sg_exit {
    SG_EXIT_OK = 0,
    SG_EXIT_CHANGES = 1,  /* diff: something changes; check: findings */
    SG_EXIT_ERROR = 2,    /* usage, bad input, I/O; nothing was written */
    SG_EXIT_PIN = 3,      /* pin, signature or base check failed */
    SG_EXIT_DECISION = 4, /* only a human can decide; nothing was written */
};

/* What the runner prepares before a command runs. */
enum sg_needs {
    SG_NEEDS_NOTHING = 0,
    SG_NEEDS_PROJECT = 1, /* cli->repo, for reading */
    SG_NEEDS_WRITING = 2, /* cli->repo, as the one writer */
};

enum sg_color_mode { SG_COLOR_AUTO, SG_COLOR_ALWAYS, SG_COLOR_NEVER };

/* The line on a terminal that says what takes long; see progress.c. */
struct sg_progress_line {
    FILE *out;
    bool enabled;
    struct timespec since; /* when the run began: nothing is shown for the first 200 ms */
    struct sg_drawer *drawer; /* NULL until there is something to show */
};

struct sg_cli {
    FILE *out, *err; /* results; diagnostics and progress */
    int write_errno; /* of the first write to `out` that failed; 0: none */
    bool out_tty, err_tty;
    bool quiet, offline;
    unsigned verbose;
    enum sg_color_mode color;
    const struct sg_palette *out_paint, *err_paint;
    char *cwd; /* absolute, after -C; messages show paths as seen from here */
    struct sg_progress_line progress;
    struct sg_diag_sink diag; /* what the project warns of */
    struct sg_repo *repo;     /* NULL where the command needs no project */
    bool pages;          /* a result is kept in `paged` until the end, for the pager */
    struct sg_buf paged; /* on its way to standard output */
    bool terraform_exit; /* diff --detailed-exitcode: 0 nothing, 2 changes, 1 error */
    struct sg_strmap warned; /* warnings printed already: kustomize repeats itself */
};

struct sg_example {
    const char *command, *says;
};

/* What an exit code means; a table ends with a NULL text. */
struct sg_exit_row {
    int code;
    const char *says;
};

/* An environment variable that counts; a table ends with a NULL name. */
struct sg_env_row {
    const char *name, *says;
};
extern const struct sg_env_row sg_env_rows[];

struct sg_cmd {
    const char *name;
    const char *group;            /* heading it stands under in the list of commands */
    const char *summary;          /* one line for the list of commands */
    const char *details;          /* paragraphs, parted by an empty line */
    const struct sg_opt *options; /* its own; the global ones come after. NULL: none */
    const struct sg_word *words;  /* NULL: none */
    const struct sg_example *examples; /* ends with NULL; NULL: none */
    const struct sg_exit_row *exits;   /* NULL: the common ones */
    enum sg_needs needs;
    /* Returns an exit code, or -1 with the error filled. */
    int (*run)(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err);
};

/* Every command, in the order of the help text, NULL-ended. */
extern const struct sg_cmd *const sg_commands[];
/* NULL where there is none of this name. */
const struct sg_cmd *sg_command_find(const char *name);
/* The options every command takes. */
extern const struct sg_opt sg_global_options[];
/* Fails with SG_E_USAGE and the nearest name. */
int sg_command_unknown(const char *name, struct sg_err *err);
/* A command may declare a global option anew (`build -o`): its own counts then. */
bool sg_command_shadows(const struct sg_cmd *cmd, const struct sg_opt *global);
/* The option tables in parsing order; NULL: the global options alone. */
void sg_command_tables(const struct sg_cmd *cmd,
                       const struct sg_opt *tables[SG_OPT_TABLES]);

/* --- a run (cli.c) --- */

/* The program without its process: parses, runs, prints. Returns the exit code; -EPIPE
 * where the reader of standard output went away. `cli->out` and `cli->err` are set. */
int sg_cli_main(struct sg_cli *cli, int argc, char *const *argv);

/* --- what commands use --- */

/* Writes result bytes to standard output; a failure shows at the end of the run. */
void sg_cli_write(struct sg_cli *cli, const char *bytes, size_t len);
/* Writes a file anew; SG_E_IO names it. */
SG_MUST_USE int sg_cli_write_file(const char *path, const struct sg_buf *text,
                                  struct sg_err *err);
/* A sink that prints each different warning once on standard error. */
struct sg_diag_sink sg_cli_diag(struct sg_cli *cli);
/* A line for standard error, unless -q; control bytes are escaped. */
void sg_cli_note(struct sg_cli *cli, const char *text);
/* `fs` path of a disk path, for a file system rooted at "/": symbolic links resolved,
 * without the leading '/'. SG_E_NOTFOUND where it is not there. */
SG_MUST_USE int sg_cli_abspath(const char *path, struct sg_buf *out, struct sg_err *err);
/* `path` made absolute as text, whether it is there or not; to be freed. */
char *sg_cli_absolute(const struct sg_cli *cli, const char *path);

/* --- the project (project.c) --- */

/* How a project is opened in this run; `out` borrows from `cli`. */
void sg_cli_repo_opts(struct sg_cli *cli, bool writes, struct sg_repo_opts *out);
/* Fills cli->repo; `interrupted` says what becomes of an upgrade that was cut short. */
SG_MUST_USE int sg_cli_open_repo(struct sg_cli *cli, enum sg_needs needs,
                                 enum sg_repo_interrupted interrupted,
                                 struct sg_err *err);
void sg_cli_close_repo(struct sg_cli *cli);

/* --- errors (message.c, excerpt.c, exit.c) --- */

enum sg_exit sg_exit_of(enum sg_code code);
/* The exit codes of a command; NULL: of the program. */
const struct sg_exit_row *sg_exit_rows(const struct sg_cmd *cmd);
/* Prints "sgupgrade: error: …", the source line with a caret, and the hint. */
void sg_cli_error(struct sg_cli *cli, const struct sg_err *err);
/* Prints the line that the error names, with a caret; nothing where the file cannot be
 * read. A line that may hold the value of a Secret is withheld. */
void sg_cli_excerpt(const struct sg_cli *cli, const struct sg_err *error);

/* --- terminal (term.c, pager.c, progress.c) --- */

/* Whether colour goes to a stream, by --color, NO_COLOR, CLICOLOR_FORCE and TERM. */
bool sg_color_wanted(enum sg_color_mode mode, bool tty);
/* Shows cli->paged through the pager, or writes it where standard output is no terminal
 * that can, or PAGER turns it off. At the end of a run, when the project is closed: it
 * may be read for hours. */
void sg_cli_show_paged(struct sg_cli *cli);
void sg_progress_init(struct sg_progress_line *line, FILE *out, bool enabled);
/* Shows `text` in place of the line before, at once or when the first 200 ms are over. */
void sg_progress_show(struct sg_progress_line *line, const char *text);
/* Takes the line away, and what was to be shown; before anything else is printed. */
void sg_progress_clear(struct sg_progress_line *line);
/* The same, and the end: nothing is shown any more. */
void sg_progress_end(struct sg_progress_line *line);

/* --- output formats (output.c) --- */

struct sg_output {
    const struct sg_report_format *format;
    char *file; /* owned; NULL: standard output */
};
struct sg_outputs {
    SG_VEC(struct sg_output) items;
};
void sg_outputs_release(struct sg_outputs *outputs);
#define sg_auto_outputs SG_CLEANUP(sg_outputs_release) struct sg_outputs
/* Reads every -o of `args` ("text,json=plan.json"); none means text. SG_E_USAGE for an
 * unknown format, one the report does not have, or two formats to standard output, but
 * for lines that may stand below the text (github). */
SG_MUST_USE int sg_outputs_parse(const struct sg_args *args, enum sg_report_kind kind,
                                 struct sg_outputs *out, struct sg_err *err);
/* Adds `github` where no -o was given and this is a step of GitHub Actions
 * (GITHUB_ACTIONS=true): there a check is expected to annotate the pull request. */
SG_MUST_USE int sg_outputs_annotate(const struct sg_args *args, enum sg_report_kind kind,
                                    struct sg_outputs *out, struct sg_err *err);
/* Writes the report in each of the formats; SG_E_IO where a file cannot be written.
 * With `github` the job's summary gets the report as markdown (GITHUB_STEP_SUMMARY).
 * `view` (NULL: the plain one) says how much is shown; its other members are ours. */
SG_MUST_USE int sg_outputs_write(struct sg_cli *cli, const struct sg_outputs *outputs,
                                 const struct sg_report *report,
                                 const struct sg_report_opts *view, struct sg_err *err);

/* --- GitHub Actions (actions.c) --- */

/*
 * Keeps the runner from taking a line of this text for a command: upstream's notes and
 * commits are in it. Where there is such a line the text is put between two commands that
 * turn commands off and on; the word that ends it is the text's own digest, which nothing
 * in the text can know.
 */
void sg_actions_guard(struct sg_buf *text);

/* --- help, man pages, completion (help.c, man.c, complete.c) --- */

/* The list of commands. */
void sg_help_program(const struct sg_palette *paint, struct sg_buf *out);
/* "-C, --directory DIR" */
void sg_opt_synopsis(const struct sg_opt *opt, struct sg_buf *out);
/* " DIR [OVERLAY]..." with a blank before each word. */
void sg_words_synopsis(const struct sg_cmd *cmd, struct sg_buf *out);
void sg_help_command(const struct sg_cmd *cmd, const struct sg_palette *paint,
                     struct sg_buf *out);
/* The man page as roff; NULL: the program's own page. */
void sg_man_page(const struct sg_cmd *cmd, struct sg_buf *out);
/* The completion script for "bash", "zsh" or "fish". */
void sg_complete_script(const char *shell, struct sg_buf *out);
#endif
