/*
 * output.c - the -o option: which formats, to which places.
 */
#include "cli.h"

#include <errno.h>
#include <string.h>

#include "sg/suggest.h"

void sg_outputs_release(struct sg_outputs *outputs) {
    for (size_t i = 0; i < outputs->items.len; i++) {
        free(outputs->items.items[i].file);
    }
    sg_vec_release(&outputs->items);
}

static int unknown_format(const char *name, enum sg_report_kind kind,
                          struct sg_err *err) {
    struct sg_suggest near;
    sg_suggest_init(&near, name);
    sg_auto_buf known = SG_BUF_INIT;
    const struct sg_report_format *format;
    for (size_t i = 0; (format = sg_report_format_at(i)); i++) {
        if (!format->write[kind]) {
            continue;
        }
        sg_suggest_offer(&near, format->name);
        sg_buf_addf(&known, "%s%s", known.len ? ", " : "", format->name);
    }
    const char *best = sg_suggest_best(&near);
    sg_fail(err, SG_E_USAGE, "unknown output format '%s', expected one of: %s", name,
            sg_buf_cstr(&known));
    if (best) {
        sg_err_hint(err, "did you mean -o %s?", best);
    }
    return -1;
}

/* Lines that the runner of GitHub Actions picks out of all that a step prints. */
static bool is_commands(const struct sg_report_format *format) {
    return strcmp(format->name, "github") == 0;
}

/* Text for people, and such lines, both on standard output. */
static bool go_together(const struct sg_output *a, const struct sg_output *b) {
    const struct sg_report_format *other = is_commands(a->format) ? b->format : a->format;
    return !a->file && !b->file && (is_commands(a->format) || is_commands(b->format)) &&
           strcmp(other->name, "text") == 0;
}

/* No other format goes to the same place. */
static bool is_free(const struct sg_outputs *out, const struct sg_output *output,
                    struct sg_err *err) {
    for (size_t i = 0; i < out->items.len; i++) {
        const struct sg_output *other = &out->items.items[i];
        bool same = output->file && other->file ? strcmp(output->file, other->file) == 0
                                                : output->file == other->file;
        if (!same || go_together(output, other)) {
            continue;
        }
        sg_fail(err, SG_E_USAGE, "-o sends both %s and %s to %s", other->format->name,
                output->format->name, output->file ? output->file : "standard output");
        sg_err_hint(err, "name a file for one: -o %s=FILE", output->format->name);
        return false;
    }
    return true;
}

/* One "FORMAT" or "FORMAT=FILE"; FILE "-" is standard output. */
static int add_output(const char *text, size_t len, enum sg_report_kind kind,
                      struct sg_outputs *out, struct sg_err *err) {
    const char *equals = memchr(text, '=', len);
    size_t name_len = equals ? (size_t)(equals - text) : len;
    sg_auto_cstr name = sg_xstrndup(text, name_len);
    const struct sg_report_format *format = sg_report_format_find(name);
    if (!format || !format->write[kind]) {
        return unknown_format(name, kind, err);
    }
    char *file = NULL;
    if (equals) {
        file = sg_xstrndup(equals + 1, len - name_len - 1);
        if (file[0] == '\0') {
            free(file);
            return sg_fail(err, SG_E_USAGE, "-o %s= names no file", name);
        }
        if (strcmp(file, "-") == 0) {
            free(file);
            file = NULL;
        }
    }
    struct sg_output output = {format, file};
    if (!is_free(out, &output, err)) {
        free(file);
        return -1;
    }
    sg_vec_push(&out->items, output);
    return 0;
}

int sg_outputs_parse(const struct sg_args *args, enum sg_report_kind kind,
                     struct sg_outputs *out, struct sg_err *err) {
    sg_auto_arg_values values = {0};
    sg_args_all(args, "output", &values);
    if (values.len == 0) {
        return add_output("text", 4, kind, out, err);
    }
    for (size_t i = 0; i < values.len; i++) {
        const char *at = values.items[i];
        for (;;) {
            size_t len = strcspn(at, ",");
            if (add_output(at, len, kind, out, err) < 0) {
                return -1;
            }
            if (at[len] == '\0') {
                break;
            }
            at += len + 1;
        }
    }
    return 0;
}

int sg_outputs_annotate(const struct sg_args *args, enum sg_report_kind kind,
                        struct sg_outputs *out, struct sg_err *err) {
    const char *actions = getenv("GITHUB_ACTIONS");
    if (sg_args_has(args, "output") || !actions || strcmp(actions, "true") != 0) {
        return 0;
    }
    return add_output("github", strlen("github"), kind, out, err);
}

static int write_file(const char *path, const char *mode, const struct sg_buf *text,
                      struct sg_err *err) {
    FILE *file = fopen(path, mode);
    if (!file) {
        return sg_fail_sys(err, errno, "cannot write '%s'", path);
    }
    bool failed = fwrite(sg_buf_cstr(text), 1, text->len, file) != text->len;
    int wrong = errno;
    if (fclose(file) != 0 && !failed) {
        failed = true;
        wrong = errno;
    }
    return failed ? sg_fail_sys(err, wrong, "cannot write '%s'", path) : 0;
}

int sg_cli_write_file(const char *path, const struct sg_buf *text, struct sg_err *err) {
    return write_file(path, "we", text, err);
}

/* --- writing ---------------------------------------------------------------------- */

static int make_text(struct sg_cli *cli, const struct sg_report_format *format,
                     bool paint, const struct sg_report *report,
                     const struct sg_report_opts *view, struct sg_buf *text,
                     struct sg_err *err) {
    struct sg_report_opts opts = view ? *view : (struct sg_report_opts){0};
    opts.paint = paint ? cli->out_paint : sg_palette_get(false);
    opts.quiet = cli->quiet;
    opts.tool = SG_VERSION;
    if (sg_report_write(format, report, &opts, text, err) < 0) {
        return -1;
    }
    return text->over
               ? sg_fail(err, SG_E_LIMIT, "the report is over %zu MB", SG_BUF_MAX >> 20)
               : 0;
}

/* What is shown of each project. */
static enum sg_report_kind one_of(const struct sg_report *report) {
    return report->kind == SG_REPORT_MANY ? report->many.each : report->kind;
}

/* Annotations show ten findings of a level at most; the summary of the job has room for
 * the report. Steps of a job share the file, so it is appended to. */
static int add_job_summary(struct sg_cli *cli, const struct sg_report *report,
                           const struct sg_report_opts *view, struct sg_err *err) {
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    const struct sg_report_format *format = sg_report_format_find("markdown");
    sg_auto_buf text = SG_BUF_INIT;
    if (!path || path[0] == '\0' || !format || !format->write[one_of(report)]) {
        return 0;
    }
    if (make_text(cli, format, false, report, view, &text, err) < 0) {
        return -1;
    }
    return write_file(path, "ae", &text, err);
}

/* The runner reads this standard output. */
static bool is_read_by_runner(const struct sg_outputs *outputs) {
    for (size_t i = 0; i < outputs->items.len; i++) {
        const struct sg_output *output = &outputs->items.items[i];
        if (!output->file && is_commands(output->format)) {
            return true;
        }
    }
    return false;
}

static int write_one(struct sg_cli *cli, const struct sg_output *output, bool guard,
                     const struct sg_report *report, const struct sg_report_opts *view,
                     struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    if (make_text(cli, output->format, !output->file, report, view, &text, err) < 0) {
        return -1;
    }
    if (output->file) {
        return sg_cli_write_file(output->file, &text, err);
    }
    if (guard && !is_commands(output->format)) {
        sg_actions_guard(&text);
    }
    if (cli->pages && !is_commands(output->format)) {
        cli->paged = text; /* shown when the command is done */
        text = (struct sg_buf)SG_BUF_INIT;
        return 0;
    }
    sg_cli_write(cli, sg_buf_cstr(&text), text.len);
    return is_commands(output->format) ? add_job_summary(cli, report, view, err) : 0;
}

int sg_outputs_write(struct sg_cli *cli, const struct sg_outputs *outputs,
                     const struct sg_report *report, const struct sg_report_opts *view,
                     struct sg_err *err) {
    bool guard = is_read_by_runner(outputs);
    for (size_t i = 0; i < outputs->items.len; i++) {
        if (write_one(cli, &outputs->items.items[i], guard, report, view, err) < 0) {
            return -1;
        }
    }
    return 0;
}
