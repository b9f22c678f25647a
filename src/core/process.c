/* process.c - run a program with posix_spawn, its pipes served by one poll loop. */
#include "sg/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Both ends of a pipe; -1 where closed or not wanted. */
struct pipe_ends {
    int read, write;
};

struct streams {
    struct pipe_ends in, out, err;
};

static void close_end(int *fd) {
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

static void streams_close(struct streams *s) {
    int *const ends[] = {&s->in.read,   &s->in.write, &s->out.read,
                         &s->out.write, &s->err.read, &s->err.write};
    for (size_t i = 0; i < SG_ARRAY_LEN(ends); i++) {
        close_end(ends[i]);
    }
}

static int open_pipe(struct pipe_ends *ends, struct sg_err *err) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) {
        return sg_fail_sys(err, errno, "cannot make a pipe");
    }
    *ends = (struct pipe_ends){fds[0], fds[1]};
    return 0;
}

/* Our own ends must not block: the loop waits in poll only. */
static int open_streams(const struct sg_process *process, struct streams *s,
                        struct sg_err *err) {
    if ((process->in && open_pipe(&s->in, err)) ||
        (process->out && open_pipe(&s->out, err)) ||
        (process->err && !process->tty && open_pipe(&s->err, err))) {
        return -1;
    }
    if (process->in && fcntl(s->in.write, F_SETFL, O_NONBLOCK) != 0) {
        return sg_fail_sys(err, errno, "cannot set up a pipe");
    }
    return 0;
}

/* True where `variable` ("NAME=value") has the name of `extra` ("NAME=value" or "NAME").
 */
static bool same_name(const char *variable, const char *extra) {
    size_t name = strcspn(variable, "=");
    return strcspn(extra, "=") == name && strncmp(variable, extra, name) == 0;
}

/* Our environment with the extra variables in front: getenv takes the first, and a
 * variable of ours with the same name is left out for programs that take the last. */
static char **merge_env(const char *const *extra) {
    size_t ours = 0, more = 0, n = 0;
    while (environ[ours]) {
        ours++;
    }
    while (extra && extra[more]) {
        more++;
    }
    char **env = sg_xcalloc(ours + more + 1, sizeof(*env));
    for (size_t i = 0; i < more; i++) {
        if (strchr(extra[i], '=')) {
            env[n++] = sg_xstrdup(extra[i]);
        }
    }
    for (size_t i = 0; i < ours; i++) {
        bool replaced = false;
        for (size_t j = 0; j < more && !replaced; j++) {
            replaced = same_name(environ[i], extra[j]);
        }
        if (!replaced) {
            env[n++] = sg_xstrdup(environ[i]);
        }
    }
    return env;
}

static void free_strings(char **list) {
    for (size_t i = 0; list[i]; i++) {
        free(list[i]);
    }
    free(list);
}

static char **copy_strings(const char *const *list) {
    size_t n = 0;
    while (list[n]) {
        n++;
    }
    char **copy = sg_xcalloc(n + 1, sizeof(*copy));
    for (size_t i = 0; i < n; i++) {
        copy[i] = sg_xstrdup(list[i]);
    }
    return copy;
}

static int add_stream(posix_spawn_file_actions_t *actions, int fd, int pipe_end,
                      int flags) {
    return pipe_end >= 0
               ? posix_spawn_file_actions_adddup2(actions, pipe_end, fd)
               : posix_spawn_file_actions_addopen(actions, fd, "/dev/null", flags, 0);
}

static int add_actions(const struct sg_process *process, const struct streams *s,
                       posix_spawn_file_actions_t *actions) {
    int rc = add_stream(actions, STDIN_FILENO, s->in.read, O_RDONLY);
    if (rc == 0 && !process->foreground) {
        rc = add_stream(actions, STDOUT_FILENO, s->out.write, O_WRONLY);
    }
    if (rc == 0 && !process->tty && !process->foreground) {
        rc = add_stream(actions, STDERR_FILENO, s->err.write, O_WRONLY);
    }
    if (rc == 0 && process->cwd) {
        rc = posix_spawn_file_actions_addchdir_np(actions, process->cwd);
    }
    return rc;
}

/* Returns 0 or an errno. `mask` is the signal mask the child starts with. */
static int spawn(const struct sg_process *process, const struct streams *s,
                 const sigset_t *mask, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    if (process->foreground) {
        sigaddset(&defaults, SIGINT);
        sigaddset(&defaults, SIGQUIT);
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, mask);
    posix_spawnattr_setsigdefault(&attr, &defaults);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char **argv = copy_strings(process->argv);
    char **env = merge_env(process->env);
    int rc = add_actions(process, s, &actions);
    if (rc == 0) {
        rc = posix_spawnp(pid, argv[0], &actions, &attr, argv, env);
    }
    free_strings(argv);
    free_strings(env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

/* Takes what is there; closes our end at the end of the stream. */
static void drain(int *fd, struct sg_buf *to) {
    char chunk[65536];
    ssize_t n = read(*fd, chunk, sizeof(chunk));
    if (n > 0) {
        sg_buf_add(to, chunk, (size_t)n);
    } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
        close_end(fd);
    }
}

static void feed(int *fd, const char **at, size_t *left) {
    ssize_t n = *left ? write(*fd, *at, *left) : 0;
    if (n > 0) {
        *at += n;
        *left -= (size_t)n;
    } else if (n < 0 && errno != EINTR && errno != EAGAIN) {
        *left = 0; /* the program does not want the rest, which is no fault of it */
    }
    if (*left == 0) {
        close_end(fd);
    }
}

/*
 * `ended` becomes readable when the program has ended; -1 where the kernel cannot tell
 * (before 5.3). What a program that it left in the background (from a git hook, say)
 * writes to the same pipe later is not waited for.
 */
static int serve(const struct sg_process *process, struct streams *s, int ended,
                 struct sg_err *err) {
    const char *at = process->in;
    size_t left = process->in_len;
    while (s->in.write >= 0 || s->out.read >= 0 || s->err.read >= 0) {
        /* poll skips negative descriptors */
        struct pollfd fds[] = {{s->in.write, POLLOUT, 0},
                               {s->out.read, POLLIN, 0},
                               {s->err.read, POLLIN, 0},
                               {ended, POLLIN, 0}};
        if (poll(fds, SG_ARRAY_LEN(fds), -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return sg_fail_sys(err, errno, "cannot wait for %s", process->argv[0]);
        }
        if (fds[3].revents && !fds[1].revents && !fds[2].revents) {
            return 0; /* all that it wrote itself has been read */
        }
        if (fds[0].revents) {
            feed(&s->in.write, &at, &left);
        }
        if (fds[1].revents) {
            drain(&s->out.read, process->out);
        }
        if (fds[2].revents) {
            drain(&s->err.read, process->err);
        }
    }
    return 0;
}

static int reap(pid_t pid, const char *name, int *status, struct sg_err *err) {
    int raw;
    while (waitpid(pid, &raw, 0) < 0) {
        if (errno != EINTR) {
            return sg_fail_sys(err, errno, "cannot wait for %s", name);
        }
    }
    *status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
    return 0;
}

static int fail_to_start(const struct sg_process *process, int rc, struct sg_err *err) {
    if (process->cwd && access(process->cwd, X_OK) != 0) {
        return sg_fail_sys(err, errno, "cannot run %s in %s", process->argv[0],
                           process->cwd);
    }
    sg_fail_sys(err, rc, "cannot run %s", process->argv[0]);
    if (rc == ENOENT) {
        sg_err_hint(err, "install %s, or add its folder to PATH", process->argv[0]);
    }
    return -1;
}

/* The keys that interrupt go to every program of the terminal: while one has it, they are
 * its to answer. */
struct keys {
    struct sigaction interrupt, quit;
};

static void leave_keys(const struct sg_process *process, struct keys *before) {
    if (process->foreground) {
        const struct sigaction ignore = {.sa_handler = SIG_IGN};
        sigaction(SIGINT, &ignore, &before->interrupt);
        sigaction(SIGQUIT, &ignore, &before->quit);
    }
}

static void take_keys(const struct sg_process *process, const struct keys *before) {
    if (process->foreground) {
        sigaction(SIGINT, &before->interrupt, NULL);
        sigaction(SIGQUIT, &before->quit, NULL);
    }
}

int sg_process_run(const struct sg_process *process, int *status, struct sg_err *err) {
    struct streams s = {{-1, -1}, {-1, -1}, {-1, -1}};
    sigset_t block, before;
    pid_t pid = -1;
    /* A program that closes its input early must not kill us with SIGPIPE; the handler
     * of the process is not ours to change, so the signal is blocked and eaten. */
    sigemptyset(&block);
    sigaddset(&block, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &block, &before);
    struct keys keys;
    leave_keys(process, &keys);

    int rc = open_streams(process, &s, err);
    if (rc == 0) {
        int failed = spawn(process, &s, &before, &pid);
        rc = failed ? fail_to_start(process, failed, err) : 0;
    }
    close_end(&s.in.read);
    close_end(&s.out.write);
    close_end(&s.err.write);
    if (rc == 0) {
        int ended = (int)syscall(SYS_pidfd_open, pid, 0);
        rc = serve(process, &s, ended, err);
        close_end(&ended);
        streams_close(&s); /* before waiting: a writer must see that nobody reads */
        rc |= reap(pid, process->argv[0], status, err);
    }
    streams_close(&s);
    take_keys(process, &keys);
    if (!sigismember(&before, SIGPIPE)) {
        const struct timespec now = {0, 0};
        while (sigtimedwait(&block, NULL, &now) > 0) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc ? -1 : 0;
}
