/* test_namespace.c - NamespaceTransformer by table. */
#include "stage.h"

static const struct stage_case cases[] = {
    {.name = "sets and overwrites",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: d, namespace: \"old\"}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "  namespace: new\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: d\n"
                 "  namespace: new\n"},
    {.name = "a null namespace",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: d, namespace: }\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: d\n"
                 "  namespace: new\n"},
    {.name = "cluster-scoped kinds have none",
     .objects = "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: ClusterRole\n"
                "metadata: {name: r}\n"
                "rules: []\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: PersistentVolume\n"
                "metadata: {name: p}\n"
                "---\n"
                "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: x}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n",
     .expected = "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: ClusterRole\n"
                 "metadata:\n"
                 "  name: r\n"
                 "rules: []\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: PersistentVolume\n"
                 "metadata:\n"
                 "  name: p\n"
                 "---\n"
                 "apiVersion: x.y/v1\n"
                 "kind: Foo\n"
                 "metadata:\n"
                 "  name: x\n"
                 "  namespace: new\n"},
    {.name = "a Namespace is renamed",
     .objects = "apiVersion: v1\n"
                "kind: Namespace\n"
                "metadata: {name: n}\n"
                "---\n"
                "apiVersion: x.y/v1\n"
                "kind: Namespace\n"
                "metadata: {name: n}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "fieldSpecs:\n"
               "- {path: metadata/name, kind: Namespace, create: true}\n",
     .expected = "apiVersion: v1\n"
                 "kind: Namespace\n"
                 "metadata:\n"
                 "  name: new\n"
                 "---\n"
                 "apiVersion: x.y/v1\n"
                 "kind: Namespace\n"
                 "metadata:\n"
                 "  name: \"n\"\n"
                 "  namespace: new\n"},
    {.name = "unset only",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: d, namespace: old}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "unsetOnly: true\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "  namespace: new\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: d\n"
                 "  namespace: old\n"},
    {.name = "subjects named default",
     .objects = "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: b}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: default}\n"
                "- {kind: ServiceAccount, name: other, namespace: old}\n"
                "- {kind: ServiceAccount, name: third}\n"
                "- {kind: User, name: u}\n"
                "---\n"
                "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: ClusterRoleBinding\n"
                "metadata: {name: b}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: default}\n"
                "- {kind: ServiceAccount, name: other, namespace: old}\n"
                "- {kind: ServiceAccount, name: third}\n"
                "- {kind: User, name: u}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "fieldSpecs:\n"
               "- {path: subjects/namespace, kind: RoleBinding, create: true}\n",
     .expected = "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: RoleBinding\n"
                 "metadata:\n"
                 "  name: b\n"
                 "  namespace: new\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: Role\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: default\n"
                 "  namespace: new\n"
                 "- kind: ServiceAccount\n"
                 "  name: other\n"
                 "  namespace: old\n"
                 "- kind: ServiceAccount\n"
                 "  name: third\n"
                 "- kind: User\n"
                 "  name: u\n"
                 "---\n"
                 "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: ClusterRoleBinding\n"
                 "metadata:\n"
                 "  name: b\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: Role\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: default\n"
                 "  namespace: new\n"
                 "- kind: ServiceAccount\n"
                 "  name: other\n"
                 "  namespace: old\n"
                 "- kind: ServiceAccount\n"
                 "  name: third\n"
                 "- kind: User\n"
                 "  name: u\n"},
    {.name = "all service accounts",
     .objects = "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: b}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: default}\n"
                "- {kind: ServiceAccount, name: other, namespace: old}\n"
                "- {kind: ServiceAccount, name: third}\n"
                "- {kind: User, name: u}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "setRoleBindingSubjects: allServiceAccounts\n",
     .expected = "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: RoleBinding\n"
                 "metadata:\n"
                 "  name: b\n"
                 "  namespace: new\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: Role\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: default\n"
                 "  namespace: new\n"
                 "- kind: ServiceAccount\n"
                 "  name: other\n"
                 "  namespace: new\n"
                 "- kind: ServiceAccount\n"
                 "  name: third\n"
                 "  namespace: new\n"
                 "- kind: User\n"
                 "  name: u\n"},
    {.name = "all service accounts without one",
     .objects = "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: b}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: default}\n"
                "- {kind: ServiceAccount, name: other, namespace: old}\n"
                "- {kind: ServiceAccount, name: third}\n"
                "- {kind: User, name: u}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "setRoleBindingSubjects: allServiceAccounts\n"
               "unsetOnly: true\n",
     .expected = "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: RoleBinding\n"
                 "metadata:\n"
                 "  name: b\n"
                 "  namespace: new\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: Role\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: default\n"
                 "  namespace: new\n"
                 "- kind: ServiceAccount\n"
                 "  name: other\n"
                 "  namespace: old\n"
                 "- kind: ServiceAccount\n"
                 "  name: third\n"
                 "  namespace: new\n"
                 "- kind: User\n"
                 "  name: u\n"},
    {.name = "no subjects",
     .objects = "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: b}\n"
                "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
                "subjects:\n"
                "- {kind: ServiceAccount, name: default}\n"
                "- {kind: ServiceAccount, name: other, namespace: old}\n"
                "- {kind: ServiceAccount, name: third}\n"
                "- {kind: User, name: u}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "setRoleBindingSubjects: none\n",
     .expected = "apiVersion: rbac.authorization.k8s.io/v1\n"
                 "kind: RoleBinding\n"
                 "metadata:\n"
                 "  name: b\n"
                 "  namespace: new\n"
                 "roleRef:\n"
                 "  apiGroup: rbac.authorization.k8s.io\n"
                 "  kind: Role\n"
                 "  name: r\n"
                 "subjects:\n"
                 "- kind: ServiceAccount\n"
                 "  name: default\n"
                 "- kind: ServiceAccount\n"
                 "  name: other\n"
                 "  namespace: old\n"
                 "- kind: ServiceAccount\n"
                 "  name: third\n"
                 "- kind: User\n"
                 "  name: u\n"},
    {.name = "an unknown mode",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "setRoleBindingSubjects: some\n",
     .error = "allServiceAccounts"},
    {.name = "a field of the tables",
     .objects = "apiVersion: apiregistration.k8s.io/v1\n"
                "kind: APIService\n"
                "metadata: {name: a}\n"
                "spec: {service: {name: s}}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "fieldSpecs:\n"
               "- {path: spec/service/namespace, group: apiregistration.k8s.io, kind: "
               "APIService, create: true}\n",
     .expected = "apiVersion: apiregistration.k8s.io/v1\n"
                 "kind: APIService\n"
                 "metadata:\n"
                 "  name: a\n"
                 "spec:\n"
                 "  service:\n"
                 "    name: s\n"
                 "    namespace: new\n"},
    {.name = "two become one",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: d, namespace: a}\n"
                "---\n"
                "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: d, namespace: b}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n",
     .error = "two objects"},
    {.name = "a map where the namespace stands",
     .objects = "apiVersion: x.y/v1\n"
                "kind: Foo\n"
                "metadata: {name: x}\n"
                "spec: {ns: {a: b}}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n"
               "fieldSpecs: [{path: spec/ns}]\n",
     .error = "expected a scalar"},
    {.name = "subjects that are no list",
     .objects = "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata: {name: x}\n"
                "subjects: {a: b}\n",
     .config = "kind: NamespaceTransformer\n"
               "metadata: {name: any, namespace: new}\n",
     .error = "subjects is no list"},
};

static void test_cases(void **unused) {
    (void)unused;
    stage_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests_name("namespace", tests, NULL, NULL);
}
