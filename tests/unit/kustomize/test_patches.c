/* test_patches.c - which patch reaches which object, and how. */
#include "world.h"

static const struct world_case cases[] = {
    {.name = "a schema after the key of a list",
     .files = {{"kustomization.yaml", "resources: [w.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"},
               {"w.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs: # "
                          "{\"type\":\"array\",\"x-kubernetes-patch-merge-key\":\"name\","
                          "\"x-kubernetes-patch-strategy\":\"merge\"}\n"
                          "  - {name: a, image: i}\n"
                          "  - {name: b}\n"},
               {"p.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs:\n"
                          "  - {name: a, x: 1}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  cs:\n"
                 "  - image: i\n"
                 "    name: a\n"
                 "    x: 1\n"
                 "  - name: b\n"},
    {.name = "a schema above the key of a list, after a foot of what is above",
     .files = {{"kustomization.yaml", "resources: [w.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"},
               {"w.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  a: {}\n"
                          "  # foot\n"
                          "\n"
                          "  # "
                          "{\"type\":\"array\",\"x-kubernetes-patch-merge-key\":\"name\","
                          "\"x-kubernetes-patch-strategy\":\"merge\"}\n"
                          "  # more\n"
                          "  cs:\n"
                          "  - {name: a, image: i}\n"
                          "  - {name: b}\n"},
               {"p.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs:\n"
                          "  - {name: a, x: 1}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  a: {}\n"
                 "  cs:\n"
                 "  - image: i\n"
                 "    name: a\n"
                 "    x: 1\n"
                 "  - name: b\n"},
    {.name = "a schema in the patch, where the object has none",
     .files = {{"kustomization.yaml", "resources: [w.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"},
               {"w.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs: # words\n"
                          "  - {name: a, image: i}\n"
                          "  - {name: b}\n"},
               {"p.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs: # "
                          "{\"type\":\"array\",\"x-kubernetes-patch-merge-key\":\"name\","
                          "\"x-kubernetes-patch-strategy\":\"merge\"}\n"
                          "  - {name: a, x: 1}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  cs:\n"
                 "  - image: i\n"
                 "    name: a\n"
                 "    x: 1\n"
                 "  - name: b\n"},
    {.name = "a comment indented into the block above is no schema of the key",
     .files = {{"kustomization.yaml", "resources: [w.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"},
               {"w.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  a:\n"
                          "    b: {}\n"
                          "   # "
                          "{\"type\":\"array\",\"x-kubernetes-patch-merge-key\":\"name\","
                          "\"x-kubernetes-patch-strategy\":\"merge\"}\n"
                          "  cs:\n"
                          "  - {name: a, image: i}\n"
                          "  - {name: b}\n"},
               {"p.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs:\n"
                          "  - {name: a, x: 1}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  a:\n"
                 "    b: {}\n"
                 "  cs:\n"
                 "  - name: a\n"
                 "    x: 1\n"},
    {.name = "a comment inside a text is no schema",
     .files = {{"kustomization.yaml", "resources: [w.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"},
               {"w.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  a: |\n"
                          "    # "
                          "{\"type\":\"array\",\"x-kubernetes-patch-merge-key\":\"name\","
                          "\"x-kubernetes-patch-strategy\":\"merge\"}\n"
                          "  cs:\n"
                          "  - {name: a, image: i}\n"
                          "  - {name: b}\n"},
               {"p.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs:\n"
                          "  - {name: a, x: 1}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  a: |\n"
                 "    # "
                 "{\"type\":\"array\",\"x-kubernetes-patch-merge-key\":\"name\",\"x-"
                 "kubernetes-patch-strategy\":\"merge\"}\n"
                 "  cs:\n"
                 "  - name: a\n"
                 "    x: 1\n"},
    {.name = "a JSON patch takes the comments away",
     .files = {{"kustomization.yaml",
                "resources: [w.yaml]\n"
                "patches:\n"
                "- target: {kind: Widget}\n"
                "  patch: \"[{\\\"op\\\": \\\"add\\\", \\\"path\\\": \\\"/spec/z\\\", "
                "\\\"value\\\": 1}]\"\n"
                "- path: p.yaml\n"},
               {"w.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs: # "
                          "{\"type\":\"array\",\"x-kubernetes-patch-merge-key\":\"name\","
                          "\"x-kubernetes-patch-strategy\":\"merge\"}\n"
                          "  - {name: a, image: i}\n"
                          "  - {name: b}\n"},
               {"p.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  cs:\n"
                          "  - {name: a, x: 1}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  cs:\n"
                 "  - name: a\n"
                 "    x: 1\n"
                 "  z: 1\n"},
    {.name = "a schema in a comment refers to a built-in definition",
     .files = {{"kustomization.yaml", "resources: [w.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"},
               {"w.yaml",
                "apiVersion: example.com/v1\n"
                "kind: Widget\n"
                "metadata: {name: w}\n"
                "spec: # {\"$ref\":\"#/definitions/io.k8s.api.core.v1.PodSpec\"}\n"
                "  containers:\n"
                "  - {name: a, image: i}\n"
                "  - {name: b}\n"},
               {"p.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"
                          "spec:\n"
                          "  containers:\n"
                          "  - {name: a, x: 1}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  containers:\n"
                 "  - image: i\n"
                 "    name: a\n"
                 "    x: 1\n"
                 "  - name: b\n"},
    {.name = "keys of a JSON patch become text",
     .files = {{"kustomization.yaml",
                "resources: [w.yaml]\n"
                "patches:\n"
                "- target: {kind: Widget}\n"
                "  patch: |-\n"
                "    - {op: add, path: /spec, value: {y: 1, 1e6: 2, 010: 3, -0.0: 4}}\n"},
               {"w.yaml", "apiVersion: example.com/v1\n"
                          "kind: Widget\n"
                          "metadata: {name: w}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  \"-0\": 4\n"
                 "  \"1e+06\": 2\n"
                 "  \"8\": 3\n"
                 "  \"true\": 1\n"},
    {.name = "openapi: references, namespaces and pointers",
     .files =
         {{"kustomization.yaml", "resources: [w.yaml]\n"
                                 "namespace: q\n"
                                 "openapi: {path: s.yaml}\n"
                                 "patches:\n"
                                 "- path: p.yaml\n"},
          {"w.yaml", "apiVersion: example.com/v1\n"
                     "kind: Widget\n"
                     "metadata: {name: w}\n"
                     "spec:\n"
                     "  cs:\n"
                     "  - {name: a, image: i}\n"
                     "  - {name: b}\n"},
          {"p.yaml", "apiVersion: example.com/v1\n"
                     "kind: Widget\n"
                     "metadata: {name: w}\n"
                     "spec:\n"
                     "  cs:\n"
                     "  - {name: a, x: 1}\n"},
          {"s.yaml",
           "definitions:\n"
           "  Widget:\n"
           "    x-kubernetes-group-version-kind: [{group: example.com, version: v1, "
           "kind: Widget}]\n"
           "    properties:\n"
           "      spec: {properties: {cs: {$ref: \"#/definitions/a~1b/properties/b\"}}}\n"
           "  a/b:\n"
           "    properties: {b: {type: array, x-kubernetes-patch-strategy: "
           "\"merge,retainKeys\", x-kubernetes-list-map-keys: [name]}}\n"
           "paths:\n"
           "  /apis/example.com/v1/widgets:\n"
           "    get: {x-kubernetes-group-version-kind: {group: example.com, "
           "version: v1, kind: Widget}}\n"}},
     .expected = "apiVersion: example.com/v1\n"
                 "kind: Widget\n"
                 "metadata:\n"
                 "  name: w\n"
                 "spec:\n"
                 "  cs:\n"
                 "  - image: i\n"
                 "    name: a\n"
                 "    x: 1\n"
                 "  - name: b\n"},
    {.name = "strategic, inline and from a file",
     .files = {{"kustomization.yaml", "resources: [d.yaml]\n"
                                      "patches:\n"
                                      "- patch: |-\n"
                                      "    apiVersion: apps/v1\n"
                                      "    kind: Deployment\n"
                                      "    metadata: {name: web}\n"
                                      "    spec: {replicas: 2}\n"
                                      "- path: p.yaml\n"},
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
               {"p.yaml", "apiVersion: apps/v1\n"
                          "kind: Deployment\n"
                          "metadata: {name: web}\n"
                          "spec:\n"
                          "  template:\n"
                          "    spec:\n"
                          "      containers:\n"
                          "      - {name: side, image: s}\n"}},
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: web\n"
                 "spec:\n"
                 "  replicas: 2\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - image: s\n"
                 "        name: side\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: conf\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "several documents",
     .files = {{"kustomization.yaml", "resources: [d.yaml, c.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"},
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
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: c}\n"},
               {"p.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: c}\n"
                          "data: {a: b}\n"
                          "---\n"
                          "apiVersion: apps/v1\n"
                          "kind: Deployment\n"
                          "metadata: {name: web}\n"
                          "spec: {replicas: 3}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  a: b\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: web\n"
                 "spec:\n"
                 "  replicas: 3\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: conf\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "with a target",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "patches:\n"
                "- target: {kind: Config.*, name: a|b}\n"
                "  patch: |\n"
                "    kind: Any\n"
                "    metadata: {name: any, labels: {l: null}, annotations: {n: 1}}\n"
                "    data: {k: v}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: b}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: ab}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: v\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    \"n\": \"1\"\n"
                 "  labels:\n"
                 "    l: \"null\"\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: ab\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  k: v\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    \"n\": \"1\"\n"
                 "  labels:\n"
                 "    l: \"null\"\n"
                 "  name: b\n"},
    {.name = "with label and annotation selectors",
     .files =
         {{"kustomization.yaml",
           "resources: [c.yaml]\n"
           "patches:\n"
           "- target: {labelSelector: \"app in (x, y)\", annotationSelector: \"n\"}\n"
           "  patch: |\n"
           "    - {op: add, path: /data, value: {k: yes}}\n"},
          {"c.yaml", "apiVersion: v1\n"
                     "kind: ConfigMap\n"
                     "metadata: {name: a, labels: {app: x}, annotations: {n: \"\"}}\n"
                     "---\n"
                     "apiVersion: v1\n"
                     "kind: ConfigMap\n"
                     "metadata: {name: b, labels: {app: x}}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  k: true\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    \"n\": \"\"\n"
                 "  labels:\n"
                 "    app: x\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  labels:\n"
                 "    app: x\n"
                 "  name: b\n"},
    {.name = "no target selected",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "patches:\n"
                                      "- target: {kind: Nope}\n"
                                      "  patch: |\n"
                                      "    - {op: remove, path: /data}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"},
    {.name = "delete an object",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "patches:\n"
                                      "- patch: |\n"
                                      "    $patch: delete\n"
                                      "    apiVersion: v1\n"
                                      "    kind: ConfigMap\n"
                                      "    metadata: {name: a}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: b}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: b\n"},
    {.name = "name and kind stay, unless allowed",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "patches:\n"
                "- target: {name: a}\n"
                "  patch: |\n"
                "    kind: Other\n"
                "    metadata: {name: other}\n"
                "- target: {name: b}\n"
                "  options: {allowNameChange: true, allowKindChange: true}\n"
                "  patch: |\n"
                "    kind: Other\n"
                "    metadata: {name: other}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: b}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Other\n"
                 "metadata:\n"
                 "  name: other\n"},
    {.name = "an old name is still found",
     .files = {{"kustomization.yaml", "resources: [base]\n"
                                      "patches:\n"
                                      "- patch: |\n"
                                      "    apiVersion: v1\n"
                                      "    kind: ConfigMap\n"
                                      "    metadata: {name: a}\n"
                                      "    data: {by: old}\n"
                                      "- patch: |\n"
                                      "    apiVersion: v1\n"
                                      "    kind: ConfigMap\n"
                                      "    metadata: {name: p-a, namespace: ns1}\n"
                                      "    data: {and: new}\n"},
               {"base/kustomization.yaml", "resources: [c.yaml]\n"
                                           "namePrefix: p-\n"
                                           "namespace: ns1\n"},
               {"base/c.yaml", "apiVersion: v1\n"
                               "kind: ConfigMap\n"
                               "metadata: {name: a}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  and: new\n"
                 "  by: old\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-a\n"
                 "  namespace: ns1\n"},
    {.name = "annotations that are taken away take the hash along",
     .files = {{"kustomization.yaml",
                "configMapGenerator:\n"
                "- name: a\n"
                "- name: b\n"
                "patches:\n"
                "- patch: |\n"
                "    apiVersion: v1\n"
                "    kind: ConfigMap\n"
                "    metadata: {name: a, annotations: null}\n"
                "- target: {name: b}\n"
                "  patch: |\n"
                "    - {op: add, path: /metadata/annotations, value: {x: \"1\"}}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    x: \"1\"\n"
                 "  name: b-6ct58987ht\n"},
    {.name = "annotations are there for a JSON patch",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "patches:\n"
                "- target: {name: a}\n"
                "  patch: |\n"
                "    - {op: add, path: /metadata/annotations/x, value: \"1\"}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    x: \"1\"\n"
                 "  name: a\n"},
    {.name = "a JSON patch restyles",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "patches:\n"
                                      "- target: {name: a}\n"
                                      "  patch: |\n"
                                      "    - {op: add, path: /x, value: 1}\n"
                                      "- patch: |\n"
                                      "    apiVersion: v1\n"
                                      "    kind: ConfigMap\n"
                                      "    metadata: {name: a}\n"
                                      "    data: {q: 2, n: 2}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {q: \"text\", n: \"1\"}\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  \"n\": \"2\"\n"
                 "  q: 2\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"
                 "x: 1\n"},
    {.name = "empty patches of patches",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "patches: [{path: e.yaml}, {patch: \"# nothing\"}]\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"e.yaml", ""}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"},
    {.name = "the old fields",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "patchesStrategicMerge:\n"
                "- p.yaml\n"
                "- |\n"
                "  apiVersion: v1\n"
                "  kind: ConfigMap\n"
                "  metadata: {name: a}\n"
                "  data: {b: inline}\n"
                "patchesJson6902:\n"
                "- target: {version: v1, kind: ConfigMap, name: a}\n"
                "  path: j.json\n"
                "- target: {version: v1, kind: ConfigMap, name: a}\n"
                "  patch: |-\n"
                "    - op: add\n"
                "      path: /data/d\n"
                "      value: yes\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"p.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {a: file}\n"},
               {"j.json", "[{\"op\": \"add\", \"path\": \"/data/c\", \"value\": 1}]\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  a: file\n"
                 "  b: inline\n"
                 "  c: 1\n"
                 "  d: true\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a\n"},
    {.name = "no object",
     .files = {{"kustomization.yaml", "resources: [d.yaml]\n"
                                      "patches:\n"
                                      "- patch: |-\n"
                                      "    apiVersion: apps/v1\n"
                                      "    kind: Deployment\n"
                                      "    metadata: {name: wep}\n"},
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
     .error = "no object for the patch of Deployment wep (apiVersion apps/v1)",
     .at = "kustomization.yaml:4:5",
     .hint = "did you mean Deployment web?"},
    {.name = "bad text inside the kustomization",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "patches:\n"
                                      "- patch: |-\n"
                                      "    apiVersion: v1\n"
                                      "    kind: [\n"
                                      "    metadata: {name: a}\n"}},
     .error = "found the end of the document, expected ',' or ']'",
     .at = "kustomization.yaml:6:24",
     .hint = "close the '[' before it, or quote the value"},
    {.name = "bad operations inside the kustomization",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "patches:\n"
                                      "- target: {kind: A}\n"
                                      "  patch: |\n"
                                      "    - op: add\n"
                                      "    - b\n"}},
     .error = "found the string \"b\", expected an operation (a map with op and path)",
     .at = "kustomization.yaml:6:7"},
    {.name = "no object, another version",
     .files = {{"kustomization.yaml", "resources: [d.yaml]\n"
                                      "patches:\n"
                                      "- patch: |-\n"
                                      "    apiVersion: extensions/v1beta1\n"
                                      "    kind: Deployment\n"
                                      "    metadata: {name: web}\n"},
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
     .error = "no object for the patch of Deployment web (apiVersion extensions/v1beta1)",
     .at = "kustomization.yaml:4:5",
     .hint = "there is Deployment web of apps/v1; make apiVersion and namespace agree"},
    {.name = "neither path nor patch",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "patches:\n"
                                      "- target: {name: a}\n"}},
     .error = "a patch with neither path nor patch",
     .at = "kustomization.yaml:3:3",
     .hint = "add path: with a file, or patch: with the text"},
    {.name = "both path and patch",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "patches:\n"
                                      "- path: a\n"
                                      "  patch: b\n"}},
     .error = "a patch with both path and patch; expected one",
     .at = "kustomization.yaml:3:3"},
    {.name = "several documents and a target",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "patches:\n"
                                      "- path: p.yaml\n"
                                      "  target: {name: a}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"},
               {"p.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: b}\n"}},
     .error = "a target beside a patch of 2 documents; expected one document",
     .at = "kustomization.yaml:4:11",
     .hint = "make one entry of each document"},
    {.name = "a JSON patch without target",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "patches:\n"
                                      "- patch: |\n"
                                      "    - {op: remove, path: /a}\n"}},
     .error = "a JSON patch without a target",
     .at = "kustomization.yaml:3:3",
     .hint = "add target: with kind and name"},
    {.name = "a JSON patch that fails",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "patches:\n"
                                      "- target: {kind: ConfigMap}\n"
                                      "  patch: |-\n"
                                      "    - op: test\n"
                                      "      path: /data/a\n"
                                      "      value: x\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "data: {a: y}\n"}},
     .error = "operation 1 on ConfigMap a: test \"/data/a\": the value is another than "
              "the patch expects",
     .at = "kustomization.yaml:5:7"},
    {.name = "a time that went through a JSON patch is a string",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "patches:\n"
                "- target: {kind: Gadget}\n"
                "  patch: |\n"
                "    - {op: add, path: /spec/new, value: 1}\n"
                "- patch: |\n"
                "    apiVersion: e/v1\n"
                "    kind: Gadget\n"
                "    metadata: {name: a}\n"
                "    spec: {date: 1, flow: {a: 2, b: 3}, later: 2021-01-01}\n"},
               {"c.yaml", "apiVersion: e/v1\n"
                          "kind: Gadget\n"
                          "metadata: {name: a}\n"
                          "spec:\n"
                          "  date: 2020-01-01\n"
                          "  flow: {a: 2020-01-01 10:00:00, b: 2020-01-01}\n"
                          "  kept: 2020-01-01\n"
                          "  later: 2020-01-01T10:00:00.5+02:00\n"}},
     .expected = "apiVersion: e/v1\n"
                 "kind: Gadget\n"
                 "metadata:\n"
                 "  name: a\n"
                 "spec:\n"
                 "  date: \"1\"\n"
                 "  flow:\n"
                 "    a: \"2\"\n"
                 "    b: \"3\"\n"
                 "  kept: \"2020-01-01T00:00:00Z\"\n"
                 "  later: \"2021-01-01\"\n"
                 "  new: 1\n"},
    {.name = "a key that is no string, in what the operation replaces",
     .files = {{"kustomization.yaml",
                "resources: [c.yaml]\n"
                "patches:\n"
                "- target: {kind: ConfigMap}\n"
                "  patch: |\n"
                "    - {op: add, path: /metadata/annotations, value: {a: b}}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a, annotations: {1: v}}\n"}},
     .error = "found the key 1, which is no string, expected a string (quote it)",
     .at = "c.yaml:3:35"},
    {.name = "a bad expression",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "patches:\n"
                                      "- target:\n"
                                      "    name: \"(\"\n"
                                      "  patch: |\n"
                                      "    - {op: remove, path: /a}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"}},
     .error = "the pattern '(' is not valid at offset 3: missing closing parenthesis",
     .at = "kustomization.yaml:4:5"},
    {.name = "two objects become one",
     .files = {{"kustomization.yaml", "resources: [c.yaml]\n"
                                      "patches:\n"
                                      "- target: {kind: ConfigMap}\n"
                                      "  options: {allowNameChange: true}\n"
                                      "  patch: |\n"
                                      "    kind: ConfigMap\n"
                                      "    metadata: {name: same}\n"},
               {"c.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: b}\n"}},
     .error = "ConfigMap same is there twice, the first is at c.yaml:1",
     .at = "c.yaml:5:1",
     .hint = "remove one of them, give one another name or namespace, or change the "
             "first by a patch"},
    {.name = "an empty old patch",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "patchesStrategicMerge: [\"# nothing\"]\n"}},
     .error = "the strategic merge patches are empty",
     .at = "kustomization.yaml:2:25"},
    {.name = "an old JSON patch without a name",
     .files = {{"kustomization.yaml", "resources: []\n"
                                      "patchesJson6902:\n"
                                      "- target: {kind: A}\n"
                                      "  patch: \"[]\"\n"}},
     .error = "a JSON patch without a target name",
     .at = "kustomization.yaml:3:3",
     .hint = "add target: with kind and name"},
};

static void test_patches(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_patches)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
