/*
 * own_tree.c - the project at a commit of its own git repository, as a file system: its
 * folder, and beside it what it shares with others of the repository.
 *
 * libgit2 reads it lazily; but it cannot open a repository whose ids are SHA-256 (git
 * init --object-format=sha256). There the git program reads the repository's files into
 * memory.
 */
#include <string.h>

#include "project.h"
#include "sg/path.h"

/* --- through libgit2 -------------------------------------------------------------- */

static struct sg_fs *read_lazily(const struct sg_repo *repo, const char *commit,
                                 struct sg_err *err) {
    static const char *const args[] = {"rev-parse", "--show-toplevel", NULL};
    sg_auto_buf top = SG_BUF_INIT;
    if (git_run(repo, args, NULL, &top, NULL, err) != 0) {
        return NULL;
    }
    if (top.len > 0) { /* one line end: a folder's name may end in one too */
        top.ptr[--top.len] = '\0';
    }
    struct sg_upstream_opts opts = {.url = sg_buf_cstr(&top), .offline = true};
    sg_auto_upstream own = sg_upstream_open(&opts, err);
    if (own == NULL) {
        return NULL;
    }
    return sg_upstream_tree(own, commit, "", NULL, err);
}

/* --- through git ------------------------------------------------------------------ */

/* A file of the commit: where its path and id are in git's list. */
struct own_file {
    const char *path, *id;
    bool link, exec;
};
struct own_files {
    struct sg_buf list; /* of ls-tree; cut up */
    SG_VEC(struct own_file) items;
};

static void own_files_drop(struct own_files *files) {
    sg_buf_release(&files->list);
    sg_vec_release(&files->items);
}
#define auto_own_files SG_CLEANUP(own_files_drop) struct own_files

/* Records of "MODE TYPE ID\tPATH", each ended by NUL. */
static int list_files(const struct sg_repo *repo, const char *commit,
                      struct own_files *out, struct sg_err *err) {
    const char *const args[] = {"ls-tree", "-r", "-z", "--full-tree", commit, NULL};
    if (git_run(repo, args, NULL, &out->list, NULL, err) != 0) {
        return -1;
    }
    for (size_t from = 0; from < out->list.len;) {
        char *at = out->list.ptr + from, *tab = strchr(at, '\t');
        from += strlen(at) + 1;
        char *type = strchr(at, ' '), *id = type == NULL ? NULL : strchr(type + 1, ' ');
        if (tab == NULL || id == NULL || id > tab) {
            return sg_fail(err, SG_E_IO, "git ls-tree: cannot read '%.60s'", at);
        }
        *tab = '\0';
        if (strncmp(type + 1, "blob ", 5) == 0) { /* a submodule has no files here */
            struct own_file file = {tab + 1, id + 1, strncmp(at, "120000 ", 7) == 0,
                                    strncmp(at, "100755 ", 7) == 0};
            sg_vec_push(&out->items, file);
        }
    }
    return 0;
}

/* Answers of "ID TYPE SIZE\n", the bytes, "\n", in the order that was asked. */
static int take_blob(const struct sg_buf *answers, size_t *at, struct sg_str *blob,
                     struct sg_err *err) {
    const char *head = answers->ptr + *at;
    const char *end = memchr(head, '\n', answers->len - *at);
    const char *size = end == NULL ? NULL : memrchr(head, ' ', (size_t)(end - head));
    size_t len = size == NULL ? SIZE_MAX : (size_t)strtoull(size + 1, NULL, 10);
    size_t start = end == NULL ? 0 : (size_t)(end + 1 - answers->ptr);
    if (size == NULL || answers->len - start <= len) {
        return sg_fail(err, SG_E_IO, "git cat-file gave too little");
    }
    *blob = (struct sg_str){answers->ptr + start, len};
    *at = start + len + 1;
    return 0;
}

/* A link to a file has its bytes. One to a folder, to another link or out of the
 * repository is left out: what reads it is told that it is missing. */
static void put_links(struct sg_fs *fs, const struct own_files *files,
                      const struct sg_str *blobs) {
    for (size_t i = 0; i < files->items.len; i++) {
        sg_auto_buf dir = SG_BUF_INIT, target = SG_BUF_INIT, bytes = SG_BUF_INIT;
        struct sg_err ignored = {0};
        if (!files->items.items[i].link) {
            continue;
        }
        sg_auto_cstr text = sg_xstrndup(blobs[i].ptr, blobs[i].len);
        sg_path_dir(files->items.items[i].path, &dir);
        if (sg_path_join(sg_buf_cstr(&dir), text, &target, &ignored) == 0 &&
            sg_fs_read(fs, sg_buf_cstr(&target), &bytes, &ignored) == 0) {
            sg_fs_memory_put(fs, files->items.items[i].path, sg_buf_cstr(&bytes),
                             bytes.len);
        }
    }
}

static int read_files(const struct sg_repo *repo, const struct own_files *files,
                      struct sg_fs *fs, struct sg_err *err) {
    static const char *const args[] = {"cat-file", "--batch", NULL};
    sg_auto_buf ask = SG_BUF_INIT, answers = SG_BUF_INIT;
    for (size_t i = 0; i < files->items.len; i++) {
        sg_buf_addf(&ask, "%s\n", files->items.items[i].id);
    }
    if (git_run(repo, args, &ask, &answers, NULL, err) != 0) {
        return -1;
    }
    SG_VEC(struct sg_str) blobs = {0};
    int status = 0;
    for (size_t i = 0, at = 0; i < files->items.len && status == 0; i++) {
        const struct own_file *file = &files->items.items[i];
        struct sg_str blob = {0};
        status = take_blob(&answers, &at, &blob, err);
        if (status == 0 && !file->link) {
            sg_fs_memory_put(fs, file->path, blob.ptr, blob.len);
        }
        if (status == 0 && file->exec) {
            sg_fs_memory_set_exec(fs, file->path);
        }
        sg_vec_push(&blobs, blob);
    }
    if (status == 0) {
        put_links(fs, files, blobs.items);
    }
    sg_vec_release(&blobs);
    return status;
}

static struct sg_fs *read_all(const struct sg_repo *repo, const char *commit,
                              struct sg_err *err) {
    auto_own_files files = {0};
    struct sg_fs *fs = sg_fs_memory();
    if (list_files(repo, commit, &files, err) == 0 &&
        read_files(repo, &files, fs, err) == 0) {
        return fs;
    }
    sg_fs_free(fs);
    return NULL;
}

struct sg_fs *repo_at(const struct sg_repo *repo, const char *commit,
                      struct sg_err *err) {
    sg_auto_buf prefix = SG_BUF_INIT;
    if (git_prefix(repo, &prefix, err) != 0) {
        return NULL;
    }
    struct sg_fs *top = strlen(commit) > SG_GIT_HEX ? read_all(repo, commit, err)
                                                    : read_lazily(repo, commit, err);
    return sg_fs_below(top, sg_buf_cstr(&prefix));
}
