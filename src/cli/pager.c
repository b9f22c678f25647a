/*
 * pager.c - a long result on a terminal goes through the pager, as with git: PAGER, else
 * `less -FRX`, which ends at once where all fits on the screen.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "sg/process.h"

#define CANNOT_RUN                                                                       \
    126 /* how a shell ends that found the program and could not run it                  \
         */
#define NOT_FOUND 127

/* By argv; a command of the user's goes through the shell, as git does it. */
struct pager {
    const char *argv[4];
};

/* False where none is wanted. */
static bool find_pager(const struct sg_cli *cli, struct pager *out) {
    const char *term = getenv("TERM");
    const char *command = getenv("PAGER");
    if (!cli->out_tty || !term || strcmp(term, "dumb") == 0) {
        return false;
    }
    if (!command) {
        *out = (struct pager){{"less", "-FRX", NULL}};
        return true;
    }
    *out = (struct pager){{"/bin/sh", "-c", command, NULL}};
    return command[0] != '\0' && strcmp(command, "cat") != 0;
}

/* What less and lv need to know to show colours, unless the user told them something. */
static void pager_env(const char *env[3]) {
    size_t n = 0;
    if (!getenv("LESS")) {
        env[n++] = "LESS=FRX";
    }
    if (!getenv("LV")) {
        env[n++] = "LV=-c";
    }
    env[n] = NULL;
}

/* False where it was not shown. That the reader leaves before the end is no failure. */
static bool page(struct sg_cli *cli, const struct sg_buf *text) {
    struct pager pager;
    if (!find_pager(cli, &pager)) {
        return false;
    }
    fflush(cli->out);
    fflush(cli->err);
    const char *env[3];
    pager_env(env);
    const struct sg_process process = {
        .argv = pager.argv,
        .env = env,
        .in = text->ptr,
        .in_len = text->len,
        .foreground = true,
    };
    struct sg_err err = {0}; /* the result matters more than how it is shown */
    int status = 0;
    return sg_process_run(&process, &status, &err) == 0 && status != CANNOT_RUN &&
           status != NOT_FOUND;
}

void sg_cli_show_paged(struct sg_cli *cli) {
    if (cli->paged.len && !page(cli, &cli->paged)) {
        sg_cli_write(cli, cli->paged.ptr, cli->paged.len);
    }
    sg_buf_release(&cli->paged);
}
