/*
 * git.c - the customer's repository, asked and changed through the git program, so that
 * hooks, signing and filters are the customer's.
 */
#include <string.h>

#include "project.h"
#include "sg/process.h"

int git_run(const struct sg_repo *repo, const char *const *args, const struct sg_buf *in,
            struct sg_buf *out, int *status, struct sg_err *err) {
    SG_VEC(const char *) argv = {0};
    sg_vec_push(&argv, "git");
    for (; *args != NULL; args++) {
        sg_vec_push(&argv, *args);
    }
    sg_vec_push(&argv, NULL);
    /* The rest is what git tells its hooks: relative to where the hook runs, while we ask
     * from the project, which may be a folder below. */
    static const char *const env[] = {"LC_ALL=C",
                                      "GIT_OPTIONAL_LOCKS=0",
                                      "GIT_DIR",
                                      "GIT_WORK_TREE",
                                      "GIT_INDEX_FILE",
                                      "GIT_PREFIX",
                                      "GIT_COMMON_DIR",
                                      "GIT_NAMESPACE",
                                      "GIT_OBJECT_DIRECTORY",
                                      "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                      NULL};
    sg_auto_buf words = SG_BUF_INIT;
    int code = 0;
    struct sg_process process = {
        .argv = argv.items,
        .cwd = repo->root,
        .env = env,
        .in = in == NULL ? NULL : in->ptr,
        .in_len = in == NULL ? 0 : in->len,
        .out = out,
        .err = &words,
    };
    int ran = sg_process_run(&process, &code, err);
    if (ran == 0 && status != NULL) {
        *status = code;
    } else if (ran == 0 && code != 0) {
        /* its last line says most; a hook may say nothing */
        while (words.len > 0 && words.ptr[words.len - 1] == '\n') {
            words.ptr[--words.len] = '\0';
        }
        const char *last = strrchr(sg_buf_cstr(&words), '\n');
        last = last == NULL ? sg_buf_cstr(&words) : last + 1;
        ran = last[0] != '\0'
                  ? sg_fail(err, SG_E_IO, "git %s: %s", argv.items[1], last)
                  : sg_fail(err, SG_E_IO, "git %s failed (exit %d) and did not say why",
                            argv.items[1], code);
    }
    sg_vec_release(&argv);
    return ran;
}

/* The output of a command without its line end; false where git fails or is not there. */
static bool ask(const struct sg_repo *repo, const char *const *args, struct sg_buf *out) {
    struct sg_err ignored = {0};
    int status = 0;
    sg_buf_clear(out);
    if (git_run(repo, args, NULL, out, &status, &ignored) != 0 || status != 0) {
        return false;
    }
    while (out->len > 0 && out->ptr[out->len - 1] == '\n') {
        out->ptr[--out->len] = '\0';
    }
    return true;
}

bool git_here(const struct sg_repo *repo) {
    sg_auto_buf out = SG_BUF_INIT;
    static const char *const args[] = {"rev-parse", "--is-inside-work-tree", NULL};
    return ask(repo, args, &out) && strcmp(sg_buf_cstr(&out), "true") == 0;
}

int git_prefix(const struct sg_repo *repo, struct sg_buf *out, struct sg_err *err) {
    static const char *const args[] = {"rev-parse", "--show-prefix", NULL};
    if (!ask(repo, args, out)) {
        sg_fail(err, SG_E_NOTFOUND, "%s is in no git repository", repo->root);
        return sg_err_hint(err, "run `git init` there, or leave out what needs git");
    }
    if (out->len > 0 && out->ptr[out->len - 1] == '/') {
        out->ptr[--out->len] = '\0';
    }
    return 0;
}

int git_head(const struct sg_repo *repo, char out[SG_GIT_HEX + 1], struct sg_err *err) {
    (void)err;
    static const char *const args[] = {"rev-parse", "-q", "--verify", "HEAD^{commit}",
                                       NULL};
    sg_auto_buf id = SG_BUF_INIT;
    bool found = ask(repo, args, &id) && id.len == SG_GIT_HEX;
    memcpy(out, found ? id.ptr : "", found ? SG_GIT_HEX + 1 : 1);
    return 0;
}

int git_commit_of(const struct sg_repo *repo, const char *revision,
                  char out[SG_GIT_HEX + 1], struct sg_err *err) {
    sg_auto_cstr spec = sg_xasprintf("%s^{commit}", revision);
    const char *const args[] = {"rev-parse",        "-q", "--verify",
                                "--end-of-options", spec, NULL};
    sg_auto_buf id = SG_BUF_INIT;
    if (!ask(repo, args, &id) || id.len != SG_GIT_HEX) {
        sg_fail(err, SG_E_NOTFOUND, "git knows no revision '%s' here", revision);
        return sg_err_hint(err, "in a shallow clone fetch it first: git fetch origin %s",
                           revision);
    }
    memcpy(out, id.ptr, SG_GIT_HEX + 1);
    return 0;
}

/* --- status ----------------------------------------------------------------------- */

void git_status_release(struct git_status *status) {
    for (size_t i = 0; i < status->paths.len; i++) {
        free(status->paths.items[i]);
    }
    sg_vec_release(&status->paths);
}

/* Records of "XY path", each ended by NUL; a rename is followed by the old path. */
static void parse_status(const struct sg_buf *out, const char *prefix,
                         struct git_status *status) {
    size_t prefix_len = strlen(prefix);
    for (size_t at = 0; at + 3 < out->len;) {
        const char *record = out->ptr + at;
        size_t len = strlen(record);
        bool renamed = record[0] == 'R' || record[0] == 'C';
        at += len + 1;
        for (const char *path = record + 3; path != NULL;) {
            if (strncmp(path, prefix, prefix_len) == 0) {
                const char *mine = path + prefix_len + (prefix_len > 0);
                sg_vec_push(&status->paths, sg_xstrdup(mine));
            }
            path = renamed && at < out->len ? out->ptr + at : NULL;
            if (path != NULL) {
                at += strlen(path) + 1;
            }
            renamed = false;
        }
    }
}

int git_status_read(const struct sg_repo *repo, struct git_status *out,
                    struct sg_err *err) {
    sg_auto_buf prefix = SG_BUF_INIT, text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    if (git_prefix(repo, &prefix, &ignored) != 0) {
        return 0; /* no repository: nothing can be uncommitted */
    }
    static const char *const args[] = {
        "status", "--porcelain=v1", "-z", "--untracked-files=all", "--", ".", NULL};
    if (git_run(repo, args, NULL, &text, NULL, err) != 0) {
        return -1;
    }
    parse_status(&text, sg_buf_cstr(&prefix), out);
    return 0;
}
