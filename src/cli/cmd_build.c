#include "cli.h"
#include "commands.h"
#include "objects.h"

#include <string.h>
#include <sys/stat.h>

#include "sg/json.h"
#include "sg/kustomize.h"
#include "sg/upstream.h"

static const char *const restrictors[] = {"LoadRestrictionsRootOnly",
                                          "LoadRestrictionsNone", NULL};
static const char *const formats[] = {"yaml", "json", NULL};

static const struct sg_opt options[] = {
    {.letter = 'o',
     .name = "output",
     .value = "json|DIR|FILE",
     .suggests = formats,
     .help = "Print JSON, or write to a file, or one file an object to a folder (DIR/)"},
    {.name = "load-restrictor",
     .value = "RULE",
     .choices = restrictors,
     .help = "LoadRestrictionsNone lets a kustomization read files outside its folder; "
             "default LoadRestrictionsRootOnly"},
    SG_OPT_END,
};

static const struct sg_word words[] = {
    {.name = "DIR",
     .complete = SG_COMPLETE_DIR,
     .optional = true,
     .help = "the folder with the kustomization; default the current one"},
    SG_WORD_END,
};

static const struct sg_example examples[] = {
    {"sgupgrade build overlays/production | kubectl diff -f -",
     "compare with the cluster"},
    {"sgupgrade build overlays/production -o rendered/", "one file an object"},
    {0},
};

/* All objects as one kind List, so that the output is one JSON text. */
static int add_json(struct sg_render *render, struct sg_buf *out, struct sg_err *err) {
    struct sg_docs *docs = &render->docs;
    struct sg_node *list = sg_map_new(docs), *items = sg_seq_new(docs);
    sg_map_put(docs, list, SG_ATOM(apiVersion), sg_str_new(docs, "v1"));
    sg_map_put(docs, list, SG_ATOM(kind), sg_str_new(docs, "List"));
    sg_map_put(docs, list, SG_ATOM(items), items);
    for (size_t i = 0; i < render->items.len; i++) {
        sg_seq_push(docs, items, render->items.items[i]->node);
    }
    if (sg_json_write(list, SG_JSON_INDENT, out, err) < 0) {
        return -1;
    }
    sg_buf_addc(out, '\n');
    return 0;
}

static bool names_folder(const char *path) {
    struct stat st;
    size_t len = strlen(path);
    return (len > 0 && path[len - 1] == '/') ||
           (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

static int write_output(struct sg_cli *cli, struct sg_render *render, const char *output,
                        struct sg_err *err) {
    sg_auto_buf text = SG_BUF_INIT;
    bool json = output && strcmp(output, "json") == 0;
    bool to_stdout = !output || json || strcmp(output, "yaml") == 0;
    if (!to_stdout && names_folder(output)) {
        return sg_objects_write(render, output, err);
    }
    if ((json ? add_json(render, &text, err) : sg_render_write(render, &text, err)) < 0) {
        return -1;
    }
    if (text.over) {
        return sg_fail(err, SG_E_LIMIT, "the result is over %zu MB", SG_BUF_MAX >> 20);
    }
    if (!to_stdout) {
        return sg_cli_write_file(output, &text, err);
    }
    sg_cli_write(cli, sg_buf_cstr(&text), text.len);
    return 0;
}

static void show_fetch(void *ctx, const struct sg_upstream_progress *progress) {
    struct sg_cli *cli = ctx;
    sg_progress_show(&cli->progress, progress->what);
}

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    const char *restrictor = sg_args_get(args, "load-restrictor");
    sg_auto_buf dir = SG_BUF_INIT;
    if (sg_cli_abspath(sg_args_word(args, 0, "."), &dir, err) < 0) {
        return -1;
    }
    /* Rooted at "/": a base may lie anywhere above or beside the folder. */
    sg_auto_fs fs = sg_fs_disk("/", err);
    if (!fs) {
        return -1;
    }
    fs->shown = sg_xstrdup("/");
    fs->whole = true;
    struct sg_diag_sink diag = sg_cli_diag(cli);
    /* as kustomize does, for what the kustomization itself names; never for a project */
    struct sg_upstream_opts fetching = {
        .offline = cli->offline,
        .progress = show_fetch,
        .progress_ctx = cli,
    };
    struct sg_upstream_remotes *remotes = sg_upstream_remotes_new(&fetching);
    struct sg_remote remote = sg_upstream_remotes_as(remotes);
    struct sg_render_opts opts = {
        .fs = fs,
        .remote = &remote,
        .dir = sg_buf_cstr(&dir),
        .diag = &diag,
        .no_load_restriction = restrictor && strcmp(restrictor, restrictors[1]) == 0,
    };
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_render render;
    sg_render_init(&render, atoms);
    int status = sg_render(&opts, &render, err);
    if (status == 0) {
        status = write_output(cli, &render, sg_args_get(args, "output"), err);
    }
    sg_render_release(&render);
    sg_atoms_free(atoms);
    sg_upstream_remotes_free(remotes);
    return status < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_build = {
    .name = "build",
    .group = "Look",
    .summary = "Render a kustomization, byte for byte as kustomize 5.8.1",
    .details =
        "Renders the kustomization in DIR and prints the objects as one YAML "
        "stream: the bytes that kustomize 5.8.1 prints, and an error where it "
        "fails. It needs no project. Bases and files that the kustomization names by a "
        "URL are fetched, unless --offline.",
    .options = options,
    .words = words,
    .examples = examples,
    .run = run,
};
