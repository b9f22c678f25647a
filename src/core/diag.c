/* diag.c - format a warning or finding and hand it to whoever listens. */
#include "sg/diag.h"
#include "sg/buf.h"

#include <stdarg.h>
#include <stdio.h>

void sg_diag(const struct sg_diag_sink *sink, const char *code, const char *rule,
             enum sg_severity severity, struct sg_pos at, const char *fmt, ...) {
    if (!sink || !sink->emit) {
        return;
    }
    va_list args;
    sg_auto_cstr text = NULL;
    va_start(args, fmt);
    int len = vasprintf(&text, fmt, args);
    va_end(args);
    if (len < 0) {
        text = NULL;
        SG_BUG("out of memory");
    }
    sg_auto_buf line = SG_BUF_INIT;
    sg_err_one_line(text, &line);
    const struct sg_diag diag = {
        .code = code ? code : "",
        .rule = rule ? rule : "",
        .severity = severity,
        .at = at,
        .text = sg_buf_cstr(&line),
    };
    sink->emit(sink->ctx, &diag);
}
