#!/usr/bin/env bash
# docs/man/*.1 and docs/ERRORS.md are what the program prints. UPDATE_GOLDEN=1 rewrites them.
set -euo pipefail
cd "$(dirname "$0")/../.."
sgupgrade=${SGUPGRADE:-build/dev/sgupgrade}
new=$(mktemp -d "${TMPDIR:-/tmp}/sgupgrade-docs.XXXXXX")
trap 'rm -rf "$new"' EXIT
mkdir "$new/man"
"$sgupgrade" help --man >"$new/man/sgupgrade.1"
for page in $(sed -n 's/^\.BR sgupgrade\\-\([a-z]*\) (1)$/\1/p' "$new/man/sgupgrade.1"); do
  "$sgupgrade" help --man "$page" >"$new/man/sgupgrade-$page.1"
done
"$sgupgrade" explain --markdown >"$new/ERRORS.md"
if [ -n "${UPDATE_GOLDEN:-}" ]; then
  mkdir -p docs/man
  rm -f docs/man/*.1
  cp "$new"/man/*.1 docs/man/
  cp "$new/ERRORS.md" docs/ERRORS.md
fi
diff -ru docs/man "$new/man" && diff -u docs/ERRORS.md "$new/ERRORS.md" || {
  echo "docs: not what the program prints; rewrite with UPDATE_GOLDEN=1 tests/golden/docs.sh" >&2
  exit 1
}
for page in "$new"/man/*.1; do # a page that man itself complains of is no page
  ! command -v man >/dev/null || [ -z "$(MANWIDTH=80 man --warnings -l "$page" 2>&1 >/dev/null)" ] || {
    echo "docs: man warns of $(basename "$page")" >&2
    exit 1
  }
done
echo "docs: $(ls "$new/man" | wc -l) manual pages and ERRORS.md are up to date"
