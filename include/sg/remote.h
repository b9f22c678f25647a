/*
 * remote.h - what a layer below `upstream` may ask of it: a git URL and ref as a file
 * system (kustomize's remote bases), a file of the web, and which upstream commit last
 * changed a path (the cause of a finding).
 */
#ifndef SG_REMOTE_H
#define SG_REMOTE_H

#include "sg/fs.h"

struct sg_remote {
    /* A read-only tree of `url` at `ref` (NULL: the default branch); the caller frees it.
     */
    struct sg_fs *(*open)(void *ctx, const char *url, const char *ref,
                          struct sg_err *err);
    /* Appends the bytes of the file behind a http(s) URL; the same ones for the same URL
     * as long as `ctx` lives. SG_E_NOTFOUND: there is none, or not offline. */
    int (*get)(void *ctx, const char *url, struct sg_buf *out, struct sg_err *err);
    void *ctx;
};

struct sg_cause {
    /* The commit that last changed upstream's `path` between two versions. False when
     * unknown. `commit` gets 40 hex digits and a NUL, `subject` at most `cap` bytes. */
    bool (*find)(void *ctx, const char *path, char commit[41], char *subject, size_t cap);
    void *ctx;
};

#endif
