#!/usr/bin/env bash
# Our own base and sample overlays, and the real upstream's overlays at every release that has them, byte
# for byte as kustomize 5.8.1 renders them: against the program where it is there ($KUSTOMIZE or PATH), and
# always against recorded digests.
#
# usage: SGUPGRADE=build/release/sgupgrade tests/parity/real.sh
# UPDATE_GOLDEN=1 rewrites real.sha256 from kustomize's output.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
upstream=${SG_SHARED:-$(dirname "$root")/shared}/real/upstream
ours=${SGUPGRADE:-$root/build/release/sgupgrade}
digests=$here/real.sha256
oracle=${KUSTOMIZE:-}
if [ -z "$oracle" ] && kustomize version 2>/dev/null | grep -q '5\.8\.1'; then
  oracle=kustomize
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
built=0 different=0

fail() {
  different=$((different + 1))
  echo "$1"
}

# What kustomize refuses is recorded as "refused".
digest() { # FILE STATUS
  if [ "$2" = 0 ]; then sha256sum "$1" | cut -d ' ' -f 1; else echo refused; fi
}

compare() { # TAG OVERLAY
  local name=$1/$2 status=0 want got
  "$ours" build "$work/$1/$2" >"$work/ours.yaml" 2>"$work/ours.err" || status=$?
  got=$(digest "$work/ours.yaml" "$status")
  built=$((built + 1))
  if [ -n "$oracle" ]; then
    status=0
    "$oracle" build "$work/$1/$2" >"$work/theirs.yaml" 2>/dev/null || status=$?
    want=$(digest "$work/theirs.yaml" "$status")
    echo "$want  $name" >>"$work/digests"
    if [ "$got" != "$want" ]; then
      fail "$name: not what kustomize prints"
      diff "$work/theirs.yaml" "$work/ours.yaml" | head -20 || true
      tail -2 "$work/ours.err"
    fi
  fi
  if [ -z "${UPDATE_GOLDEN:-}" ] && ! grep -qxF "$got  $name" "$digests"; then
    fail "$name: not the recorded digest ($got)"
  fi
}

mkdir "$work/samples"
cp -R "$root/base" "$root/overlays" "$work/samples"
for sample in base overlays/acme overlays/birch; do
  compare samples "$sample"
done
[ -d "$upstream" ] || echo "skipped: upstream's overlays: no ../shared/real/upstream"
for release in "$upstream"/v*; do
  tag=$(basename "$release")
  [ -d "$release/kubernetes/overlays" ] || continue
  cp -R "$release/kubernetes" "$work/$tag"
  # upstream's script copied base/ into the folder of each of its bases before it built
  for base in "$work/$tag"/overlays/bases/*/; do
    cp -R "$work/$tag/base" "$base/base"
  done
  while read -r file; do
    compare "$tag" "$(dirname "$file")"
  done < <(cd "$work/$tag" && find overlays -name kustomization.yaml -o -name kustomization.yml | LC_ALL=C sort)
done

if [ -n "${UPDATE_GOLDEN:-}" ]; then
  [ -n "$oracle" ] || { echo "kustomize 5.8.1 is needed to record digests" >&2; exit 2; }
  cp "$work/digests" "$digests"
fi
echo "real overlays: $built built, $different different${oracle:+ (compared with kustomize too)}"
[ "$different" = 0 ] && [ "$built" -gt 0 ]
