#!/usr/bin/env bash
# Files that a kustomization names by a http URL, served from this machine: as kustomize 5.8.1 renders
# them ($KUSTOMIZE), and the same again without the network.
#
# usage: SGUPGRADE=build/release/sgupgrade tests/parity/web.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
ours=${SGUPGRADE:-$root/build/release/sgupgrade}
if [ -z "${KUSTOMIZE:-}" ]; then
  echo "skipped: files of the web: no kustomize 5.8.1"
  exit 0
fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY

mkdir -p "$work/served/deep"
cat >"$work/served/app.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: web:1}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
YAML
cp "$work/served/app.yaml" "$work/served/deep/app.yaml"
cat >"$work/served/patch.yaml" <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {b: "2"}
YAML
printf 'A=1\nB=two\n' >"$work/served/a.env"
echo '<html>no manifest</html>' >"$work/served/page"
cat >"$work/served/replacement.yaml" <<'YAML'
source: {kind: ConfigMap, name: settings, fieldPath: data.a}
targets: [{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image]}]
YAML

# The port is the system's choice; the server says which.
python3 -u -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1])
server.serve_forever()' "$work/served" >"$work/port" 2>/dev/null &
server=$!
for _ in $(seq 100); do
  [ -s "$work/port" ] && break
  sleep 0.1
done
at=http://127.0.0.1:$(cat "$work/port")

compared=0 different=0
compare() { # NAME KUSTOMIZATION
  local want=0 got=0 offline=0
  mkdir -p "$work/case"
  printf '%s\n' "$2" >"$work/case/kustomization.yaml"
  "$KUSTOMIZE" build "$work/case" >"$work/theirs" 2>/dev/null || want=$?
  "$ours" build "$work/case" >"$work/ours" 2>"$work/ours.err" || got=$?
  "$ours" build --offline "$work/case" >"$work/offline" 2>/dev/null || offline=$?
  compared=$((compared + 1))
  if [ $((want == 0)) != $((got == 0)) ] || ! cmp -s "$work/theirs" "$work/ours" ||
    ! cmp -s "$work/ours" "$work/offline" || [ "$got" != "$offline" ]; then
    different=$((different + 1))
    echo "$1: kustomize exits $want, we $got, offline $offline"
    diff "$work/theirs" "$work/ours" | head -10 || true
    cat "$work/ours.err"
  fi
}
compare "a resource" "resources: [$at/app.yaml]"
compare "a resource that could be a repository" "resources: [$at/deep/app.yaml]"
compare "upper case" "resources: ['HTTP${at#http}/app.yaml']"
compare "a query" "resources: ['$at/app.yaml?raw=true']"
compare "everything that names a file" "resources: [$at/app.yaml]
patches: [{path: $at/patch.yaml}]
replacements: [{path: $at/replacement.yaml}]
configMapGenerator: [{name: g, envs: [$at/a.env], files: [f=$at/a.env]}]"
compare "where they come from" "resources: [$at/app.yaml]
buildMetadata: [originAnnotations, transformerAnnotations]"
compare "not there" "resources: [$at/none.yaml]"
compare "no manifest" "resources: [$at/page]"
compare "twice" "resources: [$at/app.yaml, $at/deep/app.yaml]"
compare "a patch that is not there" "resources: [$at/app.yaml]
patches: [{path: $at/none.yaml}]"
echo "web: $compared compared, $different different"
[ "$different" = 0 ]
