/* Where values come from: every kind of step, what it made of the value, and the places.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sg/chain.h"
#include "sg/path.h"
#include "sg/yaml.h"

static const char base_kustomization[] = "resources: [web.yaml]\n"
                                         "labels:\n"
                                         "- pairs: {from: upstream}\n";
static const char base_web[] = "apiVersion: apps/v1\n"
                               "kind: Deployment\n"
                               "metadata:\n"
                               "  name: web\n"
                               "  annotations:\n"
                               "    note: |\n"
                               "      one\n"
                               "      two\n"
                               "spec:\n"
                               "  replicas: 1\n"
                               "  template:\n"
                               "    spec:\n"
                               "      containers:\n"
                               "      - name: web\n"
                               "        image: example/web:1\n"
                               "        args: [--old, --keep]\n"
                               "        env:\n"
                               "        - {name: HOST, value: $(V)}\n"
                               "        - {name: GONE, value: x}\n"
                               "        envFrom:\n"
                               "        - configMapRef: {name: conf}\n"
                               "        ports:\n"
                               "        - containerPort: 80\n"
                               "---\n"
                               "apiVersion: v1\n"
                               "kind: Service\n"
                               "metadata: {name: web}\n"
                               "spec: {ports: [{port: 80}]}\n"
                               "---\n"
                               "apiVersion: v1\n"
                               "kind: Service\n"
                               "metadata: {name: old}\n";
static const char overlay[] =
    "resources: [../../base, secret.yaml]\n"
    "components: [../../comp]\n"
    "namespace: prod\n"
    "namePrefix: a-\n"
    "patches:\n"
    "- path: patch.yaml\n"
    "- target: {kind: Deployment}\n"
    "  patch: |-\n"
    "    - op: add\n"
    "      path: /spec/template/spec/containers/0/args/0\n"
    "      value: --new\n"
    "    - op: replace\n"
    "      path: /spec/replicas\n"
    "      value: 4\n"
    "    - op: copy\n"
    "      from: /spec/replicas\n"
    "      path: /spec/revisionHistoryLimit\n"
    "- patch: |-\n"
    "    $patch: delete\n"
    "    apiVersion: v1\n"
    "    kind: Service\n"
    "    metadata: {name: old}\n"
    "images:\n"
    "- {name: example/web, newTag: '2'}\n"
    "replicas:\n"
    "- {name: web, count: 5}\n"
    "configMapGenerator:\n"
    "- name: conf\n"
    "  literals: [host=h.corp]\n"
    "replacements:\n"
    "- source: {kind: ConfigMap, name: conf, fieldPath: data.host}\n"
    "  targets:\n"
    "  - select: {kind: Service, name: web}\n"
    "    fieldPaths: [metadata.annotations.host]\n"
    "    options: {create: true}\n"
    "- source: {kind: Secret, name: s, fieldPath: stringData.k}\n"
    "  targets:\n"
    "  - select: {kind: Service, name: web}\n"
    "    fieldPaths: [metadata.annotations.leak]\n"
    "    options: {create: true}\n"
    "- source: {kind: Service, name: web, fieldPath: "
    "metadata.annotations.leak}\n"
    "  targets:\n"
    "  - select: {kind: Service, name: web}\n"
    "    fieldPaths: [metadata.annotations.again]\n"
    "    options: {create: true}\n"
    "vars:\n"
    "- name: V\n"
    "  objref: {apiVersion: v1, kind: ConfigMap, name: conf}\n"
    "  fieldref: {fieldPath: data.host}\n";
static const char patch[] = "apiVersion: apps/v1\n"
                            "kind: Deployment\n"
                            "metadata: {name: web}\n"
                            "spec:\n"
                            "  replicas: 3\n"
                            "  template:\n"
                            "    spec:\n"
                            "      containers:\n"
                            "      - name: web\n"
                            "        env:\n"
                            "        - name: GONE\n"
                            "          $patch: delete\n"
                            "        - name: MINE\n"
                            "          value: m\n";
static const char component[] = "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
                                "kind: Component\n"
                                "commonAnnotations: {comp: c}\n";
static const char secret[] =
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: hunter2}\n";

static struct sg_atoms *atoms;
static struct sg_fs *fs;

static void put(const char *path, const char *text) {
    sg_fs_memory_put(fs, path, text, strlen(text));
}

static int set_up(void **state) {
    (void)state;
    atoms = sg_atoms_new();
    fs = sg_fs_memory();
    put("base/kustomization.yaml", base_kustomization);
    put("base/web.yaml", base_web);
    put("comp/kustomization.yaml", component);
    put("o/x/kustomization.yaml", overlay);
    put("o/x/patch.yaml", patch);
    put("o/x/secret.yaml", secret);
    put("o/bad/kustomization.yaml", "resources: [missing.yaml]\n");
    put("o/y/kustomization.yaml", "resources: [../../base]\n");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sg_fs_free(fs);
    sg_atoms_free(atoms);
    return 0;
}

static bool vendored(void *ctx, const char *path) {
    (void)ctx;
    return sg_path_within(path, "base");
}

static const struct sg_plan_overlay_in all[] = {
    {"x", "o/x"}, {"y", "o/y"}, {"bad", "o/bad"}};

static int find_in(size_t overlays, const char *object, const char *path,
                   struct sg_chains *out, struct sg_err *err) {
    const struct sg_planner_opts opts = {
        .atoms = atoms,
        .overlays = all,
        .overlays_len = overlays,
        .vendored = vendored,
    };
    const struct sg_chain_query query = {object, path};
    sg_chains_init(out, atoms);
    return sg_chains_find(&opts, fs, &query, out, err);
}

static const struct sg_chain *find(const char *object, const char *path,
                                   struct sg_chains *out) {
    struct sg_err err = {0};
    if (find_in(1, object, path, out, &err) != 0) {
        fail_msg("%s %s: %s (%s)", object, path != NULL ? path : "", err.text, err.hint);
    }
    assert_int_equal(out->items.len, 1);
    return &out->items.items[0];
}

static void add_value(const struct sg_plan_value *value, struct sg_buf *out) {
    if (value->kind == SG_VALUE_NODE) {
        sg_yaml_inline(value->node, out);
    } else {
        sg_buf_adds(out, value->kind == SG_VALUE_MASKED ? "***" : "-");
    }
}

/* "upstream file base/web.yaml:10 - > 1" */
static void add_link(const struct sg_chain_link *link, struct sg_buf *out) {
    sg_buf_addf(out, "%s %s %s:%u ", sg_owner_word(link->owner), link->what,
                link->at.file != NULL ? link->at.file : "", link->at.line);
    add_value(&link->before, out);
    sg_buf_adds(out, " > ");
    add_value(&link->after, out);
}

struct expected {
    const char *object, *path;
    const char *links[6];
};

static void require(const struct expected *want) {
    sg_auto_chains chains;
    const struct sg_chain *chain = find(want->object, want->path, &chains);
    size_t n = 0;
    while (n < SG_ARRAY_LEN(want->links) && want->links[n] != NULL) {
        n++;
    }
    for (size_t i = 0; i < chain->links.len || i < n; i++) {
        sg_auto_buf text = SG_BUF_INIT;
        if (i < chain->links.len) {
            add_link(&chain->links.items[i], &text);
        }
        if (i >= n || strcmp(sg_buf_cstr(&text), want->links[i]) != 0) {
            fail_msg("%s %s, link %zu: got '%s', expected '%s'", want->object, want->path,
                     i, sg_buf_cstr(&text), i < n ? want->links[i] : "none");
        }
    }
}

static void test_every_step(void **state) {
    (void)state;
    static const struct expected cases[] = {
        {"Deployment/a-web",
         "spec.replicas",
         {"upstream file base/web.yaml:10 - > 1", "overlay patch o/x/patch.yaml:5 1 > 3",
          "overlay inline JSON patch o/x/kustomization.yaml:14 3 > 4",
          "overlay replicas entry o/x/kustomization.yaml:26 4 > 5"}},
        {"Deployment/a-web",
         "spec.revisionHistoryLimit",
         {"overlay inline JSON patch o/x/kustomization.yaml:15 - > 4"}},
        {"Deployment/a-web",
         "spec.template.spec.containers[web].image",
         {"upstream file base/web.yaml:15 - > example/web:1",
          "overlay images entry o/x/kustomization.yaml:24 example/web:1 > "
          "example/web:2"}},
        {"Deployment/a-web",
         "spec.template.spec.containers[web].env[GONE].value",
         {"upstream file base/web.yaml:19 - > x",
          "overlay patch o/x/patch.yaml:11 x > -"}},
        {"Deployment/a-web",
         "spec.template.spec.containers[web].env[MINE]",
         {"overlay patch o/x/patch.yaml:13 - > {name: MINE, value: m}"}},
        {"Deployment/a-web",
         "spec.template.spec.containers[web].env[HOST].value",
         {"upstream file base/web.yaml:18 - > $(V)",
          "overlay vars entry o/x/kustomization.yaml:47 $(V) > h.corp"}},
        {"Deployment/a-web",
         "spec.template.spec.containers[web].args",
         {"upstream file base/web.yaml:16 - > [\"--old\", \"--keep\"]",
          "overlay inline JSON patch o/x/kustomization.yaml:11 - > \"--new\""}},
        {"Deployment/a-web",
         "metadata.name",
         {"upstream file base/web.yaml:4 - > web",
          "overlay namePrefix o/x/kustomization.yaml:4 web > a-web"}},
        {"Deployment/a-web",
         "metadata.namespace",
         {"overlay namespace o/x/kustomization.yaml:3 - > prod"}},
        {"Deployment/a-web",
         "metadata.labels.from",
         {"upstream labels entry base/kustomization.yaml:3 - > upstream"}},
        {"Deployment/a-web",
         "metadata.annotations.comp",
         {"overlay commonAnnotations comp/kustomization.yaml:3 - > c"}},
        {"ConfigMap/conf",
         "data.host",
         {"overlay configMapGenerator entry o/x/kustomization.yaml:29 - > h.corp"}},
        {"Service/web",
         "metadata.annotations.host",
         {"overlay replacements entry o/x/kustomization.yaml:31 - > h.corp"}},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        require(&cases[i]);
    }
}

static void test_names_follow(void **state) {
    (void)state;
    sg_auto_chains chains;
    const struct sg_chain *chain =
        find("Deployment/web",
             "spec.template.spec.containers[web].envFrom[#0].configMapRef.name", &chains);
    assert_int_equal(chain->links.len, 2);
    assert_int_equal(chain->links.items[1].owner, SG_OWNER_EFFECT);
    assert_string_equal(chain->links.items[1].what, "name of what it refers to");
    assert_non_null(strstr(chain->now.node->text, "a-conf-"));
    /* the name is upstream's although the hash is nobody's */
    assert_int_equal(chain->owner, SG_OWNER_UPSTREAM);
    assert_null(chain->edit.file);
}

static void test_end_of_chain(void **state) {
    (void)state;
    sg_auto_chains chains;
    const struct sg_chain *chain = find("Deployment/web", "/spec/replicas", &chains);
    assert_string_equal(chain->id, "apps/v1/Deployment/prod/a-web");
    assert_string_equal(chain->path, "spec.replicas");
    assert_string_equal(chain->pointer, "/spec/replicas");
    assert_int_equal(chain->owner, SG_OWNER_OVERLAY);
    assert_string_equal(chain->edit.file, "o/x/kustomization.yaml");
    assert_int_equal(chain->edit.line, 26);
    assert_string_equal(chain->now.node->text, "5");
    for (size_t i = 0; i < chain->links.len; i++) {
        assert_int_equal(chain->links.items[i].last, i + 1 == chain->links.len);
    }
}

static void test_deleted(void **state) {
    (void)state;
    sg_auto_chains chains, object;
    const struct sg_chain *chain =
        find("Deployment/web", "spec.template.spec.containers[web].env[GONE]", &chains);
    assert_true(chain->gone);
    assert_int_equal(chain->now.kind, SG_VALUE_ABSENT);
    assert_string_equal(chain->edit.file, "o/x/patch.yaml");
    chain = find("old", NULL, &object);
    assert_true(chain->gone);
    const struct sg_chain_link *last = &chain->links.items[chain->links.len - 1];
    assert_int_equal(last->op, SG_OP_DELETE);
    assert_string_equal(last->what, "inline patch");
    assert_int_equal(last->at.line, 19);
}

static void test_object(void **state) {
    (void)state;
    sg_auto_chains chains;
    const struct sg_chain *chain = find("deployment/web", NULL, &chains);
    assert_string_equal(chain->path, "");
    assert_false(chain->gone);
    const struct sg_chain_link *first = &chain->links.items[0];
    assert_string_equal(first->what, "file");
    assert_int_equal(first->at.line, 1);
    assert_int_equal(first->after.kind, SG_VALUE_ABSENT);
    size_t replicas = 0, overwritten = 0;
    for (size_t i = 0; i < chain->links.len; i++) {
        bool here = strcmp(chain->links.items[i].path, "spec.replicas") == 0;
        replicas += here;
        overwritten += here && !chain->links.items[i].last;
    }
    assert_int_equal(replicas, 3);
    assert_int_equal(overwritten, 2);
}

static void require_masked(const struct sg_plan_value *value) {
    assert_true(value->kind != SG_VALUE_NODE);
}

/* Neither a Secret's value nor what replacements carry out of it, also over a copy. */
static void test_secrets(void **state) {
    (void)state;
    static const struct {
        const char *object, *path;
    } cases[] = {
        {"Secret/s", "stringData.k"},
        {"Secret/s", "stringData"},
        {"Service/web", "metadata.annotations.leak"},
        {"Service/web", "metadata.annotations.again"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_chains chains;
        const struct sg_chain *chain = find(cases[i].object, cases[i].path, &chains);
        require_masked(&chain->now);
        assert_int_equal(chain->now.kind, SG_VALUE_MASKED);
        for (size_t k = 0; k < chain->links.len; k++) {
            require_masked(&chain->links.items[k].before);
            require_masked(&chain->links.items[k].after);
        }
    }
    sg_auto_chains chains;
    const struct sg_chain *chain = find("Service/web", "metadata.annotations", &chains);
    assert_int_equal(chain->now.kind, SG_VALUE_MASKED);
    for (size_t k = 0; k < chain->links.len; k++) {
        sg_auto_buf text = SG_BUF_INIT;
        add_link(&chain->links.items[k], &text);
        assert_null(strstr(sg_buf_cstr(&text), "hunter2"));
    }
    assert_string_equal(chain->links.items[chain->links.len - 2].source.object,
                        "v1/Secret/prod/a-s");
}

static void test_refused(void **state) {
    (void)state;
    static const struct {
        const char *object, *path, *text, *hint;
    } cases[] = {
        {"web", NULL, "web is 2 objects in overlay x: ", "name one of them"},
        {"Deploymnt/web", NULL, "no overlay has an object Deploymnt/web",
         "did you mean Deployment/web?"},
        {"Deployment/zzzzzzzzz", NULL, "no overlay has an object", "KIND/NAME"},
        {"Deployment/web", "spec.replicsa", "has no field spec.replicsa",
         "did you mean spec.replicas?"},
        {"Deployment/web", "spec.template.spec.containers[wbe].image", "has no field",
         "did you mean spec.template.spec.containers[web]?"},
        {"Deployment/web", "spec.qqqqqqqqqqqqqqqqqqqqqqqqqqqq", "has no field",
         "it has spec.replicas"},
        {"Deployment/web", "spec.[", "found '[' at column 6", ""},
        {"Deployment/web", "/spec/a~b", "'a~b' has a '~' alone", "~0 stands for"},
        {"Deployment/web", "/spec/template/spec/containers/7", "has no field", "web"},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_chains chains;
        struct sg_err err = {0};
        assert_int_equal(find_in(1, cases[i].object, cases[i].path, &chains, &err), -1);
        assert_int_equal(err.code, SG_E_USAGE);
        if (strstr(err.text, cases[i].text) == NULL ||
            strstr(err.hint, cases[i].hint) == NULL) {
            fail_msg("%s %s: %s (%s)", cases[i].object,
                     cases[i].path != NULL ? cases[i].path : "", err.text, err.hint);
        }
    }
}

static void test_overlays(void **state) {
    (void)state;
    sg_auto_chains chains, none;
    struct sg_err err = {0};
    assert_int_equal(find_in(3, "Deployment/web", "spec.replicas", &chains, &err), 0);
    assert_int_equal(chains.items.len, 2);
    assert_string_equal(chains.items.items[1].overlay, "y");
    assert_int_equal(chains.items.items[1].owner, SG_OWNER_UPSTREAM);
    assert_int_equal(chains.left_out.len, 1);
    assert_non_null(strstr(chains.left_out.items[0], "overlay bad does not render"));
    assert_int_equal(find_in(3, "Deployment/none", NULL, &none, &err), -1);
    assert_non_null(strstr(err.text, "overlay bad: "));
}

/* People write paths in more ways than reports do. */
static void test_spellings(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"spec.template.spec.containers[0].image",
         "spec.template.spec.containers[web].image"},
        {"spec.template.spec.containers[#0]", "spec.template.spec.containers[web]"},
        {"spec.template.spec.containers[web].ports[80/TCP]",
         "spec.template.spec.containers[web].ports[80/TCP]"},
        {"metadata.annotations[comp]", "metadata.annotations.comp"},
        {"spec.template.spec.containers[\"web\"]", "spec.template.spec.containers[web]"},
        {"/metadata/annotations", "metadata.annotations"},
        {"/", "[\"\"]"},
        {"", ""},
    };
    for (size_t i = 0; i < SG_ARRAY_LEN(cases); i++) {
        sg_auto_chains chains;
        struct sg_err err = {0};
        if (find_in(1, "Deployment/web", cases[i][0], &chains, &err) != 0) {
            assert_string_equal(cases[i][0], "/");
            continue;
        }
        assert_string_equal(chains.items.items[0].path, cases[i][1]);
    }
}

/* --- every field ------------------------------------------------------------------ */

static bool value_equal(const struct sg_plan_value *a, const struct sg_plan_value *b) {
    if (a->kind != SG_VALUE_NODE || b->kind != SG_VALUE_NODE) {
        return a->kind == b->kind;
    }
    return sg_node_equal(a->node, b->node);
}

/* What a link found is what the one before left, and the last left what is there. */
static void require_whole(const char *object, const char *pointer) {
    sg_auto_chains chains;
    const struct sg_chain *chain = find(object, pointer, &chains);
    struct sg_plan_value value = {.kind = SG_VALUE_ABSENT};
    assert_string_equal(chain->pointer, pointer);
    for (size_t i = 0; i < chain->links.len; i++) {
        const struct sg_chain_link *link = &chain->links.items[i];
        if (strcmp(link->path, chain->path) == 0) {
            assert_true(value_equal(&link->before, &value));
            value = link->after;
        }
    }
    assert_true(value_equal(&value, &chain->now));
}

static size_t require_leaves(const char *object, const struct sg_node *node,
                             struct sg_buf *pointer) {
    size_t leaves = 0, len = pointer->len;
    if (sg_is_scalar(node)) {
        require_whole(object, sg_buf_cstr(pointer));
        return 1;
    }
    for (uint32_t i = 0; i < node->len; i++) {
        sg_auto_buf at = SG_BUF_INIT;
        sg_buf_add(&at, pointer->ptr, len);
        if (sg_is_map(node)) {
            sg_buf_addf(&at, "/%s", node->entries[i].key->text);
            leaves += require_leaves(object, node->entries[i].value, &at);
        } else {
            sg_buf_addf(&at, "/%u", i);
            leaves += require_leaves(object, node->items[i], &at);
        }
    }
    return leaves;
}

static void test_every_leaf(void **state) {
    (void)state;
    sg_auto_render render;
    struct sg_err err = {0};
    const struct sg_render_opts opts = {.fs = fs, .dir = "o/x"};
    sg_render_init(&render, atoms);
    assert_int_equal(sg_render(&opts, &render, &err), 0);
    size_t leaves = 0;
    for (size_t i = 0; i < render.items.len; i++) {
        sg_auto_buf pointer = SG_BUF_INIT;
        struct sg_resid id = sg_resource_id(&render, render.items.items[i]);
        sg_auto_cstr object = sg_xasprintf("%s/%s", id.kind->text, id.name->text);
        leaves += require_leaves(object, render.items.items[i]->node, &pointer);
    }
    assert_int_equal(render.items.len, 4);
    assert_in_range(leaves, 40, 60);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_step, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_follow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_end_of_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deleted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_object, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_overlays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_spellings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_leaf, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
