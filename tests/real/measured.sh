#!/usr/bin/env bash
# The ten neighbouring pairs of real releases under generated overlays: sgupgrade, git merge, kustomize alone.
exec python3 "$(dirname "$0")/measured.py" "$@"
