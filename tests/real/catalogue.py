"""Edits that customers make wherever upstream leaves them alone, and objects of their own."""
from releases import At, Nth

POD = ("spec", "template", "spec")
FIRST = POD + ("containers", At("*"))
ANY = ".*"
FRONTEND = ("Deployment", "sourcegraph-frontend")
SCALED = "gitserver|indexed-search"
SERVICES = "searcher|symbols|repo-updater|query-runner|replacer|github-proxy|lsif-server|syntect-server"
DATABASES = "pgsql|redis-cache|redis-store"


def added_to_end(name, text):
    """A ConfigMap's text with lines added: the value depends on the object."""
    return lambda o: o["data"][name].rstrip("\n") + "\n" + text + "\n"


def argument_added(o):
    return list(o["spec"]["template"]["spec"]["containers"][0].get("args") or []) + ["--acme"]


def element(**fields):
    return fields


# (kinds, names) as regular expressions, the place, the value or what makes it from the object.
OTHERS = [
    (("PersistentVolumeClaim", ANY), ("spec", "storageClassName"), "fast-ssd"),
    (("PersistentVolumeClaim", ANY), ("spec", "resources", "requests", "storage"), "750Gi"),
    (("PersistentVolumeClaim", ANY), ("metadata", "annotations", "acme.example/backup"), "nightly"),
    (
        ("StatefulSet", SCALED),
        ("spec", "volumeClaimTemplates", At("*"), "spec", "storageClassName"),
        "fast-ssd",
    ),
    (
        ("StatefulSet", SCALED),
        ("spec", "volumeClaimTemplates", At("*"), "spec", "resources", "requests", "storage"),
        "900Gi",
    ),
    (("Ingress", ANY), ("spec", "rules", Nth(0), "host"), "sourcegraph.acme.example"),
    (
        ("Ingress", ANY),
        ("spec", "tls"),
        [{"hosts": ["sourcegraph.acme.example"], "secretName": "sourcegraph-tls"}],
    ),
    (("Ingress", ANY), ("metadata", "annotations", "kubernetes.io/ingress.class"), "acme"),
    (("Ingress", ANY), ("metadata", "annotations", "cert-manager.io/issuer"), "letsencrypt"),
    (("Service", "sourcegraph-frontend"), ("spec", "type"), "NodePort"),
    (("Service", "sourcegraph-frontend"), ("spec", "ports", At("30080/TCP"), "nodePort"), 30080),
    (("Service", "searcher|symbols"), ("metadata", "annotations", "prometheus.io/path"), "/metrics"),
    (("Deployment", SERVICES), FIRST + ("resources", "limits", "cpu"), "7"),
    (("Deployment", SERVICES), FIRST + ("resources", "requests", "memory"), "3Gi"),
    (("Deployment", SERVICES), ("spec", "replicas"), 3),
    (("StatefulSet", SCALED), FIRST + ("resources", "limits", "memory"), "48Gi"),
    (("StatefulSet", SCALED), ("spec", "replicas"), 4),
    (
        ("Deployment", "sourcegraph-frontend|repo-updater|searcher|symbols"),
        FIRST + ("env", At("SRC_GIT_SERVERS")),
        element(name="SRC_GIT_SERVERS", value="gitserver-0.gitserver:3178 gitserver-1.gitserver:3178"),
    ),
    (
        ("Deployment", SERVICES),
        FIRST + ("env", At("HTTPS_PROXY")),
        element(name="HTTPS_PROXY", value="http://proxy:80"),
    ),
    (
        FRONTEND,
        FIRST + ("env", At("REDIS_CACHE_ENDPOINT")),
        element(name="REDIS_CACHE_ENDPOINT", value="redis.acme.example:6379"),
    ),
    (FRONTEND, FIRST + ("env", At("PGHOST"), "value"), "pgsql.acme.example"),
    (
        ("StatefulSet|Deployment", "gitserver|sourcegraph-frontend"),
        POD + ("volumes", At("ssh")),
        element(name="ssh", secret={"secretName": "gitserver-ssh", "defaultMode": 384}),
    ),
    (
        ("StatefulSet|Deployment", "gitserver|sourcegraph-frontend"),
        FIRST + ("volumeMounts", At("/etc/ssh-keys")),
        element(name="ssh", mountPath="/etc/ssh-keys"),
    ),
    (("Deployment", "sourcegraph-frontend|prometheus"), POD + ("serviceAccountName",), "\0delete"),
    (
        ("StatefulSet|Deployment", "gitserver|pgsql|searcher"),
        POD + ("imagePullSecrets", At("regcred")),
        element(name="regcred"),
    ),
    (("Deployment|StatefulSet", ANY), POD + ("securityContext", "fsGroup"), 1000),
    (("Deployment|StatefulSet", SERVICES), FIRST + ("securityContext", "allowPrivilegeEscalation"), False),
    (("Deployment|StatefulSet", ANY), POD + ("nodeSelector", "disk"), "nvme"),
    (("Deployment|StatefulSet", ANY), POD + ("tolerations",), [{"key": "acme", "operator": "Exists"}]),
    (
        ("Deployment|StatefulSet", ANY),
        POD + ("affinity",),
        {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}},
    ),
    (("Deployment|StatefulSet", ANY), POD + ("priorityClassName",), "code"),
    (("Deployment|Service|ConfigMap", ANY), ("metadata", "labels", "acme.example/team"), "platform"),
    (("Deployment|StatefulSet", ANY), ("spec", "template", "metadata", "annotations", "acme.example/log"), "json"),
    (("ConfigMap", "prometheus"), ("data", "prometheus.yml"), added_to_end("prometheus.yml", "# acme")),
    (("ConfigMap", "prometheus"), ("data", "acme_rules.yml"), "groups:\n- name: acme\n  rules: []\n"),
    (
        ("ConfigMap", "pgsql-conf"),
        ("data", "postgresql.conf"),
        added_to_end("postgresql.conf", "max_connections = 400"),
    ),
    (("Deployment", SERVICES), FIRST + ("args",), argument_added),
    (
        ("Deployment", "searcher|symbols|" + DATABASES),
        POD + ("containers", At("acme-logs")),
        element(name="acme-logs", image="registry.acme.example/fluent-bit:1.9", args=["-q"]),
    ),
    (
        ("Deployment|StatefulSet", "gitserver|searcher|" + DATABASES),
        POD + ("initContainers", At("acme-wait")),
        element(name="acme-wait", image="registry.acme.example/busybox:1.36", command=["true"]),
    ),
    (("Deployment", SERVICES), FIRST + ("readinessProbe", "periodSeconds"), 17),
    (("Deployment|StatefulSet", ANY), FIRST + ("livenessProbe", "initialDelaySeconds"), 90),
    (("Deployment", SERVICES), ("spec", "revisionHistoryLimit"), 3),
    (("Deployment", "searcher|symbols"), ("spec", "strategy", "rollingUpdate", "maxSurge"), 3),
    (("Role", ANY), ("metadata", "annotations", "acme.example/audited"), "yes"),
    (("Deployment", "prometheus|grafana"), ("spec", "template", "metadata", "labels", "acme.example/net"), "metrics"),
]

NODE = {"fieldRef": {"fieldPath": "spec.nodeName"}}
SIDECAR = {
    "name": "acme-proxy",
    "image": "registry.acme.example/envoy:1.28",
    "args": ["-c", "/etc/envoy.yaml"],
    "ports": [{"containerPort": 9901, "name": "admin"}],
    "resources": {"limits": {"cpu": "200m", "memory": "64Mi"}},
}
TOLERATIONS = [{"key": "acme", "operator": "Exists"}, {"key": "spot", "value": "yes", "effect": "NoSchedule"}]
TWO_HOSTS = [
    {"host": f"{name}.acme.example", "http": {"paths": [{"backend": {"serviceName": name, "servicePort": 80}}]}}
    for name in ("code", "search")
]


def arguments_around(o):
    """One argument before upstream's, one after."""
    return ["--acme-first"] + argument_added(o)


# Edits that change what an object is made of.
STRUCTURE = [
    (("Deployment", SERVICES + "|" + DATABASES), POD + ("containers", At("acme-proxy")), SIDECAR),
    (
        ("Deployment|StatefulSet", SERVICES + "|" + SCALED + "|" + DATABASES),
        POD + ("initContainers", At("acme-first")),
        element(name="acme-first", image="registry.acme.example/busybox:1.36", command=["sh", "-c", "sleep 1"]),
    ),
    (
        ("Deployment|StatefulSet", "gitserver|searcher|" + DATABASES),
        POD + ("initContainers", At("acme-wait")),
        element(name="acme-wait", image="registry.acme.example/busybox:1.36", command=["true"]),
    ),
    (("Deployment|StatefulSet", ANY), FIRST + ("env", At("ACME_NODE")), element(name="ACME_NODE", valueFrom=NODE)),
    (
        ("Deployment|StatefulSet", ANY),
        FIRST + ("env", At("ACME_URL")),
        element(name="ACME_URL", value="http://$(ACME_NODE):9000/$(POD_NAME)"),
    ),
    (("Deployment|StatefulSet", ANY), FIRST + ("args",), argument_added),
    (("Deployment", "prometheus|jaeger|query-runner"), FIRST + ("args",), arguments_around),
    (("Deployment|StatefulSet", ANY), POD + ("tolerations",), TOLERATIONS),
    (("Deployment", ANY), FIRST + ("command",), ["/bin/sh", "-c", "exec /entry"]),
    (("Deployment|StatefulSet", ANY), FIRST + ("livenessProbe",), "\0delete"),
    (("Deployment|StatefulSet", ANY), FIRST + ("livenessProbe",), {"exec": {"command": ["true"]}}),
    (("Deployment", ANY), ("spec", "strategy"), {"type": "Recreate"}),
    (("PersistentVolumeClaim", ANY), ("spec", "accessModes"), ["ReadWriteMany", "ReadWriteOnce"]),
    (("Deployment|StatefulSet", ANY), POD + ("volumes", At("scratch")), element(name="scratch", emptyDir={})),
    (("Role|ClusterRole", ANY), ("rules", Nth(0), "verbs"), ["get", "list"]),
    (("Ingress", ANY), ("spec", "rules"), TWO_HOSTS),
    (("Service", ANY), ("spec", "ports", At("9100/TCP")), element(name="acme", port=9100, targetPort=9100)),
    (("Service", ANY), ("metadata", "namespace"), "code"),
    (("Role|RoleBinding", ANY), ("apiVersion",), "rbac.authorization.k8s.io/v1beta1"),
    (("Ingress", ANY), ("apiVersion",), "networking.k8s.io/v1"),
    (("Deployment", "searcher|symbols"), ("apiVersion",), "apps/v1beta2"),
]

# What goes together when it goes: an external database, and no roles in the cluster.
REMOVABLE = [
    [("Deployment", "pgsql"), ("PersistentVolumeClaim", "pgsql"), ("Service", "pgsql")],
    [("Deployment", "redis-store"), ("PersistentVolumeClaim", "redis-store"), ("Service", "redis-store")],
    [("Role", "sourcegraph-frontend"), ("RoleBinding", "sourcegraph-frontend")],
    [("Ingress", "sourcegraph-frontend")],
]


def own(version, kind, name, **rest):
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **rest}


# Files added beside upstream's.
OWN_OBJECTS = {
    ("StorageClass", "fast-ssd"): own("storage.k8s.io/v1", "StorageClass", "fast-ssd", provisioner="ebs.csi.aws.com"),
    ("ConfigMap", "acme-nginx"): own("v1", "ConfigMap", "acme-nginx", data={"nginx.conf": "events {}\nhttp {}\n"}),
    ("Service", "acme-nginx"): own(
        "v1",
        "Service",
        "acme-nginx",
        spec={"type": "NodePort", "selector": {"app": "acme-nginx"}, "ports": [{"port": 443, "nodePort": 30443}]},
    ),
    ("Deployment", "acme-nginx"): own(
        "apps/v1",
        "Deployment",
        "acme-nginx",
        spec={
            "selector": {"matchLabels": {"app": "acme-nginx"}},
            "template": {
                "metadata": {"labels": {"app": "acme-nginx"}},
                "spec": {
                    "containers": [
                        {
                            "name": "nginx",
                            "image": "registry.acme.example/nginx:1.25",
                            "volumeMounts": [{"name": "conf", "mountPath": "/etc/nginx"}],
                        }
                    ],
                    "volumes": [{"name": "conf", "configMap": {"name": "acme-nginx"}}],
                },
            },
        },
    ),
}

MORE_OBJECTS = {
    ("NetworkPolicy", "acme-deny"): own(
        "networking.k8s.io/v1", "NetworkPolicy", "acme-deny", spec={"podSelector": {}, "policyTypes": ["Ingress"]}
    ),
    ("Secret", "gitserver-ssh"): own("v1", "Secret", "gitserver-ssh", type="Opaque", data={"id_rsa": "a2V5"}),
    ("CronJob", "acme-backup"): own(
        "batch/v1beta1",
        "CronJob",
        "acme-backup",
        spec={
            "schedule": "0 3 * * *",
            "jobTemplate": {
                "spec": {
                    "template": {
                        "spec": {
                            "restartPolicy": "Never",
                            "containers": [{"name": "backup", "image": "registry.acme.example/backup:2"}],
                        }
                    }
                }
            },
        },
    ),
}
