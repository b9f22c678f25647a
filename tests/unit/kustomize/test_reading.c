/* test_reading.c - files as they come from editors, shells and habits. */
#include "world.h"

#include <string.h>

#define CONFIG    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
#define RESOURCES "resources: [r.yaml]\n"
#define PATCH     RESOURCES "patches:\n- target: {kind: ConfigMap}\n"

static const struct world_case cases[] = {
    /* patches are trimmed: a block at the end loses its line end … */
    {.name = "the end of an inline strategic patch",
     .files = {{"kustomization.yaml", RESOURCES "patches:\n"
                                                "- patch: |\n"
                                                "    apiVersion: v1\n"
                                                "    kind: ConfigMap\n"
                                                "    metadata: {name: a}\n"
                                                "    data:\n"
                                                "      k: |\n"
                                                "        x\n"
                                                "        y\n"},
               {"r.yaml", CONFIG}},
     .expected = "apiVersion: v1\ndata:\n  k: |-\n    x\n    y\nkind: ConfigMap\n"
                 "metadata:\n  name: a\n"},
    {.name = "the end of an inline JSON patch",
     .files = {{"kustomization.yaml", PATCH "  patch: |+\n"
                                            "    - op: add\n"
                                            "      path: /data\n"
                                            "      value:\n"
                                            "        k: |+\n"
                                            "          x\n\n\n"},
               {"r.yaml", CONFIG}},
     .expected = "apiVersion: v1\ndata:\n  k: x\nkind: ConfigMap\n"
                 "metadata:\n  name: a\n"},
    /* … but not those of a file or of patchesJson6902 */
    {.name = "the end of a patch in a file",
     .files = {{"kustomization.yaml", PATCH "  path: p.yaml\n"},
               {"r.yaml", CONFIG},
               {"p.yaml", "- op: add\n  path: /data\n  value:\n    k: |\n      x\n"}},
     .expected = "apiVersion: v1\ndata:\n  k: |\n    x\nkind: ConfigMap\n"
                 "metadata:\n  name: a\n"},
    {.name = "the end of a patchesJson6902",
     .files = {{"kustomization.yaml",
                RESOURCES "patchesJson6902:\n"
                          "- target: {version: v1, kind: ConfigMap, name: a}\n"
                          "  patch: |\n"
                          "    - op: add\n"
                          "      path: /data\n"
                          "      value:\n"
                          "        k: |\n"
                          "          x\n"},
               {"r.yaml", CONFIG}},
     .expected = "apiVersion: v1\ndata:\n  k: |\n    x\nkind: ConfigMap\n"
                 "metadata:\n  name: a\n"},
    {.name = "YAML 1.1 booleans of a JSON patch",
     .files = {{"kustomization.yaml", PATCH
                "  patch: |-\n"
                "    - {op: add, path: /data, value: {a: yes, b: Off, c: on, d: N}}\n"},
               {"r.yaml", CONFIG}},
     .expected = "apiVersion: v1\ndata:\n  a: true\n  b: false\n  c: true\n  d: false\n"
                 "kind: ConfigMap\nmetadata:\n  name: a\n"},
    {.name = "a JSON patch takes the name",
     .files = {{"kustomization.yaml", PATCH
                "  patch: '[{\"op\": \"remove\", \"path\": \"/metadata/name\"}]'\n"},
               {"r.yaml", CONFIG}},
     .error = "an object without metadata.name",
     .at = "r.yaml:1:1"},
    {.name = "a null is no name",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ~}\n"}},
     .error = "an object without metadata.name"},
    /* what generators take from files */
    {.name = "a file that begins with a tab",
     .files = {{"kustomization.yaml", "configMapGenerator:\n- {name: a, files: [f]}\n"},
               {"f", "\tx\n\ty\n"}},
     .error = "expected a first line that begins with no tab"},
    {.name = "a tab in a string of one line, and in a later one",
     .files = {{"kustomization.yaml", "configMapGenerator:\n- name: a\n  files: [f, g]\n"
                                      "  options: {disableNameSuffixHash: true}\n"},
               {"f", "\tx"},
               {"g", "x\n\ty\n"}},
     .expected = "apiVersion: v1\ndata:\n  f: \"\\tx\"\n  g: \"x\\n\\ty\\n\"\n"
                 "kind: ConfigMap\nmetadata:\n  name: a\n"},
    {.name = "a file with a byte order mark",
     .files = {{"kustomization.yaml", "configMapGenerator:\n- name: a\n  files: [f]\n"
                                      "  options: {disableNameSuffixHash: true}\n"},
               {"f", "\xEF\xBB\xBFh i\n"}},
     .expected = "apiVersion: v1\ndata:\n  f: \"\\uFEFF\\x68\\x20\\x69\\n\"\n"
                 "kind: ConfigMap\nmetadata:\n  name: a\n"},
    /* kustomize keeps its state in annotations */
    {.name = "a copy of the annotations",
     .files = {{"kustomization.yaml",
                "resources: [b]\nconfigMapGenerator: [{name: g, literals: [x=y]}]\n"
                "patches:\n- target: {kind: ConfigMap}\n"
                "  patch: '[{\"op\": \"copy\", \"from\": \"/metadata/annotations\", "
                "\"path\": \"/z\"}]'\n"},
               {"b/kustomization.yaml", RESOURCES "namePrefix: p-\nnameSuffix: -s\n"},
               {"b/r.yaml", CONFIG "  annotations: {k: v}\n"}},
     .expected = "apiVersion: v1\ndata:\n  x: \"y\"\nkind: ConfigMap\nmetadata:\n"
                 "  name: g-6gc9d749f7\nz:\n"
                 "  internal.config.kubernetes.io/generatorBehavior: unspecified\n"
                 "  internal.config.kubernetes.io/needsHashSuffix: enabled\n"
                 "  internal.config.kubernetes.io/previousKinds: ConfigMap\n"
                 "  internal.config.kubernetes.io/previousNames: g\n"
                 "  internal.config.kubernetes.io/previousNamespaces: default\n---\n"
                 "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n"
                 "    k: v\n"
                 "  name: p-a-s\nz:\n"
                 "  internal.config.kubernetes.io/prefixes: p-\n"
                 "  internal.config.kubernetes.io/previousKinds: "
                 "ConfigMap,ConfigMap,ConfigMap\n"
                 "  internal.config.kubernetes.io/previousNames: a,p-a,p-a-s\n"
                 "  internal.config.kubernetes.io/previousNamespaces: "
                 "default,default,default\n"
                 "  internal.config.kubernetes.io/suffixes: -s\n  k: v\n"},
    {.name = "a move of the annotations",
     .files = {{"kustomization.yaml",
                RESOURCES "buildMetadata: [originAnnotations]\n"
                          "patches:\n- target: {kind: ConfigMap}\n"
                          "  patch: |-\n"
                          "    - {op: move, from: /metadata/annotations, path: /z}\n"},
               {"r.yaml", CONFIG}},
     .expected = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n"
                 "    config.kubernetes.io/origin: |\n"
                 "      configuredIn: kustomization.yaml\n      configuredBy:\n"
                 "        apiVersion: builtin\n        kind: PatchTransformer\n"
                 "  name: a\n"
                 "z:\n  config.kubernetes.io/origin: |\n    path: r.yaml\n"
                 "  internal.config.kubernetes.io/previousKinds: ConfigMap\n"
                 "  internal.config.kubernetes.io/previousNames: a\n"
                 "  internal.config.kubernetes.io/previousNamespaces: default\n"},
    /* text where a number stands fails where it is written */
    {.name = "text over a number of an object that is not written",
     .files = {{"kustomization.yaml",
                RESOURCES "replacements:\n- source: {kind: ConfigMap}\n"
                          "  targets: [{select: {kind: T}, fieldPaths: [num]}]\n"},
               {"r.yaml", CONFIG "---\napiVersion: v1\nkind: T\nmetadata:\n  name: t\n"
                                 "  annotations: {config.kubernetes.io/local-config: q}\n"
                                 "num: 1\n"}},
     .expected = CONFIG},
    {.name = "text over a number, and a number over that",
     .files = {{"kustomization.yaml",
                RESOURCES "replacements:\n- source: {kind: ConfigMap}\n"
                          "  targets: [{select: {kind: T}, fieldPaths: [num]}]\n"
                          "- source: {kind: T, fieldPath: m}\n"
                          "  targets: [{select: {kind: T}, fieldPaths: [num]}]\n"},
               {"r.yaml", "apiVersion: v1\nkind: T\nmetadata:\n  name: t\nm: 7\nnum: 1\n"
                          "---\n" CONFIG}},
     .expected = CONFIG "---\napiVersion: v1\nkind: T\nm: 7\nmetadata:\n  name: t\n"
                        "num: 7\n"},
    {.name = "a JSON patch of text over a number",
     .files = {{"kustomization.yaml",
                "resources: [b]\npatches:\n- target: {kind: T}\n"
                "  patch: '[{\"op\": \"remove\", \"path\": \"/num\"}]'\n"},
               {"b/kustomization.yaml",
                RESOURCES "replacements:\n- source: {kind: ConfigMap}\n"
                          "  targets: [{select: {kind: T}, fieldPaths: [num]}]\n"},
               {"b/r.yaml", CONFIG "---\napiVersion: v1\nkind: T\nmetadata: {name: t}\n"
                                   "num: 1\n"}},
     .error = "does not fit"},
    /* annotations that are no map */
    {.name = "annotations that are a text",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "  annotations: x\n"}},
     .expected = CONFIG},
    {.name = "annotations that are a list",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "  annotations: [b, c, d, [e]]\n"}},
     .expected = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n"
                 "    b: c\n    d: \"\"\n  name: a\n"},
    {.name = "annotations that are a list without pairs",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "  annotations: [b]\n"}},
     .error = "annotations: found a list, expected a map"},
    {.name = "a folded annotation",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml",
                CONFIG "  annotations:\n    k: >\n      b\n       c\n      d\n"}},
     .expected = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n"
                 "    k: |\n      b\n       c\n      d\n  name: a\n"},
    /* what libyaml refuses and kustomize takes */
    {.name = "a colon that ends plain text inside brackets",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "z: [a:, {b:, c: d}, é:b:, \"x^:\"]\n"}},
     .expected = CONFIG "z:\n- 'a:'\n- 'b:': \"\"\n  c: d\n- 'é:b:'\n- 'x^:'\n"},
    {.name = "an escaped single quote in double quotes",
     .files = {{"kustomization.yaml", RESOURCES "commonAnnotations: {k: \"it\\'s\"}\n"},
               {"r.yaml", CONFIG "z: [\"\\'a\\'\", 'b\\', \"c\\\\'\", c:]\n"}},
     .expected = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n"
                 "    k: it's\n  name: a\nz:\n- '''a'''\n- b\\\n- c\\'\n- 'c:'\n"},
    {.name = "a key that is a list, where it is written",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "z: {x: {? [b] : c}}\n"}},
     .error = "found a map or list as a key",
     .at = "r.yaml:5:11"},
    {.name = "a key that is a list, and goes",
     .files = {{"kustomization.yaml",
                RESOURCES "patches:\n- patch: |-\n    apiVersion: v1\n"
                          "    kind: ConfigMap\n    metadata: {name: a}\n"
                          "    z: null\n"},
               {"r.yaml", CONFIG "z: {? [b] : c, ? {d: e} : f}\n"}},
     .expected = CONFIG},
    {.name = "a key that is a list is no empty key",
     .files = {{"kustomization.yaml",
                RESOURCES "patches:\n- patch: |-\n    apiVersion: v1\n"
                          "    kind: ConfigMap\n    metadata: {name: a}\n"
                          "    z: {'': null}\n"},
               {"r.yaml", CONFIG "z: {? [b] : c}\n"}},
     .error = "found the key \"\""},
    {.name = "a key with nothing but an anchor",
     .files = {{"kustomization.yaml", RESOURCES}, {"r.yaml", CONFIG "z:\n  &q : b\n"}},
     .expected = CONFIG "z:\n  \"\": b\n"},
    {.name = "strings that begin with a byte order mark",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "z: {\"\\uFEFFk\": [\"\\uFEFFé😀\\n\\L\\t\\\"\", "
                                 "\"a\\uFEFF\"]}\n"}},
     .expected = CONFIG "z:\n  \"\\uFEFF\\x6B\":\n"
                        "  - \"\\uFEFF\\xE9\\U0001F600\\n\\L\\t\\\"\"\n"
                        "  - \"a\\uFEFF\"\n"},
    {.name = "strings that end in a line separator",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "z: [\"a\\L\", \"a\\P\\L\", \"a\\L'\", \"a\\L'b\"]\n"}},
     .expected = CONFIG "z:\n- 'a\u2028'\n- 'a\u2029\u2028'\n- 'a\u2028  '''\n"
                        "- 'a\u2028  ''b'\n"},
    {.name = "a line break in a key's JSON",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "z: {\"a\\Nb\": c}\n"}},
     .error = "U+0085 in a key"},
    {.name = "a private character beside a byte order mark",
     .files = {{"kustomization.yaml", RESOURCES},
               {"r.yaml", CONFIG "z: [\"\\uFEFF\", \"\\uE000\\uF8FF\"]\n"}},
     .error = "U+E000 and U+F8FF",
     .ours = true},
    /* only the first document of a kustomization counts */
    {.name = "what follows a kustomization",
     .files = {{"kustomization.yaml", RESOURCES "...\nthis is: [not read\n"},
               {"r.yaml", CONFIG}},
     .expected = CONFIG},
    {.name = "an empty document before the kustomization",
     .files = {{"kustomization.yaml", "---\n---\n" RESOURCES}, {"r.yaml", CONFIG}},
     .error = "the kustomization is empty"},
    {.name = "YAML 1.2 in a kustomization",
     .files = {{"kustomization.yaml", "%YAML 1.2\n---\n" RESOURCES}, {"r.yaml", CONFIG}},
     .error = "found %YAML 1.2, expected YAML 1.1"},
    {.name = "a question mark inside {} in a kustomization",
     .files = {{"kustomization.yaml", RESOURCES "commonAnnotations: {a: http://x/?y}\n"},
               {"r.yaml", CONFIG}},
     .error = "found '?' in plain text inside {} or []"},
    {.name = "an empty entry of transformers",
     .files = {{"kustomization.yaml", RESOURCES "transformers: ['']\n"},
               {"r.yaml", CONFIG}},
     .expected = CONFIG},
    {.name = "a CustomResourceDefinition in crds",
     .files = {{"kustomization.yaml", RESOURCES "crds: [c.yaml]\n"},
               {"r.yaml", CONFIG},
               {"c.yaml", "apiVersion: apiextensions.k8s.io/v1\n"
                          "kind: CustomResourceDefinition\nmetadata: {name: foos.x}\n"}},
     .error = "crds: apiVersion is no OpenAPI definition",
     .hint = "listed under resources"},
    {.name = "brackets that are no index in a var's path",
     .files = {{"kustomization.yaml",
                RESOURCES "vars:\n- name: V\n"
                          "  objref: {kind: ConfigMap, name: a, apiVersion: v1}\n"
                          "  fieldref: {fieldpath: 'metadata.labels[app]'}\n"},
               {"r.yaml", CONFIG "  labels: {app: web}\n"}},
     .error = "has no field metadata.labels[app]"},
};

static void test_cases(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

/* kustomize's scanner stops at a line of 64 KiB and says nothing; we warn. */
static void test_long_line(void **state) {
    (void)state;
    enum { FITS = 65535 };
    for (size_t len = FITS; len <= FITS + 1; len++) {
        sg_auto_buf env = SG_BUF_INIT;
        sg_buf_adds(&env, "A=1\nB=");
        while (env.len < len + 4) {
            sg_buf_addc(&env, 'x');
        }
        sg_buf_adds(&env, "\nC=1\n");
        struct world_case c = {
            .files = {{"kustomization.yaml", "configMapGenerator:\n"
                                             "- {name: a, envs: [e]}\n"},
                      {"e", sg_buf_cstr(&env)}}};
        struct sg_render_opts opts = {0};
        struct world world = {0};
        assert_int_equal(world_render(&world, &c, &opts), 0);
        const char *out = sg_buf_cstr(&world.out);
        assert_non_null(strstr(out, "  A: \"1\"\n"));
        assert_int_equal(strstr(out, "  C: \"1\"\n") != NULL, len == FITS);
        assert_int_equal(strstr(sg_buf_cstr(&world.warnings), "SG105 line 2 of e") !=
                             NULL,
                         len > FITS);
        world_release(&world);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_long_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
