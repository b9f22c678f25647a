/* test_shared.c - values that stand in several places of an object are one, as in
 * kustomize. */
#include "stage.h"

static const struct stage_case cases[] = {
    {.name = "a replacement changes all",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, labels: {own: x}}\n"
                "spec: {template: {spec: {containers: []}}}\n",
     .kustomization = "labels: [{pairs: {foo: bar, own: z}, includeSelectors: true}]\n"
                      "replacements:\n"
                      "- sourceValue: \"55\"\n"
                      "  targets: [{select: {kind: Deployment}, fieldPaths: "
                      "[metadata.labels.foo, spec.template.metadata.labels.own]}]\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    foo: \"55\"\n"
                 "    own: z\n"
                 "  name: d\n"
                 "spec:\n"
                 "  selector:\n"
                 "    matchLabels:\n"
                 "      foo: \"55\"\n"
                 "      own: \"55\"\n"
                 "  template:\n"
                 "    metadata:\n"
                 "      labels:\n"
                 "        foo: \"55\"\n"
                 "        own: \"55\"\n"
                 "    spec:\n"
                 "      containers: []\n"},
    {.name = "a later label changes all",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, labels: {own: x}}\n"
                "spec: {template: {spec: {containers: []}}}\n",
     .kustomization = "labels: [{pairs: {foo: bar, own: z}, includeSelectors: true}, "
                      "{pairs: {foo: zz}}]\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    foo: zz\n"
                 "    own: z\n"
                 "  name: d\n"
                 "spec:\n"
                 "  selector:\n"
                 "    matchLabels:\n"
                 "      foo: zz\n"
                 "      own: z\n"
                 "  template:\n"
                 "    metadata:\n"
                 "      labels:\n"
                 "        foo: zz\n"
                 "        own: z\n"
                 "    spec:\n"
                 "      containers: []\n"},
    {.name = "commonLabels after labels",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, labels: {own: x}}\n"
                "spec: {template: {spec: {containers: []}}}\n",
     .kustomization = "labels: [{pairs: {foo: bar}, includeSelectors: true}]\n"
                      "commonLabels: {foo: baz}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    foo: baz\n"
                 "    own: x\n"
                 "  name: d\n"
                 "spec:\n"
                 "  selector:\n"
                 "    matchLabels:\n"
                 "      foo: baz\n"
                 "  template:\n"
                 "    metadata:\n"
                 "      labels:\n"
                 "        foo: baz\n"
                 "    spec:\n"
                 "      containers: []\n"},
    {.name = "annotations too",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, labels: {own: x}}\n"
                "spec: {template: {spec: {containers: []}}}\n",
     .kustomization = "commonAnnotations: {foo: bar}\n"
                      "replacements:\n"
                      "- sourceValue: \"55\"\n"
                      "  targets: [{select: {kind: Deployment}, fieldPaths: "
                      "[metadata.annotations.foo]}]\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    foo: \"55\"\n"
                 "  labels:\n"
                 "    own: x\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    metadata:\n"
                 "      annotations:\n"
                 "        foo: \"55\"\n"
                 "    spec:\n"
                 "      containers: []\n"},
    {.name = "a strategic patch of a transformer",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, labels: {own: x}}\n"
                "spec: {template: {spec: {containers: []}}}\n",
     .kustomization = "transformers:\n"
                      "- |\n"
                      "  apiVersion: builtin\n"
                      "  kind: LabelTransformer\n"
                      "  metadata: {name: l}\n"
                      "  labels: {foo: bar}\n"
                      "  fieldSpecs: [{path: metadata/labels, create: true}, {path: "
                      "spec/l, create: true}]\n"
                      "- |\n"
                      "  apiVersion: builtin\n"
                      "  kind: PatchTransformer\n"
                      "  metadata: {name: p}\n"
                      "  patch: \"{apiVersion: apps/v1, kind: Deployment, metadata: "
                      "{name: d, labels: {foo: patched}}}\"\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    foo: patched\n"
                 "    own: x\n"
                 "  name: d\n"
                 "spec:\n"
                 "  l:\n"
                 "    foo: patched\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers: []\n"},
    {.name = "a JSON patch parts them",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, labels: {own: x}}\n"
                "spec: {template: {spec: {containers: []}}}\n",
     .kustomization =
         "transformers:\n"
         "- |\n"
         "  apiVersion: builtin\n"
         "  kind: LabelTransformer\n"
         "  metadata: {name: l}\n"
         "  labels: {foo: bar}\n"
         "  fieldSpecs: [{path: metadata/labels, create: true}, {path: spec/l, create: "
         "true}]\n"
         "- |\n"
         "  apiVersion: builtin\n"
         "  kind: PatchTransformer\n"
         "  metadata: {name: p}\n"
         "  target: {kind: Deployment}\n"
         "  patch: \"- {op: replace, path: /metadata/labels/foo, value: patched}\"\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    foo: patched\n"
                 "    own: x\n"
                 "  name: d\n"
                 "spec:\n"
                 "  l:\n"
                 "    foo: bar\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers: []\n"},
};

static void test_cases(void **unused) {
    (void)unused;
    stage_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests_name("shared", tests, NULL, NULL);
}
