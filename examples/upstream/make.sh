#!/usr/bin/env bash
# Make a git repository with the three releases of base/ as annotated tags: an upstream to try sgupgrade on.
#
# usage: examples/upstream/make.sh OUT
#
# base/ holds the newest release, 3.2.1. The patches beside this script lead from one release to the
# next; the older ones are found by walking them back. Names, mails and dates are fixed, so the commit
# ids are the same everywhere.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${1:?usage: make.sh OUT}
if [ -e "$out" ]; then
  echo "make.sh: $out exists already; name a new folder" >&2
  exit 2
fi

export GIT_AUTHOR_NAME=harbour GIT_AUTHOR_EMAIL=release@harbour.example.com
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

release() { # VERSION SECONDS SUBJECT
  export GIT_AUTHOR_DATE="@$2 +0000" GIT_COMMITTER_DATE="@$2 +0000"
  git add -A
  git commit -q -m "$3"
  git tag -a -m "harbour $1" "v$1"
}

git init -q -b main "$out"
cd "$out"
cp -R "$root/base" base
git apply -R "$here/3.1.0-to-3.2.1.patch" "$here/3.0.0-to-3.1.0.patch"
release 3.0.0 1700000000 "First release of the manifests"
git apply "$here/3.0.0-to-3.1.0.patch"
release 3.1.0 1702600000 "Rename the web container, retire query-runner, size gitserver"
git apply "$here/3.1.0-to-3.2.1.patch"
release 3.2.1 1705200000 "Make indexed-search a StatefulSet, add code-graph, migrate in an init container"
