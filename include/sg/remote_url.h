/*
 * remote_url.h - kustomize's notation of a remote base: repository//path?ref=x, with the
 * short forms for github.com and ssh.
 */
#ifndef SG_REMOTE_URL_H
#define SG_REMOTE_URL_H

#include "sg/base.h"

struct sg_remote_url {
    char *repo;  /* what git clones */
    char *path;  /* folder in it, "" for its root; cleaned */
    char *ref;   /* "" for the default branch */
    bool marked; /* its form says git: "//", "/_git/", ".git" or a ref */
};
void sg_remote_url_release(struct sg_remote_url *url);
/* False where `text` is a local path. */
bool sg_remote_url_parse(const char *text, struct sg_remote_url *out);

#endif
