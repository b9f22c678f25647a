#include "opt.h"

#include <stdio.h>
#include <string.h>

#include "sg/buf.h"
#include "sg/suggest.h"

void sg_args_release(struct sg_args *args) {
    sg_vec_release(&args->given);
    sg_vec_release(&args->words);
}

static const struct sg_opt *find_long(const struct sg_args *args, const char *name,
                                      size_t len) {
    for (size_t t = 0; t < SG_OPT_TABLES; t++) {
        for (const struct sg_opt *opt = args->tables[t]; opt && opt->name; opt++) {
            if (strlen(opt->name) == len && memcmp(opt->name, name, len) == 0) {
                return opt;
            }
        }
    }
    return NULL;
}

static const struct sg_opt *find_short(const struct sg_args *args, char letter) {
    for (size_t t = 0; t < SG_OPT_TABLES; t++) {
        for (const struct sg_opt *opt = args->tables[t]; opt && opt->name; opt++) {
            if (opt->letter == letter) {
                return opt;
            }
        }
    }
    return NULL;
}

static int unknown_long(const struct sg_args *args, const char *name, size_t len,
                        struct sg_err *err) {
    sg_auto_cstr given = sg_xstrndup(name, len);
    struct sg_suggest near;
    sg_suggest_init(&near, given);
    for (size_t t = 0; t < SG_OPT_TABLES; t++) {
        for (const struct sg_opt *opt = args->tables[t]; opt && opt->name; opt++) {
            sg_suggest_offer(&near, opt->name);
        }
    }
    const char *best = sg_suggest_best(&near);
    sg_fail(err, SG_E_USAGE, "unknown option --%s", given);
    if (best) {
        return sg_err_hint(err, "did you mean --%s?", best);
    }
    return sg_err_hint(err, "-h lists the options");
}

static int check_choice(const char *what, const char *value, const char *const *choices,
                        struct sg_err *err) {
    struct sg_suggest near;
    sg_suggest_init(&near, value);
    sg_auto_buf expected = SG_BUF_INIT;
    for (size_t i = 0; choices[i]; i++) {
        if (strcmp(choices[i], value) == 0) {
            return 0;
        }
        sg_suggest_offer(&near, choices[i]);
        sg_buf_addf(&expected, "%s%s",
                    i == 0           ? ""
                    : choices[i + 1] ? ", "
                                     : " or ",
                    choices[i]);
    }
    const char *best = sg_suggest_best(&near);
    sg_fail(err, SG_E_USAGE, "%s is '%s', expected %s", what, value,
            sg_buf_cstr(&expected));
    if (best) {
        sg_err_hint(err, "did you mean %s?", best);
    }
    return -1;
}

static int add_option(struct sg_args *args, const struct sg_opt *opt, const char *value,
                      struct sg_err *err) {
    if (value && opt->choices) {
        char what[64];
        snprintf(what, sizeof what, "--%s", opt->name);
        if (check_choice(what, value, opt->choices, err) < 0) {
            return -1;
        }
    }
    sg_vec_push(&args->given, (struct sg_given){opt, value});
    return 0;
}

static int missing_value(const struct sg_opt *opt, struct sg_err *err) {
    sg_fail(err, SG_E_USAGE, "option --%s needs a value", opt->name);
    return sg_err_hint(err, "write --%s %s", opt->name, opt->value);
}

/* Returns how many words of argv it used. */
static int parse_long(struct sg_args *args, int argc, char *const *argv,
                      struct sg_err *err) {
    const char *name = argv[0] + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct sg_opt *opt = find_long(args, name, len);
    if (!opt) {
        return unknown_long(args, name, len, err);
    }
    if (!opt->value && equals) {
        return sg_fail(err, SG_E_USAGE, "option --%s takes no value, found '%s'",
                       opt->name, equals + 1);
    }
    if (!opt->value || equals) {
        return add_option(args, opt, equals ? equals + 1 : NULL, err) < 0 ? -1 : 1;
    }
    if (argc < 2) {
        return missing_value(opt, err);
    }
    return add_option(args, opt, argv[1], err) < 0 ? -1 : 2;
}

/* A bundle such as -qv, -Cdir or -vC dir. Returns how many words of argv it used. */
static int parse_short(struct sg_args *args, int argc, char *const *argv,
                       struct sg_err *err) {
    for (const char *at = argv[0] + 1; *at; at++) {
        const struct sg_opt *opt = find_short(args, *at);
        if (!opt) {
            sg_fail(err, SG_E_USAGE, "unknown option -%c in '%s'", *at, argv[0]);
            return sg_err_hint(err, "-h lists the options");
        }
        if (!opt->value) {
            if (add_option(args, opt, NULL, err) < 0) {
                return -1;
            }
            continue;
        }
        if (at[1]) { /* the rest is the value; "-o=json" is what people write too */
            return add_option(args, opt, at + (at[1] == '=' ? 2 : 1), err) < 0 ? -1 : 1;
        }
        if (argc < 2) {
            return missing_value(opt, err);
        }
        return add_option(args, opt, argv[1], err) < 0 ? -1 : 2;
    }
    return 1;
}

int sg_opts_parse(struct sg_args *args, int argc, char *const *argv, bool stop_at_word,
                  struct sg_err *err) {
    bool options = true;
    int at = 0;
    while (at < argc) {
        const char *word = argv[at];
        if (options && strcmp(word, "--") == 0) {
            options = false;
            at++;
            continue;
        }
        if (!options || word[0] != '-' || word[1] == '\0') {
            if (stop_at_word) {
                return at;
            }
            sg_vec_push(&args->words, word);
            at++;
            continue;
        }
        int used = word[1] == '-' ? parse_long(args, argc - at, argv + at, err)
                                  : parse_short(args, argc - at, argv + at, err);
        if (used < 0) {
            return -1;
        }
        at += used;
    }
    return at;
}

int sg_words_check(const struct sg_args *args, const struct sg_word *words,
                   const char *command, struct sg_err *err) {
    size_t at = 0;
    for (const struct sg_word *word = words; word && word->name; word++) {
        if (at >= args->words.len) {
            if (word->optional) {
                return 0;
            }
            sg_fail(err, SG_E_USAGE, "`%s` needs %s: %s", command, word->name,
                    word->help);
            return sg_err_hint(err, "see `sgupgrade help %s`", command);
        }
        size_t end = word->many ? args->words.len : at + 1;
        for (; at < end; at++) {
            if (word->choices &&
                check_choice(word->name, args->words.items[at], word->choices, err) < 0) {
                return -1;
            }
        }
    }
    if (at >= args->words.len) {
        return 0;
    }
    sg_fail(err, SG_E_USAGE, "`%s` does not take the argument '%s'", command,
            args->words.items[at]);
    return sg_err_hint(err, "see `sgupgrade help %s`", command);
}

/* Asking for an option that no table declares would silently never be given. */
static void must_be_declared(const struct sg_args *args, const char *name) {
    if (!find_long(args, name, strlen(name))) {
        SG_BUG("an option is asked for that the command does not declare");
    }
}

/* By name: a global option given before the command counts as the command's own. */
const char *sg_args_get(const struct sg_args *args, const char *name) {
    must_be_declared(args, name);
    for (size_t i = args->given.len; i-- > 0;) {
        if (strcmp(args->given.items[i].opt->name, name) == 0) {
            return args->given.items[i].value;
        }
    }
    return NULL;
}

bool sg_args_has(const struct sg_args *args, const char *name) {
    must_be_declared(args, name);
    for (size_t i = 0; i < args->given.len; i++) {
        if (strcmp(args->given.items[i].opt->name, name) == 0) {
            return true;
        }
    }
    return false;
}

size_t sg_args_all(const struct sg_args *args, const char *name,
                   struct sg_arg_values *out) {
    must_be_declared(args, name);
    for (size_t i = 0; i < args->given.len; i++) {
        if (strcmp(args->given.items[i].opt->name, name) == 0) {
            sg_vec_push(out, args->given.items[i].value);
        }
    }
    return out->len;
}

void sg_arg_values_release(struct sg_arg_values *values) {
    sg_vec_release(values);
}

const char *sg_args_word(const struct sg_args *args, size_t index, const char *fallback) {
    return index < args->words.len ? args->words.items[index] : fallback;
}
