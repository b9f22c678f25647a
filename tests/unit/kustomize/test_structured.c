/* test_structured.c - replacements into YAML and JSON that a string holds. */
#include "stage.h"

static const char texts[] =
    "apiVersion: v1\n"
    "kind: ConfigMap\n"
    "metadata: {name: src, namespace: n1}\n"
    "data: {num: \"123\", text: hello, parts: a-b-c, url: \"http://h:80/p\"}\n"
    "int: 7\n"
    "map: {a: b}\n"
    "list: [x, y]\n"
    "empty: {}\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: ConfigMap\n"
    "metadata: {name: t}\n"
    "data:\n"
    "  c.json: '{\"b\": {\"host\": \"x\", \"port\": 80}, \"a\": [1, 2.50, \"<&>\"], "
    "\"n\": null}'\n"
    "  p.json: |\n"
    "    {\n"
    "      \"b\": {\"host\": \"x\"},\n"
    "      \"a\": []\n"
    "    }\n"
    "  c.yaml: |\n"
    "    zeta:\n"
    "      host: \"x\"\n"
    "      list:\n"
    "        - name: one\n"
    "          v: 1\n"
    "        - name: two\n"
    "          v: 'y'\n"
    "    alpha: {flow: [1, two]}\n"
    "    text: |\n"
    "      a\n"
    "      b\n"
    "  d.yaml: |\n"
    "    # the host\n"
    "    host: x # here\n"
    "    port: 80\n"
    "  plain: just text\n";

static const struct stage_case cases[] = {
    {.name = "inside JSON",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.b.host']\n",
     .diff = "-  c.json: '{\"b\": {\"host\": \"x\", \"port\": 80}, \"a\": [1, 2.50, "
             "\"<&>\"], \"n\": null}'\n"
             "+  c.json: "
             "'{\"a\":[1,2.5,\"\\u003c\\u0026\\u003e\"],\"b\":{\"host\":\"hello\","
             "\"port\":80},\"n\":null}'\n"},
    {.name = "inside JSON, a number",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.num\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.b.port']\n",
     .diff = "-  c.json: '{\"b\": {\"host\": \"x\", \"port\": 80}, \"a\": [1, 2.50, "
             "\"<&>\"], \"n\": null}'\n"
             "+  c.json: "
             "'{\"a\":[1,2.5,\"\\u003c\\u0026\\u003e\"],\"b\":{\"host\":\"x\",\"port\":"
             "123},\"n\":null}'\n"},
    {.name = "inside JSON, an element",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.num\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.a.0']\n",
     .diff = "-  c.json: '{\"b\": {\"host\": \"x\", \"port\": 80}, \"a\": [1, 2.50, "
             "\"<&>\"], \"n\": null}'\n"
             "+  c.json: "
             "'{\"a\":[123,2.5,\"\\u003c\\u0026\\u003e\"],\"b\":{\"host\":\"x\",\"port\":"
             "80},\"n\":null}'\n"},
    {.name = "inside JSON, indented",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[p.json].b.host']\n",
     .diff = "-  p.json: |\n"
             "+  p.json: |-\n"
             "-      \"b\": {\"host\": \"x\"},\n"
             "-      \"a\": []\n"
             "+      \"a\": [],\n"
             "+      \"b\": {\n"
             "+        \"host\": \"hello\"\n"
             "+      }\n"},
    {.name = "inside JSON, made",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.b.new']\n"
                      "    options: {create: true}\n",
     .diff = "-  c.json: '{\"b\": {\"host\": \"x\", \"port\": 80}, \"a\": [1, 2.50, "
             "\"<&>\"], \"n\": null}'\n"
             "+  c.json: "
             "'{\"a\":[1,2.5,\"\\u003c\\u0026\\u003e\"],\"b\":{\"host\":\"x\",\"new\":"
             "\"hello\",\"port\":80},\"n\":null}'\n"},
    {.name = "inside JSON, a map",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"map\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.b']\n",
     .diff =
         "-  c.json: '{\"b\": {\"host\": \"x\", \"port\": 80}, \"a\": [1, 2.50, "
         "\"<&>\"], \"n\": null}'\n"
         "+  c.json: "
         "'{\"a\":[1,2.5,\"\\u003c\\u0026\\u003e\"],\"b\":{\"a\":\"b\"},\"n\":null}'\n"},
    {.name = "inside JSON, missing",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.b.new']\n",
     .error = "no such field"},
    {.name = "inside YAML",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[c.yaml].zeta.host']\n",
     .diff = "-  c.yaml: |\n"
             "+  c.yaml: |-\n"
             "-      host: \"x\"\n"
             "+      host: \"hello\"\n"
             "-        - name: one\n"
             "-          v: 1\n"
             "-        - name: two\n"
             "-          v: 'y'\n"
             "+      - name: one\n"
             "+        v: 1\n"
             "+      - name: two\n"
             "+        v: 'y'\n"},
    {.name = "inside YAML, an element",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[c.yaml].zeta.list.[name=two].v']\n",
     .diff = "-  c.yaml: |\n"
             "+  c.yaml: |-\n"
             "-        - name: one\n"
             "-          v: 1\n"
             "-        - name: two\n"
             "-          v: 'y'\n"
             "+      - name: one\n"
             "+        v: 1\n"
             "+      - name: two\n"
             "+        v: 'hello'\n"},
    {.name = "inside YAML, flow",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[c.yaml].alpha.flow.1']\n",
     .diff = "-  c.yaml: |\n"
             "+  c.yaml: |-\n"
             "-        - name: one\n"
             "-          v: 1\n"
             "-        - name: two\n"
             "-          v: 'y'\n"
             "-    alpha: {flow: [1, two]}\n"
             "+      - name: one\n"
             "+        v: 1\n"
             "+      - name: two\n"
             "+        v: 'y'\n"
             "+    alpha: {flow: [1, hello]}\n"},
    {.name = "inside YAML, a map",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"list\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[c.yaml].zeta.list']\n",
     .diff = "-  c.yaml: |\n"
             "+  c.yaml: |-\n"
             "-      list:\n"
             "-        - name: one\n"
             "-          v: 1\n"
             "-        - name: two\n"
             "-          v: 'y'\n"
             "+      list: [x, y]\n"},
    {.name = "inside plain text",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.plain.x']\n",
     .error = "found no map"},
    {.name = "inside JSON, text over a number is left alone",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.b.port']\n",
     .diff = "",
     .warnings = 1},
    {.name = "inside JSON, below a null",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.c\\.json.n.x']\n"
                      "    options: {create: true}\n",
     .diff = "-  c.json: '{\"b\": {\"host\": \"x\", \"port\": 80}, \"a\": [1, 2.50, "
             "\"<&>\"], \"n\": null}'\n"
             "+  c.json: "
             "'{\"a\":[1,2.5,\"\\u003c\\u0026\\u003e\"],\"b\":{\"host\":\"x\",\"port\":"
             "80},\"n\":null}'\n"},
    {.name = "inside YAML, text over a number",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[c.yaml].zeta.list.0.v']\n",
     .diff = "-  c.yaml: |\n"
             "+  c.yaml: |-\n"
             "-        - name: one\n"
             "-          v: 1\n"
             "-        - name: two\n"
             "-          v: 'y'\n"
             "+      - name: one\n"
             "+        v: !!int hello\n"
             "+      - name: two\n"
             "+        v: 'y'\n"},
    {.name = "inside YAML with comments",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[d.yaml].host']\n",
     .diff = "-  d.yaml: |\n"
             "+  d.yaml: |-\n"
             "-    host: x # here\n"
             "+    host: hello # here\n"},
    {.name = "inside YAML with comments, a number",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.num\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[d.yaml].port']\n",
     .diff = "-  d.yaml: |\n"
             "+  d.yaml: |-\n"
             "-    port: 80\n"
             "+    port: 123\n"},
    {.name = "a list where a map is",
     .objects = texts,
     .kustomization = "replacements:\n"
                      "- source: {kind: ConfigMap, name: src, fieldPath: \"data.text\"}\n"
                      "  targets:\n"
                      "  - select: {name: t}\n"
                      "    fieldPaths: ['data.[c.yaml].zeta.0']\n",
     .error = "found no list"},
};

static void test_cases(void **unused) {
    (void)unused;
    stage_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests_name("structured", tests, NULL, NULL);
}
