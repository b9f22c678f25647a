#!/usr/bin/env bash
# Plain shell, for every CI system that runs one (Jenkins, Drone, cron): the reports go to reports/, the exit
# code is the check's.
#
# usage: check.sh [OPTION]…     options of `sgupgrade check`; none: what changed since origin/main
#
#   check.sh                    a change
#   check.sh --to next          at night
set -euo pipefail
[ $# -gt 0 ] || set -- --since origin/main
mkdir -p reports
exec sgupgrade check "$@" -o text,junit=reports/sgupgrade.xml,sarif=reports/sgupgrade.sarif,json=reports/sgupgrade.json
