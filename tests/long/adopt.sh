#!/usr/bin/env bash
# Every real release's forks adopted and taken to every later release, more seeds adopted, and 2,000 random forks.
set -euo pipefail
real=$(cd "$(dirname "$0")/../real" && pwd)
status=0
python3 "$real/adopt.py" --seeds 3 --upgrade -v || status=1
python3 "$real/adopt.py" --first 4 --seeds 20 -v || status=1
python3 "$real/adopt_random.py" --cases 2000 --seed 1000 -v || status=1
exit $status
