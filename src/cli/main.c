/*
 * main.c - the process around sg_cli_main: streams, signals, exit.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "cli.h"

int main(int argc, char **argv) {
    /* A reader that goes away (`| head`) must not kill us in the middle of a transaction:
     * writing fails instead, and we end as the signal would have ended us once all is
     * put in order. */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    struct sg_cli cli = {
        .out = stdout,
        .err = stderr,
        .out_tty = isatty(STDOUT_FILENO) == 1,
        .err_tty = isatty(STDERR_FILENO) == 1,
    };
    int code = sg_cli_main(&cli, argc, argv);
    if (code == -EPIPE) {
        if (before != SIG_IGN) {
            signal(SIGPIPE, SIG_DFL);
            raise(SIGPIPE);
        }
        code = SG_EXIT_ERROR;
    }
    return code;
}
