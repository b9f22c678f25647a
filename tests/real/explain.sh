#!/usr/bin/env bash
# Where the values of a real release come from: an overlay with every kind of step, and of every field of
# the objects it touches a chain that ends in what kustomize prints, each link beginning where the one
# before ended, at a file and line that are there.
#
# usage: tests/real/explain.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=${SG_SHARED:-$(dirname "$root")/shared}
export SGUPGRADE=${SGUPGRADE:-$root/build/release/sgupgrade}
if [ ! -d "$shared/real/upstream" ]; then
  echo "skipped: real explain: no ../shared/real"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache

bash "$shared/real/make-upstream.sh" "$work/upstream" >/dev/null
mkdir "$work/customer"
cd "$work/customer"
"$SGUPGRADE" init --upstream "$work/upstream" --version 3.19.2 --path base -q >/dev/null
cat >overlays/default/kustomization.yaml <<'END'
resources:
- ../../base
- token.yaml
components:
- ../../components/priority
namespace: prod
namePrefix: acme-
labels:
- pairs: {team: search}
  includeTemplates: true
commonAnnotations:
  owner: platform
patches:
- path: searcher.yaml
- target: {kind: Deployment, name: searcher}
  patch: |-
    - op: replace
      path: /spec/template/spec/containers/0/resources/limits/cpu
      value: "8"
    - op: add
      path: /spec/template/spec/containers/0/env/0
      value: {name: FIRST, value: "1"}
    - op: copy
      from: /spec/replicas
      path: /spec/revisionHistoryLimit
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: searcher}
    spec:
      template:
        spec:
          containers:
          - name: searcher
            env:
            - name: CACHE_DIR
              $patch: delete
- patch: |-
    $patch: delete
    apiVersion: policy/v1beta1
    kind: PodSecurityPolicy
    metadata: {name: cadvisor}
images:
- {name: index.docker.io/sourcegraph/searcher, newName: mirror.example.com/searcher}
replicas:
- {name: searcher, count: 5}
configMapGenerator:
- name: settings
  literals: [host=web.example.com, port=80]
- name: grafana
  behavior: merge
  literals: [extra.yml=a]
secretGenerator:
- name: pass
  literals: [key=hunter2]
replacements:
- source: {kind: ConfigMap, name: settings, fieldPath: data.host}
  targets:
  - select: {kind: Deployment, name: searcher}
    fieldPaths: [metadata.annotations.host]
    options: {create: true}
- source: {kind: Secret, name: token, fieldPath: stringData.t}
  targets:
  - select: {kind: Deployment, name: searcher}
    fieldPaths: [metadata.annotations.leak]
    options: {create: true}
vars:
- name: PORT
  objref: {apiVersion: v1, kind: ConfigMap, name: settings}
  fieldref: {fieldPath: data.port}
END
cat >overlays/default/token.yaml <<'END'
apiVersion: v1
kind: Secret
metadata: {name: token}
stringData: {t: s3cret}
END
cat >overlays/default/searcher.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: searcher
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: searcher
        envFrom:
        - configMapRef: {name: settings}
        args: [--port=$(PORT)]
        resources:
          limits:
            cpu: "4"
END
mkdir -p components/priority
cat >components/priority/kustomization.yaml <<'END'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/template/spec/priorityClassName
      value: high
END
"$SGUPGRADE" build overlays/default >"$work/ours" 2>/dev/null
if [ -n "${KUSTOMIZE:-}" ]; then
  "$KUSTOMIZE" build overlays/default 2>/dev/null | cmp - "$work/ours" || { echo "real explain: render differs from kustomize" >&2; exit 1; }
fi
"$SGUPGRADE" build overlays/default -o json >"$work/objects.json" 2>/dev/null

python3 - "$work/objects.json" <<'END'
import json, os, subprocess, sys

program = os.environ["SGUPGRADE"]
ABSENT = object()


def explain(name, pointer):
    run = subprocess.run([program, "explain", name, pointer, "-o", "json"], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"real explain: {name} {pointer}: {run.stderr}")
    if "s3cret" in run.stdout or "hunter2" in run.stdout:
        sys.exit(f"real explain: {name} {pointer}: shows a secret")
    return json.loads(run.stdout)["overlays"][0]


def leaves(node, pointer):
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from leaves(value, pointer + "/" + key.replace("~", "~0").replace("/", "~1"))
    elif isinstance(node, list) and node:
        for i, value in enumerate(node):
            yield from leaves(value, f"{pointer}/{i}")
    else:
        yield pointer, node


def masked(value):
    return isinstance(value, dict) and value.get("masked") is True


def same(a, b):
    return masked(a) or masked(b) or (a is b) or (a is not ABSENT and b is not ABSENT and a == b)


def require(holds, what):
    if not holds:
        sys.exit("real explain: " + what)


lines = {}


def check_place(place, what):
    if place["file"] not in lines:
        lines[place["file"]] = len(open(place["file"]).read().split("\n"))
    require(1 <= place.get("line", 1) <= lines[place["file"]], f"{what}: no line {place}")


def check(name, pointer, value, steps):
    chain = explain(name, pointer)
    what = f"{name} {pointer}"
    require(chain["pointer"] == pointer, f"{what}: pointer {chain['pointer']}")
    require(same(chain.get("value", ABSENT), value), f"{what}: {chain.get('value')}, kustomize has {value}")
    last = ABSENT
    for link in chain["chain"]:
        steps.add(link["step"])
        require(same(link.get("before", ABSENT), last), f"{what}: {link['step']} begins with {link.get('before')}")
        last = link.get("after", ABSENT)
        if "location" in link:
            check_place(link["location"], what)
    require(same(last, value), f"{what}: ends with {last}")
    return chain


objects = json.load(open(sys.argv[1]))
objects = objects["items"] if isinstance(objects, dict) else objects
wanted = {("Deployment", "acme-searcher"), ("Secret", "acme-token")}
steps, n = set(), 0
for item in objects:
    kind, name = item["kind"], item["metadata"]["name"]
    if (kind, name) in wanted or (kind == "ConfigMap" and name.startswith(("acme-settings", "acme-grafana"))) \
            or (kind == "Secret" and name.startswith("acme-pass")):
        for pointer, value in leaves(item, ""):
            chain = check(f"{kind}/{name}", pointer, value, steps)
            n += 1
            if kind == "Secret" and pointer.startswith(("/data", "/stringData")) or pointer.endswith("/leak"):
                require(masked(chain["value"]), f"{name} {pointer} is shown")
every = {"file", "patch", "inline patch", "inline JSON patch", "namespace", "namePrefix", "labels entry",
         "commonAnnotations", "images entry", "replicas entry", "configMapGenerator entry",
         "replacements entry", "vars entry", "hash of its content", "name of what it refers to"}
gone = explain("Deployment/searcher", "spec.template.spec.containers[searcher].env[CACHE_DIR]")
steps |= {link["step"] for link in gone["chain"]}
require(gone["gone"] and gone["chain"][-1]["op"] == "delete", "CACHE_DIR is not told as deleted")
require(explain("PodSecurityPolicy/cadvisor", "")["gone"], "the policy is not told as deleted")
require(every <= steps, f"no chain has {sorted(every - steps)}")
print(f"real explain: {n} fields, {len(steps)} kinds of step")
END
