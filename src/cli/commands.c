#include "commands.h"

#include <string.h>

#include "cli.h"

const struct sg_cmd *const sg_commands[] = {
    &sg_cmd_init,     &sg_cmd_adopt,      &sg_cmd_fetch,   &sg_cmd_status,
    &sg_cmd_versions, &sg_cmd_build,      &sg_cmd_explain, &sg_cmd_diff,
    &sg_cmd_apply,    &sg_cmd_check,      &sg_cmd_log,     &sg_cmd_rollback,
    &sg_cmd_help,     &sg_cmd_completion, &sg_cmd_version, NULL,
};

static const char *const color_choices[] = {"auto", "always", "never", NULL};
static const char *const format_names[] = {"text",   "json",   "junit", "sarif",
                                           "github", "gitlab", NULL};

const struct sg_opt sg_global_options[] = {
    {.letter = 'C',
     .name = "directory",
     .value = "DIR",
     .complete = SG_COMPLETE_DIR,
     .many = true,
     .help = "Work as if started in DIR"},
    {.letter = 'o',
     .name = "output",
     .value = "FORMAT[=FILE]",
     .suggests = format_names,
     .many = true,
     .help = "Write the result as text, json or yaml, several separated by commas; plans "
             "and adoptions also as markdown, plans as html, junit, sarif, github or "
             "gitlab"},
    {.letter = 'q', .name = "quiet", .help = "Print results, errors and decisions only"},
    {.letter = 'v',
     .name = "verbose",
     .many = true,
     .help = "Say more about what is done"},
    {.name = "color",
     .value = "WHEN",
     .choices = color_choices,
     .help = "Use colour: auto, always or never"},
    {.name = "offline", .help = "Never touch the network"},
    {.letter = 'h', .name = "help", .help = "Show this help"},
    SG_OPT_END,
};

const struct sg_cmd *sg_command_find(const char *name) {
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        if (strcmp((*cmd)->name, name) == 0) {
            return *cmd;
        }
    }
    return NULL;
}

void sg_command_tables(const struct sg_cmd *cmd,
                       const struct sg_opt *tables[SG_OPT_TABLES]) {
    tables[0] = cmd ? cmd->options : NULL;
    tables[1] = sg_global_options;
}

/* A command may declare a global option anew (`build -o`): its own counts. */
bool sg_command_shadows(const struct sg_cmd *cmd, const struct sg_opt *global) {
    for (const struct sg_opt *opt = cmd->options; opt && opt->name; opt++) {
        if (strcmp(opt->name, global->name) == 0) {
            return true;
        }
    }
    return false;
}
