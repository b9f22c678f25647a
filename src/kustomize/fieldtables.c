/*
 * fieldtables.c - kustomize 5.8.1's built-in field specs, as facts: which fields hold
 * labels, annotations, images, names of other objects and so on. What is the same in
 * every kind with a pod is written once, relative to the pod's spec.
 */
#include <string.h>

#include "context.h"
#include "sg/sort.h"

/* Kinds with a pod, as sets: the tables differ in which of them they cover. */
enum {
    POD = 1 << 0,
    POD_V1 = 1 << 1, /* Pod, version v1 named */
    POD_TEMPLATE = 1 << 2,
    DEPLOYMENT = 1 << 3,
    REPLICA_SET = 1 << 4,
    DAEMON_SET = 1 << 5,
    STATEFUL_SET = 1 << 6,
    JOB = 1 << 7,
    CRON_JOB = 1 << 8,
    REPLICATION_CONTROLLER = 1 << 9,

    WORKLOADS = DEPLOYMENT | DAEMON_SET | STATEFUL_SET | JOB | CRON_JOB,
    MOUNTING = WORKLOADS | POD_V1 | POD_TEMPLATE | REPLICA_SET,
    RUNNING = WORKLOADS | POD | REPLICATION_CONTROLLER,
    EXPANDING = WORKLOADS | POD | REPLICA_SET,
};

static const struct pod_kind {
    unsigned bit;
    const char *kind, *version, *spec;
} pod_kinds[] = {
    {POD, "Pod", "", "spec/"},
    {POD_V1, "Pod", "v1", "spec/"},
    {POD_TEMPLATE, "PodTemplate", "", "template/spec/"},
    {DEPLOYMENT, "Deployment", "", "spec/template/spec/"},
    {REPLICA_SET, "ReplicaSet", "", "spec/template/spec/"},
    {DAEMON_SET, "DaemonSet", "", "spec/template/spec/"},
    {STATEFUL_SET, "StatefulSet", "", "spec/template/spec/"},
    {JOB, "Job", "", "spec/template/spec/"},
    {CRON_JOB, "CronJob", "", "spec/jobTemplate/spec/template/spec/"},
    {REPLICATION_CONTROLLER, "ReplicationController", "", "spec/template/spec/"},
};

/* `pods` 0: one spec; else one for each kind of the set, `path` relative to the pod's
 * spec. NULL stands for "". */
struct row {
    const char *path, *kind, *group, *version;
    unsigned pods;
    bool create;
};
struct rows {
    const struct row *items;
    size_t len;
};
#define ROWS(array)                                                                      \
    { (array), SG_ARRAY_LEN(array) }

#define RBAC      "rbac.authorization.k8s.io"
#define ADMISSION "admissionregistration.k8s.io"

/* --- names of other objects
 * ---------------------------------------------------------------- */

static const struct row scale_target[] = {
    {.path = "spec/scaleTargetRef/name", .kind = "HorizontalPodAutoscaler"},
};
static const struct row config_map[] = {
    {.pods = MOUNTING, .path = "volumes/configMap/name"},
    {.pods = MOUNTING, .path = "containers/env/valueFrom/configMapKeyRef/name"},
    {.pods = MOUNTING, .path = "initContainers/env/valueFrom/configMapKeyRef/name"},
    {.pods = MOUNTING, .path = "containers/envFrom/configMapRef/name"},
    {.pods = MOUNTING, .path = "initContainers/envFrom/configMapRef/name"},
    {.pods = MOUNTING, .path = "volumes/projected/sources/configMap/name"},
    {.kind = "Node", .path = "spec/configSource/configMap"},
    {.kind = "Role", .path = "rules/resourceNames"},
    {.kind = "ClusterRole", .path = "rules/resourceNames"},
    {.kind = "Ingress",
     .path =
         "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"},
};
static const struct row secret[] = {
    {.pods = MOUNTING, .path = "volumes/secret/secretName"},
    {.pods = MOUNTING, .path = "containers/env/valueFrom/secretKeyRef/name"},
    {.pods = MOUNTING, .path = "initContainers/env/valueFrom/secretKeyRef/name"},
    {.pods = MOUNTING, .path = "containers/envFrom/secretRef/name"},
    {.pods = MOUNTING, .path = "initContainers/envFrom/secretRef/name"},
    {.pods = MOUNTING, .path = "imagePullSecrets/name"},
    {.pods = MOUNTING, .path = "volumes/projected/sources/secret/name"},
    {.kind = "Ingress", .path = "spec/tls/secretName"},
    {.kind = "Ingress",
     .path = "metadata/annotations/ingress.kubernetes.io\\/auth-secret"},
    {.kind = "Ingress",
     .path = "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"},
    {.kind = "Ingress",
     .path = "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"},
    {.kind = "ServiceAccount", .path = "imagePullSecrets/name"},
    {.kind = "StorageClass", .path = "parameters/secretName"},
    {.kind = "StorageClass", .path = "parameters/adminSecretName"},
    {.kind = "StorageClass", .path = "parameters/userSecretName"},
    {.kind = "StorageClass", .path = "parameters/secretRef"},
    {.kind = "Role", .path = "rules/resourceNames"},
    {.kind = "ClusterRole", .path = "rules/resourceNames"},
    {.kind = "Service",
     .group = "serving.knative.dev",
     .version = "v1",
     .path = "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"},
    {.kind = "PersistentVolume", .path = "spec/azureFile/secretName"},
};
static const struct row service[] = {
    {.kind = "StatefulSet", .group = "apps", .path = "spec/serviceName"},
    {.kind = "Ingress", .path = "spec/rules/http/paths/backend/serviceName"},
    {.kind = "Ingress", .path = "spec/backend/serviceName"},
    {.kind = "Ingress", .path = "spec/rules/http/paths/backend/service/name"},
    {.kind = "Ingress", .path = "spec/defaultBackend/service/name"},
    {.kind = "APIService",
     .group = "apiregistration.k8s.io",
     .path = "spec/service/name"},
    {.kind = "ValidatingWebhookConfiguration",
     .group = ADMISSION,
     .path = "webhooks/clientConfig/service"},
    {.kind = "MutatingWebhookConfiguration",
     .group = ADMISSION,
     .path = "webhooks/clientConfig/service"},
};
static const struct row role[] = {
    {.kind = "RoleBinding", .group = RBAC, .path = "roleRef/name"},
};
static const struct row cluster_role[] = {
    {.kind = "RoleBinding", .group = RBAC, .path = "roleRef/name"},
    {.kind = "ClusterRoleBinding", .group = RBAC, .path = "roleRef/name"},
};
static const struct row service_account[] = {
    {.kind = "RoleBinding", .group = RBAC, .path = "subjects"},
    {.kind = "ClusterRoleBinding", .group = RBAC, .path = "subjects"},
    {.pods = RUNNING, .path = "serviceAccountName"},
};
static const struct row claim[] = {
    {.pods = RUNNING, .path = "volumes/persistentVolumeClaim/claimName"},
};
static const struct row volume[] = {
    {.kind = "PersistentVolumeClaim", .path = "spec/volumeName"},
    {.kind = "ClusterRole", .path = "rules/resourceNames"},
};
static const struct row storage_class[] = {
    {.kind = "PersistentVolume", .path = "spec/storageClassName"},
    {.kind = "PersistentVolumeClaim", .path = "spec/storageClassName"},
    {.kind = "StatefulSet", .path = "spec/volumeClaimTemplates/spec/storageClassName"},
};
static const struct row priority_class[] = {
    {.pods = RUNNING, .path = "priorityClassName"},
};
static const struct row ingress_class[] = {
    {.kind = "Ingress", .path = "spec/ingressClassName"},
};
static const struct row admission_policy[] = {
    {.kind = "ValidatingAdmissionPolicyBinding",
     .group = ADMISSION,
     .path = "spec/policyName"},
};

/* The referred kind, and where others name it. (IngressClass has its version in the
 * group, which no object has: kustomize never renames that reference.) */
static const struct referred {
    const char *group, *version, *kind;
    struct rows referrers;
} referred[] = {
    {"", "", "Deployment", ROWS(scale_target)},
    {"", "", "ReplicationController", ROWS(scale_target)},
    {"", "", "ReplicaSet", ROWS(scale_target)},
    {"", "", "StatefulSet", ROWS(scale_target)},
    {"", "v1", "ConfigMap", ROWS(config_map)},
    {"", "v1", "Secret", ROWS(secret)},
    {"", "v1", "Service", ROWS(service)},
    {RBAC, "", "Role", ROWS(role)},
    {RBAC, "", "ClusterRole", ROWS(cluster_role)},
    {"", "v1", "ServiceAccount", ROWS(service_account)},
    {"", "v1", "PersistentVolumeClaim", ROWS(claim)},
    {"", "v1", "PersistentVolume", ROWS(volume)},
    {"storage.k8s.io", "v1", "StorageClass", ROWS(storage_class)},
    {"scheduling.k8s.io", "v1", "PriorityClass", ROWS(priority_class)},
    {"networking.k8s.io/v1", "v1", "IngressClass", ROWS(ingress_class)},
    {ADMISSION, "", "ValidatingAdmissionPolicy", ROWS(admission_policy)},
};

/* --- where $(VAR) is expanded
 * -------------------------------------------------------------- */

static const struct row variables[] = {
    {.pods = EXPANDING, .path = "containers/args"},
    {.pods = EXPANDING, .path = "containers/command"},
    {.pods = EXPANDING, .path = "containers/env/value"},
    {.pods = EXPANDING, .path = "containers/volumeMounts/mountPath"},
    {.pods = EXPANDING, .path = "initContainers/args"},
    {.pods = EXPANDING, .path = "initContainers/command"},
    {.pods = EXPANDING, .path = "initContainers/env/value"},
    {.pods = EXPANDING, .path = "initContainers/volumeMounts/mountPath"},
    {.pods = EXPANDING & ~(unsigned)(CRON_JOB | STATEFUL_SET),
     .path = "volumes/nfs/server"},
    {.kind = "CronJob", .path = "spec/jobTemplate/spec/template/volumes/nfs/server"},
    {.kind = "Deployment", .path = "spec/template/metadata/annotations"},
    {.kind = "Ingress", .path = "spec/rules/host"},
    {.kind = "Ingress", .path = "spec/tls/hosts"},
    {.kind = "Ingress", .path = "spec/tls/secretName"},
    {.kind = "Service", .path = "spec/ports/port"},
    {.kind = "Service", .path = "spec/ports/targetPort"},
    {.kind = "StatefulSet", .path = "spec/volumeClaimTemplates/spec/nfs/server"},
    {.kind = "PersistentVolume", .path = "spec/nfs/server"},
    {.path = "metadata/labels"},
    {.path = "metadata/annotations"},
};

/* --- labels and annotations
 * ---------------------------------------------------------------- */

/* The labels of an object and of the pods and claims it makes. */
#define TEMPLATE_LABELS                                                                  \
    {.path = "metadata/labels", .create = true},                                         \
        {.kind = "ReplicationController",                                                \
         .version = "v1",                                                                \
         .path = "spec/template/metadata/labels",                                        \
         .create = true},                                                                \
        {.kind = "Deployment", .path = "spec/template/metadata/labels", .create = true}, \
        {.kind = "ReplicaSet", .path = "spec/template/metadata/labels", .create = true}, \
        {.kind = "DaemonSet", .path = "spec/template/metadata/labels", .create = true},  \
        {.kind = "StatefulSet",                                                          \
         .group = "apps",                                                                \
         .path = "spec/template/metadata/labels",                                        \
         .create = true},                                                                \
        {.kind = "StatefulSet",                                                          \
         .group = "apps",                                                                \
         .path = "spec/volumeClaimTemplates[]/metadata/labels",                          \
         .create = true},                                                                \
        {.kind = "Job",                                                                  \
         .group = "batch",                                                               \
         .path = "spec/template/metadata/labels",                                        \
         .create = true},                                                                \
        {.kind = "CronJob",                                                              \
         .group = "batch",                                                               \
         .path = "spec/jobTemplate/metadata/labels",                                     \
         .create = true},                                                                \
    {                                                                                    \
        .kind = "CronJob", .group = "batch",                                             \
        .path = "spec/jobTemplate/spec/template/metadata/labels", .create = true         \
    }

/* Where an apps kind selects its own pods for scheduling; never made. */
#define SCHEDULING(KIND)                                                                 \
    {.kind = KIND,                                                                       \
     .group = "apps",                                                                    \
     .path = "spec/template/spec/affinity/podAffinity/"                                  \
             "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/"          \
             "labelSelector/matchLabels"},                                               \
        {.kind = KIND,                                                                   \
         .group = "apps",                                                                \
         .path = "spec/template/spec/affinity/podAffinity/"                              \
                 "requiredDuringSchedulingIgnoredDuringExecution/"                       \
                 "labelSelector/matchLabels"},                                           \
        {.kind = KIND,                                                                   \
         .group = "apps",                                                                \
         .path = "spec/template/spec/affinity/podAntiAffinity/"                          \
                 "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/"      \
                 "labelSelector/matchLabels"},                                           \
        {.kind = KIND,                                                                   \
         .group = "apps",                                                                \
         .path = "spec/template/spec/affinity/podAntiAffinity/"                          \
                 "requiredDuringSchedulingIgnoredDuringExecution/"                       \
                 "labelSelector/matchLabels"},                                           \
    {                                                                                    \
        .kind = KIND, .group = "apps",                                                   \
        .path = "spec/template/spec/topologySpreadConstraints/"                          \
                "labelSelector/matchLabels"                                              \
    }

static const struct row template_labels[] = {TEMPLATE_LABELS};
static const struct row common_labels[] = {
    {.kind = "Service", .version = "v1", .path = "spec/selector", .create = true},
    {.kind = "ReplicationController",
     .version = "v1",
     .path = "spec/selector",
     .create = true},
    {.kind = "Deployment", .path = "spec/selector/matchLabels", .create = true},
    SCHEDULING("Deployment"),
    {.kind = "ReplicaSet", .path = "spec/selector/matchLabels", .create = true},
    {.kind = "DaemonSet", .path = "spec/selector/matchLabels", .create = true},
    {.kind = "StatefulSet",
     .group = "apps",
     .path = "spec/selector/matchLabels",
     .create = true},
    SCHEDULING("StatefulSet"),
    {.kind = "Job", .group = "batch", .path = "spec/selector/matchLabels"},
    {.kind = "CronJob",
     .group = "batch",
     .path = "spec/jobTemplate/spec/selector/matchLabels"},
    {.kind = "PodDisruptionBudget",
     .group = "policy",
     .path = "spec/selector/matchLabels"},
    {.kind = "NetworkPolicy",
     .group = "networking.k8s.io",
     .path = "spec/podSelector/matchLabels"},
    {.kind = "NetworkPolicy",
     .group = "networking.k8s.io",
     .path = "spec/ingress/from/podSelector/matchLabels"},
    {.kind = "NetworkPolicy",
     .group = "networking.k8s.io",
     .path = "spec/egress/to/podSelector/matchLabels"},
    TEMPLATE_LABELS,
};
static const struct row common_annotations[] = {
    {.path = "metadata/annotations", .create = true},
    {.kind = "ReplicationController",
     .version = "v1",
     .path = "spec/template/metadata/annotations",
     .create = true},
    {.kind = "Deployment", .path = "spec/template/metadata/annotations", .create = true},
    {.kind = "ReplicaSet", .path = "spec/template/metadata/annotations", .create = true},
    {.kind = "DaemonSet", .path = "spec/template/metadata/annotations", .create = true},
    {.kind = "StatefulSet", .path = "spec/template/metadata/annotations", .create = true},
    {.kind = "Job",
     .group = "batch",
     .path = "spec/template/metadata/annotations",
     .create = true},
    {.kind = "CronJob",
     .group = "batch",
     .path = "spec/jobTemplate/metadata/annotations",
     .create = true},
    {.kind = "CronJob",
     .group = "batch",
     .path = "spec/jobTemplate/spec/template/metadata/annotations",
     .create = true},
};

/* --- the rest
 * ------------------------------------------------------------------------------ */

static const struct row name[] = {{.path = "metadata/name"}};
static const struct row namespace[] = {
    {.kind = "Namespace", .path = "metadata/name", .create = true},
    {.kind = "APIService",
     .group = "apiregistration.k8s.io",
     .path = "spec/service/namespace",
     .create = true},
    {.kind = "CustomResourceDefinition",
     .group = "apiextensions.k8s.io",
     .path = "spec/conversion/webhook/clientConfig/service/namespace"},
};
static const struct row images[] = {
    {.path = "spec/containers[]/image", .create = true},
    {.path = "spec/initContainers[]/image", .create = true},
    {.path = "spec/volumes[]/image/reference", .create = true},
    {.path = "spec/template/spec/containers[]/image", .create = true},
    {.path = "spec/template/spec/initContainers[]/image", .create = true},
    {.path = "spec/template/spec/volumes[]/image/reference", .create = true},
};
static const struct row replicas[] = {
    {.kind = "Deployment", .path = "spec/replicas", .create = true},
    {.kind = "ReplicationController", .path = "spec/replicas", .create = true},
    {.kind = "ReplicaSet", .path = "spec/replicas", .create = true},
    {.kind = "StatefulSet", .path = "spec/replicas", .create = true},
};

/* --- expansion
 * ----------------------------------------------------------------------------- */

typedef SG_VEC(struct sg_fieldspec) spec_vec;

static void add_spec(struct sg_kustomize *k, spec_vec *specs, const struct row *row,
                     const char *kind, const char *version, const char *path) {
    struct sg_fieldspec spec = {
        .group = sg_k_atom(k, row->group),
        .version = sg_k_atom(k, version),
        .kind = sg_k_atom(k, kind),
        .create = row->create,
    };
    sg_fieldspec_set_path(k, &spec, path);
    sg_vec_push(specs, spec);
}

static struct sg_fieldspecs expand(struct sg_kustomize *k, struct rows rows,
                                   bool sorted) {
    spec_vec specs = {0};
    for (size_t r = 0; r < rows.len; r++) {
        const struct row *row = &rows.items[r];
        if (row->pods == 0) {
            add_spec(k, &specs, row, row->kind, row->version, row->path);
        }
        for (size_t p = 0; p < SG_ARRAY_LEN(pod_kinds); p++) {
            const struct pod_kind *pod = &pod_kinds[p];
            if (row->pods & pod->bit) {
                add_spec(k, &specs, row, pod->kind, pod->version,
                         sg_k_printf(k, "%s%s", pod->spec, row->path));
            }
        }
    }
    struct sg_fieldspecs made = sg_fieldspecs_make(k, specs.items, specs.len);
    sg_vec_release(&specs);
    return sorted ? sg_fieldspecs_sorted(k, made) : made;
}

static struct sg_name_references expand_references(struct sg_kustomize *k) {
    size_t len = SG_ARRAY_LEN(referred);
    struct sg_name_reference *items =
        sg_arena_alloc(&k->set->arena, len * sizeof(*items));
    for (size_t i = 0; i < len; i++) {
        items[i] = (struct sg_name_reference){
            .group = sg_k_atom(k, referred[i].group),
            .version = sg_k_atom(k, referred[i].version),
            .kind = sg_k_atom(k, referred[i].kind),
            .referrers = expand(k, referred[i].referrers, false),
        };
    }
    return sg_name_references_sorted(items, len);
}

/* --- the same for others ---------------------------------------------------------- */

static const char *or_empty(const char *text) {
    return text != NULL ? text : "";
}

static void tell_row(const struct row *row, const struct referred *target,
                     void (*each)(void *ctx, const struct sg_name_field *field),
                     void *ctx) {
    struct sg_name_field field = {
        .group = or_empty(row->group),
        .version = or_empty(row->version),
        .kind = or_empty(row->kind),
        .path = row->path,
        .target_group = target->group,
        .target_kind = target->kind,
    };
    if (row->pods == 0) {
        each(ctx, &field);
    }
    for (size_t i = 0; i < SG_ARRAY_LEN(pod_kinds); i++) {
        if ((row->pods & pod_kinds[i].bit) == 0) {
            continue;
        }
        sg_auto_cstr path = sg_xasprintf("%s%s", pod_kinds[i].spec, row->path);
        field.kind = pod_kinds[i].kind;
        field.version = pod_kinds[i].version;
        field.path = path;
        each(ctx, &field);
    }
}

void sg_name_fields(void (*each)(void *ctx, const struct sg_name_field *field),
                    void *ctx) {
    for (size_t i = 0; i < SG_ARRAY_LEN(referred); i++) {
        for (size_t r = 0; r < referred[i].referrers.len; r++) {
            tell_row(&referred[i].referrers.items[r], &referred[i], each, ctx);
        }
    }
}

const struct sg_tables *sg_tables_default(struct sg_kustomize *k) {
    if (k->default_tables != NULL) {
        return k->default_tables;
    }
    struct sg_tables *tables = sg_arena_alloc(&k->set->arena, sizeof(*tables));
    *tables = (struct sg_tables){
        .name_prefix = expand(k, (struct rows)ROWS(name), true),
        .name_suffix = expand(k, (struct rows)ROWS(name), true),
        .namespace = expand(k, (struct rows)ROWS(namespace), true),
        .common_labels = expand(k, (struct rows)ROWS(common_labels), true),
        .template_labels = expand(k, (struct rows)ROWS(template_labels), true),
        .common_annotations = expand(k, (struct rows)ROWS(common_annotations), true),
        .images = expand(k, (struct rows)ROWS(images), true),
        .replicas = expand(k, (struct rows)ROWS(replicas), true),
        .var_reference = expand(k, (struct rows)ROWS(variables), true),
        .name_reference = expand_references(k),
    };
    k->default_tables = tables;
    return tables;
}
