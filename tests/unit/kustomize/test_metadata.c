/* test_metadata.c - what buildMetadata adds. */
#include "world.h"

static const struct world_case cases[] = {
    {.name = "origins",
     .files = {{"kustomization.yaml", "resources: [base, c.yaml]\n"
                                      "configMapGenerator: [{name: g}]\n"
                                      "buildMetadata: [originAnnotations]\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: c}\n"},
               {"base/kustomization.yaml", "resources: [b.yaml]\n"
                                           "configMapGenerator: [{name: h}]\n"},
               {"base/b.yaml", "apiVersion: v1\n"
                               "kind: ConfigMap\n"
                               "metadata: {name: b}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    config.kubernetes.io/origin: |\n"
                 "      path: base/b.yaml\n"
                 "  name: b\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    config.kubernetes.io/origin: |\n"
                 "      path: c.yaml\n"
                 "  name: c\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    config.kubernetes.io/origin: |\n"
                 "      configuredIn: kustomization.yaml\n"
                 "      configuredBy:\n"
                 "        apiVersion: builtin\n"
                 "        kind: ConfigMapGenerator\n"
                 "  name: g-6ct58987ht\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    config.kubernetes.io/origin: |\n"
                 "      configuredIn: base/kustomization.yaml\n"
                 "      configuredBy:\n"
                 "        apiVersion: builtin\n"
                 "        kind: ConfigMapGenerator\n"
                 "  name: h-6ct58987ht\n"},
    {.name = "transformations",
     .files = {{"kustomization.yaml",
                "resources: [base]\n"
                "namePrefix: p-\n"
                "commonAnnotations: {a: b}\n"
                "buildMetadata: [transformerAnnotations, originAnnotations]\n"},
               {"base/kustomization.yaml", "resources: [b.yaml]\n"
                                           "namespace: ns1\n"},
               {"base/b.yaml", "apiVersion: v1\n"
                               "kind: ConfigMap\n"
                               "metadata: {name: b}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a: b\n"
                 "    alpha.config.kubernetes.io/transformations: |\n"
                 "      - configuredIn: base/kustomization.yaml\n"
                 "        configuredBy:\n"
                 "          apiVersion: builtin\n"
                 "          kind: NamespaceTransformer\n"
                 "      - configuredIn: kustomization.yaml\n"
                 "        configuredBy:\n"
                 "          apiVersion: builtin\n"
                 "          kind: PrefixTransformer\n"
                 "      - configuredIn: kustomization.yaml\n"
                 "        configuredBy:\n"
                 "          apiVersion: builtin\n"
                 "          kind: AnnotationsTransformer\n"
                 "    config.kubernetes.io/origin: |\n"
                 "      path: base/b.yaml\n"
                 "  name: p-b\n"
                 "  namespace: ns1\n"},
    {.name = "custom transformers",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "transformers: [t.yaml]\n"
                                      "buildMetadata: [transformerAnnotations]\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: c}\n"},
               {"t.yaml", "apiVersion: builtin\n"
                          "kind: PrefixTransformer\n"
                          "metadata: {name: x}\n"
                          "prefix: p-\n"
                          "fieldSpecs: [{path: metadata/name}]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    alpha.config.kubernetes.io/transformations: |\n"
                 "      - configuredIn: t.yaml\n"
                 "        configuredBy:\n"
                 "          apiVersion: builtin\n"
                 "          kind: PrefixTransformer\n"
                 "          name: x\n"
                 "  name: p-c\n"},
};

static void test_metadata(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_metadata)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
