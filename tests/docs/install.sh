#!/usr/bin/env bash
# The README's way of installing, into a temporary prefix: the program runs from there, and every command
# has its manual page.
#
# usage: tests/docs/install.sh [BUILD]     BUILD: default build/release
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/release}
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
# the line of the README, with our build and prefix
grep -qxF 'cmake --install build/release --prefix /usr/local' "$root/README.md"
cmake --install "$build" --prefix "$prefix" >/dev/null
"$prefix/bin/sgupgrade" version >/dev/null
for command in $("$prefix/bin/sgupgrade" help | sed -nE 's/^  ([a-z]+)  .*/\1/p'); do
  [ -s "$prefix/share/man/man1/sgupgrade-$command.1" ] || { echo "install: no manual page of $command"; exit 1; }
  pages=$((${pages:-0} + 1))
done
[ "${pages:-0}" -gt 10 ] || { echo "install: only ${pages:-0} manual pages"; exit 1; }
echo "install: the program and $pages manual pages"
