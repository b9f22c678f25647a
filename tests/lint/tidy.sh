#!/usr/bin/env bash
# clang-tidy with .clang-tidy over src/, on clang's compile database (gcc's flags confuse it).
#
# usage: tests/lint/tidy.sh [--deep]
#
# Without --deep the analyser gives up on a function after a quarter of its usual paths: a third of the
# time, and nearly all of what it finds. The long run goes deep.
set -euo pipefail
cd "$(dirname "$0")/../.."
depth=(--extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=60000)
[ "${1:-}" != --deep ] || depth=()
[ -f build/clang/compile_commands.json ] || cmake --preset clang >/dev/null
find src -name '*.c' ! -path src/schema/tables.c -print0 |
  xargs -0 -n 4 -P "$(nproc)" clang-tidy -p build/clang --quiet "${depth[@]}" 2>/dev/null
echo "clang-tidy: $(find src -name '*.c' | wc -l) files"
