/* test_resmap.c - look-ups by present and previous ids while the map changes. */
#include "stage.h"

#include "context.h"

#include <stdio.h>
#include <string.h>

static struct sg_docs docs;
static struct sg_atoms *atoms;
static const struct sg_render_opts opts;
static struct sg_kustomize k;
static struct sg_resmap map;

static int setup(void **state) {
    (void)state;
    atoms = sg_atoms_new();
    sg_docs_init(&docs, atoms);
    memset(&k, 0, sizeof(k));
    k.opts = &opts;
    k.set = &docs;
    k.atoms = atoms;
    k.empty = sg_atom_of(atoms, "");
    k.default_ns = sg_atom_of(atoms, "default");
    k.no_ns = sg_atom_of(atoms, "_non_namespaceable_");
    sg_resmap_init(&map);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sg_resmap_release(&map);
    sg_strmap_release(&k.scopes);
    sg_docs_release(&docs);
    sg_atoms_free(atoms);
    return 0;
}

static struct sg_resource *make(const char *version, const char *kind, const char *name,
                                const char *namespace) {
    struct sg_node *node = sg_map_new(&docs), *metadata = sg_map_new(&docs);
    (void)sg_map_put(&docs, node, SG_ATOM(apiVersion), sg_str_new(&docs, version));
    (void)sg_map_put(&docs, node, SG_ATOM(kind), sg_str_new(&docs, kind));
    (void)sg_map_put(&docs, node, SG_ATOM(metadata), metadata);
    (void)sg_map_put(&docs, metadata, SG_ATOM(name), sg_str_new(&docs, name));
    if (namespace[0] != '\0') {
        (void)sg_map_put(&docs, metadata, SG_ATOM(namespace),
                         sg_str_new(&docs, namespace));
    }
    return sg_resource_new(&k, node, NULL);
}

static struct sg_resource *add(const char *version, const char *kind, const char *name,
                               const char *namespace) {
    struct sg_resource *res = make(version, kind, name, namespace);
    struct sg_err err = {0};
    assert_int_equal(sg_resmap_append(&k, &map, res, &err), 0);
    return res;
}

static void rename_to(struct sg_resource *res, const char *name) {
    sg_resource_store_id(&k, res);
    sg_k_set_name(&k, res, name);
    sg_resmap_changed(&k, &map, res);
}

static size_t count(const struct sg_resource *like, enum sg_id_scope scope) {
    sg_auto_reslist found = {0};
    sg_resmap_find(&k, &map, &like->state->cur, scope, &found);
    return found.items.len;
}

static void test_default_namespace(void **state) {
    (void)state;
    struct sg_err err = {0};
    add("v1", "ConfigMap", "a", "");
    assert_int_equal(
        sg_resmap_append(&k, &map, make("v1", "ConfigMap", "a", "default"), &err), -1);
    assert_int_equal(err.code, SG_E_EXISTS);
    add("v1", "ConfigMap", "a", "other");
    add("v2", "ConfigMap", "a", "");
}

static void test_cluster_scope(void **state) {
    (void)state;
    struct sg_err err = {0};
    add("rbac.authorization.k8s.io/v1", "ClusterRole", "a", "");
    struct sg_resource *same =
        make("rbac.authorization.k8s.io/v1", "ClusterRole", "a", "ns");
    assert_int_equal(sg_resmap_append(&k, &map, same, &err), -1);
}

static void test_previous_ids(void **state) {
    (void)state;
    struct sg_resource *res = add("v1", "ConfigMap", "a", "");
    struct sg_resource *old = make("v1", "ConfigMap", "a", "");
    rename_to(res, "b");
    assert_int_equal(count(old, SG_ID_CURRENT), 0);
    assert_int_equal(count(old, SG_ID_ANY), 1);
    assert_int_equal(count(res, SG_ID_CURRENT), 1);
    assert_string_equal(sg_resource_first_id(res).name->text, "a");
    /* its old place is free again, and then both are found by it */
    add("v1", "ConfigMap", "a", "");
    assert_int_equal(count(old, SG_ID_CURRENT), 1);
    assert_int_equal(count(old, SG_ID_ANY), 2);
    sg_resource_forget(res);
    assert_int_equal(count(old, SG_ID_ANY), 1);
}

static void test_named_in(void **state) {
    (void)state;
    struct sg_resource *res = add("v1", "ConfigMap", "a", "one");
    add("v1", "ConfigMap", "a", "two");
    sg_resource_store_id(&k, res);
    sg_k_set_namespace(&k, res, "three");
    sg_resmap_changed(&k, &map, res);
    rename_to(res, "b");
    /* by its old name, in the namespace it has now and in the one it had at first */
    const sg_atom kind = sg_atom_of(atoms, "ConfigMap"), name = sg_atom_of(atoms, "a");
    static const char *const places[] = {"one", "two", "three", "four"};
    static const size_t expected[] = {1, 1, 1, 0};
    for (size_t i = 0; i < SG_ARRAY_LEN(places); i++) {
        const sg_atom namespace = sg_atom_of(atoms, places[i]);
        sg_auto_reslist found = {0};
        sg_resmap_named_in(&map, kind, name, &namespace, 1, &found);
        assert_int_equal(found.items.len, expected[i]);
    }
    const sg_atom all[] = {sg_atom_of(atoms, "three"), sg_atom_of(atoms, "two"),
                           sg_atom_of(atoms, "one")};
    sg_auto_reslist found = {0};
    sg_resmap_named_in(&map, kind, name, all, SG_ARRAY_LEN(all), &found);
    assert_int_equal(found.items.len, 2);
    assert_ptr_equal(found.items.items[0], res);
}

static void test_remove_and_replace(void **state) {
    (void)state;
    struct sg_resource *a = add("v1", "ConfigMap", "a", ""),
                       *b = add("v1", "ConfigMap", "b", "");
    struct sg_resource *c = add("v1", "ConfigMap", "c", "");
    sg_resmap_remove(&map, b);
    assert_int_equal(count(b, SG_ID_ANY), 0);
    assert_int_equal(map.items.len, 2);
    assert_ptr_equal(map.items.items[1], c);
    struct sg_resource *d = make("v1", "ConfigMap", "d", "");
    sg_resmap_replace(&map, a, d);
    assert_int_equal(count(a, SG_ID_ANY), 0);
    assert_int_equal(count(d, SG_ID_CURRENT), 1);
    assert_ptr_equal(map.items.items[0], d);
    add("v1", "ConfigMap", "b", "");
}

static void test_ids_that_become_equal(void **state) {
    (void)state;
    struct sg_err err = {0};
    struct sg_resource *a = add("v1", "ConfigMap", "a", "");
    add("v1", "ConfigMap", "b", "");
    assert_int_equal(sg_resmap_check_changed(&k, &map, &err), 0);
    rename_to(a, "b");
    assert_int_equal(sg_resmap_check_changed(&k, &map, &err), -1);
    assert_int_equal(err.code, SG_E_EXISTS);
}

/* Many objects of one name: the map finds each, and keeps its order. */
static void test_many(void **state) {
    (void)state;
    enum { MANY = 500 };
    struct sg_resource *all[MANY];
    char namespace[16];
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(namespace, sizeof(namespace), "n%zu", i);
        all[i] = add("v1", "ConfigMap", "same", namespace);
    }
    sg_auto_reslist found = {0};
    sg_resmap_named(&map, NULL, sg_atom_of(atoms, "same"), &found);
    assert_int_equal(found.items.len, MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_ptr_equal(found.items.items[i], all[i]);
        assert_int_equal(count(all[i], SG_ID_CURRENT), 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_default_namespace, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cluster_scope, setup, teardown),
        cmocka_unit_test_setup_teardown(test_previous_ids, setup, teardown),
        cmocka_unit_test_setup_teardown(test_named_in, setup, teardown),
        cmocka_unit_test_setup_teardown(test_remove_and_replace, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ids_that_become_equal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
