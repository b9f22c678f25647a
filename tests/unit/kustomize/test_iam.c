/* test_iam.c - IAMPolicyGenerator by table. */
#include "stage.h"

static const struct stage_case cases[] = {
    {.name = "a service account",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .kustomization = "generators: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: IAMPolicyGenerator\n"
               "metadata: {name: any}\n"
               "cloud: gke\n"
               "kubernetesService: {namespace: ns, name: ksa}\n"
               "serviceAccount: {name: gsa, projectId: proj}\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ServiceAccount\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    iam.gke.io/gcp-service-account: gsa@proj.iam.gserviceaccount.com\n"
                 "  name: ksa\n"
                 "  namespace: ns\n"},
    {.name = "without a namespace",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .kustomization = "generators: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: IAMPolicyGenerator\n"
               "metadata: {name: any}\n"
               "cloud: gke\n"
               "kubernetesService: {name: ksa}\n"
               "serviceAccount: {name: gsa, projectId: proj}\n",
     .expected = "apiVersion: v1\n"
                 "kind: ConfigMap\n"
                 "metadata:\n"
                 "  name: c\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: ServiceAccount\n"
                 "metadata:\n"
                 "  annotations:\n"
                 "    iam.gke.io/gcp-service-account: gsa@proj.iam.gserviceaccount.com\n"
                 "  name: ksa\n"},
    {.name = "another cloud",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .kustomization = "generators: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: IAMPolicyGenerator\n"
               "metadata: {name: any}\n"
               "cloud: aws\n",
     .error = "expected gke"},
    {.name = "a transformer",
     .objects = "apiVersion: v1\n"
                "kind: ConfigMap\n"
                "metadata: {name: c}\n",
     .kustomization = "generators: [config.yaml]\n",
     .config = "apiVersion: builtin\n"
               "kind: LabelTransformer\n"
               "metadata: {name: any}\n",
     .error = "no built-in generator"},
};

static void test_cases(void **unused) {
    (void)unused;
    stage_run_cases(cases, SG_ARRAY_LEN(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests_name("iam", tests, NULL, NULL);
}
