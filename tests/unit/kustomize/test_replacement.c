/* test_replacement.c - replacements by table: sources, targets and paths. */
#include "stage.h"

static const char web[] =
    "apiVersion: v1\n"
    "kind: ConfigMap\n"
    "metadata: {name: src, namespace: n1}\n"
    "data: {num: \"123\", text: hello, parts: a-b-c, url: \"http://h:80/p\"}\n"
    "int: 7\n"
    "map: {a: b}\n"
    "list: [x, y]\n"
    "empty: {}\n"
    "---\n"
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata: {name: d, labels: {app: web}, annotations: {a.b/c: old, k: v}}\n"
    "spec:\n"
    "  replicas: 1\n"
    "  template:\n"
    "    spec:\n"
    "      containers:\n"
    "      - {name: nginx, image: \"nginx:1\", args: [one, two], env: [{name: A, value: "
    "a}, {name: B, value: b}]}\n"
    "      - {name: nginx-two, image: 'reg:5000/nginx', ports: [{containerPort: 80}]}\n";

static const struct stage_case cases[] = {
    {.name = "a field",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.image']\n",
     .diff = "-        image: nginx:1\n"
             "+        image: hello\n"},
    {.name = "by element, an expression that is not anchored",
     .objects = web,
     .kustomization =
         "replacements:\n"
         "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment}\n"
         "    fieldPaths: ['spec.template.spec.containers.[name=nginx].image']\n",
     .diff = "-        image: nginx:1\n"
             "+        image: hello\n"
             "-      - image: reg:5000/nginx\n"
             "+      - image: hello\n"},
    {.name = "by element, anchored",
     .objects = web,
     .kustomization =
         "replacements:\n"
         "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment}\n"
         "    fieldPaths: ['spec.template.spec.containers.[name=^nginx$].image']\n",
     .diff = "-        image: nginx:1\n"
             "+        image: hello\n"},
    {.name = "by element, twice",
     .objects = web,
     .kustomization =
         "replacements:\n"
         "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment}\n"
         "    fieldPaths: "
         "['spec.template.spec.containers.[name=nginx].env.[name=B].value']\n",
     .diff = "-          value: b\n"
             "+          value: hello\n"},
    {.name = "every element",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.*.image']\n",
     .diff = "-        image: nginx:1\n"
             "+        image: hello\n"
             "-      - image: reg:5000/nginx\n"
             "+      - image: hello\n"},
    {.name = "a primitive element",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.args.[=two]']\n",
     .diff = "-        - two\n"
             "+        - hello\n"},
    {.name = "a key with dots in brackets",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.annotations.[a.b/c]']\n",
     .diff = "-    a.b/c: old\n"
             "+    a.b/c: hello\n"},
    {.name = "a key with escaped dots",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.annotations.a\\.b/c']\n",
     .diff = "-    a.b/c: old\n"
             "+    a.b/c: hello\n"},
    {.name = "a number over a number",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.num\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.replicas']\n",
     .diff = "-  replicas: 1\n"
             "+  replicas: 123\n"},
    {.name = "text over a number",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.replicas']\n",
     .error = "does not fit"},
    {.name = "a number over a string",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"int\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.image']\n",
     .diff = "-        image: nginx:1\n"
             "+        image: \"7\"\n"},
    {.name = "a map over a map",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"map\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels']\n",
     .diff = "-    app: web\n"
             "+    a: b\n"},
    {.name = "a list over a list",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"list\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.args']\n",
     .diff = "-        - one\n"
             "-        - two\n"
             "+        - x\n"
             "+        - \"y\"\n"},
    {.name = "a map over a scalar",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"map\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.image']\n",
     .diff = "-        image: nginx:1\n"
             "+        image: \"\"\n"},
    {.name = "a missing field",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.paused']\n",
     .error = "unable to find"},
    {.name = "a field that is made",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.num\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.new.deep', 'spec.num']\n"
                      "    options: {create: true}\n",
     .diff = "+  new:\n"
             "+    deep: 123\n"
             "+  num: 123\n"},
    {.name = "an element that is made",
     .objects = web,
     .kustomization =
         "replacements:\n"
         "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment}\n"
         "    fieldPaths: ['spec.template.spec.containers.[name=third].image']\n"
         "    options: {create: true}\n",
     .diff = "+      - image: hello\n"
             "+        name: third\n"},
    {.name = "an index that is appended",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.args.2']\n"
                      "    options: {create: true}\n",
     .diff = "+        - hello\n"},
    {.name = "an index too high",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.args.2']\n",
     .error = "fewer elements"},
    {.name = "a map that is made",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"map\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.new']\n"
                      "    options: {create: true}\n",
     .diff = "+  new:\n"
             "+    a: b\n"},
    {.name = "a list below what is missing",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.l.0.x', 'spec.m.[a=b].x']\n"
                      "    options: {create: true}\n",
     .diff = "+  l:\n"
             "+  - x: hello\n"
             "+  m:\n"
             "+  - a: b\n"
             "+    x: hello\n"},
    {.name = "delimiter in the target",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.image']\n"
                      "    options: {delimiter: \":\", index: 1}\n",
     .diff = "-        image: nginx:1\n"
             "+        image: nginx:hello\n"},
    {.name = "delimiter, before",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.image']\n"
                      "    options: {delimiter: \"/\", index: -1}\n",
     .diff = "-        image: nginx:1\n"
             "+        image: hello/nginx:1\n"},
    {.name = "delimiter, behind",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.image']\n"
                      "    options: {delimiter: \":\", index: 9}\n",
     .diff = "-        image: nginx:1\n"
             "+        image: nginx:1:hello\n"},
    {.name = "delimiter in the source",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.parts\", "
                      "options: {delimiter: \"-\", index: 2}}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.0.image']\n",
     .diff = "-        image: nginx:1\n"
             "+        image: c\n"},
    {.name = "delimiter in both",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.url\", "
                      "options: {delimiter: \"/\", index: 2}}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.1.image']\n"
                      "    options: {delimiter: \"/\", index: 0}\n",
     .diff = "-      - image: reg:5000/nginx\n"
             "+      - image: h:80/nginx\n"},
    {.name = "source index out of bounds",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.parts\", "
                      "options: {delimiter: \"-\", index: 3}}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .error = "out of bounds"},
    {.name = "negative source index",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.parts\", "
                      "options: {delimiter: \"-\", index: -1}}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .error = "out of bounds"},
    {.name = "delimiter on a map",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels']\n"
                      "    options: {delimiter: \"-\"}\n",
     .error = "scalar"},
    {.name = "delimiter on a source map",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"map\", "
                      "options: {delimiter: \"-\"}}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels']\n",
     .error = "scalar"},
    {.name = "a source that is missing",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.nope\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .error = "no field data.nope"},
    {.name = "an empty source",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"empty\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .error = "no field empty"},
    {.name = "no such source",
     .objects = web,
     .kustomization =
         "replacements:\n"
         "- source: {kind: ConfigMap, name: nope, fieldPath: \"data.text\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment}\n"
         "    fieldPaths: ['metadata.labels.app']\n",
     .error = "selects no object"},
    {.name = "two sources",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {version: v1, fieldPath: \"metadata.name\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .error = "more than one"},
    {.name = "source by namespace",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {namespace: n1, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "-    app: web\n"
             "+    app: hello\n"},
    {.name = "no target object",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Pod}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "",
     .warnings = 1},
    {.name = "select by expression",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: \"Dep.*|Config.*\", name: \"d|x\"}\n"
                      "    fieldPaths: ['metadata.name']\n",
     .diff = "-  name: d\n"
             "+  name: hello\n"},
    {.name = "select is anchored",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deploy}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "",
     .warnings = 1},
    {.name = "select by label and annotation",
     .objects = web,
     .kustomization =
         "replacements:\n"
         "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
         "  targets:\n"
         "  - select: {labelSelector: app=web, annotationSelector: \"k in (v)\"}\n"
         "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "-    app: web\n"
             "+    app: hello\n"},
    {.name = "reject by name",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: \".*\"}\n"
                      "    fieldPaths: ['metadata.name']\n"
                      "    reject: [{name: d}]\n",
     .diff = "-  name: src\n"
             "+  name: hello\n"},
    {.name = "reject by label whatever the kind",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n"
                      "    reject: [{kind: Pod, labelSelector: app=web}]\n",
     .diff = "",
     .warnings = 1},
    {.name = "no select",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src}\n"
                      "  targets:\n"
                      "  - fieldPaths: [metadata.name]\n",
     .error = "no select"},
    {.name = "no targets",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src}\n",
     .error = "at least one target"},
    {.name = "a fixed value",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- sourceValue: \"55\"\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: [spec.replicas, metadata.labels.app]\n",
     .diff = "-    app: web\n"
             "+    app: \"55\"\n"
             "-  replicas: 1\n"
             "+  replicas: 55\n"},
    {.name = "both values",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- sourceValue: \"55\"\n"
                      "  source: {kind: ConfigMap, name: src}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: [spec.replicas]\n",
     .error = "found both"},
    {.name = "default paths",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n",
     .diff = "-  name: d\n"
             "+  name: src\n"},
    {.name = "after a prefix, by the first name",
     .objects = web,
     .kustomization =
         "namePrefix: p-\n"
         "replacements:\n"
         "- source: {kind: ConfigMap, name: src, fieldPath: \"metadata.name\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment, name: d}\n"
         "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "-  name: src\n"
             "+  name: p-src\n"
             "-    app: web\n"
             "-  name: d\n"
             "+    app: p-src\n"
             "+  name: p-d\n"},
    {.name = "by the present name",
     .objects = web,
     .kustomization =
         "namePrefix: p-\n"
         "replacements:\n"
         "- source: {kind: ConfigMap, name: p-src, fieldPath: \"metadata.name\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment, name: p-d}\n"
         "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "-  name: src\n"
             "+  name: p-src\n"
             "-    app: web\n"
             "-  name: d\n"
             "+    app: p-src\n"
             "+  name: p-d\n"},
    {.name = "a field of a scalar",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.replicas.x']\n",
     .error = "found no map"},
    {.name = "an index of a map",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.0']\n",
     .error = "found no list"},
    {.name = "a wildcard of a map",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.*']\n",
     .error = "found no list"},
    {.name = "a bracket without equals",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec.template.spec.containers.[name].image']\n",
     .error = "field=value"},
    {.name = "a wildcard in the source",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"list.*\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .error = "not every one"},
    {.name = "an element of the source",
     .objects = web,
     .kustomization =
         "replacements:\n"
         "- source: {kind: Deployment, fieldPath: "
         "\"spec.template.spec.containers.[name=nginx].env.[name=B].value\"}\n"
         "  targets:\n"
         "  - select: {kind: Deployment}\n"
         "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "-    app: web\n"
             "+    app: b\n"},
    {.name = "the last element of the source",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"list.-\"}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['metadata.labels.app']\n",
     .diff = "-    app: web\n"
             "+    app: \"y\"\n"},
    {.name = "an empty part of the path",
     .objects = web,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src}\n"
                      "  targets:\n"
                      "  - select: {kind: Deployment}\n"
                      "    fieldPaths: ['spec..x']\n"
                      "    options: {create: true}\n",
     .error = "an empty part names no field"},
    {.name = "no namespace is the namespace default",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: a}\n",
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, namespace: default}\n"
                      "  targets:\n"
                      "  - select: {kind: ConfigMap}\n"
                      "    fieldPaths: [data.x]\n"
                      "    options: {create: true}\n",
     .diff = "+data:\n"
             "+  x: a\n"},
};

static void test_cases(void **unused) {
    (void)unused;
    stage_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests_name("replacement", tests, NULL, NULL);
}
