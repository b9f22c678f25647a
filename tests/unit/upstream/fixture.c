#include "fixture.h"

#include "sg/process.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* libgit2 1.5.1 forgets PCRE2's match data whenever it looks for url.*.insteadOf in a
 * configuration; nothing else in these tests uses PCRE2. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libpcre2-8.so";
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw) {
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void set_in(const char *variable, const char *dir, const char *below) {
    sg_auto_cstr path = sg_xasprintf("%s%s", dir, below);
    setenv(variable, path, 1);
}

int fixture_setup(void **state) {
    struct fixture *f = sg_xcalloc(1, sizeof(*f));
    f->dir = sg_xasprintf("%s/upstream-XXXXXX", SG_TEST_TMP);
    if (!mkdtemp(f->dir)) {
        perror(f->dir);
        return -1;
    }
    f->repo = sg_xasprintf("%s/upstream.git", f->dir);
    sg_auto_cstr home = sg_xasprintf("%s/home", f->dir);
    mkdir(home, 0700);
    set_in("HOME", f->dir, "/home");
    set_in("XDG_CACHE_HOME", f->dir, "/cache");
    set_in("XDG_CONFIG_HOME", f->dir, "/home");
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("LC_ALL", "C", 1);
    unsetenv("GIT_CONFIG_COUNT");
    *state = f;
    return 0;
}

int fixture_teardown(void **state) {
    struct fixture *f = *state;
    nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    sg_buf_release(&f->script);
    free(f->repo);
    free(f->dir);
    free(f);
    return 0;
}

/* --- git -------------------------------------------------------------------------- */

static void run_git(const struct fixture *f, const char *const *argv, const char *in,
                    size_t in_len, struct sg_buf *out) {
    sg_auto_buf said = SG_BUF_INIT;
    struct sg_err err = {0};
    struct sg_process process = {
        .argv = argv, .in = in, .in_len = in_len, .out = out, .err = &said};
    int status = -1;
    (void)f;
    assert_ok(sg_process_run(&process, &status, &err), &err);
    if (status != 0) {
        fail_msg("git %s: %s", argv[3], sg_buf_cstr(&said));
    }
}

char *fixture_git(const struct fixture *f, ...) {
    SG_VEC(const char *) argv = {0};
    sg_vec_push(&argv, "git");
    sg_vec_push(&argv, "-C");
    sg_vec_push(&argv, f->repo);
    va_list args;
    va_start(args, f);
    do {
        sg_vec_push(&argv, va_arg(args, const char *));
    } while (argv.items[argv.len - 1]);
    va_end(args);
    struct sg_buf out = SG_BUF_INIT;
    run_git(f, argv.items, NULL, 0, &out);
    sg_vec_release(&argv);
    char *text = sg_buf_take(&out);
    size_t len = strlen(text);
    if (len > 0 && text[len - 1] == '\n') {
        text[len - 1] = '\0';
    }
    return text;
}

char *fixture_id(const struct fixture *f, const char *rev) {
    return fixture_git(f, "rev-parse", "--verify", rev, NULL);
}

static void who(struct fixture *f, const char *role) {
    sg_buf_addf(&f->script, "%s Upstream <upstream@example.com> %u +0000\n", role,
                1570000000u + f->commits * 86400u);
}

static void data(struct fixture *f, const char *text) {
    sg_buf_addf(&f->script, "data %zu\n%s\n", strlen(text), text);
}

/* A second import goes on where the first one ended. */
static void go_on(struct fixture *f) {
    if (f->script.len == 0 && f->commits > 0) {
        sg_buf_adds(&f->script, "reset refs/heads/main\nfrom refs/heads/main^0\n\n");
    }
}

void fixture_commit(struct fixture *f, const char *subject) {
    go_on(f);
    f->commits++;
    sg_buf_adds(&f->script, "commit refs/heads/main\n");
    who(f, "committer");
    data(f, subject);
}

void fixture_file(struct fixture *f, const char *path, unsigned mode, const char *text) {
    if (!text) {
        sg_buf_addf(&f->script, "D %s\n", path);
    } else if (mode == 0160000) {
        sg_buf_addf(&f->script, "M 160000 %s %s\n", text, path);
    } else {
        sg_buf_addf(&f->script, "M %o inline %s\n", mode, path);
        data(f, text);
    }
}

void fixture_tag(struct fixture *f, const char *name) {
    go_on(f);
    sg_buf_addf(&f->script, "tag %s\nfrom refs/heads/main\n", name);
    who(f, "tagger");
    data(f, name);
}

void fixture_light_tag(struct fixture *f, const char *name) {
    go_on(f);
    sg_buf_addf(&f->script, "reset refs/tags/%s\nfrom refs/heads/main\n\n", name);
}

void fixture_import(struct fixture *f) {
    if (access(f->repo, F_OK) != 0) {
        mkdir(f->repo, 0700);
        free(fixture_git(f, "init", "--quiet", "--bare", "-b", "main", NULL));
    }
    const char *const argv[] = {"git",     "-C",      f->repo, "fast-import",
                                "--quiet", "--force", NULL};
    run_git(f, argv, sg_buf_cstr(&f->script), f->script.len, NULL);
    sg_buf_clear(&f->script);
}

void fixture_two_releases(struct fixture *f) {
    fixture_commit(f, "first release");
    fixture_file(f, "base/app.yaml", 0100644, "kind: Deployment\nreplicas: 1\n");
    fixture_file(f, "base/kustomization.yaml", 0100644, "resources: [app.yaml]\n");
    fixture_file(f, "base/run.sh", 0100755, "#!/bin/sh\n");
    fixture_file(f, "other/README.md", 0100644, "hello\n");
    fixture_tag(f, "v1.0.0");
    fixture_commit(f, "app: two replicas");
    fixture_file(f, "base/app.yaml", 0100644, "kind: Deployment\nreplicas: 2\n");
    fixture_tag(f, "v1.1.0");
    fixture_import(f);
}

void fixture_write(const struct fixture *f, const char *name, const char *text) {
    sg_auto_cstr path = sg_xasprintf("%s/%s", f->dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

void fixture_serve(const struct fixture *f) {
    sg_auto_cstr text =
        sg_xasprintf("[url \"file://%s\"]\n\tinsteadOf = %s\n", f->repo, FIXTURE_URL);
    fixture_write(f, "home/.gitconfig", text);
}

void fixture_serve_to_git_only(const struct fixture *f) {
    sg_auto_cstr key = sg_xasprintf("url.file://%s.insteadOf", f->repo);
    setenv("GIT_CONFIG_COUNT", "1", 1);
    setenv("GIT_CONFIG_KEY_0", key, 1);
    setenv("GIT_CONFIG_VALUE_0", FIXTURE_URL, 1);
}

void fixture_unserve(const struct fixture *f) {
    fixture_write(f, "home/.gitconfig", "");
    unsetenv("GIT_CONFIG_COUNT");
}

/* --- opening and asserting -------------------------------------------------------- */

struct sg_upstream *fixture_open(const struct fixture *f, const char *url, bool offline) {
    struct sg_err err = {0};
    struct sg_upstream_opts opts = {.url = url ? url : f->repo, .offline = offline};
    struct sg_upstream *up = sg_upstream_open(&opts, &err);
    assert_ok(up ? 0 : -1, &err);
    return up;
}

struct sg_err fixture_open_fails(const char *url) {
    struct sg_err err = {0};
    struct sg_upstream_opts opts = {.url = url};
    assert_null(sg_upstream_open(&opts, &err));
    return err;
}

void assert_holds(const char *text, const char *part) {
    if (!strstr(text, part)) {
        fail_msg("\"%s\" does not hold \"%s\"", text, part);
    }
}

void assert_error(const struct sg_err *err, enum sg_code code, const char *part,
                  const char *hint_part) {
    assert_holds(err->text, part);
    assert_holds(err->hint, hint_part);
    assert_int_equal(err->code, code);
    assert_null(strchr(err->text, '\n'));
    assert_string_not_equal(err->hint, "");
}

void assert_ok_at(int rc, const struct sg_err *err, const char *file, int line) {
    if (rc) {
        print_error("%s:%d: %s (%s)\n", file, line, err->text, err->hint);
        fail();
    }
}
