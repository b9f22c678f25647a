/* test_trace.c - the steps and events of a whole render, and renders that leave steps
 * out. */
#include "world.h"

#include <string.h>

static const struct world_case stack = {
    .name = "stack",
    .dir = "over",
    .files = {{"base/kustomization.yaml", "resources: [d.yaml]\nnamePrefix: b-\n"},
              {"base/d.yaml", "apiVersion: apps/v1\n"
                              "kind: Deployment\n"
                              "metadata: {name: web}\n"
                              "spec:\n"
                              "  replicas: 1\n"
                              "  template:\n"
                              "    spec:\n"
                              "      containers:\n"
                              "      - name: main\n"
                              "        image: web:1\n"
                              "        envFrom: [{configMapRef: {name: conf}}]\n"},
              {"over/kustomization.yaml", "resources: [../base]\n"
                                          "configMapGenerator:\n"
                                          "- name: conf\n"
                                          "  files: [f.txt]\n"
                                          "namePrefix: o-\n"
                                          "patches:\n"
                                          "- path: p.yaml\n"
                                          "- target: {kind: Deployment}\n"
                                          "  patch: |-\n"
                                          "    - op: replace\n"
                                          "      path: /spec/replicas\n"
                                          "      value: 2\n"
                                          "    - op: add\n"
                                          "      path: /spec/paused\n"
                                          "      value: true\n"},
              {"over/f.txt", "text\n"},
              {"over/p.yaml", "apiVersion: apps/v1\n"
                              "kind: Deployment\n"
                              "metadata: {name: web}\n"
                              "spec:\n"
                              "  replicas: 3\n"
                              "  template:\n"
                              "    spec:\n"
                              "      containers:\n"
                              "      - name: main\n"
                              "        image: web:2\n"}},
};

/* Every step that wrote something, in order: "name file: path path…". */
static void describe(const struct world *world, struct sg_buf *out) {
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < world->trace.events.len; i++) {
        const struct sg_event *event = &world->trace.events.items[i];
        const struct sg_step *step = &world->trace.steps.items[event->step];
        if (event->step != last) {
            sg_buf_addf(out, "%s%s %s:%u", last == UINT32_MAX ? "" : "\n", step->name,
                        step->file, sg_docs_pos(&world->render.docs, step->loc).line);
        }
        last = event->step;
        sg_buf_addc(out, ' ');
        sg_buf_addf(out, "%d", event->op);
        sg_fieldpath_text(event->path, out);
    }
}

static void test_steps(void **state) {
    (void)state;
    struct world world;
    struct sg_render_opts opts = {0};
    assert_int_equal(world_render(&world, &stack, &opts), 0);
    sg_auto_buf text = SG_BUF_INIT;
    describe(&world, &text);
    /* operations: 0 set, 5 rename */
    assert_string_equal(
        sg_buf_cstr(&text),
        "resources base/d.yaml:1 0\n"
        "namePrefix base/kustomization.yaml:2 5metadata.name\n"
        "configMapGenerator over/kustomization.yaml:3 0\n"
        "patches over/p.yaml:7 0spec.replicas "
        "0spec.template.spec.containers[main].image\n"
        "patches over/kustomization.yaml:10 0spec.replicas\n"
        "patches over/kustomization.yaml:13 0spec.paused\n"
        "namePrefix over/kustomization.yaml:5 5metadata.name 5metadata.name\n"
        "names over/kustomization.yaml:0 5metadata.name "
        "5spec.template.spec.containers[main].envFrom[#0].configMapRef.name");
    world_release(&world);
}

/* What the vendored base would make of it: the overlay's own steps are left out. */
static bool is_vendored(void *ctx, const struct sg_step *step) {
    unsigned *asked = ctx;
    *asked += 1;
    return strncmp(step->kustomization, "base/", 5) == 0;
}

static void test_keep(void **state) {
    (void)state;
    struct world world;
    unsigned asked = 0;
    struct sg_render_opts opts = {.keep = is_vendored, .keep_ctx = &asked};
    assert_int_equal(world_render(&world, &stack, &opts), 0);
    assert_int_equal(world.render.items.len, 1);
    const struct sg_node *node = world.render.items.items[0]->node;
    assert_string_equal(
        sg_resource_id(&world.render, world.render.items.items[0]).name->text, "b-web");
    assert_string_equal(sg_text(sg_map_gets(sg_map_get(node, SG_ATOM(spec)), "replicas")),
                        "1");
    /* two of the base, and of the overlay a generator, a prefix, a patch and two
     * operations */
    assert_int_equal(asked, 7);
    world_release(&world);
}

/* A plan goes on where a build stops. */
static void test_lenient(void **state) {
    (void)state;
    static const struct world_case c = {
        .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                         "- name: c\n"
                                         "  files: [missing.txt]\n"
                                         "helmCharts: [{name: x}]\n"
                                         "transformers:\n"
                                         "- |-\n"
                                         "  apiVersion: example.com/v1\n"
                                         "  kind: Mine\n"
                                         "  metadata: {name: m}\n"}}};
    struct world world;
    struct sg_render_opts opts = {0};
    assert_int_equal(world_render(&world, &c, &opts), -1);
    world_release(&world);
    opts = (struct sg_render_opts){.lenient = true};
    assert_int_equal(world_render(&world, &c, &opts), 0);
    assert_true(world.render.opaque);
    assert_int_equal(world.render.items.len, 1);
    size_t told = 0;
    for (const char *at = sg_buf_cstr(&world.warnings);
         (at = strstr(at, "SG405 ")) != NULL; at++) {
        told++;
    }
    assert_int_equal(told, 3);
    world_release(&world);
}

/* Deprecated fields, and a target that selects nothing. */
static void test_warnings(void **state) {
    (void)state;
    static const struct world_case c = {
        .files = {{"kustomization.yaml", "bases: [b]\n"
                                         "commonLabels: {a: b}\n"
                                         "patches:\n"
                                         "- target: {kind: Nope}\n"
                                         "  patch: |\n"
                                         "    - {op: remove, path: /a}\n"},
                  {"b/kustomization.yaml", "resources: []\n"}}};
    struct world world;
    struct sg_render_opts opts = {0};
    assert_int_equal(world_render(&world, &c, &opts), 0);
    assert_string_equal(sg_buf_cstr(&world.warnings),
                        " 'bases' is deprecated; use 'resources' instead\n"
                        " 'commonLabels' is deprecated; use 'labels' instead\n"
                        "SG104 the target selects no object\n");
    world_release(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_keep),
        cmocka_unit_test(test_lenient),
        cmocka_unit_test(test_warnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
