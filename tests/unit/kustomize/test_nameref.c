/* test_nameref.c - names that other objects hold follow a renamed object. */
#include "world.h"

static const struct world_case cases[] = {
    {.name = "prefix, suffix and hash reach references",
     .files = {{"kustomization.yaml", "resources: [d.yaml]\n"
                                      "namePrefix: p-\n"
                                      "nameSuffix: -s\n"
                                      "configMapGenerator: [{name: conf}]\n"},
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
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-conf-s-6ct58987ht\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: p-web-s\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: p-conf-s-6ct58987ht\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "a reference to nothing stays",
     .files = {{"kustomization.yaml", "resources: [d.yaml]\n"
                                      "namePrefix: p-\n"},
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
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: p-web\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: conf\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "each copy of a base refers to its own",
     .files = {{"kustomization.yaml", "resources: [a, b]\n"},
               {"base/kustomization.yaml", "resources: [d.yaml]\n"
                                           "configMapGenerator: [{name: conf}]\n"},
               {"base/d.yaml", "apiVersion: apps/v1\n"
                               "kind: Deployment\n"
                               "metadata: {name: web}\n"
                               "spec:\n"
                               "  template:\n"
                               "    spec:\n"
                               "      containers:\n"
                               "      - name: main\n"
                               "        image: web:1\n"
                               "        envFrom: [{configMapRef: {name: conf}}]\n"},
               {"a/kustomization.yaml", "resources: [../base]\n"
                                        "namePrefix: a-\n"},
               {"b/kustomization.yaml", "resources: [../base]\n"
                                        "namePrefix: b-\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a-conf-6ct58987ht\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: b-conf-6ct58987ht\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: a-web\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: a-conf-6ct58987ht\n"
                 "        image: web:1\n"
                 "        name: main\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: b-web\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: b-conf-6ct58987ht\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "namespaces keep apart",
     .files = {{"kustomization.yaml", "resources: [a, b]\n"},
               {"base/kustomization.yaml",
                "resources: [d.yaml]\n"
                "configMapGenerator: [{name: conf, literals: [x=y]}]\n"},
               {"base/d.yaml", "apiVersion: apps/v1\n"
                               "kind: Deployment\n"
                               "metadata: {name: web}\n"
                               "spec:\n"
                               "  template:\n"
                               "    spec:\n"
                               "      containers:\n"
                               "      - name: main\n"
                               "        image: web:1\n"
                               "        envFrom: [{configMapRef: {name: conf}}]\n"},
               {"a/kustomization.yaml",
                "resources: [../base]\n"
                "namespace: a\n"
                "configMapGenerator: [{name: conf, behavior: merge, literals: [x=a]}]\n"},
               {"b/kustomization.yaml", "resources: [../base]\n"
                                        "namespace: b\n"}},
     .expected = "apiVersion: v1\n"
                 "data:\n"
                 "  x: a\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: conf-9t7hhkh4f6\n"
                 "  namespace: a\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "data:\n"
                 "  x: \"y\"\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: conf-6gc9d749f7\n"
                 "  namespace: b\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: web\n"
                 "  namespace: a\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: conf-9t7hhkh4f6\n"
                 "        image: web:1\n"
                 "        name: main\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: web\n"
                 "  namespace: b\n"
                 "spec:\n"
                 "  template:\n"
                 "    spec:\n"
                 "      containers:\n"
                 "      - envFrom:\n"
                 "        - configMapRef:\n"
                 "            name: conf-6gc9d749f7\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "subjects name a namespace",
     .files =
         {{"kustomization.yaml", "resources: [r.yaml]\n"
                                 "namePrefix: p-\n"},
          {"r.yaml",
           "apiVersion: v1\n"
           "kind: ServiceAccount\n"
           "metadata: {name: sa, namespace: one}\n"
           "---\n"
           "apiVersion: v1\n"
           "kind: ServiceAccount\n"
           "metadata: {name: sa, namespace: two}\n"
           "---\n"
           "apiVersion: rbac.authorization.k8s.io/v1\n"
           "kind: ClusterRoleBinding\n"
           "metadata: {name: b}\n"
           "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\n"
           "subjects:\n"
           "- {kind: ServiceAccount, name: sa, namespace: one}\n"
           "---\n"
           "apiVersion: rbac.authorization.k8s.io/v1\n"
           "kind: ClusterRole\n"
           "metadata: {name: r}\n"
           "---\n"
           "apiVersion: rbac.authorization.k8s.io/v1\n"
           "kind: Role\n"
           "metadata: {name: r}\n"
           "---\n"
           "apiVersion: rbac.authorization.k8s.io/v1\n"
           "kind: RoleBinding\n"
           "metadata: {name: b2}\n"
           "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
           "subjects:\n"
           "- {kind: ServiceAccount, name: sa, namespace: one}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ServiceAccount\n"
                 "metadata:\n"
                 "  name: p-sa\n"
                 "  namespace: one\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ServiceAccount\n"
                 "metadata:\n"
                 "  name: p-sa\n"
                 "  namespace: two\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: Role\n"
                 "metadata:\n"
                 "  name: p-r\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: ClusterRole\n"
                 "metadata:\n"
                 "  name: p-r\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: RoleBinding\n"
                 "metadata:\n"
                 "  name: p-b2\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: Role\n"
                 "  name: p-r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: p-sa\n"
                 "  namespace: one\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: ClusterRoleBinding\n"
                 "metadata:\n"
                 "  name: p-b\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: ClusterRole\n"
                 "  name: p-r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: p-sa\n"
                 "  namespace: one\n"},
    {.name = "a namespace moves with its subjects",
     .files =
         {{"kustomization.yaml", "resources: [r.yaml]\n"
                                 "namespace: new\n"},
          {"r.yaml",
           "apiVersion: v1\n"
           "kind: ServiceAccount\n"
           "metadata: {name: sa, namespace: one}\n"
           "---\n"
           "apiVersion: rbac.authorization.k8s.io/v1\n"
           "kind: ClusterRoleBinding\n"
           "metadata: {name: b}\n"
           "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\n"
           "subjects:\n"
           "- {kind: ServiceAccount, name: sa, namespace: one}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ServiceAccount\n"
                 "metadata:\n"
                 "  name: sa\n"
                 "  namespace: new\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: ClusterRoleBinding\n"
                 "metadata:\n"
                 "  name: b\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: ClusterRole\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: sa\n"
                 "  namespace: new\n"},
    {.name = "a custom field",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "configurations: [c.yaml]\n"
                                      "namePrefix: p-\n"},
               {"c.yaml", "nameReference:\n"
                          "- kind: ConfigMap\n"
                          "  fieldSpecs: [{kind: My, path: spec/refs}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: x/v1\n"
                          "kind: My\n"
                          "metadata: {name: m}\n"
                          "spec:\n"
                          "  refs: [a, b, {name: a}]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-a\n"
                 "---\n"
                 "apiVersion: x/v1\n"
                 "kind: My\n"
                 "metadata:\n"
                 "  name: p-m\n"
                 "spec:\n"
                 "  refs:\n"
                 "  - p-a\n"
                 "  - b\n"
                 "  - name: p-a\n"},
    {.name = "two may be meant",
     .files = {{"kustomization.yaml", "resources: [a, b, d.yaml]\n"},
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
               {"a/kustomization.yaml", "resources: [c.yaml]\n"
                                        "namePrefix: a-\n"},
               {"a/c.yaml", "apiVersion: v1\n"
                            "kind: ConfigMap\n"
                            "metadata: {name: conf}\n"},
               {"b/kustomization.yaml", "resources: [c.yaml]\n"
                                        "namePrefix: b-\n"},
               {"b/c.yaml", "apiVersion: v1\n"
                            "kind: ConfigMap\n"
                            "metadata: {name: conf}\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: a-conf\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: b-conf\n"
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
                 "            name: conf\n"
                 "        image: web:1\n"
                 "        name: main\n"},
    {.name = "a map without a name",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "configurations: [c.yaml]\n"
                                      "namePrefix: p-\n"},
               {"c.yaml", "nameReference:\n"
                          "- kind: ConfigMap\n"
                          "  fieldSpecs: [{kind: My, path: spec/ref}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: x/v1\n"
                          "kind: My\n"
                          "metadata: {name: m}\n"
                          "spec:\n"
                          "  ref: {nam: a}\n"}},
     .error = "My p-m: spec/ref leads to a map without a name",
     .at = "r.yaml:9:8",
     .hint = "add the name, or correct the nameReference configuration"},
    {.name = "a name that is a list or map names nothing",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "configurations: [c.yaml]\n"
                                      "namePrefix: p-\n"},
               {"c.yaml", "nameReference:\n"
                          "- kind: ConfigMap\n"
                          "  fieldSpecs: [{kind: My, path: spec/ref}]\n"},
               {"r.yaml",
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: a}\n"
                "---\n"
                "apiVersion: x/v1\n"
                "kind: My\n"
                "metadata: {name: m}\n"
                "spec:\n"
                "  ref: [{name: [a]}, {name: {a: a}}, {name: a, namespace: []}, a]\n"}},
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: p-a\n"
                 "---\n"
                 "apiVersion: x/v1\n"
                 "kind: My\n"
                 "metadata:\n"
                 "  name: p-m\n"
                 "spec:\n"
                 "  ref:\n"
                 "  - name:\n"
                 "    - a\n"
                 "  - name:\n"
                 "      a: a\n"
                 "  - name: a\n"
                 "    namespace: []\n"
                 "  - p-a\n"},
    {.name = "a list in a list",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"
                                      "configurations: [c.yaml]\n"
                                      "namePrefix: p-\n"},
               {"c.yaml", "nameReference:\n"
                          "- kind: ConfigMap\n"
                          "  fieldSpecs: [{kind: My, path: spec/ref}]\n"},
               {"r.yaml", "apiVersion: v1\n"
                          "kind: ConfigMap\n"
                          "metadata: {name: a}\n"
                          "---\n"
                          "apiVersion: x/v1\n"
                          "kind: My\n"
                          "metadata: {name: m}\n"
                          "spec:\n"
                          "  ref: [[a]]\n"}},
     .error = "spec/ref leads to a list in a list",
     .at = "r.yaml:9:9"},
    {.name = "an account without a namespace",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"},
               {"r.yaml",
                "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: r}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: a, namespace: }\n"}},
     .error = "subjects[#0] has a namespace that is no string",
     .at = "r.yaml:6:3"},
    {.name = "an account in a numbered namespace",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"},
               {"r.yaml",
                "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: r}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: a, namespace: 5}\n"}},
     .error = "subjects[#0] has a namespace that is no string",
     .at = "r.yaml:6:3"},
    {.name = "a subject of no kind",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"},
               {"r.yaml",
                "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: r}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: 5, name: a, namespace: x}\n"}},
     .error = "subjects[#0] has a kind that is no string",
     .at = "r.yaml:6:3"},
    {.name = "a subject that is no map",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"},
               {"r.yaml",
                "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: r}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- ~\n"}},
     .error = "subjects[#0] is no map",
     .at = "r.yaml:6:3"},
    {.name = "other subjects and bindings may have any namespace",
     .files = {{"kustomization.yaml", "resources: [r.yaml]\n"},
               {"r.yaml", "apiVersion: rbac.authorization.k8s.io/v1\n"
                          "kind: RoleBinding\n"
                          "metadata: {name: r}\n"
                          "subjects:\n"
                          "- {kind: User, name: a, namespace: 5}\n"
                          "- {kind: ServiceAccount, name: a, namespace: \"\"}\n"
                          "---\n"
                          "apiVersion: rbac.authorization.k8s.io/v1\n"
                          "kind: ClusterRoleBinding\n"
                          "metadata: {name: r}\n"
                          "subjects:\n"
                          "- {kind: ServiceAccount, name: a, namespace: 5}\n"}},
     .expected = "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: RoleBinding\n"
                 "metadata:\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: User\n"
                 "  name: a\n"
                 "  namespace: 5\n"
                 "- kind: ServiceAccount\n"
                 "  name: a\n"
                 "  namespace: \"\"\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: ClusterRoleBinding\n"
                 "metadata:\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: a\n"
                 "  namespace: 5\n"},
};

static void test_nameref(void **state) {
    (void)state;
    world_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nameref)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
