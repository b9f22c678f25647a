/* test_replica.c - ReplicaCountTransformer by table. */
#include "stage.h"

static const struct stage_case cases[] = {
    {.name = "sets and makes",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {replicas: 1}\n"
                "---\n"
                "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d2}\n"
                "---\n"
                "apiVersion: apps/v1\n"
                "kind: StatefulSet\n"
                "metadata: {name: d}\n"
                "spec: {}\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: d, count: 3}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  replicas: 3\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d2\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: StatefulSet\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec: {}\n"},
    {.name = "makes the way",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: d, count: 3}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  replicas: 3\n"},
    {.name = "quotes stay",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {replicas: '1'}\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: d, count: 3}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  replicas: \"3\"\n"},
    {.name = "a null",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {replicas: }\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: d, count: 0}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "spec:\n"
                 "  replicas: 0\n"},
    {.name = "of two namespaces",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, namespace: a}\n"
                "---\n"
                "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d, namespace: b}\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: d, count: 3}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
     .expected = "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "  namespace: a\n"
                 "spec:\n"
                 "  replicas: 3\n"
                 "---\n"
                 "apiVersion: apps/v1\n"
                 "kind: Deployment\n"
                 "metadata:\n"
                 "  name: d\n"
                 "  namespace: b\n"
                 "spec:\n"
                 "  replicas: 3\n"},
    {.name = "no such object",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: e, count: 3}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
     .error = "no object is named e"},
    {.name = "of another kind",
     .objects = "apiVersion: batch/v1\n"
                "kind: Job\n"
                "metadata: {name: d}\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: d, count: 3}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
     .error = "no object is named d"},
    {.name = "replicas that are a map",
     .objects = "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: d}\n"
                "spec: {replicas: {}}\n",
     .config = "kind: ReplicaCountTransformer\n"
               "replica: {name: d, count: 3}\n"
               "fieldSpecs:\n"
               "- {path: spec/replicas, create: true, kind: Deployment}\n"
               "- {path: spec/replicas, kind: StatefulSet}\n",
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
    return cmocka_run_group_tests_name("replica", tests, NULL, NULL);
}
