/*
 * err.h - the one error type.
 *
 * The caller owns a `struct sg_err`, zero-initialised, and passes it last. A function
 * that can fail returns 0 or -1 (or a pointer or NULL) and fills the error only on
 * failure. The first error wins: filling one that is set already does nothing. Findings
 * (SGnnn) are data, not errors: see diag.h.
 */
#ifndef SG_ERR_H
#define SG_ERR_H

#include "sg/base.h"

/* What kind of failure; the command line maps it to an exit code (see cli/exit.c). */
enum sg_code {
    SG_OK = 0,
    SG_E_USAGE,    /* the command line */
    SG_E_INPUT,    /* a file of the user's or of upstream's says something we refuse */
    SG_E_NOTFOUND, /* a file, object, version or tag that is not there */
    SG_E_EXISTS,   /* something is there that must not be */
    SG_E_LIMIT, /* a named limit was passed (size, depth, aliases, atoms, pattern steps …)
                 */
    SG_E_IO,    /* the operating system refused; `sys` holds errno */
    SG_E_NET,   /* upstream could not be reached */
    SG_E_LOCKED,   /* another sgupgrade is writing */
    SG_E_DIRTY,    /* uncommitted changes where we would write or read */
    SG_E_PIN,      /* pin, signature or base check failed: exit 3 */
    SG_E_DECISION, /* only a human can decide: exit 4 */
};

/* A place in a file: 1-based line and column (column in code points), 0 where unknown. */
struct sg_pos {
    const char *file; /* as shown to the user; borrowed */
    uint32_t line, column;
};

struct sg_err {
    enum sg_code code;
    int sys; /* errno or 0 */
    uint32_t line, column;
    char file[256];
    char text[512]; /* one line: what was found, what was expected */
    char hint[256]; /* one line: the next step; may be empty */
};

/* Each returns -1, so a failing function can `return sg_fail(err, …)`. */
SG_PRINTF(3, 4) int sg_fail(struct sg_err *err, enum sg_code code, const char *fmt, ...);
SG_PRINTF(4, 5)
int sg_fail_at(struct sg_err *err, enum sg_code code, struct sg_pos at, const char *fmt,
               ...);
/* As sg_fail with SG_E_IO; appends ": strerror(errnum)". */
SG_PRINTF(3, 4) int sg_fail_sys(struct sg_err *err, int errnum, const char *fmt, ...);
/* What a call left in an error of its own becomes the caller's; the first one wins. */
int sg_err_pass(struct sg_err *err, const struct sg_err *from);
/* Prefix context to the text ("patch overlays/prod/x.yaml: …") on the way up. */
SG_PRINTF(2, 3) int sg_err_wrap(struct sg_err *err, const char *fmt, ...);
/* Set the next step, unless one is set already. */
SG_PRINTF(2, 3) int sg_err_hint(struct sg_err *err, const char *fmt, ...);
/* Give the error a place, unless it has one already. */
int sg_err_locate(struct sg_err *err, struct sg_pos at);
void sg_err_clear(struct sg_err *err);

struct sg_buf;
/* Appends `text` with its control bytes escaped ("\n", "\x1b"). The functions above do so
 * with what they format, since messages quote what files hold. */
void sg_err_one_line(const char *text, struct sg_buf *out);

#endif
