/* Opening repositories, tags as releases, commits, pins. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_open_refuses(void **state) {
    struct fixture *f = *state;
    struct sg_err err = fixture_open_fails("");
    assert_error(&err, SG_E_INPUT, "is empty", "upstream.url");
    err = fixture_open_fails("--upload-pack=touch x");
    assert_error(&err, SG_E_INPUT, "starts with \"-\"", "./");
    err = fixture_open_fails("ext::sh -c true");
    assert_error(&err, SG_E_INPUT, "helper program", "https://");
    err = fixture_open_fails("htps://example.com/x");
    assert_error(&err, SG_E_INPUT, "\"htps\"", "did you mean https://example.com/x?");
    err = fixture_open_fails("https://example.com/\nx");
    assert_error(&err, SG_E_INPUT, "control character", "line breaks");
    err = fixture_open_fails("file://host/x");
    assert_error(&err, SG_E_INPUT, "another host", "file:///");

    sg_auto_cstr missing = sg_xasprintf("%s/nowhere", f->dir);
    err = fixture_open_fails(missing);
    assert_error(&err, SG_E_IO, "nowhere: No such file", "upstream.url");
    err = fixture_open_fails(f->dir);
    assert_error(&err, SG_E_NOTFOUND, "is not a git repository", ".git");
    fixture_write(f, "x.bundle", "no repository\n");
    sg_auto_cstr file = sg_xasprintf("%s/x.bundle", f->dir);
    err = fixture_open_fails(file);
    assert_error(&err, SG_E_NOTFOUND, "is not a git repository", "--bundle");

    struct sg_upstream_opts opts = {.url = f->repo, .tag = "release"};
    memset(&err, 0, sizeof(err));
    assert_null(sg_upstream_open(&opts, &err));
    assert_error(&err, SG_E_INPUT, "\"release\"", "v{version}");
}

static void test_open_needs_a_cache_place(void **state) {
    (void)state;
    sg_auto_cstr home = sg_xstrdup(getenv("HOME"));
    sg_auto_cstr cache = sg_xstrdup(getenv("XDG_CACHE_HOME"));
    unsetenv("HOME");
    setenv("XDG_CACHE_HOME", "relative", 1);
    struct sg_err err = fixture_open_fails("https://example.com/x.git");
    assert_error(&err, SG_E_IO, "no place for the cache", "XDG_CACHE_HOME");
    setenv("HOME", home, 1);
    setenv("XDG_CACHE_HOME", cache, 1);
}

static void test_open_explains_the_owner_check(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    if (geteuid() != 0 || chown(f->repo, 12345, 12345) != 0) {
        print_message("skipped: only root can give a folder away\n");
        skip();
    }
    struct sg_err err = fixture_open_fails(f->repo);
    assert_error(&err, SG_E_IO, "belongs to another user", "safe.directory");
}

/* A worktree, a relative path and a file:// URL with an escape lead to the same tags. */
static void test_open_local_forms(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr work = sg_xasprintf("%s/work tree", f->dir);
    free(fixture_git(f, "worktree", "add", "--quiet", "--detach", work, "v1.0.0", NULL));
    sg_auto_cstr url = sg_xasprintf("file://%s/work%%20tree", f->dir);
    const char *const urls[] = {work, url, "upstream.git"};
    for (size_t i = 0; i < SG_ARRAY_LEN(urls); i++) {
        struct sg_err err = {0};
        struct sg_upstream_opts opts = {.url = urls[i], .dir = f->dir};
        sg_auto_upstream up = sg_upstream_open(&opts, &err);
        assert_ok(up ? 0 : -1, &err);
        sg_auto_releases list = {0};
        assert_ok(sg_upstream_releases(up, &list, &err), &err);
        assert_int_equal(list.items.len, 2);
        assert_true(sg_upstream_local(up) && sg_upstream_current(up));
        assert_false(sg_upstream_empty(up));
        assert_ok(sg_upstream_fetch(up, &err), &err);
        assert_int_equal(sg_upstream_fetch_bundle(up, "x", &err), -1);
        assert_error(&err, SG_E_USAGE, "read in place", "upstream.url");
    }
}

static void test_releases_are_tags_of_the_pattern(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_light_tag(f, "v1.0.10");
    fixture_light_tag(f, "v1.0.9-2");
    fixture_light_tag(f, "v1.0.9-rc.1");
    fixture_light_tag(f, "v1.0.09"); /* not how 1.0.9 is written */
    fixture_light_tag(f, "v1.2");    /* no release version */
    fixture_light_tag(f, "1.5.0");   /* another pattern */
    fixture_light_tag(f, "nightly");
    fixture_import(f);
    sg_auto_cstr blob = fixture_id(f, "v1.0.0:base/app.yaml");
    free(fixture_git(f, "tag", "v9.0.0", blob, NULL)); /* leads to no commit */

    sg_auto_upstream up = fixture_open(f, NULL, false);
    struct sg_err err = {0};
    sg_auto_releases list = {0};
    assert_ok(sg_upstream_releases(up, &list, &err), &err);
    static const char *const expected[] = {"v1.0.0", "v1.0.9-rc.1", "v1.0.9-2", "v1.0.10",
                                           "v1.1.0"};
    assert_int_equal(list.items.len, SG_ARRAY_LEN(expected));
    for (size_t i = 0; i < list.items.len; i++) {
        assert_string_equal(list.items.items[i].tag, expected[i]);
    }
    sg_auto_cstr id = fixture_id(f, "v1.1.0^{commit}");
    assert_string_equal(list.items.items[4].commit, id);
    sg_auto_cstr tag_object = fixture_id(f, "v1.1.0");
    assert_string_not_equal(list.items.items[4].commit, tag_object);
}

static void test_release_tells_commit_and_date(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_upstream up = fixture_open(f, NULL, true);
    struct sg_err err = {0};
    struct sg_version v = {.major = 1, .minor = 1};
    struct sg_commit commit;
    assert_ok(sg_upstream_release(up, &v, &commit, &err), &err);
    sg_auto_cstr id = fixture_id(f, "v1.1.0^{commit}");
    assert_string_equal(commit.id, id);
    assert_string_equal(commit.tag, "v1.1.0");
    assert_string_equal(commit.subject, "app: two replicas");
    assert_int_equal(commit.time, 1570000000 + 2 * 86400);
    assert_string_equal(commit.date, "2019-10-04T07:06:40Z");

    v.patch = 5;
    assert_int_equal(sg_upstream_release(up, &v, &commit, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, "no release 1.1.5 (tag v1.1.5)",
                 "the nearest: 1.1.0;");
    sg_err_clear(&err);
    v = (struct sg_version){.major = 1, .patch = 1};
    assert_int_equal(sg_upstream_release(up, &v, &commit, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, "no release 1.0.1", "1.0.0, 1.1.0");

    sg_err_clear(&err);
    assert_int_equal(sg_upstream_commit(up, "abc", &commit, &err), -1);
    assert_int_equal(err.code, SG_E_INPUT);
    sg_err_clear(&err);
    assert_int_equal(
        sg_upstream_commit(up, "0123456789012345678901234567890123456789", &commit, &err),
        -1);
    assert_error(&err, SG_E_NOTFOUND, "has no commit 012345678901", "upstream.url");
}

static void test_no_tag_matches(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    struct sg_err err = {0};
    struct sg_upstream_opts opts = {.url = f->repo, .tag = "release-{version}"};
    sg_auto_upstream up = sg_upstream_open(&opts, &err);
    struct sg_version v = {.major = 1};
    struct sg_commit commit;
    assert_int_equal(sg_upstream_release(up, &v, &commit, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, "tag release-1.0.0", "release-{version}");
}

static void test_pin_sees_a_moved_tag(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr old = fixture_id(f, "v1.0.0^{commit}");
    sg_auto_upstream up = fixture_open(f, NULL, false);
    struct sg_err err = {0};
    assert_ok(sg_upstream_pin(up, "v1.0.0", old, &err), &err);
    free(fixture_git(f, "tag", "--force", "v1.0.0", "v1.1.0^{commit}", NULL));
    assert_int_equal(sg_upstream_pin(up, "v1.0.0", old, &err), -1);
    assert_error(&err, SG_E_PIN, "tag v1.0.0", "must not change");
    sg_err_clear(&err);
    free(fixture_git(f, "tag", "--delete", "v1.0.0", NULL));
    assert_int_equal(sg_upstream_pin(up, "v1.0.0", old, &err), -1);
    assert_error(&err, SG_E_PIN, "is gone", "versions");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
        TEST(test_open_refuses),
        TEST(test_open_needs_a_cache_place),
        TEST(test_open_explains_the_owner_check),
        TEST(test_open_local_forms),
        TEST(test_releases_are_tags_of_the_pattern),
        TEST(test_release_tells_commit_and_date),
        TEST(test_no_tag_matches),
        TEST(test_pin_sees_a_moved_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
