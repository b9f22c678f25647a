/*
 * commit.c - one git commit a hop. It is made inside the transaction, after the switch
 * and before the journal goes: a crash in between is finished by the next command.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "project.h"

/* What a hop may have changed, as pathspecs; all that the new lock names. */
struct pathspecs {
    SG_VEC(char *) items;
};

static void pathspecs_release(struct pathspecs *specs) {
    for (size_t i = 0; i < specs->items.len; i++) {
        free(specs->items.items[i]);
    }
    sg_vec_release(&specs->items);
}

static void add(struct pathspecs *specs, const struct sg_repo *repo, const char *path) {
    /* git refuses a pathspec that matches neither a file nor an index entry */
    char *spec = git_pathspec(path);
    const char *const args[] = {"ls-files",           "-z", "--cached", "--others",
                                "--exclude-standard", "--", spec,       NULL};
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_err ignored = {0};
    int status = 0;
    if (git_run(repo, args, NULL, &out, &status, &ignored) == 0 && out.len > 0) {
        sg_vec_push(&specs->items, spec);
    } else {
        free(spec);
    }
}

static void collect(const struct sg_repo *repo, const struct sg_lock *lock,
                    const struct sg_config *config, struct pathspecs *specs) {
    add(specs, repo, SG_LOCK_FILE);
    add(specs, repo, SG_CONFIG_FILE);
    for (size_t i = 0; i < lock->now.paths.len; i++) {
        add(specs, repo, lock->now.paths.items[i].to);
    }
    if (lock->history.len > 0) {
        const struct sg_lock_entry *before = &lock->history.items[0];
        for (size_t i = 0; i < before->paths.len; i++) {
            if (!entry_vendors(&lock->now, before->paths.items[i].to)) {
                add(specs, repo, before->paths.items[i].to);
            }
        }
        for (size_t i = 0; i < before->files.len; i++) {
            add(specs, repo, before->files.items[i].path);
        }
    }
    for (size_t i = 0; i < config->upstream.paths.len; i++) {
        if (!entry_vendors(&lock->now, config->upstream.paths.items[i].to)) {
            add(specs, repo, config->upstream.paths.items[i].to);
        }
    }
    if (config->rendered != NULL) {
        add(specs, repo, config->rendered);
    }
}

/* In a repository of several projects the subject says which one it is. */
static void message_of(const struct sg_repo *repo, const struct sg_lock *lock,
                       struct sg_buf *out) {
    const struct sg_lock_entry *now = &lock->now;
    const char *from = lock->history.len > 0 ? lock->history.items[0].version : "";
    const char *project = place_in_git(repo);
    sg_buf_addf(out, "Upgrade %s%sto %s\n\n", project, project[0] != '\0' ? " " : "",
                now->version);
    if (from[0] != '\0') {
        sg_buf_addf(out, "From %s, by sgupgrade. Deploy this before the next step.\n\n",
                    from);
    }
    sg_buf_addf(out, "Sgupgrade-Version: %s\nSgupgrade-Commit: %s\n", now->version,
                now->commit);
}

static int run(const struct sg_repo *repo, const char *const *head,
               const struct pathspecs *specs, const struct sg_buf *in,
               struct sg_err *err) {
    SG_VEC(const char *) args = {0};
    for (; *head != NULL; head++) {
        sg_vec_push(&args, *head);
    }
    for (size_t i = 0; i < specs->items.len; i++) {
        sg_vec_push(&args, specs->items.items[i]);
    }
    sg_vec_push(&args, NULL);
    int status = git_run(repo, args.items, in, NULL, NULL, err);
    sg_vec_release(&args);
    return status;
}

/* HEAD's parent is the commit we started from, and HEAD has the new lock. */
static bool is_made(const struct sg_repo *repo, const char *parent,
                    const char *lock_blob) {
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_err ignored = {0};
    int status = 0;
    static const char lock[] = "HEAD:./" SG_LOCK_FILE;
    static const char *const args[] = {"rev-parse", "-q", "--verify", lock, NULL};
    char head[GIT_ID + 1];
    if (git_head(repo, head, &ignored) != 0 || strcmp(head, parent) == 0 ||
        git_run(repo, args, NULL, &out, &status, &ignored) != 0 || status != 0) {
        return false;
    }
    const char *list = sg_buf_cstr(&out);
    return git_next_id(&list, head) && strcmp(head, lock_blob) == 0;
}

/* Lock and config as they are on disk: a recovery comes before the project is read. */
static int read_state(const struct sg_repo *repo, struct sg_lock *lock,
                      struct sg_config *config, struct sg_err *err) {
    sg_auto_buf lock_text = SG_BUF_INIT, config_text = SG_BUF_INIT;
    if (sg_fs_read(repo->disk, SG_LOCK_FILE, &lock_text, err) != 0 ||
        sg_fs_read(repo->disk, SG_CONFIG_FILE, &config_text, err) != 0 ||
        sg_lock_read(lock, SG_LOCK_FILE, sg_buf_cstr(&lock_text), lock_text.len, err) !=
            0) {
        return -1;
    }
    return sg_config_read(config, SG_CONFIG_FILE, sg_buf_cstr(&config_text),
                          config_text.len, err);
}

static int commit_paths(const struct sg_repo *repo, const struct pathspecs *specs,
                        const struct sg_buf *message, struct sg_err *err) {
    static const char *const stage[] = {"add", "-A", "--", NULL};
    static const char *const commit[] = {"commit", "-q", "-F", "-", "--", NULL};
    return run(repo, stage, specs, NULL, err) != 0
               ? -1
               : run(repo, commit, specs, message, err);
}

/* git's lock on its index, to be freed; NULL where git does not say. */
static char *index_lock(const struct sg_repo *repo) {
    static const char *const args[] = {"rev-parse", "--git-path", "index.lock", NULL};
    sg_auto_buf path = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (git_run(repo, args, NULL, &path, NULL, &ignored) != 0 || path.len == 0) {
        return NULL;
    }
    path.ptr[--path.len] = '\0'; /* its line end */
    return path.ptr[0] == '/' ? sg_buf_take(&path)
                              : sg_xasprintf("%s/%s", repo->root, path.ptr);
}

/*
 * A git of ours outlives us where only we are killed, and may be about to make the very
 * commit that is looked for; another git of the user's is over soon. What stays after
 * that was left by a git that was killed: SG_E_LOCKED.
 */
static int await_index(const struct sg_repo *repo, struct sg_err *err) {
    enum { PAUSE_MS = 50, LONGEST_MS = 5000 };
    const struct timespec pause = {0, PAUSE_MS * 1000000L};
    sg_auto_cstr lock = index_lock(repo);
    for (int waited = 0; lock != NULL && access(lock, F_OK) == 0; waited += PAUSE_MS) {
        if (waited >= LONGEST_MS) {
            sg_fail(err, SG_E_LOCKED,
                    "another git is at work, or was killed: %s is there", lock);
            return sg_err_hint(err, "where no git is running remove that file, and run "
                                    "the command again");
        }
        nanosleep(&pause, NULL);
    }
    return 0;
}

void commit_give_up(void *ctx) {
    static const char *const unstage[] = {"reset", "-q", "--", NULL};
    const struct sg_repo *repo = ctx;
    struct sg_lock lock;
    struct sg_config config = {0};
    struct pathspecs specs = {0};
    struct sg_err ignored = {0}; /* it may be git that failed */
    sg_lock_init(&lock);
    if (read_state(repo, &lock, &config, &ignored) == 0) {
        collect(repo, &lock, &config, &specs);
        (void)!run(repo, unstage, &specs, NULL, &ignored);
    }
    pathspecs_release(&specs);
    sg_config_release(&config);
    sg_lock_release(&lock);
}

int commit_refuse_ignored(const struct sg_repo *repo, struct sg_err *err) {
    static const char *const args[] = {"check-ignore", "-q", "--", SG_LOCK_FILE, NULL};
    int status = 0;
    if (git_run(repo, args, NULL, NULL, &status, err) != 0) {
        return -1;
    }
    if (status != 0) {
        return 0; /* 1: it is not ignored, or tracked all the same */
    }
    sg_fail(err, SG_E_USAGE, SG_LOCK_FILE " is ignored by git, so no commit can hold it");
    return sg_err_hint(err, "find the pattern with `git check-ignore -v " SG_LOCK_FILE
                            "` and remove it: the lock belongs into git");
}

int commit_finish(void *ctx, const char *parent, const char *lock_blob,
                  struct sg_err *err) {
    const struct sg_repo *repo = ctx;
    if (parent == NULL || lock_blob == NULL) {
        return 0;
    }
    if (await_index(repo, err) != 0) {
        return sg_err_wrap(err, "committing the upgrade");
    }
    if (is_made(repo, parent, lock_blob)) {
        return 0;
    }
    sg_auto_buf message = SG_BUF_INIT;
    struct sg_lock lock;
    struct sg_config config = {0};
    struct pathspecs specs = {0};
    sg_lock_init(&lock);
    int status = read_state(repo, &lock, &config, err);
    if (status == 0) {
        collect(repo, &lock, &config, &specs);
        message_of(repo, &lock, &message);
        status = commit_paths(repo, &specs, &message, err);
    }
    if (status != 0) {
        sg_err_wrap(err, "committing the upgrade");
    }
    pathspecs_release(&specs);
    sg_config_release(&config);
    sg_lock_release(&lock);
    return status;
}
