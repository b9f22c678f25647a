/* test_trace.c - every write of a transformer is an event: its step, field and values. */
#include "stage.h"

#include <string.h>

#include "sg/yaml.h"

static const char objects[] = "apiVersion: apps/v1\n"
                              "kind: Deployment\n"
                              "metadata: {name: web, labels: {a: old}}\n"
                              "spec:\n"
                              "  replicas: 2\n"
                              "  template:\n"
                              "    spec:\n"
                              "      containers:\n"
                              "      - {name: nginx, image: \"nginx:1\"}\n"
                              "      - {name: side, image: \"other:1\"}\n"
                              "---\n"
                              "apiVersion: v1\n"
                              "kind: ConfigMap\n"
                              "metadata: {name: conf}\n"
                              "data: {from: value, to: \"x,y\"}\n";

static const char *op_name(uint8_t op) {
    static const char *const names[] = {"set",  "delete", "replace", "insert",
                                        "move", "rename", "noop"};
    return names[op];
}

/* "images[1] uid path: op before -> after" for each event that no load made. */
static void list_events(const struct stage *stage, struct sg_buf *out) {
    for (size_t i = 0; i < stage->trace.events.len; i++) {
        const struct sg_event *event = &stage->trace.events.items[i];
        const struct sg_step *step = &stage->trace.steps.items[event->step];
        if (step->kind == SG_STEP_LOAD || step->kind == SG_STEP_REFERENCES) {
            continue;
        }
        sg_buf_addf(out, "%s[%u] %u ", step->name, step->item, event->object);
        sg_fieldpath_text(event->path, out);
        sg_buf_addf(out, ": %s ", op_name(event->op));
        if (event->before != NULL) {
            sg_yaml_inline(event->before, out);
            sg_buf_adds(out, " ");
        }
        sg_buf_adds(out, "-> ");
        sg_yaml_inline(event->after, out);
        sg_buf_adds(out, "\n");
        assert_true(event->loc != 0);
    }
}

static void expect_events(const char *kustomization, const char *expected) {
    struct stage stage;
    sg_auto_buf text = SG_BUF_INIT, events = SG_BUF_INIT;
    sg_buf_addf(&text, "resources: [objects.yaml]\n%s", kustomization);
    int result = stage_render(&stage, objects, sg_buf_cstr(&text), "");
    assert_string_equal(stage.err.text, "");
    assert_int_equal(result, 0);
    list_events(&stage, &events);
    assert_string_equal(sg_buf_cstr(&events), expected);
    stage_release(&stage);
}

static void test_images(void **unused) {
    (void)unused;
    expect_events("images: [{name: none, newTag: \"1\"}, {name: nginx, newTag: \"2\"}]\n",
                  "images[1] 0 spec.template.spec.containers[nginx].image: "
                  "set nginx:1 -> nginx:2\n");
    expect_events("images: [{name: nginx, newTag: \"1\"}]\n",
                  "images[0] 0 spec.template.spec.containers[nginx].image: "
                  "noop nginx:1 -> nginx:1\n");
}

static void test_replicas(void **unused) {
    (void)unused;
    expect_events("replicas: [{name: web, count: 3}]\n",
                  "replicas[0] 0 spec.replicas: set 2 -> 3\n");
    expect_events("replicas: [{name: web, count: 2}]\n",
                  "replicas[0] 0 spec.replicas: noop 2 -> 2\n");
}

static void test_labels(void **unused) {
    (void)unused;
    expect_events("labels:\n- pairs: {a: new, b: c}\n- pairs: {d: e}\n"
                  "  fields: [{path: spec/made, create: true, kind: Deployment}]\n",
                  "labels[0] 0 metadata.labels.a: set old -> new\n"
                  "labels[0] 0 metadata.labels.b: set -> c\n"
                  "labels[0] 1 metadata.labels.a: set -> new\n"
                  "labels[0] 1 metadata.labels.b: set -> c\n"
                  "labels[1] 0 spec.made.d: set -> e\n"
                  "labels[1] 0 metadata.labels.d: set -> e\n"
                  "labels[1] 1 metadata.labels.d: set -> e\n");
}

static void test_names(void **unused) {
    (void)unused;
    expect_events("namespace: prod\nnamePrefix: p-\nnameSuffix: -s\n",
                  "namespace[0] 0 metadata.namespace: rename -> prod\n"
                  "namespace[0] 1 metadata.namespace: rename -> prod\n"
                  "namePrefix[0] 0 metadata.name: rename web -> p-web-s\n"
                  "namePrefix[0] 1 metadata.name: rename conf -> p-conf-s\n"
                  "nameSuffix[0] 0 metadata.name: rename p-web -> p-web-s\n"
                  "nameSuffix[0] 1 metadata.name: rename p-conf -> p-conf-s\n");
}

/* `after` is the node itself, so a later write shows in an earlier event. */
static void test_replacements(void **unused) {
    (void)unused;
    expect_events("replacements:\n"
                  "- source: {kind: ConfigMap, fieldPath: data.from}\n"
                  "  targets:\n"
                  "  - select: {kind: ConfigMap}\n"
                  "    fieldPaths: [data.to]\n"
                  "    options: {delimiter: \",\", index: 1}\n"
                  "  - select: {kind: Deployment}\n"
                  "    fieldPaths: [metadata.labels]\n"
                  "    options: {create: true}\n",
                  "replacements[0] 1 data.to: set \"x,y\" -> \"x,value\"\n"
                  "replacements[0] 0 metadata.labels: replace {a: old} -> value\n");
}

/* The source's last writer is linked. */
static void test_replacement_source(void **unused) {
    (void)unused;
    struct stage stage;
    assert_int_equal(
        stage_render(&stage, objects,
                     "resources: [objects.yaml]\n"
                     "labels: [{pairs: {a: new}}]\n"
                     "replacements:\n"
                     "- source: {kind: Deployment, fieldPath: metadata.labels.a}\n"
                     "  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.to]}]\n",
                     ""),
        0);
    const struct sg_event *last = &stage.trace.events.items[stage.trace.events.len - 1];
    sg_auto_buf path = SG_BUF_INIT;
    sg_fieldpath_text(last->path, &path);
    assert_string_equal(sg_buf_cstr(&path), "data.to");
    assert_int_not_equal(last->source, SG_NO_EVENT);
    const struct sg_event *source = &stage.trace.events.items[last->source];
    assert_string_equal(stage.trace.steps.items[source->step].name, "labels");
    assert_int_equal(source->object, 0);
    stage_release(&stage);
}

static void test_matched(void **unused) {
    (void)unused;
    struct stage stage;
    assert_int_equal(stage_render(&stage, objects,
                                  "resources: [objects.yaml]\n"
                                  "images: [{name: none}, {name: nginx}]\n"
                                  "replicas: [{name: web, count: 1}]\n",
                                  ""),
                     0);
    unsigned seen = 0;
    for (size_t i = 0; i < stage.trace.steps.len; i++) {
        const struct sg_step *step = &stage.trace.steps.items[i];
        if (step->kind == SG_STEP_TRANSFORM) {
            bool none = strcmp(step->name, "images") == 0 && step->item == 0;
            assert_int_equal(step->matched, none ? 0 : 1);
            seen++;
        }
    }
    assert_int_equal(seen, 3);
    assert_int_equal(stage.warnings, 1);
    stage_release(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_images),       cmocka_unit_test(test_replicas),
        cmocka_unit_test(test_labels),       cmocka_unit_test(test_names),
        cmocka_unit_test(test_replacements), cmocka_unit_test(test_replacement_source),
        cmocka_unit_test(test_matched),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
