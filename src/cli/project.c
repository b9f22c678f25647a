/*
 * project.c - the customer's project, opened for the commands that need it.
 */
#include "cli.h"

#include "sg/repo.h"

static void show_step(void *ctx, const char *what, size_t done, size_t total) {
    struct sg_cli *cli = ctx;
    char text[256];
    if (total > 1 && !cli->verbose) {
        snprintf(text, sizeof text, "%s (%zu of %zu)", what, done + 1, total);
    } else {
        snprintf(text, sizeof text, "%s", what);
    }
    if (cli->verbose) {
        sg_cli_note(cli, text);
    } else {
        sg_progress_show(&cli->progress, text);
    }
}

void sg_cli_repo_opts(struct sg_cli *cli, bool writes, struct sg_repo_opts *out) {
    cli->diag = sg_cli_diag(cli);
    *out = (struct sg_repo_opts){
        .dir = cli->cwd,
        .offline = cli->offline,
        .upstream_url = getenv("SGUPGRADE_UPSTREAM_URL"),
        .diag = &cli->diag,
        .progress = {show_step, cli},
        .writes = writes,
    };
}

int sg_cli_open_repo(struct sg_cli *cli, enum sg_needs needs,
                     enum sg_repo_interrupted interrupted, struct sg_err *err) {
    struct sg_repo_opts opts;
    sg_cli_repo_opts(cli, needs == SG_NEEDS_WRITING, &opts);
    opts.interrupted = interrupted;
    cli->repo = sg_repo_open(&opts, err);
    return cli->repo ? 0 : -1;
}

void sg_cli_close_repo(struct sg_cli *cli) {
    sg_repo_free(cli->repo);
    cli->repo = NULL;
}
