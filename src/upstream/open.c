/*
 * open.c - opening an upstream: which repository on disk stands for a URL.
 */
#include "git.h"

#include "sg/sha256.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sg_upstream *upstream_ref(struct sg_upstream *up) {
    up->refs++;
    return up;
}

void sg_upstream_free(struct sg_upstream *up) {
    if (!up || --up->refs > 0) {
        return;
    }
    git_repository_free(up->repo);
    free(up->url);
    free(up->shown);
    free(up->path);
    free(up->cache_root);
    free(up->tag_prefix);
    free(up->tag_suffix);
    memo_release(&up->memo);
    free(up);
    git_libgit2_shutdown();
}

void sg_upstream_freep(struct sg_upstream **up) {
    sg_upstream_free(*up);
}

static int set_tag(struct sg_upstream *up, const char *tag, struct sg_err *err) {
    static const char hole[] = "{version}";
    tag = tag ? tag : "v{version}";
    const char *at = strstr(tag, hole);
    if (!at || strstr(at + 1, hole)) {
        sg_fail(err, SG_E_INPUT, "the tag pattern \"%.80s\" must hold {version} once",
                tag);
        return sg_err_hint(err, "for example v{version} for tags like v3.20.1");
    }
    up->tag_prefix = sg_xstrndup(tag, (size_t)(at - tag));
    up->tag_suffix = sg_xstrdup(at + sizeof(hole) - 1);
    return 0;
}

char *upstream_cache_root(const char *given, struct sg_err *err) {
    if (given) {
        return sg_xstrdup(given);
    }
    const char *xdg = getenv("XDG_CACHE_HOME");
    if (xdg && *xdg == '/') {
        return sg_xasprintf("%s/sgupgrade", xdg);
    }
    const char *home = getenv("HOME");
    if (home && *home) {
        return sg_xasprintf("%s/.cache/sgupgrade", home);
    }
    sg_fail(err, SG_E_IO,
            "no place for the cache: neither XDG_CACHE_HOME nor HOME is set");
    sg_err_hint(err, "set XDG_CACHE_HOME to an absolute path");
    return NULL;
}

static int open_local(struct sg_upstream *up, struct sg_err *err) {
    up->local = true;
    up->current = true;
    int rc =
        git_repository_open_ext(&up->repo, up->path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
    return rc < 0 ? upstream_fail_open(err, up, rc) : 0;
}

static int open_cache(struct sg_upstream *up, const char *cache, struct sg_err *err) {
    up->cache_root = upstream_cache_root(cache, err);
    if (!up->cache_root) {
        return -1;
    }
    char hash[SG_SHA256_HEX + 1];
    sg_sha256_hex(up->url, strlen(up->url), hash);
    up->path = sg_xasprintf("%s/%.40s.git", up->cache_root, hash);
    if (access(up->path, F_OK) != 0 && errno == ENOENT) {
        return 0; /* the first fetch makes it */
    }
    int rc = git_repository_open_bare(&up->repo, up->path);
    if (rc == GIT_ENOTFOUND && !upstream_owner_refused(up->path, rc)) {
        return 0; /* half made: a fetch that was killed; the next one completes it */
    }
    return rc < 0 ? upstream_fail_open(err, up, rc) : 0;
}

static int open_url(struct sg_upstream *up, const struct sg_upstream_opts *opts,
                    struct sg_err *err) {
    up->url = sg_xstrdup(opts->url ? opts->url : "");
    up->shown = sg_upstream_url_shown(up->url);
    if (upstream_url_local(up->url, opts->dir, &up->path, err) ||
        set_tag(up, opts->tag, err)) {
        return -1;
    }
    return up->path ? open_local(up, err) : open_cache(up, opts->cache, err);
}

struct sg_upstream *sg_upstream_open(const struct sg_upstream_opts *opts,
                                     struct sg_err *err) {
    if (upstream_load_git2(err) != 0) {
        return NULL;
    }
    int started = git_libgit2_init();
    if (started < 0) {
        upstream_fail(err, SG_E_IO, NULL, started, "libgit2 does not start");
        return NULL;
    }
    struct sg_upstream *up = sg_xcalloc(1, sizeof(*up));
    up->refs = 1;
    up->offline = opts->offline;
    up->other = opts->other;
    up->progress = opts->progress;
    up->progress_ctx = opts->progress_ctx;
    if (open_url(up, opts, err)) {
        sg_upstream_free(up);
        return NULL;
    }
    return up;
}

const char *sg_upstream_shown(const struct sg_upstream *up) {
    return up->shown;
}

bool sg_upstream_local(const struct sg_upstream *up) {
    return up->local;
}

bool sg_upstream_current(const struct sg_upstream *up) {
    return up->current;
}

bool sg_upstream_empty(const struct sg_upstream *up) {
    if (up->local) {
        return false;
    }
    /* fetch.c leaves this file after the first fetch that succeeded */
    sg_auto_cstr mark = sg_xasprintf("%s/" UPSTREAM_MARK, up->path);
    return !up->repo || access(mark, F_OK) != 0;
}
