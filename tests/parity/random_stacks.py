#!/usr/bin/env python3
"""Random stacks and overlays, rendered by sgupgrade and by kustomize 5.8.1: bytes must be equal.

usage: tests/parity/random_stacks.py [--wide] [--count N] [--seed S | --seeds FILE] [--keep DIR]

A case is made from its number alone, so a failure is repeated with --seed S --count 1. Both programs
refusing a case counts as agreement (the texts differ); one refusing and the other not is a difference.
Without kustomize 5.8.1 ($KUSTOMIZE or PATH) it says so and exits 0.
"""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Scalars as text, the way a person might type them after "key: ".
SCALARS = ["x", "yes", "'no'", '"1"', "1", "0123", "0o17", "1_000", "1.0", "1.50", "1e3", "true", "'true'",
           "~", "null", '""', "''", "a: b".replace(": ", "=") + "=c", "'a: b'", "'# no comment'",
           '"tab\\there"', '"two\\nlines"', "2020-01-01", "12:30", "0x1F", "-1", "+5", ".5", "ünïcödé",
           "'  spaces  '", "word " * 24 + "end", '"' + "long quoted: text " * 7 + '"', "'{json: 1}'",
           "http://example.com:80/a?b=c&d", "'*'", "'&a'", "'!x'", "on", "Off", "n", "y", "0.1", "12e03",
           "18446744073709551615", "'08'", "08", "100m", "1Gi", "a'b", 'a"b', "'@x'", "'%x'", "'- x'"]
NAMES = ["app", "web", "db", "cache", "queue", "api", "job", "web-2", "db10", "db9"]


class Case:
    def __init__(self, seed, top):
        self.rng = random.Random(seed)
        self.top = top
        self.objects = []  # (kind, apiVersion, name, namespace) of every resource made

    # --- small choices

    def maybe(self, chance):
        return self.rng.random() < chance

    def pick(self, items):
        return self.rng.choice(items)

    def scalar(self):
        return self.pick(SCALARS)

    def name(self):
        return self.pick(NAMES)

    def write(self, path, text):
        full = os.path.join(self.top, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8", newline="") as out:
            out.write(text)

    # --- objects

    def metadata(self, name, namespace):
        text = "metadata:\n  name: %s\n" % name
        if namespace:
            text += "  namespace: %s\n" % namespace
        if self.maybe(0.6):
            text += "  labels:\n    app: %s\n" % name
            if self.maybe(0.4):
                text += "    tier: %s\n" % self.pick(["front", "back", "'1'"])
        if self.maybe(0.3):
            text += "  annotations:\n    note: %s\n" % self.pick(["x", "'1'", "'yes'", "'a: b'", "long " * 20])
        return text

    def container(self, name):
        text = "      - name: %s\n        image: %s\n" % (
            name, self.pick(["nginx", "nginx:1.0", "reg.example.com:5000/team/nginx:1.2", "redis@sha256:" + "a" * 64,
                             "redis:6@sha256:" + "b" * 64, "app"]))
        if self.maybe(0.6):
            text += "        env:\n"
            for key in self.rng.sample(["A", "B", "C", "LEVEL"], self.rng.randint(1, 3)):
                shape = self.rng.randint(0, 3)
                if shape == 0:
                    text += "        - name: %s\n          valueFrom:\n            configMapKeyRef:\n" \
                            "              name: %s\n              key: k\n" % (key, self.name())
                elif shape == 1:
                    text += "        - name: %s\n          valueFrom:\n            secretKeyRef:\n" \
                            "              name: %s\n              key: k\n" % (key, self.name())
                else:
                    text += "        - name: %s\n          value: %s\n" % (key, self.scalar())
        if self.maybe(0.5):
            text += "        ports:\n"
            for port in self.rng.sample([80, 443, 8080, 53], self.rng.randint(1, 3)):
                text += "        - containerPort: %d\n" % port
                if self.maybe(0.6):
                    text += "          protocol: %s\n" % self.pick(["TCP", "UDP"])
                if self.maybe(0.4):
                    text += "          name: p%d\n" % port
        if self.maybe(0.4):
            text += "        args: [%s]\n" % ", ".join(self.pick(["a", "'-b'", "--c=1"]) for _ in range(2))
        if self.maybe(0.4):
            text += "        resources:\n          limits:\n            cpu: %s\n            memory: 1Gi\n" % (
                self.pick(["1", "'1'", "500m", "0.5"]))
        if self.maybe(0.3):
            text += "        envFrom:\n        - configMapRef:\n            name: %s\n" % self.name()
        if self.maybe(0.4):
            text += "        volumeMounts:\n        - name: data\n          mountPath: /data\n"
        return text

    def pod(self, name):
        text = "    metadata:\n      labels:\n        app: %s\n    spec:\n" % name
        if self.maybe(0.3):
            text += "      serviceAccountName: %s\n" % self.name()
        text += "      containers:\n"
        for part in self.rng.sample(["main", "side", "log"], self.rng.randint(1, 3)):
            text += self.container(part)
        if self.maybe(0.3):
            text += "      initContainers:\n" + self.container("init")
        if self.maybe(0.5):
            text += "      volumes:\n      - name: data\n" + self.pick([
                "        emptyDir: {}\n",
                "        persistentVolumeClaim:\n          claimName: %s\n" % self.name(),
                "        configMap:\n          name: %s\n" % self.name(),
                "        secret:\n          secretName: %s\n" % self.name()])
        if self.maybe(0.2):
            text += "      tolerations:\n      - key: k\n        operator: Exists\n"
        return text

    def workload(self, kind, name, namespace):
        text = "apiVersion: apps/v1\nkind: %s\n%sspec:\n" % (kind, self.metadata(name, namespace))
        if kind != "DaemonSet" and self.maybe(0.7):
            text += "  replicas: %s\n" % self.pick(["1", "3", "'2'"])
        text += "  selector:\n    matchLabels:\n      app: %s\n  template:\n%s" % (name, self.pod(name))
        if kind == "StatefulSet":
            text += "  serviceName: %s\n" % self.name()
            if self.maybe(0.5):
                text += "  volumeClaimTemplates:\n  - metadata:\n      name: data\n    spec:\n" \
                        "      storageClassName: std\n"
        return text

    def service(self, name, namespace):
        text = "apiVersion: v1\nkind: Service\n%sspec:\n  selector:\n    app: %s\n  ports:\n" % (
            self.metadata(name, namespace), name)
        for port in self.rng.sample([53, 80, 443], self.rng.randint(1, 2)):
            text += "  - port: %d\n" % port
            if self.maybe(0.5):
                text += "    protocol: %s\n" % self.pick(["TCP", "UDP"])
            if self.maybe(0.6):
                text += "    name: n%d\n" % port
        return text

    def config(self, kind, name, namespace):
        text = "apiVersion: v1\nkind: %s\n%s" % (kind, self.metadata(name, namespace))
        text += "data:\n" if kind == "ConfigMap" or self.maybe(0.5) else "stringData:\n"
        for key in self.rng.sample(["k", "f1", "f10", "f2", "A", "a.b", "x_y"], self.rng.randint(1, 5)):
            if self.maybe(0.3):
                text += "  %s: |%s\n    line one\n      line two: %s\n\n    end\n" % (
                    key, self.pick(["", "-", "+"]), self.pick(["x", "\u00e9", "'q'"]))
            else:
                text += "  %s: %s\n" % (key, self.scalar())
        return text

    def role(self, kind, name, namespace):
        api = "rbac.authorization.k8s.io/v1"
        if kind.endswith("Binding"):
            ref = kind[:-len("Binding")]
            text = "apiVersion: %s\nkind: %s\n%sroleRef:\n  apiGroup: rbac.authorization.k8s.io\n" \
                   "  kind: %s\n  name: %s\nsubjects:\n- kind: ServiceAccount\n  name: %s\n" % (
                       api, kind, self.metadata(name, namespace), ref, self.name(),
                       self.pick([self.name(), "default"]))
            if self.maybe(0.5):
                text += "  namespace: %s\n" % self.pick(["default", "ns1"])
            return text
        return "apiVersion: %s\nkind: %s\n%srules:\n- apiGroups: ['']\n  resources: [pods]\n  verbs: [get]\n" % (
            api, kind, self.metadata(name, namespace))

    def other(self, kind, name, namespace):
        meta = self.metadata(name, namespace)
        if kind == "Ingress":
            return "apiVersion: networking.k8s.io/v1\nkind: Ingress\n%sspec:\n  rules:\n  - host: h\n    http:\n" \
                   "      paths:\n      - path: /\n        pathType: Prefix\n        backend:\n          service:\n" \
                   "            name: %s\n            port:\n              number: 80\n" % (meta, self.name())
        if kind == "HorizontalPodAutoscaler":
            return "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\n%sspec:\n  maxReplicas: 4\n" \
                   "  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: %s\n" % (meta, self.name())
        if kind == "PersistentVolumeClaim":
            return "apiVersion: v1\nkind: PersistentVolumeClaim\n%sspec:\n  storageClassName: std\n  resources:\n" \
                   "    requests:\n      storage: 1Gi\n" % meta
        if kind == "ServiceAccount":
            return "apiVersion: v1\nkind: ServiceAccount\n%s" % meta
        if kind == "Namespace":
            return "apiVersion: v1\nkind: Namespace\n%s" % meta
        if kind == "CronJob":
            return "apiVersion: batch/v1\nkind: CronJob\n%sspec:\n  schedule: '0 0 * * *'\n  jobTemplate:\n" \
                   "    spec:\n      template:\n        spec:\n          containers:\n          - name: main\n" \
                   "            image: nginx:1.0\n            envFrom:\n            - secretRef:\n" \
                   "                name: %s\n" % (meta, self.name())
        return "apiVersion: example.com/v1\nkind: Widget\n%sspec:\n  list:\n  - name: a\n    v: %s\n  - name: b\n" \
               "  value: %s\n  nested:\n    f9: %s\n    f10: 2\n    '1': x\n" % (
                   meta, self.scalar(), self.scalar(), self.scalar())

    def resource(self, taken):
        kind = self.pick(["Deployment"] * 5 + ["StatefulSet", "DaemonSet"] + ["Service"] * 3 + ["ConfigMap"] * 3 +
                         ["Secret"] * 2 + ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "Ingress",
                                           "HorizontalPodAutoscaler", "PersistentVolumeClaim", "ServiceAccount",
                                           "Namespace", "CronJob", "Widget"])
        name = self.name()
        cluster = kind in ("ClusterRole", "ClusterRoleBinding", "Namespace")
        namespace = self.pick(["ns1", "default"]) if self.maybe(0.15) and not cluster else ""
        if (kind, name) in taken:
            return None
        taken.add((kind, name))
        if kind in ("Deployment", "StatefulSet", "DaemonSet"):
            api, text = "apps/v1", self.workload(kind, name, namespace)
        elif kind == "Service":
            api, text = "v1", self.service(name, namespace)
        elif kind in ("ConfigMap", "Secret"):
            api, text = "v1", self.config(kind, name, namespace)
        elif "Role" in kind:
            api, text = "rbac.authorization.k8s.io/v1", self.role(kind, name, namespace)
        else:
            text = self.other(kind, name, namespace)
            api = text.split("\n", 1)[0].split(": ")[1]
        self.objects.append((kind, api, name, namespace))
        return text

    # --- kustomizations

    def base(self, folder):
        taken, docs, entries = set(), [], []
        for _ in range(self.rng.randint(2, 9)):
            text = self.resource(taken)
            if text:
                docs.append(text)
        self.rng.shuffle(docs)
        files = max(1, self.rng.randint(1, 3))
        for n in range(files):
            part = docs[n::files]
            if part:
                ends = "\r\n" if self.maybe(0.05) else "\n"
                self.write("%s/r%d.yaml" % (folder, n), "---\n".join(part).replace("\n", ends))
                entries.append("r%d.yaml" % n)
        self.write(folder + "/kustomization.yaml",
                   "resources:\n" + "".join("- %s\n" % e for e in entries) + self.fields(folder, 0.15))

    def strategic(self, target):
        kind, api, name, namespace = target
        head = "apiVersion: %s\nkind: %s\nmetadata:\n  name: %s\n" % (api, kind, name)
        if namespace:
            head += "  namespace: %s\n" % namespace
        if self.maybe(0.08):
            return head + "$patch: delete\n"
        if self.maybe(0.3):
            head += "  annotations:\n    patched: %s\n" % self.pick(["'1'", "'yes'", "null", "x"])
        if self.maybe(0.3):
            head += "  labels:\n    tier: %s\n" % self.pick(["other", "null", "'2'"])
        if kind in ("ConfigMap", "Secret"):
            return head + "data:\n  k: %s\n  added: %s\n" % (self.pick(["null", self.scalar()]), self.scalar())
        if kind in ("Deployment", "StatefulSet", "DaemonSet"):
            body = "spec:\n  template:\n    spec:\n      containers:\n"
            for part in self.rng.sample(["main", "side", "log", "new"], self.rng.randint(1, 2)):
                if self.maybe(0.1):
                    body += "      - name: %s\n        $patch: delete\n" % part
                elif self.maybe(0.15):
                    body += "      - name: %s\n        env: %s\n" % (part, self.pick(["[]", "null"]))
                else:
                    body += self.container(part)
            return head + body
        if kind == "Service":
            return head + "spec:\n  type: NodePort\n  ports:\n  - port: %d\n%s    nodePort: 30000\n" % (
                self.pick([53, 80, 443]), "    protocol: TCP\n" if self.maybe(0.6) else "")
        if kind == "Widget":
            return head + "spec:\n  list:\n  - name: c\n  value: %s\n  nested: %s\n" % (
                self.scalar(), self.pick(["null", "{}", "{f9: 1}", "{$patch: replace, z: 1}"]))
        return head + "spec:\n  extra: %s\n" % self.scalar()

    def json_ops(self):
        ops = ""
        for _ in range(self.rng.randint(1, 2)):
            if self.maybe(0.7):  # one that nearly every object accepts
                ops += self.pick([
                    "- op: add\n  path: /metadata/annotations\n  value: {a: b}\n",
                    "- op: add\n  path: /extra\n  value: [1, '1', {b: %s, a: ~}]\n" % self.pick(["yes", "0x1F", "1e3"]),
                    "- op: replace\n  path: /metadata/name\n  value: renamed\n",
                    "- op: copy\n  from: /metadata/name\n  path: /copied\n",
                    "- op: add\n  path: /metadata/labels\n  value: {z: '1', a: 'yes'}\n"])
                continue
            ops += self.pick([
                "- op: add\n  path: /metadata/labels/added\n  value: %s\n" % self.pick(["x", "'1'"]),
                "- op: replace\n  path: /metadata/name\n  value: %s\n" % self.pick(["renamed", "app"]),
                "- op: add\n  path: /spec\n  value: {x: %s}\n" % self.pick(["1", "yes", "'1'", "1.0", "~"]),
                "- op: add\n  path: /data/k~1x\n  value: v\n",
                "- op: remove\n  path: /metadata/labels\n",
                "- op: add\n  path: /spec/template/spec/containers/0/args\n  value: [a, 1, 'b']\n",
                "- op: test\n  path: /kind\n  value: Deployment\n"])
        return ops

    def target(self):
        kind, api, name, _ = self.pick(self.objects)
        text = "  target:\n    kind: %s\n" % self.pick([kind, ".*", "Deployment|StatefulSet"])
        if self.maybe(0.6):
            text += "    name: %s\n" % self.pick([name, ".*", "db.*", "app|web"])
        if self.maybe(0.2):
            text += "    labelSelector: %s\n" % self.pick(["app=app", "tier", "'tier in (front, back)'", "'!tier'"])
        if self.maybe(0.1):
            text += "    annotationSelector: note=x\n"
        return text

    def indent(self, text, by):
        return "".join(" " * by + line + "\n" for line in text.rstrip("\n").split("\n"))

    def patches(self, folder):
        text = "patches:\n"
        for n in range(self.rng.randint(1, 3)):
            if self.maybe(0.35):
                ops = self.json_ops()
                if self.maybe(0.5):
                    self.write("%s/ops%d.yaml" % (folder, n), ops)
                    text += "- path: ops%d.yaml\n" % n
                else:
                    text += "- patch: |-\n" + self.indent(ops, 4)
                text += self.target()
                continue
            docs = self.strategic(self.pick(self.objects))
            if self.maybe(0.2):
                docs += "---\n" + self.strategic(self.pick(self.objects))
                self.write("%s/sm%d.yaml" % (folder, n), docs)
                text += "- path: sm%d.yaml\n" % n
            elif self.maybe(0.5):
                self.write("%s/sm%d.yaml" % (folder, n), docs)
                text += "- path: sm%d.yaml\n" % n
                if self.maybe(0.2):
                    text += self.target()
            else:
                text += "- patch: |-\n" + self.indent(docs, 4)
        return text

    def generators(self, folder):
        text = ""
        for kind in ("configMapGenerator", "secretGenerator"):
            if not self.maybe(0.5):
                continue
            text += kind + ":\n"
            for name in self.rng.sample(NAMES[:6], self.rng.randint(1, 2)):
                text += "- name: %s%s\n" % (name, "" if self.maybe(0.7) else "-gen")
                if self.maybe(0.2):
                    text += "  behavior: %s\n" % self.pick(["merge", "replace", "create", "create"])
                if kind == "secretGenerator" and self.maybe(0.3):
                    text += "  type: kubernetes.io/tls\n"
                if self.maybe(0.8):
                    text += "  literals:\n  - k=v\n  - q=%s\n" % self.pick(["1", "a=b", "'x'", "\"<&>\"", "ü"])
                if self.maybe(0.4):
                    self.write(folder + "/f.txt", self.pick(["one\ntwo\n", "no newline", " lead\n", "tab\there\n", ""]))
                    text += "  files:\n  - %sf.txt\n" % self.pick(["", "key="])
                if self.maybe(0.3):
                    self.write(folder + "/e.env", "# comment\nE1=1\nE2=two words\n\nE3=\n")
                    text += "  envs:\n  - e.env\n"
                if self.maybe(0.3):
                    text += "  options:\n    disableNameSuffixHash: true\n    labels:\n      gen: a\n"
        if text and self.maybe(0.3):
            text += "generatorOptions:\n  annotations:\n    g: '1'\n  labels:\n    gl: x\n"
            if self.maybe(0.3):
                text += "  immutable: true\n"
        return text

    def replacements(self):
        kind, _, name, _ = self.pick(self.objects)
        other, _, second, _ = self.pick(self.objects)
        return ("replacements:\n- source:\n    kind: %s\n    name: %s\n    fieldPath: %s\n  targets:\n"
                "  - select:\n      kind: %s\n%s    fieldPaths:\n    - %s\n    options:\n      create: true\n") % (
                    kind, name, self.pick(["metadata.name", "kind"]), other,
                    "      name: %s\n" % second if self.maybe(0.5) else "",
                    self.pick(["metadata.annotations.copied", "metadata.labels.copied"]))

    def fields(self, folder, chance):
        text = ""
        if self.maybe(chance):
            text += "namespace: %s\n" % self.pick(["prod", "default", "ns1"])
        if self.maybe(chance):
            text += "namePrefix: %s\n" % self.pick(["pre-", "a-"])
        if self.maybe(chance):
            text += "nameSuffix: %s\n" % self.pick(["-suf", "-v2"])
        if self.maybe(chance):
            text += "labels:\n- pairs:\n    team: %s\n" % self.pick(["x", "'1'", "'yes'"])
            text += self.pick(["", "  includeSelectors: true\n", "  includeTemplates: true\n"])
        if self.maybe(chance * 0.5):
            text += "commonLabels:\n  common: %s\n" % self.pick(["c", "'2'"])
        if self.maybe(chance):
            text += "commonAnnotations:\n  who: %s\n" % self.pick(["me", "'3'", "'true'", "'a: b'"])
        if self.maybe(chance):
            text += "images:\n"
            for image in self.rng.sample(["nginx", "redis", "app", "reg.example.com:5000/team/nginx"], 2):
                text += "- name: %s\n" % image
                text += self.pick(["  newTag: '2.0'\n", "  newName: mirror/x\n", "  digest: sha256:" + "c" * 64 + "\n",
                                   "  newName: m\n  newTag: v3\n", "  tagSuffix: -fips\n"])
        scaled = [n for k, _, n, _ in self.objects if k in ("Deployment", "StatefulSet")]
        if self.maybe(chance) and scaled:
            text += "replicas:\n- name: %s\n  count: 5\n" % self.pick(scaled)
        if self.maybe(chance):
            text += self.generators(folder)
        if self.maybe(chance * 2) and self.objects:
            text += self.patches(folder)
        if self.maybe(chance * 0.6) and self.objects:
            text += self.replacements()
        return text

    def make(self):
        """Writes the case; -> the folder to build, relative to the top."""
        self.base("base")
        resources = ["../base"]
        if self.maybe(0.3):
            self.base("base2")
            resources.append("../base2")
        components = ""
        if self.maybe(0.25):
            self.write("component/kustomization.yaml",
                       "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" + self.fields("component", 0.3))
            components = "components:\n- ../component\n"
        middle = self.maybe(0.3)
        if middle:
            self.write("middle/kustomization.yaml", "resources:\n" + "".join("- %s\n" % r for r in resources) +
                       self.fields("middle", 0.25))
            resources = ["../middle"]
        text = "resources:\n" + "".join("- %s\n" % r for r in resources) + components + self.fields("overlay", 0.35)
        if self.maybe(0.2):
            text += "sortOptions:\n  order: %s\n" % self.pick(["fifo", "legacy"])
        if self.maybe(0.15):
            text += "buildMetadata: [%s]\n" % self.pick(["originAnnotations", "managedByLabel", "transformerAnnotations"])
        self.write("overlay/kustomization.yaml", text)
        return "overlay"


def render(program, folder):
    done = subprocess.run([program, "build", folder], capture_output=True, timeout=60)
    # managedByLabel prints the program's version, and Debian's build of 5.8.1 calls itself (devel).
    output = done.stdout.replace(b"managed-by: kustomize-(devel)", b"managed-by: kustomize-v5.8.1")
    return done.returncode, output, done.stderr.decode("utf-8", "replace")


def message(stderr):
    """The line that says what is wrong, shortened at both ends."""
    lines = [line for line in stderr.splitlines() if "rror:" in line] or stderr.strip().splitlines() or ["no message"]
    return lines[0] if len(lines[0]) < 400 else lines[0][:100] + " ... " + lines[0][-280:]


def is_oracle(path):
    """$KUSTOMIZE is believed (tests/run.sh looked at it); a program on the PATH must say its version."""
    if path == os.environ.get("KUSTOMIZE"):
        return os.access(path, os.X_OK)
    try:
        return b"5.8.1" in subprocess.run([path, "version"], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False


def case_class(kind):
    if kind == "wide":
        from wide_stacks import WideCase  # that module derives from this one
        return WideCase
    return Case


def chosen_cases(options):
    """-> (kind, seed) of each case."""
    kind = "wide" if options.wide else "stacks"
    if not options.seeds:
        return [(kind, seed) for seed in range(options.seed, options.seed + options.count)]
    with open(options.seeds, encoding="utf-8") as lines:
        words = [line.split("#")[0].split() for line in lines]
    return [("wide" if len(w) > 1 else "stacks", int(w[-1])) for w in words if w]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wide", action="store_true", help="the cases of wide_stacks.py, which reach every field")
    parser.add_argument("--seeds", help="a file of seeds to run instead, one a line: [wide] SEED [# why]")
    parser.add_argument("--keep", help="folder for the differing cases (default: a temporary one)")
    options = parser.parse_args()
    ours = os.environ.get("SGUPGRADE", os.path.join(ROOT, "build", "release", "sgupgrade"))
    theirs = os.environ.get("KUSTOMIZE") or shutil.which("kustomize") or ""
    if not theirs or not is_oracle(theirs):
        print("skipped: random stacks: kustomize 5.8.1 is not here")
        return 0
    keep = options.keep or tempfile.mkdtemp(prefix="sg-random-")
    different = refused = crashed = 0
    cases = chosen_cases(options)
    for kind, seed in cases:
        top = os.path.join(keep, "%s-%d" % (kind, seed))
        shutil.rmtree(top, ignore_errors=True)
        folder = os.path.join(top, case_class(kind)(seed, top).make())
        want, got = render(theirs, folder), render(ours, folder)
        if want[0] != 0 and "goroutine " in want[2] and "panic" in want[2]:
            crashed += 1  # a crash says nothing about what they mean
            if got[0] in (0, 2):
                shutil.rmtree(top)
                continue
        agree = want[0] != 0 and got[0] == 2 or want[0] == 0 and got[0] == 0 and want[1] == got[1]
        refused += want[0] != 0
        if agree:
            shutil.rmtree(top)
            continue
        different += 1
        with open(os.path.join(top, "kustomize.out"), "wb") as out:
            out.write(want[1])
        with open(os.path.join(top, "sgupgrade.out"), "wb") as out:
            out.write(got[1])
        what = "bytes differ" if want[0] == got[0] == 0 else "kustomize exits %d, sgupgrade %d" % (want[0], got[0])
        print("%s seed %d: %s: %s" % (kind, seed, what, top))
        for name, result in (("kustomize", want), ("sgupgrade", got)):
            if result[0] != 0:
                print("    %s: %s" % (name, message(result[2])))
    print("random %s: %d cases, %d refused by kustomize, %d where it crashed, %d different" % (
        options.seeds or ("wide stacks" if options.wide else "stacks"), len(cases), refused, crashed, different))
    if not options.keep and not different:
        shutil.rmtree(keep, ignore_errors=True)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
