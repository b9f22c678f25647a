/* What does not hold with a component is not shared, and only that. What is made of the
 * forks holds, so here it is spoiled on purpose. */
#include "releases.h"

#include <string.h>

#define DEPLOYMENT(name, cpu, memory)                                                    \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " name "\nspec:\n"        \
    "  template:\n    spec:\n      containers:\n      - name: c\n        resources:\n"   \
    "          limits:\n            cpu: " cpu "\n            memory: " memory "\n"

enum { ENVS = 2 };
static const char *const web[ENVS] = {DEPLOYMENT("web", "2", "2Gi"),
                                      DEPLOYMENT("web", "2", "4Gi")};
static const char *const store[ENVS] = {DEPLOYMENT("store", "2", "2Gi"),
                                        DEPLOYMENT("store", "2", "4Gi")};

struct fixture {
    struct sg_atoms *atoms;
    struct sg_fs *project;
    struct sg_fs *trees[ENVS];
    struct sg_adopt_fork forks[ENVS];
    struct sg_adopt_opts opts[ENVS];
    struct sg_adopted adopted[ENVS];
    struct sg_adopt_env envs[ENVS];
    struct sg_adopted component;
};

static void put(struct sg_fs *fs, const char *path, const char *text) {
    sg_fs_memory_put(fs, path, text, strlen(text));
}

static void adopt(struct fixture *f, size_t e) {
    static const char *const overlays[ENVS] = {"overlays/a", "overlays/b"};
    struct sg_err err = {0};
    f->trees[e] = sg_fs_memory();
    put(f->trees[e], "base/web.yaml", web[e]);
    put(f->trees[e], "base/store.yaml", store[e]);
    f->opts[e] = (struct sg_adopt_opts){.project = f->project,
                                        .base = "base",
                                        .overlay = overlays[e],
                                        .fork = f->trees[e],
                                        .dir = "base"};
    sg_adopt_fork_init(&f->forks[e], f->atoms);
    assert_int_equal(sg_adopt_fork_read(&f->forks[e], f->trees[e], "base", &err), 0);
    assert_int_equal(sg_adopt_overlay(&f->forks[e], &f->opts[e], &f->adopted[e], &err),
                     0);
    assert_int_equal(f->adopted[e].differences.len, 0);
    f->envs[e] = (struct sg_adopt_env){&f->forks[e], &f->opts[e], &f->adopted[e]};
}

static int setup(void **state) {
    struct fixture *f = sg_xcalloc(1, sizeof(*f));
    f->atoms = sg_atoms_new();
    f->project = sg_fs_memory();
    put(f->project, "base/kustomization.yaml", "resources:\n- store.yaml\n- web.yaml\n");
    put(f->project, "base/web.yaml", DEPLOYMENT("web", "1", "1Gi"));
    put(f->project, "base/store.yaml", DEPLOYMENT("store", "1", "1Gi"));
    for (size_t e = 0; e < ENVS; e++) {
        adopt(f, e);
    }
    *state = f;
    return 0;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    for (size_t e = 0; e < ENVS; e++) {
        sg_adopted_release(&f->adopted[e]);
        sg_adopt_fork_release(&f->forks[e]);
        sg_fs_free(f->trees[e]);
    }
    sg_adopted_release(&f->component);
    sg_fs_free(f->project);
    sg_atoms_free(f->atoms);
    free(f);
    return 0;
}

static const char *text_of(const struct sg_adopted *adopted, const char *path) {
    for (size_t i = 0; i < adopted->files.len; i++) {
        if (strcmp(adopted->files.items[i].path, path) == 0) {
            return adopted->files.items[i].text;
        }
    }
    return "";
}

#define has(adopted, path, part)   assert_non_null(strstr(text_of(adopted, path), part))
#define lacks(adopted, path, part) assert_null(strstr(text_of(adopted, path), part))

static struct sg_adopt_said *said_of(struct sg_adopted *adopted, const char *object) {
    size_t i = 0;
    while (i < adopted->said.len && strcmp(adopted->said.items[i].object, object) != 0) {
        i++;
    }
    assert_true(i < adopted->said.len);
    return &adopted->said.items[i];
}

/* `node` with a field more, below `spec`. */
static const struct sg_node *spoiled(struct sg_docs *docs, const struct sg_node *node) {
    struct sg_node *copy = sg_node_clone(docs, node);
    (void)sg_map_put(docs, sg_map_ensure(docs, copy, SG_ATOM(spec)),
                     sg_atom_of(docs->atoms, "spoiled"), sg_str_new(docs, "yes"));
    return copy;
}

#define COMMON "components/common/"
#define A      "overlays/a/"
#define B      "overlays/b/"
#define WEB    "patches/web.Deployment.yaml"
#define STORE  "patches/store.Deployment.yaml"

static void share(struct fixture *f) {
    sg_adopt_share(f->envs, ENVS, "components/common", &f->component);
}

static void test_shares(void **state) {
    struct fixture *f = *state;
    share(f);
    has(&f->component, COMMON WEB, "cpu: 2");
    has(&f->component, COMMON STORE, "cpu: 2");
    lacks(&f->adopted[0], A WEB, "cpu");
    has(&f->adopted[0], A WEB, "memory: 2Gi");
    has(&f->adopted[1], B STORE, "memory: 4Gi");
}

/* What both would say of one object is wrong: it is said apart, the other one is shared.
 */
static void test_parts_one_object(void **state) {
    struct fixture *f = *state;
    for (size_t e = 0; e < ENVS; e++) {
        struct sg_adopt_said *said = said_of(&f->adopted[e], "apps/v1/Deployment/web");
        said->body = spoiled(&f->forks[e].docs, said->body);
        said->want = spoiled(&f->forks[e].docs, said->want);
    }
    share(f);
    has(&f->component, COMMON STORE, "cpu: 2");
    assert_string_equal(text_of(&f->component, COMMON WEB), "");
    has(&f->adopted[0], A WEB, "cpu: 2");
    has(&f->adopted[1], B WEB, "memory: 4Gi");
    lacks(&f->adopted[1], B WEB, "spoiled");
    lacks(&f->adopted[1], B STORE, "cpu");
}

/* What is said for all objects is wrong wherever it stands: the overlays stay as they
 * were. */
static void test_shares_nothing(void **state) {
    struct fixture *f = *state;
    sg_auto_buf before = SG_BUF_INIT;
    sg_buf_adds(&before, text_of(&f->adopted[0], A WEB));
    for (size_t e = 0; e < ENVS; e++) {
        struct sg_adopt_entry entry = {.field = "labels", .text = "    spoiled: x\n"};
        sg_vec_push(&f->adopted[e].entries, entry);
    }
    share(f);
    assert_int_equal(f->component.files.len, 0);
    assert_string_equal(text_of(&f->adopted[0], A WEB), sg_buf_cstr(&before));
    lacks(&f->adopted[0], A "kustomization.yaml", "components");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shares, setup, teardown),
        cmocka_unit_test_setup_teardown(test_parts_one_object, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shares_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
