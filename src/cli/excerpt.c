/*
 * excerpt.c - the line of a file that an error is about, with a caret below its column.
 * A line that may hold the value of a Secret is not shown: errors end in the logs of
 * pipelines.
 */
#include "cli.h"

#include <string.h>

#include "sg/secret.h"

#define COLUMNS   100                /* of the line, around the caret */
#define MAX_BYTES ((size_t)64 << 20) /* no larger file is read for an excerpt */

static bool read_file(const char *path, struct sg_buf *text) {
    FILE *in = fopen(path, "re");
    if (!in) {
        return false;
    }
    char piece[8192];
    size_t n = 0;
    while (text->len < MAX_BYTES && (n = fread(piece, 1, sizeof piece, in)) > 0) {
        sg_buf_add(text, piece, n);
    }
    fclose(in);
    return text->len > 0;
}

/* The line that begins at `at`, without its line end. */
static struct sg_str line_at(const struct sg_buf *text, size_t at) {
    const char *line = text->ptr + at;
    const char *end = memchr(line, '\n', text->len - at);
    size_t len = end ? (size_t)(end - line) : text->len - at;
    return (struct sg_str){line, len};
}

static size_t next_line(const struct sg_buf *text, size_t at) {
    return at + line_at(text, at).len + 1;
}

/* --- printing --------------------------------------------------------------------- */

/* Byte offset of a code point column (from 1), at most the length. */
static size_t column_offset(struct sg_str line, uint32_t column) {
    size_t at = 0;
    for (uint32_t c = 1; c < column && at < line.len; c++) {
        at++;
        while (at < line.len && ((unsigned char)line.ptr[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return at;
}

static size_t char_end(struct sg_str line, size_t at) {
    while (at < line.len && ((unsigned char)line.ptr[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

static void print_number(const struct sg_cli *cli, uint32_t number) {
    fprintf(cli->err, "%s%6u |%s ", cli->err_paint->dim, number, cli->err_paint->reset);
}

/* "  12 | spec:" and a caret below the column. */
static void print_line(const struct sg_cli *cli, struct sg_str line,
                       const struct sg_err *error) {
    size_t caret = column_offset(line, error->column ? error->column : 1), start = 0;
    if (caret > COLUMNS * 3 / 4) {
        start = char_end(line, caret - COLUMNS / 2);
    }
    size_t end = line.len - start > COLUMNS ? start + COLUMNS : line.len;
    end = char_end(line, end);
    sg_auto_buf before = SG_BUF_INIT, after = SG_BUF_INIT;
    sg_text_safe(line.ptr + start, caret - start, &before);
    sg_text_safe(line.ptr + caret, end - caret, &after);
    const struct sg_palette *paint = cli->err_paint;
    const char *lead = start > 0 ? "..." : "";
    print_number(cli, error->line);
    fprintf(cli->err, "%s%s%s%s\n", lead, sg_buf_cstr(&before), sg_buf_cstr(&after),
            end < line.len ? "..." : "");
    if (error->column == 0) {
        return;
    }
    size_t pad = strlen(lead) + sg_text_width(sg_buf_cstr(&before), before.len);
    fprintf(cli->err, "%s       |%s %*s%s^%s\n", paint->dim, paint->reset, (int)pad, "",
            paint->error, paint->reset);
}

void sg_cli_excerpt(const struct sg_cli *cli, const struct sg_err *error) {
    sg_auto_buf text = SG_BUF_INIT;
    if (error->line == 0 || !read_file(error->file, &text)) {
        return;
    }
    size_t at = 0;
    for (uint32_t n = 1; n < error->line && at < text.len; n++) {
        at = next_line(&text, at);
    }
    struct sg_str line = at < text.len ? line_at(&text, at) : SG_STR("");
    if (line.len > 0 && line.ptr[line.len - 1] == '\r') {
        line.len--;
    }
    if (line.len == 0) {
        return;
    }
    if (sg_line_may_be_secret((struct sg_str){text.ptr, text.len}, at)) {
        print_number(cli, error->line);
        fputs("(not shown: it may hold a secret)\n", cli->err);
        return;
    }
    print_line(cli, line, error);
}
