/*
 * saved_plan.c - a plan kept in a file between `diff` and `apply`.
 */
#include "saved_plan.h"

#include <errno.h>
#include <string.h>

/* --- writing ---------------------------------------------------------------------- */

int sg_plan_out_check(const struct sg_args *args, const struct sg_outputs *outputs,
                      struct sg_err *err) {
    const char *file = sg_args_get(args, "plan-out");
    if (!file) {
        return 0;
    }
    if (file[0] == '\0' || strcmp(file, "-") == 0) {
        return sg_fail(err, SG_E_USAGE, "--plan-out needs the name of a file");
    }
    if (args->words.len > 0) {
        sg_fail(err, SG_E_USAGE,
                "--plan-out saves a plan of the whole project, not of "
                "some overlays");
        return sg_err_hint(err, "leave out the names of overlays");
    }
    for (size_t i = 0; i < outputs->items.len; i++) {
        const struct sg_output *output = &outputs->items.items[i];
        if (output->file && strcmp(output->file, file) == 0) {
            return sg_fail(err, SG_E_USAGE, "both --plan-out and -o %s go to %s",
                           output->format->name, file);
        }
    }
    return 0;
}

struct decisions {
    SG_VEC(struct sg_saved_decision) items;
};

static void collect(const struct sg_args *args, struct decisions *out) {
    for (size_t i = 0; i < args->given.len; i++) {
        const struct sg_given *given = &args->given.items[i];
        if (given->opt->decides) {
            struct sg_saved_decision decision = {given->opt->name, given->value};
            sg_vec_push(&out->items, decision);
        }
    }
}

int sg_plan_out_write(const struct sg_args *args, const struct sg_report_plan *plan,
                      struct sg_err *err) {
    const char *file = sg_args_get(args, "plan-out");
    if (!file) {
        return 0;
    }
    struct decisions decisions = {0};
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_report_opts opts = {.tool = SG_VERSION};
    collect(args, &decisions);
    int status = sg_saved_write(plan, decisions.items.items, decisions.items.len, &opts,
                                &text, err);
    sg_vec_release(&decisions.items);
    if (status < 0) {
        return -1;
    }
    if (text.len > SG_FS_MAX_FILE) {
        return sg_fail(err, SG_E_LIMIT, "the plan is over %zu MB, and cannot be saved",
                       SG_FS_MAX_FILE >> 20);
    }
    return sg_cli_write_file(file, &text, err);
}

/* --- reading ---------------------------------------------------------------------- */

static int read_all(FILE *in, const char *name, struct sg_buf *text, struct sg_err *err) {
    char piece[16384];
    size_t n = 0;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0) {
        sg_buf_add(text, piece, n);
        if (text->len > SG_FS_MAX_FILE) {
            return sg_fail(err, SG_E_LIMIT, "%s is over %zu MB, which no saved plan is",
                           name, SG_FS_MAX_FILE >> 20);
        }
    }
    return ferror(in) ? sg_fail_sys(err, errno, "cannot read %s", name) : 0;
}

static int read_file(const char *name, struct sg_buf *text, struct sg_err *err) {
    FILE *in = fopen(name, "re");
    if (!in) {
        sg_fail_sys(err, errno, "cannot read the saved plan %s", name);
        return sg_err_hint(err, "save one with `sgupgrade diff --plan-out FILE`");
    }
    int status = read_all(in, name, text, err);
    fclose(in);
    return status;
}

static const struct sg_opt *find_decision(const struct sg_args *args, const char *name) {
    for (size_t t = 0; t < SG_OPT_TABLES; t++) {
        const struct sg_opt *opt = args->tables[t];
        for (; opt && opt->name; opt++) {
            if (opt->decides && strcmp(opt->name, name) == 0) {
                return opt;
            }
        }
    }
    return NULL;
}

/* What the saved plan says is not said again. */
static int refuse_options(const struct sg_args *args, struct sg_err *err) {
    if (sg_args_has(args, "to")) {
        sg_fail(err, SG_E_USAGE, "--plan and --to exclude each other");
        return sg_err_hint(err, "the plan says where it leads to");
    }
    for (size_t i = 0; i < args->given.len; i++) {
        if (args->given.items[i].opt->decides) {
            sg_fail(err, SG_E_USAGE, "--plan and --%s exclude each other",
                    args->given.items[i].opt->name);
            return sg_err_hint(err, "give it to `sgupgrade diff --plan-out FILE`");
        }
    }
    return 0;
}

static int add_decisions(const struct sg_saved *saved, struct sg_args *args,
                         struct sg_err *err) {
    for (size_t i = 0; i < saved->decisions.len; i++) {
        const struct sg_saved_decision *decision = &saved->decisions.items[i];
        const struct sg_opt *opt = find_decision(args, decision->option);
        if (!opt || !opt->value != !decision->value) {
            return sg_fail(err, SG_E_INPUT, "%s holds a decision that is none: --%.60s",
                           saved->name, decision->option);
        }
        struct sg_given given = {opt, decision->value};
        sg_vec_push(&args->given, given);
    }
    return 0;
}

static int fail_stale(const struct sg_saved *saved, struct sg_err *err) {
    return sg_err_hint(err,
                       "nothing was written; plan again: sgupgrade diff --to %.40s "
                       "--plan-out %.100s",
                       saved->to, saved->name);
}

int sg_saved_plan_open(struct sg_cli *cli, struct sg_args *args, struct sg_saved *out,
                       struct sg_err *err) {
    const char *name = sg_args_get(args, "plan");
    sg_auto_buf text = SG_BUF_INIT;
    if (refuse_options(args, err) < 0 || read_file(name, &text, err) < 0 ||
        sg_saved_read(out, name, sg_buf_cstr(&text), text.len, err) < 0) {
        return -1;
    }
    if (sg_repo_fits_plan(cli->repo, &out->origin, err) < 0) {
        return fail_stale(out, err);
    }
    return add_decisions(out, args, err);
}

int sg_saved_plan_same(const struct sg_saved *saved, const struct sg_plan *plan,
                       struct sg_err *err) {
    struct sg_report_plan now = {.plan = plan, .use = SG_USE_DIFF, .target = saved->to};
    struct sg_report_opts opts = {.tool = SG_VERSION};
    return sg_saved_compare(saved, &now, &opts, err) < 0 ? fail_stale(saved, err) : 0;
}
