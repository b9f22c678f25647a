#include "cli.h"
#include "commands.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static const struct sg_word words[] = {
    {.name = "SHELL", .choices = shells, .help = "bash, zsh or fish"},
    SG_WORD_END,
};

static const struct sg_example examples[] = {
    {"source <(sgupgrade completion bash)", "in this shell"},
    {"sgupgrade completion bash > /etc/bash_completion.d/sgupgrade", "for everybody"},
    {"sgupgrade completion zsh > \"${fpath[1]}/_sgupgrade\"", "zsh"},
    {"sgupgrade completion fish > ~/.config/fish/completions/sgupgrade.fish", "fish"},
    {0},
};

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    (void)err;
    sg_auto_buf script = SG_BUF_INIT;
    sg_complete_script(sg_args_word(args, 0, ""), &script);
    sg_cli_write(cli, sg_buf_cstr(&script), script.len);
    return SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_completion = {
    .name = "completion",
    .group = "Help",
    .summary = "Print the completion script for bash, zsh or fish",
    .details = "Prints a script that teaches the shell to complete the commands, their "
               "options and the values that are known.",
    .words = words,
    .examples = examples,
    .run = run,
};
