#include "cli.h"
#include "commands.h"

static const struct sg_word words[] = {
    {.name = "COMMAND",
     .optional = true,
     .complete = SG_COMPLETE_COMMAND,
     .help = "the command to explain; none lists them all"},
    SG_WORD_END,
};
static const struct sg_opt options[] = {
    {.name = "man", .help = "Print the manual page (roff) instead: `… | man -l -`"},
    SG_OPT_END,
};

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    const char *name = sg_args_word(args, 0, NULL);
    const struct sg_cmd *cmd = name ? sg_command_find(name) : NULL;
    if (name && !cmd) {
        return sg_command_unknown(name, err);
    }
    sg_auto_buf text = SG_BUF_INIT;
    if (sg_args_has(args, "man")) {
        sg_man_page(cmd, &text);
    } else if (cmd) {
        sg_help_command(cmd, cli->out_paint, &text);
    } else {
        sg_help_program(cli->out_paint, &text);
    }
    sg_cli_write(cli, sg_buf_cstr(&text), text.len);
    return SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_help = {
    .name = "help",
    .group = "Help",
    .summary = "Explain a command",
    .details = "Prints what a command does and its options; without a command, the list "
               "of all commands.",
    .options = options,
    .words = words,
    .run = run,
};
