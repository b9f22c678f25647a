#!/usr/bin/env python3
"""Upgrade the ten neighbouring pairs three ways, and hold the tables of docs/MEASURED.md and README to it.

usage: tests/real/measured.py [-j N]      UPDATE_GOLDEN=1 writes the tables

By sgupgrade, whose results must all be as expected (jumps.py); by git merge and by kustomize alone (rivals.py).
"""
import argparse
import os
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bench import KUSTOMIZE, Bench, pairs_of
from jumps import UPGRADED, report, run_cases
from releases import ROOT, UPSTREAM
from rivals import measure

SEEDS = [1]
RESOLVED = ["carried", "kept", "reanchored", "rewritten", "retired"]


def table(head, rows, sums=True):
    """A table in markdown; the last row sums the columns that count."""
    if sums:
        columns = list(zip(*rows))
        rows = rows + [["all"] + [sum(c) if all(isinstance(v, int) for v in c) else "" for c in columns[1:]]]
    lines = [head, ["---"] + ["--:"] * (len(head) - 1)] + rows
    return "".join(f"| {' | '.join(str(v) for v in line)} |\n" for line in lines)


def hop(old, new):
    return f"{old} → {new}"


def upgrades(cases):
    """Hops, settings and what became of those that lost their place."""
    rows = {}
    for case in cases:
        row = rows.setdefault(hop(case.old, case.new), Counter())
        row.update(overlays=1, settings=case.settings, expected=not case.faults)
        row.update(case.counts()[1])
    head = ["hop", "overlays", "settings"] + RESOLVED + ["as expected"]
    columns = ["overlays", "settings"] + RESOLVED + ["expected"]
    return table(head, [[h, *(row[c] for c in columns)] for h, row in rows.items()])


def findings(cases):
    """Findings by code."""
    rows = {}
    for case in cases:
        rows.setdefault(hop(case.old, case.new), Counter()).update(case.counts()[0])
    codes = sorted({code for row in rows.values() for code in row})
    return table(["hop"] + codes, [[h, *(r[c] for c in codes)] for h, r in rows.items()])


RIVALS = ["git files", "git hunks", "git lost", "alone failed", "alone removed", "alone lost", "alone stray"]


def rivals(measures):
    """git merge and kustomize alone, hop by hop."""
    head = ["hop", "settings", "git: files in conflict", "hunks", "lost silently"]
    head += ["kustomize: builds failed", "taken out by hand", "lost silently", "stray fields"]
    return table(head, [[hop(*pair), m["settings"], *(m[x] for x in RIVALS)] for pair, m in measures])


def comparison(cases, measures):
    """The small table: the same hops, three ways."""
    total = sum((m for _, m in measures), Counter())
    plain = [c for c in cases if c.profile == "plain"]
    stops = sum(any(cause.startswith("stop") for cause, _ in c.faults) for c in plain)
    silent = sum(1 for c in plain for cause, _ in c.faults if cause in ("result", "unnamed", "lost, unnamed"))
    named = sum((c.counts()[1] for c in plain), Counter())
    moved = sum(named[r] for r in RESOLVED if r != "retired")
    none = "–"
    rows = [
        ["conflicts to resolve by hand", f"{total['git hunks']} hunks in {total['git files']} files", none, none],
        ["upgrades that stop, or do not build", none, f"{total['alone failed']} of {len(measures)}", stops],
        ["settings to take out by hand", none, total["alone removed"], 0],
        ["settings lost with no word", total["git lost"], total["alone lost"], silent],
        ["records of a place that went: the setting goes along", none, none, moved],
        ["records of a place that went: the setting is set aside", none, none, named["retired"]],
    ]
    what = f"{total['settings']} settings, {len(measures)} hops"
    head = [what, "`git merge` of a fork", "kustomize, new base", "`sgupgrade apply`"]
    return table(head, rows, sums=False)


def hold(path, tables):
    """Compare or write the tables of a document, each between its two markers; the number of wrong ones."""
    text = old = (ROOT / path).read_text()
    wrong = 0
    for name, content in tables.items():
        pattern = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- end -->)", re.S)
        if not pattern.search(text):
            print(f"{path}: no table '{name}'")
            wrong += 1
            continue
        text = pattern.sub(lambda m: m.group(1) + content + m.group(2), text)
    if text != old and os.environ.get("UPDATE_GOLDEN"):
        (ROOT / path).write_text(text)
    elif text != old:
        print(f"{path}: the tables are not what was measured; UPDATE_GOLDEN=1 tests/real/measured.py writes them")
        wrong += 1
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("-v", action="store_true")
    given = parser.parse_args()
    if not UPSTREAM.is_dir() or not KUSTOMIZE:
        print("skipped: measured on real releases: no ../shared/real, or no kustomize")
        return 0
    given.pair, given.all = None, False
    started, pairs = time.time(), pairs_of(given)
    with tempfile.TemporaryDirectory() as scratch:
        cases = report(run_cases(pairs, SEEDS, UPGRADED + ["plain"], scratch, given.j), given.v)
        bench = Bench(scratch)
        with ThreadPoolExecutor(given.j) as pool:
            measures = list(zip(pairs, pool.map(lambda pair: measure(*pair, SEEDS, bench), pairs)))
    bad = sum(bool(c.faults) for c in cases)
    tables = {"upgrades": upgrades(cases), "findings": findings(cases), "rivals": rivals(measures)}
    wrong = hold("docs/MEASURED.md", tables)
    wrong += hold("README.md", {"comparison": comparison(cases, measures)})
    print(f"measured: {len(cases) - bad} of {len(cases)} upgrades as expected, {time.time() - started:.0f} s")
    return bool(bad or wrong)


if __name__ == "__main__":
    sys.exit(main())
