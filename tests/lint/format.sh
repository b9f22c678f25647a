#!/usr/bin/env bash
# Every C file is as clang-format (.clang-format) would write it. `--fix` rewrites instead.
set -euo pipefail
cd "$(dirname "$0")/../.."
mapfile -t files < <(find src include tests -name '*.[ch]' ! -path src/schema/tables.c | sort)
if [ "${1:-}" = --fix ]; then
  clang-format -i "${files[@]}"
  exit
fi
clang-format --dry-run -Werror "${files[@]}" && echo "format: ${#files[@]} files"
