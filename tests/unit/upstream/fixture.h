/*
 * fixture.h - upstream repositories for these tests, made with the git program in a
 * folder of their own; names and dates are fixed, so commit ids are the same everywhere.
 */
#ifndef SG_TEST_UPSTREAM_FIXTURE_H
#define SG_TEST_UPSTREAM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/upstream.h"

struct fixture {
    char *dir;            /* holds home/, cache/ and the repositories */
    char *repo;           /* the upstream's path: dir/upstream.git */
    struct sg_buf script; /* for git fast-import */
    unsigned commits;
};

/* cmocka setup and teardown: `*state` is the fixture. HOME, XDG_CACHE_HOME and git's
 * configuration lead into its folder, so nothing of the machine's counts. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* A commit on branch main, one day after the one before; then its files. A NULL text
 * removes the path; mode 0160000 takes the text as a commit id. */
void fixture_commit(struct fixture *f, const char *subject);
void fixture_file(struct fixture *f, const char *path, unsigned mode, const char *text);
/* An annotated tag of the newest commit; a lightweight one. */
void fixture_tag(struct fixture *f, const char *name);
void fixture_light_tag(struct fixture *f, const char *name);
/* Runs what was written since the last import; the repository is made if it is missing.
 */
void fixture_import(struct fixture *f);
/* Two releases: v1.0.0 and v1.1.0 (annotated) with base/ and other/. Imported. */
void fixture_two_releases(struct fixture *f);

/* `git -C REPO ARGS…`, NULL-terminated; the test fails where git does. Its output without
 * the last line end, to be freed. */
char *fixture_git(const struct fixture *f, ...);
/* dir/NAME with these bytes. */
void fixture_write(const struct fixture *f, const char *name, const char *text);

/* Opens `url` (NULL: the repository's path). Must succeed. */
struct sg_upstream *fixture_open(const struct fixture *f, const char *url, bool offline);
/* The error of an open that must fail. */
struct sg_err fixture_open_fails(const char *url);
/* The commit id of a tag, to be freed. */
char *fixture_id(const struct fixture *f, const char *rev);

/* Makes the URL https://upstream.invalid/x.git lead to the repository: for libgit2 and
 * git (in ~/.gitconfig), or for git alone (in the environment). */
#define FIXTURE_URL "https://upstream.invalid/x.git"
void fixture_serve(const struct fixture *f);
void fixture_serve_to_git_only(const struct fixture *f);
void fixture_unserve(const struct fixture *f);

/* `text` holds `part`, else the test fails showing both. */
void assert_holds(const char *text, const char *part);
/* The error is as expected, on one line, and has a next step. */
void assert_error(const struct sg_err *err, enum sg_code code, const char *part,
                  const char *hint_part);
#define assert_ok(rc, err) assert_ok_at((rc), (err), __FILE__, __LINE__)
void assert_ok_at(int rc, const struct sg_err *err, const char *file, int line);

#endif
