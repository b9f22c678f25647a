/* test_valueadd.c - ValueAddTransformer by table. */
#include "stage.h"

static const struct stage_case cases[] = {
    {.name = "a field that is there and one that is made",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c, namespace: n}\n"
                "data: {p: /a/b, q: a/b, e: \"\", r: /}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: PEACH\n"
               "targets:\n"
               "- {fieldPath: metadata/namespace}\n"
               "- {fieldPath: metadata/annotations/a.b\\/c}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a.b/c: PEACH\n"
                 "  name: d\n"
                 "  namespace: PEACH\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - args:\n"
                 "        - /etc/x\n"
                 "        image: nginx:1\n"
                 "        name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  e: \"\"\n"
                 "  p: /a/b\n"
                 "  q: a/b\n"
                 "  r: /\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a.b/c: PEACH\n"
                 "  name: c\n"
                 "  namespace: PEACH\n"},
    {.name = "of selected objects",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c, namespace: n}\n"
                "data: {p: /a/b, q: a/b, e: \"\", r: /}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: PEACH\n"
               "targets:\n"
               "- {fieldPath: data/p, selector: {kind: ConfigMap}}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - args:\n"
                 "        - /etc/x\n"
                 "        image: nginx:1\n"
                 "        name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  e: \"\"\n"
                 "  p: PEACH\n"
                 "  q: a/b\n"
                 "  r: /\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "  namespace: \"n\"\n"},
    {.name = "a namespace is one with all that goes with it",
     .objects = "apiVersion: v1\n"
                "kind: Namespace\n"
                "metadata: {name: old}\n"
                "---\n"
                "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: b, namespace: was}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: default, namespace: x}\n"
                "- {kind: ServiceAccount, name: other, namespace: x}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: new\n"
               "targets: [{fieldPath: metadata/namespace, filePathPosition: 1}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: Namespace\n"
                 "metadata:\n"
                 "  name: old\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: RoleBinding\n"
                 "metadata:\n"
                 "  name: b\n"
                 "  namespace: new\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: default\n"
                 "  namespace: new\n"
                 "- kind: ServiceAccount\n"
                 "  name: other\n"
                 "  namespace: x\n"},
    {.name = "slashes too many",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: new\n"
               "targets: [{fieldPath: /metadata//labels/x/}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    x: new\n"
                 "  name: c\n"},
    {.name = "into a path, first",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c, namespace: n}\n"
                "data: {p: /a/b, q: a/b, e: \"\", r: /}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config =
         "apiVersion: builtin\n"
         "kind: ValueAddTransformer\n"
         "metadata: {name: any}\n"
         "value: PEACH\n"
         "targets:\n"
         "- {fieldPath: data/p, selector: {kind: ConfigMap}, filePathPosition: 1}\n"
         "- {fieldPath: data/q, selector: {kind: ConfigMap}, filePathPosition: 1}\n"
         "- {fieldPath: data/e, selector: {kind: ConfigMap}, filePathPosition: 1}\n"
         "- {fieldPath: data/r, selector: {kind: ConfigMap}, filePathPosition: 1}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - args:\n"
                 "        - /etc/x\n"
                 "        image: nginx:1\n"
                 "        name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  e: PEACH\n"
                 "  p: /PEACH/a/b\n"
                 "  q: PEACH/a/b\n"
                 "  r: /PEACH\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "  namespace: \"n\"\n"},
    {.name = "into a path, second",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c, namespace: n}\n"
                "data: {p: /a/b, q: a/b, e: \"\", r: /}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config =
         "apiVersion: builtin\n"
         "kind: ValueAddTransformer\n"
         "metadata: {name: any}\n"
         "value: PEACH\n"
         "targets:\n"
         "- {fieldPath: data/p, selector: {kind: ConfigMap}, filePathPosition: 2}\n"
         "- {fieldPath: data/q, selector: {kind: ConfigMap}, filePathPosition: 2}\n"
         "- {fieldPath: data/e, selector: {kind: ConfigMap}, filePathPosition: 2}\n"
         "- {fieldPath: data/r, selector: {kind: ConfigMap}, filePathPosition: 2}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - args:\n"
                 "        - /etc/x\n"
                 "        image: nginx:1\n"
                 "        name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  e: PEACH\n"
                 "  p: /a/PEACH/b\n"
                 "  q: a/PEACH/b\n"
                 "  r: /PEACH\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "  namespace: \"n\"\n"},
    {.name = "into a path, last",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c, namespace: n}\n"
                "data: {p: /a/b, q: a/b, e: \"\", r: /}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config =
         "apiVersion: builtin\n"
         "kind: ValueAddTransformer\n"
         "metadata: {name: any}\n"
         "value: PEACH\n"
         "targets:\n"
         "- {fieldPath: data/p, selector: {kind: ConfigMap}, filePathPosition: 99}\n"
         "- {fieldPath: data/q, selector: {kind: ConfigMap}, filePathPosition: 99}\n"
         "- {fieldPath: data/e, selector: {kind: ConfigMap}, filePathPosition: 99}\n"
         "- {fieldPath: data/r, selector: {kind: ConfigMap}, filePathPosition: 99}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - args:\n"
                 "        - /etc/x\n"
                 "        image: nginx:1\n"
                 "        name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  e: PEACH\n"
                 "  p: /a/b/PEACH\n"
                 "  q: a/b/PEACH\n"
                 "  r: /PEACH\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "  namespace: \"n\"\n"},
    {.name = "an element",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: PEACH\n"
               "targets:\n"
               "- {fieldPath: \"spec/template/spec/containers/[name=a]/image\"}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - args:\n"
                 "        - /etc/x\n"
                 "        image: PEACH\n"
                 "        name: a\n"},
    {.name = "no object",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: PEACH\n"
               "targets:\n"
               "- {fieldPath: data/p, selector: {kind: ConfigMap}}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - args:\n"
                 "        - /etc/x\n"
                 "        image: nginx:1\n"
                 "        name: a\n",
     .warnings = 1},
    {.name = "no targets",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: x\n",
     .error = "no targets"},
    {.name = "a map",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {template: {spec: {containers: [{name: a, image: \"nginx:1\", "
                "args: [/etc/x]}]}}}\n",
     .kustomization = "transformers: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: ValueAddTransformer\n"
               "metadata: {name: any}\n"
               "value: PEACH\n"
               "targets:\n"
               "- {fieldPath: spec}\n",
     .error = "expected a scalar"},
};

static void test_cases(void **unused) {
    (void)unused;
    stage_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests_name("valueadd", tests, NULL, NULL);
}
