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

/* No other format goes to the same place. */
static bool is_free(const struct sg_outputs *out, const struct sg_output *output,
                    struct sg_err *err) {
    for (size_t i = 0; i < out->items.len; i++) {
        const struct sg_output *other = &out->items.items[i];
        bool same = output->file && other->file ? strcmp(output->file, other->file) == 0
                                                : output->file == other->file;
        if (!same) {
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

int sg_cli_write_file(const char *path, const struct sg_buf *text, struct sg_err *err) {
    FILE *file = fopen(path, "we");
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

int sg_outputs_write(struct sg_cli *cli, const struct sg_outputs *outputs,
                     const struct sg_report *report, const struct sg_report_opts *view,
                     struct sg_err *err) {
    for (size_t i = 0; i < outputs->items.len; i++) {
        const struct sg_output *output = &outputs->items.items[i];
        struct sg_report_opts opts = view ? *view : (struct sg_report_opts){0};
        opts.paint = output->file ? sg_palette_get(false) : cli->out_paint;
        opts.quiet = cli->quiet;
        opts.tool = SG_VERSION;
        sg_auto_buf text = SG_BUF_INIT;
        if (output->format->write[report->kind](report, &opts, &text, err) < 0) {
            return -1;
        }
        if (text.over) {
            return sg_fail(err, SG_E_LIMIT, "the report is over %zu MB",
                           SG_BUF_MAX >> 20);
        }
        if (!output->file) {
            sg_cli_write(cli, sg_buf_cstr(&text), text.len);
        } else if (sg_cli_write_file(output->file, &text, err) < 0) {
            return -1;
        }
    }
    return 0;
}
