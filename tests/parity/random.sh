#!/usr/bin/env bash
# 200 random stacks against kustomize; the long run (tests/long/random.sh) does 2,000.
set -euo pipefail
exec "$(dirname "$0")/random_stacks.py" --count "${1:-200}" --seed 1
