/*
 * fetch.c - filling the cache: libgit2 first, then the git program, and bundles.
 */
#include "cache.h"

#include "sg/process.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* --- with libgit2 ----------------------------------------------------------------- */

struct attempt {
    const struct sg_upstream *up;
    unsigned tried; /* bits of git_credential_t: libgit2 asks again and again */
};

/* One attempt a kind; what needs a question or a helper program is left to git. */
static int give_credential(git_credential **out, const char *url, const char *user,
                           unsigned allowed, void *payload) {
    (void)url;
    struct attempt *attempt = payload;
    user = user && *user ? user : "git";
    unsigned fresh = allowed & ~attempt->tried;
    attempt->tried |= allowed;
    if (fresh & GIT_CREDENTIAL_USERNAME) {
        return git_credential_username_new(out, user);
    }
    if (fresh & GIT_CREDENTIAL_SSH_KEY) {
        return git_credential_ssh_key_from_agent(out, user);
    }
    if (fresh & GIT_CREDENTIAL_DEFAULT) {
        return git_credential_default_new(out);
    }
    git_error_set_str(GIT_ERROR_NET, "no credentials that it accepts");
    return GIT_EAUTH;
}

static int report_objects(const git_indexer_progress *stats, void *payload) {
    const struct attempt *attempt = payload;
    const struct sg_upstream *up = attempt->up;
    if (up->progress) {
        struct sg_upstream_progress progress = {
            .what = stats->received_objects < stats->total_objects ? "receiving objects"
                                                                   : "resolving deltas",
            .objects = stats->received_objects,
            .total_objects = stats->total_objects,
            .bytes = stats->received_bytes,
        };
        up->progress(up->progress_ctx, &progress);
    }
    return 0;
}

/* libgit2 takes `char **` and does not write through it. */
static char **copy_refspecs(const char *const *refspecs, size_t count) {
    char **copy = sg_xcalloc(count + 1, sizeof(*copy));
    for (size_t i = 0; i < count; i++) {
        copy[i] = sg_xstrdup(refspecs[i]);
    }
    return copy;
}

static void free_refspecs(char **copy) {
    for (size_t i = 0; copy[i]; i++) {
        free(copy[i]);
    }
    free(copy);
}

/*
 * Certificates come from where other programs look; libgit2's TLS (mbedTLS here) takes a
 * file or a folder and ignores the variables. Here and not at the start: parsing a folder
 * of certificates takes longer than reading a release.
 */
static void find_certificates(void) {
    const char *file = getenv("GIT_SSL_CAINFO");
    if (!file || !*file) {
        file = getenv("SSL_CERT_FILE");
    }
    const char *dir = getenv("SSL_CERT_DIR");
    file = file && *file ? file : NULL;
    dir = dir && *dir ? dir : NULL;
    if (file || dir) {
        /* a file that cannot be read fails at the first connection, with a message */
        (void)git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, dir);
    }
}

static int fetch_remote(git_remote *remote, const struct sg_upstream *up,
                        const char *const *refspecs, size_t count) {
    struct attempt attempt = {.up = up};
    git_fetch_options opts;
    (void)git_fetch_options_init(&opts, GIT_FETCH_OPTIONS_VERSION);
    opts.prune = GIT_FETCH_PRUNE;
    opts.update_fetchhead = 0;
    opts.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE; /* the refspecs name them */
    opts.proxy_opts.type = GIT_PROXY_AUTO;
    opts.callbacks.credentials = give_credential;
    opts.callbacks.transfer_progress = report_objects;
    opts.callbacks.payload = &attempt;
    char **copy = copy_refspecs(refspecs, count);
    git_strarray specs = {.strings = copy, .count = count};
    int rc = git_remote_fetch(remote, &specs, &opts, NULL);
    free_refspecs(copy);
    return rc;
}

static int fetch_with_library(const struct sg_upstream *up, const char *const *refspecs,
                              size_t count, struct sg_err *err) {
    git_remote *remote = NULL;
    find_certificates();
    /* anonymous: neither the URL nor its credentials are written to the cache */
    int rc = git_remote_create_anonymous(&remote, up->repo, up->url);
    if (rc == 0) {
        rc = fetch_remote(remote, up, refspecs, count);
    }
    if (rc < 0) {
        upstream_fail(err, SG_E_NET, up, rc, "cannot fetch %s", up->shown);
    }
    git_remote_free(remote);
    return rc < 0 ? -1 : 0;
}

/* --- with the git program --------------------------------------------------------- */

/* git's complaint on one line: its advice after an empty line is left out. */
static void first_paragraph(const struct sg_upstream *up, const struct sg_buf *said,
                            struct sg_buf *out) {
    sg_auto_cstr copy = sg_xstrdup(sg_buf_cstr(said));
    char *end = strstr(copy, "\n\n");
    if (end) {
        *end = '\0';
    }
    size_t len = strlen(copy);
    while (len > 0 && copy[len - 1] == '\n') {
        copy[--len] = '\0';
    }
    const char *text = copy;
    static const char fatal[] = "fatal: ";
    if (strncmp(text, fatal, sizeof(fatal) - 1) == 0) {
        text += sizeof(fatal) - 1;
    }
    upstream_hide_url(out, *text ? text : "it said nothing", up);
}

/*
 * Runs `git fetch` from `source` into the cache. 1 where git itself could not be run.
 * --git-dir and the variables win over what a git hook that runs us has set.
 */
static int fetch_with_git(struct sg_upstream *up, const char *source, bool prune,
                          const char *const *refspecs, size_t count, struct sg_buf *why,
                          struct sg_err *err) {
    sg_auto_cstr git_dir = sg_xasprintf("--git-dir=%s", up->path);
    sg_auto_cstr objects = sg_xasprintf("GIT_OBJECT_DIRECTORY=%s/objects", up->path);
    SG_VEC(const char *) argv = {0};
    const char *const fixed[] = {"git",
                                 git_dir,
                                 "-c",
                                 "gc.auto=0",
                                 "-c",
                                 "maintenance.auto=false",
                                 "-c",
                                 "protocol.ext.allow=never",
                                 "fetch",
                                 "--quiet",
                                 "--no-tags",
                                 "--force",
                                 "--no-recurse-submodules"};
    for (size_t i = 0; i < SG_ARRAY_LEN(fixed); i++) {
        sg_vec_push(&argv, fixed[i]);
    }
    if (prune) {
        sg_vec_push(&argv, "--prune");
    }
    sg_vec_push(&argv, "--");
    sg_vec_push(&argv, source);
    for (size_t i = 0; i < count; i++) {
        sg_vec_push(&argv, refspecs[i]);
    }
    sg_vec_push(&argv, NULL);
    const char *const env[] = {
        objects, "GIT_ALTERNATE_OBJECT_DIRECTORIES=", "GIT_NAMESPACE=", NULL};
    sg_auto_buf said = SG_BUF_INIT;
    struct sg_process process = {.argv = argv.items, .env = env, .err = &said};
    int status = 0;
    int rc = sg_process_run(&process, &status, err);
    sg_vec_release(&argv);
    if (rc) {
        return 1;
    }
    if (status == 0) {
        return 0;
    }
    first_paragraph(up, &said, why);
    return -1;
}

/* --- either ----------------------------------------------------------------------- */

static int fail_offline(const struct sg_upstream *up, struct sg_err *err) {
    sg_fail(err, SG_E_NET, "offline: %s cannot be fetched", up->shown);
    return sg_err_hint(err, "run it without --offline, or fill the cache with `sgupgrade "
                            "fetch --bundle FILE`");
}

/* Reads what a fetch builds on, from the disk again: the configuration, every reference
 * and the object it leads to. A libgit2 error code. */
static int read_cache(const char *path) {
    git_repository *repo = NULL;
    git_config *config = NULL;
    git_strarray names = {0};
    int rc = git_repository_open_bare(&repo, path);
    rc = rc < 0 ? rc : git_repository_config_snapshot(&config, repo);
    rc = rc < 0 ? rc : git_reference_list(&names, repo);
    for (size_t i = 0; rc == 0 && i < names.count; i++) {
        git_reference *ref = NULL;
        git_object *object = NULL;
        rc = git_reference_lookup(&ref, repo, names.strings[i]);
        rc = rc < 0 ? rc : git_reference_peel(&object, ref, GIT_OBJECT_ANY);
        git_object_free(object);
        git_reference_free(ref);
    }
    git_strarray_dispose(&names);
    git_config_free(config);
    git_repository_free(repo);
    return rc;
}

/* A fetch that failed two ways while the cache cannot be read failed for that, whatever
 * the messages say. A power cut does it: nothing in there is synced. */
static int fail_damaged(const struct sg_upstream *up, struct sg_err *err) {
    int rc = read_cache(up->path);
    if (rc == 0) {
        return 0;
    }
    upstream_fail(err, SG_E_IO, up, rc, "the cache %s is damaged", up->path);
    return sg_err_hint(err, "remove it and run the command again");
}

static int fetch_either(struct sg_upstream *up, const char *const *refspecs, size_t count,
                        struct sg_err *err) {
    struct sg_err first = {0};
    if (fetch_with_library(up, refspecs, count, &first) == 0) {
        return 0;
    }
    if (up->progress) {
        struct sg_upstream_progress progress = {.what = "fetching with git"};
        up->progress(up->progress_ctx, &progress);
    }
    struct sg_err no_git = {0};
    sg_auto_buf why = SG_BUF_INIT;
    int rc = fetch_with_git(up, up->url, true, refspecs, count, &why, &no_git);
    if (rc == 0) {
        return 0;
    }
    if (fail_damaged(up, err)) {
        return -1;
    }
    if (rc > 0) {
        sg_fail(err, SG_E_NET, "%s; the git program cannot be asked: %s", first.text,
                no_git.text);
    } else {
        sg_fail(err, SG_E_NET, "%s; git: %.200s", first.text, sg_buf_cstr(&why));
    }
    return sg_err_hint(err,
                       "make `git ls-remote %.80s` work here, go on with --offline and "
                       "what the cache has, or use `sgupgrade fetch --bundle FILE`",
                       up->shown);
}

int upstream_fetch_refs(struct sg_upstream *up, const char *const *refspecs, size_t count,
                        struct sg_err *err) {
    if (up->local) {
        return 0;
    }
    if (up->offline) {
        return fail_offline(up, err);
    }
    auto_cache_lock lock = -1;
    if (upstream_cache_lock(up, &lock, err) || fetch_either(up, refspecs, count, err) ||
        upstream_cache_seal(up, err)) {
        return -1;
    }
    up->current = true;
    return 0;
}

int sg_upstream_fetch(struct sg_upstream *up, struct sg_err *err) {
    static const char *const tags[] = {"+refs/tags/*:refs/tags/*"};
    return upstream_fetch_refs(up, tags, SG_ARRAY_LEN(tags), err);
}

static int fetch_bundle(struct sg_upstream *up, const char *file, struct sg_err *err) {
    static const char *const all[] = {"+refs/tags/*:refs/tags/*",
                                      "+refs/heads/*:refs/heads/*"};
    auto_cache_lock lock = -1;
    if (upstream_cache_lock(up, &lock, err)) {
        return -1;
    }
    sg_auto_buf why = SG_BUF_INIT;
    /* no pruning: a bundle may hold only the newest releases */
    int rc = fetch_with_git(up, file, false, all, SG_ARRAY_LEN(all), &why, err);
    if (rc > 0) {
        sg_err_wrap(err, "a bundle is read with the git program");
        return sg_err_hint(err, "install git");
    }
    if (rc < 0) {
        sg_fail(err, SG_E_INPUT, "cannot read bundle %s: %.200s", file,
                sg_buf_cstr(&why));
        return sg_err_hint(err,
                           "make it with `git bundle create FILE --tags` in a clone of "
                           "upstream; `git bundle verify FILE` tests it");
    }
    return upstream_cache_seal(up, err);
}

int sg_upstream_fetch_bundle(struct sg_upstream *up, const char *file,
                             struct sg_err *err) {
    if (up->local) {
        sg_fail(err, SG_E_USAGE, "upstream %s is read in place and has no cache to fill",
                up->shown);
        return sg_err_hint(err, "set upstream.url to the URL the bundle was made from");
    }
    char *found = realpath(file, NULL);
    if (!found) {
        sg_fail_sys(err, errno, "bundle %s", file);
        return sg_err_hint(err, "check the path of the bundle");
    }
    int rc = fetch_bundle(up, found, err);
    free(found);
    return rc;
}
