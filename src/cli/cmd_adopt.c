#include "cli.h"
#include "commands.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "sg/adopt.h"
#include "sg/config.h"

static const struct sg_word words[] = {
    {.name = "FORK",
     .help = "The fork: a folder, or REPOSITORY@REVISION",
     .complete = SG_COMPLETE_DIR},
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
    {0},
};

/* One run. */
struct adoption {
    struct sg_cli *cli;
    const char *word, *from, *overlay, *out;
    bool drop_picks;
    struct sg_fs *fork_fs;
    struct sg_upstream *up; /* the project's */
    struct sg_atoms *atoms;
    struct sg_adopt_fork fork;
    struct sg_adopt_ranking ranking;
    struct sg_adopted adopted;
    char *folder;  /* of the overlay, in the project */
    char *version; /* that was chosen */
    bool ranked;
};

static void adoption_release(struct adoption *adoption) {
    sg_adopted_release(&adoption->adopted);
    sg_adopt_ranking_release(&adoption->ranking);
    sg_adopt_fork_release(&adoption->fork);
    sg_fs_free(adoption->fork_fs);
    sg_atoms_free(adoption->atoms);
    free(adoption->folder);
    free(adoption->version);
}

/* --- the fork
 * --------------------------------------------------------------------------- */

static struct sg_fs *open_revision(struct adoption *adoption, const char *at,
                                   struct sg_err *err) {
    sg_auto_cstr url = sg_xstrndup(adoption->word, (size_t)(at - adoption->word));
    const struct sg_upstream_opts opts = {.dir = adoption->cli->cwd,
                                          .offline = adoption->cli->offline};
    struct sg_upstream_remotes *remotes = sg_upstream_remotes_new(&opts);
    struct sg_remote remote = sg_upstream_remotes_as(remotes);
    struct sg_fs *fs = remote.open(remote.ctx, url, at + 1, err);
    sg_upstream_remotes_free(remotes);
    return fs;
}

/* A folder, or a revision of a repository. */
static int open_fork(struct adoption *adoption, struct sg_err *err) {
    sg_auto_cstr path = adoption->word[0] == '/'
                            ? sg_xstrdup(adoption->word)
                            : sg_xasprintf("%s/%s", adoption->cli->cwd, adoption->word);
    DIR *dir = opendir(path);
    if (dir != NULL) {
        closedir(dir);
        adoption->fork_fs = sg_fs_disk(path, err);
        return adoption->fork_fs == NULL ? -1 : 0;
    }
    int cause = errno;
    const char *at = strrchr(adoption->word, '@');
    if (at != NULL && at > adoption->word && at[1] != '\0') {
        adoption->fork_fs = open_revision(adoption, at, err);
        return adoption->fork_fs == NULL ? -1 : 0;
    }
    sg_fail_sys(err, cause, "cannot open the fork %s", adoption->word);
    return sg_err_hint(err, "name its folder, or REPOSITORY@REVISION");
}

/* --- what the project's start asks
 * -------------------------------------------------------- */

static int find_version(void *ctx, struct sg_upstream *up, const struct sg_config *config,
                        struct sg_buf *out, struct sg_err *err) {
    struct adoption *adoption = ctx;
    const char *from = config->upstream.paths.items[0].from;
    adoption->up = up;
    if (adoption->from != NULL && strcmp(adoption->from, "auto") != 0) {
        sg_buf_adds(out, adoption->from);
        return 0;
    }
    if (sg_adopt_rank(up, from, adoption->fork_fs, from, &adoption->ranking, err) != 0) {
        return -1;
    }
    adoption->ranked = true;
    char text[SG_VERSION_TEXT];
    sg_version_text(&adoption->ranking.items.items[0].version, text);
    sg_buf_adds(out, text);
    return 0;
}

static int make_files(void *ctx, const struct sg_fs *project,
                      const struct sg_config *config, const char *version,
                      void (*put)(void *to, const char *path, const char *text,
                                  size_t len),
                      void *to, struct sg_err *err) {
    struct adoption *adoption = ctx;
    const struct sg_config_path *path = &config->upstream.paths.items[0];
    adoption->version = sg_xstrdup(version);
    if (sg_adopt_fork_read(&adoption->fork, adoption->fork_fs, path->from, err) != 0) {
        return -1;
    }
    sg_auto_cstr made_of = sg_xasprintf("a fork of release %s", version);
    struct sg_adopt_opts opts = {
        .project = project,
        .base = path->to,
        .overlay = adoption->folder,
        .fork = adoption->fork_fs,
        .dir = path->from,
        .made_of = made_of,
        .up = adoption->up,
        .from = path->from,
        .drop_picks = adoption->drop_picks,
    };
    if (sg_version_parse(version, &opts.version, err) != 0) {
        return -1;
    }
    if (sg_adopt_overlay(&adoption->fork, &opts, &adoption->adopted, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < adoption->adopted.files.len; i++) {
        const struct sg_adopt_file *file = &adoption->adopted.files.items[i];
        put(to, file->path, file->text, file->len);
    }
    return 0;
}

/* --- the folder
 * ---------------------------------------------------------------------------- */

/* Nothing but git's own may be there. */
static int refuse_full(const char *path, struct sg_err *err) {
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return errno == ENOENT ? 0 : sg_fail_sys(err, errno, "cannot open %s", path);
    }
    const struct dirent *entry;
    const char *found = NULL;
    while (found == NULL && (entry = readdir(dir)) != NULL) {
        static const char *const own[] = {".", "..", ".git"};
        bool ours = false;
        for (size_t i = 0; i < SG_ARRAY_LEN(own); i++) {
            ours = ours || strcmp(entry->d_name, own[i]) == 0;
        }
        found = ours ? NULL : entry->d_name;
    }
    if (found != NULL) {
        sg_fail(err, SG_E_EXISTS, "%s is not empty: it has %s", path, found);
        sg_err_hint(err, "name a new folder with --out");
    }
    closedir(dir);
    return found != NULL ? -1 : 0;
}

/* --- the command
 * --------------------------------------------------------------------------- */

static int usage(const struct sg_args *args, struct sg_err *err) {
    static const char *const needed[] = {"upstream", "out"};
    for (size_t i = 0; i < SG_ARRAY_LEN(needed); i++) {
        if (!sg_args_has(args, needed[i])) {
            sg_fail(err, SG_E_USAGE, "`adopt` needs --%s", needed[i]);
            return sg_err_hint(err, "sgupgrade adopt FORK --upstream URL --out DIR");
        }
    }
    return 0;
}

static int adopt(struct adoption *adoption, const struct sg_args *args,
                 struct sg_repo_result *result, struct sg_err *err) {
    sg_auto_arg_values paths = {0};
    struct sg_repo_opts common;
    sg_cli_repo_opts(adoption->cli, true, &common);
    struct sg_repo_start start = {adoption, find_version, make_files};
    sg_auto_cstr dir = adoption->out[0] == '/'
                           ? sg_xstrdup(adoption->out)
                           : sg_xasprintf("%s/%s", adoption->cli->cwd, adoption->out);
    struct sg_repo_init_opts opts = {
        .dir = dir,
        .upstream = sg_args_get(args, "upstream"),
        .tag = sg_args_get(args, "tag"),
        .start = &start,
        .common = &common,
    };
    opts.paths_len = sg_args_all(args, "path", &paths);
    opts.paths = paths.items;
    return refuse_full(dir, err) != 0 || open_fork(adoption, err) != 0
               ? -1
               : sg_repo_init(&opts, result, err);
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    struct adoption adoption SG_CLEANUP(adoption_release) = {
        .cli = cli,
        .word = args->words.items[0],
        .from = sg_args_get(args, "from"),
        .out = sg_args_get(args, "out"),
        .atoms = sg_atoms_new(),
    };
    const char *overlay = sg_args_get(args, "overlay");
    const char *picks = sg_args_get(args, "cherry-picks");
    adoption.drop_picks = picks != NULL && strcmp(picks, "drop") == 0;
    adoption.overlay = overlay != NULL ? overlay : "default";
    adoption.folder = sg_xasprintf("overlays/%s", adoption.overlay);
    sg_adopt_fork_init(&adoption.fork, adoption.atoms);
    if (usage(args, err) != 0) {
        return -1;
    }
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    if (adopt(&adoption, args, &result, err) != 0) {
        return -1;
    }
    return adoption.adopted.differences.len > 0 ? SG_EXIT_DECISION : SG_EXIT_OK;
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
    .run = run,
};
