#!/usr/bin/env bash
# Every finding that the layers make has its page in `sgupgrade explain`.
set -euo pipefail
cd "$(dirname "$0")/../.."
bad=0
while read -r code; do
  grep -q "\.code = \"$code\"" src/cli/codes.c || {
    echo "codes: $code has no page in src/cli/codes.c"
    bad=1
  }
done < <(grep -rhE '"SG[0-9]{3}"' src/plan src/repo src/kustomize src/patch | grep -v strcmp |
  grep -oE 'SG[0-9]{3}' | sort -u)
[ "$bad" = 0 ] && echo "codes: every finding is explained"
exit "$bad"
