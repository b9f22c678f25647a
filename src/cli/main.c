/*
 * main.c - the process around sg_cli_main: streams, signals, exit.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cli.h"

/* A descriptor that our caller closed would go to the next file we open, and messages
 * into that file. Reading ends at once; writing still fails, so that `>&-` is told. */
static void fill_descriptors(void) {
    int fd = 0;
    while (fd >= 0 && fd <= STDERR_FILENO) {
        fd = open("/dev/null", O_RDONLY);
    }
    if (fd > STDERR_FILENO) {
        close(fd);
    }
}

int main(int argc, char **argv) {
    fill_descriptors();
    /* A reader that goes away (`| head`) must not kill us in the middle of a transaction:
     * writing fails instead, and we end as the signal would have ended us once all is
     * put in order. */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* so is a file over `ulimit -f` */
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
