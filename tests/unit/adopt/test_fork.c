/* A fork's folder read as a cluster would take it, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "sg/adopt.h"
#include "sg/yaml.h"

#define MAP(name) "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " name "\n"
#define CONFLICT                                                                         \
    "<<<<<<< HEAD\ndata: {a: \"1\"}\n=======\ndata: {a: \"2\"}\n>>>>>>> topic\n"

struct fixture {
    struct sg_atoms *atoms;
    struct sg_fs *fs;
    struct sg_adopt_fork fork;
};

static int setup(void **state) {
    struct fixture *f = sg_xcalloc(1, sizeof(*f));
    f->atoms = sg_atoms_new();
    f->fs = sg_fs_memory();
    sg_adopt_fork_init(&f->fork, f->atoms);
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    sg_adopt_fork_release(&f->fork);
    sg_fs_free(f->fs);
    sg_atoms_free(f->atoms);
    free(f);
    return 0;
}

static void put(struct fixture *f, const char *path, const char *text) {
    sg_auto_cstr full = sg_xasprintf("fork/%s", path);
    sg_fs_memory_put(f->fs, full, text, strlen(text));
}

static void read_fork(struct fixture *f) {
    struct sg_err err = {0};
    if (sg_adopt_fork_read(&f->fork, f->fs, "fork", &err) != 0) {
        fail_msg("%s", err.text);
    }
}

/* Objects as "kind/namespace/name@file#document", oddities as "kind file:line:column",
 * others by their names. */
static void expect(struct fixture *f, const char *objects, const char *oddities,
                   const char *others) {
    sg_auto_buf text = SG_BUF_INIT, odd = SG_BUF_INIT, rest = SG_BUF_INIT;
    for (size_t i = 0; i < f->fork.objects.len; i++) {
        const struct sg_adopt_object *object = &f->fork.objects.items[i];
        sg_buf_addf(&text, "%s%s/%s/%s@%s#%u", i > 0 ? " " : "", object->kind,
                    object->namespace, object->name, object->file, object->document);
    }
    for (size_t i = 0; i < f->fork.oddities.len; i++) {
        const struct sg_adopt_oddity *o = &f->fork.oddities.items[i];
        sg_buf_addf(&odd, "%s%d %s:%u:%u", i > 0 ? " " : "", (int)o->kind, o->file,
                    o->line, o->column);
    }
    for (size_t i = 0; i < f->fork.others.len; i++) {
        sg_buf_addf(&rest, "%s%s", i > 0 ? " " : "", f->fork.others.items[i]);
    }
    assert_string_equal(sg_buf_cstr(&text), objects);
    assert_string_equal(sg_buf_cstr(&odd), oddities);
    assert_string_equal(sg_buf_cstr(&rest), others);
}

static const struct sg_adopt_oddity *only_oddity(struct fixture *f,
                                                 enum sg_adopt_oddity_kind kind) {
    assert_int_equal(f->fork.oddities.len, 1);
    assert_int_equal(f->fork.oddities.items[0].kind, kind);
    return &f->fork.oddities.items[0];
}

/* --- what is read ----------------------------------------------------------------- */

static void test_files_and_documents(void **state) {
    struct fixture *f = *state;
    put(f, "b/two.yml", "# first\n---\n" MAP("a") "---\n# nothing\n---\n" MAP("b"));
    put(f, "a.yaml", MAP("c"));
    put(f, "c.json",
        "{\n\t\"apiVersion\": \"v1\", \"kind\": \"Secret\",\n\t"
        "\"metadata\": {\"name\": \"s\", \"namespace\": \"n\"}}\n");
    put(f, "README.md", "# hello\n");
    put(f, "values.yaml", "replicas: 1\nreplicas: 2\n");
    put(f, "comment.yaml", "# nothing\n");
    put(f, "empty.yaml", "");
    put(f, "kustomization.yaml", "resources: [a.yaml]\nresources: [b]\n");
    put(f, "patch/Kustomization", "resources: [a.yaml]\n");
    put(f, "more.yaml",
        "apiVersion: kustomize.config.k8s.io/v1beta1\n"
        "kind: Kustomization\nresources: []\n");
    read_fork(f);
    expect(f,
           "ConfigMap//c@a.yaml#0 ConfigMap//a@b/two.yml#0 ConfigMap//b@b/two.yml#2 "
           "Secret/n/s@c.json#0",
           "",
           "README.md comment.yaml empty.yaml kustomization.yaml more.yaml "
           "patch/Kustomization values.yaml");
    assert_false(f->fork.broken);
}

static void test_windows(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml",
        "\xEF\xBB\xBF---\r\napiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: "
        "a\r\n"
        "---\r\napiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: b}\r\n");
    read_fork(f);
    expect(f, "ConfigMap//a@a.yaml#0 ConfigMap//b@a.yaml#1", "", "");
    struct sg_pos at = sg_docs_pos(&f->fork.docs, f->fork.objects.items[1].node->loc);
    assert_int_equal(at.line, 7);
    assert_string_equal(at.file, "a.yaml");
}

static void test_utf16(void **state) {
    struct fixture *f = *state;
    static const char text[] = MAP("wide");
    char wide[2 + 2 * sizeof(text)] = "\xFF\xFE";
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        wide[2 + 2 * i] = text[i];
    }
    sg_fs_memory_put(f->fs, "fork/a.yaml", wide, 2 + 2 * (sizeof(text) - 1));
    read_fork(f);
    expect(f, "ConfigMap//wide@a.yaml#0", "", "");
}

static void test_lists(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml",
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"
        "- apiVersion: v1\n  kind: SecretList\n  items:\n"
        "  - {apiVersion: v1, kind: Secret, metadata: {name: s}}\n"
        "---\napiVersion: v1\nkind: List\nitems: []\n"
        "---\napiVersion: acme.example/v1\nkind: AllowList\nmetadata: {name: l}\n");
    put(f, "b.yaml", "apiVersion: v1\nkind: List\n");
    read_fork(f);
    expect(f, "ConfigMap//a@a.yaml#0 Secret//s@a.yaml#0 AllowList//l@a.yaml#2", "",
           "b.yaml");
}

static void test_spans_are_kept(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml", "---\n" MAP("a") "data:\n  k: v # why\n");
    read_fork(f);
    const struct sg_node *data = sg_map_get(f->fork.objects.items[0].node, SG_ATOM(data));
    struct sg_yaml_place place;
    struct sg_yaml_comments comments;
    assert_true(sg_yaml_entry_place(&f->fork.docs, data, 0, &place));
    sg_yaml_comments_of(&place, &comments);
    assert_true(comments.right.end > comments.right.start);
}

static void test_missing_folder(void **state) {
    struct fixture *f = *state;
    struct sg_err err = {0};
    put(f, "a.yaml", MAP("a"));
    assert_int_equal(sg_adopt_fork_read(&f->fork, f->fs, "nowhere", &err), -1);
    assert_int_equal(err.code, SG_E_NOTFOUND);
}

/* --- what is odd ------------------------------------------------------------------ */

static void test_repeated_key(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
        "  template:\n    spec:\n      containers:\n      - name: c\n"
        "        \xC3\xA4: {image: 1, image: 2}\n        image: a\n        image: b\n"
        "        image: c\n");
    read_fork(f);
    expect(f, "Deployment//web@a.yaml#0", "0 a.yaml:9:13 0 a.yaml:10:9", "");
    const struct sg_adopt_oddity *odd = &f->fork.oddities.items[1];
    assert_string_equal(odd->object, "apps/v1/Deployment/web");
    assert_string_equal(odd->path, "spec.template.spec.containers[c].image");
    assert_string_equal(odd->message,
                        "the key \"image\" stands again at line 12, and that one counts");
    const struct sg_node *node = f->fork.objects.items[0].node;
    node = sg_map_gets(sg_map_gets(sg_map_gets(node, "spec"), "template"), "spec");
    node = sg_map_gets(node, "containers")->items[0];
    assert_string_equal(sg_text(sg_map_gets(node, "image")), "c");
}

static void test_repeated_key_outside_of_objects(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml", "apiVersion: v1\nkind: ConfigMap\ndata: 1\ndata: 2\n");
    read_fork(f);
    expect(f, "", "3 a.yaml:1:1 0 a.yaml:3:1", "");
    assert_null(f->fork.oddities.items[1].object);
}

static void test_twice(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml", MAP("a") "data: {from: a}\n---\n" MAP("b"));
    put(f, "b.yaml", "---\n" MAP("a") "data: {from: b}\n");
    put(f, "c.yaml", MAP("a") "data: {from: c}\n");
    read_fork(f);
    expect(f, "ConfigMap//b@a.yaml#1 ConfigMap//a@c.yaml#0", "1 a.yaml:1:1 1 b.yaml:2:1",
           "");
    assert_string_equal(f->fork.oddities.items[0].message,
                        "this object stands again at c.yaml:1, and that one counts");
}

static void test_not_twice(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml",
        MAP("a") "  namespace: x\n---\n" MAP(
            "a") "  namespace: y\n"
                 "---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
                 "---\napiVersion: acme.example/v1\nkind: Secret\n"
                 "metadata: {name: a}\n");
    read_fork(f);
    assert_int_equal(f->fork.objects.len, 4);
    assert_int_equal(f->fork.oddities.len, 0);
}

static void test_twice_in_the_cluster(void **state) {
    struct fixture *f = *state;
#define ROLE "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n"
    put(f, "a.yaml",
        ROLE "metadata: {name: a, namespace: x}\n---\n" ROLE "metadata: {name: a}\n");
    read_fork(f);
    expect(f, "ClusterRole//a@a.yaml#1", "1 a.yaml:1:1", "");
}

static void test_unreadable(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml", MAP("a") "---\nkind: [\n---\n" MAP("b"));
    put(f, "b.yaml", "{{ if .x }}\n: : :\n");
    read_fork(f);
    assert_int_equal(f->fork.objects.len, 2);
    assert_int_equal(f->fork.oddities.len, 2);
    assert_int_equal(f->fork.oddities.items[0].kind, SG_ODD_UNREADABLE);
    assert_string_equal(f->fork.oddities.items[0].file, "a.yaml");
    assert_in_range(f->fork.oddities.items[0].line, 6, 7);
    assert_string_equal(f->fork.oddities.items[1].file, "b.yaml");
    assert_int_equal(f->fork.others.len, 0);
    assert_true(f->fork.broken);
}

static void test_no_object(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml", MAP("a") "---\nfoo: bar\n---\n- 1\n");
    put(f, "b.yaml", "kind: ConfigMap\nmetadata: {name: x}\n");
    put(f, "c.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: x-}\n");
    read_fork(f);
    expect(f, "ConfigMap//a@a.yaml#0",
           "3 a.yaml:6:1 3 a.yaml:8:1 3 b.yaml:1:1 3 c.yaml:1:1", "");
    assert_string_equal(f->fork.oddities.items[2].message,
                        "this document has no apiVersion");
    assert_false(f->fork.broken);
}

static void test_conflict(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml", MAP("a") "---\n" MAP("b") CONFLICT "---\n" MAP("c"));
    read_fork(f);
    expect(f, "ConfigMap//a@a.yaml#0 ConfigMap//c@a.yaml#2", "4 a.yaml:10:1", "");
    assert_true(f->fork.broken);
}

static void test_conflict_over_documents(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml",
        MAP("a") "---\n<<<<<<< HEAD\n" MAP("b") "---\n" MAP("c") "---\n=======\n" MAP(
            "d") ">>>>>>> topic\n---\n" MAP("e"));
    read_fork(f);
    expect(f, "ConfigMap//a@a.yaml#0 ConfigMap//e@a.yaml#4", "4 a.yaml:6:1", "");
}

static void test_left_over_mark(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml", MAP("a") "---\n" MAP("b") ">>>>>>> topic: x\n---\n" MAP("c"));
    put(f, "b.yaml", MAP("d") "=======\r\n");
    read_fork(f);
    expect(f, "ConfigMap//a@a.yaml#0 ConfigMap//c@a.yaml#2", "4 a.yaml:10:1 4 b.yaml:5:1",
           "");
}

/* Text that only looks like one. */
static void test_no_conflict(void **state) {
    struct fixture *f = *state;
    put(f, "a.yaml",
        MAP("a") "# =======\n#<<<<<<< x\ndata:\n  text: |\n    <<<<<<< HEAD\n"
                 "    =======\n    >>>>>>> x\n    --- a\n  ========: x\n");
    read_fork(f);
    expect(f, "ConfigMap//a@a.yaml#0", "", "");
}

static void test_binary(void **state) {
    struct fixture *f = *state;
    sg_fs_memory_put(f->fs, "fork/a.yaml", "GIF\0\1\2", 6);
    put(f, "logo.png", "\x89PNG");
    read_fork(f);
    expect(f, "", "5 a.yaml:0:0", "a.yaml logo.png");
    (void)only_oddity(f, SG_ODD_BINARY);
}

/* --- how long it takes ------------------------------------------------------------ */

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double time_of(size_t files) {
    struct fixture *f;
    (void)setup((void **)&f);
    for (size_t i = 0; i < files; i++) {
        sg_auto_cstr path = sg_xasprintf("d%02zu/f%05zu.yaml", i % 50, i);
        sg_auto_cstr text = sg_xasprintf(MAP("n%zu") "data:\n  k: v\n  k: w\n", i);
        put(f, path, text);
    }
    double start = seconds();
    read_fork(f);
    double took = seconds() - start;
    assert_int_equal(f->fork.objects.len, files);
    assert_int_equal(f->fork.oddities.len, files);
    (void)teardown((void **)&f);
    return took;
}

/* Ten times the files, far from a hundred times the work. */
static void test_many_files(void **state) {
    (void)state;
    double few = time_of(1000), many = time_of(10000);
    if (many > 40 * few) {
        fail_msg("1000 files: %.3f s, 10000 files: %.3f s", few, many);
    }
}

#define fork_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        fork_test(test_files_and_documents),
        fork_test(test_windows),
        fork_test(test_utf16),
        fork_test(test_lists),
        fork_test(test_spans_are_kept),
        fork_test(test_missing_folder),
        fork_test(test_repeated_key),
        fork_test(test_repeated_key_outside_of_objects),
        fork_test(test_twice),
        fork_test(test_not_twice),
        fork_test(test_twice_in_the_cluster),
        fork_test(test_unreadable),
        fork_test(test_no_object),
        fork_test(test_conflict),
        fork_test(test_conflict_over_documents),
        fork_test(test_left_over_mark),
        fork_test(test_no_conflict),
        fork_test(test_binary),
        cmocka_unit_test(test_many_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
