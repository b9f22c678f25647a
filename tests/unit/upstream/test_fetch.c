/* Filling the cache: over libgit2, over the git program, from bundles; offline; damage.
 */
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t count_releases(struct sg_upstream *up) {
    struct sg_err err = {0};
    sg_auto_releases list = {0};
    assert_ok(sg_upstream_releases(up, &list, &err), &err);
    return list.items.len;
}

/* The path of the only cache, to be freed; `ending` ".git" or ".lock". */
static char *cache_path(const struct fixture *f, const char *ending) {
    sg_auto_cstr root = sg_xasprintf("%s/cache/sgupgrade", f->dir);
    DIR *dir = opendir(root);
    assert_non_null(dir);
    char *found = NULL;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot && strcmp(dot, ending) == 0) {
            assert_null(found);
            found = sg_xasprintf("%s/%s", root, entry->d_name);
        }
    }
    closedir(dir);
    assert_non_null(found);
    return found;
}

struct seen {
    size_t calls, objects, with_git, waiting;
};

static void see(void *ctx, const struct sg_upstream_progress *progress) {
    struct seen *seen = ctx;
    seen->calls++;
    if (progress->objects > seen->objects) {
        seen->objects = progress->objects;
    }
    seen->with_git += strcmp(progress->what, "fetching with git") == 0;
    seen->waiting += strcmp(progress->what, "waiting for another fetch") == 0;
}

static struct sg_upstream *open_seen(struct seen *seen) {
    struct sg_err err = {0};
    struct sg_upstream_opts opts = {
        .url = FIXTURE_URL, .progress = see, .progress_ctx = seen};
    struct sg_upstream *up = sg_upstream_open(&opts, &err);
    assert_ok(up ? 0 : -1, &err);
    return up;
}

/* --- fetching --------------------------------------------------------------------- */

static void test_fetch_fills_the_cache_and_goes_on(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    struct seen seen = {0};
    sg_auto_upstream up = open_seen(&seen);
    assert_true(sg_upstream_empty(up));
    assert_false(sg_upstream_local(up));
    assert_false(sg_upstream_current(up));
    assert_ok(sg_upstream_fetch(up, &err), &err);
    assert_true(sg_upstream_current(up));
    assert_false(sg_upstream_empty(up));
    assert_int_equal(count_releases(up), 2);
    assert_true(seen.calls > 0 && seen.objects > 0);
    assert_int_equal(seen.with_git, 0);

    /* a new release, one taken back, one moved */
    sg_auto_cstr old = fixture_id(f, "v1.0.0^{commit}");
    sg_auto_cstr moved = fixture_id(f, "v1.1.0^{commit}");
    fixture_commit(f, "third");
    fixture_file(f, "base/new.yaml", 0100644, "a: 1\n");
    fixture_tag(f, "v1.2.0");
    fixture_import(f);
    free(fixture_git(f, "tag", "--delete", "v1.0.0", NULL));
    free(fixture_git(f, "tag", "--force", "v1.1.0", "v1.2.0^{commit}", NULL));
    assert_int_equal(count_releases(up), 2); /* the cache is as it was */
    assert_ok(sg_upstream_pin(up, "v1.1.0", moved, &err), &err);
    assert_ok(sg_upstream_fetch(up, &err), &err);
    assert_int_equal(count_releases(up), 2);
    assert_int_equal(sg_upstream_pin(up, "v1.0.0", old, &err), -1);
    assert_error(&err, SG_E_PIN, "is gone", "must not change");
    sg_err_clear(&err);
    assert_int_equal(sg_upstream_pin(up, "v1.1.0", moved, &err), -1);
    assert_error(&err, SG_E_PIN, "moved", "must not change");
    /* what was taken back can still be rolled back to */
    sg_err_clear(&err);
    struct sg_commit commit;
    assert_ok(sg_upstream_commit(up, old, &commit, &err), &err);
}

static void test_fetch_falls_back_to_git(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve_to_git_only(f);
    struct sg_err err = {0};
    struct seen seen = {0};
    sg_auto_upstream up = open_seen(&seen);
    /* as in a git hook, whose variables must not lead git elsewhere */
    setenv("GIT_DIR", "/nonexistent", 1);
    setenv("GIT_OBJECT_DIRECTORY", "/nonexistent/objects", 1);
    int rc = sg_upstream_fetch(up, &err);
    unsetenv("GIT_DIR");
    unsetenv("GIT_OBJECT_DIRECTORY");
    assert_ok(rc, &err);
    assert_int_equal(seen.with_git, 1);
    assert_int_equal(count_releases(up), 2);
    free(fixture_git(f, "tag", "--delete", "v1.0.0", NULL));
    assert_ok(sg_upstream_fetch(up, &err), &err);
    assert_int_equal(count_releases(up), 1);
}

static void test_fetch_that_fails_keeps_the_cache(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
    assert_ok(sg_upstream_fetch(up, &err), &err);
    fixture_unserve(f);
    sg_auto_upstream again = fixture_open(f, FIXTURE_URL, false);
    assert_int_equal(sg_upstream_fetch(again, &err), -1);
    assert_error(&err, SG_E_NET, "cannot fetch " FIXTURE_URL, "--offline");
    assert_holds(err.text, "; git: ");
    assert_false(sg_upstream_current(again));
    assert_int_equal(count_releases(again), 2);
}

static void test_fetch_without_git_says_so(void **state) {
    struct fixture *f = *state;
    sg_auto_cstr path = sg_xstrdup(getenv("PATH"));
    struct sg_err err = {0};
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
    setenv("PATH", "/nonexistent", 1);
    int rc = sg_upstream_fetch(up, &err);
    setenv("PATH", path, 1);
    assert_int_equal(rc, -1);
    assert_error(&err, SG_E_NET, "the git program cannot be asked", "ls-remote");
}

static void test_credentials_are_never_shown(void **state) {
    struct fixture *f = *state;
    struct sg_err err = {0};
    sg_auto_upstream up =
        fixture_open(f, "https://me:s3cr3t@upstream.invalid/x.git", false);
    assert_string_equal(sg_upstream_shown(up), "https://upstream.invalid/x.git");
    assert_int_equal(sg_upstream_fetch(up, &err), -1);
    assert_null(strstr(err.text, "s3cr3t"));
    assert_null(strstr(err.hint, "s3cr3t"));
    sg_auto_cstr cache = cache_path(f, ".git");
    sg_auto_cstr grep = sg_xasprintf("grep -rqs s3cr3t '%s'", cache);
    assert_int_not_equal(system(grep), 0); /* nor written to the cache */
}

/* --- offline ---------------------------------------------------------------------- */

static void test_offline_uses_the_cache_only(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    sg_auto_upstream cold = fixture_open(f, FIXTURE_URL, true);
    sg_auto_releases list = {0};
    assert_int_equal(sg_upstream_releases(cold, &list, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, "nothing of " FIXTURE_URL, "--bundle");
    sg_err_clear(&err);
    assert_int_equal(sg_upstream_fetch(cold, &err), -1);
    assert_error(&err, SG_E_NET, "offline", "without --offline");
    sg_auto_cstr root = sg_xasprintf("%s/cache", f->dir);
    assert_int_not_equal(access(root, F_OK), 0); /* and made nothing */

    sg_err_clear(&err);
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
    assert_ok(sg_upstream_fetch(up, &err), &err);
    sg_auto_upstream warm = fixture_open(f, FIXTURE_URL, true);
    assert_int_equal(count_releases(warm), 2);
    struct sg_version v = {.major = 7};
    struct sg_commit commit;
    assert_int_equal(sg_upstream_release(warm, &v, &commit, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, "no release 7.0.0", "`sgupgrade fetch`");
}

/* --- bundles ---------------------------------------------------------------------- */

static void test_bundle_fills_the_cache(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr bundle = sg_xasprintf("%s/all.bundle", f->dir);
    free(fixture_git(f, "bundle", "create", "--quiet", bundle, "--tags", NULL));
    struct sg_err err = {0};
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, true);
    assert_ok(sg_upstream_fetch_bundle(up, bundle, &err), &err);
    assert_int_equal(count_releases(up), 2);
    assert_false(sg_upstream_current(up)); /* a bundle is not what upstream says now */

    /* one that holds only what is new */
    fixture_commit(f, "third");
    fixture_file(f, "base/new.yaml", 0100644, "a: 1\n");
    fixture_tag(f, "v1.2.0");
    fixture_import(f);
    sg_auto_cstr more = sg_xasprintf("%s/more.bundle", f->dir);
    free(fixture_git(f, "bundle", "create", "--quiet", more, "v1.1.0..v1.2.0", NULL));
    assert_ok(sg_upstream_fetch_bundle(up, more, &err), &err);
    assert_int_equal(count_releases(up), 3);
}

static void test_bundle_errors(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    struct sg_err err = {0};
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, true);
    assert_int_equal(sg_upstream_fetch_bundle(up, "no/such.bundle", &err), -1);
    assert_error(&err, SG_E_IO, "bundle no/such.bundle", "path");
    sg_err_clear(&err);
    fixture_write(f, "bad.bundle", "this is no bundle\n");
    sg_auto_cstr bad = sg_xasprintf("%s/bad.bundle", f->dir);
    assert_int_equal(sg_upstream_fetch_bundle(up, bad, &err), -1);
    assert_error(&err, SG_E_INPUT, "cannot read bundle", "git bundle create");
    /* what it builds upon is not here */
    sg_err_clear(&err);
    sg_auto_cstr thin = sg_xasprintf("%s/thin.bundle", f->dir);
    free(fixture_git(f, "bundle", "create", "--quiet", thin, "v1.0.0..v1.1.0", NULL));
    assert_int_equal(sg_upstream_fetch_bundle(up, thin, &err), -1);
    assert_error(&err, SG_E_INPUT, "prerequisite", "git bundle verify");
    assert_true(sg_upstream_empty(up));
}

/* --- the cache folder ------------------------------------------------------------- */

static void test_half_made_cache_is_completed(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    {
        sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
        assert_ok(sg_upstream_fetch(up, &err), &err);
    }
    sg_auto_cstr cache = cache_path(f, ".git");
    sg_auto_cstr head = sg_xasprintf("%s/HEAD", cache);
    assert_int_equal(unlink(head), 0);
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
    assert_true(sg_upstream_empty(up));
    assert_ok(sg_upstream_fetch(up, &err), &err);
    assert_int_equal(count_releases(up), 2);
}

static void test_damaged_cache_names_the_way_out(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    {
        sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
        assert_ok(sg_upstream_fetch(up, &err), &err);
    }
    sg_auto_cstr cache = cache_path(f, ".git");
    sg_auto_cstr wipe = sg_xasprintf(
        "rm -rf '%s'/objects/pack '%s'/objects/[0-9a-f][0-9a-f]", cache, cache);
    assert_int_equal(system(wipe), 0);
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, true);
    struct sg_version v = {.major = 1, .minor = 1};
    struct sg_commit commit;
    assert_int_equal(sg_upstream_release(up, &v, &commit, &err), -1);
    assert_error(&err, SG_E_IO, "tag v1.1.0", "remove the damaged cache");
}

static void test_fetch_into_a_damaged_cache(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    {
        sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
        assert_ok(sg_upstream_fetch(up, &err), &err);
    }
    sg_auto_cstr cache = cache_path(f, ".git");
    sg_auto_cstr refs = sg_xasprintf("%s/packed-refs", cache);
    assert_int_equal(truncate(refs, 60), 0);
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
    assert_int_equal(sg_upstream_fetch(up, &err), -1);
    assert_error(&err, SG_E_IO, "is damaged", "remove it and run the command again");
}

static void test_cache_folder_that_cannot_be_made(void **state) {
    struct fixture *f = *state;
    fixture_write(f, "file", "");
    sg_auto_cstr cache = sg_xasprintf("%s/file", f->dir);
    setenv("XDG_CACHE_HOME", cache, 1);
    struct sg_err err = {0};
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
    assert_int_equal(sg_upstream_fetch(up, &err), -1);
    assert_error(&err, SG_E_IO, "cannot make the cache folder", "XDG_CACHE_HOME");
}

static void test_cache_is_private(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, false);
    assert_ok(sg_upstream_fetch(up, &err), &err);
    sg_auto_cstr cache = cache_path(f, ".git");
    struct stat st;
    assert_int_equal(stat(cache, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
}

/* --- beside one another ----------------------------------------------------------- */

static void test_fetch_waits_for_the_lock(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    struct sg_err err = {0};
    struct seen seen = {0};
    sg_auto_upstream up = open_seen(&seen);
    assert_ok(sg_upstream_fetch(up, &err), &err);
    sg_auto_cstr lock = cache_path(f, ".lock");
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t holder = fork();
    if (holder == 0) {
        int fd = open(lock, O_RDWR);
        _exit(fd < 0 || flock(fd, LOCK_EX) || write(ready[1], "", 1) != 1 ||
              usleep(200 * 1000));
    }
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_ok(sg_upstream_fetch(up, &err), &err);
    assert_int_equal(seen.waiting, 1);
    int status;
    assert_int_equal(waitpid(holder, &status, 0), holder);
    assert_int_equal(status, 0);
    close(ready[0]);
    close(ready[1]);
}

static void test_many_fetches_at_once(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    enum { MANY = 6 };
    pid_t children[MANY];
    for (size_t i = 0; i < MANY; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct sg_err err = {0};
            struct sg_upstream_opts opts = {.url = FIXTURE_URL};
            struct sg_upstream *up = sg_upstream_open(&opts, &err);
            int rc = up ? sg_upstream_fetch(up, &err) : -1;
            sg_upstream_free(up);
            _exit(rc ? 1 : 0);
        }
    }
    for (size_t i = 0; i < MANY; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    sg_auto_upstream up = fixture_open(f, FIXTURE_URL, true);
    assert_int_equal(count_releases(up), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
        TEST(test_fetch_fills_the_cache_and_goes_on),
        TEST(test_fetch_falls_back_to_git),
        TEST(test_fetch_that_fails_keeps_the_cache),
        TEST(test_fetch_without_git_says_so),
        TEST(test_credentials_are_never_shown),
        TEST(test_offline_uses_the_cache_only),
        TEST(test_bundle_fills_the_cache),
        TEST(test_bundle_errors),
        TEST(test_half_made_cache_is_completed),
        TEST(test_damaged_cache_names_the_way_out),
        TEST(test_fetch_into_a_damaged_cache),
        TEST(test_cache_folder_that_cannot_be_made),
        TEST(test_cache_is_private),
        TEST(test_fetch_waits_for_the_lock),
        TEST(test_many_fetches_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
