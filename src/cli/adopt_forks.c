#include "adopt_forks.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sg/path.h"

void sg_fork_release(struct sg_fork *fork) {
    sg_fs_free(fork->fs);
    sg_fs_free(fork->disk);
    free(fork->overlay);
    free(fork->shown);
    free(fork->path);
    free(fork->revision);
    free(fork->below);
    free(fork->folder);
}

/* --- a word ------------------------------------------------------------------------ */

/* A word that names its overlay: "staging=../fork". */
static size_t name_length(const char *word) {
    size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789._-");
    return len > 0 && word[len] == '=' ? len : 0;
}

/* A folder's name, which overlays/'*' finds. */
static int refuse_name(const char *name, struct sg_err *err) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789._-";
    if (name[0] != '\0' && name[0] != '.' && name[strspn(name, letters)] == '\0') {
        return 0;
    }
    sg_fail(err, SG_E_USAGE, "'%s' is no name for an overlay", name);
    return sg_err_hint(err, "use letters, digits, '.', '_' and '-'");
}

static bool is_folder(const char *path) {
    DIR *dir = opendir(path);
    if (dir != NULL) {
        closedir(dir);
    }
    return dir != NULL;
}

/* A revision stands behind this '@'. */
static bool has_revision(const char *word, const char *at) {
    return at > word && at[1] != '\0' && at[1] != ':';
}

/*
 * The '@' in front of the revision, or NULL. It is the last one behind a folder of this
 * machine, for both may have an '@' of their own: "team@work/fork@main@{1}". Behind a URL
 * it is the last one of all, but for that of a user in front of the host.
 */
static const char *find_at(const struct sg_cli *cli, const char *word) {
    const char *end = word + strlen(word);
    for (const char *at = end; (at = memrchr(word, '@', (size_t)(at - word))) != NULL;) {
        sg_auto_cstr before = sg_xstrndup(word, (size_t)(at - word));
        sg_auto_cstr path = sg_cli_absolute(cli, before);
        if (has_revision(word, at) && is_folder(path)) {
            return at;
        }
    }
    const char *host_end = word + sg_upstream_url_host(word);
    const char *last = memrchr(host_end, '@', (size_t)(end - host_end));
    return last != NULL && has_revision(word, last) ? last : NULL;
}

/* The ':' in front of the folder, or NULL; one in braces is a time's: "main@{12:30}". */
static const char *find_colon(const char *revision) {
    const char *brace = strrchr(revision, '}');
    return strchr(brace != NULL ? brace : revision, ':');
}

/* --- a folder ---------------------------------------------------------------------- */

/* Git's own files are no part of the fork: a ref may be called "x.yaml". */
static int open_folder(struct sg_fork *fork, struct sg_err *err) {
    fork->disk = sg_fs_disk(fork->path, err);
    if (fork->disk == NULL) {
        return -1;
    }
    fork->fs = sg_fs_over(fork->disk);
    sg_fs_over_remove(fork->fs, ".git");
    return 0;
}

static int fail_word(const struct sg_fork *fork, int cause, struct sg_err *err) {
    if (sg_upstream_url_host(fork->shown) > 0) {
        sg_fail(err, SG_E_USAGE, "the fork %s is a URL, which needs @REVISION at its end",
                fork->shown);
        return sg_err_hint(err,
                           "%s@HEAD is its default branch; or name a branch, a tag, "
                           "a commit",
                           fork->shown);
    }
    sg_fail_sys(err, cause, "cannot open the fork %s", fork->shown);
    return sg_err_hint(err, "name its folder, or REPOSITORY@REVISION[:FOLDER]");
}

/* --- a revision -------------------------------------------------------------------- */

static bool has_git(const char *folder) {
    static const char *const names[] = {".git", "HEAD"}; /* the second: a bare one */
    bool found = false;
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        sg_auto_cstr path = sg_xasprintf("/%s/%s", folder, names[i]);
        found = found || access(path, F_OK) == 0;
    }
    return found;
}

/* How much of the path `folder`, without its leading '/', is the repository that it is
 * in; all of it where that is in none. */
static size_t repository_length(const char *folder) {
    sg_auto_cstr top = sg_xstrdup(folder);
    while (!has_git(top)) {
        char *slash = strrchr(top, '/');
        if (slash == NULL) {
            return strlen(folder);
        }
        *slash = '\0';
    }
    return strlen(top);
}

/* A folder inside of a repository is no repository; the hint has the word for it. */
static int refuse_below(const struct sg_cli *cli, const struct sg_fork *fork,
                        const char *repository, const char *revision,
                        struct sg_err *err) {
    sg_auto_cstr path = sg_cli_absolute(cli, repository);
    sg_auto_buf folder = SG_BUF_INIT, seen = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (!is_folder(path) || sg_path_join("", path + 1, &folder, &ignored) != 0) {
        return 0;
    }
    size_t len = repository_length(sg_buf_cstr(&folder));
    if (len == folder.len) {
        return 0;
    }
    sg_auto_cstr top = sg_xstrndup(folder.ptr, len);
    sg_path_relative(cli->cwd + 1, top, &seen);
    sg_fail(err, SG_E_NOTFOUND, "%s is a folder of the repository %s, and no repository",
            repository, sg_buf_cstr(&seen));
    return sg_err_hint(err, "name %s@%s:%s%s%s", sg_buf_cstr(&seen), revision,
                       folder.ptr + len + 1, fork->below[0] != '\0' ? "/" : "",
                       fork->below);
}

static int read_revision(const struct sg_cli *cli, struct sg_fork *fork,
                         const char *repository, const char *revision,
                         struct sg_err *err) {
    const struct sg_upstream_opts opts = {.dir = cli->cwd, .offline = cli->offline};
    struct sg_upstream_remotes *remotes = sg_upstream_remotes_new(&opts);
    struct sg_revision found = {0};
    int status =
        sg_upstream_revision(remotes, repository, revision, fork->below, &found, err);
    sg_upstream_remotes_free(remotes);
    if (status != 0) {
        sg_revision_release(&found);
        return -1;
    }
    fork->fs = found.fs;
    fork->path = found.repository;
    fork->revision = sg_xstrdup(found.commit);
    return 0;
}

/* `at` is the '@' of `word`. */
static int open_revision(const struct sg_cli *cli, struct sg_fork *fork, const char *word,
                         const char *at, struct sg_err *err) {
    const char *colon = find_colon(at + 1);
    size_t len = colon != NULL ? (size_t)(colon - at) - 1 : strlen(at + 1);
    sg_auto_cstr repository = sg_xstrndup(word, (size_t)(at - word));
    sg_auto_cstr revision = sg_xstrndup(at + 1, len);
    sg_auto_buf below = SG_BUF_INIT;
    if (sg_path_join("", colon != NULL ? colon + 1 : "", &below, err) != 0) {
        return sg_err_wrap(err, "the fork %s", fork->shown);
    }
    fork->below = sg_xstrdup(sg_buf_cstr(&below));
    return refuse_below(cli, fork, repository, revision, err) != 0
               ? -1
               : read_revision(cli, fork, repository, revision, err);
}

/* --- a fork ------------------------------------------------------------------------ */

/* A folder, or a revision of a repository. */
static int open_word(const struct sg_cli *cli, struct sg_fork *fork, const char *word,
                     struct sg_err *err) {
    sg_auto_cstr path = sg_cli_absolute(cli, word);
    if (is_folder(path)) {
        fork->path = sg_xstrdup(path);
        return open_folder(fork, err);
    }
    int cause = errno;
    const char *at = find_at(cli, word);
    return at != NULL ? open_revision(cli, fork, word, at, err)
                      : fail_word(fork, cause, err);
}

int sg_fork_open(const struct sg_cli *cli, const char *word, const char *overlay,
                 struct sg_fork *out, struct sg_err *err) {
    size_t len = name_length(word);
    const char *rest = len > 0 ? word + len + 1 : word;
    *out = (struct sg_fork){.shown = sg_upstream_url_shown(rest)};
    if (len > 0 && overlay != NULL) {
        sg_fail(err, SG_E_USAGE, "'%s' names its overlay, and so does --overlay", word);
        return sg_err_hint(err, "leave one out");
    }
    out->overlay = len > 0           ? sg_xstrndup(word, len)
                   : overlay != NULL ? sg_xstrdup(overlay)
                                     : sg_xstrdup("default");
    return refuse_name(out->overlay, err) != 0 ? -1 : open_word(cli, out, rest, err);
}

/* --- its folder -------------------------------------------------------------------- */

/* The word for folder `folder` of what the fork's word names. */
static void name_folder(const struct sg_fork *fork, const char *folder,
                        struct sg_buf *out) {
    size_t len = strlen(fork->shown);
    while (len > 1 && fork->shown[len - 1] == '/') {
        len--;
    }
    bool of_root = fork->below != NULL && fork->below[0] == '\0';
    const char *joint = !of_root ? "/" : fork->shown[len - 1] == ':' ? "" : ":";
    sg_buf_add(out, fork->shown, len);
    sg_buf_addf(out, "%s%s", joint, folder);
}

static int fail_folder(const struct sg_fork *fork, const char *from, const char *like,
                       struct sg_err *err) {
    sg_fail(
        err, SG_E_NOTFOUND,
        "the fork %s has no folder %s, and is no folder of upstream's manifests itself",
        fork->shown, from);
    if (like[0] == '\0') {
        return sg_err_hint(err, "name the folder that holds it, or another one of "
                                "upstream's with --path");
    }
    sg_auto_buf word = SG_BUF_INIT;
    name_folder(fork, like, &word);
    return sg_err_hint(err, "%s looks like it: adopt %s", like, sg_buf_cstr(&word));
}

int sg_fork_find(struct sg_fork *fork, struct sg_upstream *up, const char *from,
                 struct sg_err *err) {
    bool found = false;
    sg_auto_buf folder = SG_BUF_INIT;
    if (sg_adopt_folder(up, from, fork->fs, &found, &folder, err) != 0) {
        return -1;
    }
    if (!found) {
        return fail_folder(fork, from, sg_buf_cstr(&folder), err);
    }
    fork->folder = sg_xstrdup(sg_buf_cstr(&folder));
    return 0;
}

int sg_fork_history(const struct sg_fork *fork, struct sg_adopted *adopted,
                    struct sg_err *err) {
    sg_auto_buf dir = SG_BUF_INIT;
    if (fork->path == NULL) {
        sg_fail(err, SG_E_USAGE,
                "--history reads a repository on this machine, and the fork %s is a URL",
                fork->shown);
        return sg_err_hint(err, "clone it, and name the clone");
    }
    return sg_path_join(fork->below != NULL ? fork->below : "", fork->folder, &dir,
                        err) != 0
               ? -1
               : sg_adopt_history(fork->path, fork->revision, sg_buf_cstr(&dir), adopted,
                                  err);
}
