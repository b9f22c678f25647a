#!/usr/bin/env bash
# Run every fuzzer from its seed corpus, with sanitizers. A crash is written to
# build/fuzz/crash-*; put the file into tests/fuzz/corpus/<noun>/ with the fix.
#
# usage: tests/fuzz/run.sh [SECONDS]
#
# Without SECONDS: the smoke, a few seconds a fuzzer and always the same inputs, also on a faster
# machine, so that a change is judged by what it changed and not by luck. With SECONDS: another seed at every run, going on from
# what earlier runs found in build/fuzz/found.
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake --preset fuzz >build/fuzz.configure 2>&1 || { cat build/fuzz.configure; exit 1; }
cmake --build --preset fuzz >build/fuzz.build 2>&1 || { grep -E 'error|FAILED' build/fuzz.build; exit 1; }

smoke_runs() { # NAME: what takes it some five seconds
  case $1 in
  fuzz_regex | fuzz_selector) echo 200000 ;;
  fuzz_strategic) echo 10000 ;;
  fuzz_kustomization) echo 5000 ;;
  fuzz_render) echo 2500 ;;
  fuzz_replacement) echo 1200 ;;
  *) echo 30000 ;;
  esac
}
fuzz() { # NAME
  local corpus=tests/fuzz/corpus/${1#fuzz_} log=build/fuzz/$1.log found=build/fuzz/found/$1
  local flags=(-timeout=10 -rss_limit_mb=2048 -max_len=16384 -artifact_prefix=build/fuzz/crash-
    -print_final_stats=1)
  if [ -n "$seconds" ]; then
    flags+=(-max_total_time="$seconds")
  else
    found=build/fuzz/smoke/$1
    rm -rf "$found"
    flags+=(-max_total_time=60 -runs="$(smoke_runs "$1")" -seed=1)
  fi
  mkdir -p "$found"
  "build/fuzz/tests/$1" "$found" "$corpus" "${flags[@]}" >"$log" 2>&1 || {
    tail -40 "$log"
    return 1
  }
}

one() { # NAME: its line goes out when it is done
  local status=0
  fuzz "$1" || status=1
  echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$1.log") inputs"
  return $status
}

seconds=${1:-}
names=()
for fuzzer in build/fuzz/tests/fuzz_*; do
  [ -f "$fuzzer" ] && [ -x "$fuzzer" ] && names+=("$(basename "$fuzzer")")
done
[ ${#names[@]} -gt 0 ] || { echo "fuzz: no fuzzers were built" >&2; exit 1; }
export seconds
export -f one fuzz smoke_runs
printf '%s\n' "${names[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one {}'
