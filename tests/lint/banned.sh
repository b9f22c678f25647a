#!/usr/bin/env bash
# Words that must not appear: C functions that are unsafe or that only the command line may use, and
# paths of one machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
bad=0
forbid() { # WHY REGEX FILES…
  local why=$1 regex=$2
  shift 2
  if grep -nE "$regex" "$@" /dev/null; then
    echo "banned: $why" >&2
    bad=1
  fi
}
mapfile -t sources < <(find src include -name '*.[ch]' | sort)
mapfile -t libraries < <(find src include -name '*.[ch]' ! -path 'src/cli/*' ! -path src/core/base.c | sort)
forbid "unbounded copies" '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|system|popen|alloca)\(' "${sources[@]}"
forbid "qsort: unstable, and undefined for a comparator that is no order; use sg_sort" '\bqsort(_r)?\(' "${sources[@]}"
forbid "only cli/ prints or exits" '\b(printf|puts|putchar|perror|exit|_exit|abort)\(' "${libraries[@]}"
mapfile -t all < <(git ls-files 2>/dev/null | grep -vE '^(tests/lint/banned\.sh|tests/.*corpus/)')
forbid "a path of one machine" '(/work/(main|shared|w-|oracle)|/root/|/home/[a-z])' "${all[@]}"
[ "$bad" = 0 ] && echo "banned: none in ${#sources[@]} sources"
exit "$bad"
