/*
 * man.c - the manual pages as roff, from the same tables as the help. docs/man/ holds
 * them; a test compares.
 */
#include "cli.h"

#include <ctype.h>
#include <string.h>

/* Text for roff: a backslash, a hyphen and a leading dot or quote mean something there.
 */
static void add_text(struct sg_buf *out, const char *text, size_t len) {
    bool line_start = true;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (line_start && (c == '.' || c == '\'')) {
            sg_buf_adds(out, "\\&");
        }
        if (c == '\\') {
            sg_buf_adds(out, "\\e");
        } else if (c == '-') {
            sg_buf_adds(out, "\\-");
        } else {
            sg_buf_addc(out, c);
        }
        line_start = c == '\n';
    }
}

static void add_line(struct sg_buf *out, const char *text) {
    add_text(out, text, strlen(text));
    sg_buf_addc(out, '\n');
}

static void add_paragraphs(struct sg_buf *out, const char *text) {
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t len = end ? (size_t)(end - text) : strlen(text);
        sg_buf_adds(out, ".PP\n");
        add_text(out, text, len);
        sg_buf_addc(out, '\n');
        text += len + (end ? 2 : 0);
    }
}

static void add_title(struct sg_buf *out, const char *page, const char *summary) {
    sg_buf_adds(out, ".TH ");
    for (const char *at = page; *at; at++) {
        sg_buf_addc(out, (char)toupper((unsigned char)*at));
    }
    sg_buf_addf(out, " 1 \"\" \"sgupgrade %s\" \"sgupgrade manual\"\n.SH NAME\n",
                SG_VERSION);
    add_text(out, page, strlen(page));
    sg_buf_adds(out, " \\- ");
    add_line(out, summary);
}

/* "-C, --directory DIR" with the names bold and the value in italics. */
static void add_option_name(struct sg_buf *out, const struct sg_opt *opt) {
    if (opt->letter) {
        sg_buf_addf(out, "\\fB\\-%c\\fR, ", opt->letter);
    }
    sg_buf_adds(out, "\\fB\\-\\-");
    add_text(out, opt->name, strlen(opt->name));
    sg_buf_adds(out, "\\fR");
    if (opt->value) {
        sg_buf_addf(out, " \\fI%s\\fR", opt->value);
    }
}

static void add_options(struct sg_buf *out, const struct sg_opt *table,
                        const struct sg_cmd *shadow) {
    for (const struct sg_opt *opt = table; opt && opt->name; opt++) {
        if (shadow && sg_command_shadows(shadow, opt)) {
            continue;
        }
        sg_buf_adds(out, ".TP\n");
        add_option_name(out, opt);
        sg_buf_addc(out, '\n');
        add_line(out, opt->help);
    }
}

static void add_synopsis(struct sg_buf *out, const struct sg_cmd *cmd) {
    sg_buf_addf(out, ".SH SYNOPSIS\n\\fBsgupgrade %s\\fR\n", cmd->name);
    for (const struct sg_opt *opt = cmd->options; opt && opt->name; opt++) {
        sg_buf_addc(out, '[');
        add_option_name(out, opt);
        sg_buf_addf(out, "]%s\n", opt->many && opt->value ? "..." : "");
    }
    for (const struct sg_word *word = cmd->words; word && word->name; word++) {
        sg_buf_addf(out, word->optional ? "[\\fI%s\\fR]%s\n" : "\\fI%s\\fR%s\n",
                    word->name, word->many ? "..." : "");
    }
}

static void add_exit_status(struct sg_buf *out, const struct sg_cmd *cmd) {
    sg_buf_adds(out, ".SH EXIT STATUS\n");
    for (const struct sg_exit_row *row = sg_exit_rows(cmd); row->says; row++) {
        sg_buf_addf(out, ".TP\n.B %d\n", row->code);
        add_line(out, row->says);
    }
}

static void command_page(const struct sg_cmd *cmd, struct sg_buf *out) {
    char page[64];
    snprintf(page, sizeof page, "sgupgrade-%s", cmd->name);
    add_title(out, page, cmd->summary);
    add_synopsis(out, cmd);
    sg_buf_adds(out, ".SH DESCRIPTION\n");
    add_paragraphs(out, cmd->details);
    if (cmd->words) {
        sg_buf_adds(out, ".SH ARGUMENTS\n");
        for (const struct sg_word *word = cmd->words; word->name; word++) {
            sg_buf_addf(out, ".TP\n.I %s\n", word->name);
            add_line(out, word->help);
        }
    }
    sg_buf_adds(out, ".SH OPTIONS\n");
    add_options(out, cmd->options, NULL);
    add_options(out, sg_global_options, cmd);
    if (cmd->examples) {
        sg_buf_adds(out, ".SH EXAMPLES\n");
        for (const struct sg_example *example = cmd->examples; example->command;
             example++) {
            sg_buf_adds(out, ".TP\n.nf\n");
            add_line(out, example->command);
            sg_buf_adds(out, ".fi\n");
            add_line(out, example->says);
        }
    }
    add_exit_status(out, cmd);
    sg_buf_adds(out, ".SH SEE ALSO\n.BR sgupgrade (1)\n");
}

static void program_page(struct sg_buf *out) {
    add_title(out, "sgupgrade", "upgrade Kubernetes manifests and keep your changes");
    sg_buf_adds(out,
                ".SH SYNOPSIS\n\\fBsgupgrade\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... "
                "[\\fIARGUMENT\\fR]...\n.SH DESCRIPTION\n.PP\n");
    add_line(out,
             "A project follows the releases of an upstream repository of Kubernetes "
             "manifests and keeps its own changes in overlays. Each command has a "
             "page of its own.");
    sg_buf_adds(out, ".SH COMMANDS\n");
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_buf_addf(out, ".TP\n.BR sgupgrade\\-%s (1)\n", (*cmd)->name);
        add_line(out, (*cmd)->summary);
    }
    sg_buf_adds(out, ".SH OPTIONS\n");
    add_options(out, sg_global_options, NULL);
    add_exit_status(out, NULL);
    sg_buf_adds(out, ".SH ENVIRONMENT\n");
    for (const struct sg_env_row *row = sg_env_rows; row->name; row++) {
        sg_buf_addf(out, ".TP\n.B %s\n", row->name);
        add_line(out, row->says);
    }
}

void sg_man_page(const struct sg_cmd *cmd, struct sg_buf *out) {
    if (cmd) {
        command_page(cmd, out);
    } else {
        program_page(out);
    }
}
