/*
 * init.c - starting a project.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "project.h"
#include "sg/path.h"

void init_overlay_text(const struct sg_config *config, struct sg_buf *out) {
    sg_auto_buf base = SG_BUF_INIT;
    sg_path_relative("overlays/default", config->upstream.paths.items[0].to, &base);
    sg_buf_addf(out,
                "# Your overlay: everything you change about upstream's manifests goes "
                "here.\n"
                "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                "kind: Kustomization\n"
                "resources:\n"
                "  - %s\n",
                sg_buf_cstr(&base));
}

/* --- the folder and the URL ------------------------------------------------------- */

/* The project's folder, and which parts of its path had to be made. */
struct folder {
    char *path;          /* as the caller named it */
    SG_VEC(size_t) made; /* their ends in it, the outermost first */
    char real[PATH_MAX];
};

static void folder_release(struct folder *folder) {
    sg_vec_release(&folder->made);
    free(folder->path);
}

static int make_folder(struct folder *folder, struct sg_err *err) {
    const char *path = folder->path;
    for (size_t end = strspn(path, "/"); path[end] != '\0';
         end += strspn(path + end, "/")) {
        end += strcspn(path + end, "/");
        sg_auto_cstr part = sg_xstrndup(path, end);
        if (mkdir(part, 0777) == 0) {
            sg_vec_push(&folder->made, end);
        } else if (errno != EEXIST) {
            return sg_fail_sys(err, errno, "cannot make %s", part);
        }
    }
    if (realpath(path, folder->real) == NULL) {
        return sg_fail_sys(err, errno, "cannot open %s", path);
    }
    return 0;
}

/* What was made goes again; where something is in it by now it stays. */
static void unmake_folder(struct folder *folder) {
    for (size_t i = folder->made.len; i-- > 0;) {
        folder->path[folder->made.items[i]] = '\0';
        (void)rmdir(folder->path);
    }
}

/* "host:path" and "scheme://…" are no paths. */
static bool is_local(const char *url) {
    const char *colon = strchr(url, ':'), *slash = strchr(url, '/');
    return colon == NULL || (slash != NULL && slash < colon);
}

/* A relative path is meant from where the user stands; the config's is meant from the
 * project. malloced. */
static char *project_url(const char *url, const char *root) {
    char real[PATH_MAX];
    if (!is_local(url) || url[0] == '/' || realpath(url, real) == NULL) {
        return sg_xstrdup(url);
    }
    sg_auto_buf path = SG_BUF_INIT;
    sg_path_relative(root + 1, real + 1, &path);
    return sg_buf_take(&path);
}

/* --- the config ------------------------------------------------------------------- */

/* "base" or "from:to" */
static void split_path(struct sg_arena *arena, const char *text,
                       struct sg_config_path *out) {
    const char *colon = strchr(text, ':');
    out->to = sg_arena_strdup(arena, colon == NULL ? text : colon + 1);
    out->from =
        colon == NULL ? out->to : sg_arena_strndup(arena, text, (size_t)(colon - text));
}

static int make_config(struct sg_repo *repo, const struct sg_repo_init_opts *opts,
                       const char *url, const char *tag, struct sg_err *err) {
    SG_VEC(struct sg_config_path) paths = {0};
    for (size_t i = 0; i < opts->paths_len; i++) {
        struct sg_config_path path = {0};
        split_path(&repo->arena, opts->paths[i], &path);
        sg_vec_push(&paths, path);
    }
    struct sg_config_fresh fresh = {
        .url = url, .paths = paths.items, .path_count = paths.len, .tag = tag};
    sg_buf_clear(&repo->config_text);
    int status = sg_config_write(&fresh, SG_CONFIG_FILE, &repo->config_text, err);
    sg_vec_release(&paths);
    if (status != 0) {
        return -1;
    }
    sg_config_release(&repo->config);
    memset(&repo->config, 0, sizeof(repo->config));
    return sg_config_read(&repo->config, SG_CONFIG_FILE, sg_buf_cstr(&repo->config_text),
                          repo->config_text.len, err);
}

/* --- the release ------------------------------------------------------------------ */

static int count_releases(struct sg_repo *repo, size_t *count, struct sg_err *err) {
    sg_auto_releases releases = {0};
    struct sg_upstream *up = repo_contact(repo, err);
    if (up == NULL || sg_upstream_releases(up, &releases, err) != 0) {
        return -1;
    }
    *count = releases.items.len;
    return 0;
}

/* Most tag as "v3.20.1"; where none does, "3.20.1". */
static int choose_tags(struct sg_repo *repo, const struct sg_repo_init_opts *opts,
                       const char *url, struct sg_err *err) {
    size_t count = 0;
    if (make_config(repo, opts, url, opts->tag, err) != 0 ||
        count_releases(repo, &count, err) != 0) {
        return -1;
    }
    if (count == 0 && opts->tag == NULL) {
        sg_upstream_free(repo->upstream);
        repo->upstream = NULL;
        if (make_config(repo, opts, url, "{version}", err) != 0 ||
            count_releases(repo, &count, err) != 0) {
            return -1;
        }
    }
    if (count > 0) {
        return 0;
    }
    sg_fail(err, SG_E_NOTFOUND, "%s has no tag that names a release",
            sg_upstream_shown(repo->upstream));
    return sg_err_hint(err, "say how tags are named with --tag, for example "
                            "--tag 'release-{version}'");
}

static int choose_version(struct sg_repo *repo, const struct sg_repo_init_opts *opts,
                          struct sg_version *version, struct sg_err *err) {
    sg_auto_versions versions = {0};
    sg_auto_buf chosen = SG_BUF_INIT;
    const struct sg_repo_start *start = opts->start;
    const char *asked = opts->version;
    if (start != NULL && start->version != NULL) {
        if (start->version(start->ctx, repo->upstream, &repo->config, &chosen, err) !=
            0) {
            return -1;
        }
        asked = sg_buf_cstr(&chosen);
    }
    if (versions_read(repo, repo->upstream, &versions, err) != 0) {
        return -1;
    }
    return sg_versions_resolve(&versions, asked != NULL ? asked : "latest", NULL, version,
                               err);
}

/* --- the files -------------------------------------------------------------------- */

static int refuse_taken(struct sg_repo *repo, struct sg_err *err) {
    for (size_t i = 0; i < repo->config.upstream.paths.len; i++) {
        const char *to = repo->config.upstream.paths.items[i].to;
        enum sg_fs_type type;
        sg_auto_fs_list list = {0};
        if (sg_fs_stat(repo->disk, to, &type, NULL, err) != 0 ||
            (type == SG_FS_DIR && sg_fs_readdir(repo->disk, to, &list, err) != 0)) {
            return -1;
        }
        if (type == SG_FS_NONE || (type == SG_FS_DIR && list.entries.len == 0)) {
            continue;
        }
        sg_fail(err, SG_E_EXISTS, "%s exists already and is not empty", to);
        return sg_err_hint(err, "move it away, or vendor to another folder with "
                                "--path FROM:TO");
    }
    return 0;
}

/* The line that keeps git from changing line ends below `to`. A pattern's wildcards and
 * first sign are escaped, and one with a space is quoted as in C (gitattributes(5)). */
static void attribute_line(const char *to, struct sg_buf *out) {
    sg_auto_buf pattern = SG_BUF_INIT;
    for (const char *p = to; *p != '\0'; p++) {
        if (strchr("*?[\\", *p) != NULL || (p == to && strchr("!#", *p) != NULL)) {
            sg_buf_addc(&pattern, '\\');
        }
        sg_buf_addc(&pattern, *p);
    }
    sg_buf_adds(&pattern, "/**");
    if (strpbrk(sg_buf_cstr(&pattern), " \"") == NULL) {
        sg_buf_addf(out, "%s -text\n", sg_buf_cstr(&pattern));
        return;
    }
    sg_buf_addc(out, '"');
    for (const char *p = sg_buf_cstr(&pattern); *p != '\0'; p++) {
        sg_buf_addf(out, "%s%c", strchr("\"\\", *p) != NULL ? "\\" : "", *p);
    }
    sg_buf_adds(out, "\" -text\n");
}

static bool has_line(const struct sg_buf *text, const char *line) {
    const char *from = sg_buf_cstr(text);
    for (const char *at = from; (at = strstr(at, line)) != NULL; at++) {
        if (at == from || at[-1] == '\n') {
            return true;
        }
    }
    return false;
}

static int stage_attributes(struct sg_repo *repo, struct stage *stage,
                            struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    enum sg_fs_type type;
    if (sg_fs_stat(repo->disk, ".gitattributes", &type, NULL, err) != 0 ||
        (type == SG_FS_FILE &&
         sg_fs_read(repo->disk, ".gitattributes", &text, err) != 0)) {
        return -1;
    }
    for (size_t i = 0; i < repo->config.upstream.paths.len; i++) {
        sg_auto_buf line = SG_BUF_INIT;
        attribute_line(repo->config.upstream.paths.items[i].to, &line);
        if (has_line(&text, sg_buf_cstr(&line))) {
            continue;
        }
        if (text.len > 0 && text.ptr[text.len - 1] != '\n') {
            sg_buf_addc(&text, '\n');
        }
        sg_buf_adds(&text, sg_buf_cstr(&line));
    }
    stage_put(stage, ".gitattributes", sg_buf_cstr(&text), text.len, 0);
    return 0;
}

/* A first overlay, unless there is one. */
static int stage_overlay(struct sg_repo *repo, struct stage *stage, struct sg_err *err) {
    sg_auto_repo_overlays overlays = {0};
    if (sg_repo_list_overlays(repo, repo->disk, &overlays, err) != 0) {
        return -1;
    }
    enum sg_fs_type type;
    if (sg_fs_stat(repo->disk, INIT_OVERLAY_FILE, &type, NULL, err) != 0) {
        return -1;
    }
    if (overlays.items.len > 0 || type != SG_FS_NONE) {
        return 0;
    }
    sg_auto_buf text = SG_BUF_INIT;
    init_overlay_text(&repo->config, &text);
    stage_put(stage, INIT_OVERLAY_FILE, sg_buf_cstr(&text), text.len, 0);
    return 0;
}

static void put_file(void *to, const char *path, const char *text, size_t len) {
    stage_put(to, path, text, len, 0);
}

/* What the start brings, made of the project as it will be. */
static int stage_start(struct sg_repo *repo, const struct sg_repo_start *start,
                       const struct base *base, struct stage *stage, struct sg_err *err) {
    sg_auto_fs view = sg_fs_over(repo->disk);
    return base_mount(repo, base, NULL, view, err) != 0
               ? -1
               : start->files(start->ctx, view, &repo->config, base->version, put_file,
                              stage, err);
}

static int stage_all(struct sg_repo *repo, const struct sg_repo_start *start,
                     const struct base *base, struct stage *stage, struct sg_err *err) {
    base_lock(base, &repo->lock, &repo->lock.now);
    sg_lock_write(&repo->lock, &repo->lock_text);
    stage_put(stage, SG_CONFIG_FILE, sg_buf_cstr(&repo->config_text),
              repo->config_text.len, 0);
    stage_put(stage, SG_LOCK_FILE, sg_buf_cstr(&repo->lock_text), repo->lock_text.len, 0);
    if (stage_base(repo, stage, base, NULL, err) != 0 ||
        stage_attributes(repo, stage, err) != 0 ||
        (start != NULL ? stage_start(repo, start, base, stage, err)
                       : stage_overlay(repo, stage, err)) != 0) {
        return -1;
    }
    return stage_settle(repo, stage, err);
}

static int start(struct sg_repo *repo, const struct sg_repo_init_opts *opts,
                 struct sg_repo_result *result, struct sg_err *err) {
    auto_base base = {0};
    auto_stage stage = {0};
    struct sg_version version;
    sg_auto_cstr url = project_url(opts->upstream, repo->root);
    if (choose_tags(repo, opts, url, err) != 0 || refuse_taken(repo, err) != 0 ||
        choose_version(repo, opts, &version, err) != 0 ||
        base_read(repo, &version, &base, err) != 0 ||
        stage_all(repo, opts->start, &base, &stage, err) != 0) {
        return -1;
    }
    struct sg_txn *txn = repo_txn(repo, err);
    if (txn == NULL) {
        return -1;
    }
    stage_into(&stage, txn);
    if (sg_txn_commit(txn, NULL, NULL, err) != 0) {
        return -1;
    }
    result->to = sg_arena_strdup(&result->arena, base.version);
    result->fsync_seconds = sg_txn_sync_seconds(txn);
    result_written(result, &stage);
    return 0;
}

static int start_in(const char *root, const struct sg_repo_init_opts *opts,
                    struct sg_repo_result *result, struct sg_err *err) {
    sg_auto_cstr config = sg_xasprintf("%s/%s", root, SG_CONFIG_FILE);
    if (access(config, F_OK) == 0) {
        sg_fail(err, SG_E_EXISTS, "%s is a project already: it has a %s", root,
                SG_CONFIG_FILE);
        return sg_err_hint(err, "upgrade it with `sgupgrade apply --to VERSION`");
    }
    struct sg_repo_opts common = *opts->common;
    common.writes = true;
    struct sg_repo *repo = repo_blank(root, &common, err);
    int status = repo == NULL ? -1 : start(repo, opts, result, err);
    sg_repo_free(repo);
    return status;
}

int sg_repo_init(const struct sg_repo_init_opts *opts, struct sg_repo_result *result,
                 struct sg_err *err) {
    struct folder folder SG_CLEANUP(folder_release) = {
        .path = sg_xstrdup(opts->dir != NULL ? opts->dir : ".")};
    if (make_folder(&folder, err) == 0 && start_in(folder.real, opts, result, err) == 0) {
        return 0;
    }
    unmake_folder(&folder);
    return -1;
}
