/*
 * git.c - the customer's repository, asked and changed through the git program, so that
 * hooks, signing and filters are the customer's.
 */
#include <string.h>

#include "project.h"
#include "sg/path.h"
#include "sg/process.h"

/* What says most of git's words: its first "error:" or "fatal:" (advice may follow), else
 * the last line, which is a hook's. `text` is cut up. */
static const char *telling_line(char *text) {
    const char *last = "";
    for (char *save = NULL, *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        if (strncmp(line, "fatal: ", 7) == 0 || strncmp(line, "error: ", 7) == 0) {
            return line;
        }
        last = line;
    }
    return last;
}

static int fail_git(const char *verb, int code, struct sg_buf *words, struct sg_buf *said,
                    struct sg_err *err) {
    sg_auto_cstr text = sg_xstrdup(sg_buf_cstr(words->len > 0 ? words : said));
    const char *line = telling_line(text);
    return line[0] != '\0'
               ? sg_fail(err, SG_E_IO, "git %s: %s", verb, line)
               : sg_fail(err, SG_E_IO, "git %s failed (exit %d) and did not say why",
                         verb, code);
}

int git_run(const struct sg_repo *repo, const char *const *args, const struct sg_buf *in,
            struct sg_buf *out, int *status, struct sg_err *err) {
    SG_VEC(const char *) argv = {0};
    sg_vec_push(&argv, "git");
    for (; *args != NULL; args++) {
        sg_vec_push(&argv, *args);
    }
    sg_vec_push(&argv, NULL);
    /* English words to read, in the user's charset: hooks inherit it. The rest is what
     * git tells its hooks: relative to where the hook runs, while we ask from the
     * project, which may be a folder below. */
    static const char *const env[] = {"LANGUAGE=en",
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
    sg_auto_buf words = SG_BUF_INIT, said = SG_BUF_INIT;
    int code = 0;
    struct sg_process process = {
        .argv = argv.items,
        .cwd = repo->root,
        .env = env,
        .in = in == NULL ? NULL : in->ptr,
        .in_len = in == NULL ? 0 : in->len,
        .out = out != NULL ? out : &said,
        .err = &words,
    };
    int ran = sg_process_run(&process, &code, err);
    if (ran == 0 && status != NULL) {
        *status = code;
    } else if (ran == 0 && code != 0) {
        ran = fail_git(argv.items[1], code, &words, &said, err);
    }
    sg_vec_release(&argv);
    return ran;
}

/* Exactly one: a folder's name may end in one too. */
static void cut_line_end(struct sg_buf *out) {
    if (out->len > 0 && out->ptr[out->len - 1] == '\n') {
        out->ptr[--out->len] = '\0';
    }
}

/* The output of a command without its line end; false where git fails or is not there. */
static bool ask(const struct sg_repo *repo, const char *const *args, struct sg_buf *out) {
    struct sg_err ignored = {0};
    int status = 0;
    sg_buf_clear(out);
    if (git_run(repo, args, NULL, out, &status, &ignored) != 0 || status != 0) {
        return false;
    }
    cut_line_end(out);
    return true;
}

char *git_pathspec(const char *path) {
    return sg_xasprintf(":(literal)%s", path);
}

/* git looked for a repository up to the root (or the mount) and found none; its other
 * failures are about a repository that is there. */
static bool says_none(const struct sg_err *why) {
    return strstr(why->text, "not a git repository (or any") != NULL;
}

const char *sg_repo_folder(const struct sg_repo *repo) {
    if (repo->top == NULL) {
        return "";
    }
    const char *below = repo->root + strlen(repo->top);
    return below + (below[0] == '/');
}

int git_here(const struct sg_repo *repo, bool *here, struct sg_err *err) {
    static const char *const args[] = {"rev-parse", "--is-inside-work-tree", NULL};
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_err why = {0};
    *here = false;
    if (git_run(repo, args, NULL, &out, NULL, &why) == 0) {
        *here = strncmp(sg_buf_cstr(&out), "true", 4) == 0;
        return 0;
    }
    if (says_none(&why) || repo->top == NULL) {
        return 0;
    }
    return sg_err_pass(err, &why);
}

/* For what cannot be done without. */
static int require_git(const struct sg_repo *repo, struct sg_err *err) {
    bool here;
    if (git_here(repo, &here, err) != 0) {
        return sg_err_hint(err, "make `git status` work in %.120s", repo->root);
    }
    if (!here) {
        sg_fail(err, SG_E_NOTFOUND, "%s is in no git repository", repo->root);
        return sg_err_hint(err, "run `git init` there, or leave out what needs git");
    }
    return 0;
}

int git_prefix(const struct sg_repo *repo, struct sg_buf *out, struct sg_err *err) {
    static const char *const args[] = {"rev-parse", "--show-prefix", NULL};
    if (require_git(repo, err) != 0) {
        return -1;
    }
    sg_buf_clear(out);
    if (git_run(repo, args, NULL, out, NULL, err) != 0) {
        return -1;
    }
    cut_line_end(out);
    if (out->len > 0 && out->ptr[out->len - 1] == '/') {
        out->ptr[--out->len] = '\0';
    }
    return 0;
}

static bool is_id(const char *text, size_t len) {
    return (len == SG_GIT_HEX || len == GIT_ID) &&
           strspn(text, "0123456789abcdef") >= len;
}

bool git_next_id(const char **list, char out[GIT_ID + 1]) {
    size_t len = strcspn(*list, "\n");
    if (!is_id(*list, len)) {
        return false;
    }
    memcpy(out, *list, len);
    out[len] = '\0';
    *list += len + ((*list)[len] == '\n');
    return true;
}

int git_blob_of(const struct sg_repo *repo, const void *bytes, size_t len,
                char out[GIT_ID + 1], struct sg_err *err) {
    static const char *const args[] = {"hash-object", "--stdin", "-t", "blob", NULL};
    const struct sg_buf in = {.ptr = sg_xstrndup(bytes, len), .len = len};
    sg_auto_buf id = SG_BUF_INIT;
    int status = git_run(repo, args, &in, &id, NULL, err);
    const char *list = sg_buf_cstr(&id);
    free(in.ptr);
    if (status == 0 && !git_next_id(&list, out)) {
        status = sg_fail(err, SG_E_IO, "git hash-object gave no id");
    }
    return status;
}

int git_head(const struct sg_repo *repo, char out[GIT_ID + 1], struct sg_err *err) {
    (void)err;
    static const char *const args[] = {"rev-parse", "-q", "--verify", "HEAD^{commit}",
                                       NULL};
    sg_auto_buf id = SG_BUF_INIT;
    const char *list = ask(repo, args, &id) ? sg_buf_cstr(&id) : "";
    if (!git_next_id(&list, out)) {
        out[0] = '\0';
    }
    return 0;
}

int git_commit_of(const struct sg_repo *repo, const char *revision, char out[GIT_ID + 1],
                  struct sg_err *err) {
    sg_auto_cstr spec = sg_xasprintf("%s^{commit}", revision);
    const char *const args[] = {"rev-parse",        "-q", "--verify",
                                "--end-of-options", spec, NULL};
    sg_auto_buf id = SG_BUF_INIT;
    if (require_git(repo, err) != 0) {
        return -1;
    }
    const char *list = ask(repo, args, &id) ? sg_buf_cstr(&id) : "";
    if (!git_next_id(&list, out)) {
        sg_fail(err, SG_E_NOTFOUND, "git knows no revision '%s' here", revision);
        return sg_err_hint(err, "in a shallow clone fetch it first: git fetch origin %s",
                           revision);
    }
    return 0;
}

/* --- status ----------------------------------------------------------------------- */

void git_status_release(struct git_status *status) {
    for (size_t i = 0; i < status->paths.len; i++) {
        free(status->paths.items[i]);
    }
    sg_vec_release(&status->paths);
}

/* A path below the top of the repository, as seen from the project. */
static void add_changed(const char *path, const char *prefix, struct git_status *status) {
    sg_auto_buf mine = SG_BUF_INIT;
    sg_path_relative(prefix, path, &mine);
    sg_vec_push(&status->paths, sg_buf_take(&mine));
}

/* Records of "XY path", each ended by NUL; a rename is followed by the old path. */
static void parse_status(const struct sg_buf *out, const char *prefix,
                         struct git_status *status) {
    for (size_t at = 0; at + 3 < out->len;) {
        const char *record = out->ptr + at;
        bool renamed = record[0] == 'R' || record[0] == 'C';
        at += strlen(record) + 1;
        add_changed(record + 3, prefix, status);
        if (renamed && at < out->len) {
            add_changed(out->ptr + at, prefix, status);
            at += strlen(out->ptr + at) + 1;
        }
    }
}

/* The whole repository is not asked: it may be large, and is not the project's. */
static int ask_status(const struct sg_repo *repo, const struct git_paths *beside,
                      struct sg_buf *out, struct sg_err *err) {
    static const char *const args[] = {
        "status", "--porcelain=v1", "-z", "--untracked-files=all", "--", "."};
    SG_VEC(const char *) all = {0};
    SG_VEC(char *) specs = {0};
    for (size_t i = 0; i < SG_ARRAY_LEN(args); i++) {
        sg_vec_push(&all, args[i]);
    }
    for (size_t i = 0; i < beside->items.len; i++) {
        sg_vec_push(&specs, git_pathspec(beside->items.items[i]));
        sg_vec_push(&all, specs.items[i]);
    }
    sg_vec_push(&all, NULL);
    int status = git_run(repo, all.items, NULL, out, NULL, err);
    for (size_t i = 0; i < specs.len; i++) {
        free(specs.items[i]);
    }
    sg_vec_release(&specs);
    sg_vec_release(&all);
    return status;
}

int git_status_read(const struct sg_repo *repo, const struct git_paths *beside,
                    struct git_status *out, struct sg_err *err) {
    sg_auto_buf prefix = SG_BUF_INIT, text = SG_BUF_INIT;
    bool here;
    if (git_here(repo, &here, err) != 0) {
        return -1;
    }
    if (!here) {
        return 0; /* nothing can be uncommitted */
    }
    if (git_prefix(repo, &prefix, err) != 0 ||
        ask_status(repo, beside, &text, err) != 0) {
        return -1;
    }
    parse_status(&text, sg_buf_cstr(&prefix), out);
    return 0;
}
