/*
 * opt.h - the option table and its parser. One table of a command yields the parsing, the
 * text of --help, the man page and the shell completions, so they cannot disagree.
 */
#ifndef SG_CLI_OPT_H
#define SG_CLI_OPT_H

#include "sg/base.h"
#include "sg/err.h"

/* What a shell completes in a value's place. */
enum sg_complete {
    SG_COMPLETE_NONE,
    SG_COMPLETE_DIR,
    SG_COMPLETE_FILE,
    SG_COMPLETE_COMMAND, /* a name of the command table */
};

/* One option. A table of them ends with a NULL name. */
struct sg_opt {
    const char *name;            /* long name, without "--" */
    const char *value;           /* placeholder of its value ("DIR"); NULL: a flag */
    const char *help;            /* one line, no full stop */
    const char *const *choices;  /* NULL-ended list of the only values; NULL: any value */
    const char *const *suggests; /* NULL-ended values for completion only; NULL: none */
    enum sg_complete complete;
    char letter;   /* short name, 0: none */
    bool many;     /* every value counts; else the last one does */
    bool decides;  /* it changes what a plan does: a saved plan records it */
    bool projects; /* it runs the command over several projects: none is opened before */
};
#define SG_OPT_END                                                                       \
    { 0 }

/* A word that is no option. A table of them ends with a NULL name. */
struct sg_word {
    const char *name; /* "OVERLAY" */
    const char *help;
    const char *const *choices; /* as in sg_opt */
    enum sg_complete complete;
    bool optional, many; /* `many` only on the last */
};
#define SG_WORD_END                                                                      \
    { 0 }

struct sg_given {
    const struct sg_opt *opt;
    const char *value; /* NULL for a flag; borrowed from argv */
};

#define SG_OPT_TABLES 2

/* A parsed command line. */
struct sg_args {
    const struct sg_opt *tables[SG_OPT_TABLES]; /* searched in order; NULL: none */
    SG_VEC(struct sg_given) given;              /* in the order of argv */
    SG_VEC(const char *) words;                 /* borrowed from argv */
};
void sg_args_release(struct sg_args *args);
#define sg_auto_args SG_CLEANUP(sg_args_release) struct sg_args

/*
 * Reads argv[0..argc) by the tables of `args` and appends to it. Long options take their
 * value after '=' or as the next word, short ones may be bundled ("-qv", "-Cdir"), "--"
 * ends the options, "-" is a word. With `stop_at_word` the first word ends it. Returns
 * how many of argv were used, or -1 with SG_E_USAGE and a "did you mean" hint.
 */
SG_MUST_USE int sg_opts_parse(struct sg_args *args, int argc, char *const *argv,
                              bool stop_at_word, struct sg_err *err);
/* Fails with SG_E_USAGE where the number of words, or a choice, does not fit the table
 * (NULL: no word is taken). */
SG_MUST_USE int sg_words_check(const struct sg_args *args, const struct sg_word *words,
                               const char *command, struct sg_err *err);

/* The option's last value; NULL when it was not given. An undeclared name is a bug. */
const char *sg_args_get(const struct sg_args *args, const char *name);
/* Whether the option was given. */
bool sg_args_has(const struct sg_args *args, const char *name);
/* The values of an option that may be given several times; borrowed from argv. */
struct sg_arg_values {
    const char **items;
    size_t len, cap;
};
void sg_arg_values_release(struct sg_arg_values *values);
#define sg_auto_arg_values SG_CLEANUP(sg_arg_values_release) struct sg_arg_values
/* Appends every value in the order given; returns how many there are now. */
size_t sg_args_all(const struct sg_args *args, const char *name,
                   struct sg_arg_values *out);
/* The word at `index`, or `fallback` where there are fewer. */
const char *sg_args_word(const struct sg_args *args, size_t index, const char *fallback);

#endif
