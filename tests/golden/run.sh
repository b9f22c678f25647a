#!/usr/bin/env bash
# What the program prints and how it exits, case by case.
#
# usage: tests/golden/run.sh [FILTER…]      cases whose path holds one of the words; none: all
#
#   SGUPGRADE        the program; default build/dev/sgupgrade
#   UPDATE_GOLDEN=1  rewrite the expected files; review the difference
#   KEEP=1           keep the temporary folder
#
# A case is a folder tests/golden/<command>/<case>/ or tests/invalid/<case>/ with
#   cmd                   the shell commands under test, run with `bash -e`-less bash in the work folder
#   setup                 optional commands before it, not under test (functions of fixtures.sh)
#   input/                optional files, copied into the work folder first
#   expected.stdout, expected.stderr, expected.exit
# The temporary folder shows as $TMP, the program's version as $VERSION. Of tests/invalid also: the
# exit code is 2, 3 or 4, standard error has exactly one error, and no file changed.
set -uo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
export SGUPGRADE=${SGUPGRADE:-$root/build/dev/sgupgrade}
SGUPGRADE=$(realpath "$SGUPGRADE") || exit 2
[ -x "$SGUPGRADE" ] || { echo "golden: no program at $SGUPGRADE" >&2; exit 2; }

tmp=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/sgupgrade-golden.XXXXXX")")
[ -n "${KEEP:-}" ] && echo "golden: in $tmp" || trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
mkdir "$tmp/bin" "$tmp/cache" "$tmp/home"
ln -s "$SGUPGRADE" "$tmp/bin/sgupgrade"
version=$("$SGUPGRADE" version | sed -n '1s/^sgupgrade //p')

# One environment for everybody: no colour, no user's git, fixed authors and dates.
unset NO_COLOR CLICOLOR_FORCE SGUPGRADE_UPSTREAM_URL GITHUB_ACTIONS PAGER CDPATH
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb HOME=$tmp/home XDG_CACHE_HOME=$tmp/cache PATH=$tmp/bin:$PATH
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=Test
export GIT_COMMITTER_EMAIL=test@example.com
export GIT_AUTHOR_DATE='2021-01-01T00:00:00Z' GIT_COMMITTER_DATE='2021-01-01T00:00:00Z'
export FIXTURES=$tmp/fixtures ROOT=$root

normalise() { # FILE
  sed -i -E -e "s#$tmp#\$TMP#g" -e "s#sgupgrade $version\b#sgupgrade \$VERSION#g" \
    -e "s#\"(tool|version)\": \"$version\"#\"\1\": \"\$VERSION\"#" \
    -e "s#^(tool|version): \"$version\"#\1: \"\$VERSION\"#" \
    -e 's#process [0-9]+ on [^)]*#process PID on HOST#' "$1"
}

digest() { # FOLDER: every file, link and folder but git's and our own bookkeeping
  (cd "$1" && find . \( -name .git -o -name .sgupgrade \) -prune -o -printf '%p %y %m %l\n' | sort
    find . \( -name .git -o -name .sgupgrade \) -prune -o -type f -print0 | sort -z | xargs -0r sha256sum)
}

fail() { # TEXT…
  printf '  %s\n' "$@"
  bad=1
}

compare() { # CASE NAME GOT
  local want=$1/expected.$2
  if [ -n "${UPDATE_GOLDEN:-}" ]; then
    if [ -s "$3" ]; then cp "$3" "$want"; else rm -f "$want"; fi
    return
  fi
  [ -e "$want" ] || want=/dev/null # an empty one is left out
  diff -u --label "expected $2" --label "got $2" "$want" "$3" >"$tmp/diff" || fail "$(cat "$tmp/diff")"
}

run_case() { # CASE
  local case=$1 box=$tmp/box exit=0
  rm -rf "$box" && mkdir -p "$box/work" && cd "$box/work" || return 1
  [ ! -d "$case/input" ] || cp -R "$case/input/." .
  if [ -e "$case/setup" ]; then
    bash -euc ". '$root/tests/golden/fixtures.sh'; . '$case/setup'" >"$box/setup.log" 2>&1 || {
      fail "setup failed:" "$(cat "$box/setup.log")"
      return
    }
  fi
  digest . >"$box/before"
  bash -c ". '$root/tests/golden/fixtures.sh'; . '$case/cmd'" >"$box/stdout" 2>"$box/stderr" </dev/null || exit=$?
  digest . >"$box/after"
  echo "$exit" >"$box/exit"
  sed -i "s|$case/cmd: line [0-9]*: ||" "$box/stderr"
  normalise "$box/stdout" && normalise "$box/stderr"
  cd "$root" || return 1
  for name in stdout stderr exit; do compare "$case" "$name" "$box/$name"; done
  case $case in
  */tests/invalid/*)
    case $exit in 2 | 3 | 4) ;; *) fail "exit $exit, expected 2, 3 or 4" ;; esac
    # a blocked plan (4) and a failed base check (3) are reported, not raised
    [ "$exit" != 2 ] || [ "$(grep -c '^sgupgrade: error: ' "$box/stderr")" = 1 ] || fail "not exactly one error"
    cmp -s "$box/before" "$box/after" || fail "files changed:" "$(diff "$box/before" "$box/after")"
    ;;
  esac
}

passed=0 failed=0
mapfile -t cases < <(find tests/golden tests/invalid -name cmd -printf '%h\n' 2>/dev/null | sort |
  awk -v part="${PART:-1/1}" 'BEGIN { split(part, p, "/") } NR % p[2] == p[1] % p[2]')
for case in "${cases[@]}"; do
  if [ $# -gt 0 ]; then
    wanted=
    for word; do case $case in *"$word"*) wanted=1 ;; esac; done
    [ -n "$wanted" ] || continue
  fi
  bad=
  out=$(run_case "$root/$case"; echo "bad=$bad")
  if [ "${out##*bad=}" = 1 ]; then
    failed=$((failed + 1))
    printf 'FAILED %s\n%s\n' "$case" "${out%bad=*}"
  else
    passed=$((passed + 1))
  fi
done
echo "golden: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
