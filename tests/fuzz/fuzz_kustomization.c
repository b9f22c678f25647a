/*
 * fuzz_kustomization.c - any bytes as the kustomization.yaml of an overlay on a fixed
 * base, with files of every sort beside it to name.
 */
#include "render_tree.h"

static const char base[] = "resources: [app.yaml, cron.yaml]\n"
                           "configMapGenerator: [{name: settings, literals: [a=1]}]\n";
static const char app[] =
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata: {name: web, labels: {app: web}}\n"
    "spec:\n"
    "  replicas: 1\n"
    "  selector: {matchLabels: {app: web}}\n"
    "  template:\n"
    "    metadata: {labels: {app: web}}\n"
    "    spec:\n"
    "      containers:\n"
    "      - name: web\n"
    "        image: example.org/web:1\n"
    "        env: [{name: A, value: b}, {name: C, valueFrom: {configMapKeyRef: "
    "{name: settings, key: a}}}]\n"
    "        ports: [{containerPort: 80}]\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata: {name: web}\n"
    "spec: {selector: {app: web}, ports: [{port: 80, targetPort: 80}]}\n";
static const char cron[] = "apiVersion: batch/v1\n"
                           "kind: CronJob\n"
                           "metadata: {name: tidy, namespace: other}\n"
                           "spec: {jobTemplate: {spec: {template: {spec: {containers: "
                           "[{name: tidy, image: tidy}]}}}}}\n";
static const char patch[] = "apiVersion: apps/v1\n"
                            "kind: Deployment\n"
                            "metadata: {name: web}\n"
                            "spec: {template: {spec: {containers: [{name: web, "
                            "env: [{name: A, $patch: delete}]}]}}}\n";
static const char ops[] = "- {op: replace, path: /spec/replicas, value: 3}\n"
                          "- {op: remove, path: /metadata/labels}\n";
static const char component[] = "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
                                "kind: Component\n"
                                "namePrefix: c-\n";
static const char transformer[] = "apiVersion: builtin\n"
                                  "kind: PrefixTransformer\n"
                                  "metadata: {name: p}\n"
                                  "prefix: p-\n"
                                  "fieldSpecs: [{path: metadata/name}]\n";
static const char configuration[] = "namePrefix: [{path: metadata/name}]\n"
                                    "images: [{path: spec/image, kind: My}]\n";
static const char replacement[] =
    "source: {kind: Service, name: web, fieldPath: metadata.name}\n"
    "targets: [{select: {kind: Deployment}, fieldPaths: "
    "[spec.template.spec.containers.[name=web].image]}]\n";

static const char web[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: web}}\n"
    "spec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n"
    "      - {name: main, image: 'web:1', env: [{name: A, value: $(V)}]}\n"
    "      volumes: [{name: v, configMap: {name: conf}}]\n";
static const char conf[] =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {a: b}\n---\n"
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
static const char replicas[] = "apiVersion: apps/v1\nkind: Deployment\n"
                               "metadata: {name: web}\nspec: {replicas: 2}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct {
        const char *path, *text;
        size_t len;
    } files[] = {
        {"base/kustomization.yaml", base, sizeof(base) - 1},
        {"base/app.yaml", app, sizeof(app) - 1},
        {"base/cron.yaml", cron, sizeof(cron) - 1},
        {"over/patch.yaml", patch, sizeof(patch) - 1},
        {"over/ops.yaml", ops, sizeof(ops) - 1},
        {"over/c/kustomization.yaml", component, sizeof(component) - 1},
        {"over/t.yaml", transformer, sizeof(transformer) - 1},
        {"over/conf.yaml", configuration, sizeof(configuration) - 1},
        {"over/r.yaml", replacement, sizeof(replacement) - 1},
        {"over/a.env", "A=1\nB=two\n", 10},
        {"over/d.yaml", web, sizeof(web) - 1},
        {"over/c.yaml", conf, sizeof(conf) - 1},
        {"over/p.yaml", replicas, sizeof(replicas) - 1},
        {"over/base/kustomization.yaml", "resources: [x.yaml]\nnamePrefix: b-\n", 35},
        {"over/base/x.yaml", cron, sizeof(cron) - 1},
        {"over/e.env", "A=1\nB=2\n", 8},
        {"over/bin", "\x00\xff\xfe", 3},
    };
    sg_auto_fs fs = sg_fs_memory();
    for (size_t i = 0; i < SG_ARRAY_LEN(files); i++) {
        sg_fs_memory_put(fs, files[i].path, files[i].text, files[i].len);
    }
    sg_fs_memory_put(fs, "over/kustomization.yaml", data, size);
    render_all(fs, "over");
    return 0;
}
