/* Upgrades of a whole project: there, back, and every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

#define WORLD_OR_SKIP(name)                                                              \
    struct world name;                                                                   \
    if (!world_init(&name))                                                              \
    skip()

static void test_init(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0");
    assert_true(world_has(&w, "base/web/web.Deployment.yaml"));
    sg_auto_cstr generated = world_read(&w, "base/kustomization.yaml");
    assert_non_null(strstr(generated, "resources:\n  - web.Service.yaml\n"
                                      "  - web/web.Deployment.yaml\n"));
    sg_auto_cstr attributes = world_read(&w, ".gitattributes");
    assert_string_equal(attributes, "base/** -text\n");
    char code[8];
    assert_int_equal(world_check(&w, code), 0);
    /* a second init refuses, and changes nothing */
    char before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    world_digest(&w, before);
    struct sg_repo_init_opts again = {.dir = w.dir, .upstream = w.up, .common = &w.opts};
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    assert_int_equal(sg_repo_init(&again, &result, &err), -1);
    assert_int_equal(err.code, SG_E_EXISTS);
    world_digest(&w, after);
    assert_string_equal(before, after);
    world_release(&w);
}

static void test_failed_init_leaves_nothing(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    struct sg_repo_init_opts opts = {
        .dir = w.dir, .upstream = w.up, .version = "7.0.0", .common = &w.opts};
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    assert_int_equal(sg_repo_init(&opts, &result, &err), -1);
    assert_int_equal(err.code, SG_E_NOTFOUND);
    assert_false(world_has(&w, ""));
    world_release(&w);
}

/* Each state on the way there is each state on the way back; and a second apply of the
 * same changes nothing. */
static void there_and_back(struct world *w) {
    static const char *const versions[] = {"1.0.0", "1.1.0", "1.2.0", "2.0.0"};
    char states[4][SG_SHA256_HEX + 1], now[SG_SHA256_HEX + 1], code[8];
    assert_int_equal(world_apply(w, "1.0.0"), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(world_apply(w, versions[i]), 0);
        world_digest(w, states[i]);
        assert_int_equal(world_apply(w, versions[i]), 0);
        world_digest(w, now);
        assert_string_equal(now, states[i]);
        assert_int_equal(world_check(w, code), 0);
    }
    for (size_t i = 3; i-- > 0;) {
        world_rollback(w, NULL);
        world_digest(w, now);
        assert_string_equal(now, states[i]);
        assert_int_equal(world_check(w, code), 0);
    }
    /* all hops at once end where one after the other ends */
    assert_int_equal(world_apply(w, "latest"), 0);
    world_digest(w, now);
    assert_string_equal(now, states[3]);
    world_rollback(w, "1.0.0");
    world_digest(w, now);
    assert_string_equal(now, states[0]);
}

static void test_there_and_back(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    there_and_back(&w);
    world_release(&w);
}

static void test_there_and_back_rendered(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo 'rendered: rendered' >> sgupgrade.yaml; git commit -qam r");
    there_and_back(&w);
    assert_true(world_has(&w, "rendered/default/deployment.apps_web.yaml"));
    world_release(&w);
}

static void test_modes_and_generated(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    assert_int_equal(world_apply(&w, "1.1"), 0);
    world_run(&w, "test -x base/run.sh && test -f base/worker.Service.yaml");
    assert_int_equal(world_apply(&w, "2.x"), 0);
    world_run(&w, "test ! -e base/worker.Service.yaml");
    /* upstream brings its own kustomization now: ours is gone from the lock */
    sg_auto_cstr lock = world_read(&w, "sgupgrade.lock");
    const char *history = strstr(lock, "history:"), *made = strstr(lock, "generated:");
    assert_non_null(history);
    assert_non_null(made);
    assert_true(made > history);
    world_release(&w);
}

/* Bytes alike, the execute bit not: still another release, there and back. */
static void test_mode_alone_changes(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.1.0");
    world_run(&w,
              "cd '%s' && git checkout -q v1.1.0 && chmod 644 base/run.sh && "
              "git commit -qam mode && git tag v1.1.1 && git checkout -q main",
              w.up);
    char code[8];
    assert_int_equal(world_apply(&w, "1.1.1"), 0);
    world_run(&w, "test ! -x base/run.sh");
    assert_int_equal(world_check(&w, code), 0);
    world_rollback(&w, NULL);
    world_run(&w, "test -x base/run.sh");
    assert_int_equal(world_check(&w, code), 0);
    world_release(&w);
}

static void test_works_without_git(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "rm -rf .git");
    char before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    world_digest(&w, before);
    assert_int_equal(world_apply(&w, "next"), 0);
    world_rollback(&w, NULL);
    world_digest(&w, after);
    assert_string_equal(before, after);
    world_release(&w);
}

static void test_commits(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    sg_auto_repo repo = world_open(&w);
    struct sg_repo_apply_opts opts = {
        .plan = {.to = "latest"}, .commit = true, .branch = "upgrade"};
    struct sg_plan plan;
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    sg_plan_init(&plan, sg_repo_atoms(repo));
    world_write(&w, "unrelated.txt", "mine\n");
    if (sg_repo_apply(repo, &opts, &plan, &result, &err) != 0) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(result.commits.len, 3);
    assert_int_equal(result.deploy.len, 3);
    sg_plan_release(&plan);
    world_run(&w,
              "test \"$(git branch --show-current)\" = upgrade\n"
              "test \"$(git status --porcelain)\" = '?? unrelated.txt'\n"
              "test $(git rev-list --count main..upgrade) = 3\n"
              "test \"$(git log -1 --format='%%(trailers:key=Sgupgrade-Version,"
              "valueonly,separator=)')\" = 2.0.0\n"
              "git log -1 --format=%%B | grep -q '^Sgupgrade-Commit: [0-9a-f]\\{40\\}$'");
    world_release(&w);
}

static int apply_committing(struct world *w, struct sg_err *err) {
    sg_auto_repo repo = world_open(w);
    struct sg_repo_apply_opts opts = {.plan = {.to = "1.1"}, .commit = true};
    struct sg_plan plan;
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    sg_plan_init(&plan, sg_repo_atoms(repo));
    int status = sg_repo_apply(repo, &opts, &plan, &result, err);
    sg_plan_release(&plan);
    return status;
}

static void start_rendered(struct world *w) {
    world_start(w, "1.0.0");
    world_run(w, "echo 'rendered: rendered' >> sgupgrade.yaml; git commit -qam r");
    assert_int_equal(world_apply(w, "1.0.0"), 0);
    world_run(w, "git add -A; git commit -qm rendered");
}

static void add_hook(const struct world *w, const char *script) {
    world_write(w, ".git/hooks/pre-commit", script);
    world_run(w, "chmod +x .git/hooks/pre-commit");
}

/* A hook that refuses leaves files, index and history as they were. */
static void test_refused_commit(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_rendered(&w);
    add_hook(&w, "#!/bin/sh\necho 'not today' >&2\nexit 1\n");
    struct sg_err err = {0};
    assert_int_equal(apply_committing(&w, &err), -1);
    assert_non_null(strstr(err.text, "not today"));
    world_run(&w, "test -z \"$(git status --porcelain)\"; test ! -e .sgupgrade/journal\n"
                  "grep -q '^version: 1.0.0' sgupgrade.lock");
    world_release(&w);
}

/* A command that its own commit's hook kills; the git it started ends on its own. */
static void kill_in_commit(struct world *w) {
    add_hook(w, "#!/bin/sh\n"
                "kill -9 \"$(sed -n 's/^PPid:[^0-9]*//p' /proc/$PPID/status)\"\n"
                "exit 1\n");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct sg_err err = {0};
        _exit(apply_committing(w, &err) == 0 ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    world_run(w, "test -e .sgupgrade/journal; rm .git/hooks/pre-commit\n"
                 "rm -f .git/index.lock"); /* of the git that lost its parent */
}

/* Killed in the middle of the commit: the next command finishes it. */
static void test_killed_in_commit(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_rendered(&w);
    kill_in_commit(&w);
    char code[8];
    assert_int_equal(world_check(&w, code), 0);
    world_run(&w, "test ! -e .sgupgrade/journal\n"
                  "test -z \"$(git status --porcelain)\"\n"
                  "test \"$(git log -1 --format=%%s)\" = 'Upgrade to 1.1.0'");
    world_release(&w);
}

/* … or undoes it, where it is told to: git's index goes back as well. */
static void test_killed_in_commit_and_undone(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_rendered(&w);
    kill_in_commit(&w);
    world_run(&w, "git diff --cached --name-only | grep -q sgupgrade.lock");
    w.opts.interrupted = SG_REPO_ABORT;
    sg_repo_free(world_open(&w));
    world_run(&w, "test ! -e .sgupgrade/journal\n"
                  "test -z \"$(git status --porcelain)\"\n"
                  "grep -q '^version: 1.0.0' sgupgrade.lock");
    world_release(&w);
}

/* A clone that never contacted upstream, without it, goes back by its own history. */
static void test_rollback_from_own_history(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    char before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    world_digest(&w, before);
    /* the newest commit of the old release is not as it was published */
    world_run(&w, "echo '# fix' >> base/web.Service.yaml; git commit -qam fix");
    world_run(&w, "git show HEAD~1:base/web.Service.yaml > base/web.Service.yaml");
    assert_int_equal(world_apply(&w, "1.1"), 0);
    world_run(&w, "git add -A; git commit -qm up; rm -rf ../up ../cache\n"
                  "mkdir ../up; git -C ../up init -q");
    world_rollback(&w, NULL);
    world_digest(&w, after);
    assert_string_equal(before, after);
    world_release(&w);
}

static void test_rollback_without_any_source(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    assert_int_equal(world_apply(&w, "1.1"), 0);
    world_run(&w, "rm -rf .git ../up; mkdir ../up; git -C ../up init -q");
    char before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    world_digest(&w, before);
    sg_auto_repo repo = world_open(&w);
    struct sg_repo_rollback_opts opts = {0};
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    assert_int_equal(sg_repo_rollback(repo, &opts, &result, &err), -1);
    assert_int_equal(err.code, SG_E_NOTFOUND);
    assert_non_null(strstr(err.hint, "sgupgrade fetch"));
    world_digest(&w, after);
    assert_string_equal(before, after);
    world_release(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),
        cmocka_unit_test(test_failed_init_leaves_nothing),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_there_and_back_rendered),
        cmocka_unit_test(test_modes_and_generated),
        cmocka_unit_test(test_mode_alone_changes),
        cmocka_unit_test(test_works_without_git),
        cmocka_unit_test(test_commits),
        cmocka_unit_test(test_refused_commit),
        cmocka_unit_test(test_killed_in_commit),
        cmocka_unit_test(test_killed_in_commit_and_undone),
        cmocka_unit_test(test_rollback_from_own_history),
        cmocka_unit_test(test_rollback_without_any_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
