#!/usr/bin/env bash
# What each hop of the real upstream does to a cluster, under an overlay that changes nothing but the
# namespace: findings by code and severity, and what the hop needs of the cluster, compared with
# consequences.tsv, which was gone through by hand. No base of the eleven has a fault of schema.
#
# usage: tests/real/consequences.sh     UPDATE_GOLDEN=1 rewrites the table (review the difference)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=${SG_SHARED:-$(dirname "$root")/shared}
sgupgrade=${SGUPGRADE:-$root/build/release/sgupgrade}
table=$root/tests/real/consequences.tsv
if [ ! -d "$shared/real/upstream" ]; then
  echo "skipped: real consequences: no ../shared/real"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
bash "$shared/real/make-upstream.sh" "$work/upstream" >/dev/null
git init -q -b main "$work/customer"
cd "$work/customer"
"$sgupgrade" init --upstream "$work/upstream" --version 3.10.4 >/dev/null
printf 'resources: [../../base]\nnamespace: prod\n' >overlays/default/kustomization.yaml
printf 'kubernetes: "1.29"\n' >>sgupgrade.yaml
"$sgupgrade" diff --to 3.20 --exit-zero -o json >"$work/plan.json"

python3 - "$work/plan.json" >"$work/table.tsv" <<'EOF'
import collections
import json
import sys

plan = json.load(open(sys.argv[1], encoding="utf-8"))
overlay = plan["overlays"][0]
counts = collections.Counter((f["hop"], f["code"], f["severity"])
                             for f in overlay["findings"] if f["code"].startswith("SG3"))
columns = [("SG301", "warning"), ("SG302", "error"), ("SG303", "error"), ("SG303", "info"),
           ("SG304", "error"), ("SG305", "error"), ("SG305", "info")]
print("\t".join(["hop"] + [f"{code} {severity}" for code, severity in columns]
                + ["cpu requests", "memory requests", "storage", "per node"]))
for hop in overlay["capacity"]:
    after = lambda change: change["after"]
    print("\t".join([hop["hop"]] + [str(counts.pop((hop["hop"],) + c, 0)) for c in columns]
                    + [after(hop["cpu"]["requests"]), after(hop["memory"]["requests"]), after(hop["storage"]),
                       ", ".join(d["id"].split("/")[-1] for d in hop["per_node"]) or "-"]))
assert not counts, counts
for finding in overlay["findings"]:
    if finding["code"].startswith("SG3") and finding["severity"] != "info":
        print("\t".join([finding["hop"], finding["code"], finding["object"], finding["path"] or "-"]))
EOF
if [ -n "${UPDATE_GOLDEN:-}" ]; then
  cp "$work/table.tsv" "$table"
fi
diff -u "$table" "$work/table.tsv" || {
  echo "real consequences: not as in tests/real/consequences.tsv" >&2
  exit 1
}
echo "real consequences: $(grep -c '^[0-9.]*	[0-9]' "$table") hops as gone through by hand"
