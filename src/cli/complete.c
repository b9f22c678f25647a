/*
 * complete.c - completion scripts, from the same tables as the parser. They are static:
 * the shell runs nothing of ours while a user types.
 */
#include "cli.h"

#include <string.h>

/* Inside '…' of a shell. */
static void add_single_quoted(struct sg_buf *out, const char *text, const char *also) {
    for (; *text; text++) {
        if (*text == '\'') {
            sg_buf_adds(out, "'\\''");
        } else if (strchr(also, *text)) {
            sg_buf_addf(out, "\\%c", *text);
        } else {
            sg_buf_addc(out, *text);
        }
    }
}

static void add_list(struct sg_buf *out, const char *const *values) {
    for (size_t i = 0; values && values[i]; i++) {
        sg_buf_addf(out, "%s%s", i ? " " : "", values[i]);
    }
}

static const char *const *values_of(const struct sg_opt *opt) {
    return opt->choices ? opt->choices : opt->suggests;
}

static void add_command_names(struct sg_buf *out) {
    bool first = true;
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_buf_addf(out, "%s%s", first ? "" : " ", (*cmd)->name);
        first = false;
    }
}

/* --- bash ------------------------------------------------------------------------- */

static void bash_options(struct sg_buf *out, const struct sg_opt *table,
                         const struct sg_cmd *shadow) {
    for (const struct sg_opt *opt = table; opt && opt->name; opt++) {
        if (shadow && sg_command_shadows(shadow, opt)) {
            continue;
        }
        if (opt->letter) {
            sg_buf_addf(out, "-%c ", opt->letter);
        }
        sg_buf_addf(out, "--%s ", opt->name);
    }
}

static void bash_reply(struct sg_buf *out, const char *const *values,
                       enum sg_complete complete) {
    if (values) {
        sg_buf_adds(out, "COMPREPLY=($(compgen -W '");
        add_list(out, values);
        sg_buf_adds(out, "' -- \"$cur\"))");
    } else if (complete == SG_COMPLETE_COMMAND) {
        sg_buf_adds(out, "COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))");
    } else if (complete == SG_COMPLETE_DIR) {
        sg_buf_adds(out, "compopt -o dirnames; COMPREPLY=($(compgen -d -- \"$cur\"))");
    } else if (complete == SG_COMPLETE_FILE) {
        sg_buf_adds(out, "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))");
    } else {
        sg_buf_adds(out, "COMPREPLY=()");
    }
}

/* What follows an option that takes a value. */
static void bash_values(struct sg_buf *out, const char *command,
                        const struct sg_opt *table, const struct sg_cmd *shadow) {
    for (const struct sg_opt *opt = table; opt && opt->name; opt++) {
        if (!opt->value || (shadow && sg_command_shadows(shadow, opt))) {
            continue;
        }
        sg_buf_addf(out, "        %s:--%s", command, opt->name);
        if (opt->letter) {
            sg_buf_addf(out, " | %s:-%c", command, opt->letter);
        }
        sg_buf_adds(out, ") ");
        bash_reply(out, values_of(opt), opt->complete);
        sg_buf_adds(out, "; return ;;\n");
    }
}

/* "-C | --directory | …": the options whose value is the next word, and no command. */
static void bash_valued(struct sg_buf *out, const struct sg_opt *table) {
    bool first = true;
    for (const struct sg_opt *opt = table; opt->name; opt++) {
        if (!opt->value) {
            continue;
        }
        sg_buf_adds(out, first ? "" : " | ");
        if (opt->letter) {
            sg_buf_addf(out, "-%c | ", opt->letter);
        }
        sg_buf_addf(out, "--%s", opt->name);
        first = false;
    }
}

static void bash_script(struct sg_buf *out) {
    sg_buf_adds(
        out, "# bash completion for sgupgrade\n_sgupgrade() {\n"
             "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
             "    local commands='");
    add_command_names(out);
    /* bash parts "--to=next" into three words */
    sg_buf_adds(out,
                "'\n    local command='' word i\n"
                "    if [ \"$cur\" = = ]; then cur=''\n"
                "    elif [ \"$prev\" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        word=${COMP_WORDS[i]}\n"
                "        case \"$word\" in ");
    bash_valued(out, sg_global_options);
    sg_buf_adds(out,
                ") ((i++)); continue ;; esac\n"
                "        case \" $commands \" in *\" $word \"*) command=$word; break ;; "
                "esac\n    done\n"
                "    case \"$command:$prev\" in\n");
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        bash_values(out, (*cmd)->name, (*cmd)->options, NULL);
    }
    bash_values(out, "*", sg_global_options, NULL);
    sg_buf_adds(out, "    esac\n    case \"$command:$cur\" in\n");
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_buf_addf(out, "        %s:-*) COMPREPLY=($(compgen -W '", (*cmd)->name);
        bash_options(out, (*cmd)->options, NULL);
        bash_options(out, sg_global_options, *cmd);
        sg_buf_adds(out, "' -- \"$cur\")) ;;\n");
        const struct sg_word *word = (*cmd)->words;
        if (!word) {
            continue;
        }
        sg_buf_addf(out, "        %s:*) ", (*cmd)->name);
        bash_reply(out, word->choices, word->complete);
        sg_buf_adds(out, " ;;\n");
    }
    sg_buf_adds(out, "        :-*) COMPREPLY=($(compgen -W '");
    bash_options(out, sg_global_options, NULL);
    sg_buf_adds(out,
                "' -- \"$cur\")) ;;\n"
                "        :*) COMPREPLY=($(compgen -W \"$commands\" -- \"$cur\")) ;;\n"
                "    esac\n}\ncomplete -F _sgupgrade sgupgrade\n");
}

/* --- zsh -------------------------------------------------------------------------- */

static void zsh_action(struct sg_buf *out, const char *name, const char *const *values,
                       enum sg_complete complete) {
    sg_buf_adds(out, ":");
    add_single_quoted(out, name, ":[]");
    sg_buf_adds(out, ":");
    if (values) {
        sg_buf_adds(out, "(");
        add_list(out, values);
        sg_buf_adds(out, ")");
    } else if (complete == SG_COMPLETE_COMMAND) {
        sg_buf_adds(out, "(");
        add_command_names(out);
        sg_buf_adds(out, ")");
    } else if (complete == SG_COMPLETE_DIR) {
        sg_buf_adds(out, "_files -/");
    } else if (complete == SG_COMPLETE_FILE) {
        sg_buf_adds(out, "_files");
    } else {
        sg_buf_adds(out, " ");
    }
}

static void zsh_option(struct sg_buf *out, const struct sg_opt *opt, char letter) {
    sg_buf_adds(out, " \\\n                '");
    if (opt->many) {
        sg_buf_adds(out, "*");
    }
    if (letter) {
        sg_buf_addf(out, "-%c%s", letter, opt->value ? "+" : "");
    } else {
        sg_buf_addf(out, "--%s%s", opt->name, opt->value ? "=" : "");
    }
    sg_buf_adds(out, "[");
    add_single_quoted(out, opt->help, ":[]");
    sg_buf_adds(out, "]");
    if (opt->value) {
        zsh_action(out, opt->value, values_of(opt), opt->complete);
    }
    sg_buf_adds(out, "'");
}

static void zsh_options(struct sg_buf *out, const struct sg_opt *table,
                        const struct sg_cmd *shadow) {
    for (const struct sg_opt *opt = table; opt && opt->name; opt++) {
        if (shadow && sg_command_shadows(shadow, opt)) {
            continue;
        }
        zsh_option(out, opt, 0);
        if (opt->letter) {
            zsh_option(out, opt, opt->letter);
        }
    }
}

static void zsh_command(struct sg_buf *out, const struct sg_cmd *cmd) {
    sg_buf_addf(out, "            %s)\n                _arguments -s -S", cmd->name);
    zsh_options(out, cmd->options, NULL);
    zsh_options(out, sg_global_options, cmd);
    for (const struct sg_word *word = cmd->words; word && word->name; word++) {
        sg_buf_addf(out, " \\\n                '%s",
                    word->many       ? "*"
                    : word->optional ? ":"
                                     : "");
        zsh_action(out, word->name, word->choices, word->complete);
        sg_buf_adds(out, "'");
    }
    sg_buf_adds(out, " ;;\n");
}

static void zsh_script(struct sg_buf *out) {
    sg_buf_adds(out,
                "#compdef sgupgrade\n_sgupgrade() {\n    local curcontext=$curcontext "
                "state line\n    local -a commands=(\n");
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_buf_addf(out, "        '%s:", (*cmd)->name);
        add_single_quoted(out, (*cmd)->summary, ":");
        sg_buf_adds(out, "'\n");
    }
    sg_buf_adds(out, "    )\n    _arguments -C -s -S");
    zsh_options(out, sg_global_options, NULL);
    sg_buf_adds(out, " \\\n                '1: :->command' '*:: :->rest'\n"
                     "    case $state in\n"
                     "    command) _describe command commands ;;\n"
                     "    rest)\n        case $words[1] in\n");
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        zsh_command(out, *cmd);
    }
    sg_buf_adds(out, "        esac ;;\n    esac\n}\n"
                     "if [[ $funcstack[1] == _sgupgrade ]]; then\n    _sgupgrade \"$@\"\n"
                     "else\n    compdef _sgupgrade sgupgrade\nfi\n");
}

/* --- fish ------------------------------------------------------------------------- */

static void fish_option(struct sg_buf *out, const struct sg_opt *opt, const char *when) {
    sg_buf_addf(out, "complete -c sgupgrade -n '%s'", when);
    if (opt->letter) {
        sg_buf_addf(out, " -s %c", opt->letter);
    }
    sg_buf_addf(out, " -l %s", opt->name);
    if (opt->value && values_of(opt)) {
        sg_buf_adds(out, " -x -a '");
        add_list(out, values_of(opt));
        sg_buf_adds(out, "'");
    } else if (opt->value && opt->complete == SG_COMPLETE_DIR) {
        sg_buf_adds(out, " -x -a '(__fish_complete_directories)'");
    } else if (opt->value) {
        sg_buf_adds(out, opt->complete == SG_COMPLETE_FILE ? " -r -F" : " -x");
    }
    sg_buf_adds(out, " -d '");
    add_single_quoted(out, opt->help, "\\");
    sg_buf_adds(out, "'\n");
}

static void fish_words(struct sg_buf *out, const struct sg_cmd *cmd, const char *when) {
    const struct sg_word *word = cmd->words;
    if (!word) {
        return;
    }
    sg_buf_addf(out, "complete -c sgupgrade -n '%s' ", when);
    if (word->choices) {
        sg_buf_adds(out, "-a '");
        add_list(out, word->choices);
        sg_buf_adds(out, "'\n");
    } else if (word->complete == SG_COMPLETE_COMMAND) {
        sg_buf_adds(out, "-a '");
        add_command_names(out);
        sg_buf_adds(out, "'\n");
    } else if (word->complete == SG_COMPLETE_DIR) {
        sg_buf_adds(out, "-a '(__fish_complete_directories)'\n");
    } else {
        sg_buf_adds(out, word->complete == SG_COMPLETE_FILE ? "-F\n" : "-f\n");
    }
}

static void fish_script(struct sg_buf *out) {
    sg_buf_adds(out, "# fish completion for sgupgrade\ncomplete -c sgupgrade -f\n");
    for (const struct sg_cmd *const *cmd = sg_commands; *cmd; cmd++) {
        sg_buf_addf(out, "complete -c sgupgrade -n __fish_use_subcommand -a %s -d '",
                    (*cmd)->name);
        add_single_quoted(out, (*cmd)->summary, "\\");
        sg_buf_adds(out, "'\n");
        char when[96];
        snprintf(when, sizeof when, "__fish_seen_subcommand_from %s", (*cmd)->name);
        for (const struct sg_opt *opt = (*cmd)->options; opt && opt->name; opt++) {
            fish_option(out, opt, when);
        }
        for (const struct sg_opt *opt = sg_global_options; opt->name; opt++) {
            if (!sg_command_shadows(*cmd, opt)) {
                fish_option(out, opt, when);
            }
        }
        fish_words(out, *cmd, when);
    }
    for (const struct sg_opt *opt = sg_global_options; opt->name; opt++) {
        fish_option(out, opt, "__fish_use_subcommand");
    }
}

void sg_complete_script(const char *shell, struct sg_buf *out) {
    if (strcmp(shell, "bash") == 0) {
        bash_script(out);
    } else if (strcmp(shell, "zsh") == 0) {
        zsh_script(out);
    } else if (strcmp(shell, "fish") == 0) {
        fish_script(out);
    } else {
        SG_BUG("the table of shells and the scripts disagree");
    }
}
