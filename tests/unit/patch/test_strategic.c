/*
 * test_strategic.c - one row for each rule of a strategic merge. What is expected was
 * checked against kustomize 5.8.1; tests/parity/patches.py does so for random cases.
 */
#include "helper.h"

#include <string.h>

#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\nspec:\n"
#define WIDGET     "apiVersion: example.com/v1\nkind: Widget\nspec:\n"
#define SERVICE    "apiVersion: v1\nkind: Service\nspec:\n"
#define POD        "  template:\n    spec:\n"

struct row {
    const char *name;
    const char *head; /* apiVersion, kind and "spec:" */
    const char *base, *patch;
    const char *expected; /* without the head; NULL: refused */
    const char *rules;    /* the findings, or NULL for none */
};

static const struct row rows[] = {
    {"maps merge, entries keep their place", WIDGET, "  {a: {x: 1, y: 2}, b: 1}",
     "  {a: {y: 3, z: 4}}", "  a:\n    x: 1\n    \"y\": 3\n    z: 4\n  b: 1\n", NULL},
    {"lists without keys are replaced", WIDGET, "  {l: [{name: a}, {name: b}]}",
     "  {l: [{name: b}]}", "  l:\n  - name: b\n", NULL},
    {"an empty list replaces", WIDGET, "  {l: [1]}", "  {l: []}", "  l: []\n", NULL},
    {"an empty map changes nothing", WIDGET, "  {m: {a: 1}}", "  {m: {}}",
     "  m:\n    a: 1\n", NULL},
    {"null deletes, also what is not there", WIDGET, "  {a: 1, b: 2}",
     "  {a: null, c: ~}", "  b: 2\n", NULL},
    {"a map emptied by deletes stays", WIDGET, "  {m: {a: 1}}", "  {m: {a: null}}",
     "  m: {}\n", NULL},
    {"a null of the base stays, an empty value goes", WIDGET, "  {a: null, b: , c: ~}",
     "  {d: 1}", "  a: null\n  c: null\n  d: 1\n", NULL},
    {"nulls inside what is added go", WIDGET, "  {}",
     "  {m: {a: null, b: {}, l: [null]}}", "  m:\n    b: {}\n    l:\n    - null\n", NULL},
    {"a repeated key is nulled one by one", WIDGET, "  a: 1\n  a: 2", "  {a: null}",
     "  a: 2\n", NULL},
    {"quotes stay and make a string", WIDGET, "  {a: \"1\", b: '1', c: 1, d: x}",
     "  {a: 2, b: true, c: \"3\", d: 4}",
     "  a: \"2\"\n  b: \"true\"\n  c: \"3\"\n  d: 4\n", NULL},
    {"a scalar into a map is refused", WIDGET, "  {a: {b: 1}}", "  {a: 1}", NULL, NULL},
    {"a list into a scalar is refused", WIDGET, "  {a: 1}", "  {a: [1]}", NULL, NULL},
    {"anything into null is taken", WIDGET, "  {a: null}", "  {a: [1]}", "  a:\n  - 1\n",
     NULL},
    {"a schema is found where apiVersion and kind stand", WIDGET,
     "  t: {apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: x}]}}",
     "  t: {spec: {containers: [{name: a, tty: true}]}}",
     "  t:\n    apiVersion: v1\n    kind: Pod\n    spec:\n      containers:\n      - "
     "image: x\n"
     "        name: a\n        tty: true\n",
     NULL},

    {"keyed: the patch's elements come first", DEPLOYMENT,
     POD "      containers: [{name: a, image: x}, {name: b, image: y}]",
     POD "      containers: [{name: c, image: z}, {name: b, tty: true}]",
     POD "      containers:\n      - image: z\n        name: c\n      - image: \"y\"\n"
         "        name: b\n        tty: true\n      - image: x\n        name: a\n",
     NULL},
    {"keyed: an empty list changes nothing", DEPLOYMENT, POD "      volumes: [{name: a}]",
     POD "      volumes: []", POD "      volumes:\n      - name: a\n", NULL},
    {"keyed: null deletes the list", DEPLOYMENT, POD "      volumes: [{name: a}]",
     POD "      volumes: null", "  template:\n    spec: {}\n", NULL},
    {"keyed: an element that becomes empty goes", DEPLOYMENT,
     POD "      volumes: [{name: a}, {}]", POD "      containers: []",
     POD "      containers: []\n      volumes:\n      - name: a\n", NULL},
    {"plain values are a set, the patch's first", DEPLOYMENT,
     "  {}\nmetadata: {finalizers: [a, b]}", "  {}\nmetadata: {finalizers: [c, b]}",
     "  {}\nmetadata:\n  finalizers:\n  - c\n  - b\n  - a\n", NULL},

    {"$patch: delete of a field", WIDGET, "  {m: {a: 1}, n: 1}",
     "  {m: {$patch: delete}}", "  \"n\": 1\n", NULL},
    {"$patch: delete of what is not there", WIDGET, "  {a: 1}",
     "  {m: {$patch: delete, b: 1}}", "  a: 1\n", NULL},
    {"$patch: replace of a map", WIDGET, "  {m: {a: 1}}",
     "  {m: {$patch: replace, b: 2}}", "  m:\n    b: 2\n", NULL},
    {"$patch: merge is accepted", WIDGET, "  {m: {a: 1}}", "  {m: {$patch: merge, b: 2}}",
     "  m:\n    a: 1\n    b: 2\n", NULL},
    {"another $patch is refused", WIDGET, "  {m: {a: 1}}", "  {m: {$patch: drop}}", NULL,
     NULL},
    {"another $patch in a new map is written", WIDGET, "  {}", "  {m: {$patch: drop}}",
     "  m:\n    $patch: drop\n", "literal-directive@4;"},
    {"$patch: delete of an element", DEPLOYMENT,
     POD "      volumes: [{name: a}, {name: b}]",
     POD "      volumes: [{name: a, $patch: delete}]",
     POD "      volumes:\n      - name: b\n", NULL},
    {"$patch: delete of a list", DEPLOYMENT, POD "      volumes: [{name: a}]",
     POD "      volumes: [{$patch: delete}]", "  template:\n    spec: {}\n", NULL},
    {"$patch: replace of a list", DEPLOYMENT, POD "      volumes: [{name: a}]",
     POD "      volumes: [{$patch: replace}, {name: b}]",
     POD "      volumes:\n      - name: b\n", NULL},
    {"$patch: replace in an element has no effect", DEPLOYMENT,
     POD "      volumes: [{name: a, emptyDir: {}}]",
     POD "      volumes: [{name: a, $patch: replace}]",
     POD "      volumes:\n      - emptyDir: {}\n        name: a\n",
     "ignored-directive@6;"},
    {"$patch: delete at the root", WIDGET, "  {a: 1}", "  {}\n$patch: delete", "", NULL},
    {"$patch: replace at the root has no effect", WIDGET, "  {a: 1}",
     "  {b: 1}\n$patch: replace", "  a: 1\n", "ignored-directive@1;"},
    {"directives of kubectl are written", WIDGET, "  {a: 1}",
     "  {$retainKeys: [a], $setElementOrder/l: [], $deleteFromPrimitiveList/m: []}",
     "  $deleteFromPrimitiveList/m: []\n  $retainKeys:\n  - a\n  $setElementOrder/l: []\n"
     "  a: 1\n",
     "literal-directive@4;literal-directive@4;literal-directive@4;"},

    {"an element without its key wipes the list", DEPLOYMENT,
     POD "      containers: [{name: a}]", POD "      containers: [{image: j}]",
     POD "      containers: []\n", "keyless-element@6;repeated-key@6;"},
    {"the patch's repeated key: the first wins", DEPLOYMENT, POD "      volumes: []",
     POD "      volumes: [{name: a, x: 1}]",
     POD "      volumes:\n      - name: a\n        x: 1\n", NULL},
    {"the patch's second element of a key is dropped", DEPLOYMENT,
     POD "      volumes: [{name: a}]",
     POD "      volumes: [{name: a, x: 1}, {name: a, x: 2}]",
     POD "      volumes:\n      - name: a\n        x: 1\n", "repeated-key@6;"},
    {"the base's first element of a key is dropped", DEPLOYMENT,
     POD "      volumes: [{name: a, x: 1}, {name: a, x: 2}]", "  replicas: 1",
     "  replicas: 1\n" POD "      volumes:\n      - name: a\n        x: 2\n",
     "repeated-key@6;"},

    {"two keys: the base's order", SERVICE,
     "  ports: [{port: 1, protocol: TCP}, {port: 2, protocol: TCP}]",
     "  ports: [{port: 3, protocol: TCP}, {port: 2, protocol: TCP, name: x}]",
     "  ports:\n  - port: 3\n    protocol: TCP\n  - port: 1\n    protocol: TCP\n  - "
     "name: x\n"
     "    port: 2\n    protocol: TCP\n",
     NULL},
    {"two keys: none has the second", SERVICE, "  ports: [{port: 1}, {port: 2}]",
     "  ports: [{port: 2, name: x}]", "  ports:\n  - name: x\n    port: 2\n  - port: 1\n",
     NULL},
    {"a protocol only in the patch loses it", SERVICE, "  ports: [{port: 1}]",
     "  ports: [{port: 1, protocol: TCP, name: x}]", "  ports:\n  - port: 1\n",
     "port-protocol@4;"},
    {"a protocol only in the base keeps it", SERVICE,
     "  ports: [{port: 53, protocol: TCP}, {port: 53, protocol: UDP}]",
     "  ports: [{port: 53, name: x}]",
     "  ports:\n  - port: 53\n    protocol: TCP\n  - port: 53\n    protocol: UDP\n",
     "port-protocol@4;"},
    {"topologySpreadConstraints have two keys", DEPLOYMENT,
     POD "      topologySpreadConstraints: [{topologyKey: h, whenUnsatisfiable: A}]",
     POD "      topologySpreadConstraints: [{topologyKey: h, whenUnsatisfiable: B}]",
     POD "      topologySpreadConstraints:\n      - topologyKey: h\n        "
         "whenUnsatisfiable: B\n"
         "      - topologyKey: h\n        whenUnsatisfiable: A\n",
     NULL},

    /* seeds of tests/parity that once differed */
    {"seed 1137: a null among plain values goes", DEPLOYMENT,
     "  {}\nmetadata: {finalizers: [null, 1]}", "  {a: 1}",
     "  a: 1\nmetadata:\n  finalizers:\n  - 1\n", NULL},
    {"seed 30542: and leaves an empty list", DEPLOYMENT,
     "  {}\nmetadata: {finalizers: [null]}", "  {a: 1}",
     "  a: 1\nmetadata:\n  finalizers: []\n", NULL},
};

static char *join(const char *head, const char *body) {
    return sg_xasprintf("%s%s\n", head, body);
}

/* The same document, read and printed: keys in the printer's order. */
static char *printed(struct fixture *f, const char *head, const char *body) {
    sg_auto_cstr text = join(head, body);
    return sg_xstrdup(fixture_print(f, fixture_read(f, text, SG_REPEAT_KEEP, false)));
}

static void check_row(const struct row *row) {
    struct fixture f;
    fixture_init(&f);
    sg_auto_cstr base_text = join(row->head, row->base);
    sg_auto_cstr patch_text = join(row->head, row->patch);
    struct sg_node *base = fixture_read(&f, base_text, SG_REPEAT_KEEP, false);
    const struct sg_node *patch = fixture_read(&f, patch_text, SG_REPEAT_FIRST, false);
    const struct sg_node *before = sg_node_clone(&f.set, patch);
    int rc = sg_patch_strategic(&f.ctx, &base, patch, &f.err);
    if (row->expected == NULL) {
        assert_int_equal(rc, -1);
        assert_int_equal(f.err.code, SG_E_INPUT);
        assert_true(f.err.line > 0);
    } else {
        if (rc != 0) {
            fail_msg("%s: %s", row->name, f.err.text);
        }
        sg_auto_cstr expected = row->expected[0] != '\0'
                                    ? printed(&f, row->head, row->expected)
                                    : sg_xstrdup("");
        assert_string_equal(fixture_print(&f, base), expected);
    }
    assert_true(sg_node_equal(before, patch)); /* the patch is not changed */
    const char *rules = row->rules != NULL ? row->rules : "";
    if (strcmp(sg_buf_cstr(&f.rules), rules) != 0) {
        fail_msg("%s: found %s, expected %s", row->name, sg_buf_cstr(&f.rules), rules);
    }
    fixture_release(&f);
}

static void rules_of_the_merge(void **state) {
    (void)state;
    for (size_t i = 0; i < SG_ARRAY_LEN(rows); i++) {
        print_message("  %s\n", rows[i].name);
        check_row(&rows[i]);
    }
}

static void trace_names_elements(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base = fixture_read(
        &f,
        DEPLOYMENT
        "  replicas: 1\n" POD
        "      containers: [{name: a, image: x, args: [1], env: [{name: E, value: v}]},"
        " {name: b, ports: [{containerPort: 80, name: h}]}]\n",
        SG_REPEAT_KEEP, false);
    const struct sg_node *patch = fixture_read(
        &f,
        DEPLOYMENT
        "  replicas: 1\n  paused: null\n" POD
        "      containers: [{name: b, ports: [{containerPort: 80, hostPort: 1}]},"
        " {name: a, image: \"y\", args: [2], env: [{name: E, $patch: delete},"
        " {name: F, value: w}]}]\n",
        SG_REPEAT_FIRST, false);
    assert_int_equal(sg_patch_strategic(&f.ctx, &base, patch, &f.err), 0);
    assert_string_equal(fixture_events(&f),
                        "NOOP spec.replicas; "
                        "SET spec.template.spec.containers[b].ports[80/TCP].hostPort; "
                        "SET spec.template.spec.containers[a].image; "
                        "REPLACE spec.template.spec.containers[a].args; "
                        "DELETE spec.template.spec.containers[a].env[E]; "
                        "INSERT spec.template.spec.containers[a].env[F]; "
                        "MOVE spec.template.spec.containers; "
                        "NOOP spec.paused");
    fixture_release(&f);
}

/* Seed 130 of two patches: a null that a patch passes by is still null for the next one.
 */
static void nulls_stay_null(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base =
        fixture_read(&f, WIDGET "  {a: ~, b: null}\n", SG_REPEAT_KEEP, false);
    const struct sg_node *first =
        fixture_read(&f, WIDGET "  {c: 1}\n", SG_REPEAT_FIRST, false);
    const struct sg_node *second =
        fixture_read(&f, WIDGET "  {a: {x: 1}, b: [2]}\n", SG_REPEAT_FIRST, false);
    assert_int_equal(sg_patch_strategic(&f.ctx, &base, first, &f.err), 0);
    assert_int_equal(sg_patch_strategic(&f.ctx, &base, second, &f.err), 0);
    assert_string_equal(fixture_print(&f, base),
                        WIDGET "  a:\n    x: 1\n  b:\n  - 2\n  c: 1\n");
    fixture_release(&f);
}

static void declared_keys(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base = fixture_read(
        &f, WIDGET "  {parts: [{id: 1, a: x}, {id: 2}]}\n", SG_REPEAT_KEEP, false);
    const struct sg_node *patch =
        fixture_read(&f, WIDGET "  {parts: [{id: 1, b: z}]}\n", SG_REPEAT_FIRST, false);
    f.ctx.trace = NULL;
    struct sg_schemas schemas = {
        .definitions = fixture_read(
            &f,
            "{Part: {properties: {spec: {properties: {parts: {type: array, "
            "x-kubernetes-patch-strategy: merge, x-kubernetes-patch-merge-key: id}}}}}}",
            SG_REPEAT_KEEP, false)};
    static const char kind[] = "example.com/v1 Widget";
    (void)sg_strmap_put(&schemas.kinds, kind, sizeof(kind) - 1,
                        sg_map_gets(schemas.definitions, "Part"));
    f.ctx.schemas = &schemas;
    assert_int_equal(sg_patch_strategic(&f.ctx, &base, patch, &f.err), 0);
    sg_strmap_release(&schemas.kinds);
    assert_string_equal(fixture_print(&f, base),
                        WIDGET "  parts:\n  - a: x\n    b: z\n    id: 1\n  - id: 2\n");
    fixture_release(&f);
}

static void without_builtin_schema(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    struct sg_node *base =
        fixture_read(&f, DEPLOYMENT POD "      volumes: [{name: a}, {name: b}]\n",
                     SG_REPEAT_KEEP, false);
    const struct sg_node *patch = fixture_read(
        &f, DEPLOYMENT POD "      volumes: [{name: b}]\n", SG_REPEAT_FIRST, false);
    const struct sg_schemas schemas = {.no_builtin = true};
    f.ctx.schemas = &schemas;
    assert_int_equal(sg_patch_strategic(&f.ctx, &base, patch, &f.err), 0);
    assert_string_equal(fixture_print(&f, base),
                        DEPLOYMENT POD "      volumes:\n      - name: b\n");
    fixture_release(&f);
}

/* kustomize doubles a list of uneven elements with each patch, and takes ever longer. */
static void uneven_lists_have_a_limit(void **state) {
    (void)state;
    struct fixture f;
    sg_auto_buf text = SG_BUF_INIT;
    fixture_init(&f);
    sg_buf_adds(&text,
                "apiVersion: v1\nkind: Service\nspec:\n  ports:\n  - protocol: UDP\n");
    for (unsigned port = 1; port <= 4096; port++) {
        sg_buf_addf(&text, "  - port: %u\n", port);
    }
    struct sg_node *base = fixture_read(&f, sg_buf_cstr(&text), SG_REPEAT_KEEP, false);
    const struct sg_node *patch =
        fixture_read(&f, "spec: {ports: [{port: 1}]}\n", SG_REPEAT_FIRST, false);
    assert_int_equal(sg_patch_strategic(&f.ctx, &base, patch, &f.err), -1);
    assert_int_equal(f.err.code, SG_E_LIMIT);
    assert_non_null(strstr(f.err.text, "found a list of 4097 elements"));
    assert_int_equal(f.err.line, 5);
    fixture_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_of_the_merge),
        cmocka_unit_test(trace_names_elements),
        cmocka_unit_test(nulls_stay_null),
        cmocka_unit_test(declared_keys),
        cmocka_unit_test(without_builtin_schema),
        cmocka_unit_test(uneven_lists_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
