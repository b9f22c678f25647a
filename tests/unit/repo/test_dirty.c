/* Uncommitted changes stop an upgrade, where they count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

#define WORLD_OR_SKIP(name)                                                              \
    struct world name;                                                                   \
    if (!world_init(&name))                                                              \
    skip()

static int apply(struct world *w, bool allow_dirty, struct sg_err *err) {
    sg_auto_repo repo = world_open(w);
    struct sg_repo_apply_opts opts = {.plan = {.to = "1.1"}, .allow_dirty = allow_dirty};
    struct sg_plan plan;
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    sg_plan_init(&plan, sg_repo_atoms(repo));
    int status = sg_repo_apply(repo, &opts, &plan, &result, err);
    sg_plan_release(&plan);
    return status;
}

static void test_overlay_file(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo '# mine' >> overlays/default/kustomization.yaml");
    struct sg_err err = {0};
    assert_int_equal(apply(&w, false, &err), -1);
    assert_int_equal(err.code, SG_E_DIRTY);
    assert_non_null(strstr(err.text, "overlays/default/kustomization.yaml"));
    assert_non_null(strstr(err.hint, "--allow-dirty"));
    sg_err_clear(&err);
    assert_int_equal(apply(&w, true, &err), 0);
    world_release(&w);
}

static void test_untracked_file_that_is_read(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "mkdir other; echo 'resources: [../base]' > other/kustomization.yaml\n"
                  "sed -i 's,base,other,' overlays/default/kustomization.yaml\n"
                  "git commit -qm over overlays");
    struct sg_err err = {0};
    assert_int_equal(apply(&w, false, &err), -1);
    assert_int_equal(err.code, SG_E_DIRTY);
    assert_non_null(strstr(err.text, "other/kustomization.yaml"));
    world_release(&w);
}

/* The first hop's edit of the config is ours still after the second. */
static void test_our_edit_of_an_earlier_hop(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    static const char *const accepts[] = {"SG101:*=agreed"};
    for (int hop = 1; hop <= 3; hop++) {
        sg_auto_repo repo = world_open(&w);
        sg_auto_cstr to = sg_xasprintf("%s", hop == 1 ? "1.1" : hop == 2 ? "1.2" : "2.x");
        struct sg_repo_apply_opts opts = {.plan = {.to = to, .accepts = accepts}};
        opts.plan.accepts_len = hop == 1;
        struct sg_plan plan;
        sg_auto_repo_result result;
        struct sg_err err = {0};
        sg_repo_result_init(&result);
        sg_plan_init(&plan, sg_repo_atoms(repo));
        assert_int_equal(sg_repo_apply(repo, &opts, &plan, &result, &err), 0);
        sg_plan_release(&plan);
    }
    world_release(&w);
}

static void test_config(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo 'kubernetes: \"1.29\"' >> sgupgrade.yaml");
    struct sg_err err = {0};
    assert_int_equal(apply(&w, false, &err), -1);
    assert_int_equal(err.code, SG_E_DIRTY);
    assert_non_null(strstr(err.text, "sgupgrade.yaml"));
    world_release(&w);
}

static void test_files_nobody_reads(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo a > notes.txt; echo b > overlays/default/README.md");
    struct sg_err err = {0};
    if (apply(&w, false, &err) != 0) {
        fail_msg("%s", err.text);
    }
    world_release(&w);
}

/* What init wrote is not dirty, committed or not. */
static void test_right_after_init(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    struct sg_repo_init_opts opts = {
        .dir = w.dir, .upstream = w.up, .version = "1.0.0", .common = &w.opts};
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    assert_int_equal(sg_repo_init(&opts, &result, &err), 0);
    world_run(&w, "git init -q -b main .");
    if (apply(&w, false, &err) != 0) {
        fail_msg("%s", err.text);
    }
    world_release(&w);
}

/* The project may be a folder of a larger repository. */
static void test_project_in_a_folder(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "rm -rf .git; cd ..; git init -q -b main .; git add project\n"
                  "git commit -qm all; echo x > other.txt");
    struct sg_err err = {0};
    if (apply(&w, false, &err) != 0) {
        fail_msg("%s", err.text);
    }
    world_run(&w, "cd ..; git add project; git commit -qm up\n"
                  "echo '# x' >> project/overlays/default/kustomization.yaml");
    sg_auto_repo repo = world_open(&w);
    struct sg_repo_rollback_opts back = {0};
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    assert_int_equal(sg_repo_rollback(repo, &back, &result, &err), -1);
    assert_int_equal(err.code, SG_E_DIRTY);
    world_release(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlay_file),
        cmocka_unit_test(test_untracked_file_that_is_read),
        cmocka_unit_test(test_our_edit_of_an_earlier_hop),
        cmocka_unit_test(test_config),
        cmocka_unit_test(test_files_nobody_reads),
        cmocka_unit_test(test_right_after_init),
        cmocka_unit_test(test_project_in_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
