#!/usr/bin/env bash
# 200 random stacks against kustomize, half of them wide, and the seeds of past differences; the long run
# (tests/long/random.sh) does 2,000.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
count=${1:-200}
status=0
"$here/random_stacks.py" --seeds "$here/seeds.txt" || status=1
"$here/random_stacks.py" --count $((count / 2)) --seed 1 || status=1
"$here/random_stacks.py" --wide --count $((count - count / 2)) --seed 1 || status=1
exit $status
