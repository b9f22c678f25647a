/* Which folders are projects, and which are not looked into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sg/process.h"
#include "sg/repo.h"

struct place {
    char dir[256];
};

static void shell(const struct place *place, const char *script) {
    const char *const argv[] = {"sh", "-ec", script, NULL};
    struct sg_process process = {.argv = argv, .cwd = place->dir};
    struct sg_err err = {0};
    int status = 0;
    assert_int_equal(sg_process_run(&process, &status, &err), 0);
    assert_int_equal(status, 0);
}

static void place_open(struct place *place, const char *script) {
    /* below no .git, so not in the build folder */
    snprintf(place->dir, sizeof place->dir, "/tmp/projects-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    shell(place, script);
}

static void place_close(struct place *place) {
    const char *const argv[] = {"rm", "-rf", "--", place->dir, NULL};
    struct sg_process process = {.argv = argv};
    struct sg_err err = {0};
    int status = 0;
    assert_int_equal(sg_process_run(&process, &status, &err), 0);
}

struct heard {
    char text[512];
};
static void hear(void *ctx, const struct sg_diag *diag) {
    struct heard *heard = ctx;
    snprintf(heard->text, sizeof heard->text, "%s", diag->text);
}

/* The folders that are found from `from`, joined by blanks. */
static void expect(const struct place *place, const char *from, const char *want) {
    sg_auto_cstr dir = sg_xasprintf("%s/%s", place->dir, from);
    sg_auto_repo_projects found = {0};
    sg_auto_buf got = SG_BUF_INIT;
    struct sg_err err = {0};
    if (sg_repo_find_projects(dir, NULL, &found, &err) != 0) {
        assert_string_equal(want, "");
        assert_int_equal(err.code, SG_E_NOTFOUND);
        return;
    }
    for (size_t i = 0; i < found.dirs.len; i++) {
        const char *name = found.dirs.items[i];
        sg_buf_addf(&got, "%s%s", i > 0 ? " " : "", name[0] != '\0' ? name : ".");
    }
    assert_string_equal(sg_buf_cstr(&got), want);
}

#define CONFIG                                                                           \
    "config() { printf 'apiVersion: sgupgrade/v1\\nkind: Upgrade\\nupstream:\\n"         \
    "  url: /x\\n  paths: [%s]\\nrendered: %s\\n' \"$2\" \"$3\" >$1/sgupgrade.yaml; }; " \
    "project() { mkdir -p $1; config $1 base rendered; }; "

static void are_sorted_by_folder(void **state) {
    (void)state;
    struct place place;
    place_open(&place,
               CONFIG "mkdir .git; project b; project a/c; project a-b; project .");
    expect(&place, "", ". a-b a/c b");
    /* from anywhere in the repository */
    expect(&place, "a/c", ". a-b a/c b");
    place_close(&place);
}

static void what_is_ours_is_not_looked_into(void **state) {
    (void)state;
    struct place place;
    place_open(&place, CONFIG
               "mkdir .git; project p; project p/base/x; project p/rendered/x; "
               "config p 'base, {from: a, to: deep/er}' rendered; project p/deep/er; "
               "project p/deep/other; project p/overlays/q; project .hidden/x; "
               "project p/node_modules/x; project rendered/y");
    expect(&place, "", "p p/deep/other p/overlays/q rendered/y");
    place_close(&place);
}

static void submodules_and_links_are_not_entered(void **state) {
    (void)state;
    struct place place;
    place_open(&place, CONFIG "mkdir .git; project a; project sub; touch sub/.git; "
                              "ln -s a link; mkdir d; ln -s ../a d/again; "
                              "mkdir e; ln -s ../a/sgupgrade.yaml e/sgupgrade.yaml");
    expect(&place, "", "a e");
    expect(&place, "sub", ".");
    place_close(&place);
}

static void outside_of_git_the_folder_is_the_top(void **state) {
    (void)state;
    struct place place;
    place_open(&place, CONFIG "project a/b; project a/c; project d; mkdir none");
    expect(&place, "", "a/b a/c d");
    expect(&place, "a", "b c");
    expect(&place, "none", "");
    place_close(&place);
}

/* Its project will say what is wrong with it. */
static void a_broken_config_is_found(void **state) {
    (void)state;
    struct place place;
    place_open(&place, CONFIG "mkdir .git; project a; echo '[' >a/sgupgrade.yaml; "
                              "mkdir -p b/sgupgrade.yaml");
    expect(&place, "", "a");
    place_close(&place);
}

static void an_unreadable_folder_is_said(void **state) {
    (void)state;
    struct place place;
    place_open(&place, CONFIG "mkdir .git; project a; mkdir b; chmod 0 b; "
                              "! ls b 2>/dev/null || touch open");
    struct heard heard = {""};
    struct sg_diag_sink sink = {hear, &heard};
    sg_auto_repo_projects found = {0};
    struct sg_err err = {0};
    assert_int_equal(sg_repo_find_projects(place.dir, &sink, &found, &err), 0);
    assert_int_equal(found.dirs.len, 1);
    sg_auto_fs fs = sg_fs_disk(place.dir, &err);
    enum sg_fs_type open;
    assert_int_equal(sg_fs_stat(fs, "open", &open, NULL, &err), 0);
    if (open == SG_FS_NONE) { /* root reads everything */
        assert_non_null(strstr(heard.text, "not looked into for projects"));
    }
    shell(&place, "chmod 755 b");
    place_close(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_sorted_by_folder),
        cmocka_unit_test(what_is_ours_is_not_looked_into),
        cmocka_unit_test(submodules_and_links_are_not_entered),
        cmocka_unit_test(outside_of_git_the_folder_is_the_top),
        cmocka_unit_test(a_broken_config_is_found),
        cmocka_unit_test(an_unreadable_folder_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
