/* File systems: disk (links, the root), memory, over, record, walk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sg/fs.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(struct sg_fs *fs, const char *path, const char *text) {
    sg_fs_memory_put(fs, path, text, strlen(text));
}

/* "name/" for folders, "name@" for links, joined by blanks; static. */
static const char *listing(const struct sg_fs_list *list) {
    static char text[512];
    text[0] = '\0';
    for (size_t i = 0; i < list->entries.len; i++) {
        const struct sg_fs_entry *entry = &list->entries.items[i];
        strcat(strcat(text, i ? " " : ""), entry->name);
        strcat(text, entry->type == SG_FS_DIR    ? "/"
                     : entry->type == SG_FS_NONE ? "!"
                                                 : "");
        strcat(text, entry->link ? "@" : "");
    }
    return text;
}

static void check_list(const struct sg_fs *fs, const char *path, const char *expected) {
    sg_auto_fs_list list = {0};
    struct sg_err err = {0};
    assert_int_equal(sg_fs_readdir(fs, path, &list, &err), 0);
    assert_string_equal(listing(&list), expected);
}

static void check_walk(const struct sg_fs *fs, const char *path, const char *expected) {
    sg_auto_fs_list list = {0};
    struct sg_err err = {0};
    assert_int_equal(sg_fs_walk(fs, path, &list, &err), 0);
    assert_string_equal(listing(&list), expected);
}

/* `expected` NULL: reading fails with `code`. */
static void check_read(const struct sg_fs *fs, const char *path, const char *expected,
                       enum sg_code code) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err err = {0};
    int rc = sg_fs_read(fs, path, &text, &err);
    assert_int_equal(rc, expected ? 0 : -1);
    if (expected) {
        assert_string_equal(sg_buf_cstr(&text), expected);
    } else {
        assert_int_equal(err.code, code);
    }
}

static enum sg_fs_type type_of(const struct sg_fs *fs, const char *path) {
    enum sg_fs_type type;
    struct sg_err err = {0};
    assert_int_equal(sg_fs_stat(fs, path, &type, NULL, &err), 0);
    return type;
}

static struct sg_fs *example(void) {
    struct sg_fs *fs = sg_fs_memory();
    put(fs, "a/c", "ac");
    put(fs, "a-b", "ab");
    put(fs, "a/d/e", "ade");
    put(fs, "f", "");
    return fs;
}

static void test_memory(void **state) {
    (void)state;
    sg_auto_fs fs = example();
    check_list(fs, "", "a/ a-b f");
    check_list(fs, "a", "c d/");
    check_walk(fs, "", "a-b a/c a/d/e f");
    check_walk(fs, "a", "c d/e");
    check_read(fs, "a/d/e", "ade", SG_OK);
    check_read(fs, "f", "", SG_OK);
    check_read(fs, "a", NULL, SG_E_INPUT);
    check_read(fs, "a/x", NULL, SG_E_NOTFOUND);
    assert_int_equal(type_of(fs, "a/d"), SG_FS_DIR);
    sg_fs_memory_remove(fs, "a/d/e");
    assert_int_equal(type_of(fs, "a/d"), SG_FS_NONE);
}

static void test_over(void **state) {
    (void)state;
    sg_auto_fs under = example();
    sg_auto_fs other = sg_fs_memory();
    put(other, "pkg/base/k", "mounted");
    put(other, "pkg/base/s/t", "deep");
    put(other, "outside", "no");
    sg_auto_fs over = sg_fs_over(under);
    sg_fs_over_put(over, "a/new/x", "x", 1);
    sg_fs_over_put(over, "f", "changed", 7);
    sg_fs_over_remove(over, "a/c");
    sg_fs_over_mount(over, "m/n", other, "pkg/base");
    check_list(over, "", "a/ a-b f m/");
    check_list(over, "a", "d/ new/");
    check_list(over, "m", "n/");
    check_walk(over, "m", "n/k n/s/t");
    check_read(over, "f", "changed", SG_OK);
    check_read(over, "a/c", NULL, SG_E_NOTFOUND);
    check_read(over, "m/n/s/t", "deep", SG_OK);
    check_read(over, "m/outside", NULL, SG_E_NOTFOUND);
    check_read(under, "f", "", SG_OK);
    sg_fs_over_put(over, "m/n/k", "put wins", 8);
    check_read(over, "m/n/k", "put wins", SG_OK);
    sg_fs_over_mount(over, "a", other, "pkg/base"); /* hides what was there */
    check_walk(over, "a", "k s/t");
    sg_fs_over_remove(over, "a-b");
    sg_fs_over_put(over, "a-b/file", "a folder now", 12);
    check_list(over, "a-b", "file");
}

struct project {
    char root[256];
    struct sg_fs *fs;
};

static void make(const char *root, const char *path, const char *text) {
    char full[512];
    snprintf(full, sizeof(full), "%s/%s", root, path);
    if (!text) {
        assert_int_equal(mkdir(full, 0777), 0);
        return;
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void make_link(const char *root, const char *path, const char *target) {
    char full[512];
    snprintf(full, sizeof(full), "%s/%s", root, path);
    assert_int_equal(symlink(target, full), 0);
}

static int setup(void **state) {
    struct project *p = sg_xcalloc(1, sizeof(*p));
    struct sg_err err = {0};
    char full[512];
    snprintf(p->root, sizeof(p->root), "%s/fs-XXXXXX", SG_TEST_TMP);
    assert_non_null(mkdtemp(p->root));
    make(p->root, "in", NULL);
    make(p->root, "in/sub", NULL);
    make(p->root, "in/sub/file", "text");
    make(p->root, "in/other", "other");
    make(p->root, "secret", "secret");
    make_link(p->root, "in/dir", "sub");
    make_link(p->root, "in/up", "sub/../other");
    make_link(p->root, "in/sub/twice", "../dir/file");
    make_link(p->root, "in/leaves", "../secret");
    make_link(p->root, "in/loop", "loop");
    make_link(p->root, "in/broken", "nothing");
    make_link(p->root, "in/etc", "/etc/passwd");
    snprintf(full, sizeof(full), "%s/in/sub/file", p->root);
    sg_auto_cstr real = realpath(full, NULL);
    make_link(p->root, "in/absolute", real);
    snprintf(full, sizeof(full), "%s/in", p->root);
    p->fs = sg_fs_disk(full, &err);
    assert_non_null(p->fs);
    *state = p;
    return 0;
}

static int teardown(void **state) {
    struct project *p = *state;
    char command[512];
    sg_fs_free(p->fs);
    snprintf(command, sizeof(command), "rm -rf '%s'", p->root);
    int rc = system(command);
    free(p);
    return rc;
}

static void test_disk(void **state) {
    struct project *p = *state;
    check_read(p->fs, "sub/file", "text", SG_OK);
    check_read(p->fs, "dir/file", "text", SG_OK);
    check_read(p->fs, "up", "other", SG_OK);
    check_read(p->fs, "dir/twice", "text", SG_OK);
    check_read(p->fs, "absolute", "text", SG_OK);
    check_read(p->fs, "leaves", NULL, SG_E_INPUT);
    check_read(p->fs, "etc", NULL, SG_E_INPUT);
    check_read(p->fs, "loop", NULL, SG_E_IO);
    check_read(p->fs, "broken", NULL, SG_E_NOTFOUND);
    check_read(p->fs, "sub", NULL, SG_E_INPUT);
    check_read(p->fs, "other/x", NULL, SG_E_NOTFOUND);
    check_list(p->fs, "",
               "absolute@ broken!@ dir/@ etc!@ leaves!@ loop!@ other sub/ up@");
    check_walk(p->fs, "sub", "file twice@");
    struct sg_err err = {0};
    enum sg_fs_type type;
    sg_auto_buf real = SG_BUF_INIT;
    assert_int_equal(sg_fs_stat(p->fs, "dir/twice", &type, &real, &err), 0);
    assert_string_equal(real.ptr, "sub/file");
}

/* A change laid over a file is seen through a link to it as well. */
static void test_over_links(void **state) {
    struct project *p = *state;
    sg_auto_fs over = sg_fs_over(p->fs);
    sg_fs_over_put(over, "sub/file", "new", 3);
    sg_fs_over_put(over, "sub/added", "added", 5);
    check_read(over, "dir/file", "new", SG_OK);
    check_read(over, "absolute", "new", SG_OK);
    check_read(over, "dir/added", "added", SG_OK);
    check_list(over, "dir", "added file twice@");
}

static void note(void *ctx, const char *path, enum sg_fs_type type) {
    strcat(strcat(ctx, path), type == SG_FS_NONE ? "! " : " ");
}

static void test_record(void **state) {
    struct project *p = *state;
    char seen[256] = "";
    sg_auto_fs record = sg_fs_record(p->fs, note, seen);
    check_read(record, "dir/file", "text", SG_OK);
    check_read(record, "none", NULL, SG_E_NOTFOUND);
    check_list(record, "sub", "file twice@");
    assert_string_equal(seen, "dir/file sub/file none! sub ");
}

static void test_root(void **state) {
    struct project *p = *state;
    struct sg_err err = {0};
    char full[512];
    sg_auto_fs fs = sg_fs_disk("/", &err);
    assert_non_null(fs);
    snprintf(full, sizeof(full), "%s/in/leaves", p->root);
    check_read(fs, full + 1, "secret", SG_OK); /* nothing is outside of "/" */
    assert_null(sg_fs_disk("/nonexistent/folder", &err));
}

static void check_join(const struct sg_fs *fs, const char *dir, const char *path,
                       const char *expected) {
    sg_auto_buf out = SG_BUF_INIT;
    struct sg_err err = {0};
    int rc = sg_fs_join(fs, dir, path, &out, &err);
    assert_int_equal(rc, expected ? 0 : -1);
    if (expected) {
        assert_string_equal(sg_buf_cstr(&out), expected);
    } else {
        assert_int_equal(err.code, SG_E_INPUT);
    }
}

/* What lies beside a folder has one path there, with changes laid over it as without. */
static void test_below(void **state) {
    (void)state;
    struct sg_fs *top = sg_fs_memory();
    put(top, "shared/c/file", "shared");
    put(top, "env/a/own/file", "own");
    put(top, "env/b/file", "other");
    sg_auto_fs below = sg_fs_below(top, "env/a");
    sg_auto_fs over = sg_fs_over(below);
    sg_fs_over_put(over, "own/new", "new", 3);
    sg_fs_over_put(over, "../b/file", "laid over", 9);
    check_read(below, "own/file", "own", SG_OK);
    check_read(below, "../b/file", "other", SG_OK);
    check_read(over, "../b/file", "laid over", SG_OK);
    check_read(over, "../../shared/c/file", "shared", SG_OK);
    check_read(over, "own/new", "new", SG_OK);
    check_read(below, "none", NULL, SG_E_NOTFOUND);
    check_read(below, "own", NULL, SG_E_INPUT);
    check_list(below, "", "own/");
    check_list(below, "..", "a/ b/");
    check_join(over, "own", "../../../shared/c", "../../shared/c");
    check_join(over, "../../shared/c", "../../env/a/own", "own");
    check_join(over, "../../shared/c", "../../env/a", "");
    check_join(over, "own", "../../../..", NULL);
    check_join(over, "own", "/etc", NULL);
    sg_auto_fs root = sg_fs_below(sg_fs_memory(), "");
    check_join(root, "own", "../..", NULL);
    struct sg_err err = {0};
    sg_auto_buf real = SG_BUF_INIT;
    enum sg_fs_type type;
    assert_int_equal(sg_fs_stat(over, "../../shared/c", &type, &real, &err), 0);
    assert_int_equal(type, SG_FS_DIR);
    assert_string_equal(sg_buf_cstr(&real), "../../shared/c");
    assert_int_equal(sg_fs_read(below, "own/gone", &real, &err), -1);
    assert_string_equal(err.text, "own/gone does not exist");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_over),
        cmocka_unit_test_setup_teardown(test_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(test_over_links, setup, teardown),
        cmocka_unit_test_setup_teardown(test_record, setup, teardown),
        cmocka_unit_test_setup_teardown(test_root, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
