/* test_accumulate.c - what a kustomization lists, and what is refused. */
#include "world.h"

static const struct world_case cases[] = {
    {.name = "files, folders and documents",
     .files = {{"over/kustomization.yaml", "resources:\n"
                                           "- ../base\n"
                                           "- x.yaml\n"},
               {"over/x.yaml", "apiVersion: v1\n"
                               "kind: ConfigMap\n"
                               "metadata: {name: x}\n"
                               "---\n"
                               "# nothing\n"
                               "---\n"
                               "apiVersion: v1\n"
                               "kind: ConfigMap\n"
                               "metadata: {name: y}\n"},
               {"base/kustomization.yaml", "resources: [a.yaml]\n"},
               {"base/a.yaml", "apiVersion: v1\n"
                               "kind: ConfigMap\n"
                               "metadata: {name: a}\n"}},
     .dir = "over",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: x\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: \"y\"\n"},
    {.name = "lists expand after the rest",
     .files =
         {{"kustomization.yaml", "resources: [l.yaml]\n"
                                 "sortOptions: {order: fifo}\n"},
          {"l.yaml",
           "apiVersion: v1\n"
           "kind: List\n"
           "items:\n"
           "- {apiVersion: v1, kind: ConfigMap, metadata: {name: in}, data: {a: yes}}\n"
           "---\n"
           "apiVersion: v1\n"
           "kind: ConfigMap\n"
           "metadata: {name: out}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: out\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  a: \"yes\"\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: in\n"},
    {.name = "a list without items stays",
     .files = {{"kustomization.yaml", "resources: [l.yaml]\n"},
               {"l.yaml", "apiVersion: v1\n"
                          "kind: ThingList\n"
                          "other: 1\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ThingList\n"
                 "metadata: {}\n"
                 "other: 1\n"},
    {.name = "bases come after resources",
     .files = {{"kustomization.yaml", "bases: [b]\n"
                                      "resources: [a.yaml]\n"
                                      "sortOptions: {order: fifo}\n"},
               {"a.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"b/kustomization.yaml", "resources: [c.yaml]\n"},
               {"b/c.yaml", "apiVersion: v1\n"
                            "kind: ConfigMap\n"
                            "metadata: {name: c}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"},
    {.name = "field names in any case",
     .files = {{"kustomization.yaml", "RESOURCES: [a.yaml]\n"
                                      "NamePrefix: p-\n"},
               {"a.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-a\n"},
    {.name = "a component sees its parent",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"
                                      "components: [c]\n"},
               {"a.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"c/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
                                        "kind: Component\n"
                                        "namePrefix: c-\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c-a\n"},
    {.name = "local configuration is dropped",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"},
               {"a.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: b, annotations: "
                          "{config.kubernetes.io/local-config: \"true\"}}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"},
    {.name = "annotations are strings",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"},
               {"a.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a, annotations: {x: 010, y: null}}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata:\n"
                          "  name: b\n"
                          "  annotations: {}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    x: \"010\"\n"
                 "    \"y\": \"null\"\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: b\n"},
    {.name = "a cycle",
     .files = {{"a/kustomization.yaml", "resources: [../b]\n"},
               {"b/kustomization.yaml", "resources:\n"
                                        "- ../a\n"}},
     .dir = "a",
     .error = "a cycle of bases: a -> b -> a",
     .at = "b/kustomization.yaml:2:3",
     .hint = "remove the entry, or move what it needs into a folder of its own"},
    {.name = "a folder above",
     .files = {{"a/b/kustomization.yaml", "resources: [../../a]\n"},
               {"a/kustomization.yaml", "resources: [x.yaml]\n"},
               {"a/x.yaml", "apiVersion: v1\n"
                            "kind: ConfigMap\n"
                            "metadata: {name: x}\n"}},
     .dir = "a/b",
     .error = "a contains a folder that leads to it: a/b -> a",
     .at = "a/b/kustomization.yaml:1:13",
     .hint = "remove the entry, or move what it needs into a folder of its own"},
    {.name = "outside the root",
     .files = {{"a/kustomization.yaml", "resources:\n"
                                        "- ../x.yaml\n"},
               {"x.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: x}\n"}},
     .dir = "a",
     .error = "x.yaml is not in or below a, the kustomization's folder",
     .at = "a/kustomization.yaml:2:3",
     .hint = "move it there, or list its folder as a resource with a kustomization.yaml "
             "of its own"},
    {.name = "a missing file",
     .files = {{"kustomization.yaml", "resources:\n"
                                      "- nope.yaml\n"}},
     .error = "nope.yaml does not exist",
     .at = "kustomization.yaml:2:3"},
    {.name = "a folder without kustomization",
     .files = {{"kustomization.yaml", "resources: [b]\n"},
               {"b/x.yaml", "apiVersion: v1\n"
                            "kind: ConfigMap\n"
                            "metadata: {name: x}\n"}},
     .error = "b has no kustomization.yaml, kustomization.yml or Kustomization",
     .at = "kustomization.yaml:1:13",
     .hint = "add one that lists the folder's resources"},
    {.name = "two kustomizations",
     .files = {{"kustomization.yaml", "resources: []\n"},
               {"kustomization.yml", "resources: []\n"}},
     .error = ". holds kustomization.yaml and kustomization.yml; expected one of them",
     .at = ":0:0",
     .hint = "remove one"},
    {.name = "an empty kustomization",
     .files = {{"kustomization.yaml", "# nothing\n"}},
     .error = "the kustomization is empty",
     .at = "kustomization.yaml:1:1",
     .hint = "list what it renders under resources:"},
    {.name = "a kustomization that sets nothing",
     .files = {{"kustomization.yaml", "resources:\n"}},
     .error = "the kustomization is empty",
     .at = "kustomization.yaml:1:1",
     .hint = "list what it renders under resources:"},
    {.name = "an unknown field",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "namePrefx: a\n"}},
     .error = "found the unknown field \"namePrefx\"",
     .at = "kustomization.yaml:2:1",
     .hint = "did you mean \"namePrefix\"?"},
    {.name = "an unknown field below",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "images:\n"
                                      "- name: a\n"
                                      "  tag: b\n"}},
     .error = "found the unknown field \"tag\"",
     .at = "kustomization.yaml:4:3",
     .hint = "the fields are: name, newName, tagSuffix, newTag, digest"},
    {.name = "a number for a string",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "images: [{name: a, newTag: 1.0}]\n"}},
     .error = "found the number 1.0 in newTag, expected a string",
     .at = "kustomization.yaml:2:28",
     .hint = "quote it: \"1.0\""},
    {.name = "a wrong apiVersion",
     .files = {{"kustomization.yaml", "apiVersion: v1\n"
                                      "resources: []\n"}},
     .error = "apiVersion is \"v1\"; expected kustomize.config.k8s.io/v1beta1",
     .at = "kustomization.yaml:1:13"},
    {.name = "a component as a resource",
     .files = {{"kustomization.yaml", "resources: [c]\n"},
               {"c/kustomization.yaml", "kind: Component\n"
                                        "namePrefix: c-\n"}},
     .error = "c is a Component; expected a Kustomization",
     .at = "kustomization.yaml:1:13",
     .hint = "list it under components:"},
    {.name = "a kustomization as a component",
     .files = {{"kustomization.yaml", "components: [c]\n"},
               {"c/kustomization.yaml", "namePrefix: c-\n"}},
     .error = "c is a Kustomization; expected a Component",
     .at = "kustomization.yaml:1:14",
     .hint = "list it under resources:"},
    {.name = "the same object twice",
     .files = {{"kustomization.yaml", "resources: [a.yaml, b.yaml]\n"},
               {"a.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"b.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: z}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"}},
     .error = "ConfigMap a is there twice, the first is at a.yaml:1",
     .at = "b.yaml:5:1",
     .hint = "remove one of them, give one another name or namespace, or change the "
             "first by a patch"},
    {.name = "default is no namespace",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"},
               {"a.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a, namespace: default}\n"}},
     .error = "ConfigMap a in namespace default is there twice, the first is at a.yaml:1",
     .at = "a.yaml:5:1",
     .hint = "remove one of them, give one another name or namespace, or change the "
             "first by a patch"},
    {.name = "a base that gives two objects one name",
     .files = {{"over/kustomization.yaml", "resources: [../base]\n"},
               {"base/kustomization.yaml",
                "resources: [a.yaml]\n"
                "patches:\n"
                "- patch: '[{\"op\": \"replace\", \"path\": \"/metadata/name\", "
                "\"value\": \"c\"}]'\n"
                "  target: {kind: ConfigMap}\n"},
               {"base/a.yaml",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"
                "---\n"
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n"}},
     .dir = "over",
     .error = "ConfigMap c is there twice, the first is at base/a.yaml:1",
     .at = "base/a.yaml:3:1"},
    {.name = "no kind",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"},
               {"a.yaml", "metadata: {name: a}\n"}},
     .error = "an object without kind",
     .at = "a.yaml:1:1",
     .hint = "every Kubernetes object needs kind and metadata.name"},
    {.name = "no name",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"},
               {"a.yaml", "kind: A\n"
                          "metadata: {namespace: a}\n"}},
     .error = "an object without metadata.name",
     .at = "a.yaml:1:1",
     .hint = "every Kubernetes object needs kind and metadata.name"},
    {.name = "no object",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"}, {"a.yaml", "- a\n"}},
     .error = "found a list, expected a Kubernetes object",
     .at = "a.yaml:1:1"},
    {.name = "items that are no list",
     .files = {{"kustomization.yaml", "resources: [a.yaml]\n"},
               {"a.yaml", "kind: AList\n"
                          "items: {}\n"}},
     .error = "items of AList: found a map, expected a list",
     .at = "a.yaml:2:8"},
    {.name = "charts",
     .files = {{"kustomization.yaml", "helmCharts:\n"
                                      "- name: minecraft\n"}},
     .ours = true,
     .error = "helmCharts runs another program, which we do not do",
     .at = "kustomization.yaml:2:1",
     .hint =
         "render the chart with `helm template` into a file and list that as a resource"},
    {.name = "a remote base",
     .files = {{"kustomization.yaml", "resources:\n"
                                      "- https://example.com/org/repo//base?ref=v1\n"}},
     .ours = true,
     .error =
         "https://example.com/org/repo is a remote base, and none can be fetched here",
     .at = "kustomization.yaml:2:3",
     .hint = "vendor it into the repository, or run without --offline"},
    {.name = "a List that is all of its file needs no list of items",
     .files = {{"kustomization.yaml", "resources: [l.yaml, r.yaml]\n"},
               {"l.yaml", "kind: List\n"
                          "items: text\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"},
    {.name = "one with a line of dashes does",
     .files = {{"kustomization.yaml", "resources: [l.yaml]\n"},
               {"l.yaml", "kind: List\n"
                          "items: text\n"
                          "---\n"}},
     .error = "items of List: found the string \"text\", expected a list",
     .at = "l.yaml:2:8"},
    {.name = "a whole count",
     .files = {{"kustomization.yaml", "resources: [d.yaml]\n"
                                      "replicas: [{name: d, count: 2.0}]\n"},
               {"d.yaml", "apiVersion: apps/v1\n"
                          "kind: Deployment\n"
                          "metadata: {name: d}\n"}},
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  replicas: 2\n"},
    {.name = "in a leaf a field spec of one kind replaces the built-in one of all",
     .files = {{"kustomization.yaml", "resources: [leaf]\n"
                                      "configurations: [c.yaml]\n"
                                      "nameSuffix: -o\n"},
               {"c.yaml", "nameSuffix: [{path: metadata/name, kind: Secret, create: "
                          "true}]\n"},
               {"leaf/kustomization.yaml", "resources: [r.yaml]\n"
                                           "configurations: [c.yaml]\n"
                                           "namePrefix: p-\n"},
               {"leaf/c.yaml", "namePrefix: [{path: metadata/name, kind: ConfigMap}]\n"},
               {"leaf/r.yaml", "apiVersion: v1\n"
                               "kind: ConfigMap\n"
                               "metadata: {name: a}\n"
                               "---\n"
                               "apiVersion: v1\n"
                               "kind: Secret\n"
                               "metadata: {name: b}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-a-o\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Secret\n"
                 "metadata:\n"
                 "  name: b-o-o\n"},
    {.name = "there another create is a conflict",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "configurations: [c.yaml]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"c.yaml", "nameSuffix: [{path: metadata/name, kind: Secret, create: "
                          "true}]\n"}},
     .error = "conflicting field specs"},
};

static void test_accumulate(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_accumulate)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
