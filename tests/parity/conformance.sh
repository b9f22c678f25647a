#!/usr/bin/env bash
# The kustomize cases of ../shared, byte for byte. Exceptions are argued in docs/KUSTOMIZE.md.
#
# usage: SGUPGRADE=build/release/sgupgrade tests/parity/conformance.sh [OPTION OF THE RUNNER]…
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=${SG_SHARED:-$(dirname "$root")/shared}
exec python3 "$shared/tools/conformance.py" --cases "$shared/conformance" --level bytes --list-failures \
  --cmd "${SGUPGRADE:-$root/build/release/sgupgrade} build {flags} {dir}" "$@"
