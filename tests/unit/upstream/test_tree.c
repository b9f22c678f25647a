/* Trees as file systems, vendored files, git ids of files that are in no repository. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct sg_fs *tree(struct sg_upstream *up, const char *id, const char *path) {
    struct sg_err err = {0};
    struct sg_fs *fs = sg_upstream_tree(up, id, path, "v1:", &err);
    assert_ok(fs ? 0 : -1, &err);
    return fs;
}

static void assert_reads(const struct sg_fs *fs, const char *path, const char *text) {
    struct sg_err err = {0};
    sg_auto_buf out = SG_BUF_INIT;
    assert_ok(sg_fs_read(fs, path, &out, &err), &err);
    assert_string_equal(sg_buf_cstr(&out), text);
}

static void assert_type(const struct sg_fs *fs, const char *path, enum sg_fs_type type,
                        const char *real) {
    struct sg_err err = {0};
    enum sg_fs_type found = SG_FS_NONE;
    sg_auto_buf at = SG_BUF_INIT;
    assert_ok(sg_fs_stat(fs, path, &found, &at, &err), &err);
    assert_int_equal(found, type);
    if (real) {
        assert_string_equal(sg_buf_cstr(&at), real);
    }
}

/* --- the file system -------------------------------------------------------------- */

static void test_tree_reads_a_release(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr first = fixture_id(f, "v1.0.0^{commit}");
    sg_auto_cstr second = fixture_id(f, "v1.1.0^{commit}");
    struct sg_upstream *up = fixture_open(f, NULL, true);
    sg_auto_fs old = tree(up, first, "base");
    sg_auto_fs new = tree(up, second, "");
    sg_upstream_free(up); /* the trees stay */
    assert_reads(old, "app.yaml", "kind: Deployment\nreplicas: 1\n");
    assert_reads(new, "base/app.yaml", "kind: Deployment\nreplicas: 2\n");
    assert_type(new, "", SG_FS_DIR, "");
    assert_type(new, "base", SG_FS_DIR, "base");
    assert_type(new, "base/nothing", SG_FS_NONE, NULL);
    assert_type(new, "base/app.yaml/below", SG_FS_NONE, NULL);

    struct sg_err err = {0};
    sg_auto_buf out = SG_BUF_INIT;
    assert_int_equal(sg_fs_read(new, "base/nothing", &out, &err), -1);
    assert_string_equal(err.text, "v1:base/nothing does not exist");
    assert_int_equal(err.code, SG_E_NOTFOUND);
    sg_err_clear(&err);
    assert_int_equal(sg_fs_read(new, "base", &out, &err), -1);
    assert_string_equal(err.text, "v1:base is a folder, expected a file");
    sg_err_clear(&err);
    sg_auto_fs_list list = {0};
    assert_int_equal(sg_fs_readdir(new, "base/app.yaml", &list, &err), -1);
    assert_string_equal(err.text, "v1:base/app.yaml is a file, expected a folder");
}

static void test_tree_lists_in_byte_order(void **state) {
    struct fixture *f = *state;
    fixture_commit(f, "x");
    fixture_file(f, "a/x", 0100644, "1"); /* git orders a/ after a-b and a.b */
    fixture_file(f, "a-b", 0100644, "1");
    fixture_file(f, "a.b", 0100755, "1");
    fixture_file(f, "link", 0120000, "a/x");
    fixture_file(f, "out", 0120000, "../x");
    fixture_import(f);
    sg_auto_cstr id = fixture_id(f, "main");
    sg_auto_upstream up = fixture_open(f, NULL, true);
    sg_auto_fs fs = tree(up, id, "");
    struct sg_err err = {0};
    sg_auto_fs_list list = {0};
    assert_ok(sg_fs_readdir(fs, "", &list, &err), &err);
    static const char *const names[] = {"a", "a-b", "a.b", "link", "out"};
    assert_int_equal(list.entries.len, SG_ARRAY_LEN(names));
    const struct sg_fs_entry *entries = list.entries.items;
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        assert_string_equal(entries[i].name, names[i]);
    }
    assert_int_equal(entries[0].type, SG_FS_DIR);
    assert_true(entries[2].exec && !entries[1].exec);
    assert_true(entries[3].link && entries[3].type == SG_FS_FILE);
    assert_string_equal(entries[3].target, "a/x");
    assert_true(entries[4].link && entries[4].type == SG_FS_NONE);
}

static void test_tree_follows_links_inside(void **state) {
    struct fixture *f = *state;
    fixture_commit(f, "x");
    fixture_file(f, "base/real/x", 0100644, "here");
    fixture_file(f, "base/file", 0120000, "real/x");
    fixture_file(f, "base/dir", 0120000, "./real");
    fixture_file(f, "base/deep/up", 0120000, "../dir/../dir/x");
    fixture_file(f, "base/deep/top", 0120000, "..");
    fixture_file(f, "base/loop", 0120000, "loop");
    fixture_file(f, "base/broken", 0120000, "nowhere/at/all");
    fixture_file(f, "base/absolute", 0120000, "/etc/passwd");
    fixture_file(f, "base/out", 0120000, "../secret");
    fixture_file(f, "secret", 0100644, "no");
    fixture_import(f);
    sg_auto_cstr id = fixture_id(f, "main");
    sg_auto_upstream up = fixture_open(f, NULL, true);
    sg_auto_fs fs = tree(up, id, "base");
    assert_reads(fs, "file", "here");
    assert_reads(fs, "dir/x", "here");
    assert_reads(fs, "deep/up", "here");
    assert_reads(fs, "deep/top/file", "here");
    assert_type(fs, "deep/up", SG_FS_FILE, "real/x");
    assert_type(fs, "dir", SG_FS_DIR, "real");
    assert_type(fs, "deep/top", SG_FS_DIR, "");
    assert_type(fs, "broken", SG_FS_NONE, NULL);
    static const char *const leaving[] = {"out", "absolute", "loop"};
    for (size_t i = 0; i < SG_ARRAY_LEN(leaving); i++) {
        struct sg_err err = {0};
        sg_auto_buf out = SG_BUF_INIT;
        assert_int_equal(sg_fs_read(fs, leaving[i], &out, &err), -1);
        assert_error(&err, SG_E_INPUT, "symbolic link", "");
        assert_holds(err.text, leaving[i]);
    }
    sg_auto_fs wide = tree(up, id, "."); /* where both ends are inside */
    assert_reads(wide, "base/out", "no");
}

static void test_tree_of_what_is_not_there(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr id = fixture_id(f, "v1.0.0^{commit}");
    sg_auto_upstream up = fixture_open(f, NULL, true);
    struct sg_err err = {0};
    assert_null(sg_upstream_tree(up, id, "kubernetes/base", NULL, &err));
    assert_error(&err, SG_E_NOTFOUND, "no folder \"kubernetes/base\"", "base, other");
    sg_err_clear(&err);
    assert_null(sg_upstream_tree(up, id, "base/app.yaml", NULL, &err));
    assert_error(&err, SG_E_INPUT, "is not a folder", "folder");
    sg_err_clear(&err);
    assert_null(sg_upstream_tree(up, id, "../base", NULL, &err));
    assert_int_equal(err.code, SG_E_INPUT);
    sg_err_clear(&err);
    assert_null(
        sg_upstream_tree(up, "1111111111111111111111111111111111111111", "", NULL, &err));
    assert_error(&err, SG_E_NOTFOUND, "has no commit 111111111111", "upstream.url");
}

/* --- ids -------------------------------------------------------------------------- */

static void test_ids_are_those_of_git(void **state) {
    struct fixture *f = *state;
    fixture_commit(f, "x");
    fixture_file(f, "base/a/x.yaml", 0100644, "1\r\n");
    fixture_file(f, "base/a-b.yaml", 0100755, "2\n");
    fixture_file(f, "base/a.yaml", 0120000, "a/x.yaml");
    fixture_file(f, "base/a0/deep/er/y", 0100644, "");
    fixture_file(f, "base/A/z", 0100644, "\xff");
    fixture_import(f);
    sg_auto_cstr id = fixture_id(f, "main");
    sg_auto_cstr expected = fixture_id(f, "main:base");
    sg_auto_cstr blob = fixture_id(f, "main:base/a-b.yaml");
    sg_auto_upstream up = fixture_open(f, NULL, true);
    struct sg_err err = {0};
    char got[SG_GIT_HEX + 1];
    assert_ok(sg_upstream_tree_id(up, id, "./base/", got, &err), &err);
    assert_string_equal(got, expected);
    sg_auto_fs fs = tree(up, id, "");
    sg_auto_buf bytes = SG_BUF_INIT;
    assert_ok(sg_fs_read(fs, "base/a-b.yaml", &bytes, &err), &err);
    sg_git_blob_id(bytes.ptr, bytes.len, got);
    assert_string_equal(got, blob);
    assert_ok(sg_git_tree_id(fs, "base", NULL, got, &err), &err);
    assert_string_equal(got, expected);

    /* the same from a checkout on disk */
    sg_auto_cstr work = sg_xasprintf("%s/work", f->dir);
    free(fixture_git(f, "worktree", "add", "--quiet", "--detach", work, "main", NULL));
    sg_auto_fs disk = sg_fs_disk(work, &err);
    assert_non_null(disk);
    assert_ok(sg_git_tree_id(disk, "base", NULL, got, &err), &err);
    assert_string_equal(got, expected);
    sg_auto_cstr file = sg_xasprintf("%s/base/a-b.yaml", work);
    assert_int_equal(chmod(file, 0644), 0);
    assert_ok(sg_git_tree_id(disk, "base", NULL, got, &err), &err);
    assert_string_not_equal(got, expected);
}

static void test_scan_leaves_out_and_reads_unix_line_ends(void **state) {
    (void)state;
    struct sg_err err = {0};
    char plain[SG_GIT_HEX + 1], got[SG_GIT_HEX + 1];
    sg_auto_fs one = sg_fs_memory();
    sg_fs_memory_put(one, "base/a", "x\ny\r", 4);
    assert_ok(sg_git_tree_id(one, "base", NULL, plain, &err), &err);
    sg_auto_fs two = sg_fs_memory();
    sg_fs_memory_put(two, "base/a", "x\r\ny\r", 5);
    sg_fs_memory_put(two, "base/made.yaml", "1", 1);
    sg_fs_memory_put(two, "base/own/b", "2", 1);
    static const char *const skip[] = {"made.yaml", "own", NULL};
    struct sg_git_scan scan = {.skip = skip};
    assert_ok(sg_git_tree_id(two, "base", &scan, got, &err), &err);
    assert_string_not_equal(got, plain);
    scan.unix_line_ends = true;
    assert_ok(sg_git_tree_id(two, "base", &scan, got, &err), &err);
    assert_string_equal(got, plain);
    /* git's id of the empty tree, known to everybody */
    assert_ok(sg_git_tree_id(two, "nowhere", NULL, got, &err), &err);
    assert_string_equal(got, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    sg_git_blob_id("", 0, got);
    assert_string_equal(got, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

/* --- vendored files --------------------------------------------------------------- */

static void test_files_of_a_path(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr id = fixture_id(f, "v1.1.0^{commit}");
    sg_auto_upstream up = fixture_open(f, NULL, true);
    struct sg_err err = {0};
    sg_auto_git_files files = {0};
    assert_ok(sg_upstream_files(up, id, "base", &files, &err), &err);
    assert_int_equal(files.items.len, 3);
    assert_string_equal(files.items.items[0].path, "app.yaml");
    assert_int_equal(files.items.items[2].mode, 0100755);
    assert_null(sg_git_files_find(&files, "app"));
    const struct sg_git_file *app = sg_git_files_find(&files, "app.yaml");
    assert_non_null(app);
    sg_auto_buf bytes = SG_BUF_INIT;
    assert_ok(sg_upstream_blob(up, app->id, &bytes, &err), &err);
    assert_int_equal(bytes.len, app->size);
    assert_string_equal(bytes.ptr, "kind: Deployment\nreplicas: 2\n");
    char from_files[SG_GIT_HEX + 1], from_git[SG_GIT_HEX + 1];
    sg_git_files_tree(&files, from_files);
    assert_ok(sg_upstream_tree_id(up, id, "base", from_git, &err), &err);
    assert_string_equal(from_files, from_git);

    /* by tree id as well: an earlier base in the project's own repository */
    sg_auto_git_files again = {0};
    assert_ok(sg_upstream_files(up, from_git, "", &again, &err), &err);
    assert_int_equal(again.items.len, 3);
}

struct refusal {
    const char *path;
    unsigned mode;
    const char *text;
    const char *why;
};

static void test_files_refuse_what_a_checkout_loses(void **state) {
    struct fixture *f = *state;
    static const struct refusal refusals[] = {
        {"base/sub", 0160000, "1111111111111111111111111111111111111111", "a submodule"},
        {"base/big", 0100644,
         "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n",
         "Git LFS pointer"},
        {"base/out", 0120000, "../other/README.md", "out of its folder"},
        {"base/lost", 0120000, "nowhere", "leads nowhere"},
        {"base/APP.yaml", 0100644, "x", "only by case"},
        {"base/back\\slash", 0100644, "x", "would not check out"},
        {"\"base/new\\nline\"", 0100644, "x", "control character"},
    };
    fixture_two_releases(f);
    sg_auto_upstream up = fixture_open(f, NULL, true);
    for (size_t i = 0; i < SG_ARRAY_LEN(refusals); i++) {
        fixture_commit(f, "bad");
        fixture_file(f, refusals[i].path, refusals[i].mode, refusals[i].text);
        fixture_import(f);
        sg_auto_cstr id = fixture_id(f, "main");
        struct sg_err err = {0};
        sg_auto_git_files files = {0};
        assert_int_equal(sg_upstream_files(up, id, "base", &files, &err), -1);
        assert_error(&err, SG_E_INPUT, refusals[i].why, "upstream.paths");
        sg_err_clear(&err);
        sg_auto_git_files other = {0}; /* the rest of the release is as good as ever */
        assert_ok(sg_upstream_files(up, id, "other", &other, &err), &err);
        fixture_commit(f, "good");
        fixture_file(f, refusals[i].path, 0, NULL);
        fixture_import(f);
    }
    /* folders that differ by case are one folder elsewhere; a link inside is fine */
    fixture_commit(f, "link");
    fixture_file(f, "base/inside", 0120000, "app.yaml");
    fixture_import(f);
    sg_auto_cstr good = fixture_id(f, "main");
    struct sg_err err = {0};
    sg_auto_git_files files = {0};
    assert_ok(sg_upstream_files(up, good, "base", &files, &err), &err);
    assert_int_equal(sg_git_files_find(&files, "inside")->mode, 0120000);
    fixture_commit(f, "case");
    fixture_file(f, "base/Dir/a", 0100644, "1");
    fixture_file(f, "base/dir/b", 0100644, "1");
    fixture_import(f);
    sg_auto_cstr bad = fixture_id(f, "main");
    sg_auto_git_files none = {0};
    assert_int_equal(sg_upstream_files(up, bad, "base", &none, &err), -1);
    assert_error(&err, SG_E_INPUT, "differs from Dir only by case", "upstream.paths");
}

/* --- causes and remotes ----------------------------------------------------------- */

static void test_cause_is_the_last_commit_that_changed_a_path(void **state) {
    struct fixture *f = *state;
    fixture_two_releases(f);
    sg_auto_cstr from = fixture_id(f, "v1.0.0^{commit}");
    sg_auto_cstr app = fixture_id(f, "v1.1.0^{commit}");
    fixture_commit(f, "docs only");
    fixture_file(f, "other/README.md", 0100644, "more\n");
    fixture_commit(f, "drop the script");
    fixture_file(f, "base/run.sh", 0, NULL);
    fixture_import(f);
    sg_auto_cstr to = fixture_id(f, "main");
    sg_auto_upstream up = fixture_open(f, NULL, true);
    struct sg_upstream_cause *owner = sg_upstream_cause_new(up, from, to);
    struct sg_cause cause = sg_upstream_cause_as(owner);
    char commit[41], subject[12];
    for (int again = 0; again < 2; again++) {
        assert_true(cause.find(cause.ctx, "base/app.yaml", commit, subject, 12));
        assert_string_equal(commit, app);
        assert_string_equal(subject, "app: two re"); /* cut to fit */
    }
    assert_true(cause.find(cause.ctx, "base/run.sh", commit, subject, 12));
    assert_string_equal(commit, to);
    assert_true(cause.find(cause.ctx, "other", commit, subject, 12));
    assert_string_equal(subject, "docs only");
    assert_false(cause.find(cause.ctx, "base/kustomization.yaml", commit, subject, 12));
    assert_false(cause.find(cause.ctx, "nowhere", commit, subject, 12));
    sg_upstream_cause_free(owner);

    /* of an upstream without history nothing is known */
    sg_auto_cstr url = sg_xasprintf("file://%s", f->repo);
    sg_auto_cstr shallow = sg_xasprintf("%s/shallow", f->dir);
    free(fixture_git(f, "clone", "--quiet", "--bare", "--depth=1", url, shallow, NULL));
    sg_auto_upstream cut = fixture_open(f, shallow, true);
    owner = sg_upstream_cause_new(cut, from, to);
    cause = sg_upstream_cause_as(owner);
    assert_false(cause.find(cause.ctx, "base/app.yaml", commit, subject, 12));
    sg_upstream_cause_free(owner);
}

static void assert_remote(const struct sg_remote *remote, const char *url,
                          const char *ref, const char *text) {
    struct sg_err err = {0};
    sg_auto_fs fs = remote->open(remote->ctx, url, ref, &err);
    assert_ok(fs ? 0 : -1, &err);
    assert_reads(fs, "base/app.yaml", text);
}

static void test_remotes_open_refs(void **state) {
    struct fixture *f = *state;
    static const char one[] = "kind: Deployment\nreplicas: 1\n";
    static const char two[] = "kind: Deployment\nreplicas: 2\n";
    fixture_two_releases(f);
    fixture_serve(f);
    sg_auto_cstr first = fixture_id(f, "v1.0.0^{commit}");
    sg_auto_cstr local = sg_xasprintf("file://%s", f->repo);
    const char *const urls[] = {FIXTURE_URL, "git::" FIXTURE_URL, local, f->repo};
    struct sg_upstream_opts opts = {.dir = f->dir};
    struct sg_upstream_remotes *owner = sg_upstream_remotes_new(&opts);
    struct sg_remote remote = sg_upstream_remotes_as(owner);
    for (size_t i = 0; i < SG_ARRAY_LEN(urls); i++) {
        assert_remote(&remote, urls[i], "v1.0.0", one);
        assert_remote(&remote, urls[i], first, one);
        assert_remote(&remote, urls[i], "main", two);
        assert_remote(&remote, urls[i], NULL, two);
        assert_remote(&remote, urls[i], "HEAD", two);
        struct sg_err err = {0};
        assert_null(remote.open(remote.ctx, urls[i], "v9", &err));
        assert_error(&err, SG_E_NOTFOUND, "\"v9\"", "ls-remote");
    }
    sg_upstream_remotes_free(owner);

    /* offline: what was fetched above is enough */
    fixture_unserve(f);
    opts.offline = true;
    owner = sg_upstream_remotes_new(&opts);
    remote = sg_upstream_remotes_as(owner);
    assert_remote(&remote, FIXTURE_URL, "main", two);
    assert_remote(&remote, FIXTURE_URL, NULL, two);
    struct sg_err err = {0};
    assert_null(remote.open(remote.ctx, "https://other.invalid/y.git", "v1", &err));
    assert_error(&err, SG_E_NOTFOUND, "in the cache", "without --offline");
    sg_upstream_remotes_free(owner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
        TEST(test_tree_reads_a_release),
        TEST(test_tree_lists_in_byte_order),
        TEST(test_tree_follows_links_inside),
        TEST(test_tree_of_what_is_not_there),
        TEST(test_ids_are_those_of_git),
        TEST(test_scan_leaves_out_and_reads_unix_line_ends),
        TEST(test_files_of_a_path),
        TEST(test_files_refuse_what_a_checkout_loses),
        TEST(test_cause_is_the_last_commit_that_changed_a_path),
        TEST(test_remotes_open_refs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
