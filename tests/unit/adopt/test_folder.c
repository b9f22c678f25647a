/* test_folder.c - where in a fork upstream's folder is, and what it has beside it. */
#include "releases.h"

#include <string.h>

static const char object[] = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n";
static const char kustomization[] = "resources:\n- ../../base\n";

static void start(struct releases *r) {
    releases_start(r);
    releases_commit(r, "one");
    releases_file(r, "base/kustomization.yaml", "resources:\n- web/web.yaml\n");
    releases_file(r, "base/web/web.yaml", object);
    releases_file(r, "base/db/db.yaml", object);
    releases_file(r, "overlays/plain/kustomization.yaml", kustomization);
    releases_file(r, "overlays/small/kustomization.yaml", kustomization);
    releases_tag(r, "v1.0.0");
    releases_make(r);
}

static void put(struct sg_fs *fs, const char *path, const char *text) {
    sg_fs_memory_put(fs, path, text, strlen(text));
}

/* `want`: the folder; of one that is only like it with a '?' in front. */
static void assert_folder_of(struct releases *r, const char *from,
                             const char *const *files, const char *want) {
    sg_auto_fs fork = sg_fs_memory();
    for (; *files != NULL; files++) {
        put(fork, *files, strstr(*files, ".json") != NULL ? "{}" : object);
    }
    struct sg_err err = {0};
    bool found = false;
    sg_auto_buf out = SG_BUF_INIT;
    assert_int_equal(sg_adopt_folder(r->up, from, fork, &found, &out, &err), 0);
    assert_string_equal(sg_buf_cstr(&out), *want == '?' ? want + 1 : want);
    assert_int_equal(found, *want != '?');
}
static void assert_folder(struct releases *r, const char *const *files,
                          const char *want) {
    assert_folder_of(r, "base", files, want);
}
#define FILES(...)                                                                       \
    (const char *const[]) {                                                              \
        __VA_ARGS__, NULL                                                                \
    }

static void the_folder_is_found(void **state) {
    (void)state;
    struct releases r;
    start(&r);
    /* of that name, whatever else there is */
    assert_folder(&r, FILES("base/x.txt", "web/web.yaml"), "base");
    /* the root: by upstream's paths, an object of its own, or as all there is */
    assert_folder(&r, FILES("web/web.yaml", "other/base/x.yaml"), "");
    assert_folder(&r, FILES("all.yaml", "k8s/web/web.yaml"), "");
    assert_folder(&r, FILES("k8s/all.yaml"), "");
    /* further down, by upstream's paths, then by its name */
    assert_folder(&r, FILES("package.json", "k8s/web/web.yaml", "k8s/db/db.yaml"),
                  "?k8s");
    assert_folder(&r, FILES("a/web/web.yaml", "b/web/web.yaml", "b/db/db.yaml"), "?b");
    assert_folder(&r, FILES("deploy/shop/base/all.yaml"), "?deploy/shop/base");
    assert_folder(&r, FILES("package.json", "README.md"), "?");
    assert_folder_of(&r, "k8s/base", FILES("base/all.yaml"), "?base");
    assert_folder_of(&r, "k8s/base", FILES("database/all.yaml"), "");
    releases_drop(&r);
}

static void kustomizations_beside_it_are_named(void **state) {
    (void)state;
    struct releases r;
    start(&r);
    sg_auto_fs fork = sg_fs_memory();
    put(fork, "base/web/web.yaml", object);
    put(fork, "base/kustomization.yaml", kustomization);
    put(fork, "kustomization.yaml", kustomization);
    put(fork, "overlays/plain/kustomization.yaml", kustomization); /* upstream's */
    put(fork, "overlays/small/kustomization.yaml", kustomization);
    put(fork, "overlays/small/own.yaml", object);
    put(fork, ".ci/kustomization.yaml", kustomization);
    put(fork, "a/b/c/kustomization.yaml", kustomization); /* too deep */
    struct sg_err err = {0};
    struct sg_version version;
    struct sg_adopt_outside outside;
    assert_int_equal(sg_version_parse("1.0.0", &version, &err), 0);
    assert_int_equal(sg_adopt_outside(r.up, &version, fork, "base", &outside, &err), 0);
    assert_int_equal(outside.items.len, 2);
    assert_string_equal(outside.items.items[0], ".");
    assert_string_equal(outside.items.items[1], "overlays/small");
    sg_adopt_outside_release(&outside);
    assert_int_equal(sg_adopt_outside(r.up, &version, fork, "", &outside, &err), 0);
    assert_int_equal(outside.items.len, 0);
    sg_adopt_outside_release(&outside);
    releases_drop(&r);
}

static void find_outside(struct releases *r, const struct sg_fs *fork,
                         struct sg_adopt_outside *out) {
    struct sg_err err = {0};
    struct sg_version version;
    assert_int_equal(sg_version_parse("1.0.0", &version, &err), 0);
    assert_int_equal(sg_adopt_outside(r->up, &version, fork, "base", out, &err), 0);
}

/* A fork of many folders is not searched to the end. */
static void the_search_has_an_end(void **state) {
    (void)state;
    struct releases r;
    start(&r);
    sg_auto_fs fork = sg_fs_memory();
    put(fork, "base/web/web.yaml", object);
    for (int i = 0; i < 3 * SG_ADOPT_MAX_OUTSIDE; i++) {
        sg_auto_cstr path = sg_xasprintf("overlays/o%d/kustomization.yaml", i);
        put(fork, path, "resources: []\n");
    }
    struct sg_adopt_outside outside;
    find_outside(&r, fork, &outside);
    assert_int_equal(outside.items.len, SG_ADOPT_MAX_OUTSIDE);
    assert_true(outside.more);
    sg_adopt_outside_release(&outside);
    releases_drop(&r);
}

static void put_folders(struct sg_fs *fork, int len) {
    for (int i = 0; i < len; i++) {
        sg_auto_cstr path = sg_xasprintf("overlays/o%03d/x.txt", i);
        put(fork, path, "");
    }
}

/* Nor is one of folders that have no kustomization, however many they are. */
static void the_folders_have_an_end(void **state) {
    (void)state;
    struct releases r;
    start(&r);
    sg_auto_fs fork = sg_fs_memory();
    struct sg_adopt_outside outside;
    put(fork, "base/web/web.yaml", object);
    put(fork, "kustomization.yaml", kustomization);
    put(fork, "overlays/z/kustomization.yaml", kustomization);
    put_folders(fork, SG_ADOPT_MAX_LOOKED_INTO - 3); /* the root, overlays and z */
    find_outside(&r, fork, &outside);
    assert_int_equal(outside.items.len, 2);
    assert_false(outside.more);
    sg_adopt_outside_release(&outside);
    put_folders(fork, 600);
    find_outside(&r, fork, &outside);
    assert_int_equal(outside.items.len, 1);
    assert_string_equal(outside.items.items[0], ".");
    assert_true(outside.more);
    sg_adopt_outside_release(&outside);
    releases_drop(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_is_found),
        cmocka_unit_test(kustomizations_beside_it_are_named),
        cmocka_unit_test(the_search_has_an_end),
        cmocka_unit_test(the_folders_have_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
