#!/usr/bin/env bash
# Random YAML documents and every manifest of the real releases, byte for byte as kustomize.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec tests/parity/yaml_random.py "${SGUPGRADE:-build/release/sgupgrade}" build --count "${1:-500}"
