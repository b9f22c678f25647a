/* test_generator.c - generated ConfigMaps and Secrets, their hashes and behaviors. */
#include "world.h"

static const struct world_case cases[] = {
    {.name = "literals",
     .files = {{"kustomization.yaml",
                "configMapGenerator:\n"
                "- name: c\n"
                "  literals: [a=1, b=\"x\", \"c='y'\", d=, \"e=a=b\", 'f=\"']\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  a: \"1\"\n"
                 "  b: x\n"
                 "  c: \"y\"\n"
                 "  d: \"\"\n"
                 "  e: a=b\n"
                 "  f: '\"'\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c-t4h257m588\n"},
    {.name = "files and env files",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  files: [f.txt, key=f.txt]\n"
                                      "  envs: [e.env]\n"
                                      "  env: e2.env\n"},
               {"f.txt", "one\x0d"
                         "\n"
                         "two\x09"
                         "\n"},
               {"e.env", "A=1\n"
                         "# no\n"
                         "\n"
                         "  B=x y \n"
                         "ALONE\n"},
               {"e2.env", "C=3\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  A: \"1\"\n"
                 "  ALONE: \"\"\n"
                 "  B: 'x y '\n"
                 "  C: \"3\"\n"
                 "  f.txt: \"one\\r\\ntwo\\t\\n\"\n"
                 "  key: \"one\\r\\ntwo\\t\\n\"\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c-tf52d5chd4\n"},
    {.name = "a secret",
     .files = {{"kustomization.yaml",
                "secretGenerator:\n"
                "- name: s\n"
                "  literals: [a=b, "
                "\"long=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"]\n"
                "- name: t\n"
                "  type: kubernetes.io/tls\n"
                "- name: u\n"
                "  options: {disableNameSuffixHash: true}\n"
                "  literals: [k=v]\n"}},
     .expected =
         "apiVersion: v1\n"
         "data:\n"
         "  a: Yg==\n"
         "  long: |\n"
         "    eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH\n"
         "    h4eHh4eHh4\n"
         "kind: Secret\n"
         "metadata:\n"
         "  name: s-k2t4hgbm24\n"
         "type: Opaque\n"
         "---\n"
         "apiVersion: v1\n"
         "data: {}\n"
         "kind: Secret\n"
         "metadata:\n"
         "  name: t-694464d966\n"
         "type: kubernetes.io/tls\n"
         "---\n"
         "apiVersion: v1\n"
         "data:\n"
         "  k: dg==\n"
         "kind: Secret\n"
         "metadata:\n"
         "  name: u\n"
         "type: Opaque\n"},
    {.name = "options",
     .files = {{"kustomization.yaml", "generatorOptions:\n"
                                      "  labels: {l: \"1\", m: g}\n"
                                      "  annotations: {a: \"010\"}\n"
                                      "  immutable: true\n"
                                      "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  options:\n"
                                      "    labels: {l: \"2\"}\n"
                                      "- name: d\n"
                                      "  namespace: ns\n"}},
     .expected = "apiVersion: v1\n"
                 "immutable: true\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a: \"010\"\n"
                 "  labels:\n"
                 "    l: \"1\"\n"
                 "    m: g\n"
                 "  name: d-6ct58987ht\n"
                 "  namespace: ns\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "immutable: true\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a: \"010\"\n"
                 "  labels:\n"
                 "    l: \"2\"\n"
                 "    m: g\n"
                 "  name: c-6ct58987ht\n"},
    {.name = "merge and replace",
     .files = {{"kustomization.yaml", "resources: [base]\n"
                                      "namePrefix: o-\n"
                                      "configMapGenerator:\n"
                                      "- name: m\n"
                                      "  behavior: merge\n"
                                      "  literals: [a=2, c=3]\n"
                                      "- name: r\n"
                                      "  behavior: replace\n"
                                      "  literals: [z=1]\n"
                                      "secretGenerator:\n"
                                      "- name: s\n"
                                      "  behavior: merge\n"
                                      "  literals: [q=1]\n"},
               {"base/kustomization.yaml", "namePrefix: b-\n"
                                           "commonLabels: {app: x}\n"
                                           "configMapGenerator:\n"
                                           "- name: m\n"
                                           "  literals: [a=1, b=1]\n"
                                           "- name: r\n"
                                           "  literals: [a=1]\n"
                                           "secretGenerator:\n"
                                           "- name: s\n"
                                           "  literals: [p=1]\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  a: \"2\"\n"
                 "  b: \"1\"\n"
                 "  c: \"3\"\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    app: x\n"
                 "  name: o-b-m-bt9994gf5d\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  z: \"1\"\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    app: x\n"
                 "  name: o-b-r-527hd2cc4c\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  p: MQ==\n"
                 "  q: MQ==\n"
                 "kind: Secret\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    app: x\n"
                 "  name: o-b-s-92t457b58h\n"
                 "type: Opaque\n"},
    {.name = "a hash follows its data and its references",
     .files = {{"kustomization.yaml",
                "resources: [d.yaml]\n"
                "configMapGenerator:\n"
                "- name: conf\n"
                "  literals: [\"html=<a> & </a>\", \"x=\\u2028y\"]\n"},
               {"d.yaml", "apiVersion: apps/v1\n"
                          "kind: Deployment\n"
                          "metadata: {name: web}\n"
                          "spec:\n"
                          "  template:\n"
                          "    spec:\n"
                          "      containers:\n"
                          "      - name: main\n"
                          "        image: web:1\n"
                          "        envFrom: [{configMapRef: {name: conf}}]\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  html: <a> & </a>\n"
                 "  x: '\xe2"
                 "\x80"
                 "\xa8"
                 ""
                 "    y'\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: conf-hk8tm54448\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: web\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: conf-hk8tm54448\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "an empty hash",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: e\n"
                                      "secretGenerator:\n"
                                      "- name: e\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: e-6ct58987ht\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data: {}\n"
                 "kind: Secret\n"
                 "metadata:\n"
                 "  name: e-46f8b28mk5\n"
                 "type: Opaque\n"},
    {.name = "a key twice",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  literals:\n"
                                      "  - a=1\n"
                                      "  - a=2\n"}},
     .error = "ConfigMap \"c\" gets the key a twice",
     .at = "kustomization.yaml:5:5"},
    {.name = "no name",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- literals: [a=1]\n"}},
     .error = "a generated ConfigMap has no name",
     .at = "kustomization.yaml:2:3",
     .hint = "add name:"},
    {.name = "no key",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  literals: [\"=a\"]\n"}},
     .error = "the literal \"=a\" is no key=value",
     .at = "kustomization.yaml:3:14",
     .hint = "write it as KEY=VALUE"},
    {.name = "no value",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  literals: [a]\n"}},
     .error = "the literal \"a\" is no key=value",
     .at = "kustomization.yaml:3:14",
     .hint = "write it as KEY=VALUE"},
    {.name = "a secret that is no pair",
     .files = {{"kustomization.yaml", "secretGenerator:\n"
                                      "- name: c\n"
                                      "  literals: [hunter2]\n"}},
     .error = "a literal (not shown) of Secret \"c\" is no key=value",
     .at = "kustomization.yaml:3:14",
     .hint = "write it as KEY=VALUE"},
    {.name = "a file without key",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  files: [\"=f\"]\n"}},
     .error = "the file source \"=f\" is no key=path",
     .at = "kustomization.yaml:3:11",
     .hint = "write PATH, or KEY=PATH without another '='"},
    {.name = "a missing file",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  files: [f]\n"}},
     .error = "f does not exist",
     .at = "kustomization.yaml:3:11"},
    {.name = "nothing to merge into",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  behavior: merge\n"}},
     .error = "no ConfigMap c for the generator to merge into",
     .at = "kustomization.yaml:2:3",
     .hint = "correct the name, or use behavior: create"},
    {.name = "nothing to replace",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  behavior: replace\n"}},
     .error = "no ConfigMap c for the generator to replace",
     .at = "kustomization.yaml:2:3",
     .hint = "correct the name, or use behavior: create"},
    {.name = "there already",
     .files = {{"kustomization.yaml", "resources: [base]\n"
                                      "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  literals: [a=1]\n"},
               {"base/kustomization.yaml", "configMapGenerator:\n"
                                           "- name: c\n"}},
     .error = "the generated ConfigMap c is there already",
     .at = "kustomization.yaml:3:3",
     .hint = "add behavior: merge or behavior: replace"},
    {.name = "merging makes strings of labels and data",
     .files =
         {{"kustomization.yaml",
           "resources: [r.yaml]\n"
           "configMapGenerator: [{name: a, behavior: merge, literals: [x=y]}]\n"},
          {"r.yaml",
           "apiVersion: v1\n"
           "kind: ConfigMap\n"
           "metadata: {name: a, labels: {m: {a: b}, n: null}, annotations: {l: [a]}}\n"
           "data: {m: {a: b}, n: null, i: 5}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  i: \"5\"\n"
                 "  m: \"\"\n"
                 "  \"n\": \"\"\n"
                 "  x: \"y\"\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    l: \"\"\n"
                 "  labels:\n"
                 "    m: \"\"\n"
                 "    \"n\": \"null\"\n"
                 "  name: a\n"},
    {.name = "a slash after a file's name",
     .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                      "- name: c\n"
                                      "  files: [sub/f/]\n"
                                      "  options: {disableNameSuffixHash: true}\n"},
               {"sub/f", "x"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  f: x\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"},
};

static void test_generator(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_generator)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
