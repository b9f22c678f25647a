#!/usr/bin/env bash
# Forks of the eleven real releases adopted; others of two releases, then upgraded to the last; and some random forks.
set -euo pipefail
real=$(cd "$(dirname "$0")" && pwd)
status=0
python3 "$real/adopt.py" -v || status=1
python3 "$real/adopt.py" --first 2 --release 3.10.4 --release 3.16.0 --upgrade last -v || status=1
python3 "$real/adopt_random.py" --cases 40 -v || status=1
exit $status
