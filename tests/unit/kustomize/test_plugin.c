/* test_plugin.c - generators, transformers and validators that name built-ins. */
#include "world.h"

static const struct world_case cases[] = {
    {.name = "inline, file and folder",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "transformers:\n"
                "- t.yaml\n"
                "- tf\n"
                "- |-\n"
                "  apiVersion: builtin\n"
                "  kind: LabelTransformer\n"
                "  metadata: {name: l}\n"
                "  labels: {in: line}\n"
                "  fieldSpecs: [{path: metadata/labels, create: true}]\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"t.yaml", "apiVersion: builtin\n"
                          "kind: PrefixTransformer\n"
                          "metadata: {name: x}\n"
                          "prefix: p-\n"
                          "fieldSpecs: [{path: metadata/name}]\n"},
               {"tf/kustomization.yaml", "resources: [t.yaml]\n"},
               {"tf/t.yaml", "apiVersion: builtin\n"
                             "kind: SuffixTransformer\n"
                             "metadata: {name: x}\n"
                             "suffix: -s\n"
                             "fieldSpecs: [{path: metadata/name}]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    in: line\n"
                 "  name: p-a-s\n"},
    {.name = "the built-ins",
     .files = {{"kustomization.yaml", "resources: [d.yaml]\n"
                                      "transformers: [t.yaml]\n"},
               {"d.yaml", "apiVersion: apps/v1\n"
                          "kind: Deployment\n"
                          "metadata: {name: web}\n"
                          "spec:\n"
                          "  template:\n"
                          "    spec:\n"
                          "      containers:\n"
                          "      - name: main\n"
                          "        image: web:1\n"
                          "        envFrom: [{configMapRef: {name: conf}}]\n"},
               {"t.yaml",
                "apiVersion: builtin\n"
                "kind: AnnotationsTransformer\n"
                "metadata: {name: x}\n"
                "annotations: {a: b}\n"
                "fieldSpecs: [{path: metadata/annotations, create: true}]\n"
                "---\n"
                "apiVersion: builtin\n"
                "kind: ImageTagTransformer\n"
                "metadata: {name: x}\n"
                "imageTag: {name: web, newTag: \"2\"}\n"
                "fieldSpecs: [{path: \"spec/template/spec/containers[]/image\"}]\n"
                "---\n"
                "apiVersion: builtin\n"
                "kind: ReplicaCountTransformer\n"
                "metadata: {name: x}\n"
                "replica: {name: web, count: 4}\n"
                "fieldSpecs: [{path: spec/replicas, create: true}]\n"
                "---\n"
                "apiVersion: builtin\n"
                "kind: NamespaceTransformer\n"
                "metadata: {name: x, namespace: ns}\n"
                "fieldSpecs: [{path: metadata/namespace, create: true}]\n"
                "---\n"
                "apiVersion: builtin\n"
                "kind: PatchTransformer\n"
                "metadata: {name: x}\n"
                "target: {kind: Deployment}\n"
                "patch: '[{\"op\": \"add\", \"path\": \"/spec/a\", \"value\": 1}]'\n"
                "---\n"
                "apiVersion: builtin\n"
                "kind: PatchJson6902Transformer\n"
                "metadata: {name: x}\n"
                "target: {kind: Deployment, name: web}\n"
                "jsonOp: '[{\"op\": \"add\", \"path\": \"/spec/b\", \"value\": 1}]'\n"
                "---\n"
                "apiVersion: builtin\n"
                "kind: PatchStrategicMergeTransformer\n"
                "metadata: {name: x}\n"
                "patches: |-\n"
                "  apiVersion: apps/v1\n"
                "  kind: Deployment\n"
                "  metadata: {name: web, namespace: ns}\n"
                "  spec: {c: 1}\n"
                "---\n"
                "apiVersion: builtin\n"
                "kind: ReplacementTransformer\n"
                "metadata: {name: x}\n"
                "replacements:\n"
                "- source: {kind: Deployment, fieldPath: spec.b}\n"
                "  targets: [{select: {kind: Deployment}, fieldPaths: [spec.c]}]\n"}},
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a: b\n"
                 "  name: web\n"
                 "  namespace: ns\n"
                 "spec:\n"
                 "  a: 1\n"
                 "  b: 1\n"
                 "  c: 1\n"
                 "  replicas: 4\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: conf\n"
                 "        image: web:2\n"
                 "        name: main\n"},
    {.name = "generators",
     .files = {{"kustomization.yaml", "generators:\n"
                                      "- g.yaml\n"
                                      "- |-\n"
                                      "  apiVersion: builtin\n"
                                      "  kind: SecretGenerator\n"
                                      "  metadata: {name: s}\n"
                                      "  literals: [a=b]\n"},
               {"g.yaml", "apiVersion: builtin\n"
                          "kind: ConfigMapGenerator\n"
                          "metadata: {name: x}\n"
                          "literals: [k=v]\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: v\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: x-bdg947hgcc\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  a: Yg==\n"
                 "kind: Secret\n"
                 "metadata:\n"
                 "  name: s-k695gkmbtk\n"
                 "type: Opaque\n"},
    {.name = "an account of a cloud",
     .files = {{"kustomization.yaml", "generators: [g.yaml]\n"
                                      "namePrefix: p-\n"},
               {"g.yaml", "apiVersion: builtin\n"
                          "kind: IAMPolicyGenerator\n"
                          "metadata: {name: x}\n"
                          "cloud: gke\n"
                          "kubernetesService: {namespace: ns, name: sa}\n"
                          "serviceAccount: {name: gsa, projectId: proj}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ServiceAccount\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    iam.gke.io/gcp-service-account: gsa@proj.iam.gserviceaccount.com\n"
                 "  name: p-sa\n"
                 "  namespace: ns\n"},
    {.name = "an account of another cloud",
     .files = {{"kustomization.yaml", "generators: [g.yaml]\n"},
               {"g.yaml", "apiVersion: builtin\n"
                          "kind: IAMPolicyGenerator\n"
                          "metadata: {name: x}\n"
                          "cloud: aws\n"}},
     .error = "found cloud \"aws\", expected gke",
     .at = "g.yaml:1:1"},
    {.name = "a validator that looks",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "validators: [v.yaml]\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"v.yaml", "apiVersion: builtin\n"
                          "kind: LabelTransformer\n"
                          "metadata: {name: x}\n"
                          "labels: {}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"},
    {.name = "a validator that changes",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "validators: [v.yaml]\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"v.yaml", "apiVersion: builtin\n"
                          "kind: LabelTransformer\n"
                          "metadata: {name: x}\n"
                          "labels: {a: b}\n"
                          "fieldSpecs: [{path: metadata/labels, create: true}]\n"}},
     .error = "the validator LabelTransformer changes objects; it may only look",
     .at = "v.yaml:1:1",
     .hint = "list it under transformers:"},
    {.name = "no such built-in",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "transformers: [t.yaml]\n"},
               {"t.yaml", "apiVersion: builtin\n"
                          "kind: PrefixTransformr\n"
                          "metadata: {name: x}\n"}},
     .error = "there is no built-in transformer PrefixTransformr",
     .at = "t.yaml:1:1",
     .hint = "did you mean PrefixTransformer?"},
    {.name = "no such built-in, inline",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "transformers:\n"
                                      "- |-\n"
                                      "  apiVersion: builtin\n"
                                      "  kind: Nothing\n"
                                      "  metadata: {name: x}\n"}},
     .error = "there is no built-in transformer Nothing",
     .at = "kustomization.yaml:4:3"},
    {.name = "bad text, inline",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "transformers:\n"
                                      "- |-\n"
                                      "  apiVersion: builtin\n"
                                      "  kind: [\n"}},
     .error = "transformers[0]: found the end of the document, expected a value",
     .at = "kustomization.yaml:5:10"},
    {.name = "a program",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "transformers: [t.yaml]\n"},
               {"t.yaml", "apiVersion: x/v1\n"
                          "kind: Mine\n"
                          "metadata: {name: x}\n"}},
     .error = "the transformer Mine runs another program, which we do not do",
     .at = "t.yaml:1:1",
     .hint = "run it beforehand and list its output as a resource"},
    {.name = "a generator that is a program",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "generators: [t.yaml]\n"},
               {"t.yaml", "apiVersion: x/v1\n"
                          "kind: Mine\n"
                          "metadata: {name: x}\n"}},
     .error = "the generator Mine runs another program, which we do not do",
     .at = "t.yaml:1:1",
     .hint = "run it beforehand and list its output as a resource"},
    {.name = "entries that hold nothing",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "generators: [\"\", \"[]\", null]\n"
                                      "transformers: [\"{}\", \"~\"]\n"
                                      "validators: [\"# none\"]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"},
    {.name = "a configuration is printed and read again",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "transformers: [t.yaml, p.yaml]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"p.yaml", "apiVersion: builtin\n"
                          "kind: PrefixTransformer\n"
                          "metadata: {name: x}\n"
                          "prefix: 1.0\n"
                          "fieldSpecs: [null, {path: metadata/name}]\n"},
               {"t.yaml", "apiVersion: builtin\n"
                          "kind: AnnotationsTransformer\n"
                          "metadata: {name: x}\n"
                          "annotations: {fl: 1.50, e: 1e3, o: 010, h: 0x1F, u: 1_000, d: "
                          "2020-01-01, b: True, l: 3.14159265, s: \"010\"}\n"
                          "fieldSpecs: [{path: metadata/annotations, create: true}]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    b: \"true\"\n"
                 "    d: \"2020-01-01T00:00:00Z\"\n"
                 "    e: \"1000\"\n"
                 "    fl: \"1.5\"\n"
                 "    h: \"31\"\n"
                 "    l: \"3.1415927\"\n"
                 "    o: \"8\"\n"
                 "    s: \"010\"\n"
                 "    u: \"1000\"\n"
                 "  name: 1a\n"},
    {.name = "a generator's own name, and no env",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "generators: [g.yaml]\n"},
               {"g.yaml", "apiVersion: builtin\n"
                          "kind: ConfigMapGenerator\n"
                          "metadata: {name: other, namespace: elsewhere}\n"
                          "name: own\n"
                          "namespace: ns\n"
                          "env: missing.env\n"
                          "options: {disableNameSuffixHash: true}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: own\n"
                 "  namespace: ns\n"},
    {.name = "a number where a generator wants a string",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "generators: [g.yaml]\n"},
               {"g.yaml", "apiVersion: builtin\n"
                          "kind: ConfigMapGenerator\n"
                          "metadata: {name: other}\n"
                          "literals: [5]\n"}},
     .error = "found the integer 5 in literals, expected a string",
     .at = "g.yaml:4:12"},
    {.name = "labels that are a list",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "transformers: [t.yaml]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"t.yaml", "apiVersion: builtin\n"
                          "kind: LabelTransformer\n"
                          "metadata: {name: x}\n"
                          "labels: [a]\n"}},
     .error = "found a list in labels, expected a map of strings",
     .at = "t.yaml:4:9"},
};

static void test_plugin(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plugin)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
