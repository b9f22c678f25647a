#!/usr/bin/env bash
# Install what is missing, build, and run every test. Ends with "N passed, N failed".
#
# usage: tests/run.sh [--long] [--no-install] [--only STEP]
#
#   --long         the long runs too: 2,000 random stacks against kustomize, an hour of fuzzing
#   --no-install   do not touch apt
#   --only STEP    one of: lint gcc clang asan conformance real parity docs bench fuzz tidy
#
# kustomize 5.8.1 is the oracle where it is there ($KUSTOMIZE, PATH, or what ../shared can fetch);
# without it, and without ../shared, the tests that need them say so and are skipped.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

long=0 install=1 only=
while [ $# -gt 0 ]; do
  case $1 in
  --long) long=1 ;;
  --no-install) install=0 ;;
  --only) only=${2:?--only needs a step}; shift ;;
  -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "run.sh: unknown option '$1' (see --help)" >&2; exit 2 ;;
  esac
  shift
done

export SG_SHARED=${SG_SHARED:-$(dirname "$root")/shared}
passed=0 failed=0 skipped=0
failures=()
started=$SECONDS

say() { printf '\n== %s (%ds)\n' "$*" $((SECONDS - started)); }
wants() { [ -z "$only" ] || [ "$only" = "$1" ]; }
tally() { # STATUS NAME
  if [ "$1" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+=("$2")
  fi
}
skip() { # NAME WHY
  skipped=$((skipped + 1))
  echo "skipped: $1: $2"
}
run() { # NAME COMMAND…: one test
  local name=$1 status=0
  shift
  "$@" || status=$?
  tally "$status" "$name"
  [ "$status" = 0 ] || echo "FAILED: $name (exit $status)"
}
# Runs scripts side by side, as many as there are processors; each is a test, in the order of its end.
run_scripts() { # PREFIX SCRIPT…
  local prefix=$1 script name status
  shift
  mkdir -p build/scripts
  printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" sh -c '
    name=$(basename "$1" .sh)
    "$1" >"build/scripts/$name.log" 2>&1
    echo $? >"build/scripts/$name.status"' sh
  for script in "$@"; do
    name=$(basename "$script" .sh)
    cat "build/scripts/$name.log"
    status=$(cat "build/scripts/$name.status")
    tally "$status" "$prefix: $name"
    [ "$status" = 0 ] || echo "FAILED: $prefix: $name (exit $status)"
  done
}
# The quickstart as a newcomer runs it; its output only where it fails.
quickstart() {
  bash examples/quickstart.sh build/quickstart >build/quickstart.log 2>&1 || {
    tail -40 build/quickstart.log
    return 1
  }
}
# Configure, build and run the suite of one preset; every ctest counts. SKIP: tests of whole
# commands that the other compiler's build has run.
suite() { # PRESET [SKIP]
  local preset=$1 skip=${2:-^$} log="build/$1.ctest" status=0
  if ! cmake --preset "$preset" >"build/$preset.configure" 2>&1; then
    cat "build/$preset.configure"
    tally 1 "$preset: configure"
    return
  fi
  if ! cmake --build --preset "$preset" >"build/$preset.build" 2>&1; then
    grep -E 'error|warning|FAILED' "build/$preset.build" | head -60
    tally 1 "$preset: build"
    return
  fi
  tally 0 "$preset: build"
  ctest --preset "$preset" -j "$(nproc)" -E "$skip" >"$log" 2>&1 || status=$?
  local bad good
  bad=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*(\*\*\*)' "$log" || true)
  good=$(grep -cE '^ *[0-9]+/[0-9]+ Test .* Passed' "$log" || true)
  passed=$((passed + good))
  failed=$((failed + bad))
  if [ "$status" != 0 ]; then
    cat "$log"
    while read -r name; do failures+=("$preset: $name"); done < <(sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) .*\*\*\*.*/\1/p' "$log")
    [ "$bad" != 0 ] || tally 1 "$preset: ctest"
  fi
  echo "$preset: $good passed, $bad failed"
}

packages=(cmake ninja-build gcc clang clang-format clang-tidy libclang-rt-14-dev pkg-config git
  python3 python3-yaml libyaml-dev libjansson-dev libgit2-dev libcurl4-openssl-dev nettle-dev libpcre2-dev
  libcmocka-dev)
if [ "$install" = 1 ]; then
  say "packages"
  . examples/packages.sh
  install_packages "${packages[@]}"
fi
mkdir -p build

# The oracle: never required. Debian's build calls itself "(devel)"; the kubectl packaged with it knows.
is_oracle() {
  "$1" version 2>/dev/null | grep -q '5\.8\.1' ||
    "$(dirname "$1")/kubectl" version --client 2>/dev/null | grep -q '^Kustomize Version: v5\.8\.1'
}
find_oracle() {
  local candidate
  for candidate in "${KUSTOMIZE:-}" "$(command -v kustomize || true)" build/oracle/usr/bin/kustomize; do
    if [ -n "$candidate" ] && is_oracle "$candidate"; then
      realpath "$candidate"
      return
    fi
  done
  if [ -x "$SG_SHARED/tools/get-kustomize.sh" ] &&
    "$SG_SHARED/tools/get-kustomize.sh" build/oracle >build/oracle.log 2>&1; then
    realpath build/oracle/usr/bin/kustomize
  fi
}
KUSTOMIZE=$(find_oracle || true)
export KUSTOMIZE
echo "oracle: ${KUSTOMIZE:-none: kustomize 5.8.1 is not here, parity is checked against recorded digests}"

if wants lint; then
  say "lint"
  run "lint: format" tests/lint/format.sh
  run "lint: include edges" tests/lint/edges.sh
  run "lint: banned words" tests/lint/banned.sh
  run "lint: headers alone" tests/lint/headers.sh
  run "lint: long functions" tests/lint/longest.sh
  run "lint: findings explained" tests/lint/codes.sh
fi
if wants gcc || wants conformance || wants real || wants parity || wants docs || wants bench; then
  say "gcc, optimised, -Werror"
  suite release
fi
export SGUPGRADE=$root/build/release/sgupgrade
if wants conformance; then
  say "conformance"
  if [ -d "$SG_SHARED/conformance" ]; then
    run "conformance" tests/parity/conformance.sh
  else
    skip conformance "no ../shared/conformance"
  fi
fi
if wants real; then
  say "real data"
  run_scripts real tests/real/*.sh
fi
if wants parity; then
  say "parity with kustomize"
  scripts=()
  for script in tests/parity/*.sh; do
    [ "$(basename "$script")" = conformance.sh ] || scripts+=("$script")
  done
  run_scripts parity "${scripts[@]}"
fi
if wants docs; then
  say "the sessions of README and docs"
  run "docs" tests/docs/sessions.py
  run "install" tests/docs/install.sh
  rm -rf build/quickstart
  run "quickstart" quickstart
fi
if wants bench; then
  say "bench"
  run "bench" tests/bench/bench.py --quick
fi
if wants clang; then
  say "clang, -Werror"
  suite clang '^(golden_.|repair_.|adopt_.|ci_formats|ci_pipelines)$'
fi
if wants tidy; then
  say "clang-tidy"
  if [ "$long" = 1 ]; then
    run "clang-tidy" tests/lint/tidy.sh --deep
  else
    run "clang-tidy" tests/lint/tidy.sh
  fi
fi
if wants asan; then
  say "address, undefined behaviour and leak sanitizers"
  suite asan '^ci_pipelines$'
fi
if wants fuzz; then
  say "fuzz"
  if [ "$long" = 1 ]; then
    run "fuzz" tests/fuzz/run.sh 600
  else
    run "fuzz" tests/fuzz/run.sh
  fi
fi
if [ "$long" = 1 ]; then
  say "long runs"
  for script in tests/long/*.sh; do
    [ -e "$script" ] && run "long: $(basename "$script" .sh)" "$script"
  done
fi

say "done"
[ "$skipped" = 0 ] || echo "$skipped skipped"
[ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
