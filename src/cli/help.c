/*
 * help.c - the help texts, made from the command's tables.
 */
#include "cli.h"

#include <string.h>

#define INDENT 2
#define COLUMN 26 /* where the help of an option begins */

/* Paragraphs are parted by an empty line in the source text. */
static void add_paragraphs(struct sg_buf *out, const char *text) {
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t len = end ? (size_t)(end - text) : strlen(text);
        sg_text_wrap(out, text, len, 0, 0);
        text += len + (end ? 2 : 0);
        if (*text) {
            sg_buf_addc(out, '\n');
        }
    }
}

static void add_heading(struct sg_buf *out, const struct sg_palette *paint,
                        const char *text) {
    sg_buf_addf(out, "\n%s%s%s\n", paint->bold, text, paint->reset);
}

/* A name in the left column, its help in the right one. */
static void add_row(struct sg_buf *out, const char *name, const char *help) {
    size_t width = INDENT + sg_text_width(name, strlen(name));
    sg_buf_addf(out, "%*s%s", INDENT, "", name);
    if (width + 2 > COLUMN) {
        sg_buf_addf(out, "\n%*s", COLUMN, "");
    } else {
        sg_buf_addf(out, "%*s", (int)(COLUMN - width), "");
    }
    sg_text_wrap(out, help, strlen(help), COLUMN, COLUMN);
}

void sg_opt_synopsis(const struct sg_opt *opt, struct sg_buf *out) {
    if (opt->letter) {
        sg_buf_addf(out, "-%c, ", opt->letter);
    }
    sg_buf_addf(out, "--%s", opt->name);
    if (opt->value) {
        sg_buf_addf(out, " %s", opt->value);
    }
}

static void add_option(struct sg_buf *out, const struct sg_opt *opt) {
    sg_auto_buf name = SG_BUF_INIT;
    if (!opt->letter) {
        sg_buf_adds(&name, "    ");
    }
    sg_opt_synopsis(opt, &name);
    add_row(out, sg_buf_cstr(&name), opt->help);
}

void sg_words_synopsis(const struct sg_cmd *cmd, struct sg_buf *out) {
    for (const struct sg_word *word = cmd->words; word && word->name; word++) {
        sg_buf_addf(out, word->optional ? " [%s]%s" : " %s%s", word->name,
                    word->many ? "..." : "");
    }
}

static void add_examples(struct sg_buf *out, const struct sg_cmd *cmd,
                         const struct sg_palette *paint) {
    if (!cmd->examples) {
        return;
    }
    add_heading(out, paint, "Examples");
    for (const struct sg_example *example = cmd->examples; example->command; example++) {
        sg_buf_addf(out, "  %s# %s%s\n  %s\n", paint->dim, example->says, paint->reset,
                    example->command);
    }
}

void sg_help_command(const struct sg_cmd *cmd, const struct sg_palette *paint,
                     struct sg_buf *out) {
    sg_buf_addf(out, "%ssgupgrade %s%s - %s\n", paint->bold, cmd->name, paint->reset,
                cmd->summary);
    sg_buf_addf(out, "\nUsage: sgupgrade %s", cmd->name);
    if (cmd->options) {
        sg_buf_adds(out, " [OPTION]...");
    }
    sg_words_synopsis(cmd, out);
    sg_buf_adds(out, "\n\n");
    add_paragraphs(out, cmd->details);
    if (cmd->words) {
        add_heading(out, paint, "Arguments");
        for (const struct sg_word *word = cmd->words; word->name; word++) {
            add_row(out, word->name, word->help);
        }
    }
    if (cmd->options) {
        add_heading(out, paint, "Options");
        for (const struct sg_opt *opt = cmd->options; opt->name; opt++) {
            add_option(out, opt);
        }
    }
    add_heading(out, paint, "Options of every command");
    for (const struct sg_opt *opt = sg_global_options; opt->name; opt++) {
        if (!sg_command_shadows(cmd, opt)) {
            add_option(out, opt);
        }
    }
    add_examples(out, cmd, paint);
    add_heading(out, paint, "Exit status");
    for (const struct sg_exit_row *row = sg_exit_rows(cmd); row->says; row++) {
        char code[8];
        snprintf(code, sizeof code, "%d", row->code);
        sg_buf_addf(out, "%*s%s  ", INDENT, "", code);
        sg_text_wrap(out, row->says, strlen(row->says), INDENT + 3, INDENT + 3);
    }
}

void sg_help_program(const struct sg_palette *paint, struct sg_buf *out) {
    sg_buf_addf(out,
                "%ssgupgrade%s - upgrade Kubernetes manifests and keep your changes\n",
                paint->bold, paint->reset);
    sg_buf_adds(out, "\nUsage: sgupgrade COMMAND [OPTION]... [ARGUMENT]...\n");
    const char *group = NULL;
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        if (!group || strcmp(group, (*cmd)->group) != 0) {
            add_heading(out, paint, (*cmd)->group);
        }
        group = (*cmd)->group;
        char name[32];
        snprintf(name, sizeof name, "%-14s", (*cmd)->name);
        sg_buf_addf(out, "%*s%s%s\n", INDENT, "", name, (*cmd)->summary);
    }
    add_heading(out, paint, "Options of every command");
    for (const struct sg_opt *opt = sg_global_options; opt->name; opt++) {
        add_option(out, opt);
    }
    sg_buf_adds(out, "\nRun `sgupgrade help COMMAND` for a command's options.\n");
}
