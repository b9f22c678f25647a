/*
 * commands.h - the commands, each defined in its cmd_<verb>.c.
 */
#ifndef SG_CLI_COMMANDS_H
#define SG_CLI_COMMANDS_H

struct sg_cmd;

extern const struct sg_cmd sg_cmd_build;
extern const struct sg_cmd sg_cmd_completion;
extern const struct sg_cmd sg_cmd_help;
extern const struct sg_cmd sg_cmd_version;

#endif
