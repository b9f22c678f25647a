/*
 * message.c - errors and warnings as a person reads them: where, what, the line itself
 * with a caret, and the next step.
 */
#include "cli.h"

#include <ctype.h>
#include <string.h>

#include "sg/path.h"

/* Where every message of ours begins. */
static void begin(struct sg_cli *cli, const char *paint, const char *level) {
    sg_progress_clear(&cli->progress);
    fprintf(cli->err, "sgupgrade: %s%s:%s ", paint, level, cli->err_paint->reset);
}

/* May stand in a file name that goes on. */
static bool in_name(char c) {
    return isalnum((unsigned char)c) || strchr("_.-", c) != NULL;
}

/*
 * A render reads through a file system rooted at "/", so its messages hold absolute
 * paths: show them as seen from the current folder. `text` may hold several.
 */
static void add_shortened(const struct sg_cli *cli, const char *text,
                          struct sg_buf *out) {
    size_t len = cli->cwd ? strlen(cli->cwd) : 0;
    if (len < 2) { /* the root itself, or a test without a folder */
        sg_text_safe(text, strlen(text), out);
        return;
    }
    for (const char *at = text; *at;) {
        const char *hit = strstr(at, cli->cwd);
        if (!hit) {
            sg_text_safe(at, strlen(at), out);
            return;
        }
        sg_text_safe(at, (size_t)(hit - at), out);
        char next = hit[len];
        bool inside = hit > text && in_name(hit[-1]);    /* /tmp of /var/tmp */
        if (inside || (next != '\0' && in_name(next))) { /* another folder's name */
            sg_text_safe(hit, len, out);
        } else if (next != '/') {
            sg_buf_addc(out, '.');
        }
        at = hit + len + (!inside && next == '/');
    }
}

/* The file of a position: relative to the current folder, also upwards while that is
 * short. */
static void add_file(const struct sg_cli *cli, const char *file, struct sg_buf *out) {
    if (file[0] == '/' && cli->cwd && cli->cwd[0] == '/') {
        sg_auto_buf relative = SG_BUF_INIT;
        sg_path_relative(cli->cwd + 1, file + 1, &relative);
        if (strncmp(sg_buf_cstr(&relative), "../../../", 9) != 0) {
            sg_text_safe(relative.ptr, relative.len, out);
            return;
        }
    }
    sg_text_safe(file, strlen(file), out);
}

static void add_place(const struct sg_cli *cli, const char *file, uint32_t line,
                      uint32_t column, struct sg_buf *out) {
    if (!file || file[0] == '\0') {
        return;
    }
    add_file(cli, file, out);
    if (line) {
        sg_buf_addf(out, ":%u", line);
    }
    if (line && column) {
        sg_buf_addf(out, ":%u", column);
    }
    sg_buf_adds(out, ": ");
}

void sg_cli_error(struct sg_cli *cli, const struct sg_err *error) {
    sg_auto_buf text = SG_BUF_INIT;
    add_place(cli, error->file, error->line, error->column, &text);
    add_shortened(cli, error->text[0] ? error->text : "unknown error", &text);
    begin(cli, cli->err_paint->error, "error");
    fprintf(cli->err, "%s\n", sg_buf_cstr(&text));
    sg_cli_excerpt(cli, error);
    if (error->hint[0] == '\0') {
        return;
    }
    sg_buf_clear(&text);
    add_shortened(cli, error->hint, &text);
    fprintf(cli->err, "%shint:%s %s\n", cli->err_paint->link, cli->err_paint->reset,
            sg_buf_cstr(&text));
}

static void emit(void *ctx, const struct sg_diag *diag) {
    struct sg_cli *cli = ctx;
    bool notice = diag->severity == SG_WARNING && !diag->code[0] && !diag->rule[0];
    if (cli->quiet && diag->severity != SG_ERROR && !notice) {
        return;
    }
    sg_auto_buf text = SG_BUF_INIT;
    add_place(cli, diag->at.file, diag->at.line, diag->at.column, &text);
    if (diag->code[0]) {
        sg_buf_addf(&text, "%s ", diag->code);
    }
    add_shortened(cli, diag->text, &text);
    if (sg_strmap_has(&cli->warned, sg_buf_cstr(&text), text.len)) {
        return;
    }
    sg_strmap_put(&cli->warned, sg_buf_cstr(&text), text.len, cli);
    begin(cli, cli->err_paint->warning, diag->severity == SG_INFO ? "note" : "warning");
    fprintf(cli->err, "%s\n", sg_buf_cstr(&text));
}

struct sg_diag_sink sg_cli_diag(struct sg_cli *cli) {
    return (struct sg_diag_sink){emit, cli};
}

void sg_cli_note(struct sg_cli *cli, const char *text) {
    if (cli->quiet) {
        return;
    }
    sg_auto_buf safe = SG_BUF_INIT;
    add_shortened(cli, text, &safe);
    sg_progress_clear(&cli->progress);
    fprintf(cli->err, "sgupgrade: %s\n", sg_buf_cstr(&safe));
}
