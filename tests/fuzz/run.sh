#!/usr/bin/env bash
# Run every fuzzer for SECONDS (default 10) from its seed corpus, with sanitizers. New findings are
# written to build/fuzz/crash-*; put the file into tests/fuzz/corpus/<noun>/ with the fix.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-10}
cmake --preset fuzz >build/fuzz.configure 2>&1 || { cat build/fuzz.configure; exit 1; }
cmake --build --preset fuzz >build/fuzz.build 2>&1 || { grep -E 'error|FAILED' build/fuzz.build; exit 1; }
status=0 count=0
for fuzzer in build/fuzz/tests/fuzz_*; do
  [ -f "$fuzzer" ] && [ -x "$fuzzer" ] || continue
  name=$(basename "$fuzzer")
  work=build/fuzz/found/$name
  mkdir -p "$work"
  if ! "$fuzzer" "$work" "tests/fuzz/corpus/${name#fuzz_}" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -max_len=16384 -artifact_prefix=build/fuzz/crash- -print_final_stats=1 \
    >"build/fuzz/$name.log" 2>&1; then
    tail -40 "build/fuzz/$name.log"
    status=1
  fi
  count=$((count + 1))
  echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log") inputs"
done
[ "$count" -gt 0 ] || { echo "fuzz: no fuzzers were built" >&2; exit 1; }
exit $status
