/*
 * message.c - errors and warnings as a person reads them: where, what, the line itself
 * with a caret, and the next step.
 */
#include "cli.h"

#include <ctype.h>
#include <string.h>

#include "sg/path.h"

#define EXCERPT_COLUMNS 100                /* of the source line, around the caret */
#define EXCERPT_BYTES   ((size_t)64 << 20) /* no larger file is read for an excerpt */

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

/* Line `number` of a file without its line end; false where it cannot be had. */
static bool read_line(const char *file, uint32_t number, struct sg_buf *line) {
    FILE *in = fopen(file, "re");
    if (!in) {
        return false;
    }
    size_t read = 0;
    uint32_t at = 1;
    int c = EOF;
    while (at <= number && read++ < EXCERPT_BYTES && (c = getc(in)) != EOF) {
        if (at == number && c != '\n' && c != '\r') {
            sg_buf_addc(line, (char)c);
        }
        at += c == '\n';
    }
    fclose(in);
    return line->len > 0;
}

/* Byte offset of a code point column (from 1), at most the length. */
static size_t column_offset(const struct sg_buf *line, uint32_t column) {
    size_t at = 0;
    for (uint32_t c = 1; c < column && at < line->len; c++) {
        at++;
        while (at < line->len && ((unsigned char)line->ptr[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return at;
}

/* "  12 | spec:" and a caret below the column. */
static void print_excerpt(struct sg_cli *cli, const struct sg_err *error) {
    sg_auto_buf line = SG_BUF_INIT;
    if (error->line == 0 || !read_line(error->file, error->line, &line)) {
        return;
    }
    size_t caret = column_offset(&line, error->column ? error->column : 1);
    size_t start = 0;
    if (caret > EXCERPT_COLUMNS * 3 / 4) {
        start = caret - EXCERPT_COLUMNS / 2;
        while (start < caret && ((unsigned char)line.ptr[start] & 0xC0) == 0x80) {
            start++;
        }
    }
    size_t end = line.len - start > EXCERPT_COLUMNS ? start + EXCERPT_COLUMNS : line.len;
    while (end < line.len && ((unsigned char)line.ptr[end] & 0xC0) == 0x80) {
        end++;
    }
    sg_auto_buf before = SG_BUF_INIT, after = SG_BUF_INIT;
    sg_text_safe(line.ptr + start, caret - start, &before);
    sg_text_safe(line.ptr + caret, end - caret, &after);
    const struct sg_palette *paint = cli->err_paint;
    const char *lead = start > 0 ? "..." : "";
    int number = fprintf(cli->err, "%s%6u |%s ", paint->dim, error->line, paint->reset);
    fprintf(cli->err, "%s%s%s%s\n", lead, sg_buf_cstr(&before), sg_buf_cstr(&after),
            end < line.len ? "..." : "");
    if (number < 0 || error->column == 0) {
        return;
    }
    size_t pad = strlen(lead) + sg_text_width(sg_buf_cstr(&before), before.len);
    fprintf(cli->err, "%s       |%s %*s%s^%s\n", paint->dim, paint->reset, (int)pad, "",
            paint->error, paint->reset);
}

void sg_cli_error(struct sg_cli *cli, const struct sg_err *error) {
    sg_auto_buf text = SG_BUF_INIT;
    add_place(cli, error->file, error->line, error->column, &text);
    add_shortened(cli, error->text[0] ? error->text : "unknown error", &text);
    begin(cli, cli->err_paint->error, "error");
    fprintf(cli->err, "%s\n", sg_buf_cstr(&text));
    print_excerpt(cli, error);
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
    if (cli->quiet && diag->severity != SG_ERROR) {
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
