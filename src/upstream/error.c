/*
 * error.c - libgit2's failures in our words.
 */
#include "git.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void upstream_hide_url(struct sg_buf *out, const char *text,
                       const struct sg_upstream *up) {
    size_t len = up && up->url ? strlen(up->url) : 0;
    while (*text) {
        if (len > 0 && strncmp(text, up->url, len) == 0) {
            sg_buf_adds(out, up->shown);
            text += len;
        } else {
            sg_buf_addc(out, (char)(*text == '\n' ? ' ' : *text));
            text++;
        }
    }
}

/* `what`, then libgit2's reason. It may fail without leaving one. */
static int fail_with(struct sg_err *err, enum sg_code code, const struct sg_upstream *up,
                     int rc, const char *what, const char *why) {
    if (!why) {
        return sg_fail(err, code, "%s: libgit2 gave no reason (error %d)", what, rc);
    }
    sg_auto_buf reason = SG_BUF_INIT;
    upstream_hide_url(&reason, why, up);
    return sg_fail(err, code, "%s: %s", what, sg_buf_cstr(&reason));
}

int upstream_fail(struct sg_err *err, enum sg_code code, const struct sg_upstream *up,
                  int rc, const char *fmt, ...) {
    const git_error *last = git_error_last();
    sg_auto_cstr why = last && last->message ? sg_xstrdup(last->message) : NULL;
    char what[384];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    return fail_with(err, code, up, rc, what, why);
}

int upstream_fail_object(struct sg_err *err, const struct sg_upstream *up, int rc,
                         const char *fmt, ...) {
    const git_error *last = git_error_last();
    sg_auto_cstr why = last && last->message ? sg_xstrdup(last->message) : NULL;
    char what[384];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    fail_with(err, SG_E_IO, up, rc, what, why);
    if (up->local && rc == GIT_ENOTFOUND) {
        return sg_err_hint(err,
                           "complete it, if it is a partial clone, with `git fetch "
                           "--refetch --no-filter` in %.100s, else run `git fsck` there",
                           up->path);
    }
    if (up->local) {
        return sg_err_hint(err, "run `git fsck` in %s", up->path);
    }
    return sg_err_hint(err, "remove the damaged cache %s and run `sgupgrade fetch`",
                       up->path);
}

bool upstream_owner_refused(const char *path, int rc) {
    if (rc == GIT_EOWNER) {
        return true;
    }
    struct stat st;
    sg_auto_cstr head = sg_xasprintf("%s/HEAD", path);
    sg_auto_cstr dot_git = sg_xasprintf("%s/.git", path);
    return rc == GIT_ENOTFOUND && stat(path, &st) == 0 && st.st_uid != geteuid() &&
           (access(head, F_OK) == 0 || access(dot_git, F_OK) == 0);
}

static int fail_owner(struct sg_err *err, const struct sg_upstream *up) {
    sg_fail(err, SG_E_IO,
            "the repository %s belongs to another user, so git's safety rule forbids "
            "reading it",
            up->path);
    return sg_err_hint(err,
                       up->local ? "run `git config --global --add safe.directory %s`"
                                 : "set XDG_CACHE_HOME to a folder of yours, or change "
                                   "the owner of %s",
                       up->path);
}

/* A repository that is no project's upstream: of a fork, or of a kustomization's base. */
static int fail_other(struct sg_err *err, const struct sg_upstream *up, bool there) {
    if (!there) {
        sg_fail_sys(err, errno, "cannot open the repository %s", up->shown);
        return sg_err_hint(err, "check the path, read as %.150s", up->path);
    }
    sg_fail(err, SG_E_NOTFOUND, "%s is not a git repository", up->shown);
    return sg_err_hint(err, "name the folder that holds .git, or a bare repository; of a "
                            "git bundle, a clone");
}

static int fail_local(struct sg_err *err, const struct sg_upstream *up) {
    struct stat st;
    bool there = stat(up->path, &st) == 0 &&
                 (!S_ISDIR(st.st_mode) || access(up->path, R_OK | X_OK) == 0);
    if (up->other) {
        return fail_other(err, up, there);
    }
    if (there) {
        sg_fail(err, SG_E_NOTFOUND, "upstream %s is not a git repository", up->shown);
        return sg_err_hint(err, S_ISREG(st.st_mode)
                                    ? "a git bundle is read with `sgupgrade fetch "
                                      "--bundle FILE`"
                                    : "point upstream.url at the folder that holds .git, "
                                      "or at a bare repository");
    }
    sg_fail_sys(err, errno, "upstream %s", up->shown);
    return sg_err_hint(
        err,
        "check the path, read as %.150s: --upstream, or upstream.url of sgupgrade.yaml",
        up->path);
}

int upstream_fail_open(struct sg_err *err, const struct sg_upstream *up, int rc) {
    if (upstream_owner_refused(up->path, rc)) {
        return fail_owner(err, up);
    }
    if (rc == GIT_ENOTFOUND && up->local) {
        return fail_local(err, up);
    }
    return upstream_fail_object(err, up, rc, "cannot open the %s %s",
                                up->local ? "repository" : "cache", up->path);
}
