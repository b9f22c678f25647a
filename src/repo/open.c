/*
 * open.c - finding a project and reading what it says of itself.
 */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "project.h"
#include "sg/path.h"

void repo_path(const char *dir, const char *name, struct sg_buf *out) {
    sg_buf_addf(out, "%s%s%s", dir, dir[0] == '\0' || name[0] == '\0' ? "" : "/", name);
}

bool is_beside(const char *path) {
    return strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0;
}

const char *repo_strdup(struct sg_repo *repo, const char *text) {
    return text == NULL ? NULL : sg_arena_strdup(&repo->arena, text);
}

/* The nearest folder upward that holds a config; malloced. */
static char *find_root(const char *dir, struct sg_err *err) {
    char start[PATH_MAX];
    if (realpath(dir != NULL ? dir : ".", start) == NULL) {
        sg_fail(err, SG_E_NOTFOUND, "there is no folder %s", dir != NULL ? dir : ".");
        return NULL;
    }
    char *root = sg_xstrdup(start);
    for (;;) {
        sg_auto_cstr config = sg_xasprintf("%s/%s", root, SG_CONFIG_FILE);
        if (access(config, F_OK) == 0) {
            return root;
        }
        char *slash = strrchr(root, '/');
        if (slash == NULL || root[1] == '\0') {
            break;
        }
        slash[slash == root ? 1 : 0] = '\0';
    }
    free(root);
    sg_fail(err, SG_E_NOTFOUND, "there is no %s in %s or any folder above it",
            SG_CONFIG_FILE, start);
    sg_err_hint(err, "start a project with `sgupgrade init --upstream URL`");
    return NULL;
}

char *find_top(const char *dir) {
    sg_auto_cstr top = sg_xstrdup(dir);
    for (char *end = top + strlen(top);; end = strrchr(top, '/')) {
        *end = '\0';
        sg_auto_cstr dot_git = sg_xasprintf("%s/.git", top);
        if (access(dot_git, F_OK) == 0) {
            return sg_xstrdup(top[0] != '\0' ? top : "/");
        }
        if (strchr(top, '/') == NULL) {
            return NULL;
        }
    }
}

const char *place_in_git(const struct sg_repo *repo) {
    size_t len = repo->top == NULL ? 0 : strlen(repo->top);
    if (len == 0 || strlen(repo->root) <= len) {
        return "";
    }
    return repo->root + len + (len > 1);
}

static int read_config(struct sg_repo *repo, struct sg_err *err) {
    sg_buf_clear(&repo->config_text);
    if (sg_fs_read(repo->disk, SG_CONFIG_FILE, &repo->config_text, err) != 0) {
        return -1;
    }
    return sg_config_read(&repo->config, SG_CONFIG_FILE, sg_buf_cstr(&repo->config_text),
                          repo->config_text.len, err);
}

static int read_lock(struct sg_repo *repo, struct sg_err *err) {
    enum sg_fs_type type;
    sg_buf_clear(&repo->lock_text);
    if (sg_fs_stat(repo->disk, SG_LOCK_FILE, &type, NULL, err) != 0) {
        return -1;
    }
    if (type != SG_FS_FILE) {
        sg_fail(err, SG_E_NOTFOUND, "%s/%s is missing: what is vendored is not known",
                repo->root, SG_LOCK_FILE);
        return sg_err_hint(err, "restore it with `git checkout -- %s`", SG_LOCK_FILE);
    }
    if (sg_fs_read(repo->disk, SG_LOCK_FILE, &repo->lock_text, err) != 0) {
        return -1;
    }
    return sg_lock_read(&repo->lock, SG_LOCK_FILE, sg_buf_cstr(&repo->lock_text),
                        repo->lock_text.len, err);
}

int repo_reload(struct sg_repo *repo, struct sg_err *err) {
    sg_config_release(&repo->config);
    sg_lock_release(&repo->lock);
    memset(&repo->config, 0, sizeof(repo->config));
    sg_lock_init(&repo->lock);
    if (read_config(repo, err) != 0) {
        return -1;
    }
    return read_lock(repo, err);
}

/* Files that only sgupgrade writes; a hop may vendor what the lock does not know yet. */
static bool is_ours(void *ctx, const char *path) {
    const struct sg_repo *repo = ctx;
    const struct sg_config *config = &repo->config;
    bool ours = strcmp(path, SG_LOCK_FILE) == 0 || sg_repo_vendored(repo, path) ||
                (config->rendered != NULL && sg_path_within(path, config->rendered));
    for (size_t i = 0; !ours && i < config->upstream.paths.len; i++) {
        ours = sg_path_within(path, config->upstream.paths.items[i].to);
    }
    return ours;
}

struct sg_txn *repo_txn(struct sg_repo *repo, struct sg_err *err) {
    if (repo->txn != NULL) {
        return repo->txn;
    }
    struct sg_txn_opts opts = {
        .write = repo->opts.writes,
        .last = SG_LOCK_FILE,
        .decision = (enum sg_txn_decision)repo->opts.interrupted,
        .wait_ms = 5000,
        .finish = commit_finish,
        .finish_ctx = repo,
        .give_up = commit_give_up,
        .is_ours = is_ours,
        .diag = repo->opts.diag,
    };
    repo->txn = sg_txn_open(repo->writer, &opts, err);
    return repo->txn;
}

static void copy_opts(struct sg_repo *repo, const struct sg_repo_opts *opts) {
    repo->opts = *opts;
    const char *url = opts->upstream_url;
    repo->opts.upstream_url =
        url == NULL || url[0] == '\0' ? NULL : repo_strdup(repo, url);
    repo->opts.cache_dir = repo_strdup(repo, opts->cache_dir);
    repo->opts.dir = NULL;
}

struct sg_repo *repo_blank(const char *root, const struct sg_repo_opts *opts,
                           struct sg_err *err) {
    struct sg_repo *repo = sg_xcalloc(1, sizeof(*repo));
    repo->root = sg_xstrdup(root);
    repo->top = find_top(root);
    sg_arena_init(&repo->arena);
    sg_lock_init(&repo->lock);
    copy_opts(repo, opts);
    repo->atoms = sg_atoms_new();
    const char *place = place_in_git(repo);
    repo->disk = sg_fs_below(sg_fs_disk(place[0] != '\0' ? repo->top : root, err), place);
    if (repo->disk != NULL) {
        repo->writer = sg_disk_open(root, err);
    }
    if (repo->writer != NULL) {
        return repo;
    }
    sg_repo_free(repo);
    return NULL;
}

struct sg_repo *sg_repo_open(const struct sg_repo_opts *opts, struct sg_err *err) {
    sg_auto_cstr root = find_root(opts->dir, err);
    struct sg_repo *repo = root == NULL ? NULL : repo_blank(root, opts, err);
    if (repo == NULL) {
        return NULL;
    }
    if (repo_txn(repo, err) != NULL && read_config(repo, err) == 0 &&
        read_lock(repo, err) == 0) {
        return repo;
    }
    sg_repo_free(repo);
    return NULL;
}

void sg_repo_free(struct sg_repo *repo) {
    if (repo == NULL) {
        return;
    }
    sg_txn_free(repo->txn);
    sg_disk_free(repo->writer);
    sg_upstream_remotes_free(repo->remotes);
    sg_upstream_free(repo->upstream);
    sg_config_release(&repo->config);
    sg_lock_release(&repo->lock);
    sg_buf_release(&repo->config_text);
    sg_buf_release(&repo->lock_text);
    sg_fs_free(repo->disk);
    sg_atoms_free(repo->atoms);
    sg_arena_release(&repo->arena);
    free(repo->root);
    free(repo->top);
    free(repo);
}

void sg_repo_freep(struct sg_repo **repo) {
    sg_repo_free(*repo);
}

/* --- what it says of itself ------------------------------------------------------- */

const char *sg_repo_root(const struct sg_repo *repo) {
    return repo->root;
}

struct sg_atoms *sg_repo_atoms(struct sg_repo *repo) {
    return repo->atoms;
}

const struct sg_config *sg_repo_config(const struct sg_repo *repo) {
    return &repo->config;
}

const struct sg_lock *sg_repo_lock(const struct sg_repo *repo) {
    return &repo->lock;
}

const struct sg_fs *sg_repo_fs(const struct sg_repo *repo) {
    return repo->disk;
}

bool entry_vendors(const struct sg_lock_entry *entry, const char *path) {
    for (size_t i = 0; i < entry->paths.len; i++) {
        if (sg_path_within(path, entry->paths.items[i].to)) {
            return true;
        }
    }
    return false;
}

bool sg_repo_vendored(const struct sg_repo *repo, const char *path) {
    return entry_vendors(&repo->lock.now, path);
}

void repo_progress(const struct sg_repo *repo, const char *what, size_t done,
                   size_t total) {
    if (repo->opts.progress.step != NULL) {
        repo->opts.progress.step(repo->opts.progress.ctx, what, done, total);
    }
}

/* --- upstream --------------------------------------------------------------------- */

static void fetch_progress(void *ctx, const struct sg_upstream_progress *progress) {
    repo_progress(ctx, progress->what, progress->objects, progress->total_objects);
}

static struct sg_upstream_opts upstream_opts(struct sg_repo *repo) {
    const char *url = repo->opts.upstream_url;
    return (struct sg_upstream_opts){
        .url = url != NULL ? url : repo->config.upstream.url,
        .dir = repo->root,
        .cache = repo->opts.cache_dir,
        .tag = repo->config.upstream.tag,
        .offline = repo->opts.offline,
        .progress = fetch_progress,
        .progress_ctx = repo,
    };
}

struct sg_upstream *repo_upstream(struct sg_repo *repo, struct sg_err *err) {
    if (repo->upstream == NULL) {
        struct sg_upstream_opts opts = upstream_opts(repo);
        repo->upstream = sg_upstream_open(&opts, err);
    }
    return repo->upstream;
}

struct sg_upstream *repo_contact(struct sg_repo *repo, struct sg_err *err) {
    struct sg_upstream *up = repo_upstream(repo, err);
    if (up == NULL || repo->opts.offline || sg_upstream_current(up)) {
        return up;
    }
    repo_progress(repo, "contacting upstream", 0, 0);
    if (sg_upstream_fetch(up, err) != 0) {
        return NULL;
    }
    return up;
}

const struct sg_remote *repo_remote(struct sg_repo *repo) {
    if (repo->remotes == NULL) {
        struct sg_upstream_opts opts = upstream_opts(repo);
        repo->remotes = sg_upstream_remotes_new(&opts);
        repo->remote = sg_upstream_remotes_as(repo->remotes);
    }
    return &repo->remote;
}
