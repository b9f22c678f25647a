#include "adopt_forks.h"
#include "adopt_next.h"
#include "cli.h"
#include "commands.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "sg/adopt.h"
#include "sg/config.h"
#include "sg/path.h"

static const struct sg_word words[] = {
    {.name = "FORK",
     .help = "A fork: a folder, or REPOSITORY@REVISION[:FOLDER]; of several environments "
             "NAME=FORK for each",
     .complete = SG_COMPLETE_DIR,
     .many = true},
    SG_WORD_END,
};

static const char *const pick_choices[] = {"keep", "drop", NULL};

static const struct sg_opt options[] = {
    {.name = "upstream",
     .value = "URL",
     .complete = SG_COMPLETE_DIR,
     .help = "The repository that was forked: any git URL, or a local path"},
    {.name = "from",
     .value = "VERSION",
     .help = "The release that the fork is of; default auto: the one nearest to it"},
    {.name = "out",
     .value = "DIR",
     .complete = SG_COMPLETE_DIR,
     .help = "The folder of the new project: a new one, or an empty one"},
    {.name = "overlay", .value = "NAME", .help = "The overlay's name; default default"},
    {.name = "cherry-picks",
     .value = "keep|drop",
     .choices = pick_choices,
     .help = "What the fork took from later releases; default keep"},
    {.name = "history",
     .help =
         "Say which commit and author of the fork made each change, in the report and "
         "above the patches"},
    {.name = "path",
     .value = "PATH",
     .many = true,
     .help = "What to vendor: a folder of upstream's, or FROM:TO; default base"},
    {.name = "tag",
     .value = "PATTERN",
     .help = "How a version names its tag; default v{version}"},
    {.name = "full", .help = "Show every customisation"},
    SG_OPT_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade adopt ../deploy-fork --upstream https://github.com/example/deploy "
     "--out deploy",
     "turn a fork into a project, from the release that is nearest to it"},
    {"sgupgrade adopt .@acme --upstream ../deploy --from 3.10.4 --out ../acme",
     "the fork is a branch of this repository"},
    {"sgupgrade adopt staging=.@staging production=.@main --upstream ../deploy "
     "--out ../acme",
     "two environments: an overlay each, and a component of what they share"},
    {0},
};

static const struct sg_exit_row exits[] = {
    {SG_EXIT_OK, "done: the overlay renders all that the fork holds"},
    {SG_EXIT_ERROR, "wrong usage, bad input or an I/O error; nothing was written"},
    {SG_EXIT_DECISION, "done, but for what is listed: kustomize cannot say it, or it "
                       "could not be read"},
    {0, NULL},
};

/* One fork, and the overlay that it becomes. */
struct environment {
    struct sg_fork source;
    char *folder; /* of the overlay, in the project */
    struct sg_adopt_fork fork;
    struct sg_adopt_remote remote; /* file NULL: the fork is of manifests */
    struct sg_adopt_opts opts;
    struct sg_adopted adopted;
    struct sg_adopt_outside outside;
    struct sg_adopt_ranking ranking; /* of its fork; empty where nobody could tell */
};

/* One run. */
struct adoption {
    struct sg_cli *cli;
    const char *from, *out, *upstream;
    bool drop_picks, history;
    struct sg_atoms *atoms;
    SG_VEC(struct environment) environments;
    struct sg_adopted component; /* what they share */
    struct sg_upstream *up;      /* the project's */
    bool ranked;                 /* the release is the one nearest to the first fork */
    char *version, *made_of;
};

static void environment_release(struct environment *env) {
    sg_adopt_outside_release(&env->outside);
    sg_adopted_release(&env->adopted);
    sg_adopt_ranking_release(&env->ranking);
    sg_adopt_remote_release(&env->remote);
    sg_adopt_fork_release(&env->fork);
    sg_fork_release(&env->source);
    free(env->folder);
}

static void adoption_release(struct adoption *adoption) {
    for (size_t i = 0; i < adoption->environments.len; i++) {
        environment_release(&adoption->environments.items[i]);
    }
    sg_vec_release(&adoption->environments);
    sg_adopted_release(&adoption->component);
    sg_atoms_free(adoption->atoms);
    free(adoption->version);
    free(adoption->made_of);
}

static int refuse_twice(const struct adoption *adoption, const char *name,
                        struct sg_err *err) {
    for (size_t i = 0; i < adoption->environments.len; i++) {
        if (strcmp(adoption->environments.items[i].source.overlay, name) == 0) {
            sg_fail(err, SG_E_USAGE, "two forks would be the overlay '%s'", name);
            return sg_err_hint(err, "name each: staging=FORK production=FORK");
        }
    }
    return 0;
}

static int add_fork(struct adoption *adoption, const char *word, const char *overlay,
                    struct sg_err *err) {
    struct environment env = {0};
    int status = sg_fork_open(adoption->cli, word, overlay, &env.source, err);
    if (status == 0) {
        env.folder = sg_xasprintf("overlays/%s", env.source.overlay);
        status = refuse_twice(adoption, env.source.overlay, err) != 0
                     ? -1
                     : sg_adopt_remote_find(env.source.fs, &env.remote, err);
    }
    sg_adopt_fork_init(&env.fork, adoption->atoms);
    sg_vec_push(&adoption->environments, env);
    return status;
}

/* --- what the project's start asks ---------------------------------------------------
 */

/* The release whose tag a base's URL names. */
static int version_of_ref(struct sg_upstream *up, const struct sg_adopt_remote *remote,
                          struct sg_buf *out, struct sg_err *err) {
    sg_auto_releases releases = {0};
    if (sg_upstream_releases(up, &releases, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < releases.items.len; i++) {
        const struct sg_release *release = &releases.items.items[i];
        if (strcmp(release->tag, remote->ref) == 0 ||
            strcmp(release->commit, remote->ref) == 0) {
            char text[SG_VERSION_TEXT];
            sg_version_text(&release->version, text);
            sg_buf_adds(out, text);
            return 0;
        }
    }
    sg_fail(err, SG_E_NOTFOUND, "%s: the base is at '%s', which is no release's tag",
            remote->file, remote->ref);
    return sg_err_hint(err, "say which release to start from with --from VERSION");
}

/* Which folder of each fork is the one to compare; a remote base has none of its own. */
static int find_folders(struct adoption *adoption, const char *from, struct sg_err *err) {
    for (size_t i = 0; i < adoption->environments.len; i++) {
        struct environment *env = &adoption->environments.items[i];
        if (env->remote.file == NULL &&
            sg_fork_find(&env->source, adoption->up, from, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* The user says the release. */
static bool is_said(const struct adoption *adoption) {
    return adoption->from != NULL && strcmp(adoption->from, "auto") != 0;
}

static int find_version(void *ctx, struct sg_upstream *up, const struct sg_config *config,
                        struct sg_buf *out, struct sg_err *err) {
    struct adoption *adoption = ctx;
    const char *from = config->upstream.paths.items[0].from;
    adoption->up = up;
    if (find_folders(adoption, from, err) != 0) {
        return -1;
    }
    if (is_said(adoption)) {
        sg_buf_adds(out, adoption->from);
        return 0;
    }
    struct environment *first = &adoption->environments.items[0];
    if (first->remote.file != NULL) {
        return version_of_ref(up, &first->remote, out, err);
    }
    if (sg_adopt_rank(up, from, first->source.fs, first->source.folder, &first->ranking,
                      err) != 0) {
        return first->source.folder[0] != '\0'
                   ? -1 /* else its word is all that tells which folder it was */
                   : sg_err_wrap(err, "the fork %s", first->source.shown);
    }
    adoption->ranked = true;
    char text[SG_VERSION_TEXT];
    sg_version_text(&first->ranking.items.items[0].version, text);
    sg_buf_adds(out, text);
    return 0;
}

/* Where the release was not chosen for this fork another one may be much nearer: that is
 * told, and nothing fails for it. */
static void rank_beside(struct adoption *adoption, struct environment *env,
                        const char *from) {
    struct sg_err ignored = {0};
    bool chosen = adoption->ranked && env == adoption->environments.items;
    if (!chosen && env->remote.file == NULL &&
        sg_adopt_rank(adoption->up, from, env->source.fs, env->source.folder,
                      &env->ranking, &ignored) != 0) {
        sg_adopt_ranking_release(&env->ranking);
        env->ranking = (struct sg_adopt_ranking){0};
    }
}

static int make_remote(struct adoption *adoption, struct environment *env,
                       struct sg_err *err) {
    const struct sg_upstream_opts opts = {.dir = adoption->cli->cwd,
                                          .offline = adoption->cli->offline};
    struct sg_upstream_remotes *remotes = sg_upstream_remotes_new(&opts);
    struct sg_remote remote = sg_upstream_remotes_as(remotes);
    int status = sg_adopt_remote_overlay(&env->fork, &env->opts, &env->remote, &remote,
                                         &env->adopted, err);
    sg_upstream_remotes_free(remotes);
    return status;
}

/* The overlay, and what is odd, beside all of upstream's releases. */
static int make_beside(struct adoption *adoption, struct environment *env,
                       struct sg_err *err) {
    struct sg_adopt_fork base;
    struct sg_adopt_past past;
    sg_adopt_fork_init(&base, adoption->atoms);
    sg_adopt_past_init(&past, &env->opts.version);
    int status = sg_adopt_fork_read(&base, env->opts.project, env->opts.base, err);
    if (status == 0) {
        status = sg_adopt_past_read(&past, adoption->up, env->opts.from, &env->fork,
                                    &base, err);
    }
    if (status == 0) {
        env->opts.past = &past;
        status = sg_adopt_overlay(&env->fork, &env->opts, &env->adopted, err);
        env->opts.past = NULL;
    }
    if (status == 0) {
        sg_adopt_oddities(&env->fork, &base, &past);
    }
    sg_adopt_past_release(&past);
    sg_adopt_fork_release(&base);
    return status;
}

static int make_overlay(struct adoption *adoption, struct environment *env,
                        const struct sg_fs *project, const struct sg_config_path *path,
                        struct sg_err *err) {
    const struct sg_fs *fs = env->source.fs;
    const char *dir = env->source.folder;
    env->opts = (struct sg_adopt_opts){
        .project = project,
        .base = path->to,
        .overlay = env->folder,
        .fork = fs,
        .dir = dir,
        .made_of = adoption->made_of,
        .up = adoption->up,
        .from = path->from,
        .guessed = adoption->ranked && env == adoption->environments.items,
        .drop_picks = adoption->drop_picks,
    };
    if (sg_version_parse(adoption->version, &env->opts.version, err) != 0) {
        return -1;
    }
    if (env->remote.file != NULL) {
        return make_remote(adoption, env, err);
    }
    rank_beside(adoption, env, path->from);
    if (sg_adopt_fork_read(&env->fork, fs, dir, err) != 0 ||
        sg_adopt_fork_render(&env->fork, fs, dir, err) != 0 ||
        make_beside(adoption, env, err) != 0 ||
        sg_adopt_outside(adoption->up, &env->opts.version, fs, dir, &env->outside, err) !=
            0) {
        return -1;
    }
    return adoption->history ? sg_fork_history(&env->source, &env->adopted, err) : 0;
}

/* What stands in several overlays goes to one place; then who made it is said there. */
static void share(struct adoption *adoption) {
    static const char component[] = "components/common";
    size_t len = adoption->environments.len;
    struct sg_adopt_env *envs = sg_xcalloc(len, sizeof(*envs));
    for (size_t i = 0; i < len; i++) {
        struct environment *env = &adoption->environments.items[i];
        envs[i] = (struct sg_adopt_env){&env->fork, &env->opts, &env->adopted};
    }
    if (len > 1) {
        sg_adopt_share(envs, len, component, &adoption->component);
    }
    for (size_t i = 0; i < len && adoption->history; i++) {
        sg_adopt_history_patches(envs[i].adopted, envs[i].opts->overlay, &envs[i], 1);
    }
    if (adoption->history) {
        sg_adopt_history_patches(&adoption->component, component, envs, len);
    }
    free(envs);
}

typedef void put_fn(void *to, const char *path, const char *text, size_t len);

static void put_files(const struct sg_adopted *adopted, put_fn *put, void *to) {
    for (size_t i = 0; i < adopted->files.len; i++) {
        const struct sg_adopt_file *file = &adopted->files.items[i];
        put(to, file->path, file->text, file->len);
    }
}

static int make_files(void *ctx, const struct sg_fs *project,
                      const struct sg_config *config, const char *version, put_fn *put,
                      void *to, struct sg_err *err) {
    struct adoption *adoption = ctx;
    adoption->version = sg_xstrdup(version);
    adoption->made_of = sg_xasprintf("a fork of release %s", version);
    for (size_t i = 0; i < adoption->environments.len; i++) {
        struct environment *env = &adoption->environments.items[i];
        if (make_overlay(adoption, env, project, &config->upstream.paths.items[0], err) !=
            0) {
            return -1;
        }
    }
    share(adoption);
    for (size_t i = 0; i < adoption->environments.len; i++) {
        put_files(&adoption->environments.items[i].adopted, put, to);
    }
    put_files(&adoption->component, put, to);
    return 0;
}

/* --- the folder -----------------------------------------------------------------------
 */

/* Nothing but git's own may be there. */
static int refuse_full(const char *path, struct sg_err *err) {
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return errno == ENOENT ? 0 : sg_fail_sys(err, errno, "cannot open %s", path);
    }
    const struct dirent *entry;
    int status = 0;
    while (status == 0 && (entry = readdir(dir)) != NULL) {
        static const char *const own[] = {".", "..", ".git"};
        bool ours = false;
        for (size_t i = 0; i < SG_ARRAY_LEN(own); i++) {
            ours = ours || strcmp(entry->d_name, own[i]) == 0;
        }
        if (!ours) {
            sg_fail(err, SG_E_EXISTS, "%s is not empty: it has %s", path, entry->d_name);
            status = sg_err_hint(err, "name a new folder with --out");
        }
    }
    closedir(dir);
    return status;
}

/* --- the command -----------------------------------------------------------------------
 */

static int usage(const char *option, const char *what, struct sg_err *err) {
    sg_fail(err, SG_E_USAGE, "`adopt` needs --%s: %s", option, what);
    return sg_err_hint(err, "sgupgrade adopt FORK --upstream URL --out DIR");
}

static int open_forks(struct adoption *adoption, const struct sg_args *args,
                      struct sg_err *err) {
    const char *overlay = sg_args_get(args, "overlay");
    for (size_t i = 0; i < args->words.len; i++) {
        if (add_fork(adoption, args->words.items[i], overlay, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int start(struct adoption *adoption, const struct environment *first,
                 const struct sg_args *args, const char *dir,
                 struct sg_repo_result *result, struct sg_err *err) {
    sg_auto_arg_values paths = {0};
    struct sg_repo_opts common;
    sg_cli_repo_opts(adoption->cli, true, &common);
    struct sg_repo_start start = {adoption, find_version, make_files};
    struct sg_repo_init_opts opts = {
        .dir = dir,
        .upstream = adoption->upstream,
        .tag = sg_args_get(args, "tag"),
        .start = &start,
        .common = &common,
    };
    opts.paths_len = sg_args_all(args, "path", &paths);
    opts.paths = paths.items;
    if (opts.paths_len > 1) {
        sg_fail(err, SG_E_USAGE, "`adopt` compares one folder, and --path names %zu",
                opts.paths_len);
        return sg_err_hint(err, "adopt the main one, then add the others to `paths` of "
                                "sgupgrade.yaml");
    }
    const char *const of_url[] = {first->remote.path};
    if (first->remote.file != NULL && opts.upstream == NULL) {
        opts.upstream = adoption->upstream = first->remote.repo;
    }
    if (first->remote.file != NULL && opts.paths_len == 0 &&
        first->remote.path[0] != '\0') {
        opts.paths = of_url;
        opts.paths_len = 1;
    }
    return opts.upstream == NULL
               ? usage("upstream", "the repository that was forked", err)
               : sg_repo_init(&opts, result, err);
}

/* The fork is only read: a project inside of it would be a part of it next time. */
static int refuse_inside(const struct adoption *adoption, const char *dir,
                         struct sg_err *err) {
    sg_auto_buf clean = SG_BUF_INIT;
    if (sg_path_join("", dir + 1, &clean, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < adoption->environments.len; i++) {
        const struct environment *env = &adoption->environments.items[i];
        sg_auto_buf fork = SG_BUF_INIT;
        if (env->source.revision != NULL) {
            continue;
        }
        if (sg_path_join("", env->source.path + 1, &fork, err) != 0) {
            return -1;
        }
        if (sg_path_within(sg_buf_cstr(&clean), sg_buf_cstr(&fork))) {
            sg_fail(err, SG_E_USAGE, "--out %s is inside the fork %s", adoption->out,
                    env->source.shown);
            return sg_err_hint(err, "name a folder beside it");
        }
    }
    return 0;
}

static int adopt(struct adoption *adoption, const struct sg_args *args,
                 struct sg_repo_result *result, struct sg_err *err) {
    if (adoption->out == NULL) {
        return usage("out", "the folder of the new project", err);
    }
    sg_auto_cstr dir = sg_cli_absolute(adoption->cli, adoption->out);
    if (refuse_full(dir, err) != 0 || open_forks(adoption, args, err) != 0 ||
        refuse_inside(adoption, dir, err) != 0) {
        return -1;
    }
    const struct environment *first = adoption->environments.items;
    return first == NULL ? usage("out", "a fork to make it of", err)
                         : start(adoption, first, args, dir, result, err);
}

static struct sg_report report_of(const struct adoption *adoption,
                                  const struct environment *env,
                                  const struct sg_repo_result *result) {
    return (struct sg_report){
        .kind = SG_REPORT_ADOPT,
        .adopt = {.fork = env->source.shown,
                  .folder = env->source.folder,
                  .upstream = adoption->upstream,
                  .version = adoption->version,
                  .dir = adoption->out,
                  .overlay = env->source.overlay,
                  .remote = env->remote.file != NULL,
                  .said = is_said(adoption),
                  .follows = !is_said(adoption) && env != adoption->environments.items,
                  .ranking = env->ranking.items.len > 0 ? &env->ranking : NULL,
                  .source = &env->fork,
                  .adopted = &env->adopted,
                  .outside = &env->outside,
                  .files = result->written.items},
    };
}

/* The last of them says what was written, and what is next. */
static void end_report(struct sg_report_adopt *report,
                       const struct sg_repo_result *result,
                       const struct adopt_next *next) {
    report->files_len = result->written.len;
    report->by_hand = next->by_hand;
    report->next = next->commands;
    report->next_len = next->len;
}

/* Each environment's part; one alone is the report. */
static int report_all(struct adoption *adoption, const struct sg_args *args,
                      const struct sg_outputs *outputs,
                      const struct sg_repo_result *result, struct sg_err *err) {
    size_t len = adoption->environments.len;
    struct sg_report_part *parts = sg_xcalloc(len, sizeof(*parts));
    int code = SG_EXIT_OK;
    for (size_t i = 0; i < len; i++) {
        struct environment *env = &adoption->environments.items[i];
        parts[i].dir = env->folder;
        parts[i].report = report_of(adoption, env, result);
        int part = sg_report_adopt_exit(&parts[i].report.adopt);
        code = part > code ? part : code;
    }
    struct adopt_next next SG_CLEANUP(adopt_next_release);
    adopt_next_of(parts, len, &next);
    end_report(&parts[len - 1].report.adopt, result, &next);
    struct sg_report many = {.kind = SG_REPORT_MANY,
                             .many = {parts, len, SG_REPORT_ADOPT}};
    const struct sg_report_opts view = {.full = sg_args_has(args, "full")};
    int status = sg_outputs_write(adoption->cli, outputs,
                                  len == 1 ? &parts[0].report : &many, &view, err);
    free(parts);
    return status != 0 ? -1 : code;
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    const char *picks = sg_args_get(args, "cherry-picks");
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, args->words.len > 1 ? SG_REPORT_MANY : SG_REPORT_ADOPT,
                         &outputs, err) < 0) {
        return -1;
    }
    struct adoption adoption SG_CLEANUP(adoption_release) = {
        .cli = cli,
        .from = sg_args_get(args, "from"),
        .out = sg_args_get(args, "out"),
        .upstream = sg_args_get(args, "upstream"),
        .drop_picks = picks != NULL && strcmp(picks, "drop") == 0,
        .history = sg_args_has(args, "history"),
        .atoms = sg_atoms_new(),
    };
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    return adopt(&adoption, args, &result, err) != 0
               ? -1
               : report_all(&adoption, args, &outputs, &result, err);
}

const struct sg_cmd sg_cmd_adopt = {
    .name = "adopt",
    .group = "Start",
    .summary = "Turn a fork of upstream's manifests into a base and an overlay",
    .details =
        "Finds the release that the fork is of, vendors it, and writes the overlay that "
        "makes of it what the fork holds; then renders the two and compares them, object "
        "by object and field by field. The fork is only read.\n\n"
        "Formatting, order and comments are no customisations. What is said for all "
        "objects becomes one entry of the kustomization.",
    .words = words,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
