#!/usr/bin/env bash
# From a fresh Debian 12 to a finished upgrade: installs what is missing, builds sgupgrade, makes an
# upstream with three releases and a customer's repository, and takes it from 3.0.0 to 3.2.1.
#
# usage: bash examples/quickstart.sh [FOLDER]
#
# FOLDER (default: a new temporary one) keeps upstream, customer repository and cache, to look at.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/examples/packages.sh"
install_packages cmake ninja-build gcc pkg-config git libyaml-dev libjansson-dev libgit2-dev libcurl4-openssl-dev \
  nettle-dev libpcre2-dev libcmocka-dev

echo "building sgupgrade…" >&2
(cd "$root" && cmake --preset release >/dev/null && cmake --build --preset release --target sgupgrade >/dev/null)
PATH=$root/build/release:$PATH

work=${1:-$(mktemp -d "${TMPDIR:-/tmp}/sgupgrade-quickstart.XXXXXX")}
mkdir -p "$work"
work=$(cd "$work" && pwd)
export XDG_CACHE_HOME=$work/cache

show() { # print a command as one would type it, then run it
  printf '\n$ %s\n' "$*"
  "$@"
}

# The vendor: a git repository that publishes base/ with a tag for each release.
bash "$root/examples/upstream/make.sh" "$work/harbour"

# The customer: follows it from release 3.0.0 with an overlay of their own.
git init -q -b main "$work/customer"
cd "$work/customer"
git config user.name "Customer" && git config user.email "ops@acme.example"
show sgupgrade init --upstream "$work/harbour" --version 3.0.0
rm -rf overlays/default
cp -R "$root/examples/quickstart/overlay" overlays/default
show git add --all
show git commit -q -m "Follow harbour 3.0.0 with our overlay"

show sgupgrade status
show sgupgrade versions
# diff exits 1 because there is something to do.
show sgupgrade diff --to 3.x || [ $? = 1 ]
show sgupgrade apply --to 3.x --commit
show sgupgrade check
show sgupgrade log
show git log --oneline

# Back to where it began, byte for byte.
show sgupgrade rollback --to 3.0.0
show git add --all
show git diff --cached --stat HEAD~2
git diff --cached --quiet HEAD~2
printf '\nEverything is in %s\n' "$work"
