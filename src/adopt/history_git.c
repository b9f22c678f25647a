/*
 * history_git.c - the fork's repository, asked through the git program.
 *
 * The repository may be a stranger's, so nothing that its configuration names is run: no
 * file of the work tree is given to git (its filters would see it), and pagers, watchers,
 * signature checks, converters and fetches of missing objects are off. Whether the folder
 * may be trusted at all by its owner is git's to say.
 */
#include <string.h>

#include "history.h"
#include "sg/process.h"

static const char *const leading[] = {
    "git", "--no-pager",         "--literal-pathspecs", "-c", "core.fsmonitor=false",
    "-c",  "log.showSignature=0"};

/* English words to read; nothing of a git that runs us; nothing that asks or fetches. */
static const char *const environment[] = {"LANGUAGE=en",
                                          "GIT_OPTIONAL_LOCKS=0",
                                          "GIT_TERMINAL_PROMPT=0",
                                          "GIT_NO_LAZY_FETCH=1",
                                          "GIT_ALLOW_PROTOCOL=",
                                          "GIT_DIR",
                                          "GIT_WORK_TREE",
                                          "GIT_INDEX_FILE",
                                          "GIT_PREFIX",
                                          "GIT_COMMON_DIR",
                                          "GIT_NAMESPACE",
                                          "GIT_OBJECT_DIRECTORY",
                                          "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                          "GIT_SHALLOW_FILE",
                                          "GIT_GRAFT_FILE",
                                          "GIT_EXTERNAL_DIFF",
                                          "GIT_DIFF_OPTS",
                                          "GIT_GLOB_PATHSPECS",
                                          "GIT_NOGLOB_PATHSPECS",
                                          "GIT_ICASE_PATHSPECS",
                                          NULL};

/* Git's first "fatal:" or "error:", else what it said first. */
static int fail_git(const struct history *h, const char *verb, int code,
                    const struct sg_buf *words, struct sg_err *err) {
    const char *text = sg_buf_cstr(words), *line = strstr(text, "fatal: ");
    line = line != NULL ? line : strstr(text, "error: ");
    line = line != NULL ? line : text;
    int len = (int)strcspn(line, "\n");
    if (strstr(text, "not a git repository") != NULL) {
        sg_fail(err, SG_E_NOTFOUND, "%s is in no git repository", h->root);
        return sg_err_hint(err, "name a clone of the fork, or leave its history out");
    }
    sg_fail(err, SG_E_IO, "git %s (exit %d): %.*s", verb, code, len > 300 ? 300 : len,
            line);
    return sg_err_hint(err,
                       "make `git blame` work in %.120s, for which a clone must be "
                       "whole, or leave its history out",
                       h->root);
}

int history_git(const struct history *h, const char *const *args, const struct sg_buf *in,
                struct sg_buf *out, int *status, struct sg_err *err) {
    SG_VEC(const char *) argv = {0};
    for (size_t i = 0; i < SG_ARRAY_LEN(leading); i++) {
        sg_vec_push(&argv, leading[i]);
    }
    const char *verb = strcmp(args[0], "-c") == 0 ? args[2] : args[0];
    for (; *args != NULL; args++) {
        sg_vec_push(&argv, *args);
    }
    sg_vec_push(&argv, NULL);
    sg_auto_buf words = SG_BUF_INIT;
    int code = 0;
    const struct sg_process process = {
        .argv = argv.items,
        .cwd = h->root,
        .env = environment,
        .in = in == NULL ? NULL : sg_buf_cstr(in),
        .in_len = in == NULL ? 0 : in->len,
        .out = out,
        .err = &words,
    };
    words.max = 1 << 16;
    int ran = sg_process_run(&process, &code, err);
    sg_vec_release(&argv);
    if (ran == 0 && status != NULL) {
        *status = code;
    } else if (ran == 0 && code != 0) {
        return fail_git(h, verb, code, &words, err);
    }
    if (ran == 0 && out != NULL && out->over) {
        return sg_fail(err, SG_E_LIMIT, "git %s says more than %zu MiB", verb,
                       (out->max != 0 ? out->max : SG_BUF_MAX) >> 20);
    }
    return ran;
}

/* --- the repository --------------------------------------------------------------- */

static bool is_id(const char *text, size_t len) {
    return (len == 40 || len == HISTORY_ID) && strspn(text, "0123456789abcdef") >= len;
}

static int find_repository(struct history *h, struct sg_err *err) {
    static const char *const args[] = {"rev-parse", "--is-shallow-repository",
                                       "--show-prefix", NULL};
    sg_auto_buf out = SG_BUF_INIT;
    if (history_git(h, args, NULL, &out, NULL, err) != 0) {
        return -1;
    }
    const char *text = sg_buf_cstr(&out), *end = strchr(text, '\n');
    h->shallow = strncmp(text, "true", 4) == 0;
    if (end != NULL && out.len > 0) {
        /* exactly one line end is git's: a folder's name may have others */
        size_t at = (size_t)(end + 1 - text), len = out.len - at;
        sg_buf_add(&h->prefix, end + 1, len > 0 ? len - 1 : 0);
    }
    return 0;
}

static int find_commit(struct history *h, const char *revision, struct sg_err *err) {
    sg_auto_cstr spec = sg_xasprintf("%s^{commit}", revision != NULL ? revision : "HEAD");
    const char *const args[] = {"rev-parse",        "-q", "--verify",
                                "--end-of-options", spec, NULL};
    sg_auto_buf out = SG_BUF_INIT;
    int status = 0;
    if (history_git(h, args, NULL, &out, &status, err) != 0) {
        return -1;
    }
    size_t len = strcspn(sg_buf_cstr(&out), "\n");
    if (status == 0 && is_id(sg_buf_cstr(&out), len)) {
        memcpy(h->head, out.ptr, len);
    } else if (revision != NULL) {
        sg_fail(err, SG_E_NOTFOUND, "git knows no revision '%s' in %s", revision,
                h->root);
        return sg_err_hint(err, "`git log --all` lists what there is");
    }
    return 0;
}

int history_open(struct history *h, const char *revision, struct sg_err *err) {
    return find_repository(h, err) != 0 ? -1 : find_commit(h, revision, err);
}

struct past_file *history_file(struct history *h, const char *path) {
    struct past_file *file = sg_strmap_get(&h->files_by_path, path, strlen(path));
    if (file == NULL) {
        file = sg_arena_alloc(&h->arena, sizeof(*file));
        file->path = sg_arena_printf(&h->arena, "%s%s%s", h->folder,
                                     h->folder[0] != '\0' ? "/" : "", path);
        file->full =
            sg_arena_printf(&h->arena, "%s%s", sg_buf_cstr(&h->prefix), file->path);
        file->odd = strchr(file->full, '\n') != NULL;
        sg_strmap_put(&h->files_by_path, path, strlen(path), file);
        sg_vec_push(&h->files, file);
    }
    return file;
}

/* --- what files hold in the commit ------------------------------------------------ */

/* "ID blob LENGTH" at the start of a line; else the object is not there. */
static bool read_size(const char *line, size_t *size, bool *blob) {
    size_t id = strcspn(line, " \n");
    if (!is_id(line, id) || line[id] != ' ') {
        return false;
    }
    const char *type = line + id + 1, *digits = strchr(type, ' ');
    if (digits == NULL || digits > strchrnul(type, '\n')) {
        return false;
    }
    char *end;
    *blob = strncmp(type, "blob ", 5) == 0;
    *size = strtoull(digits + 1, &end, 10);
    return end > digits + 1 && *end == '\n';
}

/* Of the output of cat-file --batch, from `*at` on. */
static void take_blob(struct past_file *file, const struct sg_buf *out, size_t *at) {
    if (*at >= out->len) {
        return;
    }
    const char *line = out->ptr + *at;
    const char *end = memchr(line, '\n', out->len - *at);
    size_t size = 0;
    bool blob = false;
    *at = end == NULL ? out->len : (size_t)(end + 1 - out->ptr);
    if (end == NULL || !read_size(line, &size, &blob) || size > out->len - *at) {
        return;
    }
    file->committed = blob;
    file->then = (struct sg_str){out->ptr + *at, blob ? size : 0};
    *at += size + 1;
}

int history_read_then(struct history *h, struct sg_err *err) {
    static const char *const args[] = {"cat-file", "--batch", NULL};
    sg_auto_buf in = SG_BUF_INIT;
    if (h->head[0] == '\0') {
        return 0;
    }
    for (size_t i = 0; i < h->files.len; i++) {
        if (!h->files.items[i]->odd) {
            sg_buf_addf(&in, "%s:%s\n", h->head, h->files.items[i]->full);
        }
    }
    h->blobs.max = (size_t)512 << 20;
    if (in.len > 0 && history_git(h, args, &in, &h->blobs, NULL, err) != 0) {
        return -1;
    }
    size_t at = 0;
    for (size_t i = 0; i < h->files.len; i++) {
        if (!h->files.items[i]->odd) {
            take_blob(h->files.items[i], &h->blobs, &at);
        }
    }
    return 0;
}

int history_touching(const struct history *h, const char *const *how,
                     const struct past_file *const *files, size_t len, struct sg_buf *out,
                     struct sg_err *err) {
    sg_auto_buf in = SG_BUF_INIT;
    SG_VEC(const char *) args = {0};
    sg_vec_push(&args, "rev-list");
    for (; *how != NULL; how++) {
        sg_vec_push(&args, *how);
    }
    sg_vec_push(&args, "--stdin");
    sg_vec_push(&args, NULL);
    sg_buf_addf(&in, "%s\n--\n", h->head);
    for (size_t i = 0; i < len; i++) {
        if (!files[i]->odd) {
            sg_buf_addf(&in, "%s\n", files[i]->path);
        }
    }
    out->max = (size_t)512 << 20;
    int status = history_git(h, args.items, &in, out, NULL, err);
    sg_vec_release(&args);
    return status;
}

/* --- commits ---------------------------------------------------------------------- */

struct commit *history_commit(struct history *h, const char *id, size_t len) {
    if (!is_id(id, len)) {
        return NULL;
    }
    struct commit *commit = sg_strmap_get(&h->commits_by_id, id, len);
    if (commit == NULL) {
        commit = sg_arena_alloc(&h->arena, sizeof(*commit));
        memcpy(commit->id, id, len);
        sg_strmap_put(&h->commits_by_id, id, len, commit);
        sg_vec_push(&h->commits, commit);
    }
    return commit;
}

/* The fields of a commit as git is asked for them, each ended by NUL. */
enum { ID, PARENTS, SECONDS, DATE, AUTHOR, SUBJECT, FIELDS };
#define FORMAT "--format=tformat:%H%x00%P%x00%at%x00%ad%x00%aN%x00%s%x00"

static const char *text_or_null(struct history *h, const char *text) {
    return text[0] == '\0' ? NULL : sg_arena_strdup(&h->adopted->arena, text);
}

static void take_commit(struct history *h, const char *const fields[FIELDS]) {
    struct commit *commit =
        sg_strmap_get(&h->commits_by_id, fields[ID], strlen(fields[ID]));
    if (commit != NULL) {
        commit->merge = strchr(fields[PARENTS], ' ') != NULL;
        commit->unknown = h->shallow && fields[PARENTS][0] == '\0';
        commit->time = (int64_t)strtoll(fields[SECONDS], NULL, 10);
        commit->date = text_or_null(h, fields[DATE]);
        commit->author = text_or_null(h, fields[AUTHOR]);
        commit->subject = text_or_null(h, fields[SUBJECT]);
    }
}

static void take_commits(struct history *h, const struct sg_buf *out) {
    const char *fields[FIELDS];
    size_t field = 0;
    for (size_t at = 0; at < out->len;) {
        const char *text = out->ptr + at;
        at += strlen(text) + 1;
        if (field == ID && text[0] == '\n') {
            text++; /* the end of the record before */
        }
        fields[field++] = text;
        if (field == FIELDS) {
            take_commit(h, fields);
            field = 0;
        }
    }
}

int history_read_commits(struct history *h, struct sg_err *err) {
    static const char *const args[] = {"log",
                                       "--no-walk=unsorted",
                                       "--stdin",
                                       "--encoding=UTF-8",
                                       "--date=short",
                                       "--no-color",
                                       "--no-notes",
                                       FORMAT,
                                       NULL};
    sg_auto_buf in = SG_BUF_INIT, out = SG_BUF_INIT;
    for (size_t i = 0; i < h->commits.len; i++) {
        sg_buf_addf(&in, "%s\n", h->commits.items[i]->id);
    }
    if (in.len == 0) {
        return 0;
    }
    out.max = (size_t)64 << 20;
    if (history_git(h, args, &in, &out, NULL, err) != 0) {
        return -1;
    }
    take_commits(h, &out);
    return 0;
}
