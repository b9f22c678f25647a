/*
 * process.h - run another program (git) without a shell.
 */
#ifndef SG_PROCESS_H
#define SG_PROCESS_H

#include "sg/buf.h"
#include "sg/err.h"

struct sg_process {
    const char *const *argv; /* NULL-terminated; argv[0] is looked up on PATH */
    const char *cwd;         /* NULL: ours */
    const char *const *env;  /* extra "NAME=value", or "NAME" for a variable that is left
                                out; NULL-terminated; NULL for none */
    const void *in;          /* standard input, NULL for /dev/null */
    size_t in_len;
    struct sg_buf *out; /* NULL: dropped */
    struct sg_buf *err; /* NULL: dropped; set `tty` to let it through to ours */
    bool tty;           /* inherit standard error (progress, prompts) */
    bool foreground; /* inherit standard output too: the terminal is its, and so are the
                        keys that interrupt; `out` is NULL */
};

/* Runs to its end. -1 only where it could not be run; `*status` is the exit code, 128+n
 * on signal. */
SG_MUST_USE int sg_process_run(const struct sg_process *process, int *status,
                               struct sg_err *err);

#endif
