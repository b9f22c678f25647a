/*
 * diag.h - where warnings and findings go while something else is being done: a render
 * reports what kustomize would lose (SG104, SG105) or has deprecated without knowing who
 * listens.
 */
#ifndef SG_DIAG_H
#define SG_DIAG_H

#include "sg/err.h"

enum sg_severity { SG_INFO, SG_WARNING, SG_ERROR };

struct sg_diag {
    const char *code; /* "SG105", or "" for what is no finding */
    const char
        *rule; /* "dropped: keyless-element", "deprecated", or "" for a notice that a
                  user must see, such as a copy of an edited file that was kept */
    enum sg_severity severity;
    struct sg_pos at;
    const char *text; /* one line, borrowed for the call */
};

/* Receiver; `emit` copies what it keeps. A NULL sink, or a NULL emit, drops everything.
 */
struct sg_diag_sink {
    void (*emit)(void *ctx, const struct sg_diag *diag);
    void *ctx;
};

SG_PRINTF(6, 7)
void sg_diag(const struct sg_diag_sink *sink, const char *code, const char *rule,
             enum sg_severity severity, struct sg_pos at, const char *fmt, ...);

#endif
