/* test_affix.c - PrefixTransformer and SuffixTransformer by table. */
#include "stage.h"

static const struct stage_case cases[] = {
    {.name = "prefix, and what is never renamed",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: Namespace\n"
                "metadata: {name: n}\n"
                "---\n"
                "apiVersion: apiextensions.k8s.io/v1\n"
                "kind: CustomResourceDefinition\n"
                "metadata: {name: d}\n"
                "---\n"
                "apiVersion: apiregistration.k8s.io/v1\n"
                "kind: APIService\n"
                "metadata: {name: a}\n"
                "---\n"
                "apiVersion: x.y/v1\n"
                "kind: APIService\n"
                "metadata: {name: b}\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: p-\n"
               "fieldSpecs: [{path: metadata/name}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-c\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Namespace\n"
                 "metadata:\n"
                 "  name: \"n\"\n"
                 "---\n"
                 "apiVersion: apiextensions.k8s.io/v1\n"
                 "kind: CustomResourceDefinition\n"
                 "metadata:\n"
                 "  name: d\n"
                 "---\n"
                 "apiVersion: apiregistration.k8s.io/v1\n"
                 "kind: APIService\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: x.y/v1\n"
                 "kind: APIService\n"
                 "metadata:\n"
                 "  name: p-b\n"},
    {.name = "suffix, and what is never renamed",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: Namespace\n"
                "metadata: {name: n}\n"
                "---\n"
                "apiVersion: apiextensions.k8s.io/v1\n"
                "kind: CustomResourceDefinition\n"
                "metadata: {name: d}\n"
                "---\n"
                "apiVersion: apiregistration.k8s.io/v1\n"
                "kind: APIService\n"
                "metadata: {name: a}\n"
                "---\n"
                "apiVersion: x.y/v1\n"
                "kind: APIService\n"
                "metadata: {name: b}\n",
     .config = "kind: SuffixTransformer\n"
               "suffix: -s\n"
               "fieldSpecs: [{path: metadata/name}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c-s\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Namespace\n"
                 "metadata:\n"
                 "  name: \"n\"\n"
                 "---\n"
                 "apiVersion: apiextensions.k8s.io/v1\n"
                 "kind: CustomResourceDefinition\n"
                 "metadata:\n"
                 "  name: d\n"
                 "---\n"
                 "apiVersion: apiregistration.k8s.io/v1\n"
                 "kind: APIService\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: x.y/v1\n"
                 "kind: APIService\n"
                 "metadata:\n"
                 "  name: b-s\n"},
    {.name = "both, in the older built-in",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config = "kind: PrefixSuffixTransformer\n"
               "prefix: p-\n"
               "suffix: -s\n"
               "fieldSpecs: [{path: metadata/name}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-c-s\n"},
    {.name = "the style stays",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: \"1\"}\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: \"2\"\n"
               "fieldSpecs: [{path: metadata/name}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: \"21\"\n"},
    {.name = "another field of one kind",
     .objects = "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: x}\n"
                "spec: {a: [{b: c}, {b: d}, {}]}\n"
                "---\n"
                "apiVersion: x.y/v1\n"
                "kind: Bar\n"
                "metadata: {name: x}\n"
                "spec: {a: {b: c}}\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: p-\n"
               "fieldSpecs:\n"
               "- {path: spec/a/b, kind: Foo}\n",
     .expected = "apiVersion: x.y/v1\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  name: x\n"
                 "spec:\n"
                 "  a:\n"
                 "  - b: p-c\n"
                 "  - b: p-d\n"
                 "  - {}\n"
                 "---\n"
                 "apiVersion: x.y/v1\n"
                 "kind: Bar\n"
                 "metadata:\n"
                 "  name: x\n"
                 "spec:\n"
                 "  a:\n"
                 "    b: c\n"},
    {.name = "a missing field is not made",
     .objects = "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: x}\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: p-\n"
               "fieldSpecs:\n"
               "- {path: spec/a/b, kind: Foo}\n",
     .expected = "apiVersion: x.y/v1\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  name: x\n"},
    {.name = "an escaped slash",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c, annotations: {a.b/c: d}}\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: p-\n"
               "fieldSpecs:\n"
               "- {path: metadata/annotations/a.b\\/c}\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a.b/c: p-d\n"
                 "  name: c\n"},
    {.name = "no field specs",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: p-\n",
     .error = "fieldSpecs"},
    {.name = "a scalar on the way",
     .objects = "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: x}\n"
                "spec: 5\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: p-\n"
               "fieldSpecs: [{path: spec/a}]\n",
     .error = "found a scalar on the way"},
    {.name = "a field of another type",
     .objects = "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: x}\n"
                "spec: {a: {}}\n",
     .config = "kind: PrefixTransformer\n"
               "prefix: p-\n"
               "fieldSpecs: [{path: spec/a}]\n",
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
    return cmocka_run_group_tests_name("affix", tests, NULL, NULL);
}
