/*
 * commands.h - the commands, each defined in its cmd_<verb>.c.
 */
#ifndef SG_CLI_COMMANDS_H
#define SG_CLI_COMMANDS_H

struct sg_cmd;

extern const struct sg_cmd sg_cmd_apply;
extern const struct sg_cmd sg_cmd_build;
extern const struct sg_cmd sg_cmd_check;
extern const struct sg_cmd sg_cmd_completion;
extern const struct sg_cmd sg_cmd_diff;
extern const struct sg_cmd sg_cmd_explain;
extern const struct sg_cmd sg_cmd_fetch;
extern const struct sg_cmd sg_cmd_help;
extern const struct sg_cmd sg_cmd_init;
extern const struct sg_cmd sg_cmd_adopt;
extern const struct sg_cmd sg_cmd_log;
extern const struct sg_cmd sg_cmd_rollback;
extern const struct sg_cmd sg_cmd_status;
extern const struct sg_cmd sg_cmd_version;
extern const struct sg_cmd sg_cmd_versions;

#endif
