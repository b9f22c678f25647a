/*
 * base.c - one release as it is vendored: reading it from upstream, laying it over the
 * project, and comparing the project with it.
 */
#include <stdio.h>
#include <string.h>

#include "project.h"
#include "sg/path.h"
#include "sg/sort.h"

#define GENERATED_NAME "kustomization.yaml"

void base_release(struct base *base) {
    for (size_t i = 0; i < base->paths.len; i++) {
        struct base_path *path = &base->paths.items[i];
        free(path->from);
        free(path->to);
        free(path->generated);
        sg_git_files_release(&path->files);
        sg_fs_free(path->fs);
    }
    sg_vec_release(&base->paths);
}

static bool by_to(const void *a, const void *b, void *ctx) {
    (void)ctx;
    return strcmp(((const struct base_path *)a)->to, ((const struct base_path *)b)->to) <
           0;
}

/* --- reading ---------------------------------------------------------------------- */

/* A transaction writes plain files; a link would be followed by whoever reads it. */
static int refuse_links(const struct base_path *path, struct sg_err *err) {
    for (size_t i = 0; i < path->files.items.len; i++) {
        const struct sg_git_file *file = &path->files.items.items[i];
        if (file->mode != 0120000) {
            continue;
        }
        sg_fail(err, SG_E_INPUT,
                "upstream's %s/%s is a symbolic link, which cannot be "
                "vendored",
                path->from, file->path);
        return sg_err_hint(
            err, "name the paths without it in `upstream.paths` of " SG_CONFIG_FILE);
    }
    return 0;
}

static int load(struct sg_upstream *up, const char *commit, struct base_path *path,
                struct sg_err *err) {
    sg_auto_fs tree = sg_upstream_tree(up, commit, path->from, NULL, err);
    if (tree == NULL) {
        return -1;
    }
    for (size_t i = 0; i < path->files.items.len; i++) {
        const char *name = path->files.items.items[i].path;
        sg_auto_buf bytes = SG_BUF_INIT;
        if (sg_fs_read(tree, name, &bytes, err) != 0) {
            return -1;
        }
        sg_fs_memory_put(path->fs, name, sg_buf_cstr(&bytes), bytes.len);
    }
    return 0;
}

static int read_path(struct sg_upstream *up, const struct base *base, const char *from,
                     const char *to, struct base_path *out, struct sg_err *err) {
    const char *id = base->release.id;
    *out = (struct base_path){
        .from = sg_xstrdup(from), .to = sg_xstrdup(to), .fs = sg_fs_memory()};
    if (sg_upstream_tree_id(up, id, from, out->tree, err) != 0 ||
        sg_upstream_files(up, id, from, &out->files, err) != 0 ||
        refuse_links(out, err) != 0 || load(up, id, out, err) != 0) {
        return -1;
    }
    return generated_make(out->fs, &out->generated, err);
}

static int add_path(struct sg_upstream *up, struct base *base, const char *from,
                    const char *to, struct sg_err *err) {
    struct base_path path;
    int status = read_path(up, base, from, to, &path, err);
    sg_vec_push(&base->paths, path);
    return status;
}

/* A `to` may lie inside another where upstream's outer folder has nothing: otherwise two
 * files would want one place, and neither path could ever be as released. */
static int refuse_inner(const struct base_path *outer, const struct base_path *inner,
                        struct sg_err *err) {
    const char *place = inner->to + strlen(outer->to) + 1;
    for (size_t i = 0; i < outer->files.items.len; i++) {
        const char *file = outer->files.items.items[i].path;
        if (!sg_path_within(file, place) && !sg_path_within(place, file)) {
            continue;
        }
        sg_fail(err, SG_E_INPUT,
                "upstream's %s%s%s would be vendored as %s/%s, where %s is vendored",
                outer->from, outer->from[0] != '\0' ? "/" : "", file, outer->to, file,
                inner->to);
        return sg_err_hint(err,
                           "choose another `to` in `upstream.paths` of " SG_CONFIG_FILE);
    }
    return 0;
}

static int refuse_overlap(const struct base *base, struct sg_err *err) {
    for (size_t i = 0; i < base->paths.len; i++) {
        const struct base_path *outer = &base->paths.items[i];
        for (size_t k = i + 1; k < base->paths.len; k++) {
            const struct base_path *inner = &base->paths.items[k];
            if (sg_path_within(inner->to, outer->to) &&
                refuse_inner(outer, inner, err) != 0) {
                return sg_err_wrap(err, "release %s", base->version);
            }
        }
    }
    return 0;
}

static void sort_paths(struct base *base) {
    sg_sort(base->paths.items, base->paths.len, sizeof(*base->paths.items), by_to, NULL);
}

int base_read(struct sg_repo *repo, const struct sg_version *version, struct base *out,
              struct sg_err *err) {
    struct sg_upstream *up = repo_upstream(repo, err);
    sg_version_text(version, out->version);
    if (up == NULL || sg_upstream_release(up, version, &out->release, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < repo->config.upstream.paths.len; i++) {
        const struct sg_config_path *path = &repo->config.upstream.paths.items[i];
        if (add_path(up, out, path->from, path->to, err) != 0) {
            return sg_err_wrap(err, "release %s", out->version);
        }
    }
    sort_paths(out);
    return refuse_overlap(out, err);
}

int base_of_entry(struct sg_repo *repo, const struct sg_lock_entry *entry,
                  struct base *out, struct sg_err *err) {
    struct sg_upstream *up = repo_upstream(repo, err);
    snprintf(out->version, sizeof(out->version), "%s", entry->version);
    if (up == NULL || sg_upstream_commit(up, entry->commit, &out->release, err) != 0) {
        return -1;
    }
    snprintf(out->release.tag, sizeof(out->release.tag), "%s", entry->tag);
    for (size_t i = 0; i < entry->paths.len; i++) {
        const struct sg_lock_path *path = &entry->paths.items[i];
        if (add_path(up, out, path->from, path->to, err) != 0) {
            return sg_err_wrap(err, "release %s", out->version);
        }
        const struct base_path *read = &out->paths.items[out->paths.len - 1];
        if (strcmp(read->tree, path->tree) != 0) {
            return sg_fail(err, SG_E_PIN,
                           "upstream's commit %.12s has another %s than the lock",
                           entry->commit, path->from);
        }
    }
    sort_paths(out);
    return 0;
}

/* --- laying it over the project --------------------------------------------------- */

/* The rest of `path` below folder `to`; NULL where it is not below it. */
static const char *below(const char *path, const char *to) {
    size_t len = strlen(to);
    return strncmp(path, to, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

int entry_scan(const struct sg_fs *fs, const struct sg_lock_entry *entry,
               const struct sg_lock_path *path, bool unix_line_ends,
               struct sg_git_files *out, struct sg_err *err) {
    SG_VEC(const char *) skip = {0};
    for (size_t i = 0; i < entry->paths.len; i++) {
        const char *inner = below(entry->paths.items[i].to, path->to);
        if (inner != NULL) {
            sg_vec_push(&skip, inner);
        }
    }
    for (size_t i = 0; i < entry->generated.len; i++) {
        const char *generated = below(entry->generated.items[i].path, path->to);
        if (generated != NULL) {
            sg_vec_push(&skip, generated);
        }
    }
    sg_vec_push(&skip, NULL);
    struct sg_git_scan how = {.skip = skip.items, .unix_line_ends = unix_line_ends};
    int status = sg_git_files_scan(fs, path->to, &how, out, err);
    sg_vec_release(&skip);
    return status;
}

static const struct base_path *find_path(const struct base *base, const char *to) {
    for (size_t i = 0; i < base->paths.len; i++) {
        if (strcmp(base->paths.items[i].to, to) == 0) {
            return &base->paths.items[i];
        }
    }
    return NULL;
}

/* A path that was vendored and is no more: its files go. */
static int hide_path(const struct sg_repo *repo, const struct sg_lock_entry *old,
                     const struct sg_lock_path *path, struct sg_fs *view,
                     struct sg_err *err) {
    sg_auto_git_files files = {0};
    if (entry_scan(repo->disk, old, path, false, &files, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < files.items.len; i++) {
        sg_auto_buf at = SG_BUF_INIT;
        repo_path(path->to, files.items.items[i].path, &at);
        sg_fs_over_remove(view, sg_buf_cstr(&at));
    }
    return 0;
}

int base_mount(const struct sg_repo *repo, const struct base *base,
               const struct sg_lock_entry *old, struct sg_fs *view, struct sg_err *err) {
    for (size_t i = 0; old != NULL && i < old->generated.len; i++) {
        sg_fs_over_remove(view, old->generated.items[i].path);
    }
    for (size_t i = 0; old != NULL && i < old->paths.len; i++) {
        if (find_path(base, old->paths.items[i].to) == NULL &&
            hide_path(repo, old, &old->paths.items[i], view, err) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < base->paths.len; i++) {
        const struct base_path *path = &base->paths.items[i];
        sg_fs_over_mount(view, path->to, path->fs, "");
        if (path->generated == NULL) {
            continue;
        }
        sg_auto_buf at = SG_BUF_INIT;
        repo_path(path->to, GENERATED_NAME, &at);
        sg_fs_over_put(view, sg_buf_cstr(&at), path->generated, strlen(path->generated));
    }
    return 0;
}

void base_lock(const struct base *base, struct sg_lock *lock,
               struct sg_lock_entry *entry) {
    struct sg_arena *arena = &lock->arena;
    entry->version = sg_arena_strdup(arena, base->version);
    entry->tag = sg_arena_strdup(arena, base->release.tag);
    entry->commit = sg_arena_strdup(arena, base->release.id);
    entry->date = sg_arena_strdup(arena, base->release.date);
    entry->renderer = sg_plan_renderer();
    entry->schema = "kubernetes-1.35.0";
    for (size_t i = 0; i < base->paths.len; i++) {
        const struct base_path *path = &base->paths.items[i];
        struct sg_lock_path locked = {.from = sg_arena_strdup(arena, path->from),
                                      .to = sg_arena_strdup(arena, path->to),
                                      .tree = sg_arena_strdup(arena, path->tree)};
        sg_vec_push(&entry->paths, locked);
        if (path->generated == NULL) {
            continue;
        }
        char blob[SG_GIT_HEX + 1];
        sg_git_blob_id(path->generated, strlen(path->generated), blob);
        sg_auto_buf at = SG_BUF_INIT;
        repo_path(path->to, GENERATED_NAME, &at);
        struct sg_lock_generated made = {
            .path = sg_arena_strndup(arena, sg_buf_cstr(&at), at.len),
            .blob = sg_arena_strdup(arena, blob)};
        sg_vec_push(&entry->generated, made);
    }
}

/* --- staging ---------------------------------------------------------------------- */

static int stage_path(struct sg_repo *repo, struct stage *stage,
                      const struct base_path *path, struct sg_err *err) {
    (void)repo;
    for (size_t i = 0; i < path->files.items.len; i++) {
        const struct sg_git_file *file = &path->files.items.items[i];
        sg_auto_buf at = SG_BUF_INIT, bytes = SG_BUF_INIT;
        if (sg_fs_read(path->fs, file->path, &bytes, err) != 0) {
            return -1;
        }
        repo_path(path->to, file->path, &at);
        stage_put(stage, sg_buf_cstr(&at), sg_buf_cstr(&bytes), bytes.len,
                  file->mode & 0777);
    }
    if (path->generated != NULL) {
        sg_auto_buf at = SG_BUF_INIT;
        repo_path(path->to, GENERATED_NAME, &at);
        stage_put(stage, sg_buf_cstr(&at), path->generated, strlen(path->generated),
                  0644);
    }
    return 0;
}

int stage_base(struct sg_repo *repo, struct stage *stage, const struct base *base,
               const struct sg_lock_entry *old, struct sg_err *err) {
    for (size_t i = 0; old != NULL && i < old->generated.len; i++) {
        stage_remove(stage, old->generated.items[i].path);
    }
    for (size_t i = 0; old != NULL && i < old->paths.len; i++) {
        sg_auto_git_files files = {0};
        const struct sg_lock_path *path = &old->paths.items[i];
        if (entry_scan(repo->disk, old, path, false, &files, err) != 0) {
            return -1;
        }
        for (size_t k = 0; k < files.items.len; k++) {
            sg_auto_buf at = SG_BUF_INIT;
            repo_path(path->to, files.items.items[k].path, &at);
            stage_remove(stage, sg_buf_cstr(&at));
        }
    }
    for (size_t i = 0; i < base->paths.len; i++) {
        if (stage_path(repo, stage, &base->paths.items[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- SG401 ------------------------------------------------------------------------ */

/* The first file that differs from upstream's objects, where those are at hand. */
static void name_difference(struct sg_repo *repo, const struct sg_lock_entry *entry,
                            const struct sg_lock_path *path,
                            const struct sg_git_files *have, struct sg_buf *file,
                            const char **what) {
    struct sg_err ignored = {0};
    struct sg_upstream *up = repo_upstream(repo, &ignored);
    sg_auto_git_files locked = {0};
    if (up == NULL ||
        sg_upstream_files(up, entry->commit, path->from, &locked, &ignored) != 0) {
        return;
    }
    for (size_t i = 0; i < have->items.len && file->len == 0; i++) {
        const struct sg_git_file *mine = &have->items.items[i];
        const struct sg_git_file *theirs = sg_git_files_find(&locked, mine->path);
        if (theirs != NULL && strcmp(theirs->id, mine->id) == 0 &&
            theirs->mode == mine->mode) {
            continue;
        }
        *what = theirs == NULL                      ? "is not upstream's"
                : strcmp(theirs->id, mine->id) == 0 ? "has another file mode"
                                                    : "was edited";
        repo_path(path->to, mine->path, file);
    }
    for (size_t i = 0; i < locked.items.len && file->len == 0; i++) {
        if (sg_git_files_find(have, locked.items.items[i].path) == NULL) {
            *what = "is missing";
            repo_path(path->to, locked.items.items[i].path, file);
        }
    }
}

static void add_edited(struct sg_plan *plan, const char *file, const char *message,
                       const char *rule, const char *fix) {
    struct sg_finding_in in = {
        .code = "SG401",
        .rule = rule,
        .severity = SG_ERROR,
        .hop = SG_NO_HOP,
        .path = file,
        .at = {.file = file},
        .message = message,
        .fix = fix,
        .stops = true,
    };
    (void)sg_plan_add_finding(plan, NULL, &in);
}

static int check_path(struct sg_repo *repo, const struct sg_lock_path *path,
                      struct sg_plan *plan, struct sg_err *err) {
    const struct sg_lock_entry *now = &repo->lock.now;
    sg_auto_git_files files = {0}, unixed = {0};
    char tree[SG_GIT_HEX + 1];
    if (entry_scan(repo->disk, now, path, false, &files, err) != 0) {
        return -1;
    }
    sg_git_files_tree(&files, tree);
    if (strcmp(tree, path->tree) == 0) {
        return 0;
    }
    if (entry_scan(repo->disk, now, path, true, &unixed, err) != 0) {
        return -1;
    }
    sg_git_files_tree(&unixed, tree);
    struct sg_arena *arena = &plan->docs.arena;
    if (strcmp(tree, path->tree) == 0) {
        add_edited(
            plan, sg_arena_strdup(arena, path->to),
            sg_arena_printf(arena,
                            "%s differs from release %s in its line ends "
                            "alone (CRLF): git converted them on checkout",
                            path->to, now->version),
            "base-line-ends",
            "keep `base/** -text` in .gitattributes and check the files out again");
        return 0;
    }
    sg_auto_buf file = SG_BUF_INIT;
    const char *what = "differs";
    name_difference(repo, now, path, &files, &file, &what);
    if (file.len == 0) {
        sg_buf_adds(&file, path->to);
    }
    add_edited(
        plan, sg_buf_cstr(&file),
        sg_arena_printf(arena, "%s %s: %s must be exactly release %s", sg_buf_cstr(&file),
                        what, path->to, now->version),
        "base-edited",
        "put your change into an overlay, and restore the base with `git checkout`");
    return 0;
}

static int check_generated(struct sg_repo *repo, const struct sg_lock_generated *made,
                           struct sg_plan *plan, struct sg_err *err) {
    enum sg_fs_type type;
    sg_auto_buf bytes = SG_BUF_INIT;
    if (sg_fs_stat(repo->disk, made->path, &type, NULL, err) != 0 ||
        (type == SG_FS_FILE && sg_fs_read(repo->disk, made->path, &bytes, err) != 0)) {
        return -1;
    }
    char blob[SG_GIT_HEX + 1] = "";
    if (type == SG_FS_FILE) {
        sg_git_blob_id(sg_buf_cstr(&bytes), bytes.len, blob);
    }
    if (strcmp(blob, made->blob) == 0) {
        return 0;
    }
    add_edited(plan, made->path,
               sg_arena_printf(&plan->docs.arena,
                               "%s %s: sgupgrade made it for release %s", made->path,
                               type == SG_FS_FILE ? "was edited" : "is missing",
                               repo->lock.now.version),
               "base-edited", "restore it with `git checkout`");
    return 0;
}

int base_check(struct sg_repo *repo, struct sg_plan *plan, struct sg_err *err) {
    const struct sg_lock_entry *now = &repo->lock.now;
    for (size_t i = 0; i < now->paths.len; i++) {
        if (check_path(repo, &now->paths.items[i], plan, err) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < now->generated.len; i++) {
        if (check_generated(repo, &now->generated.items[i], plan, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --- SG402 ------------------------------------------------------------------------ */

int tag_check(struct sg_repo *repo, struct sg_plan *plan, struct sg_err *err) {
    const struct sg_lock_entry *now = &repo->lock.now;
    struct sg_upstream *up = repo_upstream(repo, err);
    if (up == NULL) {
        return -1;
    }
    struct sg_err why = {0};
    if (!sg_upstream_current(up) ||
        sg_upstream_pin(up, now->tag, now->commit, &why) == 0) {
        return 0;
    }
    if (why.code != SG_E_PIN) {
        return sg_err_pass(err, &why);
    }
    struct sg_finding_in in = {
        .code = "SG402",
        .rule = "tag-moved",
        .severity = SG_ERROR,
        .hop = SG_NO_HOP,
        .path = now->tag,
        .at = {.file = SG_LOCK_FILE, .line = now->at.line, .column = now->at.column},
        .message = why.text,
        .fix = "ask upstream why a published tag moved before you trust it",
        .stops = true,
    };
    (void)sg_plan_add_finding(plan, NULL, &in);
    return 0;
}
