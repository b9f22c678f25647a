/* Names in rendered/, the kustomization we make, the folders that are overlays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "project.h"

/* --- rendered/ -------------------------------------------------------------------- */

static void name_is(const char *group, const char *kind, const char *namespace,
                    const char *name, const char *expected) {
    sg_auto_buf text = SG_BUF_INIT;
    rendered_name(group, kind, namespace, name, &text);
    assert_string_equal(sg_buf_cstr(&text), expected);
}

static void test_names(void **state) {
    (void)state;
    name_is("apps", "Deployment", "prod", "web", "deployment.apps_prod_web.yaml");
    name_is("", "Service", "", "web", "service_web.yaml");
    name_is("rbac.authorization.k8s.io", "ClusterRole", "", "system:Node",
            "clusterrole.rbac.authorization.k8s.io_system%3A%4Eode.yaml");
    /* nothing leaves the folder, and no two parts run together */
    name_is("", "Kind", "", "../../etc/passwd", "kind_..%2F..%2Fetc%2Fpasswd.yaml");
    name_is("", "Kind", "a_b", "c", "kind_a%5Fb_c.yaml");
    name_is("", "Kind", "a", "b_c", "kind_a_b%5Fc.yaml");
}

static void test_long_names(void **state) {
    (void)state;
    char a[300], b[300];
    memset(a, 'x', sizeof(a));
    memset(b, 'x', sizeof(b));
    a[299] = b[299] = '\0';
    b[298] = 'y';
    sg_auto_buf first = SG_BUF_INIT, second = SG_BUF_INIT;
    rendered_name("", "Kind", "", a, &first);
    rendered_name("", "Kind", "", b, &second);
    assert_int_equal(first.len, 200 + strlen(".yaml"));
    assert_string_not_equal(sg_buf_cstr(&first), sg_buf_cstr(&second));
}

/* --- the kustomization we make ---------------------------------------------------- */

static void put(struct sg_fs *fs, const char *path, const char *text) {
    sg_fs_memory_put(fs, path, text, strlen(text));
}

#define MANIFEST "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"

static void test_generated(void **state) {
    (void)state;
    sg_auto_fs fs = sg_fs_memory();
    put(fs, "b.yaml", MANIFEST);
    put(fs, "a/z.yml", "# comment\n---\n" MANIFEST);
    put(fs, "a/quoted.yaml", "\"apiVersion\": v1\n'kind': Service\n");
    put(fs, "values.yaml", "replicas: 1\nkindness: 3\n");
    put(fs, "README.md", MANIFEST);
    put(fs, "a: b.yaml", MANIFEST);
    char *text = NULL;
    struct sg_err err = {0};
    assert_int_equal(generated_make(fs, &text, &err), 0);
    assert_non_null(text);
    assert_string_equal(strstr(text, "resources:"),
                        "resources:\n  - a/quoted.yaml\n  - a/z.yml\n"
                        "  - \"a: b.yaml\"\n  - b.yaml\n");
    free(text);
}

static void test_not_generated(void **state) {
    (void)state;
    static const char *const names[] = {"kustomization.yaml", "deep/kustomization.yml",
                                        "Kustomization"};
    for (size_t i = 0; i < SG_ARRAY_LEN(names); i++) {
        sg_auto_fs fs = sg_fs_memory();
        put(fs, "b.yaml", MANIFEST);
        put(fs, names[i], "resources: []\n");
        char *text = NULL;
        struct sg_err err = {0};
        assert_int_equal(generated_make(fs, &text, &err), 0);
        assert_null(text);
    }
    sg_auto_fs none = sg_fs_memory();
    put(none, "values.yaml", "a: 1\n");
    char *text = NULL;
    struct sg_err err = {0};
    assert_int_equal(generated_make(none, &text, &err), 0);
    assert_null(text);
}

/* --- overlays --------------------------------------------------------------------- */

struct project {
    struct sg_repo repo;
    struct sg_fs *fs;
};

static void project_init(struct project *project, const char *globs) {
    memset(project, 0, sizeof(*project));
    project->repo.atoms = sg_atoms_new();
    project->fs = sg_fs_memory();
    sg_lock_init(&project->repo.lock);
    sg_auto_cstr text = sg_xasprintf("apiVersion: sgupgrade/v1\nkind: Upgrade\n"
                                     "upstream: {url: u, paths: [base]}\noverlays: %s\n",
                                     globs);
    struct sg_err err = {0};
    if (sg_config_read(&project->repo.config, "c", text, strlen(text), &err) != 0) {
        fail_msg("%s", err.text);
    }
}

static void project_release(struct project *project) {
    sg_config_release(&project->repo.config);
    sg_lock_release(&project->repo.lock);
    sg_fs_free(project->fs);
    sg_atoms_free(project->repo.atoms);
}

static void overlays_are(struct project *project, const char *expected) {
    sg_auto_repo_overlays overlays = {0};
    sg_auto_buf all = SG_BUF_INIT;
    struct sg_err err = {0};
    if (sg_repo_list_overlays(&project->repo, project->fs, &overlays, &err) != 0) {
        fail_msg("%s", err.text);
    }
    for (size_t i = 0; i < overlays.items.len; i++) {
        sg_buf_addf(&all, "[%s=%s]", overlays.items.items[i].name,
                    overlays.items.items[i].dir);
    }
    assert_string_equal(sg_buf_cstr(&all), expected);
}

static void test_overlays(void **state) {
    (void)state;
    struct project p;
    project_init(&p, "[overlays/*, 'clusters/*/*']");
    put(p.fs, "overlays/prod/kustomization.yaml", "resources: []\n");
    put(p.fs, "overlays/dev/kustomization.yml", "resources: []\n");
    put(p.fs, "overlays/shared/kustomization.yaml", "kind: Component\n");
    put(p.fs, "overlays/tls/kustomization.yaml",
        "# no Component\nkind: Kustomization\nresources: []\n");
    put(p.fs, "overlays/scripts/run.sh", "");
    put(p.fs, "overlays/prod/deep/kustomization.yaml", "resources: []\n");
    put(p.fs, "clusters/eu/prod/Kustomization", "resources: []\n");
    put(p.fs, "clusters/eu/kustomization.yaml", "resources: []\n");
    put(p.fs, "other/kustomization.yaml", "resources: []\n");
    overlays_are(&p, "[dev=overlays/dev][eu/prod=clusters/eu/prod][prod=overlays/prod]"
                     "[tls=overlays/tls]");
    project_release(&p);
}

static void test_overlays_of_one_name(void **state) {
    (void)state;
    struct project p;
    project_init(&p, "[a/*, b/*, 'a/pr*']");
    put(p.fs, "a/prod/kustomization.yaml", "resources: []\n");
    overlays_are(&p, "[prod=a/prod]"); /* two globs may name one folder */
    put(p.fs, "b/prod/kustomization.yaml", "resources: []\n");
    sg_auto_repo_overlays overlays = {0};
    struct sg_err err = {0};
    assert_int_equal(sg_repo_list_overlays(&p.repo, p.fs, &overlays, &err), -1);
    assert_int_equal(err.code, SG_E_INPUT);
    assert_non_null(strstr(err.text, "a/prod and b/prod"));
    project_release(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),     cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_generated), cmocka_unit_test(test_not_generated),
        cmocka_unit_test(test_overlays),  cmocka_unit_test(test_overlays_of_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
