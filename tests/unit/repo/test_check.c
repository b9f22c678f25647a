/* What check finds, and what stops an upgrade before it begins. */
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

/* The check says this, and apply refuses with the same exit code and changes nothing. */
static void refuses(struct world *w, const char *code, int status) {
    char found[8], before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    world_digest(w, before);
    assert_int_equal(world_check(w, found), status);
    assert_string_equal(found, code);
    assert_int_equal(world_apply(w, "latest"), status);
    world_digest(w, after);
    assert_string_equal(before, after);
}

static void test_base_edited(void **state) {
    (void)state;
    static const char *const edits[] = {
        "echo '# mine' >> base/web.Service.yaml",
        "rm base/web.Service.yaml",
        "echo mine > base/mine.yaml",
        "chmod +x base/web.Service.yaml",
        "echo '# mine' >> base/kustomization.yaml",
        "rm base/kustomization.yaml",
    };
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    for (size_t i = 0; i < SG_ARRAY_LEN(edits); i++) {
        world_run(&w, "%s; git add -A; git commit -qm edit", edits[i]);
        refuses(&w, "SG401", 3);
        world_run(&w, "git reset -q --hard HEAD^");
    }
    world_release(&w);
}

static const struct sg_finding *first(const struct sg_plan *plan) {
    assert_true(plan->findings.len > 0);
    return &plan->findings.items[0];
}

static void test_base_edited_says_which(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "sed -i 's/replicas: 1/replicas: 2/' base/web/web.Deployment.yaml");
    sg_auto_repo repo = world_open(&w);
    struct sg_repo_check_opts opts = {0};
    struct sg_err err = {0};
    struct sg_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(repo));
    assert_int_equal(sg_repo_check(repo, &opts, &plan, &err), 0);
    assert_string_equal(first(&plan)->at.file, "base/web/web.Deployment.yaml");
    assert_non_null(strstr(first(&plan)->message, "was edited"));
    sg_plan_release(&plan);
    world_release(&w);
}

static void test_line_ends(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "sed -i 's/$/\\r/' base/web.Service.yaml");
    sg_auto_repo repo = world_open(&w);
    struct sg_repo_check_opts opts = {0};
    struct sg_err err = {0};
    struct sg_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(repo));
    assert_int_equal(sg_repo_check(repo, &opts, &plan, &err), 0);
    assert_int_equal(plan.exit, 3);
    assert_string_equal(first(&plan)->rule, "base-line-ends");
    assert_non_null(strstr(first(&plan)->message, "line ends alone"));
    sg_plan_release(&plan);
    world_release(&w);
}

static void test_tag_moved(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "cd ../up; git tag -f -a -m moved v1.0.0 main");
    char before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1], code[8];
    world_digest(&w, before);
    assert_int_equal(world_apply(&w, "latest"), 3);
    world_digest(&w, after);
    assert_string_equal(before, after);
    /* a plain check contacts nobody */
    assert_int_equal(world_check(&w, code), 0);
    world_release(&w);
}

static void test_stale_render(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo 'rendered: rendered' >> sgupgrade.yaml; git commit -qam r");
    char code[8];
    assert_int_equal(world_check(&w, code), 1);
    assert_string_equal(code, "SG404");
    assert_int_equal(world_apply(&w, "1.0.0"), 0);
    assert_int_equal(world_check(&w, code), 0);
    world_run(&w, "echo x >> rendered/default/service_web.yaml");
    assert_int_equal(world_check(&w, code), 1);
    world_run(&w, "git checkout -q . 2>/dev/null || true; echo a: b > "
                  "rendered/default/service_gone.yaml");
    assert_int_equal(world_check(&w, code), 1);
    assert_int_equal(world_apply(&w, "1.0.0"), 0);
    assert_false(world_has(&w, "rendered/default/service_gone.yaml"));
    assert_int_equal(world_check(&w, code), 0);
    /* no object's file is called so: it is the customer's */
    world_write(&w, "rendered/default/kustomization.yaml", "resources: []\n");
    assert_int_equal(world_check(&w, code), 0);
    assert_int_equal(world_apply(&w, "1.1"), 0);
    assert_true(world_has(&w, "rendered/default/kustomization.yaml"));
    world_release(&w);
}

/* core.autocrlf: a checkout with other line ends says the same. */
static void test_rendered_with_crlf(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo 'rendered: rendered' >> sgupgrade.yaml");
    assert_int_equal(world_apply(&w, "1.0.0"), 0);
    world_run(&w, "git add -A; git commit -qm r; git config core.autocrlf true\n"
                  "rm -r rendered; git checkout -q -- rendered\n"
                  "grep -q \"$(printf '\\r')\" rendered/default/service_web.yaml");
    char code[8], before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    world_digest(&w, before);
    assert_int_equal(world_check(&w, code), 0);
    assert_int_equal(world_apply(&w, "1.0.0"), 0);
    world_digest(&w, after);
    assert_string_equal(before, after); /* nothing was to be written */
    world_run(&w, "printf '\\r' >> rendered/default/service_web.yaml");
    assert_int_equal(world_check(&w, code), 1);
    world_run(&w, "git checkout -q -- rendered\n"
                  "sed -i 's/80/81/' rendered/default/service_web.yaml");
    assert_int_equal(world_check(&w, code), 1);
    world_release(&w);
}

/* rendered/ of an overlay that was removed: ours goes, what else is there stays. */
static void test_rendered_of_nobody(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo 'rendered: rendered' >> sgupgrade.yaml\n"
                  "mkdir -p overlays/eu/prod; cp -R overlays/default overlays/eu\n"
                  "sed -i 's,../../base,../../../base,' overlays/eu/default/*.yaml\n"
                  "sed -i 's,overlays/\\*,overlays/**,' sgupgrade.yaml");
    assert_int_equal(world_apply(&w, "1.0.0"), 0);
    assert_true(world_has(&w, "rendered/eu/default/service_web.yaml"));
    world_run(&w, "git add -A; git commit -qm eu; git rm -qr overlays/eu\n"
                  "git commit -qm 'no eu'");
    world_write(&w, "rendered/eu/default/my_notes.yaml", "a: b\n");
    world_write(&w, "rendered/eu/default/service_other.yaml",
                "apiVersion: v1\nkind: Service\nmetadata:\n  name: mine\n");
    world_write(&w, "rendered/eu/default/bad_yaml.yaml", "a: [\n");
    char code[8];
    assert_int_equal(world_check(&w, code), 1);
    assert_string_equal(code, "SG404");
    assert_int_equal(world_apply(&w, "1.0.0"), 0);
    assert_int_equal(world_check(&w, code), 0);
    assert_false(world_has(&w, "rendered/eu/default/service_web.yaml"));
    assert_true(world_has(&w, "rendered/eu/default/my_notes.yaml"));
    assert_true(world_has(&w, "rendered/eu/default/service_other.yaml"));
    assert_true(world_has(&w, "rendered/eu/default/bad_yaml.yaml"));
    assert_true(world_has(&w, "rendered/default/service_web.yaml"));
    /* an upgrade takes it along as well */
    world_run(&w, "git checkout -q HEAD~1 -- rendered");
    assert_true(world_has(&w, "rendered/eu/default/service_web.yaml"));
    assert_int_equal(world_apply(&w, "1.1"), 0);
    assert_false(world_has(&w, "rendered/eu/default/service_web.yaml"));
    world_release(&w);
}

static void test_overlay_that_does_not_render(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "echo '- missing.yaml' > overlays/default/x; sed -i 's/^resources:/"
                  "resources:\\n- missing.yaml/' overlays/default/kustomization.yaml\n"
                  "git add -A; git commit -qm broken");
    char code[8];
    assert_int_equal(world_check(&w, code), 1);
    assert_string_equal(code, "SG206");
    world_release(&w);
}

/* --- since ------------------------------------------------------------------------ */

static int since(struct world *w, const char *revision, struct sg_plan *plan,
                 struct sg_repo *repo) {
    struct sg_repo_check_opts opts = {.since = revision};
    struct sg_err err = {0};
    sg_plan_init(plan, sg_repo_atoms(repo));
    (void)w;
    if (sg_repo_check(repo, &opts, plan, &err) != 0) {
        fail_msg("check --since: %s", err.text);
    }
    return plan->exit;
}

static void test_since_one_step(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    assert_int_equal(world_apply(&w, "1.1"), 0);
    world_run(&w, "git add -A; git commit -qm up");
    sg_auto_repo repo = world_open(&w);
    struct sg_plan plan;
    assert_int_equal(since(&w, "HEAD^", &plan, repo), 0);
    assert_string_equal(plan.from.version, "1.0.0");
    assert_string_equal(plan.to.version, "1.1.0");
    assert_int_equal(plan.summary.objects.added, 1);
    assert_true(plan.summary.objects.modified >= 1);
    sg_plan_release(&plan);
    world_release(&w);
}

static void test_since_too_far(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    assert_int_equal(world_apply(&w, "1.2"), 0);
    world_run(&w, "git add -A; git commit -qm up");
    sg_auto_repo repo = world_open(&w);
    struct sg_plan plan;
    assert_int_equal(since(&w, "HEAD^", &plan, repo), 1);
    assert_string_equal(first(&plan)->code, "SG501");
    assert_int_equal(first(&plan)->severity, SG_ERROR);
    sg_plan_release(&plan);
    world_release(&w);
}

/* An overlay that was removed, with the glob that named it: all that it rendered goes. */
static void test_since_overlay_removed(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "mkdir -p stages/eu; cp overlays/default/* stages/eu\n"
                  "mkdir stages/bad; echo 'resources: [none.yaml]' > "
                  "stages/bad/kustomization.yaml\n"
                  "sed -i 's,^\\( *- \\)overlays/\\*,&\\n\\1stages/*,' sgupgrade.yaml\n"
                  "git add -A; git commit -qm more");
    sg_auto_repo repo = world_open(&w);
    struct sg_plan plan;
    assert_int_equal(since(&w, "HEAD", &plan, repo), 1); /* `bad` does not render */
    assert_int_equal(plan.overlays.len, 3);
    sg_plan_release(&plan);
    sg_repo_free(repo);
    world_run(&w, "git rm -qr stages\n"
                  "sed -i '/stages/d' sgupgrade.yaml\n"
                  "git commit -qam 'no stages'");
    repo = world_open(&w);
    assert_int_equal(since(&w, "HEAD~2", &plan, repo), 0); /* they came after that */
    assert_int_equal(plan.overlays.len, 1);
    sg_plan_release(&plan);
    assert_int_equal(since(&w, "HEAD^", &plan, repo), 0);
    assert_int_equal(plan.overlays.len, 3);
    const struct sg_plan_overlay *bad = &plan.overlays.items[1],
                                 *eu = &plan.overlays.items[2];
    assert_string_equal(bad->name, "bad");
    assert_true(bad->gone && bad->uncompared && bad->findings.len == 1);
    assert_string_equal(eu->name, "eu");
    assert_true(eu->gone && !eu->uncompared);
    assert_int_equal(eu->net.removed, 2);
    assert_string_equal(eu->objects.items[0].kind, "Service");
    assert_int_equal(eu->objects.items[0].owner, SG_OWNER_OVERLAY);
    sg_plan_release(&plan);
    world_release(&w);
}

static void test_since_unknown(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    sg_auto_repo repo = world_open(&w);
    struct sg_repo_check_opts opts = {.since = "nowhere"};
    struct sg_err err = {0};
    struct sg_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(repo));
    assert_int_equal(sg_repo_check(repo, &opts, &plan, &err), -1);
    assert_int_equal(err.code, SG_E_NOTFOUND);
    assert_non_null(strstr(err.text, "nowhere"));
    sg_plan_release(&plan);
    world_release(&w);
}

/* A repository whose ids are SHA-256, which libgit2 does not read. */
static void test_sha256(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "rm -rf .git; git init -q --object-format=sha256 -b main .\n"
                  "cp overlays/default/kustomization.yaml overlays/default/k.yaml\n"
                  "rm overlays/default/kustomization.yaml\n"
                  "ln -s k.yaml overlays/default/kustomization.yaml\n"
                  "git add -A; git commit -qm start");
    sg_auto_repo repo = world_open(&w);
    struct sg_repo_apply_opts opts = {.plan = {.to = "1.1"}, .commit = true};
    struct sg_err err = {0};
    struct sg_plan plan;
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    sg_plan_init(&plan, sg_repo_atoms(repo));
    if (sg_repo_apply(repo, &opts, &plan, &result, &err) != 0) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(strlen(result.commits.items[0]), 64);
    sg_plan_release(&plan);
    sg_repo_free(repo);
    repo = world_open(&w);
    assert_int_equal(since(&w, "HEAD^", &plan, repo), 0);
    assert_string_equal(plan.from.version, "1.0.0");
    assert_int_equal(plan.summary.objects.added, 1);
    assert_false(plan.overlays.items[0].uncompared);
    sg_plan_release(&plan);
    /* on to 1.2 and back to a base with an executable file, from the project's own
     * history: upstream is gone */
    sg_repo_free(repo);
    repo = NULL;
    assert_int_equal(world_apply(&w, "1.2"), 0);
    world_run(&w, "git add -A; git commit -qm up; mv ../up ../gone");
    world_rollback(&w, NULL);
    world_run(
        &w,
        "test -x base/run.sh; git add -A; git diff --cached --exit-code HEAD^ -- base");
    world_release(&w);
}

/* --- notes ------------------------------------------------------------------------ */

static int check_to(struct world *w, const char *to, const char *accept) {
    sg_auto_repo repo = world_open(w);
    struct sg_repo_check_opts opts = {
        .to = to, .plan = {.accepts = &accept, .accepts_len = accept != NULL}};
    struct sg_err err = {0};
    struct sg_plan plan;
    sg_plan_init(&plan, sg_repo_atoms(repo));
    if (sg_repo_check(repo, &opts, &plan, &err) != 0) {
        fail_msg("check --to: %s", err.text);
    }
    int status = plan.exit;
    if (status == 1) {
        assert_string_equal(first(&plan)->code, "SG502");
    }
    sg_plan_release(&plan);
    return status;
}

static void test_notes(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    world_start(&w, "1.0.0");
    world_run(&w, "sed -i 's,^  skip:.*,  skip: []\\n  notes: docs/notes.md,' "
                  "sgupgrade.yaml; git commit -qam notes");
    assert_int_equal(check_to(&w, "1.1", NULL), 1);
    assert_int_equal(check_to(&w, "1.1", "SG502:*:1.1=restarted"), 0);
    /* apply writes what needs agreement, and --accept goes into the config */
    sg_auto_repo repo = world_open(&w);
    const char *accept = "SG502:*:1.1=restarted";
    struct sg_repo_apply_opts opts = {
        .plan = {.to = "1.1", .accepts = &accept, .accepts_len = 1}};
    struct sg_err err = {0};
    struct sg_plan plan;
    sg_auto_repo_result result;
    sg_repo_result_init(&result);
    sg_plan_init(&plan, sg_repo_atoms(repo));
    char before[SG_SHA256_HEX + 1], after[SG_SHA256_HEX + 1];
    world_digest(&w, before);
    if (sg_repo_apply(repo, &opts, &plan, &result, &err) != 0) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(plan.hops.items[0].notes.len, 1);
    assert_string_equal(plan.hops.items[0].notes.items[0].title, "1.1");
    assert_string_equal(plan.hops.items[0].notes.items[0].text, "Restart it.");
    sg_plan_release(&plan);
    sg_auto_cstr config = world_read(&w, "sgupgrade.yaml");
    assert_non_null(strstr(config, "restarted"));
    sg_repo_free(repo);
    repo = NULL;
    world_rollback(&w, NULL);
    world_digest(&w, after);
    assert_string_equal(before, after);
    world_release(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_edited),
        cmocka_unit_test(test_base_edited_says_which),
        cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_tag_moved),
        cmocka_unit_test(test_stale_render),
        cmocka_unit_test(test_rendered_with_crlf),
        cmocka_unit_test(test_rendered_of_nobody),
        cmocka_unit_test(test_overlay_that_does_not_render),
        cmocka_unit_test(test_since_one_step),
        cmocka_unit_test(test_since_too_far),
        cmocka_unit_test(test_since_overlay_removed),
        cmocka_unit_test(test_since_unknown),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
