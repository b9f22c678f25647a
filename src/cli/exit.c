#include "cli.h"

enum sg_exit sg_exit_of(enum sg_code code) {
    switch (code) {
    case SG_OK:
        return SG_EXIT_OK;
    case SG_E_PIN:
        return SG_EXIT_PIN;
    case SG_E_DECISION:
        return SG_EXIT_DECISION;
    case SG_E_USAGE:
    case SG_E_INPUT:
    case SG_E_NOTFOUND:
    case SG_E_EXISTS:
    case SG_E_LIMIT:
    case SG_E_IO:
    case SG_E_NET:
    case SG_E_LOCKED:
    case SG_E_DIRTY:
        return SG_EXIT_ERROR;
    }
    return SG_EXIT_ERROR;
}

static const struct sg_exit_row common_rows[] = {
    {SG_EXIT_OK, "it worked"},
    {SG_EXIT_ERROR, "wrong usage, bad input or an I/O error; nothing was written"},
    {0, NULL},
};

static const struct sg_exit_row program_rows[] = {
    {SG_EXIT_OK, "it worked; diff: nothing changes; check: clean"},
    {SG_EXIT_CHANGES, "diff: something changes; check: findings to look at"},
    {SG_EXIT_ERROR, "wrong usage, bad input or an I/O error; nothing was written"},
    {SG_EXIT_PIN, "the base is not what the lock says, or upstream moved its tag"},
    {SG_EXIT_DECISION, "a decision is needed; nothing was written"},
    {0, NULL},
};

const struct sg_exit_row *sg_exit_rows(const struct sg_cmd *cmd) {
    if (!cmd) {
        return program_rows;
    }
    return cmd->exits ? cmd->exits : common_rows;
}

const struct sg_env_row sg_env_rows[] = {
    {"NO_COLOR", "Not empty: no colour, unless --color asks for it."},
    {"CLICOLOR_FORCE", "Not empty and not 0: colour also where no terminal is."},
    {"TERM", "\"dumb\" or unset: no colour, no progress line and no pager."},
    {"PAGER", "What `diff` on a terminal is read with; unset: less -FRX. Empty or cat: "
              "nothing."},
    {"XDG_CACHE_HOME", "Where upstream repositories are kept: its folder sgupgrade; "
                       "unset: ~/.cache."},
    {"SGUPGRADE_UPSTREAM_URL", "Read upstream from here in place of the configured URL "
                               "(a mirror)."},
    {"GITHUB_ACTIONS",
     "\"true\": `check` without -o also writes annotations for the pull "
     "request."},
    {"GITHUB_STEP_SUMMARY", "With `-o github`: the report is added to this file as "
                            "markdown."},
    {NULL, NULL},
};
