#!/usr/bin/env python3
"""Adopt forks of every real release, six of different character, and hold what comes out to what the fork holds.

usage: tests/real/adopt.py [--release V]... [--character C]... [--seeds N] [--first N] [--upgrade [last]]
                           [--keep DIR] [-j N] [-v]

--upgrade takes every project to each later release, or to the last, with no hand edit; -v prints every fault;
--keep leaves the forks and projects in DIR.
"""
import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from adopt_upgrade import Upgrade, later
from adoption import ForkAdoption, describe, report_of
from bench import KUSTOMIZE, SGUPGRADE, Bench, run
from characters import CHARACTERS, make_fork
from cluster import differences, objects_in
from releases import UPSTREAM, base_folder, versions

MOST = 20  # faults of one fork that are printed
COMMITTED = {"text", "dirty"}  # adopted from a commit when the seed is odd, else from a folder
STRANGER = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: stranger\ndata:\n  greeting: hello\n"


def adopt(bench, version, character, seed, upgrade):
    """One fork adopted, and its upgrades."""
    adoption = ForkAdoption(make_fork(version, character, seed))
    adoption.run(bench, committed=character in COMMITTED and seed % 2 == 1)
    if any(cause in ("adopt", "report", "version", "project") for cause, _ in adoption.faults):
        return adoption, []  # no project that could be upgraded
    goals = later(version) if upgrade == "all" else later(version)[-1:] if upgrade else []
    return adoption, [Upgrade(adoption, new).run(bench) for new in goals]


def run_all(bench, given):
    """Yield every adoption with its upgrades, in the order in which they are named."""
    seeds = range(given.first, given.first + given.seeds)
    cases = [(v, c, s) for v in given.release or versions() for c in given.character or CHARACTERS for s in seeds]
    with ThreadPoolExecutor(given.j) as pool:
        yield from pool.map(lambda case: adopt(bench, *case, given.upgrade), cases)


def show(name, faults, more, verbose):
    causes = ", ".join(f"{n} {cause}" for cause, n in Counter(c for c, _ in faults).items())
    print(f"{'FAILED' if faults else 'ok':6} {name:34} {more}  {causes}".rstrip(), flush=True)
    for cause, text in faults[:MOST] if verbose else ():
        print(f"       {cause}: {text}")
    if verbose and len(faults) > MOST:
        print(f"       and {len(faults) - MOST} more")


def refused(bench):
    """Bad input: exit 2, a reason, and nothing written."""
    stranger, full = bench.folder / "stranger", bench.folder / "full"
    for path, text in ((stranger / "base/a.yaml", STRANGER), (full / "mine.txt", "mine\n")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    fork = base_folder("3.20.1").parent
    inputs = [
        ("a folder that is not there", bench.folder / "nowhere", []),
        ("a folder without a base", full, []),
        ("no fork of this upstream", stranger, []),
        ("a release that is not there", fork, ["--from", "9.9.9"]),
        ("a revision that is not there", f"{bench.upstream}@nothing", []),
        ("an output that is not empty", fork, ["--out", full]),
    ]
    for count, (what, source, words) in enumerate(inputs):
        out = bench.folder / f"refused-{count}"
        shutil.rmtree(out, ignore_errors=True)
        words = words if "--out" in words else [*words, "--out", out]
        done = run(SGUPGRADE, "adopt", source, "--upstream", bench.upstream, *words)
        if done.returncode != 2 or not done.stderr.strip() or out.exists():
            written = ", and something is written" if out.exists() else ""
            yield "bad input", f"{what}: exit {done.returncode}{written}: {done.stderr.strip()[-200:]}"
    if [p.name for p in full.iterdir()] != ["mine.txt"]:
        yield "bad input", "files were written beside the user's"


def obeyed(bench):
    """The options: a release given, another overlay, another folder; of a fork that changed nothing."""
    out = bench.folder / "options"
    shutil.rmtree(out, ignore_errors=True)
    words = ["--upstream", bench.upstream, "--from", "3.16.0", "--path", "base:vendor", "--overlay", "prod"]
    done = run(SGUPGRADE, "adopt", base_folder("3.16.0").parent, *words, "--out", out, "-o", "json")
    report = report_of(done)
    if done.returncode or report is None:
        yield "options", f"exit {done.returncode}: {(done.stderr or done.stdout or 'no report').strip()[-200:]}"
        return
    if report["customisations"] or report["proof"]["differences"]:
        yield "options", "says that a fork without a change has some"
    built = run(KUSTOMIZE, "build", out / "overlays" / "prod")
    upstream = objects_in(path.read_text() for path in base_folder("3.16.0").rglob("*.yaml"))
    for d in differences(upstream, objects_in([built.stdout])):
        yield "options", describe(d)
    if not (out / "vendor").is_dir() or (out / "base").exists():
        yield "options", "the base is not in vendor/"


def mixed(bench):
    """The release of forks that took files of another one, or kept few."""
    forks = [
        ("3.16.0", {"": "3.16.0", "cadvisor": "3.17.2"}),
        ("3.14.4", {"": "3.14.4", "cadvisor": "3.17.2", "jaeger": "3.17.2", "searcher": "3.17.2"}),
        ("3.18.0", {"gitserver": "3.18.0"}),
    ]
    for count, (version, folders) in enumerate(forks):
        fork, out = bench.folder / f"mixed-{count}", bench.folder / f"mixed-{count}-out"
        shutil.rmtree(out, ignore_errors=True)
        for folder, of in folders.items():
            shutil.copytree(base_folder(of) / folder, fork / "base" / folder, dirs_exist_ok=True)
        report = report_of(run(SGUPGRADE, "adopt", fork, "--upstream", bench.upstream, "--out", out, "-o", "json"))
        found = report["version"] if report else "none"
        if found != version:
            yield "version", f"files of {folders}: taken for {found}"


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--release", action="append")
    parser.add_argument("--character", action="append", choices=CHARACTERS)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--upgrade", nargs="?", const="all", choices=["all", "last"])
    parser.add_argument("--keep")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("-v", action="store_true")
    return parser.parse_args()


def main():
    given = options()
    if not UPSTREAM.is_dir() or not KUSTOMIZE:
        print("skipped: real adoptions: no ../shared/real, or no kustomize")
        return 0
    started, forks, upgrades = time.time(), [], []
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(given.keep or scratch)
        faults = [*refused(bench), *obeyed(bench), *mixed(bench)]
        show("bad input and options", faults, "", given.v)
        for adoption, more in run_all(bench, given):
            said, changed = adoption.sizes
            show(adoption.name, adoption.faults, f"{said} leaves for {changed}", given.v)
            for upgrade in more:
                show(upgrade.name, upgrade.faults, f"{upgrade.settings} settings", given.v)
            forks.append(bool(adoption.faults))
            upgrades += [bool(u.faults) for u in more]
    print(
        f"real adoptions: {forks.count(False)} of {len(forks)} forks as expected, "
        f"{upgrades.count(False)} of {len(upgrades)} upgrades, {time.time() - started:.0f} s"
    )
    return bool(faults or any(forks) or any(upgrades))


if __name__ == "__main__":
    sys.exit(main())
