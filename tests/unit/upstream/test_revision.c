/* test_revision.c - what a user's word for a revision is, here and behind a URL. */
#include "fixture.h"

#include <string.h>

#include "sg/upstream.h"

/* What base/app.yaml holds at a revision; its id is compared with git's. */
static void assert_revision(const struct fixture *f, const char *url, const char *name,
                            const char *text) {
    struct sg_err err = {0};
    struct sg_revision found = {0};
    struct sg_upstream_remotes *remotes =
        sg_upstream_remotes_new(&(struct sg_upstream_opts){.dir = f->dir});
    assert_ok(sg_upstream_revision(remotes, url, name, "base", &found, &err), &err);
    sg_upstream_remotes_free(remotes);
    sg_auto_buf got = SG_BUF_INIT;
    assert_ok(sg_fs_read(found.fs, "app.yaml", &got, &err), &err);
    assert_string_equal(sg_buf_cstr(&got), text);
    assert_int_equal(strlen(found.commit), SG_GIT_HEX);
    sg_revision_release(&found);
}

static void assert_no_revision(const struct fixture *f, const char *url, const char *name,
                               const char *part, const char *hint) {
    struct sg_err err = {0};
    struct sg_revision found = {0};
    struct sg_upstream_remotes *remotes =
        sg_upstream_remotes_new(&(struct sg_upstream_opts){.dir = f->dir});
    assert_int_equal(sg_upstream_revision(remotes, url, name, "base", &found, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, part, hint);
    assert_null(strstr(err.text, "upstream "));
    assert_null(strstr(err.hint, "upstream."));
    sg_revision_release(&found);
    sg_upstream_remotes_free(remotes);
}

static const char one[] = "kind: Deployment\nreplicas: 1\n";
static const char two[] = "kind: Deployment\nreplicas: 2\n";

static void a_revision_here_is_what_git_says(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr first = fixture_id(f, "v1.0.0^{commit}");
    sg_auto_cstr abbreviated = sg_xstrndup(first, 7);
    sg_auto_cstr url = sg_xasprintf("file://%s", f->repo);
    static const char *const older[] = {"v1.0.0", "main~1",   "HEAD^",
                                        "@~1",    "v1.1.0~1", "refs/tags/v1.0.0"};
    static const char *const newer[] = {"v1.1.0", "main", "HEAD", "@", "refs/heads/main"};
    for (size_t i = 0; i < SG_ARRAY_LEN(older); i++) {
        assert_revision(f, f->repo, older[i], one);
        assert_revision(f, url, older[i], one);
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(newer); i++) {
        assert_revision(f, f->repo, newer[i], two);
    }
    assert_revision(f, f->repo, first, one);
    assert_revision(f, f->repo, abbreviated, one);
}

/* The HEAD of a clone, and what its origin says, are two things. */
static void origin_is_asked_last_and_never_for_head(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    free(fixture_git(f, "branch", "older", "main~1", NULL));
    free(fixture_git(f, "clone", "-q", f->repo, "../clone", NULL));
    free(fixture_git(f, "-C", "../clone", "switch", "-q", "--detach", "v1.0.0", NULL));
    sg_auto_cstr clone = sg_xasprintf("%s/clone", f->dir);
    assert_revision(f, clone, "HEAD", one);
    assert_revision(f, clone, "main", two);
    assert_revision(f, clone, "origin/main", two);
    assert_revision(f, clone, "older", one); /* which only the origin has */
    free(fixture_git(f, "-C", "../clone", "switch", "-q", "--orphan", "none", NULL));
    assert_no_revision(f, clone, "HEAD", "\"HEAD\"", "ls-remote");
    assert_no_revision(f, clone, "HEAD~1", "\"HEAD~1\"", "ls-remote");
}

static void head_of_a_url_is_its_default_branch(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    fixture_serve(f);
    assert_revision(f, FIXTURE_URL, "HEAD", two);
    assert_revision(f, FIXTURE_URL, "main", two);
    assert_revision(f, FIXTURE_URL, "v1.0.0", one);
    assert_no_revision(f, FIXTURE_URL, "v9", "\"v9\"", "ls-remote");
}

static void what_is_not_there_names_no_setting(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    assert_no_revision(f, f->repo, "nothing", "\"nothing\"", "ls-remote");
    assert_no_revision(f, "home", "main", "home is not a git repository", ".git");
    struct sg_err err = {0};
    struct sg_revision found = {0};
    struct sg_upstream_remotes *remotes =
        sg_upstream_remotes_new(&(struct sg_upstream_opts){.dir = f->dir});
    assert_int_equal(
        sg_upstream_revision(remotes, f->repo, "main", "nowhere", &found, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, "no folder \"nowhere\"", "base");
    sg_revision_release(&found);
    sg_upstream_remotes_free(remotes);
}

static void the_host_of_a_url_ends(void **state) {
    (void)state;
    static const struct {
        const char *url;
        size_t end;
        const char *shown;
    } urls[] = {
        {"../fork", 0, "../fork"},
        {"fork@main", 0, "fork@main"},
        {"./git@host:x", 0, "./git@host:x"},
        {"git@host:x@main", 9, "git@host:x@main"},
        {"ssh://git@host/x@main", 14, "ssh://host/x@main"},
        {"https://me:word@host/x@main", 20, "https://host/x@main"},
        {"https://host", 12, "https://host"},
        {"git::https://me@host/x", 20, NULL},
        {"file:///x@main", 7, "file:///x@main"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(urls); i++) {
        sg_auto_cstr shown = sg_upstream_url_shown(urls[i].url);
        assert_int_equal(sg_upstream_url_host(urls[i].url), urls[i].end);
        if (urls[i].shown != NULL) {
            assert_string_equal(shown, urls[i].shown);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
        TEST(a_revision_here_is_what_git_says),
        TEST(origin_is_asked_last_and_never_for_head),
        TEST(head_of_a_url_is_its_default_branch),
        TEST(what_is_not_there_names_no_setting),
        TEST(the_host_of_a_url_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
