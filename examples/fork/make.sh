#!/usr/bin/env bash
# Make what the guide docs/ADOPT.md begins with: a small upstream, and one customer's fork of it.
#
# usage: examples/fork/make.sh OUT
#
# OUT/lantern is the upstream, with the releases 1.0.0, 1.1.0 and 1.2.0 as annotated tags. OUT/acme is the
# fork, taken at 1.1.0 and edited since: branch main is production, branch staging what staging has otherwise.
# The files: base/ is release 1.1.0, a patch leads to each of the others; acme.patch is what Acme edited in it,
# staging.patch what staging has otherwise. Names and dates are fixed, so the commit ids are the same everywhere.
#
#   bash examples/fork/make.sh /tmp/fork && cd /tmp/fork
#   sgupgrade adopt acme --upstream lantern --out project
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: make.sh OUT}
for folder in lantern acme; do
  if [ -e "$out/$folder" ]; then
    echo "make.sh: $out/$folder exists already; name another folder" >&2
    exit 2
  fi
done
mkdir -p "$out"
out=$(cd "$out" && pwd)
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

commit() { # WHO SECONDS SUBJECT
  export GIT_AUTHOR_NAME=$1 GIT_AUTHOR_EMAIL=ops@$1.example GIT_AUTHOR_DATE="@$2 +0000"
  export GIT_COMMITTER_NAME=$1 GIT_COMMITTER_EMAIL=ops@$1.example GIT_COMMITTER_DATE="@$2 +0000"
  git add --all
  git commit -q -m "$3"
}
release() { # VERSION SECONDS SUBJECT
  commit lantern "$2" "$3"
  git tag -a -m "lantern $1" "v$1"
}

git init -q -b main "$out/lantern"
cd "$out/lantern"
cp -R "$here/base" base
git apply -R "$here/1.0.0-to-1.1.0.patch"
release 1.0.0 1700000000 "First release of the manifests"
git apply "$here/1.0.0-to-1.1.0.patch"
release 1.1.0 1702600000 "Keep the cache in the database"
git apply "$here/1.1.0-to-1.2.0.patch"
release 1.2.0 1705200000 "Name the worker's container after its jobs, give the database more memory"

git init -q -b main "$out/acme"
cd "$out/acme"
cp -R "$here/base" base
commit lantern 1702600000 "lantern 1.1.0"
git apply "$here/acme.patch"
commit acme 1703000000 "Our namespace, mirror, sizes and proxy"
git switch -q -c staging
git apply "$here/staging.patch"
commit acme 1703100000 "Staging: smaller, no backup"
git switch -q main
