/* test_vars.c - $(NAME) and the fields it is taken from. */
#include "world.h"

static const struct world_case cases[] = {
    {.name = "a name and a number",
     .files = {{"kustomization.yaml",
                "resources: [p.yaml, s.yaml]\n"
                "namePrefix: x-\n"
                "vars:\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"spec.ports[0].port\"}\n"},
               {"p.yaml", "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec:\n"
                          "  containers:\n"
                          "  - name: c\n"
                          "    image: i\n"
                          "    args: [\"$(V)\", \"a-$(V)-$$(V)-$(NONE)-$(\", $(NUM)]\n"
                          "    env: [{name: E, value: $(NUM)}]\n"},
               {"s.yaml", "apiVersion: v1\n"
                          "kind: Service\n"
                          "metadata: {name: svc, labels: {a.b/c: lab}}\n"
                          "spec:\n"
                          "  ports: [{port: 80, name: http}]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: Service\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a.b/c: lab\n"
                 "  name: x-svc\n"
                 "spec:\n"
                 "  ports:\n"
                 "  - name: http\n"
                 "    port: 80\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: x-p\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - x-svc\n"
                 "    - a-x-svc-$(V)-$(NONE)-$(\n"
                 "    - 80\n"
                 "    env:\n"
                 "    - name: E\n"
                 "      value: 80\n"
                 "    image: i\n"
                 "    name: c\n"},
    {.name = "an element and an escaped key",
     .files = {{"kustomization.yaml",
                "resources: [p.yaml, s.yaml]\n"
                "vars:\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"metadata.labels.a\\\\.b/c\"}\n"},
               {"p.yaml", "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec:\n"
                          "  containers:\n"
                          "  - name: c\n"
                          "    image: i\n"
                          "    args: [\"$(V)\", \"a-$(V)-$$(V)-$(NONE)-$(\", $(NUM)]\n"
                          "    env: [{name: E, value: $(NUM)}]\n"},
               {"s.yaml", "apiVersion: v1\n"
                          "kind: Service\n"
                          "metadata: {name: svc, labels: {a.b/c: lab}}\n"
                          "spec:\n"
                          "  ports: [{port: 80, name: http}]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: Service\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a.b/c: lab\n"
                 "  name: svc\n"
                 "spec:\n"
                 "  ports:\n"
                 "  - name: http\n"
                 "    port: 80\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: p\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - svc\n"
                 "    - a-svc-$(V)-$(NONE)-$(\n"
                 "    - lab\n"
                 "    env:\n"
                 "    - name: E\n"
                 "      value: lab\n"
                 "    image: i\n"
                 "    name: c\n"},
    {.name = "of a base",
     .files = {{"kustomization.yaml", "resources: [base]\n"
                                      "namespace: ns1\n"
                                      "nameSuffix: -z\n"},
               {"base/kustomization.yaml",
                "resources: [p.yaml, s.yaml]\n"
                "vars:\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"metadata.namespace\"}\n"},
               {"base/p.yaml",
                "apiVersion: v1\n"
                "kind: Pod\n"
                "metadata: {name: p}\n"
                "spec:\n"
                "  containers:\n"
                "  - name: c\n"
                "    image: i\n"
                "    args: [\"$(V)\", \"a-$(V)-$$(V)-$(NONE)-$(\", $(NUM)]\n"
                "    env: [{name: E, value: $(NUM)}]\n"},
               {"base/s.yaml",
                "apiVersion: v1\n"
                "kind: Service\n"
                "metadata: {name: svc, namespace: o, labels: {a.b/c: lab}}\n"
                "spec:\n"
                "  ports: [{port: 80, name: http}]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: Service\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a.b/c: lab\n"
                 "  name: svc-z\n"
                 "  namespace: ns1\n"
                 "spec:\n"
                 "  ports:\n"
                 "  - name: http\n"
                 "    port: 80\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: p-z\n"
                 "  namespace: ns1\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - svc-z\n"
                 "    - a-svc-z-$(V)-$(NONE)-$(\n"
                 "    - ns1\n"
                 "    env:\n"
                 "    - name: E\n"
                 "      value: ns1\n"
                 "    image: i\n"
                 "    name: c\n"},
    {.name = "no such field",
     .files = {{"kustomization.yaml",
                "resources: [p.yaml, s.yaml]\n"
                "vars:\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"spec.nope\"}\n"},
               {"p.yaml", "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec:\n"
                          "  containers:\n"
                          "  - name: c\n"
                          "    image: i\n"
                          "    args: [\"$(V)\", \"a-$(V)-$$(V)-$(NONE)-$(\", $(NUM)]\n"
                          "    env: [{name: E, value: $(NUM)}]\n"},
               {"s.yaml", "apiVersion: v1\n"
                          "kind: Service\n"
                          "metadata: {name: svc, labels: {a.b/c: lab}}\n"
                          "spec:\n"
                          "  ports: [{port: 80, name: http}]\n"}},
     .error = "the var NUM: Service svc has no field spec.nope",
     .at = "kustomization.yaml:5:3",
     .hint = "correct its fieldref"},
    {.name = "no such object",
     .files = {{"kustomization.yaml",
                "resources: [p.yaml]\n"
                "vars:\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"x\"}\n"},
               {"p.yaml", "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec:\n"
                          "  containers:\n"
                          "  - name: c\n"
                          "    image: i\n"
                          "    args: [\"$(V)\", \"a-$(V)-$$(V)-$(NONE)-$(\", $(NUM)]\n"
                          "    env: [{name: E, value: $(NUM)}]\n"}},
     .error = "the var V refers to no object",
     .at = "kustomization.yaml:3:3",
     .hint = "correct its objref: apiVersion, kind and name must match"},
    {.name = "a name twice",
     .files = {{"kustomization.yaml",
                "resources: [s.yaml]\n"
                "vars:\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"x\"}\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"x\"}\n"},
               {"s.yaml", "apiVersion: v1\n"
                          "kind: Service\n"
                          "metadata: {name: svc, labels: {a.b/c: lab}}\n"
                          "spec:\n"
                          "  ports: [{port: 80, name: http}]\n"}},
     .error = "the var V is there twice, the first is at kustomization.yaml:3",
     .at = "kustomization.yaml:8:3",
     .hint = "give one of them another name"},
    {.name = "two objects",
     .files = {{"kustomization.yaml",
                "resources: [s.yaml]\n"
                "vars:\n"
                "- name: V\n"
                "  objref: {apiVersion: v1, kind: Service, name: svc}\n"
                "- name: NUM\n"
                "  objref: {version: v1, kind: Service, name: svc}\n"
                "  fieldref: {fieldpath: \"x\"}\n"},
               {"s.yaml", "apiVersion: v1\n"
                          "kind: Service\n"
                          "metadata: {name: svc, labels: {a.b/c: lab}}\n"
                          "spec:\n"
                          "  ports: [{port: 80, name: http}]\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: Service\n"
                          "metadata: {namespace: ns1, name: svc, labels: {a.b/c: lab}}\n"
                          "spec:\n"
                          "  ports: [{port: 80, name: http}]\n"}},
     .error = "the var V refers to 2 objects; expected one",
     .at = "kustomization.yaml:3:3",
     .hint = "add the namespace to its objref"},
    {.name = "a number is read in base ten",
     .files = {{"kustomization.yaml",
                "resources: [r.yaml]\n"
                "vars: [{name: V, objref: {kind: ConfigMap, name: a, apiVersion: v1}, "
                "fieldref: {fieldpath: data.k}}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {k: -010}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec: {containers: [{name: c, args: [\"$(V)\", x$(V)]}]}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: -8\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: p\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - -10\n"
                 "    - x-10\n"
                 "    name: c\n"},
    {.name = "a number that is not in base ten",
     .files = {{"kustomization.yaml",
                "resources: [r.yaml]\n"
                "vars: [{name: V, objref: {kind: ConfigMap, name: a, apiVersion: v1}, "
                "fieldref: {fieldpath: data.k}}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {k: 0x1F}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec: {containers: [{name: c, args: [\"$(V)\", x$(V)]}]}\n"}},
     .error = "is no decimal number of 64 bits"},
    {.name = "a null is its text",
     .files = {{"kustomization.yaml",
                "resources: [r.yaml]\n"
                "vars: [{name: V, objref: {kind: ConfigMap, name: a, apiVersion: v1}, "
                "fieldref: {fieldpath: data.k}}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {k: ~}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec: {containers: [{name: c, args: [\"$(V)\", x$(V)]}]}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: null\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: p\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - \"~\"\n"
                 "    - x~\n"
                 "    name: c\n"},
    {.name = "a date is its text",
     .files = {{"kustomization.yaml",
                "resources: [r.yaml]\n"
                "vars: [{name: V, objref: {kind: ConfigMap, name: a, apiVersion: v1}, "
                "fieldref: {fieldpath: data.k}}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {k: 2020-01-01}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec: {containers: [{name: c, args: [\"$(V)\", x$(V)]}]}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: \"2020-01-01T00:00:00Z\"\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: p\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - \"2020-01-01\"\n"
                 "    - x2020-01-01\n"
                 "    name: c\n"},
    {.name = "a boolean is written small",
     .files = {{"kustomization.yaml",
                "resources: [r.yaml]\n"
                "vars: [{name: V, objref: {kind: ConfigMap, name: a, apiVersion: v1}, "
                "fieldref: {fieldpath: data.k}}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {k: True}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec: {containers: [{name: c, args: [\"$(V)\", x$(V)]}]}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: true\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: p\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - true\n"
                 "    - xtrue\n"
                 "    name: c\n"},
    {.name = "a float has as many digits as it needs",
     .files = {{"kustomization.yaml",
                "resources: [r.yaml]\n"
                "vars: [{name: V, objref: {kind: ConfigMap, name: a, apiVersion: v1}, "
                "fieldref: {fieldpath: data.k}}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {k: 1.50}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: Pod\n"
                          "metadata: {name: p}\n"
                          "spec: {containers: [{name: c, args: [\"$(V)\", x$(V)]}]}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: 1.5\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Pod\n"
                 "metadata:\n"
                 "  name: p\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - args:\n"
                 "    - 1.5\n"
                 "    - x1.5\n"
                 "    name: c\n"},
};

static void test_vars(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_vars)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
