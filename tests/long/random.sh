#!/usr/bin/env bash
# 2,000 random stacks against kustomize 5.8.1, half of them wide.
set -euo pipefail
parity=$(cd "$(dirname "$0")/../parity" && pwd)
status=0
"$parity/random_stacks.py" --count 1000 --seed 1000 || status=1
"$parity/random_stacks.py" --wide --count 1000 --seed 1000 || status=1
exit $status
