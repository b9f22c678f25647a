/*
 * remotes.c - the git URLs and files of the web that kustomizations name, with their
 * caches; and revisions that a user names.
 */
#include "git.h"
#include "web.h"

#include "sg/strmap.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

struct remote {
    struct sg_upstream *up;
    bool fetched, fetched_head; /* in this command */
};

struct sg_upstream_remotes {
    struct sg_upstream_opts opts;
    char *dir, *cache;
    struct sg_strmap by_url;
    SG_VEC(struct remote *) owned;
    struct sg_strmap files;         /* URL -> what is behind it, in this command */
    SG_VEC(struct sg_buf *) bodies; /* what `files` leads to */
};

static char *copy_or_null(const char *text) {
    return text ? sg_xstrdup(text) : NULL;
}

struct sg_upstream_remotes *sg_upstream_remotes_new(const struct sg_upstream_opts *opts) {
    struct sg_upstream_remotes *remotes = sg_xcalloc(1, sizeof(*remotes));
    remotes->dir = copy_or_null(opts->dir);
    remotes->cache = copy_or_null(opts->cache);
    remotes->opts = (struct sg_upstream_opts){
        .dir = remotes->dir,
        .cache = remotes->cache,
        .offline = opts->offline,
        .other = true,
        .progress = opts->progress,
        .progress_ctx = opts->progress_ctx,
    };
    return remotes;
}

void sg_upstream_remotes_free(struct sg_upstream_remotes *remotes) {
    if (!remotes) {
        return;
    }
    for (size_t i = 0; i < remotes->owned.len; i++) {
        sg_upstream_free(remotes->owned.items[i]->up);
        free(remotes->owned.items[i]);
    }
    sg_vec_release(&remotes->owned);
    sg_strmap_release(&remotes->by_url);
    for (size_t i = 0; i < remotes->bodies.len; i++) {
        sg_buf_release(remotes->bodies.items[i]);
        free(remotes->bodies.items[i]);
    }
    sg_vec_release(&remotes->bodies);
    sg_strmap_release(&remotes->files);
    free(remotes->dir);
    free(remotes->cache);
    free(remotes);
}

/*
 * kustomize also takes "git::URL" and, without a scheme, the well-known hosts
 * ("github.com/org/repo"); a folder of that name comes first.
 */
static char *plain_url(const struct sg_upstream_remotes *remotes, const char *url) {
    static const char *const hosts[] = {"github.com/", "gitlab.com/", "bitbucket.org/"};
    if (strncmp(url, "git::", 5) == 0) {
        url += 5;
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(hosts); i++) {
        if (strncasecmp(url, hosts[i], strlen(hosts[i])) == 0) {
            struct stat st;
            sg_auto_cstr path =
                sg_xasprintf("%s/%s", remotes->dir ? remotes->dir : ".", url);
            return stat(path, &st) == 0 ? sg_xstrdup(url)
                                        : sg_xasprintf("https://%s", url);
        }
    }
    return sg_xstrdup(url);
}

static struct remote *get_remote(struct sg_upstream_remotes *remotes, const char *url,
                                 struct sg_err *err) {
    struct remote *remote = sg_strmap_get(&remotes->by_url, url, strlen(url));
    if (remote) {
        return remote;
    }
    sg_auto_cstr plain = plain_url(remotes, url);
    struct sg_upstream_opts opts = remotes->opts;
    opts.url = plain;
    struct sg_upstream *up = sg_upstream_open(&opts, err);
    if (!up) {
        return NULL;
    }
    remote = sg_xcalloc(1, sizeof(*remote));
    remote->up = up;
    sg_vec_push(&remotes->owned, remote);
    sg_strmap_put(&remotes->by_url, url, strlen(url), remote);
    return remote;
}

/* --- refs ------------------------------------------------------------------------- */

/* What fetching HEAD leaves in a cache. */
#define CACHED_HEAD "refs/sgupgrade/HEAD"

/* True and the commit where reference `name` is there and leads to one. */
static bool peel(const struct sg_upstream *up, const char *name, git_oid *out) {
    git_reference *ref = NULL;
    git_object *object = NULL;
    bool found = up->repo && git_reference_lookup(&ref, up->repo, name) == 0 &&
                 git_reference_peel(&object, ref, GIT_OBJECT_COMMIT) == 0;
    if (found) {
        git_oid_cpy(out, git_object_id(object));
    }
    git_object_free(object);
    git_reference_free(ref);
    return found;
}

/* A name below these namespaces, tags first as git does. */
static bool find_name(const struct sg_upstream *up, const char *ref, bool branches,
                      git_oid *out) {
    static const char *const places[] = {"refs/tags/", "refs/heads/",
                                         "refs/remotes/origin/"};
    if (strncmp(ref, "refs/", 5) == 0) {
        return peel(up, ref, out);
    }
    for (size_t i = 0; i < (branches ? SG_ARRAY_LEN(places) : 1); i++) {
        sg_auto_cstr name = sg_xasprintf("%s%s", places[i], ref);
        if (peel(up, name, out)) {
            return true;
        }
    }
    return false;
}

static bool find_commit(const struct sg_upstream *up, const char *ref, git_oid *out) {
    git_commit *commit = NULL;
    if (!up->repo || strlen(ref) != SG_GIT_HEX || git_oid_fromstr(out, ref) < 0 ||
        git_commit_lookup(&commit, up->repo, out) < 0) {
        return false;
    }
    git_commit_free(commit);
    return true;
}

static int fail_ref(const struct sg_upstream *up, const char *ref, struct sg_err *err) {
    sg_fail(err, SG_E_NOTFOUND, "%s has no tag, branch or commit \"%.80s\"%s", up->shown,
            ref, up->offline && !up->local ? " in the cache" : "");
    return sg_err_hint(err, up->offline && !up->local
                                ? "run it once without --offline"
                                : "check the ref; `git ls-remote` lists what there is");
}

static int resolve_ref(struct remote *remote, const char *ref, git_oid *out,
                       struct sg_err *err) {
    static const char *const all[] = {"+refs/tags/*:refs/tags/*",
                                      "+refs/heads/*:refs/heads/*"};
    struct sg_upstream *up = remote->up;
    if (find_name(up, ref, false, out) || find_commit(up, ref, out)) {
        return 0; /* a tag or a commit: it stays what it is */
    }
    if (!up->local && !up->offline && !remote->fetched) {
        if (upstream_fetch_refs(up, all, SG_ARRAY_LEN(all), err)) {
            return -1;
        }
        remote->fetched = true;
    }
    return find_name(up, ref, true, out) || find_commit(up, ref, out)
               ? 0
               : fail_ref(up, ref, err);
}

static int resolve_head(struct remote *remote, git_oid *out, struct sg_err *err) {
    static const char *const head[] = {"+HEAD:" CACHED_HEAD};
    struct sg_upstream *up = remote->up;
    if (!up->local && !up->offline && !remote->fetched_head) {
        if (upstream_fetch_refs(up, head, SG_ARRAY_LEN(head), err)) {
            return -1;
        }
        remote->fetched_head = true;
    }
    return peel(up, up->local ? "HEAD" : CACHED_HEAD, out) ? 0
                                                           : fail_ref(up, "HEAD", err);
}

/* A ref of the remote; none is its HEAD, too. */
static int resolve(struct remote *remote, const char *ref, git_oid *out,
                   struct sg_err *err) {
    return strcmp(ref, "HEAD") == 0 ? resolve_head(remote, out, err)
                                    : resolve_ref(remote, ref, out, err);
}

static struct sg_fs *open_remote(void *ctx, const char *url, const char *ref,
                                 struct sg_err *err) {
    struct remote *remote = get_remote(ctx, url, err);
    git_oid commit;
    ref = ref && *ref ? ref : "HEAD";
    if (!remote || resolve(remote, ref, &commit, err)) {
        return NULL;
    }
    char id[SG_GIT_HEX + 1];
    git_oid_tostr(id, sizeof(id), &commit);
    sg_auto_cstr shown = sg_xasprintf("%s@%s:", remote->up->shown, ref);
    return sg_upstream_tree(remote->up, id, "", shown, err);
}

/* --- revisions -------------------------------------------------------------------- */

/* Origin's own HEAD is upstream's default branch, and never what HEAD means here. */
static bool find_of_origin(const struct sg_upstream *up, const char *name, git_oid *out) {
    sg_auto_cstr full = sg_xasprintf("refs/remotes/origin/%s", name);
    return strcmp(name, "HEAD") != 0 && peel(up, full, out);
}

/* As git itself reads the name in this repository. */
static int parse_revision(const struct sg_upstream *up, const char *name, git_oid *out,
                          struct sg_err *err) {
    git_object *object = NULL;
    bool short_head = name[0] == '@' && name[1] != '{'; /* which libgit2 does not know */
    sg_auto_cstr spec = sg_xasprintf("%s%s^{commit}", short_head ? "HEAD" : "",
                                     short_head ? name + 1 : name);
    int rc = git_revparse_single(&object, up->repo, spec);
    if (rc == 0) {
        git_oid_cpy(out, git_object_id(object));
        git_object_free(object);
        return 0;
    }
    if (rc == GIT_EAMBIGUOUS) {
        sg_fail(err, SG_E_NOTFOUND, "\"%.80s\" is too short to be one commit of %s", name,
                up->shown);
        return sg_err_hint(err, "write more of the commit's id");
    }
    return find_of_origin(up, name, out) ? 0 : fail_ref(up, name, err);
}

void sg_revision_release(struct sg_revision *revision) {
    sg_fs_free(revision->fs);
    free(revision->repository);
    *revision = (struct sg_revision){0};
}

int sg_upstream_revision(struct sg_upstream_remotes *remotes, const char *url,
                         const char *revision, const char *folder,
                         struct sg_revision *out, struct sg_err *err) {
    struct remote *remote = get_remote(remotes, url, err);
    git_oid commit;
    if (!remote || (remote->up->local ? parse_revision(remote->up, revision, &commit, err)
                                      : resolve(remote, revision, &commit, err))) {
        return -1;
    }
    struct sg_upstream *up = remote->up;
    sg_auto_cstr shown =
        sg_xasprintf("%s@%s:%s%s", up->shown, revision, folder, *folder ? "/" : "");
    *out = (struct sg_revision){.repository = up->local ? sg_xstrdup(up->path) : NULL};
    git_oid_tostr(out->commit, sizeof(out->commit), &commit);
    out->fs = sg_upstream_tree(up, out->commit, folder, shown, err);
    return out->fs ? 0 : -1;
}

/* --- files of the web -------------------------------------------------------------- */

static int get_file(void *ctx, const char *url, struct sg_buf *out, struct sg_err *err) {
    struct sg_upstream_remotes *remotes = ctx;
    const struct sg_buf *known = sg_strmap_get(&remotes->files, url, strlen(url));
    if (known == NULL) {
        sg_auto_cstr cache = upstream_cache_root(remotes->cache, err);
        sg_auto_buf fresh = SG_BUF_INIT;
        if (cache == NULL ||
            upstream_web_get(url, cache, remotes->opts.offline, &fresh, err) != 0) {
            return -1;
        }
        struct sg_buf *kept = sg_xcalloc(1, sizeof(*kept));
        *kept = fresh;
        fresh = (struct sg_buf)SG_BUF_INIT;
        sg_vec_push(&remotes->bodies, kept);
        sg_strmap_put(&remotes->files, url, strlen(url), kept);
        known = kept;
    }
    sg_buf_add(out, known->ptr, known->len);
    return 0;
}

struct sg_remote sg_upstream_remotes_as(struct sg_upstream_remotes *remotes) {
    return (struct sg_remote){.open = open_remote, .get = get_file, .ctx = remotes};
}
