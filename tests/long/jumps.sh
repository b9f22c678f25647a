#!/usr/bin/env bash
# Every jump among the real releases, three customers each, and more customers for each neighbouring pair.
set -euo pipefail
real=$(cd "$(dirname "$0")/../real" && pwd)
status=0
python3 "$real/jumps.py" --all --seeds 3 -v || status=1
python3 "$real/jumps.py" --first 4 --seeds 20 -v || status=1
exit $status
