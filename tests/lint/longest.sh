#!/usr/bin/env bash
# Functions over 80 lines and files over 800 need their reason in a comment: a line that holds "long:"
# in or right above them. Prints the longest functions with --list.
set -euo pipefail
cd "$(dirname "$0")/../.."
awk -v list="${1:-}" '
  FNR == 1 { if (file != "" && total > 800 && !excused_file) { print file ": " total " lines"; bad = 1 }
             file = FILENAME; total = 0; excused_file = 0; inside = 0; note = 0 }
  { total = FNR }
  /long: / { note = FNR; excused_file = excused_file || FNR < 40; if (inside) excused = 1 }
  /^[a-z].*[(]/ { name = $0; pending = !/;$/ }
  pending && /[{]$/ { inside = 1; pending = 0; start = FNR; excused = note && FNR - note < 15 }
  /^[}]/ { if (inside) { n = FNR - start - 1; count++; if (n <= 20) short++; if (n <= 55) medium++
                        if (list != "") printf "%4d %s:%d %s\n", n, file, start, name
                        if (n > 80 && !excused) { print file ":" start ": " n " lines: " name; bad = 1 } }
          inside = 0 }
  END { if (file != "" && total > 800 && !excused_file) { print file ": " total " lines"; bad = 1 }
        if (list == "") printf "longest: %d functions, %d%% up to 20 lines, %d%% up to 55\n", count,
                               100 * short / count, 100 * medium / count
        exit bad }
' $(find src -name '*.c' ! -path src/schema/tables.c | sort) | if [ -n "${1:-}" ]; then sort -rn | head -40; else cat; fi
