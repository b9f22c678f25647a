/* err.c - filling the caller's error; the first one wins. */
#include "sg/err.h"
#include "sg/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut text must not end inside a UTF-8 sequence. */
static void trim_partial(char *text) {
    size_t len = strlen(text);
    size_t lead = len;
    while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80) {
        lead--;
    }
    if (lead == 0) {
        return;
    }
    unsigned char c = (unsigned char)text[lead - 1];
    size_t want = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    if (c >= 0xC0 && len - (lead - 1) < want) {
        text[lead - 1] = '\0';
    }
}

static void put_text(char *to, size_t cap, const char *from) {
    if ((size_t)snprintf(to, cap, "%s", from) >= cap) {
        trim_partial(to);
    }
}

/* A message is one line, but it may quote what a file holds. */
static void one_line(char *text, size_t cap) {
    sg_auto_buf line = SG_BUF_INIT;
    sg_err_one_line(text, &line);
    if (line.len != strlen(text)) {
        put_text(text, cap, line.ptr);
    }
}

void sg_err_one_line(const char *text, struct sg_buf *out) {
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != 0x7f) {
            sg_buf_addc(out, *text);
        } else if (c == '\n' || c == '\t' || c == '\r') {
            sg_buf_adds(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
        } else {
            sg_buf_addf(out, "\\x%02x", c);
        }
    }
}

SG_PRINTF(3, 0)
static void put_format(char *to, size_t cap, const char *fmt, va_list args) {
    int len = vsnprintf(to, cap, fmt, args);
    if (len >= 0 && (size_t)len >= cap) {
        trim_partial(to);
    }
    one_line(to, cap);
}

static bool taken(const struct sg_err *err) {
    return !err || err->code != SG_OK;
}

int sg_fail(struct sg_err *err, enum sg_code code, const char *fmt, ...) {
    if (!taken(err)) {
        va_list args;
        err->code = code;
        va_start(args, fmt);
        put_format(err->text, sizeof(err->text), fmt, args);
        va_end(args);
    }
    return -1;
}

int sg_fail_at(struct sg_err *err, enum sg_code code, struct sg_pos at, const char *fmt,
               ...) {
    if (!taken(err)) {
        va_list args;
        err->code = code;
        va_start(args, fmt);
        put_format(err->text, sizeof(err->text), fmt, args);
        va_end(args);
        sg_err_locate(err, at);
    }
    return -1;
}

int sg_fail_sys(struct sg_err *err, int errnum, const char *fmt, ...) {
    if (!taken(err)) {
        va_list args;
        char what[sizeof(err->text)];
        char reason[128];
        va_start(args, fmt);
        put_format(what, sizeof(what), fmt, args);
        va_end(args);
        /* the GNU strerror_r: returns the text, which need not be in `reason` */
        const char *why = strerror_r(errnum, reason, sizeof(reason));
        err->code = SG_E_IO;
        err->sys = errnum;
        put_text(err->text, sizeof(err->text), what);
        size_t len = strlen(err->text);
        snprintf(err->text + len, sizeof(err->text) - len, ": %s", why);
    }
    return -1;
}

int sg_err_pass(struct sg_err *err, const struct sg_err *from) {
    if (!taken(err)) {
        *err = *from;
    }
    return -1;
}

int sg_err_wrap(struct sg_err *err, const char *fmt, ...) {
    if (err && err->code != SG_OK) {
        va_list args;
        char text[2 * sizeof(err->text)];
        va_start(args, fmt);
        put_format(text, sizeof(err->text), fmt, args);
        va_end(args);
        size_t len = strlen(text);
        snprintf(text + len, sizeof(text) - len, ": %s", err->text);
        put_text(err->text, sizeof(err->text), text);
    }
    return -1;
}

int sg_err_hint(struct sg_err *err, const char *fmt, ...) {
    if (err && !err->hint[0]) {
        va_list args;
        va_start(args, fmt);
        put_format(err->hint, sizeof(err->hint), fmt, args);
        va_end(args);
    }
    return -1;
}

int sg_err_locate(struct sg_err *err, struct sg_pos at) {
    if (err && !err->file[0] && at.file) {
        put_text(err->file, sizeof(err->file), at.file);
        err->line = at.line;
        err->column = at.column;
    }
    return -1;
}

void sg_err_clear(struct sg_err *err) {
    *err = (struct sg_err){0};
}
