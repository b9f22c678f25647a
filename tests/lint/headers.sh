#!/usr/bin/env bash
# Every public header compiles alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
for header in include/sg/*.h; do
  echo "#include \"sg/$(basename "$header")\"" |
    "${CC:-cc}" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Iinclude -x c -fsyntax-only -
done
echo "headers: $(ls include/sg/*.h | wc -l) compile alone"
