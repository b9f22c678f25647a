/*
 * cache.c - making, locking and sealing the bare repository that mirrors a URL.
 *
 * Nothing in here needs to survive a power cut: a damaged cache is removed and fetched
 * again, so no fsync is spent on it.
 */
#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int upstream_make_folders(const char *path, struct sg_err *err) {
    sg_auto_cstr copy = sg_xstrdup(path);
    for (char *p = copy + 1;; p++) {
        if (*p && *p != '/') {
            continue;
        }
        char was = *p;
        *p = '\0';
        if (mkdir(copy, 0700) && errno != EEXIST) {
            sg_fail_sys(err, errno, "cannot make the cache folder %s", copy);
            return sg_err_hint(err, "set XDG_CACHE_HOME to a folder you may write to");
        }
        if (!was) {
            return 0;
        }
        *p = was;
    }
}

static int take_lock(const struct sg_upstream *up, int fd, const char *name,
                     struct sg_err *err) {
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return 0;
    }
    if (errno == EWOULDBLOCK && up->progress) {
        struct sg_upstream_progress waiting = {.what = "waiting for another fetch"};
        up->progress(up->progress_ctx, &waiting);
    }
    while (flock(fd, LOCK_EX)) {
        if (errno != EINTR) {
            return sg_fail_sys(err, errno, "cannot lock %s", name);
        }
    }
    return 0;
}

static int make_repository(struct sg_upstream *up, struct sg_err *err) {
    if (up->repo) {
        return 0;
    }
    int rc = git_repository_open_bare(&up->repo, up->path);
    if (rc == 0) {
        return 0; /* another process made it since we looked */
    }
    if (rc != GIT_ENOTFOUND || upstream_owner_refused(up->path, rc)) {
        return upstream_fail_open(err, up, rc);
    }
    git_repository_init_options opts;
    (void)git_repository_init_options_init(&opts, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    opts.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKDIR;
    opts.mode = 0700;
    rc = git_repository_init_ext(&up->repo, up->path, &opts);
    if (rc < 0) {
        upstream_fail(err, SG_E_IO, up, rc, "cannot make the cache %s", up->path);
        return sg_err_hint(err, "check the space and permissions of %s", up->cache_root);
    }
    return 0;
}

int upstream_cache_lock(struct sg_upstream *up, int *lock, struct sg_err *err) {
    *lock = -1;
    if (upstream_make_folders(up->cache_root, err)) {
        return -1;
    }
    sg_auto_cstr name =
        sg_xasprintf("%.*s.lock", (int)(strlen(up->path) - strlen(".git")), up->path);
    *lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*lock < 0) {
        sg_fail_sys(err, errno, "cannot open the lock file %s", name);
        return sg_err_hint(err, "set XDG_CACHE_HOME to a folder you may write to");
    }
    return take_lock(up, *lock, name, err) || make_repository(up, err) ? -1 : 0;
}

void upstream_cache_unlock(const int *lock) {
    if (*lock >= 0) {
        close(*lock); /* and with the last descriptor goes the lock */
    }
}

static int pack_references(struct sg_upstream *up, struct sg_err *err) {
    git_refdb *refdb = NULL;
    int rc = git_repository_refdb(&refdb, up->repo);
    if (rc == 0) {
        rc = git_refdb_compress(refdb);
    }
    if (rc < 0) {
        upstream_fail(err, SG_E_IO, up, rc, "cannot pack the references of the cache %s",
                      up->path);
    }
    git_refdb_free(refdb);
    return rc < 0 ? -1 : 0;
}

int upstream_cache_seal(struct sg_upstream *up, struct sg_err *err) {
    /* hundreds of release tags as a file each would make every later look-up slow */
    if (pack_references(up, err)) {
        return -1;
    }
    sg_auto_cstr mark = sg_xasprintf("%s/" UPSTREAM_MARK, up->path);
    if (access(mark, F_OK) == 0) {
        return 0;
    }
    FILE *file = fopen(mark, "we");
    bool written = file && fprintf(file, "%s\n", up->shown) > 0;
    int why = errno;
    if (file && fclose(file)) {
        written = false;
        why = errno;
    }
    return written ? 0 : sg_fail_sys(err, why, "cannot write %s", mark);
}
