#!/usr/bin/env python3
"""Upgrade generated overlays over real releases and compare the result with what test code expects.

usage: tests/real/jumps.py [--all] [--pair OLD NEW] [--seeds N] [--first N] [--profile P] [--keep DIR] [-j N] [-v]

Takes the ten neighbouring pairs, or with --all every jump among the eleven releases; -v prints every fault.
"""
import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bench import KUSTOMIZE, Bench, pairs_of
from case import Case
from releases import UPSTREAM
from overlay import PROFILES

UPGRADED = ["mixed", "strategic", "json"]


def run_cases(pairs, seeds, profiles, folder, jobs):
    """Yield every case when it is done; in the order in which they are named."""
    bench = Bench(folder)
    for old in sorted({old for old, _ in pairs}):
        bench.fresh(old)
    cases = [Case(old, new, seed, profile) for old, new in pairs for seed in seeds for profile in profiles]
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda case: case.run(bench), cases)


def report(cases, verbose):
    """Print what is wrong as the cases come in, and return them as a list."""
    done = []
    for case in cases:
        causes = ", ".join(f"{n} {cause}" for cause, n in Counter(c for c, _ in case.faults).items())
        verdict = "FAILED" if case.faults else "ok"
        print(f"{verdict:6} {case.name:26} {case.settings} settings  {causes}".rstrip(), flush=True)
        for cause, text in case.faults if verbose else ():
            print(f"       {cause}: {text}")
        done.append(case)
    return done


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--pair", nargs=2)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--profile", choices=PROFILES)
    parser.add_argument("--keep")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("-v", action="store_true")
    return parser.parse_args()


def main():
    given = options()
    if not UPSTREAM.is_dir() or not KUSTOMIZE:
        print("skipped: real jumps: no ../shared/real, or no kustomize")
        return 0
    started = time.time()
    seeds = range(given.first, given.first + given.seeds)
    profiles = [given.profile] if given.profile else UPGRADED
    with tempfile.TemporaryDirectory() as scratch:
        cases = report(run_cases(pairs_of(given), seeds, profiles, given.keep or scratch, given.j), given.v)
    bad = sum(bool(c.faults) for c in cases)
    settings = sum(c.settings for c in cases)
    good = len(cases) - bad
    print(f"real jumps: {good} of {len(cases)} upgrades as expected, {settings} settings, {time.time() - started:.0f} s")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
