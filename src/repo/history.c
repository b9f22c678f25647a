/*
 * history.c - what was: the log, and the way back.
 */
#include <string.h>

#include "sg/path.h"
#include "sg/suggest.h"
#include "upgrade.h"

/* --- log -------------------------------------------------------------------------- */

static void add_entry(struct sg_repo_log *log, const struct sg_lock_entry *entry,
                      const struct sg_lock_entry *older, bool current) {
    struct sg_arena *arena = &log->arena;
    struct sg_repo_log_entry mine = {
        .version = sg_arena_strdup(arena, entry->version),
        .tag = sg_arena_strdup(arena, entry->tag),
        .commit = sg_arena_strdup(arena, entry->commit),
        .date = sg_arena_strdup(arena, entry->date),
        .current = current,
    };
    /* how to get back to the older one is written there: these are the files that coming
     * from it touched */
    for (size_t i = 0; older != NULL && i < older->files.len; i++) {
        sg_vec_push(&mine.files, sg_arena_strdup(arena, older->files.items[i].path));
    }
    sg_vec_push(&log->entries, mine);
}

int sg_repo_read_log(struct sg_repo *repo, struct sg_repo_log *out, struct sg_err *err) {
    (void)err;
    memset(out, 0, sizeof(*out));
    sg_arena_init(&out->arena);
    const struct sg_lock *lock = &repo->lock;
    for (size_t i = 0; i <= lock->history.len; i++) {
        add_entry(out, i == 0 ? &lock->now : &lock->history.items[i - 1],
                  i < lock->history.len ? &lock->history.items[i] : NULL, i == 0);
    }
    return 0;
}

void sg_repo_log_release(struct sg_repo_log *log) {
    for (size_t i = 0; i < log->entries.len; i++) {
        sg_vec_release(&log->entries.items[i].files);
    }
    sg_vec_release(&log->entries);
    sg_arena_release(&log->arena);
}

/* --- which entry ------------------------------------------------------------------ */

/* How many steps back; 0 with an error where there is no such entry. */
static size_t find_entry(const struct sg_repo *repo, const char *to, struct sg_err *err) {
    const struct sg_lock *lock = &repo->lock;
    if (lock->history.len == 0) {
        sg_fail(
            err, SG_E_NOTFOUND,
            "there is nothing to roll back to: %s is the first release of this project",
            lock->now.version);
        return 0;
    }
    if (to == NULL) {
        return 1;
    }
    to += to[0] == 'v';
    sg_auto_buf known = SG_BUF_INIT;
    for (size_t i = 0; i < lock->history.len; i++) {
        const char *version = lock->history.items[i].version;
        if (strcmp(version, to) == 0) {
            return i + 1;
        }
        sg_buf_addf(&known, "%s%s", known.len > 0 ? ", " : "", version);
    }
    sg_fail(err, SG_E_NOTFOUND, "release %s is not in the history of " SG_LOCK_FILE, to);
    sg_err_hint(err, "there are: %s", sg_buf_cstr(&known));
    return 0;
}

/* --- the customer's files --------------------------------------------------------- */

/* What --keep and --discard name, as the lock spells paths. */
struct choice {
    SG_VEC(const char *) paths;
};

/* The paths that going back `steps` steps undoes, for a mistyped one. */
static int fail_untouched(const struct sg_repo *repo, size_t steps, const char *flag,
                          const char *path, struct sg_err *err) {
    struct sg_suggest near;
    sg_suggest_init(&near, path);
    for (size_t i = 0; i < steps; i++) {
        const struct sg_lock_entry *entry = &repo->lock.history.items[i];
        for (size_t k = 0; k < entry->files.len; k++) {
            sg_suggest_offer(&near, entry->files.items[k].path);
        }
    }
    const char *best = sg_suggest_best(&near);
    sg_fail(err, SG_E_USAGE, "%s %.200s: going back does not touch that file", flag,
            path);
    return best != NULL
               ? sg_err_hint(err, "did you mean %s?", best)
               : sg_err_hint(err, "name a file as `sgupgrade rollback --dry-run` "
                                  "lists it, from the project's folder");
}

static bool is_undone(const struct sg_repo *repo, size_t steps, const char *path) {
    for (size_t i = 0; i < steps; i++) {
        const struct sg_lock_entry *entry = &repo->lock.history.items[i];
        for (size_t k = 0; k < entry->files.len; k++) {
            if (strcmp(entry->files.items[k].path, path) == 0) {
                return true;
            }
        }
    }
    return false;
}

static int read_choice(struct sg_repo *repo, size_t steps, const char *flag,
                       const char *const *given, size_t len, struct choice *out,
                       struct sg_err *err) {
    for (size_t i = 0; i < len; i++) {
        sg_auto_buf clean = SG_BUF_INIT;
        if (sg_path_join("", given[i], &clean, err) != 0) {
            return -1;
        }
        if (!is_undone(repo, steps, sg_buf_cstr(&clean))) {
            return fail_untouched(repo, steps, flag, given[i], err);
        }
        sg_vec_push(&out->paths, repo_strdup(repo, sg_buf_cstr(&clean)));
    }
    return 0;
}

static bool named(const struct choice *choice, const char *path) {
    for (size_t i = 0; i < choice->paths.len; i++) {
        if (strcmp(choice->paths.items[i], path) == 0) {
            return true;
        }
    }
    return false;
}

struct undo {
    struct sg_repo *repo;
    struct choice keep, discard;
    struct sg_fs *view; /* the project as it goes back, step by step */
    struct stage *stage;
    struct sg_repo_result *result;
};

static int read_view(const struct undo *undo, const char *path, struct sg_buf *out,
                     bool *there, struct sg_err *err) {
    enum sg_fs_type type;
    if (sg_fs_stat(undo->view, path, &type, NULL, err) != 0) {
        return -1;
    }
    *there = type == SG_FS_FILE;
    return *there ? sg_fs_read(undo->view, path, out, err) : 0;
}

static bool has_digest(const struct sg_buf *bytes, const char *sha256) {
    char hex[SG_SHA256_HEX + 1];
    sg_sha256_hex(sg_buf_cstr(bytes), bytes->len, hex);
    return sha256 != NULL && strcmp(hex, sha256) == 0;
}

static void put_back(struct undo *undo, const struct sg_lock_file *file,
                     const struct sg_buf *bytes) {
    const char *text = sg_buf_cstr(bytes);
    uint32_t mode = file->undo != SG_UNDO_CREATE ? 0 : file->exec ? 0755 : 0644;
    stage_put(undo->stage, file->path, text, bytes->len, mode);
    sg_fs_over_put(undo->view, file->path, text, bytes->len);
}

/* The bytes that sgupgrade left, from the project's own git history: what `discard` goes
 * back from. */
static int written_bytes(const struct undo *undo, const struct sg_lock_file *file,
                         struct sg_buf *out, struct sg_err *err) {
    sg_auto_cstr spec = git_pathspec(file->path);
    const char *const log[] = {"rev-list", "HEAD", "--", spec, NULL};
    sg_auto_buf commits = SG_BUF_INIT;
    struct sg_err ignored = {0};
    int status = 0;
    if (git_run(undo->repo, log, NULL, &commits, &status, &ignored) != 0 || status != 0) {
        sg_buf_clear(&commits);
    }
    const char *next = sg_buf_cstr(&commits);
    char commit[GIT_ID + 1];
    while (git_next_id(&next, commit)) {
        sg_auto_cstr blob = sg_xasprintf("%s:./%s", commit, file->path);
        const char *const show[] = {"cat-file", "blob", blob, NULL};
        sg_buf_clear(out);
        if (git_run(undo->repo, show, NULL, out, &status, &ignored) == 0 && status == 0 &&
            has_digest(out, file->sha256)) {
            return 0;
        }
    }
    sg_fail(err, SG_E_NOTFOUND,
            "%s: the bytes that the upgrade wrote are not in git, so "
            "there is nothing to go back from",
            file->path);
    return sg_err_hint(err, "go on with --keep %s and undo it by hand", file->path);
}

static int undo_file(struct undo *undo, const struct sg_lock_file *file,
                     struct sg_err *err) {
    sg_auto_buf bytes = SG_BUF_INIT, before = SG_BUF_INIT;
    bool there = false;
    if (named(&undo->keep, file->path)) {
        return 0;
    }
    if (read_view(undo, file->path, &bytes, &there, err) != 0) {
        return -1;
    }
    bool untouched =
        file->sha256 == NULL ? !there : there && has_digest(&bytes, file->sha256);
    if (!untouched && !named(&undo->discard, file->path)) {
        sg_vec_push(&undo->result->undecided,
                    sg_arena_strdup(&undo->result->arena, file->path));
        return 0;
    }
    if (file->undo == SG_UNDO_REMOVE) {
        stage_remove(undo->stage, file->path);
        sg_fs_over_remove(undo->view, file->path);
        return 0;
    }
    if (!untouched && file->undo == SG_UNDO_SPLICE &&
        written_bytes(undo, file, &bytes, err) != 0) {
        return -1;
    }
    struct sg_str text = {sg_buf_cstr(&bytes), bytes.len};
    if (sg_lock_undo(file, text, &before, err) != 0) {
        return -1;
    }
    put_back(undo, file, &before);
    return 0;
}

static int undo_files(struct undo *undo, size_t steps, struct sg_err *err) {
    for (size_t i = 0; i < steps; i++) {
        const struct sg_lock_entry *entry = &undo->repo->lock.history.items[i];
        for (size_t k = 0; k < entry->files.len; k++) {
            if (undo_file(undo, &entry->files.items[k], err) != 0) {
                return -1;
            }
        }
    }
    if (undo->result->undecided.len == 0) {
        return 0;
    }
    size_t more = undo->result->undecided.len - 1;
    sg_auto_cstr others = sg_xasprintf(" and %zu more", more);
    sg_fail(err, SG_E_DECISION, "%s%s: edited since the upgrade wrote it",
            undo->result->undecided.items[0], more > 0 ? others : "");
    return sg_err_hint(err, "for each file: --keep FILE leaves it as it is, --discard "
                            "FILE drops your edits");
}

/* --- the old base ----------------------------------------------------------------- */

/* A commit of the project whose lock had this entry: its files are the old base. */
static bool had_entry(const struct sg_repo *repo, const char *commit,
                      const struct sg_lock_entry *entry) {
    sg_auto_cstr spec = sg_xasprintf("%s:./%s", commit, SG_LOCK_FILE);
    const char *const show[] = {"cat-file", "blob", spec, NULL};
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err ignored = {0};
    int status = 0;
    if (git_run(repo, show, NULL, &text, &status, &ignored) != 0 || status != 0) {
        return false;
    }
    struct sg_lock lock;
    sg_lock_init(&lock);
    bool had =
        sg_lock_read(&lock, SG_LOCK_FILE, sg_buf_cstr(&text), text.len, &ignored) == 0 &&
        strcmp(lock.now.commit, entry->commit) == 0 &&
        lock.now.paths.len == entry->paths.len;
    for (size_t i = 0; had && i < entry->paths.len; i++) {
        had = strcmp(lock.now.paths.items[i].tree, entry->paths.items[i].tree) == 0;
    }
    sg_lock_release(&lock);
    return had;
}

static int stage_copy(const struct sg_fs *from, const char *path, uint32_t mode,
                      struct stage *stage, struct sg_err *err) {
    sg_auto_buf bytes = SG_BUF_INIT;
    if (sg_fs_read(from, path, &bytes, err) != 0) {
        return -1;
    }
    stage_put(stage, path, sg_buf_cstr(&bytes), bytes.len, mode & 0777);
    return 0;
}

/* The vendored files of the entry in `tree`, path by path in `files`; `*whole`: they are
 * what the entry says. */
static int find_old(const struct sg_fs *tree, const struct sg_lock_entry *entry,
                    struct sg_git_files *files, bool *whole, struct sg_err *err) {
    *whole = true;
    for (size_t i = 0; *whole && i < entry->paths.len; i++) {
        char id[SG_GIT_HEX + 1];
        if (entry_scan(tree, entry, &entry->paths.items[i], false, &files[i], err) != 0) {
            return -1;
        }
        sg_git_files_tree(&files[i], id);
        *whole = strcmp(id, entry->paths.items[i].tree) == 0;
    }
    for (size_t i = 0; *whole && i < entry->generated.len; i++) {
        enum sg_fs_type type;
        if (sg_fs_stat(tree, entry->generated.items[i].path, &type, NULL, err) != 0) {
            return -1;
        }
        *whole = type == SG_FS_FILE;
    }
    return 0;
}

static int stage_found(const struct sg_fs *tree, const struct sg_lock_entry *entry,
                       const struct sg_git_files *files, struct stage *stage,
                       struct sg_err *err) {
    for (size_t i = 0; i < entry->paths.len; i++) {
        for (size_t k = 0; k < files[i].items.len; k++) {
            const struct sg_git_file *file = &files[i].items.items[k];
            sg_auto_buf at = SG_BUF_INIT;
            repo_path(entry->paths.items[i].to, file->path, &at);
            if (stage_copy(tree, sg_buf_cstr(&at), file->mode, stage, err) != 0) {
                return -1;
            }
        }
    }
    for (size_t i = 0; i < entry->generated.len; i++) {
        if (stage_copy(tree, entry->generated.items[i].path, 0644, stage, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* `*whole` tells whether this commit's files were what the entry says, and are staged. */
static int stage_from(const struct sg_fs *tree, const struct sg_lock_entry *entry,
                      struct stage *stage, bool *whole, struct sg_err *err) {
    struct sg_git_files *files = sg_xcalloc(entry->paths.len, sizeof(*files));
    int status = find_old(tree, entry, files, whole, err);
    if (status == 0 && *whole) {
        status = stage_found(tree, entry, files, stage, err);
    }
    for (size_t i = 0; i < entry->paths.len; i++) {
        sg_git_files_release(&files[i]);
    }
    free(files);
    return status;
}

/* The commits that touched the lock or the entry's base, newest first: an id a line, ""
 * where git is not there to ask. */
static void list_commits(const struct sg_repo *repo, const struct sg_lock_entry *entry,
                         struct sg_buf *out) {
    SG_VEC(char *) specs = {0};
    SG_VEC(const char *) args = {0};
    struct sg_err ignored = {0};
    static const char *const head[] = {"rev-list", "HEAD", "--", SG_LOCK_FILE};
    for (size_t i = 0; i < SG_ARRAY_LEN(head); i++) {
        sg_vec_push(&args, head[i]);
    }
    for (size_t i = 0; i < entry->paths.len; i++) {
        char *spec = git_pathspec(entry->paths.items[i].to);
        sg_vec_push(&specs, spec);
        sg_vec_push(&args, spec);
    }
    sg_vec_push(&args, NULL);
    if (git_run(repo, args.items, NULL, out, NULL, &ignored) != 0) {
        sg_buf_clear(out);
    }
    for (size_t i = 0; i < specs.len; i++) {
        free(specs.items[i]);
    }
    sg_vec_release(&specs);
    sg_vec_release(&args);
}

/* From the project's own history: a clone that never contacted upstream has it. */
static int stage_own_base(struct sg_repo *repo, const struct sg_lock_entry *entry,
                          struct stage *stage, struct sg_err *err) {
    sg_auto_buf commits = SG_BUF_INIT;
    list_commits(repo, entry, &commits);
    const char *next = sg_buf_cstr(&commits);
    char commit[GIT_ID + 1];
    while (git_next_id(&next, commit)) {
        if (!had_entry(repo, commit, entry)) {
            continue;
        }
        sg_auto_fs tree = repo_at(repo, commit, err);
        bool whole = false; /* the base may have been edited in that very commit */
        if (tree == NULL || stage_from(tree, entry, stage, &whole, err) != 0) {
            return -1;
        }
        if (whole) {
            return 0;
        }
    }
    sg_fail(err, SG_E_NOTFOUND,
            "the files of release %s are neither in the cache nor in "
            "this clone's history",
            entry->version);
    return sg_err_hint(err,
                       "run `sgupgrade fetch` where upstream can be reached, or `git "
                       "fetch --unshallow`");
}

static bool generated_alike(const struct base *base, const struct sg_lock_entry *entry) {
    struct sg_lock made;
    sg_lock_init(&made);
    base_lock(base, &made, &made.now);
    bool alike = made.now.generated.len == entry->generated.len;
    for (size_t i = 0; alike && i < entry->generated.len; i++) {
        alike =
            strcmp(made.now.generated.items[i].path, entry->generated.items[i].path) ==
                0 &&
            strcmp(made.now.generated.items[i].blob, entry->generated.items[i].blob) == 0;
    }
    sg_lock_release(&made);
    return alike;
}

static int stage_old_base(struct sg_repo *repo, const struct sg_lock_entry *entry,
                          struct stage *stage, struct sg_err *err) {
    auto_base base = {0};
    struct sg_err ignored = {0};
    if (base_of_entry(repo, entry, &base, &ignored) == 0 &&
        generated_alike(&base, entry)) {
        return stage_base(repo, stage, &base, &repo->lock.now, err);
    }
    struct base none = {0}; /* what is there goes, what was comes from git */
    if (stage_base(repo, stage, &none, &repo->lock.now, err) != 0) {
        return -1;
    }
    return stage_own_base(repo, entry, stage, err);
}

/* --- rollback --------------------------------------------------------------------- */

static int stage_old_rendered(struct sg_repo *repo, struct stage *stage,
                              struct sg_err *err) {
    if (repo->config.rendered == NULL) {
        return 0;
    }
    sg_auto_fs view = sg_fs_over(repo->disk);
    stage_over(stage, view);
    sg_auto_repo_overlays overlays = {0};
    if (sg_repo_list_overlays(repo, view, &overlays, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < overlays.items.len; i++) {
        struct sg_render render;
        sg_render_init(&render, repo->atoms);
        struct sg_render_opts opts = {.fs = view,
                                      .dir = overlays.items.items[i].dir,
                                      .remote = repo_remote(repo),
                                      .lenient = true};
        struct sg_err ignored = {0};
        int status = 0;
        /* an overlay that does not render keeps its files: going back must not fail */
        if (sg_render(&opts, &render, &ignored) == 0) {
            status = rendered_stage(repo, repo->disk, overlays.items.items[i].name,
                                    &render, stage, err);
        }
        sg_render_release(&render);
        if (status != 0) {
            return -1;
        }
    }
    return 0;
}

static int stage_rollback(struct sg_repo *repo, const struct sg_repo_rollback_opts *opts,
                          size_t steps, struct stage *stage,
                          struct sg_repo_result *result, struct sg_err *err) {
    sg_auto_fs view = sg_fs_over(repo->disk);
    struct undo undo = {.repo = repo, .view = view, .stage = stage, .result = result};
    const struct sg_lock_entry *entry = &repo->lock.history.items[steps - 1];
    int status = read_choice(repo, steps, "--keep", opts->keep, opts->keep_len,
                             &undo.keep, err) != 0 ||
                         read_choice(repo, steps, "--discard", opts->discard,
                                     opts->discard_len, &undo.discard, err) != 0 ||
                         undo_files(&undo, steps, err) != 0
                     ? -1
                     : stage_old_base(repo, entry, stage, err);
    sg_vec_release(&undo.keep.paths);
    sg_vec_release(&undo.discard.paths);
    if (status != 0) {
        return -1;
    }
    struct sg_lock lock;
    sg_lock_init(&lock);
    sg_lock_back(&lock, &repo->lock, steps);
    sg_auto_buf text = SG_BUF_INIT;
    sg_lock_write(&lock, &text);
    sg_lock_release(&lock);
    stage_put(stage, SG_LOCK_FILE, sg_buf_cstr(&text), text.len, 0);
    if (stage_old_rendered(repo, stage, err) != 0) {
        return -1;
    }
    return stage_settle(repo, stage, err);
}

/* An edited base would be overwritten. */
static int require_base(struct sg_repo *repo, struct sg_err *err) {
    struct sg_plan plan;
    sg_plan_init(&plan, repo->atoms);
    int status = base_check(repo, &plan, err);
    if (status == 0 && plan.findings.len > 0) {
        status = sg_fail(err, SG_E_PIN, "%s", plan.findings.items[0].message);
        sg_err_hint(err, "%s", plan.findings.items[0].fix);
    }
    sg_plan_release(&plan);
    return status;
}

/* What the overlays read now, for the dirty rule. */
static int require_clean(struct sg_repo *repo, struct sg_err *err) {
    struct sg_plan plan;
    struct sg_repo_plan_opts none = {0};
    sg_plan_init(&plan, repo->atoms);
    auto_upgrade upgrade = {0};
    int status = upgrade_begin(repo, &none, &plan, &upgrade, err);
    if (status == 0) {
        status = sg_planner_present(upgrade.planner, upgrade.start, &plan, err);
    }
    if (status == 0) {
        status = dirty_check(repo, upgrade.seen, err);
    }
    sg_plan_release(&plan);
    return status;
}

int sg_repo_rollback(struct sg_repo *repo, const struct sg_repo_rollback_opts *opts,
                     struct sg_repo_result *result, struct sg_err *err) {
    auto_stage stage = {0};
    size_t steps = find_entry(repo, opts->to, err);
    if (steps == 0) {
        return -1;
    }
    repo->opts.offline = true; /* the way back works wherever the clone is */
    result->from = sg_arena_strdup(&result->arena, repo->lock.now.version);
    result->to =
        sg_arena_strdup(&result->arena, repo->lock.history.items[steps - 1].version);
    if (require_base(repo, err) != 0 ||
        (!opts->allow_dirty && !opts->dry_run && require_clean(repo, err) != 0) ||
        stage_rollback(repo, opts, steps, &stage, result, err) != 0) {
        return -1;
    }
    if (opts->dry_run) {
        result_written(result, &stage);
        return 0;
    }
    return transact(repo, &stage, NULL, false, NULL, NULL, result, err);
}
