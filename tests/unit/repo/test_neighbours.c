/* Projects that share files: what one reads of the other, and what an edit may change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "edits.h"
#include "sg/kustomize.h"
#include "world.h"

#define WORLD_OR_SKIP(name)                                                              \
    struct world name;                                                                   \
    if (!world_init(&name))                                                              \
    skip()

static const char size_patch[] = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n"
                                 "  name: web\nspec:\n  replicas: 7\n";

static void start_project(struct world *w, const char *dir) {
    sg_auto_cstr where = sg_xasprintf("%s/%s", w->dir, dir);
    struct sg_repo_init_opts opts = {
        .dir = where, .upstream = w->up, .version = "1.0.0", .common = &w->opts};
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    if (sg_repo_init(&opts, &result, &err) != 0) {
        fail_msg("init: %s", err.text);
    }
}

/* env/a and env/b in one repository: both use shared/labels, and env/b also a component
 * inside env/a. */
static void start_two(struct world *w) {
    assert_int_equal(mkdir(w->dir, 0777), 0);
    world_run(w, "mkdir env; git init -q -b main .");
    start_project(w, "env/a");
    start_project(w, "env/b");
    world_run(w, "mkdir -p shared/labels env/a/components/size");
    world_write(w, "shared/labels/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
                "commonLabels:\n  team: search\n");
    world_write(w, "env/a/components/size/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
                "patches:\n- path: size.yaml\n");
    world_write(w, "env/a/components/size/size.yaml", size_patch);
    world_write(w, "env/a/overlays/default/kustomization.yaml",
                "resources:\n- ../../base\ncomponents:\n- ../../components/size\n"
                "- ../../../../shared/labels\n");
    world_write(w, "env/b/overlays/default/kustomization.yaml",
                "resources:\n- ../../base\ncomponents:\n"
                "- ../../../a/components/size\n- ../../../../shared/labels\n");
    world_run(w, "git add -A; git commit -qm start");
}

static struct sg_repo *open_project(struct world *w, const char *dir) {
    sg_auto_cstr where = sg_xasprintf("%s/%s", w->dir, dir);
    struct sg_repo_opts opts = w->opts;
    struct sg_err err = {0};
    opts.dir = where;
    struct sg_repo *repo = sg_repo_open(&opts, &err);
    if (repo == NULL) {
        fail_msg("open %s: %s", dir, err.text);
    }
    return repo;
}

/* A plan of env/a with one edit and, where `code` is given, the finding it is for. */
struct planned {
    struct sg_repo *repo;
    struct sg_plan plan;
};

static void planned_open(struct planned *p, struct world *w) {
    p->repo = open_project(w, "env/a");
    sg_plan_init(&p->plan, sg_repo_atoms(p->repo));
}

static void planned_close(struct planned *p) {
    sg_plan_release(&p->plan);
    sg_repo_free(p->repo);
}

static void add_finding(struct planned *p) {
    struct sg_finding_in in = {.code = "SG202",
                               .rule = "orphan-element",
                               .severity = SG_WARNING,
                               .hop = 0,
                               .message = "carried"};
    struct sg_finding *finding = sg_plan_add_finding(&p->plan, NULL, &in);
    finding->resolved = SG_RESOLVED_CARRIED;
}

static void add_splice(struct planned *p, const char *file, const char *from,
                       const char *to) {
    sg_auto_buf text = SG_BUF_INIT;
    struct sg_err err = {0};
    assert_int_equal(sg_fs_read(sg_repo_fs(p->repo), file, &text, &err), 0);
    const char *at = strstr(sg_buf_cstr(&text), from);
    assert_non_null(at);
    struct sg_edit edit = {
        .file = file,
        .op = SG_EDIT_SPLICE,
        .start = (uint32_t)(at - text.ptr),
        .end = (uint32_t)(at - text.ptr + (ptrdiff_t)strlen(from)),
        .text = to,
        .text_len = strlen(to),
        .finding = p->plan.findings.len > 0 ? p->plan.findings.items[0].fingerprint : "",
    };
    sg_vec_push(&p->plan.edits, edit);
}

static void check(struct planned *p) {
    struct sg_err err = {0};
    if (neighbours_check(p->repo, &p->plan, &err) != 0) {
        fail_msg("%s", err.text);
    }
}

static void expect_stop(const struct planned *p, const char *code, const char *says) {
    assert_int_equal(p->plan.findings.len, 1);
    const struct sg_finding *finding = &p->plan.findings.items[0];
    assert_string_equal(finding->code, code);
    assert_true(finding->stops && finding->refused);
    assert_int_equal(finding->severity, SG_ERROR);
    assert_int_equal(finding->resolved, SG_RESOLVED_NONE);
    if (strstr(finding->message, says) == NULL) {
        fail_msg("'%s' does not say '%s'", finding->message, says);
    }
}

static const char size_file[] = "components/size/size.yaml";

/* Both projects render what lies outside of them, planned and checked like the rest. */
static void shared_files_are_read(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    static const char *const dirs[] = {"env/a", "env/b"};
    for (size_t i = 0; i < SG_ARRAY_LEN(dirs); i++) {
        sg_auto_repo repo = open_project(&w, dirs[i]);
        struct sg_repo_plan_opts opts = {.to = "1.1"};
        sg_auto_plan plan;
        struct sg_err err = {0};
        sg_plan_init(&plan, sg_repo_atoms(repo));
        assert_int_equal(sg_repo_diff(repo, &opts, &plan, &err), 0);
        assert_false(plan.overlays.items[0].broken);
        assert_int_equal(plan.exit, 1);
        bool shared = false;
        for (size_t k = 0; k < plan.inputs.files.len; k++) {
            shared = shared || strcmp(plan.inputs.files.items[k].file,
                                      "../../shared/labels/kustomization.yaml") == 0;
        }
        assert_true(shared);
    }
    world_release(&w);
}

/* An uncommitted change of a shared file counts as one of the project's own. */
static void shared_files_can_be_dirty(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    world_run(&w,
              "echo '# more' >>shared/labels/kustomization.yaml; echo x >shared/other");
    sg_auto_repo repo = open_project(&w, "env/a");
    struct sg_repo_apply_opts opts = {.plan = {.to = "1.1"}};
    sg_auto_plan plan;
    sg_auto_repo_result result;
    struct sg_err err = {0};
    sg_repo_result_init(&result);
    sg_plan_init(&plan, sg_repo_atoms(repo));
    assert_int_equal(sg_repo_apply(repo, &opts, &plan, &result, &err), -1);
    assert_int_equal(err.code, SG_E_DIRTY);
    assert_string_equal(err.text,
                        "../../shared/labels/kustomization.yaml has uncommitted "
                        "changes");
    world_release(&w);
}

static void an_edit_that_changes_another_stops(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    struct planned p;
    planned_open(&p, &w);
    add_finding(&p);
    add_splice(&p, size_file, "7", "8");
    check(&p);
    expect_stop(&p, "SG202",
                "env/b reads components/size/size.yaml as well, and its "
                "overlay default would change");
    planned_close(&p);
    world_release(&w);
}

static void an_edit_that_breaks_another_stops(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    struct planned p;
    planned_open(&p, &w);
    add_splice(&p, size_file, "name: web", "name: none");
    check(&p);
    expect_stop(&p, "SG206", "would not render");
    planned_close(&p);
    world_release(&w);
}

static void removing_a_file_of_another_stops(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    struct planned p;
    planned_open(&p, &w);
    struct sg_edit edit = {.file = size_file,
                           .op = SG_EDIT_MOVE,
                           .text = "x.yaml",
                           .text_len = 6,
                           .finding = ""};
    sg_vec_push(&p.plan.edits, edit);
    check(&p);
    expect_stop(&p, "SG206", "would not render");
    planned_close(&p);
    world_release(&w);
}

/* Comments, order, a value written otherwise: the other project renders the same. */
static void an_edit_that_changes_nothing_goes_on(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    struct planned p;
    planned_open(&p, &w);
    add_finding(&p);
    add_splice(&p, size_file, "7\n", "7 # of both\n");
    check(&p);
    assert_false(p.plan.findings.items[0].stops);
    assert_int_equal(p.plan.findings.items[0].resolved, SG_RESOLVED_CARRIED);
    planned_close(&p);
    world_release(&w);
}

static void an_edit_nobody_else_reads_goes_on(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    struct planned p;
    planned_open(&p, &w);
    add_splice(&p, "overlays/default/kustomization.yaml", "- ../../../../shared/labels\n",
               "");
    struct sg_edit edit = {.file = "overlays/default/retired/1.1.0/size.yaml",
                           .op = SG_EDIT_CREATE,
                           .text = size_patch,
                           .text_len = sizeof size_patch - 1,
                           .finding = ""};
    sg_vec_push(&p.plan.edits, edit);
    check(&p);
    assert_int_equal(p.plan.findings.len, 0);
    planned_close(&p);
    world_release(&w);
}

/* No transaction of the project writes there, even where nobody would notice. */
static void an_edit_outside_stops(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    struct planned p;
    planned_open(&p, &w);
    add_finding(&p);
    add_splice(&p, "../../shared/labels/kustomization.yaml", "search\n", "search # us\n");
    check(&p);
    expect_stop(&p, "SG202", "lies outside the project");
    planned_close(&p);
    world_release(&w);
}

/* What did not render before has nothing to lose; a config that cannot be read is said.
 */
static void broken_neighbours_do_not_stop(void **state) {
    (void)state;
    WORLD_OR_SKIP(w);
    start_two(&w);
    world_run(&w,
              "echo 'resources: [gone.yaml]' >>env/b/overlays/default/kustomization.yaml;"
              "mkdir env/c; echo '[' >env/c/sgupgrade.yaml");
    struct planned p;
    planned_open(&p, &w);
    add_splice(&p, size_file, "7", "8");
    check(&p);
    assert_int_equal(p.plan.findings.len, 0);
    planned_close(&p);
    world_release(&w);
}

/* Two hops edit one file: the second counts in what the first left. */
static void edits_are_laid_hop_by_hop(void **state) {
    (void)state;
    struct sg_fs *under = sg_fs_memory();
    sg_fs_memory_put(under, "f", "one two three", 13);
    sg_fs_memory_put(under, "g", "g", 1);
    sg_auto_fs owned = under;
    sg_auto_fs view = sg_fs_over(owned);
    static const struct sg_edit edits[] = {
        {.file = "f", .start = 8, .end = 13, .text = "3", .text_len = 1},
        {.file = "f", .start = 0, .end = 3, .text = "1", .text_len = 1},
        {.file = "g", .op = SG_EDIT_MOVE, .text = "h", .text_len = 1},
        {.file = "f", .start = 2, .end = 5, .text = "2", .text_len = 1, .hop = 1},
        {.file = "h", .op = SG_EDIT_DELETE, .hop = 1},
        {.file = "k", .op = SG_EDIT_CREATE, .text = "k", .text_len = 1, .hop = 1},
    };
    struct sg_atoms *atoms = sg_atoms_new();
    struct sg_plan plan;
    struct sg_err err = {0};
    sg_plan_init(&plan, atoms);
    for (size_t i = 0; i < SG_ARRAY_LEN(edits); i++) {
        sg_vec_push(&plan.edits, edits[i]);
    }
    assert_int_equal(edits_lay(&plan, view, &err), 0);
    sg_auto_buf text = SG_BUF_INIT;
    assert_int_equal(sg_fs_read(view, "f", &text, &err), 0);
    assert_int_equal(sg_fs_read(view, "k", &text, &err), 0);
    assert_string_equal(text.ptr, "1 2 3k");
    assert_int_equal(sg_fs_read(view, "g", &text, &err), -1);
    err = (struct sg_err){0};
    assert_int_equal(sg_fs_read(view, "h", &text, &err), -1);
    sg_plan_release(&plan);
    sg_atoms_free(atoms);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_files_are_read),
        cmocka_unit_test(shared_files_can_be_dirty),
        cmocka_unit_test(an_edit_that_changes_another_stops),
        cmocka_unit_test(an_edit_that_breaks_another_stops),
        cmocka_unit_test(removing_a_file_of_another_stops),
        cmocka_unit_test(an_edit_that_changes_nothing_goes_on),
        cmocka_unit_test(an_edit_nobody_else_reads_goes_on),
        cmocka_unit_test(an_edit_outside_stops),
        cmocka_unit_test(broken_neighbours_do_not_stop),
        cmocka_unit_test(edits_are_laid_hop_by_hop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
