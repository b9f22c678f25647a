#!/usr/bin/env bash
# The real upstream, ten hops, ten customer edits: from 3.10.4 to 3.20 with no hand edit; then back, every
# step byte for byte. Prints the times.
#
# usage: tests/real/upgrade.sh [FOLDER]     FOLDER (default: temporary, removed) keeps the repositories
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=${SG_SHARED:-$(dirname "$root")/shared}
sgupgrade=${SGUPGRADE:-$root/build/release/sgupgrade}
if [ ! -d "$shared/real/upstream" ]; then
  echo "skipped: real upgrade: no ../shared/real"
  exit 0
fi

if [ $# -gt 0 ]; then
  work=$1
  mkdir -p "$work"
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
export XDG_CACHE_HOME=$work/cache
export GIT_AUTHOR_NAME=customer GIT_AUTHOR_EMAIL=ops@acme.example
export GIT_COMMITTER_NAME=customer GIT_COMMITTER_EMAIL=ops@acme.example

fail() {
  echo "real upgrade: $*" >&2
  exit 1
}
# Runs a command that must end with this exit code; its output goes to $work/log.
expect() { # CODE COMMAND…
  local want=$1 got=0
  shift
  "$@" >"$work/log" 2>&1 || got=$?
  [ "$got" = "$want" ] || { cat "$work/log"; fail "'$*' exits $got, expected $want"; }
}
now() { date +%s%N; }
milliseconds() { echo $((($(now) - $1) / 1000000)); }
# What the overlay renders to, by us and, where it is there, by kustomize: the same bytes.
render() { # OUT
  "$sgupgrade" build overlays/default >"$1" 2>"$work/log" || { cat "$work/log"; fail "build"; }
  if [ -n "${KUSTOMIZE:-}" ]; then
    "$KUSTOMIZE" build overlays/default 2>/dev/null | cmp - "$1" || fail "render differs from kustomize at $(git describe --always)"
  fi
}

bash "$shared/real/make-upstream.sh" "$work/upstream" >/dev/null
git init -q -b main "$work/customer"
cd "$work/customer"
started=$(now)
expect 0 "$sgupgrade" init --upstream "$work/upstream" --version 3.10.4
rm -rf overlays/default
cp -R "$root/tests/real/overlay" overlays/default
git add -A
git commit -q -m "Follow 3.10.4 with ten edits"
render "$work/before.yaml"

first=$(git rev-parse HEAD)

expect 1 "$sgupgrade" diff --to 3.20
upgrade=$(now)
expect 0 "$sgupgrade" apply --to 3.20 --commit
upgrade=$(milliseconds "$upgrade")
hops=$(git rev-list --count "$first"..HEAD)
[ "$hops" = 10 ] || fail "$hops hops committed, expected 10"
[ "$(git log -1 --format='%(trailers:key=Sgupgrade-Version,valueonly)' | head -1)" = 3.20.1 ] || fail "the last commit does not name 3.20.1"
[ -z "$(git status --porcelain)" ] || fail "apply --commit left changes"
expect 0 "$sgupgrade" check
expect 0 "$sgupgrade" apply --to 3.20 --commit
[ "$(git rev-list --count "$first"..HEAD)" = "$hops" ] || fail "applying twice changed something"
# 3.15 moved the Ingress to another API group: the patch went along, and nothing else was edited.
[ "$(git diff --name-only "$first" -- overlays)" = overlays/default/ingress.yaml ] || fail "another file was edited"
[ "$(git diff --numstat "$first" -- overlays | cut -f1,2)" = "1	1" ] || fail "more than one line was edited"
render "$work/after.yaml"
for kept in 'host: sourcegraph.acme.example' 'storageClassName: fast-ssd' 'gitserver-2.gitserver:3178' \
  'max_connections = 400' 'disk: nvme' 'type: NodePort' 'HTTPS_PROXY' 'secretName: gitserver-ssh-'; do
  grep -qF "$kept" "$work/after.yaml" || fail "a setting is gone: $kept"
done

# Every hop's base is upstream's, byte for byte; and every step back restores every byte.
step=$(git rev-parse HEAD)
rollback=$(now)
for _ in $(seq 10); do
  version=$(sed -n 's/^version: //p' sgupgrade.lock)
  diff -r <(cd "$shared/real/upstream/v$version/kubernetes/base" && find . -type f -exec sha256sum {} + | sort) \
    <(cd base && find . -type f ! -path ./kustomization.yaml -exec sha256sum {} + | sort) ||
    fail "base differs from upstream at $version"
  expect 0 "$sgupgrade" rollback
  git add -A
  step=$(git rev-parse "$step^")
  git diff --cached --quiet "$step" || { git diff --cached --stat "$step"; fail "rollback from $version is not byte for byte"; }
  git reset -q --hard "$step"
done
rollback=$(milliseconds "$rollback")
[ "$(git rev-parse HEAD)" = "$first" ] || fail "not back at the beginning"
render "$work/back.yaml"
cmp "$work/before.yaml" "$work/back.yaml" || fail "the render is not what it was"
echo "real upgrade: $hops hops in ${upgrade} ms (commits included), ten steps back in ${rollback} ms (checks included), all in $(milliseconds "$started") ms"
