#!/usr/bin/env bash
# 2,000 random stacks against kustomize 5.8.1.
set -euo pipefail
exec "$(dirname "$0")/../parity/random_stacks.py" --count 2000 --seed 1000
