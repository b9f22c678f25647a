#!/usr/bin/env bash
# Random strategic merge and JSON patches, byte for byte as kustomize. $1: how many of each.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${SGUPGRADE:-build/release/sgupgrade}
skipped=77 # what patches.py ends with where there is no kustomize 5.8.1
status=0
tests/parity/patches.py --cases "${1:-300}" --batch 5 "$program" || status=$?
if [ "$status" = 0 ]; then
  tests/parity/patches.py --json --cases "${1:-300}" --batch 2 "$program" || status=$?
fi
[ "$status" = "$skipped" ] && exit 0
exit "$status"
