/* test_labels.c - LabelTransformer and AnnotationsTransformer by table. */
#include "stage.h"

static const struct stage_case cases[] = {
    {.name = "sets in every place",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec:\n"
                "  template:\n"
                "    metadata: {labels: {a: old}}\n"
                "    spec: {containers: []}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config =
         "kind: LabelTransformer\n"
         "labels: {a: b, c: \"1\"}\n"
         "fieldSpecs:\n"
         "- {path: metadata/labels, create: true}\n"
         "- {path: spec/selector/matchLabels, create: true, kind: Deployment}\n"
         "- {path: spec/template/metadata/labels, create: true, kind: Deployment}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "    c: \"1\"\n"
                 "  name: d\n"
                 "spec:\n"
                 "  selector:\n"
                 "    matchLabels:\n"
                 "      a: b\n"
                 "      c: \"1\"\n"
                 "  template:\n"
                 "    metadata:\n"
                 "      labels:\n"
                 "        a: b\n"
                 "        c: \"1\"\n"
                 "    spec:\n"
                 "      containers: []\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "    c: \"1\"\n"
                 "  name: c\n"},
    {.name = "null maps on the way",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec:\n"
                "  selector: null\n"
                "  template:\n"
                "    metadata:\n",
     .config =
         "kind: LabelTransformer\n"
         "labels: {a: b}\n"
         "fieldSpecs:\n"
         "- {path: metadata/labels, create: true}\n"
         "- {path: spec/selector/matchLabels, create: true, kind: Deployment}\n"
         "- {path: spec/template/metadata/labels, create: true, kind: Deployment}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "  name: d\n"
                 "spec:\n"
                 "  selector:\n"
                 "    matchLabels:\n"
                 "      a: b\n"
                 "  template:\n"
                 "    metadata:\n"
                 "      labels:\n"
                 "        a: b\n"},
    {.name = "no labels make nothing",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config =
         "kind: LabelTransformer\n"
         "labels: {}\n"
         "fieldSpecs:\n"
         "- {path: metadata/labels, create: true}\n"
         "- {path: spec/selector/matchLabels, create: true, kind: Deployment}\n"
         "- {path: spec/template/metadata/labels, create: true, kind: Deployment}\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"},
    {.name = "a list is entered, not made",
     .objects = "apiVersion: apps/v1\n"
                "kind: StatefulSet\n"
                "metadata: {name: s}\n"
                "spec:\n"
                "  volumeClaimTemplates:\n"
                "  - metadata: {name: a}\n"
                "  - {}\n"
                "---\n"
                "apiVersion: apps/v1\n"
                "kind: StatefulSet\n"
                "metadata: {name: t}\n"
                "spec: {}\n"
                "---\n"
                "apiVersion: apps/v1\n"
                "kind: StatefulSet\n"
                "metadata: {name: u}\n"
                "spec: {volumeClaimTemplates: null}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs:\n"
               "- {path: \"spec/volumeClaimTemplates[]/metadata/labels\", create: true, "
               "kind: StatefulSet, group: apps}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: StatefulSet\n"
                 "metadata:\n"
                 "  name: s\n"
                 "spec:\n"
                 "  volumeClaimTemplates:\n"
                 "  - metadata:\n"
                 "      labels:\n"
                 "        a: b\n"
                 "      name: a\n"
                 "  - metadata:\n"
                 "      labels:\n"
                 "        a: b\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: StatefulSet\n"
                 "metadata:\n"
                 "  name: t\n"
                 "spec: {}\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: StatefulSet\n"
                 "metadata:\n"
                 "  name: u\n"
                 "spec:\n"
                 "  volumeClaimTemplates: []\n"},
    {.name = "only where the field is there",
     .objects = "apiVersion: batch/v1\n"
                "kind: Job\n"
                "metadata: {name: j}\n"
                "spec: {selector: {matchLabels: {x: y}}}\n"
                "---\n"
                "apiVersion: batch/v1\n"
                "kind: Job\n"
                "metadata: {name: k}\n"
                "spec: {}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs:\n"
               "- {path: spec/selector/matchLabels, kind: Job, group: batch}\n",
     .expected = "apiVersion: batch/v1\n"
                 "kind: Job\n"
                 "metadata:\n"
                 "  name: j\n"
                 "spec:\n"
                 "  selector:\n"
                 "    matchLabels:\n"
                 "      a: b\n"
                 "      x: \"y\"\n"
                 "---\n"
                 "apiVersion: batch/v1\n"
                 "kind: Job\n"
                 "metadata:\n"
                 "  name: k\n"
                 "spec: {}\n"},
    {.name = "group and version",
     .objects = "apiVersion: x/v1\n"
                "kind: Foo\n"
                "metadata: {name: a}\n"
                "---\n"
                "apiVersion: x/v2\n"
                "kind: Foo\n"
                "metadata: {name: b}\n"
                "---\n"
                "apiVersion: y/v1\n"
                "kind: Foo\n"
                "metadata: {name: c}\n",
     .config =
         "kind: LabelTransformer\n"
         "labels: {a: b}\n"
         "fieldSpecs:\n"
         "- {path: metadata/labels, create: true, group: x, version: v1, kind: Foo}\n",
     .expected = "apiVersion: x/v1\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: x/v2\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  name: b\n"
                 "---\n"
                 "apiVersion: y/v1\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  name: c\n"},
    {.name = "many specs",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec:\n"
                "  template:\n"
                "    metadata: {labels: {a: old}}\n"
                "    spec: {containers: []}\n"
                "---\n"
                "apiVersion: x/v1\n"
                "kind: Foo\n"
                "metadata: {name: a}\n"
                "---\n"
                "apiVersion: x/v1\n"
                "kind: Bar\n"
                "metadata: {name: b}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs:\n"
               "- {path: spec/f0, create: true, kind: Foo}\n"
               "- {path: spec/f1, create: true, kind: Bar}\n"
               "- {path: spec/f2, create: true, kind: Baz}\n"
               "- {path: spec/f3, create: true, kind: Foo}\n"
               "- {path: spec/f4, create: true, kind: Bar}\n"
               "- {path: spec/f5, create: true, kind: Baz}\n"
               "- {path: spec/f6, create: true, kind: Foo}\n"
               "- {path: spec/f7, create: true, kind: Bar}\n"
               "- {path: spec/f8, create: true, kind: Baz}\n"
               "- {path: spec/f9, create: true, kind: Foo}\n"
               "- {path: spec/f10, create: true, kind: Bar}\n"
               "- {path: spec/f11, create: true, kind: Baz}\n"
               "- {path: metadata/labels, create: true}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "  name: d\n"
                 "spec:\n"
                 "  template:\n"
                 "    metadata:\n"
                 "      labels:\n"
                 "        a: old\n"
                 "    spec:\n"
                 "      containers: []\n"
                 "---\n"
                 "apiVersion: x/v1\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "  name: a\n"
                 "spec:\n"
                 "  f0:\n"
                 "    a: b\n"
                 "  f3:\n"
                 "    a: b\n"
                 "  f6:\n"
                 "    a: b\n"
                 "  f9:\n"
                 "    a: b\n"
                 "---\n"
                 "apiVersion: x/v1\n"
                 "kind: Bar\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "  name: b\n"
                 "spec:\n"
                 "  f1:\n"
                 "    a: b\n"
                 "  f4:\n"
                 "    a: b\n"
                 "  f7:\n"
                 "    a: b\n"
                 "  f10:\n"
                 "    a: b\n"},
    {.name = "a key that is a number is refused when written",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config =
         "kind: LabelTransformer\n"
         "labels: {\"1\": b}\n"
         "fieldSpecs:\n"
         "- {path: metadata/labels, create: true}\n"
         "- {path: spec/selector/matchLabels, create: true, kind: Deployment}\n"
         "- {path: spec/template/metadata/labels, create: true, kind: Deployment}\n",
     .error = "no string"},
    {.name = "values that look like numbers",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config =
         "kind: LabelTransformer\n"
         "labels: {a: \"1\", b: \"true\", c: \"null\", d: \"\", e: \"y\", y: \"z\"}\n"
         "fieldSpecs:\n"
         "- {path: metadata/labels, create: true}\n"
         "- {path: spec/selector/matchLabels, create: true, kind: Deployment}\n"
         "- {path: spec/template/metadata/labels, create: true, kind: Deployment}\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: \"1\"\n"
                 "    b: \"true\"\n"
                 "    c: \"null\"\n"
                 "    d: \"\"\n"
                 "    e: \"y\"\n"
                 "    \"y\": z\n"
                 "  name: c\n"},
    {.name = "labels that are a list",
     .objects = "apiVersion: v1\n"
                "kind: Foo\n"
                "metadata: {name: c}\n"
                "spec: {l: [x]}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs: [{path: spec/l}]\n",
     .error = "found a list"},
    {.name = "an empty part",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs: [{path: spec//x, create: true}]\n",
     .error = "an empty part"},
    {.name = "a wildcard",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n"
                "data: {a: b}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs: [{path: \"data/*\"}]\n",
     .error = "wildcard"},
    {.name = "a leading slash",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs: [{path: /metadata/labels, create: true}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    a: b\n"
                 "  name: c\n"},
    {.name = "annotations",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c, annotations: {a: x, n: null}}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: d}\n",
     .config = "kind: AnnotationsTransformer\n"
               "annotations: {a: b, c: \"2\"}\n"
               "fieldSpecs: [{path: metadata/annotations, create: true}]\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a: b\n"
                 "    c: \"2\"\n"
                 "    \"n\": \"null\"\n"
                 "  name: c\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a: b\n"
                 "    c: \"2\"\n"
                 "  name: d\n"},
    {.name = "a null stays where none may be made, annotations aside",
     .objects = "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: f, annotations: null}\n"
                "spec: {lab: null}\n",
     .config = "kind: LabelTransformer\n"
               "labels: {a: b}\n"
               "fieldSpecs: [{path: spec/lab}, {path: metadata/annotations}]\n",
     .expected = "apiVersion: x.y/v1\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    a: b\n"
                 "  name: f\n"
                 "spec:\n"
                 "  lab: null\n"},
    {.name = "an empty key",
     .objects = "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: f}\n",
     .kustomization = "commonAnnotations: {\"\": a}\n",
     .error = "the empty text is set as a key"},
};

static void test_cases(void **unused) {
    (void)unused;
    stage_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests_name("labels", tests, NULL, NULL);
}
