#!/usr/bin/env bash
# The bot: one branch and one pull request for the next release. Run it as often as you like: what is there
# already is left alone, also a pull request that somebody closed.
#
# usage: upgrade-bot.sh      in the project's folder, on the branch that is deployed
#
# Needs the right to push to origin, and `gh`, logged in. Where a decision is needed (exit 4) nothing is
# pushed; the stops and the flags that decide them are in the output.
set -euo pipefail

next=$(sgupgrade status -o json | sed -n 's/^ *"next": "\([^"]*\)".*/\1/p')
if [ -z "$next" ]; then
  echo "Nothing newer."
  exit 0
fi
branch=sgupgrade/$next

body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  echo "Made by \`sgupgrade apply --to $next\`. Merge and deploy it before the next release is taken."
  echo
  echo '```'
  sgupgrade diff --to "$next" --exit-zero --color never | head -c 60000 # a body has 65,536 characters at most
  echo '```'
} >"$body"

if git ls-remote --exit-code --heads origin "refs/heads/$branch" >/dev/null; then
  echo "$branch is there already."
else
  git rev-parse -q --verify "refs/heads/$branch" >/dev/null ||
    sgupgrade apply --to "$next" --commit --branch "$branch"
  git push -q origin "$branch"
fi

if [ -z "$(gh pr list --head "$branch" --state all --json url --jq '.[].url')" ]; then
  gh pr create --head "$branch" --title "Upgrade to $next" --body-file "$body"
fi
