/* test_remote_url.c - kustomize's notation of remote bases. */
#include "stage.h"

#include "sg/remote_url.h"

static const struct {
    const char *text, *repo, *path, *ref; /* repo NULL: no repository */
    bool bare; /* nothing in it says git: it may be a file of the web */
} cases[] = {
    {"https://github.com/org/repo", "https://github.com/org/repo", "", "", true},
    {"https://github.com/org/repo//a/b?ref=v1", "https://github.com/org/repo", "a/b",
     "v1", false},
    {"https://github.com/org/repo/a/b/?ref=v1", "https://github.com/org/repo", "a/b",
     "v1", false},
    {"https://github.com/org/repo.git//a?timeout=9&ref=main",
     "https://github.com/org/repo.git", "a", "main", false},
    {"github.com/org/repo//base?version=v2", "https://github.com/org/repo", "base", "v2",
     false},
    {"git@github.com:org/repo.git//x", "git@github.com:org/repo.git", "x", "", false},
    {"ssh://git@host:22/org/repo.git//x?ref=a", "ssh://git@host:22/org/repo.git", "x",
     "a", false},
    {"git::https://host/org/repo//x", "https://host/org/repo", "x", "", false},
    {"file:///srv/repo.git//x?ref=v3", "file:///srv/repo.git", "x", "v3", false},
    {"https://host/repo//x?ref=v1", "https://host/repo", "x", "v1", false},
    {"https://host/repo.git", "https://host/repo.git", "", "", false},
    {"https://host/repo?ref=v1", NULL, NULL, NULL, false},
    {"https://host/files/app.yaml", "https://host/files/app.yaml", "", "", true},
    {"https://host/app.yaml", NULL, NULL, NULL, false},
    {"../base", NULL, NULL, NULL, false},
    {"base/github.com", NULL, NULL, NULL, false},
    {"service.yaml", NULL, NULL, NULL, false},
    {"github.com", NULL, NULL, NULL, false},
};

static void test_urls(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        struct sg_remote_url url = {0};
        bool remote = sg_remote_url_parse(cases[i].text, &url);
        if (remote != (cases[i].repo != NULL)) {
            fail_msg("%s is %s", cases[i].text, remote ? "remote" : "local");
        }
        if (remote) {
            assert_string_equal(url.repo, cases[i].repo);
            assert_string_equal(url.path, cases[i].path);
            assert_string_equal(url.ref, cases[i].ref);
            assert_int_equal(url.marked, !cases[i].bare);
        }
        sg_remote_url_release(&url);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_urls)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
